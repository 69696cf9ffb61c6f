//! How quickly records are compiled and checked, and what is found in them:
//! `cargo run --release -p protocol --example measure -- FILE...` (whatever `trialist import` reads). With `--json`
//! before the files it prints each protocol with its findings as one line of JSON instead.
use std::{
    collections::BTreeMap,
    io::{self, BufWriter, ErrorKind, Write},
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use ingest::{Found, Limits};
use model::Study;
use protocol::{
    checks,
    protocol::{Role, Status},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    // Whoever reads may have read enough.
    match run(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        done => done,
    }
}

fn run(out: &mut impl Write) -> io::Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    let print = args.next_if_eq("--json").is_some();
    let studies = studies(args);
    if print {
        for study in &studies {
            let (protocol, findings) = checks::study(study);
            writeln!(out, "{}", protocol::json::document(study, &protocol, &findings))?;
        }
        return Ok(());
    }
    let (clock, processor) = (Instant::now(), processor());
    for study in &studies {
        std::hint::black_box(checks::study(study));
    }
    let spent = self::processor().map_or(clock.elapsed(), |end| end - processor.unwrap_or_default());
    let seconds = spent.as_secs_f64();
    writeln!(
        out,
        "{} studies in {seconds:.2} s of one processor: {:.0} a second",
        studies.len(),
        studies.len() as f64 / seconds
    )?;
    let read: Vec<_> = studies.iter().map(checks::study).collect();
    let mut counts: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut count = |what: String, study: &Study| {
        let (n, examples) = counts.entry(what).or_default();
        *n += 1;
        if examples.len() < 4 {
            examples.push(study.id().to_string());
        }
    };
    for (study, (protocol, findings)) in studies.iter().zip(&read) {
        let mut ids: Vec<&str> = findings.iter().map(|f| f.check).collect();
        ids.dedup();
        ids.iter().for_each(|id| count(format!("finding {id}"), study));
        let experimental = |status: Status| {
            protocol.doses.iter().any(|d| d.role == Role::Experimental && d.status == status)
        };
        for status in [Status::Stated, Status::Derived, Status::Assumed, Status::Missing] {
            if experimental(status) {
                count(format!("dose {}", status.as_str()), study);
            }
        }
        count(format!("ratio {}", protocol.ratio.status.as_str()), study);
        if !protocol.schedule.is_empty() {
            count("schedule".to_owned(), study);
        }
    }
    for (what, (n, examples)) in counts {
        writeln!(
            out,
            "{n:>7} {:>5.1} %  {what:<40} {}",
            n as f64 * 100.0 / studies.len() as f64,
            examples.join(" ")
        )?;
    }
    cells(out, "cells per kg", &read, |per| per == Some("kg"))?;
    cells(out, "cells at a time", &read, |per| matches!(per, None | Some("injection" | "infusion" | "dose")))
}

/// The spread of doses of cells, each amount of a study once.
fn cells(
    out: &mut impl Write,
    what: &str,
    read: &[(protocol::Protocol, Vec<checks::Finding>)],
    of: impl Fn(Option<&str>) -> bool,
) -> io::Result<()> {
    let mut known = std::collections::BTreeSet::new();
    for (protocol, _) in read {
        let sure = protocol.doses.iter().filter(|d| d.status != Status::Assumed);
        let amounts =
            sure.filter_map(|d| d.amount.as_ref()).filter(|a| a.unit == "cells" && of(a.per.as_deref()));
        known.extend(amounts.map(|a| (a.value, protocol.id)));
    }
    let values: Vec<_> = known.iter().map(|(value, _)| value).collect();
    let studies: std::collections::BTreeSet<_> = known.iter().map(|(_, id)| id).collect();
    let at = |share: f64| {
        values.get((values.len() as f64 * share) as usize).map(ToString::to_string).unwrap_or_default()
    };
    writeln!(
        out,
        "{what}: {} doses of {} studies; 5 % below {}, half below {}, 95 % below {}",
        values.len(),
        studies.len(),
        at(0.05),
        at(0.5),
        at(0.95)
    )
}

/// The time this thread had a processor, where the system tells it (Linux).
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn studies(paths: impl Iterator<Item = String>) -> Vec<Study> {
    let mut out = Vec::new();
    for path in paths {
        let _ = ingest::read(Path::new(&path), Limits::default(), &mut |found| {
            if let Found::Record(raw) = found
                && let Ok(converted) = ingest::convert(&raw)
            {
                out.extend(Study::new(converted.study));
            }
            ControlFlow::Continue(())
        });
    }
    out
}
