//! The rows of `variables.tsv`, and the ways to find one.

use std::sync::LazyLock;

use model::Decimal;

use super::{Code, Conversion, Kind, Variable};
use crate::{
    rows::{Map, tsv},
    unit,
};

static TABLE: &str = include_str!("../../../../vocabulary/variables.tsv");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::read);

struct Catalogue {
    variables: Vec<Variable>,
    ids: Map<u16>,
    loinc: Map<(u16, bool)>,
    snomed: Map<(u16, bool)>,
    /// Names in lower case: the variable, and whether no other has the name.
    names: Map<(u16, bool)>,
}

/// A variable found by a code.
#[derive(Clone, Copy, Debug)]
pub struct ByCode {
    /// The variable.
    pub variable: &'static Variable,
    /// Whether the code is verified ([`Code::verified`]).
    pub verified: bool,
}

/// All variables, in the order of their ids.
pub fn all() -> &'static [Variable] {
    &CATALOGUE.variables
}

/// The variable of an id.
pub fn by_id(id: &str) -> Option<&'static Variable> {
    CATALOGUE.ids.get(id.as_bytes()).map(|&number| &all()[usize::from(number)])
}

/// The variable of a code: LOINC or SNOMED CT, named as FHIR (`http://loinc.org`) or OMOP (`LOINC`) do.
///
/// Where two share a code, the one for which it is verified; then the first by id.
pub fn by_code(system: &str, code: &str) -> Option<ByCode> {
    let map = match system {
        "http://loinc.org" | "LOINC" | "urn:oid:2.16.840.1.113883.6.1" => &CATALOGUE.loinc,
        "http://snomed.info/sct" | "SNOMED" | "SNOMED-CT" | "SNOMEDCT" | "urn:oid:2.16.840.1.113883.6.96" => {
            &CATALOGUE.snomed
        }
        _ => return None,
    };
    let &(number, verified) = map.get(code.as_bytes())?;
    Some(ByCode { variable: &all()[usize::from(number)], verified })
}

/// The variable of a name, an id or a synonym, in any case; `None` if there is none, or if several have it.
pub fn named(name: &str) -> Option<&'static Variable> {
    let lower = name.trim().to_lowercase();
    let &(number, alone) = CATALOGUE.names.get(lower.as_bytes())?;
    alone.then(|| &all()[usize::from(number)])
}

impl Catalogue {
    fn read() -> Self {
        let variables: Vec<Variable> =
            tsv(TABLE).enumerate().filter_map(|(number, cells)| variable(number as u16, &cells)).collect();
        let mut ids = Map::new();
        for variable in &variables {
            ids.insert(variable.id.as_bytes().to_vec(), variable.number);
        }
        let (loinc, snomed) = (codes(&variables, |v| &v.loinc), codes(&variables, |v| &v.snomed));
        let names = names(&variables);
        Self { variables, ids, loinc, snomed, names }
    }
}

fn codes(variables: &[Variable], of: impl Fn(&Variable) -> &[Code]) -> Map<(u16, bool)> {
    let mut map = Map::new();
    for verified in [true, false] {
        for variable in variables {
            for code in of(variable).iter().filter(|code| code.verified == verified) {
                map.insert(code.code.as_bytes().to_vec(), (variable.number, verified));
            }
        }
    }
    map
}

/// Ids and names first: they are unique, whatever else is called so.
fn names(variables: &[Variable]) -> Map<(u16, bool)> {
    let mut map = Map::new();
    for variable in variables {
        map.insert(variable.id.as_bytes().to_vec(), (variable.number, true));
        map.insert(variable.name.to_lowercase().into_bytes(), (variable.number, true));
    }
    let mut synonyms: Vec<(&str, u16)> =
        variables.iter().flat_map(|v| v.synonyms.iter().map(|name| (*name, v.number))).collect();
    synonyms.sort_unstable();
    for same in synonyms.chunk_by(|a, b| a.0 == b.0) {
        map.insert(same[0].0.as_bytes().to_vec(), (same[0].1, same.len() == 1));
    }
    map
}

fn variable(number: u16, cells: &[&'static str]) -> Option<Variable> {
    let [id, name, synonyms, loinc, snomed, unit, low, high, conversions, kind] = *cells else { return None };
    let limits = low.parse::<Decimal>().ok().zip(high.parse::<Decimal>().ok());
    let letters = low.parse::<char>().ok().zip(high.parse::<char>().ok());
    Some(Variable {
        id,
        number,
        name,
        synonyms: list(synonyms).collect(),
        loinc: list(loinc).map(code).collect(),
        snomed: list(snomed).map(code).collect(),
        unit: unit::of(unit),
        plausible: limits,
        letters: letters.filter(|letters| letters.0.is_ascii_alphabetic()),
        conversions: list(conversions).filter_map(conversion).collect(),
        by_limit: list(conversions).any(|row| row == "{ULN}:ratio"),
        kind: kind_of(kind),
    })
}

fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(';').filter(|part| !part.is_empty())
}

fn code(cell: &'static str) -> Code {
    let bare = cell.strip_suffix('?');
    Code { code: bare.unwrap_or(cell), verified: bare.is_none() }
}

fn conversion(cell: &'static str) -> Option<Conversion> {
    let mut parts = cell.split(':');
    let unit = unit::of(parts.next()?)?;
    let factor = parts.next()?.parse().ok()?;
    let offset = parts.next().map_or(Ok(Decimal::ZERO), str::parse).ok()?;
    Some(Conversion { unit, factor, offset })
}

fn kind_of(cell: &str) -> Kind {
    match cell {
        "numeric" => Kind::Numeric,
        "ordinal" => Kind::Ordinal,
        "boolean" => Kind::Boolean,
        "duration" => Kind::Duration,
        "composite" => Kind::Composite,
        "condition" => Kind::Condition,
        "finding" => Kind::Finding,
        "event" => Kind::Event,
        "procedure" => Kind::Procedure,
        "drug" => Kind::Drug,
        "drug_class" => Kind::DrugClass,
        "allergen" => Kind::Allergen,
        "external_list" => Kind::ExternalList,
        _ => Kind::Coded,
    }
}
