//! The form: the note, the file, what was understood, and which studies may be listed. One form, so that whatever is
//! changed in it, the match follows.

use eligibility::evaluate::Absence;
use matching::next::Question;
use maud::{Markup, html};

use super::{
    next,
    person::{Reading, facts},
};
use crate::{Site, pages::error::megabytes, parameters::Parameters, person::TOP};

/// What may be chosen for the status: value of the field, label. The first is chosen at the beginning.
const STATUSES: [(&str, &str); 3] = [
    ("RECRUITING", "Recruiting"),
    ("RECRUITING,NOT_YET_RECRUITING,ENROLLING_BY_INVITATION", "Recruiting, about to, or by invitation"),
    ("", "Any"),
];

const POLICIES: [(Option<Absence>, &str); 4] = [
    (None, "As is usual: unknown for records, presumed absent for notes"),
    (Some(Absence::Open), "Unknown"),
    (Some(Absence::Clinical), "Presumed absent, if it would rule out and would be mentioned"),
    (Some(Absence::Closed), "Not so: the record is complete"),
];

/// The form before anything was sent.
pub(super) fn empty(site: &Site) -> Markup {
    let first = Parameters::default().with("status", STATUSES[0].0);
    html! {
        form.person #person action="/match" method="post" enctype="multipart/form-data" {
            (promise(site))
            (words("", "Note"))
            (file(site, false))
            (wishes(&first, &site.today().to_string()))
            p { button type="submit" { "Match" } }
        }
    }
}

/// The form as it was sent, with what was understood.
pub(super) fn filled(site: &Site, reading: &Reading, questions: &[Question]) -> Markup {
    let record = reading.record.as_ref().and_then(|record| serde_json::to_string(record).ok());
    html! {
        form.person #person action="/match" method="post" enctype="multipart/form-data" {
            h2 { "What was understood" }
            (promise(site))
            (facts(reading))
            h2 { "Correct it, or add to it" }
            @if let Some(record) = &record {
                input type="hidden" name="person" value=(record);
                (words(&reading.words, "Words that add to the record"))
            } @else {
                (words(&reading.words, "Note"))
            }
            (next::answers(reading, questions))
            (file(site, record.is_some()))
            (wishes(&reading.fields, &reading.asked.rules.index_date.to_string()))
            p { button type="submit" { "Match again" } }
        }
    }
}

/// What happens to what is typed, in one line.
fn promise(site: &Site) -> Markup {
    html! {
        p.promise {
            "What you send is computed on this machine, in memory, up to " (megabytes(site.options.most_sent))
            " at once. " (crate::saved::promise(site))
        }
    }
}

fn words(text: &str, label: &str) -> Markup {
    html! {
        p.field {
            label for="note" { (label) }
            textarea #note name="note" rows="7" autocomplete="off"
                placeholder="58-year-old woman with type 2 diabetes, HbA1c 8.1 %, on metformin. No heart failure." {
                (text)
            }
        }
    }
}

fn file(site: &Site, again: bool) -> Markup {
    let label = if again { "Another file instead" } else { "Or a file" };
    html! {
        div.pairs {
            p.field {
                label for="file" { (label) ": FHIR bundle or NDJSON, Phenopacket, form (CSV, JSON), note (.txt), up to "
                    (megabytes(site.options.most_sent)) }
                input #file type="file" name="file" accept=".json,.ndjson,.jsonl,.csv,.txt,.md,application/json,text/plain";
            }
            p.field {
                label for="number" { "Which person of the file" }
                input #number type="number" name="number" value="1" min="1";
            }
        }
    }
}

fn wishes(fields: &Parameters, day: &str) -> Markup {
    let get = |name: &str| fields.get(name).unwrap_or_default();
    let top = fields.get("top").map_or_else(|| TOP.to_string(), str::to_owned);
    html! {
        fieldset.wishes {
            legend { "Which studies" }
            div.pairs {
                p.field {
                    label for="cond" { "On this condition" }
                    input #cond name="cond" value=(get("cond")) autocomplete="off";
                }
                p.field {
                    label for="status" { "Status" }
                    select #status name="status" {
                        @for (value, label) in STATUSES { option value=(value) selected[get("status") == value] { (label) } }
                    }
                }
                p.field {
                    label for="near" { "Near (latitude, longitude)" }
                    input #near name="near" value=(get("near")) autocomplete="off";
                }
                p.field {
                    label for="within" { "Within (km)" }
                    input #within name="within" value=(get("within")) placeholder="100" autocomplete="off";
                }
                p.field {
                    label for="indexDate" { "The day that counts as today" }
                    input #indexDate type="date" name="indexDate" value=(day);
                }
                p.field {
                    label for="top" { "At most so many studies" }
                    input #top type="number" name="top" value=(top) min="1" max="1000";
                }
            }
            p.field {
                label for="absence" { "What is not recorded is" }
                select #absence name="absence" {
                    @for (policy, label) in POLICIES {
                        @let value = policy.map_or("", Absence::as_str);
                        option value=(value) selected[get("absence") == value] { (label) }
                    }
                }
            }
        }
    }
}
