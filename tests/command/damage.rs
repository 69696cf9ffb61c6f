//! Folders that were damaged, filled up or closed: the next command repairs them or says what is the matter.
#![cfg(unix)]

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
};

use crate::support::{Place, Ran, demo_file, demo_studies, studies};

/// The files of the index, without locks.
fn index_files(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.data().join("index")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_none_or(|e| e != "lock") && !f.ends_with("CHECKED"));
    files.sort();
    files
}

/// Damages each file of an index in turn; every time the next search finds all that it found before.
fn check_repaired(damage: impl Fn(&Path)) {
    let place = Place::with_demo();
    let names = index_files(&place).len();
    assert!(names > 8, "{names}");
    let found = place.count(&["asthma"]);
    for at in 0..names {
        // The names change whenever the index is built anew, their order by kind does not matter.
        let files = index_files(&place);
        damage(&files[at.min(files.len() - 1)]);
        let ran = place.run(["search", "--count", "asthma"]).ends(0);
        assert_eq!(ran.out.trim(), found.to_string(), "{}: {}", files[at].display(), ran.err);
        assert!(place.run(["doctor"]).ends(0).out.contains("all is well"), "{}", files[at].display());
    }
}

#[test]
fn a_truncated_index_file_is_derived_again() {
    check_repaired(|file| {
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    });
}

#[test]
fn a_deleted_index_file_is_derived_again() {
    check_repaired(|file| fs::remove_file(file).unwrap());
}

#[test]
fn a_flipped_byte_in_an_index_file_is_noticed_by_the_next_search() {
    check_repaired(|file| {
        let mut bytes = fs::read(file).unwrap();
        // The description of the segments is text without a checksum: it has to stay readable to be believed.
        let at = if file.extension().is_some_and(|e| e == "json") { 0 } else { bytes.len() / 3 };
        bytes[at] ^= 0x15;
        fs::write(file, bytes).unwrap();
    });
}

/// Runs the command with a limit to the size of the files that it may write, in blocks of 512 bytes.
fn limited(place: &Place, blocks: u32, arguments: &[&str]) -> Ran {
    let mut shell = std::process::Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks} || exit 99; exec \"$@\"");
    shell.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_trialist")]).args(arguments);
    shell.env("TRIALIST_DATA", place.data()).env("NO_COLOR", "1").output().unwrap().into()
}

#[test]
fn a_full_disk_keeps_what_was_committed_and_the_import_goes_on_later() {
    let place = Place::new();
    let some = place.file("some.ndjson", studies(1..51));
    place.import(&some).ends(0);
    let demo = demo_file();
    let all = 50 + demo_studies().len();
    for blocks in [100, 400, 700] {
        let ran = limited(&place, blocks, &["import", demo.to_str().unwrap()]);
        if ran.code == Some(99) {
            eprintln!("SKIPPED: no limit to the size of files can be set here");
            return;
        }
        // With the larger limits the store is written and the index is not.
        ran.ends(1).complains(&[place.data().to_str().unwrap()]);
        assert!([50, all].contains(&place.count(&[])), "after a limit of {blocks} blocks");
    }
    place.import(&demo).ends(0);
    assert_eq!(place.count(&[]), all);
    assert!(place.run(["doctor"]).ends(0).out.contains("all is well"));
}

/// Runs the command as somebody who may read the folder and not write in it; `None` where there is nobody to be.
fn as_reader(place: &Place, arguments: &[&str]) -> Option<Ran> {
    let mut command = place.command();
    command.args(arguments);
    if fs::File::options().append(true).open(place.data().join("store.lock")).is_ok() {
        // The permissions mean nothing to this user, who may become another one.
        command.uid(65_534).gid(65_534);
    }
    command.output().ok().map(Ran::from)
}

/// Takes away all permissions to write below a folder, or gives them back to the owner.
fn close(path: &Path, closed: bool) {
    if path.is_dir() {
        let mode = if closed { 0o555 } else { 0o755 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        fs::read_dir(path).unwrap().for_each(|entry| close(&entry.unwrap().path(), closed));
    } else {
        let mode = if closed { 0o444 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn a_folder_without_leave_to_write_is_read_even_if_its_index_is_behind() {
    let place = Place::new();
    let above = place.data().parent().unwrap().to_owned();
    fs::set_permissions(&above, fs::Permissions::from_mode(0o755)).unwrap();
    place.import(&place.file("first.ndjson", studies(1..31))).ends(0);
    let (index, old) = (place.data().join("index"), above.join("old"));
    copy(&index, &old);
    place.import(&place.file("second.ndjson", studies(31..51))).ends(0);

    close(&place.data(), true);
    let Some(ran) = as_reader(&place, &["search", "--count"]) else {
        eprintln!("SKIPPED: permissions mean nothing to this user, and the command cannot be run as another");
        return close(&place.data(), false);
    };
    assert_eq!(ran.ends(0).out.trim(), "50");
    let ran = as_reader(&place, &["import", demo_file().to_str().unwrap()]).unwrap();
    ran.ends(1).complains(&["ermission", "--data"]);

    close(&place.data(), false);
    fs::remove_dir_all(&index).unwrap();
    fs::rename(&old, &index).unwrap();
    close(&place.data(), true);
    let ran = as_reader(&place, &["search", "--count"]).unwrap().ends(0).complains(&["behind the store"]);
    assert_eq!(ran.out.trim(), "30");
    as_reader(&place, &["show", "NCT00000040"]).unwrap().ends(0);

    close(&place.data(), false);
    assert_eq!(place.count(&[]), 50, "brought in step by who may write");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
