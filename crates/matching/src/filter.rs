//! Which studies may be listed at all.

use index::Records;
use model::Study;
use query::Request;
use registry::{Error, Registry};

/// Which studies may be listed at all; by default all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// On this condition: words or an expression.
    pub cond: Option<String>,
    /// Of one of these statuses (wire values, any case); none means any.
    pub status: Vec<String>,
    /// Of one of these phases (wire values, any case); none means any.
    pub phase: Vec<String>,
    /// With a site within a distance: `latitude,longitude,50km`.
    pub near: Option<String>,
}

impl Filter {
    /// The numbers of the studies that are left, ascending; `None` if nothing is asked for.
    pub fn allowed(&self, registry: &Registry) -> Result<Option<Vec<u32>>, Error> {
        if *self == Self::default() {
            return Ok(None);
        }
        let search = self.request().resolve()?;
        let found = registry.index().snapshot().find(&search, registry as &dyn Records)?;
        Ok(Some(found.scores().matches().collect()))
    }

    fn request(&self) -> Request {
        let list = |values: &[String], glue: &str| {
            let upper: Vec<String> = values.iter().map(|value| value.trim().to_uppercase()).collect();
            (!upper.is_empty()).then(|| upper.join(glue))
        };
        Request {
            cond: self.cond.clone(),
            overall_status: list(&self.status, ","),
            advanced: list(&self.phase, " OR ").map(|phases| format!("AREA[Phase]({phases})")),
            geo: self.near.as_ref().map(|near| format!("distance({})", near.replace(' ', ""))),
            ..Request::default()
        }
    }
}

/// Where a postal code lies, in degrees north and east: in the middle of the sites of this registry that have it.
/// `None` where no site has it; nothing else on this machine knows.
pub fn place_of_zip(registry: &Registry, zip: &str) -> Result<Option<(f64, f64)>, Error> {
    let wanted = normal(zip);
    if wanted.is_empty() {
        return Ok(None);
    }
    // The words as they are printed; what is not a letter, a figure, a hyphen or a blank could be read as an expression.
    let printed = if wanted.len() == 5 { wanted.as_str() } else { zip };
    let printed: String =
        printed.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { ' ' }).collect();
    let search = format!("AREA[LocationZip]\"{}\"", printed.trim());
    let request = Request { advanced: Some(search), ..Request::default() };
    let answer = registry.search(&request, &index::Options { limit: LOOKED_AT, ..Default::default() })?;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for hit in answer.hits {
        let Some(study) = registry.study(hit.nct_id)? else { continue };
        points.extend(sites(&study).filter(|(code, _)| normal(code) == wanted).map(|(_, point)| point));
    }
    Ok(middle(&points))
}

/// So many studies are looked at for the sites of a postal code.
const LOOKED_AT: usize = 50;

/// A postal code without blanks and without the second half of a long American one.
fn normal(zip: &str) -> String {
    let letters = zip.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-');
    let code: String = letters.collect::<String>().to_uppercase();
    match code.split_once('-') {
        Some((five, four)) if five.len() == 5 && four.len() == 4 => five.to_owned(),
        _ => code,
    }
}

/// Postal code and point of the sites that have both.
fn sites(study: &Study) -> impl Iterator<Item = (&str, (f64, f64))> {
    let sites = study.json()["protocolSection"]["contactsLocationsModule"]["locations"].as_array();
    sites.into_iter().flatten().filter_map(|site| {
        let point = &site["geoPoint"];
        Some((site["zip"].as_str()?, (point["lat"].as_f64()?, point["lon"].as_f64()?)))
    })
}

/// The point in the middle by either coordinate, so that one wrong point counts for little.
fn middle(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let of = |coordinate: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = points.iter().map(coordinate).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Some((of(|point| point.0)?, of(|point| point.1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postal_codes_are_compared_as_people_mean_them() {
        assert_eq!(normal("01886-1234"), "01886");
        assert_eq!(normal("sw1a 1aa"), "SW1A1AA");
        assert_eq!(normal("\"] OR AREA[x]"), "ORAREAX");
        assert_eq!(middle(&[(1.0, 2.0), (1.1, 2.1), (80.0, -9.0)]), Some((1.1, 2.0)));
        assert_eq!(middle(&[]), None);
    }
}
