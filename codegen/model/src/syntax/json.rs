//! JSON: serde_json parses; a scanner over the text finds what it does not report (depth, duplicate keys, places).

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Problem, Span};
use crate::{diagnostic, source::Limits};

pub(super) fn parse(text: &str, limits: &Limits) -> (Option<Value>, Vec<Problem>) {
    let colons = match colons(text, limits.depth) {
        Ok(colons) => colons,
        Err(offset) => {
            let problem = Problem::new(&diagnostic::TOO_DEEP, offset, format!("nested deeper than {} levels", limits.depth))
                .help("flatten the document, or raise `limits.depth` in eventc.toml");
            return (None, vec![problem]);
        }
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    match Value::deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => {
            let mut members = 0;
            let value = compact(value, &mut members);
            // A key that stands twice leaves one member.
            (Some(value), if members == colons { Vec::new() } else { duplicates(text) })
        }
        Err(error) => {
            let offset = offset_of(text, error.line(), error.column());
            let full = error.to_string();
            let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(head, _)| head);
            (None, vec![Problem::new(&diagnostic::SYNTAX, offset, format!("not valid JSON: {message}"))])
        }
    }
}

/// The same value without the room that growing objects and lists left: a third of the memory of a large tree. Counts the members of
/// all objects on the way.
fn compact(value: Value, counted: &mut usize) -> Value {
    match value {
        Value::Object(members) => {
            *counted += members.len();
            let mut exact = Map::with_capacity(members.len());
            exact.extend(members.into_iter().map(|(key, member)| (key, compact(member, counted))));
            Value::Object(exact)
        }
        Value::Array(items) => {
            let items: Box<[Value]> = items.into_iter().map(|item| compact(item, counted)).collect();
            Value::Array(items.into_vec())
        }
        other => other,
    }
}

/// serde_json counts columns in bytes, from 1, and 0 for "end of the line before".
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// How many colons stand outside strings, which is how many members the objects have; or where the text first nests deeper than
/// `limit`. Whether or not it is valid JSON.
fn colons(text: &str, limit: usize) -> Result<usize, usize> {
    let (mut colons, mut depth, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > limit {
                    return Err(offset);
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            b':' if !in_string => colons += 1,
            _ => {}
        }
    }
    Ok(colons)
}

fn duplicates(text: &str) -> Vec<Problem> {
    let mut scanner = Scanner { text, at: 0 };
    let mut problems = Vec::new();
    // One set of keys for every open object, none for an open list.
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    loop {
        scanner.skip_space();
        match scanner.peek() {
            None => return problems,
            Some(b'{') => open.push(Some(HashSet::new())),
            Some(b'[') => open.push(None),
            Some(b'}' | b']') => {
                open.pop();
            }
            Some(b'"') => {
                let start = scanner.at;
                let raw = scanner.string();
                scanner.skip_space();
                if scanner.peek() == Some(b':')
                    && let Some(Some(keys)) = open.last_mut()
                    && !keys.insert(spelled(raw).unwrap_or_else(|| raw.to_owned()))
                {
                    let message = format!("the key {raw} stands in this object already");
                    problems.push(Problem::new(&diagnostic::DUPLICATE_KEY, start, message).help("remove one of the two"));
                }
                continue;
            }
            Some(_) => {}
        }
        scanner.at += 1;
    }
}

pub(super) fn locate(text: &str, parts: &[String]) -> Span {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_space();
    let mut span = Span { key: None, value: scanner.at };
    for part in parts {
        let found = match scanner.peek() {
            Some(b'{') => scanner.member(part),
            Some(b'[') => part.parse().ok().and_then(|index| scanner.item(index)),
            _ => None,
        };
        let Some(found) = found else { break };
        span = found;
        scanner.at = span.value;
    }
    span
}

/// Whether a string, quotes and escapes as they stand, spells a name.
fn is_spelled(raw: &str, name: &str) -> bool {
    if raw.contains('\\') { spelled(raw).is_some_and(|text| text == name) } else { plain(raw) == Some(name) }
}

fn spelled(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

fn plain(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// Walks text that is known to be JSON; on any other text it stops early and never panics.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes a string and returns it with its quotes, escapes as they stand.
    fn string(&mut self) -> &'a str {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(found) = bytes.get(self.at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
            self.at += found + 1;
            if bytes[self.at - 1] == b'"' {
                return &self.text[start..self.at];
            }
            self.at += 1;
        }
        self.at = bytes.len();
        ""
    }

    /// Passes one whole value.
    fn value(&mut self) {
        self.skip_space();
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => drop(self.string()),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    while !matches!(self.peek(), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b']' | b'}')) {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// From the `{` that the scanner stands on, the last member of that name: the one that a parser keeps.
    fn member(&mut self, name: &str) -> Option<Span> {
        let mut found = None;
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek()? {
                b'"' => {
                    let key = self.at;
                    let raw = self.string();
                    self.skip_space();
                    self.at += 1; // the colon
                    self.skip_space();
                    if is_spelled(raw, name) {
                        found = Some(Span { key: Some(key), value: self.at });
                    }
                    self.value();
                }
                b',' => self.at += 1,
                _ => return found,
            }
        }
    }

    /// From the `[` that the scanner stands on, the item of that index.
    fn item(&mut self, index: usize) -> Option<Span> {
        self.at += 1;
        for _ in 0..index {
            self.skip_space();
            if self.peek() == Some(b']') {
                return None;
            }
            self.value();
            self.skip_space();
            if self.peek()? != b',' {
                return None;
            }
            self.at += 1;
        }
        self.skip_space();
        (self.peek()? != b']').then_some(Span { key: None, value: self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pointer: &str) -> usize {
        locate(text, &super::super::split_pointer(pointer)).value
    }

    #[test]
    fn places_are_byte_offsets_of_values() {
        let text = r#"{"a": [1, {"b/c": "x"}], "d": null}"#;
        assert_eq!(&text[found(text, "/a")..][..1], "[");
        assert_eq!(&text[found(text, "/a/1/b~1c")..][..3], "\"x\"");
        assert_eq!(&text[found(text, "/d")..][..4], "null");
        assert_eq!(found(text, "/nowhere"), 0);
        assert_eq!(&text[found(text, "/a/9")..][..1], "[");
    }

    #[test]
    fn duplicate_keys_are_all_found() {
        let (value, problems) = parse(r#"{"a": 1, "b": {"c": 1, "c": 2}, "\u0061": ["c", "c", ":"]}"#, &Limits::default());
        assert!(value.is_some());
        assert_eq!(problems.iter().map(|p| p.offset).collect::<Vec<_>>(), [23, 32]);
        assert!(parse(r#"{"a:b": {":": ":"}}"#, &Limits::default()).1.is_empty());
    }

    #[test]
    fn scanner_survives_any_text() {
        for text in ["", "{", "[", "\"", "{\"", "{\"a", "{\"a\"", "{\"a\":", "[1,", "}", "]]", "{,:}", "\\", "\"\\"] {
            for pointer in ["", "/a", "/0", "/a/0", "/1"] {
                let _ = locate(text, &super::super::split_pointer(pointer));
            }
            let _ = parse(text, &Limits::default());
            let _ = duplicates(text);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(2000) + &"]".repeat(2000);
        assert_eq!(parse(&deep, &Limits::default()).1[0].rule.name, "too-deep");
        let fine = "[".repeat(400) + &"]".repeat(400);
        assert!(parse(&fine, &Limits::default()).0.is_some());
    }
}
