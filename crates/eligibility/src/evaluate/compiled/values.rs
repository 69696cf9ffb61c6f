//! Bounds of values: all of one variable and unit together.

use std::collections::HashMap;

use jiff::civil::Date;
use model::{Fact, Subject, Value};

use super::super::assessment::Standing;
use super::super::finding::Truth;
use super::super::value::{canonical_bounds, interval, limit_of, lived, raw};
use super::scale::{Placed, Scale};
use crate::interval::Interval;
use crate::tree::{Bound, Cmp};

/// The bounds of one variable in one unit.
#[derive(Debug)]
pub(super) struct Group {
    /// The variable.
    pub var: Box<str>,
    unit: String,
    bounds: Vec<(u32, Cmp)>,
    printed: Scale,
    canonical: Scale,
    slots: Vec<Slot>,
}

/// A leaf and its bounds: as printed, and in the canonical unit if there is one.
#[derive(Debug)]
struct Slot {
    leaf: u32,
    printed: Placed,
    canonical: Option<Placed>,
}

/// All bounds that are answered together.
#[derive(Debug, Default)]
pub(super) struct Groups {
    all: Vec<Group>,
    known: HashMap<(Box<str>, String), usize>,
}

/// Whether bounds say nothing of how a value is measured, for how long it is so, and which limits of normal count.
pub(super) fn is_plain(cmp: &Cmp) -> bool {
    let Cmp { site, method, state, stable_for, when, repair, unit, .. } = cmp;
    site.is_none()
        && method.is_none()
        && state.is_none()
        && stable_for.is_none()
        && when.is_none()
        && repair.is_none()
        && limit_of(unit).is_none()
}

impl Groups {
    /// Takes the bounds of a leaf in; the number of their group.
    pub fn add(&mut self, leaf: u32, cmp: Cmp) -> usize {
        let key = (cmp.var.0.clone(), cmp.unit.clone());
        let number = *self.known.entry(key).or_insert_with(|| {
            self.all.push(Group {
                var: cmp.var.0.clone(),
                unit: cmp.unit.clone(),
                bounds: Vec::new(),
                printed: Scale::default(),
                canonical: Scale::default(),
                slots: Vec::new(),
            });
            self.all.len() - 1
        });
        self.all[number].bounds.push((leaf, cmp));
        number
    }

    /// A group by its number.
    pub fn get(&self, number: usize) -> &Group {
        &self.all[number]
    }

    /// Makes the scales.
    pub fn index(&mut self) {
        for group in &mut self.all {
            let bounds = std::mem::take(&mut group.bounds);
            let printed: Vec<Interval> =
                bounds.iter().map(|(_, cmp)| Interval::new(cmp.lo, cmp.hi)).collect();
            let canonical: Vec<Option<Interval>> =
                bounds.iter().map(|(_, cmp)| canonical_bounds(cmp)).collect();
            group.printed = Scale::of(printed.iter().copied());
            group.canonical = Scale::of(canonical.iter().copied().flatten());
            let slot =
                |((leaf, _), (printed, canonical)): (&(u32, Cmp), (&Interval, &Option<Interval>))| Slot {
                    leaf: *leaf,
                    printed: group.printed.place(*printed),
                    canonical: canonical.map(|bounds| group.canonical.place(bounds)),
                };
            group.slots = bounds.iter().zip(printed.iter().zip(&canonical)).map(slot).collect();
        }
    }
}

/// Where a value lies on the scale of a group.
enum Seen {
    Printed(Placed),
    Canonical(Placed),
    /// Nowhere, in the canonical unit: all bounds hold of it.
    Empty,
    /// It cannot be compared.
    Unusable,
}

impl Group {
    /// What the latest values say of each leaf.
    pub fn values(&self, latest: &[&Fact], said: &mut dyn FnMut(u32, Standing)) {
        match latest {
            [] => {}
            [one] => {
                let seen = self.seen(one);
                self.slots.iter().for_each(|slot| said(slot.leaf, known(slot.says(&seen))));
            }
            several => {
                let seen: Vec<Seen> = several.iter().map(|fact| self.seen(fact)).collect();
                for slot in &self.slots {
                    let first = slot.says(&seen[0]);
                    let agreed = seen.iter().all(|one| slot.says(one) == first);
                    said(slot.leaf, known(if agreed { first } else { Truth::Unknown }));
                }
            }
        }
    }

    /// That no leaf is known: the values are too old.
    pub fn outdated(&self, said: &mut dyn FnMut(u32, Standing)) {
        self.slots.iter().for_each(|slot| said(slot.leaf, Standing::Unknown));
    }

    /// What a person's birth says of each leaf.
    pub fn birth(&self, subject: &Subject, today: Date, said: &mut dyn FnMut(u32, Standing)) {
        let years = lived(subject, today, &self.unit);
        let end = |value: i64| Some(Bound { value: value.into(), incl: true });
        let seen = match years {
            Some((least, most)) => Seen::Printed(self.printed.place(Interval::new(end(least), end(most)))),
            None => Seen::Unusable,
        };
        self.slots.iter().for_each(|slot| said(slot.leaf, known(slot.says(&seen))));
    }

    fn seen(&self, fact: &Fact) -> Seen {
        let place =
            |scale: &Scale, of: Option<model::Interval>, seen: fn(Placed) -> Seen| match of.map(interval) {
                Some(value) if value.is_empty() => Seen::Empty,
                Some(value) => seen(scale.place(value)),
                None => Seen::Unusable,
            };
        let Some(value) = fact.value.as_ref().filter(|_| fact.value_is_usable()) else {
            return Seen::Unusable;
        };
        let own = match value {
            Value::Quantity(quantity) => quantity.ucum.as_deref().or(quantity.unit.as_deref()).or(Some("")),
            _ => None,
        };
        if own == Some(self.unit.as_str()) {
            return place(&self.printed, raw(value), Seen::Printed);
        }
        place(&self.canonical, value.canonical_interval(), Seen::Canonical)
    }
}

impl Slot {
    fn says(&self, seen: &Seen) -> Truth {
        match (seen, self.canonical) {
            (Seen::Printed(value), _) => value.within(self.printed),
            (Seen::Canonical(value), Some(bounds)) => value.within(bounds),
            (Seen::Empty, Some(_)) => Truth::Met,
            (Seen::Canonical(_) | Seen::Empty, None) | (Seen::Unusable, _) => Truth::Unknown,
        }
    }
}

fn known(truth: Truth) -> Standing {
    match truth {
        Truth::Met => Standing::Met,
        Truth::NotMet => Standing::NotMet,
        Truth::Unknown => Standing::Unknown,
    }
}
