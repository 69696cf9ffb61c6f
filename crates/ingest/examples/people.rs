//! Who is in files of people: how many, what is known by kind and variable, what was not understood; and how fast.
//!
//! `cargo run --release -p ingest --example people -- FILE_OR_FOLDER [--json]`
#![allow(clippy::print_stdout)]

use std::{collections::BTreeMap, ops::ControlFlow, path::Path, time::Instant};

use ingest::{
    Limits,
    people::{FoundPerson, read_people_at},
};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the first argument is a file or folder");
    let json = arguments.next().as_deref() == Some("--json");
    let (mut people, mut counts, mut issues) = (0_u64, BTreeMap::<String, u64>::new(), 0_u64);
    let start = Instant::now();
    let _ = read_people_at(Path::new(&path), None, Limits::default(), &mut |found| {
        match found {
            FoundPerson::Person(subject, _) => {
                people += 1;
                if json {
                    println!("{}", serde_json::to_string(&subject).expect("a subject is JSON"));
                }
                for fact in &subject.facts {
                    let variable = fact.what.variable.as_deref().unwrap_or("-");
                    *counts.entry(format!("kind {:?}", fact.kind)).or_default() += 1;
                    *counts.entry(format!("variable {variable}")).or_default() += 1;
                    let concept = if fact.what.concepts.is_empty() { "without" } else { "with" };
                    *counts.entry(format!("{:?} {concept} a concept", fact.kind)).or_default() += 1;
                    for problem in &fact.problems {
                        *counts.entry(format!("problem {variable} {problem:?}")).or_default() += 1;
                    }
                }
                for problem in &subject.problems {
                    *counts.entry(format!("problem of a person {problem:?}")).or_default() += 1;
                }
            }
            FoundPerson::Issue(issue) => {
                issues += 1;
                println!("{issue}");
            }
            FoundPerson::NotUnderstood(missed) => {
                counts.extend(
                    missed.into_iter().map(|(what, count)| (format!("not understood: {what}"), count)),
                );
            }
        }
        ControlFlow::Continue(())
    });
    let seconds = start.elapsed().as_secs_f64();
    if !json {
        for (what, count) in &counts {
            println!("{count:8} {what}");
        }
        println!("{people} people, {issues} issues, {seconds:.2} s");
    }
}
