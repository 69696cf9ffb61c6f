//! A record becomes index documents: one for each site, one for the study.

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

use model::{
    Kind, PartialDate, Piece, StudyId, derived, identity, markup,
    piece::{self, Leaf},
};
use serde_json::Value;
use tantivy::TantivyDocument;
use vocabulary::{Analyzer, ConceptId, Finder};

use crate::{
    layout::{self, Fields},
    stream,
};

/// A study as the index takes it.
pub struct Analysed {
    /// The study.
    pub id: StudyId,
    pub(crate) documents: Vec<TantivyDocument>,
}

/// Analyses records; keeps its tables of words between them, so each thread should have one of its own.
pub struct Analyst {
    fields: Fields,
    words: Words,
    study: Page,
    site: Page,
}

/// What cuts text into terms.
struct Words {
    analyzer: Analyzer,
    finder: Finder,
    /// Normal forms of the value at hand, one after the other, and where each ends.
    norms: String,
    ends: Vec<usize>,
}

/// A document being written.
struct Page {
    document: TantivyDocument,
    stream: String,
    /// Next position in each piece.
    positions: Vec<u32>,
    touched: Vec<&'static Piece>,
    /// Values whose terms the document has already, by piece and fingerprint of the text.
    seen: HashSet<u64, BuildHasherDefault<Fingerprint>>,
}

/// The hasher of what is a fingerprint already.
#[derive(Default)]
struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = vocabulary::fingerprint(bytes);
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}

/// Pieces in which concepts are looked for.
fn has_concepts(piece: &Piece) -> bool {
    piece.synonyms && matches!(piece.kind, Kind::Text | Kind::Markup)
}

/// Whether a piece holds ids of MeSH headings.
fn is_mesh_id(piece: &Piece) -> bool {
    piece.name.ends_with("MeshId") || piece.name.ends_with("AncestorId")
}

struct Known {
    condition: Browse,
    intervention: Browse,
    country: &'static Piece,
    country_code: &'static Piece,
}

/// The pieces of one MeSH module and the texts that stand in for it where a record has none.
struct Browse {
    ids: &'static Piece,
    terms: &'static Piece,
    ancestors: &'static Piece,
    texts: [&'static Piece; 2],
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known {
    condition: Browse {
        ids: piece::known("ConditionMeshId"),
        terms: piece::known("ConditionMeshTerm"),
        ancestors: piece::known("ConditionAncestorTerm"),
        texts: [piece::known("Condition"), piece::known("ConditionMeshTerm")],
    },
    intervention: Browse {
        ids: piece::known("InterventionMeshId"),
        terms: piece::known("InterventionMeshTerm"),
        ancestors: piece::known("InterventionAncestorTerm"),
        texts: [piece::known("InterventionName"), piece::known("InterventionMeshTerm")],
    },
    country: piece::known("LocationCountry"),
    country_code: piece::known("LocationCountryCode"),
});

impl Analyst {
    /// A new one.
    pub fn new() -> Self {
        let words = Words {
            analyzer: Analyzer::new(),
            finder: Finder::new(),
            norms: String::new(),
            ends: Vec::new(),
        };
        Self { fields: Fields::new(), words, study: Page::new(), site: Page::new() }
    }

    /// Analyses a canonical record.
    pub fn study(&mut self, id: StudyId, record: &Value) -> Analysed {
        let Self { fields, words, study, site } = self;
        let mut documents = Vec::new();
        let mut current: Option<u32> = None;
        let mut counted =
            SiteCounts { sites: piece::known("Location").values(record).len(), list: Vec::new() };
        derived::numbers(record, &mut |piece, n| match piece.in_location() {
            true => counted.list.push((piece, n)),
            false => study.column(fields, piece, n),
        });
        piece::walk(record, &mut |leaf| {
            if let Some(number) = leaf.site {
                if let Some(before) = current.filter(|c| *c != number) {
                    counted.of_site(before).for_each(|(piece, n)| site.column(fields, piece, *n));
                    documents.push(site.finish(fields, id, before + 1));
                }
                current = Some(number);
                site.leaf(fields, words, &leaf);
            } else {
                study.leaf(fields, words, &leaf);
            }
        });
        if let Some(number) = current {
            counted.of_site(number).for_each(|(piece, n)| site.column(fields, piece, *n));
            documents.push(site.finish(fields, id, number + 1));
        }
        for browse in [&KNOWN.condition, &KNOWN.intervention] {
            study.mesh(words, browse, record);
        }
        for name in identity::identifiers(record).into_iter().filter(|name| *name != id) {
            study.document.add_u64(fields.names, name.number());
        }
        documents.push(study.finish(fields, id, 0));
        Analysed { id, documents }
    }
}

/// Derived numbers that belong to sites: counter by counter, each with a number for every site in order.
struct SiteCounts {
    sites: usize,
    list: Vec<(&'static Piece, i64)>,
}

impl SiteCounts {
    fn of_site(&self, site: u32) -> impl Iterator<Item = &(&'static Piece, i64)> {
        self.list.iter().skip(site as usize).step_by(self.sites.max(1))
    }
}

impl Default for Analyst {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    fn new() -> Self {
        let positions = vec![0; piece::all().len()];
        Self {
            document: TantivyDocument::new(),
            stream: String::new(),
            positions,
            touched: Vec::new(),
            seen: HashSet::default(),
        }
    }

    fn leaf(&mut self, fields: &Fields, words: &mut Words, leaf: &Leaf<'_>) {
        let piece = leaf.piece;
        if let (true, Some(text)) = (is_mesh_id(piece), leaf.value.as_str()) {
            // Older records pad the number with zeros; one heading has one id here.
            let id = vocabulary::by_id(text).map_or_else(|| text.to_owned(), |concept| concept.to_string());
            self.text(words, piece, &id);
            return self.whole(piece, &id);
        }
        match (piece.kind, leaf.value) {
            (Kind::Text, Value::String(text)) => self.text(words, piece, text),
            (Kind::Markup, Value::String(text)) => self.text(words, piece, &markup::unescape(text)),
            (Kind::Enum(values), Value::String(text)) => {
                if self.seen.contains(&enum_key(piece, text)) {
                    self.boundary(piece);
                    return;
                }
                let label = values.value(text).map_or("", |v| v.label);
                self.text(words, piece, &format!("{label} {}", text.replace('_', " ")));
                self.whole(piece, text);
                self.seen.insert(enum_key(piece, text));
            }
            (Kind::Boolean, Value::Bool(yes)) => {
                let text = if *yes { "true" } else { "false" };
                self.text(words, piece, text);
                self.whole(piece, text);
            }
            (Kind::GeoPoint, point) => self.point(fields, piece, point),
            (Kind::Text | Kind::Markup, other) if !other.is_null() => {
                self.text(words, piece, &other.to_string());
            }
            (_, value) => self.ordered(fields, piece, value),
        }
        if let Value::String(text) = leaf.value
            && piece.kind.is_text()
            && layout::keeps_whole(piece)
        {
            self.whole(piece, text);
            if let Some(code) = model::country::code(text).filter(|_| piece == KNOWN.country) {
                self.text(words, KNOWN.country_code, code);
            }
        }
    }

    /// A date, number or time goes into its column; what cannot be read as one is left out (the record keeps it).
    fn ordered(&mut self, fields: &Fields, piece: &'static Piece, value: &Value) {
        let number = match (piece.kind, value) {
            (Kind::Date, Value::String(text)) => text.parse::<PartialDate>().ok().map(layout::date::encode),
            (Kind::Time, Value::String(text)) => {
                text.parse::<model::Age>().ok().map(|age| age.minutes().round() as i64)
            }
            (Kind::Integer | Kind::Number, Value::Number(n)) => {
                n.as_i64().or_else(|| n.as_f64().map(|f| f.round() as i64))
            }
            (Kind::Integer | Kind::Number, Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        if let Some(number) = number {
            self.column(fields, piece, number);
        }
    }

    fn column(&mut self, fields: &Fields, piece: &Piece, number: i64) {
        if let Some(field) = fields.columns[usize::from(piece.id)] {
            self.document.add_i64(field, number);
        }
    }

    fn point(&mut self, fields: &Fields, piece: &'static Piece, value: &Value) {
        let degrees = |key: &str| value.get(key).and_then(Value::as_f64).filter(|d| d.abs() <= 360.0);
        if let (Some(lat), Some(lon)) = (degrees("lat"), degrees("lon")) {
            self.document.add_i64(fields.point[0], (lat * 1e6).round() as i64);
            self.document.add_i64(fields.point[1], (lon * 1e6).round() as i64);
            self.boundary(piece);
        }
    }

    /// Whether the document has the terms of this value in this piece already. Posted results repeat their group
    /// descriptions, units and classes hundreds of times; a second time they would find nothing more.
    fn is_repeated(&mut self, piece: &Piece, text: &str) -> bool {
        !self.seen.insert(value_key(piece, text))
    }

    /// Words and concepts of one value, between boundaries.
    fn text(&mut self, words: &mut Words, piece: &'static Piece, text: &str) {
        self.boundary(piece);
        if self.is_repeated(piece, text) {
            return;
        }
        let first = self.positions[usize::from(piece.id)];
        words.cut(text);
        for (i, norm) in words.each().enumerate() {
            stream::push(&mut self.stream, first + i as u32, |out| layout::word(out, norm, piece));
        }
        if has_concepts(piece) {
            words.concepts(&mut |start, _, concept| {
                stream::push(&mut self.stream, first + start as u32, |out| {
                    layout::concept(out, concept, piece);
                });
            });
        }
        self.positions[usize::from(piece.id)] = first + words.ends.len() as u32;
    }

    fn boundary(&mut self, piece: &'static Piece) {
        let position = &mut self.positions[usize::from(piece.id)];
        if *position == 0 {
            self.touched.push(piece);
        }
        stream::push(&mut self.stream, *position, |out| layout::boundary(out, piece));
        *position += 1;
    }

    fn whole(&mut self, piece: &Piece, value: &str) {
        stream::push(&mut self.stream, 0, |out| layout::whole(out, piece, value));
    }

    /// MeSH headings for facets and the tree: those of the record, else those its own words name.
    fn mesh(&mut self, words: &mut Words, browse: &Browse, record: &Value) {
        let given: Vec<ConceptId> = texts(browse.ids, record).filter_map(vocabulary::by_id).collect();
        let mut concepts = given.clone();
        if concepts.is_empty() {
            for text in browse.texts.iter().flat_map(|piece| texts(piece, record)) {
                words.cut(text);
                words.concepts(&mut |_, _, concept| concepts.push(concept));
            }
        }
        concepts.sort_unstable();
        concepts.dedup();
        if given.is_empty() {
            for concept in &concepts {
                self.whole(browse.ids, &concept.to_string());
            }
        }
        let mut ancestors: Vec<ConceptId> = concepts.iter().flat_map(|c| vocabulary::ancestors(*c)).collect();
        ancestors.sort_unstable();
        ancestors.dedup();
        for (piece, list) in [(browse.terms, concepts), (browse.ancestors, ancestors)] {
            let position = self.positions[usize::from(piece.id)];
            for concept in list {
                stream::push(&mut self.stream, position, |out| layout::concept(out, concept, piece));
            }
        }
    }

    fn finish(&mut self, fields: &Fields, id: StudyId, site: u32) -> TantivyDocument {
        for piece in std::mem::take(&mut self.touched) {
            self.boundary(piece);
            self.positions[usize::from(piece.id)] = 0;
        }
        self.touched.clear();
        self.seen.clear();
        let mut document = std::mem::take(&mut self.document);
        document.add_u64(fields.study, id.number());
        document.add_u64(fields.site, site.into());
        document.add_text(fields.text, &self.stream);
        self.stream.clear();
        document
    }
}

fn value_key(piece: &Piece, text: &str) -> u64 {
    vocabulary::fingerprint(text.as_bytes()) ^ u64::from(piece.id + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Apart from that of the words it is indexed as.
fn enum_key(piece: &Piece, text: &str) -> u64 {
    !value_key(piece, text)
}

fn texts<'v>(piece: &Piece, record: &'v Value) -> impl Iterator<Item = &'v str> {
    piece.values(record).into_iter().filter_map(Value::as_str)
}

impl Words {
    /// Cuts a text into normal forms.
    fn cut(&mut self, text: &str) {
        self.norms.clear();
        self.ends.clear();
        let Self { analyzer, norms, ends, .. } = self;
        analyzer.each(text, &mut |norm, _| {
            norms.push_str(norm);
            ends.push(norms.len());
        });
    }

    /// The normal forms of the last cut.
    fn each(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.norms[start..*end])
    }

    /// The concepts of the last cut.
    fn concepts(&mut self, found: &mut dyn FnMut(usize, usize, ConceptId)) {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let norms: Vec<&str> = starts.zip(&self.ends).map(|(start, end)| &self.norms[start..*end]).collect();
        self.finder.each(&norms, found);
    }
}
