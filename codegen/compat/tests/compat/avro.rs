//! Verdicts on pairs of Avro schemas. Every witness of a break was rejected by a real read.

use eventc_compat::{Break, Bump, CompareMode, CompareOptions, Comparison, StandaloneSchema, Verdict, compare};
use serde_json::{Value, json};

fn compared(old: &Value, new: &Value, mode: CompareMode) -> Comparison {
    let document = |schema: &Value| StandaloneSchema::parse_avro(&schema.to_string()).expect("an Avro schema");
    compare(document(old).side(), document(new).side(), &CompareOptions { mode, ..CompareOptions::default() })
}

fn line(found: &Break) -> String {
    let pointer = |spot: &Option<eventc_compat::SchemaLocation>| spot.as_ref().map_or("-".to_owned(), |spot| spot.pointer.clone());
    format!("{} {} -> {} at {:?}: {}", found.rule.name, pointer(&found.old), pointer(&found.new), found.instance, found.witness)
}

#[track_caller]
fn breaks(old: &Value, new: &Value, expected: &[&str]) {
    let comparison = compared(old, new, CompareMode::Backward);
    assert_eq!(comparison.breaks.iter().map(line).collect::<Vec<_>>(), expected, "{:?}", comparison.undecided);
    assert_eq!((comparison.verdict, comparison.required_bump), (Verdict::Incompatible, Bump::Major));
}

#[track_caller]
fn needs(old: &Value, new: &Value, bump: Bump) {
    let comparison = compared(old, new, CompareMode::Backward);
    assert_eq!(comparison.breaks.iter().map(line).collect::<Vec<_>>(), [""; 0]);
    assert_eq!((comparison.verdict, comparison.required_bump), (Verdict::Compatible, bump), "{:?}", comparison.undecided);
}

/// Returns a record of one field `f`.
#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn with(field: Value) -> Value {
    json!({"type": "record", "name": "shop.Order", "fields": [{"name": "f", "type": field}]})
}

#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn record_of(fields: Value) -> Value {
    json!({"type": "record", "name": "shop.Order", "fields": fields})
}

#[test]
fn each_kind_of_break_has_a_datum_that_a_read_rejects() {
    breaks(&with(json!("string")), &with(json!("int")), &[r#"type-changed /fields/0/type -> /fields/0/type at "/f": {"f":""}"#]);
    breaks(
        &with(json!("long")),
        &with(json!("int")),
        &[r#"type-changed /fields/0/type -> /fields/0/type at "/f": {"f":9223372036854775807}"#],
    );
    breaks(
        &with(json!(["null", "string"])),
        &with(json!("string")),
        &[r#"type-changed /fields/0/type/0 -> /fields/0/type at "/f": {"f":null}"#],
    );
    breaks(
        &with(json!(["null", "string", "int"])),
        &with(json!(["null", "string"])),
        &[r#"branch-removed /fields/0/type/2 -> /fields/0/type at "/f": {"f":0}"#],
    );
    breaks(&record_of(json!([])), &record_of(json!([{"name": "g", "type": "string"}])), &[r#"property-required  -> /fields/0 at "": {}"#]);
    let state = |symbols: Value| with(json!({"type": "enum", "name": "State", "symbols": symbols}));
    breaks(
        &state(json!(["A", "B"])),
        &state(json!(["A"])),
        &[r#"value-removed /fields/0/type/symbols -> /fields/0/type/symbols at "/f": {"f":"B"}"#],
    );
    let fixed = |size: u8| with(json!({"type": "fixed", "name": "Hash", "size": size}));
    breaks(&fixed(2), &fixed(3), &[r#"type-changed /fields/0/type -> /fields/0/type at "/f": {"f":"\u0000\u0000"}"#]);
    breaks(
        &with(json!({"type": "array", "items": "string"})),
        &with(json!({"type": "array", "items": "int"})),
        &[r#"type-changed /fields/0/type/items -> /fields/0/type/items at "/f/0": {"f":[""]}"#],
    );
    breaks(
        &with(json!({"type": "map", "values": "string"})),
        &with(json!({"type": "map", "values": "int"})),
        &[r#"type-changed /fields/0/type/values -> /fields/0/type/values at "/f/key": {"f":{"key":""}}"#],
    );
}

#[test]
fn what_the_specification_resolves_is_compatible() {
    needs(&with(json!("int")), &with(json!("int")), Bump::None);
    needs(&with(json!("int")), &with(json!("double")), Bump::Minor);
    needs(&with(json!("string")), &with(json!(["null", "string"])), Bump::Minor);
    needs(&record_of(json!([])), &record_of(json!([{"name": "g", "type": "string", "default": ""}])), Bump::Minor);
    needs(&record_of(json!([{"name": "g", "type": "string"}])), &record_of(json!([])), Bump::Minor);
    needs(
        &record_of(json!([{"name": "old", "type": "string"}])),
        &record_of(json!([{"name": "new", "type": "string", "aliases": ["old"]}])),
        Bump::Minor,
    );
    let documented =
        json!({"type": "record", "name": "shop.Order", "doc": "An order.", "fields": [{"name": "f", "type": "int", "doc": "F."}]});
    needs(&with(json!("int")), &documented, Bump::Patch);
    let tree = |value: Value| json!({"type": "record", "name": "Node", "fields": [{"name": "v", "type": value}, {"name": "next", "type": ["null", "Node"]}]});
    needs(&tree(json!("int")), &tree(json!("long")), Bump::Minor);
    breaks(
        &tree(json!("long")),
        &tree(json!("int")),
        &[r#"type-changed /fields/0/type -> /fields/0/type at "/v": {"v":9223372036854775807,"next":null}"#],
    );
}

#[test]
fn changed_logical_types_change_the_meaning() {
    let decimal = |scale: u8| with(json!({"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": scale}));
    for (old, new) in [
        (decimal(2), decimal(1)),
        (
            with(json!({"type": "long", "logicalType": "timestamp-millis"})),
            with(json!({"type": "long", "logicalType": "timestamp-micros"})),
        ),
        (with(json!({"type": "int", "logicalType": "date"})), with(json!("int"))),
    ] {
        let comparison = compared(&old, &new, CompareMode::Backward);
        assert_eq!(comparison.verdict, Verdict::Incompatible, "{:?}", comparison.undecided);
        assert!(comparison.breaks.is_empty() && comparison.required_bump == Bump::Major, "{:?}", comparison.breaks);
        assert_eq!(comparison.meaning[0].rule.name, "meaning-changed");
        assert_eq!(comparison.meaning[0].instance, "/f");
    }
}

#[test]
fn directions_are_asked_apart() {
    let (old, new) = (record_of(json!([])), record_of(json!([{"name": "g", "type": "string", "default": ""}])));
    assert_eq!(compared(&old, &new, CompareMode::Full).verdict, Verdict::Compatible);
    let (old, new) = (with(json!("int")), with(json!("long")));
    assert_eq!(compared(&old, &new, CompareMode::Backward).verdict, Verdict::Compatible);
    let forward = compared(&old, &new, CompareMode::Forward);
    assert_eq!(
        forward.breaks.iter().map(line).collect::<Vec<_>>(),
        [r#"type-changed /fields/0/type -> /fields/0/type at "/f": {"f":9223372036854775807}"#]
    );
}

/// A schema that holds a named type, by the places where it may stand.
fn places(named: &Value) -> [Value; 5] {
    [
        named.clone(),
        with(named.clone()),
        with(json!(["null", named])),
        with(json!({"type": "array", "items": named})),
        with(json!({"type": "map", "values": ["null", "string", named]})),
    ]
}

#[test]
fn an_alias_of_a_type_is_its_name() {
    let kinds = [
        json!({"type": "record", "fields": [{"name": "a", "type": "int"}]}),
        json!({"type": "enum", "symbols": ["A"]}),
        json!({"type": "fixed", "size": 2}),
    ];
    for of_kind in kinds {
        let kind = |name: &str, aliases: &[&str]| {
            let mut named = of_kind.clone();
            named["name"] = json!(name);
            named["namespace"] = json!("n");
            named["aliases"] = json!(aliases);
            named
        };
        for (old, new) in places(&kind("Old", &[])).into_iter().zip(places(&kind("New", &["Old"]))) {
            needs(&old, &new, Bump::Minor);
        }
        for (old, new) in places(&kind("Old", &[])).into_iter().zip(places(&kind("m.New", &["x.Other", "n.Old"]))) {
            needs(&old, &new, Bump::Minor);
        }
        // An alias in another namespace is another name.
        for (old, new) in places(&kind("Old", &[])).into_iter().zip(places(&kind("New", &["x.Old"]))) {
            assert_ne!(compared(&old, &new, CompareMode::Backward).verdict, Verdict::Compatible, "{old} {new}");
        }
    }
}

#[test]
fn a_namespace_is_no_part_of_the_name_that_resolution_compares() {
    let node = |namespace: &str| {
        json!({"type": "record", "name": "Node", "namespace": namespace, "fields": [
            {"name": "next", "type": ["null", "Node"]},
            {"name": "leaf", "type": {"type": "record", "name": "Leaf", "fields": [{"name": "up", "type": ["null", "Node", "Leaf"]}]}},
        ]})
    };
    for (old, new) in places(&node("a")).into_iter().zip(places(&node("b.c"))) {
        needs(&old, &new, Bump::Minor);
    }
}

#[test]
fn an_alias_does_not_hide_what_breaks() {
    let record = |name: &str, aliases: Value, ty: &str| {
        with(json!(["null", {"type": "record", "name": name, "aliases": aliases, "fields": [{"name": "a", "type": ty}]}]))
    };
    breaks(
        &record("Old", json!([]), "string"),
        &record("New", json!(["Old"]), "int"),
        &[r#"type-changed /fields/0/type/1/fields/0/type -> /fields/0/type/1/fields/0/type at "/f/a": {"f":{"a":""}}"#],
    );
    // A field's own name counts before the names that it had.
    needs(
        &record_of(json!([{"name": "old", "type": "string"}, {"name": "new", "type": "int"}])),
        &record_of(json!([{"name": "new", "type": "int", "aliases": ["old"]}])),
        Bump::Minor,
    );
}
