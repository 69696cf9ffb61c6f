//! Criteria from where they stand: captured pages, records, plain text, the registry.

mod all;
mod page;

use std::{
    fmt,
    io::{Cursor, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use eligibility::{
    Criteria, Eligibility, Item,
    read::{Options, Reader},
    record,
    tree::Section,
};
use ingest::{Format, Found, Limits, Raw};
use model::{Issue, IssueKind, Study, StudyId};
use protocol::checks::Changed;
use registry::Registry;

use crate::{
    commands::{Context, show},
    data,
    ending::Ending,
};

pub use all::{all, all_criteria, forget_damaged, known, spent};

/// What a command is asked to read.
#[derive(Clone, Debug)]
pub enum Target {
    /// A study of the data folder, in its version with this number or the one that speaks.
    Study(StudyId, Option<usize>),
    /// A file; `-` is standard input.
    File(PathBuf),
}

impl FromStr for Target {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (id, version) = match text.split_once('@') {
            Some((id, number)) => (id, number.parse().map(Some).ok()),
            None => (text, Some(None)),
        };
        Ok(match (id.parse(), version) {
            (Ok(id), Some(version)) => Self::Study(id, version),
            _ => Self::File(text.into()),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Study(id, None) => id.fmt(f),
            Self::Study(id, Some(version)) => write!(f, "{id}@{version}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The criteria of a study or text.
pub struct Source {
    /// The NCT id, or the file's stem.
    pub trial: String,
    /// The study's title; empty for a text.
    pub title: String,
    /// The name of the file, or the NCT id.
    pub file: String,
    /// The text that spans point into.
    pub text: String,
    /// What was read; one item at least.
    pub eligibility: Eligibility,
    /// The study; `None` of plain text.
    pub study: Option<Study>,
    /// How its primary outcomes changed between the versions that are kept.
    pub changes: Vec<Changed>,
}

impl Source {
    fn new(trial: String, title: String, file: &str, text: String, mut eligibility: Eligibility) -> Self {
        let items = &mut eligibility.criteria.items;
        if items.iter().all(|item| item.section == Section::Registry) {
            items.push(Item::absent());
        }
        Self { trial, title, file: file.to_owned(), text, eligibility, study: None, changes: Vec::new() }
    }

    /// The same of a study.
    fn of(study: Study, file: &str, text: String, eligibility: Eligibility) -> Self {
        let source = Self::new(study.id().to_string(), study.title(), file, text, eligibility);
        Self { study: Some(study), ..source }
    }

    /// The criteria.
    pub fn criteria(&self) -> &Criteria {
        &self.eligibility.criteria
    }

    /// The criteria as people are held against them.
    pub fn into_evaluated(self) -> Vec<Item> {
        let items = self.eligibility.criteria.items;
        if items.iter().any(|item| item.section == Section::None) {
            return items;
        }
        record::to_evaluate(items, self.study.as_ref(), &mut Reader::new())
    }

    /// The words before a listing of it: id and title.
    pub fn heading(&self) -> String {
        [self.trial.as_str(), self.title.as_str()].join("  ").trim_end().to_owned()
    }
}

/// Reads targets; opens the data folder only when a study of it is asked for.
pub struct Sources<'c> {
    context: &'c Context,
    reader: Reader,
    options: Options,
    registry: Option<Registry>,
}

impl<'c> Sources<'c> {
    /// With the section of text that has no headings.
    pub fn new(context: &'c Context, section: Option<Section>) -> Self {
        let options = Options { section: section.unwrap_or(Section::Inclusion), ..Options::default() };
        Self { context, reader: Reader::new(), options, registry: None }
    }

    /// Calls `found` with each study or text of a target, in its order.
    pub fn each(&mut self, target: &Target, found: &mut dyn FnMut(Source) -> Result<()>) -> Result<Ending> {
        match target {
            Target::Study(id, version) => self.stored(*id, *version, found),
            Target::File(path) => self.file(path, found).map(|()| Ending::Done),
        }
    }

    fn stored(
        &mut self,
        id: StudyId,
        version: Option<usize>,
        found: &mut dyn FnMut(Source) -> Result<()>,
    ) -> Result<Ending> {
        let registry = match self.registry.take() {
            Some(registry) => registry,
            None => data::open(&self.context.data, self.context.quiet)?,
        };
        let registry = self.registry.insert(registry);
        let Some(mut study) = registry.study(id)? else { return show::unknown(registry, id) };
        let mut name = study.id().to_string();
        let mut changes = Vec::new();
        if let Some(number) = version {
            let versions = registry.versions(study.id())?;
            (study, _) = show::version_of(registry, show::version_number(&versions, id, number)?)?;
            name = format!("{name}@{number}");
        } else {
            changes = serve::versions::primary_outcomes(registry, study.id())?;
        }
        let source = of_study(&mut self.reader, study, &name, self.options);
        found(Source { changes, ..source }).map(|()| Ending::Done)
    }

    fn file(&mut self, path: &Path, found: &mut dyn FnMut(Source) -> Result<()>) -> Result<()> {
        let name = path.file_name().map_or_else(|| "-".into(), |n| n.to_string_lossy());
        let bytes: Arc<[u8]> = read(path)?.into();
        let (mut read_as_study, mut trouble, mut result) = (false, None, Ok(()));
        let stream = Box::new(Cursor::new(bytes.clone()));
        let _ = ingest::read_stream(&name, stream, Limits::default(), &mut |thing| {
            match thing {
                Found::Record(raw) => match self.record(&raw, &name) {
                    Ok(source) => {
                        read_as_study = true;
                        result = found(source);
                    }
                    Err(issue) => trouble = trouble.take().or(Some(issue)),
                },
                Found::Issue(issue) => trouble = trouble.take().or(Some(issue)),
                Found::Progress { .. } => {}
            }
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        result?;
        if read_as_study {
            return Ok(());
        }
        // A record that is damaged or lacks its id is no text of criteria.
        if is_of_records(&bytes) {
            if let Some(issue) = trouble {
                bail!("no study can be read. {issue}");
            }
            bail!("{}: no study is in it", path.display());
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let criteria = self.reader.read(&text, self.options);
        let stem = path.file_stem().map_or_else(|| "-".into(), |n| n.to_string_lossy().into_owned());
        let eligibility = Eligibility { criteria, ..Eligibility::default() };
        found(Source::new(stem, String::new(), &name, text, eligibility))
    }

    fn record(&mut self, raw: &Raw, name: &str) -> Result<Source, Issue> {
        let converted = ingest::convert(raw)?;
        let source = match raw.format {
            Format::PageVeeva | Format::PageMedPath | Format::PageInclinical | Format::PageIgnite => {
                page::read(&mut self.reader, raw, converted, name)
            }
            _ => {
                Study::new(converted.study).map(|study| of_study(&mut self.reader, study, name, self.options))
            }
        };
        let nameless = || Issue::new(IssueKind::NoId, "no NCT id can be read", raw.place.clone());
        source.ok_or_else(nameless)
    }
}

/// Whether bytes begin as records and archives do: JSON, XML, zip, gzip, zstd. A text may begin with `<18 years` or
/// with a bracket.
fn is_of_records(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 7] =
        [b"{", b"[{", b"<?xml", b"<clinical_study", b"PK\x03\x04", &[0x1F, 0x8B], &[0x28, 0xB5, 0x2F, 0xFD]];
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    BEGINNINGS.iter().any(|beginning| body.starts_with(beginning))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Reads the criteria of a study.
pub fn of_study(reader: &mut Reader, study: Study, file: &str, options: Options) -> Source {
    let eligibility = Eligibility::of(reader, &study, options);
    let text = record::text(&study).to_owned();
    Source::of(study, file, text, eligibility)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let of = |text: &str| text.parse::<Target>().unwrap();
        assert!(matches!(of("NCT00000102"), Target::Study(_, None)));
        assert!(matches!(of("NCT00000102@2"), Target::Study(_, Some(2))));
        for text in ["NCT00000102@x", "-", "NCT00000102.json"] {
            assert!(matches!(of(text), Target::File(_)), "{text}");
        }
    }
}
