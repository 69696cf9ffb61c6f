//! The design: epochs, arms, the timeline and what is done when.

use serde_json::{Value, json};

use super::{Named, Writer, described, gets, link, unique};
use crate::{
    export::{
        moments::{self, Activity, Moment, iso},
        terms,
    },
    text::length,
};

impl Writer<'_> {
    pub(super) fn design(&mut self, interventions: &Named, criteria: &[Value]) -> Value {
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
    pub(super) fn epochs(&mut self) -> Vec<(String, Value)> {
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

    pub(super) fn arms(
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
    pub(super) fn timeline(
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

    pub(super) fn timing(&mut self, moment: &Moment, instance: &Value, anchor: &Value) -> Value {
        let fixed = instance == anchor;
        let term = match (fixed, moment.days < 0.0) {
            (true, _) => ("C201358", "Fixed Reference Timing Type"),
            (_, true) => ("C201357", "Before Timing Type"),
            _ => ("C201356", "After Timing Type"),
        };
        let (kind, between) = (self.code(term), self.code(("C201355", "Start to Start")));
        let lower = moment.window.map(|w| iso(w.before));
        let upper = moment.window.map(|w| iso(w.after));
        let window = moment.window.map(|w| format!("-{} to +{}", length(w.before), length(w.after)));
        self.object(
            "Timing",
            json!({"windowLower": lower, "windowUpper": upper, "windowLabel": window, "name": format!("Timing of {}", moment.label), "label": moment.label, "type": kind, "value": moment.iso,
                "valueLabel": moment.label, "relativeToFrom": between, "relativeFromScheduledInstanceId": instance,
                "relativeToScheduledInstanceId": if fixed { &Value::Null } else { anchor }}),
        )
    }

    pub(super) fn activities(
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
}
