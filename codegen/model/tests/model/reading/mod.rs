//! What is wrong with a tree is found all at once, each at its exact place.

mod avro;
mod disk;
mod ids;
mod meta_schemas;
mod mistakes;
mod references;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    schema::Schemas,
    source::{Limits, Tree},
};

/// Reads some files and compares the findings: rule, place, and a part of the message or help.
fn check(files: &[(&str, &str)], expected: &[(&str, &str, &str)]) {
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), Config::without_conventions());
    let found: Vec<_> = catalog
        .diagnostics
        .iter()
        .map(|d| (d.rule.name, d.place.to_string(), format!("{} ({})", d.message, d.help.as_deref().unwrap_or(""))))
        .collect();
    let matches = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| found.0 == expected.0 && found.1 == expected.1 && found.2.contains(expected.2));
    assert!(matches, "found {found:#?}\nexpected {expected:#?}");
}

/// What the reference at a place of a file leads to.
#[track_caller]
fn leads(schemas: &Schemas, path: &str, pointer: &str, expected: &str) {
    let at = schemas.at(schemas.file_id(path).expect(path), pointer).expect(pointer);
    assert_eq!(schemas.label(schemas.target(at)), expected, "from {path}#{pointer}");
}
