//! Every piece and every area of the tables can be asked for.

use axum::http::StatusCode;
use model::{Kind, area, piece};
use serde_json::Value;

use crate::{Answer, ask_of, demo::DEMO};

fn ask(address: &str) -> Answer {
    ask_of(DEMO.1.clone(), address, &[])
}

/// Words that a piece can be searched with.
fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Enum(values) => values.values[0].value,
        Kind::Boolean => "true",
        Kind::Integer | Kind::Number => "1",
        Kind::Date => "2020",
        Kind::Time => "18+Years",
        Kind::GeoPoint => "DISTANCE%5B52.5,13.4,50km%5D",
        Kind::Branch => "MISSING",
        Kind::Text | Kind::Markup => "study",
    }
}

#[test]
fn every_piece_is_searchable() {
    for piece in piece::all() {
        let of =
            |source| format!("/api/v2/studies?filter.advanced=AREA%5B{}%5D{source}&fields=NCTId", piece.name);
        for source in [words(piece.kind), "MISSING"] {
            let answer = ask(&of(source));
            assert_eq!(answer.status, StatusCode::OK, "{} {source}: {}", piece.name, answer.body);
        }
        let both = ["MISSING", "NOT+AREA%5BNAME%5DMISSING"].map(|source| {
            let address = format!(
                "{}&countTotal=true",
                of(source).replace("AREA%5BNAME", &format!("AREA%5B{}", piece.name))
            );
            let address = address.replace(&format!("AREA%5B{0}%5DNOT+AREA", piece.name), "NOT+AREA");
            ask(&address).json()["totalCount"].as_u64().unwrap()
        });
        assert_eq!(both[0] + both[1], DEMO.1.len() as u64, "{}: there or missing", piece.name);
    }
}

#[test]
fn every_area_is_searchable() {
    assert_eq!(area::all().len(), 19);
    for area in area::all() {
        let all_enums = area.pieces.iter().all(|p| matches!(p.piece.kind, Kind::Enum(_)));
        let word = if all_enums { words(area.pieces[0].piece.kind) } else { "study" };
        let answer = ask(&format!("/api/v2/studies?query.term=AREA%5B{}%5D{word}&fields=NCTId", area.name));
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", area.name, answer.body);
        let answer = ask(&format!("/api/v2/studies?fields={}", area.name));
        assert_eq!(answer.status, StatusCode::OK, "{}", area.name);
    }
}

#[test]
fn every_ordered_piece_sorts() {
    for piece in piece::all().iter().filter(|p| p.is_ordered()) {
        for direction in ["", ":asc", ":desc"] {
            let answer = ask(&format!("/api/v2/studies?sort={}{direction}&fields=NCTId", piece.name));
            assert_eq!(answer.status, StatusCode::OK, "{}", piece.name);
        }
    }
}

#[test]
fn every_leaf_of_the_record_has_statistics() {
    for piece in piece::all() {
        let answer = ask(&format!("/api/v2/stats/field/values?fields={}", piece.name));
        let has = piece.is_leaf() && !piece.indexed_only && !matches!(piece.kind, Kind::GeoPoint);
        let expected = if has { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, expected, "{}: {}", piece.name, answer.body);
        if has {
            let row = &answer.json()[0];
            assert_eq!((&row["piece"], &row["field"]), (&piece.name.into(), &piece.path.into()));
            counts_hold(piece.name, row);
        }
    }
    let all = ask("/api/v2/stats/field/values").json();
    assert!(all.as_array().unwrap().len() > 300);
}

/// What has a value and what has none are all studies, where values are told of.
fn counts_hold(name: &str, row: &Value) {
    let all = DEMO.1.len() as u64;
    let missing = row["missingStudiesCount"].as_u64().unwrap();
    let there = format!(
        "/api/v2/studies?filter.advanced=NOT+AREA%5B{name}%5DMISSING&countTotal=true&pageSize=1&fields=NCTId"
    );
    assert_eq!(ask(&there).json()["totalCount"].as_u64().unwrap(), all - missing, "{name}");
    for value in row["topValues"].as_array().into_iter().flatten() {
        assert!(value["studiesCount"].as_u64().unwrap() <= all - missing, "{name}");
    }
}

#[test]
fn every_returned_piece_is_a_field() {
    for piece in piece::all() {
        for name in [piece.name, piece.path] {
            let status = ask(&format!("/api/v2/studies?fields={name}&pageSize=1")).status;
            assert_eq!(status == StatusCode::OK, !piece.indexed_only, "{name}");
        }
    }
}

#[test]
fn the_tables_are_those_of_the_registry() {
    let Some(folder) = testkit::shared("reference") else { return };
    let file = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(ask("/api/v2/studies/enums").json(), file("ctg-enums.json"));
    let flat = |areas: &Value| {
        let mut out = Vec::new();
        for area in areas[0]["areas"].as_array().unwrap() {
            for part in area["parts"].as_array().unwrap() {
                for piece in part["pieces"].as_array().unwrap() {
                    out.push(format!(
                        "{} {} {piece} {}",
                        area["name"],
                        area["param"],
                        part["weight"].as_f64().unwrap()
                    ));
                }
            }
        }
        out
    };
    let areas = ask("/api/v2/studies/search-areas").json();
    assert_eq!(flat(&areas), flat(&file("ctg-search-areas.json")));
    let mut theirs = file("ctg-metadata.json");
    let mut ours = ask("/api/v2/studies/metadata?includeIndexedOnly=true").json();
    strip(&mut theirs);
    strip(&mut ours);
    assert!(ours == theirs, "the trees differ");
}

/// The long descriptions are the registry's own text, and of the labels some were misread where they were collected.
fn strip(nodes: &mut Value) {
    for node in nodes.as_array_mut().into_iter().flatten() {
        if let Some(map) = node.as_object_mut() {
            map.shift_remove("description");
            map.shift_remove("title");
            if let Some(children) = map.get_mut("children") {
                strip(children);
            }
        }
    }
}
