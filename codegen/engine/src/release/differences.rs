//! Where two schemas differ, in words.

use eventc_model::syntax::escape_pointer;
use serde_json::Value;

/// The maximum number of places that are named.
const MAX_NAMED: usize = 3;

/// The maximum length of a value that is shown, in characters.
const MAX_SHOWN: usize = 40;

/// Says at which places a schema differs from a released one: `/title is "B" instead of "A"; /properties/by is new; and 2 more places`.
pub(super) fn differences(now: &Value, released: &Value) -> String {
    let mut found = Vec::new();
    walk(Some(now), Some(released), "", &mut found);
    let more = match found.len().saturating_sub(MAX_NAMED) {
        0 => None,
        1 => Some("and 1 more place".to_owned()),
        more => Some(format!("and {more} more places")),
    };
    found.truncate(MAX_NAMED);
    found.into_iter().chain(more).collect::<Vec<_>>().join("; ")
}

fn walk(now: Option<&Value>, released: Option<&Value>, at: &str, found: &mut Vec<String>) {
    let place = if at.is_empty() { "the schema" } else { at };
    match (now, released) {
        (Some(now), Some(released)) if now == released => {}
        (Some(Value::Object(now)), Some(Value::Object(released))) => {
            let gone = released.keys().filter(|key| !now.contains_key(*key));
            // Its own words change with each version, and the record of a release is no part of it.
            let own = |key: &&String| !at.is_empty() || !["x-event", "x-release"].contains(&key.as_str());
            for key in now.keys().chain(gone).filter(own) {
                walk(now.get(key), released.get(key), &format!("{at}/{}", escape_pointer(key)), found);
            }
        }
        (Some(Value::Array(now)), Some(Value::Array(released))) if lists_names(now) && lists_names(released) => {
            let beyond = |these: &[Value], those: &[Value]| {
                let left = these.iter().filter(|value| !those.contains(value));
                left.map(short).collect::<Vec<_>>().join(", ")
            };
            match (beyond(now, released), beyond(released, now)) {
                (new, gone) if new.is_empty() && gone.is_empty() => found.push(format!("{place} has another order")),
                (new, gone) if gone.is_empty() => found.push(format!("{place} has {new} besides")),
                (new, gone) if new.is_empty() => found.push(format!("{place} lacks {gone}")),
                (new, gone) => found.push(format!("{place} has {new} instead of {gone}")),
            }
        }
        (Some(Value::Array(now)), Some(Value::Array(released))) => {
            for index in 0..now.len().max(released.len()) {
                walk(now.get(index), released.get(index), &format!("{at}/{index}"), found);
            }
        }
        (Some(now), Some(released)) => found.push(format!("{place} is {} instead of {}", short(now), short(released))),
        (Some(_), None) => found.push(format!("{place} is new")),
        (None, Some(_)) => found.push(format!("{place} is gone")),
        (None, None) => {}
    }
}

/// Returns whether a list is one of plain values, of which the places say nothing.
fn lists_names(items: &[Value]) -> bool {
    items.iter().all(|item| !item.is_object() && !item.is_array())
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::Object(_) => return "an object".to_owned(),
        Value::Array(_) => return "a list".to_owned(),
        value => value.to_string(),
    };
    if text.chars().count() <= MAX_SHOWN { text } else { text.chars().take(MAX_SHOWN - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_difference_is_named_with_its_place() {
        for (now, released, said) in [
            (json!({"title": "B"}), json!({"title": "A"}), r#"/title is "B" instead of "A""#),
            (json!({"a": 1, "x-event": {"version": "2.0.0"}}), json!({"a": 1, "x-release": {}}), ""),
            (json!({"properties": {"a/b": {}}}), json!({"properties": {}}), "/properties/a~1b is new"),
            (json!({"properties": {}}), json!({"properties": {"by": {}}}), "/properties/by is gone"),
            (json!({"required": ["a", "b"]}), json!({"required": ["a"]}), r#"/required has "b" besides"#),
            (json!({"required": ["a"]}), json!({"required": ["a", "b"]}), r#"/required lacks "b""#),
            (json!({"enum": ["a", "c"]}), json!({"enum": ["a", "b"]}), r#"/enum has "c" instead of "b""#),
            (json!({"enum": ["b", "a"]}), json!({"enum": ["a", "b"]}), "/enum has another order"),
            (
                json!({"anyOf": [{"type": "null"}]}),
                json!({"anyOf": [{"type": "string"}, {}]}),
                r#"/anyOf/0/type is "null" instead of "string"; /anyOf/1 is gone"#,
            ),
            (json!({"items": true}), json!({"items": {}}), "/items is true instead of an object"),
            (json!(true), json!({"not": true}), "the schema is true instead of an object"),
            (json!({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}), json!({}), "/a is new; /b is new; /c is new; and 2 more places"),
        ] {
            assert_eq!(differences(&now, &released), said);
        }
    }
}
