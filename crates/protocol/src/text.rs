//! A protocol and its findings as text for people.

use std::fmt::Write as _;

use model::{Decimal, Study};

use crate::{
    checks::Finding,
    compile::instrument,
    protocol::{Dose, Measure, Protocol, Purpose, Status, Timing, weeks},
    read::time::Span,
};

/// The protocol of a study.
pub fn document(study: &Study, protocol: &Protocol, findings: &[Finding]) -> String {
    let mut out = format!("{}  {}\n", protocol.id, study.title());
    let mut section = |title: &str, lines: Vec<String>| {
        let _ = writeln!(out, "\n{title}");
        let none = lines.is_empty().then(|| "not said".to_owned());
        for line in lines.into_iter().chain(none) {
            let _ = writeln!(out, "  {}", one_line(&line));
        }
    };
    section("Arms", arms(protocol));
    section("Ratio", vec![ratio(protocol)]);
    section("Doses", protocol.doses.iter().map(dose).collect());
    section("Schedule", schedule(protocol));
    section("Instruments", instruments(protocol));
    section("Dates", dates(protocol));
    section("Findings", findings.iter().map(finding).collect());
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn arms(protocol: &Protocol) -> Vec<String> {
    let arm = |arm: &crate::protocol::Arm| {
        let typed = arm.role_typed.as_deref().unwrap_or("no type");
        let size = arm.size.map(|n| format!(", {n} people")).unwrap_or_default();
        let gets = if arm.interventions.is_empty() {
            String::new()
        } else {
            format!(": {}", arm.interventions.join(" + "))
        };
        format!("{} [{typed}] is {}{size}{gets}", arm.label, arm.role.as_str())
    };
    protocol.arms.iter().map(arm).collect()
}

fn ratio(protocol: &Protocol) -> String {
    let parts = protocol.ratio.value.as_ref();
    let parts = parts.map(|v| v.iter().map(u32::to_string).collect::<Vec<_>>().join(":"));
    match parts {
        Some(parts) => format!("{parts} ({})", protocol.ratio.status.as_str()),
        None => "not said".to_owned(),
    }
}

/// A dose in one line.
pub fn dose(dose: &Dose) -> String {
    let arm = dose.arm.as_ref().map(|a| format!("{a}: ")).unwrap_or_default();
    let amount = match &dose.amount {
        Some(amount) if dose.status == Status::Assumed => format!("{} (assumed)", measure(amount)),
        Some(amount) => measure(amount),
        None => "amount not said".to_owned(),
    };
    let parts = [
        Some(amount),
        dose.concentration.as_ref().map(|c| format!("at {}", measure(c))),
        dose.volume
            .as_ref()
            .filter(|v| dose.amount.as_ref() != Some(*v))
            .map(|v| format!("in {}", measure(v))),
        dose.vehicle.as_ref().map(|v| format!("in {v}")),
        dose.route.map(str::to_owned),
        dose.spacing.map(|cm| format!("{} cm apart", cm.normalize())),
        dose.depth.map(|(cm, high)| {
            let high = high.map(|h| format!(" to {}", h.normalize())).unwrap_or_default();
            format!("{}{high} cm deep", cm.normalize())
        }),
        dose.count.map(|n| if n == 1 { "once".to_owned() } else { format!("{n} times") }),
        dose.interval.map(|i| format!("every {}", length(i))),
        dose.duration.map(|d| format!("for {}", length(d))),
        (!dose.days.is_empty()).then(|| format!("on day {}", join(&dose.days))),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    format!("{arm}{}: {}", dose.substance, said.join(", "))
}

fn join(days: &[i64]) -> String {
    days.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

pub(crate) fn measure(measure: &Measure) -> String {
    let high = measure.high.map(|h| format!(" to {}", plain(h))).unwrap_or_default();
    let per = measure.per.as_ref().map(|p| format!("/{p}")).unwrap_or_default();
    let or = measure.or.map(|o| format!(" or {}", plain(o))).unwrap_or_default();
    let most = if measure.at_most { "up to " } else { "" };
    format!("{most}{}{high}{or} {}{per}", plain(measure.value), measure.unit)
}

/// A number with its thousands apart.
pub(crate) fn plain(value: Decimal) -> String {
    grouped(&value.normalize().to_string())
}

/// Digits with their thousands apart.
pub(crate) fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, String::new()), |(w, r)| (w, format!(".{r}")));
    let mut out = String::new();
    let digits = whole.trim_start_matches('-');
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{}{out}{rest}", &whole[..whole.len() - digits.len()])
}

/// `4 weeks`.
pub fn length(span: Span) -> String {
    let plural = if span.value == Decimal::ONE { "" } else { "s" };
    format!("{} {}{plural}", span.value.normalize(), span.unit.as_str())
}

fn schedule(protocol: &Protocol) -> Vec<String> {
    let line = |t: &Timing| {
        let anchor = t.anchor.map(|a| format!(" from {}", a.as_str().replace('_', " "))).unwrap_or_default();
        let window = t.window.map(|w| match (length(w.before), length(w.after)) {
            (before, after) if before == after => format!(" ± {after}"),
            (before, after) => format!(" -{before} +{after}"),
        });
        let anchor = format!("{}{anchor}", window.unwrap_or_default());
        let what =
            if t.purpose == Purpose::LongestFollowUp { String::new() } else { format!(": {}", t.what) };
        format!("{}{anchor} [{}]{what}", length(t.time), t.purpose.as_str().replace('_', " "))
    };
    protocol.schedule.iter().map(line).collect()
}

fn instruments(protocol: &Protocol) -> Vec<String> {
    let line = |n: &crate::protocol::Named| {
        let name = instrument(n.id).map_or(n.id, |i| i.name);
        format!("{name} ({})", n.id)
    };
    protocol.instruments.iter().map(line).collect()
}

fn dates(protocol: &Protocol) -> Vec<String> {
    let dates = &protocol.dates;
    let day = |name: &str, date: Option<jiff::civil::Date>| date.map(|d| format!("{name} {d}"));
    let frame = dates.primary_timeframe.map(|t| format!("longest primary time frame {} weeks", weeks(t)));
    let left = dates.enrolment_months_left.map(|m| format!("{m} months left for joining"));
    [
        day("start", dates.start),
        day("primary completion", dates.primary_completion),
        day("completion", dates.completion),
        day("last update", dates.last_update),
        frame,
        left,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn finding(finding: &Finding) -> String {
    let quote = finding.quote.as_ref().map(|q| format!(" at `{}`", q.text)).unwrap_or_default();
    format!("{} {}{quote}: {}", finding.severity, finding.check, finding.message)
}
