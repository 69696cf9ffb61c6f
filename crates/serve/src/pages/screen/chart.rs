//! Attrition as a chart, with its numbers as a table.

use matching::screen::{Screening, report};
use maud::{Markup, html};

use crate::components::labels::grouped;

/// Heights of a row and of its bar, in pixels, and where the bar begins below the words.
const ROW: usize = 34;
const BAR: usize = 10;
const BELOW: usize = 18;

/// How many people are left after each criterion, in their order.
pub(super) fn funnel(screening: &Screening) -> Markup {
    let tally = screening.tally();
    let people = tally.people();
    let share = |count: u64| format!("{:.2}%", 100.0 * count as f64 / people.max(1) as f64);
    let left = tally.criteria.last().map_or(people, |last| last.left);
    let before = std::iter::once(people).chain(tally.criteria.iter().map(|counts| counts.left));
    html! {
        figure.chart {
            svg.funnel width="100%" height=(ROW * screening.items().len()) role="img" aria-labelledby="funnel-t funnel-d" {
                title #funnel-t { "People left after each criterion" }
                desc #funnel-d { "Of " (grouped(people)) " people " (grouped(left))
                    " are ruled out by no criterion. The table below has the numbers." }
                @for (row, ((item, counts), before)) in screening.items().iter().zip(&tally.criteria).zip(before).enumerate() {
                    @let top = ROW * row;
                    text.label x="0" y=(top + BELOW - 5) {
                        (report::name(item)) ": " (grouped(counts.left)) " left"
                        @if before > counts.left { ", −" (grouped(before - counts.left)) }
                    }
                    rect.gone x="0" y=(top + BELOW) width=(share(before)) height=(BAR) {}
                    rect.column x="0" y=(top + BELOW) width=(share(counts.left)) height=(BAR) {
                        title { (report::name(item)) ": " (grouped(counts.left)) " left" }
                    }
                }
            }
            (table(screening))
        }
    }
}

fn table(screening: &Screening) -> Markup {
    let heads = [
        "Not met",
        "Unknown",
        "For a person",
        "Left",
        "Alone",
        "Eligible without it",
        "Undetermined without it",
        "Only unknown",
    ];
    html! {
        details open {
            summary { "Numbers: criterion by criterion" }
            div.wide {
                table {
                    caption { "“Alone” are people whom only this criterion rules out; “without it” how many more there would be "
                        "if it were dropped; “only unknown” are people for whom this is all that is not known." }
                    thead { tr { th scope="col" { "Criterion" } @for head in heads { th.number scope="col" { (head) } } } }
                    tbody {
                        @for (item, counts) in screening.items().iter().zip(&screening.tally().criteria) {
                            tr {
                                th scope="row" { strong { (report::name(item)) } " " span.quiet { (short(&item.source)) } }
                                @for number in [
                                    counts.not_met, counts.unknown, counts.for_person, counts.left, counts.alone_blocked,
                                    counts.gained_eligible, counts.gained_undetermined, counts.unknown_only,
                                ] { td.number { (grouped(number)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The beginning of the words of a criterion.
pub(super) fn short(words: &str) -> String {
    const MOST: usize = 120;
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(MOST).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { cut }
}
