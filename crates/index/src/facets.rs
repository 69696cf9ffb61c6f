//! Counts of values over the studies that a query finds.

use std::collections::BTreeMap;

use model::{Kind, country, piece};

use crate::{Error, FACETS, Facet, FacetValue, layout::date, snapshot::Snapshot};

/// At most so many values of the open facets (country, condition) are listed.
const LONGEST: usize = 60;

/// A column that is read like a facet but not counted: MeSH terms of the interventions, for related studies.
pub(crate) const INTERVENTION_MESH: &str = "intervention-mesh";

/// The values of every facet, study by study.
pub(crate) struct FacetColumns(Vec<FacetColumn>);

/// The values of one facet, study by study.
pub(crate) struct FacetColumn {
    name: &'static str,
    /// Value and label, by ordinal.
    values: Vec<(String, String)>,
    /// Study -> where its ordinals begin; one more at the end.
    starts: Vec<u32>,
    ordinals: Vec<u16>,
}

/// The piece behind a facet; the year of the start has none of its own.
fn source(name: &str) -> &'static str {
    match name {
        "status" => "OverallStatus",
        "phase" => "Phase",
        "type" => "StudyType",
        "sex" => "Sex",
        "age" => "StdAge",
        "country" => "LocationCountry",
        "sponsor" => "LeadSponsorClass",
        "intervention" => "InterventionType",
        "condition" => "ConditionMeshId",
        INTERVENTION_MESH => "InterventionMeshId",
        _ => "StartDate",
    }
}

impl FacetColumns {
    fn read(snapshot: &Snapshot) -> Result<Self, Error> {
        let names = FACETS.into_iter().chain([INTERVENTION_MESH]);
        names.map(|name| FacetColumn::read(snapshot, name)).collect::<Result<_, _>>().map(Self)
    }
}

impl FacetColumn {
    fn read(snapshot: &Snapshot, name: &'static str) -> Result<Self, Error> {
        let piece = piece::known(source(name));
        let mut pairs: Vec<(u32, u16)> = Vec::new();
        let mut values = Vec::new();
        if piece.is_ordered() {
            let column = snapshot.column(piece);
            let year = |study: u32| column.first(study).map(date::year);
            let mut years: Vec<i16> = (0..snapshot.len() as u32).filter_map(year).collect();
            years.sort_unstable();
            years.dedup();
            let at = |y: i16| years.binary_search(&y).unwrap_or(0) as u16;
            pairs.extend((0..snapshot.len() as u32).filter_map(|s| year(s).map(|y| (s, at(y)))));
            values.extend(years.iter().map(|y| (y.to_string(), y.to_string())));
        } else {
            // Ordinals have 16 bits; of conditions, the commonest come first and the rest is left out.
            let mut all = snapshot.whole_values(piece)?;
            if name == "country" {
                all = by_usual_name(all);
            }
            if all.len() > usize::from(u16::MAX) {
                all.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.len()));
                all.truncate(usize::from(u16::MAX));
            }
            for (ordinal, (value, numbers)) in all.into_iter().enumerate() {
                let label = label(piece.kind, &value);
                values.push((value, label));
                let study = |n: u32| if piece.in_location() { snapshot.parents[n as usize] } else { n };
                pairs.extend(numbers.into_iter().map(|n| (study(n), ordinal as u16)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0u32; snapshot.len() + 1];
        pairs.iter().for_each(|(study, _)| starts[*study as usize + 1] += 1);
        (0..snapshot.len()).for_each(|i| starts[i + 1] += starts[i]);
        Ok(Self { name, values, starts, ordinals: pairs.into_iter().map(|p| p.1).collect() })
    }

    /// The value behind an ordinal.
    pub(crate) fn value(&self, ordinal: u16) -> &str {
        &self.values[usize::from(ordinal)].0
    }

    /// The ordinals of a study's values.
    pub(crate) fn ordinals(&self, study: u32) -> &[u16] {
        let study = study as usize;
        &self.ordinals[self.starts[study] as usize..self.starts[study + 1] as usize]
    }

    fn count(&self, studies: &[u32]) -> Facet {
        // Neighbours often have the same value; two rows of counts let the second be counted beside the first.
        let mut counts = [vec![0u32; self.values.len()], vec![0u32; self.values.len()]];
        for (i, study) in studies.iter().enumerate() {
            let counts = &mut counts[i % 2];
            self.ordinals(*study).iter().for_each(|o| counts[usize::from(*o)] += 1);
        }
        let [even, odd] = counts;
        let counts: Vec<usize> = even.iter().zip(&odd).map(|(a, b)| (*a + *b) as usize).collect();
        let mut order: Vec<usize> = (0..counts.len()).filter(|o| counts[*o] > 0).collect();
        if self.name == "year" {
            order.sort_unstable();
        } else {
            order.sort_by(|a, b| counts[*b].cmp(&counts[*a]).then(a.cmp(b)));
            order.truncate(LONGEST);
        }
        let value = |o: usize| {
            let (value, label) = self.values[o].clone();
            FacetValue { value, label, count: counts[o] }
        };
        Facet { name: self.name, values: order.into_iter().map(value).collect() }
    }
}

/// Countries under one name each, whatever their records call them.
fn by_usual_name(all: Vec<(String, Vec<u32>)>) -> Vec<(String, Vec<u32>)> {
    let mut merged: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (name, numbers) in all {
        merged.entry(country::usual(&name).to_owned()).or_default().extend(numbers);
    }
    merged.into_iter().collect()
}

fn label(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Enum(values) => values.value(value).map_or(value, |v| v.label).to_owned(),
        _ => vocabulary::by_id(value)
            .and_then(vocabulary::name)
            .map_or_else(|| value.to_owned(), str::to_owned),
    }
}

/// The columns, read at first use.
pub(crate) fn columns(snapshot: &Snapshot) -> Result<&FacetColumns, Error> {
    if let Some(columns) = snapshot.facets.get() {
        return Ok(columns);
    }
    let columns = FacetColumns::read(snapshot)?;
    Ok(snapshot.facets.get_or_init(|| columns))
}

/// Counts every facet over some studies.
pub(crate) fn count(snapshot: &Snapshot, studies: &[u32]) -> Result<Vec<Facet>, Error> {
    let columns = columns(snapshot)?;
    Ok(columns.0.iter().filter(|c| c.name != INTERVENTION_MESH).map(|column| column.count(studies)).collect())
}

/// The column of a facet.
pub(crate) fn column<'s>(snapshot: &'s Snapshot, name: &str) -> Result<&'s FacetColumn, Error> {
    let column = columns(snapshot)?.0.iter().find(|c| c.name == name);
    Ok(column.expect("callers name a facet of FACETS or INTERVENTION_MESH"))
}
