//! SARIF that others can read: valid under the schema of the standard, and readable by a library for it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::PathBuf, process::Command};

use eventc_codegen::{
    gate::{ComparedSchema, explain},
    instance::{FormatReading, Validators},
    report::{Report, ReportFormat, Style},
};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{self, Diagnostic, Place},
    source::{Limits, Tree},
};
use eventc_tests::tools::run;
use serde_json::{Value, json};

/// The SARIF schema of OASIS, as the crate serde-sarif ships it.
fn sarif_schema() -> String {
    let version = run(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    // Packages of other platforms need not be here.
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let metadata: Value = serde_json::from_str(&run(&mut cargo)).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap()
}

/// A report with everything that a finding may have: no place, an odd path, two sides and a witness.
fn sarif() -> String {
    let old = json!({"type": "object", "properties": {"total": {"type": "integer", "maximum": 9}}});
    let new = json!({"type": "object", "properties": {"total": {"type": "integer", "maximum": 5}}, "required": ["total"]});
    let (old, new) = (ComparedSchema::from_value("old side", &old, None).unwrap(), ComparedSchema::from_value("new", &new, None).unwrap());
    let comparison = eventc_codegen::compat::compare(old.side(), new.side(), &eventc_codegen::compat::CompareOptions::default());
    let mut findings = explain(&comparison, &old, &new);
    assert_eq!(findings.len(), 2);
    findings.push(Diagnostic::new(&diagnostic::NOT_A_SCHEMA, Place::whole("a b/ü#.json"), "a whole file"));
    findings
        .push(Diagnostic::new(&diagnostic::SYNTAX, Place { file: "/abs/a.json".into(), line: 3, column: 4 }, "a place").help("mend it"));
    Report { diagnostics: &findings, sources: &old.sources(), facts: &[] }.render(ReportFormat::Sarif, Style::default())
}

#[test]
fn sarif_is_valid_under_its_schema() {
    let schema = sarif_schema();
    let catalog = Catalog::build(Tree::from_texts([("sarif.json", schema.as_str())], &Limits::default()), Config::without_conventions());
    let validators = Validators::new(&catalog);
    let validator = validators.node(catalog.contracts[0].root, FormatReading::Annotation).unwrap();
    let report: Value = serde_json::from_str(&sarif()).unwrap();
    let problems: Vec<_> =
        validator.problems(&report).into_iter().map(|problem| format!("{}: {}", problem.instance, problem.message)).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    // The schema does refuse something.
    assert!(!validator.problems(&json!({"version": "2.1.0", "runs": [{}]})).is_empty());
}

#[test]
fn sarif_is_read_by_a_library() {
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&sarif()).unwrap();
    let results = sarif.runs[0].results.as_ref().unwrap();
    assert_eq!(results.len(), 4);
    let related = results[0].related_locations.as_ref().unwrap();
    let uri = related[0].physical_location.as_ref().unwrap().artifact_location.as_ref().unwrap().uri.as_deref();
    assert_eq!(uri, Some("old%20side"));
}
