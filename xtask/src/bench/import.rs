//! An import in a process of its own, as the command does it.

use std::{ops::ControlFlow, path::Path};

use registry::{Event, Import};

/// Imports a file into a data folder with two workers.
pub fn import(data: &Path, zip: &Path) -> anyhow::Result<()> {
    let import = Import {
        paths: vec![zip.to_owned()],
        source: None,
        received: 1_786_000_000,
        strict: false,
        workers: 2,
        limits: ingest::Limits::default(),
    };
    let summary = registry::import(data, &import, &mut |event| {
        if let Event::Issue(issue) = event {
            eprintln!("{issue}");
        }
        ControlFlow::Continue(())
    })?;
    println!("{summary:?}");
    Ok(())
}
