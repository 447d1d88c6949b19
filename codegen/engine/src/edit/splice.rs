//! Several changes of one text at once, each at the place that it has in the text as it was.

use std::{collections::BTreeSet, ops::Range};

use eventc_model::{
    source::{Limits, SourceFile, SourceFormat},
    syntax::{Document, split_pointer},
};
use serde_json::Value;

use super::length;

/// A change of what stands at a JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TextChange {
    /// The key that the pointer ends in gets another name.
    Key(String, String),
    /// The text there becomes another.
    Text(String, String),
    /// The item of a list goes; a list that is empty then goes with its key.
    Removal(String),
}

impl TextChange {
    fn pointer(&self) -> &str {
        let (Self::Key(pointer, _) | Self::Text(pointer, _) | Self::Removal(pointer)) = self;
        pointer
    }
}

/// Returns a text with all changes made; `None` where it is written in a way that cannot be changed so: it was read again.
pub(crate) fn changed(document: &Document, changes: &BTreeSet<TextChange>) -> Option<String> {
    let document = read(document, &document.text)?;
    let mut wanted = document.value.clone();
    // What is deeper first, and of a list the last first: so no change moves what another names.
    let mut ordered: Vec<&TextChange> = changes.iter().collect();
    ordered.sort_by_key(|change| std::cmp::Reverse(split_pointer(change.pointer()).into_iter().map(in_order).collect::<Vec<_>>()));
    ordered.iter().try_for_each(|change| put(&mut wanted, change))?;
    let mut splices = ordered.iter().map(|change| splice(&document, change)).collect::<Option<Vec<_>>>()?;
    splices.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = document.text.to_string();
    let mut from = text.len();
    for (range, new) in splices {
        if range.end > from {
            return None;
        }
        from = range.start;
        text.replace_range(range, &new);
    }
    read(&document, &text).filter(|made| made.value == wanted).map(|_| text)
}

/// Reads a text as it is written, before a tree puts references straight.
fn read(document: &Document, text: &str) -> Option<Document> {
    let (path, shown, format) = (document.path.clone(), document.shown.clone(), document.format);
    // What an Avro schema amounts to has other pointers than its text.
    let format = if format == SourceFormat::Avro { return None } else { format };
    Document::parse(SourceFile { path, shown, format, text: text.into(), unread: false }, &Limits::default()).0
}

/// A part of a pointer, as numbers where it is one.
fn in_order(part: String) -> (usize, String) {
    (part.parse().unwrap_or(0), part)
}

fn put(value: &mut Value, change: &TextChange) -> Option<()> {
    let (parent, last) = parent_of(change.pointer())?;
    match change {
        TextChange::Text(pointer, to) => *value.pointer_mut(pointer)? = Value::from(to.as_str()),
        TextChange::Key(_, to) => {
            let members = value.pointer_mut(parent)?.as_object_mut()?;
            let member = members.remove(&last)?;
            if members.insert(to.clone(), member).is_some() {
                return None;
            }
        }
        TextChange::Removal(_) => {
            let items = value.pointer_mut(parent)?.as_array_mut()?;
            items.remove(last.parse().ok().filter(|at| *at < items.len())?);
            if items.is_empty() {
                let (holder, key) = parent_of(parent)?;
                value.pointer_mut(holder)?.as_object_mut()?.remove(&key);
            }
        }
    }
    Some(())
}

fn parent_of(pointer: &str) -> Option<(&str, String)> {
    Some((pointer.rsplit_once('/')?.0, split_pointer(pointer).pop()?))
}

fn splice(document: &Document, change: &TextChange) -> Option<(Range<usize>, String)> {
    let text = &*document.text;
    match change {
        TextChange::Key(pointer, to) => {
            let start = document.key_offset(pointer)?;
            let range = start..start + key_length(&text[start..])?;
            let new = spelled(&text[range.clone()], to);
            Some((range, new))
        }
        TextChange::Text(pointer, to) => {
            let start = document.offset(pointer)?;
            let range = start..start + length(&text[start..])?;
            let new = spelled(&text[range.clone()], to);
            Some((range, new))
        }
        TextChange::Removal(pointer) => {
            let (list, _) = parent_of(pointer)?;
            let alone = document.get(list)?.as_array()?.len() == 1;
            let (start, whole) = if alone { (document.key_offset(list)?, list) } else { (document.offset(pointer)?, pointer.as_str()) };
            let begins = document.offset(list)?;
            let is_flow = document.format != SourceFormat::Yaml || text[begins..].starts_with('[');
            let range = if is_flow { in_flow(document, start, whole)? } else { in_block(text, start) };
            Some((range, String::new()))
        }
    }
}

/// Returns a word in the quotes of the one in whose place it stands.
fn spelled(old: &str, new: &str) -> String {
    let is_bare = new.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'));
    match old.chars().next() {
        Some('\'') if !new.contains(['\'', '\\']) => format!("'{new}'"),
        Some('"' | '\'') => Value::from(new).to_string(),
        _ if is_bare => new.to_owned(),
        _ => Value::from(new).to_string(),
    }
}

/// Returns the length of the key that a text begins with.
fn key_length(text: &str) -> Option<usize> {
    if text.starts_with(['"', '\'']) {
        return length(text);
    }
    // A colon ends a key in YAML where a space follows; in TOML a dot or an equals sign does.
    let end = text
        .char_indices()
        .find(|(at, c)| matches!(c, '=' | '\n' | ']' | ' ') || (*c == ':' && !text[at + 1..].starts_with(|c: char| !c.is_whitespace())));
    end.map(|(at, _)| at).filter(|at| *at > 0)
}

/// Returns what goes with a member or item between brackets: the comma behind it, or that before it.
fn in_flow(document: &Document, start: usize, pointer: &str) -> Option<Range<usize>> {
    let text = &*document.text;
    let value = document.offset(pointer)?;
    let end = value + length(&text[value..])?;
    let rest = text[end..].trim_start();
    if let Some(next) = rest.strip_prefix(',') {
        return Some(start..text.len() - next.trim_start().len());
    }
    let before = text[..start].trim_end();
    Some(before.strip_suffix(',').unwrap_or(before).len()..end)
}

/// Returns the lines of an entry of a block: its own, and those that stand further to the right.
fn in_block(text: &str, start: usize) -> Range<usize> {
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let head = &text[line..start];
    // An item stands behind its dash; a key begins its line.
    let column = head.find('-').unwrap_or(head.len());
    let is_item = column < head.len();
    let mut end = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    for next in text[end..].split_inclusive('\n') {
        let content = next.trim_start();
        let indent = next.len() - content.len();
        let belongs = indent > column || (indent == column && !is_item && content.starts_with("- "));
        if !belongs {
            break;
        }
        end += next.len();
    }
    line..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(path: &str, text: &str, changes: impl IntoIterator<Item = TextChange>) -> Option<String> {
        let format = SourceFormat::of(path).unwrap_or(SourceFormat::Toml);
        let file = SourceFile::of_text(path, format, text);
        let document = Document::parse(file, &Limits::default()).0.expect("a text that can be read");
        changed(&document, &changes.into_iter().collect())
    }

    fn key(pointer: &str, to: &str) -> TextChange {
        TextChange::Key(pointer.into(), to.into())
    }

    fn removal(pointer: &str) -> TextChange {
        TextChange::Removal(pointer.into())
    }

    #[test]
    fn keys_and_texts_keep_their_quotes() {
        let changes = || [key("/propertys", "properties"), key("/propertys/a", "b"), TextChange::Text("/type".into(), "object".into())];
        for (path, text, expected) in [
            ("a.json", "{ \"type\" : \"objct\", \"propertys\": {\"a\" :{}} }", "{ \"type\" : \"object\", \"properties\": {\"b\" :{}} }"),
            ("a.yaml", "type: objct # one\npropertys:\n  'a': {}\n", "type: object # one\nproperties:\n  'b': {}\n"),
            ("a.toml", "type = 'objct'\npropertys = { \"a\" = {} }\n", "type = 'object'\nproperties = { \"b\" = {} }\n"),
        ] {
            assert_eq!(after(path, text, changes()).as_deref(), Some(expected));
        }
        assert_eq!(
            after("a.toml", "[services.a]\nconsums = []\n", [key("/services/a/consums", "consumes")]).as_deref(),
            Some("[services.a]\nconsumes = []\n")
        );
    }

    #[test]
    fn items_go_with_their_commas_or_lines() {
        let json = "{\"x\": {\"v\": 1, \"allow\": [\n  {\"a\": 1},\n  {\"a\": 2},\n  {\"a\": 3}\n]}}";
        let expected = "{\"x\": {\"v\": 1, \"allow\": [\n  {\"a\": 2}\n]}}";
        assert_eq!(after("a.json", json, [removal("/x/allow/0"), removal("/x/allow/2")]).as_deref(), Some(expected));
        assert_eq!(after("a.json", expected, [removal("/x/allow/0")]).as_deref(), Some("{\"x\": {\"v\": 1}}"));
        let yaml = "x:\n  v: 1\n  allow:\n  - a: 1\n    b: 1\n  - a: 2 # two\n\ny: 1\n";
        assert_eq!(after("a.yaml", yaml, [removal("/x/allow/0")]).as_deref(), Some("x:\n  v: 1\n  allow:\n  - a: 2 # two\n\ny: 1\n"));
        let one = "x:\n  v: 1\n  allow:\n  - a: 2 # two\ny: 1\n";
        assert_eq!(after("a.yaml", one, [removal("/x/allow/0")]).as_deref(), Some("x:\n  v: 1\ny: 1\n"));
    }

    #[test]
    fn what_would_say_something_else_is_refused() {
        assert_eq!(after("a.json", "{\"a\": 1, \"b\": 2}", [key("/a", "b")]), None, "a key that is there");
        assert_eq!(after("a.yaml", "a: &x {k: 1}\nb: *x\n", [key("/b/k", "l")]), None, "an alias");
        assert_eq!(after("a.avsc", "{\"type\": \"string\"}", [key("/type", "b")]), None);
        // All items of a list at once: its key would go twice.
        assert_eq!(after("a.json", "{\"l\": [1, 2]}", [removal("/l/0"), removal("/l/1")]), None);
    }
}
