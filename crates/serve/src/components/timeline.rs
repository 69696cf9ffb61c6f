//! Times on one axis: lanes of marks over weeks, with a title, a description and a table behind them.

use maud::{Markup, html};
use protocol::{
    compare::administrations,
    protocol::{Protocol, Purpose},
    record::Rank,
};

/// A lane of a chart.
pub(crate) struct Lane {
    /// What stands before it.
    pub label: String,
    /// How its marks look: `dose`, `primary`, `secondary`, `visit`.
    pub class: &'static str,
    /// Days after the start.
    pub days: Vec<f64>,
}

/// The lanes of a protocol, each label with a beginning.
pub(crate) fn lanes(protocol: &Protocol, before: &str) -> Vec<Lane> {
    let of = |wanted: &dyn Fn(Purpose) -> bool| -> Vec<f64> {
        protocol.schedule.iter().filter(|t| wanted(t.purpose)).map(|t| t.time.days()).collect()
    };
    let lane = |label: &str, class, days: Vec<f64>| Lane { label: format!("{before}{label}"), class, days };
    let doses = protocol.doses.iter().flat_map(administrations).collect();
    let mut all = vec![
        lane("Doses", "dose", doses),
        lane("Primary", "primary", of(&|p| p == Purpose::Outcome(Rank::Primary))),
        lane("Secondary", "secondary", of(&|p| p == Purpose::Outcome(Rank::Secondary))),
        lane("Other", "secondary", of(&|p| p == Purpose::Outcome(Rank::Other))),
        lane("Follow-up", "visit", of(&|p| matches!(p, Purpose::Visit | Purpose::LongestFollowUp))),
    ];
    for lane in &mut all {
        lane.days.retain(|days| days.is_finite() && *days >= 0.0);
        lane.days.sort_by(f64::total_cmp);
        lane.days.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    }
    all.retain(|lane| !lane.days.is_empty());
    all
}

/// Where the lanes begin, and how wide they are.
const LEFT: f64 = 176.0;
const WIDE: f64 = 400.0;
const HIGH: f64 = 24.0;

/// A chart of lanes; nothing where there are none.
pub(crate) fn chart(id: &str, title: &str, lanes: &[Lane]) -> Markup {
    let longest = lanes.iter().flat_map(|lane| &lane.days).copied().fold(0.0, f64::max).max(1.0);
    if lanes.is_empty() {
        return html! { p.quiet { "The record names no times." } };
    }
    let scale = Scale::of(longest);
    let bottom = HIGH * lanes.len() as f64 + 8.0;
    let place = |days: f64| format!("{:.1}", LEFT + WIDE * days / longest);
    html! {
        figure.timeline {
            svg viewBox={ "0 0 640 " (bottom + 24.0) } role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
                title id={ (id) "-t" } { (title) }
                desc id={ (id) "-d" } {
                    @for lane in lanes { (lane.label) ": " (scale.said(&lane.days)) ". " }
                }
                line.axis x1=(LEFT) y1=(bottom) x2=(LEFT + WIDE) y2=(bottom) {}
                @for tick in scale.ticks(longest) {
                    line.axis x1=(place(tick)) y1="0" x2=(place(tick)) y2=(bottom) {}
                    text.tick x=(place(tick)) y=(bottom + 14.0) text-anchor="middle" { (scale.number(tick)) }
                }
                text.tick x="640" y=(bottom + 14.0) text-anchor="end" { (scale.unit) "s" }
                @for (i, lane) in lanes.iter().enumerate() {
                    @let y = HIGH * i as f64 + 14.0;
                    text.label x="0" y=(y + 4.0) { (lane.label) }
                    @for days in lane.days.iter().take(200) { (mark(lane.class, &place(*days), y)) }
                }
            }
            details {
                summary { "Numbers: " (title.to_lowercase()) }
                table {
                    caption.hidden { (title) }
                    thead { tr { th scope="col" { "What" } th scope="col" { "When" } } }
                    tbody { @for lane in lanes { tr { th scope="row" { (lane.label) } td { (scale.said(&lane.days)) } } } }
                }
            }
        }
    }
}

/// Doses are bars, primary outcomes diamonds, the others dots: no colour is needed to tell them apart.
fn mark(class: &str, x: &str, y: f64) -> Markup {
    html! {
        @match class {
            "dose" => { path.dose d={ "M" (x) " " (y - 8.0) "v16" } {} }
            "primary" => { path.primary d={ "M" (x) " " (y - 7.0) "l7 7l-7 7l-7 -7z" } {} }
            "visit" => { circle.visit cx=(x) cy=(y) r="5" {} }
            _ => { circle.secondary cx=(x) cy=(y) r="5" {} }
        }
    }
}

/// In what times are told.
struct Scale {
    unit: &'static str,
    days: f64,
}

impl Scale {
    fn of(longest: f64) -> Self {
        match longest {
            days if days <= 56.0 => Self { unit: "day", days: 1.0 },
            days if days <= 1100.0 => Self { unit: "week", days: 7.0 },
            days if days <= 3700.0 => Self { unit: "month", days: 30.4375 },
            _ => Self { unit: "year", days: 365.25 },
        }
    }

    fn number(&self, days: f64) -> String {
        protocol::dosing::text::number(((days / self.days) * 100.0).round() / 100.0)
    }

    /// Days at which the axis has a number: seven at most.
    fn ticks(&self, longest: f64) -> Vec<f64> {
        let most = longest / self.days;
        let mut step = 1.0;
        for factor in [2.0, 2.0, 2.5].into_iter().cycle() {
            if most / step <= 6.0 {
                break;
            }
            step *= factor;
        }
        (0..=6).map(|n| f64::from(n) * step * self.days).filter(|days| *days <= longest + 1e-6).collect()
    }

    fn said(&self, days: &[f64]) -> String {
        let shown: Vec<String> = days.iter().take(30).map(|days| self.number(*days)).collect();
        let more = if days.len() > 30 { format!(" and {} more", days.len() - 30) } else { String::new() };
        format!("{} {}{more}", self.unit, shown.join(", "))
    }
}
