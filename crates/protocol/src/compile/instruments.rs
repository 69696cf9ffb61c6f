//! Instruments that outcomes and criteria name, by synonym and context.

use std::{collections::HashMap, sync::LazyLock};

use model::Study;

use crate::{
    protocol::Named,
    read::{
        Text,
        lexicon::{self, INSTRUMENTS_TABLE as TABLE},
        text::Kind,
    },
    record::{OutcomeWords, Passage, Record},
};

/// An instrument: a scale, a questionnaire, a measurement.
#[derive(Debug)]
pub struct Instrument {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The least and the greatest total, where there is one.
    pub range: Option<(f64, f64)>,
    /// Words of which a record must have one for the names to mean this.
    context: Vec<&'static str>,
}

/// A name in words, and the place of its instrument in the table.
type Name = (Vec<&'static str>, usize);

struct Instruments {
    all: Vec<Instrument>,
    /// Names by their first word in lower case, the longest first.
    names: HashMap<String, Vec<Name>>,
}

static INSTRUMENTS: LazyLock<Instruments> = LazyLock::new(|| {
    let (mut all, mut names): (Vec<Instrument>, HashMap<String, Vec<Name>>) = Default::default();
    for row in TABLE.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let cells: Vec<&'static str> = row.split('\t').collect();
        let [id, name, low, high, context, synonyms] = cells[..] else { panic!("instruments.tsv: `{row}`") };
        let range = low.parse().ok().zip(high.parse().ok());
        let context = context.split('|').filter(|w| !w.is_empty()).collect();
        for synonym in synonyms.split(';') {
            let text = Text::new(synonym);
            let said = text.tokens.iter().filter(|t| t.kind != Kind::Sign);
            let words: Vec<&'static str> = said.map(|t| t.word(synonym)).collect();
            if let Some(first) = words.first() {
                names.entry(first.to_lowercase()).or_default().push((words.clone(), all.len()));
            }
        }
        all.push(Instrument { id, name, range, context });
    }
    names.values_mut().for_each(|list| list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
    Instruments { all, names }
});

/// The instrument of an id.
pub fn instrument(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.all.iter().find(|i| i.id == id)
}

/// The instruments that a text names.
fn named_in(text: &Text<'_>, context: &str) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    if !text.has(lexicon::INSTRUMENT) {
        return out;
    }
    for (i, _) in text.tokens.iter().enumerate().filter(|(_, t)| t.class & lexicon::INSTRUMENT != 0) {
        if out.last().is_none_or(|last| last.2 <= i)
            && let Some((instrument, to)) = name(text, i).filter(|(instrument, _)| instrument.fits(context))
        {
            out.push((instrument, i, to));
        }
    }
    out
}

impl Instrument {
    /// Whether a record is on one of its diseases; `context` is in lower case.
    fn fits(&self, context: &str) -> bool {
        self.context.is_empty() || self.context.iter().any(|w| context.contains(w))
    }
}

fn name(text: &Text<'_>, i: usize) -> Option<(&'static Instrument, usize)> {
    let word = text.word(i);
    let mut names = INSTRUMENTS.names.get(&word.to_ascii_lowercase())?.iter();
    names.find_map(|(words, of)| {
        // An acronym in other letters is a word: `tug`, `sofa`, `asia`.
        let acronym = words.len() == 1 && words[0].chars().skip(1).all(|c| !c.is_lowercase());
        if acronym && word != words[0] {
            return None;
        }
        let mut at = i;
        for word in words {
            while at > i && text.is_any(at, &["-", "–", "‑", "'", "’", "&"]) {
                at += 1;
            }
            if !text.is(at, word) {
                return None;
            }
            at += 1;
        }
        Some((&INSTRUMENTS.all[*of], at))
    })
}

/// What a record is about, in lower case: titles, conditions, keywords.
fn context(study: &Study) -> String {
    const PIECES: [&str; 4] = ["BriefTitle", "OfficialTitle", "Condition", "Keyword"];
    let words: Vec<&str> = PIECES.iter().flat_map(|piece| study.texts(piece)).collect();
    words.join("\n").to_lowercase()
}

/// Where a text names an instrument: which, the first token, the token behind the last.
pub type Mention = (&'static Instrument, usize, usize);

/// Where the texts of a record name instruments.
#[derive(Clone, Debug)]
pub struct Mentions {
    /// In what each outcome measures, and in its description.
    pub outcomes: Vec<(Vec<Mention>, Vec<Mention>)>,
    /// In the criteria.
    pub criteria: Vec<Mention>,
    /// In each text of the prose.
    pub prose: Vec<Vec<Mention>>,
}

impl Mentions {
    /// Reads the texts of a record.
    pub fn of(record: &Record<'_>) -> Self {
        let context = context(record.study);
        let of = |passage: &Passage<'_>| named_in(&passage.text, &context);
        let outcome =
            |o: &OutcomeWords<'_>| (of(&o.measure), o.description.as_ref().map(of).unwrap_or_default());
        Self {
            outcomes: record.outcomes.iter().map(outcome).collect(),
            criteria: record.criteria.as_ref().map(of).unwrap_or_default(),
            prose: record.prose.iter().map(of).collect(),
        }
    }
}

/// The instruments of a record, each with the first place that names it.
pub fn read(record: &Record<'_>) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    let mentions = record.mentions();
    let mut look = |passage: &Passage<'_>, mentions: &[Mention]| {
        for (instrument, from, to) in mentions {
            if !out.iter().any(|n| n.id == instrument.id) {
                out.push(Named { id: instrument.id, quote: passage.quote(*from, *to) });
            }
        }
    };
    for (outcome, (measure, description)) in record.outcomes.iter().zip(&mentions.outcomes) {
        look(&outcome.measure, measure);
        outcome.description.iter().for_each(|d| look(d, description));
    }
    record.criteria.iter().for_each(|c| look(c, &mentions.criteria));
    record.prose.iter().zip(&mentions.prose).for_each(|(p, m)| look(p, m));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(words: &str, context: &str) -> Vec<&'static str> {
        named_in(&Text::new(words), context).into_iter().map(|n| n.0.id).collect()
    }

    #[test]
    fn synonyms_and_context() {
        assert_eq!(ids("Change of TCSS scale", "diabetic neuropathy"), ["tcss"]);
        assert_eq!(ids("Change of TCSS scale", "concussion"), Vec::<&str>::new());
        assert_eq!(
            ids("EuroQol Five-Dimensional Five-Level Questionnaire (EQ-5D-5L)", ""),
            ["eq5d5l", "eq5d5l"]
        );
        assert_eq!(ids("pain by VAS, EQ-5D", ""), ["vas", "eq5d"]);
        assert_eq!(ids("on the sofa", ""), Vec::<&str>::new());
    }

    #[test]
    fn the_table_is_well_formed() {
        let ids: std::collections::BTreeSet<_> = INSTRUMENTS.all.iter().map(|i| i.id).collect();
        assert_eq!(ids.len(), INSTRUMENTS.all.len());
        assert_eq!(instrument("tcss").and_then(|i| i.range), Some((0.0, 19.0)));
    }
}
