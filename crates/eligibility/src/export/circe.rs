//! OHDSI Circe: a cohort expression for ATLAS and WebAPI.
//!
//! The index date is that of the evaluation; screening, enrollment and the start of the study count as it. Circe
//! knows no missing value: where there is no record, a fact is absent. Negations are pushed down to the leaves. What
//! cannot be expressed is left out only where that widens the cohort; where it stands beside alternatives, all of
//! them are left out, and where it refines something excluded, that is left out. Only facts without a time of their
//! own are read wider: any record up to the index date counts, also where it excludes. Concepts have the codes of
//! their vocabularies and the concept id 0: the ids of OMOP's tables must be filled in.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};

use crate::names::Names;
use crate::notation::number;
use crate::tree::{
    Bound, Cmp, Code, Coded, Criteria, Exposure, Extent, Has, Kind, Node, Number, Op, Polarity, Relation,
    Section, Var, When,
};

use super::{About, Export, Gaps, conditions, definition, for_people, refinements};

/// The criteria as a Circe cohort expression.
pub fn export(criteria: &Criteria, about: About<'_>, names: &dyn Names) -> Export {
    let mut cohort = Cohort { gaps: Gaps::new(names), sets: Vec::new() };
    let mut rules = Vec::new();
    cohort.gaps.say(about.title.to_owned(), DOCUMENT);
    for item in &criteria.items {
        cohort.gaps.enter(item);
        let Some(expr) = &item.expr else {
            cohort.gaps.no_tree();
            continue;
        };
        if let Some(part) = cohort.node(expr, item.polarity != Some(Polarity::Forbid)) {
            let expression = match part {
                Part::Group(group) => group,
                part => group("ALL", None, vec![part]),
            };
            let name = format!("{} {} {}", about.id, item.section, item.number);
            let description = crate::english::print_item_with(item, names);
            rules.push(
                json!({"name": name.trim_start(), "description": description, "expression": expression}),
            );
        }
    }
    let sets = cohort.concept_sets();
    let document = json!({
        "ConceptSets": sets,
        "PrimaryCriteria": {
            "CriteriaList": [{"ObservationPeriod": {}}],
            "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
            "PrimaryCriteriaLimit": {"Type": "First"},
        },
        "QualifiedLimit": {"Type": "First"},
        "ExpressionLimit": {"Type": "First"},
        "InclusionRules": rules,
        "CensoringCriteria": [],
        "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0},
        "CensorWindow": {},
        "cdmVersionRange": ">=5.0.0",
    });
    Export { document, not_expressed: cohort.gaps.found }
}

const DOCUMENT: &str = "the index event must be chosen: the document takes each observation period; a fact without a \
                        record counts as absent, not as unknown; values of any time up to the index date count";

/// A member of a group, by the list it stands in.
enum Part {
    Criterion(Value),
    Demographic(Value),
    Group(Value),
}

struct Cohort<'n> {
    gaps: Gaps<'n>,
    /// The ids that have a concept set, in the order of the sets, and the item that needed each first.
    sets: Vec<(String, Option<(Section, Number)>)>,
}

fn group(kind: &str, count: Option<usize>, parts: Vec<Part>) -> Value {
    let (mut criteria, mut demographic, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Criterion(value) => criteria.push(value),
            Part::Demographic(value) => demographic.push(value),
            Part::Group(value) => groups.push(value),
        }
    }
    let mut out = Map::new();
    out.insert("Type".to_owned(), kind.into());
    out.extend(count.map(|count| ("Count".to_owned(), count.into())));
    out.insert("CriteriaList".to_owned(), criteria.into());
    out.insert("DemographicCriteriaList".to_owned(), demographic.into());
    out.insert("Groups".to_owned(), groups.into());
    out.into()
}

fn concept_set(place: usize, id: &str, names: &dyn Names) -> Value {
    let name = names.name(id).unwrap_or_else(|| id.to_owned());
    let item = |code: Value, vocabulary: Value, name: &str| {
        json!({
            "concept": {
                "CONCEPT_ID": 0, "CONCEPT_NAME": name, "CONCEPT_CODE": code, "VOCABULARY_ID": vocabulary,
            },
            "isExcluded": false, "includeDescendants": true, "includeMapped": true,
        })
    };
    let codes = names.codes(id).into_iter();
    let coded =
        codes.map(|c| item(c.code.into(), c.system.omop().into(), c.display.as_deref().unwrap_or(&name)));
    let mut items: Vec<Value> = coded.collect();
    if items.is_empty() {
        items.push(item(Value::Null, Value::Null, &name));
    }
    json!({"id": place, "name": name, "expression": {"items": items}})
}

impl Cohort<'_> {
    /// The number of the concept set for an id.
    fn set(&mut self, id: &str) -> usize {
        self.sets.iter().position(|(known, _)| known == id).unwrap_or_else(|| {
            self.sets.push((id.to_owned(), self.gaps.item));
            self.sets.len() - 1
        })
    }

    /// The concept sets, and what must be filled in.
    fn concept_sets(&mut self) -> Vec<Value> {
        let mut out = Vec::new();
        for (place, (id, item)) in std::mem::take(&mut self.sets).iter().enumerate() {
            let why = if self.gaps.names.codes(id).is_empty() {
                "its concept set has a name only: fill in the concepts"
            } else {
                "its concept set has the codes of their vocabularies and no concept ids: fill them in"
            };
            self.gaps.item = *item;
            self.gaps.say(self.gaps.name(id), why);
            out.push(concept_set(place, id, self.gaps.names));
        }
        out
    }

    fn node(&mut self, node: &Node, want: bool) -> Option<Part> {
        match &node.op {
            Op::Not(arg) => self.node(arg, !want),
            Op::And(args) if want => self.all(args, want),
            Op::Or(args) if !want => self.all(args, want),
            Op::And(args) | Op::Or(args) => self.some(node, 1, args, want),
            Op::AtLeast { k, args } => {
                let (k, n) = (*k as usize, args.len());
                let least = if want { k } else { (n + 1).saturating_sub(k) };
                self.some(node, least, args, want)
            }
            op => match for_people(op) {
                Some(why) => self.left_out(node, why),
                None => self.leaf(node, want),
            },
        }
    }

    fn left_out(&mut self, node: &Node, why: impl Into<String>) -> Option<Part> {
        self.gaps.node(node, why);
        None
    }

    fn all(&mut self, args: &[Node], want: bool) -> Option<Part> {
        let parts: Vec<Part> = args.iter().filter_map(|arg| self.node(arg, want)).collect();
        (!parts.is_empty()).then(|| Part::Group(group("ALL", None, parts)))
    }

    /// At least so many of these; members that cannot be expressed count as met.
    fn some(&mut self, node: &Node, least: usize, args: &[Node], want: bool) -> Option<Part> {
        let sets = self.sets.len();
        let parts: Vec<Part> = args.iter().filter_map(|arg| self.node(arg, want)).collect();
        let lost = args.len() - parts.len();
        if least > args.len() || least <= lost {
            self.sets.truncate(sets);
        }
        if least > args.len() || least == 0 {
            return self.left_out(node, "as it is written it is never or always true");
        }
        if least <= lost {
            return self
                .left_out(node, "left out as a whole: enough of its alternatives cannot be expressed");
        }
        match least - lost {
            1 => Some(Part::Group(group("ANY", None, parts))),
            count => Some(Part::Group(group("AT_LEAST", Some(count), parts))),
        }
    }

    fn leaf(&mut self, node: &Node, want: bool) -> Option<Part> {
        match &node.op {
            Op::Cmp(cmp) if &*cmp.var.0 == "age" => self.age(node, cmp, want),
            Op::Cmp(cmp) => self.cmp(node, cmp, want),
            Op::Coded(coded) if &*coded.var.0 == "sex" => self.sex(node, coded, want),
            Op::Coded(coded) => self.coded(node, coded, want),
            Op::Has(has) => self.has(node, has, want),
            Op::Exposure(exposure) => self.exposure(node, exposure, want),
            Op::Abnormal { vars } if !vars.is_empty() => {
                let part = |var: &Var| {
                    let of = json!({"CodesetId": self.set(&var.0), "Abnormal": true});
                    occurs("Measurement", of, &Days::past(), 1, want)
                };
                let parts: Vec<Part> = vars.iter().map(part).collect();
                Some(Part::Group(group(if want { "ANY" } else { "ALL" }, None, parts)))
            }
            Op::Change(_) => self.left_out(node, "Circe has no change of a value"),
            Op::Order { .. } => self.left_out(node, "Circe has no order of two facts"),
            _ => self.left_out(node, "it names no variable"),
        }
    }

    /// Whether a leaf may stand without some of what it says; says so, or that it is left out.
    fn may_lack(&mut self, node: &Node, lacking: &[&str], want: bool) -> bool {
        if lacking.is_empty() {
            return true;
        }
        let what = lacking.join(", ");
        let kept =
            if want { "it stands without it" } else { "it is left out, since it would exclude too many" };
        self.gaps.node(node, format!("Circe has no place for {what}: {kept}"));
        want
    }

    fn age(&mut self, node: &Node, cmp: &Cmp, want: bool) -> Option<Part> {
        if cmp.unit != "a" || !conditions(cmp).is_empty() || (cmp.lo.is_none() && cmp.hi.is_none()) {
            return self.left_out(node, "Circe knows ages in years only");
        }
        let ranges = ranges(cmp.lo, cmp.hi, want);
        let parts = ranges.into_iter().map(|age| Part::Demographic(json!({"Age": age}))).collect();
        Some(Part::Group(group(if want { "ALL" } else { "ANY" }, None, parts)))
    }

    fn cmp(&mut self, node: &Node, cmp: &Cmp, want: bool) -> Option<Part> {
        let mut lacking = conditions(cmp);
        lacking.extend(cmp.method.is_some().then_some("method"));
        if !self.may_lack(node, &lacking, want) {
            return None;
        }
        if cmp.lo.is_some() && cmp.hi.is_some() && range(cmp.lo, cmp.hi).is_none() {
            if !want {
                return self.left_out(node, "Circe has no interval with an open end");
            }
            self.gaps.node(node, "the two ends may be met by two measurements");
        }
        let set = self.set(&cmp.var.0);
        let key = match cmp.unit.as_str() {
            "{ULN}" => "RangeHighRatio",
            "{LLN}" => "RangeLowRatio",
            _ => "ValueAsNumber",
        };
        let values = range(cmp.lo, cmp.hi).map_or_else(|| ranges(cmp.lo, cmp.hi, true), |one| vec![one]);
        let measured = |value: Option<Value>| {
            let mut of = Map::new();
            of.insert("CodesetId".to_owned(), set.into());
            of.extend(value.map(|value| (key.to_owned(), value)));
            if key == "ValueAsNumber" && !cmp.unit.is_empty() {
                let unit = json!([{"CONCEPT_ID": 0, "CONCEPT_CODE": cmp.unit, "VOCABULARY_ID": "UCUM"}]);
                of.insert("Unit".to_owned(), unit);
            }
            occurs("Measurement", of.into(), &Days::past(), 1, want)
        };
        if values.is_empty() {
            return Some(measured(None));
        }
        let mut parts: Vec<Part> = values.into_iter().map(|value| measured(Some(value))).collect();
        if parts.len() == 1 { parts.pop() } else { Some(Part::Group(group("ALL", None, parts))) }
    }

    fn sex(&mut self, node: &Node, coded: &Coded, want: bool) -> Option<Part> {
        let known = |code: &Code| match code {
            Code::Word(word) if word == "male" => Some(json!({"CONCEPT_ID": 8507, "CONCEPT_NAME": "MALE"})),
            Code::Word(word) if word == "female" => {
                Some(json!({"CONCEPT_ID": 8532, "CONCEPT_NAME": "FEMALE"}))
            }
            _ => None,
        };
        match coded.values.iter().map(known).collect::<Option<Vec<Value>>>() {
            Some(sexes) if want && !sexes.is_empty() => Some(Part::Demographic(json!({"Gender": sexes}))),
            _ => self.left_out(node, "Circe knows male and female only, and no exclusion of one"),
        }
    }

    fn coded(&mut self, node: &Node, coded: &Coded, want: bool) -> Option<Part> {
        let mut lacking = Vec::new();
        lacking.extend(coded.specimen.is_some().then_some("specimens"));
        lacking.extend(coded.when.is_some().then_some("when it is measured"));
        if !self.may_lack(node, &lacking, want) {
            return None;
        }
        if coded.values.is_empty() {
            return self.left_out(node, "it names no value");
        }
        let set = self.set(&coded.var.0);
        let mut words = Vec::new();
        let mut parts = Vec::new();
        for value in &coded.values {
            match value {
                Code::Word(word) => words.push(json!({"CONCEPT_ID": 0, "CONCEPT_NAME": word})),
                Code::Integer(n) => {
                    let of = json!({"CodesetId": set, "ValueAsNumber": {"Value": n, "Op": "eq"}});
                    parts.push(occurs("Measurement", of, &Days::past(), 1, want));
                }
            }
        }
        if !words.is_empty() {
            self.gaps.node(node, "the values have names and no concept ids: fill them in");
            let of = json!({"CodesetId": set, "ValueAsConcept": words});
            parts.push(occurs("Measurement", of, &Days::past(), 1, want));
        }
        Some(Part::Group(group(if want { "ANY" } else { "ALL" }, None, parts)))
    }

    fn has(&mut self, node: &Node, has: &Has, want: bool) -> Option<Part> {
        if let Some(defined) = definition(has) {
            self.gaps.node(node, "its definition stands for it; what else is said of it is left out");
            return self.node(defined, want);
        }
        if !self.may_lack(node, &refinements(has), want) {
            return None;
        }
        let table = match has.kind {
            Kind::Condition => "ConditionOccurrence",
            Kind::Finding | Kind::Status | Kind::Event | Kind::Allergy => "Observation",
            Kind::Procedure | Kind::Treatment => "ProcedureOccurrence",
            Kind::Drug | Kind::DrugClass => "DrugExposure",
            Kind::Need => return self.left_out(node, "OMOP has no table of what is needed"),
        };
        let current = matches!(&has.when, Some(When { window: None, relation: Relation::Current, .. }));
        if current && !self.may_lack(node, &["what is current"], want) {
            return None;
        }
        let days = match &has.when {
            Some(when) if !current => days_of(when),
            _ => Some(Days::past()),
        };
        let Some(days) = days else {
            return self.left_out(node, "Circe has windows of days around the index date only");
        };
        if days.rounded {
            self.gaps.node(node, "a month counts as 30 days and a year as 365");
        }
        let count = match has.count.map(least_count) {
            None => 1,
            Some(Some(count)) => count,
            Some(None) => return self.left_out(node, "it is not a count"),
        };
        let set = self.set(&has.concept.0);
        Some(occurs(table, json!({"CodesetId": set}), &days, count, want))
    }

    fn exposure(&mut self, node: &Node, exposure: &Exposure, want: bool) -> Option<Part> {
        let (drugs, all): (Vec<&Node>, bool) = match &exposure.to.op {
            Op::And(args) => (args.iter().collect(), true),
            Op::Or(args) => (args.iter().collect(), false),
            _ => (vec![&exposure.to], true),
        };
        let mut ids = Vec::new();
        for drug in drugs {
            match &drug.op {
                Op::Has(has)
                    if matches!(has.kind, Kind::Drug | Kind::DrugClass) && has.defined_by.is_none() =>
                {
                    let mut lacking = refinements(has);
                    lacking.extend(has.when.is_some().then_some("time of the treatment"));
                    if !self.may_lack(drug, &lacking, want) {
                        return self.left_out(node, "one of the drugs is left out");
                    }
                    ids.push(&*has.concept.0);
                }
                _ => return self.left_out(node, "Circe has lengths of treatment for drugs only"),
            }
        }
        let Some((length, rounded)) = length_in_days(&exposure.duration) else {
            return self.left_out(node, "Circe has lengths in days only");
        };
        if rounded {
            self.gaps.node(node, "a month counts as 30 days and a year as 365");
        }
        if exposure.concurrent && !self.may_lack(node, &["drugs given together"], want) {
            return None;
        }
        let mut parts = Vec::new();
        for id in ids {
            let set = self.set(id);
            let of = json!({"CodesetId": set, "EraLength": length});
            parts.push(occurs("DrugEra", of, &Days::past(), 1, want));
        }
        if parts.is_empty() {
            return self.left_out(node, "it names no drug");
        }
        Some(Part::Group(group(if all == want { "ALL" } else { "ANY" }, None, parts)))
    }
}

/// A criterion with its window and how often it must occur: at least `count` times, or fewer.
fn occurs(table: &str, of: Value, days: &Days, count: u64, want: bool) -> Part {
    let end = |days: Option<u64>, coeff: i8| match days {
        Some(days) => json!({"Days": days, "Coeff": coeff}),
        None => json!({"Coeff": coeff}),
    };
    let occurrence = match (want, count) {
        (true, count) => json!({"Type": 2, "Count": count}),
        (false, 0 | 1) => json!({"Type": 0, "Count": 0}),
        (false, count) => json!({"Type": 1, "Count": count - 1}),
    };
    Part::Criterion(json!({
        "Criteria": {table: of},
        "StartWindow": {"Start": end(days.start.0, days.start.1), "End": end(days.end.0, days.end.1),
            "UseEventEnd": false, "UseIndexEnd": false},
        "Occurrence": occurrence,
    }))
}

/// A window around the index date: days (`None` is all) before (-1) or after (1) it.
struct Days {
    start: (Option<u64>, i8),
    end: (Option<u64>, i8),
    rounded: bool,
}

impl Days {
    fn past() -> Self {
        Self { start: (None, -1), end: (Some(0), 1), rounded: false }
    }
}

/// The window of a time; `None` for what Circe cannot say.
fn days_of(when: &When) -> Option<Days> {
    let Some(window) = &when.window else {
        return match when.relation {
            Relation::Ever | Relation::Before => Some(Days::past()),
            _ => None,
        };
    };
    let (days, rounded) = in_days(window.value, &window.unit)?;
    let whole = days.floor() == days;
    let days = days.floor().to_u64()?;
    let days = if window.incl || !whole { days } else { days.checked_sub(1)? };
    match when.relation {
        Relation::Before => Some(Days { start: (Some(days), -1), end: (Some(0), 1), rounded }),
        Relation::After => Some(Days { start: (Some(0), 1), end: (Some(days), 1), rounded }),
        _ => None,
    }
}

/// A time in days, and whether that is only about so long.
fn in_days(value: Decimal, unit: &str) -> Option<(Decimal, bool)> {
    let (factor, rounded) = match unit {
        "d" => (1, false),
        "wk" => (7, false),
        "mo" => (30, true),
        "a" => (365, true),
        _ => return None,
    };
    Some((value.checked_mul(factor.into())?, rounded))
}

fn length_in_days(e: &Extent) -> Option<(Value, bool)> {
    let days = |b: Bound| in_days(b.value, &e.unit).map(|(value, _)| Bound { value, ..b });
    let (lo, hi) = (e.lo.map(days), e.hi.map(days));
    if lo == Some(None) || hi == Some(None) {
        return None;
    }
    let rounded = matches!(e.unit.as_str(), "mo" | "a");
    range(lo.flatten(), hi.flatten()).map(|range| (range, rounded))
}

/// The least count that is meant.
fn least_count(b: Bound) -> Option<u64> {
    let least = if b.incl { b.value.ceil() } else { b.value.floor().checked_add(1.into())? };
    least.to_u64()
}

/// One numeric range of Circe, if one can say it.
fn range(lo: Option<Bound>, hi: Option<Bound>) -> Option<Value> {
    match (lo, hi) {
        (Some(l), Some(h)) if l == h && l.incl => Some(json!({"Value": number(l.value), "Op": "eq"})),
        (Some(l), Some(h)) if l.incl && h.incl => {
            Some(json!({"Value": number(l.value), "Extent": number(h.value), "Op": "bt"}))
        }
        (Some(l), None) => Some(json!({"Value": number(l.value), "Op": if l.incl { "gte" } else { "gt" }})),
        (None, Some(h)) => Some(json!({"Value": number(h.value), "Op": if h.incl { "lte" } else { "lt" }})),
        _ => None,
    }
}

/// The ranges that together (all of them) say the interval, or (any of them) its outside.
fn ranges(lo: Option<Bound>, hi: Option<Bound>, inside: bool) -> Vec<Value> {
    let turned = |b: Option<Bound>| b.map(|b| Bound { value: b.value, incl: !b.incl });
    let ends = if inside {
        [range(lo, None), range(None, hi)]
    } else {
        [range(None, turned(lo)), range(turned(hi), None)]
    };
    ends.into_iter().flatten().collect()
}
