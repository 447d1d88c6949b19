//! Messages that people read when a document is wrong.

use eventc::{Schema, Violation};
use serde_json::{Value, json};

fn schema(plan: &Value, refs: &'static [(&'static str, &'static Schema)]) -> &'static Schema {
    Box::leak(Box::new(Schema::new(Box::leak(plan.to_string().into()), refs)))
}

#[track_caller]
fn violations(plan: &Value, value: &Value) -> Vec<Violation> {
    schema(plan, &[]).validate(value).expect_err("it is invalid").into_iter().collect()
}

#[track_caller]
fn check(plan: &Value, value: &Value, lines: &[&str]) {
    let lines = lines.join("\n");
    assert_eq!(schema(plan, &[]).validate(value).expect_err("it is invalid").to_string(), lines);
}

#[test]
fn one_sentence_for_each_keyword() {
    check(&json!({"type": "string"}), &json!(1), &["the document: must be a string, found 1"]);
    check(&json!({"type": ["number", "null"]}), &json!("x"), &["the document: must be a number or null, found \"x\""]);
    check(&json!({"type": "integer"}), &json!(1.5), &["the document: must be an integer, found 1.5"]);
    check(&json!({"type": "object"}), &json!([1, 2]), &["the document: must be an object, found an array of 2 items"]);
    check(&json!({"const": [1]}), &json!([]), &["the document: must be [1], found an array of 0 items"]);
    check(&json!({"enum": ["a", "b", 1]}), &json!(null), &["the document: must be one of \"a\", \"b\" or 1, found null"]);
    check(&json!({"minimum": 1.5}), &json!(1), &["the document: must be at least 1.5, found 1"]);
    check(&json!({"exclusiveMaximum": 1}), &json!(1), &["the document: must be less than 1, found 1"]);
    check(&json!({"multipleOf": 2}), &json!(1), &["the document: must be a multiple of 2, found 1"]);
    check(&json!({"minLength": 1}), &json!(""), &["the document: must have at least 1 character, found \"\""]);
    check(&json!({"maxLength": 2}), &json!("abc"), &["the document: must have at most 2 characters, found \"abc\""]);
    check(&json!({"pattern": "^x"}), &json!("abc"), &["the document: must match the pattern ^x, found \"abc\""]);
    check(&json!({"minItems": 2}), &json!([0]), &["the document: must have at least 2 items, found an array of 1 item"]);
    check(&json!({"items": {"type": "null"}}), &json!([null, 1]), &["/1: must be null, found 1"]);
    check(&json!({"prefixItems": [true], "items": false}), &json!([1, 2]), &["/1: must be absent, found 2"]);
    check(
        &json!({"uniqueItems": true}),
        &json!([1, 2, 1]),
        &["the document: must not repeat an item, as item 2 does, found an array of 3 items"],
    );
    check(
        &json!({"contains": {"const": 1}}),
        &json!([2]),
        &["the document: must contain at least 1 fitting item, found an array of 1 item"],
    );
    check(
        &json!({"required": ["a", "b"]}),
        &json!({}),
        &[
            "the document: must have the property \"a\", found an object of 0 properties",
            "the document: must have the property \"b\", found an object of 0 properties",
        ],
    );
    check(&json!({"maxProperties": 0}), &json!({"a": 1}), &["the document: must have at most 0 properties, found an object of 1 property"]);
    check(&json!({"additionalProperties": false}), &json!({"a/b": 1}), &["/a~1b: must be absent, found 1"]);
    check(&json!({"propertyNames": {"maxLength": 1}}), &json!({"ab": 1}), &["/ab: the name must have at most 1 character, found \"ab\""]);
    check(
        &json!({"dependentRequired": {"a": ["b"]}}),
        &json!({"a": 1}),
        &["the document: must have the property \"b\" beside \"a\", found an object of 1 property"],
    );
    check(&json!({"unevaluatedProperties": false}), &json!({"a": 1}), &["/a: must be absent, found 1"]);
    check(&json!({"oneOf": [true, {"type": "null"}, {}]}), &json!(1), &["the document: must fit exactly one of 3 alternatives, found 1"]);
    check(&json!({"not": {"type": "null"}}), &json!(null), &["the document: must not be of a kind that is excluded here, found null"]);
    check(&json!({"if": true, "then": {"type": "null"}}), &json!(1), &["the document: must be null, found 1"]);
    check(&json!(false), &json!(1), &["the document: must be absent, found 1"]);
}

#[test]
fn all_violations_are_told_at_once() {
    let plan = json!({
        "type": "object",
        "properties": {"a": {"type": "string", "minLength": 3, "pattern": "^x"}, "b": {"items": {"minimum": 0}}},
        "required": ["c"],
        "additionalProperties": false,
    });
    check(
        &plan,
        &json!({"a": "b", "b": [0, -1, -2], "z": 1}),
        &[
            "/a: must have at least 3 characters, found \"b\"",
            "/a: must match the pattern ^x, found \"b\"",
            "/b/1: must be at least 0, found -1",
            "/b/2: must be at least 0, found -2",
            "/z: must be absent, found 1",
            "the document: must have the property \"c\", found an object of 3 properties",
        ],
    );
}

#[test]
fn one_cause_is_told_once() {
    let plan = json!({
        "allOf": [{"properties": {"a": {"type": "string"}}}],
        "anyOf": [{"properties": {"b": {"const": 1}}, "required": ["b"]}],
        "unevaluatedProperties": false,
    });
    check(
        &plan,
        &json!({"a": 1}),
        &[
            "/a: must be a string, found 1",
            "the document: must fit one of 1 alternative, found an object of 1 property",
            "the document: must have the property \"b\", found an object of 1 property",
        ],
    );
    let plan = json!({"allOf": [{"properties": {"a": {"type": "string"}}}], "unevaluatedProperties": false});
    check(&plan, &json!({"a": 1, "z": 1}), &["/a: must be a string, found 1", "/z: must be absent, found 1"]);
}

#[test]
fn the_alternative_that_was_meant_is_explained() {
    let plan = json!({"properties": {"a": {"anyOf": [{"type": "object", "properties": {"b": {"type": "string"}}}, {"type": "null"}]}}});
    check(
        &plan,
        &json!({"a": {"b": 1}}),
        &["/a: must fit one of 2 alternatives, found an object of 1 property", "/a/b: must be a string, found 1"],
    );
    let plan = json!({"oneOf": [
        {"properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind"]},
        {"properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
    ]});
    let lines = ["the document: must fit one of 2 alternatives, found an object of 2 properties", "/number: must be a string, found 1"];
    check(&plan, &json!({"kind": "card", "number": 1}), &lines);
    check(&plan, &json!({"kind": "coin"}), &["the document: must fit one of 2 alternatives, found an object of 1 property"]);
}

#[test]
fn violations_say_where_in_the_schema() {
    static NAME: Schema = Schema::new(r#"{"type":"string","allOf":[{"minLength":1}]}"#, &[]);
    let plan = json!({"properties": {"a/b": {"$ref": "Name"}, "c": false}, "required": ["d"]});
    let errors = schema(&plan, const { &[("Name", &NAME)] }).validate(&json!({"a/b": "", "c": 1})).expect_err("it is invalid");
    let places: Vec<_> =
        errors.iter().map(|violation| (violation.schema.as_str(), violation.keyword, violation.pointer.as_str())).collect();
    let expected =
        [("Name#/allOf/0/minLength", "minLength", "/a~1b"), ("#/properties/c", "properties", "/c"), ("#/required", "required", "")];
    assert_eq!(places, expected);
}

#[test]
fn long_values_are_shortened() {
    let violation = violations(&json!({"maxLength": 3}), &json!("ü".repeat(1000))).remove(0);
    assert!(violation.found == "a string of 1000 characters", "{}", violation.found);
    let many: Vec<u32> = (0..20).collect();
    check(
        &json!({"enum": many}),
        &json!("x"),
        &["the document: must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or 8 more, found \"x\""],
    );
    let violation = violations(&json!({"type": "null"}), &json!({"secret": "value"})).remove(0);
    assert_eq!(violation.found, "an object of 1 property");
}

#[test]
fn sensitive_values_are_withheld() {
    static SECRET: Schema = Schema::new(r#"{"type":"string","x-sensitive":"secret","minLength":20}"#, &[]);
    let plans = [
        json!({"properties": {"key": {"x-sensitive": "secret", "type": "string", "minLength": 20}}}),
        json!({"allOf": [{"properties": {"key": {"minLength": 20}}}], "properties": {"key": {"x-sensitive": "pii"}}}),
        json!({"properties": {"key": {"$ref": "Secret"}}}),
        json!({"properties": {"key": {"anyOf": [{"$ref": "Secret"}, {"type": "null"}]}}}),
        json!({"properties": {"key": {"oneOf": [{"type": "string"}, {"type": "string", "x-sensitive": "secret"}]}}}),
        json!({"properties": {"key": {"not": {"type": "string"}, "x-sensitive": "secret"}}}),
    ];
    for plan in plans {
        let errors = schema(&plan, const { &[("Secret", &SECRET)] }).validate(&json!({"key": "hunter2"})).expect_err("it is invalid");
        assert!(!format!("{errors} {errors:?}").contains("hunter2"), "{plan}: {errors}");
        assert!(errors.iter().any(|violation| violation.found == "(withheld)" && violation.pointer == "/key"), "{plan}: {errors:?}");
    }
    check(
        &json!({"properties": {"key": {"x-sensitive": "secret", "minLength": 20}}}),
        &json!({"key": "hunter2"}),
        &["/key: must have at least 20 characters, found (withheld)"],
    );
}

#[test]
fn a_thousand_violations_are_enough() {
    let numbers = json!(vec![1; 3000]);
    let told = violations(&json!({"items": {"type": "string"}}), &numbers);
    assert_eq!((told.len(), told[999].pointer.as_str()), (1000, "/999"));
    let plan = json!({"properties": {"a": {"anyOf": [{"type": "null"}, {"items": {"type": "string"}}]}, "b": {"items": false}}});
    assert_eq!(violations(&plan, &json!({"a": numbers, "b": numbers})).len(), 1000);
}
