//! Small schemas and the whole modules that they become.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::Types,
};
use eventc_rust::{Emitter, RustOptions};

/// Returns the module of the first file.
fn module_of(config: Config, files: &[(&str, &str)]) -> String {
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), config);
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let options = RustOptions::default();
    let file = catalog.schemas.file_id(files[0].0).and_then(|file| types.module_of(file)).expect("the first file is a schema");
    let text = Emitter::new(&catalog, &types, &modules, &options).module(file).text;
    // Dispatch has a case of its own.
    let end = text.find(" for AnyEvent {\n    fn from(").and_then(|at| Some(at + text[at..].find("\n}\n")? + 3));
    match (text.find("\n/// Any event of"), end) {
        (Some(start), Some(end)) if files.len() == 1 => format!("{}{}", &text[..start], &text[end..]),
        _ => text,
    }
}

fn config(toml: &str) -> Config {
    let (config, problems) = Config::parse("eventc.toml", toml);
    assert!(problems.is_empty(), "{problems:?}");
    config
}

macro_rules! renders {
    ($($name:ident: $schema:literal)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(module_of(Config::without_conventions(), &[("thing.json", $schema)]));
        }
    )*};
}

renders! {
    absence_and_null_are_told_apart: r#"{"type": "object", "additionalProperties": false, "required": ["a", "b"], "properties": {
        "a": {"type": "integer"}, "b": {"type": ["string", "null"]}, "c": {"type": "number"}, "d": {"type": ["integer", "null"], "minimum": 0},
        "e": true, "f": {"type": "null"}}}"#
    names_that_mean_something_to_rust: r#"{"type": "object", "properties": {
        "type": {"type": "string"}, "self": {"type": "string"}, "extra": {"type": "string"}, "größe": {"type": "string"}, "3d": {"type": "string"},
        "": {"type": "string"}, "a\"}b": {"type": "string"}, "option": {"title": "Option", "type": "object", "properties": {"x": {"type": "string"}}}}}"#
    text_never_becomes_code: r###"{"type": "object", "description": "*/ } ```\n```\nfn x() {}\u202e\r\n\u0000 {{", "properties": {
        "a": {"enum": ["\"#", "\u202e", "\\", "{}"]}, "b": {"type": "string", "pattern": "\"##|`\u2028", "default": "`*/"}}}"###
    sensitive_values_are_not_printed: r#"{"type": "object", "required": ["email"], "properties": {
        "email": {"type": "string", "x-sensitive": "pii"}, "note": {"type": "string"}}}"#
    many_required_properties_have_a_builder: r#"{"type": "object", "additionalProperties": {"type": "integer"}, "required": ["a", "b", "c", "d", "e", "f"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}, "d": {"type": "string"}, "e": {"type": "string"},
        "f": {"type": "boolean"}, "build": {"type": "boolean"}}}"#
    unions_try_what_is_narrow_first: r#"{"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "integer"}},
        {"title": "Circle", "type": "object", "properties": {"r": {"type": "number"}}, "required": ["r"]}]}"#
    tagged_unions_know_their_branch: r##"{"oneOf": [
        {"title": "Circle", "type": "object", "properties": {"kind": {"const": "circle"}}, "required": ["kind"]},
        {"title": "Group", "type": "object", "properties": {"kind": {"const": "group"}, "first": {"$ref": "#"}}, "required": ["kind"]}]}"##
    constrained_values_are_newtypes: r##"{"type": "array", "items": {"$ref": "#/$defs/score"}, "maxItems": 3, "$defs": {
        "score": {"type": "number", "minimum": 0, "maximum": 1}, "count": {"type": "integer", "exclusiveMinimum": 0},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$", "x-sensitive": "secret"}, "name": {"type": "string"}}}"##
    what_is_another_name_for_a_type_has_no_schema: r##"{"type": "object", "properties": {"a": {"$ref": "#/$defs/note"},
        "b": {"allOf": [{"maxLength": 9}], "$ref": "#/$defs/note"}, "c": {"$ref": "#/$defs/any"}},
        "$defs": {"note": {"type": "string"}, "any": true}}"##
    tuples_have_a_length: r#"{"type": "object", "properties": {
        "pair": {"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false, "minItems": 2, "type": "array"},
        "open": {"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false, "type": "array"}}}"#
    types_may_hold_themselves: r##"{"type": "object", "properties": {"next": {"$ref": "#"}, "all": {"type": "array", "items": {"$ref": "#"}},
        "tree": {"$ref": "#/$defs/tree"}}, "$defs": {"tree": {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}}}}"##
    nothing_is_a_value_too: r##"{"type": "object", "properties": {"never": false}, "required": []}"##
}

const COMPANY: &str = r#"
    [[namespace]]
    name = "shop"
    root = "shop/"
    topics = ["{domain}.{action}"]
    tolerance = "open-enums"
    consumer_group = "{service}-{function}"
    [namespace.topic]
    partitions = 3
    retention = "7d"
    dead_letter = { topic = "{topic}.dlq", retries = 2, backoff = ["1s"] }
    [namespace.envelope]
    file = "shop/_envelope.v1.json"
    payload = "/data/payload"
    id = "/id"
    correlation = "/meta/correlation"
    [services.billing]
    consumes = [{ topics = "order.*", function = "invoices" }]
"#;

const FILES: [(&str, &str); 3] = [
    (
        "shop/order/created.v1.json",
        r#"{"title": "Order created", "type": "object", "properties": {"status": {"type": "string", "enum": ["new", "paid"]}}, "required": ["status"],
            "x-event": {"version": "1.2.0", "owner": "sales", "key": "/status", "deprecated": {"since": "2025-01-01", "use": "order.made"}}}"#,
    ),
    (
        "shop/_envelope.v1.json",
        r#"{"title": "Envelope", "type": "object", "required": ["id", "data"], "properties": {"id": {"type": "string"},
            "meta": {"type": "object", "properties": {"correlation": {"type": ["string", "null"]}}},
            "data": {"type": "object", "properties": {"payload": {"type": "object"}}, "required": ["payload"]}}}"#,
    ),
    ("shop/user/deleted.v1.json", r#"{"type": "object"}"#),
];

#[test]
fn an_event_knows_its_topic_and_envelope() {
    insta::assert_snapshot!(module_of(config(COMPANY), &FILES));
}

#[test]
fn an_envelope_holds_any_payload() {
    insta::assert_snapshot!(module_of(config(COMPANY), &[FILES[1], FILES[0], FILES[2]]));
}

#[test]
fn the_package_has_a_root_parents_and_topics() {
    let catalog = Catalog::build(Tree::from_texts(FILES, &Limits::default()), config(COMPANY));
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let options = RustOptions::default();
    let emitter = Emitter::new(&catalog, &types, &modules, &options);
    let mut files: Vec<_> = emitter.files();
    files.retain(|file| !file.path.starts_with("eventc/"));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "Cargo.toml",
            "src/lib.rs",
            "src/shop.rs",
            "src/shop/envelope.rs",
            "src/shop/envelope/v1.rs",
            "src/shop/order.rs",
            "src/shop/order/created.rs",
            "src/shop/order/created/v1.rs",
            "src/shop/user.rs",
            "src/shop/user/deleted.rs",
            "src/shop/user/deleted/v1.rs",
            "src/topics.rs"
        ]
    );
    for name in ["Cargo.toml", "src/shop/order.rs", "src/shop.rs", "src/topics.rs"] {
        let text = files.iter().find(|file| file.path == name).map(|file| file.text.as_str()).unwrap_or_default();
        insta::assert_snapshot!(name.replace('/', "_"), text);
    }
}
