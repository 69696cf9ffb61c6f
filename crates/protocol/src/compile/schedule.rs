//! Planned times: of outcomes by their time frames, of visits and of the follow-up by the text.

use crate::{
    protocol::{Purpose, Timing},
    read::{Text, lexicon, text::Kind, time, time::Point},
    record::{Passage, Record},
};

/// The planned times of a record.
pub fn read(record: &Record<'_>) -> Vec<Timing> {
    let mut out = Vec::new();
    for outcome in &record.outcomes {
        let Some(frame) = &outcome.time_frame else { continue };
        let all = 0..frame.text.tokens.len();
        for point in time::points(&frame.text, all) {
            out.push(timing(frame, &point, outcome.measure.text.source, Purpose::Outcome(outcome.rank)));
        }
    }
    visits(record, &mut out);
    let longest = out.iter().filter(|t| t.time.days() > 0.0);
    let longest = longest
        .max_by(|a, b| a.time.days().total_cmp(&b.time.days()).then_with(|| b.purpose.cmp(&a.purpose)));
    if let Some(longest) = longest.cloned() {
        out.push(Timing {
            what: "longest follow-up".to_owned(),
            purpose: Purpose::LongestFollowUp,
            ..longest
        });
    }
    out
}

fn timing(passage: &Passage<'_>, point: &Point, what: &str, purpose: Purpose) -> Timing {
    Timing {
        time: point.time,
        anchor: point.anchor,
        window: point.window,
        what: what.to_owned(),
        purpose,
        quote: passage.quote(point.from, point.to),
    }
}

/// Times near the word follow-up, or in a sentence that tells of visits.
fn visits(record: &Record<'_>, out: &mut Vec<Timing>) {
    const PAST: [&str; 10] = [
        "previous",
        "previously",
        "prior",
        "past",
        "history",
        "ago",
        "studies",
        "study showed",
        "reported",
        "literature",
    ];
    let own = record.arms.iter().filter_map(|a| a.description.as_ref());
    let given = record.interventions.iter().filter_map(|v| v.description.as_ref());
    for passage in record.prose.iter().chain(own).chain(given) {
        let text = &passage.text;
        if !text.has(lexicon::FOLLOW) {
            continue;
        }
        let mut seen: Vec<std::ops::Range<usize>> = Vec::new();
        for i in 0..text.tokens.len() {
            if !follows(text, i) {
                continue;
            }
            let sentence = text.sentence(i);
            if seen.contains(&sentence) || text.has_any(sentence.clone(), &PAST) {
                continue;
            }
            // `a 6-month follow-up`; what stands before `followed` and `observed` is of something else.
            let back = if text.is_any(i, &["followed", "observed"]) { 0 } else { 8 };
            let near = i.saturating_sub(back).max(sentence.start)..sentence.end.min(i + 24);
            for point in time::points(text, near).into_iter().filter(|p| !is_of_age_or_calendar(text, p)) {
                let known = out.iter().any(|t| t.purpose == Purpose::Visit && t.time == point.time);
                if !known && point.time.unit >= time::Unit::Day {
                    out.push(timing(passage, &point, "follow-up", Purpose::Visit));
                }
            }
            seen.push(sentence);
        }
    }
}

/// `men aged 35-64 years`, `until the year 2015`: no time behind the start.
fn is_of_age_or_calendar(text: &Text<'_>, point: &Point) -> bool {
    const WHO: [&str; 12] = [
        "age",
        "aged",
        "ages",
        "old",
        "older",
        "subjects",
        "patients",
        "adults",
        "men",
        "women",
        "children",
        "participants",
    ];
    if point.time.unit != time::Unit::Year {
        return false;
    }
    let (from, to) = (point.from, point.to);
    // `patients 18-60 years`: one or two numbers, joined.
    let ranged = (from..to).filter(|i| text.kind(*i) == Kind::Number).count() > 1;
    let said = from > 0 && text.is_any(from - 1, &WHO) && ranged
        || text.has_any(from.saturating_sub(3)..from, &["age", "aged", "ages"])
        || text.is_any(to, &["old", "older"])
        || text.is(to, "of") && text.is(to + 1, "age");
    said || point.time.value >= 1900.into()
}

/// `follow-up`, `followed for`, `follow up visits`.
fn follows(text: &Text<'_>, i: usize) -> bool {
    if !text.is_a(i, lexicon::FOLLOW) {
        return false;
    }
    let up = text.is(i, "follow") && text.is_any(i + 1, &["up", "-"]);
    // `a tablet, followed after 2 weeks by another` tells of what is given.
    let people = i > 0 && text.is_any(i - 1, &["are", "is", "be", "were", "was"]);
    let numbered = people
        && (text.kind(i + 1) == Kind::Number || text.is(i + 1, "after"))
        && !(i + 1..i + 14).any(|n| text.is_any(n, &["by", "with"]) && text.together(i, n));
    let followed = text.is(i, "followed") && numbered
        || text.is(i, "observed") && text.is_any(i + 1, &["for", "after", "until"])
        || text.is(i, "followed")
            && text.is_any(
                i + 1,
                &["up", "for", "a", "at", "until", "through", "over", "every", "closely", "-"],
            );
    up || followed || text.is_any(i, &["followup", "followups"])
}

#[cfg(test)]
mod tests {
    use model::Study;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_may_follow_longer_than_the_time_frames() {
        let longest = |summary: &str| {
            let study = Study::new(json!({"protocolSection": {
                "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A drug for a disease"},
                "descriptionModule": {"briefSummary": summary},
                "outcomesModule": {"primaryOutcomes": [{"measure": "Survival", "timeFrame": "4 weeks"}]},
            }}))
            .unwrap();
            let found = read(&Record::new(&study));
            let longest = found.iter().find(|t| t.purpose == Purpose::LongestFollowUp);
            longest.map(|t| format!("{} {}", t.time.value, t.time.unit.as_str())).unwrap_or_default()
        };
        assert_eq!(longest("People are followed 2, 5 and 9 months after the injection."), "9 month");
        assert_eq!(longest("Late effects are observed after 80 weeks."), "80 week");
        assert_eq!(longest("A follow-up study in patients 18-60 years."), "4 week");
        assert_eq!(longest("Follow-up of men aged 35 to 64 years."), "4 week");
        assert_eq!(
            longest("Follow-up is every month for 2 years, then every 6 months for years 2-5."),
            "5 year"
        );
        assert_eq!(longest("A tablet is followed by 6 months of another."), "4 week");
        assert_eq!(longest("A tablet is followed after 6 months by another."), "4 week");
    }
}
