//! A participant's dates as iCalendar (RFC 5545).
//!
//! ```text
//! line = name *(";" parameter) ":" value CRLF ;   folded after 75 octets: CRLF, a blank, the rest (3.1)
//! value of text: "\" as "\\", ";" as "\;", "," as "\,", a line break as "\n" (3.3.11)
//! ```

use jiff::{ToSpan, civil::Date};

use super::{Calendar, Visit, text};

/// Octets of a line without its CRLF.
const LONGEST: usize = 75;

/// The visits that have a day, as events of whole days. `study` and `start` make the events' ids; `stamp` is the day that
/// counts as that on which the calendar was made.
pub fn calendar(calendar: &Calendar, study: &str, start: Date, stamp: Date) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Trialist//Calendar//EN", "CALSCALE:GREGORIAN"] {
        fold(line, &mut out);
    }
    for (i, visit) in calendar.visits.iter().enumerate() {
        let Some((date, next)) = visit.date.and_then(|day| Some((day, day.checked_add(1.day()).ok()?)))
        else {
            continue;
        };
        event(
            visit,
            date,
            next,
            &format!("{study}-{}-{i}@trialist.invalid", basic(start)),
            study,
            stamp,
            &mut out,
        );
    }
    fold("END:VCALENDAR", &mut out);
    out
}

fn event(visit: &Visit, date: Date, next: Date, uid: &str, study: &str, stamp: Date, out: &mut String) {
    let mut description: Vec<String> = visit.activities.iter().map(text::done).collect();
    if visit.window.0 != visit.window.1 {
        let status = visit.window_status.as_str();
        description.push(format!("permitted from {} to {} ({status})", visit.window.0, visit.window.1));
    }
    description.extend(text::drift(visit.drift));
    for line in [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escaped(uid)),
        format!("DTSTAMP:{}T000000Z", basic(stamp)),
        format!("DTSTART;VALUE=DATE:{}", basic(date)),
        format!("DTEND;VALUE=DATE:{}", basic(next)),
        format!("SUMMARY:{}", escaped(&format!("{} {study}", visit.name))),
        format!("DESCRIPTION:{}", escaped(&description.join("\n"))),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
    ] {
        fold(&line, out);
    }
}

fn basic(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// Text as the value of a property; characters that no line may hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let normal = text.replace("\r\n", "\n");
    for c in normal.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded within 75 octets and never within a character.
fn fold(line: &str, out: &mut String) {
    let (mut rest, mut room) = (line, LONGEST);
    while rest.len() > room {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(room));
        out.push_str(head);
        out.push_str("\r\n ");
        // The blank counts.
        (rest, room) = (tail, LONGEST - 1);
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a;b,c\\d\r\ne\u{7}"), "a\\;b\\,c\\\\d\\ne");
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        fold(&"é".repeat(100), &mut out);
        let lines: Vec<&str> = out.split("\r\n").collect();
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [74, 75, 53, 0]);
        assert!(lines[1].starts_with(' '));
        assert_eq!(out.replace("\r\n ", "").trim_end(), "é".repeat(100));
        out.clear();
        fold(&"x".repeat(75), &mut out);
        assert_eq!(out, "x".repeat(75) + "\r\n");
    }
}
