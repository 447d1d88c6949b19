//! When two JSON values are one to a schema.

use serde_json::Value;

/// Returns whether `const`, `enum` and `uniqueItems` take two values for one: numbers are compared by value, not by spelling.
///
/// ```
/// use eventc_model::schema::are_equal;
/// use serde_json::json;
///
/// assert!(are_equal(&json!({"a": [1]}), &json!({"a": [1.0]})));
/// assert!(!are_equal(&json!(1), &json!("1")));
/// ```
pub fn are_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_equal(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| are_equal(a, b))),
        (a, b) => a == b,
    }
}
