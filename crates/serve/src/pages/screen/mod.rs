//! `/screen`: a study and people; who may join, and which criteria keep the others out.

mod chart;
mod curve;
mod export;
mod found;
mod whatif;

use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use eligibility::{evaluate::Absence, relax::Move, tree::Var};
use maud::{Markup, html};

use super::{error::Failure, html as answer, work};
use crate::{
    Site,
    components::{labels::study_meant, layout},
    parameters::Parameters,
    screening::{self, Asked, Trouble},
};

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Form {
    study: String,
    day: String,
    absence: String,
    /// The people; they go back to the browser where they are few enough, so that something else can be asked of them.
    people: Vec<u8>,
    moves: Vec<Move>,
    curve: String,
    /// `csv` or `json` for a file, else the page.
    format: String,
    /// A number that cannot be read.
    unreadable: Option<String>,
}

/// Shows the form; `study` may be given.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Response {
    let study = parameters.get("study").unwrap_or_default().to_owned();
    answer(page(&Form { study, ..Form::default() }, None, &site))
}

/// Holds the people of the form against its study.
pub(crate) async fn post(State(site): State<Site>, multipart: Multipart) -> Result<Response, Failure> {
    let mut form = Form::default();
    if let Err(error) = read(multipart, &mut form).await {
        return Ok(refused(&form, error.status(), &told(&error, &site), &site));
    }
    let asked = match asked(&mut form, &site) {
        Ok(asked) => asked,
        Err(why) => return Ok(refused(&form, StatusCode::BAD_REQUEST, &why, &site)),
    };
    let format = std::mem::take(&mut form.format);
    let sent = whatif::returned(&asked.people);
    work(move || match screening::screen(&site, asked) {
        Ok(found) if !format.is_empty() => export::answer(&found, &format),
        Ok(found) => {
            let more = whatif::form(&found, &form, sent.as_deref());
            Ok(answer(found::page(&found, &more, &again(&form, &site))))
        }
        Err(Trouble::NoStudy(id)) => {
            let why = format!("There is no study {id} in this registry.");
            Ok(refused(&form, StatusCode::NOT_FOUND, &why, &site))
        }
        Err(Trouble::Nobody(why)) => {
            let why = format!("There is no person in it. {why}");
            Ok(refused(&form, StatusCode::BAD_REQUEST, &why, &site))
        }
        Err(Trouble::Limit(why)) => Ok(refused(&form, StatusCode::BAD_REQUEST, &format!("{why}."), &site)),
        Err(Trouble::Registry(error)) => Err(error.into()),
    })
    .await
}

async fn read(mut multipart: Multipart, form: &mut Form) -> Result<(), MultipartError> {
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "study" => form.study = text(),
            "day" => form.day = text(),
            "absence" => form.absence = text(),
            // A file counts more than what was pasted.
            "file" | "pasted"
                if !bytes.trim_ascii().is_empty() && (name == "file" || form.people.is_empty()) =>
            {
                form.people = bytes.to_vec();
            }
            "curve" => form.curve = text(),
            "format" => form.format = text(),
            name => match whatif::read(name, &text()) {
                Some(Ok(wish)) => form.moves.push(wish),
                Some(Err(why)) => form.unreadable = Some(why),
                None => {}
            },
        }
    }
    Ok(())
}

fn told(error: &MultipartError, site: &Site) -> String {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => format!(
            "That is larger than the {} which are taken at once. The command `trialist screen` takes files of any size.",
            megabytes(site)
        ),
        _ => format!("The form cannot be read: {}.", error.body_text()),
    }
}

fn asked(form: &mut Form, site: &Site) -> Result<Asked, String> {
    let id = study_meant(&form.study);
    let id = id.ok_or("Say which study: an NCT id such as NCT04562025, or a link to it.")?;
    let (day, absence) = (screening::day(&form.day, site.today())?, screening::absence(&form.absence)?);
    if form.people.is_empty() {
        return Err("Choose a file with people, or paste them.".to_owned());
    }
    if let Some(why) = form.unreadable.take() {
        return Err(why);
    }
    let curve = (!form.curve.is_empty()).then(|| Var(form.curve.as_str().into()));
    let (people, moves) = (std::mem::take(&mut form.people), std::mem::take(&mut form.moves));
    Ok(Asked { id, people, day, absence, moves, curve })
}

fn refused(form: &Form, status: StatusCode, why: &str, site: &Site) -> Response {
    (status, answer(page(form, Some(why), site))).into_response()
}

fn page(form: &Form, why: Option<&str>, site: &Site) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "Screen a cohort" }
            p { "Who of these people may join this study, and which criteria keep the others out?" }
            @if let Some(why) = why { p.warning role="alert" { (why) } }
            (fields(form, site))
        }
    };
    layout::page("Screen a cohort", Some(""), main)
}

/// The form below what was found.
fn again(form: &Form, site: &Site) -> Markup {
    html! { section aria-labelledby="again" { h2 #again { "Screen again" } (fields(form, site)) } }
}

fn megabytes(site: &Site) -> String {
    format!("{:.0} MB", (site.options.most_sent as f64 / f64::from(1 << 20)).max(1.0))
}

fn fields(form: &Form, site: &Site) -> Markup {
    let policies = [
        (Absence::Open, "It is unknown"),
        (Absence::Closed, "It is not so: the record is complete"),
        (Absence::Clinical, "What would rule somebody out, and would be mentioned, is presumed absent"),
    ];
    html! {
        form.people action="/screen" method="post" enctype="multipart/form-data" {
            div.field {
                label for="study" { "Study: an NCT id or a link" }
                input #study name="study" value=(form.study) required autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="file" { "People: a file of at most " (megabytes(site)) " — FHIR R4 (a bundle or NDJSON), a table "
                    "(CSV with heads such as " code { "id, age, sex, HbA1c (%)" } "), OMOP or Phenopackets" }
                input #file type="file" name="file";
            }
            div.field {
                label for="pasted" { "or pasted" }
                textarea #pasted name="pasted" rows="6" spellcheck="false" {}
            }
            div.field {
                label for="day" { "The day that counts as today" }
                input #day type="date" name="day" value=(if form.day.is_empty() { site.today().to_string() } else { form.day.clone() });
            }
            div.field {
                label for="absence" { "What it means that nothing is recorded" }
                select #absence name="absence" {
                    @for (policy, words) in policies {
                        option value=(policy.as_str()) selected[policy.as_str() == form.absence] { (words) }
                    }
                }
            }
            p.hint { "Everything is computed on this machine. " (crate::saved::promise(site)) }
            button type="submit" { "Screen" }
        }
    }
}
