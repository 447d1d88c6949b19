//! Small contracts, rendered.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use eventc_emit::{Emitted, Input, Target};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
    types::Types,
};

use super::Python;

const CONFIG: &str = r#"
[[namespace]]
name = "shop"
root = "shop/"
topics = ["{namespace}.{domain}.{event}.v{major}"]
tolerance = "open-enums"
consumer_group = "{service}-{function}"
[namespace.envelope]
file = "shop/_envelope.v1.json"
payload = "/data"
[namespace.topic]
partitions = 3
retention = "7d"
dead_letter = { topic = "{topic}.dlq", retries = 3, backoff = ["1s"] }
[services.billing]
consumes = [{ topics = "shop.*", function = "invoices" }]
"#;

const FILES: &[(&str, &str)] = &[
    (
        "shop/_envelope.v1.json",
        r#"{"title": "Shop envelope", "type": "object", "properties": {"id": {"type": "string"}, "data": {"type": "object"}}, "required": ["id", "data"]}"#,
    ),
    (
        "shop/_types.v1.json",
        r##"{"$defs": {
            "state": {"title": "Order state", "description": "Where an order is.", "enum": ["open", "in-transit"]},
            "node": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "additionalProperties": {"type": "integer"}}
        }}"##,
    ),
    (
        "shop/order/placed.v1.json",
        r##"{"title": "Order placed", "description": "A customer has ordered.",
            "x-event": {"version": "1.2.0", "owner": "sales", "producers": ["web"], "key": "/class", "tags": ["order"]},
            "type": "object",
            "properties": {
                "class": {"type": "string", "pattern": "^[a-z]+$", "description": "The kind of order."},
                "eMail": {"type": "string", "format": "email", "x-sensitive": "pii"},
                "state": {"$ref": "../_types.v1.json#/$defs/state"},
                "note": {"type": ["string", "null"], "default": "none"},
                "tree": {"$ref": "../_types.v1.json#/$defs/node"},
                "payment": {"oneOf": [
                    {"title": "Card", "type": "object", "properties": {"kind": {"const": "card"}, "last4": {"type": "string"}}, "required": ["kind", "last4"]},
                    {"title": "Cash", "type": "object", "properties": {"kind": {"const": "cash"}}, "required": ["kind"], "additionalProperties": false}
                ]},
                "size": {"enum": [1, 2]},
                "gift": {"const": true, "deprecated": true}
            },
            "required": ["class", "state", "payment"]}"##,
    ),
];

fn emit(files: &[(&str, &str)], config: &str, target: &str) -> Emitted {
    let tree = Tree::from_texts(files.iter().copied(), &Limits::default());
    let (config, problems) = Config::parse("eventc.toml", &format!("{config}\n[targets.python]\n{target}"));
    assert!(problems.is_empty(), "{problems:#?}");
    let catalog = Catalog::build(tree, config);
    assert!(catalog.diagnostics.is_empty(), "{:#?}", catalog.diagnostics);
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    Python.configure(&catalog.config).unwrap().emit(&Input::new(&catalog, &types, &modules, &history))
}

fn file<'a>(emitted: &'a Emitted, path: &str) -> &'a str {
    let found = emitted.files.iter().find(|file| file.path == path);
    &found.unwrap_or_else(|| panic!("no {path} among {:?}", paths(emitted))).text
}

fn paths(emitted: &Emitted) -> Vec<&str> {
    emitted.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn an_event_as_pydantic_models() {
    let emitted = emit(FILES, CONFIG, "");
    insta::assert_snapshot!("pydantic_event", file(&emitted, "events/shop/order/placed/v1.py"));
    insta::assert_snapshot!("pydantic_types", file(&emitted, "events/shop/types/v1.py"));
    insta::assert_snapshot!("topics", file(&emitted, "events/topics.py"));
    insta::assert_debug_snapshot!("paths", paths(&emitted));
}

#[test]
fn an_event_as_msgspec_structs() {
    let emitted = emit(FILES, CONFIG, "models = \"msgspec\"\npackage = \"shop_events\"");
    insta::assert_snapshot!("msgspec_event", file(&emitted, "shop_events/shop/order/placed/v1.py"));
    insta::assert_snapshot!("pyproject", file(&emitted, "pyproject.toml"));
}

#[test]
fn text_never_becomes_code() {
    let schema = r##"{"title": "Trap", "description": "\"\"\"\nimport os\u2028\u202e{{ x }} \\", "type": "object", "properties": {
        "\"\"\"); import os #": {"type": "string", "description": "ends in \\"},
        "a'\nb": {"enum": ["'); x", "\"\"\"", "\u0000"]},
        "__init__": {"const": "\"]"}, "None": {}, "self": {}, "ﬁ": {}}}"##;
    let emitted = emit(&[("trap.json", schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", "");
    insta::assert_snapshot!("trap", file(&emitted, "events/trap.py"));
}

#[test]
fn a_blank_description_is_none() {
    let schema = r#"{"type": "object", "description": " \n", "properties": {"a": {"title": "", "enum": ["x", "y"], "description": ""}}}"#;
    let emitted = emit(&[("trap.json", schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", "");
    let text = file(&emitted, "events/trap.py");
    assert!(text.contains("class Trap(Model):\n    \"\"\"The object `Trap`.\"\"\"\n"), "{text}");
}

#[test]
fn a_pattern_that_python_cannot_say_is_noted_and_left_out() {
    let schema = r##"{"type": "object", "properties": {"a": {"type": "string", "pattern": "(?<=a+)b"}}}"##;
    let emitted = emit(&[("thing.json", schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", "");
    let [note] = &emitted.notes[..] else { panic!("{:#?}", emitted.notes) };
    assert_eq!((note.rule.code, note.pointer.as_str()), ("EV701", "/properties/a/pattern"));
    let text = file(&emitted, "events/thing.py");
    // The docstring may say it.
    assert!(!text[text.find("SCHEMAS: ").expect("schemas")..].contains("(?<="));
}

/// Checks that what msgspec cannot say is noted at its place; pydantic says all of it.
#[test]
fn what_msgspec_types_more_widely_is_noted() {
    let envelope = r##"{"$ref": "#/$defs/body", "$defs": {"body": {"type": "object", "properties": {"data": {}}}}}"##;
    let schema = r##"{"type": "object", "properties": {
        "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false},
        "on": {"const": true},
        "size": {"enum": [0.5, 1]},
        "inner": {"type": "object", "properties": {"a\"b": {"type": "string"}}}}}"##;
    let files = [("_envelope.json", envelope), ("thing.json", schema)];
    let config = "[[namespace]]\nname = \"\"\nroot = \".\"\nenvelope = { file = \"_envelope.json\", payload = \"/data\" }";
    let noted = |options| {
        let emitted = emit(&files, config, options);
        let notes = emitted.notes.iter().filter(|note| note.rule.code == "EV702");
        let mut places: Vec<String> = notes.map(|note| format!("{}#{}", note.place.file, note.pointer)).collect();
        places.sort();
        places
    };
    assert_eq!(noted("models = \"msgspec\""), ["_envelope.json#", "thing.json#/properties/inner", "thing.json#/properties/size"]);
    assert_eq!(noted(""), Vec::<String>::new());
}

/// Type checkers in strict mode refuse imports that nothing uses.
#[test]
fn types_that_are_widened_import_nothing() {
    let many: Vec<String> = (0..30).map(|number| format!(r#", {{"const": {number}}}"#)).collect();
    let many = many.concat();
    let schema = format!(
        r##"{{"type": "object", "properties": {{
        "open": {{"type": "array", "prefixItems": [{{"type": "number"}}, {{"type": "boolean"}}]}},
        "many": {{"type": "array", "prefixItems": [{{"$ref": "other.json"}}, {{"type": "number"}}{many}], "items": false}}}}}}"##
    );
    let files = [("thing.json", &schema[..]), ("other.json", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#)];
    for (models, used) in [("pydantic", &["Number", "Other"][..]), ("msgspec", &[])] {
        let emitted = emit(&files, "[[namespace]]\nname = \"\"\nroot = \".\"", &format!("models = {models:?}"));
        let text = file(&emitted, "events/thing.py");
        let is_imported = |name: &&str| text.lines().any(|line| line.contains("import ") && line.contains(name));
        let imported: Vec<&str> = ["Boolean", "Exact", "Number", "Other"].into_iter().filter(is_imported).collect();
        assert_eq!(imported, used, "{models}: {text}");
    }
}

/// Types of formats are classes of the package, and a module has no more of them than it needs.
#[test]
fn formats_and_decimals_are_types_where_they_are_asked_for() {
    let schema = r#"{"type": "object", "properties": {
        "at": {"type": "string", "format": "date-time"}, "id": {"type": "string", "format": "uuid"}, "price": {"type": "number"}}}"#;
    let config = "[[namespace]]\nname = \"\"\nroot = \".\"";
    for models in ["pydantic", "msgspec"] {
        let emitted =
            emit(&[("thing.json", schema)], config, &format!("models = {models:?}\nformats = [\"date-time\"]\nnumbers = \"decimal\""));
        let text = file(&emitted, "events/thing.py");
        assert!(text.contains("from ._formats import DateTime\n"), "{text}");
        assert!(text.contains("at: Maybe[DateTime]") || text.contains("at: DateTime | UnsetType"), "{text}");
        assert!(text.contains("id: Maybe[str]") || text.contains("id: str | UnsetType"), "{text}");
        assert!(text.contains("price: Maybe[Exact]") || text.contains("price: Exact | UnsetType"), "{text}");
        assert!(file(&emitted, "events/_numbers.py").contains("int | Decimal"));
    }
    let plain = emit(&[("thing.json", schema)], config, "");
    assert!(!paths(&plain).iter().any(|path| path.ends_with("_formats.py")));
}

/// A wrong word is an error at its place, with the right one.
#[test]
fn formats_that_have_no_type_are_refused() {
    let (config, _) = Config::parse("eventc.toml", "[targets.python]\nformats = [\"uuid\", \"date-tme\"]\nnumbers = \"decimals\"");
    let problems = super::PythonOptions::read(&config).unwrap_err();
    let shown: Vec<_> = problems.iter().map(|problem| (problem.pointer.as_str(), problem.help.as_deref())).collect();
    assert_eq!(
        shown,
        [("/targets/python/formats/1", Some("did you mean `date-time`?")), ("/targets/python/numbers", Some("did you mean `decimal`?"))]
    );
}

/// Checks that where pydantic may choose the first model that fits, it is told so: not where a later one may know more of an
/// open object.
#[test]
fn the_first_of_closed_models_is_the_best() {
    let schema = r##"{"type": "object", "properties": {
            "closed": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]},
            "open": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/c"}]},
            "within": {"anyOf": [{"$ref": "#/$defs/d"}, {"$ref": "#/$defs/a"}]}},
        "$defs": {
            "a": {"type": "object", "properties": {"x": {"type": "string"}}, "additionalProperties": false},
            "b": {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "string"}}, "additionalProperties": false},
            "c": {"type": "object", "properties": {"x": {"type": "string"}, "z": {"type": "string"}}},
            "d": {"type": "object", "properties": {"x": {"type": "array", "items": {"$ref": "#/$defs/c"}}}, "additionalProperties": false}}}"##;
    let emitted = emit(&[("thing.json", schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", "");
    let text = file(&emitted, "events/thing.py");
    let told: Vec<&str> = text.lines().filter(|line| line.contains("left_to_right")).collect();
    assert_eq!(told, [r#"ThingClosed = TypeAliasType("ThingClosed", "Annotated[A | B, Field(union_mode=\"left_to_right\")]")"#], "{text}");
}

/// An alternative that would lose a null is refused, where another keeps it at the same place.
#[test]
fn an_alternative_that_may_lose_null_is_asked() {
    let closed = |name: &str, ty: &str| {
        format!(
            r#"{{"type": "object", "properties": {{{name}: {{"type": {ty}}}, "m": {{"type": "object",
            "additionalProperties": {{"type": ["string", "null"]}}}}}}, "additionalProperties": false}}"#
        )
    };
    let open = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let required = r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}"#;
    let (one, same, nullable) = (closed("\"a\"", "\"string\""), closed("\"b\"", "\"string\""), closed("\"a\"", "[\"string\", \"null\"]"));
    let list = |item: &str| format!(r#"{{"type": "array", "items": {item}}}"#);
    for (first, second, expected) in [
        (&one[..], &nullable[..], true),
        (&one, &same, false),
        (open, &nullable, true),
        (open, required, false),
        (required, open, false),
        (open, r#"{"type": "object"}"#, true),
        (open, r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, false),
        (r#"{"type": "object", "additionalProperties": {"type": ["string", "null"]}}"#, open, true),
        (&list(open), &list(&nullable), true),
        (&list(open), &list(r#"{"type": "string"}"#), false),
    ] {
        let schema = format!(r#"{{"type": "object", "properties": {{"value": {{"anyOf": [{first}, {second}]}}}}}}"#);
        for (models, expected) in [("pydantic", expected), ("msgspec", false)] {
            let emitted = emit(&[("thing.json", &schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", &format!("models = {models:?}"));
            let text = file(&emitted, "events/thing.py");
            assert_eq!(text.contains("KeepingNull"), expected, "{models}: {first} or {second}: {text}");
        }
    }
}

/// A list has a type for each position where it has no more items: of one length, or, in pydantic, of a few.
#[test]
fn lists_of_fixed_length_are_tuples() {
    let items = r#""type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}, {}]"#;
    let typed = r#""type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]"#;
    for (schema, pydantic, msgspec) in [
        (format!(r#"{{{items}, "minItems": 3, "maxItems": 3}}"#), "tuple[Number, str, Any]", "tuple[int | float, str, Any]"),
        (format!(r#"{{{typed}, "minItems": 2, "items": false}}"#), "tuple[Number, str]", "tuple[int | float, str]"),
        (
            format!(r#"{{{typed}, "minItems": 1, "items": false}}"#),
            "tuple[Number] | tuple[Number, str]",
            "Either[tuple[int | float], tuple[int | float, str]]",
        ),
        (format!(r#"{{{typed}, "minItems": 2}}"#), "list[Any]", "list[Any]"),
        (
            format!(r#"{{{typed}, "items": false}}"#),
            "tuple[()] | tuple[Number] | tuple[Number, str]",
            "Either[tuple[()], Either[tuple[int | float], tuple[int | float, str]]]",
        ),
        (format!(r#"{{{typed}, "minItems": 2, "items": {{"type": "integer"}}}}"#), "list[", "list[int | float | str | int]"),
        (format!(r#"{{{typed}, "items": {{"type": "object"}}}}"#), "list[", "list[Either[int | float, Either[str, dict[str, Any]]]]"),
        (r#"{"const": true}"#.to_owned(), "Annotated[Literal[True], Flag]", "JustTrue"),
        (r#"{"const": false}"#.to_owned(), "Annotated[Literal[False], Flag]", "JustFalse"),
    ] {
        for (models, expected) in [("pydantic", pydantic), ("msgspec", msgspec)] {
            let thing = format!(r#"{{"type": "object", "properties": {{"value": {schema}}}, "required": ["value"]}}"#);
            let emitted = emit(&[("thing.json", &thing)], "[[namespace]]\nname = \"\"\nroot = \".\"", &format!("models = {models:?}"));
            let text = file(&emitted, "events/thing.py");
            assert!(text.contains(&format!("    value: {expected}")), "{models}: {schema}: {text}");
        }
    }
}

/// pydantic may not parse where any value may stand, but it may where a property has no name: its type is the package's own.
#[test]
fn a_type_in_which_any_value_may_stand_says_so() {
    for (schema, untyped) in [
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, false),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}"#, false),
        (r#"{"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {}}}}}"#, true),
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "array"}}"#, true),
        (r#"{"type": "object", "additionalProperties": {"type": "object"}}"#, true),
        // All but an object passes there.
        (
            r##"{"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"properties": {"c": {"type": "string"}}}}}"##,
            true,
        ),
    ] {
        for (models, expected) in [("pydantic", untyped), ("msgspec", false)] {
            let options = format!("models = {models:?}");
            let emitted = emit(&[("thing.json", schema)], "[[namespace]]\nname = \"\"\nroot = \".\"", &options);
            assert_eq!(file(&emitted, "events/thing.py").contains("untyped=True"), expected, "{models}: {schema}");
        }
    }
}

#[test]
fn modules_that_import_each_other_do_so_below_their_classes() {
    let files = [
        ("a.json", r#"{"type": "object", "properties": {"b": {"$ref": "b.json"}}}"#),
        ("b.json", r#"{"type": "object", "properties": {"a": {"$ref": "a.json"}}}"#),
        ("a/c.json", r#"{"type": "object", "properties": {"a": {"$ref": "../a.json"}}}"#),
    ];
    let emitted = emit(&files, "[[namespace]]\nname = \"\"\nroot = \".\"", "");
    let text = file(&emitted, "events/a/__init__.py");
    assert!(text.contains("from ..b import B") && text.find("from ..b import B") > text.find("SCHEMAS: dict"), "{text}");
    let text = file(&emitted, "events/a/c.py");
    assert!(text.contains("from ..a import A") && text.find("from ..a import A") < text.find("class AC"), "{text}");
}

#[test]
fn two_runs_are_equal() {
    let (one, two) = (emit(FILES, CONFIG, ""), emit(FILES, CONFIG, ""));
    assert_eq!(one.files, two.files);
}

#[test]
fn bad_options_are_refused_with_help() {
    let (config, _) = Config::parse("eventc.toml", "[targets.python]\npackage = \"3d-Events\"\nversion = \"x\"\nname = \"-\"");
    let problems = super::PythonOptions::read(&config).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.place.line).collect::<Vec<_>>(), [2, 4, 3]);
}
