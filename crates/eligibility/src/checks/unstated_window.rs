//! "Recent", "prior", "soon": a time that is not said.

use super::{Check, Input, Place, Report, Severity};
use crate::{
    tree::{Item, Kind, Node, Op, Relation},
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "unstated_window",
    explanation: "How long ago, and counted from which day: without it one site counts three months and another ten years.",
    run,
};

/// Words for a time that everyone measures differently.
const VAGUE: [&str; 6] = ["recent", "recently", "lately", "soon", "shortly", "imminent"];

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    for (n, item) in input.criteria.items.iter().enumerate() {
        let Some(expr) = &item.expr else { continue };
        let windowed = has_window(expr);
        if let Some(place) = vague(input, n, item).filter(|_| !windowed) {
            let word = input.quote(place);
            report
                .add(Severity::Warning, Some(place), format!("`{word}` does not say how long"))
                .remedy("give a number of days, weeks or months, and the day they are counted from");
            continue;
        }
        expr.each(&mut |node| {
            if before_without_window(node) {
                let place = input.node(n, node);
                let words = wording::leaf(node, input.catalogue);
                report
                    .add(Severity::Note, Some(place), format!("`{words}` counts however long ago it was"))
                    .remedy("if that is not meant, give a window, such as within 6 months before screening");
            }
        });
    }
    for (place, flag) in input.flags("implicit_reference") {
        report
            .add(
                Severity::Note,
                Some(place),
                format!("`{}` does not say from which day it is counted", flag.text),
            )
            .remedy("name the day: screening, enrollment, first dose");
    }
}

fn has_window(expr: &Node) -> bool {
    let mut found = false;
    expr.each(&mut |node| match &node.op {
        Op::Has(has) => found |= has.when.as_ref().is_some_and(|w| w.window.is_some()),
        Op::Exposure(_) => found = true,
        Op::Cmp(cmp) => found |= cmp.stable_for.is_some() || cmp.when.is_some(),
        Op::Coded(coded) => found |= coded.when.is_some(),
        _ => {}
    });
    found
}

fn before_without_window(node: &Node) -> bool {
    let Op::Has(has) = &node.op else { return false };
    let passing = matches!(
        has.kind,
        Kind::Event | Kind::Procedure | Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Finding
    );
    passing && has.when.as_ref().is_some_and(|w| w.relation == Relation::Before && w.window.is_none())
}

/// The first vague word of an item.
fn vague(input: &Input<'_>, n: usize, item: &Item) -> Option<Place> {
    let mut at = 0;
    for word in item.source.split(|c: char| !c.is_alphanumeric()) {
        if VAGUE.iter().any(|v| word.eq_ignore_ascii_case(v)) {
            return Some(input.part(n, at, at + word.len()));
        }
        at += word.len();
        at += item.source.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::example::*, *};

    fn surgery(when: Value) -> Value {
        json!({"op": "has", "kind": "procedure", "concept": "surgery", "text": "surgery", "when": when})
    }

    #[test]
    fn clean() {
        let window = json!({"value": 4, "unit": "wk", "incl": true});
        let within = surgery(json!({"window": window, "relation": "before", "anchor": "screening"}));
        finds(&CHECK, &[("exclusion: Recent surgery (within 4 weeks before screening)", within)], &[]);
        finds(&CHECK, &[("exclusion: Any surgery ever", surgery(json!({"relation": "ever"})))], &[]);
    }

    #[test]
    fn flagged() {
        let before = || surgery(json!({"relation": "before", "anchor": "screening"}));
        finds(
            &CHECK,
            &[("exclusion: É: recent surgery", before())],
            &["warning `recent` `recent` does not say how long"],
        );
        let expected = ["note `surgery` `surgery` counts however long ago it was"];
        finds(&CHECK, &[("exclusion: Prior surgery", before())], &expected);
        let flagged = with(
            surgery(json!({"relation": "ever"})),
            "flags",
            json!({"implicit_reference": "in the last year"}),
        );
        let expected =
            ["note `in the last year` `in the last year` does not say from which day it is counted"];
        finds(&CHECK, &[("exclusion: Any surgery in the last year", flagged)], &expected);
    }
}
