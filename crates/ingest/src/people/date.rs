//! Dates as records write them.

use model::{PartialDate, Problem};

/// A date of FHIR, OMOP or a form: `2012`, `2012-05`, `2012-05-17`, with or without a time behind, `20120517`.
/// The day is the one that is written, in whatever time zone.
pub(crate) fn parse(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let day = text.split_once([' ', 'T']).filter(|(day, _)| day.len() == 10).map_or(text, |(day, _)| day);
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<i8>().ok();
        return PartialDate::new(day.get(..4)?.parse().ok()?, number(4..6), number(6..8));
    }
    day.parse().ok()
}

/// A date, if there is one; what is none is a problem of its element.
pub(crate) fn read(text: Option<&str>, element: &str, problems: &mut Vec<Problem>) -> Option<PartialDate> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let date = parse(text);
    if date.is_none() {
        let text = text.chars().take(40).collect();
        problems.push(Problem::ImpossibleDate { element: element.to_owned(), text });
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_format() {
        for (text, iso) in [
            ("2012", "2012"),
            ("2012-05", "2012-05"),
            ("2012-05-17", "2012-05-17"),
            ("2012-05-17T02:43:19+00:00", "2012-05-17"),
            ("2012-05-17 00:00:00", "2012-05-17"),
            ("20120517", "2012-05-17"),
            (" 2012-05-17T02:43:19.205Z", "2012-05-17"),
        ] {
            assert_eq!(parse(text).map(|date| date.to_string()).as_deref(), Some(iso), "{text}");
        }
        let mut problems = Vec::new();
        assert_eq!(read(Some("2012-02-30"), "onsetDateTime", &mut problems), None);
        assert_eq!(read(None, "onsetDateTime", &mut problems), None);
        assert_eq!(
            problems,
            [Problem::ImpossibleDate { element: "onsetDateTime".into(), text: "2012-02-30".into() }]
        );
    }
}
