//! Changed studies are imported into a registry that is being served: how long until all of them are found, and whether
//! any query fails meanwhile.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::http::{serve, targets};

/// Connections that ask meanwhile.
const ASKING: usize = 4;
/// Longest wait for the changes once they are imported, and for an answer.
const AT_MOST: Duration = Duration::from_secs(20);

/// What to measure.
#[derive(clap::Args)]
pub struct Wanted {
    /// A data folder with at least as many studies; `cargo xtask bench --keep DIR` leaves one in DIR/data.
    data: PathBuf,
    /// The command; the release build if none is named.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Studies that change.
    #[arg(long, default_value_t = 1000)]
    studies: usize,
    /// How often.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

/// Measures and prints one line a round.
pub fn delta(wanted: &Wanted) -> anyhow::Result<()> {
    let binary = wanted.binary.clone().map_or_else(super::build, Ok)?;
    let (_server, address) = serve(&binary, &wanted.data)?;
    let folder = tempfile::tempdir()?;
    for round in 1..=wanted.rounds {
        let mark = Mark::of(address)?;
        let file = folder.path().join(format!("{round}.ndjson"));
        std::fs::write(&file, changed(address, wanted.studies, &mark)?)?;
        one(&binary, wanted, address, &file, &mark)?;
    }
    Ok(())
}

/// What the changed studies have and no other: a word of their titles, and a day on which nothing else was updated.
struct Mark {
    word: String,
    day: Date,
}

impl Mark {
    /// A new one. Its day is behind all of the registry, since of two whole records the later one speaks.
    fn of(address: SocketAddr) -> anyhow::Result<Self> {
        let newest = found(address, "sort=LastUpdatePostDate:desc&fields=LastUpdatePostDate")?;
        let day = newest
            .pointer("/studies/0/protocolSection/statusModule/lastUpdatePostDateStruct/date")
            .and_then(Value::as_str)
            .context("no study of the registry tells when it was updated")?;
        let day: Date = day.parse().context("the newest update has no day")?;
        let word = format!("zyx{}", std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_millis());
        Ok(Self { word, day: day.checked_add(1.day())? })
    }

    /// How many studies the server finds by the word, and by the day.
    fn found(&self, address: SocketAddr) -> anyhow::Result<(u64, u64)> {
        let total = |query: &str| -> anyhow::Result<u64> {
            let page = found(address, &format!("{query}&countTotal=true&fields=NCTId"))?;
            page["totalCount"].as_u64().context("the server gives no count")
        };
        let by_word = total(&format!("query.titles={}", self.word))?;
        Ok((by_word, total(&format!("filter.advanced=AREA%5BLastUpdatePostDate%5D{}", self.day))?))
    }
}

/// The first row of a search.
fn found(address: SocketAddr, query: &str) -> anyhow::Result<Value> {
    let (_, body) = get(address, &format!("/api/v2/studies?{query}&pageSize=1"))?;
    Ok(serde_json::from_slice(&body)?)
}

/// One round.
fn one(binary: &Path, wanted: &Wanted, address: SocketAddr, file: &Path, mark: &Mark) -> anyhow::Result<()> {
    let asking = Asking::start(address);
    let start = Instant::now();
    let mut import = Command::new(binary);
    import
        .args(["import", "--data"])
        .arg(&wanted.data)
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut import = Some(import.spawn().context("cannot start the import")?);
    let mut imported: Option<(Duration, String)> = None;
    let all = wanted.studies as u64;
    let seen = loop {
        if let Some(child) = &mut import
            && child.try_wait()?.is_some()
            && let Some(child) = import.take()
        {
            let output = child.wait_with_output()?;
            ensure!(output.status.success(), "the import failed");
            imported = Some((start.elapsed(), String::from_utf8_lossy(&output.stdout).into_owned()));
        }
        let (by_word, by_day) = mark.found(address)?;
        if (by_word, by_day) == (all, all) {
            break start.elapsed();
        }
        let late = imported.as_ref().is_some_and(|(at, _)| start.elapsed() > *at + AT_MOST);
        let said = imported.as_ref().map_or("", |(_, said)| said);
        ensure!(
            !late,
            "of {all} changed studies {by_word} are found by their title, {by_day} by their day\n{said}"
        );
        std::thread::sleep(Duration::from_millis(20));
    };
    let (answered, failed) = asking.end();
    if let Some(mut child) = import {
        ensure!(child.wait()?.success(), "the import failed");
    }
    let imported = imported.map_or(seen, |(at, _)| at).as_secs_f64();
    println!(
        "{all} changed studies: imported after {imported:.2} s, all found after {:.2} s; {answered} queries answered meanwhile, {failed} failed",
        seen.as_secs_f64(),
    );
    Ok(())
}

/// Connections that ask until they are told to end.
struct Asking {
    over: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
    answered: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
}

impl Asking {
    fn start(address: SocketAddr) -> Self {
        let ids: Vec<String> = (0..1000).map(crate::synth::id).collect();
        let over = Arc::new(AtomicBool::new(false));
        let (answered, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let one = |n: usize| {
            let (over, answered, failed, targets) =
                (over.clone(), answered.clone(), failed.clone(), targets(&ids));
            std::thread::spawn(move || {
                for target in targets.iter().cycle().skip(n * 97) {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let good = get(address, target)
                        .is_ok_and(|(status, _)| (200..400).contains(&status) || status == 404);
                    if good { &answered } else { &failed }.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let threads = (0..ASKING).map(one).collect();
        Self { over, threads, answered, failed }
    }

    /// How many were answered, and how many not.
    fn end(self) -> (usize, usize) {
        self.over.store(true, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| _ = thread.join());
        (self.answered.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

/// Studies of the registry with a new day and another title, one a line.
fn changed(address: SocketAddr, studies: usize, mark: &Mark) -> anyhow::Result<String> {
    let (_, body) = get(address, &format!("/api/v2/studies?pageSize={studies}"))?;
    let page: Value = serde_json::from_slice(&body)?;
    let mut out = String::new();
    for study in page["studies"].as_array().context("the server gives no studies")? {
        let mut study = study.clone();
        study["protocolSection"]["identificationModule"]["briefTitle"] =
            json!(format!("Changed {} for a measurement", mark.word));
        study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] =
            json!({"date": mark.day.to_string()});
        out += &format!("{study}\n");
    }
    ensure!(out.lines().count() == studies, "the registry has fewer than {studies} studies");
    Ok(out)
}

/// An answer of a connection of its own, without the marks of chunks.
pub(super) fn get(address: SocketAddr, target: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(AT_MOST))?;
    write!(stream, "GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut from = BufReader::new(stream);
    let mut first = String::new();
    from.read_line(&mut first)?;
    let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).context("not HTTP")?;
    let mut line = String::new();
    while from.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut body = Vec::new();
    from.read_to_end(&mut body)?;
    Ok((status, body))
}
