//! What a study does not want, and studies itself: another one is meant.
//!
//! `Any other neurological disease` is asked of people with multiple sclerosis, `no prior malignancy` of people with a
//! myeloma, and `diabetes` in a study on diabetes of its controls. A record of what is studied, or of its kind, does not
//! say that such a criterion rules somebody out: which one is meant is left to people. Where nothing of the kind is
//! recorded, the criterion is decided as any other. Studies that prevent or look for a condition exclude those who have
//! it, and are read as they stand; so is all that asks for more than the condition: severe, uncontrolled, at a time.

use model::Study;
use vocabulary::{Category, ConceptId, variable};

use crate::tree::{Has, Item, Kind, Node, Op, Polarity, Reason, Relation, Section};

/// What is asked of people.
const OTHER: &str = "other than the condition under study";

/// Leaves to people what a study excludes of its own conditions.
pub fn spare(items: &mut [Item], study: &Study) {
    if matches!(study.text("DesignPrimaryPurpose"), Some("PREVENTION" | "SCREENING")) {
        return;
    }
    let own = conditions(study);
    if own.is_empty() {
        return;
    }
    for item in items.iter_mut().filter(|item| item.section != Section::Registry) {
        let forbids = item.polarity == Some(Polarity::Forbid);
        if let Some(expr) = &mut item.expr {
            walk(expr, forbids, &own);
        }
    }
}

/// Takes back what [`spare`] adds.
pub fn unspare(item: &mut Item) {
    let Some(expr) = &mut item.expr else { return };
    expr.each_mut(&mut |node| {
        if let Op::And(args) = &mut node.op
            && matches!(args.last(), Some(Node { op: Op::Human { text, .. }, .. }) if text == OTHER)
        {
            *node = args.swap_remove(0);
        }
    });
}

/// The diseases that a study names as its conditions, and in its titles.
fn conditions(study: &Study) -> Vec<ConceptId> {
    let mut texts = study.texts("Condition");
    texts.extend(study.texts("ConditionMeshTerm"));
    let mut named: Vec<ConceptId> = texts.iter().filter_map(|text| vocabulary::by_name(text)).collect();
    // `Fatigue` in a study of people with multiple sclerosis: its title tells.
    for title in study.texts("BriefTitle").into_iter().chain(study.texts("OfficialTitle")) {
        let words = vocabulary::words(title);
        let norms: Vec<&str> = words.iter().map(|word| word.norm.as_str()).collect();
        named.extend(vocabulary::segments(&norms).into_iter().filter_map(|(_, concept)| concept));
    }
    named.retain(|id| vocabulary::category(*id) == Category::Disease);
    named
}

/// Goes through a tree; `forbidden` tells whether what stands here must not be so.
fn walk(node: &mut Node, forbidden: bool, own: &[ConceptId]) {
    match &mut node.op {
        Op::Not(arg) => walk(arg, !forbidden, own),
        Op::And(args) | Op::Or(args) => args.iter_mut().for_each(|arg| walk(arg, forbidden, own)),
        Op::Has(has) if forbidden && means_another(has, own) => {
            let human = Op::Human { reason: Reason::NotInRecord, text: OTHER.to_owned() };
            let has = Node { op: std::mem::replace(&mut node.op, Op::And(Vec::new())), ..node.clone() };
            node.op = Op::And(vec![has, Node::new(human)]);
        }
        _ => {}
    }
}

/// Whether what is excluded is a condition of the study itself, with nothing that narrows it, or one of which that is a
/// kind.
fn means_another(has: &Has, own: &[ConceptId]) -> bool {
    let narrowed = has.severity.is_some()
        || has.control.is_some()
        || has.course.is_some()
        || has.evidence.is_some()
        || has.site.is_some()
        || has.count.is_some()
        || has.defined_by.is_some();
    if narrowed || !matches!(has.kind, Kind::Condition | Kind::Finding) {
        return false;
    }
    let at_a_time =
        has.when.as_ref().is_some_and(|when| when.window.is_some() || when.relation == Relation::Future);
    let id = &*has.concept.0;
    let headings: Vec<ConceptId> = match id.contains(':') {
        true => vocabulary::by_curie(id).into_iter().collect(),
        false => variable::headings(id).to_vec(),
    };
    let is_wider = |heading: &ConceptId| own.iter().any(|own| vocabulary::ancestors(*own).contains(heading));
    headings.iter().any(|heading| is_wider(heading) || !at_a_time && own.contains(heading))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::read::{Options, Reader};

    fn asks(condition: &str, purpose: &str, exclusion: &str) -> bool {
        let study = Study::new(json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "conditionsModule": {"conditions": [condition]},
            "designModule": {"designInfo": {"primaryPurpose": purpose}},
        }}))
        .unwrap();
        let text = format!("Exclusion Criteria:\n\n* {exclusion}");
        let mut items = Reader::new().read(&text, Options::default()).items;
        spare(&mut items, &study);
        let mut asks = false;
        for expr in items.iter().filter_map(|item| item.expr.as_ref()) {
            expr.each(&mut |node| asks |= matches!(&node.op, Op::Human { text, .. } if text == OTHER));
        }
        asks
    }

    #[test]
    fn another_disease_than_the_one_studied_is_meant() {
        let treated = |condition: &str, exclusion: &str| asks(condition, "TREATMENT", exclusion);
        assert!(treated("Multiple Sclerosis", "Other neurological disease"));
        assert!(treated("Multiple Myeloma", "Prior malignancy within 5 years"));
        assert!(treated("Acromegaly", "History of acromegaly"));
        assert!(!treated("Acromegaly", "Diabetes mellitus"));
        assert!(!treated("Diabetes Mellitus", "Type 1 diabetes"));
        assert!(!treated("Asthma", "Asthma in the last 4 weeks"));
        assert!(!asks("Acromegaly", "PREVENTION", "History of acromegaly"));
    }
}
