//! Who is meant by "no healthy volunteers": people who have none of the conditions of the study.
//!
//! The notation has the field as `no status of healthy volunteer`, and no record says of a patient that they are no
//! volunteer. To be evaluated it is defined by the conditions of the record. Whoever is recorded with one of them, now
//! or ever, is no healthy volunteer. Where none is recorded, people must tell; only a record that is complete, or denies
//! each of them, rules somebody out, and only of a study on treatment whose conditions the vocabularies know: others
//! take people in before they have the condition, or name it as no record does.

use model::Study;

use crate::read::{Options, Reader};
use crate::tree::{Concept, Field, Has, Item, Kind, Node, Number, Op, Reason, Relation, When};

/// The concept of the field.
pub const HEALTHY: &str = "healthy_volunteer";
/// So many conditions are looked for.
const MOST: usize = 20;

/// Defines the field of volunteers among the criteria of a study by its conditions, if it has both.
pub fn define(items: &mut [Item], study: &Study, reader: &mut Reader) {
    let field = items.iter_mut().find(|item| item.number == Number::Field(Field::Volunteers));
    let Some(Op::Not(arg)) = field.and_then(|item| item.expr.as_mut()).map(|expr| &mut expr.op) else {
        return;
    };
    let Op::Has(has) = &mut arg.op else { return };
    has.defined_by = conditions(study, reader).map(|sick| Box::new(Node::new(Op::Not(Box::new(sick)))));
}

/// Takes back what [`define`] adds.
pub(crate) fn undefine(item: &mut Item) {
    if item.number == Number::Field(Field::Volunteers)
        && let Some(Op::Not(arg)) = item.expr.as_mut().map(|expr| &mut expr.op)
        && let Op::Has(has) = &mut arg.op
    {
        has.defined_by = None;
    }
}

/// Whether a person has one of the conditions of a study; `None` if it names none.
pub fn conditions(study: &Study, reader: &mut Reader) -> Option<Node> {
    let (mut nodes, mut known) = (Vec::new(), true);
    for text in study.texts("Condition").into_iter().take(MOST) {
        known &= named(text, reader, &mut nodes);
    }
    let clear = known && study.text("DesignPrimaryPurpose") == Some("TREATMENT");
    // The registry's headings may be wider than what was meant: they count only where its own words are not known.
    let terms = if known && !nodes.is_empty() { Vec::new() } else { study.texts("ConditionMeshTerm") };
    let headings: Vec<_> = terms.iter().take(MOST).filter_map(|term| vocabulary::by_name(term)).collect();
    for (term, id) in terms.iter().filter_map(|term| Some((term, vocabulary::by_name(term)?))).take(MOST) {
        // Of `Infections` and `HIV Infections` the wider one is a part of the name of the other.
        let is_wider = headings.iter().any(|other| vocabulary::ancestors(*other).contains(&id));
        if !is_wider {
            nodes.push(present(Kind::Condition, Concept(id.curie().into()), term));
        }
    }
    if nodes.is_empty() {
        return None;
    }
    if !clear {
        let text = "a condition under study".to_owned();
        nodes.push(Node::new(Op::Human { reason: Reason::NotInRecord, text }));
    }
    Some(if nodes.len() == 1 { nodes.remove(0) } else { Node::new(Op::Or(nodes)) })
}

/// Adds the facts that a condition names, as the criteria reader finds them; whether all of it is a known concept.
fn named(text: &str, reader: &mut Reader, nodes: &mut Vec<Node>) -> bool {
    let read = reader.read(&format!("Inclusion Criteria:\n\n* {text}"), Options::default());
    let mut clear = true;
    for expr in read.items.iter().filter_map(|item| item.expr.as_ref()) {
        match &expr.op {
            Op::Has(has) => clear &= add(has, nodes),
            // HIV infection is a result.
            Op::Coded(_) => nodes.push(expr.clone()),
            Op::Or(args) | Op::And(args) => {
                // One of several that must come together is no whole condition.
                clear &= matches!(expr.op, Op::Or(_));
                for arg in args {
                    match &arg.op {
                        Op::Has(has) => clear &= add(has, nodes),
                        _ => clear = false,
                    }
                }
            }
            _ => clear = false,
        }
    }
    clear
}

fn add(has: &Has, nodes: &mut Vec<Node>) -> bool {
    nodes.push(present(has.kind, has.concept.clone(), &has.text));
    !has.concept.0.starts_with("text:")
}

fn present(kind: Kind, concept: Concept, text: &str) -> Node {
    let mut has = Has::new(kind, concept, text.to_owned());
    has.when = Some(When { window: None, relation: Relation::Ever, anchor: None });
    Node::new(Op::Has(Box::new(has)))
}
