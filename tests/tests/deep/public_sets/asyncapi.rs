//! The schemas of AsyncAPI documents: recursive, in draft 7, with the meta-schema of draft 7 as a part, and bundled with and without `$id`s.

use std::collections::BTreeSet;

use eventc_codegen::project::{Project, Selection};
use eventc_model::source::{Limits, Tree};
use eventc_tests::{mutate::mutants, tools::node_modules};
use serde_json::{Value, json};

use super::{Document, files, hold, page, project};
use crate::BATCH;

/// Schemas of which the package's own files break the specification: references from below an `$id` to what is not there, a flag of
/// draft 4 in draft 7, and a list of URLs that a web site serves.
const BROKEN: &[&str] = &[
    "1.0.0-without-$id.json",
    "1.1.0-without-$id.json",
    "1.2.0-without-$id.json",
    "2.0.0-rc1-without-$id.json",
    "2.0.0-rc1.json",
    "all.schema-store.json",
];

/// The schemas that are compiled: the last of each major, and one without `$id`s. All of them are generated.
const COMPILED: &[&str] = &["1.2.0.json", "2.6.0.json", "2.6.0-without-$id.json", "3.1.0.json"];

/// Of the variants that are made from an example, one in so many is asked about.
const SAMPLE: usize = 5;

fn schemas(wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    files(&node_modules().join("@asyncapi/specs/schemas"), wanted)
}

#[test]
fn every_sound_schema_is_generated_and_every_other_refused() {
    let sound = project(&schemas(|name| !BROKEN.contains(&name)), &[]);
    assert_eq!(sound.catalog.events().count(), 23);
    let generated = sound.generate(&Selection::default(), &sound.lint(None)).expect("files");
    assert!(generated.targets.iter().all(|target| target.files.len() > 23));
    for name in BROKEN {
        let files = schemas(|file| file == *name);
        let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
        let findings = Project::from_tree(tree).lint(None);
        let rules: BTreeSet<_> = findings.errors().map(|finding| finding.rule.name).collect();
        // A folder without configuration takes a URL that nothing answers for absent; all else is broken.
        let allowed: &[&str] = if *name == "all.schema-store.json" { &["absent-url"] } else { &["unresolved-ref", "meta-schema"] };
        assert!(!rules.is_empty() && rules.iter().all(|rule| allowed.contains(rule)), "{name}: {rules:?}");
    }
}

pub(super) fn open() -> Project {
    let mut files = schemas(|name| COMPILED.contains(&name));
    // An example is one of a part: a contract that refers to the part by its `$id`.
    let parts: BTreeSet<String> = examples(&files).into_iter().map(|(part, _)| part).collect();
    files.extend(parts.iter().map(|part| (contract(part), json!({"$ref": id(part)}).to_string())));
    project(&files, &[])
}

#[test]
fn asyncapi_schemas_compile_in_every_language() {
    let project = BATCH.project("asyncapi");
    let parts = examples(&schemas(|name| COMPILED.contains(&name))).into_iter().map(|(part, value)| (contract(&part), value));
    let wholes = COMPILED.iter().map(|name| ((*name).to_owned(), whole(name)));
    let mut documents = Vec::new();
    for (path, example) in parts.chain(wholes) {
        let root = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let variants = mutants(&project.catalog.schemas, root, &example).into_iter().step_by(SAMPLE);
        documents.extend([example].into_iter().chain(variants).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("asyncapi", &documents);
    assert!(outcome.valid > 100 && outcome.invalid > 300, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("asyncapi", &outcome);
}

/// The `$id` of a part, such as `3.1.0/apiKey`.
fn id(part: &str) -> String {
    format!("http://asyncapi.com/definitions/{part}.json")
}

/// The path of the contract for a part.
fn contract(part: &str) -> String {
    format!("parts/{part}.json")
}

/// The published examples, of parts that a schema has.
fn examples(schemas: &[(String, String)]) -> Vec<(String, Value)> {
    let mut examples = Vec::new();
    for version in ["2.6.0", "3.1.0"] {
        for (name, text) in files(&node_modules().join("@asyncapi/specs/examples").join(version), |_| true) {
            let part = format!("{version}/{}", name.trim_end_matches(".json"));
            if schemas.iter().any(|(_, text)| text.contains(&format!("\"{}\"", id(&part)))) {
                let list: Value = serde_json::from_str(&text).expect("examples");
                examples.extend(list.as_array().into_iter().flatten().map(|example| (part.clone(), example.clone())));
            }
        }
    }
    examples
}

/// A document of a whole version.
fn whole(name: &str) -> Value {
    let version = name.trim_end_matches(".json").trim_end_matches("-without-$id");
    let message = json!({"signedUp": {"payload": {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}}}}});
    let info = json!({"title": "Accounts", "version": "1.0.0", "x-team": {"name": "identity"}});
    match &version[..1] {
        "1" => json!({"asyncapi": version, "info": info, "baseTopic": "accounts", "components": {"messages": message},
            "topics": {"signed.up": {"publish": {"$ref": "#/components/messages/signedUp"}}}}),
        "2" => {
            json!({"asyncapi": version, "info": info, "components": {"messages": message}, "servers": {"a": {"url": "b:9092", "protocol": "kafka"}},
            "channels": {"signed.up": {"subscribe": {"message": {"$ref": "#/components/messages/signedUp"}}}}})
        }
        _ => json!({"asyncapi": version, "info": info, "components": {"messages": message},
            "channels": {"signedUp": {"address": "signed.up", "messages": {"signedUp": {"$ref": "#/components/messages/signedUp"}}}},
            "operations": {"send": {"action": "send", "channel": {"$ref": "#/channels/signedUp"}}}}),
    }
}
