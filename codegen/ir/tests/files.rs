//! The model output: its files are what their schemas say, and every name in them leads somewhere.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use eventc_emit::{Input, Target};
use eventc_ir::Model;
use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
    types::Types,
};
use serde_json::Value;

fn emit(catalog: &Catalog) -> BTreeMap<String, String> {
    let types = Types::derive(catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let input = Input::new(catalog, &types, &modules, &history);
    Model.configure(&catalog.config).expect("options").emit(&input).files.into_iter().map(|file| (file.path, file.text)).collect()
}

fn real() -> Catalog {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, _) = Config::parse("eventc.toml", &text);
    Catalog::build(Tree::read(&root.join("schemas/events"), &Limits::default()).expect("the tree"), config)
}

fn check(files: &BTreeMap<String, String>) {
    let parse = |path: &str| serde_json::from_str::<Value>(&files[path]).expect("JSON");
    let validator = |name: &str| jsonschema::validator_for(&parse(&format!("schema/{name}.json"))).expect("a schema");
    let (index, contract, shared) = (validator("index"), validator("contract"), validator("shared"));
    let (mut names, mut references) = (HashSet::new(), Vec::new());
    for path in files.keys().filter(|path| !path.starts_with("schema/")) {
        let value = parse(path);
        let schema = match path.split('/').next() {
            Some("contracts") => &contract,
            Some("shared") => &shared,
            _ => &index,
        };
        let problems: Vec<String> = schema.iter_errors(&value).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{path}: {problems:?}");
        let module = value["module"]["path"].as_array().map(|parts| parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("/"));
        for ty in value["module"]["types"].as_array().into_iter().flatten() {
            names.insert(format!("{}#{}", module.as_deref().unwrap_or(""), ty["name"].as_str().expect("a name")));
            collect(&ty["shape"], &mut references);
            plans(&ty["validation"], &mut references);
        }
    }
    for entry in parse("index.json")["contracts"].as_array().expect("contracts") {
        assert!(files.contains_key(entry["file"].as_str().expect("a file")));
    }
    for reference in references {
        assert!(names.contains(&reference), "{reference} leads nowhere");
    }
}

/// Collects the named types of a shape.
fn collect(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if value["kind"] == "named" {
                out.push(format!("{}#{}", value["module"].as_str().expect("a module"), value["name"].as_str().expect("a name")));
            }
            members.values().for_each(|member| collect(member, out));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        _ => {}
    }
}

/// Collects the references of a plan, which has no annotations that could look like one.
fn plans(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("$ref" | "$dynamicRef", Value::String(text)) => out.push(text.clone()),
                    ("const" | "enum", _) => {}
                    (_, member) => plans(member, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| plans(item, out)),
        _ => {}
    }
}

#[test]
fn the_real_model_is_what_its_schemas_say() {
    let catalog = real();
    let files = emit(&catalog);
    check(&files);
    assert_eq!(files.keys().filter(|path| path.starts_with("contracts/")).count(), catalog.contracts.len());
    assert_eq!(files, emit(&catalog), "two runs differ");
}

#[test]
fn a_small_contract() {
    let files = [
        (
            "order/created.v1.json",
            r##"{
              "title": "Order created", "x-event": {"version": "1.2.0", "producers": ["till"]},
              "type": "object", "required": ["id"],
              "properties": {
                "id": {"$ref": "../_types.json#/$defs/id"},
                "total": {"type": ["number", "null"], "minimum": 0.10, "default": 1.50, "x-sensitive": "confidential"},
                "count": {"type": "integer", "minimum": 0, "maximum": 340282366920938463463374607431768211455},
                "state": {"enum": ["open", "closed"]},
                "pair": {"prefixItems": [{"type": "string"}, {"const": 1.0}], "items": false, "type": "array"},
                "extra": {"type": "object", "additionalProperties": {"type": "boolean"}},
                "parent": {"$ref": "#"}
              },
              "additionalProperties": false
            }"##,
        ),
        ("_types.json", r#"{"$defs": {"id": {"type": "string", "format": "uuid", "description": "Names a thing."}}}"#),
    ];
    let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
    let files = emit(&catalog);
    check(&files);
    insta::assert_snapshot!(files["contracts/order/created/v1.json"]);
    insta::assert_snapshot!(files["index.json"]);
    insta::assert_snapshot!(files["schema/contract.json"]);
}
