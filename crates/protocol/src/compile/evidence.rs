//! What the words about one intervention in one arm say, gathered from all places that speak of it.

use std::ops::Range;

use model::Decimal;

use super::{
    own::Own,
    phases, quantities, rivals,
    site::{self, Centimetres},
    vehicle,
};
use crate::{
    read::{
        Quantity, Text, days,
        frequency::{Frequency, Said},
        giving,
        quantity::Role as Kind,
        route,
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
    /// Concentration and volume are told in two sentences: their product is no amount.
    pub diluted_apart: bool,
    /// A later sentence of the same text tells another amount: what is said of times may be of that.
    pub changes: bool,
    /// The text that told the amounts.
    dosed_in: Option<Field>,
    /// The amounts are parted by strokes: `200/100 mg`.
    pub slashed: bool,
    /// When.
    pub when: Frequency,
    /// When each amount is given, where one follows the other.
    pub phases: Vec<Frequency>,
    /// What is given is a drug beside a product of cells: amounts of cells are not its own.
    drug: bool,
    /// The words of its names.
    own: Own<'w>,
    /// Other substances that its texts name take nothing from it.
    pub whole: bool,
    /// Number and timing are known: what follows adds none.
    pub only_amounts: bool,
    /// The route was told in running text.
    running_route: bool,
    /// The text that told the route.
    routed_in: Option<Field>,
    /// The text of which a sentence has told when.
    timed_in: Option<Field>,
    /// The label of the part of a text that is read.
    pub under: Option<usize>,
    /// The label under which it was told when, and the one under which an amount was.
    timed_under: Option<usize>,
    dosed_under: Option<usize>,
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
    /// How deep it is put.
    pub depth: Option<Centimetres>,
    /// What it is given in.
    pub vehicle: Option<Quote>,
    /// The words of the amount, or else of the timing.
    pub quote: Option<Quote>,
    /// How much the quote tells.
    quoted: Quoted,
}

/// Words of sentences on amounts that not everybody gets.
const CONDITIONS: [&str; 22] = [
    "if",
    "may",
    "can",
    "could",
    "unless",
    "case",
    "reduce",
    "reduced",
    "reduction",
    "decreased",
    "increase",
    "increased",
    "increments",
    "by",
    "toxicity",
    "rescue",
    "titrated",
    "adjusted",
    "maximum",
    "optional",
    "needed",
    "or",
];

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

impl<'w> Evidence<'w> {
    /// Nothing yet; `drug` for a drug beside a product of cells, and its names.
    pub fn new(drug: bool, own: Own<'w>) -> Self {
        Self { drug, own, ..Self::default() }
    }

    /// Learns another name of the intervention.
    pub fn learn(&mut self, words: &[&'w str]) {
        self.own.learn(words);
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
            // What is given beside it has times of its own.
            if giving::beside(text, part.clone()) {
                break;
            }
            // What others have seen is no plan.
            let past = running && giving::of_past(text, sentence.clone());
            let gives = || {
                giving::gives(text, sentence.clone()) || !(running || giving::looks(text, sentence.clone()))
            };
            let of_no_giving =
                giving::of_product(text, part.clone()) || giving::of_history(text, part.clone());
            if !past && !of_no_giving && gives() {
                // Of several drugs, an amount in another sentence may be that of something else.
                let amounts = match told {
                    Told::Beside { mention } => {
                        text.together(mention, i) || self.own.named_in(text, part.clone())
                    }
                    Told::Own | Told::Running => true,
                };
                // Without a number, a word of time or a route, only what something is given in can be told.
                if !rivals::tells(text, part.clone()) {
                    self.site(passage, part.clone());
                    i = part.end.max(i + 1);
                    continue;
                }
                let part = self.own.part(text, part.clone());
                // What a text about it alone tells first may be all that it tells.
                let told = running || !self.amounts.is_empty() || !self.when.is_empty();
                let part = if told { giving::for_all(text, part) } else { part };
                let parts = if self.whole { vec![part] } else { rivals::own_parts(text, part, &self.own) };
                for part in parts {
                    self.sentence(passage, part, running, amounts);
                }
            }
            i = part.end.max(i + 1);
        }
    }

    fn sentence(&mut self, passage: &Passage<'_>, part: Range<usize>, running: bool, amounts: bool) {
        let (text, start) = (&passage.text, part.start);
        let mut quantities = quantities::read(text, part.clone());
        // `2 Gy on days 1-5 of each week`: the times are those of the radiation.
        let radiates = quantities.iter().any(|q| matches!(q.unit, "Gy" | "cGy"));
        quantities.retain(|q| {
            (amounts || q.role() != Kind::Amount)
                && !(running && self.own.is_another(text, q))
                && !self.own.is_of_another(text, q)
        });
        // Of several substances, an amount in running text, or of two, is that of one of them.
        let several = || quantities.iter().filter(|q| q.role() == Kind::Amount).count() > 1;
        let mixed =
            self.own.is_mixed(text, part.clone()) || several() && self.own.names_both(text, part.clone());
        // Told of one of the substances that its name joins.
        let in_part = !mixed
            && (self.own.is_told_in_part(text, part.clone())
                || self.own.is_told_in_part(text, text.sentence(part.start)));
        let of_one = mixed || self.own.joins() && (running || several() || in_part);
        quantities.retain(|q| !of_one || q.unit == "cells");
        let mut seen = Seen::default();
        let parts = self.amounts(passage, &quantities, part.clone(), running, &mut seen);
        if !seen.own_volume {
            self.volumes(text, &quantities, &mut seen);
        }
        self.site(passage, part.clone());
        let several = !in_part && self.way(passage, part.clone(), running, &mut seen);
        let mut when = times(text, &seen.places, part.clone(), running);
        if mixed || in_part || radiates {
            when = Frequency::default();
        }
        if running && self.several_routes {
            when = Frequency::repeated(when.interval.take());
        }
        // A number may be that of one of the routes, and treatments in running text those that are compared.
        let compared = |said: &Said<u32>| running && text.is_any(said.to - 1, &["treatments", "sessions"]);
        when.count = when.count.filter(|said| !several && !compared(said));
        if several && has_days_by_route(text, part.clone()) {
            when = Frequency::repeated(when.interval.take());
        }
        if parts == 0 && phases::parted(text, part) {
            self.parted |= spans(&self.when).is_empty();
            when = Frequency::repeated(None);
        }
        if when.interval.is_none() && when.count.is_none() && when.days.is_none() && !seen.amount {
            // A length of time alone may be that of anything.
            when.duration = None;
        }
        let times = if parts == 0 { spans(&when) } else { self.phases.iter().flat_map(spans).collect() };
        if !times.is_empty() {
            seen.quoted = seen.quoted.max(Quoted::Timing);
        }
        seen.places.extend(times);
        if seen.quoted > self.quoted {
            let from = seen.places.iter().map(|p| p.0).min().unwrap_or(0);
            let to = seen.places.iter().map(|p| p.1).max().unwrap_or(0);
            self.quote = Some(passage.quote(from, to));
            self.quoted = seen.quoted;
        }
        if !self.only_amounts {
            let goes_on = phases::goes_on(text, text.sentence(start));
            self.when(when, passage.field, goes_on);
        }
    }

    /// Takes the amounts of a sentence; the number of its parts of which one follows the other.
    fn amounts(
        &mut self,
        passage: &Passage<'_>,
        quantities: &[Quantity],
        part: Range<usize>,
        running: bool,
        seen: &mut Seen,
    ) -> usize {
        let (text, field) = (&passage.text, passage.field);
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
        if amounts.is_empty() || !(self.amounts.is_empty() || total_alone) {
            let other = |q: &Quantity| {
                let same = |a: &&Quantity| a.unit == q.unit && a.per == q.per;
                at_a_time(q)
                    && self.amounts.iter().any(|a| same(&a))
                    && self.amounts.iter().all(|a| a.value != q.value)
            };
            let apart =
                self.under.is_some() && self.dosed_under.is_some_and(|label| Some(label) != self.under);
            let others = self.dosed_in == Some(field) && (!running || apart) && amounts.iter().any(other);
            // Of the cohorts of an escalation each has its own.
            let cohorts = ["cohort", "cohorts", "mtd", "tolerated"];
            if others && text.has_any(0..text.tokens.len(), &cohorts) {
                let more: Vec<Quantity> = amounts.iter().filter(|q| other(q)).cloned().collect();
                self.amounts.extend(more);
            } else if others && !text.has_any(part.clone(), &CONDITIONS) {
                // What is told later has times of its own, and maybe a route and a volume.
                let route = route::find(text, part.clone()).map(|(route, ..)| route);
                if route.is_some() && self.route.is_some() && route != self.route {
                    (self.route, self.several_routes) = (None, true);
                }
                if quantities.iter().any(|q| q.role() != Kind::Amount) {
                    (self.volume, self.concentration, self.several_volumes) = (None, None, true);
                    seen.own_volume = true;
                }
                self.phases.resize(self.amounts.len(), self.when.clone());
                let more: Vec<Quantity> = amounts.iter().filter(|q| other(q)).cloned().collect();
                for quantity in more {
                    let place = [(quantity.from, quantity.to)];
                    self.phases.push(times(text, &place, part.clone(), running));
                    self.amounts.push(quantity);
                }
            } else {
                self.changes |= others;
            }
            return 0;
        }
        (self.dosed_in, self.dosed_under) = (Some(field), self.under);
        self.quoted = self.quoted.min(Quoted::Volume);
        let phases = phases::cut(text, &amounts, part);
        seen.amount = true;
        seen.quoted = Quoted::Amount;
        seen.places.extend(amounts.iter().map(|q| (q.from, q.to)));
        let of =
            |(part, q): (&Range<usize>, &Quantity)| times(text, &[(q.from, q.to)], part.clone(), running);
        self.phases = phases.iter().zip(&amounts).map(of).collect();
        self.slashed = amounts.first().is_some_and(|q| text.is(q.from + 1, "/") && text.glued(q.from + 1));
        self.amounts = amounts;
        phases.len()
    }

    /// Takes the volume and the concentration of a sentence.
    fn volumes(&mut self, text: &Text<'_>, quantities: &[Quantity], seen: &mut Seen) {
        if self.volume.is_none() {
            let named = |q: &Quantity| q.role() == Kind::Volume && self.own.is(text.word(q.to));
            self.several_volumes =
                site::several_volumes(text, quantities, &self.amounts, !self.phases.is_empty())
                    && !quantities.iter().any(named);
        }
        let own = &self.own;
        let apart = self.concentration.is_some() != self.volume.is_some();
        for (kind, slot) in [(Kind::Concentration, &mut self.concentration), (Kind::Volume, &mut self.volume)]
        {
            let of_it = |q: &&Quantity| q.role() == kind && (q.unit != "%" || own.has_strength(text, q));
            if let Some(found) = quantities.iter().find(of_it).filter(|_| slot.is_none()) {
                seen.places.push((found.from, found.to));
                seen.quoted = seen.quoted.max(Quoted::Volume);
                *slot = Some(found.clone());
            }
        }
        // `2 million cells (in 100 uL) for each ovary`
        let organ = |per: &&&str| matches!(**per, "ovary" | "kidney" | "eye" | "joint" | "disc" | "lesion");
        let of_organ = self.amounts.first().and_then(|q| q.per.iter().find(organ).copied());
        if let (Some(volume), Some(organ)) = (&mut self.volume, of_organ)
            && volume.per.is_empty()
        {
            volume.per.push(organ);
        }
        // `at 2 × 10^7 cells/mL. It is diluted in 100 mL`: not the volume of the concentration.
        self.diluted_apart |= apart && self.concentration.is_some() && self.volume.is_some();
    }

    /// Takes where and in what something is put.
    fn site(&mut self, passage: &Passage<'_>, part: Range<usize>) {
        let text = &passage.text;
        self.open_area |= site::open_area(text, part.clone());
        if site::has_length(text, part.clone()) {
            self.spacing = self.spacing.or_else(|| site::spacing(text, part.clone()));
            self.depth = self.depth.or_else(|| site::depth(text, part.clone()));
        }
        if self.vehicle.is_none() {
            self.vehicle = vehicle::find(text, part).map(|found| passage.quote(found.start, found.end));
        }
    }

    /// Takes the route of a sentence; whether it names several.
    fn way(&mut self, passage: &Passage<'_>, part: Range<usize>, running: bool, seen: &mut Seen) -> bool {
        let text = &passage.text;
        let part = phases::up_to_next(text, part, &self.amounts, seen.amount);
        let several = route::several(text, part.clone());
        self.several_routes |= several && self.route.is_none();
        let open = self.route.is_none() && !self.several_routes;
        // Behind another way of the same text, `oral X` is of X.
        let checked = running || self.routed_in == Some(passage.field);
        let of_another = |from, to| {
            checked && route::of_another(text, (from, to), |w| self.own.is(w))
                || !self.whole && route::leads_to_another(text, to, |i| self.own.names(text, i))
        };
        match route::find(text, part).filter(|(_, from, to)| !of_another(*from, *to)) {
            Some((found, from, to)) if open => {
                seen.places.push((from, to));
                seen.quoted = seen.quoted.max(Quoted::Route);
                self.route = Some(found);
                self.running_route = running;
                self.routed_in = Some(passage.field);
            }
            // Of two routes in running text, or in one text, neither is how everything is given.
            Some((found, ..))
                if (running && self.running_route || self.routed_in == Some(passage.field))
                    && self.route.is_some_and(|known| known != found) =>
            {
                self.route = None;
                self.several_routes = true;
                // Nor is a number, a length or a day of one of them that of all.
                self.when = Frequency::repeated(self.when.interval.take());
            }
            _ => {}
        }
        several
    }

    /// Takes what a sentence of a field says of number and timing.
    fn when(&mut self, when: Frequency, field: Field, goes_on: bool) {
        if self.timed_in == Some(field) && !when.is_empty() {
            let apart =
                self.under.is_some() && self.timed_under.is_some_and(|label| Some(label) != self.under);
            self.parted |= goes_on;
            if goes_on || apart { self.when.fill_apart(when) } else { self.when.fill_within(when) }
        } else if !when.is_empty() {
            if self.timed_in.is_none() {
                (self.timed_in, self.timed_under) = (Some(field), self.under);
            }
            // What another text tells of several parts changes nothing of what is known.
            let known = self.when.interval.is_some() && !self.when.nested;
            self.when.fill(when);
            self.when.nested &= !known;
        }
        if self.parted {
            // What repeats holds for both parts.
            let interval = self.when.interval.take().filter(|_| !self.when.nested);
            let nested = self.when.nested;
            self.when = Frequency::repeated(interval);
            self.when.nested = nested;
        }
    }
}

/// What a sentence has told so far.
#[derive(Default)]
struct Seen {
    /// The tokens that tell.
    places: Vec<(usize, usize)>,
    /// How much they tell.
    quoted: Quoted,
    /// Whether there are amounts among them.
    amount: bool,
    /// A later amount has a volume or a concentration of its own.
    own_volume: bool,
}

/// `IV on days -1 and 0 and orally on days 1-80`: days, another route, and its days.
fn has_days_by_route(text: &Text<'_>, part: Range<usize>) -> bool {
    let list = |i: &usize| text.is_any(*i, &["day", "days"]) && days::signed(text, *i + 1).is_some();
    let mut lists = part.filter(list);
    let ends = lists.next().zip(lists.next_back());
    ends.is_some_and(|(first, last)| route::find(text, first..last).is_some())
}

/// When something is given, by the part of a sentence around the places that tell of it.
fn times(text: &Text<'_>, places: &[(usize, usize)], part: Range<usize>, running: bool) -> Frequency {
    // What is looked at in the same sentence has times of its own.
    let first = places.iter().map(|p| p.0).min().unwrap_or(part.end);
    let last = places.iter().map(|p| p.1).max().unwrap_or(part.start);
    let looks = |i: &usize| giving::looks_at(text, *i) && (running || giving::watches(text, *i));
    let from = (part.start..first).rev().find(looks).map_or(part.start, |i| i + 1);
    let from = if places.is_empty() { part.start } else { from };
    let to = (last..part.end).find(looks).unwrap_or(part.end);
    // In running text a sentence on visits that says neither amount nor route is on visits alone.
    let on_visits = running && places.is_empty() && (part.start..part.end).any(|i| looks(&i));
    // A long sentence without a word of giving tells of something else: a dressing that is changed.
    let whole = text.sentence(part.start);
    let other = places.is_empty() && whole.len() > 8 && !giving::gives(text, whole);
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
