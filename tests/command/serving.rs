//! `demo` and `serve`: the address first, answers over HTTP, a clean end.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{Place, study};

/// A server that has said where it is.
pub struct Running {
    child: Child,
    pub address: String,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").and_then(|a| a.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("no address: {line}")).to_owned();
        Self { child, address }
    }

    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to end and gives what it said on standard error.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn the_demo_has_a_folder_of_its_own() {
    let place = Place::new();
    for signal in ["-INT", "-TERM"] {
        let mut command = place.command();
        command.args(["demo", "--port", "0"]);
        let demo = Running::start(command);
        assert!(demo.address.starts_with("127.0.0.1:"));
        assert!(demo.get("/").starts_with("HTTP/1.1 200"));
        assert!(demo.get("/api/v2/studies/NCT90000004").contains("NCT90000004"));
        assert!(demo.end(signal).contains("71 studies"));
    }
    assert!(!place.data().join("store.sqlite").exists(), "the user's own registry is not touched");
}

#[cfg(unix)]
#[test]
fn a_server_takes_up_what_is_imported_meanwhile() {
    let place = Place::new();
    place.import(&place.file("a.json", study(1))).ends(0);
    let mut command = place.command();
    command.args(["serve", "--port", "0"]);
    let server = Running::start(command);
    assert!(server.get("/api/v2/studies/NCT00000002").starts_with("HTTP/1.1 404"));
    place.import(&place.file("b.json", study(2))).ends(0);
    let started = Instant::now();
    while !server.get("/api/v2/studies?query.term=Number%202").contains("NCT00000002") {
        assert!(started.elapsed() < Duration::from_secs(20), "the new study never appeared");
        std::thread::sleep(Duration::from_millis(200));
    }
    let taken = server.address.rsplit(':').next().unwrap();
    place.run(["serve", "--port", taken]).ends(1).complains(&["cannot listen", taken]);
    server.end("-TERM");
}
