//! Ranked studies as JSON, the same for the command and the API.

use eligibility::evaluate::{Person, life, to_json};
use model::Study;
use serde_json::{Value, json};

use crate::{
    asked::Asked,
    next::{Question, questions},
    rank::{Ranked, Standing},
    waiting::{Wait, wait_of},
};

/// Questions that are told at most.
pub const QUESTIONS: usize = 10;

/// A study and how it fits; with `whole` every criterion with its finding and evidence.
pub fn study(asked: &Asked, ranked: &Ranked, study: &Study, whole: bool) -> Value {
    let fit = ranked.fit;
    let words = |items: Vec<&eligibility::Item>| -> Vec<String> {
        items.into_iter().map(|item| item.source.clone()).collect()
    };
    let mut out = json!({
        "subject": asked.subject.id, "nctId": ranked.id, "score": ranked.score, "briefTitle": study.title(),
        "overallStatus": study.text("OverallStatus"), "verdict": ranked.standing().as_str(),
        "blockers": words(ranked.blockers()), "excludedBy": fit.excluded, "unknown": words(ranked.open()),
        "inclusion": {"met": fit.included, "notMet": fit.missed, "unknown": fit.open},
    });
    if let Some(life) = ranked.life() {
        out["life"] = to_json(life);
    }
    let wait = |ranked| wait_of(ranked, &Person::new(&asked.subject), &asked.rules);
    if let Some(wait) = Some(ranked).filter(|one| one.standing() == Standing::Ineligible).and_then(wait) {
        out["eligibleFrom"] = wait.from.to_string().into();
        out["waitsFor"] = waits(ranked, &wait);
    }
    if whole {
        out["criteria"] = ranked.criteria().map(criterion).collect();
    }
    out
}

fn criterion((item, finding): (&eligibility::Item, &eligibility::evaluate::Finding)) -> Value {
    let mut out = json!({
        "section": item.section.as_str(), "number": item.number.to_string(), "criterion": item.source,
    });
    if let (Value::Object(out), Value::Object(said)) = (&mut out, to_json(finding)) {
        out.extend(said);
    }
    out
}

fn waits(ranked: &Ranked, wait: &Wait) -> Value {
    let items: Vec<&eligibility::Item> = ranked.criteria().map(|(item, _)| item).collect();
    let one = |(at, day): &(usize, jiff::civil::Date)| {
        let item = items.get(*at)?;
        Some(json!({"criterion": item.source, "freeFrom": day.to_string()}))
    };
    wait.criteria.iter().filter_map(one).collect()
}

fn question(question: &Question) -> Value {
    json!({
        "question": question.words, "answeredBy": question.of.as_str(), "settles": question.settles,
        "touches": question.touches, "studies": question.studies, "decides": question.decides,
    })
}

/// A person with how they were read, what to ask next about the studies that are shown, and these.
pub fn person(asked: &Asked, total: usize, hidden: usize, shown: &[Ranked], studies: Vec<Value>) -> Value {
    let life = life(&asked.subject, asked.rules.index_date).map(|life| to_json(&life));
    let ask: Vec<Value> = questions(shown, QUESTIONS).iter().map(question).collect();
    json!({
        "askNext": ask, "life": life,
        "subject": asked.subject.id, "indexDate": asked.rules.index_date.to_string(),
        "absence": asked.rules.absence.as_str(), "total": total, "hidden": hidden, "studies": studies,
    })
}
