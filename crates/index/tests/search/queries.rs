//! Queries made of the words and values that occur in some studies, in every form the language has.

use std::collections::BTreeSet;

use model::{Kind, Piece, derived, piece};
use proptest::{
    prelude::{Just, Strategy, prop_oneof},
    sample::select,
};
use query::Request;
use serde_json::Value;

use crate::corpus::Studies;

/// Queries without operators between them.
pub struct Leaves {
    /// All of them.
    pub anywhere: Vec<String>,
    /// Those that may stand inside `SEARCH[Location]`.
    pub in_site: Vec<String>,
}

/// Queries made of every `step`th value of every piece that the studies have.
pub fn leaves(studies: &Studies, step: usize) -> Leaves {
    let mut made = BTreeSet::new();
    let mut seen = vec![0usize; piece::all().len()];
    for (n, (id, study)) in studies.0.iter().enumerate() {
        if n % step == 0 {
            made.insert(format!("{id}, NCT00000000"));
            made.insert(format!("AREA[NCTId]{id}"));
        }
        piece::walk(study, &mut |leaf| {
            let count = &mut seen[usize::from(leaf.piece.id)];
            // The first values of every piece, then fewer and fewer.
            if count.is_multiple_of(step) && (*count / step).is_power_of_two() || *count == 0 {
                of_value(leaf.piece, leaf.value, *count / step, &mut made);
            }
            *count += 1;
        });
    }
    for piece in piece::all() {
        made.insert(format!("AREA[{}]MISSING", piece.name));
        // The length of other branches is only known from below by what stands in them.
        if piece.is_leaf() && !piece.indexed_only || derived::counter_of(piece).is_some() {
            made.insert(format!("AREA[{}:size]RANGE[1, 2]", piece.name));
        }
    }
    made.extend(
        ["ALL", "MISSING", "AREA[NumLocations]RANGE[2, MAX]", "AREA[NumLocationContacts]1"]
            .map(str::to_owned),
    );
    let reads = |text: &String| Request { term: Some(text.clone()), ..Request::default() }.resolve().is_ok();
    let anywhere: Vec<String> = made.into_iter().filter(reads).collect();
    let in_site =
        anywhere.iter().filter(|text| reads(&format!("SEARCH[Location]({text})"))).cloned().collect();
    Leaves { anywhere, in_site }
}

/// Forms of a query that find this value. `turn` chooses among the forms of text.
fn of_value(piece: &'static Piece, value: &Value, turn: usize, made: &mut BTreeSet<String>) {
    let name = piece.name;
    match (piece.kind, value) {
        (Kind::Text | Kind::Markup, Value::String(text)) => of_text(name, text, turn, made),
        (Kind::Enum(_), Value::String(wire)) => {
            made.extend([format!("AREA[{name}]\"{wire}\""), wire.replace('_', " ").to_lowercase()]);
        }
        (Kind::Boolean, yes) => made.extend([format!("AREA[{name}]{yes}")]),
        (Kind::Date, Value::String(date)) if date.len() >= 4 && date.is_ascii() => {
            let (day, year) = (date.split('T').next().unwrap_or(date), &date[..4]);
            let month = &date[..date.len().min(7)];
            made.extend([
                format!("AREA[{name}]{year}"),
                format!("AREA[{name}]RANGE[{day}, MAX]"),
                format!("AREA[{name}]RANGE[MIN, {month}]"),
                format!("TILT[{name}](cancer OR pain OR diabetes)"),
            ]);
        }
        (Kind::Time, Value::String(age)) => {
            made.extend([format!("AREA[{name}]{age}"), format!("AREA[{name}]RANGE[MIN, {age}]")]);
        }
        (Kind::Integer | Kind::Number, number) => {
            let number = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
            made.extend([format!("AREA[{name}]{number}"), format!("AREA[{name}]RANGE[{number}, MAX]")]);
        }
        (Kind::GeoPoint, point) => {
            for radius in ["1km", "300mi", "4000km"] {
                made.insert(format!("DISTANCE[{},{},{radius}]", point["lat"], point["lon"]));
            }
        }
        _ => {}
    }
}

/// Runs of one to four words of a text, in the forms that text takes.
fn of_text(name: &str, text: &str, turn: usize, made: &mut BTreeSet<String>) {
    let plain = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || "-.'/".contains(c));
    let words: Vec<&str> = text.split_whitespace().filter(plain).collect();
    if words.is_empty() {
        return;
    }
    let start = turn * 7 % words.len();
    let run = words[start..words.len().min(start + 1 + turn % 4)].join(" ");
    let (head, tail) = (words[0], words[words.len() - 1]);
    let whole = text.replace(['\\', '"'], " ");
    made.extend([
        run.to_lowercase(),
        format!("\"{run}\""),
        format!("EXPANSION[Lossy](\"{head}\" OR {})", tail.to_lowercase()),
        format!("AREA[{name}]{}", run.to_lowercase()),
        format!("AREA[{name}]\"{run}\""),
        format!("AREA[{name}]EXPANSION[None]\"{run}\""),
        format!("AREA[{name}]EXPANSION[None]\"{}\"", run.to_lowercase()),
        format!("AREA[{name}]EXPANSION[Term]\"{run}\""),
        format!("AREA[{name}]EXPANSION[Concept]{}", run.to_lowercase()),
        format!("AREA[{name}]EXPANSION[Lossy]{} {}", head.to_lowercase(), tail.to_lowercase()),
        format!("AREA[{name}]COVERAGE[FullMatch]\"{run}\""),
        format!("AREA[{name}]COVERAGE[StartsWith]\"{head}\""),
        format!("AREA[{name}]COVERAGE[EndsWith]EXPANSION[Term]\"{tail}\""),
        format!("AREA[{name}]COVERAGE[EndsWith]EXPANSION[None]\"{tail}\""),
        format!("AREA[{name}]RANGE[\"{run}\", MAX]"),
        format!("AREA[{name}]RANGE[MIN, \"{head}\"]"),
    ]);
    if whole.len() < 120 {
        made.insert(format!("AREA[{name}]COVERAGE[FullMatch]\"{whole}\""));
        made.insert(format!("AREA[{name}]COVERAGE[FullMatch]EXPANSION[None]\"{whole}\""));
    }
}

/// The leaves under AND, OR, NOT, TILT and SEARCH, three deep.
pub fn nested(leaves: Leaves) -> impl Strategy<Value = String> {
    let site = select(leaves.in_site);
    let sites = prop_oneof![
        site.clone(),
        (site.clone(), site.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
        (site.clone(), site.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
        (site.clone(), site).prop_map(|(a, b)| format!("({a}) AND NOT ({b})")),
    ];
    let leaf = prop_oneof![
        6 => select(leaves.anywhere),
        2 => sites.prop_map(|inner| format!("SEARCH[Location]({inner})")),
        1 => Just("ALL".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND NOT ({b})")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            inner.prop_map(|a| format!("TILT[StartDate]({a})")),
        ]
    })
}
