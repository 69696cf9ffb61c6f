//! Counts as bars: inside a line of text, and as a column chart with its table.

use maud::{Markup, html};

use super::labels::grouped;

/// A thin bar for `count` out of `most`; the number stands beside it in words.
pub(crate) fn bar(count: usize, most: usize) -> Markup {
    let width = if most == 0 { 0.0 } else { 100.0 * count as f64 / most as f64 };
    html! {
        svg.bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
            rect width=(format!("{width:.1}")) height="4" {}
        }
    }
}

/// One column of a chart.
pub(crate) struct Column {
    /// What stands below it.
    pub label: String,
    /// Its height.
    pub count: usize,
}

/// Columns side by side, with a title, a description and the numbers as a table behind it.
pub(crate) fn columns(id: &str, title: &str, columns: &[Column]) -> Markup {
    let most = columns.iter().map(|c| c.count).max().unwrap_or(0);
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return html! {} };
    let step = 300.0 / columns.len() as f64;
    let total: usize = columns.iter().map(|c| c.count).sum();
    html! {
        figure.chart {
            svg viewBox="0 0 300 96" role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
                title id={ (id) "-t" } { (title) }
                desc id={ (id) "-d" } {
                    (grouped(total as u64)) " in all, from " (first.label) " to " (last.label)
                    "; at most " (grouped(most as u64)) " in one column."
                }
                line.axis x1="0" y1="80.5" x2="300" y2="80.5" {}
                @for (i, column) in columns.iter().enumerate() {
                    @let height = if most == 0 { 0.0 } else { 76.0 * column.count as f64 / most as f64 };
                    rect.column x=(format!("{:.1}", i as f64 * step + step * 0.1)) y=(format!("{:.1}", 80.0 - height))
                        width=(format!("{:.1}", step * 0.8)) height=(format!("{height:.1}")) {
                        title { (column.label) ": " (grouped(column.count as u64)) }
                    }
                }
                text.tick x="0" y="93" { (first.label) }
                text.tick x="300" y="93" text-anchor="end" { (last.label) }
            }
            details {
                summary { "Numbers: " (title.to_lowercase()) }
                table {
                    caption.hidden { (title) }
                    thead { tr { th scope="col" { "Value" } th.number scope="col" { "Studies" } } }
                    tbody {
                        @for column in columns {
                            tr { th scope="row" { (column.label) } td.number { (grouped(column.count as u64)) } }
                        }
                    }
                }
            }
        }
    }
}
