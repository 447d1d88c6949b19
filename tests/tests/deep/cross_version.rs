//! Code that was generated from one version of a contract reads the events of the version beside it, in three languages.
//!
//! What the schemas of the reader accept is decoded and comes back equal, with the properties that the reader does not know; and
//! validation says exactly what the reader's schema says of events of another version.

use std::fs;

use eventc_codegen::{
    compat::{CompareMode, CompareOptions, Side, Verdict, compare},
    instance::{FormatReading, Validators},
    project::{Project, ProjectRoot},
};
use eventc_tests::{
    runners::{Case, Runner, Subject, assert_read, equal},
    tools::{node_modules, workspace},
};
use serde_json::{Value, json};
use walkdir::WalkDir;

use crate::BATCH;

/// Properties and enum values of the newer version are called so.
const ADDED: &str = "added_later";

/// This tree, its next minor version, and the releases of strangers.
pub(crate) fn subjects() -> Vec<Subject> {
    let release = |(schemas, _): (&'static str, _)| {
        Subject::new(subject(schemas), move || Project::open(&ProjectRoot::Schemas(node_modules().join(schemas))).expect("a folder"))
            .unchecked()
    };
    let own = [Subject::committed(), Subject::new("next-minor", next_minor).with_its_runtime().unchecked()];
    own.into_iter().chain(RELEASES.map(release)).collect()
}

/// The subject of a release.
fn subject(schemas: &str) -> String {
    schemas.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// An event of another version, and whether the reader's schema accepts it.
struct Read {
    case: Case,
    accepted: bool,
    /// Whether the reader is to take it all the same.
    tolerated: bool,
}

/// Panics where a judge does not read what it should, or judges otherwise than the reference validator.
fn read(pair: &str, runners: &[Runner], reads: &[Read]) {
    let cases: Vec<Case> = reads.iter().map(|read| read.case.clone()).collect();
    for runner in runners {
        for (read, verdict) in reads.iter().zip(runner.ask(&cases)) {
            let shown: String = read.case.doc.chars().take(500).collect();
            let about = format!("{pair}: {} of {} {shown}: {}", runner.language.name(), read.case.topic, verdict.said);
            assert_eq!(verdict.valid, read.accepted, "{about}");
            if read.accepted || read.tolerated {
                let again = verdict.again.unwrap_or_else(|| panic!("does not decode, {about}"));
                let document = serde_json::from_str(&read.case.doc).expect("JSON");
                assert!(equal(&again, &document), "does not keep all, {about}");
            }
        }
    }
}

// --- this tree and its next minor version

/// Every file of this tree with an optional property more in each open object, and a value more in each enum.
fn next_minor() -> Project {
    let root = workspace();
    // Generated elsewhere, the package brings its own runtime.
    let config = fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml").replace("runtime = { path = \"../../runtime\" }\n", "");
    let mut files = vec![("eventc.toml".to_owned(), config)];
    for entry in WalkDir::new(root.join("schemas/events")).sort_by_file_name().into_iter().map(|entry| entry.expect("a readable tree")) {
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "json") {
            let path = entry.path().strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
            let mut schema = serde_json::from_str(&fs::read_to_string(entry.path()).expect("a schema")).expect("JSON");
            extend(&mut schema);
            files.push((path, schema.to_string()));
        }
    }
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::from_texts(&texts).expect("a configuration");
    assert_read(&project);
    project
}

fn extend(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    let open = ["additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames"]
        .iter()
        .all(|word| !members.contains_key(*word));
    if let Some(Value::Object(properties)) = members.get_mut("properties").filter(|_| open) {
        properties.insert(ADDED.into(), json!({"type": ["string", "null"], "description": "Came with this version."}));
    }
    let several = |value: &&mut Value| value.as_array().is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_string));
    if let Some(Value::Array(values)) = members.get_mut("enum").filter(several) {
        values.push(ADDED.into());
    }
    for (keyword, value) in members.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => schemas.values_mut().for_each(extend),
            ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(schemas)) => schemas.iter_mut().for_each(extend),
            ("items" | "additionalProperties" | "not" | "if" | "then" | "else", value) => extend(value),
            _ => {}
        }
    }
}

/// Variants of a document that use what is new: the property in one object, the value in place of one string.
fn newer(document: &Value) -> Vec<Value> {
    let mut variants = Vec::new();
    let mut pointers = vec![String::new()];
    while let Some(pointer) = pointers.pop() {
        let mut variant = document.clone();
        let Some(place) = variant.pointer_mut(&pointer) else { continue };
        match place {
            Value::Object(members) => {
                let below = members.keys().map(|key| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")));
                pointers.extend(below);
                members.insert(ADDED.into(), json!("text"));
            }
            Value::Array(items) => {
                pointers.extend((0..items.len()).map(|index| format!("{pointer}/{index}")));
                continue;
            }
            Value::String(text) => ADDED.clone_into(text),
            _ => continue,
        }
        variants.push(variant);
    }
    variants
}

#[test]
fn a_minor_version_of_this_tree_and_the_one_before_read_each_other() {
    let (old, new) = (BATCH.project("events"), BATCH.project("next-minor"));
    let (old_validators, new_validators) = (Validators::new(&old.catalog), Validators::new(&new.catalog));
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    for contract in old.catalog.events() {
        let next = new.catalog.find(&contract.topic).expect("the same topics");
        let accepts_old = old_validators.payload(contract, FormatReading::Annotation).expect("a valid schema");
        let accepts_new = new_validators.payload(next, FormatReading::Annotation).expect("a valid schema");
        for example in &old.catalog.schemas.keywords(contract.root).expect("an object schema").examples {
            let case = |document: &Value| Case { topic: contract.topic.clone(), doc: document.to_string() };
            backward.push(Read { case: case(example), accepted: accepts_new.accepts(example), tolerated: true });
            for variant in newer(example).into_iter().filter(|variant| accepts_new.accepts(variant)) {
                // Enums are open in every namespace of this tree, so that a reader survives what its schema refuses.
                forward.push(Read { case: case(&variant), accepted: accepts_old.accepts(&variant), tolerated: true });
            }
        }
    }
    assert!(backward.len() > 200 && backward.iter().all(|read| read.accepted), "every old event is one of the new version");
    let refused = forward.iter().filter(|read| !read.accepted).count();
    assert!(
        forward.len() > 1000 && refused > 100,
        "{} new events, {refused} of them with enum values that the old version lacks",
        forward.len()
    );
    read("old code, new events", &BATCH.runners("events"), &forward);
    read("new code, old events", &BATCH.runners("next-minor"), &backward);
}

/// The gate's answer for what the test above does by hand.
#[test]
fn the_gate_calls_that_step_compatible() {
    let (old, new) = (BATCH.project("events"), BATCH.project("next-minor"));
    let options = CompareOptions { mode: CompareMode::Full, open_enums: true, ..CompareOptions::default() };
    for contract in old.catalog.events().step_by(9) {
        let next = new.catalog.find(&contract.topic).expect("the same topics");
        let found = compare(
            Side { schemas: &old.catalog.schemas, root: contract.root },
            Side { schemas: &new.catalog.schemas, root: next.root },
            &options,
        );
        assert_eq!(found.verdict, Verdict::Compatible, "{}: {:#?} {:#?}", contract.topic, found.breaks, found.undecided);
    }
}

// --- releases of strangers

/// Published versions, each a minor step after the one before: the folders of schemas and of examples.
const RELEASES: [(&str, &str); 3] = [
    ("octokit-schemas-7.3", "octokit-examples-7.3"),
    ("octokit-schemas-7.5", "octokit-examples-7.5"),
    ("@octokit/webhooks-schemas", "@octokit/webhooks-examples"),
];

fn examples(package: &str) -> Vec<Value> {
    let path = node_modules().join(package).join("api.github.com/index.json");
    let index: Value = serde_json::from_str(&fs::read_to_string(path).expect("the examples")).expect("JSON");
    index.as_array().into_iter().flatten().flat_map(|event| event["examples"].as_array().cloned().unwrap_or_default()).collect()
}

/// The examples of a release, as the reader of another has to take them.
fn of_release(reader: &Project, writer: &str) -> Vec<Read> {
    let contract = reader.catalog.find("schema").expect("the one contract");
    let validator = Validators::new(&reader.catalog).payload(contract, FormatReading::Annotation).expect("a valid schema");
    let documents = examples(writer);
    assert!(documents.len() > 200, "{} examples", documents.len());
    let read = |document: Value| Read {
        case: Case { topic: contract.topic.clone(), doc: document.to_string() },
        accepted: validator.accepts(&document),
        tolerated: false,
    };
    documents.into_iter().map(read).collect()
}

#[test]
fn releases_of_octokit_read_each_other() {
    for step in 0..RELEASES.len() - 1 {
        for (reader, writer) in [(step, step + 1), (step + 1, step)] {
            let reads = of_release(BATCH.project(&subject(RELEASES[reader].0)), RELEASES[writer].1);
            let pair = format!("{} reads {}", RELEASES[reader].0, RELEASES[writer].1);
            let accepted = reads.iter().filter(|read| read.accepted).count();
            // Many objects of these schemas are closed, so that a property more is a break: what the older schema refuses, its code
            // refuses too.
            assert!(accepted >= 20, "{pair}: {accepted} of {} are accepted", reads.len());
            read(&pair, &BATCH.runners(&subject(RELEASES[reader].0)), &reads);
        }
    }
}
