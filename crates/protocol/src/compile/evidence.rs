//! What the words about one intervention in one arm say, gathered from all places that speak of it.

use std::ops::Range;

use model::Decimal;

use super::{mention::generic, phases, quantities};
use crate::{
    read::{
        Quantity, Text, Unit,
        frequency::Frequency,
        number,
        quantity::{Role as Kind, is_cells},
        route,
        text::Kind as Letters,
    },
    record::{Field, Passage, Quote},
};

/// Where words about an intervention stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// In a text that is about it alone.
    Own,
    /// In a text about several, from the token that names it on.
    Beside {
        /// That token.
        mention: usize,
    },
    /// In the summary or the description: only sentences that tell of giving count.
    Running,
}

/// What the places say together; the first that says something counts.
#[derive(Clone, Debug, Default)]
pub struct Evidence<'w> {
    /// The amounts of the first place that has one.
    pub amounts: Vec<Quantity>,
    /// How much in a volume.
    pub concentration: Option<Quantity>,
    /// The volume.
    pub volume: Option<Quantity>,
    /// There are two volumes, or one beside amounts of which it is not said which has it.
    pub several_volumes: bool,
    /// When.
    pub when: Frequency,
    /// When each amount is given, where one follows the other.
    pub phases: Vec<Frequency>,
    /// What is given is a drug beside a product of cells: amounts of cells are not its own.
    drug: bool,
    /// The words of its names.
    own: Vec<&'w str>,
    /// The route was told in running text.
    running_route: bool,
    /// The text of which a sentence has told when.
    timed_in: Option<Field>,
    /// The first place that tells when tells of two parts, of which neither is the whole.
    parted: bool,
    /// The first place that tells how tells of two routes.
    several_routes: bool,
    /// How.
    pub route: Option<&'static str>,
    /// The amount depends on an area or a number of places that is not said.
    pub open_area: bool,
    /// The distance of two places, in cm.
    pub spacing: Option<Decimal>,
    /// The words of the amount, or else of the timing.
    pub quote: Option<Quote>,
    /// How much the quote tells.
    quoted: Quoted,
}

/// What a quote holds, the more telling the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Quoted {
    #[default]
    Nothing,
    Route,
    Timing,
    Volume,
    Amount,
}

/// Words of sentences that say what is given.
const GIVING: [&str; 44] = [
    "receive",
    "receives",
    "received",
    "receiving",
    "given",
    "give",
    "administered",
    "administration",
    "administer",
    "inject",
    "injected",
    "injection",
    "injections",
    "infused",
    "infusion",
    "infusions",
    "dose",
    "doses",
    "dosage",
    "dosed",
    "treated",
    "take",
    "taken",
    "takes",
    "taking",
    "treatment",
    "treatments",
    "transplantation",
    "transplanted",
    "orally",
    "intravenously",
    "subcutaneously",
    "start",
    "started",
    "begin",
    "applied",
    "instilled",
    "vaccinated",
    "vaccination",
    "supplement",
    "supplementation",
    "initiated",
    "increased",
    "mg",
];
/// Words of sentences that say what is looked at.
const LOOKING: [&str; 26] = [
    "follow",
    "followed",
    "followup",
    "visit",
    "visits",
    "assessed",
    "assessment",
    "assessments",
    "evaluated",
    "evaluation",
    "measured",
    "measure",
    "measurements",
    "monitored",
    "blood",
    "samples",
    "sampling",
    "questionnaire",
    "questionnaires",
    "examined",
    "collected",
    "screening",
    "mri",
    "scans",
    "outcome",
    "outcomes",
];

/// Words of running sentences that tell of other studies.
const PAST: [&str; 9] =
    ["previous", "previously", "shown", "showed", "animal", "animals", "mice", "rats", "literature"];

/// Words right before an amount that name no substance.
const OF_ONE: [&str; 46] = [
    "dose",
    "doses",
    "then",
    "followed",
    "maintenance",
    "loading",
    "maximum",
    "minimum",
    "max",
    "min",
    "total",
    "additional",
    "daily",
    "weekly",
    "monthly",
    "day",
    "days",
    "cohort",
    "group",
    "level",
    "step",
    "part",
    "phase",
    "increased",
    "increasing",
    "reduced",
    "decreased",
    "subsequently",
    "thereafter",
    "after",
    "every",
    "each",
    "either",
    "receive",
    "receives",
    "received",
    "receiving",
    "take",
    "takes",
    "given",
    "administered",
    "about",
    "approximately",
    "only",
    "using",
    "with",
];

/// Words of sentences that say how a product is made or packed.
const PRODUCT: [&str; 13] = [
    "supplied",
    "vial",
    "vials",
    "packaged",
    "formulated",
    "ampoule",
    "incubated",
    "seeded",
    "flask",
    "flasks",
    "confluence",
    "centrifuged",
    "centrifugation",
];

impl<'w> Evidence<'w> {
    /// Nothing yet; `drug` for a drug beside a product of cells, and the words of its names.
    pub fn new(drug: bool, own: Vec<&'w str>) -> Self {
        Self { drug, own, ..Self::default() }
    }

    /// Adds what tokens of a passage say.
    pub fn add(&mut self, passage: &Passage<'_>, range: Range<usize>, told: Told) {
        let text = &passage.text;
        let running = told == Told::Running;
        let mut i = range.start;
        let end = range.end.min(text.tokens.len());
        while i < end {
            let sentence = text.sentence(i);
            let part = i..sentence.end.min(end);
            let gives = text.has_any(sentence.clone(), &GIVING);
            let looks = text.has_any(sentence, &LOOKING);
            // What is given beside it has times of its own.
            if text.has_any(part.clone(), &["concomitant", "concomitantly", "premedication"]) {
                break;
            }
            // What others have seen is no plan.
            let past = running && text.has_any(text.sentence(i), &PAST);
            if !past && !text.has_any(part.clone(), &PRODUCT) && (gives || !(running || looks)) {
                // Of several drugs, an amount in another sentence may be that of something else.
                let amounts = match told {
                    Told::Beside { mention } => {
                        text.together(mention, i) || self.names_it(text, part.clone())
                    }
                    Told::Own | Told::Running => true,
                };
                let part = self.before_other(text, before_plus(text, part.clone()));
                self.sentence(passage, part, running, amounts);
            }
            i = part.end.max(i + 1);
        }
    }

    fn sentence(&mut self, passage: &Passage<'_>, part: Range<usize>, running: bool, amounts: bool) {
        let text = &passage.text;
        let mut quantities = quantities::read(text, part.clone());
        quantities
            .retain(|q| (amounts || q.role() != Kind::Amount) && !(running && self.of_another(text, q)));
        let mut places: Vec<(usize, usize)> = Vec::new();
        let mut amounts: Vec<Quantity> =
            quantities.iter().filter(|q| q.role() == Kind::Amount).cloned().collect();
        if amounts.iter().any(|q| !q.in_pieces()) {
            amounts.retain(|q| !q.in_pieces());
        }
        // Beside cells, masses are of other drugs.
        if self.drug {
            amounts.retain(|q| q.unit != "cells");
        } else if amounts.iter().any(|q| q.unit == "cells") {
            amounts.retain(|q| q.unit == "cells");
        }
        // What is given at a time tells more than the total.
        let at_a_time = |q: &Quantity| !q.per.contains(&"course");
        let total_alone = !self.amounts.iter().any(at_a_time) && amounts.iter().any(at_a_time);
        let new_amount = !amounts.is_empty() && (self.amounts.is_empty() || total_alone);
        if new_amount {
            self.quoted = self.quoted.min(Quoted::Volume);
        }
        let phases = if new_amount { phases::cut(text, &amounts, part.clone()) } else { Vec::new() };
        if new_amount {
            places.extend(amounts.iter().map(|q| (q.from, q.to)));
            let of =
                |(part, q): (&Range<usize>, &Quantity)| times(text, &[(q.from, q.to)], part.clone(), running);
            self.phases = phases.iter().zip(&amounts).map(of).collect();
            self.amounts = amounts;
        }
        if self.volume.is_none() {
            self.several_volumes = several_volumes(text, &quantities, &self.amounts, !self.phases.is_empty());
        }
        for (kind, slot) in [(Kind::Concentration, &mut self.concentration), (Kind::Volume, &mut self.volume)]
        {
            if let Some(found) = quantities.iter().find(|q| q.role() == kind).filter(|_| slot.is_none()) {
                places.push((found.from, found.to));
                *slot = Some(found.clone());
            }
        }
        self.open_area |= open_area(text, part.clone());
        self.spacing = self.spacing.or_else(|| spacing(text, part.clone()));
        let mut quoted = match (new_amount, places.is_empty()) {
            (true, _) => Quoted::Amount,
            (false, false) => Quoted::Volume,
            (false, true) => Quoted::Nothing,
        };
        let several = route::several(text, part.clone());
        self.several_routes |= several && self.route.is_none();
        let open = self.route.is_none() && !self.several_routes;
        let is_own = |word: &str| self.own.iter().any(|own| own.eq_ignore_ascii_case(word));
        let of_another = |from, to| running && route::of_another(text, (from, to), is_own);
        let named = route::find(text, part.clone()).filter(|(_, from, to)| !of_another(*from, *to));
        match named {
            Some((found, from, to)) if open => {
                places.push((from, to));
                quoted = quoted.max(Quoted::Route);
                self.route = Some(found);
                self.running_route = running;
            }
            // Of two routes in running text, neither is how everything is given.
            Some((found, ..)) if running && self.running_route && self.route != Some(found) => {
                self.route = None;
                self.several_routes = true;
            }
            _ => {}
        }
        let mut when = times(text, &places, part.clone(), running);
        if several {
            // A number may be that of one of the routes.
            when.count = None;
        }
        if phases.is_empty() && phases::parted(text, part) {
            self.parted |= spans(&self.when).is_empty();
            when = Frequency::repeated(None);
        }
        if when.interval.is_none() && when.count.is_none() && when.days.is_none() && !new_amount {
            // A length of time alone may be that of anything.
            when.duration = None;
        }
        let times: Vec<(usize, usize)> =
            if phases.is_empty() { spans(&when) } else { self.phases.iter().flat_map(spans).collect() };
        if !times.is_empty() {
            quoted = quoted.max(Quoted::Timing);
        }
        places.extend(times);
        if quoted > self.quoted {
            let from = places.iter().map(|p| p.0).min().unwrap_or(0);
            let to = places.iter().map(|p| p.1).max().unwrap_or(0);
            self.quote = Some(passage.quote(from, to));
            self.quoted = quoted;
        }
        let tells = !when.is_empty();
        if self.timed_in == Some(passage.field) {
            self.when.fill_within(when);
        } else if tells {
            self.timed_in.get_or_insert(passage.field);
            self.when.fill(when);
        }
        if self.parted {
            // What repeats holds for both parts.
            self.when = Frequency::repeated(self.when.interval.take());
        }
    }
}

impl Evidence<'_> {
    /// Whether tokens have a word of its names that tells it from others.
    fn names_it(&self, text: &Text<'_>, mut part: Range<usize>) -> bool {
        let telling =
            |word: &str| self.own.iter().any(|own| own.eq_ignore_ascii_case(word)) && !generic(word);
        part.any(|i| telling(text.word(i)))
    }

    /// The part of a sentence before another substance with an amount of its own: `X 10 mg daily; Y 40 mg`.
    fn before_other(&self, text: &Text<'_>, part: Range<usize>) -> Range<usize> {
        let amount = |i: usize| Quantity::read(text, i).first().is_some_and(|q| q.role() == Kind::Amount);
        let starts = |i: &usize| {
            let named = text.kind(*i) == Letters::Word && text.word(*i).len() > 2 && amount(i + 1);
            let own = || self.own.iter().any(|own| own.eq_ignore_ascii_case(text.word(*i)));
            named
                && text.is_any(i - 1, &[",", ";", "and", "+", ":"])
                && number::whole(text, *i).is_none()
                && !text.is_any(*i, &OF_ONE)
                && Unit::of(text.word(*i)).is_none()
                && route::find(text, *i..i + 1).is_none()
                && !is_cells(text.word(*i))
                && !own()
        };
        let Some(first) = part.clone().find(|i| amount(*i)) else { return part };
        let end = (first + 2..part.end).find(starts).map_or(part.end, |i| i - 1);
        part.start..end
    }

    /// `5 mg of aspirin` where aspirin is none of its names.
    fn of_another(&self, text: &Text<'_>, quantity: &Quantity) -> bool {
        const PLAIN: [&str; 12] = [
            "the",
            "a",
            "an",
            "each",
            "study",
            "drug",
            "body",
            "placebo",
            "active",
            "treatment",
            "medication",
            "this",
        ];
        let at = quantity.to + 1;
        let named =
            text.is(quantity.to, "of") && text.kind(at) == Letters::Word && text.together(quantity.from, at);
        let own = || self.own.iter().any(|own| own.eq_ignore_ascii_case(text.word(at)));
        named
            && quantity.unit != "cells"
            && !text.is_any(at, &PLAIN)
            && number::whole(text, at).is_none()
            && !own()
    }
}

/// When something is given, by the part of a sentence around the places that tell of it.
fn times(text: &Text<'_>, places: &[(usize, usize)], part: Range<usize>, running: bool) -> Frequency {
    // What is looked at in the same sentence has times of its own.
    let first = places.iter().map(|p| p.0).min().unwrap_or(part.end);
    let last = places.iter().map(|p| p.1).max().unwrap_or(part.start);
    let looks = |i: &usize| running && text.is_any(*i, &LOOKING);
    let from = (part.start..first).rev().find(looks).map_or(part.start, |i| i + 1);
    let from = if places.is_empty() { part.start } else { from };
    let to = (last..part.end).find(looks).unwrap_or(part.end);
    // In running text a sentence on visits that says neither amount nor route is on visits alone.
    let on_visits = places.is_empty() && (part.start..part.end).any(|i| looks(&i));
    // A long sentence without a word of giving tells of something else: a dressing that is changed.
    let whole = text.sentence(part.start);
    let other = places.is_empty() && whole.len() > 8 && !text.has_any(whole, &GIVING);
    if on_visits || other { Frequency::default() } else { Frequency::read(text, from..to) }
}

fn spans(when: &Frequency) -> Vec<(usize, usize)> {
    [
        when.count.as_ref().map(|s| (s.from, s.to)),
        when.interval.as_ref().map(|s| (s.from, s.to)),
        when.days.as_ref().map(|s| (s.from, s.to)),
        when.duration.as_ref().map(|s| (s.from, s.to)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The part of a sentence before a `plus` that has a quantity on both sides: what follows is another drug.
fn before_plus(text: &Text<'_>, part: Range<usize>) -> Range<usize> {
    let has_quantity = |range: Range<usize>| range.into_iter().any(|i| !Quantity::read(text, i).is_empty());
    let plus = part.clone().find(|i| text.is(*i, "plus"));
    match plus.filter(|plus| has_quantity(part.start..*plus) && has_quantity(*plus..part.end)) {
        Some(plus) => part.start..plus,
        None => part,
    }
}

/// Whether it is not said which amount has the volume, or which of several volumes is that of an amount.
fn several_volumes(text: &Text<'_>, quantities: &[Quantity], amounts: &[Quantity], phased: bool) -> bool {
    let mut volumes = quantities.iter().filter(|q| q.role() == Kind::Volume);
    let Some(first) = volumes.next() else { return false };
    // `1 g (10 mL)`, `50 ug in 10 uL`
    let of_amount = |a: &Quantity| first.from > a.to && first.from - a.to < 3;
    let other = volumes.any(|v| v.unit == first.unit && v.per == first.per && v.value != first.value)
        && !amounts.iter().any(of_amount);
    // `5 mg or 10 mg in 1 mL` shares its volume; `20 million, each 2 million in 0.5 mL` does not.
    let listed = |two: &[Quantity]| {
        let between = two[0].to..two[1].from;
        two[0].from == two[1].from || between.len() < 3 && text.has_any(between, &["or", "and", ",", "/"])
    };
    other || !phased && !amounts.windows(2).all(listed)
}

/// `2 cm apart`, in cm.
fn spacing(text: &Text<'_>, mut range: Range<usize>) -> Option<Decimal> {
    range.find_map(|i| {
        let unit = i.checked_sub(1).filter(|_| text.is(i, "apart"))?;
        let per_cm = if text.is(unit, "mm") { Decimal::TEN } else { Decimal::ONE };
        let value = number::whole(text, unit.checked_sub(1)?).filter(|_| text.is_any(unit, &["cm", "mm"]))?;
        value.checked_div(per_cm)
    })
}

/// `each injection point is 2 cm apart`, `based on the surface area`: a grid whose extent is not said.
fn open_area(text: &Text<'_>, range: Range<usize>) -> bool {
    let mut grid = false;
    for i in range.clone() {
        grid |= text.is(i, "apart") && i > 1 && text.is_any(i - 1, &["cm", "mm"]);
        grid |= text.is(i, "surface")
            && text.is(i + 1, "area")
            && text.has_any(range.clone(), &["injection", "injected", "injections"]);
    }
    let counted = range.into_iter().any(|i| {
        text.is_any(i, &["points", "sites", "injections"]) && i > 0 && number::whole(text, i - 1).is_some()
    });
    grid && !counted
}
