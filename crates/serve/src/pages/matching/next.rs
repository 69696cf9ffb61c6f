//! What to ask next, on top; and the answers that only people can give, in the form.

use matching::next::{Answerer, Question};
use maud::{Markup, html};

use super::{
    person::{ANSWER, Reading},
    studies::Shown,
};
use crate::components::labels;

/// Questions on top of the page.
const SHOWN: usize = 5;
/// Questions that are looked for.
const MOST: usize = 60;
/// Questions that people are asked in the form.
const ASKED: usize = 8;

/// The questions about the studies that are shown.
pub(super) fn questions(shown: &Shown) -> Vec<Question> {
    matching::next::questions(shown.ranked(), MOST)
}

/// The list, with what each is worth.
pub(super) fn show(questions: &[Question]) -> Markup {
    let worth = |question: &Question| {
        let criteria = if question.settles == 1 { "criterion" } else { "criteria" };
        format!("settles {} {criteria} of {}", question.settles, labels::studies(question.studies))
    };
    html! {
        @if !questions.is_empty() {
            section.group aria-labelledby="next" {
                h2 #next { "What to ask next" }
                p.hint { "What would settle most of what is open in the studies below. " a href="#note" { "Add what you know" } }
                ol.next {
                    @for question in questions.iter().take(SHOWN) {
                        li { (question.words) " " span.where { (worth(question)) } }
                    }
                }
            }
        }
    }
}

/// A choice for each question that only people can answer, and for those that were answered.
pub(super) fn answers(reading: &Reading, questions: &[Question]) -> Markup {
    let given = reading.fields.0.iter().filter(|(name, value)| name.starts_with(ANSWER) && !value.is_empty());
    let mut all: Vec<(String, &str)> =
        given.map(|(name, value)| (name[ANSWER.len()..].to_owned(), value.as_str())).collect();
    let open = questions.iter().filter(|question| question.of == Answerer::People);
    all.extend(open.filter_map(|question| question.asked.clone()).map(|words| (words, "")).take(ASKED));
    html! {
        @if !all.is_empty() {
            fieldset.answers {
                legend { "For you to decide: no record does" }
                p.hint { "Your answers count for this page and are not kept. Kept ones come from " code { "trialist answer" } "." }
                @for (number, (words, value)) in all.iter().enumerate() {
                    p.field {
                        label for={ "answer-" (number) } { (words) }
                        select id={ "answer-" (number) } name={ (ANSWER) (words) } {
                            @for (code, label) in [("", "Not known"), ("yes", "Yes, it is so"), ("no", "No")] {
                                option value=(code) selected[code == *value] { (label) }
                            }
                        }
                    }
                }
            }
        }
    }
}
