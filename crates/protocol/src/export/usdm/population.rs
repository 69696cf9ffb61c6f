//! Who is studied and why: objectives, population, criteria.

use serde_json::{Value, json};

use eligibility::tree::Section;
use model::Age;

use super::{Writer, link, short, unique};
use crate::{
    export::terms::Term,
    record::{Rank, Record},
};

impl Writer<'_> {
    pub(super) fn objectives(&mut self) -> Vec<Value> {
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
                let endpoint = json!({"name": format!("{name}: {label}"), "label": label, "description": outcome.description.as_ref().map(|d| d.text.source),
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

    pub(super) fn population(&mut self, criteria: &[Value]) -> Value {
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
    pub(super) fn criteria(&mut self) -> (Vec<Value>, Vec<Value>) {
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
    pub(super) fn ages(&mut self) -> Option<Value> {
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
