//! Which sites of a study a search is about.

use model::StudyId;
use query::resolved::{Resolved, Search};

use crate::{
    Error,
    evaluate::{Records, Run, Space, kilometres},
    rank,
    snapshot::Snapshot,
};

/// A site that a search finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SiteHit {
    /// Its place in the record's list of sites, from 0.
    pub place: usize,
    /// Kilometres from the centre of the search, if it has one and the site has a point.
    pub km: Option<f64>,
}

impl Snapshot {
    /// For each study the sites that meet all that the search says about a site, in the order of the record; every
    /// site where the search says nothing of sites.
    pub fn sites_found(
        &self,
        search: &Search,
        studies: &[StudyId],
        records: &dyn Records,
    ) -> Result<Vec<Vec<SiteHit>>, Error> {
        let wanted: Vec<Resolved> =
            [&search.query, &search.filter].into_iter().filter_map(about_sites).collect();
        let mut run = Run::new(self, records);
        let mut found = Vec::new();
        for part in &wanted {
            found.push(run.scores(part, Space::Site)?);
        }
        let circle = rank::circle(&search.filter).or_else(|| rank::circle(&search.query));
        let km = |site: u32| {
            let (circle, point) = circle.as_ref().zip(self.points()[site as usize])?;
            Some(kilometres(circle, point))
        };
        let of_study = |id: &StudyId| {
            let Some(number) = self.number(*id) else { return Vec::new() };
            let sites = self.sites_of(number);
            let first = sites.start;
            let meets = |site: &u32| found.iter().all(|scores| scores.0[*site as usize] > 0.0);
            sites.filter(meets).map(|site| SiteHit { place: (site - first) as usize, km: km(site) }).collect()
        };
        Ok(studies.iter().map(of_study).collect())
    }
}

/// The part of a query that a site by itself can meet, if there is one.
fn about_sites(query: &Resolved) -> Option<Resolved> {
    let inside = |yes: bool| yes.then(|| query.clone());
    match query {
        Resolved::And(parts) => {
            let parts: Vec<Resolved> = parts.iter().filter_map(about_sites).collect();
            (!parts.is_empty()).then_some(Resolved::And(parts))
        }
        Resolved::Or(parts) => parts.iter().map(about_sites).collect::<Option<_>>().map(Resolved::Or),
        Resolved::InOneSite(part) => Some((**part).clone()),
        Resolved::Near(_) => inside(true),
        Resolved::Text(text) => inside(text.pieces.iter().all(|p| p.piece.in_location())),
        Resolved::Enum(piece, _)
        | Resolved::Dates(piece, ..)
        | Resolved::Numbers(piece, ..)
        | Resolved::Texts(piece, ..) => inside(piece.in_location()),
        Resolved::Tilt(_, part) => about_sites(part),
        _ => None,
    }
}
