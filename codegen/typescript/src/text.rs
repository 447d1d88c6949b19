//! Text from schemas, escaped for the place where it lands: string literals, property names, doc comments.

use eventc_model::{
    schema::is_integer,
    text::{is_hidden, push_units, wrap},
};
use serde_json::Value;

use super::forms::{CLOSE, OPEN};

/// The column at which doc comments are wrapped.
const WIDTH: usize = 116;

/// The maximum length of data on one line.
const MAX_DATA_LENGTH: usize = 100;

/// Returns a string literal.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'/')) {
        out.push_str(text);
        out.push('"');
        return out;
    }
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Neither `</script>` nor a comment can end or begin in a literal.
            '/' if last == '<' => out.push_str("\\/"),
            c if is_unsafe(c) => push_units(&mut out, c),
            c => out.push(c),
        }
        last = c;
    }
    out.push('"');
    out
}

/// Returns whether a character is never written as it is: hidden ones, and the markers of [`super::forms`].
fn is_unsafe(c: char) -> bool {
    is_hidden(c) || c == OPEN || c == CLOSE
}

/// Returns whether a name can stand as a property name without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// Returns a property name in a type or an object literal. `__proto__` is computed, since a literal would set the prototype.
pub(super) fn key(name: &str) -> String {
    match name {
        "__proto__" => "[\"__proto__\"]".to_owned(),
        name if is_plain(name) => name.to_owned(),
        name => string(name),
    }
}

/// Access to a property of a value. Names that every object inherits count only where the object itself has them.
pub(super) fn member(value: &str, name: &str) -> Access {
    const INHERITED: &[&str] = &[
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
    ];
    match name {
        name if INHERITED.contains(&name) => Access::Own(format!("({value}, {})", string(name))),
        name if is_plain(name) => Access::Direct(format!("{value}.{name}")),
        name => Access::Direct(format!("{value}[{}]", string(name))),
    }
}

/// The access to a property.
pub(super) enum Access {
    /// Access by this expression.
    Direct(String),
    /// Access by the helper `own`, with these arguments.
    Own(String),
}

/// Returns a doc comment of paragraphs and lines; empty for none.
pub(super) fn doc(lines: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let width = WIDTH.saturating_sub(indent + 3).max(40);
    let wrapped: Vec<String> = lines.iter().flat_map(|line| line.split('\n').flat_map(|line| wrap(&comment(line), width))).collect();
    let Some(end) = wrapped.iter().rposition(|line| !line.is_empty()) else { return String::new() };
    let start = wrapped.iter().position(|line| !line.is_empty()).unwrap_or(0);
    match &wrapped[start..=end] {
        [only] => format!("{pad}/** {only} */\n"),
        lines => {
            let body: String =
                lines.iter().map(|line| if line.is_empty() { format!("{pad} *\n") } else { format!("{pad} * {line}\n") }).collect();
            format!("{pad}/**\n{body}{pad} */\n")
        }
    }
}

/// Returns one line of text for a comment.
fn comment(line: &str) -> String {
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'/') {
        return line.trim_end().to_owned();
    }
    let mut out = String::with_capacity(line.len());
    let mut last = ' ';
    for c in line.trim_end().chars() {
        match c {
            '/' if last == '*' => out.push_str("\\/"),
            '*' if last == '/' => out.push_str("\\*"),
            '\t' => out.push(' '),
            c if is_unsafe(c) => push_units(&mut out, c),
            c => out.push(c),
        }
        last = c;
    }
    out
}

/// Returns a description: its words are no tags of the documentation language.
pub(super) fn prose(text: &str) -> String {
    let lines = text.trim().lines().map(|line| {
        let trimmed = line.trim_start();
        let line = if trimmed.starts_with('@') { format!("\\{trimmed}") } else { line.to_owned() };
        if line.contains("{@") { line.replace("{@", "{\\@") } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns a number as a literal; `None` where no double holds it.
pub(super) fn number(number: &serde_json::Number) -> Option<String> {
    let text = number.to_string();
    text.parse::<f64>().is_ok_and(f64::is_finite).then_some(text)
}

/// Returns the integer that a JSON number is, as a literal of `bigint`, where it lies beyond 2^53 and has no more than 4096 digits.
pub(super) fn bigint(number: &serde_json::Number) -> Option<String> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    const MAX_DIGITS: usize = 4096;
    let text = number.to_string();
    if !is_integer(number) || text.len() > MAX_DIGITS || text.parse::<f64>().is_ok_and(|value| value.abs() <= SAFE) {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Of an integer, what a negative shift cuts off are zeros.
    let shift = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let digits = format!("{whole}{fraction}");
    let shown = match usize::try_from(shift) {
        Ok(zeros) if zeros <= MAX_DIGITS => format!("{digits}{}", "0".repeat(zeros)),
        Ok(_) => return None,
        Err(_) => digits[..digits.len().checked_sub(usize::try_from(-shift).ok()?)?].to_owned(),
    };
    let (sign, shown) = shown.strip_prefix('-').map_or(("", shown.as_str()), |rest| ("-", rest));
    Some(format!("{sign}{}n", shown.trim_start_matches('0')))
}

/// Returns the type that holds one value alone; `spell` makes literals of numbers.
pub(super) fn literal_type(value: &Value, spell: &dyn Fn(&serde_json::Number) -> Option<String>) -> String {
    let literal_type = |value| literal_type(value, spell);
    match value {
        Value::Null => "null".into(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(value) => spell(value).unwrap_or_else(|| "number".into()),
        Value::String(text) => string(text),
        Value::Array(items) => format!("readonly [{}]", items.iter().map(literal_type).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".into(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("readonly {}: {}", key(name), literal_type(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
    }
}

/// Returns JSON data as an object literal; what is long stands on lines of its own.
pub(super) fn data(value: &Value, indent: usize) -> String {
    let line = data_line(value);
    if line.len() <= MAX_DATA_LENGTH {
        return line;
    }
    let pad = " ".repeat(indent + 2);
    let (open, parts, close) = match value {
        Value::Array(items) => ('[', items.iter().map(|item| data(item, indent + 2)).collect::<Vec<_>>(), ']'),
        Value::Object(members) => {
            let part = |(name, value): (&String, &Value)| format!("{}: {}", key(name), data(value, indent + 2));
            ('{', members.iter().map(part).collect(), '}')
        }
        _ => return line,
    };
    let lines = parts.iter().map(|part| format!("{pad}{part},\n")).collect::<Vec<_>>().concat();
    format!("{open}\n{lines}{}{close}", " ".repeat(indent))
}

/// Returns JSON data in one line.
pub(super) fn data_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(data_line).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".into(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", key(name), data_line(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hold_anything() {
        for (text, literal) in [
            ("a\"b\\c", r#""a\"b\\c""#),
            ("line\nnext\r", r#""line\nnext\r""#),
            ("\u{2028}\u{202e}\0", r#""\u2028\u202e\u0000""#),
            ("</script>", r#""<\/script>""#),
            ("\u{e000}", r#""\ue000""#),
            ("é日本", "\"é日本\""),
        ] {
            assert_eq!(string(text), literal);
        }
    }

    #[test]
    fn large_integers_keep_their_digits() {
        for (text, literal) in [
            ("9007199254740991", None),
            ("-9007199254740993", Some("-9007199254740993n")),
            ("98249283749234923498293171823948729348710298301928331", Some("98249283749234923498293171823948729348710298301928331n")),
            ("9007199254740993.0", Some("9007199254740993n")),
            ("1.5e20", Some("150000000000000000000n")),
            ("90071992547409930e-1", Some("9007199254740993n")),
            ("1e400000", None),
            ("9007199254740993.5", None),
        ] {
            let number = serde_json::from_str(text).expect("a number");
            assert_eq!(bigint(&number).as_deref(), literal, "{text}");
        }
    }

    #[test]
    fn comments_cannot_be_left() {
        assert_eq!(doc(&["a */ b /* c".into()], 0), "/** a *\\/ b /\\* c */\n");
        assert_eq!(doc(&[prose("@deprecated no")], 0), "/** \\@deprecated no */\n");
        assert_eq!(doc(&["one\u{2028}two".into(), String::new(), "x".into()], 2), "  /**\n   * one\\u2028two\n   *\n   * x\n   */\n");
        assert_eq!(doc(&["*/".into()], 0), "/** *\\/ */\n");
    }

    #[test]
    fn inherited_names_are_asked_for() {
        assert!(matches!(member("v", "constructor"), Access::Own(_)));
        assert!(matches!(member("v", "a-b"), Access::Direct(text) if text == "v[\"a-b\"]"));
    }
}
