//! The pages of `spec/matching`: criterion, person, expected finding with its evidence.
#![allow(clippy::unwrap_used)]

use eligibility::english;
use eligibility::evaluate::{Absence, Finding, Person, Settings, evaluate_node};
use eligibility::note::NoteReader;
use eligibility::tree::Polarity;
use jiff::civil::Date;
use model::{
    Birth, Decimal, Fact, FactKind, FactStatus, Quantity, ReferenceRange, Sex, Source, StatedAge, Subject,
    Value, What,
};
use vocabulary::{unit, variable};

const INDEX_DATE: &str = "2026-06-28";

fn today() -> Date {
    INDEX_DATE.parse().unwrap()
}

#[test]
fn operators() {
    check("operators.md");
}

#[test]
fn absence() {
    check("absence.md");
}

#[test]
fn notes() {
    check("notes.md");
}

/// Makes the page anew from its criteria and people, and holds it against what stands there.
#[track_caller]
fn check(name: &str) {
    let path = testkit::root().join("spec/matching").join(name);
    let page = std::fs::read_to_string(path).unwrap();
    let found = again(&page);
    assert!(page == found, "{name} says otherwise; found:\n{found}");
}

fn again(page: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<(String, Settings)> = None;
    let mut criterion: Option<(Polarity, String)> = None;
    for line in page.lines() {
        if let Some(head) = line.strip_prefix("```") {
            let policy = Absence::ALL.into_iter().find(|absence| head.ends_with(absence.as_str()));
            let mut settings = Settings::on(today()).with(policy.unwrap_or_default());
            // `finding since 2026-05-01`: when the treatment began that changes are told from.
            settings.start_of_exposure = head.split_once(" since ").map(|(_, date)| date.parse().unwrap());
            fence = fence.is_none().then(|| (head.split(' ').next().unwrap().to_owned(), settings));
        }
        let Some((kind, settings)) = fence.as_ref().filter(|_| !line.starts_with("```")) else {
            out.push_str(&format!("{line}\n"));
            continue;
        };
        match (kind.as_str(), line) {
            (_, line) if line.starts_with("        ") => {}
            ("note", line) if line.starts_with("    ") => {}
            ("note", note) => {
                out.push_str(&format!("{note}\n"));
                let subject = NoteReader::new().read(note, today());
                told(&subject, note).iter().for_each(|fact| out.push_str(&format!("    {fact}\n")));
            }
            ("finding", line) if line.starts_with("    ") => {
                let (polarity, english) = criterion.as_ref().unwrap();
                let (person, _) = line.trim().rsplit_once(" => ").unwrap_or((line.trim(), ""));
                let tree = english::parse(english).unwrap_or_else(|error| panic!("{english}: {error}"));
                let subject = subject(person);
                let finding = evaluate_node(&tree, *polarity, &Person::new(&subject), settings);
                out.push_str(&format!("    {person} => {}\n", truth(&finding)));
                reasons(&finding).iter().for_each(|reason| out.push_str(&format!("        {reason}\n")));
            }
            (_, line) => {
                let (polarity, english) = match line.strip_prefix("forbidden: ") {
                    Some(english) => (Polarity::Forbid, english),
                    None => (Polarity::Require, line),
                };
                criterion = (!line.is_empty()).then(|| (polarity, english.to_owned())).or(criterion);
                out.push_str(&format!("{line}\n"));
            }
        }
    }
    out
}

fn truth(finding: &Finding) -> String {
    let mark = match () {
        () if finding.is_presumed() => ", presumed",
        () if finding.is_conflict() => ", conflict",
        () => "",
    };
    format!("{}{mark}", finding.truth().as_str().replace('_', " "))
}

fn reasons(finding: &Finding) -> Vec<String> {
    let seen = finding.evidence().into_iter().map(|evidence| evidence.to_string());
    seen.chain(finding.missing().into_iter().map(|missing| format!("wanted: {missing}"))).collect()
}

/// What a note tells, a fact a line.
fn told(subject: &Subject, note: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(Birth::Age(age)) = &subject.birth {
        out.push(format!("age {} {}", age.value, age.unit));
    }
    out.extend(subject.sex.map(|sex| format!("{sex:?}").to_lowercase()));
    let mut facts: Vec<&Fact> = subject.facts.iter().collect();
    facts.sort_by_key(|fact| match fact.source {
        Source::Text { start, end } => (start, end),
        _ => (0, 0),
    });
    out.extend(facts.into_iter().map(|fact| line(fact, note)));
    out.dedup();
    out
}

fn line(fact: &Fact, note: &str) -> String {
    let Source::Text { start, end } = fact.source else { panic!("{fact:?}") };
    let what = fact.what.variable.clone().or_else(|| fact.what.concepts.first().cloned());
    let mut line = format!("`{}`", &note[start..end]);
    line.extend(what.map(|what| format!(" {what}")));
    match &fact.value {
        Some(Value::Quantity(quantity)) => {
            let number = quantity.canonical.map(|value| value.round_dp(2).normalize().to_string());
            let unit =
                fact.what.variable.as_deref().and_then(variable::by_id).and_then(|variable| variable.unit);
            let sign = format!("{:?}", quantity.comparator).to_lowercase().replace("exact", "");
            line.push_str(&format!(
                " = {sign} {} {}",
                number.unwrap_or("?".into()),
                unit.map_or("", |unit| unit.as_str())
            ));
        }
        Some(Value::Text(text)) => line.push_str(&format!(" = {text}")),
        Some(Value::Boolean(is)) => line.push_str(if *is { " = yes" } else { " = no" }),
        _ => {}
    }
    let status = format!("{:?}", fact.status).to_lowercase();
    let said = [
        (fact.kind == FactKind::Allergy, "allergy".to_owned()),
        (fact.negated, "denied".to_owned()),
        (fact.family.is_some(), format!("of the {}", fact.family.as_deref().unwrap_or_default())),
        (fact.certainty == model::Certainty::Uncertain, "uncertain".to_owned()),
        (fact.status != FactStatus::Current, status),
        (fact.severity.is_some(), fact.severity.as_ref().map_or("", |what| what.label()).to_owned()),
        (fact.start.is_some(), fact.start.map(|date| format!("since {date}")).unwrap_or_default()),
        (!fact.value_is_usable(), "not usable".to_owned()),
    ];
    said.into_iter().filter(|(is, _)| *is).for_each(|(_, word)| line.push_str(&format!(", {word}")));
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" ")
}

/// A person in the words of the pages.
fn subject(text: &str) -> Subject {
    let mut subject = Subject::default();
    for part in text.split("; ").filter(|part| *part != "nothing") {
        match part.split_once(' ') {
            _ if part == "male" => subject.sex = Some(Sex::Male),
            _ if part == "female" => subject.sex = Some(Sex::Female),
            Some(("born", date)) => subject.birth = Some(Birth::Date(date.parse().unwrap())),
            Some(("aged", years)) => {
                let value = years.parse().unwrap();
                subject.birth = Some(Birth::Age(StatedAge { value, unit: "a".into(), on: None }));
            }
            _ => subject.facts.push(fact(part)),
        }
    }
    subject.sort();
    subject
}

/// `past stroke on 2026-01-05`, `alt 100 U/L (limits 0 to 40)`, `drug metformin from 2026-01-01`.
fn fact(text: &str) -> Fact {
    let (mut rest, mut fact) = (
        text,
        Fact::new(FactKind::Condition, What::default(), FactStatus::Current, Source::Path(text.into())),
    );
    while let Some((word, behind)) = rest.split_once(' ') {
        match word {
            "no" => fact.negated = true,
            "past" => fact.status = FactStatus::Past,
            "planned" => fact.status = FactStatus::Planned,
            "refuted" => fact.status = FactStatus::Refuted,
            "erroneous" => fact.status = FactStatus::EnteredInError,
            "possible" => fact.certainty = model::Certainty::Uncertain,
            "mother's" => fact.family = Some("mother".into()),
            "drug" => fact.kind = FactKind::Drug,
            "procedure" => (fact.kind, fact.status) = (FactKind::Procedure, FactStatus::Past),
            "event" => (fact.kind, fact.status) = (FactKind::Event, FactStatus::Past),
            "allergy" => fact.kind = FactKind::Allergy,
            "severe" | "mild" => fact.severity = Some(What::words(word)),
            _ => break,
        }
        rest = behind;
    }
    let mut limits = None;
    if let Some((before, range)) = rest.split_once(" (limits ") {
        limits = Some(range.trim_end_matches(')').split_once(" to ").unwrap());
        rest = before;
    }
    for (word, end) in [(" until ", true), (" to 2", true), (" from ", false), (" on ", false)] {
        if let Some((before, date)) = rest.rsplit_once(word) {
            let date =
                Some(if word == " to 2" { format!("2{date}") } else { date.to_owned() }.parse().unwrap());
            *(if end { &mut fact.end } else { &mut fact.start }) = date;
            rest = before;
        }
    }
    value(rest, limits, &mut fact);
    fact
}

fn value(text: &str, limits: Option<(&str, &str)>, fact: &mut Fact) {
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().position(|word| word.parse::<Decimal>().is_ok());
    let (name, is) = match (at, text.split_once(" is ")) {
        (Some(at), _) => (words[..at].join(" "), None),
        (None, Some((name, is))) => (name.to_owned(), Some(is)),
        (None, None) => (text.to_owned(), None),
    };
    let known = variable::named(&name);
    fact.what = What { variable: known.map(|variable| variable.id.to_owned()), ..What::words(&*name) };
    if known.is_none() {
        fact.what.concepts = vocabulary::by_name(&name).map(|id| id.to_string()).into_iter().collect();
    }
    fact.value = is.map(|word| Value::Text(word.into()));
    let Some(at) = at else { return };
    fact.kind = FactKind::Observation;
    let printed = words.get(at + 1..).unwrap_or_default().join(" ");
    let quantity = |number: &str| {
        let (value, of) =
            (number.parse::<Decimal>().unwrap(), unit::of(&printed).filter(|_| !printed.is_empty()));
        let canonical =
            known.and_then(|variable| variable.canonical(value, of).ok()).map(|found| found.value);
        let shown = Some(printed.clone()).filter(|unit| !unit.is_empty());
        Quantity {
            unit: shown.clone(),
            ucum: of.map(|unit| unit.as_str().into()).or(shown),
            canonical,
            ..Quantity::new(value)
        }
    };
    let measured = quantity(words[at]);
    if known.is_some_and(|variable| measured.canonical.is_none_or(|value| !variable.is_plausible(value))) {
        fact.problems.push(model::Problem::Implausible { suggested_unit: None });
    }
    fact.value = Some(Value::Quantity(measured));
    fact.range =
        limits.map(|(low, high)| ReferenceRange { low: Some(quantity(low)), high: Some(quantity(high)) });
}
