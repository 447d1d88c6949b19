//! Schema trees that are small on disk, and of which careless work makes much: too many paths, too long names, too deep nests.
//!
//! Each kind grows with one number, so that tests and `tests/bench/hostile.sh` can ask for any size.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// One file of its own tree, and a document that reaches deep into the schema.
#[derive(Debug, Clone)]
pub struct HostileTree {
    /// The name of the kind, and a folder.
    pub name: &'static str,
    /// The file's path below the root.
    pub path: &'static str,
    /// The schema.
    pub text: String,
    /// The document.
    pub document: String,
}

/// A kind: its name, the file's path, the size at scale 1, and the function that writes schema and document.
type Kind = (&'static str, &'static str, usize, fn(usize) -> (String, String));

const JSON: &str = "order/placed.v1.json";
const YAML: &str = "order/placed.v1.yaml";
const AVRO: &str = "order/placed.v1.avsc";

/// All kinds.
const KINDS: &[Kind] = &[
    ("doubled-all-of", JSON, 48, |n| doubled(n, |next| json!({"allOf": [next, next]}))),
    ("doubled-any-of", JSON, 48, |n| doubled(n, |next| json!({"anyOf": [next, next]}))),
    ("doubled-one-of", JSON, 48, |n| doubled(n, |next| json!({"oneOf": [next, next]}))),
    ("doubled-mixed", JSON, 48, |n| doubled(n, |next| json!({"allOf": [next], "anyOf": [next], "oneOf": [next]}))),
    ("doubled-not", JSON, 48, |n| doubled(n, |next| json!({"allOf": [{"not": next}, {"not": next}]}))),
    ("doubled-condition", JSON, 48, |n| doubled(n, |next| json!({"if": next, "then": next, "else": next}))),
    ("doubled-dependent", JSON, 48, |n| doubled(n, |next| json!({"dependentSchemas": {"x": next, "y": next}}))),
    ("doubled-properties", JSON, 48, |n| doubled(n, |next| json!({"type": "object", "properties": {"x": next, "y": next}}))),
    ("doubled-inline", JSON, 48, |n| doubled(n, |next| json!({"type": "object", "properties": {"x": {"anyOf": [next, {"items": next}]}}}))),
    ("doubled-unevaluated", JSON, 48, |n| {
        doubled(n, |next| json!({"allOf": [next, next], "unevaluatedProperties": false, "unevaluatedItems": false}))
    }),
    ("long-key", JSON, 20_000, |n| long_key(n, &"k".repeat(n * 5 / 2))),
    ("long-definition", JSON, 10_000, long_definition),
    ("long-keys-nested", JSON, 400, long_keys_nested),
    ("enum-of-strings", JSON, 50_000, |n| of_values((0..n).map(|i| json!(format!("v{i}"))))),
    ("enum-of-numbers", JSON, 50_000, |n| of_values((0..n).map(|i| json!(i)))),
    ("enum-of-objects", JSON, 20_000, |n| of_values((0..n).map(|i| json!({"x": [i]})))),
    ("constants", JSON, 5_000, |n| constants(n)),
    ("required", JSON, 30_000, required),
    ("properties", JSON, 30_000, properties),
    ("chain-of-references", JSON, 100_000, |n| chain(n, |next| next)),
    ("chain-of-all-of", JSON, 30_000, |n| chain(n, |next| json!({"allOf": [next]}))),
    ("chain-of-any-of", JSON, 30_000, |n| chain(n, |next| json!({"anyOf": [next]}))),
    ("chain-of-nots", JSON, 30_000, |n| chain(n, |next| json!({"not": next}))),
    ("chain-of-conditions", JSON, 30_000, |n| chain(n, |next| json!({"if": true, "then": next}))),
    ("chain-of-properties", JSON, 20_000, |n| chain(n, |next| json!({"type": "object", "properties": {"x": next}}))),
    ("chain-of-lists", JSON, 20_000, |n| chain(n, |next| json!({"type": "array", "items": next}))),
    ("aliases-in-depth", YAML, 100, aliases_in_depth),
    ("aliases-in-width", YAML, 30, aliases_in_width),
    ("union-of-records", AVRO, 160, |n| {
        union_of((0..n).map(|i| json!({"type": "record", "name": format!("B{i}"), "fields": [{"name": format!("x{i}"), "type": "int"}]})))
    }),
    ("union-of-enums", AVRO, 160, |n| union_of((0..n).map(|i| json!({"type": "enum", "name": format!("E{i}"), "symbols": ["A", "B"]})))),
    ("nested-records", AVRO, 300, nested_records),
    ("fields", AVRO, 3_000, fields),
    ("numbers-on-the-edge", JSON, 1, numbers),
    ("repeated-patterns", JSON, 1_000, patterns),
    ("many-mistakes", JSON, 50_000, mistakes),
];

/// Returns the names of all kinds.
pub fn names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, ..)| *name)
}

/// Returns the tree of a kind, as many times its usual size as a fraction says.
///
/// # Panics
/// Where there is no such kind.
pub fn tree(name: &str, (times, parts): (usize, usize)) -> HostileTree {
    let known = KINDS.iter().find(|(known, ..)| *known == name);
    let (name, path, size, write) = known.unwrap_or_else(|| panic!("no kind of tree is called {name}"));
    let (text, document) = write((size * times).div_ceil(parts));
    HostileTree { name, path, text, document }
}

fn written(schema: &Value, document: &Value) -> (String, String) {
    (schema.to_string(), document.to_string())
}

fn to(number: usize) -> Value {
    json!({"$ref": format!("#/$defs/d{number}")})
}

/// Definitions that each mean the next in a certain way; a property means the first.
fn linked(count: usize, link: impl Fn(Value) -> Value, last: Value) -> Value {
    let mut defs: Map<String, Value> = (0..count).map(|number| (format!("d{number}"), link(to(number + 1)))).collect();
    defs.insert(format!("d{count}"), last);
    json!({"type": "object", "properties": {"a": to(0)}, "$defs": defs})
}

fn doubled(count: usize, link: impl Fn(&Value) -> Value) -> (String, String) {
    let last = json!({"type": "object", "required": ["z"], "properties": {"z": {"type": "string"}}});
    let mut schema = linked(count, |next| link(&next), last);
    schema["examples"] = json!([{"a": {"z": "z"}}]);
    written(&schema, &json!({"a": {"x": {"x": {"y": {}}}, "y": {"x": 1}}}))
}

fn chain(count: usize, link: impl Fn(Value) -> Value) -> (String, String) {
    let deep = (0..count.min(120)).fold(json!(1), |inner, _| json!({"x": inner}));
    written(&linked(count, link, json!({"type": "string"})), &json!({"a": deep}))
}

fn long_key(count: usize, key: &str) -> (String, String) {
    let properties: Map<String, Value> = (0..count).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
    let document = json!({key: (0..count).map(|number| (format!("p{number}"), json!(1))).collect::<Map<String, Value>>()});
    written(&json!({"type": "object", "properties": {key: {"type": "object", "properties": properties}}}), &document)
}

fn long_definition(count: usize) -> (String, String) {
    let key = "k".repeat(count * 5);
    let properties: Map<String, Value> =
        (0..count).map(|number| (format!("p{number}"), json!({"type": "object", "properties": {"x": {"enum": ["a", number]}}}))).collect();
    let schema = json!({
        "type": "object",
        "properties": {"a": {"$ref": format!("#/$defs/{key}")}},
        "$defs": {key: {"type": "object", "properties": properties}},
    });
    written(&schema, &json!({"a": {"p1": {"x": 1}}}))
}

fn long_keys_nested(depth: usize) -> (String, String) {
    let key = "k".repeat(depth * 10);
    let schema = (0..depth).fold(json!({"type": "string"}), |inner, _| json!({"type": "object", "properties": {&key: inner}}));
    let document = (0..depth).fold(json!(1), |inner, _| json!({&key: inner}));
    written(&schema, &document)
}

fn of_values(values: impl Iterator<Item = Value>) -> (String, String) {
    let values: Vec<Value> = values.collect();
    let schema = json!({"type": "object", "properties": {"a": {"enum": values}, "b": {"items": {"enum": values}}}});
    written(&schema, &json!({"a": values.last(), "b": values}))
}

fn constants(count: usize) -> (String, String) {
    let branches: Vec<Value> = (0..count).map(|number| json!({"const": format!("v{number}")})).collect();
    written(&json!({"type": "object", "properties": {"a": {"oneOf": branches}}}), &json!({"a": "none"}))
}

fn required(count: usize) -> (String, String) {
    let names: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
    let dependent: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(["q"]))).collect();
    written(&json!({"type": "object", "required": names, "dependentRequired": dependent}), &json!({"p0": 1}))
}

fn properties(count: usize) -> (String, String) {
    let properties: Map<String, Value> = (0..count).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
    let names: Vec<&String> = properties.keys().collect();
    let document: Map<String, Value> = (0..count).map(|number| (format!("p{number}"), json!(number))).collect();
    written(
        &json!({"type": "object", "required": names, "properties": properties, "additionalProperties": false}),
        &Value::Object(document),
    )
}

fn aliases_in_depth(count: usize) -> (String, String) {
    let flow = format!("{}s{}", "{x: ".repeat(200), "}".repeat(200));
    let mut text = format!("type: object\na0: &a0 {flow}\n");
    for number in 1..count {
        let _ = writeln!(text, "a{number}: &a{number} {{y: *a{}, z: {flow}}}", number - 1);
    }
    (text, "{}".to_owned())
}

fn aliases_in_width(count: usize) -> (String, String) {
    let mut text = "type: object\ndefinitions:\n  d0: &d0 {type: object, properties: {x: {type: string}}}\n".to_owned();
    for number in 1..count {
        let before = number - 1;
        let _ = writeln!(text, "  d{number}: &d{number} {{type: object, properties: {{x: *d{before}, y: *d{before}}}}}");
    }
    let _ = writeln!(text, "properties: {{a: *d{}}}", count - 1);
    (text, r#"{"a": {"x": {"y": {"x": 1}}}}"#.to_owned())
}

fn record(fields: &[Value]) -> Value {
    json!({"type": "record", "name": "Placed", "fields": fields})
}

fn union_of(branches: impl Iterator<Item = Value>) -> (String, String) {
    written(&record(&[json!({"name": "f", "type": branches.collect::<Vec<_>>()})]), &json!({"f": {"B1": {"x1": "no"}}}))
}

fn nested_records(depth: usize) -> (String, String) {
    let schema = (0..depth).fold(
        json!("int"),
        |inner, number| json!({"type": "record", "name": format!("R{number}"), "fields": [{"name": "f", "type": inner}]}),
    );
    written(&schema, &(0..depth).fold(json!("no"), |inner, _| json!({"f": inner})))
}

fn fields(count: usize) -> (String, String) {
    let fields: Vec<Value> = (0..count).map(|number| json!({"name": format!("f{number}"), "type": ["null", "int"]})).collect();
    written(&record(&fields), &json!({"f1": 1}))
}

fn numbers(_: usize) -> (String, String) {
    let bounds = ["0", "0.0", "-0.0", "0e9", "1e-400", "1e400", "1e999999999", "1e-999999999", "-1", "123456789e-12"];
    let keywords = ["multipleOf", "minimum", "exclusiveMaximum", "minLength", "maxItems", "minProperties"];
    let bounded = bounds.iter().flat_map(|bound| keywords.iter().map(move |keyword| format!(r#"{{"{keyword}": {bound}}}"#)));
    let members: Vec<String> = bounded.enumerate().map(|(number, schema)| format!(r#""p{number}": {schema}"#)).collect();
    let document: Vec<String> = (0..members.len()).map(|number| format!(r#""p{number}": 1e999999999"#)).collect();
    let schema = format!(r#"{{"type": "object", "properties": {{{}}}, "examples": [{{{}}}]}}"#, members.join(", "), document.join(", "));
    (schema, format!("{{{}}}", document.join(", ")))
}

fn patterns(count: usize) -> (String, String) {
    let patterns = [
        "^(a+)+$".to_owned(),
        r"^(\w+\s?)*$".to_owned(),
        format!("^(a{{1,{count}}}){{1,{count}}}$"),
        format!("^(.*a){{{count}}}$"),
        format!("^(.|a){{{count}}}b$"),
        format!("(?=(a+)+{})b", "(x|y)".repeat(count)),
        "(".repeat(count) + "a" + &")*".repeat(count),
    ];
    let properties: Map<String, Value> = patterns
        .iter()
        .enumerate()
        .map(|(number, pattern)| (format!("p{number}"), json!({"type": "string", "pattern": pattern})))
        .collect();
    let document: Map<String, Value> = (0..patterns.len()).map(|number| (format!("p{number}"), json!("a".repeat(200) + "!"))).collect();
    written(&json!({"type": "object", "properties": properties}), &Value::Object(document))
}

fn mistakes(count: usize) -> (String, String) {
    let properties: Map<String, Value> =
        (0..count).map(|number| (format!("p{number}"), json!({"type": "strings", "minLength": "x", "unheardOf": 1}))).collect();
    written(&json!({"type": "object", "properties": properties}), &json!({"p0": 1}))
}
