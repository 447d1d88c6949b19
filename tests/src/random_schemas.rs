//! Schemas of any keywords beside each other, and documents of the same small values: what proofs and translations are held against.

use serde_json::{Map, Value, json};

use crate::random::Random;

const NAMES: &[&str] = &["a", "b", "ab", "x-1"];
const PATTERNS: &[&str] = &["^a", "b$", "^[ab]+$", "^x-", "^.{2}$", "^(?!a)", r"\d"];
const TYPES: &[&str] = &["string", "number", "integer", "object", "array", "boolean", "null"];

/// Returns a document of small values, so that schemas have something to say about it.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(random.chance(50)),
        2 => json!(random.below(7)),
        3 => json!(f64::from(u8::try_from(random.below(12)).expect("small")) / 2.0),
        4 | 5 => json!(*random.pick(&["", "a", "b", "ab", "ba", "aab", "x-1", "1"])),
        6 => json!((0..random.below(4)).map(|_| value(random, depth - 1)).collect::<Vec<_>>()),
        _ => Value::Object((0..random.below(4)).map(|_| ((*random.pick(NAMES)).to_owned(), value(random, depth - 1))).collect()),
    }
}

/// Returns a schema of draft 2020-12 without references.
pub fn schema(random: &mut Random, depth: usize) -> Value {
    if random.chance(6) {
        return json!(random.chance(70));
    }
    let mut members = Map::new();
    if random.chance(60) {
        members.insert("type".into(), kind(random));
    }
    for _ in 0..=random.below(3) {
        let (keyword, value) = keyword(random, depth);
        members.insert(keyword.into(), value);
    }
    Value::Object(members)
}

fn kind(random: &mut Random) -> Value {
    if random.chance(75) {
        return json!(*random.pick(TYPES));
    }
    let mut kinds = vec![*random.pick(TYPES), *random.pick(TYPES)];
    kinds.dedup();
    json!(kinds)
}

/// Returns a keyword with its value.
pub fn keyword(random: &mut Random, depth: usize) -> (&'static str, Value) {
    let plain = 18;
    let count = |random: &mut Random| json!(random.below(4));
    match random.below(if depth == 0 { plain } else { plain + 20 }) {
        0 => ("type", kind(random)),
        1 => ("const", value(random, 1)),
        2 => ("enum", json!([value(random, 1), value(random, 1), value(random, 0)])),
        3 => ("minimum", json!(random.below(5))),
        4 => ("maximum", json!(random.below(7))),
        5 => ("exclusiveMinimum", json!(random.below(5))),
        6 => ("exclusiveMaximum", json!(random.below(7))),
        7 => ("multipleOf", random.pick(&[json!(1), json!(2), json!(3), json!(0.5), json!(1.5)]).clone()),
        8 => ("minLength", count(random)),
        9 => ("maxLength", count(random)),
        10 => ("pattern", json!(*random.pick(PATTERNS))),
        11 => ("required", json!([*random.pick(NAMES)])),
        12 => ("minProperties", count(random)),
        13 => ("maxProperties", count(random)),
        14 => ("minItems", count(random)),
        15 => ("maxItems", count(random)),
        16 => ("uniqueItems", json!(true)),
        17 => ("dependentRequired", json!({ *random.pick(NAMES): [*random.pick(NAMES)] })),
        other => applicator(random, depth - 1, other - plain),
    }
}

fn applicator(random: &mut Random, depth: usize, which: usize) -> (&'static str, Value) {
    let list = |random: &mut Random| json!((0..=random.below(3)).map(|_| schema(random, depth)).collect::<Vec<_>>());
    match which {
        0..3 => ("properties", map(random, NAMES, depth)),
        3 => ("patternProperties", map(random, PATTERNS, depth)),
        4 | 5 => ("additionalProperties", if random.chance(40) { json!(false) } else { schema(random, depth) }),
        6 => ("propertyNames", schema(random, 0)),
        7 | 8 => ("items", schema(random, depth)),
        9 => ("prefixItems", list(random)),
        10 => ("contains", schema(random, depth)),
        11 => ("allOf", list(random)),
        12 => ("anyOf", list(random)),
        13 => ("oneOf", list(random)),
        14 => ("not", schema(random, depth)),
        15 => ("dependentSchemas", map(random, NAMES, depth)),
        16 => ("unevaluatedProperties", if random.chance(60) { json!(false) } else { schema(random, depth) }),
        17 => ("unevaluatedItems", if random.chance(60) { json!(false) } else { schema(random, depth) }),
        18 => ("if", schema(random, depth)),
        _ => (if random.chance(50) { "then" } else { "else" }, schema(random, depth)),
    }
}

fn map(random: &mut Random, keys: &[&str], depth: usize) -> Value {
    Value::Object((0..=random.below(2)).map(|_| ((*random.pick(keys)).to_owned(), schema(random, depth))).collect())
}
