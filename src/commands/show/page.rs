//! A study as a page of text.

use std::io::{self, Write};

use anyhow::Result;
use model::{Same, Study, StudyId, markup, piece};
use serde_json::Value;

use crate::{studies, terminal};

/// Longer lines are hard to read.
const WIDEST: usize = 100;
/// Columns of the names of facts.
const NAMES: usize = 18;
/// At most so many sites are listed; the JSON has all.
const SITES: usize = 40;

/// Prints the page; `pages` are facts that only a captured page of another site has.
pub fn print(out: &mut dyn Write, study: &Study, pages: &[Value], same: &Same) -> Result<()> {
    let mut page = Page { out, study, width: terminal::width().min(WIDEST) };
    page.head()?;
    page.same(same)?;
    page.facts()?;
    page.text("Summary", "BriefSummary")?;
    page.text("Description", "DetailedDescription")?;
    page.arms()?;
    page.interventions()?;
    page.eligibility()?;
    page.outcomes()?;
    page.sites()?;
    page.references()?;
    pages.iter().try_for_each(|facts| page.page_only(facts))?;
    Ok(())
}

struct Page<'p> {
    out: &'p mut dyn Write,
    study: &'p Study,
    width: usize,
}

impl Page<'_> {
    fn head(&mut self) -> io::Result<()> {
        for line in terminal::wrapped(&terminal::one_line(&self.study.title()), self.width) {
            writeln!(self.out, "{}", terminal::bold(&line))?;
        }
        let names = [Some(self.study.id().to_string()), self.shown("Acronym"), self.shown("OrgStudyId")];
        writeln!(self.out, "{}", names.into_iter().flatten().collect::<Vec<_>>().join(" · "))?;
        if let Some(official) = self.shown("OfficialTitle").filter(|t| *t != self.study.title()) {
            self.paragraph(&official, 0)?;
        }
        writeln!(self.out)
    }

    /// The trial's other records and numbers, and what is in dispute.
    fn same(&mut self, same: &Same) -> io::Result<()> {
        let list = |ids: &[StudyId]| ids.iter().map(StudyId::to_string).collect::<Vec<_>>().join(", ");
        self.fact("Also here as", Some(list(&same.studies)).filter(|t| !t.is_empty()))?;
        self.fact("Also registered as", Some(list(&same.numbers)).filter(|t| !t.is_empty()))?;
        for dispute in &same.disputes {
            let by = dispute.identifier.map_or_else(|| "a chain of numbers".to_owned(), |id| id.to_string());
            let text =
                format!("{} are named by {by}, and are not taken for one trial", list(&dispute.studies));
            self.fact("In dispute", Some(text))?;
        }
        Ok(())
    }

    fn facts(&mut self) -> io::Result<()> {
        self.fact("Status", self.with("OverallStatus", "WhyStopped"))?;
        self.fact("Type", self.shown("StudyType"))?;
        self.fact("Phase", self.all("Phase"))?;
        let design =
            ["DesignAllocation", "DesignInterventionModel", "DesignObservationalModel", "DesignMasking"];
        let design: Vec<String> = design.iter().filter_map(|name| self.shown(name)).collect();
        self.fact("Design", (!design.is_empty()).then(|| design.join(", ")))?;
        self.fact("Purpose", self.shown("DesignPrimaryPurpose"))?;
        self.fact("Enrollment", self.with("EnrollmentCount", "EnrollmentType"))?;
        self.fact("Sponsor", self.with("LeadSponsorName", "LeadSponsorClass"))?;
        self.fact("Collaborators", self.all("CollaboratorName"))?;
        self.fact("First posted", self.shown("StudyFirstPostDate"))?;
        self.fact("Start", self.with("StartDate", "StartDateType"))?;
        self.fact("Primary completion", self.with("PrimaryCompletionDate", "PrimaryCompletionDateType"))?;
        self.fact("Completion", self.with("CompletionDate", "CompletionDateType"))?;
        self.fact("Last update", self.shown("LastUpdatePostDate"))?;
        self.fact("Conditions", self.all("Condition"))?;
        self.fact("Keywords", self.all("Keyword"))?;
        let results = self.study.boolean("HasResults").filter(|yes| *yes);
        self.fact("Results", results.map(|_| "posted; --format json has them".to_owned()))
    }

    fn arms(&mut self) -> io::Result<()> {
        let study = self.study;
        let arms = study.values("ArmGroup");
        self.section("Arms", arms.len())?;
        for arm in arms {
            let kind =
                text(arm, "type").map(|kind| studies::shown(piece::known("ArmGroupType"), &kind.into()));
            self.item(&join([text(arm, "label").map(str::to_owned), kind], " · "))?;
            let given = list(arm, "interventionNames").join("; ");
            self.paragraph(&given, 4)?;
            self.paragraph(&markup::unescape(text(arm, "description").unwrap_or_default()), 4)?;
        }
        Ok(())
    }

    fn interventions(&mut self) -> io::Result<()> {
        let study = self.study;
        let interventions = study.values("Intervention");
        self.section("Interventions", interventions.len())?;
        for given in interventions {
            let kind = text(given, "type")
                .map(|kind| studies::shown(piece::known("InterventionType"), &kind.into()));
            self.item(&join([kind, text(given, "name").map(str::to_owned)], ": "))?;
            self.paragraph(&markup::unescape(text(given, "description").unwrap_or_default()), 4)?;
        }
        Ok(())
    }

    fn eligibility(&mut self) -> io::Result<()> {
        self.section("Eligibility", 1)?;
        let ages = match (self.shown("MinimumAge"), self.shown("MaximumAge")) {
            (Some(from), Some(to)) => Some(format!("{from} to {to}")),
            (Some(from), None) => Some(format!("{from} and older")),
            (None, Some(to)) => Some(format!("up to {to}")),
            (None, None) => None,
        };
        self.fact("Ages", ages)?;
        self.fact("Sex", self.shown("Sex"))?;
        self.fact("Healthy volunteers", self.shown("HealthyVolunteers"))?;
        if let Some(criteria) = self.shown("EligibilityCriteria") {
            writeln!(self.out)?;
            self.paragraph(&criteria, 2)?;
        }
        Ok(())
    }

    fn outcomes(&mut self) -> io::Result<()> {
        let study = self.study;
        for (name, branch) in [
            ("Primary outcomes", "PrimaryOutcome"),
            ("Secondary outcomes", "SecondaryOutcome"),
            ("Other outcomes", "OtherOutcome"),
        ] {
            let outcomes = study.values(branch);
            self.section(name, outcomes.len())?;
            for outcome in outcomes {
                let parts = ["measure", "timeFrame"].map(|key| text(outcome, key).map(str::to_owned));
                self.item(&markup::unescape(&join(parts, " · ")))?;
                self.paragraph(&markup::unescape(text(outcome, "description").unwrap_or_default()), 4)?;
            }
        }
        Ok(())
    }

    fn sites(&mut self) -> io::Result<()> {
        let study = self.study;
        let sites = study.values("Location");
        self.section(&format!("Sites ({})", sites.len()), sites.len())?;
        for site in sites.iter().take(SITES) {
            let status =
                text(site, "status").map(|s| studies::shown(piece::known("LocationStatus"), &s.into()));
            let place =
                ["facility", "city", "state", "country"].map(|key| text(site, key).map(str::to_owned));
            self.item(&join([Some(join(place, ", ")), status], " · "))?;
        }
        if sites.len() > SITES {
            writeln!(self.out, "  ... and {} more; --format json has all", sites.len() - SITES)?;
        }
        Ok(())
    }

    fn references(&mut self) -> io::Result<()> {
        let study = self.study;
        let references = study.values("Reference");
        self.section("References", references.len())?;
        for reference in references {
            let pmid = text(reference, "pmid").map(|id| format!("PMID {id}"));
            self.item(&join([text(reference, "citation").map(str::to_owned), pmid], " · "))?;
        }
        Ok(())
    }

    /// Facts that only the captured page has; its offsets serve programs.
    fn page_only(&mut self, facts: &Value) -> io::Result<()> {
        let Value::Object(facts) = facts else { return Ok(()) };
        let facts: Vec<_> = facts.iter().filter(|(key, _)| *key != "offsets").collect();
        self.section("From a captured page only", facts.len())?;
        for (key, value) in facts {
            match value {
                Value::Array(items) => {
                    writeln!(self.out, "  {key}")?;
                    items.iter().try_for_each(|item| self.paragraph(&plain(item), 4))?;
                }
                other => self.fact(key, Some(plain(other)))?,
            }
        }
        Ok(())
    }

    fn text(&mut self, heading: &str, piece: &str) -> io::Result<()> {
        let Some(text) = self.shown(piece) else { return Ok(()) };
        self.section(heading, 1)?;
        self.paragraph(&text, 2)
    }

    /// A heading, unless there is nothing below it.
    fn section(&mut self, heading: &str, items: usize) -> io::Result<()> {
        if items == 0 {
            return Ok(());
        }
        writeln!(self.out, "\n{}", terminal::bold(heading))
    }

    fn fact(&mut self, name: &str, value: Option<String>) -> io::Result<()> {
        let Some(value) = value.filter(|v| !v.trim().is_empty()) else { return Ok(()) };
        let room = self.width.saturating_sub(NAMES + 4);
        let mut name = name;
        for line in terminal::wrapped(&terminal::one_line(&value), room) {
            writeln!(self.out, "  {}  {line}", terminal::fit(name, NAMES))?;
            name = "";
        }
        Ok(())
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        let mut lead = "  - ";
        for line in terminal::wrapped(&terminal::one_line(text), self.width - 4) {
            writeln!(self.out, "{lead}{line}")?;
            lead = "    ";
        }
        Ok(())
    }

    fn paragraph(&mut self, text: &str, indent: usize) -> io::Result<()> {
        for line in terminal::wrapped(text, self.width - indent) {
            writeln!(self.out, "{}", format!("{:indent$}{line}", "").trim_end())?;
        }
        Ok(())
    }

    /// The first value of a piece as people read it.
    fn shown(&self, name: &str) -> Option<String> {
        let piece = piece::known(name);
        piece.values(self.study.json()).first().map(|value| studies::shown(piece, value))
    }

    fn all(&self, name: &str) -> Option<String> {
        let piece = piece::known(name);
        let values: Vec<String> =
            piece.values(self.study.json()).iter().map(|value| studies::shown(piece, value)).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// A value, and another in brackets if there is one.
    fn with(&self, name: &str, remark: &str) -> Option<String> {
        let value = self.shown(name)?;
        Some(match self.shown(remark) {
            Some(remark) => format!("{value} ({remark})"),
            None => value,
        })
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let items = value.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn join<const N: usize>(parts: [Option<String>; N], between: &str) -> String {
    parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(between)
}

/// A JSON value in one line without quotes around text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            map.iter().map(|(k, v)| format!("{k}: {}", plain(v))).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
