//! Schemas that nobody here wrote: they generate, compile and type-check in strict settings, untouched.

mod asyncapi;
mod cucumber;
mod cyclonedx;
mod data_contracts;
mod fdc3;
mod json_resume;
mod octokit;
mod openapi;
mod page;
mod pyhf;
mod sentry;
mod vega_lite;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use eventc_codegen::{
    instance::{FormatReading, Validator, Validators},
    project::{Inputs, Project, ProjectRoot},
};
use eventc_model::{
    diagnostic::Rule,
    source::{Limits, Tree},
};
use eventc_tests::runners::{Case, Subject, equal, two_ways};
use serde_json::Value;

use crate::BATCH;

/// Every set.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject::new("octokit", octokit::open),
        Subject::new("sentry", sentry::open),
        Subject::new("asyncapi", asyncapi::open),
        Subject::new("cyclonedx", cyclonedx::open),
        Subject::new("openapi", openapi::open),
        Subject::new("vega-lite", vega_lite::open),
        Subject::new("fdc3", fdc3::open),
        Subject::new("cucumber", cucumber::open),
        Subject::new("data-contracts", data_contracts::open),
        Subject::new("pyhf", pyhf::open),
        Subject::new("json-resume", json_resume::open),
    ]
}

/// A document, and the path of its contract.
struct Document {
    path: String,
    value: Value,
}

/// What came of a set. Whatever differs from the reference validator has failed the test.
struct Outcome {
    files: usize,
    contracts: usize,
    types: usize,
    valid: usize,
    invalid: usize,
}

/// A project of files, in which nothing is wrong but what is known.
fn project(files: &[(String, String)], known: &[&Rule]) -> Project {
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    sound(Project::from_tree(tree), known)
}

/// The same of a folder as it was unpacked, with every version that it has.
fn opened(folder: PathBuf, known: &[&Rule]) -> Project {
    let mut inputs = Inputs::read(&ProjectRoot::Schemas(folder)).expect("the folder of a package");
    inputs.make_all_versions();
    sound(inputs.open(), known)
}

/// The same of a project that was opened.
fn sound(project: Project, known: &[&Rule]) -> Project {
    let findings = project.lint(None);
    let errors: Vec<_> = findings.errors().filter(|finding| !known.contains(&finding.rule)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    project
}

/// The JSON files of a folder whose names are wanted, by name.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of a package").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|end| end == "json") && wanted(&name) {
            files.push((name, fs::read_to_string(entry.path()).expect("a file of the package")));
        }
    }
    files.sort();
    files
}

/// Whether a document has a number of which a double does not know every digit.
fn beyond_doubles(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_none_or(|number| number.abs() > 9_007_199_254_740_991.0),
        Value::Array(items) => items.iter().any(beyond_doubles),
        Value::Object(members) => members.values().any(beyond_doubles),
        _ => false,
    }
}

/// Holds every language to the reference validator: each document is judged alike, and every valid one comes back equal. Each contract
/// has its root type.
fn hold(name: &str, documents: &[Document]) -> Outcome {
    let project = BATCH.project(name);
    for contract in project.catalog.events() {
        let module = project.types.module_of(contract.file).map(|module| project.types.module(module));
        assert!(module.is_some_and(|module| module.root.is_some()), "{} has a root type", contract.topic);
    }
    let validators = Validators::new(&project.catalog);
    let mut references: HashMap<&str, Arc<Validator>> = HashMap::new();
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for Document { path, value } in documents {
        let contract = project.catalog.find(path).unwrap_or_else(|| panic!("{path} is no contract"));
        let compile = || validators.payload(contract, FormatReading::Annotation).unwrap_or_else(|why| panic!("{path}: {why}"));
        expected.push(references.entry(path).or_insert_with(compile).accepts(value));
        cases.push(Case { topic: contract.topic.clone(), doc: value.to_string() });
    }
    for runner in BATCH.runners(name) {
        for ((document, valid), verdict) in documents.iter().zip(&expected).zip(runner.ask(&cases)) {
            // What generation says of such numbers: EV404.
            if runner.language.rounds() && beyond_doubles(&document.value) {
                continue;
            }
            let shown: String = document.value.to_string().chars().take(600).collect();
            assert_eq!(verdict.valid, *valid, "{} judges {} {shown}: {}", runner.language.name(), document.path, verdict.said);
            let kept = || verdict.again.as_ref().is_some_and(|again| equal(again, &document.value));
            assert!(!valid || kept(), "{} makes of {} {shown}: {:?}", runner.language.name(), document.path, verdict.again);
        }
    }
    // The largest sets take long: a part of them shows it as well.
    let some: Vec<Case> = cases.iter().step_by(cases.len() / 100 + 1).cloned().collect();
    two_ways(BATCH.package(name, "python"), &some, 4);
    let valid = expected.iter().filter(|valid| **valid).count();
    let files = project.catalog.schemas.file_ids().filter(|file| !project.catalog.schemas.is_meta(*file)).count();
    let (contracts, types) = (project.catalog.events().count(), project.types.iter().count());
    Outcome { files, contracts, types, valid, invalid: expected.len() - valid }
}
