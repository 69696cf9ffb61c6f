//! Changes that matter, each of a kind with a name.

use std::{collections::BTreeSet, fmt, str::FromStr};

use model::{PartialDate, Study, piece};
use serde_json::Value;

use crate::{fields::Comparable, timeline::Version};

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The enrolment became smaller.
    EnrollmentLowered,
    /// The enrolment became larger.
    EnrollmentRaised,
    /// Primary outcomes were added, removed or changed in measure or time frame.
    PrimaryOutcomeChanged,
    /// The same in a version posted after the start of the study.
    PrimaryOutcomeChangedAfterStart,
    /// The same in a version posted after the primary completion.
    PrimaryOutcomeChangedAfterCompletion,
    /// Secondary outcomes were added, removed or changed.
    SecondaryOutcomeChanged,
    /// The start is later.
    StartPostponed,
    /// The primary completion, or where it is absent the completion, is later.
    CompletionPostponed,
    /// It is earlier.
    CompletionAdvanced,
    /// The words of the criteria, an age limit, the sex or the healthy volunteers.
    EligibilityChanged,
    /// The status, whatever it was and is.
    StatusChanged,
    /// It takes people in now, and did not before.
    StatusRecruiting,
    /// Terminated, suspended, or withdrawn before anybody joined.
    StatusStopped,
    /// It is completed.
    StatusCompleted,
    /// There are sites that were not.
    SitesAdded,
    /// There are sites no longer.
    SitesRemoved,
    /// Results were posted.
    ResultsPosted,
    /// Arms or interventions were added, removed or renamed.
    ArmsChanged,
    /// Phase, allocation, model, masking or purpose.
    DesignChanged,
    /// Another lead sponsor.
    SponsorChanged,
}

/// All kinds with their names.
pub const KINDS: [(Kind, &str); 20] = [
    (Kind::EnrollmentLowered, "enrollment-lowered"),
    (Kind::EnrollmentRaised, "enrollment-raised"),
    (Kind::PrimaryOutcomeChanged, "primary-outcome-changed"),
    (Kind::PrimaryOutcomeChangedAfterStart, "primary-outcome-changed-after-start"),
    (Kind::PrimaryOutcomeChangedAfterCompletion, "primary-outcome-changed-after-completion"),
    (Kind::SecondaryOutcomeChanged, "secondary-outcome-changed"),
    (Kind::StartPostponed, "start-postponed"),
    (Kind::CompletionPostponed, "completion-postponed"),
    (Kind::CompletionAdvanced, "completion-advanced"),
    (Kind::EligibilityChanged, "eligibility-changed"),
    (Kind::StatusChanged, "status-changed"),
    (Kind::StatusRecruiting, "status-recruiting"),
    (Kind::StatusStopped, "status-stopped"),
    (Kind::StatusCompleted, "status-completed"),
    (Kind::SitesAdded, "sites-added"),
    (Kind::SitesRemoved, "sites-removed"),
    (Kind::ResultsPosted, "results-posted"),
    (Kind::ArmsChanged, "arms-changed"),
    (Kind::DesignChanged, "design-changed"),
    (Kind::SponsorChanged, "sponsor-changed"),
];

/// The names of all kinds, in order.
pub const NAMES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = KINDS[i].1;
        i += 1;
    }
    names
};

impl Kind {
    /// Its name: `enrollment-lowered`.
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = KINDS.iter().find(|(_, name)| name.eq_ignore_ascii_case(text.trim()));
        found.map(|(kind, _)| *kind).ok_or_else(|| {
            let near = piece::near_names(text, NAMES.into_iter());
            let names = if near.is_empty() { NAMES.join(", ") } else { near.join(", ") };
            format!("`{text}` is no kind of change: {names}")
        })
    }
}

/// A change that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Of which kind.
    pub kind: Kind,
    /// What it was; empty if it was not there.
    pub before: String,
    /// What it is; empty if it is not there.
    pub after: String,
}

/// What of the differences between two whole versions matters. What one of them does not say, and could not, is no
/// change.
pub(crate) fn noted(old: &Version, new: &Version, comparable: Comparable) -> Vec<Noted> {
    let mut out =
        Notes { old: &old.study, new: &new.study, both: comparable == Comparable::Both, out: Vec::new() };
    out.enrollment();
    out.outcomes(new.day);
    out.dates();
    out.eligibility();
    out.status();
    out.sites();
    out.results();
    out.sets(Kind::ArmsChanged, &["ArmGroupLabel", "InterventionName"]);
    let design =
        ["Phase", "DesignAllocation", "DesignInterventionModel", "DesignMasking", "DesignPrimaryPurpose"];
    out.sets(Kind::DesignChanged, &design);
    out.sets(Kind::SponsorChanged, &["LeadSponsorName"]);
    out.out
}

struct Notes<'v> {
    old: &'v Study,
    new: &'v Study,
    both: bool,
    out: Vec<Noted>,
}

impl Notes<'_> {
    fn note(&mut self, kind: Kind, before: impl ToString, after: impl ToString) {
        self.out.push(Noted { kind, before: before.to_string(), after: after.to_string() });
    }

    fn enrollment(&mut self) {
        let count = |study: &Study| study.integer("EnrollmentCount").filter(|n| (0..SENTINEL).contains(n));
        let (Some(before), Some(after)) = (count(self.old), count(self.new)) else { return };
        let said = |study: &Study, n: i64| match study.text("EnrollmentType") {
            Some("ACTUAL") => format!("{n} (actual)"),
            Some("ESTIMATED") => format!("{n} (planned)"),
            _ => n.to_string(),
        };
        let (was, is) = (said(self.old, before), said(self.new, after));
        match after - before {
            ..0 => self.note(Kind::EnrollmentLowered, was, is),
            1.. => self.note(Kind::EnrollmentRaised, was, is),
            0 => {}
        }
    }

    fn outcomes(&mut self, posted: Option<PartialDate>) {
        let primary = self.of_outcomes("PrimaryOutcome");
        if let Some((before, after)) = primary {
            let start = self.new.date("StartDate").or_else(|| self.old.date("StartDate"));
            let done = ["PrimaryCompletionDate", "CompletionDate"];
            let done = done.iter().find_map(|piece| self.new.date(piece));
            // The whole month or year must have gone by before a day counts as after it.
            let behind = |day: Option<PartialDate>| {
                day.zip(posted).is_some_and(|(day, posted)| posted.first_day() > day.last_day())
            };
            self.note(Kind::PrimaryOutcomeChanged, &before, &after);
            if behind(start) {
                self.note(Kind::PrimaryOutcomeChangedAfterStart, &before, &after);
            }
            if behind(done) {
                self.note(Kind::PrimaryOutcomeChangedAfterCompletion, before, after);
            }
        }
        if let Some((before, after)) = self.of_outcomes("SecondaryOutcome") {
            self.note(Kind::SecondaryOutcomeChanged, before, after);
        }
    }

    /// Measures with their time frames, where they differ by more than marks, spaces and capitals.
    fn of_outcomes(&self, piece: &str) -> Option<(String, String)> {
        let of = |study: &Study| -> Vec<String> {
            let text =
                |outcome: &Value, key: &str| outcome[key].as_str().unwrap_or_default().trim().to_owned();
            let said = |outcome: &&Value| match (text(outcome, "measure"), text(outcome, "timeFrame")) {
                (measure, frame) if frame.is_empty() => measure,
                (measure, frame) => format!("{measure} [{frame}]"),
            };
            study.values(piece).iter().map(said).filter(|said| !said.is_empty()).collect()
        };
        differing(of(self.old), of(self.new), self.both)
    }

    fn dates(&mut self) {
        for (pieces, later, earlier) in [
            (&["StartDate"][..], Kind::StartPostponed, None),
            (
                &["PrimaryCompletionDate", "CompletionDate"],
                Kind::CompletionPostponed,
                Some(Kind::CompletionAdvanced),
            ),
        ] {
            let both = |piece: &&str| self.old.date(piece).zip(self.new.date(piece));
            let Some((before, after)) = pieces.iter().find_map(both) else { continue };
            // A month that becomes one of its days is not later.
            if after.first_day() > before.last_day() {
                self.note(later, before, after);
            } else if let Some(earlier) = earlier.filter(|_| after.last_day() < before.first_day()) {
                self.note(earlier, before, after);
            }
        }
    }

    fn eligibility(&mut self) {
        const FIELDS: [(&str, &str); 4] = [
            ("MinimumAge", "minimum age"),
            ("MaximumAge", "maximum age"),
            ("Sex", "sex"),
            ("HealthyVolunteers", "healthy volunteers"),
        ];
        let said = |study: &Study, piece: &str| {
            let values = study.values(piece);
            values
                .first()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .unwrap_or_default()
        };
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (piece, name) in FIELDS {
            let (was, is) = (said(self.old, piece), said(self.new, piece));
            if was != is && !(self.both && (was.is_empty() || is.is_empty())) {
                let none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
                before.push(format!("{name} {}", none(was)));
                after.push(format!("{name} {}", none(is)));
            }
        }
        let (was, is) = (said(self.old, "EligibilityCriteria"), said(self.new, "EligibilityCriteria"));
        if plain(&was) != plain(&is) && !was.is_empty() && !is.is_empty() {
            let items = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
            before.push(format!("criteria of {} lines", items(&was)));
            after.push(format!("criteria of {} lines, in other words", items(&is)));
        }
        if !before.is_empty() {
            self.note(Kind::EligibilityChanged, before.join(", "), after.join(", "));
        }
    }

    fn status(&mut self) {
        let of = |study: &Study| study.text("OverallStatus").map(str::to_owned);
        let (Some(before), Some(after)) = (of(self.old), of(self.new)) else { return };
        if before == after {
            return;
        }
        let label = |value: &str| model::enums::label("Status", value).to_owned();
        let why = self.new.text("WhyStopped").map_or_else(String::new, |why| format!(": {why}"));
        let (was, is) = (label(&before), format!("{}{why}", label(&after)));
        self.note(Kind::StatusChanged, &was, &is);
        let open = |status: &str| matches!(status, "RECRUITING" | "ENROLLING_BY_INVITATION" | "AVAILABLE");
        match after.as_str() {
            status if open(status) && !open(&before) => self.note(Kind::StatusRecruiting, was, is),
            "TERMINATED" | "SUSPENDED" | "WITHDRAWN" => self.note(Kind::StatusStopped, was, is),
            "COMPLETED" => self.note(Kind::StatusCompleted, was, is),
            _ => {}
        }
    }

    fn sites(&mut self) {
        let of = |study: &Study| -> BTreeSet<String> {
            let text = |site: &Value, key: &str| site[key].as_str().unwrap_or_default().trim().to_owned();
            let name = |site: &&Value| {
                let parts = ["facility", "city", "country"].map(|key| text(site, key));
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
            };
            study.values("Location").iter().map(name).filter(|name| !name.is_empty()).collect()
        };
        let (was, is) = (of(self.old), of(self.new));
        if self.both && (was.is_empty() || is.is_empty()) {
            return;
        }
        let names = |sites: Vec<&String>| match sites.len() {
            0..=3 => sites.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("; "),
            n => format!("{}; {}; and {} more", sites[0], sites[1], n - 2),
        };
        let (added, removed): (Vec<_>, Vec<_>) =
            (is.difference(&was).collect(), was.difference(&is).collect());
        if !added.is_empty() {
            self.note(Kind::SitesAdded, format!("{} sites", was.len()), names(added));
        }
        if !removed.is_empty() {
            self.note(Kind::SitesRemoved, names(removed), format!("{} sites", is.len()));
        }
    }

    fn results(&mut self) {
        let has = |study: &Study| study.json().get("resultsSection").is_some();
        if has(self.new) && !has(self.old) && !self.both {
            let day = self.new.text("ResultsFirstPostDate").unwrap_or("results").to_owned();
            self.note(Kind::ResultsPosted, "", day);
        }
    }

    /// The values of some fields, where they differ.
    fn sets(&mut self, kind: Kind, pieces: &[&str]) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for piece in pieces {
            let of = |study: &Study| study.texts(piece).into_iter().map(str::to_owned).collect::<Vec<_>>();
            if let Some((was, is)) = differing(of(self.old), of(self.new), self.both) {
                before.push(was);
                after.push(is);
            }
        }
        if !before.is_empty() {
            self.note(kind, before.join("; "), after.join("; "));
        }
    }
}

/// The registry's number for an enrolment that nobody knows.
const SENTINEL: i64 = 99_999_999;

/// What of two lists is not in the other, marks, spaces and capitals apart; `None` if there is nothing of that kind.
/// With `both` lists of which one is empty cannot be compared.
fn differing(before: Vec<String>, after: Vec<String>, both: bool) -> Option<(String, String)> {
    if both && (before.is_empty() || after.is_empty()) {
        return None;
    }
    let keys = |list: &[String]| list.iter().map(|text| plain(text)).collect::<BTreeSet<_>>();
    let (old, new) = (keys(&before), keys(&after));
    let rest = |list: Vec<String>, other: &BTreeSet<String>| {
        let mut rest = list;
        rest.retain(|text| !other.contains(&plain(text)));
        rest.join("; ")
    };
    let (was, is) = (rest(before, &new), rest(after, &old));
    (!was.is_empty() || !is.is_empty()).then_some((was, is))
}

/// Words without marks, spaces and capitals.
fn plain(text: &str) -> String {
    // What comparisons and units need stays: `≥ 18` is not `≤ 18`.
    let keep = |c: &char| {
        c.is_alphanumeric() || matches!(c, '<' | '>' | '≤' | '≥' | '=' | '±' | '%' | '.' | '/' | '-' | '+')
    };
    let text: String = model::markup::unescape(text).to_lowercase().chars().filter(keep).collect();
    text.trim_matches(['.', '-']).to_owned()
}
