//! Random changes of a project's text: half of them change values and keep the JSON whole, so that they get past the parser.

use std::thread;

use serde_json::{Map, Value, json};

use crate::{hostile, multi_file, random::Random};

/// The maximum size of a text that is made.
const MAX_BYTES: usize = 64 << 10;

/// The maximum depth by which one change nests values.
const MAX_DEPTH: usize = 1500;

/// Keywords whose value is a schema.
const ONE: &[&str] = &[
    "items",
    "additionalItems",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems", "items", "type", "extends", "disallow"];
/// Keywords whose value is a map of schemas.
const MAP: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
/// Keywords with other values.
const PLAIN: &[&str] = &[
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "divisibleBy",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "required",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "format",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "$id",
    "id",
    "$ref",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$recursiveRef",
    "$recursiveAnchor",
    "$schema",
    "$comment",
    "$vocabulary",
    "x-event",
    "x-sensitive",
    "nullable",
    "readOnly",
    "contentEncoding",
    "name",
    "fields",
    "symbols",
    "logicalType",
    "size",
];
const TYPES: &[&str] =
    &["string", "number", "integer", "object", "array", "boolean", "null", "any", "record", "enum", "map", "union", "bytes"];
const DIALECTS: &[&str] = &[
    "http://json-schema.org/draft-03/schema#",
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "https://example.com/unknown",
];
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "0.1",
    "1e400",
    "-1e400",
    "1e-400",
    "1e99999999",
    "1E-99999999",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775809",
    "340282366920938463463374607431768211456",
    "0.30000000000000004",
    "1.0",
    "1e2",
    "100000",
];
const PATTERNS: &[&str] = &[
    "^a+$",
    "(a+)+$",
    "^(a|a?)+$",
    "\\p{L}+",
    "[^]",
    "(?<=a)b",
    "(?!a)",
    "\\bword\\b",
    "^.{0,1000}$",
    "^.{100000}$",
    "(((((((((((a){9}){9}){9})))))))))",
    "[\\d-x]",
    "\\u{1F600}",
    "\\cA",
    "(?<name>a)\\k<name>",
    "[[a]&&[b]]",
    "a{2,1}",
    "(",
    "\\",
    "^[\\s\\S]*$",
    "x*x*x*x*x*x*x*x*y",
    "\\1",
    "$^",
];

/// Stack for values of that depth.
const STACK: usize = 1 << 30;

/// Returns the text with some changes. The same seed makes the same changes.
pub fn mutate_text(text: &str, seed: u64) -> String {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || change(text, seed));
        worker.expect("a thread can be had").join().expect("no panic")
    })
}

fn change(text: &str, seed: u64) -> String {
    let mut random = Random(seed);
    let mut files: Vec<(String, String)> =
        multi_file::split(text).into_iter().map(|(path, body)| (path.to_owned(), body.to_owned())).collect();
    for _ in 0..=random.below(4) {
        let at = random.below(files.len());
        let changed = match serde_json::from_str::<Value>(&files[at].1) {
            Ok(value) if random.chance(85) => structural(&mut random, value, &files),
            _ => textual(&mut random, &files[at].1),
        };
        if changed.len() <= MAX_BYTES {
            files[at].1 = changed;
        }
        if random.chance(5) {
            whole(&mut random, &mut files);
        }
    }
    multi_file::join(&files)
}

/// Changes what files there are, or what one is called.
fn whole(random: &mut Random, files: &mut Vec<(String, String)>) {
    let at = random.below(files.len());
    match random.below(4) {
        0 => {
            let ending = random.pick(&[".json", ".yaml", ".avsc", ".v2.json", ""]);
            let (folder, _) = files[at].0.rsplit_once('/').unwrap_or(("", ""));
            files[at].0 = format!("{folder}/{}{ending}", word(random));
        }
        1 if files.len() < 8 => {
            let copy = files[at].clone();
            files.push((format!("{}{}.json", random.pick(&["", "a/", "schemas/events/"]), random.below(9)), copy.1));
        }
        2 if files.len() > 1 => {
            files.remove(at);
        }
        _ => {
            let other = random.below(files.len());
            files.swap(at, other);
        }
    }
}

// --- changes of values

fn structural(random: &mut Random, mut value: Value, files: &[(String, String)]) -> String {
    for _ in 0..=random.below(3) {
        let pointers = places(&value);
        let taken = value.pointer(&pointers[random.below(pointers.len())]).cloned().unwrap_or(Value::Null);
        let at = random.pick(&pointers[..]).clone();
        let targets = &pointers;
        let Some(place) = value.pointer_mut(&at) else { continue };
        match random.below(12) {
            0 => *place = taken,
            1 => *place = scalar(random, targets, files),
            2 => wrap(random, place),
            3 => {
                if let Value::Array(items) = place {
                    let copies = random.below(40);
                    items.extend(std::iter::repeat_n(taken, copies));
                }
            }
            4 => rename(random, place),
            5 => remove(random, place),
            6 if random.chance(10) => nest(random, place),
            _ => insert(random, place, taken, targets, files),
        }
    }
    value.to_string()
}

/// Returns pointers to a value's parts, those of a random order not needed: any of them is picked with the same chance.
fn places(value: &Value) -> Vec<String> {
    const MAX_NODES: usize = 2000;
    let mut found = vec![(String::new(), value)];
    let mut at = 0;
    while at < found.len() && found.len() < MAX_NODES {
        let (pointer, value) = found[at].clone();
        match value {
            Value::Object(members) => {
                found
                    .extend(members.iter().map(|(key, value)| (format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)));
            }
            Value::Array(items) => found.extend(items.iter().enumerate().map(|(index, value)| (format!("{pointer}/{index}"), value))),
            _ => {}
        }
        at += 1;
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}

fn word(random: &mut Random) -> String {
    let list = if random.chance(50) { hostile::NAMES } else { hostile::TEXTS };
    (*random.pick(list)).to_owned()
}

fn scalar(random: &mut Random, targets: &[String], files: &[(String, String)]) -> Value {
    match random.below(9) {
        0 => Value::Null,
        1 => json!(random.chance(50)),
        2 | 3 => serde_json::from_str::<Value>(random.pick::<&str>(NUMBERS)).unwrap_or(Value::Null),
        4 => json!(random.pick(TYPES)),
        5 => json!(random.pick(PATTERNS)),
        6 => json!(reference(random, targets, files)),
        7 => json!("x".repeat(random.below(1000))),
        _ => json!(word(random)),
    }
}

fn reference(random: &mut Random, targets: &[String], files: &[(String, String)]) -> String {
    let target = random.pick(targets);
    match random.below(6) {
        0 => "#".to_owned(),
        1 => format!("{}#{target}", random.pick(files).0),
        2 => format!("#{}", target.replace('/', "%2F")),
        3 => format!("#{}", word(random)),
        4 => format!("{}{target}", random.pick(&["https://example.com/", "file:///etc/", "../../", "urn:x:", "//", "?#", "%"])),
        _ => format!("#{target}"),
    }
}

fn wrap(random: &mut Random, place: &mut Value) {
    let inner = place.take();
    *place = match random.below(3) {
        0 => json!({ *random.pick(ONE): inner }),
        1 => json!({ *random.pick(LIST): [inner] }),
        _ => json!({ *random.pick(MAP): { word(random): inner } }),
    };
}

fn nest(random: &mut Random, place: &mut Value) {
    let word = *random.pick(ONE);
    for _ in 0..random.below(MAX_DEPTH) {
        *place = json!({ word: place.take() });
    }
}

fn rename(random: &mut Random, place: &mut Value) {
    let Value::Object(members) = place else { return };
    let Some(key) = members.keys().nth(random.below(members.len())).cloned() else { return };
    let value = members.shift_remove(&key).unwrap_or(Value::Null);
    members.insert(word(random), value);
}

fn remove(random: &mut Random, place: &mut Value) {
    match place {
        Value::Object(members) => {
            if let Some(key) = members.keys().nth(random.below(members.len())).cloned() {
                members.shift_remove(&key);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(random.below(items.len()));
        }
        _ => {}
    }
}

/// Adds a keyword, or replaces it.
fn insert(random: &mut Random, place: &mut Value, taken: Value, targets: &[String], files: &[(String, String)]) {
    let Value::Object(members) = place else { return };
    let (keyword, value) = match random.below(5) {
        0 => (*random.pick(ONE), taken),
        1 => (*random.pick(LIST), json!([taken, scalar(random, targets, files), {"type": random.pick(TYPES)}])),
        2 => {
            let keyword = *random.pick(MAP);
            let names = (0..random.below(30)).map(|_| (word(random), taken.clone()));
            (keyword, Value::Object(names.collect::<Map<_, _>>()))
        }
        _ => plain(random, taken, targets, files),
    };
    members.insert(keyword.to_owned(), value);
}

fn plain(random: &mut Random, taken: Value, targets: &[String], files: &[(String, String)]) -> (&'static str, Value) {
    let keyword = *random.pick(PLAIN);
    let value = match keyword {
        _ if random.chance(15) => taken,
        "type" => json!(random.pick(TYPES)),
        "pattern" => json!(random.pick(PATTERNS)),
        "$schema" => json!(random.pick(DIALECTS)),
        "$ref" | "$dynamicRef" | "$recursiveRef" | "$id" | "id" => json!(reference(random, targets, files)),
        "enum" | "examples" => json!([word(random), word(random), scalar(random, targets, files), taken]),
        "required" => json!([word(random), word(random)]),
        "dependentRequired" => json!({ word(random): [word(random)] }),
        "uniqueItems" | "deprecated" | "nullable" => json!(true),
        "format" => json!(random.pick(&["date-time", "uuid", "int64", "byte", "regex", "uri", "duration", "ipv6", "x"])),
        word if word.starts_with("min") || word.starts_with("max") || word.contains("clusive") || word.ends_with("Of") => {
            serde_json::from_str::<Value>(random.pick::<&str>(NUMBERS)).unwrap_or(Value::Null)
        }
        _ => scalar(random, targets, files),
    };
    (keyword, value)
}

// --- changes of text

fn textual(random: &mut Random, text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (from, to) = (random.below(letters.len() + 1), random.below(letters.len() + 1));
    let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 200));
    let (before, middle, after) = (&letters[..from], &letters[from..to], &letters[to..]);
    let middle: Vec<char> = match random.below(6) {
        0 => Vec::new(),
        1 => middle.repeat(random.below(30)),
        2 => word(random).chars().collect(),
        3 => return before.iter().collect(),
        4 => random
            .pick(&["[", "{\"a\":", "- ", "&a *a", "? ", "\"", "\\u0000", "\\ud800", "\u{feff}", "#", "<<: *a", "!!x ", "|\n", "= ", "[["])
            .repeat(random.below(MAX_DEPTH))
            .chars()
            .collect(),
        _ => middle.iter().rev().copied().collect(),
    };
    before.iter().chain(&middle).chain(after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_changes_and_another_makes_others() {
        let text = "=== a.json\n{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}\n";
        assert_eq!(mutate_text(text, 7), mutate_text(text, 7));
        let made: std::collections::BTreeSet<String> = (0..50).map(|seed| mutate_text(text, seed)).collect();
        assert!(made.len() > 40, "{} different texts", made.len());
        let whole = made.iter().filter(|text| multi_file::split(text).iter().all(|(_, body)| serde_json::from_str::<Value>(body).is_ok()));
        assert!(whole.count() > 20, "most changes keep the JSON whole");
    }
}
