//! What if limits were moved: a number for each limit of the study, and what became of it.

use eligibility::{
    relax::{Limit, Move},
    tree::{Bound, Var},
};
use matching::screen::whatif::{Change, Count};
use maud::{Markup, html};
use vocabulary::variable;

use super::Form;
use crate::{components::labels::grouped, screening::Screened};

/// People of at most so many bytes go back to the browser in the form; larger files are chosen again.
const RETURNED: usize = 256 << 10;
/// What the names of the numbers begin with.
const FIELD: &str = "limit";

/// The people as they go back to the browser; `None` if they are too many, or no text.
pub(super) fn returned(people: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(people).ok().filter(|text| text.len() <= RETURNED)?;
    Some(text.to_owned())
}

/// The name of a field: `limit upper % hba1c`.
fn name(limit: &Limit) -> String {
    format!("{FIELD} {} {} {}", end(limit.upper), limit.unit, limit.var)
}

fn end(upper: bool) -> &'static str {
    if upper { "upper" } else { "lower" }
}

/// Reads a field of the form; `None` if it is no limit, or nothing stands in it.
pub(super) fn read(name: &str, text: &str) -> Option<Result<Move, String>> {
    let rest = name.strip_prefix(FIELD)?.strip_prefix(' ')?;
    let mut parts = rest.splitn(3, ' ');
    let (end, unit, var) = (parts.next()?, parts.next()?, parts.next()?);
    if text.is_empty() {
        return None;
    }
    let Ok(value) = text.parse() else {
        return Some(Err(format!("`{text}` is no number: write a limit as 7.5.")));
    };
    let unit = Some(unit.to_owned());
    let bound = Bound { value, incl: true };
    Some(Ok(Move { var: Var(var.into()), upper: end == "upper", bound, unit }))
}

/// What a variable is called.
pub(super) fn called(var: &Var) -> &str {
    variable::by_id(&var.0).map_or(var.0.strip_prefix("text:").unwrap_or(&var.0), |variable| variable.name)
}

/// The form that asks what if, and the buttons for files.
pub(super) fn form(found: &Screened, form: &Form, people: Option<&str>) -> Markup {
    let moved = |limit: &Limit| {
        let wish = found.moves.iter().find(|wish| wish.var == limit.var && wish.upper == limit.upper);
        wish.map_or(limit.bound.value, |wish| wish.bound.value).normalize()
    };
    let mut variables: Vec<&Var> = found.limits.iter().map(|limit| &limit.var).collect();
    variables.dedup();
    let settings = found.screening.settings();
    html! {
        form.people action="/screen" method="post" enctype="multipart/form-data" {
            input type="hidden" name="study" value=(found.study.id());
            input type="hidden" name="day" value=(settings.index_date);
            input type="hidden" name="absence" value=(settings.absence.as_str());
            @match people {
                Some(people) => { textarea name="pasted" hidden aria-hidden="true" { "\n" (people) } }
                None => {
                    div.field {
                        label for="same" { "The same file again: it is too large to be held in this page" }
                        input #same type="file" name="file";
                    }
                }
            }
            @if !found.limits.is_empty() {
                fieldset {
                    legend { "Move limits outwards, and see whom that lets in" }
                    @for (number, limit) in found.limits.iter().enumerate() {
                        div.field {
                            label for={ "limit-" (number) } {
                                (called(&limit.var)) @if limit.upper { ", at most" } @else { ", at least" }
                                @if !limit.unit.is_empty() { " (" (limit.unit) ")" }
                                ": the study says " (limit.bound.value.normalize())
                            }
                            input id={ "limit-" (number) } type="number" step="any" inputmode="decimal"
                                name=(name(limit)) value=(moved(limit));
                        }
                    }
                    div.field {
                        label for="curve" { "Every step of" }
                        select #curve name="curve" {
                            option value="" { "no limit" }
                            @for var in variables {
                                option value=(var) selected[form.curve == *var.0] { (called(var)) }
                            }
                        }
                    }
                }
                button type="submit" { "What if" } " "
            }
            button type="submit" name="format" value="csv" { "People as CSV" } " "
            button type="submit" name="format" value="json" { "All as JSON" }
        }
    }
}

/// What the moved limits bring.
pub(super) fn moved(found: &Screened, changes: &Count) -> Markup {
    let asked = changes.changes().find(|(change, _)| matches!(change, Change::Asked(..)));
    let words: Vec<String> = found.moves.iter().map(ToString::to_string).collect();
    html! {
        @if let Some((_, gains)) = asked {
            p role="status" {
                "With " strong { (words.join(" and ")) } ": " (grouped(gains.eligible)) " eligible ("
                (grouped(gains.gained_eligible)) " more), " (grouped(gains.undetermined)) " undetermined ("
                (grouped(gains.gained_undetermined)) " of them ruled out now), " (grouped(gains.ineligible)) " ineligible."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_as_they_were_named() {
        for (var, unit) in [("hba1c", "%"), ("text:some words", ""), ("bmi", "kg/m2")] {
            let bound = Bound { value: 7.into(), incl: true };
            let limit =
                Limit { var: Var(var.into()), upper: true, bound, unit: unit.into(), places: Vec::new() };
            let read = read(&name(&limit), "7.5").unwrap().unwrap();
            assert_eq!((read.var, read.upper, read.unit.as_deref()), (limit.var, true, Some(unit)));
            assert_eq!(read.bound.value.to_string(), "7.5");
        }
        assert!(read("limit upper % hba1c", "").is_none() && read("study", "1").is_none());
        assert!(read("limit upper % hba1c", "much").unwrap().is_err());
    }
}
