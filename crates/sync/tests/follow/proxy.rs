//! A proxy that makes trouble: it passes requests on, and does to the answers what a test asks for.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What is done to one request.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Nothing: it is passed on and answered.
    Pass,
    /// No answer comes.
    Silence(Duration),
    /// The connection is closed at once.
    Close,
    /// So many hundredths of the answer come, then the end.
    Cut(usize),
    /// The same, without a length and with a clean end: nothing tells that something is missing.
    CutUnseen(usize),
    /// So many hundredths of the answer come, then nothing for a while, and the connection stays open.
    Stall(usize, Duration),
    /// Another status, with headers and a body.
    Status(u16, &'static str, &'static str),
    /// A page for people, with status 200.
    Html,
    /// The answer as a file with a length and this entity tag, of which parts can be asked for; of what is asked for, so
    /// many hundredths come.
    File(&'static str, usize),
    /// The same, but another part comes than is asked for.
    WrongPart(&'static str),
}

/// What is done to request number so-and-so (from 1), by its path.
type Plan = Box<dyn FnMut(usize, &str) -> Deed + Send>;

/// The proxy.
pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    upstream: SocketAddr,
    plan: Plan,
    paths: Vec<String>,
    /// Where the parts began that were sent of files.
    parts: Vec<usize>,
}

impl Proxy {
    pub fn new(upstream: SocketAddr, plan: impl FnMut(usize, &str) -> Deed + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared {
            upstream,
            plan: Box::new(plan),
            paths: Vec::new(),
            parts: Vec::new(),
        }));
        let held = shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let held = held.clone();
                // A client that goes away is no trouble of the proxy.
                std::thread::spawn(move || _ = answer(client, &held));
            }
        });
        Self { address, shared }
    }

    /// From now on another state of the registry answers.
    pub fn point_at(&self, upstream: SocketAddr) {
        self.shared.lock().unwrap().upstream = upstream;
    }

    /// From now on other deeds are done; requests are counted anew.
    pub fn plan(&self, plan: impl FnMut(usize, &str) -> Deed + Send + 'static) {
        let mut shared = self.shared.lock().unwrap();
        shared.plan = Box::new(plan);
        shared.paths.clear();
    }

    /// The paths that were asked for.
    pub fn paths(&self) -> Vec<String> {
        self.shared.lock().unwrap().paths.clone()
    }

    /// Where the parts of files began that were sent.
    pub fn parts(&self) -> Vec<usize> {
        self.shared.lock().unwrap().parts.clone()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn answer(mut client: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let headers: Vec<String> = lines
        .map_while(|line| line.ok().filter(|line| !line.is_empty()))
        .map(|line| line.to_lowercase())
        .collect();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (upstream, deed) = {
        let mut shared = shared.lock().unwrap();
        shared.paths.push(path.clone());
        let number = shared.paths.len();
        let deed = (shared.plan)(number, &path);
        (shared.upstream, deed)
    };
    match deed {
        Deed::Pass => client.write_all(&fetched(upstream, &path)?),
        Deed::Close => Ok(()),
        Deed::Silence(time) => {
            std::thread::sleep(time);
            Ok(())
        }
        Deed::Cut(percent) => {
            let whole = fetched(upstream, &path)?;
            client.write_all(&whole[..whole.len() * percent / 100])
        }
        Deed::Stall(percent, time) => {
            let whole = fetched(upstream, &path)?;
            client.write_all(&whole[..whole.len() * percent / 100])?;
            std::thread::sleep(time);
            Ok(())
        }
        Deed::CutUnseen(percent) => {
            let whole = fetched(upstream, &path)?;
            let at = whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
            let body = unchunked(&whole[..at], &whole[at..]);
            client.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
            )?;
            client.write_all(&body[..body.len() * percent / 100])
        }
        Deed::Status(status, headers, body) => {
            let length = body.len();
            write!(
                client,
                "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
        }
        Deed::File(tag, percent) => {
            let sent = Sent { tag, percent, shift: 0 };
            let begin = file(&mut client, &fetched(upstream, &path)?, &headers, &sent)?;
            shared.lock().unwrap().parts.push(begin);
            Ok(())
        }
        Deed::WrongPart(tag) => {
            let sent = Sent { tag, percent: 100, shift: 7 };
            let begin = file(&mut client, &fetched(upstream, &path)?, &headers, &sent)?;
            shared.lock().unwrap().parts.push(begin);
            Ok(())
        }
        Deed::Html => {
            let body = "<!doctype html><title>Just a moment</title>";
            let length = body.len();
            write!(
                client,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
        }
    }
}

/// How an answer is sent as a file.
struct Sent<'s> {
    tag: &'s str,
    /// Hundredths of what is asked for that come.
    percent: usize,
    /// How much further than asked for a part begins.
    shift: usize,
}

/// The answer of the server as a file, or the part of it that is asked for. Where it begins comes back.
fn file(client: &mut TcpStream, whole: &[u8], headers: &[String], sent: &Sent<'_>) -> std::io::Result<usize> {
    let Sent { tag, percent, shift } = *sent;
    let at = whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let body = unchunked(&whole[..at], &whole[at..]);
    let header = |name: &str| headers.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let same = header("if-range:") == Some(tag);
    let from = header("range: bytes=")
        .filter(|_| same)
        .map_or(0, |range| range.trim_end_matches('-').parse().unwrap());
    if from > body.len() {
        client.write_all(b"HTTP/1.1 416 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
        return Ok(from);
    }
    let begin = from + if from > 0 { shift } else { 0 };
    let (part, total) = (&body[begin..], body.len());
    let (length, last) = (part.len(), total - 1);
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    write!(client, "HTTP/1.1 {status}\r\nContent-Type: application/zip\r\nETag: {tag}\r\n")?;
    if from > 0 {
        write!(client, "Content-Range: bytes {begin}-{last}/{total}\r\n")?;
    }
    write!(client, "Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    client.write_all(&part[..length * percent / 100])?;
    Ok(begin)
}

/// The whole answer of the server, as it comes.
fn fetched(upstream: SocketAddr, path: &str) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(upstream)?;
    write!(server, "GET {path} HTTP/1.1\r\nHost: {upstream}\r\nConnection: close\r\n\r\n")?;
    let mut whole = Vec::new();
    server.read_to_end(&mut whole)?;
    Ok(whole)
}

/// A body without the marks of its chunks.
fn unchunked(head: &[u8], body: &[u8]) -> Vec<u8> {
    if !String::from_utf8_lossy(head).to_lowercase().contains("transfer-encoding: chunked") {
        return body.to_vec();
    }
    let (mut out, mut rest) = (Vec::new(), body);
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        out.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[(end + 4 + length).min(rest.len())..];
    }
    out
}
