//! Captures of our own invention in the layouts of the four sites: invented studies, names and places.

use super::*;

/// Three arms of which one gets nothing, a label that reads like a type, several ids and contacts, thousands, mixed
/// units of age, a paragraph that reads like a heading.
pub const VEEVA: &str = "ClinicalTrials.Veeva

Menu

Evening Light and Sleep in Adolescents (EVELISA)

N

Northport Institute of Sleep

Status and phase

Active, not recruiting
N/A

Conditions

Insomnia
Delayed Sleep Phase

Treatments

Device: Amber lamp
Behavioral: Sleep diary
Device: Dim lamp

Study type

Interventional

Funder types

Industry

Identifiers

NCT90000123
NIS-17
2031-000017-40

Details and patient eligibility

About

Does amber light help?

Sex

is asked for in the diary, <2 minutes a day.

Enrollment

1,240 estimated patients

Sex

Female

Ages

6 months to 17 years old

Volunteers

Accepts Healthy Volunteers

Inclusion criteria

Any of:

  • Trouble falling asleep:
      ◦ > 30 minutes
      ◦ on 3 nights a week
  • Consent

Exclusion criteria

  • Shift work

Trial design

Primary purpose

Supportive Care

Allocation

Non-Randomized

Interventional model

Crossover Assignment

Masking

Triple Blind

1,240 participants in 3 patient groups, including a placebo group

Experimental group
Experimental group
Description:
Amber light.

Every evening.
Treatment:
Device: Amber lamp
Behavioral: Sleep diary
Placebo Comparator group
Placebo Comparator group
Description:
Sham light of the dim lamp
Treatments:
Device: Dim lamp
Behavioral: Sleep diary
Waiting list
No Intervention group
Description:
No lamp

Trial contacts and locations

12

Loading...

Central trial contact

Ada Nordlund, MD; Per Ostby
Study desk

Data sourced from clinicaltrials.gov

Clinical trials
";

#[test]
fn veeva_variants() {
    let read = check(VEEVA, Format::PageVeeva);
    assert_eq!(text(&read, "identificationModule.acronym"), "EVELISA");
    assert_eq!(at(&read, "identificationModule.secondaryIdInfos"), &json!([{"id": "2031-000017-40"}]));
    assert_eq!(
        at(&read, "sponsorCollaboratorsModule.leadSponsor"),
        &json!({"name": "Northport Institute of Sleep", "class": "INDUSTRY"})
    );
    assert_eq!(text(&read, "statusModule.overallStatus"), "ACTIVE_NOT_RECRUITING");
    assert_eq!(at(&read, "designModule.phases"), &json!(["NA"]));
    assert_eq!(
        text(&read, "descriptionModule.briefSummary"),
        "Does amber light help?\n\nSex\n\nis asked for in the diary, \\<2 minutes a day."
    );
    assert_eq!(at(&read, "designModule.enrollmentInfo"), &json!({"count": 1240, "type": "ESTIMATED"}));
    assert_eq!(
        at(&read, "designModule.designInfo"),
        &json!({
            "primaryPurpose": "SUPPORTIVE_CARE",
            "allocation": "NON_RANDOMIZED",
            "interventionModel": "CROSSOVER",
            "maskingInfo": {"masking": "TRIPLE"},
        })
    );
    assert_eq!(
        at(&read, "eligibilityModule"),
        &json!({
            "sex": "FEMALE",
            "minimumAge": "6 Months",
            "maximumAge": "17 Years",
            "healthyVolunteers": true,
            "eligibilityCriteria": "Inclusion Criteria:\n\nAny of:\n\n  * Trouble falling asleep:\n      * \\> 30 minutes\n      \
                * on 3 nights a week\n  * Consent\n\nExclusion Criteria:\n\n* Shift work",
        })
    );
    let arms = at(&read, "armsInterventionsModule.armGroups");
    assert_eq!(
        arms,
        &json!([
            {
                "label": "Experimental group",
                "type": "EXPERIMENTAL",
                "description": "Amber light.\n\nEvery evening.",
                "interventionNames": ["Device: Amber lamp", "Behavioral: Sleep diary"],
            },
            {
                "label": "Placebo Comparator group",
                "type": "PLACEBO_COMPARATOR",
                "description": "Sham light of the dim lamp",
                "interventionNames": ["Device: Dim lamp", "Behavioral: Sleep diary"],
            },
            {"label": "Waiting list", "type": "NO_INTERVENTION", "description": "No lamp"},
        ])
    );
    let labels = &at(&read, "armsInterventionsModule.interventions")[1]["armGroupLabels"];
    assert_eq!(labels, &json!(["Experimental group", "Placebo Comparator group"]));
    assert_eq!(
        at(&read, "contactsLocationsModule.centralContacts"),
        &json!([{"name": "Ada Nordlund, MD"}, {"name": "Per Ostby"}, {"name": "Study desk"}])
    );
    assert_eq!(page(&read)["locationsCount"], 12);
    assert!(read.issues.is_empty(), "{:?}", read.issues);
}

#[test]
fn veeva_contradictions_are_reported() {
    let page =
        VEEVA.replace("1,240 participants in 3", "1,200 participants in 4").replace("(EVELISA)", "(LSA)");
    let page = page
        .replace("Sleep in Adolescents", "Late Sleep Amber")
        .replace("Device: Dim lamp\nBeh", "Drug: X\nBeh");
    let read = check(&page, Format::PageVeeva);
    assert_eq!(count(&read, IssueKind::Contradiction, "participants"), 1);
    assert_eq!(count(&read, IssueKind::Contradiction, "4 groups"), 1);
    assert_eq!(count(&read, IssueKind::Contradiction, "`Drug: X`"), 1);
    assert_eq!(count(&read, IssueKind::NotConverted, "(LSA)"), 1);
    assert_eq!(at(&read, "designModule.enrollmentInfo.count"), 1240);
}

#[test]
fn veeva_ages_and_observational_groups() {
    for (printed, least, most) in [
        ("18+ years old", json!("18 Years"), Value::Null),
        ("Under 1 year old", Value::Null, json!("1 Year")),
        ("2 to 11 months old", json!("2 Months"), json!("11 Months")),
        ("All", Value::Null, Value::Null),
    ] {
        let read = check(&VEEVA.replace("6 months to 17 years old", printed), Format::PageVeeva);
        assert_eq!(at(&read, "eligibilityModule.minimumAge"), &least, "{printed}");
        assert_eq!(at(&read, "eligibilityModule.maximumAge"), &most, "{printed}");
    }
    let cut = VEEVA.find("Primary purpose").unwrap();
    let end = VEEVA.find("Trial contacts").unwrap();
    let groups = "30 participants in 2 patient groups\n\nCases\nDescription:\nWith insomnia\nControls\nDescription:\n\
        Without\nTreatment:\nBehavioral: Sleep diary\n\n";
    let page =
        format!("{}{groups}{}", &VEEVA[..cut], &VEEVA[end..]).replace("Interventional\n", "Observational\n");
    let read = check(&page.replace("\nN/A\n", "\n"), Format::PageVeeva);
    assert!(at(&read, "designModule.phases").is_null());
    assert_eq!(text(&read, "designModule.studyType"), "OBSERVATIONAL");
    assert_eq!(
        at(&read, "armsInterventionsModule.armGroups"),
        &json!([
            {"label": "Cases", "description": "With insomnia"},
            {"label": "Controls", "description": "Without", "interventionNames": ["Behavioral: Sleep diary"]},
        ])
    );
}

/// Two rows of one arm, a name within a name, an arm without intervention, time frames of every kind, several sites.
pub const MEDPATH: &str = "MedPath

Warm Socks for Cold Feet

Warm Socks for Cold Feet

Phase 2
Recruiting
Conditions
Cold Feet
Interventions
Device: Socks
Device: Socks, heated
Drug: Vitamin B3
Registration Number
NCT90000124
Lead Sponsor
Fjord Clinic
Brief Summary

Warm socks & cold feet. The pain score counts, and TcPO2 too.

Recruitment & Eligibility

Status
RECRUITING
Sex
Male
Target Recruitment
1,060
Inclusion Criteria
  1. Feet <20 degrees
  2. Adult
Exclusion Criteria
  • Hot feet

Study & Design

Study Type
INTERVENTIONAL
Study Design
FACTORIAL
Arm && Interventions
GroupInterventionDescription
Heated armSocks, heatedTen hours a day
Heated armVitamin B3500 mg a day
Plain armSocksPlain wool

and a leaflet.
No treatment at all
Primary Outcome Measures
NameTimeMethod
Skin temperatureBaseline, week 12

By thermometer.

Two places.

Pain scoreup to 2 years
HbA1c12 weeks

Blood.

Walking distanceDay 1 to Day 28
Secondary Outcome Measures
NameTimeMethod
TcPO23 months
SF-3612 weeks
Satisfaction at 3 months
SurvivalThrough study completion, an average of 1 year
Healing (complete)From enrollment to the end of treatment at 8 weeks

Trial Locations

Locations (3)

Fjord Clinic

\u{1f1f3}\u{1f1f4}

Bergen, Norway

Foot House

\u{1f1f0}\u{1f1f7}

Busan, Korea, Republic of

\u{1f1fa}\u{1f1f8}

Saint Paul, Minnesota, United States

\u{a9} Copyright 2025. All Rights Reserved by MedPath
";

#[test]
fn medpath_variants() {
    let read = check(MEDPATH, Format::PageMedPath);
    assert_eq!(text(&read, "identificationModule.briefTitle"), "Warm Socks for Cold Feet");
    assert_eq!(count(&read, IssueKind::SourceFault, "printed twice"), 1);
    assert_eq!(count(&read, IssueKind::SourceFault, "one phase"), 1);
    assert_eq!(at(&read, "designModule.enrollmentInfo.count"), 1060);
    assert_eq!(text(&read, "designModule.designInfo.interventionModel"), "FACTORIAL");
    assert_eq!(
        at(&read, "armsInterventionsModule.armGroups"),
        &json!([
            {"label": "Heated arm", "interventionNames": ["Device: Socks, heated", "Drug: Vitamin B3"]},
            {
                "label": "Plain arm",
                "interventionNames": ["Device: Socks"],
                "description": "Plain wool\n\nand a leaflet.",
            },
            {"label": "No treatment at all"},
        ])
    );
    let interventions = at(&read, "armsInterventionsModule.interventions");
    assert_eq!(interventions[1]["description"], "Ten hours a day");
    assert_eq!(interventions[2]["description"], "500 mg a day");
    assert!(interventions[0]["description"].is_null());
    assert_eq!(count(&read, IssueKind::NotConverted, "row is kept whole"), 1);
    assert_eq!(
        at(&read, "outcomesModule"),
        &json!({
            "primaryOutcomes": [
                {
                    "measure": "Skin temperature",
                    "timeFrame": "Baseline, week 12",
                    "description": "By thermometer.\n\nTwo places.",
                },
                {"measure": "Pain score", "timeFrame": "up to 2 years"},
                {"measure": "HbA1c", "timeFrame": "12 weeks", "description": "Blood."},
                {"measure": "Walking distance", "timeFrame": "Day 1 to Day 28"},
            ],
            "secondaryOutcomes": [
                {"measure": "TcPO23 months"},
                {"measure": "SF-3612 weeks"},
                {"measure": "Satisfaction at 3 months"},
                {"measure": "Survival", "timeFrame": "Through study completion, an average of 1 year"},
                {
                    "measure": "Healing (complete)",
                    "timeFrame": "From enrollment to the end of treatment at 8 weeks",
                },
            ],
        })
    );
    assert_eq!(count(&read, IssueKind::NotConverted, "kept whole as the measure"), 3);
    assert_eq!(
        at(&read, "contactsLocationsModule.locations"),
        &json!([
            {"facility": "Fjord Clinic", "city": "Bergen", "country": "Norway"},
            {"facility": "Foot House", "city": "Busan", "country": "Korea, Republic of"},
            {"city": "Saint Paul", "state": "Minnesota", "country": "United States"},
        ])
    );
    assert_eq!(page(&read)["flags"], json!(["NO", "KR", "US"]));
    assert_eq!(read.issues.len(), 6, "{:?}", read.issues);
}

#[test]
fn medpath_observational_and_a_badge_that_disagrees() {
    let page = MEDPATH.replace("INTERVENTIONAL", "OBSERVATIONAL").replace("FACTORIAL", "CASE_CONTROL");
    let page = page.replace("Phase 2\nRecruiting\n", "Completed\n").replace("Locations (3)", "Locations (4)");
    let read = check(&page, Format::PageMedPath);
    assert_eq!(text(&read, "designModule.designInfo.observationalModel"), "CASE_CONTROL");
    assert!(at(&read, "designModule.phases").is_null());
    assert_eq!(text(&read, "statusModule.overallStatus"), "RECRUITING");
    assert_eq!(count(&read, IssueKind::SourceFault, "badge"), 1);
    assert_eq!(count(&read, IssueKind::Contradiction, "4 locations"), 1);
}

/// A filled design, related terms, a phone extension, partial dates, two phases, rows of every shape.
pub const INCLINICAL: &str = "Clinical Trials Logo

Clinical Trial Summary

Counts sheep [two kinds]. ;

Clinical Trial Description

n/a

Study Design

Allocation: Non-Randomized, Intervention Model: Single Group Assignment, Masking: Double (Participant, Caregiver), \
Primary Purpose: Basic Science

Related Conditions & MeSH terms

  • Sleep
  • Dyssomnias

NCT number NCT90000125
Study type Interventional
Source Meadow College
Contact Dot Lamb
Phone 555-0100 ext. 12
Status Enrolling by invitation
Phase Phase 1/Phase 2
Start date March 2031
Completion date

See also
\u{a0} Status Clinical Trial Phase
Completed NCT90000126 - Wool Phase 2/Phase 3
Unknown status NCT90000127 - Hay - and Straw Early Phase 1
Dreaming NCT90000128 - Clover
not a row
";

#[test]
fn inclinical_variants() {
    let read = check(INCLINICAL, Format::PageInclinical);
    assert_eq!(text(&read, "descriptionModule.briefSummary"), r"Counts sheep \[two kinds\].");
    assert_eq!(
        at(&read, "designModule"),
        &json!({
            "designInfo": {
                "allocation": "NON_RANDOMIZED",
                "interventionModel": "SINGLE_GROUP",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER"]},
                "primaryPurpose": "BASIC_SCIENCE",
            },
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
        })
    );
    assert_eq!(page(&read)["relatedTerms"], json!(["Sleep", "Dyssomnias"]));
    assert!(at(&read, "conditionsModule").is_null());
    let contacts = at(&read, "contactsLocationsModule.centralContacts");
    assert_eq!(contacts, &json!([{"name": "Dot Lamb", "phone": "555-0100", "phoneExt": "12"}]));
    let status = at(&read, "statusModule");
    assert_eq!(
        status,
        &json!({"overallStatus": "ENROLLING_BY_INVITATION", "startDateStruct": {"date": "2031-03"}})
    );
    assert_eq!(page(&read)["printedBlank"], json!(["Completion date"]));
    assert_eq!(
        page(&read)["seeAlso"],
        json!([
            {"status": "COMPLETED", "nctId": "NCT90000126", "title": "Wool", "phases": ["PHASE2", "PHASE3"]},
            {"status": "UNKNOWN", "nctId": "NCT90000127", "title": "Hay - and Straw", "phases": ["EARLY_PHASE1"]},
            {"status": null, "nctId": "NCT90000128", "title": "Clover", "phases": [], "printedStatus": "Dreaming"},
        ])
    );
    assert_eq!(count(&read, IssueKind::NotConverted, "not a row"), 1);
    assert_eq!(read.issues.len(), 3, "{:?}", read.issues);
}

/// A status that differs, a true flag of gene therapy, adverse events that the page denies, Python in all its forms.
pub const IGNITE: &str = r#"Viewing Study NCT90000129


Ignite Creation Date: 2031-01-02 @ 12:05 AM
Ignite Modification Date: 2031-01-03 @ 12:30 PM
Study NCT ID: NCT90000129
Status: RECRUITING
Last Update Posted: 2031-01-01
First Post: 2030-12-01
Is Gene Therapy: True
Has Adverse Events: False

Brief Title: Blue Roses
Sponsor: Rose House
Organization:

Raw JSON

{'hasResults': True, 'protocolSection': {'identificationModule': {'nctId': 'NCT90000129', 'briefTitle': 'Blue'
  " Roses", 'acronym': None,},
 'statusModule': {'overallStatus': 'COMPLETED', 'studyFirstPostDateStruct': {'date': '2030-12-01'}},
 'descriptionModule': {'briefSummary': '''It's a "lentiviral" vector \N{ROSE} \u00e9\x41\U0001f339''' },
 'designModule': {'enrollmentInfo': {'count': 12}, 'phases': ('PHASE1', 'PHASE2')},
 'contactsLocationsModule': {'locations': [{'city': 'Rosenheim', 'geoPoint': {'lat': -47.5, 'lon': 1.2e1}}]}},
 'resultsSection': {'adverseEventsModule': {'frequencyThreshold': '5'}}}
"#;

#[test]
fn ignite_variants() {
    let whole = "'''It's a \"lentiviral\" vector \\N{ROSE} \\u00e9\\x41\\U0001f339'''";
    assert!(IGNITE.contains(whole));
    let read = pages::convert(&raw(Format::PageIgnite, IGNITE)).unwrap();
    assert_eq!(text(&read, "identificationModule.briefTitle"), "Blue Roses");
    assert!(at(&read, "identificationModule.acronym").is_null());
    let summary = text(&read, "descriptionModule.briefSummary");
    assert_eq!(summary, "It's a \"lentiviral\" vector \\N{ROSE} \u{e9}A\u{1f339}");
    assert_eq!(at(&read, "designModule.phases"), &json!(["PHASE1", "PHASE2"]));
    let point = &at(&read, "contactsLocationsModule.locations")[0]["geoPoint"];
    assert_eq!(point, &json!({"lat": -47.5, "lon": 12.0}));
    assert_eq!(text(&read, "statusModule.overallStatus"), "COMPLETED");
    assert_eq!(page(&read)["createdAt"], "2031-01-02T00:05");
    assert_eq!(page(&read)["modifiedAt"], "2031-01-03T12:30");
    assert_eq!(count(&read, IssueKind::SourceFault, "`RECRUITING`"), 1);
    assert_eq!(count(&read, IssueKind::SourceFault, "adverse events: false"), 1);
    assert_eq!(count(&read, IssueKind::SourceFault, "gene therapy"), 0);
    assert_eq!(count(&read, IssueKind::SourceFault, "First Post"), 0);
}

#[test]
fn ignite_cut_in_its_record_keeps_what_stood_before() {
    let cut = IGNITE.find("'designModule'").unwrap();
    let end = cut + "'designModule': {'enrollmentInfo': {'count': 1".len();
    let read = check(&IGNITE[..end], Format::PageIgnite);
    assert_eq!(text(&read, "identificationModule.briefTitle"), "Blue Roses");
    assert!(at(&read, "designModule.enrollmentInfo.count").is_null(), "half a number is none");
    let issue = read.issues.iter().find(|i| i.kind == IssueKind::Truncated).unwrap();
    assert_eq!(issue.place.byte, Some(end as u64));
    // Nothing is said about what the missing part might have held.
    assert_eq!(count(&read, IssueKind::SourceFault, "dverse"), 0);
}

#[test]
fn ignite_without_its_record_tells_what_the_head_says() {
    let read = check(&IGNITE[..IGNITE.find("Raw JSON").unwrap()], Format::PageIgnite);
    assert_eq!(read.id.to_string(), "NCT90000129");
    assert_eq!(text(&read, "identificationModule.briefTitle"), "Blue Roses");
    assert_eq!(text(&read, "statusModule.overallStatus"), "RECRUITING");
    assert_eq!(text(&read, "statusModule.lastUpdatePostDateStruct.date"), "2031-01-01");
    assert_eq!(text(&read, "sponsorCollaboratorsModule.leadSponsor.name"), "Rose House");
    assert_eq!(count(&read, IssueKind::Truncated, "before its raw record"), 1);
}

#[test]
fn ignite_with_real_json_or_a_broken_record() {
    let at_record = IGNITE.find("{'").unwrap();
    let record = json!({"hasResults": false, "protocolSection": {
        "identificationModule": {"nctId": "NCT90000129", "briefTitle": "Blue \"Roses\" / \u{1f339}"},
        "eligibilityModule": {"healthyVolunteers": true, "minimumAge": "2 Years"},
    }});
    let read = check(&format!("{}{record}", &IGNITE[..at_record]), Format::PageIgnite);
    let eligibility = &record["protocolSection"]["eligibilityModule"];
    assert_eq!(at(&read, "eligibilityModule"), eligibility);
    assert_eq!(text(&read, "identificationModule.briefTitle"), "Blue \"Roses\" / \u{1f339}");
    let broken = IGNITE.replace("'phases': (", "'phases' (");
    let read = check(&broken, Format::PageIgnite);
    let issue = read.issues.iter().find(|i| i.kind == IssueKind::Malformed).unwrap();
    assert!(issue.message.contains("expected `:`"), "{issue}");
    assert_eq!(at(&read, "designModule.enrollmentInfo.count"), 12);
}
