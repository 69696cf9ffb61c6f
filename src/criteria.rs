//! Criteria from where they stand: captured pages, records, plain text, the registry.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context as _, Result};
use eligibility::read::{Escapes, Options, Reader};
use eligibility::stated::Stated;
use eligibility::tree::{Computable, Flag, Item, Number, Residue, Section, Span};
use ingest::{Converted, Format, Found, Limits, Raw};
use model::Study;
use serde_json::Value;

/// The criteria of a study or text.
pub struct Source {
    /// The NCT id, or the file's stem.
    pub trial: String,
    /// The name of the file.
    pub file: String,
    /// The text that spans point into.
    pub text: String,
    /// The items; each with its characters in the file or text.
    pub items: Vec<(Item, Option<(usize, usize)>)>,
}

/// Reads the criteria of a file, or of standard input if it is called `-`.
pub fn of_file(reader: &mut Reader, path: &Path, section: Option<Section>) -> Result<Vec<Source>> {
    let name = path.file_name().map_or_else(|| "-".into(), |n| n.to_string_lossy());
    let bytes = read(path)?;
    let mut records = Vec::new();
    let stream = Box::new(Cursor::new(bytes.clone()));
    let _ = ingest::read_stream(&name, stream, Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            records.push(raw);
        }
        ControlFlow::Continue(())
    });
    if records.is_empty() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let stem = path.file_stem().map_or_else(|| "-".into(), |n| n.to_string_lossy());
        return Ok(vec![of_text(reader, &text, &stem, &name, section)]);
    }
    Ok(records.iter().filter_map(|raw| of_record(reader, raw, &name, section)).collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn of_record(reader: &mut Reader, raw: &Raw, name: &str, section: Option<Section>) -> Option<Source> {
    let converted = ingest::convert(raw).ok()?;
    match raw.format {
        Format::PageVeeva | Format::PageMedPath | Format::PageInclinical | Format::PageIgnite => {
            of_page(reader, raw, &converted, name)
        }
        _ => Some(of_study(reader, &Study::new(converted.study)?, name, section)),
    }
}

/// Reads the criteria of a study.
pub fn of_study(reader: &mut Reader, study: &Study, file: &str, section: Option<Section>) -> Source {
    let text = study.text("EligibilityCriteria").unwrap_or_default();
    let mut source = of_text(reader, text, &study.id().to_string(), file, section);
    let stated = Stated::of(study).items().into_iter().map(|item| (item, None));
    source.items.splice(0..0, stated);
    source
}

fn of_text(reader: &mut Reader, text: &str, trial: &str, file: &str, section: Option<Section>) -> Source {
    let options = Options { section: section.unwrap_or(Section::Inclusion), ..Options::default() };
    let criteria = reader.read(text, options);
    let places = Places::new(text);
    let items = criteria.items.into_iter().map(|item| {
        let chars = (places.at(item.span.start), places.at(item.span.end));
        (item, Some(chars))
    });
    let mut items: Vec<_> = items.collect();
    if items.is_empty() {
        items.push((absent(), None));
    }
    Source { trial: trial.to_owned(), file: file.to_owned(), text: text.to_owned(), items }
}

/// A captured page: spans are characters of the page.
fn of_page(reader: &mut Reader, raw: &Raw, converted: &Converted, name: &str) -> Option<Source> {
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
    let study = Study::new(converted.study.clone())?;
    let ages = [keyed("minimumAge"), keyed("maximumAge")].into_iter().flatten().reduce(Span::join);
    let stated = Stated::shown(&study, &page, [ages, keyed("sex"), keyed("healthyVolunteers")]);
    let mut items: Vec<(Item, Option<(usize, usize)>)> = Vec::new();
    let chars = |span: Span| Some((places.at(span.start), places.at(span.end)));
    items.extend(stated.items().into_iter().map(|item| {
        let place = chars(item.span);
        (item, place)
    }));
    if let Some(span) = at("eligibilityCriteria") {
        let escapes = if literal { Escapes::Literal } else { Escapes::Markup };
        let criteria = reader.read(span.of(&page), Options { escapes, section: Section::Inclusion });
        for mut item in criteria.items {
            item.span = Span { start: item.span.start + span.start, end: item.span.end + span.start };
            let place = chars(item.span);
            items.push((item, place));
        }
    } else {
        items.clear();
        items.push((absent(), None));
    }
    Some(Source { trial: study.id().to_string(), file: name.to_owned(), text: page, items })
}

/// A value of a literal with its key and quotes.
fn with_key(page: &str, key: &str, span: Span) -> Span {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = page.get(..start).unwrap_or_default();
    let named = before.rfind(key).and_then(|at| at.checked_sub(1)).filter(|at| start - at < key.len() + 8);
    let quoted = page.get(end..).is_some_and(|rest| rest.starts_with(['\'', '"'])) && before.ends_with(['\'', '"']);
    Span { start: named.unwrap_or(start) as u32, end: (end + usize::from(quoted)) as u32 }
}

/// What stands for the criteria of a text that has none.
fn absent() -> Item {
    Item {
        section: Section::None,
        number: Number::Counted(0),
        span: Span::default(),
        source: String::new(),
        polarity: None,
        expr: None,
        computable: Computable::Absent,
        residue: vec![Residue { text: String::new(), reason: "no criteria: the verdict is unknown".into() }],
        flags: vec![Flag { code: "no_criteria", text: String::new(), note: "no criteria".into(), suggest: None }],
    }
}

/// Bytes and characters of a text.
struct Places {
    /// The byte of every 64th character.
    marks: Vec<usize>,
    text: String,
}

const STEP: usize = 64;

impl Places {
    fn new(text: &str) -> Self {
        let marks = text.char_indices().step_by(STEP).map(|(byte, _)| byte).collect();
        Self { marks, text: text.to_owned() }
    }

    /// The character at a byte.
    fn at(&self, byte: u32) -> usize {
        let byte = byte as usize;
        let mark = self.marks.partition_point(|m| *m <= byte).saturating_sub(1);
        let from = self.marks.get(mark).copied().unwrap_or(0);
        mark * STEP + self.text.get(from..byte).map_or(0, |part| part.chars().count())
    }

    /// The byte of a character.
    fn byte(&self, char: usize) -> usize {
        let from = self.marks.get(char / STEP).copied().unwrap_or(self.text.len());
        self.text[from..].char_indices().nth(char % STEP).map_or(self.text.len(), |(i, _)| from + i)
    }
}
