//! The criteria of a captured page: spans are those of the page.

use eligibility::{
    Criteria, Eligibility,
    places::Places,
    read::{Escapes, Options, Reader},
    stated::Stated,
    tree::{Section, Span},
};
use ingest::{Converted, Format, Raw};
use model::Study;
use serde_json::Value;

use super::Source;

/// Reads the criteria of a page; `None` where the page shows no study.
pub fn read(reader: &mut Reader, raw: &Raw, converted: Converted, file: &str) -> Option<Source> {
    let page = String::from_utf8_lossy(&raw.bytes).into_owned();
    let places = Places::new(&page);
    let offsets = converted.page.as_ref().map_or(&Value::Null, |p| &p["offsets"]);
    let at = |piece: &str| {
        let range = offsets.get(format!("protocolSection.eligibilityModule.{piece}"))?;
        let place = |i: usize| usize::try_from(range.get(i)?.as_u64()?).ok();
        let (start, end) = (places.byte(place(0)?), places.byte(place(1)?));
        (start <= end).then_some(Span { start: start as u32, end: end as u32 })
    };
    let literal = raw.format == Format::PageIgnite;
    let keyed = |piece: &str| at(piece).map(|span| if literal { with_key(&page, piece, span) } else { span });
    let ages = [keyed("minimumAge"), keyed("maximumAge")].into_iter().flatten().reduce(Span::join);
    let places = [ages, keyed("sex"), keyed("healthyVolunteers")];
    let text = at("eligibilityCriteria");
    let study = Study::new(converted.study)?;
    let eligibility = match text {
        Some(span) => {
            let escapes = if literal { Escapes::Literal } else { Escapes::Markup };
            let read = reader.read(span.of(&page), Options { escapes, section: Section::Inclusion });
            Eligibility::new(Stated::shown(&study, &page, places), read.shifted(span.start), &study)
        }
        None => Eligibility::new(Stated::default(), Criteria::default(), &study),
    };
    Some(Source::of(study, file, page, eligibility))
}

/// A value of a literal with its key and quotes.
fn with_key(page: &str, key: &str, span: Span) -> Span {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = page.get(..start).unwrap_or_default();
    let named = before.rfind(key).and_then(|at| at.checked_sub(1)).filter(|at| start - at < key.len() + 8);
    let quoted =
        page.get(end..).is_some_and(|rest| rest.starts_with(['\'', '"'])) && before.ends_with(['\'', '"']);
    Span { start: named.unwrap_or(start) as u32, end: (end + usize::from(quoted)) as u32 }
}
