//! `/api/x1/sites`: one row for each site that a search is about; and those sites within a study.

use std::io::Write;

use axum::{extract::State, response::Response};
use index::Hit;
use model::Study;
use query::Search;
use serde_json::{Value, json};

use super::{
    lenient::{Tidied, tidied, with_hints},
    studies::{BY_NAME, READING, all_hits, reading},
};
use crate::{
    Catalogue, Site as Served,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        refusal::Refusal,
        search,
        stream::{self, broken},
        work,
    },
    parameters::Parameters,
};

/// Sites.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/sites",
    about: "A row for each site that a search is about, study by study, open and near ones first; all of them at once",
    parameters: &[
        search::QUERIES,
        search::FILTERS,
        BY_NAME,
        READING,
        search::ORDER,
        &[Parameter::new("format", Kind::One(&["ndjson", "csv"]), "How the rows are written")],
    ],
    answers: &["application/x-ndjson", "text/csv"],
    takes: &[],
};

/// A site that a search is about.
pub(crate) struct Site {
    /// Its place in the record, from 0.
    place: usize,
    km: Option<f64>,
    /// As the record has it.
    location: Value,
}

impl Site {
    /// As the record has it, with its place and its distance.
    pub fn json(&self) -> Value {
        let mut out = json!({"place": self.place});
        if let Some(km) = self.km {
            out["km"] = ((km * 10.0).round() / 10.0).into();
        }
        if let (Some(out), Some(location)) = (out.as_object_mut(), self.location.as_object()) {
            out.extend(location.clone());
        }
        out
    }

    /// Open ones first, then those that will be or may be, then those that do not tell, then the others.
    fn rank(&self) -> u8 {
        match self.location["status"].as_str() {
            Some("RECRUITING" | "AVAILABLE") => 0,
            Some("NOT_YET_RECRUITING" | "ENROLLING_BY_INVITATION") => 1,
            None => 2,
            Some(_) => 3,
        }
    }

    fn text(&self, key: &str) -> String {
        self.location[key].as_str().unwrap_or_default().to_owned()
    }
}

/// For each hit its sites, open ones first, near ones first among them; `None` if no sites are wanted.
pub(crate) fn found(
    catalogue: &dyn Catalogue,
    search: &Search,
    hits: &[Hit],
    wanted: usize,
) -> Result<Vec<Option<Vec<Site>>>, Refusal> {
    if wanted == 0 {
        return Ok(hits.iter().map(|_| None).collect());
    }
    let ids: Vec<_> = hits.iter().map(|hit| hit.nct_id).collect();
    let places = catalogue.sites_found(search, &ids)?;
    let of = |(id, places)| Ok(catalogue.study(id)?.map(|study| in_order(&study, places)));
    ids.into_iter().zip(places).map(of).collect()
}

fn in_order(study: &Study, places: Vec<index::SiteHit>) -> Vec<Site> {
    let locations = study.values("Location");
    let site = |hit: index::SiteHit| {
        let location = (*locations.get(hit.place)?).clone();
        Some(Site { place: hit.place, km: hit.km, location })
    };
    let mut sites: Vec<Site> = places.into_iter().filter_map(site).collect();
    let far = |site: &Site| site.km.unwrap_or(f64::INFINITY);
    sites.sort_by(|a, b| a.rank().cmp(&b.rank()).then(far(a).total_cmp(&far(b))).then(a.place.cmp(&b.place)));
    sites
}

/// Columns of a row of CSV.
const COLUMNS: [&str; 14] = [
    "nctId",
    "briefTitle",
    "overallStatus",
    "phases",
    "place",
    "km",
    "status",
    "facility",
    "city",
    "state",
    "zip",
    "country",
    "lat",
    "lon",
];

/// Studies whose sites are looked up at once.
const AT_ONCE: usize = 256;

/// Answers with the rows.
pub(crate) async fn get(State(site): State<Served>, parameters: Parameters) -> Result<Response, Refusal> {
    let asked = tidied(&ENDPOINT, parameters);
    work(move || rows(&site, asked)).await
}

fn rows(site: &Served, asked: Tidied) -> Result<Response, Refusal> {
    let reading = reading(&ENDPOINT, &asked.parameters)?;
    let (hints, search) = (asked.hints_with(&reading), reading.search);
    let hits = all_hits(&*site.catalogue, &search)?;
    let catalogue = site.catalogue.clone();
    let csv = asked.parameters.get("format") == Some("csv");
    let kind = if csv { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
    let answer = stream::answer(site, kind, move |pipe| {
        if csv {
            pipe.write_all(&line_of_csv(&COLUMNS.map(str::to_owned))?)?;
        }
        for hits in hits.chunks(AT_ONCE) {
            let ids: Vec<_> = hits.iter().map(|hit| hit.nct_id).collect();
            let places = catalogue.sites_found(&search, &ids).map_err(broken)?;
            for (id, places) in ids.into_iter().zip(places) {
                let Some(study) = catalogue.study(id).map_err(broken)? else { continue };
                for found in in_order(&study, places) {
                    let line =
                        if csv { line_of_csv(&cells(&study, &found))? } else { line_of_json(&study, &found) };
                    pipe.write_all(&line)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(with_hints(answer, &hints))
}

fn line_of_json(study: &Study, site: &Site) -> Vec<u8> {
    let mut out = json!({
        "nctId": study.id(),
        "briefTitle": study.text("BriefTitle"),
        "overallStatus": study.text("OverallStatus"),
        "phases": study.texts("Phase"),
    });
    out["site"] = site.json();
    let mut line = out.to_string().into_bytes();
    line.push(b'\n');
    line
}

fn line_of_csv(cells: &[String]) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(broken)?;
    writer.into_inner().map_err(broken)
}

fn cells(study: &Study, site: &Site) -> [String; 14] {
    let text = |piece| study.text(piece).unwrap_or_default().to_owned();
    let degrees =
        |key: &str| site.location["geoPoint"][key].as_f64().map_or_else(String::new, |d| d.to_string());
    [
        study.id().to_string(),
        text("BriefTitle"),
        text("OverallStatus"),
        study.texts("Phase").join("|"),
        site.place.to_string(),
        site.km.map_or_else(String::new, |km| format!("{km:.1}")),
        site.text("status"),
        site.text("facility"),
        site.text("city"),
        site.text("state"),
        site.text("zip"),
        site.text("country"),
        degrees("lat"),
        degrees("lon"),
    ]
}
