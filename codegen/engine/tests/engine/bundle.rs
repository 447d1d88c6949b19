//! A bundle accepts what the files accept together, judged by an independent validator.

use std::path::Path;

use eventc_codegen::{
    bundle::{bundle, bundle_event},
    instance::{FormatReading, Validators},
    model::{
        catalog::{Catalog, ContractKind},
        config::{Config, EnvelopeRoles},
        schema::FileId,
        source::{Limits, Tree},
    },
};
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

fn real() -> Catalog {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, problems) = Config::parse("eventc.toml", &text);
    assert!(problems.is_empty(), "{problems:?}");
    let tree = Tree::read(&root.join("schemas/events"), &Limits::default()).expect("the tree");
    Catalog::build(tree, config)
}

fn texts(files: &[(&str, Value)]) -> Catalog {
    let texts: Vec<(&str, String)> = files.iter().map(|(path, value)| (*path, value.to_string())).collect();
    let tree = Tree::from_texts(texts.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    Catalog::build(tree, Config::without_conventions())
}

/// The files as they stand, linked by the validator itself.
fn original(catalog: &Catalog, file: FileId) -> Validator {
    let uri = |document: &eventc_codegen::model::syntax::Document| {
        let declared = document.value.get("$id").and_then(Value::as_str);
        declared.map_or_else(|| format!("tree:///{}", document.path), str::to_owned)
    };
    let mut registry = Registry::new();
    for document in &catalog.schemas.files {
        registry = registry.add(uri(document), document.value.clone()).expect("a resource");
    }
    let registry = registry.prepare().expect("a registry");
    let schema = json!({ "$ref": uri(catalog.schemas.file(file)) });
    jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&schema).expect("the original compiles")
}

fn alone(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap_or_else(|error| panic!("{error}\n{schema:#}"))
}

/// Documents near a valid one: each part removed, and replaced by values of every type.
fn mutations(value: &Value) -> Vec<Value> {
    let mut out = vec![value.clone()];
    let mut pointers = vec![String::new()];
    collect(value, "", &mut pointers);
    for pointer in pointers.iter().take(60) {
        for other in [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!(9_999_999),
            json!(""),
            json!("zzz"),
            json!([]),
            json!([1, 1]),
            json!({}),
        ] {
            let mut copy = value.clone();
            *copy.pointer_mut(pointer).expect("the pointer") = other;
            out.push(copy);
        }
        let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", ""));
        let mut copy = value.clone();
        if let Some(Value::Object(members)) = copy.pointer_mut(parent) {
            members.insert("unknown".into(), json!(1));
            members.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
            out.push(copy);
        }
    }
    out
}

fn collect(value: &Value, at: &str, out: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, member) in members {
        let pointer = format!("{at}/{key}");
        out.push(pointer.clone());
        collect(member, &pointer, out);
    }
}

fn references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if key == "$ref" => out.push(text.clone()),
                    member => references(member, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, out)),
        _ => {}
    }
}

#[test]
fn every_contract_of_the_tree_bundles_to_its_equal() {
    let catalog = real();
    let mut judged = 0;
    for contract in &catalog.contracts {
        let schema = bundle(&catalog.schemas, contract.root);
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.iter().all(|text| text.starts_with("#/$defs/")), "{}: {found:?}", contract.topic);
        let (one, other) = (original(&catalog, contract.file), alone(&schema));
        for example in &catalog.schemas.keywords(contract.root).expect("an object").examples {
            assert!(other.is_valid(example), "{}", contract.topic);
            for document in mutations(example) {
                assert_eq!(one.is_valid(&document), other.is_valid(&document), "{}: {document}", contract.topic);
                judged += 1;
            }
        }
    }
    assert!(judged > 10_000, "{judged} documents");
}

#[test]
fn whole_events_are_envelopes_with_their_payload_in_place() {
    let catalog = real();
    for contract in catalog.events() {
        let envelope = catalog.envelope(contract.namespace).expect("an envelope");
        let pointer = &catalog.namespace(contract).envelope.as_ref().expect("roles").payload;
        let mut event = catalog.schemas.keywords(envelope.root).expect("keywords").examples[0].clone();
        let whole = alone(&bundle_event(&catalog, contract));
        let own = alone(&bundle(&catalog.schemas, contract.root));
        let example = &catalog.schemas.keywords(contract.root).expect("keywords").examples[0];
        for payload in mutations(example).into_iter().take(120) {
            *event.pointer_mut(pointer).expect("the payload") = payload.clone();
            assert_eq!(whole.is_valid(&event), own.is_valid(&payload) && payload.is_object(), "{}: {event}", contract.topic);
        }
    }
}

#[test]
fn names_are_readable_and_collisions_take_the_path() {
    let catalog = texts(&[
        (
            "order.json",
            json!({
                "$defs": { "id": { "type": "string" } },
                "properties": {
                    "a": { "$ref": "a/_types.json#/$defs/id" },
                    "b": { "$ref": "b/_types.json#/$defs/id" },
                    "c": { "$ref": "#/$defs/id" },
                    "d": { "$ref": "line.json" },
                    "e": { "$ref": "a/_types.json#/$defs/wo%20rd" },
                    "f": { "$ref": "#" },
                }
            }),
        ),
        ("line.json", json!({ "title": "Line", "x-event": { "version": "1.0.0" }, "properties": { "next": { "$ref": "#" } } })),
        ("a/_types.json", json!({ "$defs": { "id": { "type": "integer" }, "wo rd": { "type": "null" } } })),
        ("b/_types.json", json!({ "$defs": { "id": { "type": "boolean" } } })),
    ]);
    let order = catalog.contracts.iter().find(|contract| contract.topic == "order").expect("the order");
    insta::assert_snapshot!(format!("{:#}", bundle(&catalog.schemas, order.root)));
}

#[test]
fn identifiers_and_anchors_become_pointers() {
    let catalog = texts(&[
        (
            "root.json",
            json!({
                "$id": "https://example.com/root.json",
                "properties": {
                    "by_id": { "$ref": "https://example.com/item.json" },
                    "by_anchor": { "$ref": "item.json#price" },
                    "nested": { "$id": "nested.json", "$defs": { "x": { "type": "null" } }, "properties": { "x": { "$ref": "#/$defs/x" } } },
                },
                "examples": [{ "$ref": "item.json" }],
            }),
        ),
        (
            "somewhere/item.json",
            json!({
                "$id": "https://example.com/item.json",
                "type": "object",
                "properties": { "price": { "$anchor": "price", "type": "number" }, "parent": { "$ref": "root.json" } },
            }),
        ),
    ]);
    let root = catalog.find("root").expect("the root");
    insta::assert_snapshot!(format!("{:#}", bundle(&catalog.schemas, root.root)));
}

#[test]
fn several_dialects_are_lifted_to_the_newest() {
    let catalog = texts(&[
        (
            "root.json",
            json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "properties": { "old": { "$ref": "old.json" }, "older": { "$ref": "older.json#/definitions/n" } },
            }),
        ),
        (
            "old.json",
            json!({
                "$schema": "http://json-schema.org/draft-07/schema#",
                "items": [{ "type": "string" }, { "$ref": "#/definitions/n", "maximum": 3 }],
                "additionalItems": false,
                "dependencies": { "a": ["b"], "c": { "required": ["d"] } },
                "definitions": { "n": { "type": "number" } },
                "unevaluatedProperties": false,
            }),
        ),
        (
            "older.json",
            json!({
                "$schema": "http://json-schema.org/draft-04/schema#",
                "definitions": { "n": { "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "const": 4 } },
            }),
        ),
    ]);
    let root = catalog.find("root").expect("the root");
    let schema = bundle(&catalog.schemas, root.root);
    insta::assert_snapshot!(format!("{schema:#}"));
    let (one, other) = (original(&catalog, root.file), alone(&schema));
    for document in [
        json!({ "old": ["a", 7] }),
        json!({ "old": ["a", 7, 1] }),
        json!({ "old": { "a": 1 } }),
        json!({ "old": { "a": 1, "b": 2 } }),
        json!({ "old": { "c": 1 } }),
        json!({ "older": 1 }),
        json!({ "older": 1.5 }),
        json!({ "older": 10 }),
    ] {
        assert_eq!(one.is_valid(&document), other.is_valid(&document), "{document}");
    }
}

#[test]
fn dynamic_scope_is_kept() {
    let tree = json!({
        "$id": "https://example.com/tree", "$dynamicAnchor": "node", "type": "object",
        "properties": { "data": true, "children": { "type": "array", "items": { "$dynamicRef": "#node" } } },
    });
    let strict = json!({ "$id": "https://example.com/strict", "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": false });
    // The first is decided by its root; the second leads to the anchor through another resource.
    for files in [
        vec![("root.json", strict.clone()), ("tree.json", tree.clone())],
        vec![
            ("root.json", json!({ "properties": { "t": { "$ref": "https://example.com/strict" } } })),
            ("strict.json", strict),
            ("tree.json", tree),
        ],
    ] {
        let catalog = texts(&files);
        let root = catalog.find("root").expect("the root");
        let (one, other) = (original(&catalog, root.file), alone(&bundle(&catalog.schemas, root.root)));
        for node in [json!({ "children": [{ "daat": 1 }] }), json!({ "children": [{ "data": 1 }] }), json!({ "daat": 1 }), json!({})] {
            for document in [node.clone(), json!({ "t": node })] {
                assert_eq!(one.is_valid(&document), other.is_valid(&document), "{document}");
            }
        }
    }
}

#[test]
fn dynamic_scope_is_kept_where_files_share_an_id() {
    let tree = |data: Value| {
        json!({
            "$id": "https://example.com/tree", "$dynamicAnchor": "node", "type": "object", "$defs": { "data": data },
            "properties": {
                "data": { "$ref": "https://example.com/tree#/$defs/data" },
                "children": { "type": "array", "items": { "$dynamicRef": "tree#node" } },
            },
        })
    };
    let strict = |path: &str| json!({ "$dynamicAnchor": "node", "$ref": path, "unevaluatedProperties": false });
    let catalog = texts(&[
        (
            "root.json",
            json!({ "properties": { "a": { "$ref": "strict_a.json" }, "b": { "$ref": "strict_b.json" }, "c": { "$ref": "b.json" } } }),
        ),
        ("a.json", tree(json!({ "type": "string" }))),
        ("b.json", tree(json!({ "type": "integer" }))),
        ("strict_a.json", strict("a.json")),
        ("strict_b.json", strict("b.json")),
    ]);
    let validators = Validators::new(&catalog);
    let root = catalog.find("root").expect("the root");
    let one = validators.payload(root, FormatReading::Annotation).expect("the files compile");
    let bundled = bundle(&catalog.schemas, root.root);
    let other = alone(&bundled);
    let nested = |data: Value| json!({ "children": [{ "data": data }] });
    for (document, valid) in [
        (json!({ "a": nested(json!("x")), "b": nested(json!(1)), "c": nested(json!(1)) }), true),
        (json!({ "a": nested(json!(1)) }), false),
        (json!({ "b": nested(json!("x")) }), false),
        (json!({ "c": nested(json!("x")) }), false),
        (json!({ "a": { "children": [{ "daat": 1 }] } }), false),
        (json!({ "b": { "children": [{ "daat": 1 }] } }), false),
        (json!({ "c": { "children": [{ "daat": 1 }] } }), true),
    ] {
        assert_eq!((one.accepts(&document), other.is_valid(&document)), (valid, valid), "{document}\n{bundled:#}");
    }
}

#[test]
fn an_older_envelope_takes_its_payload_beside_a_reference() {
    let mut config = Config::without_conventions();
    config.namespace[0].envelope =
        Some(EnvelopeRoles { file: "_envelope.json".into(), payload: "/data".into(), ..EnvelopeRoles::default() });
    let envelope = json!({
        "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/envelope",
        "properties": { "data": { "$ref": "#/definitions/any" } }, "definitions": { "any": { "type": "object" } },
    });
    let event = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "required": ["id"] });
    let (envelope, event) = (envelope.to_string(), event.to_string());
    let tree = Tree::from_texts([("_envelope.json", envelope.as_str()), ("order.json", event.as_str())], &Limits::default());
    let catalog = Catalog::build(tree, config);
    let order = catalog.events().next().expect("the order");
    assert_eq!(catalog.envelope(0).map(|envelope| envelope.kind), Some(ContractKind::Envelope));
    let schema = bundle_event(&catalog, order);
    let validator = alone(&schema);
    assert!(validator.is_valid(&json!({ "data": { "id": 1 } })), "{schema:#}");
    assert!(!validator.is_valid(&json!({ "data": {} })), "{schema:#}");
    assert!(!validator.is_valid(&json!({ "data": [] })), "{schema:#}");
}

#[test]
fn a_schema_that_stands_alone_is_its_own_bundle() {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/x",
        "definitions": { "a$b": { "type": "string" }, "c/d": { "$ref": "#/definitions/a$b" } },
        "oneOf": [{ "$ref": "#/definitions/a$b", "description": "kept" }, { "$ref": "#/definitions/c~1d" }, { "$ref": "#" }],
        "x-own": [{ "$ref": "nowhere" }],
    });
    let catalog = texts(&[("x.json", schema.clone())]);
    assert_eq!(bundle(&catalog.schemas, catalog.contracts[0].root).to_string(), schema.to_string());
}

#[test]
fn deep_schemas_bundle() {
    // As deep as the default limit lets in; the stack is that of the command line's threads.
    let work = || {
        let deep = (0..500).fold(json!({ "$ref": "_types.json#/$defs/leaf" }), |inner, _| json!({ "properties": { "a": inner } }));
        let catalog = texts(&[("deep.json", deep), ("_types.json", json!({ "$defs": { "leaf": { "type": "string" } } }))]);
        assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
        let schema = bundle(&catalog.schemas, catalog.find("deep").expect("the schema").root);
        assert_eq!(schema["$defs"]["leaf"]["type"], "string");
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(work).expect("a thread").join().expect("no panic");
}
