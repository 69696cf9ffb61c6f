//! An outcome that needs an instrument, and none is named.

use super::{Check, Input, Report, Severity};
use crate::read::phrases;

pub(super) const CHECK: Check = Check {
    id: "assessment_without_instrument",
    explanation: "Scales of one name differ in items and range; without the instrument the outcome cannot be measured again.",
    run,
};

/// Words by which an outcome says how it is rated.
const MEANS: [&str; 16] = [
    "scale",
    "questionnaire",
    "inventory",
    "index",
    "checklist",
    "test",
    "instrument",
    "survey",
    "scales",
    "vas",
    "nrs",
    "rating",
    "interview",
    "tool",
    "battery",
    "likert",
];

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    for (outcome, (of_measure, of_description)) in
        input.record.outcomes.iter().zip(&input.record.mentions().outcomes)
    {
        let text = &outcome.measure.text;
        let Some((from, to)) = phrases::RATED.find(text) else { continue };
        let mut texts = std::iter::once(text).chain(outcome.description.as_ref().map(|d| &d.text));
        let named = !of_measure.is_empty() || !of_description.is_empty();
        let said = named
            || texts.any(|t| {
                let acronym = (0..t.tokens.len()).any(|i| is_acronym(t.word(i)));
                acronym || t.has_any(0..t.tokens.len(), &MEANS)
            });
        if !said {
            let quote = outcome.measure.quote(from, to);
            let message = format!("`{}` is to be measured, and no instrument is named", quote.text);
            report.add(Severity::Note, Some(quote), message, "name the instrument and its version");
        }
    }
}

/// A word of capitals and digits, such as instruments have for names.
fn is_acronym(word: &str) -> bool {
    word.len() > 2 && word.chars().filter(|c| c.is_ascii_uppercase()).count() > 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let measure = |words: &str| [("/outcomesModule/primaryOutcomes/0/measure", json!(words))];
        let expected =
            "note `Quality of life`: `Quality of life` is to be measured, and no instrument is named";
        finds(&CHECK, &measure("Quality of life"), &[expected]);
        finds(&CHECK, &measure("Quality of life by SF-36"), &[]);
        finds(&CHECK, &measure("Quality of life questionnaire of Somewhere"), &[]);
    }
}
