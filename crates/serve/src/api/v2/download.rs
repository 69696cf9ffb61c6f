//! `/api/v2/studies/download`: all records in one zip.

use std::{io::Write, ops::ControlFlow};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        refusal::{Fault, Refusal},
        stream::{self, broken},
    },
    parameters::Parameters,
};

/// All studies.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/v2/studies/download",
    about: "All records in one zip, a folder for each last two digits of the id; written while it is read",
    parameters: &[&[Parameter::new("format", Kind::One(&["json.zip"]), "How the records are written")]],
    answers: &["application/zip"],
    takes: &[],
};

/// Answers with the zip.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    if let Some((name, _)) = parameters.0.iter().find(|(name, _)| name.contains('.')) {
        let advice = format!("No filters are taken here: /api/x1/studies?format=ndjson takes `{name}`");
        Refusal::unless_none(vec![Fault::new(name, "Invalid prefix in parameter name").advise(advice)])?;
    }
    ENDPOINT.check(&parameters)?;
    let catalogue = site.catalogue.clone();
    let mut response = stream::answer(&site, "application/zip", move |pipe| {
        let mut zip = ZipWriter::new_stream(pipe);
        let method = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut failed = None;
        let shown = catalogue.each_record(&mut |id, record| {
            if id.nct().is_none() {
                return ControlFlow::Continue(());
            }
            let file = format!("{:02}/{id}.json", id.number() % 100);
            let written = zip.start_file(file, method).map_err(broken).and_then(|()| zip.write_all(record));
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        shown.map_err(broken)?;
        match failed {
            Some(error) => Err(error),
            None => zip.finish().map(|_| ()).map_err(broken),
        }
    })?;
    let name = HeaderValue::from_static("attachment; filename=\"ctg-studies.json.zip\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
