//! Answers of people: which of those that are kept count for a person, and which may be given for everybody.

use eligibility::{
    Op,
    evaluate::{About, Answer, phrase},
    read::{Options, Reader},
    tree::{Reason, Section},
};
use store::{Kept, Store};

/// The answers that count for a person: those about them by their id, and those that hold for everybody. Somebody
/// without an id has none of their own.
pub fn about(store: &Store, subject: &str) -> Result<Vec<Answer>, store::Error> {
    Ok(store.answers(Some(subject))?.iter().filter_map(of_kept).collect())
}

/// An answer as the evaluation takes it; `None` if it was kept by a newer program.
pub fn of_kept(kept: &Kept) -> Option<Answer> {
    let answer = &kept.answer;
    Some(Answer {
        question: answer.question.clone(),
        about: about_of(&answer.about)?,
        holds: answer.holds,
        by: format!("{} on {}", answer.by, answer.date),
    })
}

/// The word for what an answer is about.
pub fn word(about: About) -> &'static str {
    match about {
        About::Words => "words",
        About::Criterion(section) => section.as_str(),
    }
}

fn about_of(word: &str) -> Option<About> {
    match word {
        "words" => Some(About::Words),
        section => Section::from_word(section).map(About::Criterion),
    }
}

/// An answer to be kept. The date is `yyyy-mm-dd`.
pub fn to_keep(subject: &str, answer: &Answer, date: &str, note: &str) -> store::Answer {
    store::Answer {
        subject: subject.to_owned(),
        about: word(answer.about).to_owned(),
        phrase: phrase(&answer.question),
        question: answer.question.trim().to_owned(),
        holds: answer.holds,
        by: answer.by.clone(),
        date: date.to_owned(),
        note: note.to_owned(),
    }
}

/// Whether words may be answered for everybody at once: only what is in no record and says nothing that could differ
/// from person to person, as far as rules can tell (`the site has a scanner`). Judgements, will, ability and whatever
/// was read as a fact are about one person.
pub fn may_hold_for_everybody(words: &str) -> bool {
    let criteria = Reader::new().read(words, Options::default());
    let mut parts = 0;
    let mut impersonal = true;
    for expr in criteria.items.iter().filter_map(|item| item.expr.as_ref()) {
        expr.each(&mut |node| match &node.op {
            Op::Human { reason, text } => {
                parts += 1;
                impersonal &=
                    matches!(reason, Reason::NotInRecord | Reason::OpenList) && !names_a_person(text);
            }
            Op::And(_) | Op::Or(_) | Op::Not(_) | Op::AtLeast { .. } | Op::Ambiguous(_) => {}
            _ => impersonal = false,
        });
    }
    parts > 0 && impersonal
}

/// Words that speak of whoever would take part.
fn names_a_person(text: &str) -> bool {
    const PEOPLE: [&str; 14] = [
        "patient",
        "patients",
        "subject",
        "subjects",
        "participant",
        "participants",
        "person",
        "individual",
        "woman",
        "women",
        "man",
        "men",
        "child",
        "he",
    ];
    phrase(text).split(' ').any(|word| PEOPLE.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_a_person_is_not_answered_for_everybody() {
        for words in [
            "In the opinion of the investigator, unable to comply",
            "Willing to give informed consent",
            "Diabetes",
            "HbA1c > 7 %",
            "Participants who live near the centre",
            "",
        ] {
            assert!(!may_hold_for_everybody(words), "{words}");
        }
    }

    #[test]
    fn an_answer_survives_being_kept() {
        for about in [About::Words, About::Criterion(Section::Exclusion)] {
            let answer = Answer { question: "Able to comply".into(), about, holds: true, by: "A. B.".into() };
            let kept = Kept { number: 1, answer: to_keep("p1", &answer, "2026-05-17", "") };
            let back = of_kept(&kept).unwrap();
            assert_eq!(back, Answer { by: "A. B. on 2026-05-17".into(), ..answer });
        }
    }
}
