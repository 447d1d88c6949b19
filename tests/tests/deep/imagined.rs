//! Schemas at random, and documents at random: what the reference validator says of them, generated Rust, TypeScript and Python say, and
//! what is valid comes back equal; in Python with pydantic's models and with msgspec's structs. The judge in Rust also holds the reading
//! that validates to validation.
//!
//! `EVENTC_SEED` chooses other schemas, and `EVENTC_SCHEMAS` how many.

use std::env;

use eventc_codegen::{
    instance::{FormatReading, Validators},
    project::Project,
};
use eventc_model::{
    diagnostic::Diagnostic,
    source::{Limits, Tree},
};
use eventc_tests::{
    mutate::mutants,
    random::Random,
    runners::{Case, Runner, Subject, equal},
    schema_gen::SchemaGenerator,
};
use serde_json::{Value, json};

use crate::BATCH;

/// Documents for each schema, before each is changed at a few places.
const DOCUMENTS: usize = 30;

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// A tree of schemas, of which some may accept nothing: that is as good as anything here.
fn project(files: &[(String, String)]) -> Project {
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let project = Project::from_tree(tree);
    let findings = project.lint(None);
    let wrong: Vec<&Diagnostic> = findings.errors().filter(|finding| finding.rule.name != "unsatisfiable").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    project
}

/// Schemas at random, and unions as they have been read wrong.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject::new("imagined", || project(&imagined().0)),
        Subject::new("other-imagined", || project(&imagined().0)).in_other_style().unchecked(),
        Subject::new("unions", || project(&unions().0)).of("python").unchecked(),
        Subject::new("other-unions", || project(&unions().0)).of("python").in_other_style().unchecked(),
    ]
}

/// Paths and texts of the random schemas, the schemas, and what chooses documents for them.
fn imagined() -> (Vec<(String, String)>, Vec<Value>, Random) {
    let mut random = Random(number("EVENTC_SEED", 1));
    let schemas: Vec<Value> = (0..number("EVENTC_SCHEMAS", 60)).map(|_| SchemaGenerator { random: &mut random }.schema()).collect();
    let files = schemas.iter().enumerate().map(|(index, schema)| (format!("s{index}.v1.json"), schema.to_string())).collect();
    (files, schemas, random)
}

/// Each document, and whether it is valid.
type Asked = [(Case, bool, Value)];

/// Panics with what judges say that is not so.
fn agree(runners: impl IntoIterator<Item = Runner>, asked: &Asked) {
    let cases: Vec<Case> = asked.iter().map(|(case, ..)| case.clone()).collect();
    let (mut wrong, mut answers) = (Vec::new(), 0);
    for runner in runners {
        for ((case, valid, document), verdict) in asked.iter().zip(runner.ask(&cases)) {
            answers += 1;
            let complaint = match &verdict.again {
                _ if verdict.valid != *valid => "is judged wrong",
                None if *valid => "is valid and does not decode",
                Some(again) if *valid && !equal(again, document) => "does not come back equal",
                _ => continue,
            };
            wrong.push(format!("{}: {}: {} {complaint}: {}", runner.language.name(), case.topic, case.doc, verdict.said));
        }
    }
    let shown: Vec<&str> = wrong.iter().take(10).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {answers} answers\n{}", wrong.len(), shown.join("\n"));
}

#[test]
fn whatever_is_imagined_is_judged_alike() {
    let (files, schemas, mut random) = imagined();
    let project = BATCH.project("imagined");

    let validators = Validators::new(&project.catalog);
    let mut asked = Vec::new();
    for ((path, _), schema) in files.iter().zip(&schemas) {
        let contract = project.catalog.find(path).unwrap_or_else(|| panic!("{path} is a contract"));
        let validator = validators.payload(contract, FormatReading::Annotation).expect("a valid schema");
        for _ in 0..DOCUMENTS {
            let document = SchemaGenerator { random: &mut random }.document(schema);
            let changed = mutants(&project.catalog.schemas, contract.root, &document);
            let some: Vec<Value> = changed.into_iter().filter(|_| random.chance(15)).collect();
            for document in std::iter::once(document).chain(some) {
                let case = Case { topic: contract.topic.clone(), doc: document.to_string() };
                asked.push((case, validator.accepts(&document), document));
            }
        }
    }
    let valid = asked.iter().filter(|(_, valid, _)| *valid).count();
    assert!(valid * 10 > asked.len() && valid * 10 < asked.len() * 9, "{valid} of {} documents are valid", asked.len());
    agree(BATCH.runners("imagined").into_iter().chain(BATCH.runners("other-imagined")), &asked);
}

/// Unions whose alternatives differ in what they keep of a document: that which keeps all of it is not always the one with most fields.
fn unions() -> (Vec<(String, String)>, Vec<Vec<Value>>) {
    let open = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}});
    let nullable = json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}});
    let nested = json!({"type": "object", "properties": {"in": nullable, "c": {"type": "string"}}});
    let typed = json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "string"}});
    let free = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let values = [
        (json!({"anyOf": [open, nullable]}), vec![json!({"a": null, "b": "b"}), json!({"a": null}), json!({"a": null, "b": null})]),
        (json!({"anyOf": [open, {"type": "null"}, nullable]}), vec![json!({"a": null, "b": "b"}), Value::Null]),
        (
            json!({"oneOf": [{"type": "object", "properties": {"in": open, "c": {"type": "string"}}, "required": ["c"]}, nested]}),
            vec![json!({"in": {"a": null, "b": "b"}, "c": "c"}), json!({"in": {"a": "a", "b": "b"}})],
        ),
        (
            json!({"anyOf": [
                {"type": "array", "prefixItems": [open, {"type": "number"}], "minItems": 2, "items": false},
                {"type": "array", "prefixItems": [nullable, {"type": "number"}], "minItems": 2, "items": false},
            ]}),
            vec![json!([{"a": null, "b": "b"}, 1.5]), json!([{"a": "a", "c": "c"}, 1])],
        ),
        (json!({"type": "array", "prefixItems": [open, nullable]}), vec![json!([{"a": "a"}, {"a": null, "b": "b"}, {"a": null}])]),
        (
            json!({"anyOf": [{"type": "object", "additionalProperties": open}, {"type": "object", "additionalProperties": nullable}]}),
            vec![json!({"x": {"a": null, "b": "b"}}), json!({"x": {"a": "a", "b": "b"}})],
        ),
        (json!({"anyOf": [typed, free]}), vec![json!({"x": [1]}), json!({"a": 1, "x": "x"}), json!({"a": 1, "x": {"y": 1}})]),
        (json!({"anyOf": [{"type": "array", "items": typed}, {"type": "array", "items": free}]}), vec![json!([{"x": "x"}, {"x": 1}])]),
    ];
    let schema = |value: &Value| json!({"type": "object", "properties": {"value": value}}).to_string();
    let files = values.iter().enumerate().map(|(index, (value, _))| (format!("s{index}.v1.json"), schema(value))).collect();
    (files, values.into_iter().map(|(_, documents)| documents).collect())
}

#[test]
fn python_takes_the_alternative_that_keeps_all() {
    let (files, values) = unions();
    let project = BATCH.project("unions");
    let mut asked = Vec::new();
    for ((path, _), documents) in files.iter().zip(values) {
        let topic = &project.catalog.find(path).expect("a contract").topic;
        for document in documents.into_iter().map(|value| json!({"value": value})) {
            asked.push((Case { topic: topic.clone(), doc: document.to_string() }, true, document));
        }
    }
    agree(BATCH.runners("unions").into_iter().chain(BATCH.runners("other-unions")), &asked);
}
