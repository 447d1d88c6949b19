//! Values as keys: two values that JSON Schema takes for equal (2020-12, section 4.2.2) have one key.

use std::fmt;

use serde_json::{Map, Value};

use super::number;

/// A value by what it means: keys sorted, numbers in one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ValueKey(Box<str>);

impl ValueKey {
    pub(super) fn of(value: &Value) -> Self {
        Self(canonical(value).to_string().into())
    }

    pub(super) fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }
}

impl fmt::Display for ValueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(spelled) => number::parse(spelled).and_then(|exact| number::print(&exact)).unwrap_or_else(|| value.clone()),
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.iter().map(|(key, value)| (key.clone(), canonical(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(Map::from_iter(members))
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_key() {
        let key = |text: &str| ValueKey::of(&serde_json::from_str(text).expect("JSON"));
        assert_eq!(key(r#"{"a": 1.0, "b": [1e1]}"#), key(r#"{"b": [10], "a": 1}"#));
        assert_ne!(key("1"), key("\"1\""));
        assert_ne!(key("0"), key("false"));
    }
}
