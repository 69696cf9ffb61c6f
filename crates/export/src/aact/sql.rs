//! The tables in SQL: how they are made, and what is made over them once they are full.

use std::sync::LazyLock;

use super::schema::{Kind, Table, tables};

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Postgres,
    Sqlite,
}

/// The statement that makes a table; `name` as it is to stand in it.
///
/// Keys are wider than AACT's, and nothing is declared as never null that a record may leave open.
pub(super) fn create(table: &Table, name: &str, dialect: Dialect) -> String {
    let column = |column: &super::schema::Column| {
        let kind = match (column.kind, dialect) {
            (Kind::Key, Dialect::Postgres) => "bigint",
            (Kind::Key, Dialect::Sqlite) => "integer",
            _ => column.declared,
        };
        let primary = column.name == "id" || (table.name == "studies" && column.name == "nct_id");
        let primary = if primary { " PRIMARY KEY" } else { "" };
        format!("\"{}\" {kind}{primary}", column.name)
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("CREATE TABLE {name} (\n  {}\n)", columns.join(",\n  "))
}

const INDEXES: &str = include_str!("../../data/aact-indexes.tsv");

/// Table and columns of every index besides the primary keys.
static INDEXED: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let by_study = tables().iter().filter(|table| table.name != "studies");
    let by_study = by_study.filter(|table| table.columns.iter().any(|column| column.name == "nct_id"));
    let mut all: Vec<(&str, Vec<&str>)> = by_study.map(|table| (table.name, vec!["nct_id"])).collect();
    let parents = |table: &'static Table| {
        let keys = table.columns.iter().filter(|column| column.kind == Kind::Key && column.name != "id");
        keys.filter(|column| column.derivable).map(|column| (table.name, vec![column.name]))
    };
    all.extend(tables().iter().flat_map(parents));
    for line in INDEXES.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let Some((table, columns)) = line.split_once('\t') else { panic!("aact-indexes.tsv: `{line}`") };
        let index = (table, columns.split(',').collect());
        if !all.contains(&index) {
            all.push(index);
        }
    }
    all
});

/// The statements that make the indexes; `prefix` stands before the names of the tables, such as `ctgov.`, and where
/// the dialect needs it not before those of the indexes.
pub(super) fn indexes(prefix: &str) -> impl Iterator<Item = String> {
    INDEXED.iter().map(move |(table, columns)| {
        let name = format!("index_{table}_on_{}", columns.join("_and_"));
        let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        format!("CREATE INDEX \"{name}\" ON {prefix}\"{table}\" ({})", columns.join(", "))
    })
}

/// AACT's views of one row a study: view, table, column, and what else must hold.
const VIEWS: [(&str, &str, &str, &str); 18] = [
    ("all_browse_conditions", "browse_conditions", "mesh_term", "true"),
    ("all_browse_interventions", "browse_interventions", "mesh_term", "true"),
    ("all_cities", "facilities", "city", "true"),
    ("all_conditions", "conditions", "name", "true"),
    ("all_countries", "countries", "name", "removed IS NOT true"),
    ("all_design_outcomes", "design_outcomes", "measure", "true"),
    ("all_facilities", "facilities", "name", "true"),
    ("all_group_types", "design_groups", "group_type", "true"),
    ("all_id_information", "id_information", "id_value", "true"),
    ("all_intervention_types", "interventions", "intervention_type", "true"),
    ("all_interventions", "interventions", "name", "true"),
    ("all_keywords", "keywords", "name", "true"),
    ("all_overall_official_affiliations", "overall_officials", "affiliation", "true"),
    ("all_overall_officials", "overall_officials", "name", "true"),
    ("all_primary_outcome_measures", "design_outcomes", "measure", "outcome_type = 'primary'"),
    ("all_secondary_outcome_measures", "design_outcomes", "measure", "outcome_type = 'secondary'"),
    ("all_sponsors", "sponsors", "name", "true"),
    ("all_states", "facilities", "state", "true"),
];

/// The statements that make the views: the different values of each study, joined by bars.
pub(super) fn views(prefix: &str, dialect: Dialect) -> impl Iterator<Item = String> {
    let joined = move |column: &str, from: &str| match dialect {
        Dialect::Postgres => {
            format!(
                "SELECT nct_id, string_agg(DISTINCT \"{column}\", '|') AS names FROM {from} GROUP BY nct_id"
            )
        }
        // SQLite joins different values only by commas.
        Dialect::Sqlite => format!(
            "SELECT nct_id, group_concat(\"{column}\", '|') AS names FROM \
             (SELECT DISTINCT nct_id, \"{column}\" FROM {from} ORDER BY nct_id, \"{column}\") GROUP BY nct_id"
        ),
    };
    let all = VIEWS.iter().map(move |(view, table, column, holds)| {
        let from = format!("{prefix}\"{table}\" WHERE {holds}");
        format!("CREATE VIEW {prefix}\"{view}\" AS {}", joined(column, &from))
    });
    all.chain(std::iter::once(format!(
        "CREATE VIEW {prefix}\"categories\" AS SELECT id, nct_id, name, created_at, updated_at, \"grouping\", \
         study_search_id FROM {prefix}\"search_results\""
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_and_view_is_of_columns_that_there_are() {
        let views = VIEWS.iter().map(|(_, table, column, _)| (*table, vec![*column]));
        for (table, columns) in INDEXED.iter().cloned().chain(views) {
            let table = tables().iter().find(|t| t.name == table).unwrap();
            for column in columns {
                assert!(table.columns.iter().any(|c| c.name == column), "{}.{column}", table.name);
            }
        }
    }
}
