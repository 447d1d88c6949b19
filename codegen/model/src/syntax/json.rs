//! JSON: serde_json parses; a scanner over the text finds what it does not report (depth, duplicate keys, places).

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
    sync::RwLock,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Parsed, Span, SyntaxProblem,
    comments::{self, UncommentedText},
    salvage, too_deep, too_many_values,
};
use crate::{
    diagnostic,
    source::{Limits, to_u32},
};

/// Parses JSON. A text with comments or trailing commas is read without them; what is left of a broken one comes back beside its problem.
pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    let plain = match strict(text, limits) {
        Err(problem) if problem.rule == &diagnostic::SYNTAX => comments::blank(text).ok_or(problem),
        Err(problem) => Err(problem),
        Ok((value, problems)) => return Parsed { value: Some(value), problems, ..Parsed::default() },
    };
    let broken = |text: &str, problem: SyntaxProblem| {
        let value = (problem.rule == &diagnostic::SYNTAX).then(|| salvage::read(text));
        Parsed { value, problems: vec![problem], broken: true, plain: None }
    };
    match plain {
        Err(problem) => broken(text, problem),
        Ok(plain) => match strict(&plain.text, limits) {
            Err(problem) => broken(&plain.text, problem),
            Ok((value, mut problems)) => {
                problems.insert(0, lenient(&plain));
                Parsed { value: Some(value), problems, plain: Some(plain.text.into()), broken: false }
            }
        },
    }
}

/// Returns the value of a text, which may have comments and trailing commas; `None` of a broken one.
pub(super) fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&comments::blank(text)?.text).ok())
}

fn strict(text: &str, limits: &Limits) -> Result<(Value, Vec<SyntaxProblem>), SyntaxProblem> {
    let colons = colons(text, limits)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    match Value::deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => {
            let mut members = 0;
            let value = compact(value, &mut members);
            // A key that stands twice leaves one member.
            Ok((value, if members == colons { Vec::new() } else { duplicates(text) }))
        }
        Err(error) => {
            let offset = offset_of(text, error.line(), error.column());
            let full = error.to_string();
            let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(head, _)| head);
            Err(SyntaxProblem::new(&diagnostic::SYNTAX, offset, format!("not valid JSON: {message}")))
        }
    }
}

/// Returns the problem of a text that has what JSON does not.
fn lenient(plain: &UncommentedText) -> SyntaxProblem {
    let counted = |n: usize, what: &str| (n > 0).then(|| format!("{n} {what}{}", if n == 1 { "" } else { "s" }));
    let found = [counted(plain.comments, "comment"), counted(plain.commas, "trailing comma")];
    let message = format!("this file has {}, which JSON has not", found.into_iter().flatten().collect::<Vec<_>>().join(" and "));
    SyntaxProblem::new(&diagnostic::JSON_COMMENT, plain.first, message).help("move comments into `$comment`, and remove trailing commas")
}

/// Returns the same value without the room that growing objects and lists left: a third of the memory of a large tree. Counts the members
/// of all objects on the way.
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

/// Returns the offset of a place as serde_json counts: columns in bytes, from 1, and 0 for "end of the line before".
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Counts the colons outside strings, of which the objects have one for each member; or returns where the text first nests too deep or has
/// too many values, whether or not it is valid JSON.
fn colons(text: &str, limits: &Limits) -> Result<usize, SyntaxProblem> {
    let (mut colons, mut depth, mut values, mut in_string, mut escaped) = (0_usize, 0_usize, 1_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                values += 1;
                if depth > limits.depth {
                    return Err(too_deep(offset, limits));
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            b':' if !in_string => colons += 1,
            b',' if !in_string => {
                values += 1;
                if values > limits.values {
                    return Err(too_many_values(offset, limits));
                }
            }
            _ => {}
        }
    }
    Ok(colons)
}

fn duplicates(text: &str) -> Vec<SyntaxProblem> {
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
                    && !keys.insert(unescaped(raw).unwrap_or_else(|| raw.to_owned()))
                {
                    let message = format!("the key {raw} stands in this object already");
                    problems.push(SyntaxProblem::new(&diagnostic::DUPLICATE_KEY, start, message).help("remove one of the two"));
                }
                continue;
            }
            Some(_) => {}
        }
        scanner.at += 1;
    }
}

/// The offsets at which the values of a text begin, from one walk over it.
#[derive(Debug)]
pub(super) struct SpanIndex {
    /// Values in the order of the text, the root first.
    entries: Vec<ValueOffsets>,
    /// The entries in wide values that somebody asked for a part of, by key or index.
    wide: RwLock<HashMap<usize, WideValue>>,
}

/// The values in another, by key or index.
type WideValue = HashMap<Box<str>, u32>;

/// So many values in another are passed one by one; of more there is an index.
const MAX_PASSED: usize = 32;

/// Small, since a large tree has millions: offsets of the first four gigabytes.
#[derive(Debug)]
struct ValueOffsets {
    /// The offset of its key; never the beginning of the text.
    key: Option<NonZeroU32>,
    value: u32,
    /// The entry after this value and all in it.
    next: u32,
}

impl ValueOffsets {
    fn new(key: Option<usize>, value: usize) -> Self {
        Self { key: key.and_then(|key| NonZeroU32::new(to_u32(key))), value: to_u32(value), next: 0 }
    }

    fn span(&self) -> Span {
        Span { key: self.key.map(|key| key.get() as usize), value: self.value as usize }
    }
}

impl SpanIndex {
    pub(super) fn new(text: &str) -> Self {
        let mut scanner = Scanner { text, at: 0 };
        scanner.skip_space();
        let mut places = Self { entries: vec![ValueOffsets::new(None, scanner.at)], wide: RwLock::default() };
        // Open objects and lists: their entries, and whether they have keys.
        let mut open: Vec<(usize, bool)> = Vec::new();
        places.begin(0, &mut scanner, &mut open);
        while let Some(&(parent, keyed)) = open.last() {
            scanner.skip_space();
            let Some(byte) = scanner.peek().filter(|_| to_u32(scanner.at) < u32::MAX) else { break };
            match byte {
                b',' => scanner.at += 1,
                b'}' | b']' => {
                    scanner.at += 1;
                    places.entries[parent].next = to_u32(places.entries.len());
                    open.pop();
                }
                byte if keyed && byte != b'"' => break,
                _ => {
                    let key = keyed.then(|| scanner.key());
                    let entry = places.entries.len();
                    places.entries.push(ValueOffsets::new(key, scanner.at));
                    places.begin(entry, &mut scanner, &mut open);
                }
            }
        }
        // On text that is no JSON: what never ended ends with the text.
        for (entry, _) in open {
            places.entries[entry].next = to_u32(places.entries.len());
        }
        // Most files are asked for a place, and all that is found is kept.
        places.entries.shrink_to_fit();
        places
    }

    /// Passes what a value begins with: all of it, but for objects and lists.
    fn begin(&mut self, entry: usize, scanner: &mut Scanner<'_>, open: &mut Vec<(usize, bool)>) {
        if let Some(start @ (b'{' | b'[')) = scanner.peek() {
            scanner.at += 1;
            open.push((entry, start == b'{'));
        } else {
            scanner.scalar();
            self.entries[entry].next = to_u32(entry + 1);
        }
    }

    /// Returns the deepest part of a pointer that exists.
    pub(super) fn find(&self, text: &str, parts: &[String]) -> Span {
        let mut at = 0;
        for part in parts {
            let child = if self.is_wide(at) { self.wide_child(text, at, part) } else { self.child(text, at, part) };
            let Some(child) = child else { break };
            at = child;
        }
        self.entries[at].span()
    }

    /// Returns the entries in a value.
    fn children(&self, parent: usize) -> impl Iterator<Item = usize> {
        let end = self.entries[parent].next as usize;
        let mut next = parent + 1;
        std::iter::from_fn(move || {
            let child = Some(next).filter(|child| *child < end)?;
            next = self.entries[child].next as usize;
            Some(child)
        })
    }

    fn is_wide(&self, parent: usize) -> bool {
        self.children(parent).nth(MAX_PASSED).is_some()
    }

    /// Returns the same as [`Self::child`], by an index that is made once: many ask for parts of one wide value.
    fn wide_child(&self, text: &str, parent: usize, part: &str) -> Option<usize> {
        let known = |wide: &HashMap<usize, WideValue>| Some(wide.get(&parent)?.get(part).map(|child| *child as usize));
        if let Some(found) = self.wide.read().ok().and_then(|wide| known(&wide)) {
            return found;
        }
        let name = |(index, child): (usize, usize)| match self.entries[child].span().key {
            Some(key) => Scanner { text: &text[key..], at: 0 }.name(),
            None => index.to_string(),
        };
        let index: WideValue = self.children(parent).enumerate().map(|(at, child)| (name((at, child)).into(), to_u32(child))).collect();
        let found = index.get(part).map(|child| *child as usize);
        if let Ok(mut wide) = self.wide.write() {
            wide.insert(parent, index);
        }
        found
    }

    /// Returns the member of that name, the last where several have it, which is the one that a parser keeps; or the item of that index.
    fn child(&self, text: &str, parent: usize, part: &str) -> Option<usize> {
        let mut children = self.children(parent);
        match text.as_bytes().get(self.entries[parent].value as usize) {
            Some(b'[') => part.parse().ok().and_then(|index| children.nth(index)),
            _ => children.filter(|child| self.entries[*child].span().key.is_some_and(|key| is_spelled(&text[key..], part))).last(),
        }
    }
}

/// Returns whether a text begins with a string, quotes and escapes as they stand, that spells a name.
fn is_spelled(text: &str, name: &str) -> bool {
    let plain = text[1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('"')) && !name.contains('\\');
    let escaped = || Some(Scanner { text, at: 0 }.string()).filter(|raw| raw.contains('\\')).and_then(unescaped);
    plain || escaped().is_some_and(|spelled| spelled == name)
}

pub(super) fn unescaped(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

/// Walks text that is known to be JSON; on any other text it stops early and never panics.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes a string and returns it with its quotes, escapes as they stand.
    pub(super) fn string(&mut self) -> &'a str {
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

    /// Passes a string and returns what it spells.
    fn name(&mut self) -> String {
        let raw = self.string();
        unescaped(raw).unwrap_or_else(|| raw.trim_matches('"').to_owned())
    }

    /// Passes a key and the colon after it, up to the value, and returns where the key began.
    fn key(&mut self) -> usize {
        let key = self.at;
        self.string();
        self.skip_space();
        self.at += 1;
        self.skip_space();
        key
    }

    /// Passes a value that is neither an object nor a list.
    pub(super) fn scalar(&mut self) {
        if self.peek() == Some(b'"') {
            self.string();
            return;
        }
        self.at += 1;
        while !matches!(self.peek(), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b']' | b'}')) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pointer: &str) -> usize {
        SpanIndex::new(text).find(text, &super::super::split_pointer(pointer)).value
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
        let text = r#"{"a": 1, "b": {"c": 1, "c": 2}, "\u0061": ["c", "c", ":"]}"#;
        let Parsed { value, problems, .. } = parse(text, &Limits::default());
        assert!(value.is_some());
        assert_eq!(problems.iter().map(|p| p.offset).collect::<Vec<_>>(), [23, 32]);
        assert!(parse(r#"{"a:b": {":": ":"}}"#, &Limits::default()).problems.is_empty());
    }

    #[test]
    fn scanner_survives_any_text() {
        for text in ["", "{", "[", "\"", "{\"", "{\"a", "{\"a\"", "{\"a\":", "[1,", "}", "]]", "{,:}", "\\", "\"\\"] {
            for pointer in ["", "/a", "/0", "/a/0", "/1"] {
                let _ = SpanIndex::new(text).find(text, &super::super::split_pointer(pointer));
            }
            let _ = parse(text, &Limits::default());
            let _ = duplicates(text);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(2000) + &"]".repeat(2000);
        assert_eq!(parse(&deep, &Limits::default()).problems[0].rule.name, "too-deep");
        let fine = "[".repeat(400) + &"]".repeat(400);
        assert!(parse(&fine, &Limits::default()).value.is_some());
    }
}
