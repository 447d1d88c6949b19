//! Bills of materials: a schema for each version of CycloneDX, and documents that its own project holds to be valid or not.

use eventc_codegen::project::Project;
use eventc_model::{
    diagnostic::{DUPLICATE_ID, Level},
    source::{Limits, Tree},
};
use eventc_tests::{mutate::mutants, tools::cyclonedx};
use serde_json::Value;

use crate::{Document, files, hold, page, project};

/// Stricter twins of two versions, which have the `$id` of those: no tree can have both.
const TWINS: &[&str] = &["bom-1.2-strict.SNAPSHOT.schema.json", "bom-1.3-strict.SNAPSHOT.schema.json"];

const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Of the variants that are made from documents, one in so many is asked about.
const SAMPLE: usize = 199;

#[test]
fn bills_of_materials_compile_in_three_languages() {
    let root = cyclonedx();
    let project = project(&files(&root.join("cyclonedx/schema/_res"), |name| !TWINS.contains(&name)), &[]);
    let mut documents = Vec::new();
    for version in VERSIONS {
        let path = format!("bom-{version}.SNAPSHOT.schema.json");
        let contract = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract"));
        let mut variants = Vec::new();
        for (name, text) in
            files(&root.join("tests/_data/schemaTestData").join(version), |name| name.starts_with("valid-") || name.starts_with("invalid-"))
        {
            let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if name.starts_with("valid-") {
                variants.extend(mutants(&project.catalog.schemas, contract.root, &value));
            }
            documents.push(Document { path: path.clone(), value });
        }
        documents.extend(variants.into_iter().step_by(SAMPLE).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("cyclonedx", &project, &documents);
    assert!(outcome.valid > 200 && outcome.invalid > 200, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("cyclonedx", &outcome);
}

#[test]
fn twins_with_one_id_are_refused() {
    let schemas = files(&cyclonedx().join("cyclonedx/schema/_res"), |_| true);
    let tree = Tree::from_texts(schemas.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let refused: Vec<_> = Project::from_tree(tree).findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
    assert_eq!(refused.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [&DUPLICATE_ID; TWINS.len()], "{refused:#?}");
}
