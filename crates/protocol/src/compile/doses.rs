//! What is given: amounts, volumes, routes, numbers and times of administrations.

use std::cell::OnceCell;

use model::Decimal;
use vocabulary::ConceptId;

use super::{
    content::{self, Content},
    evidence::{Evidence, Told},
    joined,
    mention::{Found, Names},
    own::Own,
    parts::Parts,
    rivals,
    when::When,
};
use crate::{
    protocol::{Arm, Dose, Measure, Role, Status},
    read::{Quantity, Text, frequency::Frequency, lexicon, number::Notation, quantity, text},
    record::{Field, InterventionWords, Passage, Record},
};

/// The doses of a record, arm by arm.
pub fn read(record: &Record<'_>, arms: &[Arm]) -> Vec<Dose> {
    // What the people of an observational study take is no dose of it.
    if record.study.text("StudyType") == Some("OBSERVATIONAL") {
        return Vec::new();
    }
    let parts = joined::apart(record);
    let record = parts.as_ref().unwrap_or(record);
    let names = Names::new(&record.interventions);
    let contents = record.contents();
    let dosed: Vec<bool> = record.interventions.iter().map(content::has_dose).collect();
    let cyclic = record.cyclic();
    let courses = record.courses();
    let prose: OnceCell<Prose<'_>> = OnceCell::new();
    let owns: Vec<OnceCell<Own<'_>>> = record.interventions.iter().map(|_| OnceCell::new()).collect();
    let gather = |own, given| {
        let (names, prose, dosed, owns) = (&names, &prose, dosed.as_slice(), owns.as_slice());
        Gather { record, names, prose, contents, dosed, owns, cyclic, courses, own, given, label: None }
    };
    if record.arms.is_empty() && record.interventions.is_empty() {
        return told(record, arms);
    }
    let mut out = Vec::new();
    // A source that lost which arm gets what still says what is given.
    if record.arms.iter().all(|arm| arm.interventions.is_empty()) {
        let all: Vec<usize> = (0..record.interventions.len()).collect();
        for v in &all {
            out.extend(gather(Vec::new(), all.as_slice()).doses(*v, None, Role::Unclear));
        }
        return out;
    }
    let listed = record.arms.iter().filter(|a| a.label.is_some() || a.description.is_some());
    for (words, arm) in listed.zip(arms) {
        let mut gather = gather(names.texts(words), words.interventions.as_slice());
        gather.label = words.label.as_ref().map(|l| &l.text);
        for v in &words.interventions {
            out.extend(gather.doses(*v, Some(&arm.label), arm.role));
        }
    }
    // Where no field says which arm gets what, some arms may not have been found.
    let given = |v: &usize| record.arms.iter().any(|a| a.interventions.contains(v));
    let all: Vec<usize> = (0..record.interventions.len()).collect();
    for v in all.iter().filter(|v| !record.linked && !given(v)) {
        out.extend(gather(Vec::new(), all.as_slice()).doses(*v, None, Role::Unclear));
    }
    out
}

/// Where the words about the interventions of one arm are looked for.
struct Gather<'a, 's> {
    record: &'a Record<'s>,
    names: &'a Names<'s>,
    /// What the prose tells of which intervention, once it is asked for.
    prose: &'a OnceCell<Prose<'s>>,
    /// What each intervention is.
    contents: &'a [Content],
    /// Whether each has a dose.
    dosed: &'a [bool],
    /// The names of each, once they are asked for.
    owns: &'a [OnceCell<Own<'s>>],
    /// Whether the record tells of cycles: what it says of one is not all that is given.
    cyclic: bool,
    /// Whether that is of what is given.
    courses: bool,
    /// The texts of the arm, with what they mention.
    own: Vec<(&'a Passage<'s>, Found)>,
    given: &'a [usize],
    /// The arm's label.
    label: Option<&'a Text<'s>>,
}

/// What the texts of the prose tell of which intervention.
struct Prose<'s> {
    /// For each text its parts, and what it mentions.
    texts: Vec<(Parts, Found)>,
    /// Names that the texts give to interventions beside those that the record lists.
    aliases: Vec<(usize, Vec<&'s str>)>,
}

impl<'s> Prose<'s> {
    fn read(record: &Record<'s>, names: &Names<'s>, contents: &[Content]) -> Self {
        let mut texts: Vec<(Parts, Found)> =
            record.prose.iter().map(|p| (Parts::of(&p.text), names.found(&p.text))).collect();
        let given = record.prose.iter().zip(&texts).flat_map(|(p, (_, found))| names.aliases(&p.text, found));
        let mut aliases: Vec<(usize, Vec<&'s str>)> =
            given.filter(|(of, _)| contents[*of] == Content::Active).take(40).collect();
        aliases.extend(by_meaning(record, &texts, contents));
        // A name that two have tells neither.
        let all = aliases.clone();
        aliases.retain(|(of, words)| all.iter().all(|(other, same)| of == other || words != same));
        aliases.sort_unstable();
        aliases.dedup();
        for (passage, (_, found)) in record.prose.iter().zip(&mut texts) {
            found.learn(&passage.text, &aliases);
        }
        Self { texts, aliases }
    }
}

/// What the prose calls interventions whose names it does not have: `DHEA` for prasterone.
fn by_meaning<'s>(
    record: &Record<'s>,
    texts: &[(Parts, Found)],
    contents: &[Content],
) -> Vec<(usize, Vec<&'s str>)> {
    let known = |v: usize| texts.iter().any(|(_, found)| found.all_mentions().any(|of| of == v));
    let all = record.interventions.iter().enumerate();
    let means: Vec<(usize, Vec<ConceptId>)> =
        all.map(|(v, words)| (v, rivals::named(&words.name.text).0)).collect();
    let silent = |v: &usize| contents[*v] == Content::Active && !means[*v].1.is_empty() && !known(*v);
    let silent: Vec<usize> = (0..contents.len()).filter(silent).collect();
    if silent.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<(usize, Vec<&'s str>)> = Vec::new();
    for passage in &record.prose {
        let text = &passage.text;
        for (concept, at) in rivals::mentions(text) {
            let mut of = means.iter().filter(|(_, own)| own.contains(&concept)).map(|(v, _)| *v);
            let words: Vec<&str> =
                at.filter(|i| text.kind(*i) != text::Kind::Sign).map(|i| text.word(i)).collect();
            match (of.next(), of.next()) {
                (Some(one), None) if silent.contains(&one) && !out.iter().any(|(_, w)| *w == words) => {
                    out.push((one, words));
                }
                _ => {}
            }
        }
    }
    out.truncate(8);
    out
}

impl<'a, 's> Gather<'a, 's> {
    /// The doses of an intervention: one, or several where several amounts are given.
    fn doses(&self, v: usize, arm: Option<&String>, role: Role) -> Vec<Dose> {
        let Some(words) = self.record.interventions.get(v) else { return Vec::new() };
        if !self.dosed[v] {
            return Vec::new();
        }
        let content = self.contents[v];
        // A placebo that is not listed: only the arm's own words tell what it gets of the one thing that is.
        let own_alone = arm.is_some()
            && matches!(role, Role::Placebo | Role::Sham)
            && self.given.len() == 1
            && content == Content::Active;
        let mut evidence = self.evidence(v, words, own_alone);
        if matches!(content, Content::Placebo | Content::Sham) {
            // A mass beside a placebo is that of what it looks like.
            evidence.amounts.retain(Quantity::in_pieces);
            if evidence.amounts.len() < evidence.phases.len() {
                // Of two parts neither is the whole.
                evidence.phases.clear();
                evidence.when = Frequency::repeated(evidence.when.interval.take());
            }
        }
        let inert =
            matches!(content, Content::Placebo | Content::Sham | Content::Nothing | Content::Standard)
                || (content == Content::Unnamed && !matches!(role, Role::Experimental | Role::Unclear));
        let told = !evidence.amounts.is_empty()
            || evidence.volume.is_some()
            || evidence.when.count.is_some()
            || evidence.when.interval.is_some();
        if inert && !told {
            return Vec::new();
        }
        let substance = substance(words, content);
        let cells = content::names_cells(words);
        let (cyclic, courses) = (self.cyclic, self.courses);
        let shared =
            Shared { arm: arm.cloned(), role, substance, cells, cyclic, courses, fallback: &words.name };
        shared.doses(evidence)
    }

    fn evidence(&self, v: usize, words: &InterventionWords<'s>, own_alone: bool) -> Evidence<'s> {
        let others_are_cells = self
            .record
            .interventions
            .iter()
            .enumerate()
            .any(|(i, other)| i != v && content::names_cells(other));
        let drug = words.kind == Some("DRUG") && !content::names_cells(words) && others_are_cells;
        let own = self.owns[v].get_or_init(|| {
            let names: Vec<_> = std::iter::once(&words.name).chain(&words.others).map(|n| &n.text).collect();
            let others = self.record.interventions.iter().enumerate().filter(|(i, _)| *i != v);
            let own = Own::new(&names).beside(others.map(|(_, other)| &other.name.text));
            let vague = content::names_cells(words) || rivals::names_class(&words.name.text);
            match &words.description {
                Some(description) if !vague => own.described(&description.text),
                _ => own,
            }
        });
        let mut out = Evidence::new(drug, own.clone());
        // What a placebo looks like is named in its texts; its volume and times are its own.
        out.whole = matches!(self.contents[v], Content::Placebo | Content::Sham);
        let dosed = |i: &&usize| self.dosed[**i];
        let acts = |i: &&usize| !matches!(self.contents[**i], Content::Standard | Content::Placebo);
        let alone = self.given.iter().filter(dosed).count() == 1
            || self.given.iter().filter(dosed).filter(acts).eq([&v]);
        for (passage, found) in &self.own {
            let all = 0..passage.text.tokens.len();
            let mentions = found.among(self.given);
            if mentions.iter().all(|(_, of)| *of == v) && (alone || !mentions.is_empty()) {
                out.add(passage, all, Told::Own);
            } else {
                for segment in found.segments(&passage.text, v, self.given, all) {
                    out.add(passage, segment.tokens, Told::Beside { mention: segment.mention });
                }
            }
        }
        if own_alone {
            return out;
        }
        if let Some(description) = &words.description {
            let all = 0..description.text.tokens.len();
            let found = self.names.found(&description.text);
            // A description that tells of several together is about this one from its mention on.
            let others = found.all_mentions().filter(|of| *of != v && self.dosed[*of]).count();
            let parts = Parts::of(&description.text);
            if others == 0 || found.among(&[v]).is_empty() {
                self.add(&mut out, description, &parts, all, Told::Own);
            } else {
                for segment in found.segments(&description.text, v, &[v], all) {
                    let told = Told::Beside { mention: segment.mention };
                    self.add(&mut out, description, &parts, segment.tokens, told);
                }
            }
        }
        for name in std::iter::once(&words.name).chain(&words.others) {
            out.add(name, 0..name.text.tokens.len(), Told::Own);
        }
        let timed = !out.when.is_empty() || !out.phases.is_empty();
        if self.contents[v] == Content::Standard {
            return out;
        }
        if out.amounts.is_empty() && out.concentration.is_none() || !timed {
            out.only_amounts = timed;
            self.prose(v, &mut out);
        }
        out
    }

    /// Adds what tokens say, but for the parts that stand under the label of another arm.
    fn add(
        &self,
        out: &mut Evidence<'_>,
        passage: &Passage<'_>,
        parts: &Parts,
        tokens: std::ops::Range<usize>,
        told: Told,
    ) {
        for (under, piece) in parts.cut(tokens) {
            let of = |arm: &Text<'_>| under.is_some_and(|n| parts.is_of(n, &passage.text, arm));
            let of_another = || self.record.arms.iter().filter_map(|a| a.label.as_ref()).any(|l| of(&l.text));
            if self.label.is_some_and(|own| !of(own) && of_another()) {
                continue;
            }
            out.under = under;
            out.add(passage, piece, told);
        }
        out.under = None;
    }

    /// Sentences of the summary and the description that name the intervention.
    fn prose(&self, v: usize, out: &mut Evidence<'s>) {
        let all: Vec<usize> = (0..self.record.interventions.len()).collect();
        let long = [Field::of("BriefSummary"), Field::of("DetailedDescription")];
        let prose = self.prose.get_or_init(|| Prose::read(self.record, self.names, self.contents));
        for (_, words) in prose.aliases.iter().filter(|(of, _)| *of == v) {
            out.learn(words);
        }
        for (passage, (parts, found)) in self.record.prose.iter().zip(&prose.texts) {
            let text = &passage.text;
            let running = long.contains(&passage.field);
            let mut sentences: Vec<std::ops::Range<usize>> =
                found.among(&[v]).into_iter().map(|(at, _)| text.sentence(at)).collect();
            sentences.dedup();
            for sentence in sentences.into_iter().take(40) {
                for segment in found.segments(text, v, &all, sentence) {
                    let told = if running { Told::Running } else { Told::Own };
                    self.add(out, passage, parts, segment.tokens, told);
                }
            }
        }
    }
}

/// What is given: the intervention's name, or its first other name where that only says `experimental group`.
fn substance(words: &InterventionWords<'_>, content: Content) -> String {
    let unnamed = content == Content::Unnamed || content::of_name(&words.name.text) == Content::Unnamed;
    let other =
        words.others.iter().find(|o| content::of_name(&o.text) != Content::Unnamed).filter(|_| unnamed);
    // `Intravenous injection`, whose description tells of `AD-MSC`.
    let acronym = || {
        let passage = words.description.as_ref().filter(|_| unnamed)?;
        let text = &passage.text;
        let at = (0..text.tokens.len()).find(|i| quantity::ends_as_cells(text.word(*i).as_bytes()))?;
        Some(passage.quote(first_of_name(text, at), at + 1).text)
    };
    match other {
        Some(other) => other.text.source.to_owned(),
        None => acronym().unwrap_or_else(|| words.name.text.written().to_owned()),
    }
}

/// What the doses of one intervention share.
struct Shared<'a, 's> {
    arm: Option<String>,
    role: Role,
    substance: String,
    cells: bool,
    cyclic: bool,
    courses: bool,
    fallback: &'a Passage<'s>,
}

impl Shared<'_, '_> {
    fn doses(&self, evidence: Evidence<'_>) -> Vec<Dose> {
        let concentration = evidence.concentration.as_ref().map(|q| measure(q, Diluted::Yes));
        let volume = evidence.volume.as_ref().map(|q| measure(q, Diluted::No));
        let amounts: Vec<(Measure, Status)> = if evidence.amounts.is_empty() {
            self.by_volume(&evidence).into_iter().collect()
        } else {
            evidence.amounts.iter().take(6).map(|q| (measure(q, Diluted::No), status(q))).collect()
        };
        let when = |n: usize| {
            let per_day = evidence.amounts.get(n).is_some_and(|q| q.per.contains(&"day"));
            When::of(evidence.phases.get(n).unwrap_or(&evidence.when), per_day, self.cyclic, self.courses)
        };
        let quote = evidence.quote.clone().unwrap_or_else(|| self.fallback.whole());
        let dose = |amount: Option<Measure>, status: Status, when: When| Dose {
            arm: self.arm.clone(),
            role: self.role,
            substance: self.substance.clone(),
            amount,
            // A percentage beside cells is that of what they are suspended in.
            concentration: concentration.clone().filter(|c| !(self.cells && c.unit == "%")),
            volume: volume.clone().filter(|_| !evidence.several_volumes),
            route: evidence.route,
            count: when.count,
            interval: when.interval,
            duration: when.duration,
            days: when.days,
            timed: when.timed,
            open_area: evidence.open_area,
            spacing: evidence.spacing,
            depth: evidence.depth.map(|d| (d.value, d.high)),
            vehicle: evidence.vehicle.as_ref().map(|v| v.text.clone()),
            status,
            quote: quote.clone(),
        };
        if amounts.is_empty() {
            return vec![dose(None, Status::Missing, when(0))];
        }
        // `200/100 mg at weeks 0 and 2`: which is given when is not said.
        let shared = evidence.slashed && amounts.len() > 1;
        let when = |n: usize| {
            let mut when = when(n);
            if shared && !when.days.is_empty() || evidence.changes {
                (when.days, when.count) = (Vec::new(), None);
            }
            when.duration = when.duration.filter(|_| !evidence.changes);
            // What is taken daily mostly stays so.
            when.interval = when.interval.filter(|i| !evidence.changes || i.days() <= 1.0);
            when
        };
        let numbered = amounts.into_iter().enumerate();
        numbered.map(|(n, (amount, status))| dose(Some(amount), status, when(n))).collect()
    }

    /// An amount from a volume: with a concentration their product, alone the volume itself where it is no volume of
    /// cells.
    fn by_volume(&self, evidence: &Evidence<'_>) -> Option<(Measure, Status)> {
        let volume = evidence.volume.as_ref().filter(|_| !evidence.several_volumes)?;
        let per = (!volume.per.is_empty()).then(|| volume.per.join("/"));
        let together = |q: &&Quantity| q.per.contains(&"mL") && !evidence.diluted_apart;
        if let Some(diluted) = evidence.concentration.as_ref().filter(together)
            && volume.unit == "mL"
            && volume.high.is_none()
            && diluted.high.is_none()
        {
            let value = diluted.value.checked_mul(volume.value)?.normalize();
            let or = (diluted.notation == Notation::TenE).then(|| value.checked_mul(Decimal::TEN)).flatten();
            let status = if status(diluted) == Status::Assumed { Status::Assumed } else { Status::Derived };
            let at_most = diluted.at_most || volume.at_most;
            let unit = diluted.unit.to_owned();
            return Some((Measure { value, high: None, unit, per, or, at_most }, status));
        }
        (!self.cells).then(|| (measure(volume, Diluted::No), Status::Stated))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Diluted {
    Yes,
    No,
}

fn measure(quantity: &Quantity, diluted: Diluted) -> Measure {
    let or =
        (quantity.notation == Notation::TenE).then(|| quantity.value.checked_mul(Decimal::TEN)).flatten();
    let per = (!quantity.per.is_empty()).then(|| quantity.per.join("/"));
    let Quantity { value, high, unit, at_most, .. } = quantity;
    let (unit, per) = match (diluted, per) {
        (Diluted::Yes, Some(per)) => (format!("{unit}/{per}"), None),
        (_, per) => ((*unit).to_owned(), per),
    };
    Measure { value: *value, high: *high, unit, per, or, at_most: *at_most }
}

fn status(quantity: &Quantity) -> Status {
    match quantity.notation {
        Notation::Plain => Status::Stated,
        Notation::TenE | Notation::LostPower => Status::Assumed,
    }
}

/// Doses of arms that only the text names: those of the clause that names the arm.
fn told(record: &Record<'_>, arms: &[Arm]) -> Vec<Dose> {
    let mut out = Vec::new();
    for arm in arms.iter().filter(|a| a.role == Role::Experimental) {
        let Some(passage) = record.prose.iter().find(|p| p.field == arm.quote.field) else { continue };
        let text = &passage.text;
        let Some(at) = (0..text.tokens.len()).find(|i| text.is_phrase(*i, &arm.label).is_some()) else {
            continue;
        };
        let sentence = text.sentence(at);
        let start = sentence.clone().take_while(|i| *i < at).filter(|i| text.is(*i, ";")).last();
        let end = (at..sentence.end).find(|i| text.is(*i, ";")).unwrap_or(sentence.end);
        let mut evidence = Evidence::default();
        evidence.add(passage, start.map_or(sentence.start, |s| s + 1)..end, Told::Running);
        let Some(amount) = evidence.amounts.first().filter(|q| q.unit == "cells") else { continue };
        let name = (amount.from..amount.to).find(|i| text.is_a(*i, lexicon::CELLS));
        let Some(name) = name.map(|i| passage.quote(first_of_name(text, i), i + 1)) else { continue };
        let shared = Shared {
            arm: Some(arm.label.clone()),
            role: arm.role,
            substance: name.text,
            cells: true,
            cyclic: record.cyclic(),
            courses: record.courses(),
            fallback: passage,
        };
        out.extend(shared.doses(evidence));
    }
    out
}

/// `UC` of `UC-MSCs`.
fn first_of_name(text: &Text<'_>, i: usize) -> usize {
    let mut at = i;
    while at > 1 && text.is(at - 1, "-") && text.glued(at) && text.glued(at - 1) {
        at -= 2;
    }
    at
}

#[cfg(test)]
mod tests {
    use model::Study;
    use serde_json::{Value, json};

    use super::*;

    /// The doses of interventions that a description tells of: each substance with its route and days.
    fn given(interventions: Value, description: &str) -> Vec<String> {
        let study = json!({
            "identificationModule": {"nctId": "NCT00000001"},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "descriptionModule": {"detailedDescription": description},
            "armsInterventionsModule": {"interventions": interventions},
        });
        let protocol = crate::compile(&Study::new(json!({"protocolSection": study})).unwrap());
        let said = |d: &Dose| {
            let amount = d.amount.as_ref().map(|a| format!(" {} {}", a.value, a.unit)).unwrap_or_default();
            let route = d.route.map(|route| format!(" {route}")).unwrap_or_default();
            let days = if d.days.is_empty() { String::new() } else { format!(" {:?}", d.days) };
            format!("{}{amount}{route}{days}", d.substance)
        };
        protocol.doses.iter().map(said).collect()
    }

    fn drugs(names: &[&str]) -> Value {
        names.iter().map(|name| json!({"type": "DRUG", "name": name})).collect()
    }

    #[test]
    fn what_stands_behind_several_names_is_said_of_each() {
        let two = drugs(&["Gadgetol", "Widgetol"]);
        let both = ["Gadgetol intravenous [1, 8]", "Widgetol intravenous [1, 8]"];
        assert_eq!(given(two.clone(), "Patients receive Gadgetol and Widgetol IV on days 1 and 8."), both);
        assert_eq!(given(two.clone(), "Patients receive gadgetol/widgetol IV on days 1 and 8."), both);
        // A lead and an amount are those of one.
        let led = given(two.clone(), "Patients receive oral Gadgetol and Widgetol IV on day 1.");
        assert_eq!(led, ["Gadgetol oral", "Widgetol intravenous [1]"]);
        let dosed = given(two, "Patients receive Gadgetol and Widgetol 5 mg on day 1.");
        assert_eq!(dosed, ["Gadgetol", "Widgetol 5 mg [1]"]);
    }

    #[test]
    fn names_that_a_text_has_in_other_words() {
        let of = |names: &[&str], words: &str| given(drugs(names), words);
        assert_eq!(
            of(&["gp41 Vaccine (MakersName)"], "They receive 16 mg of gp41 vaccine on day 1."),
            ["gp41 Vaccine (MakersName) 16 mg [1]"]
        );
        let meant =
            of(&["prasterone"], "Patients receive dehydroepiandrosterone subcutaneously on days 1-3.");
        assert_eq!(meant, ["prasterone subcutaneous [1, 2, 3]"]);
        let cells = json!([
            {"type": "BIOLOGICAL", "name": "MSC treatment"},
            {"type": "BIOLOGICAL", "name": "Placebo (for MSC)"},
        ]);
        let said = given(cells, "Patients receive the MSCs by i.v. infusion on day 1.");
        assert_eq!(said.first().map(String::as_str), Some("MSC treatment intravenous [1]"));
    }

    #[test]
    fn what_a_number_is_not_of() {
        let of = |words: &str| given(json!([{"type": "DRUG", "name": "Gadgetol", "description": words}]), "");
        assert_eq!(
            of("Gadgetol 5 mg on day 1, then infused normal saline 500 mL slowly"),
            ["Gadgetol 5 mg [1]"]
        );
        assert_eq!(of("Gadgetol 8 x 10^9 mL"), ["Gadgetol"]);
        let other = "Patients who get gadgetol weekly often need high doses of Widgetol (up to 60 mg daily).";
        assert_eq!(given(drugs(&["Gadgetol"]), other), ["Gadgetol"]);
        assert_eq!(of("one IC infusion of gadgetol, then one IV infusion"), ["Gadgetol"]);
        let count = |words: &str| {
            let study = json!({
                "identificationModule": {"nctId": "NCT00000001"},
                "designModule": {"studyType": "INTERVENTIONAL"},
                "armsInterventionsModule": {"interventions": [
                    {"type": "DRUG", "name": "Gadgetol", "description": words}
                ]},
            });
            let protocol = crate::compile(&Study::new(json!({"protocolSection": study})).unwrap());
            protocol.doses.first().and_then(|d| d.count)
        };
        assert_eq!(count("2 injections once a month for three months"), None);
        assert_eq!(count("3 injections once a month for three months"), Some(3));
    }

    #[test]
    fn what_a_description_says_that_it_is() {
        let vaccine = |words: &str| json!([{"type": "BIOLOGICAL", "name": "G-W-II", "description": words}]);
        let own = given(vaccine("Docetaxel given intravenously at 75 mg/m2"), "");
        assert_eq!(own, ["G-W-II 75 mg intravenous"]);
        let two = given(vaccine("Docetaxel 75 mg/m2 and capecitabine 500 mg"), "");
        assert_eq!(two, ["G-W-II"]);
    }
}
