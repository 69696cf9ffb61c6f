//! Load on a running server: sixteen connections that stay open, a mix of requests, bounded in number and time.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde::Serialize;

use super::{
    process,
    search::{millis, percentile},
};

const CONNECTIONS: usize = 16;
const REQUESTS: usize = 16_000;
const AT_MOST: Duration = Duration::from_secs(30);
/// Answers larger than this are refused: nothing in the mix comes near.
const LARGEST: usize = 32 << 20;

/// What the server did under load.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Load {
    /// Requests answered with success.
    pub answered: usize,
    /// Other answers.
    pub failed: usize,
    /// Requests a second.
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p99: f64,
    /// The server's seconds of processor for all of it.
    pub server_cpu: f64,
    /// The server's largest resident memory, in bytes.
    pub server_peak: u64,
}

/// A server that ends with its owner.
pub(super) struct Server(pub(super) Child);

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Starts `trialist serve` on a free port of the loopback.
pub(super) fn serve(binary: &Path, data: &Path) -> anyhow::Result<(Server, SocketAddr)> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut command = Command::new(binary);
    command.arg("serve").arg("--data").arg(data).arg("--port").arg(port.to_string());
    let child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("cannot start the server")?;
    let mut server = Server(child);
    wait_for(&mut server, address)?;
    Ok((server, address))
}

/// Puts the load of a site on a server of its own.
pub fn load(binary: &Path, data: &Path, ids: &[String]) -> anyhow::Result<Load> {
    let (server, address) = serve(binary, data)?;
    put_on(&server, address, &targets(ids), REQUESTS)
}

/// Asks for the facets of many searches, of which none is among the last few that the server remembers.
pub fn facets(binary: &Path, data: &Path) -> anyhow::Result<Load> {
    let (server, address) = serve(binary, data)?;
    let targets = facet_targets(address)?;
    settle(&server);
    // The columns of facets are read at the first search.
    Connection::open(address)?.get(&targets[0])?;
    put_on(&server, address, &targets, REQUESTS / 4)
}

/// Waits until a server has derived what it derives at its start, a few minutes at most.
fn settle(server: &Server) {
    let start = Instant::now();
    let mut quiet = 0;
    while quiet < 5 && start.elapsed() < AT_MOST * 10 {
        let before = process::cpu_of(server.0.id());
        std::thread::sleep(Duration::from_secs(1));
        let busy = process::cpu_of(server.0.id()) - before > 0.05;
        quiet = if busy { 0 } else { quiet + 1 };
    }
}

/// Asks for targets in turn on connections that stay open.
fn put_on(server: &Server, address: SocketAddr, targets: &[String], requests: usize) -> anyhow::Result<Load> {
    let before = process::cpu_of(server.0.id());
    let start = Instant::now();
    let answers: Vec<Answers> = std::thread::scope(|scope| {
        let one = |n: usize| scope.spawn(move || client(address, targets, n, requests / CONNECTIONS, start));
        let clients: Vec<_> = (0..CONNECTIONS).map(one).collect();
        clients.into_iter().map(|c| c.join().unwrap_or_default()).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    let mut times: Vec<f64> = answers.iter().flat_map(|a| a.times.iter().copied()).collect();
    Ok(Load {
        answered: times.len(),
        failed: answers.iter().map(|a| a.failed).sum(),
        per_second: times.len() as f64 / seconds,
        p50: percentile(&mut times, 0.5),
        p99: percentile(&mut times, 0.99),
        server_cpu: process::cpu_of(server.0.id()) - before,
        server_peak: process::high_water(server.0.id()),
    })
}

/// Searches with all facets: the commonest conditions of the registry, each alone and with a filter.
fn facet_targets(address: SocketAddr) -> anyhow::Result<Vec<String>> {
    const FILTERS: [&str; 4] = ["", "&status=recruiting", "&phase=2", "&sex=female&age=45"];
    let all = super::delta::get(address, "/api/x1/studies?facets=condition&pageSize=1&fields=NCTId")?.1;
    let all: serde_json::Value = serde_json::from_slice(&all)?;
    let values = all["facets"][0]["values"].as_array().context("the server has no facets")?;
    let names: Vec<String> = values
        .iter()
        .filter_map(|v| v["label"].as_str())
        .map(|label| label.replace([' ', ','], "+"))
        .collect();
    let search = |filter: &str, name: &str| {
        format!("/api/x1/studies?query.cond={name}{filter}&facets=all&fields=NCTId,BriefTitle,OverallStatus")
    };
    Ok(FILTERS.iter().flat_map(|filter| names.iter().map(move |name| search(filter, name))).collect())
}

pub(super) fn wait_for(server: &mut Server, address: SocketAddr) -> anyhow::Result<()> {
    let start = Instant::now();
    while start.elapsed() < AT_MOST {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        if let Some(status) = server.0.try_wait()? {
            bail!("`trialist serve` ended with {status}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("`trialist serve` does not answer on {address}")
}

/// The mix: out of ten requests five studies by id, three searches, a page of the site and the version.
pub(super) fn targets(ids: &[String]) -> Vec<String> {
    const SEARCHES: [&str; 6] = [
        "query.cond=type+2+diabetes&pageSize=10&countTotal=true",
        "query.cond=breast+cancer&query.intr=paclitaxel&pageSize=10",
        "query.term=quality+of+life&pageSize=10&fields=NCTId,BriefTitle",
        "query.cond=huntington+disease&pageSize=10&sort=LastUpdatePostDate:desc",
        "query.cond=stroke&filter.overallStatus=RECRUITING&pageSize=10&countTotal=true",
        "filter.geo=distance(40.7128,-74.006,50mi)&query.cond=asthma&pageSize=10",
    ];
    let mut out = Vec::new();
    for (i, search) in SEARCHES.iter().cycle().take(300).enumerate() {
        let id = |n: usize| ids.get((i * 7 + n * 31) % ids.len().max(1)).cloned().unwrap_or_default();
        out.push(format!("/api/v2/studies?{search}"));
        out.extend([0, 1].map(|n| format!("/api/v2/studies/{}", id(n))));
        if i % 3 == 0 {
            out.push("/api/v2/version".to_owned());
            out.push(format!("/study/{}", id(2)));
        }
    }
    out
}

#[derive(Default)]
struct Answers {
    times: Vec<f64>,
    failed: usize,
}

/// One connection; on any fault of the transport it ends and what it had stays counted.
fn client(
    address: SocketAddr,
    targets: &[String],
    number: usize,
    requests: usize,
    start: Instant,
) -> Answers {
    let mut answers = Answers::default();
    let Ok(mut connection) = Connection::open(address) else {
        answers.failed = 1;
        return answers;
    };
    for i in 0..requests {
        if start.elapsed() > AT_MOST {
            break;
        }
        let asked = Instant::now();
        match connection.get(&targets[(number * 97 + i) % targets.len()]) {
            Ok(200..=299) => answers.times.push(millis(asked.elapsed())),
            Ok(_) => answers.failed += 1,
            Err(_) => {
                answers.failed += 1;
                break;
            }
        }
    }
    answers
}

/// A connection that is kept open: HTTP/1.1 with lengths or chunks, as much as a server of our own sends.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(AT_MOST))?;
        Ok(Self(BufReader::with_capacity(1 << 16, stream)))
    }

    /// The status of the answer; its body is read to the end.
    fn get(&mut self, target: &str) -> anyhow::Result<u16> {
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes())?;
        read_answer(&mut self.0)
    }
}

fn read_answer(from: &mut impl BufRead) -> anyhow::Result<u16> {
    let status = line(from)?.split(' ').nth(1).and_then(|s| s.parse().ok()).context("not HTTP")?;
    let (mut length, mut chunked) = (0, false);
    loop {
        let header = line(from)?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    if !chunked {
        skip(from, length)?;
        return Ok(status);
    }
    loop {
        let size = line(from)?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
        skip(from, size)?;
        line(from)?;
        if size == 0 {
            return Ok(status);
        }
    }
}

fn line(from: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    if from.take(1 << 16).read_line(&mut line)? == 0 {
        bail!("the server hung up");
    }
    Ok(line.trim_end().to_owned())
}

fn skip(from: &mut impl BufRead, bytes: usize) -> anyhow::Result<()> {
    if bytes > LARGEST {
        bail!("an answer of {bytes} bytes");
    }
    let read = std::io::copy(&mut from.take(bytes as u64), &mut std::io::sink())?;
    if read != bytes as u64 {
        bail!("the answer is cut off");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answers: &str, expected: &[u16]) {
        let mut from = answers.as_bytes();
        let statuses: Vec<u16> = expected.iter().map(|_| read_answer(&mut from).unwrap()).collect();
        assert_eq!(statuses, expected);
        assert!(from.is_empty(), "all of it is read");
    }

    #[test]
    fn answers_with_lengths_and_chunks_follow_one_another() {
        check(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n\
             3\r\nabc\r\n0\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
            &[200, 404, 304],
        );
    }

    #[test]
    fn a_cut_answer_is_an_error() {
        for cut in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "nonsense\r\n\r\n"] {
            assert!(read_answer(&mut cut.as_bytes()).is_err(), "{cut}");
        }
    }
}
