//! `/api`: what the API answers, with links to try.

use axum::response::Response;
use maud::{Markup, html};

use super::html as answer;
use crate::components::layout;

const EXAMPLES: [(&str, &str); 7] = [
    ("/api/v2/studies?query.cond=diabetes&countTotal=true", "Studies of a condition, with their number"),
    (
        "/api/v2/studies?query.term=AREA%5BPhase%5DPHASE3&fields=NCTId,BriefTitle,Phase",
        "Some fields of a search",
    ),
    (
        "/api/v2/studies?filter.overallStatus=RECRUITING&sort=LastUpdatePostDate:desc&pageSize=5",
        "Recruiting, newest first",
    ),
    ("/api/v2/studies?format=csv&pageSize=100", "Thirty columns of CSV"),
    ("/api/x1/studies/NCT05507697/criteria", "The criteria of a study as logic"),
    ("/api/v2/version", "The version of the API and of the data"),
    ("/api/v2/stats/size", "How large the records are"),
];

const EXPRESSIONS: [(&str, &str); 8] = [
    ("heart attack", "the words, their variants and synonyms"),
    ("\"heart attack\"", "the words side by side"),
    ("asthma AND NOT children", "AND, OR, NOT and brackets, in capitals"),
    ("AREA[Phase]PHASE3", "one field or area by its name"),
    ("AREA[StartDate]RANGE[2020-01, MAX]", "dates, numbers and ages between two ends"),
    ("AREA[MaximumAge]MISSING", "studies in which the field is empty"),
    ("SEARCH[Location](AREA[LocationCity]Boston AND AREA[LocationStatus]RECRUITING)", "both in one site"),
    ("DISTANCE[52.5,13.4,50km]", "studies with a site in the circle"),
];

/// Answers with the description.
pub(crate) async fn get() -> Response {
    answer(layout::page("API", Some(""), content()))
}

fn content() -> Markup {
    html! {
        div.narrow {
            h1 { "API" }
            p { "The same addresses, parameters and answers as version 2 of the API of ClinicalTrials.gov, from the "
                "records on this machine: a client works here after its base address is changed." }
            h2 { "Try" }
            dl.examples {
                @for (address, what) in EXAMPLES { dt { (what) } dd { a href=(address) { code { (address) } } } }
            }
            h2 { "Endpoints" }
            table {
                caption.hidden { "Endpoints and what they answer" }
                thead { tr { th scope="col" { "Path" } th scope="col" { "Answer" } } }
                tbody {
                    tr { th scope="row" { code { "/api/v2/studies" } } td { "Search, page by page: "
                        code { "query.*" } ", " code { "filter.*" } ", " code { "aggFilters" } ", " code { "fields" } ", "
                        code { "sort" } ", " code { "pageSize" } " (10, at most 1,000), " code { "pageToken" } ", "
                        code { "countTotal" } ", " code { "format" } " (json, csv)." } }
                    tr { th scope="row" { code { "/api/v2/studies/{id}" } } td { "One study; " code { "fields" } ", "
                        code { "format" } ", " code { "markupFormat" } "." } }
                    tr { th scope="row" { code { "/api/v2/version" } } td { "Version of the API, date of the data." } }
                    tr { th scope="row" { code { "/api/v2/stats/size" } } td { "Sizes of the records." } }
                    tr { th scope="row" { code { "/api/x1/studies/{id}/criteria" } } td { "The criteria of a study as "
                        "logic, an item each, in the notation of " code { "trialist criteria --format jsonl" } "." } }
                    tr { th scope="row" { code { "POST /api/x1/match" } } td { "The studies that a person may join, with "
                        "every criterion, what decided it and what to ask next. The body is a note (" code { "text/plain" }
                        ") or a record (" code { "application/fhir+json" } "); " code { "cond" } ", " code { "status" } ", "
                        code { "phase" } ", " code { "near" } ", " code { "within" } ", " code { "indexDate" } ", "
                        code { "absence" } ", " code { "top" } " (20), " code { "all" } ", " code { "criteria" }
                        " (true, false). Nothing of it is kept." } }
                    tr { th scope="row" { code { "POST /getClinicalTrial" } } td { "The same for clients of FHIR matching "
                        "services: a Bundle with a Patient and Parameters (" code { "zipCode" } ", " code { "travelRadius" }
                        " in miles, " code { "phase" } ", " code { "recruitmentStatus" } ") comes in, a searchset of "
                        "ResearchStudy with scores goes out; errors are an OperationOutcome." } }
                }
            }
            p { "Errors are plain text with status 400 or 404. An unknown parameter is an error. Answers carry an "
                code { "ETag" } "; a page token stays good until the data change. Statistics, metadata and further "
                "formats are not there yet." }
            h2 #expressions { "Expressions" }
            p { "The search box and the " code { "query.*" } " parameters take plain words or expressions." }
            table {
                caption.hidden { "Forms of an expression" }
                thead { tr { th scope="col" { "Form" } th scope="col" { "Finds" } } }
                tbody {
                    @for (form, what) in EXPRESSIONS { tr { th scope="row" { code { (form) } } td { (what) } } }
                }
            }
        }
    }
}
