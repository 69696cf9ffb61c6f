//! A study's time as a bar: start, primary completion, completion, today.

use jiff::civil::Date;
use maud::{Markup, html};
use model::{PartialDate, Study};

use super::labels::{date, decimal_year, year};

/// From when to when an axis runs, in years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// Left end.
    pub from: f64,
    /// Right end.
    pub to: f64,
}

/// The dates that a bar shows.
#[derive(Clone, Copy, Default)]
pub(crate) struct Times {
    registered: Option<PartialDate>,
    start: Option<PartialDate>,
    primary: Option<PartialDate>,
    end: Option<PartialDate>,
}

impl Times {
    /// Of a study.
    pub fn of(study: &Study) -> Self {
        Self {
            registered: study.date("StudyFirstPostDate").or_else(|| study.date("StudyFirstSubmitDate")),
            start: study.date("StartDate"),
            primary: study.date("PrimaryCompletionDate"),
            end: study.date("CompletionDate"),
        }
    }

    /// Whether there is anything to draw.
    pub fn any(&self) -> bool {
        self.points().next().is_some()
    }

    fn points(&self) -> impl Iterator<Item = f64> {
        [self.start, self.primary, self.end].into_iter().flatten().map(year)
    }

    /// `Sep 2020 to May 2023`, with a question mark where a date is absent.
    pub fn words(&self) -> String {
        let word = |d: Option<PartialDate>| d.map_or_else(|| "?".to_owned(), |d| date(&d.to_string()));
        format!("{} to {}", word(self.start), word(self.end.or(self.primary)))
    }
}

impl Axis {
    /// One axis for several studies: whole years, today included, at most the years 1980 to 2060 so that one
    /// mistyped date does not squeeze all others.
    pub fn around(times: &[Times], today: Date) -> Self {
        let points = times.iter().flat_map(Times::points).chain([decimal_year(today)]);
        let (low, high) = points.fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p), h.max(p)));
        let (from, to) = (low.clamp(1980.0, 2060.0).floor(), high.clamp(1980.0, 2060.0).floor() + 1.0);
        Self { from, to }
    }

    fn place(&self, year: f64) -> f64 {
        (100.0 * (year - self.from) / (self.to - self.from)).clamp(0.0, 100.0)
    }
}

/// The small bar of a result list; `axis` is common to all its rows.
pub(crate) fn small(times: &Times, axis: Axis, today: Date) -> Markup {
    let title = format!("{} on an axis from {} to {}", times.words(), axis.from, axis.to);
    html! {
        span.times {
            svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" {
                title { (title) }
                (drawn(times, axis, today, 6.0))
            }
            span.words { (times.words()) }
        }
    }
}

fn drawn(times: &Times, axis: Axis, today: Date, height: f64) -> Markup {
    let at = |d: Option<PartialDate>| d.map(|d| axis.place(year(d)));
    let (start, primary, end) = (at(times.start), at(times.primary), at(times.end));
    let last = end.or(primary);
    let number = |n: f64| format!("{n:.2}");
    html! {
        line.axis x1="0" y1=(number(height / 2.0)) x2="100" y2=(number(height / 2.0)) {}
        @if let (Some(start), Some(last)) = (start, last) {
            rect.after x=(number(start)) y="1" width=(number((last - start).max(0.5))) height=(number(height - 2.0)) {}
            @if let Some(primary) = primary {
                rect.until x=(number(start)) y="1" width=(number((primary - start).max(0.5)))
                    height=(number(height - 2.0)) {}
            }
        } @else if let Some(one) = start.or(last) {
            rect.until x=(number(one)) y="1" width="1" height=(number(height - 2.0)) {}
        }
        rect.today x=(number(axis.place(decimal_year(today)) - 0.15)) y="0" width="0.3" height=(number(height)) {}
    }
}

/// The large bar of a study's head, with its dates as a list below.
pub(crate) fn large(study: &Study, today: Date) -> Markup {
    let times = Times::of(study);
    let axis = Axis::around(&[times], today);
    let kind =
        |piece: &str| study.text(piece).map(|t| if t == "ACTUAL" { " (actual)" } else { " (estimated)" });
    let rows = [
        ("Registered", times.registered, None),
        ("Start", times.start, kind("StartDateType")),
        ("Primary completion", times.primary, kind("PrimaryCompletionDateType")),
        ("Completion", times.end, kind("CompletionDateType")),
    ];
    html! {
        figure.time {
            @if times.any() { svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-labelledby="time-t time-d" {
                title #time-t { "Time of the study" }
                desc #time-d {
                    "From " (times.words()) "; the dark part ends at primary completion; the line is today, "
                    (date(&today.to_string())) "."
                }
                (drawn(&times, axis, today, 8.0))
            }
            div.ends aria-hidden="true" { span { (axis.from) } span { (axis.to) } } }
            dl.dates {
                @for (name, day, kind) in rows {
                    @if let Some(day) = day {
                        div { dt { (name) } dd { (date(&day.to_string())) (kind.unwrap_or_default()) } }
                    }
                }
                div { dt { "Today" } dd { (date(&today.to_string())) } }
            }
        }
    }
}
