//! JSON Pointers (RFC 6901) that make their way.

use serde_json::{Map, Value};

/// Puts a value at a place of a document. Objects on the way are made, and whatever is no container there is replaced by one.
pub(crate) fn put(document: &mut Value, pointer: &str, value: Value) {
    let mut at = document;
    for part in pointer.split('/').skip(1) {
        at = step(at, &part.replace("~1", "/").replace("~0", "~"));
    }
    *at = value;
}

fn step<'a>(at: &'a mut Value, part: &str) -> &'a mut Value {
    let index = part.parse::<usize>().ok().filter(|index| at.as_array().is_some_and(|items| *index < items.len()));
    match (index, at) {
        (Some(index), Value::Array(items)) => &mut items[index],
        (_, at) => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            // Indexing an object by a key adds the key.
            &mut at[part]
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_on_the_way_are_made() {
        let mut document = json!({"list": [1, 2], "text": "x"});
        for (pointer, value) in [("/a/b~1c", 1), ("/list/1", 3), ("/text/deep", 4), ("/m~0", 5)] {
            put(&mut document, pointer, json!(value));
        }
        assert_eq!(document, json!({"list": [1, 3], "text": {"deep": 4}, "a": {"b/c": 1}, "m~": 5}));
        put(&mut document, "", json!(7));
        assert_eq!(document, json!(7));
    }
}
