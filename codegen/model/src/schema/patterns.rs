//! Patterns in the words of ECMA-262, for everything behind the reader of keywords and for validators that others wrote.

use std::borrow::Cow;

use eventc_pattern::read;
use serde_json::{Map, Value};

/// The schema of the properties whose names a broken pattern was to match.
pub(super) static ANYTHING: Value = Value::Bool(true);

/// Returns a pattern as everybody reads it; `None` for what is no regular expression, which demands nothing.
pub(super) fn pattern(text: String) -> Option<String> {
    let translated = match read(&text).ok()?.text {
        Cow::Borrowed(_) => None,
        Cow::Owned(translated) => Some(translated),
    };
    Some(translated.unwrap_or(text))
}

/// Returns a pattern of names that is none of those that are taken. One that is no regular expression may have meant any name: then all
/// are named, and nothing is asked of them.
pub(super) fn of_names(text: &str, taken: &[(String, super::NodeId)]) -> (String, bool) {
    let read = pattern(text.to_owned());
    let is_pattern = read.is_some();
    let mut pattern = read.unwrap_or_default();
    while taken.iter().any(|(known, _)| *known == pattern) {
        // Means the same, and is another key.
        pattern.push_str("(?:)");
    }
    (pattern, is_pattern)
}

/// Returns a schema with its patterns in words that validators of Rust read as they are meant, and without those that are none;
/// `None` where all stand well as they are.
pub fn with_portable_patterns(schema: &Value) -> Option<Value> {
    if stands(schema) {
        return None;
    }
    let mut schema = schema.clone();
    make_portable(&mut schema);
    Some(schema)
}

/// Returns a pattern as [`with_portable_patterns`] writes it.
pub fn portable(text: &str) -> Option<Cow<'_, str>> {
    let reading = read(text).ok()?;
    let stands = matches!(reading.text, Cow::Borrowed(_)) && !reading.is_intricate() && is_common(text);
    Some(if stands { text.into() } else { reading.plain().into() })
}

/// Returns whether a pattern is written as [`portable`] writes it.
fn is_portable(text: &str) -> bool {
    matches!(portable(text), Some(Cow::Borrowed(_)))
}

/// Returns whether a pattern has no words that engines of Rust do not know, or know otherwise.
fn is_common(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_common = match c {
            '\\' => chars.next().is_some_and(|escaped| !escaped.is_ascii_alphanumeric() || "dDwWsStnrfv".contains(escaped)),
            '.' => false,
            '[' => !matches!(chars.peek(), Some(']' | '^' | '[')),
            _ => true,
        };
        if !is_common {
            return false;
        }
    }
    true
}

/// The content of a schema's member.
enum MemberContent {
    /// A schema, or a list of them.
    Schema,
    /// Schemas by name.
    Named,
    /// Nothing but data.
    Data,
}

fn held(keyword: &str) -> MemberContent {
    match keyword {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependencies" | "dependentSchemas" => MemberContent::Named,
        "const" | "enum" | "default" | "examples" | "required" => MemberContent::Data,
        _ => MemberContent::Schema,
    }
}

fn stands(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().all(stands),
        Value::Object(members) => members.iter().all(|(keyword, value)| match (keyword.as_str(), held(keyword), value) {
            ("pattern", _, Value::String(text)) => is_portable(text),
            (_, MemberContent::Named, Value::Object(named)) => {
                let is_key = |key: &str| keyword != "patternProperties" || is_portable(key);
                named.iter().all(|(key, schema)| is_key(key) && stands(schema))
            }
            (_, MemberContent::Data, _) => true,
            (_, _, value) => stands(value),
        }),
        _ => true,
    }
}

fn make_portable(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(make_portable),
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get("pattern") {
                match portable(text).map(Cow::into_owned) {
                    Some(spelled) => members.insert("pattern".into(), spelled.into()),
                    None => members.shift_remove("pattern"),
                };
            }
            for (keyword, value) in members.iter_mut() {
                match (held(keyword), value) {
                    (MemberContent::Named, Value::Object(named)) => {
                        named.iter_mut().for_each(|(_, schema)| make_portable(schema));
                        if keyword == "patternProperties" {
                            make_names_portable(named);
                        }
                    }
                    (MemberContent::Data, _) => {}
                    (_, value) => make_portable(value),
                }
            }
        }
        _ => {}
    }
}

fn make_names_portable(named: &mut Map<String, Value>) {
    let mut out = Map::with_capacity(named.len());
    for (key, schema) in std::mem::take(named) {
        let (mut key, schema) = match portable(&key) {
            Some(spelled) => (spelled.into_owned(), schema),
            None => (String::new(), ANYTHING.clone()),
        };
        while out.contains_key(&key) {
            key.push_str("(?:)");
        }
        out.insert(key, schema);
    }
    *named = out;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_are_respelled_where_schemas_stand() {
        let schema = json!({
            "properties": {"pattern": {"pattern": r"^\-$"}, "const": {"pattern": "("}},
            "patternProperties": {"(": {"type": "string"}, "(?i)^x": {"pattern": r"\bx"}, "": true},
            "const": {"pattern": "("},
            "items": [{"enum": ["(", {"pattern": "("}]}]
        });
        let border = "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))x";
        let expected = json!({
            "properties": {"pattern": {"pattern": "^-$"}, "const": {}},
            "patternProperties": {"": true, "^[Xx]": {"pattern": border}, "(?:)": true},
            "const": {"pattern": "("},
            "items": [{"enum": ["(", {"pattern": "("}]}]
        });
        assert_eq!(with_portable_patterns(&schema), Some(expected));
        assert_eq!(with_portable_patterns(&json!({"pattern": r"^[\w-]+$", "patternProperties": {"^x-": {"pattern": 1}}})), None);
    }
}
