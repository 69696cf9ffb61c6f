//! What changed between two versions of criteria: by what they mean, not by their words.
//!
//! Items are aligned, then judged for the people who may join: a wider exclusion narrows the study.

mod align;
mod describe;

use std::fmt;

use crate::{
    catalogue::{Builtin, Catalogue},
    implication::{Claim, implies},
    meaning::{demand, plain},
    tree::{Criteria, Item, Polarity},
    wording,
};

/// One difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it means for the people who may join.
    pub kind: ChangeKind,
    /// The item's place in the old list.
    pub old: Option<usize>,
    /// The item's place in the new list.
    pub new: Option<usize>,
    /// What is different, in a few words (`upper age 55 → 65 years`).
    pub what: String,
}

/// What a difference means for the people who may join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// All who met the old item meet the new one, and more do.
    Widened,
    /// All who meet the new item met the old one, and more did.
    Narrowed,
    /// Neither follows from the other, or it could not be judged.
    Changed,
    /// There was no such item.
    Added,
    /// There is no such item any more.
    Removed,
    /// The same, in another section.
    Moved,
    /// The same in other words.
    Reworded,
}

impl ChangeKind {
    /// The kind's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Reworded => "reworded",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All differences, in the order of the new version; what was removed stands where it stood.
pub fn diff(old: &Criteria, new: &Criteria) -> Vec<Change> {
    diff_with(old, new, &Builtin)
}

/// The same with more knowledge of variables.
pub fn diff_with(old: &Criteria, new: &Criteria, catalogue: &dyn Catalogue) -> Vec<Change> {
    let (old, new) = (&old.items[..], &new.items[..]);
    let aligned = align::align(old, new);
    let mut out = Vec::new();
    for &(a, b) in &aligned.pairs {
        if let Some((kind, what)) = judge(&old[a], &new[b], catalogue) {
            out.push(Change { kind, old: Some(a), new: Some(b), what });
        }
    }
    for group in &aligned.regrouped {
        out.push(regrouped(group, old, new));
    }
    for &a in &aligned.removed {
        let what = format!("{}: {}", old[a].section, wording::short(&old[a].source, 120));
        out.push(Change { kind: ChangeKind::Removed, old: Some(a), new: None, what });
    }
    for &b in &aligned.added {
        let what = format!("{}: {}", new[b].section, wording::short(&new[b].source, 120));
        out.push(Change { kind: ChangeKind::Added, old: None, new: Some(b), what });
    }
    in_order(out, &aligned)
}

/// Sorted by place in the new version; a removed item behind the one it followed.
fn in_order(mut changes: Vec<Change>, aligned: &align::Aligned) -> Vec<Change> {
    let mut by_old: Vec<(usize, usize)> = aligned.pairs.clone();
    by_old.sort_unstable();
    let place = |change: &Change| match (change.new, change.old) {
        (Some(new), _) => (new, 0, 0),
        (None, old) => {
            let old = old.unwrap_or_default();
            let before = by_old.partition_point(|(o, _)| *o < old);
            let after = before.checked_sub(1).and_then(|i| by_old.get(i)).map_or(0, |(_, new)| new + 1);
            (after.saturating_sub(1), usize::from(after > 0), old + 1)
        }
    };
    changes.sort_by_key(place);
    changes
}

/// One item that became several, or several that became one.
fn regrouped(group: &align::Regrouped, old: &[Item], new: &[Item]) -> Change {
    let names = |all: &[usize], items: &[Item]| {
        let name = |n: &usize| format!("{} {}", items[*n].section, items[*n].number);
        all.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let what = format!("the same, of {} now in {}", names(&group.old, old), names(&group.new, new));
    Change {
        kind: ChangeKind::Reworded,
        old: group.old.first().copied(),
        new: group.new.first().copied(),
        what,
    }
}

/// What one item became; `None` where nothing but marks and spaces changed.
fn judge(old: &Item, new: &Item, catalogue: &dyn Catalogue) -> Option<(ChangeKind, String)> {
    let moved = old.section != new.section;
    let same = demand(old).is_some() && demand(old) == demand(new);
    let (Some(before), Some(after)) = (claim(old), claim(new)) else {
        let words = plain(&old.source) != plain(&new.source) || old.expr.is_some() != new.expr.is_some();
        return words.then(|| (ChangeKind::Changed, describe::sources(old, new)));
    };
    let wider = same || implies(before, after, catalogue);
    let narrower = same || implies(after, before, catalogue);
    let what = || describe::difference(old, new, catalogue);
    match (wider, narrower) {
        (true, true) if left_to_people(old) != left_to_people(new) => {
            Some((ChangeKind::Changed, describe::residue(old, new)))
        }
        (true, true) if moved => {
            let place = |item: &Item| format!("{} {}", item.section, item.number);
            Some((ChangeKind::Moved, format!("from {} to {}", place(old), place(new))))
        }
        (true, true) if plain(&old.source) == plain(&new.source) => None,
        (true, true) => Some((ChangeKind::Reworded, describe::sources(old, new))),
        (true, false) => Some((ChangeKind::Widened, what())),
        (false, true) => Some((ChangeKind::Narrowed, what())),
        (false, false) => Some((ChangeKind::Changed, what())),
    }
}

fn claim(item: &Item) -> Option<Claim<'_>> {
    Some(Claim { node: item.expr.as_ref()?, holds: item.polarity? == Polarity::Require })
}

/// The words that no record decides.
fn left_to_people(item: &Item) -> Vec<String> {
    item.residue.iter().map(|r| plain(&r.text)).collect()
}
