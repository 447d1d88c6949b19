//! Verdicts on pairs of schemas, with the rule, both places and the witness of each break.

use eventc_compat::{Bump, CompareMode, CompareOptions, Comparison, ContentModel, StandaloneSchema, Verdict, compare};
use serde_json::{Value, json};

fn document(schema: &Value) -> StandaloneSchema {
    StandaloneSchema::parse(&schema.to_string()).expect("a schema")
}

fn compared(old: &Value, new: &Value, options: &CompareOptions) -> Comparison {
    compare(document(old).side(), document(new).side(), options)
}

fn strict() -> CompareOptions {
    CompareOptions { content_model: ContentModel::Strict, ..CompareOptions::default() }
}

/// Returns a break as `rule old -> new at instance`.
fn breaks(comparison: &Comparison) -> Vec<String> {
    let pointer = |spot: &Option<eventc_compat::SchemaLocation>| spot.as_ref().map_or("-".to_owned(), |spot| spot.pointer.clone());
    let line = |found: &eventc_compat::Break| {
        format!("{} {} -> {} at {:?}: {}", found.rule.name, pointer(&found.old), pointer(&found.new), found.instance, found.witness)
    };
    comparison.breaks.iter().map(line).collect()
}

#[track_caller]
fn breaks_by(options: &CompareOptions, old: &Value, new: &Value, expected: &[&str]) {
    let comparison = compared(old, new, options);
    assert_eq!(breaks(&comparison), expected, "{old} -> {new}: {:?}", comparison.undecided);
    assert_eq!(comparison.verdict, Verdict::Incompatible);
    assert_eq!(comparison.required_bump, Bump::Major);
}

#[track_caller]
fn needs(options: &CompareOptions, old: &Value, new: &Value, bump: Bump) {
    let comparison = compared(old, new, options);
    assert_eq!(breaks(&comparison), [""; 0], "{old} -> {new}");
    assert_eq!((comparison.verdict, comparison.required_bump), (Verdict::Compatible, bump), "{old} -> {new}: {:?}", comparison.undecided);
}

fn object(properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn each_kind_of_break_has_its_rule_places_and_witness() {
    let check = |old: Value, new: Value, expected: &str| breaks_by(&CompareOptions::default(), &old, &new, &[expected]);
    check(json!({"type": "string"}), json!({"type": "integer"}), r#"type-changed /type -> /type at "": """#);
    check(json!({"type": "number"}), json!({"type": "integer"}), r#"type-changed /type -> /type at "": 0.1"#);
    check(json!({"enum": ["a", "b"]}), json!({"enum": ["a"]}), r#"value-removed /enum -> /enum at "": "b""#);
    check(
        object(&json!({"n": {"type": "integer", "minimum": 0}})),
        object(&json!({"n": {"type": "integer", "minimum": 1}})),
        r#"bound-changed /properties/n/minimum -> /properties/n/minimum at "/n": {"n":0}"#,
    );
    check(
        json!({"type": "number", "multipleOf": 2}),
        json!({"type": "number", "multipleOf": 4}),
        r#"multiple-changed /multipleOf -> /multipleOf at "": 2"#,
    );
    check(json!({"type": "string"}), json!({"type": "string", "maxLength": 2}), r#"length-changed  -> /maxLength at "": "aaa""#);
    check(
        json!({"type": "string", "pattern": "^[a-z]+$"}),
        json!({"type": "string", "pattern": "^[a-y]+$"}),
        r#"pattern-changed /pattern -> /pattern at "": "z""#,
    );
    check(json!({"type": "string"}), json!({"type": "string", "format": "uuid"}), r#"format-changed  -> /format at "": "a""#);
    check(object(&json!({"a": {}})), json!({"type": "object", "required": ["b"]}), r#"property-required  -> /required at "": {}"#);
    check(
        object(&json!({"a": {"type": "null"}})),
        json!({"type": "object", "additionalProperties": false}),
        r#"property-removed /properties/a -> /additionalProperties at "/a": {"a":null}"#,
    );
    check(
        json!({"type": "object", "additionalProperties": {"type": "null"}}),
        json!({"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": false}),
        r#"object-closed /additionalProperties -> /additionalProperties at "/b": {"b":null}"#,
    );
    check(
        json!({"type": "object"}),
        json!({"type": "object", "minProperties": 1}),
        r#"property-count-changed  -> /minProperties at "": {}"#,
    );
    check(json!({"type": "array"}), json!({"type": "array", "minItems": 1}), r#"item-count-changed  -> /minItems at "": []"#);
    check(json!({"type": "array"}), json!({"type": "array", "uniqueItems": true}), r#"items-unique  -> /uniqueItems at "": ["",""]"#);
    check(
        json!({"type": "array", "contains": {"type": "null"}}),
        json!({"type": "array", "contains": {"const": null}, "minContains": 2}),
        r#"contains-changed /contains -> /contains at "": [null]"#,
    );
    check(
        json!({"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "boolean"}]}),
        json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]}),
        r#"branch-removed /anyOf -> /anyOf at "": null"#,
    );
    check(
        json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "string"}, {"type": "null"}, {"type": ["null", "boolean"]}]}),
        r#"branch-overlap /oneOf -> /oneOf at "": null"#,
    );
    check(json!({"type": "integer"}), json!({"type": "integer", "not": {"const": 3}}), r#"exclusion-changed  -> /not at "": 3"#);
    check(
        json!({"type": "object", "properties": {"a": {}, "b": {}}}),
        json!({"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}),
        r#"dependency-changed  -> /dependentRequired at "": {"a":""}"#,
    );
}

#[test]
fn every_independent_break_is_found_at_once() {
    breaks_by(
        &CompareOptions::default(),
        &object(&json!({"a": {"type": "string"}, "b": {"type": "integer"}, "c": {}})),
        &json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "maximum": 9}}, "required": ["a", "d"], "additionalProperties": false}),
        &[
            r#"property-required  -> /required at "": {}"#,
            r#"property-required  -> /required at "": {}"#,
            r#"type-changed /properties/a/type -> /properties/a/type at "/a": {"a":""}"#,
            r#"bound-changed /properties/b -> /properties/b/maximum at "/b": {"b":10}"#,
            r#"property-removed /properties/c -> /additionalProperties at "/c": {"c":""}"#,
        ],
    );
}

#[test]
fn additions_and_words_need_their_step() {
    let options = CompareOptions::default();
    let old = object(&json!({"a": {"type": "string"}}));
    needs(&options, &old, &old, Bump::None);
    needs(
        &options,
        &old,
        &json!({"type": "object", "description": "new", "properties": {"a": {"type": "string", "title": "A"}}}),
        Bump::Patch,
    );
    needs(&options, &old, &json!({"allOf": [{"type": "object"}, {"properties": {"a": {"type": "string"}}}]}), Bump::Patch);
    needs(&options, &old, &object(&json!({"a": {"type": "string"}, "b": {"type": "integer"}})), Bump::Minor);
    needs(&options, &json!({"enum": ["a"]}), &json!({"enum": ["a", "b"]}), Bump::Minor);
}

#[test]
fn declared_documents_have_only_what_some_schema_names() {
    let options = CompareOptions::default();
    // The parts of an `allOf` are taken together.
    let split = json!({"allOf": [object(&json!({"a": {"type": "string"}})), object(&json!({"b": {"type": "string"}}))]});
    needs(&options, &split, &json!({"allOf": [split, object(&json!({"c": {"type": "integer"}}))]}), Bump::Minor);
    breaks_by(
        &strict(),
        &split,
        &json!({"allOf": [split, object(&json!({"c": {"type": "integer"}}))]}),
        &[r#"type-changed - -> /allOf/1/properties/c/type at "/c": {"c":""}"#],
    );
    // A map has properties of any name.
    breaks_by(
        &options,
        &json!({"type": "object"}),
        &object(&json!({"a": {"type": "string"}})),
        &[r#"type-changed - -> /properties/a/type at "/a": {"a":0}"#],
    );
    // A branch that does not hold declares nothing.
    let union = json!({"anyOf": [object(&json!({"a": {"type": "string"}, "k": {"const": 1}})), object(&json!({"b": {"type": "string"}, "k": {"const": 2}}))], "required": ["k"]});
    let typed = json!({"anyOf": union["anyOf"], "required": ["k"], "if": {"properties": {"k": {"const": 1}}}, "then": {"properties": {"b": {"type": "integer"}}}});
    needs(&options, &union, &typed, Bump::Minor);
    // What was dropped may be typed anew between neighbours, but not against the first.
    let (first, second, third) = (
        object(&json!({"a": {"type": "string"}, "z": {}})),
        object(&json!({"z": {}})),
        object(&json!({"a": {"type": "integer"}, "z": {}})),
    );
    needs(&options, &first, &second, Bump::Minor);
    needs(&options, &second, &third, Bump::Minor);
    assert_eq!(compared(&first, &third, &options).verdict, Verdict::Incompatible);
}

#[test]
fn forward_asks_old_readers() {
    let forward = CompareOptions { mode: CompareMode::Forward, ..CompareOptions::default() };
    breaks_by(&forward, &json!({"required": ["a"]}), &json!({"type": "object"}), &[r#"property-required /required ->  at "": {}"#]);
    breaks_by(&forward, &json!({"enum": ["a"]}), &json!({"enum": ["a", "b"]}), &[r#"value-removed /enum -> /enum at "": "b""#]);
    let open = CompareOptions { open_enums: true, ..forward };
    needs(&open, &json!({"enum": ["a"]}), &json!({"enum": ["a", "b"]}), Bump::Minor);
    assert_eq!(
        compared(&json!({"enum": ["a"]}), &json!({"enum": ["a", 1]}), &open).verdict,
        Verdict::Incompatible,
        "only strings are open"
    );
}

#[test]
fn registries_disagree_here_and_are_wrong() {
    let options = CompareOptions::default();
    // A default is not written into events.
    assert_eq!(
        compared(
            &object(&json!({"a": {"type": "string"}})),
            &json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"default": 1}}, "required": ["b"]}),
            &options
        )
        .verdict,
        Verdict::Incompatible
    );
    // An optional field on an open object breaks nobody.
    needs(&options, &object(&json!({"a": {}})), &object(&json!({"a": {}, "b": {"type": "string"}})), Bump::Minor);
    let narrowed = |value: Value| json!({"type": "object", "patternProperties": {"^x-": value}});
    breaks_by(
        &options,
        &narrowed(json!({"type": "integer"})),
        &narrowed(json!({"type": "integer", "minimum": 0})),
        &[r#"bound-changed /patternProperties/^x- -> /patternProperties/^x-/minimum at "/x-": {"x-":-1}"#],
    );
    let then = |value: Value| json!({"type": "object", "properties": {"k": {}, "v": {}}, "if": {"required": ["k"]}, "then": {"properties": {"v": value}}});
    breaks_by(
        &options,
        &then(json!({"type": "integer"})),
        &then(json!({"type": "string"})),
        &[r#"type-changed /then/properties/v/type -> /then/properties/v/type at "/v": {"k":"","v":0}"#],
    );
}

#[test]
fn recursion_is_followed_on_both_sides() {
    let tree = |value: Value| json!({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "required": ["v"], "properties": {"v": value, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}});
    let other = json!({"$defs": {"n": {"type": "object", "required": ["v"], "properties": {"v": {"type": ["integer", "null"]}, "children": {"type": "array", "items": {"$ref": "#"}}}}}, "$ref": "#/$defs/n"});
    needs(&CompareOptions::default(), &tree(json!({"type": "integer"})), &other, Bump::Minor);
    breaks_by(
        &CompareOptions::default(),
        &other,
        &tree(json!({"type": "integer"})),
        &[r#"type-changed /$defs/n/properties/v/type -> /$defs/node/properties/v/type at "/v": {"v":null}"#],
    );
    // Endless documents do not exist: a node that needs a node accepts nothing, and so lies within anything.
    let endless = json!({"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}});
    needs(&strict(), &endless, &json!(false), Bump::Minor);
}

#[test]
fn what_nobody_can_decide_is_said_to_be_undecided() {
    let comparison = compared(
        &json!({"type": "string", "pattern": "^(a+)\\1$"}),
        &json!({"type": "string", "pattern": "^(aa)+$"}),
        &CompareOptions::default(),
    );
    assert_eq!(comparison.verdict, Verdict::Undecided);
    assert_eq!(comparison.required_bump, Bump::Major);
    let undecided = &comparison.undecided[0];
    assert_eq!((undecided.keyword.as_str(), undecided.pointer.as_str()), ("pattern", "/pattern"), "{undecided:?}");
}

#[test]
fn version_stamps_can_be_ignored() {
    let stamped = |version: &str| object(&json!({"context": object(&json!({"version": {"const": version}, "id": {"type": "string"}}))}));
    let comparison = compared(&stamped("1.0.0"), &stamped("1.1.0"), &CompareOptions::default());
    assert!(comparison.breaks[0].help.contains("--ignore /context/version"), "{}", comparison.breaks[0].help);
    let ignoring = CompareOptions { ignored: vec!["/context/version".into()], ..CompareOptions::default() };
    needs(&ignoring, &stamped("1.0.0"), &stamped("1.1.0"), Bump::Patch);
    let mut broken = stamped("1.1.0");
    broken["properties"]["context"]["properties"]["id"] = json!({"type": "integer"});
    assert_eq!(compared(&stamped("1.0.0"), &broken, &ignoring).breaks.len(), 1);
}

#[test]
fn a_rename_is_suspected() {
    let comparison = compared(
        &json!({"type": "object", "properties": {"amount": {"type": "number", "minimum": 3}}, "required": ["amount"]}),
        &json!({"type": "object", "properties": {"total": {"type": "number", "minimum": 3}}, "required": ["total"]}),
        &CompareOptions::default(),
    );
    assert!(comparison.breaks[0].message.contains(r#""amount" looks like its former name"#), "{}", comparison.breaks[0].message);
    let closed =
        |name: &str| json!({"type": "object", "properties": {name: {"type": "number", "minimum": 3}}, "additionalProperties": false});
    let comparison = compared(&closed("amount"), &closed("total"), &CompareOptions::default());
    assert!(comparison.breaks[0].message.contains(r#""total" looks like its new name"#), "{}", comparison.breaks[0].message);
}

/// Found by the random pairs: `dependentSchemas` evaluates no items, since it applies to objects only.
#[test]
fn what_applies_to_objects_evaluates_no_items() {
    let items = |rest: Value| json!({"dependentSchemas": {"b": {"items": true}}, "unevaluatedItems": rest});
    breaks_by(
        &strict(),
        &items(json!({"type": "null"})),
        &items(json!(false)),
        &[r#"item-removed /unevaluatedItems -> /unevaluatedItems at "": [null]"#],
    );
}

/// Returns definitions that refer to each other through unions of branches that look alike.
fn web(count: usize, id: &Value) -> Value {
    let definition = |number: usize| {
        let reference = |other: usize| json!({"$ref": format!("#/$defs/n{}", other % count)});
        let branches = [reference(number * 3 + 2), reference(number * 5 + 3), json!({"type": "null"})];
        let properties = json!({
            "id": id,
            "name": {"type": "string", "maxLength": 100 + number},
            "next": reference(number * 7 + 1),
            "others": {"type": "array", "items": {"anyOf": branches}},
        });
        (format!("n{number}"), json!({"type": "object", "required": ["id"], "properties": properties}))
    };
    json!({"$ref": "#/$defs/n0", "$defs": (0..count).map(definition).collect::<serde_json::Map<_, _>>()})
}

#[test]
fn many_definitions_that_refer_to_each_other_are_compared_pair_by_pair() {
    let (old, wide) = (web(60, &json!({"type": "integer"})), web(60, &json!({"type": ["integer", "null"]})));
    needs(&CompareOptions::default(), &old, &wide, Bump::Minor);
    needs(&strict(), &old, &wide, Bump::Minor);
    let mut narrowed = web(8, &json!({"type": "integer"}));
    narrowed["$defs"]["n4"]["properties"]["name"]["maxLength"] = json!(3);
    let comparison = compared(&web(8, &json!({"type": "integer"})), &narrowed, &strict());
    let found: Vec<_> =
        comparison.breaks.iter().map(|found| (found.rule.name, found.new.as_ref().map(|spot| spot.pointer.as_str()))).collect();
    assert_eq!(found, [("length-changed", Some("/$defs/n4/properties/name/maxLength"))]);
}

#[test]
fn encoded_content_is_a_demand_where_validators_check_it() {
    let old = |dialect: &str| json!({"$schema": dialect, "type": "string"});
    let new =
        |dialect: &str| json!({"$schema": dialect, "type": "string", "contentEncoding": "base64", "contentMediaType": "application/json"});
    let (seventh, latest) = ("http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema");
    breaks_by(&strict(), &old(seventh), &new(seventh), &[r#"format-changed  -> /contentMediaType at "": "a""#]);
    needs(&strict(), &new(seventh), &old(seventh), Bump::Minor);
    needs(&strict(), &old(latest), &new(latest), Bump::Patch);
}

/// A member of the format has a length between the two bounds.
#[test]
fn formats_beside_lengths_are_decided() {
    for (format, before, after) in [
        ("email", 254, 25),
        ("hostname", 253, 10),
        ("uri", 2000, 30),
        ("uri-reference", 100, 3),
        ("ipv4", 15, 8),
        ("ipv6", 45, 10),
        ("date-time", 64, 25),
        ("time", 30, 12),
        ("json-pointer", 20, 2),
        ("duration", 9, 4),
        ("idn-hostname", 253, 5),
        ("relative-json-pointer", 20, 2),
        ("uri-template", 20, 2),
    ] {
        let of = |most: u64| document(&json!({"type": "string", "format": format, "maxLength": most}));
        let (old, new) = (of(before), of(after));
        let narrowed = compare(old.side(), new.side(), &CompareOptions::default());
        assert_eq!(narrowed.verdict, Verdict::Incompatible, "{format}: {:?}", narrowed.undecided);
        let length = narrowed.breaks[0].witness.as_str().map_or(0, |text| text.chars().count() as u64);
        assert!((after + 1..=before).contains(&length), "{format}: {length}");
        assert_eq!(compare(new.side(), old.side(), &CompareOptions::default()).verdict, Verdict::Compatible, "{format}");
    }
}

#[test]
fn what_leads_back_to_itself_is_undecided() {
    let other = document(&json!({"type": "string"}));
    for schema in [json!({"$ref": "#"}), json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}})] {
        let circular = document(&schema);
        for (old, new) in [(&circular, &other), (&other, &circular)] {
            let found = compare(old.side(), new.side(), &CompareOptions::default());
            assert_eq!(found.verdict, Verdict::Undecided, "{schema}");
            assert_eq!(found.undecided[0].reason, "the schema leads only back to itself", "{schema}");
            let place = found.undecided[0].place.as_ref().expect("a place");
            assert_eq!(
                *place,
                circular.schemas.file(circular.schemas.node(circular.root).file).place(&found.undecided[0].pointer),
                "{schema}"
            );
        }
    }
}

#[test]
fn dialects_of_a_company_are_judged() {
    let of =
        |kind: &str| document(&json!({"$schema": "https://schemas.example.com/self-desc/1-0-0#", "properties": {"a": {"type": kind}}}));
    let found = compare(of("string").side(), of("integer").side(), &CompareOptions::default());
    assert_eq!(found.verdict, Verdict::Incompatible, "{:?}", found.undecided);
}

/// Documents with schemas that are nowhere.
#[test]
fn what_hangs_on_an_absent_schema_is_undecided_and_nothing_else_is() {
    let absent = |name: &str| json!({"$ref": format!("https://schemas.example.com/{name}.json")});
    let (one, other) = (absent("one"), absent("other"));
    let number = json!({"type": "integer"});
    let text = json!({"type": "string"});
    let with = |a: &Value, b: &Value| json!({"type": "object", "properties": {"a": a, "b": b}, "required": ["a", "b"]});
    let options = CompareOptions::default();
    let same = [
        (one.clone(), one.clone()),
        (with(&one, &text), with(&one, &text)),
        (json!({"type": "array", "items": one}), json!({"type": "array", "items": one})),
        (json!({"anyOf": [one, number]}), json!({"anyOf": [one, number]})),
    ];
    for (old, new) in &same {
        needs(&options, old, new, Bump::None);
    }
    needs(&options, &json!({"$defs": {"x": one}, "$ref": "#/$defs/x"}), &one, Bump::Patch);
    needs(&options, &with(&one, &number), &with(&one, &json!({"type": "number"})), Bump::Minor);
    breaks_by(
        &options,
        &with(&one, &text),
        &with(&one, &number),
        &[r#"type-changed /properties/b/type -> /properties/b/type at "/b": {"a":"","b":""}"#],
    );
    let open = [
        (one.clone(), other.clone()),
        (one.clone(), number.clone()),
        (number.clone(), one.clone()),
        (with(&one, &text), with(&other, &text)),
        (with(&one, &text), with(&text, &text)),
        (json!({"anyOf": [one, number]}), json!({"type": ["integer", "boolean"]})),
        (json!({"allOf": [one, number]}), json!({"type": "string"})),
        (json!({"not": one}), json!({"not": other})),
    ];
    for (old, new) in &open {
        let found = compared(old, new, &options);
        assert_eq!((found.verdict, breaks(&found)), (Verdict::Undecided, Vec::new()), "{old} -> {new}");
        assert!(
            found.undecided.iter().all(|open| open.keyword == "$ref" && open.reason.contains("schemas.example.com")),
            "{:?}",
            found.undecided
        );
    }
}
