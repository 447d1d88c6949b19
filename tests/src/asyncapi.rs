//! AsyncAPI's own parser, and the schemas of documents as their consumers compile them.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::tools;

/// A query about a document.
#[derive(Debug, Default)]
pub struct DocumentQuery {
    /// The document.
    pub text: String,
    /// Keys of messages, each with an event as JSON text.
    pub cases: Vec<(String, String)>,
}

/// The answer about a document.
#[derive(Debug)]
pub struct Answer {
    /// Errors and warnings of the parser, as `code at path: message`.
    pub problems: Vec<String>,
    /// The number of examples of messages.
    pub examples: u64,
    /// Examples that the schemas of their messages refuse.
    pub wrong: Vec<String>,
    /// Whether the message's schema accepts the event, for each case.
    pub verdicts: Vec<bool>,
}

/// Asks about documents, in order.
///
/// # Panics
/// Where Node fails.
pub fn ask(questions: &[DocumentQuery]) -> Vec<Answer> {
    let mut child = Command::new("node")
        .arg(tools::workspace().join("tests/runners/asyncapi.mjs"))
        .arg(tools::node_modules())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node can be started");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines: Vec<String> = questions.iter().map(line).collect();
    // Written by another thread, so that neither side waits for the other with full pipes.
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(stdin, "{line}")));
    let output = child.wait_with_output().expect("the parser ends");
    assert!(output.status.success(), "the parser failed with {}", output.status);
    writer.join().expect("the writer ends").expect("the parser read everything");
    let answers: Vec<Answer> = String::from_utf8_lossy(&output.stdout).lines().map(answer).collect();
    assert_eq!(answers.len(), questions.len(), "the parser answers for each document");
    answers
}

fn line(question: &DocumentQuery) -> String {
    let cases: Vec<Value> = question.cases.iter().map(|(message, doc)| json!({ "message": message, "doc": doc })).collect();
    json!({ "text": question.text, "cases": cases }).to_string()
}

fn answer(line: &str) -> Answer {
    let reply: Value = serde_json::from_str(line).expect("JSON");
    let problem = |problem: &Value| {
        let text = |at: usize| problem[at].as_str().expect("a text").to_owned();
        // 0 is an error and 1 a warning (the severities of Spectral).
        let counts = problem[0].as_u64().expect("a severity") <= 1;
        counts.then(|| format!("{} at {}: {}", text(1), text(3), text(2)))
    };
    let list = |key: &str| reply[key].as_array().expect("a list").iter();
    let problems: Vec<String> = list("problems").filter_map(problem).collect();
    assert!(reply["parsed"] == true || !problems.is_empty(), "a document that is not read has a problem");
    Answer {
        problems,
        examples: reply["examples"].as_u64().expect("a count"),
        wrong: list("wrong").map(|text| text.as_str().expect("a text").to_owned()).collect(),
        verdicts: list("verdicts").map(|verdict| verdict.as_bool().expect("a verdict")).collect(),
    }
}
