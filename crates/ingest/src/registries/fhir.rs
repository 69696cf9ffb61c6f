//! FHIR `ResearchStudy`, R4 and R5, alone or in a bundle with what it refers to.

use model::{Age, Issue, IssueKind, StudyId, study_id::named};
use serde_json::{Value, json};

use super::{
    draft::Draft,
    html,
    seen::{Node, Seen},
    words,
};
use crate::{Converted, Raw, json};

/// Converts one study.
pub(super) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let record = Value::Object(json::parse(raw)?);
    let seen = Seen::default();
    let root = seen.root(&record);
    let mut draft = Draft::new(raw);
    let entries = root.all("entry");
    let resources: Vec<(Option<&str>, Node<'_>)> = entries
        .iter()
        .filter_map(|entry| Some((entry.value.get("fullUrl").and_then(Value::as_str), entry.at("resource")?)))
        .collect();
    let is_study =
        |node: &Node<'_>| node.value.get("resourceType").and_then(Value::as_str) == Some("ResearchStudy");
    let study =
        resources.iter().map(|(_, node)| *node).find(is_study).or_else(|| Some(root).filter(is_study));
    let Some(study) = study else {
        let message = "there is no ResearchStudy in it";
        return Err(Issue::new(IssueKind::UnknownFormat, message, raw.place.clone()));
    };
    let source = Source { study, resources };
    let id = source.id(&draft)?;
    source.identification(id, &mut draft);
    source.status(&mut draft);
    source.design(&mut draft);
    source.arms(&mut draft);
    source.outcomes(&mut draft);
    source.population(&mut draft);
    source.parties(&mut draft);
    source.sites(&mut draft);
    source.furniture(root);
    draft.unread(seen.unread(&record));
    Ok(draft.finish(id))
}

struct Source<'t> {
    study: Node<'t>,
    resources: Vec<(Option<&'t str>, Node<'t>)>,
}

impl<'t> Source<'t> {
    /// The registry's number: of the identifiers the first that is one, then the resource's own id.
    fn id(&self, draft: &Draft<'_>) -> Result<StudyId, Issue> {
        let identifiers = self.study.all("identifier");
        let official = |node: &Node<'_>| node.value.get("use").and_then(Value::as_str) != Some("secondary");
        let number = |node: &Node<'_>| node.value.get("value")?.as_str()?.parse::<StudyId>().ok();
        let found = identifiers.iter().filter(|node| official(node)).find_map(number);
        let found = found.or_else(|| identifiers.iter().find_map(number));
        let own = || self.study.value.get("id")?.as_str()?.parse().ok();
        let found = found.or_else(own).filter(|id: &StudyId| id.register() != model::Register::Utn);
        found.ok_or_else(|| draft.no_id("ResearchStudy.identifier", None))
    }

    fn identification(&self, id: StudyId, draft: &mut Draft<'_>) {
        let study = self.study;
        for node in study.all("identifier") {
            node.pass_over(&["use", "system", "type", "period", "assigner"]);
            let Some(value) = node.text("value") else { continue };
            if value.parse() == Ok(id) {
                continue;
            }
            if named(&value).is_empty() && draft.get("identificationModule.orgStudyIdInfo").is_none() {
                draft.line("identificationModule.orgStudyIdInfo.id", Some(value));
            } else {
                draft.identifiers(Some(value));
            }
        }
        for label in study.all("label") {
            let path = match coded(label.at("type")).as_deref() {
                Some("brief-title" | "plain-language" | "brief" | "short-title") => {
                    "identificationModule.briefTitle"
                }
                Some("official" | "scientific") => "identificationModule.officialTitle",
                Some("acronym") => "identificationModule.acronym",
                _ => continue,
            };
            draft.line(path, label.text("value"));
        }
        let title = study.text("title");
        if draft.get("identificationModule.briefTitle").is_none() {
            draft.line("identificationModule.briefTitle", title);
        } else if draft.get("identificationModule.officialTitle").is_none() {
            let brief =
                draft.get("identificationModule.briefTitle").and_then(Value::as_str).map(str::to_owned);
            draft.line("identificationModule.officialTitle", title.filter(|t| brief.as_deref() != Some(t)));
        }
        let summary = study.text("descriptionSummary");
        let description = study.text("description");
        match summary {
            Some(summary) => {
                draft.markdown("descriptionModule.briefSummary", Some(summary));
                draft.markdown("descriptionModule.detailedDescription", description);
            }
            None => draft.markdown("descriptionModule.briefSummary", description),
        }
        for node in study.all("condition") {
            draft.push("conditionsModule.conditions", words_of(node).map(|t| html::line(&t)));
        }
        for node in study.all("keyword") {
            draft.push("conditionsModule.keywords", words_of(node).map(|t| html::line(&t)));
        }
        for node in study.all("relatedArtifact") {
            let kind = node.text("type");
            if let Some(citation) = node.any(&["citation", "label", "display"]) {
                draft.push("referencesModule.references", json!({"citation": html::line(&citation)}));
            } else if let Some(url) = node.any(&["url", "document.url", "resource"]) {
                draft.push("referencesModule.seeAlsoLinks", json!({"label": kind, "url": url}));
            }
        }
    }

    fn status(&self, draft: &mut Draft<'_>) {
        let study = self.study;
        let mut state = None;
        for progress in study.all("progressStatus") {
            // The words, where they are the registry's own, tell more than the code: `Available`, `Unknown status`.
            let words = progress.value.pointer("/state/text").and_then(Value::as_str);
            let words = words.and_then(|text| known("Status", text)).map(str::to_owned);
            let code = progress.at("state").and_then(|n| coded(Some(n)).or_else(|| words_of(n)));
            let code = words.or(code);
            let actual = progress.yes("actual").unwrap_or(true);
            let over = progress.value.pointer("/period/end").is_some();
            if actual && !over && code.as_deref().is_some_and(|code| state_of(code).is_some()) {
                state = code;
            }
        }
        let code = study.text("status");
        // In R5 this is the status of the publication: active, draft, retired.
        let code = if state.is_some() || draft_is_r5(study) { state } else { code };
        if let Some(code) = code {
            match state_of(&code) {
                Some(status) => draft.put("statusModule.overallStatus", status),
                None => {
                    let message = format!("`{code}` does not say which status of the study it is; left out");
                    draft.note(IssueKind::NotConverted, "ResearchStudy.status", message);
                }
            }
        }
        let mut date =
            |path: &str, from: &str| draft.date(path, &format!("ResearchStudy.{from}"), study.text(from));
        date("statusModule.startDateStruct.date", "period.start");
        date("statusModule.completionDateStruct.date", "period.end");
        date("statusModule.lastUpdateSubmitDate", "date");
        let why = study.at("whyStopped").or_else(|| study.at("reasonStopped"));
        draft.line("statusModule.whyStopped", why.and_then(words_of));
    }

    fn design(&self, draft: &mut Draft<'_>) {
        let study = self.study;
        if let Some(phase) = study.at("phase") {
            let text = coded(Some(phase)).or_else(|| words_of(phase));
            draft.phases(
                "ResearchStudy.phase",
                text.map(|t| t.replace("phase-", "phase ").replace("-phase ", "/")),
            );
        }
        for path in ["studyDesign", "category", "classifier"] {
            for node in study.all(path) {
                let Some(text) =
                    coded(Some(node)).into_iter().chain(words_of(node)).find_map(|t| design_of(&t))
                else {
                    continue;
                };
                draft.put(&format!("designModule.{}", text.0), text.1);
                node.skip();
            }
        }
        if let Some(purpose) = study.at("primaryPurposeType") {
            let text = coded(Some(purpose)).or_else(|| words_of(purpose)).unwrap_or_default();
            let known = known("PrimaryPurpose", &text);
            match known {
                Some(value) => draft.put("designModule.designInfo.primaryPurpose", value),
                None => draft.note(
                    IssueKind::NotConverted,
                    "ResearchStudy.primaryPurposeType",
                    format!("`{text}` is no purpose we know; left out"),
                ),
            }
        }
        let recruitment = study.at("recruitment");
        let number = |path: &str| recruitment.and_then(|r| r.integer(path));
        let (actual, target) = (number("actualNumber"), number("targetNumber"));
        if let Some((count, kind)) = actual.map(|n| (n, "ACTUAL")).or(target.map(|n| (n, "ESTIMATED"))) {
            draft.put("designModule.enrollmentInfo", json!({"count": count, "type": kind}));
        }
    }

    fn arms(&self, draft: &mut Draft<'_>) {
        for node in self.study.all("arm").into_iter().chain(self.study.all("comparisonGroup")) {
            let kind = node.at("type").and_then(|t| coded(Some(t)).or_else(|| words_of(t)));
            let kind = kind.as_deref().and_then(|k| known("ArmGroupType", k));
            let arm = json!({"label": node.text("name"), "type": kind, "description": node.text("description").map(|t| html::markdown(&t))});
            node.pass_over(&["id", "linkId", "type"]);
            draft.push("armsInterventionsModule.armGroups", arm);
            for exposure in node.all("intendedExposure") {
                self.intervention(exposure, draft);
            }
        }
        for node in self.study.all("focus") {
            self.intervention(node, draft);
        }
    }

    /// What is given: a word, or a resource that is referred to.
    fn intervention(&self, node: Node<'t>, draft: &mut Draft<'_>) {
        let resource = self.resolve(node).or_else(|| self.resolve(node.at("reference")?));
        let name = resource
            .and_then(|r| r.any(&["title", "name", "display"]).or_else(|| r.at("code").and_then(words_of)));
        let name = name.or_else(|| words_of(node)).or_else(|| node.text("display"));
        if let Some(name) = name {
            draft.push("armsInterventionsModule.interventions", json!({"name": html::line(&name)}));
        }
    }

    fn outcomes(&self, draft: &mut Draft<'_>) {
        let listed = self.study.all("outcomeMeasure");
        for node in listed
            .iter()
            .copied()
            .chain(self.study.all("objective").into_iter().filter(|_| listed.is_empty()))
        {
            let kinds: Vec<String> =
                node.all("type").into_iter().filter_map(|t| coded(Some(t)).or_else(|| words_of(t))).collect();
            let path = match kinds
                .iter()
                .find(|k| ["primary", "secondary", "exploratory"].contains(&k.as_str()))
                .map(String::as_str)
            {
                Some("primary") => "outcomesModule.primaryOutcomes",
                Some("secondary") => "outcomesModule.secondaryOutcomes",
                Some(_) => "outcomesModule.otherOutcomes",
                None => {
                    draft.note(
                        IssueKind::NotConverted,
                        "ResearchStudy.outcomeMeasure.type",
                        "it does not say whether the outcome is primary; left out",
                    );
                    continue;
                }
            };
            let measure = node.text("name");
            let description = node.text("description");
            let (measure, description) =
                if measure.is_some() { (measure, description) } else { (description, None) };
            let (description, frame) = description.map_or((None, None), |text| with_frame(&text));
            draft.push(
                path,
                json!({
                    "measure": measure.map(|t| html::line(&t)),
                    "description": description.map(|t| html::markdown(&t)),
                    "timeFrame": frame.map(|t| html::line(&t)),
                }),
            );
        }
    }

    /// Who may join: the group of `recruitment.eligibility` (R5) or `enrollment` (R4).
    fn population(&self, draft: &mut Draft<'_>) {
        let references =
            self.study.all("recruitment.eligibility").into_iter().chain(self.study.all("enrollment"));
        for reference in references {
            let Some(group) = self.resolve(reference) else {
                if let Some(text) = reference.text("display") {
                    draft.markdown("eligibilityModule.eligibilityCriteria", Some(text));
                }
                continue;
            };
            if draft.get("designModule.enrollmentInfo").is_none()
                && let Some(count) = group.integer("quantity")
            {
                draft.put("designModule.enrollmentInfo", json!({"count": count}));
            }
            let criteria = group.text("description");
            let (mut takes, mut not) = (Vec::new(), Vec::new());
            for node in group.all("characteristic") {
                if self.limit(node, draft) {
                    continue;
                }
                let Some(text) = characteristic(node) else { continue };
                if node.yes("exclude") == Some(true) { not.push(text) } else { takes.push(text) }
            }
            match criteria {
                Some(text) => draft.markdown("eligibilityModule.eligibilityCriteria", Some(text)),
                None => {
                    let list = |items: Vec<String>| {
                        (!items.is_empty())
                            .then(|| items.iter().map(|t| format!("- {t}\n")).collect::<String>())
                    };
                    draft.criteria(list(takes), list(not));
                }
            }
            group.pass_over(&["id", "type", "actual", "membership", "status"]);
        }
    }

    /// A limit of age, or a sex, said in codes.
    fn limit(&self, node: Node<'_>, draft: &mut Draft<'_>) -> bool {
        let Some(code) = node.at("code") else { return false };
        let text = words_of(code).unwrap_or_default().to_lowercase();
        if node.value.get("exclude").and_then(Value::as_bool) == Some(true) {
            return false;
        }
        if text == "age"
            && let Some(range) = node.at("valueRange")
        {
            for (lower, end) in [(true, "low"), (false, "high")] {
                if let Some(age) = range.at(end).and_then(quantity) {
                    draft.age(lower, &format!("Group.characteristic.valueRange.{end}"), Some(age));
                }
            }
            node.skip();
            return true;
        }
        let is_sex = ["sex", "gender", "administrative gender"].contains(&text.as_str());
        if is_sex && let Some(value) = node.at("valueCodeableConcept") {
            let text = coded(Some(value)).or_else(|| words_of(value));
            if text.as_deref().and_then(words::sex).is_some() {
                draft.sex("Group.characteristic", text);
                node.skip();
                return true;
            }
        }
        false
    }

    fn parties(&self, draft: &mut Draft<'_>) {
        if let Some(sponsor) = self.study.at("sponsor") {
            draft.sponsor(self.name(sponsor), None);
        }
        for node in self.study.all("associatedParty") {
            let role =
                node.at("role").and_then(|r| coded(Some(r)).or_else(|| words_of(r))).unwrap_or_default();
            let classes: Vec<String> = node
                .all("classifier")
                .into_iter()
                .filter_map(|c| coded(Some(c)).or_else(|| words_of(c)))
                .collect();
            let class = classes.iter().find_map(|c| known("AgencyClass", c));
            let name = node.text("name").or_else(|| self.name(node.at("party")?));
            match role.as_str() {
                "lead-sponsor" | "sponsor" => draft.sponsor(name, class),
                "collaborator" | "funding-source" | "funder" => draft.collaborator(name, class),
                "primary-investigator" | "principal-investigator" => {
                    official(name, "PRINCIPAL_INVESTIGATOR", draft);
                }
                "study-director" => official(name, "STUDY_DIRECTOR", draft),
                "study-chair" => official(name, "STUDY_CHAIR", draft),
                "sub-investigator" => official(name, "SUB_INVESTIGATOR", draft),
                "general-contact" | "recruitment-contact" => {
                    draft.push("contactsLocationsModule.centralContacts", json!({"name": name}));
                }
                _ => draft.note(
                    IssueKind::NotConverted,
                    "ResearchStudy.associatedParty",
                    format!("`{role}` is no role we know; left out"),
                ),
            }
        }
        if let Some(node) = self.study.at("principalInvestigator") {
            official(self.name(node), "PRINCIPAL_INVESTIGATOR", draft);
        }
        for node in self.study.all("contact") {
            let mut contact = json!({"name": node.text("name")});
            for telecom in node.all("telecom") {
                match telecom.text("system").as_deref() {
                    Some("phone") => contact["phone"] = json!(telecom.text("value")),
                    Some("email") => contact["email"] = json!(telecom.text("value")),
                    _ => {}
                }
            }
            draft.push("contactsLocationsModule.centralContacts", contact);
        }
    }

    fn sites(&self, draft: &mut Draft<'_>) {
        for node in self.study.all("site") {
            let resource = self.resolve(node);
            let said = |path: &str| resource.and_then(|r| r.text(path));
            let country = said("address.country").map(|c| model::country::usual(&c).to_owned());
            let point = resource.and_then(|r| r.at("position")).and_then(|p| {
                let (lat, lon) = (p.value.get("latitude")?.as_f64()?, p.value.get("longitude")?.as_f64()?);
                p.skip();
                Some(json!({"lat": lat, "lon": lon}))
            });
            let site = json!({"facility": said("name").or_else(|| node.text("display")), "city": said("address.city"),
                "state": said("address.state"), "zip": said("address.postalCode"), "country": country, "geoPoint": point});
            draft.push("contactsLocationsModule.locations", site);
        }
        for node in self.study.all("location").into_iter().chain(self.study.all("region")) {
            let Some(country) = words_of(node) else { continue };
            let has_sites = draft.get("contactsLocationsModule.locations").is_some();
            if !has_sites {
                draft.push(
                    "contactsLocationsModule.locations",
                    json!({"country": model::country::usual(&country)}),
                );
            }
        }
    }

    /// What a reference refers to: a contained resource, or one of the bundle.
    fn resolve(&self, node: Node<'t>) -> Option<Node<'t>> {
        let reference = node.text("reference")?;
        node.pass_over(&["type"]);
        let is = |node: &Node<'_>, id: &str| node.value.get("id").and_then(Value::as_str) == Some(id);
        if let Some(local) = reference.strip_prefix('#') {
            return self.study.all("contained").into_iter().find(|node| is(node, local));
        }
        let named = |node: &Node<'_>| {
            let kind = node.value.get("resourceType").and_then(Value::as_str).unwrap_or_default();
            let id = node.value.get("id").and_then(Value::as_str).unwrap_or_default();
            let own = format!("{kind}/{id}");
            reference == own || reference.ends_with(&format!("/{own}"))
        };
        let found = self.resources.iter().find(|(url, node)| *url == Some(reference.as_str()) || named(node));
        found.map(|(_, node)| *node)
    }

    fn name(&self, node: Node<'t>) -> Option<String> {
        let shown = node.text("display");
        let Some(resource) = self.resolve(node) else { return shown };
        if let Some(name) = resource.text("name") {
            return Some(name);
        }
        let name = resource.all("name").into_iter().next()?;
        name.text("text")
            .or_else(|| {
                let given: Vec<String> = name.all("given").into_iter().filter_map(Node::own).collect();
                let whole = given.into_iter().chain(name.text("family")).collect::<Vec<_>>().join(" ");
                Some(whole).filter(|whole| !whole.is_empty())
            })
            .or(shown)
    }

    /// What tells of the resource, not of the study.
    fn furniture(&self, root: Node<'_>) {
        root.pass_over(&[
            "resourceType",
            "type",
            "timestamp",
            "total",
            "link",
            "meta",
            "id",
            "identifier.system",
        ]);
        for entry in root.all("entry") {
            entry.pass_over(&["fullUrl", "search", "request", "response"]);
        }
        let every = self
            .resources
            .iter()
            .map(|(_, node)| *node)
            .chain([self.study])
            .chain(self.study.all("contained"));
        for node in every {
            node.pass_over(&[
                "resourceType",
                "id",
                "meta",
                "implicitRules",
                "language",
                "text",
                "url",
                "version",
            ]);
        }
    }
}

fn official(name: Option<String>, role: &str, draft: &mut Draft<'_>) {
    draft.push("contactsLocationsModule.overallOfficials", json!({"name": name, "role": role}));
}

/// R5 has words that R4 has not.
fn draft_is_r5(study: Node<'_>) -> bool {
    const NEW: [&str; 8] = [
        "progressStatus",
        "label",
        "recruitment",
        "comparisonGroup",
        "associatedParty",
        "outcomeMeasure",
        "studyDesign",
        "descriptionSummary",
    ];
    NEW.iter().any(|key| study.value.get(*key).is_some())
}

/// The code of a concept. Counts as read.
fn coded(node: Option<Node<'_>>) -> Option<String> {
    let node = node?;
    let code =
        node.value.pointer("/coding/0/code").or_else(|| node.value.get("code")).and_then(Value::as_str)?;
    let code = code.to_owned();
    node.skip();
    Some(code)
}

/// The words of a concept, whatever wraps it. Counts as read.
fn words_of(node: Node<'_>) -> Option<String> {
    if let Some(text) = node.own() {
        return Some(text);
    }
    let paths = [
        "/text",
        "/coding/0/display",
        "/concept/text",
        "/concept/coding/0/display",
        "/display",
        "/coding/0/code",
    ];
    let found = paths.iter().find_map(|path| node.value.pointer(path)?.as_str())?.trim().to_owned();
    node.skip();
    Some(found).filter(|text| !text.is_empty())
}

/// A value of an enumeration, by its label or by a code that is the label in other signs.
fn known(type_name: &str, text: &str) -> Option<&'static str> {
    let values = model::enums::by_name(type_name)?;
    let plain = text.replace(['-', '_'], " ");
    let upper = text.to_uppercase().replace(['-', ' '], "_");
    values.find(text).or_else(|| values.find(&plain)).or_else(|| values.find(&upper)).map(|v| v.value)
}

/// A description, and the time frame if its last paragraph says that it is one.
fn with_frame(text: &str) -> (Option<String>, Option<String>) {
    let (before, last) = text.trim().rsplit_once("\n\n").unwrap_or(("", text.trim()));
    match last.strip_prefix("Time frame:") {
        Some(frame) => (Some(before.to_owned()).filter(|t| !t.is_empty()), Some(frame.trim().to_owned())),
        None => (Some(text.to_owned()), None),
    }
}

/// The codes of both versions.
fn state_of(code: &str) -> Option<&'static str> {
    if let Some(status) = model::enums::by_name("Status")?.value(code) {
        return Some(status.value);
    }
    Some(match code {
        "recruiting" => "RECRUITING",
        "active-but-not-recruiting"
        | "active-not-recruiting"
        | "closed-to-accrual"
        | "closed-to-accrual-and-intervention"
        | "in-review-after-accrual" => "ACTIVE_NOT_RECRUITING",
        "enrolling-by-invitation" => "ENROLLING_BY_INVITATION",
        "not-yet-recruiting" | "approved" | "in-review" => "NOT_YET_RECRUITING",
        "completed" => "COMPLETED",
        "temporarily-closed-to-accrual" | "temporarily-closed-to-accrual-and-intervention" => "SUSPENDED",
        "administratively-completed" | "terminated" => "TERMINATED",
        "withdrawn" | "disapproved" => "WITHDRAWN",
        "suspended" => "SUSPENDED",
        "unknown" => "UNKNOWN",
        _ => return None,
    })
}

/// Where a code of the design belongs.
fn design_of(text: &str) -> Option<(&'static str, &'static str)> {
    let plain = text.to_lowercase().replace(['-', '_'], " ");
    if plain == "expanded access" {
        return Some(("studyType", "EXPANDED_ACCESS"));
    }
    if plain.contains("interventional") {
        return Some(("studyType", "INTERVENTIONAL"));
    }
    if plain.contains("observational") {
        return Some(("studyType", "OBSERVATIONAL"));
    }
    let stem = plain.trim_end_matches(" assignment").trim_end_matches(" blind").trim_end_matches(" masked");
    for (path, type_name) in [
        ("designInfo.allocation", "DesignAllocation"),
        ("designInfo.interventionModel", "InterventionalAssignment"),
        ("designInfo.maskingInfo.masking", "DesignMasking"),
        ("designInfo.observationalModel", "ObservationalModel"),
        ("designInfo.timePerspective", "DesignTimePerspective"),
    ] {
        let found = [text, plain.as_str(), stem].into_iter().find_map(|t| known(type_name, t));
        // These alone do not tell of what they are said.
        let tells =
            |value: &&str| !matches!(*value, "NA" | "OTHER") && (*value != "NONE" || plain.contains("open"));
        if let Some(value) = found.filter(tells) {
            return Some((path, value));
        }
    }
    None
}

/// `18 years` of a quantity.
fn quantity(node: Node<'_>) -> Option<String> {
    let value = node.value.get("value")?.to_string();
    let unit = ["unit", "code"].iter().find_map(|key| node.value.get(*key)?.as_str())?;
    let unit = match unit {
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        "d" => "days",
        unit => unit,
    };
    let text = format!("{value} {unit}");
    text.parse::<Age>().ok().map(|age| age.to_string())
}

/// The words of a criterion.
fn characteristic(node: Node<'_>) -> Option<String> {
    if let Some(text) = node.text("description") {
        node.pass_over(&["code"]);
        return Some(html::line(&text));
    }
    let what = node.at("code").and_then(words_of);
    if let Some(flag) = node.at("valueBoolean") {
        flag.skip();
        let no = flag.value.as_bool() == Some(false);
        return what.map(|what| html::line(&if no { format!("{what}: no") } else { what }));
    }
    let value = node.at("valueCodeableConcept").and_then(words_of);
    match (what, value) {
        (Some(what), Some(value)) => Some(html::line(&format!("{what}: {value}"))),
        (Some(only), None) | (None, Some(only)) => Some(html::line(&only)),
        (None, None) => None,
    }
}
