//! Schemas in AsyncAPI documents accept exactly what the contracts accept, in any dialect, or a note says that they do not.

use eventc_asyncapi::AsyncApi;
use eventc_emit::{Input, Target};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
    types::Types,
};
use eventc_tests::{
    random::Random,
    random_schemas::{schema, value},
};
use serde_json::{Value, json};

/// Schemas in an ordinary run, and documents that are tried for each.
const SCHEMAS: u64 = 1500;
const DOCUMENTS: usize = 80;

/// Returns the namespace's document, and the messages of the notes.
fn emit(files: &[(&str, &str)]) -> (Value, Vec<String>) {
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), Config::without_conventions());
    assert!(catalog.diagnostics.is_empty(), "{:#?}", catalog.diagnostics);
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let input = Input::new(&catalog, &types, &modules, &history);
    let emitted = AsyncApi.configure(&catalog.config).expect("options").emit(&input);
    let file = emitted.files.iter().find(|file| file.path == "namespaces/events.asyncapi.json").expect("the document");
    (serde_json::from_str(&file.text).expect("JSON"), emitted.notes.into_iter().map(|note| note.message).collect())
}

/// Returns the payload of the only message as a draft 7 schema.
fn draft7(document: &Value) -> jsonschema::Validator {
    let messages = document["components"]["messages"].as_object().expect("messages");
    let (_, message) = messages.iter().next().expect("a message");
    let whole = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "allOf": [message["payload"]],
        "components": document["components"],
    });
    jsonschema::validator_for(&whole).unwrap_or_else(|error| panic!("{error}: {whole}"))
}

#[test]
fn random_schemas_judge_alike_or_are_noted() {
    let (mut exact, mut refused) = (0, 0);
    for number in 0..SCHEMAS {
        let mut random = Random(number << 20);
        let mut root = schema(&mut random, 3);
        if let Some(members) = root.as_object_mut().filter(|_| random.chance(50)) {
            members.insert("$ref".into(), json!("#/$defs/other"));
            members.insert("$defs".into(), json!({ "other": schema(&mut random, 2) }));
        }
        let root = match root {
            Value::Object(members) if ["type", "$ref"].iter().any(|key| members.contains_key(*key)) => Value::Object(members),
            // A file is a schema if a keyword says so.
            whole => json!({ "title": "A", "allOf": [whole] }),
        };
        let (document, notes) = emit(&[("a.json", &root.to_string())]);
        if !notes.is_empty() {
            continue;
        }
        exact += 1;
        let (contract, converted) = (jsonschema::validator_for(&root).expect("a schema"), draft7(&document));
        for _ in 0..DOCUMENTS {
            let tried = value(&mut random, 2);
            let accepts = contract.is_valid(&tried);
            refused += usize::from(!accepts);
            assert_eq!(converted.is_valid(&tried), accepts, "schema {number}: {tried}\n{root}\n{:#}", document["components"]);
        }
    }
    assert!(exact * 100 > SCHEMAS * 85, "{exact} of {SCHEMAS} schemas are said exactly");
    assert!(refused > DOCUMENTS * 100, "there was something to refuse");
}

/// Checks a dialect's own keywords in those of draft 7: what is accepted, what is refused, and what the notes say.
fn check(schema: &str, accepted: &[Value], refused: &[Value], notes: &[&str]) {
    let (document, said) = emit(&[("a.json", schema)]);
    assert_eq!(said, notes, "{schema}");
    let validator = draft7(&document);
    for document in accepted {
        assert!(validator.is_valid(document), "{schema} accepts {document}");
    }
    for document in refused {
        assert!(!validator.is_valid(document), "{schema} refuses {document}");
    }
}

#[test]
fn older_dialects_keep_their_meaning() {
    check(
        r#"{"$schema": "http://json-schema.org/draft-04/schema#", "type": "number", "minimum": 1, "exclusiveMinimum": true}"#,
        &[json!(2)],
        &[json!(1)],
        &[],
    );
    check(
        r##"{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/a", "minimum": 9, "definitions": {"a": {"type": "number"}}}"##,
        &[json!(2)],
        &[json!("x")],
        &[],
    );
    check(
        r#"{"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{"type": "string"}], "additionalItems": false, "dependentRequired": {"a": ["b"]}}"#,
        &[json!(["x"]), json!({"b": 1})],
        &[json!([1]), json!(["x", 1]), json!({"a": 1})],
        &[],
    );
}

#[test]
fn what_is_looked_at_is_known_beforehand_where_nothing_depends_on_the_document() {
    check(
        r##"{"$ref": "#/$defs/base", "properties": {"b": {}}, "unevaluatedProperties": false, "$defs": {"base": {"properties": {"a": {"type": "string"}}}}}"##,
        &[json!({"a": "x", "b": 1})],
        &[json!({"a": 1}), json!({"c": 1})],
        &[],
    );
    check(
        r#"{"properties": {"b": {}}, "allOf": [{"additionalProperties": {"type": "string"}}], "unevaluatedProperties": false}"#,
        &[json!({"c": "x"})],
        &[json!({"c": 1})],
        &[],
    );
}

#[test]
fn what_draft_7_cannot_say_is_noted() {
    check(
        r#"{"anyOf": [{"properties": {"a": {}}}, {}], "unevaluatedProperties": false, "contains": {"type": "string"}, "minContains": 2, "maxContains": 3}"#,
        &[json!({"c": 1}), json!(["x"])],
        &[json!([1])],
        &["minContains", "maxContains", "unevaluatedProperties"]
            .map(|key| format!("the AsyncAPI document leaves `{key}` out, which draft 7 cannot say here"))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    check(
        r#"{"const": {"$ref": "http://example.com/x"}, "minProperties": 1}"#,
        &[json!({"a": 1})],
        &[json!({})],
        &["`const` holds a member that AsyncAPI tools cannot read as data, so the document leaves it out"],
    );
}

#[test]
fn names_that_break_tools_are_said_otherwise() {
    check(
        r##"{"properties": {"__proto__": {"type": "string"}, "$ref": {"type": "string"}}, "additionalProperties": false,
            "dependentRequired": {"__proto__": ["$ref"]}, "dependentSchemas": {"$ref": {"maxProperties": 2}},
            "patternProperties": {"^__proto__$": {"minLength": 2}}}"##,
        &[json!({"__proto__": "ab", "$ref": "x"}), json!({"$ref": "x"})],
        &[json!({"__proto__": "a", "$ref": "x"}), json!({"__proto__": "ab"}), json!({"$ref": 1}), json!({"other": 1})],
        &[],
    );
    let base = r##"{"allOf": [{"$ref": "#/$defs/base"}], "unevaluatedProperties": false, "$defs": {"base": {"properties": {"hasOwnProperty": {"type": "null"}}}}}"##;
    check(base, &[json!({"hasOwnProperty": null})], &[json!({"hasOwnProperty": 1}), json!({"b": 1})], &[]);
}

#[test]
fn dynamic_references_that_one_schema_answers_are_plain_ones() {
    let tree = r##"{"$dynamicAnchor": "node", "type": "object", "properties": {"next": {"$dynamicRef": "#node"}}}"##;
    check(tree, &[json!({"next": {"next": {}}})], &[json!({"next": {"next": 1}})], &[]);
    let strict = r##"{"$dynamicAnchor": "node", "$ref": "a.json", "unevaluatedProperties": false}"##;
    let (_, notes) = emit(&[("a.json", tree), ("b.json", strict)]);
    assert!(notes.iter().any(|note| note.contains("`$dynamicRef`")), "{notes:?}");
}
