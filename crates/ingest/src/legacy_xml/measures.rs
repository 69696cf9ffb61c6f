//! Measures: baseline characteristics, outcome measures and their analyses.
//!
//! Numbers stay text, as the registry keeps them (`NA`, `<0.001`). Before 2017 a measure had no classes, and the
//! number of participants analysed was a measure of its own before the first: it becomes the denominator.

use serde_json::Value;

use super::{
    object::{Object, line, list},
    results::{group_id, groups, put_group},
    tree::Element,
};

/// The module of baseline characteristics.
pub(super) fn baseline(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.markup("populationDescription", from.at("population"));
    let measures = from.all("measure_list/measure");
    let (counts, measures) = split_off_counts(&measures);
    let mut denominators = denoms(from);
    denominators.extend(counts.map(old_denom));
    put_units(&mut out, from);
    out.put("groups", groups(from));
    out.put("denoms", denominators);
    out.put(
        "measures",
        list(measures.iter().copied(), |e| {
            let mut out = Object::default();
            out.text("title", e.at("title"));
            measured(&mut out, e, Some("MeasureDispersionType"));
            out
        }),
    );
    out
}

/// The module of outcome measures.
pub(super) fn outcomes(results: Element<'_>) -> Object {
    let mut out = Object::default();
    out.put("outcomeMeasures", list(results.all("outcome_list/outcome"), outcome));
    out
}

fn outcome(element: Element<'_>) -> Object {
    let old = element.all("measure_list/measure");
    let (counts, old) = split_off_counts(&old);
    let measure = element.at("measure").or(old.first().copied());
    let mut out = Object::default();
    out.choice("type", "OutcomeMeasureType", element.at("type"));
    for (key, name, put) in [
        ("title", "title", Object::text as fn(&mut Object, &str, Option<Element<'_>>)),
        ("description", "description", Object::markup),
        ("populationDescription", "population", Object::markup),
    ] {
        put(&mut out, key, element.any(&[name]).or(measure.and_then(|m| m.at(name))));
        if let Some(repeated) = measure.and_then(|m| m.at(name)) {
            pass_over_repetition(repeated, element.at(name));
        }
    }
    out.put("reportingStatus", if measure.is_some() { "POSTED" } else { "NOT_POSTED" });
    out.date("anticipatedPostingDate", element.at("posting_date"));
    if let Some(measure) = measure {
        put_units(&mut out, measure);
        measured(&mut out, measure, None);
    }
    out.text("timeFrame", element.at("time_frame"));
    out.put("groups", groups(element));
    if let Some(counts) = counts {
        out.put("denoms", vec![old_denom(counts)]);
    }
    out.put("analyses", list(element.all("analysis_list/analysis"), analysis));
    out
}

/// Title, description and population stand with the outcome and again with its measure.
fn pass_over_repetition(repeated: Element<'_>, said: Option<Element<'_>>) {
    let different = said.filter(|s| !s.is_blank()).is_some_and(|s| line(s) != line(repeated));
    if different {
        repeated.give_back();
    } else {
        repeated.pass_over();
    }
}

/// The old measure that counts the participants analysed, and the others.
fn split_off_counts<'e, 't>(measures: &'e [Element<'t>]) -> (Option<Element<'t>>, &'e [Element<'t>]) {
    match measures {
        [first, rest @ ..] if is_count(*first) => (Some(*first), rest),
        all => (None, all),
    }
}

fn is_count(measure: Element<'_>) -> bool {
    let title = measure.at("title").and_then(line);
    title.as_deref() == Some("Number of Participants") && measure.at("category_list").is_some()
}

fn old_denom(measure: Element<'_>) -> Value {
    for name in ["title", "units", "param"] {
        measure.at(name).into_iter().for_each(Element::pass_over);
    }
    let counts = list(measure.all("category_list/category/measurement_list/measurement"), |e| {
        let mut out = Object::default();
        put_group(&mut out, "groupId", e);
        out.put("value", e.attribute("value"));
        out
    });
    let mut out = Object::default();
    out.put("units", "Participants");
    out.put("counts", counts);
    out.into()
}

/// What both kinds of measure say of themselves, but for the title.
fn measured(out: &mut Object, e: Element<'_>, dispersion: Option<&str>) {
    if dispersion.is_some() {
        out.markup("description", e.at("description"));
        out.markup("populationDescription", e.at("population"));
    }
    out.choice("paramType", "MeasureParam", e.at("param"));
    match dispersion {
        Some(type_name) => out.choice("dispersionType", type_name, e.at("dispersion")),
        None => out.text("dispersionType", e.at("dispersion")),
    }
    out.text("unitOfMeasure", e.at("units"));
    out.text("denomUnitsSelected", e.at("units_analyzed"));
    out.put("denoms", denoms(e));
    let mut classes = list(e.all("class_list/class"), class);
    if e.at("category_list").is_some() {
        classes.extend(list([e], class));
    }
    out.put("classes", classes);
}

/// A class; the old measure without classes is one class without a title.
fn class(element: Element<'_>) -> Object {
    let mut out = Object::default();
    if element.name() == "class" {
        out.text("title", element.at("title"));
        out.put("denoms", denoms(element));
    }
    out.put("categories", list(element.all("category_list/category"), category));
    out
}

fn category(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("title", element.any(&["title", "sub_title"]));
    out.put("measurements", list(element.all("measurement_list/measurement"), measurement));
    out
}

fn measurement(element: Element<'_>) -> Object {
    let mut out = Object::default();
    put_group(&mut out, "groupId", element);
    for (key, name) in [
        ("value", "value"),
        ("spread", "spread"),
        ("lowerLimit", "lower_limit"),
        ("upperLimit", "upper_limit"),
    ] {
        out.put(key, element.attribute(name));
    }
    out.markup("comment", Some(element));
    out
}

/// How many were analysed, in each unit. `scope` only repeats where the list stands.
fn denoms(from: Element<'_>) -> Vec<Value> {
    list(from.all("analyzed_list/analyzed"), |e| {
        e.at("scope").into_iter().for_each(Element::pass_over);
        let mut out = Object::default();
        out.text("units", e.at("units"));
        out.put(
            "counts",
            list(e.all("count_list/count"), |e| {
                let mut out = Object::default();
                put_group(&mut out, "groupId", e);
                out.put("value", e.attribute("value"));
                out
            }),
        );
        out
    })
}

/// The unit other than participants in which something was counted.
fn put_units(out: &mut Object, from: Element<'_>) {
    let units = from.all("analyzed_list/analyzed/units").into_iter().filter_map(line);
    out.put("typeUnitsAnalyzed", units.into_iter().find(|u| u != "Participants"));
}

fn analysis(e: Element<'_>) -> Object {
    let mut out = Object::default();
    let ids = e.all("group_id_list/group_id").into_iter().filter_map(line);
    out.put("groupIds", ids.map(|id| group_id(&id)).collect::<Vec<_>>());
    out.markup("groupDescription", e.at("groups_desc"));
    out.yes("testedNonInferiority", e.at("non_inferiority"));
    out.choice("nonInferiorityType", "NonInferiorityType", e.at("non_inferiority_type"));
    out.markup("nonInferiorityComment", e.at("non_inferiority_desc"));
    out.text("pValue", e.at("p_value"));
    out.markup("pValueComment", e.at("p_value_desc"));
    out.text("statisticalMethod", e.at("method"));
    out.markup("statisticalComment", e.at("method_desc"));
    out.text("paramType", e.at("param_type"));
    out.text("paramValue", e.at("param_value"));
    out.choice("dispersionType", "AnalysisDispersionType", e.at("dispersion_type"));
    out.text("dispersionValue", e.at("dispersion_value"));
    out.text("ciPctValue", e.at("ci_percent"));
    out.choice("ciNumSides", "ConfidenceIntervalNumSides", e.at("ci_n_sides"));
    out.text("ciLowerLimit", e.at("ci_lower_limit"));
    out.text("ciUpperLimit", e.at("ci_upper_limit"));
    out.markup("ciLowerLimitComment", e.at("ci_lower_limit_na_comment"));
    out.markup("ciUpperLimitComment", e.at("ci_upper_limit_na_comment"));
    out.markup("estimateComment", e.at("estimate_desc"));
    out.markup("otherAnalysisDescription", e.at("other_analysis_desc"));
    out
}
