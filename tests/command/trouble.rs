//! Bad input and bad folders: a message that names the place, a code that is not 0, and everything good is kept.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::{Place, demo_file, studies, study};

/// A zip of entries by name.
fn zipped(entries: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn entries(numbers: std::ops::Range<u32>) -> Vec<(String, String)> {
    numbers.map(|n| (format!("NCT{n:08}.json"), study(n))).collect()
}

#[test]
fn a_truncated_zip_gives_what_it_has() {
    let place = Place::new();
    let mut bytes = zipped(&entries(1..51));
    bytes.truncate(bytes.len() / 2);
    let path = place.file("half.zip", &bytes);
    place.import(&path).ends(1).complains(&["half.zip", "truncated", "byte"]);
    let kept = place.count(&[]);
    assert!((10..50).contains(&kept), "{kept}");
    place.import(&path).ends(1).complains(&["half.zip"]);
    assert_eq!(place.count(&[]), kept);
}

#[test]
fn truncated_json_names_record_and_byte() {
    let place = Place::new();
    let text = studies(1..11);
    let path = place.file("cut.ndjson", &text[..text.len() - 40]);
    let place_of_it = format!("record 10, byte {}: truncated", text.len() - 40);
    let begins = format!("begins at byte {}", studies(1..10).len());
    place.import(&path).ends(1).complains(&["cut.ndjson", &place_of_it, &begins]);
    assert_eq!(place.count(&[]), 9);
}

#[test]
fn a_folder_with_one_bad_file_imports_the_rest() {
    let place = Place::new();
    place.file("in/a.json", study(1));
    place.file("in/b.json", "{\"protocolSection\": }");
    place.file("in/c/d.json", study(2));
    let folder = place.file("in/e.ndjson", studies(3..6)).parent().unwrap().to_owned();
    let list = place.file("issues.jsonl", "");
    let ran = place.run(["import", folder.to_str().unwrap(), "--issues", list.to_str().unwrap()]);
    let ran = ran.ends(1).complains(&["b.json"]);
    assert!(ran.out.contains("issues, by kind") && ran.out.contains("records lost"), "{}", ran.out);
    let issues = fs::read_to_string(list).unwrap();
    let issues: Vec<Value> = issues.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(issues.iter().any(|i| i["place"]["file"].as_str().unwrap().ends_with("b.json")), "{issues:?}");
    assert_eq!(place.count(&[]), 5);
}

#[test]
fn strict_stops_at_the_first_loss_and_keeps_what_came_before() {
    let place = Place::new();
    place.file("in/a.json", study(1));
    let bad = place.file("in/b.json", "{\"protocolSection\": }");
    place.file("in/c.json", study(2));
    let ran = place.run(["import", "--strict", bad.parent().unwrap().to_str().unwrap()]);
    ran.ends(1).complains(&["b.json", "--strict"]);
    assert_eq!(place.count(&[]), 1);
}

/// A file that gives nothing: code 1, and these words in the message.
#[track_caller]
fn check_useless(name: &str, bytes: impl AsRef<[u8]>, words: &[&str]) {
    let place = Place::new();
    let path = place.file(name, bytes);
    place.import(&path).ends(1).complains(&[name]).complains(words);
    assert_eq!(place.count(&[]), 0);
}

#[test]
fn what_is_no_record_is_said_to_be_none() {
    check_useless("letter.txt", "Dear colleague, thank you for the file.", &["unknown format"]);
    check_useless("empty.json", "", &["unknown format", "empty"]);
    check_useless("paper.pdf", b"%PDF-1.7\n\x00\x01", &["PDF"]);
    let wide: Vec<u8> = study(1).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let place = Place::new();
    let path = place.file("wide.json", [&[0xff, 0xfe][..], &wide].concat());
    place.import(&path).ends(0);
    assert_eq!(place.count(&[]), 1, "UTF-16 is read as such");
    let latin: Vec<u8> = study(1).replace("Nobody", "Universit\u{e4}t").chars().map(|c| c as u8).collect();
    check_useless("latin.json", latin, &["byte"]);
    let deep = format!("{{\"protocolSection\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    check_useless("deep.json", deep, &["deep.json"]);
    check_useless("numbers.json", "[[1],[2]]", &["unknown format", "no record"]);
    check_useless("texts.json", "{\"studies\":[1, \"NCT00000001\"]}", &["no record"]);
    check_useless("nothing.zip", zipped(&[]), &["no file in this archive"]);
    check_useless("within.zip", zipped(&[("a.json".into(), "[[1]]".into())]), &["a.json", "no record"]);
    check_useless("dots/.hidden", "x", &["unknown format"]);
    check_useless("no-id.json", "{\"protocolSection\":{\"identificationModule\":{}}}", &["no study id"]);
}

#[test]
fn a_folder_without_files_is_named_and_an_empty_answer_is_none_the_worse() {
    let place = Place::new();
    let folder = place.file("dots/.hidden", "x").parent().unwrap().to_owned();
    place.import(&folder).ends(1).complains(&["dots", "no file in this folder"]);
    let ran = place.import(&place.file("answer.json", "{\"totalCount\":0,\"studies\":[]}")).ends(0);
    assert!(ran.out.contains("no record was found"), "{}", ran.out);
}

#[test]
fn unsafe_names_in_archives_never_touch_the_disk() {
    let place = Place::new();
    let mut all = entries(1..4);
    all.push(("../../evil.json".to_owned(), study(9)));
    let path = place.file("a/b/evil.zip", zipped(&all));
    place.import(&path).ends(1).complains(&["evil.zip", "unsafe archive"]);
    assert!((3..=4).contains(&place.count(&[])));
    assert!(!path.parent().unwrap().join("../../evil.json").exists());
}

#[test]
fn a_file_that_is_absent_or_closed_is_named() {
    let place = Place::new();
    place.run(["import", "/no/such/file.zip"]).ends(1).complains(&["/no/such/file.zip"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = place.file("closed.json", study(1));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&path).is_ok() {
            eprintln!("SKIPPED: this user may read everything");
            return;
        }
        place.import(&path).ends(1).complains(&["closed.json", "ermission"]);
        let folder = place.file("locked/x", "").parent().unwrap().to_owned();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
        let data = folder.join("data");
        place.run(["import", demo_file().to_str().unwrap(), "--data", data.to_str().unwrap()]).ends(1);
    }
}

/// Where SQLite keeps a database's own version number, most significant byte first.
const USER_VERSION: usize = 60;

#[test]
fn a_newer_data_folder_is_left_alone() {
    let place = Place::new();
    place.import(&place.file("a.json", study(1))).ends(0);
    let path = place.data().join("store.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    let own: [u8; 4] = bytes[USER_VERSION..USER_VERSION + 4].try_into().unwrap();
    bytes[USER_VERSION..USER_VERSION + 4].copy_from_slice(&99u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    for arguments in [&["search"][..], &["import", "x.json"], &["doctor"], &["rebuild"], &["serve"]] {
        place.run(arguments.iter().copied()).ends(1).complains(&["newer version", "--data"]);
    }
    // Back under its own number, it holds what it held. (SQLite may have moved its log into it meanwhile.)
    let mut bytes = fs::read(&path).unwrap();
    let version = &mut bytes[USER_VERSION..USER_VERSION + 4];
    assert_eq!(version, 99u32.to_be_bytes());
    version.copy_from_slice(&own);
    fs::write(&path, &bytes).unwrap();
    assert_eq!(place.count(&[]), 1);
}

#[test]
fn a_data_folder_in_use_is_said_to_be_and_can_be_read() {
    let place = Place::new();
    place.import(&place.file("a.json", study(1))).ends(0);
    let lock = fs::File::options().write(true).open(place.data().join("store.lock")).unwrap();
    lock.lock().unwrap();
    let other = place.file("b.json", study(2));
    place.import(&other).ends(1).complains(&["in use"]);
    place.run(["rebuild"]).ends(1).complains(&["in use"]);
    assert_eq!(place.count(&[]), 1);
    drop(lock);
    place.import(&other).ends(0);
    assert_eq!(place.count(&[]), 2);
}

#[test]
fn a_data_folder_that_is_a_file_is_refused() {
    let place = Place::new();
    let file = place.file("file", "x");
    let run =
        |verb: &str, path: &Path| place.run([verb, path.to_str().unwrap(), "--data", file.to_str().unwrap()]);
    run("import", &demo_file()).ends(1).complains(&[file.to_str().unwrap()]);
    assert_eq!(fs::read(&file).unwrap(), b"x");
}
