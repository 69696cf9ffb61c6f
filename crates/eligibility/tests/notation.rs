//! The notation's JSON survives being read and written.

use eligibility::notation;
use serde_json::Value;

#[test]
fn the_trees_of_the_seed_pages_come_back_as_they_were() {
    let Some(path) = testkit::shared("reference/seed-criteria-gold.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["expr"].is_null() {
            continue;
        }
        let tree = notation::read(&line["expr"]).unwrap_or_else(|e| panic!("{}: {e}", line["source"]));
        assert_eq!(notation::node(&tree), line["expr"]);
        count += 1;
    }
    assert!(count > 70);
}
