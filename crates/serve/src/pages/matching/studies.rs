//! The studies in groups, each with a sign for every criterion that opens to the words and the facts.

use std::collections::BTreeMap;

use eligibility::{
    Item, english,
    evaluate::{Evidence, Finding, Ground, Person, Truth, life},
    names::CatalogueNames,
    tree::{Field, Number, Polarity, Section},
};
use matching::{
    rank::{Ranked, Standing},
    waiting::{Wait, wait_of},
};
use maud::{Markup, html};
use model::{Study, StudyId, markup::unescape};

use super::{
    person::{Reading, place},
    signs::{self, Sign},
};
use crate::{
    Site,
    components::{labels, pill},
    pages::error::Failure,
};

/// What is shown of what was found.
pub(super) struct Shown {
    /// How many studies there are of each standing, in the order of [`Standing::ALL`].
    counts: [usize; 4],
    /// Those that are shown, with their records, in order.
    studies: Vec<(Ranked, Study)>,
    /// For some that rule the person out: from when on they do not.
    waits: BTreeMap<StudyId, Wait>,
}

/// Of the studies that criteria rule the person out of, so many are shown with their reasons.
const RULED_OUT: usize = 10;

impl Shown {
    /// Reads the records of the studies that are shown.
    pub fn of(site: &Site, reading: &Reading, ranked: Vec<Ranked>) -> Result<Self, Failure> {
        let (mut counts, mut studies) = ([0; 4], Vec::new());
        let mut shown = [0; 4];
        let person = Person::new(&reading.asked.subject);
        let wait = |one: &Ranked| Some((one.id, wait_of(one, &person, &reading.asked.rules)?));
        let waits: BTreeMap<StudyId, Wait> = ranked.iter().filter_map(wait).collect();
        // Those that only have to be waited for stand before the others that rule the person out.
        let (soon, others): (Vec<Ranked>, Vec<Ranked>) =
            ranked.into_iter().partition(|one| waits.contains_key(&one.id));
        for one in soon.into_iter().chain(others) {
            let group = one.standing() as usize;
            counts[group] += 1;
            let most = match one.standing() {
                Standing::NotAssessed => 0,
                Standing::Ineligible => RULED_OUT.min(reading.wanted.top),
                _ => reading.wanted.top.saturating_sub(shown[0] + shown[1]),
            };
            if shown[group] < most
                && let Some(study) = site.catalogue.study(one.id)?
            {
                shown[group] += 1;
                studies.push((one, study));
            }
        }
        Ok(Self { counts, studies, waits })
    }

    /// How many studies there are of a standing.
    fn count(&self, standing: Standing) -> usize {
        self.counts[standing as usize]
    }

    /// Those that are shown.
    pub fn ranked(&self) -> impl Iterator<Item = &Ranked> {
        self.studies.iter().map(|(ranked, _)| ranked)
    }

    /// Those of a standing that are shown.
    fn with(&self, standing: Standing) -> impl Iterator<Item = &(Ranked, Study)> {
        self.studies.iter().filter(move |(ranked, _)| ranked.standing() == standing)
    }
}

/// What was found, in a sentence.
pub(super) fn heading(reading: &Reading, shown: &Shown) -> String {
    let life = life(&reading.asked.subject, reading.asked.rules.index_date);
    if let Some(death) = life.filter(|life| life.truth() == Truth::NotMet) {
        let died: Vec<String> = death.evidence().into_iter().map(|one| evidence(reading, one)).collect();
        return format!("This person {}. Who has died can join no study.", died.join(", "));
    }
    let of = |standing| labels::grouped(shown.count(standing) as u64);
    let all: usize = shown.counts.iter().sum();
    if all == 0 {
        return "No study is about this person and fits the filters.".to_owned();
    }
    format!(
        "{} about this person: {} they may join by all that records can decide, {} that need to know more, {} that \
         rule them out.",
        labels::studies(all),
        of(Standing::Eligible),
        of(Standing::Undetermined),
        of(Standing::Ineligible)
    )
}

/// The groups.
pub(super) fn show(reading: &Reading, shown: &Shown) -> Markup {
    let groups = [
        (Standing::Eligible, "May join", "All that records can decide is met; what remains is for people."),
        (
            Standing::Undetermined,
            "Would need to know",
            "Nothing recorded rules the person out; something is open.",
        ),
        (Standing::Ineligible, "Excluded", "Recorded facts rule the person out."),
    ];
    let unread = shown.count(Standing::NotAssessed);
    html! {
        @for (standing, title, what) in groups {
            @if shown.count(standing) > 0 {
                section.group aria-labelledby=(standing.as_str()) {
                    h2 id=(standing.as_str()) { (title) " (" (labels::grouped(shown.count(standing) as u64)) ")" }
                    p.hint { (what) (rest(shown, standing)) }
                    ol.hits { @for (ranked, study) in shown.with(standing) { li { (one(reading, ranked, study, shown.waits.get(&ranked.id))) } } }
                }
            }
        }
        @if unread > 0 {
            p.hint {
                (labels::studies(unread)) " that have less to do with this person were not held against the criteria. "
                "Narrow the filters to reach them."
            }
        }
        @if shown.counts.iter().all(|count| *count == 0) {
            p { "Choose “Any” status, leave the condition or the place out, or say more of what the person has." }
        }
    }
}

/// How many are not shown, if any.
fn rest(shown: &Shown, standing: Standing) -> String {
    let listed = shown.with(standing).count();
    if listed == shown.count(standing) { String::new() } else { format!(" The best {listed} are listed.") }
}

fn one(reading: &Reading, ranked: &Ranked, study: &Study, wait: Option<&Wait>) -> Markup {
    let id = study.id().to_string();
    let found: Vec<(&Item, &Finding)> = ranked.criteria().collect();
    let findings: Vec<&Finding> = found.iter().map(|(_, finding)| *finding).collect();
    let reasons = match ranked.standing() {
        Standing::Ineligible => ("Not met", ranked.blockers()),
        _ => ("To be known", ranked.open().into_iter().filter(|item| is_worth_naming(item)).collect()),
    };
    html! {
        h3 { a href={ "/study/" (labels::address(&id)) } { (study.title()) } }
        p.facts {
            @if let Some(status) = study.text("OverallStatus") { (pill::status(status)) }
            @if let Some(phases) = labels::phases(study) { span { (phases) } }
            span.id { (id) }
        }
        (signs::row(&findings))
        @if let Some(wait) = wait {
            p.near { "Nothing recorded rules the person out from " strong { (labels::date(&wait.from.to_string())) }
                " on, if all else stays as it is." }
        }
        @if !reasons.1.is_empty() {
            ul.matched {
                @for item in reasons.1.iter().take(REASONS) { li { span.where { (reasons.0) ": " } (short(&said(item))) } }
            }
        }
        details.why {
            summary { "Criteria one by one" span.hidden { " of " (id) } }
            ul.found { @for (item, finding) in found { (criterion(reading, &id, item, finding)) } }
        }
    }
}

/// That healthy people may not come stands among the criteria, and is no news to who has a problem.
fn is_worth_naming(item: &Item) -> bool {
    item.number != Number::Field(Field::Volunteers)
}

/// A criterion as printed; a field of the record as it was understood.
fn said(item: &Item) -> String {
    match &item.expr {
        Some(expr) if item.section == Section::Registry => {
            let must = if item.polarity == Some(Polarity::Forbid) { "not " } else { "" };
            format!("{must}{}", english::plain(expr, &CatalogueNames))
        }
        _ => unescape(&item.source).into_owned(),
    }
}

/// Criteria that are named before the details are opened.
const REASONS: usize = 3;

fn criterion(reading: &Reading, id: &str, item: &Item, finding: &Finding) -> Markup {
    let name = format!("{} {}", section(item.section), item.number);
    html! {
        li {
            p.said {
                (Sign::of(finding).mark()) " "
                @if item.section == Section::Registry { span.where { (name) ": " } }
                @else { a.where href={ "/study/" (labels::address(id)) "#" (item.section) "-" (item.number) } { (name) } ": " }
                (said(item))
            }
            @let reasons = reasons(reading, finding);
            @if !reasons.is_empty() { ul { @for reason in reasons { li { (reason) } } } }
        }
    }
}

fn section(section: Section) -> &'static str {
    match section {
        Section::Registry => "Field",
        Section::Inclusion => "Inclusion",
        Section::Exclusion => "Exclusion",
        Section::None => "Criteria",
    }
}

/// What a finding rests on, with where it stands; and what would decide.
fn reasons(reading: &Reading, finding: &Finding) -> Vec<String> {
    let mut lines: Vec<String> = finding.evidence().into_iter().map(|one| evidence(reading, one)).collect();
    lines.extend(finding.missing().iter().map(|missing| format!("Wanted: {missing}")));
    if finding.is_conflict() {
        lines.push("The records contradict each other".to_owned());
    }
    let mut said = std::collections::HashSet::new();
    lines.retain(|line| said.insert(line.clone()));
    lines
}

fn evidence(reading: &Reading, evidence: &Evidence) -> String {
    match &evidence.ground {
        Ground::Fact(cited) => format!("{evidence} ({})", place(&cited.source, &reading.words)),
        Ground::Death { source, .. } => format!("{evidence} ({})", place(source, &reading.words)),
        _ => evidence.to_string(),
    }
}

/// The beginning of a criterion.
fn short(words: &str) -> String {
    const MOST: usize = 140;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}
