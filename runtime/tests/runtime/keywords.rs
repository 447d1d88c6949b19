//! Each keyword, with the corners where validators differ.

use eventc::Schema;
use serde_json::Value;

fn schema(plan: &str, refs: &'static [(&'static str, &'static Schema)]) -> &'static Schema {
    Box::leak(Box::new(Schema::new(Box::leak(plan.into()), refs)))
}

/// Checks documents, each in JSON text.
#[track_caller]
fn check_with(plan: &str, refs: &'static [(&'static str, &'static Schema)], valid: &[&str], invalid: &[&str]) {
    let schema = schema(plan, refs);
    schema.compile().unwrap_or_else(|error| panic!("{plan}: {error}"));
    for (documents, expected) in [(valid, true), (invalid, false)] {
        for document in documents {
            let value: Value = serde_json::from_str(document).expect("JSON");
            let result = schema.validate(&value);
            assert_eq!(result.is_ok(), expected, "{plan} and {document}: {result:?}");
            assert_eq!(schema.is_valid(&value), expected, "{plan} and {document}");
            if let Err(errors) = result {
                assert!(errors.len() > 0);
                for violation in &errors {
                    assert!(value.pointer(&violation.pointer).is_some(), "{violation:?}");
                }
            }
        }
    }
}

#[track_caller]
fn check(plan: &str, valid: &[&str], invalid: &[&str]) {
    check_with(plan, &[], valid, invalid);
}

#[test]
fn boolean_schemas() {
    check("true", &["null", "{}"], &[]);
    check("false", &[], &["null", "{}"]);
    check("{}", &["null", "{}"], &[]);
}

#[test]
fn type_() {
    check(r#"{"type":"null"}"#, &["null"], &["false", "0", "\"\"", "[]", "{}"]);
    check(r#"{"type":"boolean"}"#, &["true", "false"], &["null", "0", "\"true\""]);
    check(r#"{"type":"integer"}"#, &["1", "-1", "1.0", "1e2", "-0.0", "12345678901234567890123"], &["1.5", "1e-1", "\"1\"", "null"]);
    check(r#"{"type":"number"}"#, &["1", "1.5", "-1e-9"], &["\"1\"", "true"]);
    check(r#"{"type":"string"}"#, &["\"\""], &["null", "1", "[\"\"]"]);
    check(r#"{"type":"array"}"#, &["[]"], &["{}", "\"\""]);
    check(r#"{"type":"object"}"#, &["{}"], &["[]", "null"]);
    check(r#"{"type":["integer","null"]}"#, &["1.0", "null"], &["1.5", "\"\""]);
    check(r#"{"type":["integer","number"]}"#, &["1.5"], &["\"\""]);
    check(r#"{"type":[]}"#, &[], &["null"]);
}

#[test]
fn const_and_enum() {
    check(r#"{"const":null}"#, &["null"], &["false", "0"]);
    check(r#"{"const":1}"#, &["1", "1.0", "1e0"], &["true", "\"1\"", "1.1"]);
    check(r#"{"const":{"a":[1],"b":0}}"#, &[r#"{"b":-0.0,"a":[1.0]}"#], &[r#"{"a":[1]}"#, r#"{"a":[1],"b":0,"c":0}"#]);
    check(r#"{"const":9007199254740993}"#, &["9007199254740993"], &["9007199254740992", "9007199254740994"]);
    check(r#"{"enum":["b","a"]}"#, &["\"a\"", "\"b\""], &["\"c\"", "\"\"", "null"]);
    check(r#"{"enum":["a",1,null,[]]}"#, &["\"a\"", "1.0", "null", "[]"], &["\"1\"", "{}", "[null]"]);
    check(r#"{"enum":[]}"#, &[], &["null"]);
}

#[test]
fn bounds() {
    check(r#"{"minimum":1.1}"#, &["1.1", "1.10", "2", "\"x\""], &["1.0999", "-5"]);
    check(r#"{"maximum":300}"#, &["300", "300.0", "3e2", "-1e99"], &["300.01", "301"]);
    check(r#"{"exclusiveMinimum":0}"#, &["1e-300", "1"], &["0", "-0.0", "-1"]);
    check(r#"{"maximum":9007199254740992}"#, &["9007199254740992"], &["9007199254740993"]);
    check(r#"{"minimum":-2,"maximum":2}"#, &["-2", "0", "2"], &["-2.5", "2.5"]);
}

#[test]
fn multiple_of() {
    check(r#"{"multipleOf":0.01}"#, &["4.35", "19.99", "0", "-1.1", "1e300"], &["0.001", "4.355"]);
    check(r#"{"multipleOf":2}"#, &["4", "-4.0", "0", "12345678901234567890", "null"], &["3", "4.5"]);
    check(r#"{"multipleOf":1e-8}"#, &["12391239123", "0.00000001"], &["0.000000001"]);
    check(r#"{"multipleOf":0.5}"#, &["1e100"], &["0.3"]);
}

/// Checks what 64 bits cannot hold, where `serde_json` keeps the text of numbers.
#[test]
fn long_numbers() {
    if serde_json::from_str::<Value>("0.10").is_ok_and(|value| value.to_string().len() < 4) {
        return;
    }
    check(r#"{"minimum":1.1}"#, &["1.1000000000000000000001"], &["1.0999999999999999999999"]);
    check(r#"{"exclusiveMinimum":0}"#, &["1e-400"], &["-1e-400"]);
    check(r#"{"exclusiveMaximum":18446744073709551616}"#, &["18446744073709551615"], &["18446744073709551616", "1e20"]);
    check(r#"{"multipleOf":2}"#, &["123456789012345678901234567890"], &["123456789012345678901234567891"]);
    check(r#"{"multipleOf":0.5}"#, &["1e1000"], &["1e-1000"]);
    check(r#"{"const":0.1}"#, &["0.10"], &["0.1000000000000000055511151231257827"]);
}

#[test]
fn strings() {
    check(r#"{"minLength":2}"#, &["\"ab\"", "\"\u{1F600}\u{1F600}\"", "5"], &["\"a\"", "\"\u{1F600}\"", "\"\""]);
    check(r#"{"maxLength":2}"#, &["\"\"", "\"\u{1F600}\u{1F600}\""], &["\"abc\"", "\"\u{1F600}\u{1F600}\u{1F600}\""]);
    check(r#"{"minLength":2.0,"maxLength":3e0}"#, &["\"ab\"", "\"äöü\""], &["\"a\"", "\"abcd\""]);
    check(r#"{"maxLength":1e99}"#, &["\"abc\""], &[]);
    check(r#"{"pattern":"b+"}"#, &["\"abc\"", "1"], &["\"ac\"", "\"\""]);
}

#[test]
fn lists() {
    check(r#"{"minItems":1,"maxItems":2}"#, &["[1]", "[1,2]", "{}"], &["[]", "[1,2,3]"]);
    check(r#"{"prefixItems":[{"type":"string"},{"type":"null"}]}"#, &["[]", "[\"\"]", "[\"\",null,1]"], &["[1]", "[\"\",1]"]);
    check(r#"{"prefixItems":[true],"items":{"type":"null"}}"#, &["[1]", "[1,null]"], &["[1,1]"]);
    check(r#"{"prefixItems":[true],"items":false}"#, &["[]", "[1]"], &["[1,2]"]);
    check(r#"{"items":{"minimum":1}}"#, &["[]", "[1,\"\"]"], &["[1,0]"]);
    check(r#"{"uniqueItems":true}"#, &["[]", "[1,true]", "[0,false]", "[[1],[2]]"], &["[1,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]"]);
    check(r#"{"uniqueItems":false}"#, &["[1,1]"], &[]);
}

#[test]
fn contains() {
    check(r#"{"contains":{"const":1}}"#, &["[2,1]", "{}"], &["[]", "[2]"]);
    check(r#"{"contains":{"const":1},"minContains":2,"maxContains":3}"#, &["[1,1]", "[1,2,1,1]"], &["[1]", "[1,1,1,1]"]);
    check(r#"{"contains":{"const":1},"minContains":0}"#, &["[]", "[2]"], &[]);
    check(r#"{"contains":{"const":1},"minContains":0,"maxContains":0}"#, &["[]", "[2]"], &["[1]"]);
    check(r#"{"minContains":2,"maxContains":0}"#, &["[]", "[1]"], &[]);
}

#[test]
fn objects() {
    check(r#"{"minProperties":1,"maxProperties":2}"#, &[r#"{"a":1}"#, "[]"], &["{}", r#"{"a":1,"b":1,"c":1}"#]);
    check(r#"{"properties":{"a":{"type":"null"},"b":false}}"#, &["{}", r#"{"a":null,"c":1}"#, "1"], &[r#"{"a":1}"#, r#"{"b":1}"#]);
    check(r#"{"required":["a","a","constructor"]}"#, &[r#"{"constructor":1,"a":null}"#, "[]"], &[r#"{"a":1}"#, "{}"]);
    check(r#"{"properties":{"a":true},"required":["b"],"additionalProperties":false}"#, &[], &[r#"{"b":1}"#, "{}"]);
    check(
        r#"{"patternProperties":{"^x":{"type":"null"},"y$":{"type":"null"}}}"#,
        &[r#"{"x":null,"a":1}"#],
        &[r#"{"xa":1}"#, r#"{"ay":1}"#],
    );
    check(
        r#"{"properties":{"a":{}},"patternProperties":{"^x":{}},"additionalProperties":{"type":"null"}}"#,
        &[r#"{"a":1,"x1":1,"z":null}"#],
        &[r#"{"z":1}"#],
    );
    check(r#"{"properties":{"a":{"type":"string"}},"patternProperties":{"a":{"minLength":2}}}"#, &[r#"{"a":"ab"}"#], &[r#"{"a":"a"}"#]);
    check(r#"{"propertyNames":{"maxLength":2}}"#, &[r#"{"ab":1}"#, "{}", "\"abc\""], &[r#"{"abc":1}"#]);
    check(r#"{"propertyNames":false}"#, &["{}"], &[r#"{"":1}"#]);
    check(r#"{"properties":{"z":true,"a":true,"m":true},"required":["a","z"]}"#, &[r#"{"a":1,"q":1,"z":1}"#], &[r#"{"m":1,"z":1}"#]);
}

#[test]
fn dependent() {
    check(r#"{"dependentRequired":{"a":["b","c"]}}"#, &["{}", r#"{"a":1,"b":1,"c":1}"#, r#"{"b":1}"#], &[r#"{"a":1,"b":1}"#]);
    check(r#"{"dependentSchemas":{"a":{"required":["b"]},"c":false}}"#, &["{}", r#"{"a":1,"b":1}"#], &[r#"{"a":1}"#, r#"{"c":1}"#]);
}

#[test]
fn in_place() {
    check(r#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, &["1", "\"\""], &["0", "3"]);
    check(r#"{"anyOf":[{"minimum":5},{"maximum":2}]}"#, &["1", "6"], &["3"]);
    check(r#"{"oneOf":[{"minimum":2},{"maximum":4},{"const":3}]}"#, &["1", "5"], &["2", "3", "\"\""]);
    check(r#"{"not":{"type":"null"}}"#, &["1"], &["null"]);
    check(r#"{"not":{"not":{"type":"null"}}}"#, &["null"], &["1"]);
    check(r#"{"if":{"type":"number"},"then":{"minimum":1},"else":{"type":"null"}}"#, &["1", "null"], &["0", "\"\""]);
    check(r#"{"if":{"type":"number"},"then":{"minimum":1}}"#, &["1", "null", "\"\""], &["0"]);
    check(r#"{"then":false,"else":false}"#, &["1"], &[]);
}

#[test]
fn unevaluated_properties() {
    check(
        r#"{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}"#,
        &[r#"{"a":1,"b":1}"#, "{}", "1"],
        &[r#"{"a":1,"c":1}"#],
    );
    check(
        r#"{"anyOf":[{"properties":{"a":true},"required":["a"]},{"properties":{"b":true},"required":["b"]}],"unevaluatedProperties":false}"#,
        &[r#"{"a":1}"#, r#"{"b":1}"#, r#"{"a":1,"b":1}"#],
        &["{}", r#"{"a":1,"c":1}"#],
    );
    check(
        r#"{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":true}},"unevaluatedProperties":{"type":"null"}}"#,
        &[r#"{"a":1,"b":1,"c":null}"#, r#"{"a":null,"b":null}"#],
        &[r#"{"a":2}"#, r#"{"a":1,"c":1}"#],
    );
    check(r#"{"not":{"properties":{"a":{"const":1}}},"unevaluatedProperties":false}"#, &[], &[r#"{"a":2}"#]);
    check(r#"{"dependentSchemas":{"a":{"properties":{"a":true}}},"unevaluatedProperties":false}"#, &[r#"{"a":1}"#], &[r#"{"b":1}"#]);
    check(r#"{"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false}"#, &[r#"{"a":1}"#], &[]);
    check(r#"{"allOf":[{"properties":{"a":true}},{"unevaluatedProperties":false}]}"#, &["{}"], &[r#"{"a":1}"#]);
    check(r#"{"patternProperties":{"^x":true},"unevaluatedProperties":false}"#, &[r#"{"x1":1}"#], &[r#"{"y":1}"#]);
    check(r#"{"allOf":[{"additionalProperties":true}],"unevaluatedProperties":false}"#, &[r#"{"y":1}"#], &[]);
    // What a failed alternative has judged does not count.
    check(
        r#"{"anyOf":[{"properties":{"a":true},"required":["z"]},true],"unevaluatedProperties":false}"#,
        &["{}"],
        &[r#"{"a":1}"#, r#"{"a":1,"z":1}"#],
    );
}

#[test]
fn unevaluated_items() {
    check(r#"{"allOf":[{"prefixItems":[true]}],"unevaluatedItems":false}"#, &["[]", "[1]"], &["[1,2]"]);
    check(r#"{"contains":{"const":1},"unevaluatedItems":{"const":2}}"#, &["[1]", "[2,1,2]"], &["[1,3]", "[2]"]);
    check(r#"{"items":true,"unevaluatedItems":false}"#, &["[1,2]"], &[]);
    check(
        r#"{"oneOf":[{"prefixItems":[{"const":1}]},{"prefixItems":[{"const":2},true]}],"unevaluatedItems":false}"#,
        &["[1]", "[2,1]"],
        &["[1,1]"],
    );
    check(r#"{"prefixItems":[true],"items":{"type":"null"},"unevaluatedItems":false}"#, &["[1,null]"], &["[1,1]"]);
}

#[test]
fn references() {
    static LIST: Schema =
        Schema::new(r#"{"type":["object","null"],"properties":{"next":{"$ref":"List"}},"required":["next"]}"#, &[("List", &LIST)]);
    static EVEN: Schema = Schema::new(
        r#"{"prefixItems":[true],"items":false,"contains":{"$ref":"Odd"},"minContains":0,"anyOf":[{"maxItems":0},{"items":{"$ref":"Odd"}}]}"#,
        &[("Odd", &ODD)],
    );
    static ODD: Schema = Schema::new(r#"{"type":"array","minItems":1,"items":{"$ref":"Even"}}"#, &[("Even", &EVEN)]);
    const REFS: &[(&str, &Schema)] = &[("List", &LIST), ("Even", &EVEN)];
    check_with(r#"{"$ref":"List"}"#, REFS, &["null", r#"{"next":{"next":null}}"#], &["1", r#"{"next":{}}"#]);
    check_with(r#"{"$ref":"List","minProperties":2}"#, REFS, &["null", r#"{"next":null,"a":1}"#], &[r#"{"next":null}"#]);
    check_with(r#"{"$ref":"List","unevaluatedProperties":false}"#, REFS, &[r#"{"next":null}"#], &[r#"{"next":null,"a":1}"#]);
    check_with(r#"{"$ref":"Even"}"#, REFS, &["[]", "[[[]]]"], &["[[]]"]);
}

#[test]
fn dynamic_references() {
    static TREE: Schema = Schema::new(
        r#"{"type":"object","properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"Tree","anchor":"node"}}}}"#,
        &[("Tree", &TREE), ("#node", &TREE)],
    );
    static STRICT: Schema = Schema::new(r#"{"$ref":"Tree","unevaluatedProperties":false}"#, &[("Tree", &TREE), ("#node", &STRICT)]);
    const REFS: &[(&str, &Schema)] = &[("Tree", &TREE), ("Strict", &STRICT)];
    let misspelled = r#"{"children":[{"daat":1}]}"#;
    check_with(r#"{"$ref":"Tree"}"#, REFS, &[misspelled], &[r#"{"children":[1]}"#]);
    check_with(r#"{"$ref":"Strict"}"#, REFS, &[r#"{"children":[{"data":1}]}"#], &[misspelled]);
}

#[test]
fn unusable_schemas_accept_nothing() {
    static BROKEN: Schema = Schema::new("{", &[]);
    const REFS: &[(&str, &Schema)] = &[("Broken", &BROKEN)];
    let cases = [
        ("{", "the plan is broken at \"\": EOF while parsing an object at line 1 column 1"),
        ("{} {}", "the plan is broken at \"\": trailing characters at line 1 column 4"),
        ("7", "the plan is broken at \"\": a schema is an object or a boolean"),
        (r#"{"properties":{"a/b":{"type":"text"}}}"#, "the plan is broken at \"/properties/a~1b/type\": \"text\" is no type"),
        (r#"{"multipleOf":0}"#, "the plan is broken at \"/multipleOf\": it is not greater than zero"),
        (r#"{"minLength":-1}"#, "the plan is broken at \"/minLength\": it is no count"),
        (r#"{"minLength":1.5}"#, "the plan is broken at \"/minLength\": it is no count"),
        (r#"{"allOf":[{"$ref":"Nobody"}]}"#, "the plan refers at \"/allOf/0/$ref\" to \"Nobody\", which stands for nothing"),
        (r#"{"pattern":"("}"#, "the plan has at \"/pattern\" the pattern \"(\", which is no regular expression: Unbalanced parenthesis"),
        (r#"{"$ref":"Broken"}"#, "the plan is broken at \"\": EOF while parsing an object at line 1 column 1"),
    ];
    for (plan, message) in cases {
        let schema = schema(plan, REFS);
        assert_eq!(schema.compile().expect_err(plan).to_string(), message);
        assert!(!schema.is_valid(&Value::Null), "{plan}");
        let errors = schema.validate(&Value::Null).expect_err(plan);
        assert!(errors.to_string().contains(message), "{errors}");
    }
}
