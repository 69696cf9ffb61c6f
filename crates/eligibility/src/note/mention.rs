//! Problems, drugs, procedures and other things that a note names.

use std::ops::Range;

use model::{Certainty, Fact, FactKind, FactStatus, Value, What as About};
use vocabulary::variable::{Kind, Variable};
use vocabulary::{Category, ConceptId};

use super::scope::{Clause, Said, is_relative};
use super::value::{is_measured, measured_at};
use crate::read::elements::What;
use crate::read::lexicon::Class;

/// Adds what a sentence names.
pub fn read(clause: &Clause<'_>, facts: &mut Vec<Fact>) {
    for at in 0..clause.e.els.len() {
        match clause.e.els[at].what {
            What::Var(_) if measured_at(clause, at).is_some() => facts.extend(sign(clause, at)),
            What::Var(variable) => facts.extend(of_variable(clause, at, variable)),
            What::Named(_) if is_relative(&clause.word(at)) => {}
            What::Named(id) => facts.extend(of_heading(clause, at, id)),
            What::Word => facts.extend(of_word(clause, at)),
            _ => {}
        }
    }
    for chunk in chunks(clause) {
        facts.extend(of_chunk(clause, chunk));
    }
    facts.extend(compliance(clause));
}

/// `fever` is a name of the temperature, and a sign.
fn sign(clause: &Clause<'_>, at: usize) -> Option<Fact> {
    let id = vocabulary::by_name(clause.text(at..at + 1))?;
    let is_sign = matches!(vocabulary::category(id), Category::Sign | Category::Disease);
    of_heading(clause, at, id).filter(|_| is_sign)
}

fn of_variable(clause: &Clause<'_>, at: usize, variable: &Variable) -> Option<Fact> {
    let kind = match variable.kind {
        _ if variable.id == "informed_consent" => FactKind::Consent,
        _ if variable.id == "sex" || variable.id == "age" => return None,
        _ if is_allergy(clause, at) => FactKind::Allergy,
        Kind::Condition | Kind::Finding => FactKind::Condition,
        Kind::Event => FactKind::Event,
        Kind::Procedure => FactKind::Procedure,
        Kind::Drug | Kind::DrugClass => FactKind::Drug,
        Kind::Boolean => FactKind::Status,
        Kind::Coded if result(clause, at).is_none() && is_disease(clause, at) => FactKind::Condition,
        Kind::Coded => FactKind::Observation,
        _ => return None,
    };
    let what = About { variable: Some(variable.id.to_owned()), ..About::words(clause.text(at..at + 1)) };
    let mut fact = stated(clause, at..at + 1, kind, what);
    if kind == FactKind::Observation {
        let result = || result(clause, at).map(|result| Value::Text(result.to_owned()));
        fact.value = stage(clause, at).or_else(result);
    }
    if is_over(&clause.word(at)) {
        fact.status = FactStatus::Past;
    } else if variable.id == "pregnancy" && is_time_of_another(clause, at) {
        fact.status = FactStatus::Unknown;
    }
    if kind == FactKind::Consent {
        // Consent that will be given is given.
        fact.status = FactStatus::Current;
    }
    Some(fact)
}

/// `positive` or `negative` beside a test: behind it and what is listed with it (`ER/PR negative`), as a sign (`ER-`), or
/// in front of it.
fn result(clause: &Clause<'_>, at: usize) -> Option<&'static str> {
    let told = |i: usize| match clause.e.els.get(i)?.what {
        What::Lex(Class::Positive, _) => Some("positive"),
        What::Lex(Class::Negative, _) => Some("negative"),
        _ => None,
    };
    let behind = &clause.note.as_bytes()[clause.bytes(at..at + 1).end..];
    let ends = !behind.get(1).is_some_and(u8::is_ascii_alphanumeric);
    match behind.first() {
        Some(b'+') => return Some("positive"),
        Some(b'-') if ends => return Some("negative"),
        _ => {}
    }
    let listed = |i: &usize| {
        clause.e.els.get(*i).is_some_and(|el| {
            let word = matches!(clause.word(*i).as_str(), "was" | "is" | "were" | "are" | "status" | "test");
            word || matches!(
                el.what,
                What::Named(_)
                    | What::Var(_)
                    | What::Word
                    | What::Slash
                    | What::Dash
                    | What::Lex(Class::And | Class::Or | Class::AndOr | Class::Skip, _)
            )
        })
    };
    let next = (at + 1..at + 6).find(|i| !listed(i))?;
    told(next).or_else(|| at.checked_sub(1).and_then(told))
}

/// Whether a test has the name of what it finds: `hepatitis B`.
fn is_disease(clause: &Clause<'_>, at: usize) -> bool {
    let named = vocabulary::by_name(clause.text(at..at + 1));
    named.is_some_and(|id| matches!(vocabulary::category(id), Category::Disease | Category::Organism))
}

/// The number behind `stage`, without its letter: `stage IIIA`.
fn stage(clause: &Clause<'_>, at: usize) -> Option<Value> {
    let word = clause.e.els.get(at + 1).map(|_| clause.text(at + 1..at + 2))?;
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'I' | 'V'));
    let value = number.parse().ok().or_else(|| crate::read::quant::roman(number)?.to_string().parse().ok());
    value.filter(|value: &u8| *value <= 4).map(|value| Value::Text(value.to_string()))
}

/// `hypertension with pregnancy`, `diabetes during pregnancy`: when something else was.
fn is_time_of_another(clause: &Clause<'_>, at: usize) -> bool {
    let disease = |what: What| match what {
        What::Named(_) => true,
        What::Var(variable) => variable.id != "sex",
        _ => false,
    };
    at > 1
        && disease(clause.e.els[at - 2].what)
        && matches!(clause.word(at - 1).as_str(), "with" | "during" | "in" | "of" | "after")
}

/// Whether a word tells of what is over by its form: somebody who had pregnancies, or breastfed.
fn is_over(word: &str) -> bool {
    matches!(word, "pregnancies" | "breastfed" | "breast-fed" | "lactated")
}

fn of_heading(clause: &Clause<'_>, at: usize, id: ConceptId) -> Option<Fact> {
    let kind = match vocabulary::category(id) {
        _ if is_allergy(clause, at) => FactKind::Allergy,
        Category::Disease | Category::Sign | Category::Behaviour => FactKind::Condition,
        Category::Chemical | Category::ChemicalAction => FactKind::Drug,
        Category::Procedure => FactKind::Procedure,
        Category::Organism | Category::Diagnostic => FactKind::Observation,
        Category::Anatomy | Category::Other => return None,
    };
    let what = About { concepts: vec![id.to_string()], ..About::words(clause.text(at..at + 1)) };
    Some(stated(clause, at..at + 1, kind, what))
}

/// Smoking in words that no table has.
fn of_word(clause: &Clause<'_>, at: usize) -> Option<Fact> {
    let smokes = match clause.word(at).as_str() {
        "nonsmoker" | "non-smoker" | "nonsmoking" => false,
        "smokes" | "smoked" => !clause.said(at).denied,
        _ => return None,
    };
    let what = About { variable: Some("smoking".into()), ..About::words(clause.text(at..at + 1)) };
    let mut fact = stated(clause, at..at + 1, FactKind::Status, what);
    (fact.value, fact.negated) = (Some(Value::Boolean(smokes)), false);
    Some(fact)
}

fn is_allergy(clause: &Clause<'_>, at: usize) -> bool {
    (at.saturating_sub(3)..at).any(|i| matches!(clause.e.els[i].what, What::Lex(Class::Allergy, _)))
}

/// A fact with what its sentence says of it.
fn stated(clause: &Clause<'_>, els: Range<usize>, kind: FactKind, what: About) -> Fact {
    let Said { denied, doubted, past, history, planned, severity, family, start, then, .. } =
        clause.said(els.start).clone();
    let done = kind == FactKind::Procedure;
    let status = match () {
        () if planned && !denied => FactStatus::Planned,
        () if past || done => FactStatus::Past,
        // Of a sign or a disease of a told time nobody says whether it goes on.
        () if history || then => FactStatus::Unknown,
        () => FactStatus::Current,
    };
    let mut fact = Fact::new(kind, what, status, clause.source(els));
    fact.negated = denied;
    fact.family = family;
    fact.severity = severity.map(About::words);
    fact.start = start;
    if doubted {
        fact.certainty = Certainty::Uncertain;
    }
    fact
}

/// Runs of words and names between structure words: `left lung mass`.
fn chunks(clause: &Clause<'_>) -> Vec<Range<usize>> {
    let inside = |at: usize| match clause.e.els[at].what {
        _ if clause.said(at).is_time => false,
        What::Word => !is_verb(&clause.word(at)),
        What::Named(_) => true,
        What::Var(variable) => !is_measured(variable),
        What::Lex(Class::Severe | Class::Course | Class::Site | Class::Control, _) => true,
        _ => false,
    };
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..=clause.e.els.len() {
        if at == clause.e.els.len() || !inside(at) {
            if start < at {
                out.push(start..at);
            }
            start = at + 1;
        }
    }
    out
}

/// Words that part what is named.
fn is_verb(word: &str) -> bool {
    let verbs = [
        "complains",
        "complaining",
        "reports",
        "states",
        "presents",
        "visits",
        "sees",
        "found",
        "noted",
        "reveals",
        "revealed",
        "started",
        "while",
        "because",
        "after",
        "before",
        "since",
        "very",
        "several",
        "who",
        "she",
        "he",
        "comes",
        "feels",
        "takes",
        "give",
        "gives",
        "will",
        "ruled",
        "out",
        "sent",
        "him",
        "her",
        "shows",
        "denies",
        "describes",
    ];
    verbs.contains(&word)
}

/// Whether a word of no table may name something on its own.
fn tells(word: &str) -> bool {
    let empty = [
        "normal",
        "unremarkable",
        "yesterday",
        "today",
        "comply",
        "well",
        "check",
        "otherwise",
        "emergency",
        "room",
        "hospital",
        "clinic",
        "doctor",
        "physician",
        "comes",
        "feels",
        "notes",
        "takes",
        "says",
    ];
    word.len() > 3 && !empty.contains(&word)
}

/// What several words name together, if one of them is of no table.
fn of_chunk(clause: &Clause<'_>, chunk: Range<usize>) -> Option<Fact> {
    let unknown = chunk.clone().any(|at| matches!(clause.e.els[at].what, What::Word));
    let bare = chunk.len() == 1 && !tells(&clause.word(chunk.start));
    (unknown && !bare).then(|| {
        let what = About::words(clause.text(chunk.clone()));
        stated(clause, chunk, FactKind::Observation, what)
    })
}

/// `will comply with the protocol`.
fn compliance(clause: &Clause<'_>) -> Option<Fact> {
    let at = (0..clause.e.els.len()).find(|at| {
        let word = clause.word(*at);
        ["comply", "complies", "adhere", "adheres", "compliant"].iter().any(|name| word.contains(name))
    })?;
    let behind: Vec<String> = (at..clause.e.els.len().min(at + 7)).map(|i| clause.word(i)).collect();
    let plan = ["protocol", "trial", "study"];
    behind.iter().any(|word| plan.iter().any(|name| word.contains(name))).then(|| {
        let mut fact = stated(clause, at..at + 1, FactKind::Status, About::words("protocol compliance"));
        fact.status = FactStatus::Current;
        fact
    })
}
