//! Bills of materials: a schema for each version of CycloneDX, and documents that its own project holds to be valid or not.

use eventc_codegen::project::Project;
use eventc_model::diagnostic::DUPLICATE_ID;
use eventc_tests::{mutate::mutants, tools::cyclonedx};
use serde_json::Value;

use super::{Document, files, hold, page, project};
use crate::BATCH;

/// The versions; two of them have a stricter twin with the same `$id`.
const VERSIONS: [&str; 8] = ["1.2", "1.2-strict", "1.3", "1.3-strict", "1.4", "1.5", "1.6", "1.7"];

/// Of the variants that are made from documents, one in so many is asked about.
const SAMPLE: usize = 199;

pub(super) fn open() -> Project {
    project(&files(&cyclonedx().join("cyclonedx/schema/_res"), |_| true), &[])
}

#[test]
fn bills_of_materials_compile_in_every_language() {
    let (root, project) = (cyclonedx(), BATCH.project("cyclonedx"));
    assert_eq!(project.problems().iter().filter(|finding| finding.rule == &DUPLICATE_ID).count(), 2);
    let mut documents = Vec::new();
    for version in VERSIONS {
        let path = format!("bom-{version}.SNAPSHOT.schema.json");
        let contract = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract"));
        let mut variants = Vec::new();
        let published = root.join("tests/_data/schemaTestData").join(version.trim_end_matches("-strict"));
        for (name, text) in files(&published, |name| name.starts_with("valid-") || name.starts_with("invalid-")) {
            let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if name.starts_with("valid-") {
                variants.extend(mutants(&project.catalog.schemas, contract.root, &value));
            }
            documents.push(Document { path: path.clone(), value });
        }
        documents.extend(variants.into_iter().step_by(SAMPLE).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("cyclonedx", &documents);
    assert!(outcome.valid > 200 && outcome.invalid > 200, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("cyclonedx", &outcome);
}
