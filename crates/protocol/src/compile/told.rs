//! Arms that only the text names: a record without a list of arms.

use crate::{
    protocol::{Arm, Role},
    record::{Passage, Record},
};

/// The words before `group` that name an arm, and what it is.
const GROUPS: [(&str, Role); 9] = [
    ("experimental", Role::Experimental),
    ("treatment", Role::Experimental),
    ("intervention", Role::Experimental),
    ("study", Role::Experimental),
    ("test", Role::Experimental),
    ("placebo", Role::Placebo),
    ("sham", Role::Sham),
    ("control", Role::Unclear),
    ("observation", Role::NoIntervention),
];

/// The arms that the summary or the description names as `placebo group`, `experimental group`. Only a text that
/// names two is read so.
pub fn arms(record: &Record<'_>) -> Vec<Arm> {
    record.prose.iter().map(in_passage).find(|arms| arms.len() > 1).unwrap_or_default()
}

fn in_passage(passage: &Passage<'_>) -> Vec<Arm> {
    let text = &passage.text;
    let mut out: Vec<Arm> = Vec::new();
    for i in 0..text.tokens.len() {
        let Some((_, role)) = GROUPS.iter().find(|(word, _)| text.is(i, word) && text.is(i + 1, "group"))
        else {
            continue;
        };
        let quote = passage.quote(i, i + 2);
        // `the placebo group was used as control group`: one arm with two names.
        let known =
            out.iter().any(|a| a.role == *role || (*role == Role::Unclear && a.role == Role::Placebo));
        if !known {
            let label = quote.text.clone();
            let (interventions, background) = (Vec::new(), Vec::new());
            out.push(Arm {
                label,
                role_typed: None,
                role: *role,
                size: None,
                interventions,
                background,
                quote,
            });
        }
    }
    out
}
