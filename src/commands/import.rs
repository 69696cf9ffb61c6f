//! `trialist import`: files, folders and streams into the registry, with a summary of what came of them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    path::PathBuf,
    time::Instant,
};

use anyhow::{Context as _, Result};
use clap::Args;
use model::{Issue, IssueKind};
use registry::{Event, Summary};

use super::Context;
use crate::{clock, ending::Ending, interrupt::Interrupt, progress::Progress, terminal};

/// Bytes in a mebibyte, for `--max-record`.
const MEBI: u64 = 1 << 20;

/// Read registry records into the registry
///
/// Formats are recognised by content, whatever the files are called: ClinicalTrials.gov API v2 JSON (a study, a
/// page, NDJSON, the bulk zip), legacy XML, API v1 full studies and study fields, captured pages of four aggregator
/// sites; within folders, .zip, .gz and .zst. Every version of a record is kept with its source. Importing a file
/// again changes nothing. What is good is kept, whatever happens to the rest.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trialist import ctg-studies.json.zip\n  trialist import records/ page.txt\n  \
    zcat studies.ndjson.gz | trialist import -\n  trialist import dump.zip --issues issues.jsonl\n\n\
    Exit code 1 if records were lost: what they are is told, everything else is imported."
)]
pub struct Import {
    /// Files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Stop at the first record that is lost
    #[arg(long)]
    strict: bool,
    /// Write every issue as a line of JSON to a file, or to standard output (`-`)
    #[arg(long, value_name = "FILE")]
    issues: Option<PathBuf>,
    /// Threads that convert; by default as many as the machine has
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Largest record that is accepted, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=4096))]
    max_record: u64,
}

impl Import {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let interrupt = Interrupt::listen("stopping after the records under way; Ctrl-C again stops at once");
        let mut watch = Watch::new(self.issues.as_deref(), context.quiet, interrupt)?;
        let started = Instant::now();
        let result = registry::import(&context.data, &self.asked(), &mut |event| watch.see(event));
        let seconds = started.elapsed().as_secs_f64();
        watch.progress.finish();
        watch.close()?;
        match result {
            Err(registry::Error::Stopped) => Ok(watch.stopped(self.strict)),
            Err(error) => Err(error.into()),
            Ok(summary) => {
                if !context.quiet {
                    watch.sum_up(&summary, seconds)?;
                }
                Ok(watch.lost(&summary))
            }
        }
    }

    fn asked(&self) -> registry::Import {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        registry::Import {
            paths: self.paths.clone(),
            source: None,
            received: clock::now(),
            strict: self.strict,
            workers: self.threads.unwrap_or(threads),
            limits: ingest::Limits { record_bytes: self.max_record * MEBI },
        }
    }
}

/// Sees what happens during an import.
struct Watch {
    progress: Progress,
    repair: Progress,
    interrupt: Interrupt,
    issues: Option<Box<dyn Write>>,
    /// Whether the issues go to standard output, so that nothing else may.
    issues_on_output: bool,
    trouble: Option<io::Error>,
    /// How many of each kind, and the first.
    kinds: BTreeMap<IssueKind, (u64, Issue)>,
    first_lost: Option<Issue>,
}

impl Watch {
    fn new(issues: Option<&std::path::Path>, quiet: bool, interrupt: Interrupt) -> Result<Self> {
        let issues_on_output = issues.is_some_and(|path| path.as_os_str() == "-");
        let issues: Option<Box<dyn Write>> = match issues {
            None => None,
            Some(_) if issues_on_output => Some(Box::new(terminal::output())),
            Some(path) => {
                let file = File::create(path);
                let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
                Some(Box::new(BufWriter::new(file)))
            }
        };
        Ok(Self {
            progress: Progress::new("importing", "records", quiet),
            repair: Progress::new("index behind the store: repairing", "studies", quiet),
            interrupt,
            issues,
            issues_on_output,
            trouble: None,
            kinds: BTreeMap::new(),
            first_lost: None,
        })
    }

    fn see(&mut self, event: Event<'_>) -> ControlFlow<()> {
        match event {
            Event::Repairing(done, total) => self.repair.update(done, total, done),
            Event::Progress { read, total, records } => {
                self.repair.finish();
                self.progress.update(read, total, records);
            }
            Event::Issue(issue) => self.note(issue),
            Event::File(..) => {}
        }
        if self.interrupt.asked() || self.trouble.is_some() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn note(&mut self, issue: &Issue) {
        if issue.kind.loses_records() && self.first_lost.is_none() {
            self.first_lost = Some(issue.clone());
        }
        self.kinds.entry(issue.kind).or_insert_with(|| (0, issue.clone())).0 += 1;
        if let Some(out) = &mut self.issues {
            let written = serde_json::to_writer(&mut *out, issue).map_err(io::Error::from);
            self.trouble = written.and_then(|()| out.write_all(b"\n")).err();
        }
    }

    /// Ends the list of issues.
    fn close(&mut self) -> Result<()> {
        if let Some(error) = self.trouble.take() {
            return Err(error).context("the issues cannot be written; the import was stopped");
        }
        if let Some(mut out) = self.issues.take() {
            out.flush().context("the issues cannot be written")?;
        }
        Ok(())
    }

    fn stopped(&self, strict: bool) -> Ending {
        match &self.first_lost {
            Some(issue) if strict && !self.interrupt.asked() => {
                terminal::complain(&format!(
                    "{issue}\nStopped there (--strict). What was read before is kept."
                ));
                Ending::Failed
            }
            _ => {
                terminal::note("stopped. What was read is kept; the same import again goes on from there.");
                Ending::Stopped
            }
        }
    }

    fn lost(&self, summary: &Summary) -> Ending {
        let Some(first) = &summary.first_lost else { return Ending::Done };
        let more = match summary.lost {
            1 => String::new(),
            n => format!("\n... and {} more; --issues FILE lists all", terminal::grouped(n - 1)),
        };
        terminal::complain(&format!("not everything could be read:\n{first}{more}"));
        Ending::Failed
    }

    fn sum_up(&self, summary: &Summary, seconds: f64) -> Result<()> {
        let text = summed_up(summary, seconds) + &self.issues_by_kind();
        if self.issues_on_output {
            terminal::note(text.trim_end());
            return Ok(());
        }
        let mut out = terminal::output();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    fn issues_by_kind(&self) -> String {
        if self.kinds.is_empty() {
            return String::new();
        }
        let mut out = String::from("issues, by kind, with the first of each:\n");
        for (kind, (count, first)) in &self.kinds {
            let lost = if kind.loses_records() { " (records lost)" } else { "" };
            let count = terminal::grouped(*count);
            out += &format!("{count:>9}  {kind}{lost}\n");
            out += &format!("           {}: {}\n", first.place, terminal::one_line(&first.message));
        }
        out
    }
}

/// The closing summary, without the issues.
fn summed_up(summary: &Summary, seconds: f64) -> String {
    let counts = &summary.counts;
    let records = counts.records();
    let mut out = String::new();
    if counts.added + counts.changed + counts.kept == 0 {
        out += "nothing changed: ";
        out += match (summary.known_files, summary.files, records) {
            (1.., 0, _) => "every file was imported before\n",
            (_, _, 0) => "no record was found\n",
            _ => "every record was known\n",
        };
    }
    let lines = [
        ("added", counts.added, "new studies"),
        ("changed", counts.changed, "new versions that now speak for their studies"),
        ("kept", counts.kept, "new versions kept behind better ones"),
        ("unchanged", counts.unchanged, "records known already"),
    ];
    for (name, count, meaning) in lines {
        out += &format!("{:>9}  {name:<10} {meaning}\n", terminal::grouped(count));
    }
    let files = terminal::counted(summary.files, "file", "files");
    let known = match summary.known_files {
        0 => String::new(),
        n => format!(", {} known from before", terminal::counted(n, "file", "files")),
    };
    let rate = (records as f64 / seconds.max(0.001)) as u64;
    let records = terminal::counted(records, "record", "records");
    out + &format!(
        "{records} of {files} read{known}; {seconds:.1} s, {} records/s\n",
        terminal::grouped(rate)
    )
}
