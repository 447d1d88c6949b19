//! Keywords of older dialects in the words of draft 2020-12.

use crate::schema::Dialect;
use serde_json::{Map, Value};

/// The fate of a keyword.
pub(super) enum LiftedKeyword<'a> {
    /// It says nothing in its dialect.
    Drop,
    /// It has this name.
    One(&'a str),
    /// `dependencies`, which became two keywords.
    Dependencies,
}

/// Keywords that stay beside a `$ref` in dialects where it hides what constrains.
const ANNOTATIONS: &[&str] =
    &["title", "description", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly", "$defs", "definitions", "$schema"];

/// Returns what becomes of a keyword that is no reference.
pub(super) fn names<'a>(dialect: Dialect, key: &'a str, members: &Map<String, Value>) -> LiftedKeyword<'a> {
    if dialect == Dialect::Draft2020 {
        return LiftedKeyword::One(key);
    }
    if dialect.ref_hides_siblings() && members.contains_key("$ref") && !(ANNOTATIONS.contains(&key) || key.starts_with("x-")) {
        return LiftedKeyword::Drop;
    }
    let flag = |key: &str| members.get(key).and_then(Value::as_bool) == Some(true);
    match key {
        _ if unknown_in(dialect, key) => LiftedKeyword::Drop,
        "exclusiveMinimum" | "exclusiveMaximum" if dialect == Dialect::Draft4 => LiftedKeyword::Drop,
        "minimum" if dialect == Dialect::Draft4 && flag("exclusiveMinimum") => LiftedKeyword::One("exclusiveMinimum"),
        "maximum" if dialect == Dialect::Draft4 && flag("exclusiveMaximum") => LiftedKeyword::One("exclusiveMaximum"),
        "items" if members.get("items").is_some_and(Value::is_array) => LiftedKeyword::One("prefixItems"),
        "additionalItems" if members.get("items").is_some_and(Value::is_array) => LiftedKeyword::One("items"),
        "id" if dialect == Dialect::Draft4 => LiftedKeyword::One("$id"),
        "dependencies" if dialect <= Dialect::Draft7 => LiftedKeyword::Dependencies,
        "additionalItems" | "dependencies" => LiftedKeyword::Drop,
        key => LiftedKeyword::One(key),
    }
}

/// Returns whether a keyword of 2020-12 came after a dialect, where the word says nothing.
fn unknown_in(dialect: Dialect, key: &str) -> bool {
    let since = match key {
        "const" | "contains" | "propertyNames" => Dialect::Draft6,
        "if" | "then" | "else" => Dialect::Draft7,
        "dependentRequired" | "dependentSchemas" | "unevaluatedItems" | "unevaluatedProperties" | "minContains" | "maxContains" => {
            Dialect::Draft2019
        }
        "prefixItems" | "$dynamicRef" => Dialect::Draft2020,
        _ => return false,
    };
    dialect < since
}

/// Splits the members of `dependencies`: lists of names and schemas.
pub(super) fn dependencies(whole: Value, out: &mut Map<String, Value>) {
    let Value::Object(members) = whole else { return };
    for (key, member) in members {
        let keyword = if member.is_array() { "dependentRequired" } else { "dependentSchemas" };
        if let Value::Object(group) = out.entry(keyword).or_insert_with(|| Value::Object(Map::new())) {
            group.insert(key, member);
        }
    }
}
