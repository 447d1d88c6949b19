//! Schemas that nobody here wrote: they generate, compile and type-check in strict settings, untouched.

use std::fs;

use eventc_codegen::{
    bundle::bundle,
    instance::{Formats, Validators},
    output,
    project::{Project, ProjectRoot, Selection},
};
use eventc_tests::{
    judges::{Case, equal, judges},
    tools::{node_modules, scratch},
};
use serde_json::{Value, json};

fn open_octokit() -> Project {
    let folder = node_modules().join("@octokit/webhooks-schemas");
    let mut project = Project::open(&ProjectRoot::Schemas(folder)).expect("a readable folder");
    project.lint(None);
    assert!(!project.has_errors(), "{:#?}", project.findings);
    project
}

#[test]
fn octokit_webhooks_compile_in_three_languages() {
    let project = open_octokit();
    let generated = project.generate(&Selection::default()).expect("files");
    let out = scratch("octokit-generated");
    for target in &generated.targets {
        output::write(&out.join(target.name), &target.files).expect("written files");
    }
    let contract = project.catalog.find("schema").expect("the one contract");
    let validators = Validators::new(&project.catalog);
    let reference = validators.payload(contract, Formats::Annotated).expect("a valid schema");
    let documents = documents();
    assert!(documents.len() > 600, "{} documents", documents.len());
    let cases: Vec<Case> = documents.iter().map(|document| Case { topic: contract.topic.clone(), doc: document.to_string() }).collect();
    let expected: Vec<bool> = documents.iter().map(|document| reference.accepts(document)).collect();
    let valid = expected.iter().filter(|valid| **valid).count();
    assert!(valid > 250 && documents.len() - valid > 500, "{valid} of {} are valid", documents.len());
    for judge in judges(&out, "octokit", "events") {
        for ((document, valid), verdict) in documents.iter().zip(&expected).zip(judge.ask(&cases)) {
            let shown: String = document.to_string().chars().take(600).collect();
            assert_eq!(verdict.valid, *valid, "{} judges {shown}", judge.language);
            if *valid {
                assert!(verdict.again.is_some_and(|again| equal(&again, document)), "{} does not keep {shown}", judge.language);
            }
        }
    }
}

/// Every published example, and each once more with a property too few and one of the wrong type.
fn documents() -> Vec<Value> {
    let path = node_modules().join("@octokit/webhooks-examples/api.github.com/index.json");
    let index: Value = serde_json::from_str(&fs::read_to_string(path).expect("the examples")).expect("JSON");
    let mut documents = Vec::new();
    for example in index.as_array().into_iter().flatten().flat_map(|event| event["examples"].as_array().into_iter().flatten()) {
        documents.push(example.clone());
        let Value::Object(members) = example else { continue };
        let mut fewer = members.clone();
        fewer.shift_remove("sender");
        documents.push(Value::Object(fewer));
        let mut wrong = members.clone();
        if let Some(last) = wrong.values_mut().last() {
            *last = json!(["not", {"an": "event"}]);
        }
        documents.push(Value::Object(wrong));
    }
    documents
}

#[test]
fn octokit_webhooks_are_their_own_bundle() {
    let project = open_octokit();
    let contract = project.catalog.find("schema").expect("the one contract");
    let text = fs::read_to_string(node_modules().join("@octokit/webhooks-schemas/schema.json")).expect("the schema");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    // Not `assert_eq`: a difference of a thousand definitions is no message.
    assert!(bundle(&project.catalog.schemas, contract.root) == value);
}
