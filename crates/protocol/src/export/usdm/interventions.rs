//! What is given: interventions and how they are administered.

use serde_json::{Value, json};

use super::{Named, Writer};
use crate::{
    export::terms::{self, Term},
    protocol::{Dose, Role, Status},
    text,
};

impl Writer<'_> {
    /// Every intervention that the record lists or that is dosed, with its administrations.
    pub(super) fn interventions(&mut self) -> (Vec<Value>, Named) {
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

    pub(super) fn role(&self, name: &str, doses: &[&Dose]) -> Term {
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
    pub(super) fn administration(&mut self, dose: &Dose) -> Value {
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
}
