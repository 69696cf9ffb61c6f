//! The registry's legacy XML (`clinical_study`, public.xsd 2008 to 2024) as canonical records.
//!
//! What the XML cannot say is absent, never guessed: types of secondary ids, MeSH ids, coordinates. What it says
//! and the record has no place for (the safety flag of outcomes, the classification of end points) is reported as
//! `NotConverted`, as is every element this reader does not know; the verbatim XML is kept by the store.
//!
//! Labels become wire values, dates ISO dates as exact as they were, texts are re-flowed ([`reflow`]), groups
//! `P1`, `B1`, `O1`, `E1` become `FG000`, `BG000`, `OG000`, `EG000`. Derived from the record itself:
//! `interventionNames` of arms, `stdAges`, `hasResults`, the class of the organisation if it is the sponsor.
//! Agencies classed "Other" are `OTHER`: the XML did not tell networks, individuals and other governments apart.
//!
//! A few records circulate in the form in which sponsors uploaded them (`study_id` instead of `id_info`). They are
//! read too: their protocol by the second names in the calls of `any`, their results in [`upload`].

// An issue is the agreed error of this crate; one a record is no cost.
#![allow(clippy::result_large_err)]

mod contacts;
mod derived;
mod design;
pub(crate) mod eligibility;
mod events;
mod measures;
mod object;
mod protocol;
pub(crate) mod reflow;
mod results;
pub(crate) mod tree;
mod upload;

use model::{Issue, IssueKind, StudyId};
use object::Object;
use serde_json::Value;
use tree::{Element, Tree};

use crate::{Converted, Raw};

/// Converts one `clinical_study`.
///
/// # Errors
/// An issue with its byte if the bytes are not one whole well-formed `clinical_study` in UTF-8
/// (`WrongEncoding`, `Truncated`, `Malformed`, `TooLarge`, `UnknownFormat`), or `NoId` if it has no NCT id.
pub fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let tree = Tree::parse(&raw.bytes, &raw.place)?;
    let root = tree.root();
    if root.name() != "clinical_study" {
        let message = format!("`{}` is not a clinical_study", root.name());
        return Err(tree.issue(IssueKind::UnknownFormat, message, None, None));
    }
    let id = id(&tree)?;
    let study = study(root, id);
    pass_over_furniture(root);
    Ok(Converted { id, study, page: None, issues: tree.into_issues() })
}

fn id(tree: &Tree<'_>) -> Result<StudyId, Issue> {
    let element = tree.root().any(&["id_info/nct_id", "study_id/nct_id"]);
    let missing = || tree.issue(IssueKind::NoId, "no nct_id".into(), None, Some("clinical_study".into()));
    let element = element.ok_or_else(missing)?;
    let text = object::line(element).unwrap_or_default();
    text.parse().map_err(|e: model::study_id::NotAStudyId| {
        tree.issue(IssueKind::NoId, e.to_string(), None, Some(element.path()))
    })
}

fn study(root: Element<'_>, id: StudyId) -> Value {
    let mut study = Object::default();
    study.put("protocolSection", protocol::section(root, id));
    let results = root.at("clinical_results").map(results::section);
    let results = results.or_else(|| root.at("clinical_result").map(upload::section));
    study.put("resultsSection", results.unwrap_or_default());
    study.put("annotationSection", derived::annotations(root));
    study.put("documentSection", derived::documents(root));
    study.put("derivedSection", derived::section(root));
    let has_results = study.get("resultsSection").is_some();
    study.put("hasResults", has_results);
    study.into()
}

/// What is no part of the study: links back to the registry and the rank in someone's search.
fn pass_over_furniture(root: Element<'_>) {
    for path in ["required_header/link_text", "required_header/url"] {
        root.all(path).into_iter().for_each(Element::pass_over);
    }
    root.attribute("rank");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
