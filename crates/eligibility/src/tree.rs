//! Criteria as logic: the tree, its leaves, and what stands beside it.
//!
//! The shape is that of the project's notation of criteria (`docs/criteria-language.md`): [`crate::notation`] writes
//! and reads it as JSON. Every node knows the characters it was read from and the rule that read it; two trees are
//! equal when they say the same, wherever and by whatever rule they were read.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kept::{
    decimal,
    word::{self, Word},
};

/// All criteria of one study or text, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// The items. Together with the marks they cover every character that is not blank, each once.
    pub items: Vec<Item>,
    /// Headings of sections, bullets and numbers of items, in the raw text.
    pub marks: Vec<Span>,
}

impl Criteria {
    /// The same in a longer text, in which the text that was read begins at this byte.
    pub fn shifted(mut self, by: u32) -> Self {
        for item in &mut self.items {
            item.span = item.span.shifted(by);
            if let Some(expr) = &mut item.expr {
                expr.shift(by);
            }
        }
        for mark in &mut self.marks {
            *mark = mark.shifted(by);
        }
        self
    }
}

/// One criterion as printed, and as understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Under which heading it stands.
    pub section: Section,
    /// Its number within the section.
    pub number: Number,
    /// Its bytes in the raw text.
    pub span: Span,
    /// Its words, verbatim, without the bullet.
    pub source: String,
    /// The heading of the cohort (`Arm A`) it is about; its words are in the tree, too.
    pub cohort: Option<Heading>,
    /// What the tree means for the person; `None` without a tree.
    pub polarity: Option<Polarity>,
    /// The tree; `None` only where a text has no criteria.
    pub expr: Option<Node>,
    /// How much of it a record can decide.
    pub computable: Computable,
    /// What no record can decide, with the reason in prose.
    pub residue: Vec<Residue>,
    /// What a reader should know of how it was read.
    pub flags: Vec<Flag>,
}

/// A heading as printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Its bytes in the raw text.
    pub span: Span,
    /// Its words, verbatim.
    pub source: String,
}

/// The part of a study's criteria that an item belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Section {
    /// A structured field of the record: age, sex, volunteers.
    Registry,
    /// Must hold.
    Inclusion,
    /// Must not hold.
    Exclusion,
    /// There are no criteria.
    None,
}

/// The number of an item in its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Number {
    /// Printed or counted, from 1; 0 where there are no criteria.
    Counted(u32),
    /// A field of the record.
    Field(Field),
}

/// The structured fields that are criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// Minimum and maximum age.
    Age,
    /// Sex.
    Sex,
    /// Whether healthy people are accepted.
    Volunteers,
}

/// Whether a person must or must not be as the tree says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Polarity {
    /// The item is met if the tree is true.
    Require,
    /// The item is met if the tree is false.
    Forbid,
}

/// How much of an item a record can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Computable {
    /// The tree says all.
    Resolved,
    /// Some records decide it; a part is vague, ambiguous or for a person.
    Partial,
    /// No record can make it true or false.
    Human,
    /// The tree says all, but a value is implausible as written: unknown until the repair is accepted.
    Flagged,
    /// There are no criteria.
    Absent,
}

/// Bytes `start..end` of the raw text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A rule of the reader, by its id; `docs/criteria-language.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rule(#[serde(with = "word")] pub Word);

/// A part of the tree, where it was read, and by which rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    /// What it says.
    pub op: Op,
    /// The bytes it was read from.
    pub span: Span,
    /// The rule that read it.
    pub rule: Rule,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.op == other.op
    }
}

impl Node {
    /// A node without a place: made by a program, not read from a text.
    pub fn new(op: Op) -> Self {
        Self { op, span: Span::default(), rule: Rule("made") }
    }

    /// The nodes directly below with their keys in the notation, in order.
    pub fn keyed_children(&self) -> Vec<(String, &Node)> {
        let keys: Vec<String> = match &self.op {
            Op::Not(_) => vec!["arg".to_owned()],
            Op::Exposure(_) => vec!["to".to_owned()],
            Op::Order { .. } => vec!["first".to_owned(), "then".to_owned()],
            Op::Has(has) => {
                let keys = [(&has.defined_by, "defined_by"), (&has.relax, "relax")];
                keys.into_iter().filter(|(node, _)| node.is_some()).map(|(_, key)| key.to_owned()).collect()
            }
            _ => (0..self.children().len()).map(|n| format!("args[{n}]")).collect(),
        };
        keys.into_iter().zip(self.children()).collect()
    }

    /// The nodes directly below, in order.
    pub fn children(&self) -> Vec<&Node> {
        match &self.op {
            Op::And(args) | Op::Or(args) | Op::Ambiguous(args) | Op::AtLeast { args, .. } => {
                args.iter().collect()
            }
            Op::Not(arg) => vec![arg],
            Op::Exposure(e) => vec![&e.to],
            Op::Order { first, then, .. } => vec![first, then],
            Op::Has(has) => has.defined_by.iter().chain(&has.relax).map(|n| &**n).collect(),
            _ => Vec::new(),
        }
    }

    /// The nodes directly below, to be changed, in order.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.op {
            Op::And(args) | Op::Or(args) | Op::Ambiguous(args) | Op::AtLeast { args, .. } => {
                args.iter_mut().collect()
            }
            Op::Not(arg) => vec![arg],
            Op::Exposure(e) => vec![&mut e.to],
            Op::Order { first, then, .. } => vec![first, then],
            Op::Has(has) => has.defined_by.iter_mut().chain(&mut has.relax).map(|n| &mut **n).collect(),
            _ => Vec::new(),
        }
    }

    /// Adds to the places of this node and all below it.
    fn shift(&mut self, by: u32) {
        self.each_mut(&mut |node| node.span = node.span.shifted(by));
    }

    /// Changes this node and all below it, top down.
    pub fn each_mut(&mut self, f: &mut dyn FnMut(&mut Node)) {
        f(self);
        for child in self.children_mut() {
            child.each_mut(f);
        }
    }

    /// Calls `f` with this node and all below it, top down, in the order of the text.
    pub fn each<'n>(&'n self, f: &mut dyn FnMut(&'n Node)) {
        f(self);
        let mut below = |node: &'n Node| node.each(f);
        match &self.op {
            Op::And(args) | Op::Or(args) | Op::Ambiguous(args) | Op::AtLeast { args, .. } => {
                args.iter().for_each(below);
            }
            Op::Not(arg) => below(arg),
            Op::Has(has) => has.defined_by.iter().chain(&has.relax).for_each(|node| below(node)),
            // The others are few.
            Op::Exposure(_) | Op::Order { .. } => self.children().into_iter().for_each(below),
            _ => {}
        }
    }
}

/// What a node says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// Words that restrict nothing.
    True {
        /// `sex` where that is what is not restricted.
        var: Option<Var>,
        /// The words.
        text: String,
    },
    /// All of them (two or more).
    And(Vec<Node>),
    /// One of them at least (two or more).
    Or(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// `k` of them at least.
    AtLeast {
        /// How many.
        k: u32,
        /// Of which.
        args: Vec<Node>,
    },
    /// Readings of one text (two or more), the one true of most records first.
    Ambiguous(Vec<Node>),
    /// A value within bounds.
    Cmp(Box<Cmp>),
    /// A value of a set.
    Coded(Box<Coded>),
    /// A fact is present.
    Has(Box<Has>),
    /// A treatment that lasted.
    Exposure(Box<Exposure>),
    /// A value that changed.
    Change(Box<Change>),
    /// Something that began after something else.
    Order {
        /// What came first.
        first: Box<Node>,
        /// What came then.
        then: Box<Node>,
        /// Whether the same day counts.
        allow_same_time: bool,
    },
    /// Any of the variables outside its reference range.
    Abnormal {
        /// The variables.
        vars: Vec<Var>,
    },
    /// For a person to decide.
    Human {
        /// Why.
        reason: Reason,
        /// The words.
        text: String,
    },
    /// The criteria of a guideline; only under `defined_by`.
    Guideline {
        /// Its name and year.
        reference: String,
        /// The words.
        text: String,
    },
    /// A way to become eligible again; only under `relax`, information that is not evaluated.
    Washout {
        /// At least so long.
        lo: Bound,
        /// UCUM unit of time, or `{half-life}`.
        unit: String,
    },
}

/// A variable: an id of the catalogue (`hba1c`), or `text:` and normalised words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Var(pub Box<str>);

/// A concept: an id of the catalogue (`t2dm`), a vocabulary's (`mesh:D003924`, `hp:0002625`), or `text:` and normalised
/// words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Concept(pub Box<str>);

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bound {
    /// The value; compared as a decimal.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// Whether the value itself is inside.
    pub incl: bool,
}

/// A length of time or an amount: one bound at least, and a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// At least.
    pub lo: Option<Bound>,
    /// At most.
    pub hi: Option<Bound>,
    /// UCUM unit.
    pub unit: String,
}

/// A value within bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cmp {
    /// Of what.
    pub var: Var,
    /// At least.
    pub lo: Option<Bound>,
    /// At most.
    pub hi: Option<Bound>,
    /// UCUM unit as printed; `{ULN}` and `{LLN}` are multiples of the limits of normal.
    pub unit: String,
    /// Where it is measured.
    pub site: Option<String>,
    /// How (`MDRD`).
    pub method: Option<String>,
    /// In which state (`fasting`).
    pub state: Option<String>,
    /// For how long it has been so.
    pub stable_for: Option<Extent>,
    /// When it is measured: an older value says nothing.
    pub when: Option<When>,
    /// The (one) value in the canonical unit, where that is another one.
    pub canonical: Option<Quantity>,
    /// What an implausible unit may have meant; never applied unasked.
    pub repair: Option<Repair>,
}

impl Cmp {
    /// A value of a variable within bounds, with nothing said of how it is measured.
    pub fn new(var: Var, lo: Option<Bound>, hi: Option<Bound>, unit: String) -> Self {
        Self {
            var,
            lo,
            hi,
            unit,
            site: None,
            method: None,
            state: None,
            stable_for: None,
            when: None,
            canonical: None,
            repair: None,
        }
    }
}

/// A value with its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The value.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// UCUM unit.
    pub unit: String,
}

/// A suggestion for an implausible unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The unit that was perhaps meant.
    pub unit: String,
    /// The value it would be.
    pub canonical: Quantity,
    /// `high` where only one unit makes it plausible.
    pub confidence: String,
}

/// A variable whose value is in a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coded {
    /// Of what.
    pub var: Var,
    /// The values.
    pub values: Vec<Code>,
    /// Measured in what.
    pub specimen: Option<String>,
    /// When it is found: an older result says nothing.
    pub when: Option<When>,
    /// The words.
    pub text: String,
}

/// A value of a coded or ordinal variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    /// A class, grade, stage.
    Integer(i64),
    /// `positive`, `A`, `female`.
    Word(String),
}

/// What kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Kind {
    Condition,
    Finding,
    Status,
    Event,
    Procedure,
    Drug,
    DrugClass,
    Treatment,
    /// The concept is the allergen.
    Allergy,
    /// A treatment is required: given, ordered or recorded as indicated.
    Need,
}

/// A fact that must be present.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Has {
    /// What kind of fact.
    pub kind: Kind,
    /// Of what.
    pub concept: Concept,
    /// The words that name it.
    pub text: String,
    /// When, if the text says so.
    pub when: Option<When>,
    /// `severe`.
    pub severity: Option<String>,
    /// `uncontrolled`, `uncorrected`, `poorly_controlled`.
    pub control: Option<String>,
    /// `chronic`.
    pub course: Option<String>,
    /// `known`.
    pub certainty: Option<String>,
    /// `clinically_significant`.
    pub significance: Option<String>,
    /// How it must be shown.
    pub evidence: Option<String>,
    /// `capsule`, `tablet`.
    pub form: Option<String>,
    /// Body site, lower case.
    pub site: Option<String>,
    /// How many.
    pub count: Option<Bound>,
    /// The constraint that defines it.
    pub defined_by: Option<Box<Node>>,
    /// Examples, verbatim; not evaluated.
    pub examples: Vec<String>,
    /// Whether the examples are not all.
    pub open_list: bool,
    /// Listed kinds; not evaluated.
    pub subtypes: Vec<String>,
    /// A printed way to become eligible again.
    pub relax: Option<Box<Node>>,
}

impl Has {
    /// A fact with nothing said about it.
    pub fn new(kind: Kind, concept: Concept, text: String) -> Self {
        Self {
            kind,
            concept,
            text,
            when: None,
            severity: None,
            control: None,
            course: None,
            certainty: None,
            significance: None,
            evidence: None,
            form: None,
            site: None,
            count: None,
            defined_by: None,
            examples: Vec::new(),
            open_list: false,
            subtypes: Vec::new(),
            relax: None,
        }
    }
}

/// When a fact must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct When {
    /// The length of the window, reaching from the anchor back (`before`) or forward (`after`).
    pub window: Option<Window>,
    /// How it lies to the anchor.
    pub relation: Relation,
    /// To what.
    pub anchor: Option<Anchor>,
}

/// The length of a window.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// How many.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// UCUM unit of time, or `{half-life}`.
    pub unit: String,
    /// Whether the far end is inside.
    pub incl: bool,
}

/// How a fact lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Relation {
    Current,
    Ever,
    Before,
    During,
    After,
    Future,
}

/// What a time is told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Anchor {
    Screening,
    Enrollment,
    Study,
}

/// A treatment that lasted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// The treatment.
    pub to: Node,
    /// How long.
    pub duration: Extent,
    /// Whether all parts were given together.
    pub concurrent: bool,
}

/// A value that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Of what.
    pub var: Var,
    /// Whether an increase or a decrease is told.
    pub increase: bool,
    /// Whether in percent of the first value.
    pub percent: bool,
    /// From when: `baseline`, `start_of_exposure`.
    pub from: String,
    /// At least; signed (a worsening is a negative decrease).
    pub lo: Option<Bound>,
    /// At most.
    pub hi: Option<Bound>,
    /// UCUM unit.
    pub unit: String,
}

/// Why a person must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The text names the investigator.
    InvestigatorJudgement,
    /// No threshold.
    ClinicalJudgement,
    /// Understanding, capacity, compliance.
    Subjective,
    /// Willingness.
    Consent,
    /// The list is not closed.
    OpenList,
    /// No record holds it, or it was not understood.
    NotInRecord,
}

/// Words that no record decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// The words, a part of the item's source.
    pub text: String,
    /// Why, in prose.
    pub reason: String,
    /// How the item depends on them, if they were not read at all; `None` if they are as if absent.
    pub unread: Option<Unread>,
}

/// How an item depends on words that stand in no part of its tree: a person must see to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unread {
    /// They are asked for as well: a tree that is true does not make the item so.
    Condition,
    /// They are another way to be so: a tree that is false does not make the item so.
    Alternative,
}

/// A remark on how something was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// What kind of remark.
    #[serde(with = "word")]
    pub code: Word,
    /// The words, a part of the item's source.
    pub text: String,
    /// The remark in prose.
    pub note: String,
    /// What may have been meant.
    pub suggest: Option<String>,
}

/// Makes an enum's words both ways.
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// All values.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word of the notation.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(Section { Registry = "registry", Inclusion = "inclusion", Exclusion = "exclusion", None = "none" });
words!(Field { Age = "age", Sex = "sex", Volunteers = "volunteers" });
words!(Polarity { Require = "require", Forbid = "forbid" });
words!(Computable {
    Resolved = "resolved",
    Partial = "partial",
    Human = "human",
    Flagged = "flagged",
    Absent = "absent",
});
impl Computable {
    /// A sign that stands with the word.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Resolved => "✓",
            Self::Partial => "◐",
            Self::Human => "☞",
            Self::Flagged => "!",
            Self::Absent => "∅",
        }
    }

    /// The level in words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Partial => "in part",
            Self::Human => "for a person",
            Self::Flagged => "flagged",
            Self::Absent => "no criteria",
        }
    }
}

words!(Kind {
    Condition = "condition",
    Finding = "finding",
    Status = "status",
    Event = "event",
    Procedure = "procedure",
    Drug = "drug",
    DrugClass = "drug_class",
    Treatment = "treatment",
    Allergy = "allergy",
    Need = "need",
});
words!(Relation {
    Current = "current",
    Ever = "ever",
    Before = "before",
    During = "during",
    After = "after",
    Future = "future",
});
words!(Anchor { Screening = "screening", Enrollment = "enrollment", Study = "study" });
words!(Reason {
    InvestigatorJudgement = "investigator_judgement",
    ClinicalJudgement = "clinical_judgement",
    Subjective = "subjective",
    Consent = "consent",
    OpenList = "open_list",
    NotInRecord = "not_in_record",
});

impl Span {
    /// The bytes of a text that it names; empty where it names none.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The same bytes in a text that has so many more before them.
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl Item {
    /// The words that stand in no part of the tree and that it depends on in this way.
    pub fn unread(&self, how: Unread) -> impl Iterator<Item = &str> {
        self.residue.iter().filter(move |residue| residue.unread == Some(how)).map(|residue| &*residue.text)
    }

    /// What stands for the criteria of a text that has none.
    pub fn absent() -> Self {
        let why = "no criteria";
        Self {
            section: Section::None,
            number: Number::Counted(0),
            span: Span::default(),
            source: String::new(),
            polarity: None,
            expr: None,
            cohort: None,
            computable: Computable::Absent,
            residue: vec![Residue {
                text: String::new(),
                reason: format!("{why}: the verdict is unknown"),
                unread: None,
            }],
            flags: vec![Flag { code: "no_criteria", text: String::new(), note: why.into(), suggest: None }],
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counted(n) => write!(f, "{n}"),
            Self::Field(field) => field.fmt(f),
        }
    }
}

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Concept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
