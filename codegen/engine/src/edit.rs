//! Changes of single values in a text, with the author's formatting left alone.
//!
//! A text is JSON, or YAML in block or flow style. Every edit is checked by reading the result: where it does not say exactly what it
//! should, the edit is refused and a person has to make it.

mod splice;

pub(crate) use self::splice::{TextChange, changed};
use eventc_model::{
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use serde_json::{Map, Value};

/// A reason that a text cannot be edited.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EditError {
    /// The text cannot be read.
    #[error("{0} cannot be read")]
    Unread(String),
    /// The result would not say what it should.
    #[error("{file} is written in a way that eventc does not edit; set {pointer} to {value} by hand")]
    ByHand {
        /// The file.
        file: String,
        /// The JSON Pointer of the value that is to be set.
        pointer: String,
        /// To what.
        value: String,
    },
}

/// A text that is being edited.
#[derive(Debug, Clone)]
pub(crate) struct Editor {
    file: SourceFile,
}

impl Editor {
    /// Returns an editor for the text of a file.
    pub(crate) fn new(document: &Document, text: &str) -> Self {
        let (path, shown) = (document.path.clone(), document.shown.clone());
        Self { file: SourceFile { path, shown, format: document.format, text: text.into(), unread: false } }
    }

    /// Returns the text as it is now.
    pub(crate) fn text(&self) -> &str {
        &self.file.text
    }

    /// Returns the value at a pointer, if there is one.
    pub(crate) fn get(&self, pointer: &str) -> Result<Option<Value>, EditError> {
        Ok(self.read(&self.file.text)?.get(pointer).cloned())
    }

    /// Sets a member of `x-event`, which is added where it is missing: the value in its place, or a new member after `version`.
    ///
    /// # Errors
    /// Where the text is written in a way that this cannot edit.
    pub(crate) fn set(&mut self, key: &str, value: &Value) -> Result<(), EditError> {
        let pointer = format!("/x-event/{key}");
        self.change(&pointer, value, |editor, document| {
            if document.get(&pointer).is_some() {
                return editor.replaced(document, &pointer, value);
            }
            if document.get("/x-event/version").is_some() {
                return editor.after_version(document, key, value);
            }
            if document.get("/x-event").is_some_and(Value::is_object) {
                return editor.first_member(document, "/x-event", key, value);
            }
            let whole = Value::Object(Map::from_iter([(key.to_owned(), value.clone())]));
            editor.first_member(document, "", "x-event", &whole)
        })
    }

    /// Sets a string that stands at a pointer.
    ///
    /// # Errors
    /// Where the text is written in a way that this cannot edit.
    pub(crate) fn replace(&mut self, pointer: &str, value: &str) -> Result<(), EditError> {
        let value = Value::from(value);
        self.change(pointer, &value, |editor, document| editor.replaced(document, pointer, &value))
    }

    fn change(&mut self, pointer: &str, value: &Value, edit: impl Fn(&Self, &Document) -> Option<String>) -> Result<(), EditError> {
        let document = self.read(&self.file.text)?;
        let mut wanted = document.value.clone();
        let by_hand = || EditError::ByHand { file: self.file.shown.to_string(), pointer: pointer.to_owned(), value: value.to_string() };
        put(&mut wanted, pointer, value).ok_or_else(by_hand)?;
        let text = edit(self, &document).ok_or_else(by_hand)?;
        match self.read(&text) {
            Ok(changed) if changed.value == wanted => {
                self.file.text = text.into();
                Ok(())
            }
            _ => Err(by_hand()),
        }
    }

    fn read(&self, text: &str) -> Result<Document, EditError> {
        let (document, _) = Document::parse(SourceFile { text: text.into(), ..self.file.clone() }, &Limits::default());
        document.ok_or_else(|| EditError::Unread(self.file.shown.to_string()))
    }

    fn replaced(&self, document: &Document, pointer: &str, value: &Value) -> Option<String> {
        let text = self.text();
        let start = document.offset(pointer)?;
        let end = start + length(&text[start..])?;
        let spelled = match (text[start..].chars().next()?, value) {
            ('\'', Value::String(new)) if !new.contains('\'') => format!("'{new}'"),
            (c, Value::String(new)) if c != '"' && is_plain(new) => new.clone(),
            _ => inline(value),
        };
        Some(format!("{}{spelled}{}", &text[..start], &text[end..]))
    }

    fn after_version(&self, document: &Document, key: &str, value: &Value) -> Option<String> {
        let text = self.text();
        let start = document.offset("/x-event/version")?;
        let end = start + length(&text[start..])?;
        if self.is_flow(document, "/x-event") {
            // The member's key, with the space before it, says how members are set apart.
            let before = &text[..text[..start].rfind("version")?];
            let before = before.trim_end_matches(['"', '\'']);
            let space = &before[before.trim_end().len()..];
            let space = if space.contains('\n') { space } else { " " };
            return Some(format!("{},{space}{}: {}{}", &text[..end], self.key(key), inline(value), &text[end..]));
        }
        let line = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        let indent = &line[..line.len() - line.trim_start().len()];
        let rest = text[end..].find('\n').map_or(text.len(), |at| end + at);
        let (head, tail) = text.split_at(rest);
        let (head, tail) = (head.strip_suffix('\r').unwrap_or(head), tail.strip_prefix('\n').unwrap_or(tail));
        let end = self.line_end();
        Some(format!("{head}{end}{indent}{key}: {}{end}{tail}", inline(value)))
    }

    /// Inserts a member before all others.
    fn first_member(&self, document: &Document, parent: &str, key: &str, value: &Value) -> Option<String> {
        let text = self.text();
        let start = document.offset(parent)?;
        if self.is_flow(document, parent) {
            let inside = start + 1;
            let rest = text[inside..].trim_start();
            let space = &text[inside..text.len() - rest.len()];
            let (before, member) = (&text[..inside], format!("{}: {}", self.key(key), inline(value)));
            return Some(if rest.starts_with('}') {
                format!("{before}{member}{rest}")
            } else if space.contains('\n') {
                format!("{before}{space}{member},{space}{rest}")
            } else {
                format!("{before}{space}{member}, {rest}")
            });
        }
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[line..start];
        indent.trim().is_empty().then(|| format!("{}{indent}{key}: {}{}{}", &text[..line], inline(value), self.line_end(), &text[line..]))
    }

    /// Returns whether an object is written with braces.
    fn is_flow(&self, document: &Document, pointer: &str) -> bool {
        document.offset(pointer).is_some_and(|start| self.text()[start..].starts_with('{'))
    }

    fn key(&self, key: &str) -> String {
        if self.file.format == SourceFormat::Yaml { key.to_owned() } else { Value::from(key).to_string() }
    }

    fn line_end(&self) -> &'static str {
        if self.text().contains("\r\n") { "\r\n" } else { "\n" }
    }
}

/// Returns the length of the scalar, list or object that a text begins with.
fn length(text: &str) -> Option<usize> {
    match text.chars().next()? {
        '"' => quoted(text),
        '\'' => text[1..].find('\'').map(|at| at + 2),
        '{' | '[' => bracketed(text),
        _ => {
            let line = text.split(['\n', '\r']).next()?;
            let line = line.split(" #").next()?;
            Some(line.split([',', '}', ']']).next()?.trim_end().len())
        }
    }
}

/// Returns the length of a quoted string.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at + 1)
    })
}

/// Returns the length of a list or object.
fn bracketed(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '"' => {
                at += quoted(&text[at..])?;
                continue;
            }
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += c.len_utf8();
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Returns a value on one line, with the spaces that people write.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns whether YAML reads a text without quotes as the same text: versions and days of the kind that eventc writes.
fn is_plain(text: &str) -> bool {
    text.matches('.').count() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

/// Sets a member in a value; `None` where there is no object to hold it.
fn put(value: &mut Value, pointer: &str, new: &Value) -> Option<()> {
    let (parent, key) = pointer.rsplit_once('/')?;
    if value.pointer(parent).is_none() {
        put(value, parent, &Value::Object(Map::new()))?;
    }
    value.pointer_mut(parent)?.as_object_mut()?.insert(key.to_owned(), new.clone());
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn editor(path: &str, text: &str) -> Editor {
        let format = SourceFormat::of(path).expect("a schema's name");
        Editor { file: SourceFile::of_text(path, format, text) }
    }

    #[track_caller]
    fn set(path: &str, text: &str, key: &str, value: &Value, expected: &str) {
        let mut editor = editor(path, text);
        editor.set(key, value).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(editor.text(), expected);
    }

    #[test]
    fn a_version_changes_in_its_place() {
        let new = json!("1.1.0");
        set("a.json", "{ \"x-event\":{\"version\" :\"1.0.0\" } }", "version", &new, "{ \"x-event\":{\"version\" :\"1.1.0\" } }");
        set(
            "a.yaml",
            "type: object\nx-event:\n  version: 1.0.0  # now\n",
            "version",
            &new,
            "type: object\nx-event:\n  version: 1.1.0  # now\n",
        );
        set("a.yaml", "x-event: {version: '1.0.0', owner: a}\n", "version", &new, "x-event: {version: '1.1.0', owner: a}\n");
        set("a.yml", "x-event:\r\n  version: \"1.0.0\"\r\n", "version", &new, "x-event:\r\n  version: \"1.1.0\"\r\n");
    }

    #[test]
    fn what_is_missing_is_added() {
        let new = json!("1.0.0");
        set("a.json", "{}", "version", &new, "{\"x-event\": { \"version\": \"1.0.0\" }}");
        set(
            "a.json",
            "{\n  \"type\": \"object\"\n}\n",
            "version",
            &new,
            "{\n  \"x-event\": { \"version\": \"1.0.0\" },\n  \"type\": \"object\"\n}\n",
        );
        set("a.json", "{\"x-event\": {}}", "version", &new, "{\"x-event\": {\"version\": \"1.0.0\"}}");
        set("a.json", "{\"x-event\": {\"owner\": \"a\"}}", "version", &new, "{\"x-event\": {\"version\": \"1.0.0\", \"owner\": \"a\"}}");
        set("a.yaml", "# Orders.\ntype: object\n", "version", &new, "# Orders.\nx-event: { \"version\": \"1.0.0\" }\ntype: object\n");
        set("a.yaml", "x-event:\n    owner: a\n", "version", &new, "x-event:\n    version: \"1.0.0\"\n    owner: a\n");
    }

    #[test]
    fn a_deprecation_stands_after_the_version() {
        let way_out = json!({"since": "2026-01-01", "use": "b"});
        let spelled = "{ \"since\": \"2026-01-01\", \"use\": \"b\" }";
        let text = "{\n\t\"x-event\": {\n\t\t\"version\": \"1.0.0\",\n\t\t\"owner\": \"a\"\n\t}\n}";
        let expected = text.replace("\"1.0.0\",", &format!("\"1.0.0\",\n\t\t\"deprecated\": {spelled},"));
        set("a.json", text, "deprecated", &way_out, &expected);
        set(
            "a.json",
            "{\"x-event\": {\"version\": \"1\"}}",
            "deprecated",
            &way_out,
            &format!("{{\"x-event\": {{\"version\": \"1\", \"deprecated\": {spelled}}}}}"),
        );
        let yaml = "x-event:\n  version: 1.0.0 # first\n  owner: a\n";
        set("a.yaml", yaml, "deprecated", &way_out, &yaml.replace("first\n", &format!("first\n  deprecated: {spelled}\n")));
        set(
            "a.yaml",
            "x-event:\n  version: 1.0.0",
            "deprecated",
            &way_out,
            &format!("x-event:\n  version: 1.0.0\n  deprecated: {spelled}\n"),
        );
        let twice = json!({"since": "2026-01-01", "use": "c"});
        set("a.json", &expected, "deprecated", &twice, &expected.replace("\"b\"", "\"c\""));
    }

    #[test]
    fn what_cannot_be_edited_is_left_to_a_person() {
        let anchors = "base: &base\n  version: 1.0.0\nx-event: *base\n";
        let mut unedited = editor("a.yaml", anchors);
        let error = unedited.set("version", &json!("1.1.0")).expect_err("the anchor would change both");
        assert!(error.to_string().contains("set /x-event/version to \"1.1.0\" by hand"), "{error}");
        assert_eq!(unedited.text(), anchors);
        assert!(editor("a.json", "7").set("version", &json!("1.0.0")).is_err());
        assert!(editor("a.json", "{oops").set("version", &json!("1.0.0")).is_err());
    }
}
