//! `trialist sync`: the registry is followed over the network.

use std::{
    io::Write,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use ::sync::{Error, Event, Options, Pace, Summary, Way};
use anyhow::Result;
use clap::{Args, ValueEnum};

use super::Context;
use crate::{clock, ending::Ending, interrupt::Interrupt, progress::Progress, terminal};

/// Follow a registry: load everything the first time, then only what changed
///
/// The first load takes the zip of all studies (some 3 GB) or goes page by page; later ones ask for what was posted
/// since, compare counts, and once a week all ids. Studies that the registry has no longer are kept and marked, never
/// deleted. A sync may be broken off at any moment; the next goes on from there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Sync {
    /// Site with the registry's API v2; another `trialist serve` will do
    #[arg(long, value_name = "URL", default_value = "https://clinicaltrials.gov")]
    from: String,
    /// Go on for ever: look again every so often (30m, 2h, 1d); an hour if nothing is named
    #[arg(long, value_name = "EVERY", num_args = 0..=1, require_equals = true, default_missing_value = "1h",
        value_parser = span)]
    watch: Option<Duration>,
    /// Load everything again: terms that the registry derives change without a new date
    #[arg(long)]
    full: bool,
    /// Compare all ids even where counts agree
    #[arg(long)]
    sweep: bool,
    /// How everything is loaded
    #[arg(long, value_enum, default_value_t)]
    by: By,
    /// Least seconds between two requests
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    pause: f64,
    /// Tries of a request before it is given up
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=20))]
    attempts: u32,
    /// Seconds after a first failure; they double with each further one, up to five minutes
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, value_parser = seconds)]
    retry: f64,
    /// What the waits are varied by; by default the time of day
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Mark at most this share of the studies as withdrawn at once (and fifty in any case)
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=100))]
    most_gone: u8,
    /// Studies on a page
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=1000))]
    page: u16,
}

const EXAMPLES: &str = "\
Examples:
  trialist sync                                follow ClinicalTrials.gov
  trialist sync --watch=6h                     and look again every six hours
  trialist sync --by pages --pause 2           without the zip, with 2 s between two requests
  trialist sync --from http://registry.local:8080
  trialist sync --full                         everything again

What is wrong with the network is tried again: --attempts times, with growing waits, and as the server asks
(Retry-After). Exit code 1 if it was given up all the same: it says why, and how to go on.";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum By {
    /// The zip where there is one, else the pages
    #[default]
    Auto,
    /// The zip of all studies
    Zip,
    /// Page by page
    Pages,
}

impl Sync {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let interrupt = Interrupt::listen("stopping; Ctrl-C again stops at once");
        let options = self.options();
        loop {
            let ending = match once(context, &options, &interrupt) {
                Err(Error::Stopped) => {
                    terminal::note(
                        "stopped. What was received is kept; the same sync again goes on from there.",
                    );
                    return Ok(Ending::Stopped);
                }
                Err(error) if self.watch.is_none() => return Err(error.into()),
                Err(error) => {
                    terminal::complain(&error.to_string());
                    Ending::Failed
                }
                Ok(ending) => ending,
            };
            let Some(every) = self.watch else { return Ok(ending) };
            if !wait(every, &interrupt) {
                return Ok(Ending::Stopped);
            }
        }
    }

    fn options(&self) -> Options {
        let mut options = Options::new(&self.from, clock::now);
        options.full = self.full;
        options.sweep = self.sweep;
        options.way = match self.by {
            By::Auto => Way::Auto,
            By::Zip => Way::Zip,
            By::Pages => Way::Pages,
        };
        options.page = self.page;
        options.most_gone = self.most_gone;
        options.workers = std::thread::available_parallelism().map_or(1, usize::from);
        options.pace = Pace {
            between: Duration::from_secs_f64(self.pause),
            attempts: self.attempts,
            first: Duration::from_secs_f64(self.retry),
            seed: self.seed.unwrap_or_else(|| clock::now().unsigned_abs()),
            ..Pace::default()
        };
        options
    }
}

/// One sync, with what came of it.
fn once(context: &Context, options: &Options, interrupt: &Interrupt) -> Result<Ending, Error> {
    let started = Instant::now();
    let mut watch = Watch::new(context.quiet);
    let result = ::sync::sync(&context.data, options, &mut |event| {
        watch.see(event);
        if interrupt.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    watch.finish();
    let summary = result?;
    if !context.quiet {
        let text = summed_up(&summary, &options.from, started.elapsed().as_secs_f64());
        let mut out = terminal::output();
        // A reader who has gone has seen enough.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
    if summary.lost > 0 {
        let lost = terminal::counted(summary.lost, "record", "records");
        terminal::complain(&format!("{lost} could not be read; the next sync asks for them again"));
        return Ok(Ending::Failed);
    }
    Ok(Ending::Done)
}

/// Shows what happens.
struct Watch {
    quiet: bool,
    download: Progress,
    pages: Progress,
    import: Progress,
}

impl Watch {
    fn new(quiet: bool) -> Self {
        Self {
            quiet,
            download: Progress::new("downloading", "bytes", quiet),
            pages: Progress::new("asking", "studies", quiet),
            import: Progress::new("importing", "records", quiet),
        }
    }

    fn see(&mut self, event: Event<'_>) {
        match event {
            Event::Pulse => {}
            Event::Step(what) if !self.quiet => {
                self.finish();
                terminal::note(what);
                *self = Self::new(self.quiet);
            }
            Event::Step(_) => {}
            Event::Download { done, total } => self.download.update(done, total, done),
            Event::Pages { done, total } => self.pages.update(done, total, done),
            Event::Import(registry::Event::Progress { read, total, records }) => {
                self.pages.finish();
                self.download.finish();
                self.import.update(read, total, records);
            }
            Event::Import(registry::Event::Issue(issue)) if issue.kind.loses_records() => {
                terminal::warn(&issue.to_string());
            }
            Event::Import(_) => {}
            Event::Waiting { time, why } if !self.quiet => {
                terminal::note(&format!("{why}; tried again in {:.1} s", time.as_secs_f64()));
            }
            Event::Waiting { .. } => {}
        }
    }

    fn finish(&mut self) {
        self.download.finish();
        self.pages.finish();
        self.import.finish();
    }
}

fn summed_up(summary: &Summary, from: &str, seconds: f64) -> String {
    let counts = &summary.counts;
    let lines = [
        ("added", counts.added, "new studies"),
        ("changed", counts.changed, "new versions that now speak for their studies"),
        ("kept", counts.kept, "new versions kept behind better ones"),
        (
            "withdrawn",
            summary.gone,
            "studies that the registry has no longer: kept, marked, not found any more",
        ),
        ("back", summary.back, "studies that it has again"),
    ];
    let mut out = String::new();
    for (name, count, meaning) in lines.into_iter().filter(|(_, count, _)| *count > 0) {
        out += &format!("{:>9}  {name:<10} {meaning}\n", terminal::grouped(count));
    }
    if out.is_empty() {
        out += "nothing changed\n";
    }
    out += &format!("data of {} from {from}; {seconds:.1} s\n", summary.stamp);
    if summary.moving {
        out += "the registry's data were still changing: the next sync goes on\n";
    }
    out
}

/// Waits so long; false if somebody asks to stop.
fn wait(time: Duration, interrupt: &Interrupt) -> bool {
    let started = Instant::now();
    while started.elapsed() < time {
        if interrupt.asked() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    true
}

/// `30m`, `2h`, `1d`, `45s`.
fn span(text: &str) -> Result<Duration, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err("give a number and s, m, h or d: 30m".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "give a number and s, m, h or d: 30m".to_owned())?;
    match number.checked_mul(factor) {
        Some(seconds @ 1..=31_536_000) => Ok(Duration::from_secs(seconds)),
        _ => Err("from one second to a year".to_owned()),
    }
}

/// Seconds from 0 to an hour.
fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "give seconds: 0.5".to_owned())?;
    if (0.0..=3600.0).contains(&number) { Ok(number) } else { Err("from 0 to 3600 seconds".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        assert_eq!(span("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(span("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["", "h", "2", "2w", "0s", "99999999999999999999d", "400d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
        assert!(seconds("-1").is_err() && seconds("NaN").is_err() && seconds("0").is_ok());
    }
}
