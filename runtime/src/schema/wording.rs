//! Violations in words: what is asked, and what was found.
//!
//! The sentences stand in `violations.txt`: whatever language eventc generates says the same.

use std::fmt::Write as _;

use serde_json::Value;

use super::plan::{Range, TypeSet};

/// A line for each sentence: its key, and the sentence with the names of what goes into it in braces.
const SENTENCES: &str = include_str!("violations.txt");

/// The longest value of a schema, or name, that is shown whole, in characters.
const MAX_LITERAL_LENGTH: usize = 80;

/// The longest text found that is shown, in characters.
const MAX_FOUND_LENGTH: usize = 60;

/// The most members of an enum that are listed.
const MAX_LISTED: usize = 12;

/// Returns the sentence of a key, with what goes into it.
fn say(key: &str, values: &[(&str, &str)]) -> String {
    let mut rest = SENTENCES.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).unwrap_or(key);
    let mut out = String::new();
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(before, inside)| Some((before, inside.split_once('}')?))) {
        out.push_str(before);
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out + rest
}

/// Returns a schema that is `false`.
pub(super) fn never() -> String {
    say("false", &[])
}

pub(super) fn unusable(name: &str, error: &crate::SchemaError) -> String {
    format!("cannot be judged by the schema {name:?}: {error}")
}

pub(super) fn too_deep() -> String {
    say("depth", &[])
}

pub(super) fn wrong_type(kinds: TypeSet) -> String {
    let mut names: Vec<&str> = kinds.names().collect();
    if kinds.contains(TypeSet::NUMBER) {
        names.retain(|name| *name != "an integer");
    }
    if names.first() == Some(&"null") {
        names.rotate_left(1);
    }
    if names.is_empty() { never() } else { say("type", &[("types", &joined(&names))]) }
}

pub(super) fn not_constant(constant: &Value) -> String {
    say("const", &[("value", &literal(constant))])
}

pub(super) fn not_a_member(members: &[Value]) -> String {
    if let [only] = members {
        return not_constant(only);
    }
    let mut listed: Vec<String> = members.iter().take(MAX_LISTED).map(literal).collect();
    if members.len() > MAX_LISTED {
        listed.push(format!("{} more", members.len() - MAX_LISTED));
    }
    say("enum", &[("values", &joined(&listed))])
}

pub(super) fn out_of_bounds(keyword: &str, bound: &str) -> String {
    say(keyword, &[("limit", bound)])
}

/// Returns a number of characters, items or properties that a keyword refuses.
pub(super) fn wrong_count(keyword: &str, range: Range, one: &str, many: &str) -> String {
    let limit = if keyword.starts_with("max") { range.most } else { range.least };
    say(if keyword == "minContains" { "contains" } else { keyword }, &[("count", &counted(limit, one, many))])
}

pub(super) fn no_match(pattern: &str) -> String {
    say("pattern", &[("pattern", &shortened(pattern))])
}

pub(super) fn repeated(index: usize) -> String {
    say("uniqueItems", &[("index", &index.to_string())])
}

pub(super) fn missing(name: &str) -> String {
    say("required", &[("name", &literal(&Value::from(name)))])
}

pub(super) fn missing_beside(name: &str, present: &str) -> String {
    say("dependentRequired", &[("name", &literal(&Value::from(name))), ("present", &literal(&Value::from(present)))])
}

pub(super) fn no_alternative(count: usize) -> String {
    say("anyOf", &[("count", &alternatives(count))])
}

pub(super) fn several_alternatives(count: usize) -> String {
    say("oneOf", &[("count", &alternatives(count))])
}

pub(super) fn excluded() -> String {
    say("not", &[])
}

/// Returns what was found: long texts, objects and arrays by their size, so that nothing inside them is shown.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", counted(items.len(), "item", "items")),
        Value::Object(members) => format!("an object of {}", counted(members.len(), "property", "properties")),
        Value::String(text) if text.chars().count() > MAX_FOUND_LENGTH => format!("a string of {} characters", text.chars().count()),
        value => shortened(&value.to_string()),
    }
}

fn alternatives(count: usize) -> String {
    counted(count, "alternative", "alternatives")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn joined(parts: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let before = match parts.len() - index {
            _ if index == 0 => "",
            1 => " or ",
            _ => ", ",
        };
        // Writing into a `String` cannot fail.
        let _ = write!(out, "{before}{}", part.as_ref());
    }
    out
}

/// Returns a value of a schema as JSON.
fn literal(value: &Value) -> String {
    shortened(&value.to_string())
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_LITERAL_LENGTH {
        text.to_owned()
    } else {
        text.chars().take(MAX_LITERAL_LENGTH - 3).chain(['.'; 3]).collect()
    }
}
