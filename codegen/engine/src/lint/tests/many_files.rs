//! Sets of many files that all refer to each other: there is no end to the ways through them.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};
use serde_json::{Value, json};

use super::lint;
use crate::instance::{FormatReading, Validators};

const FILES: usize = 40;

/// Returns a file that is named by an `$id`, and refers to all others by theirs, and by a name of one of its own definitions.
fn file(index: usize, example: &Value) -> (String, String) {
    let others: serde_json::Map<String, Value> = (0..FILES)
        .filter(|other| *other != index)
        .map(|other| (format!("to_{other}"), json!({ "$ref": format!("Part{other}#/definitions/Part") })))
        .collect();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": format!("http://example.com/parts/Part{index}"),
        "allOf": [{ "$ref": "#part" }],
        "examples": [example],
        "definitions": {
            "Part": {
                "$id": "#part",
                "type": "object",
                "properties": { "size": { "type": "integer", "maximum": index } },
                "allOf": [{ "properties": others }],
            },
        },
    });
    (format!("part/p{index}.json"), schema.to_string())
}

fn tree(example: &Value) -> Tree {
    let files: Vec<(String, String)> = (0..FILES).map(|index| file(index, example)).collect();
    Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default())
}

#[test]
fn examples_are_judged() {
    let of_rule = |example: Value| {
        let findings = lint(tree(&example), Config::without_conventions(), None);
        findings
            .into_iter()
            .filter(|finding| ["EV111", "EV122"].contains(&finding.rule.code))
            .map(|finding| finding.place.file.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(of_rule(json!({ "to_7": { "to_9": { "size": 9 } } })), Vec::<String>::new());
    // Only the part that is asked about itself has no place for its own name, and lets pass what stands there.
    let refused = of_rule(json!({ "to_7": { "to_9": { "size": 10 } } }));
    assert_eq!(refused.len(), FILES - 1, "{refused:?}");
    assert!(!refused.contains(&"part/p7.json".to_owned()));
}

#[test]
fn problems_name_the_file_of_the_keyword() {
    let catalog = Catalog::build(tree(&json!({})), Config::without_conventions());
    let validators = Validators::new(&catalog);
    let root = catalog.schemas.file_ids().next().and_then(|file| catalog.schemas.root(file)).expect("a schema");
    let problems = validators.node(root, FormatReading::Annotation).expect("a validator").problems(&json!({ "to_3": { "size": 4 } }));
    let places: Vec<_> = problems.iter().map(|problem| (problem.instance.as_str(), problem.schema.as_str())).collect();
    assert_eq!(places, [("/to_3/size", "part/p3.json#/definitions/Part/properties/size/maximum")]);
}
