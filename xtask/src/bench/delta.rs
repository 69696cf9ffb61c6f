//! Changed studies are imported into a registry that is being served: how long until all of them are found, and whether
//! any query fails meanwhile.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::http::{Server, targets, wait_for};

/// Connections that ask meanwhile.
const ASKING: usize = 4;
/// Longest wait for the changes.
const AT_MOST: Duration = Duration::from_secs(120);

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
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut command = Command::new(&binary);
    command.arg("serve").arg("--data").arg(&wanted.data).arg("--port").arg(port.to_string());
    let child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("cannot start the server")?;
    let mut server = Server(child);
    wait_for(&mut server, address)?;
    let folder = tempfile::tempdir()?;
    for round in 1..=wanted.rounds {
        // Another day each time, so that what an earlier run changed is not found for it: later than all of the
        // synthetic registry, so that the changed records speak.
        let minutes = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_secs() / 60 + u64::from(round);
        let day =
            format!("{}-{:02}-{:02}", 2100 + minutes / 336 % 7000, 1 + minutes / 28 % 12, 1 + minutes % 28);
        let file = folder.path().join(format!("{round}.ndjson"));
        std::fs::write(&file, changed(address, wanted.studies, &day)?)?;
        one(&binary, wanted, address, &file, &day)?;
    }
    Ok(())
}

/// One round.
fn one(binary: &Path, wanted: &Wanted, address: SocketAddr, file: &Path, day: &str) -> anyhow::Result<()> {
    let ids: Vec<String> = (0..1000).map(crate::synth::id).collect();
    let (over, answered, failed) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let asking: Vec<_> = (0..ASKING)
        .map(|n| {
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
        })
        .collect();
    let start = Instant::now();
    let mut import = Command::new(binary);
    import.args(["import", "-q", "--data"]).arg(&wanted.data).arg(file).stdout(Stdio::null());
    let mut import = import.spawn().context("cannot start the import")?;
    let target = format!(
        "/api/v2/studies?filter.advanced=AREA%5BLastUpdatePostDate%5D{day}&countTotal=true&pageSize=1&fields=NCTId"
    );
    let mut imported = None;
    let seen = loop {
        ensure!(start.elapsed() < AT_MOST, "the changes never appeared");
        if imported.is_none() && import.try_wait()?.is_some() {
            imported = Some(start.elapsed());
        }
        let (_, body) = get(address, &target)?;
        let page: Value = serde_json::from_slice(&body).unwrap_or_default();
        if page["totalCount"].as_u64() == Some(wanted.studies as u64) {
            break start.elapsed();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(import.wait()?.success(), "the import failed");
    over.store(true, Ordering::Relaxed);
    asking.into_iter().for_each(|thread| _ = thread.join());
    let imported = imported.unwrap_or(seen).as_secs_f64();
    println!(
        "{} changed studies: imported after {imported:.2} s, all found after {:.2} s; {} queries answered meanwhile, {} failed",
        wanted.studies,
        seen.as_secs_f64(),
        answered.load(Ordering::Relaxed),
        failed.load(Ordering::Relaxed)
    );
    Ok(())
}

/// Studies of the registry with a new day and another title, one a line.
fn changed(address: SocketAddr, studies: usize, day: &str) -> anyhow::Result<String> {
    let (_, body) = get(address, &format!("/api/v2/studies?pageSize={studies}"))?;
    let page: Value = serde_json::from_slice(&body)?;
    let mut out = String::new();
    for study in page["studies"].as_array().context("the server gives no studies")? {
        let mut study = study.clone();
        study["protocolSection"]["identificationModule"]["briefTitle"] =
            json!(format!("Changed for a measurement on {day}"));
        study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = json!({"date": day});
        out += &format!("{study}\n");
    }
    ensure!(out.lines().count() == studies, "the registry has fewer than {studies} studies");
    Ok(out)
}

/// An answer of a connection of its own, without the marks of chunks.
fn get(address: SocketAddr, target: &str) -> anyhow::Result<(u16, Vec<u8>)> {
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
