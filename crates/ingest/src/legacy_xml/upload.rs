//! Results in the form in which sponsors uploaded them (`clinical_result`).
//!
//! Same facts as in the public form, other names; groups are called `Baseline-BaselineRptGroup.1` and become
//! `BG000`, the total becomes the group behind the last.

use model::PartialDate;
use serde_json::Value;

use super::{
    object::{Object, integer, line, list},
    tree::Element,
};

/// The results section.
pub(super) fn section(results: Element<'_>) -> Object {
    let mut out = Object::default();
    let part =
        |name: &'static str, make: fn(Element<'_>) -> Object| results.at(name).map(make).unwrap_or_default();
    out.put("participantFlowModule", part("participantflow", flow));
    out.put("baselineCharacteristicsModule", part("baseline", baseline));
    let mut measures = Object::default();
    measures.put("outcomeMeasures", list(results.all("outcomemeasures/outcomemeasure"), outcome));
    out.put("outcomeMeasuresModule", measures);
    out.put("adverseEventsModule", part("reportedevents", events));
    let mut info = Object::default();
    let mut limits = Object::default();
    limits.markup("description", results.at("limitationsandcaveats/description"));
    info.put("limitationsAndCaveats", limits);
    info.put("certainAgreement", part("certainagreement", agreement));
    info.put("pointOfContact", part("pointofcontact", contact));
    out.put("moreInfoModule", info);
    out
}

/// `ParticipantFlow-ParticipantFlowGroup.2` is `FG001`; a total without a number stands behind the `total` others.
fn group_id(prefix: &str, id: &str, total: usize) -> String {
    let number =
        id.rsplit_once('.').and_then(|(_, n)| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
    match number {
        Some(n) => format!("{prefix}{n:03}"),
        None if id.contains("Total") => format!("{prefix}{total:03}"),
        None => id.to_owned(),
    }
}

fn put_group(out: &mut Object, prefix: &str, element: Element<'_>, total: usize) {
    let id = element.at("reportinggroupid").and_then(line);
    out.put("groupId", id.map(|id| group_id(prefix, &id, total)));
}

fn groups(prefix: &str, from: Vec<Element<'_>>, total: usize) -> Vec<Value> {
    list(from, |e| {
        let mut out = Object::default();
        out.put("id", e.attribute("id").map(|id| group_id(prefix, id, total)));
        out.text("title", e.at("title"));
        out.markup("description", e.at("description"));
        out
    })
}

fn flow(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.markup("preAssignmentDetails", from.at("preassignmentdescription"));
    out.markup("recruitmentDetails", from.at("recruitmentdetails"));
    out.put("groups", groups("FG", from.all("participantflowgroups/flowgroup"), 0));
    out.put("periods", list(from.all("periods/period"), period));
    out
}

fn period(from: Element<'_>) -> Object {
    let mut stages = list(from.all("startedmilestone"), |e| milestone(e, "STARTED"));
    stages.extend(list(from.all("milestones/milestone"), |e| {
        milestone(e, &e.at("title").and_then(line).unwrap_or_default())
    }));
    stages.extend(list(from.all("completedmilestone"), |e| milestone(e, "COMPLETED")));
    stages.extend(list(from.at("otherparticipantflowdetails"), |e| {
        let mut out = Object::default();
        out.put("type", "NOT COMPLETED");
        out.put("achievements", numbers(e.all("otherdetail"), "numbernotcompleted"));
        out
    }));
    let mut out = Object::default();
    out.text("title", from.at("title"));
    out.put("milestones", stages);
    out.put(
        "dropWithdraws",
        list(from.all("dropwithdrawreasons/dropwithdrawreason"), |e| {
            let mut out = Object::default();
            let kind = e.at("reasontype");
            let own = e.any(&["otherreasonname"]);
            kind.into_iter().for_each(Element::pass_over);
            out.text("type", own.or(kind));
            out.put("reasons", numbers(e.all("dropwithdrawreasondetails/reasondetail"), "subjectsaffected"));
            out
        }),
    );
    out
}

fn milestone(from: Element<'_>, kind: &str) -> Object {
    let mut out = Object::default();
    out.put("type", kind);
    let achieved = from.all("milestoneachievements/milestoneachievement");
    out.put("achievements", numbers(achieved, "subjectsachieve"));
    out
}

fn numbers(from: Vec<Element<'_>>, name: &str) -> Vec<Value> {
    list(from, |e| {
        let mut out = Object::default();
        put_group(&mut out, "FG", e, 0);
        out.markup("comment", e.at("comment"));
        out.put("numSubjects", e.elements().find(|c| c.name() == name).and_then(line));
        out
    })
}

fn baseline(from: Element<'_>) -> Object {
    let mut all = from.all("baselinereportinggroups/baselinereportinggroup");
    let total = all.len();
    all.extend(from.at("totalbaselinereportinggroup"));
    let mut out = Object::default();
    out.put("groups", groups("BG", all.clone(), total));
    out.put("denoms", denoms("BG", &all, total));
    out.put(
        "measures",
        list(from.all("baselinemeasures/baselinemeasure"), |e| {
            let mut out = Object::default();
            let title = e.at("title");
            title.into_iter().for_each(Element::pass_over);
            out.text("title", e.any(&["othertitle"]).or(title));
            out.markup("description", e.at("measuredescription"));
            out.choice("paramType", "MeasureParam", e.at("parametertype"));
            out.choice("dispersionType", "MeasureDispersionType", e.at("dispersiontype"));
            out.text("unitOfMeasure", e.at("unitofmeasure"));
            out.put("classes", classes("BG", e, total));
            out
        }),
    );
    out
}

fn denoms(prefix: &str, groups: &[Element<'_>], total: usize) -> Vec<Value> {
    let counts = list(groups.iter().copied(), |e| {
        let mut out = Object::default();
        let analyzed = e.at("subjectsanalyzed").and_then(line);
        out.put("groupId", analyzed.as_ref().and(e.attribute("id")).map(|id| group_id(prefix, id, total)));
        out.put("value", analyzed);
        out
    });
    if counts.is_empty() {
        return Vec::new();
    }
    let mut out = Object::default();
    out.put("units", "Participants");
    out.put("counts", counts);
    vec![out.into()]
}

/// One class without a title, since the form had categories only.
fn classes(prefix: &str, measure: Element<'_>, total: usize) -> Vec<Value> {
    list([measure], |measure| {
        let mut out = Object::default();
        out.put(
            "categories",
            list(measure.all("measurecategories/measurecategory"), |e| {
                let mut out = Object::default();
                out.text("title", e.at("title"));
                let values = e.all("reportedvalues/reportedvalue");
                out.put("measurements", list(values, |v| measurement(prefix, v, total)));
                out
            }),
        );
        out
    })
}

fn measurement(prefix: &str, e: Element<'_>, total: usize) -> Object {
    let mut out = Object::default();
    let names = [
        ("value", "parametervalue"),
        ("spread", "dispersionspread"),
        ("lowerLimit", "dispersionlowerlimit"),
        ("upperLimit", "dispersionupperlimit"),
    ];
    if names.iter().all(|(_, name)| e.any(&[name]).is_none()) {
        e.pass_over();
        return out;
    }
    put_group(&mut out, prefix, e, total);
    for (key, name) in names {
        out.text(key, e.at(name));
    }
    out.markup("comment", e.at("nacomment"));
    out
}

fn outcome(e: Element<'_>) -> Object {
    let mut out = Object::default();
    out.choice("type", "OutcomeMeasureType", e.at("measuretype"));
    out.text("title", e.at("title"));
    out.markup("description", e.at("measuredescription"));
    out.markup("populationDescription", e.at("populationanalysisdescription"));
    out.choice("reportingStatus", "ReportingStatus", e.at("reportingstatus"));
    out.put("anticipatedPostingDate", posting_date(e));
    out.choice("paramType", "MeasureParam", e.at("parametertype"));
    out.text("dispersionType", e.at("dispersiontype"));
    out.text("unitOfMeasure", e.at("unitofmeasure"));
    out.text("timeFrame", e.at("timeframe"));
    out.text("typeUnitsAnalyzed", e.at("typeunitsanalyzed"));
    let all = e.all("outcomereportinggroups/outcomereportinggroup");
    out.put("groups", groups("OG", all.clone(), all.len()));
    out.put("denoms", denoms("OG", &all, all.len()));
    out.put("classes", classes("OG", e, all.len()));
    out
}

/// The month and the year stand apart.
fn posting_date(e: Element<'_>) -> Option<String> {
    let part = |name| e.at("anticipatedresultpostingdate")?.at(name).and_then(line);
    let text = format!("{} {}", part("month")?, part("year")?);
    text.parse::<PartialDate>().ok().map(|d| d.to_string())
}

fn events(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("frequencyThreshold", from.at("frequencyreportingthreshold"));
    out.text("timeFrame", from.at("timeframe"));
    out.markup("description", from.at("notes"));
    let all = from.all("interventiongroups/interventiongroup");
    let mut groups = groups("EG", all.clone(), all.len());
    for (group, e) in groups.iter_mut().zip(all) {
        for (key, name) in [
            ("seriousNumAffected", "numsubjectsseriousevents"),
            ("seriousNumAtRisk", "partatriskseriousevents"),
            ("otherNumAffected", "numsubjectsfrequentevents"),
            ("otherNumAtRisk", "partatriskfrequentevents"),
        ] {
            if let Some(number) = e.at(name).and_then(|n| integer(n, &line(n)?)) {
                group[key] = number;
            }
        }
    }
    out.put("eventGroups", groups);
    let (assessment, vocabulary) = (from.at("assessmenttype"), from.at("sourcevocabulary"));
    assessment.into_iter().chain(vocabulary).for_each(Element::pass_over);
    let make = |e| event(e, assessment, vocabulary);
    out.put("seriousEvents", list(from.all("seriousadverseevents/seriousevent"), make));
    out.put("otherEvents", list(from.all("frequentadverseevents/frequentevent"), make));
    out
}

fn event(e: Element<'_>, assessment: Option<Element<'_>>, vocabulary: Option<Element<'_>>) -> Object {
    let mut out = Object::default();
    out.text("term", e.at("term"));
    out.text("organSystem", e.at("organsystemname"));
    out.text("sourceVocabulary", e.any(&["sourcevocabulary"]).or(vocabulary));
    out.choice("assessmentType", "EventAssessment", e.any(&["assessmenttype"]).or(assessment));
    out.markup("notes", e.at("notes"));
    out.put(
        "stats",
        list(e.all("adverseeventstats/eventstats"), |e| {
            let mut out = Object::default();
            put_group(&mut out, "EG", e, 0);
            out.integer("numEvents", e.at("numevents"));
            out.integer("numAffected", e.at("numsubjectsaffected"));
            out.integer("numAtRisk", e.at("numsubjects"));
            out
        }),
    );
    out
}

fn agreement(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.yes("piSponsorEmployee", from.at("pisponsoremployee"));
    out.choice("restrictionType", "AgreementRestrictionType", from.at("restrictiontype"));
    out.yes("restrictiveAgreement", from.at("restrictiveagreement"));
    out.markup("otherDetails", from.at("otherdetails"));
    out
}

fn contact(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("title", from.at("title"));
    out.text("organization", from.at("organizationname"));
    out.text("email", from.at("email"));
    out.text("phone", from.at("phonenumber"));
    out.text("phoneExt", from.at("phoneextension"));
    out
}
