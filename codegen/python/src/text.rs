//! Text from schemas, escaped for the place in Python where it lands.

use std::fmt::Write;

use eventc_model::text::{is_hidden, wrap};

/// The width at which prose is wrapped.
const WIDTH: usize = 110;

/// Returns a string literal.
pub(super) fn literal(text: &str) -> String {
    quoted(text, '"')
}

/// Returns JSON text as a string literal, in single quotes so that its own quotes stay as they are.
pub(super) fn json_literal(text: &str) -> String {
    quoted(text, '\'')
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\' && char::from(byte) != quote) {
        out.push_str(text);
        out.push(quote);
        return out;
    }
    for c in text.chars() {
        match c {
            c if c == quote => {
                out.push('\\');
                out.push(quote);
            }
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Returns a docstring that begins at the given indentation, with its quotes; `None` where there is nothing to say.
pub(super) fn doc(paragraphs: &[String], indent: usize) -> Option<String> {
    let lines: Vec<String> = lines(paragraphs, WIDTH - indent);
    let margin = " ".repeat(indent);
    match &lines[..] {
        [] => None,
        [only] => Some(format!("{margin}\"\"\"{only}\"\"\"")),
        _ => {
            let mut out = format!("{margin}\"\"\"");
            for (index, line) in lines.iter().enumerate() {
                if index > 0 && !line.is_empty() {
                    out.push_str(&margin);
                }
                out.push_str(line);
                out.push('\n');
            }
            let _ = write!(out, "{margin}\"\"\"");
            Some(out)
        }
    }
}

fn lines(paragraphs: &[String], width: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.trim().is_empty()) {
        if !out.is_empty() {
            out.push(String::new());
        }
        for line in paragraph.trim().split(['\n', '\r']) {
            out.extend(wrap(&prose(line.trim_end()), width).iter().map(|line| line.trim_end().to_owned()));
        }
    }
    out
}

/// Returns text inside a docstring: no quote or backslash of its own ends or bends it.
fn prose(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'"')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\t' => out.push(' '),
            c if is_hidden(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    // Only three quotes in a row, or one before the end, could close the docstring.
    if !out.contains("\\\"\\\"") && !out.ends_with("\\\"") && !out.starts_with("\\\"") && !out.contains("\\\\\\\"") {
        out.replace("\\\"", "\"")
    } else {
        out
    }
}

fn push_escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = match code {
        0..0x100 => write!(out, "\\x{code:02x}"),
        0x100..0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_any_text() {
        assert_eq!(literal("a\"b\\c\n\u{202e}\0é😀"), "\"a\\\"b\\\\c\\n\\u202e\\x00é😀\"");
    }

    #[test]
    fn docstrings_end_where_they_should() {
        let doc = |text: &str| doc(&[text.to_owned()], 0).unwrap_or_default();
        assert_eq!(doc("plain \"word\" here"), "\"\"\"plain \"word\" here\"\"\"");
        assert_eq!(doc("a \"\"\" b"), "\"\"\"a \\\"\\\"\\\" b\"\"\"");
        assert_eq!(doc("ends in \"quote\""), "\"\"\"ends in \\\"quote\\\"\"\"\"");
        assert_eq!(doc("ends in \\"), "\"\"\"ends in \\\\\"\"\"");
        assert_eq!(doc("two\nlines"), "\"\"\"two\nlines\n\"\"\"");
        assert_eq!(doc(""), "");
    }
}
