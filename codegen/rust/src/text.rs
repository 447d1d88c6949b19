//! Text of schemas where it lands in Rust: doc comments and literals.

use std::fmt::Write as _;

use eventc_model::{
    schema::{Keywords, NodeId, Schemas},
    text::{is_hidden, json as json_text},
    types::Field,
    words,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// The longest line of a doc comment that is kept as it is; a longer one is broken at spaces.
const WIDTH: usize = 110;
/// The longest line of a JSON text.
const MAX_LINE_WIDTH: usize = 110;
/// The longest word in a doc comment.
const MAX_WORD_LENGTH: usize = 400;

/// Returns outer doc attributes, one a line.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// Returns the attribute of what should no longer be used.
pub(crate) fn deprecated(note: &str) -> TokenStream {
    let note = visible(note);
    quote!(#[deprecated(note = #note)])
}

/// Doc attributes, one a line, of the file.
pub(crate) fn file_doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

/// Returns lines that are safe in a doc comment: no character that ends it, moves text around or is a control, no fence or
/// indentation that would make an example of them.
fn lines(text: &str) -> Vec<String> {
    if is_plain_line(text) {
        return vec![format!(" {text}")];
    }
    let mut out: Vec<String> = Vec::new();
    for line in text.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\u{85}']) {
        let line = visible(line.trim());
        let fenced = line.starts_with("```") || line.starts_with("~~~");
        let line = if fenced { format!("\\{line}") } else { line };
        if line.is_empty() && out.last().is_none_or(String::is_empty) {
            continue;
        }
        out.extend(broken(&line));
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }).collect()
}

/// Returns whether text is one short line that nothing has to be done to: most documentation is.
fn is_plain_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| !matches!(byte, b' ' | b'`' | b'~');
    bytes.len() <= WIDTH
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && bytes.first().is_some_and(inner)
        && bytes.last() != Some(&b' ')
}

fn broken(line: &str) -> Vec<String> {
    if line.len() <= WIDTH && !line.contains("  ") && line.is_ascii() {
        return vec![line.to_owned()];
    }
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in line.split(' ') {
        let word: String =
            if word.chars().count() > MAX_WORD_LENGTH { word.chars().take(MAX_WORD_LENGTH).chain(['…']).collect() } else { word.into() };
        let length = word.chars().count();
        // A word that would mean a list, heading or quotation at the start of a line stays where it is.
        let prose = word.starts_with(char::is_alphanumeric) && !word.starts_with(|c: char| c.is_ascii_digit());
        if width > 0 && width + 1 + length > WIDTH && prose {
            lines.push(String::new());
            width = 0;
        }
        let last = lines.len() - 1;
        if width > 0 {
            lines[last].push(' ');
            width += 1;
        }
        lines[last].push_str(&word);
        width += length;
    }
    lines
}

/// Returns text with hidden characters spelled out.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if is_hidden(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Returns the text of a source file, its hidden characters spelled out. Where some are left they stand in string literals
/// that are not raw: documentation and JSON have spelled theirs, and names have none.
#[cfg(feature = "files")]
pub(crate) fn source(text: String) -> String {
    let is_spelled = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t');
    if !text.contains(is_spelled) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_spelled(c) { push_escape(&mut out, c) } else { out.push(c) }
    }
    out
}

fn push_escape(out: &mut String, c: char) {
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// Returns a JSON text as a raw string literal, its hidden characters escaped as JSON does.
pub(crate) fn json_literal(json: &str) -> Literal {
    let text = json_text(json);
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    let raw = format!("r{hashes}\"{text}\"{hashes}");
    raw.parse().unwrap_or_else(|_| Literal::string(&text))
}

/// Returns a JSON value as text: on one line where it fits, else a member a line. It begins at the column `indent`.
pub(crate) fn fitted(value: &Value, indent: usize) -> String {
    let compact = value.to_string();
    if indent + compact.len() <= MAX_LINE_WIDTH {
        return compact;
    }
    let step = indent + 2;
    let members: Vec<String> = match value {
        Value::Object(members) => {
            let keyed = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), fitted(value, step));
            members.iter().map(keyed).collect()
        }
        Value::Array(items) => items.iter().map(|item| fitted(item, step)).collect(),
        _ => return compact,
    };
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    let inner = members.join(&format!(",\n{:step$}", ""));
    format!("{open}\n{:step$}{inner}\n{:indent$}{close}", "", "")
}

/// Returns a number with its digits in groups.
pub(crate) fn grouped(number: u64) -> Literal {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if digits.len() > 4 && index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text.parse().unwrap_or_else(|_| Literal::u64_unsuffixed(number))
}

/// Returns what a schema says of itself: its description, else its title, else the fallback; then the constraints that a
/// reader of the code wants to know.
pub(crate) fn describe(schemas: &Schemas, node: NodeId, fallback: &str) -> String {
    described(schemas, node, fallback, |keywords| {
        words::constraints(keywords, &code).into_iter().chain(words::default(keywords, &code)).collect()
    })
}

/// Returns what the schema of a field says of it.
pub(crate) fn describe_field(schemas: &Schemas, field: &Field, fallback: &str) -> String {
    described(schemas, field.node, fallback, |keywords| words::of_field_with_default(field, keywords, &code))
}

fn described(schemas: &Schemas, node: NodeId, fallback: &str, phrases: impl Fn(&Keywords) -> Vec<String>) -> String {
    let target = schemas.target(node);
    let said = [node, target].into_iter().filter_map(|id| schemas.keywords(id));
    let text = said.clone().find_map(|keywords| keywords.description.as_deref().filter(|text| !text.trim().is_empty()));
    let text = text.or_else(|| said.clone().find_map(|keywords| keywords.title.as_deref().filter(|text| !text.trim().is_empty())));
    let mut text = text.map_or_else(|| fallback.to_owned(), str::to_owned);
    if let Some(keywords) = schemas.keywords(node) {
        text.extend(words::sentence(&phrases(keywords)).map(|sentence| format!("\n\n{sentence}")));
    }
    text
}

/// Returns text as a Markdown code span.
fn code(text: &str) -> String {
    let text = visible(&text.replace(['\n', '\r'], " "));
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_or_bends_a_doc_comment() {
        assert_eq!(
            lines("a */ b\r\n\r\n\r\n```\nfn x() {}\n    indented\u{202e}"),
            [" a */ b", "", " \\```", " fn x() {}", " indented\\u{202e}"]
        );
        assert_eq!(lines(" \n "), Vec::<String>::new());
        assert!(lines(&"word ".repeat(1000)).iter().all(|line| line.len() < 130));
    }

    #[test]
    fn long_json_has_a_line_for_each_member() {
        let short = serde_json::json!({"a": [1, 2]});
        assert_eq!(fitted(&short, 4), r#"{"a":[1,2]}"#);
        let long = serde_json::json!({"a": "x".repeat(60), "b": ["y".repeat(60), 2], "c": {}});
        let text = fitted(&long, 4);
        assert_eq!(text.lines().map(|line| line.len() - line.trim_start().len()).collect::<Vec<_>>(), [0, 6, 6, 6, 4]);
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(long));
    }

    #[test]
    fn digits_stand_in_groups() {
        let texts = [0, 999, 1000, 10_000, 604_800_000].map(|number| grouped(number).to_string());
        assert_eq!(texts, ["0", "999", "1000", "10_000", "604_800_000"]);
    }

    #[test]
    fn json_literals_hold_any_json() {
        assert_eq!(json_literal(r##"{"a":"\"#"}"##).to_string(), r####"r##"{"a":"\"#"}"##"####);
        assert_eq!(json_literal("\"\u{202e}\"").to_string(), "r#\"\"\\u202e\"\"#");
    }
}
