//! How registries write dates, ages, statuses, phases and sexes.

use model::{Age, PartialDate};

/// What a text says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dated {
    /// This.
    Exact(PartialDate),
    /// The year is certain; day and month may be the other way round.
    EitherWay(PartialDate),
    /// Nothing that can be read.
    Not,
}

/// Reads a date: ISO with or without a time, `20190715`, `2019/07/15`, `15.07.2019`, `15/07/2019` and `07/15/2019`
/// where the day is above twelve, and months by name. `03/04/2019` is told apart by nobody.
pub(super) fn date(text: &str) -> Dated {
    let text = text.trim();
    let day = text.split_whitespace().next().unwrap_or_default();
    let with_time = text.split_whitespace().nth(1).is_some_and(|t| t.contains(':'));
    let day = if with_time { day } else { text };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if digits(day) && day.len() == 8 {
        return parts(&day[..4], &day[4..6], &day[6..]);
    }
    let fields: Vec<&str> = day.split(['/', '-', '.']).collect();
    match fields[..] {
        [y, m, d] if y.len() == 4 && digits(y) && digits(m) && d.len() <= 2 && digits(d) => parts(y, m, d),
        [a, b, y] if y.len() == 4 && digits(a) && digits(b) && digits(y) && a.len() <= 2 && b.len() <= 2 => {
            if day.contains('.') {
                parts(y, b, a)
            } else {
                slashed(a, b, y)
            }
        }
        _ if day.contains(['/', '.'])
            && day.bytes().all(|b| !b.is_ascii_alphabetic())
            && fields.len() != 2 =>
        {
            Dated::Not
        }
        _ => day.parse().map_or(Dated::Not, Dated::Exact),
    }
}

fn parts(year: &str, month: &str, day: &str) -> Dated {
    let read = || PartialDate::new(year.parse().ok()?, Some(month.parse().ok()?), Some(day.parse().ok()?));
    read().map_or(Dated::Not, Dated::Exact)
}

/// Two numbers of which one is the day.
fn slashed(a: &str, b: &str, year: &str) -> Dated {
    match (parts(year, b, a), parts(year, a, b)) {
        (Dated::Exact(one), Dated::Exact(other)) if one != other => {
            PartialDate::new(one.year(), None, None).map_or(Dated::Not, Dated::EitherWay)
        }
        (Dated::Not, other) => other,
        (one, _) => one,
    }
}

/// A limit of age.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// This.
    Age(Age),
    /// There is none, in words.
    None,
    /// A number without its unit, or no age at all.
    Unclear,
}

/// Reads a limit: `18 Years`, `18Y`, `No limit`, `N/A`.
pub(super) fn limit(text: &str) -> Limit {
    let plain = text.trim().trim_start_matches(['>', '=', '<', '≥', '≤', ' ']).to_lowercase();
    const NONE: [&str; 12] = [
        "no limit",
        "none",
        "n/a",
        "na",
        "no maximum",
        "no minimum",
        "not applicable",
        "no age limit",
        "no upper limit",
        "no lower limit",
        "no maximum age",
        "not specified",
    ];
    if plain.is_empty() || NONE.contains(&plain.as_str()) {
        return Limit::None;
    }
    let plain = plain.trim_end_matches(" old").replace("(s)", "s").replace("age ", "");
    plain.parse().map_or(Limit::Unclear, Limit::Age)
}

/// Whom a study takes: `Both`, `Male and Female`, `Female: yes Male: no`.
pub(super) fn sex(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let said = |what: &str| text.contains(&format!("{what}: yes"));
    if text.contains(": yes") || text.contains(": no") {
        return match (said("female"), text.replace("female", "").contains("male: yes")) {
            (true, true) => Some("ALL"),
            (true, false) => Some("FEMALE"),
            (false, true) => Some("MALE"),
            _ => None,
        };
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let has = |names: &[&str]| words.iter().any(|w| names.contains(w));
    let (female, male) = (has(&["female", "females", "women", "f"]), has(&["male", "males", "men", "m"]));
    match (has(&["both", "all", "any"]) || (female && male), female, male) {
        (true, _, _) => Some("ALL"),
        (_, true, _) => Some("FEMALE"),
        (_, _, true) => Some("MALE"),
        _ => None,
    }
}

/// The phases that a text names: `Phase II/III`, `Phase 1-2`, `N/A`, and the register's questions
/// `Therapeutic exploratory (Phase II): yes`. Empty if it names none.
pub(super) fn phases(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let asked: Vec<(&str, bool)> = text
        .split(['\n', ';', '<'])
        .filter_map(|line| {
            let (what, answer) = line.rsplit_once(':')?;
            let answer = answer.trim();
            what.contains("phase")
                .then_some((what, answer.starts_with("yes")))
                .filter(|_| answer.starts_with("yes") || answer.starts_with("no"))
        })
        .collect();
    if !asked.is_empty() {
        let yes: Vec<&'static str> =
            asked.iter().filter(|(_, yes)| *yes).flat_map(|(t, _)| numbers(t)).collect();
        return sorted(yes);
    }
    if text.contains("early phase 1") || text.contains("early phase i") {
        return vec!["EARLY_PHASE1"];
    }
    let found = sorted(numbers(&text));
    let none = ["n/a", "not applicable", "na", "not selected"];
    if found.is_empty() && none.iter().any(|n| text.trim().trim_start_matches("phase").trim() == *n) {
        return vec!["NA"];
    }
    found
}

fn numbers(text: &str) -> Vec<&'static str> {
    let words =
        text.split(|c: char| !c.is_ascii_alphanumeric()).map(|w| w.strip_prefix("phase").unwrap_or(w));
    words
        .filter_map(|word| {
            Some(match word.trim_end_matches(['a', 'b', 'c']) {
                "0" => "EARLY_PHASE1",
                "1" | "i" => "PHASE1",
                "2" | "ii" => "PHASE2",
                "3" | "iii" => "PHASE3",
                "4" | "iv" => "PHASE4",
                _ => return None,
            })
        })
        .collect()
}

fn sorted(mut found: Vec<&'static str>) -> Vec<&'static str> {
    found.sort_unstable();
    found.dedup();
    found
}

/// A status in the words of any registry; `None` where the words can mean several.
pub(super) fn status(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace(['-', '_', ',', ':', ';', '.'], " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    Some(match text.as_str() {
        "recruiting"
        | "open to recruitment"
        | "open public recruiting"
        | "ongoing recruiting"
        | "authorised recruiting"
        | "authorized recruiting"
        | "recruitment ongoing"
        | "enrolling" => "RECRUITING",
        "not yet recruiting"
        | "pending"
        | "planned"
        | "recruiting planned"
        | "recruitment pending"
        | "authorised recruitment pending"
        | "authorized recruitment pending"
        | "open to recruitment pending"
        | "preinitiation"
        | "not yet started"
        | "approved" => "NOT_YET_RECRUITING",
        "enrolling by invitation" => "ENROLLING_BY_INVITATION",
        "active not recruiting"
        | "active"
        | "no longer recruiting"
        | "closed to recruitment of participants"
        | "closed to recruitment follow up continuing"
        | "ongoing recruitment ended"
        | "main results already published"
        | "recruiting complete follow up continuing"
        | "recruiting stopped after recruiting started follow up continuing"
        | "recruitment completed"
        | "closed follow up continuing" => "ACTIVE_NOT_RECRUITING",
        "completed"
        | "complete"
        | "complete follow up complete"
        | "recruiting complete follow up complete"
        | "ended"
        | "closed to recruitment follow up complete"
        | "study complete"
        | "trial completed" => "COMPLETED",
        "suspended"
        | "temporarily halted"
        | "temporary halt"
        | "recruiting suspended on temporary hold"
        | "temporary closed"
        | "temporarily closed" => "SUSPENDED",
        "terminated"
        | "stopped"
        | "stopped early"
        | "prematurely ended"
        | "revoked"
        | "recruiting stopped after recruiting started" => "TERMINATED",
        "withdrawn" | "recruiting withdrawn before recruiting started" | "cancelled" | "canceled" => {
            "WITHDRAWN"
        }
        _ => return None,
    })
}
