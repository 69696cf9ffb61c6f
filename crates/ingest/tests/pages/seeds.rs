//! The five captures beside the project: every fact that they print.

use super::*;

fn seed(name: &str, format: Format) -> Option<Converted> {
    let text = std::fs::read_to_string(testkit::shared(&format!("seeds/{name}"))?).unwrap();
    check_prefixes(&text, format, 97);
    Some(check(&text, format))
}

/// How many words: the texts themselves are others' writing.
fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The numbers of inclusion and exclusion items.
fn criteria(read: &Converted) -> (usize, usize) {
    let text = text(read, "eligibilityModule.eligibilityCriteria");
    let text = text.strip_prefix("Inclusion Criteria:\n\n").unwrap();
    let (inclusion, exclusion) = text.split_once("\n\nExclusion Criteria:\n\n").unwrap();
    let item = |l: &&str| l.starts_with("* ") || l.starts_with(|c: char| c.is_ascii_digit());
    (inclusion.lines().filter(item).count(), exclusion.lines().filter(item).count())
}

#[test]
fn veeva_000() {
    let Some(read) = seed("000_4f5496f75af0e7c1.txt", Format::PageVeeva) else { return };
    assert_eq!(read.id.to_string(), "NCT05507697");
    assert_eq!(words(text(&read, "identificationModule.briefTitle")), 13);
    assert!(at(&read, "identificationModule.acronym").is_null());
    assert_eq!(at(&read, "identificationModule.orgStudyIdInfo"), &json!({"id": "WuhanCH"}));
    assert_eq!(
        at(&read, "sponsorCollaboratorsModule"),
        &json!({"leadSponsor": {"name": "Wuhan Central Hospital"}})
    );
    assert_eq!(at(&read, "statusModule"), &json!({"overallStatus": "RECRUITING"}));
    assert_eq!(
        at(&read, "designModule"),
        &json!({
            "phases": ["PHASE1", "PHASE2"],
            "studyType": "INTERVENTIONAL",
            "enrollmentInfo": {"count": 42, "type": "ESTIMATED"},
            "designInfo": {
                "primaryPurpose": "TREATMENT",
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "maskingInfo": {"masking": "NONE"},
            },
        })
    );
    assert_eq!(at(&read, "conditionsModule.conditions"), &json!(["Diabetic Peripheral Neuropathy Type 2"]));
    let arm_text = |i: usize| at(&read, "armsInterventionsModule.armGroups")[i]["description"].clone();
    assert_eq!([0, 1].map(|i| words(arm_text(i).as_str().unwrap())), [10, 9]);
    assert_eq!(
        at(&read, "armsInterventionsModule"),
        &json!({
            "interventions": [
                {"type": "BIOLOGICAL", "name": "HUC-MSCs", "armGroupLabels": ["Experimental"]},
                {"type": "BIOLOGICAL", "name": "Lipoic Acid", "armGroupLabels": ["Comparator"]},
            ],
            "armGroups": [
                {
                    "label": "Experimental",
                    "type": "EXPERIMENTAL",
                    "description": arm_text(0),
                    "interventionNames": ["Biological: HUC-MSCs"],
                },
                {
                    "label": "Comparator",
                    "type": "PLACEBO_COMPARATOR",
                    "description": arm_text(1),
                    "interventionNames": ["Biological: Lipoic Acid"],
                },
            ],
        })
    );
    let eligibility = at(&read, "eligibilityModule");
    assert_eq!(eligibility["sex"], "ALL");
    assert_eq!(eligibility["minimumAge"], "18 Years");
    assert_eq!(eligibility["maximumAge"], "55 Years");
    assert_eq!(eligibility["healthyVolunteers"], false);
    assert_eq!(criteria(&read), (6, 12));
    assert!(text(&read, "eligibilityModule.eligibilityCriteria").contains(r"(ankle-brachial index \< 0.9)"));
    assert_eq!(text(&read, "descriptionModule.detailedDescription").matches("\n\n").count(), 2);
    assert!(text(&read, "descriptionModule.detailedDescription").contains(r"(5 × 10\^6 cells/mL"));
    let contacts = at(&read, "contactsLocationsModule.centralContacts").as_array().unwrap();
    assert_eq!((contacts.len(), words(contacts[0]["name"].as_str().unwrap())), (1, 2));
    assert_eq!(page(&read)["locationsCount"], 1);
    assert_eq!(page(&read)["funderTypes"], json!(["Other"]));
    assert_eq!(count(&read, IssueKind::SourceFault, "placebo"), 1);
    assert_eq!(read.issues.len(), 1, "{:?}", read.issues);
}

#[test]
fn veeva_003() {
    let Some(read) = seed("003_a62e3166a47b076d.txt", Format::PageVeeva) else { return };
    assert_eq!(read.id.to_string(), "NCT02302599");
    assert_eq!(words(text(&read, "identificationModule.briefTitle")), 8);
    assert_eq!(text(&read, "identificationModule.acronym"), "UC-MSCs");
    assert_eq!(text(&read, "identificationModule.orgStudyIdInfo.id"), "CHIN-PLAGH-ST-003");
    let sponsor = "sponsorCollaboratorsModule.leadSponsor.name";
    assert_eq!(text(&read, sponsor), "Chinese PLA General Hospital (301 Hospital)");
    assert_eq!(text(&read, "statusModule.overallStatus"), "COMPLETED");
    assert_eq!(at(&read, "designModule.phases"), &json!(["PHASE2"]));
    assert_eq!(at(&read, "designModule.enrollmentInfo"), &json!({"count": 103, "type": "ACTUAL"}));
    assert_eq!(text(&read, "designModule.designInfo.maskingInfo.masking"), "QUADRUPLE");
    assert_eq!(
        at(&read, "conditionsModule.conditions"),
        &json!(["Mesenchymal Stem Cells", "Type 2 Diabetes"])
    );
    let arms = at(&read, "armsInterventionsModule.armGroups").as_array().unwrap();
    assert_eq!(arms.len(), 2);
    assert!(arms.iter().all(|a| a["type"] == "EXPERIMENTAL"));
    assert_eq!(arms[1]["interventionNames"], json!(["Biological: Controlled suspension liquid"]));
    let interventions = at(&read, "armsInterventionsModule.interventions");
    assert_eq!(interventions[0]["armGroupLabels"], json!(["Umbilical cord mesenchymal stem cells"]));
    assert_eq!(text(&read, "eligibilityModule.minimumAge"), "20 Years");
    assert_eq!(text(&read, "eligibilityModule.maximumAge"), "65 Years");
    assert_eq!(criteria(&read), (7, 2));
    assert!(at(&read, "contactsLocationsModule").is_null());
    assert_eq!(page(&read)["locationsCount"], 1);
    assert!(read.issues.is_empty(), "{:?}", read.issues);
}

#[test]
fn medpath_002() {
    let Some(read) = seed("002_c5bc5e0f0532e008.txt", Format::PageMedPath) else { return };
    assert_eq!(read.id.to_string(), "NCT02834858");
    assert_eq!(text(&read, "statusModule.overallStatus"), "UNKNOWN");
    assert_eq!(words(text(&read, "sponsorCollaboratorsModule.leadSponsor.name")), 2);
    assert_eq!(
        at(&read, "conditionsModule.conditions"),
        &json!(["Ischemia", "Diabetic Foot", "Peripheral Vascular Disease"])
    );
    assert_eq!(
        at(&read, "designModule"),
        &json!({
            "phases": ["PHASE1"],
            "enrollmentInfo": {"count": 240},
            "studyType": "INTERVENTIONAL",
            "designInfo": {"interventionModel": "PARALLEL"},
        })
    );
    assert_eq!(text(&read, "eligibilityModule.sex"), "ALL");
    assert_eq!(criteria(&read), (6, 12));
    assert!(text(&read, "eligibilityModule.eligibilityCriteria").contains(r"* Hemoglobin \<10 mg/dl"));
    let cells = "Umbilical Cord Mesenchymal Stem Cells";
    assert_eq!(
        at(&read, "armsInterventionsModule"),
        &json!({
            "interventions": [
                {"type": "BIOLOGICAL", "name": "saline", "armGroupLabels": ["saline"]},
                {"type": "BIOLOGICAL", "name": cells, "armGroupLabels": [cells]},
            ],
            "armGroups": [
                {
                    "label": "saline",
                    "interventionNames": ["Biological: saline"],
                    "description": "saline injection",
                },
                {
                    "label": cells,
                    "interventionNames": [format!("Biological: {cells}")],
                    "description": format!("{cells} Infusion."),
                },
            ],
        })
    );
    let primary = at(&read, "outcomesModule.primaryOutcomes").as_array().unwrap();
    assert_eq!(primary.len(), 1);
    assert!(primary[0]["measure"].as_str().unwrap().ends_with("foot ulcers"));
    assert_eq!(primary[0]["timeFrame"], "3 months");
    assert_eq!(words(primary[0]["description"].as_str().unwrap()), 14);
    let secondary = at(&read, "outcomesModule.secondaryOutcomes").as_array().unwrap();
    assert_eq!(secondary.len(), 4);
    assert!(secondary.iter().all(|o| o["timeFrame"] == "3 months"));
    assert!(secondary[0]["measure"].as_str().unwrap().ends_with("(LDPM)"));
    assert!(secondary[0]["description"].is_null() && secondary[3]["description"].is_null());
    assert_eq!(secondary[1]["description"], "Improvement of local perfusion.");
    assert_eq!(secondary[2]["measure"], "Pain (Visual-Analog Scale)");
    assert_eq!(secondary[3]["measure"], "Walking distance (treadmill) if possible");
    assert_eq!(
        at(&read, "contactsLocationsModule.locations"),
        &json!([{
            "facility": "the Third Affiliated Hospital of Southern Medical University",
            "city": "Guangzhou",
            "state": "Guangdong",
            "country": "China",
        }])
    );
    assert_eq!(page(&read)["locationsCount"], 1);
    assert_eq!(page(&read)["flags"], json!(["CN"]));
    assert_eq!(count(&read, IssueKind::SourceFault, "one phase"), 1);
    assert_eq!(read.issues.len(), 1, "{:?}", read.issues);
}

#[test]
fn inclinical_004() {
    let Some(read) = seed("004_f3a1740c3924f69c.txt", Format::PageInclinical) else { return };
    assert_eq!(read.id.to_string(), "NCT04562025");
    assert_eq!(
        at(&read, "identificationModule.organization"),
        &json!({"fullName": "Renmin Hospital of Wuhan University"})
    );
    let contacts = at(&read, "contactsLocationsModule.centralContacts").as_array().unwrap();
    assert!(contacts.len() == 1 && contacts[0]["name"].as_str().unwrap().ends_with(", MD"));
    let phone = contacts[0]["phone"].as_str().unwrap();
    assert!(phone.len() == 11 && phone.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(
        at(&read, "statusModule"),
        &json!({
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2020-09-25"},
            "completionDateStruct": {"date": "2021-12-31"},
        })
    );
    assert_eq!(at(&read, "designModule"), &json!({"studyType": "INTERVENTIONAL", "phases": ["NA"]}));
    assert!(text(&read, "descriptionModule.briefSummary").contains(r"5\~10% of patients"));
    let description = text(&read, "descriptionModule.detailedDescription");
    assert!(description.ends_with("time of initial cell treatment."), "{description}");
    assert!(description.contains(r"1\*10E6 UC-MSCs/kg"));
    let rows = page(&read)["seeAlso"].as_array().unwrap();
    assert_eq!(rows.len(), 20);
    assert_eq!(rows[0]["nctId"], "NCT03658317");
    assert_eq!(rows[0]["status"], "NOT_YET_RECRUITING");
    assert_eq!(rows[0]["phases"], json!(["NA"]));
    assert_eq!((&rows[3]["status"], &rows[3]["nctId"]), (&json!("COMPLETED"), &json!("NCT02251067")));
    assert!(
        rows[3]["title"].as_str().unwrap().starts_with("Phase 2 Study "),
        "a phase in a title stays there"
    );
    assert_eq!(rows[3]["phases"], json!(["PHASE2"]));
    assert_eq!(rows.iter().filter(|r| r["phases"] == json!([])).count(), 2);
    assert_eq!(rows[6]["status"], "ACTIVE_NOT_RECRUITING");
    assert_eq!(rows.iter().filter(|r| r["status"] == "COMPLETED").count(), 12);
    assert_eq!(rows[19]["nctId"], "NCT00097955");
    assert_eq!(count(&read, IssueKind::SourceFault, "stray"), 1);
    assert_eq!(read.issues.len(), 1, "{:?}", read.issues);
}

#[test]
fn ignite_001() {
    let Some(read) = seed("001_73671aaefb97dfc9.txt", Format::PageIgnite) else { return };
    assert_eq!(read.id.to_string(), "NCT07183761");
    assert_eq!(text(&read, "identificationModule.acronym"), "RELEASE-DPN");
    assert_eq!(at(&read, "designModule.enrollmentInfo"), &json!({"type": "ESTIMATED", "count": 140}));
    let outcomes = at(&read, "outcomesModule");
    let number = |key: &str| outcomes[key].as_array().unwrap().len();
    assert_eq!((number("primaryOutcomes"), number("secondaryOutcomes"), number("otherOutcomes")), (3, 6, 4));
    let keys: Vec<_> = read.study.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["hasResults", "derivedSection", "protocolSection"]);
    assert_eq!(at(&read, "statusModule.primaryCompletionDateStruct.date"), "2028-04-01");
    assert_eq!(at(&read, "contactsLocationsModule.locations")[0]["geoPoint"]["lon"], 106.55771);
    assert!(text(&read, "eligibilityModule.eligibilityCriteria").contains(r"(HbA1c \>12%)"));
    assert_eq!(criteria(&read), (7, 12));
    assert_eq!(at(&read, "eligibilityModule.stdAges"), &json!(["ADULT", "OLDER_ADULT"]));
    let page = page(&read);
    assert_eq!(page["createdAt"], "2025-12-24T11:59");
    assert_eq!(page["modifiedAt"], "2025-12-29T19:54");
    assert_eq!(page["isGeneTherapy"], true);
    assert_eq!(page["hasAdverseEvents"], false);
    assert_eq!(page["firstPost"], "2025-09-14");
    assert_eq!(page["printedBlank"], json!(["Sponsor", "Organization"]));
    for part in ["day of submission", "prints Sponsor blank", "prints Organization blank", "gene therapy"] {
        assert_eq!(count(&read, IssueKind::SourceFault, part), 1, "{part}");
    }
    assert_eq!(read.issues.len(), 4, "{:?}", read.issues);
}
