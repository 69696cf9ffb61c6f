//! A data folder of its own for each test, and the command run on it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A place with a data folder and room for files.
pub struct Place {
    folder: TempDir,
}

/// What a run of the command said, and how it ended.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: testkit::folder() }
    }

    /// With the demo's studies imported.
    pub fn with_demo() -> Self {
        let place = Self::new();
        place.run(["import", "-q", demo_file().to_str().unwrap()]).ends(0);
        place
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trialist"));
        command.env("TRIALIST_DATA", self.data()).env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    pub fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        self.command().args(arguments).output().unwrap().into()
    }

    /// Imports one file.
    pub fn import(&self, path: &Path) -> Ran {
        self.run(["import", path.to_str().unwrap()])
    }

    /// How many studies a search finds.
    pub fn count(&self, arguments: &[&str]) -> usize {
        let ran = self.run(["search", "--count"].into_iter().chain(arguments.iter().copied())).ends(0);
        ran.out.trim().parse().unwrap()
    }

    /// Runs the command with something on standard input.
    pub fn fed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap().into()
    }
}

impl Ran {
    /// Itself, if it ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\nout: {}\nerr: {}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Itself, if standard error has all these words.
    #[track_caller]
    pub fn complains(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
        self
    }

    /// Standard output as JSON, one value a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The demo's studies, one a line.
pub fn demo_file() -> PathBuf {
    testkit::root().join("demo/studies.ndjson")
}

/// The demo's studies as JSON.
pub fn demo_studies() -> Vec<Value> {
    let text = fs::read_to_string(demo_file()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The texts at a JSON path.
pub fn texts(study: &Value, path: &str) -> Vec<String> {
    let all = match study.pointer(path) {
        Some(Value::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// A made-up study of this number.
pub fn study(number: u32) -> String {
    serde_json::json!({
        "protocolSection": {
            "identificationModule": {
                "nctId": format!("NCT{number:08}"),
                "briefTitle": format!("Invented Study Number {number} of Asthma")
            },
            "statusModule": {
                "overallStatus": if number.is_multiple_of(2) { "RECRUITING" } else { "COMPLETED" },
                "lastUpdatePostDateStruct": {"date": "2024-05-06", "type": "ACTUAL"}
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Nobody", "class": "OTHER"}},
            "conditionsModule": {"conditions": ["Asthma"]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"]}
        }
    })
    .to_string()
}

/// Made-up studies, one a line.
pub fn studies(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|number| study(number) + "\n").collect()
}
