//! `trialist export`: files, folders, a database server.

use std::{collections::BTreeMap, fs};

use postgres::Client;
use serde_json::Value;

use crate::{
    database::Server,
    support::{Place, demo_studies},
};

const ALL: [&str; 9] =
    ["aact-parquet", "aact-sqlite", "aact-csv", "json-zip", "csv", "ndjson", "fhir", "fhir-r4", "ris"];

impl Place {
    fn export(&self, format: &str, out: &str, more: &[&str]) -> crate::support::Ran {
        let path = self.data().with_file_name(out);
        let out = if out == "-" { out } else { path.to_str().unwrap() };
        self.run(["export", "--format", format, "--out", out].into_iter().chain(more.iter().copied()))
    }

    fn names(&self) -> Vec<String> {
        let folder = self.data().parent().unwrap().to_owned();
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn every_format_is_written_once_and_replaced_only_by_force() {
    let place = Place::with_demo();
    for format in ALL {
        place.export(format, format, &[]).ends(0).complains(&["exported 71 studies"]);
        let out = place.data().with_file_name(format);
        assert_eq!(out.is_dir(), matches!(format, "aact-parquet" | "aact-csv"), "{format}");
        place.export(format, format, &[]).ends(1).complains(&["is there already", "--force"]);
        place.export(format, format, &["--force", "--threads", "3"]).ends(0);
    }
    let mut names = place.names();
    names.sort();
    let mut expected: Vec<String> = ALL.iter().map(|format| (*format).to_owned()).collect();
    expected.push("data".to_owned());
    expected.sort();
    assert_eq!(names, expected, "nothing is left beside them");
}

#[test]
fn what_is_no_earlier_export_is_never_replaced() {
    let place = Place::with_demo();
    let kept = place.file("folder/thesis.txt", "years of work");
    place.export("aact-csv", "folder", &["--force"]).ends(1).complains(&["thesis.txt", "no table"]);
    place.export("ndjson", "folder", &["--force"]).ends(1).complains(&["is a folder"]);
    assert_eq!(fs::read_to_string(kept).unwrap(), "years of work");
    place.export("csv", "nowhere/x.csv", &[]).ends(1).complains(&["cannot write"]);
    assert_eq!(place.names().len(), 2, "{:?}", place.names());
}

#[test]
fn the_command_line_is_read_strictly() {
    let place = Place::with_demo();
    for wrong in [
        &["--format", "aact-postgres", "--out", "x"][..],
        &["--format", "csv", "--to", "postgres://localhost/x"],
        &["--format", "aact-sqlite", "--out", "-"],
        &["--format", "aact-parquet", "--out", "-"],
        &["--format", "aact-postgres", "--to", "mysql://localhost"],
        &["--format", "csv", "--out", "x", "--where", "AREA[Nothing]x"],
        &["--format", "xls", "--out", "x"],
        &["--format", "csv"],
    ] {
        place.run(["export"].into_iter().chain(wrong.iter().copied())).ends(2);
    }
    let nobody = ["export", "--format", "aact-postgres", "--to", "postgres://u:secret@127.0.0.1:1/x"];
    let ran = place.run(nobody).ends(1).complains(&["cannot connect"]);
    assert!(!ran.err.contains("secret"));
}

#[test]
fn a_query_chooses_the_studies_as_search_does() {
    let place = Place::with_demo();
    for asked in
        [&["asthma"][..], &["--phase", "3"], &["--cond", "diabetes", "--where", "AREA[HasResults]true"]]
    {
        let lines = place.export("ndjson", "-", asked).ends(0).lines();
        assert_eq!(lines.len(), place.count(asked), "{asked:?}");
        let ids: Vec<&str> = lines.iter().map(id).collect();
        assert!(ids.is_sorted() && ids.len() < 71);
    }
    assert_eq!(place.export("ndjson", "-", &[]).ends(0).lines().len(), 71);
    assert!(place.export("ndjson", "-", &["-q", "zzzzzz"]).ends(0).out.is_empty());
}

#[test]
fn the_bulk_download_comes_in_again_as_it_was() {
    let place = Place::with_demo();
    place.export("json-zip", "ctg-studies.json.zip", &[]).ends(0);
    let again = Place::new();
    again.import(&place.data().with_file_name("ctg-studies.json.zip")).ends(0);
    let lines = |place: &Place| place.export("ndjson", "-", &["-q"]).ends(0).out;
    assert_eq!(lines(&place), lines(&again));
}

fn id(record: &Value) -> &str {
    record["protocolSection"]["identificationModule"]["nctId"].as_str().unwrap()
}

/// A database with the demo's studies and the real records of API v2, and these records.
fn loaded(server: &Server) -> (Place, Vec<Value>) {
    let place = Place::with_demo();
    if let Some(real) = testkit::shared("data/registry/ctgov-v2.json.zip") {
        place.import(&real).ends(0);
    }
    load(&place, server, &[]).ends(0);
    let records = place.export("ndjson", "-", &["-q"]).ends(0).lines();
    (place, records)
}

fn load(place: &Place, server: &Server, more: &[&str]) -> crate::support::Ran {
    let mut command = place.command();
    command.env("TRIALIST_POSTGRES", server.url()).args(["export", "--format", "aact-postgres"]).args(more);
    command.output().unwrap().into()
}

fn pairs(client: &mut Client, query: &str) -> BTreeMap<String, i64> {
    client.query(query, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn counted<'r>(keys: impl Iterator<Item = &'r str>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key.to_owned()).or_default() += 1);
    counts
}

fn list<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

const PROTOCOL: &str = "/protocolSection";

#[test]
fn the_connection_is_encrypted_as_the_url_says() {
    let Some(server) = Server::start_encrypted() else { return };
    let place = Place::with_demo();
    let url = server.url();
    let load = |more: String| {
        place.run(["export", "--format", "aact-postgres", "--force", "--to", &format!("{url}{more}")])
    };
    let roots = |name: &str| format!("&sslrootcert={}", server.file(name).display());
    load("?sslmode=disable".into()).ends(1).complains(&["no encryption"]);
    for mode in [String::new(), "?sslmode=prefer".into(), "?sslmode=require".into()] {
        load(mode).ends(0).complains(&["71 studies"]);
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        load(format!("?sslmode={mode}{}", roots("ca.crt"))).ends(0).complains(&["71 studies"]);
        load(format!("?sslmode={mode}{}", roots("other.crt"))).ends(1).complains(&["certificate"]);
    }
    load("?sslmode=verify-full".into()).ends(1).complains(&["certificate"]);
    load(format!("?sslmode=verify-full{}", roots("names"))).ends(2).complains(&["no certificate in it"]);
    load(format!("?sslmode=verify-full{}", roots("absent"))).ends(2).complains(&["absent"]);
    load("?sslmode=perhaps".into()).ends(2).complains(&["--to is no address"]);
    if let Some(plain) = Server::start() {
        let to = format!("{}?sslmode=require", plain.url());
        place.run(["export", "--format", "aact-postgres", "--to", &to]).ends(1).complains(&["TLS"]);
    }
}

#[test]
fn a_database_server_may_want_a_certificate() {
    let Some(server) = Server::start_certified() else { return };
    let place = Place::with_demo();
    let load = |certificate: &str, key: &str| {
        let file = |name: &str| server.file(name).display().to_string();
        let own = format!("&sslcert={}&sslkey={}", file(certificate), file(key));
        let to = format!("{}?sslmode=require{own}", server.url());
        place.run(["export", "--format", "aact-postgres", "--force", "--to", &to])
    };
    load("me.crt", "me.key").ends(0).complains(&["71 studies"]);
    load("other.crt", "other.key").ends(1);
    load("me.crt", "names").ends(2).complains(&["sslkey="]);
    let without = format!("{}?sslmode=require", server.url());
    place.run(["export", "--format", "aact-postgres", "--to", &without]).ends(1).complains(&["certificate"]);
}

/// The questions of notebooks, asked of a real server and of the records.
#[test]
fn notebooks_find_what_the_records_say() {
    let Some(server) = Server::start() else { return };
    let (_place, records) = loaded(&server);
    let mut client = server.client();
    let statuses = pairs(&mut client, "SELECT overall_status, count(*) FROM ctgov.studies GROUP BY 1");
    let status = |record: &'_ Value| record.pointer("/protocolSection/statusModule/overallStatus").cloned();
    let told: Vec<Value> = records.iter().filter_map(status).collect();
    assert_eq!(statuses, counted(told.iter().filter_map(Value::as_str)));

    let phases =
        pairs(&mut client, "SELECT coalesce(phase, '-'), count(*) FROM ctgov.studies GROUP BY phase");
    let phase = |record: &Value| {
        let phases: Vec<&str> =
            list(record, "/protocolSection/designModule/phases").filter_map(Value::as_str).collect();
        if phases.is_empty() { "-".to_owned() } else { phases.join("/") }
    };
    let of_records: Vec<String> = records.iter().map(phase).collect();
    assert_eq!(phases, counted(of_records.iter().map(String::as_str)));

    let drugs = "SELECT c.name, count(DISTINCT s.nct_id) FROM ctgov.studies s
        JOIN ctgov.conditions c ON c.nct_id = s.nct_id
        JOIN ctgov.interventions i ON i.nct_id = s.nct_id AND i.intervention_type = 'DRUG'
        WHERE s.study_type = 'INTERVENTIONAL' GROUP BY c.name";
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for record in &records {
        let protocol = &record["protocolSection"];
        let drug = list(protocol, "/armsInterventionsModule/interventions").any(|i| i["type"] == "DRUG");
        if drug && protocol["designModule"]["studyType"] == "INTERVENTIONAL" {
            let mut names: Vec<&str> =
                list(protocol, "/conditionsModule/conditions").filter_map(Value::as_str).collect();
            names.sort_unstable();
            names.dedup();
            names.iter().for_each(|name| *expected.entry((*name).to_owned()).or_default() += 1);
        }
    }
    assert_eq!(pairs(&mut client, drugs), expected);

    let countries =
        "SELECT country, count(DISTINCT nct_id) FROM ctgov.facilities WHERE country IS NOT NULL GROUP BY 1";
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for record in &records {
        let path = format!("{PROTOCOL}/contactsLocationsModule/locations");
        let mut names: Vec<&str> = list(record, &path).filter_map(|site| site["country"].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.iter().for_each(|name| *expected.entry((*name).to_owned()).or_default() += 1);
    }
    assert_eq!(pairs(&mut client, countries), expected);
    results(&mut client, &records);
}

/// Posted results: adverse events, measurements with their groups, p values.
fn results(client: &mut Client, records: &[Value]) {
    let affected = "SELECT nct_id, sum(subjects_affected)::bigint FROM ctgov.reported_events
        WHERE event_type = 'serious' GROUP BY 1 HAVING sum(subjects_affected) IS NOT NULL";
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for record in records {
        let events = list(record, "/resultsSection/adverseEventsModule/seriousEvents");
        let stats = events.flat_map(|event| list(event, "/stats"));
        for number in stats.filter_map(|stat| stat["numAffected"].as_i64()) {
            *expected.entry(id(record).to_owned()).or_default() += number;
        }
    }
    assert!(!expected.is_empty());
    assert_eq!(pairs(client, affected), expected);

    let measured =
        "SELECT s.nct_id, count(*) FROM ctgov.studies s JOIN ctgov.outcomes o ON o.nct_id = s.nct_id
        JOIN ctgov.outcome_measurements m ON m.outcome_id = o.id
        JOIN ctgov.result_groups g ON g.id = m.result_group_id AND g.result_type = 'Outcome'
        WHERE o.outcome_type = 'PRIMARY' AND m.param_value_num IS NOT NULL GROUP BY 1";
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    let (mut significant, mut analyses) = (0_i64, 0_i64);
    for record in records {
        for measure in list(record, "/resultsSection/outcomeMeasuresModule/outcomeMeasures") {
            let categories = list(measure, "/classes").flat_map(|class| list(class, "/categories"));
            let values = categories.flat_map(|category| list(category, "/measurements"));
            let numbers =
                values.filter(|m| m["value"].as_str().is_some_and(|v| v.trim().parse::<f64>().is_ok()));
            let count = numbers.count() as i64;
            if measure["type"] == "PRIMARY" && count > 0 {
                *expected.entry(id(record).to_owned()).or_default() += count;
            }
            for analysis in list(measure, "/analyses") {
                analyses += 1;
                let p = analysis["pValue"].as_str().unwrap_or_default();
                let number: Option<f64> = p.trim_start_matches(['<', '=', '>', ' ']).parse().ok();
                significant += i64::from(number.is_some_and(|p| p <= 0.05));
            }
        }
    }
    assert_eq!(pairs(client, measured), expected);
    let found = client
        .query_one(
            "SELECT count(*), count(*) FILTER (WHERE p_value <= 0.05) FROM ctgov.outcome_analyses",
            &[],
        )
        .unwrap();
    assert_eq!((found.get::<_, i64>(0), found.get::<_, i64>(1)), (analyses, significant));
    let flags = client
        .query_one(
            "SELECT count(*) FROM ctgov.calculated_values c WHERE c.number_of_facilities <>
                (SELECT count(*) FROM ctgov.facilities f WHERE f.nct_id = c.nct_id)
             OR c.were_results_reported <> EXISTS (SELECT FROM ctgov.result_groups g WHERE g.nct_id = c.nct_id)
             OR NOT EXISTS (SELECT FROM ctgov.all_conditions v WHERE v.nct_id = c.nct_id AND v.names <> '')",
            &[],
        )
        .unwrap();
    assert_eq!(flags.get::<_, i64>(0), 0);
}

#[test]
fn columns_have_aacts_types_and_the_old_data_stay_until_the_new_are_whole() {
    let Some(server) = Server::start() else { return };
    let (place, records) = loaded(&server);
    let mut client = server.client();
    let types = client
        .query(
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = 'ctgov' AND table_name IN
                (SELECT table_name FROM information_schema.tables WHERE table_schema = 'ctgov' AND table_type = 'BASE TABLE')
             ORDER BY table_name COLLATE \"C\", ordinal_position",
            &[],
        )
        .unwrap();
    let ours = export::aact::schema::tables().iter().flat_map(|table| {
        table.columns.iter().map(|column| {
            let declared = match (column.kind, column.declared) {
                (export::aact::schema::Kind::Key, _) => "bigint",
                (_, "varchar") => "character varying",
                (_, "timestamp") => "timestamp without time zone",
                (_, declared) => declared,
            };
            (table.name.to_owned(), column.name.to_owned(), declared.to_owned())
        })
    });
    let theirs: Vec<_> = types.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!(theirs, ours.collect::<Vec<(String, String, String)>>());

    // A role that reads, a view outside: the first goes on to read, the second is not lost unasked.
    client
        .batch_execute(
            "CREATE ROLE reader; GRANT USAGE ON SCHEMA ctgov TO reader;
             GRANT SELECT ON ALL TABLES IN SCHEMA ctgov TO reader;
             CREATE VIEW public.mine AS SELECT nct_id FROM ctgov.studies",
        )
        .unwrap();
    load(&place, &server, &[]).ends(1).complains(&["mine", "--force"]);
    let count =
        |client: &mut Client| client.query_one("SELECT count(*) FROM ctgov.studies", &[]).unwrap().get(0);
    assert_eq!(count(&mut client), records.len() as i64);
    client.batch_execute("DROP VIEW public.mine").unwrap();
    load(&place, &server, &["--phase", "3"]).ends(0);
    let (few, expected): (i64, _) = (count(&mut client), place.count(&["--phase", "3"]) as i64);
    assert_eq!(few, expected);
    client.batch_execute("SET ROLE reader; SELECT count(*) FROM ctgov.studies; RESET ROLE").unwrap();

    // A schema of others is left alone.
    client
        .batch_execute("DROP SCHEMA ctgov CASCADE; CREATE SCHEMA ctgov; CREATE TABLE ctgov.theirs ()")
        .unwrap();
    load(&place, &server, &[]).ends(1).complains(&["did not make"]);
    client.batch_execute("SELECT FROM ctgov.theirs").unwrap();
    load(&place, &server, &["--force"]).ends(0);
    assert_eq!(count(&mut client), records.len() as i64);
    let left = client.query("SELECT FROM pg_namespace WHERE nspname = 'trialist_loading'", &[]).unwrap();
    assert!(left.is_empty());
    assert!(demo_studies().len() <= records.len());
}
