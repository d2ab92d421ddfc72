//! A folder to play in, and the binary run in it as a person would: nothing of the machine it runs on shows through.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

/// The day all tests take place.
pub const TODAY: &str = "2026-06-01";

/// A temporary folder with an index and a cache of its own.
pub struct Sandbox {
    folder: TempDir,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Sandbox {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A folder whose index holds the sample archive.
    pub fn with_sample() -> Self {
        let sandbox = Self::new();
        sandbox.index(&sample());
        sandbox
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, its folders too.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The binary, ready to run here.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.current_dir(self.path()).env("DATELINE_CACHE", self.path().join("cache"));
        for name in ["DATELINE_INDEX", "NO_COLOR", "RUST_BACKTRACE", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    /// Runs the binary.
    pub fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        ran(self.command().args(arguments).output().unwrap())
    }

    /// Runs a line of words; quotes keep words together as in a shell.
    pub fn line(&self, line: &str) -> Ran {
        self.run(words(line))
    }

    /// Runs a line that must succeed, and gives what it printed.
    pub fn stdout(&self, line: &str) -> String {
        let ran = self.line(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.stdout
    }

    /// Runs a line that must succeed and print one JSON value.
    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.stdout(line)).unwrap()
    }

    /// Runs a line that must succeed and print one JSON value on each line.
    pub fn lines(&self, line: &str) -> Vec<Value> {
        self.stdout(line).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Runs a line that must fail with an exit code and exactly one line on stderr, and gives that.
    pub fn error(&self, line: &str, code: i32) -> String {
        let ran = self.line(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert_eq!(ran.stdout, "", "{line}");
        assert_eq!(ran.stderr.lines().count(), 1, "{line}: {ran:?}");
        ran.stderr.trim_end().to_owned()
    }

    /// Indexes a path into the index here.
    pub fn index(&self, path: &Path) -> Value {
        let ran = self.run([Path::new("index"), path, Path::new("--json"), Path::new("--today"), Path::new(TODAY)]);
        assert_eq!(ran.code, 0, "{ran:?}");
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

/// What a process printed.
pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Splits a line as a shell would: spaces part words, quotes of either kind keep them together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if open == c => quote = None,
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The sample archive.
pub fn sample() -> PathBuf {
    repository().join("tests/fixtures/archive")
}

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sample archive, indexed once for all tests that only read.
pub fn sampled() -> &'static Sandbox {
    static SAMPLED: LazyLock<Sandbox> = LazyLock::new(Sandbox::with_sample);
    &SAMPLED
}

/// Compares text with a golden file; `BLESS=1` writes the file instead.
pub fn golden(name: &str, text: &str) {
    let path = repository().join("tests/suite/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} changed; look at it, then run with BLESS=1\n--- was\n{expected}\n--- is\n{text}");
}

/// Time taken and digests differ from run to run or from version to version; everything else must not.
pub fn without_times(text: &str) -> String {
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        if let Some((before, digest)) = rest.split_once("digest ") {
            kept.push_str(before);
            kept.push_str("digest ");
            rest = digest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        }
        while let Some(digit) = rest.find(|c: char| c.is_ascii_digit()) {
            let number = rest[digit..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len() - digit);
            let (before, after) = (&rest[..digit], &rest[digit + number..]);
            kept.push_str(before);
            let is_time = [" ms", " s", " MB/s", " kB/s"].iter().any(|unit| {
                after.strip_prefix(unit).is_some_and(|after| !after.starts_with(|c: char| c.is_alphabetic()))
            });
            kept.push_str(if is_time { "N" } else { &rest[digit..digit + number] });
            rest = after;
        }
        kept.push_str(rest);
    }
    kept
}
