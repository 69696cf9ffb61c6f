//! Which headings of MeSH say the same as a row of the catalogue: `vocabulary/variable-mesh.tsv`.

use std::sync::LazyLock;

use crate::ConceptId;
use crate::rows::{Map, tsv};

static TABLE: &str = include_str!("../../../../vocabulary/variable-mesh.tsv");

static HEADINGS: LazyLock<Map<Vec<ConceptId>>> = LazyLock::new(|| {
    let mut map = Map::new();
    for cells in tsv(TABLE) {
        let [id, mesh, ..] = *cells else { continue };
        let ids = mesh.split(';').filter_map(|id| id.parse().ok()).collect();
        map.insert(id.as_bytes().to_vec(), ids);
    }
    map
});

/// The headings of MeSH that say what the variable of this id says; none if it has no heading.
pub fn headings(id: &str) -> &'static [ConceptId] {
    HEADINGS.get(id.as_bytes()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_variable_and_its_headings_have_the_names_beside_them() {
        for cells in tsv(TABLE) {
            let [id, mesh, names] = *cells else { panic!("{cells:?}") };
            assert!(crate::variable::by_id(id).is_some(), "{id}");
            let (ids, names) = (mesh.split(';'), names.split("; "));
            let found: Vec<Option<&str>> = ids.map(|id| crate::name(crate::by_id(id)?)).collect();
            assert_eq!(found, names.map(Some).collect::<Vec<_>>(), "{id}");
        }
        assert_eq!(headings("t2dm"), [crate::by_name("Type 2 Diabetes Mellitus").unwrap()]);
        assert!(headings("hba1c").is_empty());
    }
}
