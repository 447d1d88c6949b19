//! What is said of keywords whose values mean nothing.

use serde_json::Value;

use super::Kind;
use crate::names::nearest;

/// A value is shown up to this length, in characters.
const MAX_SHOWN: usize = 60;

/// Words of other languages for types.
const MEANT: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int32", "integer"),
    ("int64", "integer"),
    ("long", "integer"),
    ("short", "integer"),
    ("byte", "integer"),
    ("uint", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("str", "string"),
    ("text", "string"),
    ("char", "string"),
    ("varchar", "string"),
    ("uuid", "string"),
    ("date", "string"),
    ("datetime", "string"),
    ("timestamp", "string"),
    ("bool", "boolean"),
    ("list", "array"),
    ("tuple", "array"),
    ("set", "array"),
    ("dict", "object"),
    ("map", "object"),
    ("record", "object"),
    ("struct", "object"),
    ("none", "null"),
    ("nul", "null"),
    ("nil", "null"),
];

/// Returns a value as messages show it: the beginning of a long one.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= MAX_SHOWN { text } else { text.chars().take(MAX_SHOWN).chain(['…']).collect() }
}

/// Returns what to write in place of the value of a keyword.
pub(super) fn help(keyword: &str, found: &Value) -> String {
    match (keyword, found) {
        ("type", _) => of_type(found),
        ("required", Value::Bool(_)) => {
            "since draft 4 the schema around it has the list: add the property's name to `required` beside `properties`".to_owned()
        }
        ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(_)) => {
            "a flag beside the bound is of draft 4: state the bound here, or declare \"$schema\": \"http://json-schema.org/draft-04/schema#\"".to_owned()
        }
        (_, Value::String(text)) if text.parse::<f64>().is_ok() || ["true", "false"].contains(&text.as_str()) => {
            format!("write {text} without quotes")
        }
        ("items", Value::Array(_)) => "in 2020-12 a list of schemas is `prefixItems`".to_owned(),
        ("properties", Value::Array(_)) => "write an object: each property's name, and its schema".to_owned(),
        ("enum" | "examples", value) if !value.is_array() => format!("write [{}]", shown(value)),
        ("required", Value::String(name)) => format!("write [{name:?}]"),
        _ => "correct the value, or remove the keyword".to_owned(),
    }
}

fn of_type(found: &Value) -> String {
    let words: Vec<&str> = match found {
        Value::String(word) => vec![word],
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let wrong = words.into_iter().find(|word| Kind::of(word).is_none());
    let names = Kind::ALL.map(|kind| format!("{:?}", kind.as_str()));
    let (last, first) = names.split_last().map_or((String::new(), String::new()), |(last, first)| (last.clone(), first.join(", ")));
    let types = format!("the types are {first} and {last}");
    match wrong.and_then(meant) {
        Some(near) => format!("did you mean {near:?}? {types}"),
        None if wrong == Some("any") => format!("remove `type`, which then allows any; {types}"),
        None if wrong == Some("file") => format!("a file is a \"string\" with `contentEncoding`; {types}"),
        None => types,
    }
}

fn meant(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let known = MEANT.iter().find(|(other, _)| *other == lower).map(|(_, meant)| *meant);
    known.or_else(|| Kind::of(&lower).map(Kind::as_str)).or_else(|| nearest(&lower, Kind::ALL.into_iter().map(Kind::as_str)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn help_names_what_is_meant() {
        for (keyword, value, expected) in [
            ("type", json!("int"), "did you mean \"integer\"?"),
            ("type", json!("String"), "did you mean \"string\"?"),
            ("type", json!(["string", "nul"]), "did you mean \"null\"?"),
            ("type", json!("obejct"), "did you mean \"object\"?"),
            ("type", json!("any"), "remove `type`"),
            ("type", json!(7), "the types are \"null\", \"boolean\", \"integer\", \"number\", \"string\", \"array\" and \"object\""),
            ("required", json!(true), "add the property's name to `required` beside `properties`"),
            ("required", json!("id"), "write [\"id\"]"),
            ("minLength", json!("3"), "write 3 without quotes"),
            ("exclusiveMinimum", json!(true), "state the bound here"),
            ("enum", json!("a"), "write [\"a\"]"),
        ] {
            let found = help(keyword, &value);
            assert!(found.contains(expected), "{keyword} {value}: {found}");
        }
    }
}
