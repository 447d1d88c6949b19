//! Rust, TypeScript and Python say the same of every event of the tree as the reference validator does, and keep its data.

use std::collections::BTreeMap;

use eventc_codegen::{
    instance::{FormatReading, Validators},
    project::{Project, ProjectRoot},
};
use eventc_model::catalog::Catalog;
use eventc_tests::{
    mutate::mutants,
    runners::{Case, Runner, Subject, Verdict, declared, equal, two_ways},
    sensitive::{MARK, exposures},
    tools::workspace,
};

use crate::BATCH;

/// This repository's events, as they are committed and with the options that it does not use: msgspec structs, and JavaScript with
/// declarations.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![Subject::committed(), Subject::new("other-events", own).in_other_style()]
}

fn own() -> Project {
    Project::open(&ProjectRoot::Config(workspace().join("eventc.toml"))).expect("this repository")
}

fn catalog() -> &'static Catalog {
    &BATCH.project("events").catalog
}

/// A document, what is expected of it, and whether it is an example as the author wrote it.
struct Expected {
    case: Case,
    valid: bool,
    example: bool,
}

/// Every example of every event, and what a program makes of it.
fn corpus(catalog: &Catalog) -> Vec<Expected> {
    let validators = Validators::new(catalog);
    let mut corpus = Vec::new();
    for contract in catalog.events() {
        let validator = validators.payload(contract, FormatReading::Annotation).expect("a valid schema");
        let examples = &catalog.schemas.keywords(contract.root).expect("an object schema").examples;
        assert!(examples.len() >= 2, "{} has {} examples", contract.topic, examples.len());
        let mut made = 0;
        for example in examples {
            let documents = std::iter::once(example.clone()).chain(mutants(&catalog.schemas, contract.root, example));
            for (index, document) in documents.enumerate() {
                let valid = validator.accepts(&document);
                made += usize::from(index > 0 && !valid);
                corpus.push(Expected {
                    case: Case { topic: contract.topic.clone(), doc: document.to_string() },
                    valid,
                    example: index == 0,
                });
            }
        }
        assert!(made >= 10, "{} has {made} invalid variants", contract.topic);
    }
    corpus
}

#[test]
fn all_languages_judge_and_keep_every_event_alike() {
    let corpus = corpus(catalog());
    assert!(corpus.iter().filter(|expected| expected.example).all(|expected| expected.valid), "examples are valid");
    agree(&BATCH.runners("events"), &corpus);
}

#[test]
fn all_languages_declare_the_same_of_every_topic() {
    let contracts: Vec<_> = catalog().events().collect();
    let topics: Vec<String> = contracts.iter().map(|contract| contract.topic.clone()).collect();
    for runner in BATCH.runners("events").into_iter().chain(BATCH.runners("other-events")) {
        for (contract, facts) in contracts.iter().zip(runner.facts(&topics)) {
            assert_eq!(facts, declared(catalog(), contract), "{}: {}", runner.language.name(), contract.topic);
        }
    }
}

#[test]
fn other_options_judge_and_keep_every_event_alike() {
    // Every example, and a part of what is made from them: the validators are those that the test above asks everything.
    let some = corpus(catalog()).into_iter().enumerate().filter(|(index, expected)| expected.example || index % 7 == 0);
    let some: Vec<Expected> = some.map(|(_, expected)| expected).collect();
    assert!(some.iter().filter(|expected| !expected.valid).count() > 1000, "there is something to refuse");
    agree(&BATCH.runners("other-events"), &some);
}

#[test]
fn python_reads_alike_whoever_parses() {
    let corpus = corpus(catalog());
    let examples: Vec<Case> = corpus.into_iter().filter(|expected| expected.example).map(|expected| expected.case).collect();
    for subject in ["events", "other-events"] {
        let ways = two_ways(BATCH.package(subject, "python"), &examples, 12);
        assert!(ways.texts > 10_000, "{ways:?}");
        // A few types hold any value, or are given a float without a fraction.
        assert!(ways.alone * 10 > ways.documents * 9, "{ways:?}");
    }
}

/// Panics with what judges say that the reference validator does not.
fn agree(runners: &[Runner], corpus: &[Expected]) {
    let cases: Vec<Case> = corpus.iter().map(|expected| expected.case.clone()).collect();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for runner in runners {
        for (expected, verdict) in corpus.iter().zip(runner.ask(&cases)) {
            let Some(complaint) = complaint(expected, &verdict) else { continue };
            let again = verdict.again.as_ref().map(ToString::to_string).unwrap_or_default();
            let line = format!("{}: {} (valid: {}) {complaint} {again}", expected.case.topic, expected.case.doc, expected.valid);
            wrong.entry(runner.language.name().to_owned()).or_default().push(line);
        }
    }
    let report = wrong.iter().fold(String::new(), |report, (language, lines)| {
        let shown: Vec<String> = lines.iter().take(12).map(|line| line.chars().take(900).collect()).collect();
        format!("{report}\n{language}: {} of {} cases\n  {}", lines.len(), cases.len(), shown.join("\n  "))
    });
    assert!(wrong.is_empty(), "{report}");
}

fn complaint(expected: &Expected, verdict: &Verdict) -> Option<&'static str> {
    let document: serde_json::Value = serde_json::from_str(&expected.case.doc).expect("JSON");
    match &verdict.again {
        _ if verdict.valid != expected.valid => Some("is judged wrong"),
        None if expected.valid => Some("is valid and does not decode"),
        Some(again) if expected.valid && !equal(again, &document) => Some("does not come back equal"),
        _ => None,
    }
}

#[test]
fn no_language_says_a_sensitive_value() {
    let catalog = catalog();
    let mut cases = Vec::new();
    let mut classified = 0;
    for contract in catalog.events() {
        let examples = &catalog.schemas.keywords(contract.root).expect("an object schema").examples;
        let before = cases.len();
        for document in examples.iter().flat_map(|example| exposures(&catalog.schemas, contract.root, example)) {
            cases.push(Case { topic: contract.topic.clone(), doc: document.to_string() });
        }
        classified += usize::from(cases.len() > before);
    }
    assert!(classified >= 20, "{classified} events have examples with sensitive values");
    let mut wrong = Vec::new();
    for runner in BATCH.runners("events") {
        let verdicts = runner.ask(&cases);
        assert!(
            verdicts.iter().filter(|verdict| !verdict.said.is_empty()).count() * 2 > cases.len(),
            "{} has things to say",
            runner.language.name()
        );
        for (case, verdict) in cases.iter().zip(verdicts).filter(|(_, verdict)| verdict.said.contains(MARK)) {
            let at = verdict.said.find(MARK).unwrap_or(0);
            let before: String = verdict.said[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
            let document: String = case.doc.chars().take(200).collect();
            wrong.push(format!("{}: {} says {before}{MARK} of {document}", runner.language.name(), case.topic));
        }
    }
    let shown: Vec<&str> = wrong.iter().step_by(wrong.len() / 10 + 1).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} times, for example\n{}", wrong.len(), shown.join("\n"));
}
