//! Names that tools written in JavaScript take for something else, and how documents do without them.
//!
//! AsyncAPI's parser follows every member `$ref` whose value is a string, wherever it stands, and fails on objects that have a member
//! of their own called `__proto__` or `hasOwnProperty`. In a schema the same can be said without such a name; in data it cannot.

use serde_json::{Value, json};

use super::draft7::JsonMembers;

/// The names, with patterns that match them and nothing else.
const NAMES: [(&str, &str); 3] = [("$ref", "^\\$ref$"), ("__proto__", "^__proto__$"), ("hasOwnProperty", "^hasOwnProperty$")];

/// Returns whether a value, as data, has a member of such a name.
pub(super) fn is_unreadable(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| {
            let means_something = if key == "$ref" { value.is_string() } else { NAMES.iter().any(|(name, _)| name == key) };
            means_something || is_unreadable(value)
        }),
        Value::Array(items) => items.iter().any(is_unreadable),
        _ => false,
    }
}

/// Moves the schemas of properties with such names to `patternProperties`, which judges the same properties.
pub(super) fn rename(schema: &mut JsonMembers) {
    for (name, pattern) in NAMES {
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
        let Some(own) = properties.shift_remove(name) else { continue };
        if properties.is_empty() {
            schema.shift_remove("properties");
        }
        let patterns = schema.entry("patternProperties").or_insert_with(|| JsonMembers::new().into());
        if let Value::Object(patterns) = patterns {
            let whole = match patterns.shift_remove(pattern) {
                Some(other) if other != own && own != Value::Bool(true) => json!({ "allOf": [other, own] }),
                Some(other) => other,
                None => own,
            };
            patterns.insert(pattern.to_owned(), whole);
        }
    }
}

/// Takes what depends on such names out of `dependencies`, as schemas that say the same.
pub(super) fn dependencies(schema: &mut JsonMembers) -> Vec<Value> {
    let mut taken = Vec::new();
    let Some(Value::Object(dependencies)) = schema.get_mut("dependencies") else { return taken };
    for (name, _) in NAMES {
        if let Some(needed) = dependencies.shift_remove(name) {
            let needed = if needed.is_array() { json!({ "required": needed }) } else { needed };
            taken.push(json!({ "if": { "required": [name] }, "then": needed }));
        }
    }
    if dependencies.is_empty() {
        schema.shift_remove("dependencies");
    }
    taken
}
