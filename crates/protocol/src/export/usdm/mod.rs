//! A protocol as a study definition of CDISC's USDM v4.

mod design;
mod interventions;
mod population;

use eligibility::tree::Criteria;
use model::Study;
use serde_json::{Map, Value, json};

use super::{Exported, terms::Term};
use crate::{
    protocol::{Arm, Dose, Protocol},
    read::text::Text as Words,
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
        let name = self.protocol.id.register().name();
        let registry = json!({"name": name, "type": kind, "identifierScheme": "registry",
            "identifier": name, "managedSites": []});
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
    let end = text.tokens.get(11).map_or(words.len(), |token| token.end());
    words.get(..end).unwrap_or(words).to_owned()
}

fn described(arm: &Arm) -> String {
    let typed = arm.role_typed.as_deref().unwrap_or("no type");
    format!("typed {typed}, by its content {}", arm.role.as_str().replace('_', " "))
}
