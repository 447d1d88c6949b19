//! JSON values as YAML in blocks, a line each, so that a review shows what changed.

use eventc_model::text::is_hidden;
use serde_json::Value;

/// Returns some values as the documents of one file.
pub(crate) fn documents(values: &[Value]) -> String {
    let mut text = String::new();
    for value in values {
        text.push_str("---\n");
        block(value, 0, &mut text);
    }
    text
}

/// Writes a value that is not empty, from the beginning of a line.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (index, (key, value)) in members.iter().enumerate() {
                // The first member of an item stands behind its dash.
                if index > 0 || !text.ends_with("- ") {
                    text.push_str(&" ".repeat(indent));
                }
                text.push_str(&scalar(key));
                text.push(':');
                below(value, indent + 2, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&" ".repeat(indent));
                text.push_str("- ");
                match item {
                    Value::Object(members) if !members.is_empty() => block(item, indent + 2, text),
                    _ => flow(item, text),
                }
            }
        }
        _ => flow(value, text),
    }
}

/// Writes a value behind its key.
fn below(value: &Value, indent: usize, text: &mut String) {
    let is_block = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    };
    if is_block {
        text.push('\n');
        block(value, indent, text);
    } else {
        text.push(' ');
        flow(value, text);
    }
}

/// Writes the rest of a line.
fn flow(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => text.push_str(&scalar(string)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), scalar)).collect();
            text.push_str(&format!("[{}]", items.join(", ")));
        }
        other => text.push_str(&other.to_string()),
    }
    text.push('\n');
}

/// Returns a text as a scalar: as it is where nobody could take it for something else, and in quotation marks otherwise.
fn scalar(string: &str) -> String {
    let is_plain = string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c))
        && !WORDS.contains(&string.to_ascii_lowercase().as_str());
    if is_plain {
        return string.to_owned();
    }
    let mut quoted = String::from('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || is_hidden(c) => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Words that readers of YAML take for a flag or for nothing.
const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_blocks() {
        let value = serde_json::json!({
            "a": {"b.c/d": 1, "e": []},
            "list": [{"x": "plain", "y": {"z": [1, "two: 2"]}}, {"x": "no"}],
            "f": {},
            "text": "a\"b\\\n\u{202e}",
            "flag": "true",
            "number": "10",
        });
        let expected = "---\na:\n  b.c/d: 1\n  e: []\nlist:\n  - x: plain\n    \"y\":\n      z: [1, \"two: 2\"]\n  - x: \"no\"\nf: {}\n\
                        text: \"a\\\"b\\\\\\U0000000A\\U0000202E\"\nflag: \"true\"\nnumber: \"10\"\n";
        assert_eq!(documents(&[value]), expected);
    }
}
