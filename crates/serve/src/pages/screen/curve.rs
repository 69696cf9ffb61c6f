//! How many would be eligible at every step of a limit: a curve, with its numbers as a table.

use eligibility::relax::Move;
use matching::screen::whatif::{Change, Count, Gains};
use maud::{Markup, html};
use model::Decimal;

use super::whatif::called;
use crate::{components::labels::grouped, screening::Screened};

/// Size of the picture, and room for its words, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const MARGIN: f64 = 40.0;

/// The curves of the limits that were asked for: the lower and the upper one each have their own.
pub(super) fn steps(found: &Screened, changes: &Count) -> Markup {
    let of = |upper: bool| -> Vec<(&Move, &Gains)> {
        let steps = changes.changes().filter_map(|(change, gains)| match change {
            Change::Step(wish, _) if wish.upper == upper => Some((wish, gains)),
            _ => None,
        });
        let mut steps: Vec<(&Move, &Gains)> = steps.collect();
        steps.sort_by_key(|(wish, _)| wish.bound.value);
        steps
    };
    let curves: Vec<Vec<(&Move, &Gains)>> =
        [false, true].into_iter().map(of).filter(|steps| !steps.is_empty()).collect();
    let now = found.screening.tally().eligible;
    html! {
        @for (number, steps) in curves.iter().enumerate() { (curve(number, steps, now)) }
        @if let (Some(var), true) = (&found.curve, curves.is_empty()) {
            p role="status" { "No step of the limits of " (called(var)) " lets anybody in." }
        }
    }
}

fn curve(number: usize, steps: &[(&Move, &Gains)], now: u64) -> Markup {
    let Some(((first, _), (last, _))) = steps.first().zip(steps.last()) else { return html! {} };
    let most = steps.iter().map(|(_, gains)| gains.eligible).chain([now, 1]).max().unwrap_or(1);
    let name = format!("{}, {}", called(&first.var), if first.upper { "at most" } else { "at least" });
    let ids = [format!("curve-t{number}"), format!("curve-d{number}")];
    html! {
        figure.chart {
            svg.curve viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width="100%" role="img"
                aria-labelledby={ (ids[0]) " " (ids[1]) } {
                title id=(ids[0]) { "Eligible people by " (name) }
                desc id=(ids[1]) { "From " (first.bound.value) " to " (last.bound.value) ", between "
                    (grouped(now)) " and " (grouped(most)) " people. The table below has the numbers." }
                line.axis x1=(MARGIN) y1=(HEIGHT - MARGIN) x2=(WIDTH - MARGIN) y2=(HEIGHT - MARGIN) stroke="currentColor" {}
                line.axis x1=(MARGIN) y1=(MARGIN / 2.0) x2=(MARGIN) y2=(HEIGHT - MARGIN) stroke="currentColor" {}
                path d=(path(steps, most, now)) fill="none" stroke="currentColor" stroke-width="2" {}
                text.label x=(MARGIN) y=(HEIGHT - MARGIN / 3.0) { (first.bound.value) }
                text.label x=(WIDTH - MARGIN) y=(HEIGHT - MARGIN / 3.0) text-anchor="end" { (last.bound.value) }
                text.label x=(MARGIN + 6.0) y=(MARGIN / 2.0 + 10.0) { (grouped(most)) " eligible" }
            }
            details {
                summary { "Numbers: step by step" }
                div.wide {
                    table {
                        caption { "Eligible people by " (name) }
                        thead { tr { th scope="col" { "Limit" } th.number scope="col" { "Eligible" } th.number scope="col" { "More" } } }
                        tbody {
                            @for (wish, gains) in steps {
                                tr {
                                    th scope="row" { (wish) }
                                    td.number { (grouped(gains.eligible)) }
                                    td.number { (grouped(gains.gained_eligible)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The path of a curve in steps. An upper limit lets more people in the further right it lies, a lower one the further
/// left.
fn path(steps: &[(&Move, &Gains)], most: u64, now: u64) -> String {
    let number = |value: Decimal| value.to_string().parse::<f64>().unwrap_or_default();
    let ends =
        steps.first().zip(steps.last()).map(|(a, b)| (number(a.0.bound.value), number(b.0.bound.value)));
    let (low, high) = ends.unwrap_or_default();
    let span = if high > low { high - low } else { 1.0 };
    let x = |value: Decimal| MARGIN + (number(value) - low) / span * (WIDTH - 2.0 * MARGIN);
    let y = |people: u64| HEIGHT - MARGIN - people as f64 / most.max(1) as f64 * (HEIGHT - 1.5 * MARGIN);
    let upper = steps.first().is_some_and(|(wish, _)| wish.upper);
    let mut path = String::new();
    if upper {
        path = format!("M{:.1} {:.1}", MARGIN, y(now));
        for (wish, gains) in steps {
            path += &format!("H{:.1}V{:.1}", x(wish.bound.value), y(gains.eligible));
        }
        path += &format!("H{:.1}", WIDTH - MARGIN);
    } else {
        for (number, (wish, gains)) in steps.iter().enumerate() {
            let at = x(wish.bound.value);
            let start =
                if number == 0 { format!("M{MARGIN:.1} {:.1}", y(gains.eligible)) } else { String::new() };
            let next = steps.get(number + 1).map_or(now, |(_, gains)| gains.eligible);
            path += &format!("{start}H{at:.1}V{:.1}", y(next));
        }
        path += &format!("H{:.1}", WIDTH - MARGIN);
    }
    path
}
