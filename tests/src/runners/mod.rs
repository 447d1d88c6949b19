//! Generated code, built in every language and asked for its opinion of documents.
//!
//! A suite says what is to be generated as [`Subject`]s; a [`Batch`] generates and builds those of all suites at once, and gives out a
//! [`Runner`] for each language of [`LANGUAGES`].

mod batch;
mod equal;
mod language;
mod python;
mod rust;
mod typescript;

use std::{
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use eventc_codegen::project::Project;
use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::Level,
    duration::{Duration, Retention},
};
use serde_json::{Value, json};

pub use self::{
    batch::{Batch, Runtime, Style, Subject, Work},
    equal::equal,
    language::{LANGUAGES, Language, Package, targets},
    python::{Ways, check_program, mypy, pyright, two_ways},
};

/// A document, and the topic that it belongs to.
#[derive(Debug, Clone)]
pub struct Case {
    /// The topic.
    pub topic: String,
    /// JSON text.
    pub doc: String,
}

/// The opinion that generated code has of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether validation accepts it.
    pub valid: bool,
    /// The document after decoding and encoding; `None` where it does not decode.
    pub again: Option<Value>,
    /// Messages and debug output.
    pub said: String,
    /// The violations: where, the sentence, and what was found.
    pub violations: Vec<[String; 3]>,
}

/// Generated code in one language, ready to run.
#[derive(Debug, Clone)]
pub struct Runner {
    /// The language.
    pub language: &'static dyn Language,
    command: Vec<PathBuf>,
}

impl Runner {
    /// Returns the same judge, but what it validates is JSON text: numbers are as exact there as they are spelled.
    #[must_use]
    pub fn exactly(mut self) -> Self {
        self.command.extend(self.language.exact_argument().map(PathBuf::from));
        self
    }

    /// Asks for an opinion of each case, in order.
    ///
    /// # Panics
    /// Where the judge fails, or answers for fewer cases than it was asked.
    pub fn ask(&self, cases: &[Case]) -> Vec<Verdict> {
        let questions: Vec<Value> = cases.iter().map(|case| json!({"topic": case.topic, "doc": case.doc})).collect();
        self.answers(&questions).iter().map(verdict).collect()
    }

    /// Asks what the generated code declares of each topic, in the form of [`declared`].
    ///
    /// # Panics
    /// Where the judge fails, or does not know a topic.
    pub fn facts(&self, topics: &[String]) -> Vec<Value> {
        let questions: Vec<Value> = topics.iter().map(|topic| json!({"topic": topic})).collect();
        self.answers(&questions).into_iter().map(|mut answer| answer["facts"].take()).collect()
    }

    fn answers(&self, questions: &[Value]) -> Vec<Value> {
        let text = said(&self.command, questions);
        let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect();
        assert_eq!(answers.len(), questions.len(), "the {} judge answers each case", self.language.name());
        answers
    }
}

/// Runs a program with a question a line, and returns what it prints.
fn said(program: &[PathBuf], questions: &[Value]) -> String {
    let mut child = Command::new(&program[0])
        .args(&program[1..])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {program:?}: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = questions.iter().fold(String::new(), |mut input, question| {
        // Node takes these two for line ends; they only stand in strings here.
        let line = question.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        let _ = writeln!(input, "{line}");
        input
    });
    // Written by another thread, so that neither side waits for the other with full pipes.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the judge ends");
    assert!(output.status.success(), "{program:?} failed with {}", output.status);
    writer.join().expect("the writer ends").expect("the judge read everything");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns what a catalog declares of a topic, as judges say it: durations in milliseconds, -1 for ever.
pub fn declared(catalog: &Catalog, contract: &Contract) -> Value {
    let facts = catalog.facts(contract);
    let kept = |retention: Option<Retention>| retention.map(|kept| i64::try_from(kept.broker_ms()).expect("a time"));
    let consumers =
        facts.consumers.iter().map(|consumer| json!([&*consumer.service, consumer.function.as_deref(), consumer.group, consumer.queue]));
    json!({
        "name": facts.name,
        "namespace": facts.namespace,
        "version": facts.version.to_string(),
        "broker": facts.broker,
        "stability": facts.stability,
        "owner": facts.owner,
        "key": facts.key,
        "reply": facts.reply,
        "exchange": facts.exchange,
        "partitions": facts.partitions,
        "replication": facts.replication,
        "retention": kept(facts.retention),
        "ttl": facts.ttl.map(Duration::millis),
        "priority": facts.priority,
        "producers": facts.producers,
        "consumers": consumers.collect::<Vec<_>>(),
        "dead_letter": facts.dead_letter.map(|letters| json!([letters.topic, letters.retries, letters.backoff.iter().map(|wait| wait.millis()).collect::<Vec<_>>(), kept(letters.retention)])),
        "deprecated": facts.deprecated.map(|deprecated| json!([deprecated.since, deprecated.sunset, deprecated.successor])),
        "tags": facts.tags,
    })
}

fn verdict(answer: &Value) -> Verdict {
    let again = answer["again"].as_str().map(|text| serde_json::from_str(text).expect("what is encoded is JSON"));
    let violations = serde_json::from_value(answer["violations"].clone()).expect("violations");
    Verdict { valid: answer["valid"] == true, again, said: answer["said"].as_str().unwrap_or_default().to_owned(), violations }
}

/// Panics where reading a project found errors. What the rules would find is not asked.
#[track_caller]
pub fn assert_read(project: &Project) {
    let problems = project.problems();
    assert!(problems.iter().all(|problem| problem.level != Level::Error), "{problems:#?}");
}
