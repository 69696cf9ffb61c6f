//! Which item of one version became which of the other.
//!
//! First items that mean the same, then those that speak of the same things, then those with the same words. Common
//! words and concepts are looked at only so far, so that the time grows with the number of items.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::{
    meaning::{demand, part_key, parts, plain, subject},
    tree::{Item, Op, Section},
};

/// Two versions, item by item.
pub(super) struct Aligned {
    /// Places in the old and the new list, by the new one.
    pub pairs: Vec<(usize, usize)>,
    /// Items whose parts are the same, but grouped in another way.
    pub regrouped: Vec<Regrouped>,
    /// Old items without a partner.
    pub removed: Vec<usize>,
    /// New items without a partner.
    pub added: Vec<usize>,
}

/// Items of both versions that together have the same parts.
pub(super) struct Regrouped {
    pub old: Vec<usize>,
    pub new: Vec<usize>,
}

/// Items that share a word or concept and are looked at for it.
const SHARERS: usize = 48;
/// Words or concepts of one item that are looked at.
const FEATURES: usize = 64;

pub(super) fn align(old: &[Item], new: &[Item]) -> Aligned {
    let mut work = Work { old, new, partner: vec![None; new.len()], taken: vec![false; old.len()] };
    work.by_key(|item| Some((item.section, fields(item), demand(item)?, plain(&item.source))));
    work.by_key(|item| Some((item.section, fields(item), demand(item)?)));
    work.by_key(|item| (item.section != Section::Registry).then(|| demand(item)).flatten());
    work.by_key(|item| Some((item.section, plain(&item.source))).filter(|_| demand(item).is_none()));
    work.by_key(|item| (item.section == Section::Registry).then(|| fields(item)));
    let regrouped = work.regrouped();
    work.by_features(subjects, 0.34);
    work.by_features(words, 0.5);
    let grouped: HashSet<usize> = regrouped.iter().flat_map(|g| g.new.iter().copied()).collect();
    let pairs = work.partner.iter().enumerate().filter_map(|(b, a)| Some(((*a)?, b)));
    Aligned {
        pairs: pairs.filter(|(a, _)| *a != GROUPED).collect(),
        removed: (0..old.len()).filter(|a| !work.taken[*a]).collect(),
        added: (0..new.len()).filter(|b| work.partner[*b].is_none() && !grouped.contains(b)).collect(),
        regrouped,
    }
}

/// The partner of an item that belongs to a group.
const GROUPED: usize = usize::MAX;

/// Which field of the record an item is.
fn fields(item: &Item) -> String {
    if item.section == Section::Registry { item.number.to_string() } else { String::new() }
}

struct Work<'i> {
    old: &'i [Item],
    new: &'i [Item],
    partner: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Work<'_> {
    fn free_old(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.old.len()).filter(|a| !self.taken[*a])
    }

    fn free_new(&self) -> Vec<usize> {
        (0..self.new.len()).filter(|b| self.partner[*b].is_none()).collect()
    }

    /// Joins items with equal keys, in their order.
    fn by_key<K: Eq + std::hash::Hash>(&mut self, key: impl Fn(&Item) -> Option<K>) {
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for a in self.free_old() {
            if let Some(key) = key(&self.old[a]) {
                waiting.entry(key).or_default().push_back(a);
            }
        }
        for b in self.free_new() {
            let found = key(&self.new[b]).and_then(|k| waiting.get_mut(&k)?.pop_front());
            if let Some(a) = found {
                self.join(a, b);
            }
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        self.partner[b] = Some(a);
        self.taken[a] = true;
    }

    /// Joins items that share most of their features, the most alike first.
    fn by_features(&mut self, features: fn(&Item) -> BTreeSet<String>, least: f64) {
        let mut sharers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        for a in self.free_old().filter(|a| self.old[*a].section != Section::Registry).collect::<Vec<_>>() {
            let all = features(&self.old[a]);
            sizes.insert(a, all.len());
            for feature in all {
                sharers.entry(feature).or_default().push(a);
            }
        }
        let mut pairs = Vec::new();
        for b in self.free_new().into_iter().filter(|b| self.new[*b].section != Section::Registry) {
            let all = features(&self.new[b]);
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for a in all.iter().flat_map(|f| near(sharers.get(f), b)) {
                *shared.entry(*a).or_default() += 1;
            }
            for (a, count) in shared {
                let alike = 2.0 * count as f64 / (all.len() + sizes[&a]) as f64;
                let section = self.old[a].section == self.new[b].section;
                let score = alike + if section { 0.25 } else { 0.0 };
                if alike >= least && (section || alike > 0.8) {
                    pairs.push((score, a.abs_diff(b), a, b));
                }
            }
        }
        pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2, x.3).cmp(&(y.1, y.2, y.3))));
        for (_, _, a, b) in pairs {
            if !self.taken[a] && self.partner[b].is_none() {
                self.join(a, b);
            }
        }
    }

    /// Takes out items whose parts all stand in other items of the other version, and the other way round.
    fn regrouped(&mut self) -> Vec<Regrouped> {
        let keys = |items: &[Item], free: Vec<usize>| -> BTreeMap<usize, BTreeSet<String>> {
            let text = |n: &usize| items[*n].section != Section::Registry;
            free.into_iter().filter(text).map(|n| (n, part_keys(n, &items[n]))).collect()
        };
        let mut old = keys(self.old, self.free_old().collect());
        let mut new = keys(self.new, self.free_new());
        loop {
            let before = old.len() + new.len();
            let there: HashSet<String> = new.values().flatten().cloned().collect();
            old.retain(|_, keys| !keys.is_empty() && keys.iter().all(|k| there.contains(k)));
            let here: HashSet<String> = old.values().flatten().cloned().collect();
            new.retain(|_, keys| !keys.is_empty() && keys.iter().all(|k| here.contains(k)));
            if old.len() + new.len() == before {
                break;
            }
        }
        old.keys().for_each(|a| self.taken[*a] = true);
        new.keys().for_each(|b| self.partner[*b] = Some(GROUPED));
        groups(&old, &new)
    }
}

/// The sharers of a feature that stand nearest to a place.
fn near(sharers: Option<&Vec<usize>>, place: usize) -> &[usize] {
    let Some(all) = sharers else { return &[] };
    let middle = all.partition_point(|a| *a < place);
    let start = middle.saturating_sub(SHARERS / 2).min(all.len().saturating_sub(SHARERS));
    &all[start..all.len().min(start + SHARERS)]
}

/// Items that are joined by common parts.
fn groups(
    old: &BTreeMap<usize, BTreeSet<String>>,
    new: &BTreeMap<usize, BTreeSet<String>>,
) -> Vec<Regrouped> {
    let mut holders: HashMap<&str, Vec<(bool, usize)>> = HashMap::new();
    for (is_new, side) in [(false, old), (true, new)] {
        for (n, keys) in side {
            keys.iter().for_each(|k| holders.entry(k).or_default().push((is_new, *n)));
        }
    }
    let mut seen: HashSet<(bool, usize)> = HashSet::new();
    let mut spent: HashSet<&str> = HashSet::new();
    let mut out = Vec::new();
    for first in new.keys() {
        let mut group = Regrouped { old: Vec::new(), new: Vec::new() };
        let mut next = vec![(true, *first)];
        while let Some((is_new, n)) = next.pop() {
            if !seen.insert((is_new, n)) {
                continue;
            }
            match is_new {
                true => group.new.push(n),
                false => group.old.push(n),
            }
            let keys = if is_new { &new[&n] } else { &old[&n] };
            for key in keys.iter().filter(|k| spent.insert(k)) {
                next.extend(holders.get(key.as_str()).into_iter().flatten());
            }
        }
        if !group.new.is_empty() {
            group.old.sort_unstable();
            group.new.sort_unstable();
            out.push(group);
        }
    }
    out
}

fn part_keys(n: usize, item: &Item) -> BTreeSet<String> {
    let parts = parts(n, item);
    parts.iter().filter(|p| !matches!(p.node.op, Op::True { .. })).map(part_key).collect()
}

/// What an item speaks of.
fn subjects(item: &Item) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    if let Some(expr) = &item.expr {
        expr.each(&mut |node| {
            let subject = subject(node).filter(|s| out.len() < FEATURES && !s.starts_with("human:"));
            out.extend(subject);
        });
    }
    out
}

/// The longer words of an item, numbers left out.
fn words(item: &Item) -> BTreeSet<String> {
    let text = plain(&item.source);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 3);
    words.take(FEATURES).map(str::to_owned).collect()
}
