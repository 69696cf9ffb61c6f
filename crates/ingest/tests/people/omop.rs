//! OMOP tables as a folder of CSV or Parquet.

use insta::assert_snapshot;
use model::{Birth, Period, Sex};

use super::{All, lines, read, read_at};

/// Tables of two invented persons.
const TABLES: [(&str, &str); 12] = [
    (
        "person.csv",
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\n1,8532,1960,5,17\n2,8507,1970,,\n",
    ),
    (
        "condition_occurrence.csv",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,condition_source_value\n\
         1,1,201826,2010-03-04,,E11.9\n2,1,99,2011-01-01,2011-02-01,weird\n3,2,0,2012-02-31,,free words\n",
    ),
    (
        "measurement.csv",
        "measurement_id,person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,unit_source_value,value_source_value\n\
         1,1,3004410,2020-05-17,,7.2,,8554,4,6,%,7.2\n2,1,3004410,2020-06-17,4171756,4,,8554,,,%,<4\n\
         3,1,3016723,2020-06-17,,1.1,,8840,0.5,1.2,mg/dL,\n4,2,3016723,2020-06-17,,1.1,,0,,,stones,\n5,2,3016723,2020-06-17,,,,0,,,mg/dL,>= 1.5\n\
         6,2,3016723,2020-06-17,,n.a.,,0,,,mg/dL,\n7,2,3004410,2020-06-17,,,45884084,0,,,,\n",
    ),
    (
        "drug_exposure.csv",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_source_value\n\
         1,1,1503297,2019-01-01,2019-12-31,metformin\n",
    ),
    (
        "procedure_occurrence.csv",
        "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,procedure_source_value\n1,2,0,2001-01-01,appendectomy\n",
    ),
    (
        "observation.csv",
        "observation_id,person_id,observation_concept_id,observation_date,value_as_string,value_as_concept_id\n\
         1,1,4167217,2015-01-01,,201826\n2,1,0,2015-01-01,words,0\n",
    ),
    (
        "visit_occurrence.csv",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date\n1,1,9201,2020-01-01,2020-01-05\n",
    ),
    ("death.csv", "person_id,death_date\n2,2021-03-04\n"),
    (
        "observation_period.csv",
        "observation_period_id,person_id,observation_period_start_date,observation_period_end_date\n1,1,2009-01-01,2021-01-01\n",
    ),
    ("note.csv", "note_id,person_id,note_date\n7,1,2018-08-08\n"),
    (
        "note_nlp.csv",
        "note_nlp_id,note_id,note_nlp_concept_id,lexical_variant,term_exists,term_temporal,term_modifiers\n\
         1,7,201826,diabetes,N,,\n2,7,201826,diabetes,Y,past,\n3,7,201826,diabetes,Y,,Subject=Family\n4,8,201826,diabetes,Y,,\n",
    ),
    (
        "concept.csv",
        "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n\
         201826\tType 2 diabetes mellitus\tSNOMED\t44054006\n3004410\tHemoglobin A1c\tLOINC\t4548-4\n3016723\tCreatinine\tLOINC\t2160-0\n\
         8554\tpercent\tUCUM\t%\n8840\tmilligram per deciliter\tUCUM\tmg/dL\n1503297\tmetformin\tRxNorm\t6809\n45884084\tPositive\tLOINC\tLA6576-8\n\
         4167217\tFamily history of clinical finding\tSNOMED\t416471007\n9201\tInpatient Visit\tVisit\tIP\n",
    ),
];

fn check(all: &All) {
    assert_eq!(all.issues, []);
    assert_eq!(all.people.iter().map(|person| person.id.as_str()).collect::<Vec<_>>().len(), 2);
    let of = |id: &str| all.people.iter().find(|person| person.id == id).unwrap();
    let (one, two) = (of("1"), of("2"));
    assert_eq!((one.sex, two.sex), (Some(Sex::Female), Some(Sex::Male)));
    assert_eq!(one.birth, Some(Birth::Date("1960-05-17".parse().unwrap())));
    assert_eq!(two.birth, Some(Birth::Date("1970".parse().unwrap())));
    assert_eq!(two.death.as_ref().unwrap().date, "2021-03-04".parse().ok());
    assert_eq!(one.observed, [Period { start: "2009-01-01".parse().ok(), end: "2021-01-01".parse().ok() }]);
    insta::allow_duplicates! {
        assert_snapshot!(lines(one), @r##"
Condition weird Past [2011-01-01..2011-02-01]
Observation  Current = `words` [2015-01-01..]
Encounter Inpatient Visit Past [2020-01-01..2020-01-05]
Observation Creatinine (creatinine) Current = Exact 1.1 mg/dL (97.262) [2020-06-17..]
Observation Hemoglobin A1c (hba1c) Current = Exact 7.2 % (7.2) [2020-05-17..]
Observation Hemoglobin A1c (hba1c) Current = Less 4 % (4) [2020-06-17..]
Drug metformin (oral_hypoglycemic) Unknown [2019-01-01..2019-12-31]
Condition Type 2 diabetes mellitus (t2dm) Current of family [2015-01-01..]
Condition E11.9 (t2dm) Unknown [2010-03-04..]
Condition diabetes (t2dm) Unknown not [2018-08-08..]
Condition diabetes (t2dm) Past [2018-08-08..]
Condition diabetes (t2dm) Unknown of family [2018-08-08..]
"##);
        assert_snapshot!(lines(two), @r##"
Condition free words Unknown !ImpossibleDate { element: "start", text: "2012-02-31" }
Procedure appendectomy Past [2001-01-01..]
Observation Creatinine (creatinine) Current = Exact 1.1 stones [2020-06-17..] !UnknownUnit { unit: "stones" }
Observation Creatinine (creatinine) Current = AtLeast 1.5 mg/dL (132.63) [2020-06-17..]
Observation Creatinine (creatinine) Current = `n.a.` [2020-06-17..] !NotANumber { text: "n.a." }
Observation Hemoglobin A1c (hba1c) Current = Positive [2020-06-17..]
"##);
    }
    assert_eq!(all.missed.get("note_nlp row of an unknown note"), Some(&1));
}

#[test]
fn tables_as_csv() {
    let folder = testkit::folder();
    for (name, text) in TABLES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    check(&read_at(folder.path()));
}

#[test]
fn tables_as_parquet() {
    let folder = testkit::folder();
    for (name, text) in TABLES {
        let bytes = super::parquet_of(text);
        std::fs::write(folder.path().join(name.replace(".csv", ".parquet")), bytes).unwrap();
    }
    check(&read_at(folder.path()));
}

#[test]
fn one_table_alone_and_tables_that_are_not_read() {
    let all = read(TABLES[0].1);
    assert_eq!((all.people.len(), all.issues), (2, vec![]));
    let all = read("drug_era_id,person_id,drug_concept_id,drug_era_start_date\n1,1,1,2020-01-01\n");
    assert_eq!((all.people.len(), all.missed.len()), (0, 1));
    let all = read("person_id,year_of_birth\n,1960\n1,1961\n");
    assert_eq!((all.people.len(), all.issues.len()), (1, 1));
}

#[test]
fn concepts_without_a_vocabulary_are_bare_numbers() {
    let all = read(TABLES[1].1);
    assert_eq!(all.people.len(), 2);
    let coding = &all.people[0].facts.iter().find(|fact| fact.what.label() == "E11.9").unwrap().what.codes[0];
    assert_eq!((coding.system.as_str(), coding.code.as_str()), ("OMOP", "201826"));
    assert_eq!(all.missed.get("OMOP concept without a row in the table concept"), Some(&2));
}

#[test]
fn typed_columns_of_parquet() {
    use std::sync::Arc;

    use parquet::{
        data_type::{ByteArrayType, DoubleType, Int32Type, Int64Type},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    let schema = "message measurement { REQUIRED INT64 person_id; REQUIRED INT64 measurement_concept_id; \
        REQUIRED INT32 measurement_date (DATE); OPTIONAL DOUBLE value_as_number; REQUIRED BYTE_ARRAY unit_source_value (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1, 1], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[5, 5], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[18_399, -1], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[7.2], Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&["%".into(), "%".into()], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    let all = read(writer.into_inner().unwrap());
    assert_snapshot!(lines(all.person()), @r##"
Observation 5 Current [1969-12-31..]
Observation 5 Current = Exact 7.2 % [2020-05-17..]
"##);
}
