//! The remains of a JSON text with a mistake in it: what a reader can make of it up to there, and often behind it.
//!
//! A broken file still has a name, a title and an owner, and whoever looks at the tree should see it. Its value never counts as a schema.

use serde_json::{Map, Value};

use super::json::{Scanner, unescaped};

/// Returns the value of a text as far as it can be read, whatever it is. The text nests no deeper than its reader allows.
pub(super) fn read(text: &str) -> Value {
    SalvageReader { scanner: Scanner { text, at: 0 } }.value()
}

struct SalvageReader<'a> {
    scanner: Scanner<'a>,
}

impl SalvageReader<'_> {
    fn next(&mut self) -> Option<u8> {
        self.scanner.skip_space();
        self.scanner.peek()
    }

    fn value(&mut self) -> Value {
        match self.next() {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => unescaped(self.scanner.string()).map_or(Value::Null, Value::String),
            // A value that is missing.
            None | Some(b',' | b':' | b'}' | b']') => Value::Null,
            Some(_) => self.word(),
        }
    }

    fn word(&mut self) -> Value {
        let start = self.scanner.at;
        self.scanner.scalar();
        self.scanner.text.get(start..self.scanner.at).and_then(|word| serde_json::from_str(word).ok()).unwrap_or(Value::Null)
    }

    fn object(&mut self) -> Value {
        self.scanner.at += 1;
        let mut members = Map::new();
        loop {
            match self.next() {
                None => break,
                Some(b'}') => {
                    self.scanner.at += 1;
                    break;
                }
                Some(b'"') => {
                    let key = unescaped(self.scanner.string());
                    if self.next() == Some(b':') {
                        self.scanner.at += 1;
                    }
                    let value = self.value();
                    if let Some(key) = key {
                        members.insert(key, value);
                    }
                }
                // What belongs to nothing, a comma above all.
                Some(_) => self.skip(),
            }
        }
        Value::Object(members)
    }

    fn list(&mut self) -> Value {
        self.scanner.at += 1;
        let mut items = Vec::new();
        loop {
            match self.next() {
                None | Some(b'}') => break,
                Some(b']') => {
                    self.scanner.at += 1;
                    break;
                }
                Some(b',' | b':') => self.scanner.at += 1,
                Some(_) => items.push(self.value()),
            }
        }
        Value::Array(items)
    }

    /// Passes one character.
    fn skip(&mut self) {
        self.scanner.at += 1;
        while !self.scanner.text.is_char_boundary(self.scanner.at) {
            self.scanner.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_mistake_is_read() {
        for (text, expected) in [
            (r#"{"title": "A", "type":"#, r#"{"title": "A", "type": null}"#),
            (r#"{"title": "A" "type": "object"}"#, r#"{"title": "A", "type": "object"}"#),
            (r#"{"a": {"b": [1, 2}, "title": "A"}"#, r#"{"a": {"b": [1, 2]}, "title": "A"}"#),
            (r#"{'a': 1, "b": é, "c": tru}"#, r#"{"b": null, "c": null}"#),
            ("", "null"),
            ("}}", "null"),
            ("[[", "[[]]"),
        ] {
            let expected: Value = serde_json::from_str(expected).expect("JSON");
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
