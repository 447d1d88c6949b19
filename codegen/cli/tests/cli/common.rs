//! Runs the built command in folders of its own.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Output, Stdio},
};

use serde_json::Value;

/// A folder that goes away with the test.
pub(crate) struct Folder(tempfile::TempDir);

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The cache folder of runs.
pub(crate) const CACHE: &str = "cache";

pub(crate) const CONFIG: &str = r#"
[[namespace]]
name = "shop"
root = "."
topics = ["{domain}.{action}"]

[namespace.envelope]
file = "_envelope.json"
payload = "/data"
type = "/type"

[services.shop]

[targets.catalog]
"#;

pub(crate) const ENVELOPE: &str =
    r#"{"type": "object", "properties": {"type": {"type": "string"}, "data": {}}, "required": ["type", "data"]}"#;

pub(crate) const ORDER: &str = r#"{
  "description": "An order.",
  "x-event": {"version": "1.0.0", "producers": ["shop"]},
  "type": "object",
  "properties": {"id": {"type": "string"}, "total": {"type": "integer"}},
  "required": ["id"]
}
"#;

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// A project of one event in an envelope.
    pub(crate) fn shop() -> Self {
        Self::new(&[("eventc.toml", CONFIG), ("schemas/events/_envelope.json", ENVELOPE), ("schemas/events/order/created.json", ORDER)])
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files below a folder with their texts, in path order.
    pub(crate) fn files(&self, below: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        gather(&self.path(below), &self.path(below), &mut files);
        files.sort();
        files
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventc"));
        command.args(args).current_dir(self.0.path()).env_remove("NO_COLOR").env("EVENTC_CACHE_DIR", self.path(CACHE));
        finish(command, input)
    }

    /// Starts two runs at once and returns how they ended.
    pub(crate) fn run_twice(&self, args: &[&str]) -> [Run; 2] {
        let start = || self.start(args);
        [start(), start()].map(|child| ended(child.wait_with_output().unwrap()))
    }

    /// Starts a run.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventc"));
        command.args(args).current_dir(self.0.path()).env("EVENTC_CACHE_DIR", self.path(CACHE));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a line of shell; `$EVENTC` is the command.
    pub(crate) fn shell(&self, line: &str) -> Run {
        let mut command = Command::new("bash");
        command.arg("-c").arg(line).current_dir(self.0.path()).env("EVENTC", env!("CARGO_BIN_EXE_eventc"));
        command.env("EVENTC_CACHE_DIR", self.path(CACHE));
        finish(command, "")
    }
}

/// A command that goes on until the test ends, and what it says beside its output.
pub(crate) struct Lasting {
    pub(crate) child: Child,
    said: BufReader<ChildStderr>,
}

impl Drop for Lasting {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lasting {
    pub(crate) fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut child = folder.start(args);
        let said = BufReader::new(child.stderr.take().unwrap());
        Self { child, said }
    }

    /// Waits until it says something; returns all that it said until then.
    #[track_caller]
    pub(crate) fn says(&mut self, text: &str) -> String {
        let mut said = String::new();
        while !said.lines().next_back().is_some_and(|line| line.contains(text)) {
            assert_ne!(self.said.read_line(&mut said).unwrap(), 0, "it ends and does not say {text:?}: {said}");
        }
        said
    }
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.push((name, fs::read(&path).unwrap()));
        }
    }
}

fn finish(mut command: Command, input: &str) -> Run {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read has closed its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    ended(child.wait_with_output().unwrap())
}

fn ended(output: Output) -> Run {
    Run { code: output.status.code(), out: String::from_utf8(output.stdout).unwrap(), err: String::from_utf8(output.stderr).unwrap() }
}

impl Run {
    #[track_caller]
    pub(crate) fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.err.contains(text) || self.out.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// The findings of a JSON report as `code file:line:column`.
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<String> {
        let one = |found: &Value| format!("{} {}:{}:{}", text(&found["code"]), text(&found["file"]), found["line"], found["column"]);
        self.json()["diagnostics"].as_array().unwrap().iter().map(one).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
