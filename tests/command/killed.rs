//! An import that is killed loses nothing that was acknowledged, and the index repairs itself.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use store::Store;

use crate::support::{Place, studies};

/// Several commits of the store, and none of the index before the end. More where the import is over before a busy
/// machine kills it.
const STUDIES: [u32; 3] = [9_000, 30_000, 100_000];

#[test]
fn a_killed_import_loses_nothing_acknowledged() {
    assert!(
        STUDIES.into_iter().any(is_killed_in_the_middle),
        "every import was over before it could be killed"
    );
}

/// Kills an import of so many studies, and looks at what is left; `false` if it was too late.
fn is_killed_in_the_middle(count: u32) -> bool {
    let place = Place::new();
    let path = place.file("many.ndjson", studies(1..count + 1));
    let mut command = place.command();
    let mut import = command.arg("import").arg(&path).stdout(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    let acknowledged = loop {
        assert!(started.elapsed() < Duration::from_secs(120), "nothing was committed");
        if import.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
        let stored = place.data().join(store::FILE).exists();
        match stored.then(|| Store::open(&place.data()).and_then(|store| store.len())) {
            Some(Ok(n)) if n > 0 => break n,
            _ => {}
        }
    };
    import.kill().unwrap();
    import.wait().unwrap();
    let kept = Store::open(&place.data()).unwrap().len().unwrap();
    assert!(kept >= acknowledged, "{acknowledged} {kept}");
    if kept == count as usize {
        return false;
    }
    assert_eq!(place.count(&[]), kept, "the index has what the store has");
    assert!(place.run(["doctor"]).ends(0).out.contains("all is well"));
    let again = place.import(&path).ends(0);
    assert!(again.out.contains(&format!("{}  added", grouped(count as usize - kept))), "{}", again.out);
    assert_eq!(place.count(&[]), count as usize);
    true
}

fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// So many that the import goes on for seconds.
const MANY: u32 = 30_000;

#[cfg(unix)]
#[test]
fn ctrl_c_ends_an_import_after_what_is_under_way() {
    let place = Place::new();
    let path = place.file("many.ndjson", studies(1..MANY + 1));
    let mut command = place.command();
    command.arg("import").arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped());
    let import = command.spawn().unwrap();
    while !place.data().join(store::FILE).exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(50));
    let id = import.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let ran: crate::support::Ran = import.wait_with_output().unwrap().into();
    let ran = ran.ends(130).complains(&["stopped"]);
    assert_eq!(ran.out, "");
    let kept = place.count(&[]);
    assert!(kept < MANY as usize);
    place.import(&path).ends(0);
    assert_eq!(place.count(&[]), MANY as usize);
}
