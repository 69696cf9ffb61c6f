//! `/lint`: how often each check finds something in this registry, with examples.

use std::{collections::BTreeMap, sync::Arc, sync::PoisonError};

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use eligibility::{
    Eligibility,
    checks::CHECKS,
    read::{Options, Reader},
};
use maud::{Markup, html};
use model::StudyId;
use protocol::checks::Changed;

use super::{error::Failure, html as answer, work};
use crate::{
    Site,
    components::{bars, labels, layout},
    parameters::Parameters,
    versions,
};

/// So many studies are checked while somebody waits; the rest behind their back.
const AT_ONCE: usize = 1_000;
/// So many examples are shown of each check.
const EXAMPLES: usize = 3;

/// What checks find in a registry.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Studies checked.
    studies: usize,
    /// Studies of the registry.
    of: usize,
    /// Studies with a finding, and the first of them, by check.
    found: BTreeMap<&'static str, (usize, Vec<StudyId>)>,
}

/// A report, and the stamp of the data that it is of.
pub(crate) type Linted = (u64, Arc<Report>);

impl Report {
    /// Whether all studies were checked.
    fn is_whole(&self) -> bool {
        self.studies >= self.of
    }

    fn add(&mut self, check: &'static str, id: StudyId) {
        let (count, examples) = self.found.entry(check).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(id);
        }
    }
}

/// Shows the report, or sends to the findings of the study `id`.
pub(crate) async fn get(State(site): State<Site>, given: Parameters) -> Result<Response, Failure> {
    if let Some(text) = given.get("id") {
        let id = labels::study_meant(text);
        let id =
            id.ok_or_else(|| Failure::Unreadable(format!("“{text}” is no NCT id and no link to a study")))?;
        return Ok(Redirect::to(&format!("/study/{}/protocol#findings", labels::address(id))).into_response());
    }
    work(move || Ok(answer(page(&*report(&site)?)))).await
}

/// The report of the data as they are now: of all studies if that is made, else of some, and then the whole is begun.
fn report(site: &Site) -> Result<Arc<Report>, Failure> {
    let stamp = site.catalogue.stamp();
    let mut linted = site.linted.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, report)) = &*linted
        && *of == stamp
    {
        return Ok(report.clone());
    }
    let report = Arc::new(made(site, AT_ONCE)?);
    *linted = Some((stamp, report.clone()));
    drop(linted);
    if !report.is_whole() {
        let site = site.clone();
        // Where it fails, the report of some studies stays.
        std::thread::spawn(move || whole(&site, stamp));
    }
    Ok(report)
}

/// Checks all studies, and puts the report in the place of the one of some if the data are still the same.
fn whole(site: &Site, stamp: u64) {
    let Ok(report) = made(site, usize::MAX) else { return };
    let mut linted = site.linted.lock().unwrap_or_else(PoisonError::into_inner);
    if linted.as_ref().is_some_and(|(of, _)| *of == stamp) {
        *linted = Some((stamp, Arc::new(report)));
    }
}

/// Checks so many studies, evenly drawn.
fn made(site: &Site, most: usize) -> Result<Report, Failure> {
    let mut ids: Vec<StudyId> = site.catalogue.sizes()?.into_iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    let mut report = Report { of: ids.len(), ..Report::default() };
    let mut reader = Reader::new();
    for id in ids.iter().step_by(ids.len().div_ceil(most).max(1)) {
        let Some(study) = site.catalogue.study(*id)? else { continue };
        let eligibility = Eligibility::of(&mut reader, &study, Options::default());
        let of_criteria = eligibility.findings().into_iter().map(|finding| finding.check);
        let changes = changes(site, study.id())?;
        let of_protocol =
            protocol::checks::study_after(&study, &changes).1.into_iter().map(|finding| finding.check);
        let mut checks: Vec<&'static str> = of_criteria.chain(of_protocol).collect();
        checks.sort_unstable();
        checks.dedup();
        checks.into_iter().for_each(|check| report.add(check, *id));
        report.studies += 1;
    }
    Ok(report)
}

/// How the primary outcomes of a study changed between its versions.
pub(super) fn changes(site: &Site, id: StudyId) -> Result<Vec<Changed>, Failure> {
    let Some(registry) = site.catalogue.registry() else { return Ok(Vec::new()) };
    versions::primary_outcomes(registry, id).map_err(|error| Failure::Internal(error.to_string()))
}

fn page(report: &Report) -> Markup {
    let of_protocol = protocol::checks::CHECKS.iter().map(|check| (check.id, check.explanation));
    let of_criteria = CHECKS.iter().map(|check| (check.id, check.explanation));
    let mut rows: Vec<(&str, &str, usize, &[StudyId])> = of_protocol
        .chain(of_criteria)
        .map(|(id, explanation)| {
            let found = report.found.get(id);
            (id, explanation, found.map_or(0, |f| f.0), found.map_or(&[][..], |f| f.1.as_slice()))
        })
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.2), row.0));
    let most = rows.first().map_or(0, |row| row.2);
    let main = html! {
        div.plan {
            h1 { "What the checks find" }
            p { "Checks of " (labels::studies(report.studies))
                @if !report.is_whole() { ", evenly drawn from " (labels::grouped(report.of as u64))
                    "; all of them are being checked, and stand here when this page is loaded again" }
                ". A check that is not sure says nothing." }
            form action="/lint" method="get" {
                div.field {
                    label for="id" { "The findings of one study: an NCT id or a link" }
                    div.box { input #id name="id" required autocomplete="off" spellcheck="false"; button type="submit" { "Show" } }
                }
            }
            div.wide {
                table {
                    caption.hidden { "Checks" }
                    thead { tr { th scope="col" { "Check" } th.number scope="col" { "Studies" } th scope="col" { "Share" }
                        th scope="col" { "Examples" } } }
                    tbody { @for (id, explanation, count, examples) in &rows { tr {
                        th scope="row" { (id) span.kind { (explanation) } }
                        td.number { (labels::grouped(*count as u64)) }
                        td { (bars::bar(*count, most)) (share(*count, report.studies)) }
                        td { @for id in *examples { a href={ "/study/" (labels::address(id)) "/protocol#findings" } { (id) } " " } }
                    } } }
                }
            }
        }
    };
    layout::page("What the checks find", Some(""), main)
}

fn share(count: usize, of: usize) -> String {
    format!("{:.1} %", 100.0 * count as f64 / of.max(1) as f64)
}
