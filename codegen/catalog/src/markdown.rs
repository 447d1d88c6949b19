//! Text from schemas made safe for the place in a Markdown page where it lands (GitHub Flavored Markdown).
//!
//! Escaping is the default: the templates' formatter passes every string through [`text`], and only what this module made is exempt.

use std::fmt::Write as _;

use eventc_model::text::{is_hidden, json as json_text};
use serde_json::Value;

/// Returns text within a line: a paragraph, a heading, a table cell or the text of a link. Line breaks become spaces.
pub(super) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 8);
    let mut before = ' ';
    let mut chars = raw.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '$' => out.push_str("&#36;"),
            '{' if matches!(chars.peek(), Some('{' | '%' | '#')) => out.push_str("&#123;"),
            '\\' | '`' | '*' | '[' | ']' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            // Within a word an underscore is plain.
            '_' if before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric()) => out.push('_'),
            '_' => out.push_str("\\_"),
            '\n' | '\r' | '\t' => {
                if before != ' ' {
                    out.push(' ');
                }
                before = ' ';
                continue;
            }
            c if is_hidden(c) => push_code_point(&mut out, c),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Paragraphs: blank lines part them, and no line begins as anything but text.
pub(super) fn prose(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    let mut paragraphs: Vec<String> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in unified.split('\n').chain([""]) {
        if line.trim().is_empty() {
            if !lines.is_empty() {
                paragraphs.push(at_line_start(text(&lines.join(" "))));
                lines.clear();
            }
        } else {
            lines.push(line);
        }
    }
    paragraphs.join("\n\n")
}

/// Returns text that would begin a list, a heading's underline or a quotation, as text.
fn at_line_start(text: String) -> String {
    if text.starts_with(['-', '+', '=', ':']) {
        return format!("\\{text}");
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    text
}

/// Returns a verbatim value within a line or table cell.
pub(super) fn code(raw: &str) -> String {
    // `$` beside a back-tick begins a formula on GitHub; `|` ends a cell even in a code span.
    let plain = |c: char| !(is_hidden(c) || matches!(c, '`' | '|' | '\\' | '\n' | '\r' | '\t' | '$' | '{'));
    if !raw.is_empty() && !raw.starts_with(' ') && !raw.ends_with(' ') && raw.chars().all(plain) {
        return format!("`{raw}`");
    }
    let mut out = String::from("<code>");
    let mut before = ' ';
    for c in raw.chars() {
        match c {
            '\n' => out.push_str("&#92;n"),
            '\r' => out.push_str("&#92;r"),
            '\t' => out.push_str("&#92;t"),
            ' ' if before == ' ' => out.push_str("&#32;"),
            c if is_hidden(c) => push_code_point(&mut out, c),
            // Entities are never read as Markdown; what needs none stays readable.
            c if is_markup(c, before) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
        before = c;
    }
    out.push_str("</code>");
    out
}

/// Returns whether a character can mean something else than itself between tags: emphasis, links, formulas, templates, cells.
fn is_markup(c: char, before: char) -> bool {
    match c {
        '&' | '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '{' | '#' | ':' | '@' | '!' => true,
        // `www.` becomes a link.
        '.' => before.eq_ignore_ascii_case(&'w'),
        _ => false,
    }
}

/// Returns a link to another page; the target is made of safe characters already.
pub(super) fn link(label: &str, target: &str) -> String {
    format!("[{}]({target})", text(label))
}

/// Returns a fenced block whose fence is longer than any run of back-ticks in it.
pub(super) fn fence(language: &str, body: &str) -> String {
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", body.trim_end_matches('\n'))
}

/// Returns a value as a fenced block of JSON, with characters that cannot be seen written as escapes.
pub(super) fn json(value: &Value) -> String {
    fence("json", &json_text(&format!("{value:#}")))
}

/// Returns a label of a Mermaid node, to stand between double quotes.
pub(super) fn mermaid(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            c if c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-' | '/') => out.push(c),
            c if is_hidden(c) || matches!(c, '\n' | '\r' | '\t') => out.push(' '),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}

/// Returns a word for paths and anchors: letters, digits, `.`, `_` and `-` of ASCII.
pub(super) fn slug(raw: &str) -> String {
    let safe: String = raw.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '-' }).collect();
    let trimmed = safe.trim_start_matches('.');
    if trimmed.is_empty() { "unnamed".to_owned() } else { trimmed.to_owned() }
}

fn push_code_point(out: &mut String, c: char) {
    let _ = write!(out, "&#92;u{:04X}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text() {
        assert_eq!(
            text("a | b <script> *c* _d_ e_f [g](h) `i` $j$"),
            "a &#124; b &lt;script&gt; \\*c\\* \\_d\\_ e_f \\[g\\](h) \\`i\\` &#36;j&#36;"
        );
        assert_eq!(text("line\nline\r\nline"), "line line line");
        assert_eq!(text("\u{202e}\0{{x}}"), "&#92;u202E&#92;u0000&#123;{x}}");
    }

    #[test]
    fn paragraphs_begin_as_text() {
        assert_eq!(prose("- a\n- b\n\n1. c\n\n# d\n\n> e\n\n---\n\n    f"), "\\- a - b\n\n1\\. c\n\n\\# d\n\n&gt; e\n\n\\---\n\nf");
    }

    #[test]
    fn code_is_verbatim() {
        assert_eq!(code("^[a-z]+(a)$"), "<code>^&#91;a-z&#93;+(a)&#36;</code>");
        assert_eq!(code("plain text"), "`plain text`");
        assert_eq!(code("`|`\n"), "<code>&#96;&#124;&#96;&#92;n</code>");
        assert_eq!(code(""), "<code></code>");
    }

    #[test]
    fn fences_outgrow_what_they_hold() {
        assert_eq!(fence("json", "a ```` b"), "`````json\na ```` b\n`````");
        assert_eq!(json(&serde_json::json!("a\u{2028}\u{e0001}")), "```json\n\"a\\u2028\\udb40\\udc01\"\n```");
    }

    #[test]
    fn labels_cannot_leave_their_quotes() {
        assert_eq!(mermaid("a\"]-->b;%%"), "a#34;#93;--#62;b#59;#37;#37;");
    }
}
