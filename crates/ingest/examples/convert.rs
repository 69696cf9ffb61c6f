//! Prints what the files given become: a record and its issues each.

use std::{ops::ControlFlow, path::Path};

use ingest::{Found, Limits};

fn main() {
    for file in std::env::args().skip(1) {
        let _ = ingest::read(Path::new(&file), Limits::default(), &mut |found| {
            match found {
                Found::Record(raw) => match ingest::convert(&raw) {
                    Ok(converted) => {
                        println!("{}", serde_json::to_string_pretty(&converted.study).unwrap_or_default());
                        converted.issues.iter().for_each(|issue| println!("  {issue}"));
                    }
                    Err(issue) => println!("{issue}"),
                },
                Found::Issue(issue) => println!("{issue}"),
                Found::Progress { .. } => {}
            }
            ControlFlow::Continue(())
        });
    }
}
