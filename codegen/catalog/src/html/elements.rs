//! Text from schemas made safe for the place in an HTML page where it lands.
//!
//! Escaping is the default: the templates' formatter passes every string through [`text`], and only what this module made is exempt.

use std::fmt::Write as _;

use eventc_model::{config::ContactWay, text::is_hidden};
use serde_json::Value;

/// Returns text between tags or in a quoted attribute. What a reader could not see, or what changes how other characters are
/// seen, is spelled by its number.
pub(crate) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 8);
    push(&mut out, raw);
    out
}

/// Returns text of a block, between tags alone, where quotes mean nothing: blocks of JSON are full of them.
pub(super) fn verbatim(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 16);
    push_verbatim(&mut out, raw);
    out
}

fn push(out: &mut String, raw: &str) {
    for c in raw.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => push_char(out, c),
        }
    }
}

fn push_verbatim(out: &mut String, raw: &str) {
    raw.chars().for_each(|c| push_char(out, c));
}

fn push_char(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\n' | '\t' => out.push(c),
        c if is_hidden(c) => {
            let _ = write!(out, "\\u{:04X}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Returns a verbatim value within a line.
pub(crate) fn code(raw: &str) -> String {
    format!("<code>{}</code>", breakable(raw))
}

/// Returns a link to another page; the target is made of safe characters already.
pub(crate) fn link(label: &str, target: &str) -> String {
    format!("<a href=\"{target}\">{}</a>", breakable(label))
}

/// Returns text with names in it, the long ones of which may go on in the next line where their own words end, and nowhere else.
pub(super) fn breakable(raw: &str) -> String {
    const LONG: usize = 12;
    let mut out = String::with_capacity(raw.len() + raw.len() / 4);
    for word in raw.split_inclusive(char::is_whitespace) {
        if word.len() < LONG { push(&mut out, word) } else { push_breakable(&mut out, word) }
    }
    out
}

fn push_breakable(out: &mut String, word: &str) {
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        push(out, c.encode_utf8(&mut [0; 4]));
        let Some(next) = chars.peek().filter(|next| !next.is_whitespace()) else { continue };
        if "._/:|,=@".contains(c) || (c.is_lowercase() && next.is_uppercase()) {
            out.push_str("<wbr>");
        }
    }
}

/// Returns text as a value in the query of an address: whatever is not plain is spelled by its bytes.
pub(super) fn query(raw: &str) -> String {
    let spelled = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    raw.bytes().map(spelled).collect()
}

/// Returns a way to reach somebody: a link where it is an address of the web or of mail.
pub(super) fn contact(raw: &str) -> String {
    match ContactWay::of(raw) {
        Some(ContactWay::Url(url)) => format!("<a href=\"{}\">{}</a>", text(url), breakable(url)),
        Some(ContactWay::Email(email)) => format!("<a href=\"mailto:{}\">{}</a>", text(email), breakable(email)),
        _ => breakable(raw),
    }
}

/// Paragraphs: blank lines part them, and what stands between back-ticks is code.
pub(super) fn prose(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(raw.len() + 16);
    let mut paragraph = String::new();
    for line in unified.split('\n').chain([""]) {
        if line.trim().is_empty() {
            if !paragraph.is_empty() {
                let _ = write!(out, "<p>{}</p>", inline(&paragraph));
                paragraph.clear();
            }
        } else {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
    }
    out
}

/// Returns a line of prose: what stands between back-ticks is code.
pub(super) fn inline(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + 16);
    let mut parts = raw.split('`').peekable();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        let closed = parts.peek().is_some();
        match (is_code, closed) {
            (true, true) => out.push_str(&code(part)),
            // The last back-tick has no other: it is a character.
            (true, false) => {
                out.push('`');
                out.push_str(&breakable(part));
            }
            (false, _) => out.push_str(&breakable(part)),
        }
        is_code = !is_code;
    }
    out
}

/// Returns a block of verbatim text that can be scrolled by keyboard.
pub(crate) fn block(raw: &str) -> String {
    format!("<pre tabindex=\"0\"><code>{}</code></pre>", verbatim(raw))
}

/// Returns a value as a block of JSON, its keys, strings and other values told apart.
pub(crate) fn json(value: &Value) -> String {
    let mut out = String::from("<pre class=\"json\" tabindex=\"0\"><code>");
    json_text(&mut out, &format!("{value:#}"));
    out.push_str("</code></pre>");
    out
}

/// Writes pretty JSON text with `<b>` around keys, `<i>` around strings and `<u>` around numbers and words.
fn json_text(out: &mut String, plain: &str) {
    let mut rest = plain;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_alphanumeric()) {
        push_verbatim(out, &rest[..at]);
        rest = &rest[at..];
        let (end, tag) = if rest.starts_with('"') {
            let end = string_end(rest);
            (end, if rest[end..].starts_with(':') { 'b' } else { 'i' })
        } else {
            (rest.find([',', '\n', ']', '}', ' ']).unwrap_or(rest.len()), 'u')
        };
        let _ = write!(out, "<{tag}>");
        push_verbatim(out, &rest[..end]);
        let _ = write!(out, "</{tag}>");
        rest = &rest[end..];
    }
    push_verbatim(out, rest);
}

/// Returns the end of the string that begins a JSON text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_text() {
        assert_eq!(text("<b a='x' c=\"y\">&\u{202e}\0"), "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;\\u202E\\u0000");
        assert_eq!(link("<i>", "a/b.html"), "<a href=\"a/b.html\">&lt;i&gt;</a>");
    }

    #[test]
    fn names_break_where_their_words_end() {
        assert_eq!(code("shop.order_created.v1"), "<code>shop.<wbr>order_<wbr>created.<wbr>v1</code>");
        assert_eq!(breakable("The OrderLineCreated of order_id"), "The Order<wbr>Line<wbr>Created of order_id");
        assert_eq!(breakable("a<b>&_cdefghijkl"), "a&lt;b&gt;&amp;_<wbr>cdefghijkl");
    }

    #[test]
    fn only_addresses_lead_somewhere() {
        assert_eq!(contact("a.b@shop.example"), "<a href=\"mailto:a.b@shop.example\">a.<wbr>b@<wbr>shop.<wbr>example</a>");
        assert_eq!(contact("https://x.y/?a&b"), "<a href=\"https://x.y/?a&amp;b\">https:<wbr>/<wbr>/<wbr>x.<wbr>y/<wbr>?a&amp;b</a>");
        for text in ["#orders", "javascript:alert(1)", "@team", "a@b", "a@b.c?subject=x", "call a@b.c", "https://x\"onclick=y"] {
            assert!(!contact(text).contains("<a"), "{text}");
        }
    }

    #[test]
    fn prose_has_paragraphs_and_code() {
        assert_eq!(prose("a\nb `<c>`\r\n\r\nd `e"), "<p>a\nb <code>&lt;c&gt;</code></p><p>d `e</p>");
        assert_eq!(prose(" \n\n"), "");
    }

    #[test]
    fn json_is_told_apart() {
        let expected = "{\n  <b>\"a\\\"b\"</b>: [\n    <u>-1.5</u>,\n    <u>null</u>,\n    <i>\"&lt;c&gt;: \"</i>\n  ]\n}";
        assert_eq!(
            json(&json!({"a\"b": [-1.5, null, "<c>: "]})),
            format!("<pre class=\"json\" tabindex=\"0\"><code>{expected}</code></pre>")
        );
    }
}
