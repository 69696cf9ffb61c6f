//! CDISC's USDM v4: the newest version of a study and its design.

use std::collections::HashMap;

use model::{Age, Issue, IssueKind, StudyId, study_id::named};
use serde_json::{Value, json};

use super::{
    draft::Draft,
    html,
    seen::{Node, Seen},
    words,
};
use crate::{Converted, Raw, json};

/// Converts one study definition.
pub(super) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let record = Value::Object(json::parse(raw)?);
    let seen = Seen::default();
    let root = seen.root(&record);
    let mut draft = Draft::new(raw);
    let study = root.at("study").unwrap_or(root);
    let versions = study.all("versions");
    let Some(version) = versions.first().copied() else {
        let message = "the study definition has no version";
        return Err(Issue::new(IssueKind::UnknownFormat, message, raw.place.clone()));
    };
    if versions.len() > 1 {
        let message = format!("{} versions: the first is read", versions.len());
        draft.note(IssueKind::NotConverted, "study.versions", message);
    }
    let source = Source { version, tags: tags(version), organizations: organizations(version) };
    let id = source.id(&draft)?;
    source.identification(id, &mut draft);
    source.sponsors(&mut draft);
    let designs = version.all("studyDesigns");
    if designs.len() > 1 {
        let message = format!("{} designs: the first is read", designs.len());
        draft.note(IssueKind::NotConverted, "study.versions.studyDesigns", message);
    }
    if let Some(design) = designs.first() {
        source.design(*design, &mut draft);
        source.population(*design, &mut draft);
    }
    draft.unread(seen.unread(&record).into_iter().filter(|(path, _)| !is_furniture(path)));
    Ok(draft.finish(id))
}

/// Ids, names of classes, codes beside their words, and what links the parts.
fn is_furniture(path: &str) -> bool {
    const ENDS: [&str; 16] = [
        "id",
        "instanceType",
        "name",
        "label",
        "code",
        "codeSystem",
        "codeSystemVersion",
        "previousId",
        "nextId",
        "Ids",
        "Id",
        "extensionAttributes",
        "isApproximate",
        "usdmVersion",
        "systemName",
        "systemVersion",
    ];
    let last = path.rsplit('.').next().unwrap_or(path);
    ENDS.iter().any(|end| last.ends_with(end))
}

struct Source<'t> {
    version: Node<'t>,
    /// What the tags in texts stand for.
    tags: HashMap<String, String>,
    /// Organisations: id to name and code of their type.
    organizations: HashMap<String, (String, String)>,
}

fn organizations(version: Node<'_>) -> HashMap<String, (String, String)> {
    let mut out = HashMap::new();
    for node in version.all("organizations") {
        let (Some(id), Some(name)) = (node.text("id"), node.any(&["label", "name"])) else { continue };
        out.insert(id, (name, node.text("type.code").unwrap_or_default()));
    }
    out
}

/// The values of the dictionaries' parameters, by tag.
fn tags(version: Node<'_>) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for dictionary in version.all("dictionaries") {
        for parameter in dictionary.all("parameterMaps") {
            if let (Some(tag), Some(text)) = (parameter.text("tag"), parameter.text("reference")) {
                out.insert(tag, text);
            }
        }
    }
    out
}

impl<'t> Source<'t> {
    /// Of the identifiers those that are a registry's number, NCT ids first.
    fn id(&self, draft: &Draft<'_>) -> Result<StudyId, Issue> {
        let texts = self
            .version
            .all("studyIdentifiers")
            .into_iter()
            .filter_map(|node| node.value.get("text")?.as_str());
        let ids = texts.filter_map(|text| text.parse::<StudyId>().ok());
        let own = ids.filter(|id| id.register() != model::Register::Utn).min();
        own.ok_or_else(|| draft.no_id("study.versions.studyIdentifiers", None))
    }

    /// A text with its tags resolved and its HTML cleaned; a tag of which nothing is known stays as its name.
    fn text(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("<usdm:") {
            out.push_str(&rest[..at]);
            let Some(end) = rest[at..].find('>') else { break };
            let tag = &rest[at..at + end];
            let name = tag.split("name=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default();
            match self.tags.get(name) {
                Some(value) => out.push_str(value),
                None if name.is_empty() => {}
                None => out.push_str(&format!("[{name}]")),
            }
            rest = &rest[at + end + 1..];
            rest =
                rest.strip_prefix("</usdm:tag>").or_else(|| rest.strip_prefix("</usdm:ref>")).unwrap_or(rest);
        }
        out.push_str(rest);
        out
    }

    fn identification(&self, id: StudyId, draft: &mut Draft<'_>) {
        for node in self.version.all("studyIdentifiers") {
            let scope = node.text("scopeId").unwrap_or_default();
            let Some(text) = node.text("text") else { continue };
            if text.parse() == Ok(id) {
                continue;
            }
            let class = self.organizations.get(&scope).map(|(_, class)| class.as_str());
            let is_registry = class == Some("C93453");
            if named(&text).is_empty()
                && !is_registry
                && draft.get("identificationModule.orgStudyIdInfo").is_none()
            {
                draft.line("identificationModule.orgStudyIdInfo.id", Some(text));
            } else {
                draft.identifiers(Some(text));
            }
        }
        for node in self.version.all("titles") {
            let code = node.text("type.code").unwrap_or_default();
            let kind = node.text("type.decode").unwrap_or_default().to_lowercase();
            let path = match code.as_str() {
                "C207616" => "officialTitle",
                "C207615" => "briefTitle",
                "C207646" => "acronym",
                _ if kind.contains("official") || kind.contains("scientific") => "officialTitle",
                _ if kind.contains("acronym") => "acronym",
                _ if kind.contains("brief") || kind.contains("public") => "briefTitle",
                _ => continue,
            };
            if draft.get(&format!("identificationModule.{path}")).is_none() {
                draft.line(&format!("identificationModule.{path}"), node.text("text").map(|t| self.text(&t)));
            }
        }
        if draft.get("identificationModule.briefTitle").is_none() {
            let official =
                draft.get("identificationModule.officialTitle").and_then(Value::as_str).map(str::to_owned);
            draft.line("identificationModule.briefTitle", official);
        }
    }

    /// The organisation in the sponsor's role; else the one that gave an identifier and is no registry.
    fn sponsors(&self, draft: &mut Draft<'_>) {
        let mut lead = None;
        for role in self.version.all("roles") {
            let sponsor = role.text("code.code").as_deref() == Some("C70793");
            let ids: Vec<String> = role.all("organizationIds").into_iter().filter_map(Node::own).collect();
            lead = lead.or_else(|| ids.first().filter(|_| sponsor).cloned());
        }
        let Some((name, class)) = lead.and_then(|id| self.organizations.get(&id)) else { return };
        draft.sponsor(Some(name.clone()), (class == "C54149").then_some("INDUSTRY"));
    }

    fn design(&self, design: Node<'t>, draft: &mut Draft<'_>) {
        let kind = design.text("instanceType").unwrap_or_default();
        let told = design.text("studyType.decode").unwrap_or_default().to_lowercase();
        let kind = if kind.starts_with("Interventional") || told.contains("interventional") {
            "INTERVENTIONAL"
        } else if kind.starts_with("Observational") || told.contains("observational") {
            "OBSERVATIONAL"
        } else {
            ""
        };
        draft.put("designModule.studyType", kind);
        draft.phases("studyDesigns.studyPhase", design.text("studyPhase.standardCode.decode"));
        let model = design.text("model.decode").map(|t| t.to_lowercase());
        let model = model.as_deref().and_then(|t| {
            [
                ("parallel", "PARALLEL"),
                ("cross", "CROSSOVER"),
                ("factorial", "FACTORIAL"),
                ("single", "SINGLE_GROUP"),
                ("sequential", "SEQUENTIAL"),
                ("group sequential", "SEQUENTIAL"),
            ]
            .into_iter()
            .find(|(word, _)| t.contains(word))
            .map(|(_, value)| value)
        });
        draft.put("designModule.designInfo.interventionModel", model);
        let blinding = design.text("blindingSchema.standardCode.decode").map(|t| t.to_lowercase());
        let masking = blinding.as_deref().and_then(|t| {
            [("open", "NONE"), ("single", "SINGLE"), ("double", "DOUBLE"), ("triple", "TRIPLE")]
                .into_iter()
                .find(|(word, _)| t.starts_with(word))
                .map(|(_, value)| value)
        });
        draft.put("designModule.designInfo.maskingInfo.masking", masking);
        let traits: Vec<String> =
            design.all("characteristics").into_iter().filter_map(|n| n.text("decode")).collect();
        if traits.iter().any(|t| t.to_lowercase().contains("randomized controlled")) {
            draft.put("designModule.designInfo.allocation", "RANDOMIZED");
        }
        for arm in design.all("arms") {
            let kind = arm.text("type.decode");
            let kind = kind.as_deref().and_then(|t| arm_type(&t.to_lowercase()));
            let label = arm.any(&["label", "name"]);
            let one = json!({"label": label, "type": kind, "description": arm.text("description").map(|t| html::markup(&self.text(&t)))});
            draft.push("armsInterventionsModule.armGroups", one);
        }
        for node in self.version.all("studyInterventions").into_iter().chain(design.all("studyInterventions"))
        {
            let kind = node.text("type.code").and_then(|code| intervention_type(&code));
            node.pass_over(&["type", "role"]);
            let one = json!({"type": kind, "name": node.any(&["label", "name"]), "description": node.text("description").map(|t| html::markup(&self.text(&t)))});
            draft.push("armsInterventionsModule.interventions", one);
        }
        for node in design.all("indications") {
            draft.push("conditionsModule.conditions", node.any(&["label", "description", "name"]));
        }
        self.objectives(design, draft);
    }

    fn objectives(&self, design: Node<'t>, draft: &mut Draft<'_>) {
        for objective in design.all("objectives") {
            objective.pass_over(&["level"]);
            for endpoint in objective.all("endpoints") {
                let level = endpoint.text("level.decode").unwrap_or_default().to_lowercase();
                let path = match () {
                    () if level.contains("primary") => "outcomesModule.primaryOutcomes",
                    () if level.contains("secondary") => "outcomesModule.secondaryOutcomes",
                    () if level.contains("exploratory") => "outcomesModule.otherOutcomes",
                    () => {
                        draft.note(
                            IssueKind::NotConverted,
                            "objectives.endpoints.level",
                            format!("`{level}` is no level of an endpoint; left out"),
                        );
                        continue;
                    }
                };
                let measure = endpoint.any(&["text", "label", "name"]).map(|t| html::line(&self.text(&t)));
                let description = endpoint.text("description").map(|t| html::markup(&self.text(&t)));
                draft.push(path, json!({"measure": measure, "description": description}));
            }
        }
    }

    fn population(&self, design: Node<'t>, draft: &mut Draft<'_>) {
        self.criteria(design, draft);
        let Some(population) = design.at("population") else { return };
        if let Some(healthy) = population.yes("includesHealthySubjects") {
            draft.put("eligibilityModule.healthyVolunteers", healthy);
        }
        let planned = [
            "plannedEnrollmentNumber.value",
            "plannedEnrollmentNumber.maxValue.value",
            "plannedEnrollmentNumber",
        ];
        if let Some(count) = planned.iter().find_map(|path| population.integer(path)) {
            draft.put("designModule.enrollmentInfo", json!({"count": count, "type": "ESTIMATED"}));
        }
        let sexes: Vec<&str> = population
            .all("plannedSex")
            .into_iter()
            .filter_map(|node| words::sex(&node.text("decode")?))
            .collect();
        match sexes[..] {
            [] => {}
            [one] => draft.put("eligibilityModule.sex", one),
            _ => draft.put("eligibilityModule.sex", "ALL"),
        }
        for (lower, end) in [(true, "minValue"), (false, "maxValue")] {
            let Some(node) = population.at("plannedAge").and_then(|age| age.at(end)) else { continue };
            let value = node.text("value");
            let unit = node.any(&["unit.standardCode.decode", "unit.decode"]);
            if let Some((value, unit)) = value.zip(unit) {
                let text = format!("{value} {unit}");
                let text = text.parse::<Age>().map_or(text, |age| age.to_string());
                draft.age(lower, &format!("population.plannedAge.{end}"), Some(text));
            }
        }
    }

    /// The criteria of the design, whose words stand in the items of the version.
    fn criteria(&self, design: Node<'t>, draft: &mut Draft<'_>) {
        let items: HashMap<String, Node<'t>> = self
            .version
            .all("eligibilityCriterionItems")
            .into_iter()
            .filter_map(|node| Some((node.value.get("id")?.as_str()?.to_owned(), node)))
            .collect();
        let (mut takes, mut not) = (Vec::new(), Vec::new());
        for criterion in design.all("eligibilityCriteria").into_iter().chain(self.version.all("criteria")) {
            criterion.pass_over(&["identifier"]);
            let category = criterion.text("category.decode").unwrap_or_default().to_lowercase();
            let item = criterion.text("criterionItemId").and_then(|id| items.get(&id).copied());
            let text =
                item.and_then(|item| item.any(&["text", "label", "name"])).or_else(|| criterion.text("text"));
            let Some(text) = text else {
                draft.note(
                    IssueKind::SourceFault,
                    "eligibilityCriteria.criterionItemId",
                    "no item has the words of this criterion; left out",
                );
                continue;
            };
            let text = format!("- {}", html::line(&self.text(&text)));
            if category.contains("exclusion") {
                not.push(text);
            } else if category.contains("inclusion") {
                takes.push(text);
            } else {
                draft.note(
                    IssueKind::NotConverted,
                    "eligibilityCriteria.category",
                    "it is neither inclusion nor exclusion; left out",
                );
            }
        }
        let joined = |items: Vec<String>| (!items.is_empty()).then(|| items.join("\n"));
        draft.criteria(joined(takes), joined(not));
    }
}

/// The registry's type by the terminology's code, where they mean the same.
fn intervention_type(code: &str) -> Option<&'static str> {
    Some(match code {
        "C1909" => "DRUG",
        "C307" => "BIOLOGICAL",
        "C16830" => "DEVICE",
        "C98769" => "PROCEDURE",
        "C15313" => "RADIATION",
        "C15184" => "BEHAVIORAL",
        "C15238" => "GENETIC",
        "C1505" => "DIETARY_SUPPLEMENT",
        "C54696" => "COMBINATION_PRODUCT",
        "C18020" => "DIAGNOSTIC_TEST",
        _ => return None,
    })
}

fn arm_type(text: &str) -> Option<&'static str> {
    [
        ("placebo", "PLACEBO_COMPARATOR"),
        ("sham", "SHAM_COMPARATOR"),
        ("active comparator", "ACTIVE_COMPARATOR"),
        ("no intervention", "NO_INTERVENTION"),
        ("investigational", "EXPERIMENTAL"),
        ("experimental", "EXPERIMENTAL"),
    ]
    .into_iter()
    .find(|(word, _)| text.contains(word))
    .map(|(_, value)| value)
}
