//! The webhooks of GitHub: one schema of four megabytes.

use std::fs;

use eventc_codegen::{bundle::bundle, project::Project};
use eventc_tests::tools::node_modules;
use serde_json::{Value, json};

use super::{Document, files, hold, page, project};
use crate::BATCH;

pub(super) fn open() -> Project {
    project(&files(&node_modules().join("@octokit/webhooks-schemas"), |name| name == "schema.json"), &[])
}

#[test]
fn octokit_webhooks_compile_in_every_language() {
    let outcome = hold("octokit", &documents());
    assert!(outcome.valid > 250 && outcome.invalid > 500, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("octokit", &outcome);
}

/// Every published example, and each once more with a property too few and one of the wrong type.
fn documents() -> Vec<Document> {
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
    documents.into_iter().map(|value| Document { path: "schema.json".into(), value }).collect()
}

#[test]
fn octokit_webhooks_are_their_own_bundle() {
    let project = BATCH.project("octokit");
    let contract = project.catalog.find("schema").expect("the one contract");
    let text = fs::read_to_string(node_modules().join("@octokit/webhooks-schemas/schema.json")).expect("the schema");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    // Not `assert_eq`: a difference of a thousand definitions is no message.
    assert!(bundle(&project.catalog.schemas, contract.root) == value);
}
