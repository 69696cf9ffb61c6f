//! A participant's dates as text for people.

use std::fmt::Write as _;

use super::{Activity, Calendar, Visit};
use crate::protocol::Status;

/// The dates, a visit a line with its activities below.
pub fn calendar(calendar: &Calendar) -> String {
    let mut out = String::new();
    let wide = calendar.visits.iter().map(|v| v.name.len()).max().unwrap_or(0);
    for visit in &calendar.visits {
        let _ = writeln!(out, "{:wide$}  {}", visit.name, day(visit));
        for activity in &visit.activities {
            let _ = writeln!(out, "{:wide$}    {}", "", done(activity));
        }
    }
    if !calendar.unplaced.is_empty() {
        let _ = writeln!(out, "\nWithout a day");
    }
    for unplaced in &calendar.unplaced {
        let _ = writeln!(out, "  {}, {}: {}", one_line(&unplaced.what), unplaced.time, unplaced.why);
    }
    out
}

/// The day of a visit with its window and what is odd about it.
pub fn day(visit: &Visit) -> String {
    let date =
        visit.date.map_or_else(|| "no open day".to_owned(), |date| date.strftime("%Y-%m-%d %a").to_string());
    let window = if visit.window.0 == visit.window.1 {
        String::new()
    } else {
        let status = if visit.window_status == Status::Assumed { ", assumed" } else { "" };
        format!("  ({} to {}{status})", visit.window.0, visit.window.1)
    };
    let drift = drift(visit.drift).map(|drift| format!("  {drift}")).unwrap_or_default();
    let trouble = visit.trouble.as_ref().map(|trouble| format!("  ! {trouble}")).unwrap_or_default();
    format!("{date}{window}{drift}{trouble}")
}

/// `2 days late`.
pub fn drift(days: i32) -> Option<String> {
    let plural = if days.abs() == 1 { "" } else { "s" };
    match days {
        0 => None,
        days if days > 0 => Some(format!("{days} day{plural} late")),
        days => Some(format!("{} day{plural} early", -days)),
    }
}

/// What is done, and for what.
pub fn done(activity: &Activity) -> String {
    let doubt = if activity.status == Status::Assumed { ", counted from the start: assumed" } else { "" };
    format!("{} [{}{doubt}]", one_line(&activity.what), activity.purpose.replace('_', " "))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
