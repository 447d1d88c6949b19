//! Equality of JSON values as JSON Schema defines it: `1` is `1.0`, the order of properties is irrelevant.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, Hasher, RandomState},
};

use serde_json::Value;

use super::number;

/// The number of items up to which comparing each with each is faster than hashing.
const FEW: usize = 16;

/// Returns whether two values are equal.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => number::equal(left, right),
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len() && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        _ => false,
    }
}

/// Returns two items that are equal, if there are such.
pub(super) fn duplicate(items: &[Value]) -> Option<(usize, usize)> {
    if items.len() <= FEW {
        return (1..items.len()).find_map(|second| {
            let first = items[..second].iter().position(|item| equal(item, &items[second]))?;
            Some((first, second))
        });
    }
    let state = RandomState::new();
    let mut buckets: HashMap<u64, Vec<usize>> = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let bucket = buckets.entry(hash(&state, item)).or_default();
        if let Some(earlier) = bucket.iter().find(|earlier| equal(&items[**earlier], item)) {
            return Some((*earlier, index));
        }
        bucket.push(index);
    }
    None
}

/// Returns the same for equal values.
fn hash(state: &RandomState, value: &Value) -> u64 {
    let mut hasher = state.build_hasher();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => (1_u8, value).hash(&mut hasher),
        Value::Number(value) => {
            2_u8.hash(&mut hasher);
            number::DecimalText::of(value).decimal().hash(&mut hasher);
        }
        Value::String(value) => (3_u8, value).hash(&mut hasher),
        Value::Array(items) => {
            (4_u8, items.len()).hash(&mut hasher);
            for item in items {
                hash(state, item).hash(&mut hasher);
            }
        }
        Value::Object(members) => {
            // A sum, because the order is irrelevant.
            let sum = members.iter().fold(0_u64, |sum, (key, value)| sum.wrapping_add(state.hash_one((key, hash(state, value)))));
            (5_u8, members.len(), sum).hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns distinct values, each spelled in several ways.
    fn groups() -> Vec<Vec<Value>> {
        let number = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
        vec![
            vec![json!(null)],
            vec![json!(false)],
            vec![json!(true)],
            vec![number("0"), number("-0"), number("0.0")],
            vec![number("1"), number("1.0"), number("1e0")],
            vec![number("0.1"), number("0.10"), number("1e-1")],
            vec![json!("")],
            vec![json!("1")],
            vec![json!([])],
            vec![json!({})],
            vec![json!([1, 2]), json!([1.0, 2.0])],
            vec![json!([2, 1])],
            vec![json!([[1], 2])],
            vec![number(r#"{"a":1,"b":[0]}"#), number(r#"{"b":[0.0],"a":1.0}"#)],
            vec![json!({"a": 1})],
            vec![json!({"a": 1, "b": null})],
            vec![json!({"a": [0], "b": 1})],
            vec![json!({"b": 1})],
        ]
    }

    #[test]
    fn spelling_and_order_are_irrelevant() {
        let state = RandomState::new();
        let groups = groups();
        for (index, group) in groups.iter().enumerate() {
            for (other_index, other) in groups.iter().enumerate() {
                for (left, right) in group.iter().flat_map(|left| other.iter().map(move |right| (left, right))) {
                    assert_eq!(equal(left, right), index == other_index, "{left} {right}");
                    if index == other_index {
                        assert_eq!(hash(&state, left), hash(&state, right), "{left} {right}");
                    }
                }
            }
        }
    }

    #[test]
    fn duplicates_are_found_among_few_and_many() {
        let distinct: Vec<Value> = groups().into_iter().map(|mut group| group.remove(0)).collect();
        assert!(distinct.len() > FEW);
        for length in [0, 1, 2, FEW, FEW + 1, distinct.len()] {
            assert_eq!(duplicate(&distinct[..length]), None, "{length}");
            for group in groups().iter().take(length).filter(|group| group.len() > 1) {
                let mut items = distinct[..length].to_vec();
                items.push(group[1].clone());
                let first = items.iter().position(|item| equal(item, &group[1])).expect("it is there");
                assert_eq!(duplicate(&items), Some((first, length)), "{length}");
            }
        }
    }
}
