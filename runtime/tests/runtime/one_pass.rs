//! Decoding and validating in one pass does what the two do one after the other, whatever the type is like.

use std::{collections::BTreeMap, fmt::Debug};

use eventc::{DecodeError, Schema, serde_support};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;

static SCHEMAS: [Schema; 14] = [
    Schema::new("true", &[]),
    Schema::new(r#"{"type":"object","properties":{"a":{"type":"integer","maximum":9},"b":{"type":"string"}},"required":["a","b"]}"#, &[]),
    Schema::new(r#"{"type":"object","properties":{"a":{"type":["integer","null"]}},"additionalProperties":false}"#, &[]),
    Schema::new(r#"{"properties":{"a":{"maximum":0.1},"b":{"enum":["x","y",1.0]}}}"#, &[]),
    Schema::new(r#"{"maxProperties":1,"minProperties":1}"#, &[]),
    Schema::new(r#"{"minProperties":2}"#, &[]),
    Schema::new(
        r#"{"propertyNames":{"maxLength":1},"patternProperties":{"^[ab]$":{"type":["integer","string"]}},"additionalProperties":{"type":"array"}}"#,
        &[],
    ),
    Schema::new(r#"{"type":"array","prefixItems":[{"type":"integer"},{"type":"string","pattern":"^x"}],"items":false,"minItems":2}"#, &[]),
    Schema::new(r#"{"type":"array","items":{"type":"integer"},"uniqueItems":true,"maxItems":3}"#, &[]),
    Schema::new(
        r#"{"oneOf":[{"type":"object","properties":{"a":{"const":1}},"required":["a"]},{"type":"array","contains":{"const":"x"}},{"type":"null"},{"type":"string","minLength":2},{"type":"integer","minimum":18446744073709551615}]}"#,
        &[],
    ),
    Schema::new(
        r#"{"anyOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{"type":"string"}},"required":["b"]}],"unevaluatedProperties":false}"#,
        &[],
    ),
    Schema::new(r#"{"const":{"a":1,"b":"x"}}"#, &[]),
    Schema::new(r#"{"type":"string","enum":["x","y"]}"#, &[]),
    Schema::new(r#"{"if":{"type":"object"},"then":{"required":["a"]},"else":{"not":{"type":"null"}}}"#, &[]),
];

const DOCUMENTS: &[&str] = &[
    "null",
    "true",
    "0",
    "1",
    "1.0",
    "0.1",
    "0.10000000000000000001",
    "0.1000000016",
    "1e2",
    "1e999",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211455",
    r#""""#,
    r#""x""#,
    r#""xy""#,
    r#""\u0078""#,
    r#""\ud800""#,
    "[]",
    "[1]",
    r#"[1,"x"]"#,
    r#"[1,"y"]"#,
    r#"[1,"x",2]"#,
    "[1,1]",
    "[1,1.0,2]",
    r#"["x"]"#,
    r#"["\ud800"]"#,
    "[1,2,3,4]",
    "{}",
    r#"{"a":1}"#,
    r#"{"a":null}"#,
    r#"{"a":10,"b":"x"}"#,
    r#"{"a":1,"b":"x"}"#,
    r#"{"b":"x","a":1.0}"#,
    r#"{"a":1,"a":2}"#,
    r#"{"a":10,"a":2,"b":"x"}"#,
    r#"{"a":2,"a":10,"b":"x"}"#,
    r#"{"a":1,"b":1}"#,
    r#"{"a":0.1,"b":1}"#,
    r#"{"a":0.1000000016,"b":"y"}"#,
    r#"{"\u0061":1,"b":"x"}"#,
    r#"{"a":1,"b":"x","c":"\ud800"}"#,
    r#"{"a":1,"b":"x","c":1e999}"#,
    r#"{"a":1,"b":"x","c":[null,{"d":true}]}"#,
    r#"{"c":[]}"#,
    r#"{"c":{}}"#,
    r#"{"cc":[]}"#,
    r#"{"7":[]}"#,
    r#"{"x":1}"#,
    r#"{"b":"x"}"#,
    r#"{"$serde_json::private::Number":"5"}"#,
    "{",
    r#"{"a":1,"b":"x"} 1"#,
    "",
    "[1,]",
    r#"{"a" 1}"#,
];

/// Returns both ways, for all schemas and documents; returns what was decoded.
fn agree<T: DeserializeOwned + Debug>() -> usize {
    let mut decoded = 0;
    let deep = format!("{}1{}", r#"{"a":1,"b":"x","c":"#.to_owned() + &"[".repeat(126), "]".repeat(126) + "}");
    let deeper = format!("{}1{}", r#"{"a":1,"b":"x","c":"#.to_owned() + &"[".repeat(127), "]".repeat(127) + "}");
    for schema in &SCHEMAS {
        for document in DOCUMENTS.iter().copied().chain([deep.as_str(), deeper.as_str()]) {
            let judged = serde_json::from_str::<Value>(document)
                .map_err(|error| error.to_string())
                .and_then(|value| schema.validate(&value).map_err(|errors| errors.to_string()));
            let valid = judged.is_ok();
            let expected = judged.and_then(|()| serde_json::from_str::<T>(document).map_err(|error| error.to_string()));
            let found = schema.decode::<T>(document.as_bytes());
            match (&expected, &found) {
                (Ok(expected), Ok(found)) => {
                    assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{document} under {}", schema.plan());
                    decoded += 1;
                }
                (Err(expected), Err(DecodeError::Invalid(errors))) => assert_eq!(errors.to_string(), *expected),
                (Err(_), Err(DecodeError::Json { .. })) => {}
                // What is judged as a whole is read from a `Value`, which has each property once, and numbers in a form that serde's
                // buffers can take.
                (Err(_), Ok(_)) if valid => {}
                other => panic!("{document} under {}: {other:?}", schema.plan()),
            }
        }
    }
    decoded
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only reading counts")]
struct Strict {
    a: i64,
    b: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only reading counts")]
struct Tolerant {
    #[serde(default, deserialize_with = "serde_support::integer")]
    a: Option<i64>,
    b: Option<Letter>,
}

#[derive(Debug, Deserialize)]
enum Letter {
    #[serde(rename = "x")]
    X,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only reading counts")]
struct Flat {
    a: Option<f32>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "only reading counts")]
enum Any {
    Strict(Strict),
    Number(f64),
    Text(String),
    Pair(i64, String),
    List(Vec<Any>),
    Nothing,
}

/// A reader of numbers that takes anything else for none.
#[derive(Debug)]
#[allow(dead_code, reason = "only reading counts")]
struct Careless(Option<u64>);

impl<'de> Deserialize<'de> for Careless {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(u64::deserialize(deserializer).ok()))
    }
}

#[test]
fn one_pass_is_as_strict_as_two() {
    assert!(agree::<Value>() > 150);
    assert!(agree::<IgnoredAny>() > 150);
    assert!(agree::<Strict>() > 5);
    assert!(agree::<Tolerant>() > 20);
    assert!(agree::<Flat>() > 20);
    assert!(agree::<Any>() > 50);
    assert!(agree::<Careless>() > 10);
    assert!(agree::<BTreeMap<String, Careless>>() > 10);
    assert!(agree::<BTreeMap<u8, Value>>() > 1);
    assert!(agree::<Vec<i64>>() > 5);
    assert!(agree::<(i64, String)>() > 1);
    assert!(agree::<(i64,)>() > 1);
    assert!(agree::<String>() > 5);
    assert!(agree::<char>() > 1);
    assert!(agree::<Letter>() > 1);
    assert!(agree::<Option<Letter>>() > 1);
    assert!(agree::<f32>() > 5);
    assert!(agree::<f64>() > 5);
    assert!(agree::<i128>() > 5);
    assert!(agree::<u128>() > 5);
    assert!(agree::<u64>() > 5);
    assert!(agree::<bool>() > 1);
    assert!(agree::<()>() > 1);
}

#[test]
fn text_is_borrowed_where_it_can_be() {
    static NAMES: Schema = Schema::new(r#"{"type":"object","additionalProperties":{"type":"string","maxLength":3}}"#, &[]);
    let names: BTreeMap<&str, &str> = NAMES.decode(br#"{"a":"xyz"}"#).expect("it is valid");
    assert_eq!(names["a"], "xyz");
}
