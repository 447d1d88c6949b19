//! The messages of Cucumber: one schema in draft 2020-12, in which every definition is a resource with an `$id` of its own, and the streams
//! of messages that its own compatibility kit has for each feature.

use std::{collections::BTreeSet, fs, path::PathBuf};

use eventc_codegen::project::Project;
use eventc_tests::{mutate::mutants, tools::node_modules};
use serde_json::Value;

use super::{Document, hold, opened, page};
use crate::BATCH;

const SCHEMA: &str = "messages.schema.json";

/// Of the variants that are made from a message, one in so many is asked about.
const SAMPLE: usize = 53;

pub(super) fn open() -> Project {
    opened(node_modules().join("@cucumber/messages"), &[])
}

#[test]
fn cucumber_messages_compile_in_every_language() {
    let project = BATCH.project("cucumber");
    let root = project.catalog.find(SCHEMA).expect("the one contract").root;
    let published = messages();
    let variants = published.iter().flat_map(|message| mutants(&project.catalog.schemas, root, message)).step_by(SAMPLE);
    let documents: Vec<Document> =
        published.iter().cloned().chain(variants).map(|value| Document { path: SCHEMA.to_owned(), value }).collect();
    let outcome = hold("cucumber", &documents);
    assert!(outcome.valid > 1000 && outcome.invalid > 200, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("cucumber", &outcome);
}

/// The messages of all features, each once, in the order of the features' names.
fn messages() -> Vec<Value> {
    let mut features: Vec<PathBuf> = fs::read_dir(node_modules().join("@cucumber/compatibility-kit/features"))
        .expect("the features")
        .flat_map(|feature| fs::read_dir(feature.expect("a feature").path()).expect("its files").flatten())
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|end| end == "ndjson"))
        .collect();
    features.sort();
    let streams: Vec<String> = features.iter().map(|stream| fs::read_to_string(stream).expect("a stream of messages")).collect();
    let mut seen = BTreeSet::new();
    let lines = streams.iter().flat_map(|stream| stream.lines()).filter(|line| seen.insert(*line));
    lines.map(|line| serde_json::from_str(line).expect("a message")).collect()
}
