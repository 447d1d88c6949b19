//! Equality of documents.

use std::collections::HashMap;

use serde_json::Value;

/// Compares two documents as JSON Schema defines it (2020-12, section 4.2.2): numbers by value, objects without order.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || decimal(&a.to_string()) == decimal(&b.to_string()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let b: HashMap<_, _> = b.iter().collect();
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}

/// Returns a number as sign, digits without zeros at either end, and the power of ten that they count.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - kept.len()).unwrap_or(0) - i64::try_from(fraction.len()).unwrap_or(0);
    let kept = kept.trim_start_matches('0').to_owned();
    if kept.is_empty() { (false, kept, 0) } else { (negative, kept, exponent.parse().unwrap_or(0) + dropped) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_by_value() {
        for (a, b, expected) in [
            ("1", "1.0", true),
            ("100", "1e2", true),
            ("0", "-0.0", true),
            ("0.10", "1e-1", true),
            ("1", "1.1", false),
            ("10", "1", false),
            (r#"{"a": 1, "b": [2]}"#, r#"{"b": [2.0], "a": 1}"#, true),
            (r#"{"a": null}"#, "{}", false),
            ("true", "1", false),
        ] {
            let (a, b) = (serde_json::from_str(a).expect("JSON"), serde_json::from_str(b).expect("JSON"));
            assert_eq!(equal(&a, &b), expected, "{a} and {b}");
        }
    }
}
