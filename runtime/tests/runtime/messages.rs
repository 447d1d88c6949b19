//! What people read when a document is wrong.

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
    check(&json!({"type": "string"}), &json!(1), &["the document: 1 is not a string"]);
    check(&json!({"type": ["number", "null"]}), &json!("x"), &["the document: \"x\" is a string, not a number or null"]);
    check(&json!({"type": "integer"}), &json!(1.5), &["the document: 1.5 is not an integer"]);
    check(&json!({"type": "object"}), &json!([1, 2]), &["the document: a list of 2 items is not an object"]);
    check(&json!({"const": [1]}), &json!([]), &["the document: [] is not a list of 1 item"]);
    check(&json!({"enum": ["a", "b", 1]}), &json!(null), &["the document: null is none of \"a\", \"b\" and 1"]);
    check(&json!({"minimum": 1.5}), &json!(1), &["the document: 1 is not at least 1.5"]);
    check(&json!({"exclusiveMaximum": 1}), &json!(1), &["the document: 1 is not less than 1"]);
    check(&json!({"multipleOf": 2}), &json!(1), &["the document: 1 is not a multiple of 2"]);
    check(&json!({"minLength": 1}), &json!(""), &["the document: \"\" has 0 characters; at least 1 is asked"]);
    check(&json!({"maxLength": 2}), &json!("abc"), &["the document: \"abc\" has 3 characters; at most 2 are allowed"]);
    check(&json!({"pattern": "^x"}), &json!("abc"), &["the document: \"abc\" does not match the pattern ^x"]);
    check(&json!({"minItems": 2}), &json!([0]), &["the document: the list has 1 item; at least 2 are asked"]);
    check(&json!({"items": {"type": "null"}}), &json!([null, 1]), &["/1: 1 is not null"]);
    check(&json!({"prefixItems": [true], "items": false}), &json!([1, 2]), &["/1: the item is not allowed here"]);
    check(&json!({"uniqueItems": true}), &json!([1, 2, 1]), &["the document: items 0 and 2 are equal"]);
    check(
        &json!({"contains": {"const": 1}}),
        &json!([2]),
        &["the document: the list has 0 items of the kind that it must contain; at least 1 is asked"],
    );
    check(
        &json!({"required": ["a", "b"]}),
        &json!({}),
        &["the document: property \"a\" is missing", "the document: property \"b\" is missing"],
    );
    check(&json!({"maxProperties": 0}), &json!({"a": 1}), &["the document: the object has 1 property; at most 0 are allowed"]);
    check(&json!({"additionalProperties": false}), &json!({"a/b": 1}), &["/a~1b: the property is not allowed here"]);
    check(&json!({"propertyNames": {"maxLength": 1}}), &json!({"ab": 1}), &["/ab: the name \"ab\" has 2 characters; at most 1 is allowed"]);
    check(&json!({"dependentRequired": {"a": ["b"]}}), &json!({"a": 1}), &["the document: property \"b\" is missing; \"a\" asks for it"]);
    check(&json!({"unevaluatedProperties": false}), &json!({"a": 1}), &["/a: the property is not allowed here"]);
    check(&json!({"oneOf": [true, {"type": "null"}, {}]}), &json!(1), &["the document: 1 fits alternatives 1 and 3; exactly one is asked"]);
    check(&json!({"not": {"type": "null"}}), &json!(null), &["the document: null is of a kind that is excluded here"]);
    check(&json!({"if": true, "then": {"type": "null"}}), &json!(1), &["the document: 1 is not null"]);
    check(&json!(false), &json!(1), &["the document: nothing is allowed here"]);
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
            "/a: \"b\" has 1 character; at least 3 are asked",
            "/a: \"b\" does not match the pattern ^x",
            "/b/1: -1 is not at least 0",
            "/b/2: -2 is not at least 0",
            "/z: the property is not allowed here",
            "the document: property \"c\" is missing",
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
            "/a: 1 is not a string",
            "the document: an object of 1 property fits none of 1 alternative",
            "the document: property \"b\" is missing",
        ],
    );
    let plan = json!({"allOf": [{"properties": {"a": {"type": "string"}}}], "unevaluatedProperties": false});
    check(&plan, &json!({"a": 1, "z": 1}), &["/a: 1 is not a string", "/z: the property is not allowed here"]);
}

#[test]
fn the_alternative_that_was_meant_is_explained() {
    let plan = json!({"properties": {"a": {"anyOf": [{"type": "object", "properties": {"b": {"type": "string"}}}, {"type": "null"}]}}});
    check(&plan, &json!({"a": {"b": 1}}), &["/a: an object of 1 property fits none of 2 alternatives", "/a/b: 1 is not a string"]);
    let plan = json!({"oneOf": [
        {"properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind"]},
        {"properties": {"kind": {"const": "cash"}}, "required": ["kind"]},
    ]});
    let lines = ["the document: an object of 2 properties fits none of 2 alternatives", "/number: 1 is not a string"];
    check(&plan, &json!({"kind": "card", "number": 1}), &lines);
    check(&plan, &json!({"kind": "coin"}), &["the document: an object of 1 property fits none of 2 alternatives"]);
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
    assert!(
        violation.found.len() <= 80 && violation.found.starts_with("\"ü") && violation.found.ends_with("ü...\""),
        "{}",
        violation.found
    );
    let many: Vec<u32> = (0..20).collect();
    check(&json!({"enum": many}), &json!("x"), &["the document: \"x\" is none of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"]);
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
        &["/key: the value has 7 characters; at least 20 are asked"],
    );
}
