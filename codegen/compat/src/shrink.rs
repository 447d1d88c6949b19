//! Witnesses made smaller, as long as they prove the same.

use serde_json::{Map, Value, json};

/// The maximum number of smaller documents that are judged.
const MAX_CANDIDATES: usize = 400;

/// Returns the smallest document that was found which still is a witness.
pub(super) fn shrink(witness: Value, proves: impl Fn(&Value) -> bool) -> Value {
    let mut smallest = witness;
    let mut tried = 0;
    loop {
        let mut smaller = candidates(&smallest).into_iter().take(MAX_CANDIDATES - tried.min(MAX_CANDIDATES));
        let found = smaller.find(|candidate| {
            tried += 1;
            proves(candidate)
        });
        match found {
            Some(found) => smallest = found,
            None => return smallest,
        }
    }
}

/// Returns documents that are smaller by one step: a part is left out, or takes the simplest value of its type.
fn candidates(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => {
            let without = members.keys().map(|name| Value::Object(members.iter().filter(|(key, _)| *key != name).map(own).collect()));
            let within = members.iter().flat_map(|(name, value)| {
                candidates(value).into_iter().map(move |smaller| {
                    let replaced =
                        |(key, value): (&String, &Value)| (key.clone(), if key == name { smaller.clone() } else { value.clone() });
                    Value::Object(members.iter().map(replaced).collect::<Map<_, _>>())
                })
            });
            without.chain(within).collect()
        }
        Value::Array(items) => {
            let without = (0..items.len()).map(|at| {
                let left = items.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, item)| item.clone());
                Value::Array(left.collect())
            });
            let within = items.iter().enumerate().flat_map(|(at, item)| {
                candidates(item).into_iter().map(move |smaller| {
                    let mut items = items.clone();
                    items[at] = smaller;
                    Value::Array(items)
                })
            });
            without.chain(within).collect()
        }
        Value::String(text) if text.chars().count() > 1 => vec![json!("")],
        Value::Number(number) if *number != 0.into() => vec![json!(0), json!(1)]
            .into_iter()
            .filter(|simple| simple != value)
            .take(if number.as_u64() == Some(1) { 1 } else { 2 })
            .collect(),
        _ => Vec::new(),
    }
}

fn own((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proves_nothing_is_left_out() {
        let witness = json!({"a": {"b": [1, "long", {"c": 7}]}, "d": "text"});
        let proves = |value: &Value| value.pointer("/a/b").and_then(Value::as_array).is_some_and(|items| items.contains(&json!("long")));
        assert_eq!(shrink(witness, proves), json!({"a": {"b": ["long"]}}));
    }
}
