//! A protocol as a study definition of CDISC's USDM v4.

use eligibility::tree::{Criteria, Section};
use model::{Age, Study};
use serde_json::{Map, Value, json};

use super::{
    Exported,
    moments::{self, Activity, Moment},
    terms::{self, Term},
};
use crate::{
    protocol::{Arm, Dose, Protocol, Role, Status},
    read::text::Text as Words,
    record::{Rank, Record},
    text,
};

/// The terminology's release whose codes are used.
const RELEASE: &str = "2025-03-28";

/// The study definition of an interventional study; else why there is none.
pub fn export(study: &Study, protocol: &Protocol, criteria: &Criteria) -> Result<Exported, String> {
    if study.text("StudyType") != Some("INTERVENTIONAL") {
        return Err(format!(
            "{} is no interventional study, and others are not exported as USDM",
            study.id()
        ));
    }
    let mut writer = Writer { study, protocol, criteria, ids: Map::new(), missing: Vec::new() };
    let document = writer.document();
    Ok(Exported { document, missing: writer.missing })
}

struct Writer<'s> {
    study: &'s Study,
    protocol: &'s Protocol,
    criteria: &'s Criteria,
    /// How many ids of each kind were given.
    ids: Map<String, Value>,
    missing: Vec<String>,
}

/// A list with the ids of its members by their names.
type Named = Vec<(String, String)>;

impl Writer<'_> {
    fn id(&mut self, class: &str) -> String {
        let next = self.ids.get(class).and_then(Value::as_u64).unwrap_or(0) + 1;
        self.ids.insert(class.to_owned(), next.into());
        format!("{class}_{next}")
    }

    /// An object of a class with the rest of its values.
    fn object(&mut self, class: &str, rest: Value) -> Value {
        let mut out = json!({"id": self.id(class), "extensionAttributes": [], "instanceType": class});
        if let (Some(out), Value::Object(rest)) = (out.as_object_mut(), rest) {
            out.extend(rest);
        }
        out
    }

    fn code(&mut self, (code, decode): Term) -> Value {
        self.object(
            "Code",
            json!({"code": code, "codeSystem": "http://www.cdisc.org", "codeSystemVersion": RELEASE, "decode": decode}),
        )
    }

    /// A word of the registry where the terminology has none.
    fn registry_code(&mut self, word: &str) -> Value {
        self.object(
            "Code",
            json!({"code": word, "codeSystem": "ClinicalTrials.gov", "codeSystemVersion": "2", "decode": word}),
        )
    }

    fn alias(&mut self, term: Term) -> Value {
        let code = self.code(term);
        self.object("AliasCode", json!({"standardCode": code, "standardCodeAliases": []}))
    }

    fn miss(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.missing.contains(&what) {
            self.missing.push(what);
        }
    }

    fn document(&mut self) -> Value {
        let version = self.version();
        let id = self.protocol.id.to_string();
        json!({
            "study": {
                "id": null,
                "name": id,
                "label": self.study.title(),
                "description": null,
                "versions": [version],
                "documentedBy": [],
                "instanceType": "Study",
            },
            "usdmVersion": "4.0.0",
            "systemName": "Trialist",
            "systemVersion": env!("CARGO_PKG_VERSION"),
        })
    }

    fn version(&mut self) -> Value {
        let (organizations, identifiers, roles) = self.organizations();
        let titles = self.titles();
        let (interventions, ids) = self.interventions();
        let (criteria, items) = self.criteria();
        let design = self.design(&ids, &criteria);
        self.miss("the logic of the criteria, which are texts here: `trialist criteria` exports it");
        let texts: Vec<String> =
            self.missing.iter().map(|what| format!("Not expressed or not known: {what}")).collect();
        let notes: Vec<Value> = texts
            .into_iter()
            .map(|text| self.object("CommentAnnotation", json!({"text": text, "codes": []})))
            .collect();
        self.object(
            "StudyVersion",
            json!({
                "versionIdentifier": self.study.text("LastUpdateSubmitDate").unwrap_or("1"),
                "rationale": "Not stated in the registry record",
                "studyIdentifiers": identifiers,
                "organizations": organizations,
                "roles": roles,
                "titles": titles,
                "eligibilityCriterionItems": items,
                "studyInterventions": interventions,
                "studyDesigns": [design],
                "notes": notes,
            }),
        )
    }

    fn titles(&mut self) -> Vec<Value> {
        let terms = [
            ("OfficialTitle", ("C207616", "Official Study Title")),
            ("BriefTitle", ("C207615", "Brief Study Title")),
            ("Acronym", ("C207646", "Study Acronym")),
        ];
        let mut out = Vec::new();
        for (piece, term) in terms {
            if let Some(text) = self.study.text(piece) {
                let kind = self.code(term);
                out.push(self.object("StudyTitle", json!({"text": text, "type": kind})));
            }
        }
        out
    }

    /// The registry and the sponsor, their identifiers of the study, and the sponsor's role.
    fn organizations(&mut self) -> (Vec<Value>, Vec<Value>, Vec<Value>) {
        let kind = self.code(("C93453", "Study Registry"));
        let registry = json!({"name": "ClinicalTrials.gov", "type": kind, "identifierScheme": "registry",
            "identifier": "ClinicalTrials.gov", "managedSites": []});
        let registry = self.object("Organization", registry);
        let text = self.protocol.id.to_string();
        let number = self.object("StudyIdentifier", json!({"text": text, "scopeId": registry["id"]}));
        let (mut organizations, mut identifiers, mut roles) = (vec![registry], vec![number], Vec::new());
        let Some(sponsor) = self.study.text("LeadSponsorName") else {
            self.miss("the sponsor: the record names none");
            return (organizations, identifiers, roles);
        };
        let class = self.study.text("LeadSponsorClass").unwrap_or("UNKNOWN");
        let kind = match class {
            "INDUSTRY" => ("C54149", "Drug Company"),
            "NIH" | "FED" | "OTHER_GOV" => ("C199144", "Governmental Agency or Group"),
            _ => {
                self.miss(format!("the kind of sponsor ({class}), for which there is no term: written as a healthcare facility"));
                ("C21541", "Healthcare Facility")
            }
        };
        let kind = self.code(kind);
        let organization = json!({"name": sponsor, "type": kind, "identifierScheme": "name", "identifier": sponsor,
            "managedSites": []});
        let organization = self.object("Organization", organization);
        let own = self.study.text("OrgStudyId").unwrap_or_else(|| {
            self.missing.push("the sponsor's number of the study: the registry's stands for it".to_owned());
            self.study.text("NCTId").unwrap_or_default()
        });
        identifiers.push(self.object("StudyIdentifier", json!({"text": own, "scopeId": organization["id"]})));
        let sponsors = self.code(("C70793", "Clinical Study Sponsor"));
        let role = json!({"name": "Sponsor", "code": sponsors, "organizationIds": [organization["id"]], "appliesToIds": []});
        roles.push(self.object("StudyRole", role));
        organizations.push(organization);
        (organizations, identifiers, roles)
    }

    /// Every intervention that the record lists or that is dosed, with its administrations.
    fn interventions(&mut self) -> (Vec<Value>, Named) {
        let study = self.study;
        let listed = study.values("Intervention");
        let mut all: Vec<(String, Option<&str>)> = Vec::new();
        for one in listed {
            let kind = one.get("type").and_then(Value::as_str);
            if let Some(name) = one.get("name").and_then(Value::as_str)
                && !all.iter().any(|(known, _)| known == name)
            {
                all.push((name.to_owned(), kind));
            }
        }
        let protocol = self.protocol;
        for dose in &protocol.doses {
            if !all.iter().any(|(known, _)| *known == dose.substance) {
                all.push((dose.substance.clone(), None));
            }
        }
        let (mut out, mut ids) = (Vec::new(), Vec::new());
        for (name, kind) in all {
            let doses: Vec<&Dose> = protocol.doses.iter().filter(|d| d.substance == name).collect();
            let administrations: Vec<Value> = doses.iter().map(|dose| self.administration(dose)).collect();
            let role = self.role(&name, &doses);
            let role = self.code(role);
            let kind = match terms::intervention(kind) {
                Some(term) => self.code(term),
                None => {
                    self.miss(format!("the type of {name}: the terminology has no word for the registry's"));
                    self.registry_code(kind.unwrap_or("not stated"))
                }
            };
            let value = json!({"name": name, "label": name, "role": role, "type": kind,
                "administrations": administrations, "codes": [], "notes": []});
            let value = self.object("StudyIntervention", value);
            ids.push((name, value["id"].as_str().unwrap_or_default().to_owned()));
            out.push(value);
        }
        (out, ids)
    }

    fn role(&self, name: &str, doses: &[&Dose]) -> Term {
        let arms = &self.protocol.arms;
        let role = |role: Role| {
            arms.iter().any(|arm| arm.role == role && arm.interventions.iter().any(|i| i == name))
                || doses.iter().any(|dose| dose.role == role)
        };
        let background = arms.iter().any(|arm| arm.background.iter().any(|i| i == name));
        if background {
            ("C165822", "Background Treatment")
        } else if role(Role::Experimental) {
            ("C41161", "Protocol Agent")
        } else if role(Role::Placebo) || role(Role::Sham) {
            ("C753", "Placebo")
        } else if role(Role::Active) {
            ("C68609", "Active Comparator")
        } else {
            ("C41161", "Protocol Agent")
        }
    }

    /// An administration; an amount only where the terminology has its unit, and the frequency its term.
    fn administration(&mut self, dose: &Dose) -> Value {
        let words = text::dose(dose);
        let duration = match dose.duration {
            Some(length) => json!({"text": text::length(length), "durationWillVary": false}),
            None => json!({"text": "not stated", "durationWillVary": false}),
        };
        let duration = self.object("Duration", duration);
        let frequency = terms::frequency(dose);
        let amount =
            dose.amount.as_ref().filter(|amount| amount.high.is_none() && dose.status != Status::Assumed);
        let quantity =
            amount.and_then(|amount| Some((f64::try_from(amount.value).ok()?, terms::unit(amount)?)));
        let quantity = quantity.filter(|_| frequency.is_some());
        if quantity.is_none() {
            self.miss(format!("as a number, unit and frequency of the terminology: {words}"));
        }
        let quantity = quantity.map(|(value, unit)| {
            let unit = self.alias(unit);
            self.object("Quantity", json!({"value": value, "unit": unit}))
        });
        let frequency = frequency.map(|term| self.alias(term));
        let route = dose.route.and_then(terms::route).map(|term| self.alias(term));
        self.object(
            "Administration",
            json!({"name": words, "label": words, "description": dose.quote.text, "duration": duration,
                "dose": quantity, "route": route, "frequency": frequency, "notes": []}),
        )
    }

    fn design(&mut self, interventions: &Named, criteria: &[Value]) -> Value {
        let epochs = self.epochs();
        let (arms, cells, elements) = self.arms(&epochs, interventions);
        let (activities, encounters, timeline) = self.timeline(&epochs, interventions);
        let (objectives, population) = (self.objectives(), self.population(criteria));
        let study_type = self.code(("C98388", "Interventional Study"));
        let model = match terms::model(self.study.text("DesignInterventionModel")) {
            Some(term) => self.code(term),
            None => {
                self.miss("the model of the design: the record does not say it");
                self.registry_code("not stated")
            }
        };
        let masking = self.study.text("DesignMasking");
        if matches!(masking, Some("TRIPLE" | "QUADRUPLE")) {
            self.miss(format!("masking {}: written as double blind", masking.unwrap_or_default()));
        }
        let blinding = terms::blinding(masking).map(|term| self.alias(term));
        let phase = terms::phase(&self.study.texts("Phase")).map(|term| self.alias(term));
        let randomized = self.study.text("DesignAllocation") == Some("RANDOMIZED");
        let characteristics: Vec<Value> = randomized
            .then(|| self.code(("C46079", "Randomized Controlled Clinical Trial")))
            .into_iter()
            .collect();
        if let Some(ratio) = self.protocol.ratio.value.as_ref() {
            let parts: Vec<String> = ratio.iter().map(u32::to_string).collect();
            self.miss(format!("the ratio of the arms, {}", parts.join(":")));
        }
        self.object(
            "InterventionalStudyDesign",
            json!({"name": "Study design", "label": "Study design", "studyType": study_type, "studyPhase": phase,
                "characteristics": characteristics, "encounters": encounters, "activities": activities, "arms": arms,
                "studyCells": cells, "rationale": "Not stated in the registry record",
                "epochs": epochs.iter().map(|(_, value)| value).collect::<Vec<_>>(), "elements": elements,
                "studyInterventionIds": interventions.iter().map(|(_, id)| id).collect::<Vec<_>>(),
                "objectives": objectives, "population": population, "scheduleTimelines": [timeline],
                "eligibilityCriteria": criteria, "model": model, "blindingSchema": blinding}),
        )
    }

    /// Treatment and follow-up.
    fn epochs(&mut self) -> Vec<(String, Value)> {
        let terms =
            [("Treatment", ("C101526", "Treatment Epoch")), ("Follow-up", ("C202578", "Follow-Up Epoch"))];
        let mut out: Vec<(String, Value)> = Vec::new();
        for (name, term) in terms {
            let kind = self.code(term);
            let value =
                self.object("StudyEpoch", json!({"name": name, "label": name, "type": kind, "notes": []}));
            out.push((value["id"].as_str().unwrap_or_default().to_owned(), value));
        }
        link(out.iter_mut().map(|(_, value)| value).collect());
        out
    }

    fn arms(
        &mut self,
        epochs: &[(String, Value)],
        interventions: &Named,
    ) -> (Vec<Value>, Vec<Value>, Vec<Value>) {
        let (mut arms, mut cells, mut elements) = (Vec::new(), Vec::new(), Vec::new());
        let protocol = self.protocol;
        if protocol.arms.is_empty() {
            self.miss("the arms: the record names none");
        }
        for arm in &protocol.arms {
            let (kind, origin) =
                (self.code(terms::arm(arm.role)), self.code(("C188866", "Data Generated Within Study")));
            let label = unique(&arms, &arm.label);
            let value = json!({"name": label, "label": arm.label, "description": described(arm), "type": kind,
                "dataOriginDescription": "Data collected from participants", "dataOriginType": origin, "notes": []});
            let value = self.object("StudyArm", value);
            for (i, (epoch, _)) in epochs.iter().enumerate() {
                let given: Vec<&String> = interventions
                    .iter()
                    .filter(|(name, _)| i == 0 && gets(protocol, arm, name))
                    .map(|(_, id)| id)
                    .collect();
                let name = format!("{label}: {}", if i == 0 { "treatment" } else { "follow-up" });
                let element =
                    json!({"name": name, "label": name, "studyInterventionIds": given, "notes": []});
                let element = self.object("StudyElement", element);
                let cell = json!({"armId": value["id"], "epochId": epoch, "elementIds": [element["id"]]});
                cells.push(self.object("StudyCell", cell));
                elements.push(element);
            }
            arms.push(value);
        }
        (arms, cells, elements)
    }

    /// Activities, encounters, and the one timeline of all moments.
    fn timeline(
        &mut self,
        epochs: &[(String, Value)],
        interventions: &Named,
    ) -> (Vec<Value>, Vec<Value>, Value) {
        let moments = moments::of(self.protocol, &mut self.missing);
        let (activities, known) = self.activities(&moments, interventions);
        let gives = |m: &Moment| m.activities.iter().any(|a| matches!(a, Activity::Give(_)));
        let last_dose = moments.iter().filter(|m| gives(m)).map(|m| m.days).fold(0.0, f64::max);
        let (mut encounters, mut instances, mut timings) = (Vec::new(), Vec::new(), Vec::new());
        let start = moments.iter().position(|m| m.days == 0.0).unwrap_or(0);
        for moment in &moments {
            let kind = self.code(("C25716", "Visit"));
            let name = format!("Visit at {}", moment.label);
            let encounter = json!({"name": name, "label": moment.label, "type": kind, "environmentalSettings": [],
                "contactModes": [], "notes": []});
            let encounter = self.object("Encounter", encounter);
            let done: Vec<&String> = known
                .iter()
                .filter(|(activity, _)| moment.activities.contains(activity))
                .map(|(_, id)| id)
                .collect();
            let epoch = &epochs[usize::from(moment.days > last_dose)].0;
            let instance = json!({"name": moment.label, "label": moment.label, "activityIds": done,
                "encounterId": encounter["id"], "epochId": epoch});
            instances.push(self.object("ScheduledActivityInstance", instance));
            encounters.push(encounter);
        }
        link(encounters.iter_mut().collect());
        let anchor = instances[start]["id"].clone();
        for (at, moment) in moments.iter().enumerate() {
            let timing = self.timing(moment, &instances[at]["id"], &anchor);
            encounters[at]["scheduledAtId"] = timing["id"].clone();
            timings.push(timing);
        }
        for at in 1..instances.len() {
            instances[at - 1]["defaultConditionId"] = instances[at]["id"].clone();
        }
        let exit = self.object("ScheduleTimelineExit", json!({}));
        if let Some(last) = instances.last_mut() {
            last["timelineExitId"] = exit["id"].clone();
        }
        let timeline = json!({"name": "Main timeline", "label": "Main timeline", "mainTimeline": true,
            "entryCondition": "A participant has joined the study", "entryId": instances[0]["id"], "exits": [exit],
            "timings": timings, "instances": instances});
        let timeline = self.object("ScheduleTimeline", timeline);
        (activities, encounters, timeline)
    }

    fn timing(&mut self, moment: &Moment, instance: &Value, anchor: &Value) -> Value {
        let fixed = instance == anchor;
        let term = match (fixed, moment.days < 0.0) {
            (true, _) => ("C201358", "Fixed Reference Timing Type"),
            (_, true) => ("C201357", "Before Timing Type"),
            _ => ("C201356", "After Timing Type"),
        };
        let (kind, between) = (self.code(term), self.code(("C201355", "Start to Start")));
        self.object(
            "Timing",
            json!({"name": format!("Timing of {}", moment.label), "label": moment.label, "type": kind, "value": moment.iso,
                "valueLabel": moment.label, "relativeToFrom": between, "relativeFromScheduledInstanceId": instance,
                "relativeToScheduledInstanceId": if fixed { &Value::Null } else { anchor }}),
        )
    }

    fn activities(
        &mut self,
        moments: &[Moment],
        interventions: &Named,
    ) -> (Vec<Value>, Vec<(Activity, String)>) {
        let (mut out, mut known): (Vec<Value>, Vec<(Activity, String)>) = (Vec::new(), Vec::new());
        for activity in moments.iter().flat_map(|m| &m.activities) {
            if known.iter().any(|(one, _)| one == activity) {
                continue;
            }
            let procedures: Vec<Value> = match activity {
                Activity::Give(what) => {
                    let of = interventions.iter().find(|(name, _)| name == what).map(|(_, id)| id);
                    let code = self.registry_code("administration");
                    let procedure = json!({"name": activity.name(), "label": activity.name(), "procedureType": "Administration",
                        "code": code, "studyInterventionId": of, "notes": []});
                    vec![self.object("Procedure", procedure)]
                }
                Activity::Measure(_) => Vec::new(),
            };
            let name = unique(&out, &activity.name());
            let value = json!({"name": name, "label": activity.name(), "definedProcedures": procedures, "childIds": [],
                "notes": []});
            let value = self.object("Activity", value);
            known.push((activity.clone(), value["id"].as_str().unwrap_or_default().to_owned()));
            out.push(value);
        }
        link(out.iter_mut().collect());
        (out, known)
    }

    fn objectives(&mut self) -> Vec<Value> {
        let record = Record::new(self.study);
        let ranks = [
            (Rank::Primary, "Primary", ("C85826", "Trial Primary Objective"), ("C94496", "Primary Endpoint")),
            (
                Rank::Secondary,
                "Secondary",
                ("C85827", "Trial Secondary Objective"),
                ("C139173", "Secondary Endpoint"),
            ),
            (
                Rank::Other,
                "Exploratory",
                ("C163559", "Trial Exploratory Objective"),
                ("C170559", "Exploratory Endpoint"),
            ),
        ];
        let mut out = Vec::new();
        for (rank, name, level, of_endpoint) in ranks {
            let mut endpoints: Vec<Value> = Vec::new();
            for outcome in record.outcomes.iter().filter(|outcome| outcome.rank == rank) {
                let when = outcome.time_frame.as_ref().map(|frame| frame.text.source);
                let measure = outcome.measure.text.source;
                let text = when.map_or_else(|| measure.to_owned(), |when| format!("{measure}, {when}"));
                let level = self.code(of_endpoint);
                let label = unique(&endpoints, &short(measure));
                let endpoint = json!({"name": format!("{name}: {label}"), "label": label, "description": outcome.description,
                    "text": text, "level": level, "purpose": "not stated", "notes": []});
                endpoints.push(self.object("Endpoint", endpoint));
            }
            if endpoints.is_empty() {
                continue;
            }
            let level = self.code(level);
            let text =
                format!("Objective of the {} outcomes; its words are not in the record", name.to_lowercase());
            let objective = json!({"name": format!("{name} objective"), "label": text, "text": text, "level": level,
                "endpoints": endpoints, "notes": []});
            out.push(self.object("Objective", objective));
        }
        out
    }

    fn population(&mut self, criteria: &[Value]) -> Value {
        let healthy = self.study.boolean("HealthyVolunteers");
        if healthy.is_none() {
            self.miss("whether healthy people may join: written as no");
        }
        let sexes: &[Term] = match self.study.text("Sex") {
            Some("FEMALE") => &[("C16576", "Female")],
            Some("MALE") => &[("C20197", "Male")],
            Some("ALL") => &[("C49636", "Both")],
            _ => &[],
        };
        let sexes: Vec<Value> = sexes.iter().map(|term| self.code(*term)).collect();
        let enrolled = self.study.integer("EnrollmentCount").filter(|n| (0..99_999_999).contains(n));
        let enrolled = enrolled.map(|n| self.object("Quantity", json!({"value": n})));
        let age = self.ages();
        self.object(
            "StudyDesignPopulation",
            json!({"name": "Population", "label": "Population", "includesHealthySubjects": healthy.unwrap_or(false),
                "plannedEnrollmentNumber": enrolled, "plannedSex": sexes, "criterionIds": criteria.iter().map(|one| &one["id"]).collect::<Vec<_>>(), "plannedAge": age,
                "cohorts": [], "notes": []}),
        )
    }

    /// The criteria as texts: what the design refers to, and the items that hold the words.
    fn criteria(&mut self) -> (Vec<Value>, Vec<Value>) {
        let (mut out, mut items) = (Vec::new(), Vec::new());
        let criteria = self.criteria;
        for (category, sign, name) in [
            (("C25532", "Inclusion Criteria"), Section::Inclusion, "Inclusion"),
            (("C25370", "Exclusion Criteria"), Section::Exclusion, "Exclusion"),
        ] {
            let of =
                criteria.items.iter().filter(|item| item.section == sign && !item.source.trim().is_empty());
            for (n, item) in of.enumerate() {
                let (label, number) = (format!("{name} {}", n + 1), format!("{}{}", &name[..1], n + 1));
                let text = json!({"name": label, "label": label, "text": item.source.trim(), "notes": []});
                let held = self.object("EligibilityCriterionItem", text);
                let category = self.code(category);
                let criterion = json!({"name": format!("{name} criterion {}", n + 1), "label": label, "category": category,
                    "identifier": number, "criterionItemId": held["id"], "notes": []});
                out.push(self.object("EligibilityCriterion", criterion));
                items.push(held);
            }
        }
        link(out.iter_mut().collect());
        if out.is_empty() {
            self.miss("the criteria: the record has none");
        }
        (out, items)
    }

    /// The range of ages; USDM has none that is open at an end.
    fn ages(&mut self) -> Option<Value> {
        let age = |piece| self.study.text(piece).and_then(|text| text.parse::<Age>().ok());
        let years = |age: Age| (age.years() * 1000.0).round() / 1000.0;
        let (low, high) = (age("MinimumAge").map(years), age("MaximumAge").map(years));
        let Some((low, high)) = low.zip(high) else {
            if low.is_some() || high.is_some() {
                self.miss("the ages: a range that is open at one end");
            }
            return None;
        };
        let mut end = |value: f64| {
            let unit = self.alias(("C29848", "Year"));
            self.object("Quantity", json!({"value": value, "unit": unit}))
        };
        let (low, high) = (end(low), end(high));
        Some(self.object("Range", json!({"minValue": low, "maxValue": high, "isApproximate": false})))
    }
}

/// Whether the people of an arm get an intervention.
fn gets(protocol: &Protocol, arm: &Arm, name: &String) -> bool {
    let dosed = |dose: &Dose| dose.arm.as_ref() == Some(&arm.label) && dose.substance == *name;
    arm.interventions.contains(name) || arm.background.contains(name) || protocol.doses.iter().any(dosed)
}

/// Links a list forwards and backwards.
fn link(mut list: Vec<&mut Value>) {
    for at in 1..list.len() {
        let (before, after) = (list[at - 1]["id"].clone(), list[at]["id"].clone());
        list[at - 1]["nextId"] = after;
        list[at]["previousId"] = before;
    }
}

/// A name that none of the objects has.
fn unique(known: &[Value], name: &str) -> String {
    let has = |name: &str| known.iter().any(|one| one["name"] == name || one["label"] == name);
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !has(name)).unwrap_or_default()
}

fn short(words: &str) -> String {
    let text = Words::new(words);
    let end = text.tokens.get(11).map_or(words.len(), |token| token.end);
    words.get(..end).unwrap_or(words).to_owned()
}

fn described(arm: &Arm) -> String {
    let typed = arm.role_typed.as_deref().unwrap_or("no type");
    format!("typed {typed}, by its content {}", arm.role.as_str().replace('_', " "))
}
