//! `aggFilters`: the short filters of the registry's site (`phase:2 3,sex:f`).
//!
//! Options of one id are alternatives, different ids must all hold. An id that stands twice is merged, as its
//! user means it (`phase:2,phase:3` is `phase:2 3`); the registry drops one of the two.

use std::ops::Range;

use model::{Kind, piece, piece::near_names};

use crate::{
    QueryError, Resolved,
    error::{Fault, whole},
    filter::items,
};

/// What an option asks for.
enum Test {
    /// A piece has this wire value.
    Is(&'static str, &'static str),
    /// A boolean piece has this value.
    Flag(&'static str, bool),
    /// A boolean piece is not true: it says no, or the source does not say.
    NotTrue(&'static str),
    /// The lead sponsor or a collaborator is of this class.
    Funder(&'static str),
    /// ... of none of the classes that have an option of their own.
    OtherFunder,
}

use Test::{Flag, Funder, Is, NotTrue, OtherFunder};

/// Every id with its options.
const TABLE: &[(&str, &[(&str, Test)])] = &[
    (
        "status",
        &[
            ("rec", Is("OverallStatus", "RECRUITING")),
            ("not", Is("OverallStatus", "NOT_YET_RECRUITING")),
            ("act", Is("OverallStatus", "ACTIVE_NOT_RECRUITING")),
            ("com", Is("OverallStatus", "COMPLETED")),
            ("ter", Is("OverallStatus", "TERMINATED")),
            ("enr", Is("OverallStatus", "ENROLLING_BY_INVITATION")),
            ("sus", Is("OverallStatus", "SUSPENDED")),
            ("wit", Is("OverallStatus", "WITHDRAWN")),
            ("unk", Is("OverallStatus", "UNKNOWN")),
            ("ava", Is("OverallStatus", "AVAILABLE")),
            ("nla", Is("OverallStatus", "NO_LONGER_AVAILABLE")),
            ("tna", Is("OverallStatus", "TEMPORARILY_NOT_AVAILABLE")),
            ("afm", Is("OverallStatus", "APPROVED_FOR_MARKETING")),
        ],
    ),
    (
        "phase",
        &[
            ("0", Is("Phase", "EARLY_PHASE1")),
            ("1", Is("Phase", "PHASE1")),
            ("2", Is("Phase", "PHASE2")),
            ("3", Is("Phase", "PHASE3")),
            ("4", Is("Phase", "PHASE4")),
            ("NA", Is("Phase", "NA")),
        ],
    ),
    (
        "studyType",
        &[
            ("int", Is("StudyType", "INTERVENTIONAL")),
            ("obs", Is("StudyType", "OBSERVATIONAL")),
            ("obs_patreg", Flag("PatientRegistry", true)),
            ("exp", Is("StudyType", "EXPANDED_ACCESS")),
            ("exp_indiv", Flag("ExpAccTypeIndividual", true)),
            ("exp_inter", Flag("ExpAccTypeIntermediate", true)),
            ("exp_treat", Flag("ExpAccTypeTreatment", true)),
        ],
    ),
    (
        "ages",
        &[
            ("child", Is("StdAge", "CHILD")),
            ("adult", Is("StdAge", "ADULT")),
            ("older", Is("StdAge", "OLDER_ADULT")),
        ],
    ),
    // One value each: the counts on the registry's site fit studies of one sex alone better than those with `ALL`.
    ("sex", &[("f", Is("Sex", "FEMALE")), ("m", Is("Sex", "MALE"))]),
    ("results", &[("with", Flag("HasResults", true)), ("without", NotTrue("HasResults"))]),
    ("healthy", &[("y", Flag("HealthyVolunteers", true))]),
    (
        "funderType",
        &[
            ("nih", Funder("NIH")),
            ("fed", Funder("FED")),
            ("industry", Funder("INDUSTRY")),
            ("other", OtherFunder),
        ],
    ),
    (
        "docs",
        &[
            ("prot", Flag("LargeDocHasProtocol", true)),
            ("sap", Flag("LargeDocHasSAP", true)),
            ("icf", Flag("LargeDocHasICF", true)),
        ],
    ),
    ("violation", &[("y", Flag("FDAAA801Violation", true))]),
];

/// Reads the whole parameter.
pub(crate) fn filters(text: &str) -> Result<Resolved, QueryError> {
    read(text).map_err(|fault| fault.of("aggFilters", text))
}

fn read(text: &str) -> Result<Resolved, Fault> {
    // In the order in which the ids first stand in the text.
    let mut by_id: Vec<(&str, Vec<Resolved>)> = Vec::new();
    let read = |(item, span)| {
        let (id, options) = pair(item, &span)?;
        let tests = options_of(id, &span)?;
        let chosen = options.into_iter().map(|(name, place)| option(id, tests, name, place));
        Ok((id, whole(chosen)?))
    };
    for (id, chosen) in whole(items(text).into_iter().map(read))? {
        match by_id.iter_mut().find(|(known, _)| *known == id) {
            Some((_, all)) => all.extend(chosen),
            None => by_id.push((id, chosen)),
        }
    }
    Ok(Resolved::and(by_id.into_iter().map(|(_, alternatives)| Resolved::or(alternatives)).collect()))
}

/// Options as typed, with their places.
type Options<'t> = Vec<(&'t str, Range<usize>)>;

/// `id:opt opt`: the id, and the options with their places.
fn pair<'t>(item: &'t str, span: &Range<usize>) -> Result<(&'t str, Options<'t>), Fault> {
    let wrong = |what: &str| {
        let message = format!("Parameter `aggFilters` has incorrect format: `{item}` {what}");
        Fault::new(span.clone(), message).near(["phase:2 3,sex:f"])
    };
    let (id, rest) = item.split_once(':').ok_or_else(|| wrong("has no id before a colon"))?;
    let mut at = span.start + id.len() + 1;
    let mut options = Vec::new();
    for option in rest.split(' ') {
        if !option.is_empty() {
            options.push((option, at..at + option.len()));
        }
        at += option.len() + 1;
    }
    if options.is_empty() { Err(wrong("names no option")) } else { Ok((id, options)) }
}

fn options_of(id: &str, span: &Range<usize>) -> Result<&'static [(&'static str, Test)], Fault> {
    if let Some((_, options)) = TABLE.iter().find(|(known, _)| *known == id) {
        return Ok(options);
    }
    let ids: Vec<&str> = TABLE.iter().map(|(id, _)| *id).collect();
    let message = format!("Unknown id `{id}` in parameter `aggFilters`: the ids are {}", ids.join(", "));
    let place = span.start..span.start + id.len();
    Err(Fault::new(place, message).near(near_names(id, ids.iter().copied())))
}

fn option(
    id: &str,
    tests: &'static [(&'static str, Test)],
    name: &str,
    place: Range<usize>,
) -> Result<Resolved, Fault> {
    if let Some((_, test)) = tests.iter().find(|(known, _)| *known == name) {
        return Ok(test.resolved());
    }
    let names: Vec<&str> = tests.iter().map(|(name, _)| *name).collect();
    let message = format!(
        "Unknown option `{name}` of `{id}` in parameter `aggFilters`: the options are {}",
        names.join(", ")
    );
    let close = names.iter().filter(|known| name.to_lowercase().starts_with(**known));
    Err(Fault::new(place, message).near(close.map(|n| format!("{id}:{n}"))))
}

impl Test {
    fn resolved(&self) -> Resolved {
        match *self {
            Is(name, value) => Resolved::Enum(piece::known(name), vec![value]),
            Flag(name, value) => Resolved::Bool(piece::known(name), value),
            NotTrue(name) => {
                let piece = piece::known(name);
                Resolved::or(vec![Resolved::Bool(piece, false), Resolved::Missing(vec![piece])])
            }
            Funder(class) => funders(&|c| c == class),
            OtherFunder => funders(&|c| !["NIH", "FED", "INDUSTRY"].contains(&c)),
        }
    }
}

/// The lead sponsor or a collaborator is of one of the wanted classes.
fn funders(wanted: &dyn Fn(&str) -> bool) -> Resolved {
    let one = |name| {
        let piece = piece::known(name);
        let Kind::Enum(kind) = piece.kind else {
            unreachable!("the class is an enumeration in the table of pieces")
        };
        let values = kind.values.iter().map(|v| v.value).filter(|v| wanted(v));
        Resolved::Enum(piece, values.collect())
    };
    Resolved::or(vec![one("LeadSponsorClass"), one("CollaboratorClass")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_names_what_exists() {
        for (id, options) in TABLE {
            for (name, test) in *options {
                if let Resolved::Enum(piece, values) = test.resolved() {
                    let Kind::Enum(kind) = piece.kind else { panic!("{id}:{name} is no enumeration") };
                    assert!(values.iter().all(|v| kind.value(v).is_some()), "{id}:{name}");
                }
            }
        }
        assert_eq!(TABLE.len(), 10);
        assert_eq!(TABLE.iter().map(|(_, options)| options.len()).sum::<usize>(), 42);
    }
}
