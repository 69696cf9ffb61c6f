//! Bad input over a real connection, readers that go away, and data that change between two pages.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use registry::Registry;

use crate::{ask_of, demo, spec::import};

/// Runs a test against a server that listens; the runtime ends with it.
fn served(options: serve::Options, test: impl FnOnce(SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let started = serve::run(
        Arc::clone(&demo::DEMO.1) as Arc<dyn serve::Catalogue>,
        options,
        Some((Ipv4Addr::LOCALHOST, 0).into()),
        std::future::pending(),
    );
    let server = runtime.block_on(started).unwrap();
    test(server.address);
    runtime.shutdown_timeout(Duration::from_secs(2));
}

/// The status line of the answer to a target.
fn status(address: SocketAddr, target: &str) -> String {
    let mut stream = connected(address, target);
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    String::from_utf8_lossy(&head[9..]).into_owned()
}

fn connected(address: SocketAddr, target: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    stream
}

#[test]
fn long_and_broken_addresses_are_refused_and_the_next_is_answered() {
    served(serve::Options::default(), |address| {
        let long = format!("/api/v2/studies?query.term={}", "a".repeat(100_000));
        assert_eq!(status(address, &long), "414");
        for target in ["/api/v2/studies?query.term=%FF%FE", "/api/v2/studies?%ZZ=1", "/api/v2/studies?=&&&"] {
            assert!(["200", "400"].contains(&status(address, target).as_str()), "{target}");
        }
        assert_eq!(status(address, "/api/v2/studies?pageSize=-1"), "400");
        assert_eq!(status(address, "/api/v2/version"), "200");
    });
}

#[test]
fn ten_thousand_clauses_take_no_long_time() {
    let words: Vec<String> = (0..10_000).map(|i| format!("w{i}")).collect();
    for (joined, name) in
        [(words.join("+OR+"), "OR"), (words.join("+AND+"), "AND"), (words.join("+"), "words")]
    {
        let begun = Instant::now();
        let address = format!("/api/v2/studies?query.term={joined}&fields=NCTId");
        // The address of a request has an end; longer ones are refused before they come here.
        let address = &address[..address.len().min(60_000)];
        let answer = ask_of(demo::DEMO.1.clone(), address.rsplit_once('+').unwrap().0, &[]);
        assert!(
            [StatusCode::OK, StatusCode::BAD_REQUEST].contains(&answer.status),
            "{name}: {}",
            answer.body
        );
        assert!(begun.elapsed() < Duration::from_secs(20), "{name}: {:?}", begun.elapsed());
    }
    let deep = format!("/api/v2/studies?query.term={}heart{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(ask_of(demo::DEMO.1.clone(), &deep, &[]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn readers_that_go_away_or_stand_still_hold_nothing() {
    let stall = Duration::from_millis(200);
    let options = serve::Options { most_streams: 2, stall, ..Default::default() };
    served(options, |address| {
        for _ in 0..20 {
            drop(connected(address, "/api/x1/studies?format=ndjson"));
            std::thread::sleep(Duration::from_millis(20));
        }
        let still: Vec<TcpStream> =
            (0..4).map(|_| connected(address, "/api/v2/studies/download?format=json.zip")).collect();
        let begun = Instant::now();
        let mut last = String::new();
        while begun.elapsed() < Duration::from_secs(15) {
            last = status(address, "/api/x1/studies?format=ndjson&query.cond=asthma");
            if last == "200" {
                break;
            }
            assert_eq!(last, "503");
            std::thread::sleep(stall);
        }
        assert_eq!(last, "200", "turns of readers that stand still come back");
        drop(still);
    });
}

/// Sends bytes one after the other, slowly, until the server ends the connection or `most` is over; all it answered.
fn dripped(address: SocketAddr, head: &str, drop: &[u8], most: Duration) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let (begun, mut answer, mut buffer) = (Instant::now(), Vec::new(), [0; 4096]);
    while begun.elapsed() < most {
        // The server may have closed its end already.
        let _ = stream.write_all(drop);
        match stream.read(&mut buffer) {
            Ok(0) => return String::from_utf8_lossy(&answer).into_owned(),
            Ok(n) => answer.extend_from_slice(&buffer[..n]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return String::from_utf8_lossy(&answer).into_owned(),
        }
    }
    panic!("the connection was still open after {most:?}");
}

#[test]
fn slow_requests_are_ended() {
    let send_within = Duration::from_millis(400);
    served(serve::Options { send_within, most_connections: 3, ..Default::default() }, |address| {
        let most = Duration::from_secs(10);
        let head = "GET /api/v2/version HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
        std::thread::scope(|scope| {
            // As many as there may be: who comes after them is answered when they are ended.
            for _ in 0..3 {
                scope.spawn(|| assert!(!dripped(address, head, b"a", most).contains("200 OK")));
            }
            std::thread::sleep(Duration::from_millis(100));
            assert_eq!(status(address, "/api/v2/version"), "200");
        });
        let post = "POST /api/x1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\
                    Content-Length: 100000\r\n\r\n";
        let answer = dripped(address, post, b"a", most);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        let kept = "GET /api/v2/version HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assert!(
            dripped(address, kept, b"", most).contains("200 OK"),
            "a connection without requests ends, too"
        );
    });
}

#[test]
fn whoever_asks_and_takes_nothing_is_hung_up_on() {
    let options =
        serve::Options { stall: Duration::from_millis(300), most_connections: 1, ..Default::default() };
    served(options, |address| {
        let mut stream = TcpStream::connect(address).unwrap();
        let ask = "GET /api/v2/studies?pageSize=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        // More answers than fit between the two. That the server takes no more requests is right as well.
        stream.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
        let _ = stream.write_all(ask.repeat(200).as_bytes());
        let begun = Instant::now();
        assert_eq!(status(address, "/api/v2/version"), "200");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    });
}

#[test]
fn tokens_outlive_the_data_they_were_made_of() {
    let folder = testkit::folder();
    let data = folder.path().join("data");
    let demo = std::fs::read_to_string(testkit::root().join("demo/studies.ndjson")).unwrap();
    let records: Vec<&str> = demo.lines().filter(|line| !line.is_empty()).collect();
    let mut imported = 0;
    let mut put = |some: &[&str]| {
        imported += 1;
        let file = folder.path().join(format!("{imported}.ndjson"));
        std::fs::write(&file, some.join("\n")).unwrap();
        import(&data, &file);
    };
    put(&records[..20]);
    let registry = Arc::new(Registry::open(&data).unwrap());
    let page = |token: &str| {
        let token = if token.is_empty() { String::new() } else { format!("&pageToken={token}") };
        ask_of(registry.clone(), &format!("/api/v2/studies?fields=NCTId&pageSize=6{token}"), &[]).json()
    };
    let first = page("");
    let token = first["nextPageToken"].as_str().unwrap();
    let second = page(token);
    put(&records[20..30]);
    assert!(registry.refresh().unwrap());
    assert_eq!(page(token)["studies"], second["studies"], "the data of the first page are still held");
    for (from, to) in [(30, 40), (40, 50), (50, 71)] {
        put(&records[from..to]);
        assert!(registry.refresh().unwrap());
    }
    let late = page(token);
    let all = ask_of(registry.clone(), "/api/v2/studies?fields=NCTId&pageSize=1000", &[]).json();
    let all = all["studies"].as_array().unwrap();
    let last = first["studies"].as_array().unwrap().last().unwrap();
    let place = all.iter().position(|study| study == last).unwrap();
    assert_eq!(
        late["studies"].as_array().unwrap()[..],
        all[place + 1..place + 7],
        "behind the last one shown"
    );
}
