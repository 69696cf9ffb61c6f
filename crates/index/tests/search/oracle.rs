//! Says of every study whether a query holds for it, by reading the record: no index, no posting lists.
//!
//! Written from the documentation (`spec/query.md`, `crates/index/src/text.rs`, `crates/query/src/resolved.rs`), so
//! that a difference to the index is a mistake in one of the two.

use std::collections::{BTreeSet, HashMap};

use model::{Age, Kind, PartialDate, Piece, StudyId, derived, markup, piece};
use query::{
    resolved::{Circle, Resolved, Segment, TextMatch},
    typed::{Coverage, Expansion},
};
use serde_json::{Value, json};
use vocabulary::{ConceptId, Finder};

/// A study, read once.
pub struct Facts {
    /// Its id.
    pub id: StudyId,
    /// The record as a whole.
    whole: View,
    /// Every site as if it were the only one.
    sites: Vec<View>,
}

/// The record as searches see it: with the code of each site's country, which records never hold, and MeSH ids of one
/// length, where older records pad theirs.
fn as_searched(json: &Value) -> Value {
    let mut json = json.clone();
    let sites = json.pointer_mut("/protocolSection/contactsLocationsModule/locations");
    for site in sites.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(code) = site.get("country").and_then(Value::as_str).and_then(model::country::code) {
            site["countryCode"] = code.into();
        }
    }
    for list in ["condition", "intervention"].iter().flat_map(|m| [(m, "meshes"), (m, "ancestors")]) {
        let headings = json.pointer_mut(&format!("/derivedSection/{}BrowseModule/{}", list.0, list.1));
        for heading in headings.and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(id) = heading.get("id").and_then(Value::as_str).and_then(vocabulary::by_id) {
                heading["id"] = id.to_string().into();
            }
        }
    }
    json
}

/// What a record says, piece by piece.
struct View {
    json: Value,
    texts: HashMap<u16, Vec<Text>>,
    concepts: HashMap<u16, BTreeSet<ConceptId>>,
    numbers: HashMap<u16, Vec<i64>>,
}

/// One value with words.
struct Text {
    words: Vec<String>,
    /// The characters, if the record holds a string.
    verbatim: Option<String>,
}

impl Facts {
    /// Reads a record.
    pub fn new(id: StudyId, json: &Value) -> Self {
        let json = &as_searched(json);
        let locations = piece::known("Location").values(json);
        let alone = |site: &Value| {
            View::new(json!({"protocolSection": {"contactsLocationsModule": {"locations": [site]}}}))
        };
        Self { id, whole: View::new(json.clone()), sites: locations.into_iter().map(alone).collect() }
    }

    /// Whether the query holds for the study.
    pub fn holds(&self, query: &Resolved) -> bool {
        self.at(query, None)
    }

    /// The view in which a piece is to be looked up: the site's own for its pieces, else the study's.
    fn view(&self, piece: &Piece, site: Option<usize>) -> &View {
        match site {
            Some(site) if piece.in_location() => &self.sites[site],
            _ => &self.whole,
        }
    }

    fn at(&self, query: &Resolved, site: Option<usize>) -> bool {
        match query {
            Resolved::All => true,
            Resolved::Or(parts) => parts.iter().any(|part| self.at(part, site)),
            Resolved::And(parts) => parts.iter().all(|part| self.at(part, site)),
            Resolved::Not(part) => !self.at(part, site),
            Resolved::Tilt(_, part) => self.at(part, site),
            Resolved::InOneSite(part) => match site {
                Some(_) => self.at(part, site),
                None => (0..self.sites.len()).any(|s| self.at(part, Some(s))),
            },
            Resolved::Text(text) => self.text(text, site),
            Resolved::Missing(pieces) => !pieces.iter().any(|p| self.view(p, site).has(p)),
            Resolved::Near(circle) => match site {
                Some(s) => self.sites[s].near(circle),
                None => self.sites.iter().any(|s| s.near(circle)),
            },
            Resolved::Ids(ids) => {
                let aliases = piece::known("NCTIdAlias").values(&self.whole.json);
                ids.contains(&self.id)
                    || ids.iter().any(|id| aliases.iter().any(|a| a.as_str() == Some(&id.to_string())))
            }
            Resolved::Enum(piece, ..)
            | Resolved::Bool(piece, ..)
            | Resolved::Dates(piece, ..)
            | Resolved::Numbers(piece, ..)
            | Resolved::Times(piece, ..)
            | Resolved::Texts(piece, ..)
            | Resolved::Size(piece, ..) => self.view(piece, site).fact(query),
        }
    }

    /// Words in pieces of sites meet in one site; where pieces of both kinds are searched, the study is one whole.
    fn text(&self, text: &TextMatch, site: Option<usize>) -> bool {
        if site.is_none() && text.pieces.iter().all(|p| p.piece.in_location()) {
            return (0..self.sites.len()).any(|s| self.text(text, Some(s)));
        }
        let term =
            Term { look: text.pieces.iter().map(|p| (p.piece, self.view(p.piece, site))).collect(), text };
        term.holds()
    }
}

impl View {
    fn new(json: Value) -> Self {
        let mut view = Self {
            texts: HashMap::new(),
            concepts: HashMap::new(),
            numbers: HashMap::new(),
            json: Value::Null,
        };
        piece::walk(&json, &mut |leaf| view.leaf(leaf.piece, leaf.value));
        derived::numbers(&json, &mut |piece, n| view.numbers.entry(piece.id).or_default().push(n));
        view.headings(&json, "ConditionMesh", "ConditionAncestorTerm", "Condition");
        view.headings(&json, "InterventionMesh", "InterventionAncestorTerm", "InterventionName");
        view.json = json;
        view
    }

    fn leaf(&mut self, piece: &'static Piece, value: &Value) {
        let verbatim = value.as_str().map(str::to_owned);
        let text = match (piece.kind, value) {
            (_, Value::Null) => return,
            (Kind::Text, Value::String(text)) => text.clone(),
            (Kind::Markup, Value::String(text)) => markup::unescape(text).into_owned(),
            (Kind::Enum(kind), Value::String(wire)) => {
                format!("{} {}", kind.value(wire).map_or("", |v| v.label), wire.replace('_', " "))
            }
            (Kind::Boolean | Kind::Text | Kind::Markup, other) => other.to_string(),
            _ => return,
        };
        let words: Vec<String> = vocabulary::words(&text).into_iter().map(|w| w.norm).collect();
        if piece.synonyms && piece.kind.is_text() {
            self.concepts.entry(piece.id).or_default().extend(concepts(&words));
        }
        self.texts.entry(piece.id).or_default().push(Text { words, verbatim });
    }

    /// The MeSH headings of the record, or, where it has none, those that its own words name; and all above them.
    fn headings(&mut self, json: &Value, module: &str, ancestors: &str, words: &str) {
        let strings = |name: &str| -> Vec<&str> {
            piece::known(name).values(json).into_iter().filter_map(Value::as_str).collect()
        };
        let terms = piece::known(&format!("{module}Term"));
        let mut headings: BTreeSet<ConceptId> =
            strings(&format!("{module}Id")).into_iter().filter_map(vocabulary::by_id).collect();
        if headings.is_empty() {
            for text in strings(words).into_iter().chain(strings(terms.name)) {
                let words: Vec<String> = vocabulary::words(text).into_iter().map(|w| w.norm).collect();
                headings.extend(concepts(&words));
            }
        }
        let above = headings.iter().flat_map(|c| vocabulary::ancestors(*c));
        self.concepts.entry(piece::known(ancestors).id).or_default().extend(above);
        self.concepts.entry(terms.id).or_default().extend(headings);
    }

    fn texts(&self, piece: &Piece) -> &[Text] {
        self.texts.get(&piece.id).map_or(&[], Vec::as_slice)
    }

    fn strings(&self, piece: &Piece) -> impl Iterator<Item = &str> {
        piece.values(&self.json).into_iter().filter_map(Value::as_str)
    }

    /// Whole numbers of a piece: the record's and the derived ones.
    fn numbers(&self, piece: &Piece) -> Vec<f64> {
        let number = |v: &Value| v.as_f64().or_else(|| v.as_str()?.parse().ok());
        let own = piece.values(&self.json).into_iter().filter_map(number);
        own.chain(self.numbers.get(&piece.id).into_iter().flatten().map(|n| *n as f64)).collect()
    }

    fn dates(&self, piece: &Piece) -> Vec<PartialDate> {
        self.strings(piece).filter_map(|text| text.parse().ok()).collect()
    }

    fn minutes(&self, piece: &Piece) -> Vec<f64> {
        self.strings(piece).filter_map(|text| text.parse::<Age>().ok()).map(Age::minutes).collect()
    }

    /// Degrees north and east of every point.
    fn points(&self) -> Vec<(f64, f64)> {
        let point = |v: &Value| Some((v.get("lat")?.as_f64()?, v.get("lon")?.as_f64()?));
        piece::known("LocationGeoPoint").values(&self.json).into_iter().filter_map(point).collect()
    }

    /// Whether a piece has a value that can be read as what it should be.
    fn has(&self, piece: &Piece) -> bool {
        match piece.kind {
            Kind::Date => !self.dates(piece).is_empty(),
            Kind::Time => !self.minutes(piece).is_empty(),
            Kind::Integer | Kind::Number => !self.numbers(piece).is_empty(),
            Kind::GeoPoint => !self.points().is_empty(),
            _ => !self.texts(piece).is_empty(),
        }
    }

    /// Any site within the circle, by the spherical law of cosines (the index uses the haversine).
    fn near(&self, circle: &Circle) -> bool {
        self.points().into_iter().any(|(lat, lon)| distance(circle, lat, lon) <= circle.km)
    }

    fn fact(&self, query: &Resolved) -> bool {
        let within = |lo: f64, hi: f64, n: f64| lo <= n && n <= hi;
        match query {
            Resolved::Enum(piece, values) => self.strings(piece).any(|v| values.contains(&v)),
            Resolved::Bool(piece, yes) => piece.values(&self.json).iter().any(|v| v.as_bool() == Some(*yes)),
            Resolved::Dates(piece, lo, hi) => self
                .dates(piece)
                .into_iter()
                .any(|d| lo.is_none_or(|lo| d.last_day() >= lo) && hi.is_none_or(|hi| d.first_day() <= hi)),
            Resolved::Numbers(piece, lo, hi) => self.numbers(piece).into_iter().any(|n| within(*lo, *hi, n)),
            Resolved::Times(piece, lo, hi) => self.minutes(piece).into_iter().any(|n| within(*lo, *hi, n)),
            Resolved::Texts(piece, lo, hi) => self.texts(piece).iter().any(|text| {
                let text = text.words.join(" ");
                !text.is_empty()
                    && lo.as_ref().is_none_or(|lo| text >= *lo)
                    && hi.as_ref().is_none_or(|hi| text <= *hi || text.starts_with(hi.as_str()))
            }),
            Resolved::Size(piece, lo, hi) => within(*lo, *hi, piece::size(piece, &self.json) as f64),
            _ => unreachable!("only what one piece decides comes here"),
        }
    }
}

/// A term and where to look for it.
struct Term<'f> {
    text: &'f TextMatch,
    look: Vec<(&'static Piece, &'f View)>,
}

impl Term<'_> {
    fn holds(&self) -> bool {
        let all: Vec<&str> = self.text.segments.iter().flat_map(words_of).collect();
        match (self.text.coverage, self.text.expansion) {
            _ if self.text.segments.is_empty() => false,
            (_, Expansion::None) => self.verbatim(&all),
            (_, Expansion::Term) => self.phrase(&all, self.text.coverage),
            (_, Expansion::Lossy) => self.telling().any(|s| {
                words_of(s).any(|w| self.word(w)) || s.concept.is_some_and(|concept| self.concept(concept))
            }),
            (Coverage::Contains, Expansion::Relaxation) => self.text.segments.iter().all(|s| self.relaxed(s)),
            _ => self.together(&all),
        }
    }

    /// Under `Lossy` words that say nothing on their own are passed over where there are others.
    fn telling(&self) -> impl Iterator<Item = &Segment> {
        let says = |s: &Segment| s.concept.is_some() || words_of(s).any(|w| !vocabulary::is_stop_word(w));
        let any = self.text.segments.iter().any(says);
        self.text.segments.iter().filter(move |s| !any || says(s))
    }

    fn texts(&self) -> impl Iterator<Item = &Text> {
        self.look.iter().flat_map(|(piece, view)| view.texts(piece))
    }

    /// A word outside the headings above the study's own in the MeSH tree.
    fn own_word(&self, word: &str) -> bool {
        let own = self.look.iter().filter(|(piece, _)| !piece.name.ends_with("AncestorTerm"));
        own.flat_map(|(piece, view)| view.texts(piece)).any(|text| text.words.iter().any(|w| w == word))
    }

    fn word(&self, word: &str) -> bool {
        self.texts().any(|text| text.words.iter().any(|w| w == word))
    }

    fn concept(&self, concept: ConceptId) -> bool {
        self.look.iter().any(|(p, view)| view.concepts.get(&p.id).is_some_and(|c| c.contains(&concept)))
    }

    fn phrase(&self, words: &[&str], coverage: Coverage) -> bool {
        self.texts().any(|text| covers(&text.words, words, coverage))
    }

    /// One value that holds the words, and these very characters.
    fn verbatim(&self, words: &[&str]) -> bool {
        let collapse = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = collapse(&self.text.text);
        self.texts().any(|text| {
            let Some(value) = text.verbatim.as_deref().map(|v| collapse(&markup::unescape(v))) else {
                return false;
            };
            covers(&text.words, words, self.text.coverage)
                && match self.text.coverage {
                    Coverage::FullMatch => value == wanted,
                    Coverage::StartsWith => value.starts_with(&wanted),
                    Coverage::EndsWith => value.ends_with(&wanted),
                    Coverage::Contains => stands_alone(&value, &wanted),
                }
        })
    }

    /// A segment as typed, by its concept, or with the words of one of its names apart.
    fn relaxed(&self, segment: &Segment) -> bool {
        let typed: Vec<&str> = words_of(segment).collect();
        self.phrase(&typed, Coverage::Contains)
            || segment.concept.is_some_and(|concept| self.concept(concept))
            || apart(segment).iter().any(|name| name.iter().all(|w| self.own_word(w)))
    }

    /// The words in a row, each concept by any of its names.
    fn together(&self, all: &[&str]) -> bool {
        let coverage = self.text.coverage;
        if let ([Segment { concept: Some(concept), synonyms, .. }], Coverage::Contains) =
            (&self.text.segments[..], coverage)
        {
            let plain = |name: &Vec<String>| {
                let name: Vec<&str> = name.iter().map(String::as_str).collect();
                let mut look = self.look.iter().filter(|(p, _)| !p.synonyms);
                look.any(|(p, view)| view.texts(p).iter().any(|t| covers(&t.words, &name, coverage)))
            };
            return self.phrase(all, coverage) || self.concept(*concept) || synonyms.iter().any(plain);
        }
        spellings(&self.text.segments).iter().any(|words| self.phrase(words, coverage))
    }
}

fn words_of(segment: &Segment) -> impl Iterator<Item = &str> {
    segment.words.iter().map(String::as_str)
}

fn concepts(words: &[String]) -> Vec<ConceptId> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    Finder::new().each(&words, &mut |_, _, concept| found.push(concept));
    found
}

/// Whether the words stand in a row in a value and cover it as asked.
fn covers(value: &[String], words: &[&str], coverage: Coverage) -> bool {
    let same = |part: &[String]| part.iter().zip(words).all(|(a, b)| a == b);
    match coverage {
        _ if words.is_empty() || value.len() < words.len() => false,
        Coverage::Contains => value.windows(words.len()).any(same),
        Coverage::FullMatch => value.len() == words.len() && same(value),
        Coverage::StartsWith => same(&value[..words.len()]),
        Coverage::EndsWith => same(&value[value.len() - words.len()..]),
    }
}

/// Whether the characters stand in the value with no letter or digit glued to either end.
fn stands_alone(value: &str, wanted: &str) -> bool {
    let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    (0..value.len()).filter(|at| value.is_char_boundary(*at)).any(|at| {
        let (before, rest) = value.split_at(at);
        let after = rest.strip_prefix(wanted).map(|after| after.chars().next());
        after.is_some_and(open) && open(before.chars().next_back())
    })
}

/// The names of a concept that may stand apart, without the little words: the six shortest that include the others.
fn apart(segment: &Segment) -> Vec<BTreeSet<&str>> {
    let content = |name: &Vec<String>| -> BTreeSet<String> {
        name.iter().filter(|w| !vocabulary::is_stop_word(w)).cloned().collect()
    };
    let names: BTreeSet<BTreeSet<String>> =
        std::iter::once(&segment.words).chain(&segment.synonyms).map(content).collect();
    let smaller = |name: &BTreeSet<String>, than: &BTreeSet<String>| name != than && name.is_subset(than);
    let mut kept: Vec<BTreeSet<&str>> = names
        .iter()
        .filter(|n| !n.is_empty() && !names.iter().any(|o| !o.is_empty() && smaller(o, n)))
        .map(|name| segment_words(segment, name))
        .collect();
    kept.sort_by_key(|name| (name.len(), name.iter().copied().map(str::to_owned).collect::<Vec<_>>()));
    kept.truncate(6);
    kept
}

fn segment_words<'s>(segment: &'s Segment, name: &BTreeSet<String>) -> BTreeSet<&'s str> {
    let all = std::iter::once(&segment.words).chain(&segment.synonyms).flatten();
    all.map(String::as_str).filter(|w| name.contains(*w)).collect()
}

/// Every way to say the segments in a row.
fn spellings(segments: &[Segment]) -> Vec<Vec<&str>> {
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    for segment in segments {
        let mut longer = Vec::new();
        for name in std::iter::once(&segment.words).chain(&segment.synonyms) {
            longer.extend(
                ways.iter()
                    .map(|way| [&way[..], &name.iter().map(String::as_str).collect::<Vec<_>>()].concat()),
            );
        }
        ways = longer;
    }
    ways
}

/// Kilometres on a sphere of the mean radius of the Earth.
pub fn distance(circle: &Circle, lat: f64, lon: f64) -> f64 {
    let (a, b) = (circle.lat.to_radians(), lat.to_radians());
    let cos = a.sin() * b.sin() + a.cos() * b.cos() * (lon - circle.lon).to_radians().cos();
    6371.0088 * cos.clamp(-1.0, 1.0).acos()
}

/// How many ways there are to say a query's phrases; the index tries 48 at most, so properties ask for fewer.
pub fn ways(query: &Resolved) -> usize {
    match query {
        Resolved::And(parts) | Resolved::Or(parts) => parts.iter().map(ways).max().unwrap_or(0),
        Resolved::Not(part) | Resolved::InOneSite(part) | Resolved::Tilt(_, part) => ways(part),
        Resolved::Text(text) => {
            text.segments.iter().fold(1, |n: usize, s| n.saturating_mul(1 + s.synonyms.len()))
        }
        _ => 0,
    }
}
