//! Résumés and offers of work: two schemas in draft 7 beside the documents that are samples of them, one of which says `$schema` of a draft.

use std::fs;

use eventc_codegen::project::Project;
use eventc_tests::{mutate::mutants, tools::node_modules};
use serde_json::Value;

use super::{Document, hold, opened, page};
use crate::BATCH;

/// The samples that the package has, each with its schema.
const SAMPLES: [(&str, &str); 5] = [
    ("schema.json", "sample.resume.json"),
    ("schema.json", "examples/career-changer.resume.json"),
    ("schema.json", "examples/new-grad.resume.json"),
    ("schema.json", "examples/senior-engineer.resume.json"),
    ("job-schema.json", "sample.job.json"),
];

/// Of the variants that are made from a sample, one in so many is asked about.
const SAMPLE: usize = 7;

pub(super) fn open() -> Project {
    opened(node_modules().join("@jsonresume/schema"), &[])
}

#[test]
fn json_resumes_compile_in_every_language() {
    let (folder, project) = (node_modules().join("@jsonresume/schema"), BATCH.project("json-resume"));
    assert_eq!(project.catalog.events().count(), 2, "samples are no schemas");
    let mut documents = Vec::new();
    for (path, sample) in SAMPLES {
        let root = project.catalog.find(path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let value: Value = serde_json::from_str(&fs::read_to_string(folder.join(sample)).expect("a sample")).expect("JSON");
        let variants = mutants(&project.catalog.schemas, root, &value).into_iter().step_by(SAMPLE);
        documents.extend([value].into_iter().chain(variants).map(|value| Document { path: path.to_owned(), value }));
    }
    let outcome = hold("json-resume", &documents);
    assert!(outcome.valid > 100 && outcome.invalid > 200, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("json-resume", &outcome);
}
