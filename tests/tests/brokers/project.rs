//! Trees of tests with an environment, and eventc as a person runs it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use eventc_tests::{
    services::{Kafka, Rabbitmq},
    tools,
};
use serde_json::Value;
use walkdir::WalkDir;

/// eventc, as it is built for tests.
static EVENTC: LazyLock<PathBuf> = LazyLock::new(tools::eventc);

/// A tree in a folder of its own.
pub(crate) struct TestProject {
    pub(crate) folder: PathBuf,
    variables: Vec<(&'static str, String)>,
}

/// What a run of eventc said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl TestProject {
    /// Writes a tree of schemas by their paths.
    pub(crate) fn new(name: &str, config: &str, schemas: &[(&str, Value)]) -> Self {
        let folder = tools::scratch("brokers").join(name);
        let _ = fs::remove_dir_all(&folder);
        let project = Self { folder, variables: Vec::new() };
        project.write("eventc.toml", config);
        for (path, schema) in schemas {
            project.write(&format!("schemas/events/{path}"), &format!("{schema:#}\n"));
        }
        project
    }

    /// Takes a tree that is there.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), variables: Vec::new() }
    }

    /// Copies the repository's own contracts and their configuration.
    pub(crate) fn of_repository(name: &str) -> Self {
        let (from, to) = (tools::workspace(), tools::scratch("brokers").join(name));
        let _ = fs::remove_dir_all(&to);
        let project = Self::at(&to);
        let files = WalkDir::new(from.join("schemas/events")).into_iter().chain(WalkDir::new(from.join("eventc.toml")));
        for file in files.map(|entry| entry.expect("a readable folder")).filter(|entry| entry.file_type().is_file()) {
            let path = file.path().strip_prefix(&from).expect("a path in the repository");
            project.write(path.to_str().expect("a path"), &fs::read_to_string(file.path()).expect("a text"));
        }
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        tools::put(&self.folder.join(path), text);
    }

    /// Changes a text of eventc.toml that is there once.
    pub(crate) fn edit(&self, old: &str, new: &str) {
        let path = self.folder.join("eventc.toml");
        let text = fs::read_to_string(&path).expect("a configuration");
        assert_eq!(text.matches(old).count(), 1, "{old} in {text}");
        fs::write(&path, text.replace(old, new)).expect("the configuration can be written");
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(crate) fn with_kafka(self, kafka: &Kafka) -> Self {
        self.with("EVENTC_KAFKA", &kafka.servers)
    }

    pub(crate) fn with_rabbitmq(self, rabbitmq: &Rabbitmq) -> Self {
        self.with("EVENTC_RABBITMQ", &rabbitmq.url).with("EVENTC_RABBITMQ_MANAGEMENT", &rabbitmq.management)
    }

    /// Returns `eventc bus` in the tree's folder, with words.
    pub(crate) fn command(&self, words: &str) -> Command {
        self.eventc(&format!("bus {words}"))
    }

    /// Returns eventc in the tree's folder, with words.
    pub(crate) fn eventc(&self, words: &str) -> Command {
        let mut command = Command::new(&*EVENTC);
        command.args(words.split_whitespace()).current_dir(&self.folder).stdin(Stdio::null()).env("NO_COLOR", "1");
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Runs `eventc bus` with words.
    #[expect(clippy::print_stdout, reason = "the harness shows it of a test that failed, and of all with `--nocapture`")]
    pub(crate) fn bus(&self, words: &str) -> Said {
        let output = self.command(words).output().expect("eventc starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        println!("$ eventc bus {words}\n{}{}-- {}", said.err, said.out, output.status);
        said
    }
}

impl Said {
    /// Holds it to an exit status.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Holds what it printed to some words.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for words in words {
            assert!(self.out.contains(words), "{words:?} is not said: {self:#?}");
        }
        self
    }

    /// Holds what it told beside to some words.
    #[track_caller]
    pub(crate) fn tells(self, words: &[&str]) -> Self {
        for words in words {
            assert!(self.err.contains(words), "{words:?} is not told: {self:#?}");
        }
        self
    }
}
