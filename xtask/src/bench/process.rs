//! A command run as a whole process: what it took in time, processor and memory.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// What one run took.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of processor, user and system, over all threads.
    pub cpu: f64,
    /// Largest resident memory, in bytes.
    pub peak: u64,
}

/// How often memory is looked at. `VmHWM` is the kernel's own maximum, so only the last moments can be missed.
const LOOK: Duration = Duration::from_millis(20);
/// Clock ticks in a second, the unit of `/proc/*/stat`: 100 on every Linux of today.
const TICKS: f64 = 100.0;

/// Runs a command to its end; its standard output comes back. Fails if it does.
pub fn run(command: &mut Command) -> anyhow::Result<(Cost, String)> {
    let what = format!("{command:?}");
    let before = children_cpu();
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {what}"))?;
    let mut stdout = child.stdout.take().context("standard output is a pipe")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stdout, &mut text).map(|_| text)
    });
    let mut peak = 0;
    let status = loop {
        peak = peak.max(high_water(child.id()));
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(LOOK),
        }
    };
    let cost = Cost { wall: start.elapsed().as_secs_f64(), cpu: children_cpu() - before, peak };
    let text = reader.join().map_err(|_| anyhow::anyhow!("the reader of {what} panicked"))??;
    if !status.success() {
        bail!("{what} ended with {status}\n{text}");
    }
    Ok((cost, text))
}

/// Seconds of processor of all children that have ended; 0 where there is no `/proc`.
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    ticks(&stat, 13) + ticks(&stat, 14)
}

/// Seconds of processor of a process that is running; 0 where there is no `/proc`.
pub fn cpu_of(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    ticks(&stat, 11) + ticks(&stat, 12)
}

/// A field of `/proc/*/stat`, counted after the name of the process (which may hold blanks), in seconds.
fn ticks(stat: &str, field: usize) -> f64 {
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().nth(field).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / TICKS
}

/// The largest resident memory of a running process so far, in bytes; 0 if it has ended.
pub fn high_water(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_measured() {
        let (cost, text) =
            run(Command::new("sh")
                .args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done"]))
            .unwrap();
        assert_eq!(text, "done\n");
        assert!(cost.wall > 0.0 && cost.peak > 100_000, "{cost:?}");
        assert!(cost.cpu > 0.0 && cost.cpu <= cost.wall * 2.0 + 0.05, "{cost:?}");
    }

    #[test]
    fn a_failure_is_told() {
        assert!(run(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }

    #[test]
    fn names_with_blanks_do_not_shift_the_fields() {
        assert_eq!(ticks("7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 150 700", 11), 2.5);
        assert_eq!(ticks("", 11), 0.0);
    }
}
