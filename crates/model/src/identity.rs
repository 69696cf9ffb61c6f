//! Which records of different registries are of one trial: told by identifiers, never by titles.
//!
//! Two records belong together if one names the other's id, or both name the same third. What would put two records
//! of one registry together is no proof but a dispute: it joins nothing and is told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value;

use crate::{Register, StudyId, study, study_id::named};

/// The registries' numbers that a canonical record names as its own: its id and former ids, and what its sponsor's
/// and its secondary identifiers are where they are a registry's number. Of parts of a trial, the trial's.
pub fn identifiers(record: &Value) -> Vec<StudyId> {
    let module = record.pointer("/protocolSection/identificationModule");
    let at = |path: &str| module.and_then(|m| m.pointer(path));
    let list = |path: &str| at(path).and_then(Value::as_array).into_iter().flatten();
    let texts = at("/orgStudyIdInfo/id").into_iter().chain(list("/nctIdAliases"));
    let texts = texts.chain(list("/secondaryIdInfos").filter_map(|info| info.get("id")));
    let mut out: Vec<StudyId> = study::id_of(record).into_iter().collect();
    out.extend(texts.filter_map(Value::as_str).flat_map(named));
    out.iter_mut().for_each(|id| *id = id.trial());
    let mut seen = BTreeSet::new();
    out.retain(|id| seen.insert(*id));
    out
}

/// Records that an identifier would put together although one registry has several of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dispute {
    /// What they name; absent where only a chain of identifiers joins them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<StudyId>,
    /// The records, ascending.
    pub studies: Vec<StudyId>,
}

/// What belongs to a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Same {
    /// The other records of the trial, ascending.
    pub studies: Vec<StudyId>,
    /// Further numbers of the trial, of which there is no record here, ascending.
    pub numbers: Vec<StudyId>,
    /// What was not joined.
    pub disputes: Vec<Dispute>,
}

/// The groups of all records.
#[derive(Debug, Default)]
pub struct Identity {
    names: HashMap<StudyId, Vec<StudyId>>,
    /// By identifier, the records that have or name it, ascending.
    by_name: HashMap<StudyId, Vec<StudyId>>,
    group_of: HashMap<StudyId, usize>,
    groups: Vec<Vec<StudyId>>,
    disputes: Vec<Dispute>,
}

impl Identity {
    /// Groups records, given as each id with the [`identifiers`] of its record. The order does not matter.
    pub fn new(records: impl IntoIterator<Item = (StudyId, Vec<StudyId>)>) -> Self {
        let mut names: HashMap<StudyId, Vec<StudyId>> = HashMap::new();
        let mut by_name: BTreeMap<StudyId, BTreeSet<StudyId>> = BTreeMap::new();
        for (id, others) in records {
            by_name.entry(id.trial()).or_default().insert(id);
            for other in &others {
                by_name.entry(*other).or_default().insert(id);
            }
            names.insert(id, others);
        }
        let mut out = Self { names, ..Self::default() };
        let mut links = Links::default();
        for (name, studies) in &by_name {
            out.link(*name, studies, &mut links);
        }
        out.gather(links);
        let shared =
            by_name.into_iter().filter(|(name, studies)| studies.len() > 1 || !studies.contains(name));
        out.by_name = shared.map(|(name, studies)| (name, studies.into_iter().collect())).collect();
        out
    }

    /// Links those whose common name says that they are one.
    fn link(&mut self, name: StudyId, studies: &BTreeSet<StudyId>, links: &mut Links) {
        // A record that names another of its own registry is about it, not it; former ids are resolved elsewhere.
        let owns = |id: &StudyId| id.trial() == name;
        let apart = |id: &&StudyId| owns(id) || id.register() != name.register();
        let mut trials: BTreeMap<Register, BTreeSet<StudyId>> = BTreeMap::new();
        for id in studies.iter().filter(apart) {
            trials.entry(id.register()).or_default().insert(id.trial());
        }
        let disputed: Vec<StudyId> = studies
            .iter()
            .filter(apart)
            .filter(|id| trials.get(&id.register()).is_some_and(|trials| trials.len() > 1))
            .copied()
            .collect();
        let mut joined = studies.iter().filter(apart).filter(|id| !disputed.contains(id));
        if let Some(first) = joined.next() {
            joined.for_each(|other| links.join(*first, *other));
        }
        if !disputed.is_empty() {
            self.disputes.push(Dispute { identifier: Some(name), studies: disputed });
        }
    }

    /// Makes groups of what is linked; a chain that joins two trials of one registry joins nothing.
    fn gather(&mut self, mut links: Links) {
        let mut found: BTreeMap<StudyId, Vec<StudyId>> = BTreeMap::new();
        let linked: BTreeSet<StudyId> = links.up.keys().copied().collect();
        for id in linked {
            found.entry(links.top(id)).or_default().push(id);
        }
        for studies in found.into_values() {
            let trials: BTreeSet<StudyId> = studies.iter().map(|id| id.trial()).collect();
            let registers: BTreeSet<Register> = trials.iter().map(|id| id.register()).collect();
            if registers.len() == trials.len() {
                self.add(studies);
                continue;
            }
            for trial in trials {
                self.add(studies.iter().filter(|id| id.trial() == trial).copied().collect());
            }
            self.disputes.push(Dispute { identifier: None, studies });
        }
    }

    fn add(&mut self, studies: Vec<StudyId>) {
        if studies.len() > 1 {
            let number = self.groups.len();
            self.group_of.extend(studies.iter().map(|id| (*id, number)));
            self.groups.push(studies);
        }
    }

    /// What belongs to a study.
    pub fn same(&self, id: StudyId) -> Same {
        let group = self.group_of.get(&id).map_or(&[][..], |n| &self.groups[*n]);
        let studies: Vec<StudyId> = group.iter().filter(|other| **other != id).copied().collect();
        let own: Vec<StudyId> = studies.iter().chain([&id]).map(|id| id.trial()).collect();
        let named = studies.iter().chain([&id]).filter_map(|id| self.names.get(id)).flatten().copied();
        let disputes: Vec<Dispute> =
            self.disputes.iter().filter(|d| d.studies.contains(&id)).cloned().collect();
        let disputed = |name: &StudyId| disputes.iter().any(|d| d.identifier == Some(*name));
        let is_other =
            |name: &StudyId| !own.contains(name) && own.iter().all(|o| o.register() != name.register());
        let numbers: BTreeSet<StudyId> = named.filter(is_other).filter(|name| !disputed(name)).collect();
        Same { studies, numbers: numbers.into_iter().collect(), disputes }
    }

    /// The records of other registries that name this id, ascending.
    pub fn naming(&self, id: StudyId) -> impl Iterator<Item = StudyId> + '_ {
        let found = self.by_name.get(&id.trial()).into_iter().flatten().copied();
        found.filter(move |other| other.trial() == id.trial() || other.register() != id.register())
    }
}

/// Sets that grow together; the least id is the top of each.
#[derive(Default)]
struct Links {
    up: BTreeMap<StudyId, StudyId>,
}

impl Links {
    fn top(&mut self, id: StudyId) -> StudyId {
        let mut top = id;
        while let Some(up) = self.up.get(&top).filter(|up| **up != top) {
            top = *up;
        }
        self.up.insert(id, top);
        top
    }

    fn join(&mut self, a: StudyId, b: StudyId) {
        let (a, b) = (self.top(a), self.top(b));
        self.up.insert(a.max(b), a.min(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<StudyId> {
        text.split_whitespace().map(|t| t.parse().unwrap()).collect()
    }

    /// Records as `id: names`.
    fn of(records: &[&str]) -> Identity {
        let read = |r: &&str| (ids(r)[0], ids(r));
        let forwards = Identity::new(records.iter().map(read));
        let backwards = Identity::new(records.iter().rev().map(read));
        for record in records {
            assert_eq!(
                forwards.same(ids(record)[0]),
                backwards.same(ids(record)[0]),
                "{record}: the order counts"
            );
        }
        forwards
    }

    #[test]
    fn one_names_the_other_or_both_a_third() {
        let same = of(&[
            "NCT00000001 2016-000001-11",
            "ISRCTN00000001 NCT00000001",
            "EUCTR2016-000001-11-DE",
            "EUCTR2016-000001-11-FR",
            "DRKS00000001",
        ]);
        let found = same.same(ids("NCT00000001")[0]);
        assert_eq!(found.studies, ids("ISRCTN00000001 EUCTR2016-000001-11-DE EUCTR2016-000001-11-FR"));
        assert!(found.numbers.is_empty() && found.disputes.is_empty());
        assert_eq!(same.same(ids("DRKS00000001")[0]), Same::default());
        let utn = of(&["NCT00000001 U1111-0000-0001", "DRKS00000002 U1111-0000-0001"]);
        let found = utn.same(ids("DRKS00000002")[0]);
        assert_eq!((found.studies, found.numbers), (ids("NCT00000001"), ids("U1111-0000-0001")));
    }

    #[test]
    fn two_of_one_registry_are_a_dispute() {
        let same = of(&[
            "NCT00000001 2016-000001-11",
            "NCT00000002 2016-000001-11",
            "EUCTR2016-000001-11-DE",
            "ISRCTN00000001 2016-000001-11",
        ]);
        let found = same.same(ids("NCT00000001")[0]);
        assert!(found.studies.is_empty() && found.numbers.is_empty());
        assert_eq!(
            found.disputes,
            [Dispute { identifier: Some(ids("2016-000001-11")[0]), studies: ids("NCT00000001 NCT00000002") }]
        );
        assert_eq!(same.same(ids("ISRCTN00000001")[0]).studies, ids("EUCTR2016-000001-11-DE"));
    }

    #[test]
    fn a_chain_joins_no_two_of_one_registry() {
        let same = of(&["NCT00000001", "NCT00000002", "ISRCTN00000001 NCT00000001 NCT00000002"]);
        let found = same.same(ids("ISRCTN00000001")[0]);
        assert!(found.studies.is_empty());
        assert_eq!(found.disputes[0].studies, ids("NCT00000001 NCT00000002 ISRCTN00000001"));
        assert!(same.naming(ids("NCT00000002")[0]).eq(ids("NCT00000002 ISRCTN00000001")));
    }

    #[test]
    fn a_record_that_names_another_of_its_registry_is_another_trial() {
        let same = of(&["NCT00000001", "NCT00000002 NCT00000001", "ISRCTN00000001 NCT00000001"]);
        assert_eq!(same.same(ids("NCT00000001")[0]).studies, ids("ISRCTN00000001"));
        assert_eq!(same.same(ids("NCT00000002")[0]), Same::default());
    }

    #[test]
    fn a_sponsors_number_is_no_identifier_unless_it_is_a_registrys() {
        let record = |org: &str, other: &str| {
            serde_json::json!({"protocolSection": {"identificationModule": {
            "nctId": "NCT00000001", "orgStudyIdInfo": {"id": org}, "secondaryIdInfos": [{"id": other}]}}})
        };
        assert_eq!(
            identifiers(&record("ABC-1", "EudraCT Number: 2016-000001-11")),
            ids("NCT00000001 2016-000001-11")
        );
        assert_eq!(identifiers(&record("2022-500001-11-01", "XYZ")), ids("NCT00000001 2022-500001-11-00"));
    }
}
