//! The topics of Sentry: a schema for each, in files that refer to each other by `file://` URLs, with examples.

use std::{collections::BTreeMap, fs, path::Path};

use eventc_codegen::project::Project;
use eventc_model::diagnostic::DUPLICATE_KEY;
use eventc_tests::{mutate::mutants, tools::sentry_schemas};
use serde_json::Value;

use super::{Document, files, hold, page, project};
use crate::BATCH;

/// Of the variants that are made from an example, one in so many is asked about.
const SAMPLE: usize = 5;

pub(super) fn open() -> Project {
    // generic-events.v1 names one property twice: an error, unless a configuration says otherwise. Parsers take the last.
    project(&files(&sentry_schemas().join("schemas"), |_| true), &[&DUPLICATE_KEY])
}

#[test]
fn sentry_topics_compile_in_every_language() {
    let (root, project) = (sentry_schemas(), BATCH.project("sentry"));
    assert_eq!(project.problems().iter().filter(|finding| finding.rule == &DUPLICATE_KEY).count(), 1);
    let mut documents = Vec::new();
    for (schema, folders) in examples(&root.join("topics")) {
        let contract = project.catalog.find(&schema).unwrap_or_else(|| panic!("{schema} is no contract"));
        for (_, text) in folders.iter().flat_map(|folder| files(&root.join("examples").join(folder), |_| true)) {
            let example: Value = serde_json::from_str(&text).expect("an example");
            let variants = mutants(&project.catalog.schemas, contract.root, &example);
            let variants = variants.into_iter().step_by(SAMPLE);
            documents.extend([example].into_iter().chain(variants).map(|value| Document { path: schema.clone(), value }));
        }
    }
    let outcome = hold("sentry", &documents);
    assert!(outcome.valid > 90 && outcome.invalid > 1000, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("sentry", &outcome);
}

/// The folders of examples that each JSON schema has, as the files of topics say.
fn examples(topics: &Path) -> BTreeMap<String, Vec<String>> {
    let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for topic in fs::read_dir(topics).expect("the topics").flatten() {
        let text = fs::read_to_string(topic.path()).expect("a topic");
        let mut schema = None;
        for line in text.lines().map(str::trim) {
            if let Some(resource) = line.strip_prefix("resource: ") {
                schema = Some(resource.to_owned()).filter(|name| name.ends_with("json"));
            } else if let (Some(schema), Some(folder)) = (&schema, line.strip_prefix("- ").filter(|item| item.ends_with('/'))) {
                let folders = examples.entry(schema.clone()).or_default();
                if !folders.iter().any(|known| known == folder) {
                    folders.push(folder.to_owned());
                }
            }
        }
    }
    examples
}
