//! Small schemas and the whole text that is made of them.

use eventc_emit::{Emitted, Input, Target};
use std::collections::BTreeMap;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
    types::{ModuleId, Types},
};

use super::TypeScript;

/// Emits a tree under a configuration; the text of each file by its path, and the codes of the notes.
fn emit(config: &str, files: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<&'static str>) {
    let (config, problems) = Config::parse("eventc.toml", config);
    assert!(problems.is_empty(), "{problems:?}");
    let config = if config.namespace.is_empty() { Config { targets: config.targets, ..Config::without_conventions() } } else { config };
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), config);
    assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
    let types = Types::derive(&catalog);
    let modules: Vec<ModuleId> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let input = Input::new(&catalog, &types, &modules, &history);
    let Emitted { files, notes, .. } = TypeScript.configure(&catalog.config).expect("good options").emit(&input);
    let notes = notes.iter().map(|note| note.rule.code).collect();
    (files.into_iter().map(|file| (file.path, file.text)).collect(), notes)
}

const JS: &str = "[targets.typescript]\noutput = \"js\"\n";

const NAMESPACE: &str = r#"
[[namespace]]
name = "shop"
root = "."
tolerance = "open-enums"
consumer_group = "{service}-{function}"

[namespace.envelope]
file = "_envelope.json"
payload = "/data"

[namespace.topic]
partitions = 3
retention = "7d"
dead_letter = { topic = "{topic}.dlq", retries = 2, backoff = ["1s"] }

[services.billing]
consumes = [{ topics = "*", function = "invoices" }]
"#;

const ORDER: &str = r##"{
  "title": "Order created",
  "description": "A customer ordered. */ Not code.",
  "x-event": { "version": "1.2.0", "key": "/id", "producers": ["shop"], "deprecated": { "since": "2026-01-01", "use": "order.placed" } },
  "type": "object",
  "properties": {
    "id": { "type": "string", "minLength": 1, "maxLength": 36, "x-sensitive": "pii" },
    "state": { "enum": ["open", "paid", "sent"] },
    "total": { "type": "number", "minimum": 0, "multipleOf": 0.01 },
    "note": { "type": ["string", "null"], "default": null },
    "lines": { "type": "array", "items": { "$ref": "#/$defs/line" }, "minItems": 1, "uniqueItems": true },
    "payment": {
      "oneOf": [
        { "type": "object", "properties": { "kind": { "const": "card" }, "last4": { "type": "string", "pattern": "^\\d{4}$" } }, "required": ["kind", "last4"] },
        { "type": "object", "properties": { "kind": { "const": "cash" } }, "required": ["kind"] }
      ]
    }
  },
  "required": ["id", "lines"],
  "$defs": {
    "line": {
      "type": "object",
      "properties": { "sku": { "type": "string" }, "parts": { "type": "array", "items": { "$ref": "#/$defs/line" } } },
      "required": ["sku"],
      "additionalProperties": false
    }
  }
}"##;

const ENVELOPE: &str = r#"{
  "title": "Shop envelope",
  "type": "object",
  "properties": { "id": { "type": "string" }, "data": true },
  "required": ["id", "data"]
}"#;

#[test]
fn an_event_in_an_envelope() {
    let (files, notes) = emit(NAMESPACE, &[("_envelope.json", ENVELOPE), ("order/created.json", ORDER)]);
    insta::assert_snapshot!("event", files["src/shop/order/created.ts"]);
    insta::assert_snapshot!("envelope", files["src/shop/envelope.ts"]);
    insta::assert_snapshot!("topics", files["src/topics.ts"]);
    insta::assert_snapshot!("events", files["src/events.ts"]);
    assert!(notes.is_empty());
}

#[test]
fn the_same_as_javascript() {
    let schema = r#"{ "title": "Level", "enum": ["low", "high"] }"#;
    let (files, _) = emit(JS, &[("level.json", schema)]);
    insta::assert_snapshot!("level_js", files["src/level.js"]);
    insta::assert_snapshot!("level_dts", files["src/level.d.ts"]);
    insta::assert_snapshot!("index_js", files["src/index.js"]);
    insta::assert_snapshot!("package_js", files["package.json"]);
    assert!(!files.contains_key("src/level.ts"));
}

#[test]
fn what_no_type_can_say() {
    let schema = r#"{
      "allOf": [{ "properties": { "a": { "type": "integer" } } }],
      "anyOf": [{ "properties": { "b": true }, "required": ["b"] }, { "required": ["a"] }],
      "if": { "required": ["a"] },
      "then": { "properties": { "c": { "minLength": 2 } } },
      "dependentRequired": { "b": ["a"] },
      "propertyNames": { "maxLength": 9 },
      "patternProperties": { "^x-": { "type": "array", "contains": { "const": 1 }, "maxContains": 2 } },
      "unevaluatedProperties": false,
      "not": { "required": ["z"] }
    }"#;
    let (files, _) = emit("", &[("odd.json", schema)]);
    insta::assert_snapshot!("odd", files["src/odd.ts"]);
}

/// Any branch of a union will do: a value is not held to many properties where a glance is enough.
#[test]
fn the_branch_that_is_soonest_done_goes_first() {
    let schema = r##"{"anyOf": [{"$ref": "#/$defs/large"}, {"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object"}],
        "$defs": {"large": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}}}}"##;
    let (files, _) = emit(JS, &[("thing.json", schema)]);
    let text = &files["src/thing.js"];
    assert!(text.contains("  if (!(isObject(v) || $1(v, s) || checkLarge(v, s))) return false;\n"), "{text}");
}

#[test]
fn names_that_mean_something_to_the_language() {
    let schema = r#"{
      "title": "Object",
      "type": "object",
      "properties": {
        "__proto__": { "type": "string" },
        "constructor": { "type": "string" },
        "a-b": { "const": "`${x}` */ \u2028 </script>" }
      },
      "required": ["constructor"],
      "additionalProperties": false
    }"#;
    let (files, _) = emit("", &[("strange.json", schema)]);
    insta::assert_snapshot!("strange", files["src/strange.ts"]);
}

#[test]
fn types_that_pass_on_in_a_circle() {
    let schema = r##"{
      "$defs": {
        "a": { "anyOf": [{ "type": "array", "items": { "$ref": "#/$defs/a" } }, { "type": "string" }, { "type": "null" }] },
        "b": { "prefixItems": [{ "type": "string" }, { "$ref": "#/$defs/a" }], "type": "array", "minItems": 1 },
        "c": { "type": "object", "properties": { "x": { "type": "string" } }, "additionalProperties": { "type": "integer" } }
      }
    }"##;
    let (files, _) = emit("", &[("_shared.json", schema)]);
    insta::assert_snapshot!("shared", files["src/shared.ts"].split("const $").next().unwrap_or_default());
}

/// Published sets describe objects and forget to say so: FHIR's resources, for instance.
#[test]
fn objects_without_a_type_keep_their_properties() {
    let patient = r##"{"title": "Patient", "allOf": [{"$ref": "#/$defs/resource"}, {"properties": {"name": {"type": "string"}}}],
        "$defs": {"resource": {"properties": {"id": {"type": "string"}}}}}"##;
    for (options, number) in [("", "number"), ("[targets.typescript]\nintegers = \"bigint\"\n", "number | bigint")] {
        let (files, _) = emit(options, &[("patient.json", patient)]);
        let expected = format!("export type Patient = PatientObject | readonly unknown[] | {number} | string | boolean | null;");
        assert!(files["src/patient.ts"].contains(&expected), "{}", files["src/patient.ts"]);
    }
}

#[test]
fn modules_keep_clear_of_other_files() {
    let object = r#"{ "type": "object" }"#;
    let (files, _) = emit("", &[("index.json", object), ("runtime.json", object), ("a/index.json", object)]);
    for path in ["src/index_.ts", "src/runtime_.ts", "src/a/index.ts", "src/index.ts", "src/runtime.ts"] {
        assert!(files.contains_key(path), "{path}");
    }
}

#[test]
fn import_specifiers_can_end_in_ts() {
    let config = "[targets.typescript]\nspecifiers = \"ts\"\n";
    let (files, _) = emit(config, &[("a.json", r#"{ "type": "object" }"#)]);
    assert!(files["src/a.ts"].contains("from \"./runtime.ts\""));
    assert!(files["tsconfig.json"].contains("rewriteRelativeImportExtensions"));
}

#[test]
fn what_is_not_enforced_is_said() {
    let large = r#"{ "type": "integer", "maximum": 18446744073709551615 }"#;
    let (_, notes) = emit("", &[("large.json", large)]);
    assert_eq!(notes, ["EV404"]);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let files = [("_envelope.json", ENVELOPE), ("order/created.json", ORDER)];
    assert_eq!(emit(NAMESPACE, &files).0, emit(NAMESPACE, &files).0);
}

#[test]
fn unknown_options_are_errors() {
    let (config, _) = Config::parse("eventc.toml", "[targets.typescript]\npackge = \"x\"\n");
    let problems = TypeScript.configure(&config).err().expect("a misspelled option");
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `package`?"));
}

/// What a reviewer reads: every export is documented, and no line is too long unless a string is.
#[test]
fn exports_are_documented_and_lines_fit() {
    for config in [NAMESPACE.to_owned(), format!("{NAMESPACE}{JS}"), format!("{NAMESPACE}[targets.typescript]\nintegers = \"bigint\"\n")] {
        let (files, _) = emit(&config, &[("_envelope.json", ENVELOPE), ("order/created.json", ORDER)]);
        let sources = files.iter().filter(|(path, _)| path.starts_with("src/"));
        for (path, text) in sources {
            let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 120).collect();
            assert_eq!(long, [""; 0], "{path}");
            let lines: Vec<&str> = text.lines().collect();
            let bare = lines.windows(2).filter(|pair| pair[1].starts_with("export ") && !pair[0].ends_with("*/"));
            // What is exported again is documented where it comes from.
            let bare: Vec<&str> = bare.map(|pair| pair[1]).filter(|line| !line.contains("{ ") || line.contains("function ")).collect();
            assert_eq!(bare, [""; 0], "{path}");
        }
    }
}
