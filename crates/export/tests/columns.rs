//! Our table of AACT's tables against the published ones.
#![allow(clippy::unwrap_used)]

use export::aact::schema;

/// A line of the published description: `- **name** (n): column:type !, ...`.
fn read(line: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = line.strip_prefix("- **")?.split_once("** (")?;
    let (_, columns) = rest.split_once("): ")?;
    Some((name.to_owned(), columns.split(", ").map(str::to_owned).collect()))
}

#[test]
fn names_order_and_types_are_those_published() {
    let Some(path) = testkit::shared("reference/aact-schema.md") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("## Tables").unwrap();
    let (section, rest) = rest.split_once("## Views").unwrap();
    let mut published: Vec<(String, Vec<String>)> = section.lines().filter_map(read).collect();
    published.sort();
    let ours: Vec<(String, Vec<String>)> = schema::tables()
        .iter()
        .map(|table| {
            let column = |c: &schema::Column| {
                format!("{}:{}{}", c.name, c.declared, if c.not_null { " !" } else { "" })
            };
            (table.name.to_owned(), table.columns.iter().map(column).collect())
        })
        .collect();
    let plain = |columns: &[String]| -> Vec<String> {
        columns.iter().map(|c| c.replace(" without time zone", "")).collect()
    };
    assert_eq!(ours.len(), published.len());
    for ((name, columns), (published, theirs)) in ours.iter().zip(&published) {
        assert_eq!(name, published);
        assert_eq!(columns, &plain(theirs), "{name}");
    }
    let (views, _) = rest.split_once("The `all_*` views").unwrap();
    assert!(views.contains("all_conditions"));
}

#[test]
fn what_cannot_be_derived_is_told_in_the_documentation() {
    let text = std::fs::read_to_string(testkit::root().join("docs/exports.md")).unwrap();
    for table in schema::tables() {
        if !table.derivable() {
            assert!(text.contains(&format!("`{}`", table.name)), "{} is not told", table.name);
            continue;
        }
        for column in table.columns.iter().filter(|column| !column.derivable) {
            let name = format!("`{}.{}`", table.name, column.name);
            assert!(text.contains(&name), "{name} is not told");
        }
    }
}
