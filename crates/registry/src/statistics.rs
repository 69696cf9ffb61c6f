//! What values the fields of all records have: for `/stats/field/values` and `/stats/field/sizes`.
//!
//! Text is counted by a 64-bit hash of each value, so that memory does not grow with the length of the texts; the
//! commonest ones are read again from a record that has them. What is counted does not depend on the order in which the
//! records come.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{Kind, Piece, Study, StudyId};
use serde_json::Value;
use vocabulary::fingerprint;

/// Most common values that are told of one piece.
pub const MOST_VALUES: usize = 250;

/// What is counted of the values of one piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// The piece.
    pub piece: &'static Piece,
    /// Studies without any value of it.
    pub missing: u64,
    /// Its values.
    pub values: Values,
    /// For lists: how many studies have a list of this length; empty lists and absent ones do not count.
    pub sizes: BTreeMap<u64, u64>,
}

/// The values of one piece, as their kind asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// A branch of the record: only its list has a length.
    Branch,
    /// Text, and ages as printed.
    Text(Texts),
    /// A value of an enumeration, or of free text, and the studies that have it.
    Enum(BTreeMap<String, u64>),
    /// Studies with true, and with false.
    Boolean(u64, u64),
    /// Dates: the formats met, the first and the last.
    Date(BTreeSet<&'static str>, Option<(String, String)>),
    /// Numbers: how many, their sum, the smallest and the largest.
    Number(u64, f64, Option<(f64, f64)>),
}

/// What is counted of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    seen: HashMap<u64, Seen>,
    /// Characters of the longest, the study that has it (the first of several), and the text.
    pub longest: Option<(usize, StudyId, String)>,
    /// The commonest values with the studies that have them, most first; filled in at the end.
    pub top: Vec<(String, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    studies: u64,
    /// The first study that has it, and the last that was counted for it.
    first: StudyId,
    last: StudyId,
}

impl Texts {
    /// How many different texts there are.
    pub fn different(&self) -> usize {
        self.seen.len()
    }

    fn add(&mut self, text: &str, id: StudyId) {
        let fresh = Seen { studies: 0, first: id, last: id };
        let seen = self.seen.entry(fingerprint(text.as_bytes())).or_insert(fresh);
        if seen.studies == 0 || seen.last != id {
            seen.studies += 1;
            seen.last = id;
            seen.first = seen.first.min(id);
        }
        let length = text.chars().count();
        let longer =
            |(most, of, _): &(usize, StudyId, String)| length > *most || (length == *most && id < *of);
        if self.longest.as_ref().is_none_or(longer) {
            self.longest = Some((length, id, text.to_owned()));
        }
    }

    fn merge(&mut self, other: Self) {
        for (key, more) in other.seen {
            let seen = self.seen.entry(key).or_insert(Seen { studies: 0, ..more });
            seen.studies += more.studies;
            seen.first = seen.first.min(more.first);
        }
        if let Some((length, id, text)) = other.longest {
            let longer =
                |(most, of, _): &(usize, StudyId, String)| length > *most || (length == *most && id < *of);
            if self.longest.as_ref().is_none_or(longer) {
                self.longest = Some((length, id, text));
            }
        }
    }

    /// The hashes of the commonest values with a study that has each; of equals, those of the lowest ids.
    fn commonest(&self) -> Vec<(u64, Seen)> {
        let mut all: Vec<(u64, Seen)> = self.seen.iter().map(|(key, seen)| (*key, *seen)).collect();
        let rank = |(key, seen): &(u64, Seen)| (std::cmp::Reverse(seen.studies), seen.first, *key);
        if all.len() > MOST_VALUES {
            all.select_nth_unstable_by_key(MOST_VALUES - 1, rank);
            all.truncate(MOST_VALUES);
        }
        all.sort_unstable_by_key(rank);
        all
    }
}

/// Counts some pieces over the records that it is shown, each of them once.
pub struct Counter(Vec<Statistic>);

impl Counter {
    /// Counts these pieces.
    pub fn new(pieces: &[&'static Piece]) -> Self {
        let statistic = |piece: &&'static Piece| {
            let values = match piece.kind {
                Kind::Branch | Kind::GeoPoint => Values::Branch,
                Kind::Text | Kind::Markup | Kind::Time => Values::Text(Texts::default()),
                Kind::Enum(_) => Values::Enum(BTreeMap::new()),
                Kind::Boolean => Values::Boolean(0, 0),
                Kind::Date => Values::Date(BTreeSet::new(), None),
                Kind::Integer | Kind::Number => Values::Number(0, 0.0, None),
            };
            Statistic { piece, missing: 0, values, sizes: BTreeMap::new() }
        };
        Self(pieces.iter().map(statistic).collect())
    }

    /// Counts a record.
    pub fn add(&mut self, study: &Study) {
        for statistic in &mut self.0 {
            let values = statistic.piece.values(study.json());
            if values.is_empty() {
                statistic.missing += 1;
                continue;
            }
            if statistic.piece.list {
                *statistic.sizes.entry(values.len() as u64).or_insert(0) += 1;
            }
            statistic.values.add(&values, study.id());
        }
    }

    /// Adds what another counted of other records.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            mine.missing += theirs.missing;
            theirs.sizes.into_iter().for_each(|(size, n)| *mine.sizes.entry(size).or_insert(0) += n);
            mine.values.merge(theirs.values);
        }
    }

    /// The counts; `study` is asked for the records that have the commonest texts.
    pub fn finish<E>(
        mut self,
        mut study: impl FnMut(StudyId) -> Result<Option<Study>, E>,
    ) -> Result<Vec<Statistic>, E> {
        let mut wanted: BTreeMap<StudyId, Vec<(usize, u64)>> = BTreeMap::new();
        let mut order: Vec<Vec<(u64, Seen)>> = Vec::new();
        for (at, statistic) in self.0.iter().enumerate() {
            let Values::Text(texts) = &statistic.values else {
                order.push(Vec::new());
                continue;
            };
            let commonest = texts.commonest();
            commonest.iter().for_each(|(key, seen)| wanted.entry(seen.first).or_default().push((at, *key)));
            order.push(commonest);
        }
        let mut found: HashMap<(usize, u64), String> = HashMap::new();
        for (id, keys) in wanted {
            let Some(study) = study(id)? else { continue };
            for (at, key) in keys {
                let values = self.0[at].piece.values(study.json());
                let text = values
                    .into_iter()
                    .filter_map(Value::as_str)
                    .find(|text| fingerprint(text.as_bytes()) == key);
                found.extend(text.map(|text| ((at, key), text.to_owned())));
            }
        }
        for (at, keys) in order.into_iter().enumerate() {
            if let Values::Text(texts) = &mut self.0[at].values {
                let text = |(key, seen): (u64, Seen)| Some((found.remove(&(at, key))?, seen.studies));
                texts.top = keys.into_iter().filter_map(text).collect();
            }
        }
        Ok(self.0)
    }
}

impl Values {
    fn add(&mut self, values: &[&Value], id: StudyId) {
        let texts = || values.iter().filter_map(|v| v.as_str());
        match self {
            Self::Branch => {}
            Self::Text(all) => texts().for_each(|text| all.add(text, id)),
            Self::Enum(counts) => {
                let different: BTreeSet<&str> = texts().collect();
                different.into_iter().for_each(|text| *counts.entry(text.to_owned()).or_insert(0) += 1);
            }
            Self::Boolean(yes, no) => {
                let any = |wanted| values.iter().any(|v| v.as_bool() == Some(wanted));
                *yes += u64::from(any(true));
                *no += u64::from(any(false));
            }
            Self::Date(formats, span) => texts().for_each(|text| {
                formats.insert(format_of(text));
                *span = widened(span.take(), text.to_owned());
            }),
            Self::Number(count, sum, span) => {
                for number in values.iter().filter_map(|v| v.as_f64()) {
                    *count += 1;
                    *sum += number;
                    *span = widened(span.take(), number);
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Text(mine), Self::Text(theirs)) => mine.merge(theirs),
            (Self::Enum(mine), Self::Enum(theirs)) => {
                theirs.into_iter().for_each(|(value, n)| *mine.entry(value).or_insert(0) += n);
            }
            (Self::Boolean(yes, no), Self::Boolean(more_yes, more_no)) => {
                *yes += more_yes;
                *no += more_no;
            }
            (Self::Date(formats, span), Self::Date(more, other)) => {
                formats.extend(more);
                for text in other.into_iter().flat_map(|(low, high)| [low, high]) {
                    *span = widened(span.take(), text);
                }
            }
            (Self::Number(count, sum, span), Self::Number(more, other, others)) => {
                *count += more;
                *sum += other;
                for number in others.into_iter().flat_map(|(low, high)| [low, high]) {
                    *span = widened(span.take(), number);
                }
            }
            _ => {}
        }
    }
}

fn widened<T: PartialOrd + Clone>(span: Option<(T, T)>, value: T) -> Option<(T, T)> {
    Some(match span {
        None => (value.clone(), value),
        Some((low, high)) if value < low => (value, high),
        Some((low, high)) if value > high => (low, value),
        Some(span) => span,
    })
}

/// The format of a date as the registry names it.
fn format_of(text: &str) -> &'static str {
    match text.len() {
        4 => "yyyy",
        7 => "yyyy-MM",
        10 => "yyyy-MM-dd",
        _ => "yyyy-MM-dd'T'HH:mm",
    }
}

#[cfg(test)]
mod tests {
    use model::piece;
    use serde_json::json;

    use super::*;

    fn study(number: u32, conditions: &[&str], count: Option<i64>) -> Study {
        let mut design = json!({"phases": ["PHASE1", "PHASE2"]});
        if let Some(count) = count {
            design["enrollmentInfo"] = json!({"count": count});
        }
        let json = json!({"protocolSection": {
            "identificationModule": {"nctId": format!("NCT{number:08}")},
            "conditionsModule": {"conditions": conditions}, "designModule": design}});
        Study::new(json).unwrap()
    }

    /// The records, counted by two counters and by one, in either order: always the same.
    fn counted(studies: &[Study]) -> Vec<Statistic> {
        let pieces = ["Condition", "Phase", "EnrollmentCount"].map(piece::known);
        let of = |some: &mut dyn Iterator<Item = &Study>| {
            let mut counter = Counter::new(&pieces);
            some.for_each(|s| counter.add(s));
            counter
        };
        let find = |id| Ok::<_, ()>(studies.iter().find(|s| s.id() == id).cloned());
        let mut two = of(&mut studies.iter().rev().skip(1));
        two.merge(of(&mut studies.last().into_iter()));
        let one = of(&mut studies.iter()).finish(find).unwrap();
        for (a, b) in one.iter().zip(two.finish(find).unwrap()) {
            assert_eq!((a.missing, &a.sizes), (b.missing, &b.sizes));
            if let (Values::Text(a), Values::Text(b)) = (&a.values, &b.values) {
                assert_eq!((&a.top, &a.longest), (&b.top, &b.longest));
            }
        }
        one
    }

    #[test]
    fn counts_studies_not_mentions() {
        let studies = [
            study(1, &["Asthma", "Asthma"], Some(7)),
            study(2, &["Gout", "Asthma"], None),
            study(3, &[], Some(9)),
        ];
        let [condition, phase, enrollment] = &counted(&studies)[..] else { panic!() };
        let Values::Text(texts) = &condition.values else { panic!() };
        assert_eq!(texts.top, [("Asthma".to_owned(), 2), ("Gout".to_owned(), 1)]);
        assert_eq!((condition.missing, texts.different()), (1, 2));
        assert_eq!(condition.sizes, BTreeMap::from([(2, 2)]));
        assert_eq!(texts.longest.as_ref().unwrap().1, studies[0].id());
        let Values::Enum(phases) = &phase.values else { panic!() };
        assert_eq!(phases["PHASE2"], 3);
        assert_eq!((enrollment.missing, &enrollment.values), (1, &Values::Number(2, 16.0, Some((7.0, 9.0)))));
    }
}
