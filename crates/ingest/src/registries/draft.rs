//! The canonical record under construction, with the remarks on its source.

use model::{Age, Issue, IssueKind, PartialDate, Place, Register, StudyId, study_id::named};
use serde_json::{Map, Value, json};

use super::{
    html,
    words::{self, Dated, Limit},
};
use crate::{Converted, Raw, legacy_xml::eligibility::standard_ages};

/// The modules in the order of the canonical record.
const MODULES: [&str; 13] = [
    "identificationModule",
    "statusModule",
    "sponsorCollaboratorsModule",
    "oversightModule",
    "descriptionModule",
    "conditionsModule",
    "designModule",
    "armsInterventionsModule",
    "outcomesModule",
    "eligibilityModule",
    "contactsLocationsModule",
    "referencesModule",
    "ipdSharingStatementModule",
];

/// A record being made.
pub(super) struct Draft<'r> {
    raw: &'r Raw,
    protocol: Map<String, Value>,
    version: Option<String>,
    issues: Vec<Issue>,
    ages: (Limit, Limit),
    others: Vec<StudyId>,
}

impl<'r> Draft<'r> {
    pub fn new(raw: &'r Raw) -> Self {
        let protocol = MODULES.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        let ages = (Limit::None, Limit::None);
        Self { raw, protocol, version: None, issues: Vec::new(), ages, others: Vec::new() }
    }

    /// Says what is odd at a path of the source.
    pub fn note(&mut self, kind: IssueKind, path: &str, message: impl Into<String>) {
        let place = Place { path: Some(path.to_owned()), ..self.raw.place.clone() };
        self.issues.push(Issue::new(kind, message, place));
    }

    /// Puts a value at a path below `protocolSection`, unless it is nothing.
    pub fn put(&mut self, path: &str, value: impl Into<Value>) {
        let value = value.into();
        if !is_nothing(&value) {
            *self.slot(path) = value;
        }
    }

    /// Adds a value to the list at a path, unless it is nothing or there already.
    pub fn push(&mut self, path: &str, value: impl Into<Value>) {
        let value = tidied(value.into());
        if is_nothing(&value) {
            return;
        }
        let slot = self.slot(path);
        match slot {
            Value::Array(items) if items.contains(&value) => {}
            Value::Array(items) => items.push(value),
            _ => *slot = Value::Array(vec![value]),
        }
    }

    /// What was put at a path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split('.');
        let first = self.protocol.get(steps.next()?)?;
        steps.try_fold(first, |value, key| value.get(key))
    }

    fn slot(&mut self, path: &str) -> &mut Value {
        let mut steps = path.split('.');
        let first = steps.next().unwrap_or_default();
        let mut here = self.protocol.entry(first).or_insert_with(|| json!({}));
        for key in steps {
            if !here.is_object() {
                *here = json!({});
            }
            here = &mut here[key];
        }
        here
    }

    /// One line of text.
    pub fn line(&mut self, path: &str, text: Option<String>) {
        self.put(path, text.map(|text| html::line(&text)).unwrap_or_default());
    }

    /// Text with markup.
    pub fn markup(&mut self, path: &str, text: Option<String>) {
        self.put(path, text.map(|text| html::markup(&text)).unwrap_or_default());
    }

    /// A text that is markup already.
    pub fn markdown(&mut self, path: &str, text: Option<String>) {
        self.put(path, text.map(|text| html::markdown(&text)).unwrap_or_default());
    }

    /// A date, of which no more is put than is certain.
    pub fn date(&mut self, path: &str, from: &str, text: Option<String>) -> Option<PartialDate> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        let date = match words::date(&text) {
            Dated::Exact(date) => date,
            Dated::EitherWay(year) => {
                let message = format!(
                    "`{}` can be read with the day or the month first: only the year is kept",
                    shown(&text)
                );
                self.note(IssueKind::BadValue, from, message);
                year
            }
            Dated::Not => {
                self.note(IssueKind::BadValue, from, format!("`{}` is no date; left out", shown(&text)));
                return None;
            }
        };
        self.put(path, date.to_string());
        Some(date)
    }

    /// A status in words; left out and told where they can mean several.
    pub fn status(&mut self, from: &str, text: Option<String>) {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
        match words::status(&text) {
            Some(status) => self.put("statusModule.overallStatus", status),
            None => {
                let message =
                    format!("`{}` does not say which status of the study it is; left out", shown(&text));
                self.note(IssueKind::NotConverted, from, message);
            }
        }
    }

    /// Phases in words.
    pub fn phases(&mut self, from: &str, text: Option<String>) {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
        let phases = words::phases(&text);
        if phases.is_empty() {
            self.note(IssueKind::NotConverted, from, format!("`{}` names no phase; left out", shown(&text)));
        }
        self.put("designModule.phases", phases);
    }

    /// Whom the study takes.
    pub fn sex(&mut self, from: &str, text: Option<String>) {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
        match words::sex(&text) {
            Some(sex) => self.put("eligibilityModule.sex", sex),
            None => self.note(IssueKind::BadValue, from, format!("`{}` is no sex; left out", shown(&text))),
        }
    }

    /// The lower (`true`) or upper limit of age; a number without its unit is left out.
    pub fn age(&mut self, lower: bool, from: &str, text: Option<String>) {
        let Some(text) = text else { return };
        let limit = words::limit(&text);
        let path = if lower { "eligibilityModule.minimumAge" } else { "eligibilityModule.maximumAge" };
        match limit {
            Limit::Age(age) => self.put(path, age.to_string()),
            Limit::None => {}
            Limit::Unclear => {
                let message = format!("`{}` is no age with its unit; left out", shown(&text));
                self.note(IssueKind::BadValue, from, message);
            }
        }
        *(if lower { &mut self.ages.0 } else { &mut self.ages.1 }) = limit;
    }

    /// The criteria: what includes under its heading, what excludes under its own.
    pub fn criteria(&mut self, inclusion: Option<String>, exclusion: Option<String>) {
        let mut text = String::new();
        for (heading, part) in [("Inclusion Criteria:", inclusion), ("Exclusion Criteria:", exclusion)] {
            let Some(part) = part.map(|part| html::lines(&part)).filter(|part| !part.is_empty()) else {
                continue;
            };
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let word = &heading[..9];
            let headed = part.get(..9).is_some_and(|head| head.eq_ignore_ascii_case(word));
            let headed =
                headed && part.lines().next().is_some_and(|line| line.len() < 60 && line.contains(':'));
            if !headed {
                text.push_str(heading);
                text.push_str("\n\n");
            }
            text.push_str(&part);
        }
        self.markup("eligibilityModule.eligibilityCriteria", Some(text));
    }

    /// Further identifiers: the registries' numbers that a text names, each by itself; else the text as it stands.
    pub fn identifiers(&mut self, text: Option<String>) {
        let Some(text) = text.map(|text| html::line(&text)) else { return };
        const NOTHING: [&str; 9] = ["", "nil", "nil known", "none", "n/a", "na", "-", "not applicable", "0"];
        if NOTHING.contains(&text.to_lowercase().as_str()) {
            return;
        }
        let ids = named(&text);
        if ids.is_empty() {
            self.push("identificationModule.secondaryIdInfos", json!({"id": text}));
        }
        self.others.extend(ids);
    }

    /// A version of the data the record was in.
    pub fn version(&mut self, from: &str, text: Option<String>) {
        match text.as_deref().map(words::date) {
            Some(Dated::Exact(date)) => self.version = Some(date.to_string()),
            Some(Dated::EitherWay(_) | Dated::Not) => {
                let message = format!("`{}` is no certain date; left out", shown(&text.unwrap_or_default()));
                self.note(IssueKind::BadValue, from, message);
            }
            None => {}
        }
    }

    /// Lead sponsor, and who else pays or runs.
    pub fn sponsor(&mut self, name: Option<String>, class: Option<&str>) {
        let Some(name) = name.map(|name| html::line(&name)).filter(|name| !name.is_empty()) else { return };
        self.put("sponsorCollaboratorsModule.leadSponsor", tidied(json!({"name": name, "class": class})));
    }

    /// A collaborator or funder, unless it is the lead sponsor.
    pub fn collaborator(&mut self, name: Option<String>, class: Option<&str>) {
        let Some(name) = name.map(|name| html::line(&name)) else { return };
        let lead = self.get("sponsorCollaboratorsModule.leadSponsor.name").and_then(Value::as_str);
        if name.is_empty() || lead == Some(name.as_str()) || is_none_word(&name) {
            return;
        }
        self.push("sponsorCollaboratorsModule.collaborators", json!({"name": name, "class": class}));
    }

    /// What nobody read of the source.
    pub fn unread(&mut self, unread: impl IntoIterator<Item = (String, (usize, String))>) {
        for (path, (times, first)) in unread {
            let message = format!("has no place in the study record: {times} x, first `{first}`");
            self.note(IssueKind::NotConverted, &path, message);
        }
    }

    /// Issues of the parser.
    pub fn remarks(&mut self, issues: Vec<Issue>) {
        self.issues.extend(issues);
    }

    /// The record under its id.
    pub fn finish(mut self, id: StudyId) -> Converted {
        self.put_others(id);
        self.put_groups();
        let mut identification = Map::from_iter([("nctId".to_owned(), Value::String(id.to_string()))]);
        if let Some(Value::Object(rest)) = self.protocol.remove("identificationModule") {
            identification.extend(rest);
        }
        let mut protocol =
            Map::from_iter([("identificationModule".to_owned(), Value::Object(identification))]);
        protocol.extend(self.protocol.into_iter().filter(|(_, module)| !is_nothing(module)));
        let mut study = json!({"protocolSection": protocol});
        if let Some(version) = self.version {
            study["derivedSection"] = json!({"miscInfoModule": {"versionHolder": version}});
        }
        study["hasResults"] = false.into();
        Converted { id, study, page: None, issues: self.issues }
    }

    /// There is no id, at a path of the source where one should stand.
    pub fn no_id(&self, path: &str, found: Option<&str>) -> Issue {
        let place = Place { path: Some(path.to_owned()), ..self.raw.place.clone() };
        let message = match found {
            Some(text) => format!("`{}` is the number of no registry we know", shown(text)),
            None => "the record names no registry's number of the study".to_owned(),
        };
        Issue::new(IssueKind::NoId, message, place)
    }

    fn put_others(&mut self, own: StudyId) {
        for id in std::mem::take(&mut self.others) {
            if id != own {
                self.push("identificationModule.secondaryIdInfos", secondary(id));
            }
        }
    }

    /// The age groups, where the limits were said and understood.
    fn put_groups(&mut self) {
        let read = |limit: Limit| if let Limit::Age(age) = limit { Some(age) } else { None };
        let clear = !matches!(self.ages.0, Limit::Unclear) && !matches!(self.ages.1, Limit::Unclear);
        let (low, high): (Option<Age>, Option<Age>) = (read(self.ages.0), read(self.ages.1));
        if clear && (low.is_some() || high.is_some()) {
            self.put("eligibilityModule.stdAges", standard_ages(low, high));
        }
    }
}

/// An identifier with its type.
fn secondary(id: StudyId) -> Value {
    let kind = match id.register() {
        Register::Eudract => "EUDRACT_NUMBER",
        Register::Ctis => "CTIS",
        Register::Utn => "OTHER",
        _ => "REGISTRY",
    };
    let domain = (kind != "EUDRACT_NUMBER" && kind != "CTIS").then(|| id.register().name());
    json!({"id": id.to_string(), "type": kind, "domain": domain})
}

/// Words that stand where nothing is to be said.
pub(super) fn is_none_word(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    ["", "none", "nil", "n/a", "na", "not applicable", "-", "no", "null"].contains(&text.as_str())
}

/// Without members that are nothing.
fn tidied(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.into_iter().filter(|(_, value)| !is_nothing(value)).collect())
        }
        value => value,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// A text for a message: not all of it if it is long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
