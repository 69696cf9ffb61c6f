//! The parts of a record that a protocol is read from, cut into words.

use std::{cell::OnceCell, fmt};

use model::{Study, piece};
use serde_json::Value;

use crate::{
    compile::{Content, Mentions},
    read::{Text, lexicon},
};

/// Where in the record words stand: the path of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The path of the value, or of the list that holds its object.
    path: &'static str,
    /// Which object of the list.
    index: Option<usize>,
    /// The key in that object; empty where the path is that of the value.
    key: &'static str,
    /// Which text of a list of texts.
    nested: Option<usize>,
}

impl Field {
    /// The value of a piece that stands once in a record.
    pub fn of(name: &'static str) -> Self {
        Self { path: piece::known(name).path, index: None, key: "", nested: None }
    }

    /// The value in a study's record.
    pub fn text(self, study: &Study) -> Option<&str> {
        let mut value = study.json();
        for key in self.path.split('.') {
            value = value.get(key)?;
        }
        if let Some(index) = self.index {
            value = value.get(index)?.get(self.key)?;
        }
        match self.nested {
            Some(n) => value.get(n)?.as_str(),
            None => value.as_str(),
        }
    }

    fn inside(list: &'static str, index: usize, key: &'static str) -> Self {
        Self { path: piece::known(list).path, index: Some(index), key, nested: None }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)?;
        if let Some(index) = self.index {
            write!(f, "[{index}].{}", self.key)?;
        }
        self.nested.map_or(Ok(()), |n| write!(f, "[{n}]"))
    }
}

/// Words of a record, verbatim, with their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The value they stand in.
    pub field: Field,
    /// The first character, counted in characters of the value.
    pub start: usize,
    /// The character behind the last.
    pub end: usize,
    /// The words.
    pub text: String,
}

impl Quote {
    /// The words at bytes of a value.
    pub fn at(field: Field, source: &str, start: usize, end: usize) -> Self {
        let text = source.get(start..end).unwrap_or_default().to_owned();
        let first = source.get(..start).map_or(0, |before| before.chars().count());
        Self { field, start: first, end: first + text.chars().count(), text }
    }

    /// The bytes of the words in the value they stand in.
    pub fn bytes(&self, value: &str) -> Option<std::ops::Range<usize>> {
        let start = value.char_indices().map(|(at, _)| at).nth(self.start)?;
        let range = start..start + self.text.len();
        (value.get(range.clone()) == Some(self.text.as_str())).then_some(range)
    }
}

/// A text of the record in words.
#[derive(Clone, Debug)]
pub struct Passage<'s> {
    /// Where it stands.
    pub field: Field,
    /// Its words.
    pub text: Text<'s>,
}

impl<'s> Passage<'s> {
    fn new(field: Field, source: &'s str) -> Self {
        Self { field, text: Text::new(source) }
    }

    /// All of it.
    pub fn whole(&self) -> Quote {
        Quote::at(self.field, self.text.source, 0, self.text.source.len())
    }

    /// The words of some tokens; all of it where there are none.
    pub fn quote(&self, from: usize, to: usize) -> Quote {
        let tokens = &self.text.tokens;
        let ends =
            to.min(tokens.len()).checked_sub(1).and_then(|last| Some((tokens.get(from)?, tokens.get(last)?)));
        match ends {
            Some((first, last)) if first.start() <= last.end() => {
                Quote::at(self.field, self.text.source, first.start(), last.end())
            }
            _ => self.whole(),
        }
    }
}

/// An arm as the record has it.
#[derive(Clone, Debug)]
pub struct ArmWords<'s> {
    /// Its label.
    pub label: Option<Passage<'s>>,
    /// Its type on the wire.
    pub typed: Option<&'s str>,
    /// Its description.
    pub description: Option<Passage<'s>>,
    /// Its interventions, by their place in the list.
    pub interventions: Vec<usize>,
}

/// An intervention as the record has it.
#[derive(Clone, Debug)]
pub struct InterventionWords<'s> {
    /// Its name.
    pub name: Passage<'s>,
    /// Its type on the wire.
    pub kind: Option<&'s str>,
    /// Its description.
    pub description: Option<Passage<'s>>,
    /// Its other names.
    pub others: Vec<Passage<'s>>,
}

/// The rank of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Primary.
    Primary,
    /// Secondary.
    Secondary,
    /// Other.
    Other,
}

/// An outcome as the record has it.
#[derive(Clone, Debug)]
pub struct OutcomeWords<'s> {
    /// Its rank.
    pub rank: Rank,
    /// What is measured.
    pub measure: Passage<'s>,
    /// When.
    pub time_frame: Option<Passage<'s>>,
    /// How.
    pub description: Option<Passage<'s>>,
}

/// The parts of a record.
#[derive(Clone, Debug)]
pub struct Record<'s> {
    /// The study.
    pub study: &'s Study,
    /// Its arms.
    pub arms: Vec<ArmWords<'s>>,
    /// Its interventions.
    pub interventions: Vec<InterventionWords<'s>>,
    /// Whether a field says which arm gets what.
    pub linked: bool,
    /// Its outcomes.
    pub outcomes: Vec<OutcomeWords<'s>>,
    /// Titles, summary, description, and what is said of the model and the masking.
    pub prose: Vec<Passage<'s>>,
    /// Who may join.
    pub criteria: Option<Passage<'s>>,
    /// The instruments that its texts name, once they are asked for.
    mentions: OnceCell<Mentions>,
    /// What each intervention is, once that is asked for.
    contents: OnceCell<Vec<Content>>,
}

/// Texts that may tell of arms, doses and visits, the most exact first.
const PROSE: [&str; 6] = [
    "DesignInterventionModelDescription",
    "BriefSummary",
    "DetailedDescription",
    "DesignMaskingDescription",
    "OfficialTitle",
    "BriefTitle",
];

/// So many bytes of one text are read; longer ones are protocols pasted whole.
const LONGEST: usize = 40_000;
/// So many arms, interventions and outcomes of each rank are read.
const MOST: usize = 400;

impl<'s> Record<'s> {
    /// The parts of a study's record.
    pub fn new(study: &'s Study) -> Self {
        let interventions = interventions(study);
        let (arms, linked) = arms(study, &interventions);
        let prose = |name: &&'static str| Some(passage(Field::of(name), study.text(name)?));
        Self {
            study,
            arms,
            interventions,
            linked,
            outcomes: outcomes(study),
            prose: PROSE.iter().filter_map(prose).collect(),
            criteria: criteria(study),
            mentions: OnceCell::new(),
            contents: OnceCell::new(),
        }
    }

    /// The record with other arms and interventions.
    pub(crate) fn with(&self, arms: Vec<ArmWords<'s>>, interventions: Vec<InterventionWords<'s>>) -> Self {
        let contents = OnceCell::new();
        Self { arms, interventions, contents, ..self.clone() }
    }

    /// The instruments that its texts name.
    pub fn mentions(&self) -> &Mentions {
        self.mentions.get_or_init(|| Mentions::of(self))
    }

    /// What each intervention is.
    pub(crate) fn contents(&self) -> &[Content] {
        self.contents.get_or_init(|| self.interventions.iter().map(Content::of).collect())
    }

    /// Whether the record tells of cycles or courses that are repeated.
    pub fn cyclic(&self) -> bool {
        let of_arms = self.arms.iter().filter_map(|a| a.description.as_ref());
        let given = self.interventions.iter().filter_map(|v| v.description.as_ref());
        let mut all = self.prose.iter().chain(of_arms).chain(given);
        all.any(|p| p.text.has(lexicon::CYCLE))
    }

    /// Whether what is given is given in cycles or courses: other things may be repeated, too.
    pub fn courses(&self) -> bool {
        const GIVEN: [&str; 6] =
            ["treatment", "treatments", "therapy", "regimen", "regimens", "chemotherapy"];
        const OF_SEVERAL: [&str; 9] =
            ["each", "per", "every", "first", "second", "one", "week", "day", "subsequent"];
        let of_arms = self.arms.iter().filter_map(|a| a.description.as_ref());
        let given = self.interventions.iter().filter_map(|v| v.description.as_ref());
        let mut all = self.prose.iter().chain(of_arms).chain(given).filter(|p| p.text.has(lexicon::CYCLE));
        all.any(|p| {
            let text = &p.text;
            (0..text.tokens.len()).filter(|i| text.is_a(*i, lexicon::CYCLE)).any(|i| {
                text.is_any(i, &["cycle", "cycles", "courses"])
                    || text.is(i, "course") && text.is_any(i.wrapping_sub(1), &OF_SEVERAL)
                    || !text.is(i, "cyclic") && text.has_any(i.saturating_sub(3)..i, &GIVEN)
            })
        })
    }

    /// Whether the study is interventional, as far as the record says.
    pub fn interventional(&self) -> bool {
        self.study.text("StudyType").is_none_or(|t| t == "INTERVENTIONAL")
    }
}

fn criteria(study: &Study) -> Option<Passage<'_>> {
    const PIECE: &str = "EligibilityCriteria";
    Some(Passage::new(Field::of(PIECE), study.text(PIECE)?))
}

fn passage(field: Field, source: &str) -> Passage<'_> {
    let end = source.floor_char_boundary(LONGEST.min(source.len()));
    Passage::new(field, &source[..end])
}

fn words<'s>(object: &'s Value, list: &'static str, index: usize, key: &'static str) -> Option<Passage<'s>> {
    let source = object.get(key)?.as_str().filter(|s| !s.trim().is_empty())?;
    Some(passage(Field::inside(list, index, key), source))
}

fn interventions(study: &Study) -> Vec<InterventionWords<'_>> {
    const LIST: &str = "Intervention";
    let objects = study.values(LIST).into_iter().take(MOST);
    let known: Vec<&str> = objects.clone().filter_map(|o| o.get("name")?.as_str()).map(str::trim).collect();
    objects
        .enumerate()
        .filter_map(|(i, object)| {
            let names = object.get("otherNames").and_then(Value::as_array).into_iter().flatten().enumerate();
            let others = names.filter_map(|(n, name)| {
                let field = Field { nested: Some(n), ..Field::inside(LIST, i, "otherNames") };
                // The name of another intervention is none of this one.
                let name = name.as_str()?;
                let of_another = known
                    .iter()
                    .enumerate()
                    .any(|(other, known)| other != i && known.eq_ignore_ascii_case(name.trim()));
                (!of_another).then(|| passage(field, name))
            });
            Some(InterventionWords {
                others: others.collect(),
                name: words(object, LIST, i, "name")?,
                kind: object.get("type").and_then(Value::as_str),
                description: words(object, LIST, i, "description"),
            })
        })
        .collect()
}

/// The arms, and whether a field says which of them gets what.
fn arms<'s>(study: &'s Study, interventions: &[InterventionWords<'s>]) -> (Vec<ArmWords<'s>>, bool) {
    const LIST: &str = "ArmGroup";
    let objects = study.values("Intervention");
    let arms: Vec<&Value> = study.values(LIST).into_iter().take(MOST).collect();
    let single = arms.len() == 1;
    let labels: Vec<String> = arms
        .iter()
        .filter_map(|arm| arm.get("label").and_then(Value::as_str))
        .map(|label| label.trim().to_lowercase())
        .collect();
    let mut linked = false;
    let mut read = |(i, arm): (usize, &&'s Value)| {
        let label = words(arm, LIST, i, "label");
        let description = words(arm, LIST, i, "description");
        let named = named(arm, label.as_ref(), &objects, interventions);
        linked |= named.is_some();
        let told = || told(label.as_ref(), description.as_ref(), interventions, &labels);
        let interventions = match (named, single) {
            (Some(named), _) => named,
            (None, true) => (0..interventions.len()).collect(),
            (None, false) => told(),
        };
        ArmWords { label, typed: arm.get("type").and_then(Value::as_str), description, interventions }
    };
    let arms = arms.iter().enumerate().map(&mut read).collect();
    (arms, linked)
}

/// The interventions that fields give to an arm; `None` where no field says which arm gets what.
fn named(
    arm: &Value,
    label: Option<&Passage<'_>>,
    objects: &[&Value],
    interventions: &[InterventionWords<'_>],
) -> Option<Vec<usize>> {
    let names = arm.get("interventionNames").and_then(Value::as_array);
    let mut known = names.is_some();
    let mut out = Vec::new();
    for (i, words) in interventions.iter().enumerate() {
        let labels = objects.get(i).and_then(|o| o.get("armGroupLabels")).and_then(Value::as_array);
        known |= labels.is_some();
        let by_label = labels.into_iter().flatten().filter_map(Value::as_str);
        let own = label.map(|l| l.text.source.trim());
        let by_name = names.into_iter().flatten().filter_map(Value::as_str);
        let name = words.name.text.source.trim();
        let ends = |full: &str| {
            full.trim()
                .strip_suffix(name)
                .is_some_and(|kind| kind.is_empty() || kind.trim_end().ends_with(':'))
        };
        // Two interventions may have one name; labels tell them apart.
        let given = match labels {
            Some(_) => by_label.into_iter().any(|l| Some(l.trim()) == own),
            None => by_name.into_iter().any(ends),
        };
        if given {
            out.push(i);
        }
    }
    // An arm that is named nowhere while others are has no intervention.
    known.then_some(out)
}

/// The interventions that an arm's words name, but for those whose description names another arm and not this one.
fn told(
    label: Option<&Passage<'_>>,
    description: Option<&Passage<'_>>,
    interventions: &[InterventionWords<'_>],
    labels: &[String],
) -> Vec<usize> {
    let own = label.map(|l| l.text.source.trim().to_lowercase()).unwrap_or_default();
    let of_another = |v: &InterventionWords<'_>| {
        let said = v.description.as_ref().map(|d| d.text.source.to_lowercase()).unwrap_or_default();
        let names = |label: &String| label.len() > 3 && said.contains(label.as_str());
        !names(&own) && labels.iter().any(|l| *l != own && names(l))
    };
    let words: Vec<String> =
        [label, description].into_iter().flatten().map(|p| p.text.source.to_lowercase()).collect();
    let names = interventions.iter().enumerate();
    let named = names.filter(|(_, v)| {
        let name = v.name.text.source.to_lowercase();
        words.iter().any(|w| w.contains(&name)) && !of_another(v)
    });
    named.map(|(i, _)| i).collect()
}

fn outcomes(study: &Study) -> Vec<OutcomeWords<'_>> {
    const LISTS: [(Rank, &str); 3] = [
        (Rank::Primary, "PrimaryOutcome"),
        (Rank::Secondary, "SecondaryOutcome"),
        (Rank::Other, "OtherOutcome"),
    ];
    let mut out = Vec::new();
    for (rank, list) in LISTS {
        for (i, object) in study.values(list).into_iter().take(MOST).enumerate() {
            let Some(measure) = words(object, list, i, "measure") else { continue };
            out.push(OutcomeWords {
                rank,
                measure,
                time_frame: words(object, list, i, "timeFrame"),
                description: object
                    .get("description")
                    .and_then(Value::as_str)
                    .map(|source| Passage::new(Field::inside(list, i, "description"), source)),
            });
        }
    }
    out
}
