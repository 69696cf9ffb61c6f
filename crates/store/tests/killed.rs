//! An import that is killed at any moment loses nothing that was acknowledged, and can be run again.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod made;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use made::{id, study};
use store::{Counts, Finished, Store, Writer};

const FOLDER: &str = "TRIALIST_STORE_KILL_FOLDER";

/// More than a dictionary's training set, so that some are killed while it is trained.
const STUDIES: u32 = 2600;

const BATCH: u32 = 25;

/// The import, in a process of its own: says after each commit what it acknowledges. Does nothing unless told where.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut writer = Writer::open(Path::new(&folder)).unwrap();
    let source = writer.begin_source("made up", Some([3; 32]), 0).unwrap();
    let mut counts = Counts::default();
    for number in 1..=STUDIES {
        let (raw, converted) = study(number);
        counts.count(writer.put(source, &raw, &converted).unwrap());
        if number % BATCH == 0 {
            println!("\nacknowledged {}", writer.commit().unwrap());
        }
    }
    writer.finish_source(source, &counts).unwrap();
    println!("\nacknowledged {}", writer.commit().unwrap());
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let folder = testkit::folder();
    let mut acknowledged = 0;
    // Commits to wait for after the first that brings something new, then microseconds more.
    for (commits, micros) in [(0, 0), (1, 300), (9, 1900), (0, 4100), (30, 700), (27, 12_000), (14, 2500)] {
        let mut child = start(folder.path());
        let seen = watch(&mut child, acknowledged, commits, micros);
        acknowledged = acknowledged.max(seen);
        assert_whole(folder.path(), acknowledged);
    }
    assert!(acknowledged > 0 && acknowledged < i64::from(STUDIES), "{acknowledged}: killed in the middle");
    let mut child = start(folder.path());
    assert_eq!(watch(&mut child, i64::MAX, 0, 0), i64::from(STUDIES));
    assert!(child.wait().unwrap().success());
    assert_whole(folder.path(), i64::from(STUDIES));
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.len().unwrap(), STUDIES as usize);
    let Some(Finished { counts: Some(counts), .. }) = store.source_done(&[3; 32]).unwrap() else {
        panic!("the source is not noted as finished")
    };
    assert_eq!(counts.records(), u64::from(STUDIES));
    assert!(counts.unchanged >= acknowledged as u64, "the last run did not go on where the others stopped");
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// Reads what is acknowledged until the number of commits beyond `known` is reached; kills the process a little later
/// and reads the rest. The last number that was seen.
fn watch(child: &mut Child, known: i64, commits: usize, micros: u64) -> i64 {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut last, mut fresh, mut killed) = (0, 0, false);
    for line in lines {
        let Ok(line) = line else { break };
        let Some(number) = line.strip_prefix("acknowledged ") else { continue };
        // A last line that was cut short by the kill acknowledges nothing.
        last = number.parse().unwrap_or(last).max(last);
        fresh += usize::from(last > known);
        if fresh > commits && !killed {
            sleep(Duration::from_micros(micros));
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    last
}

/// Everything up to a sequence number is there, byte for byte.
fn assert_whole(folder: &Path, acknowledged: i64) {
    let store = Store::open(folder).unwrap();
    let last = store.last_sequence().unwrap();
    assert!(last >= acknowledged, "{acknowledged} was acknowledged, {last} is there");
    assert_eq!(last % i64::from(BATCH), 0, "half a batch is there");
    for number in 1..=u32::try_from(last).unwrap() {
        assert_eq!(store.study(id(number)).unwrap().unwrap()[..], study(number).0.bytes[..]);
    }
    assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
}
