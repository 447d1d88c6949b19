//! The violations of a document, in the sentences that every generated language and the command line share.
//!
//! `violations.txt` has them; generated code takes the sentences from here, and Rust's runtime from the same file. Beside them all follow
//! the same rules for what goes into a sentence: see [`literal`], [`found`], [`one_of`] and [`counted`].

use serde_json::Value;

use crate::schema::{Kind, Kinds};

/// A line for each sentence: its key, and the sentence with the names of what goes into it in braces.
const SENTENCES: &str = include_str!("violations.txt");

/// The maximum length of a value of a schema, or name, that is shown whole, in characters.
pub const MAX_LITERAL_LENGTH: usize = 80;

/// The maximum length of a text found that is shown, in characters.
pub const MAX_FOUND_LENGTH: usize = 60;

/// The maximum number of members of an enum that are listed.
pub const MAX_LISTED_MEMBERS: usize = 12;

/// Lists the key and the sentence of each violation; names of what goes into it stand in braces.
pub fn sentences() -> impl Iterator<Item = (&'static str, &'static str)> {
    SENTENCES.lines().filter_map(|line| line.split_once(": "))
}

/// Fills the sentence of a key.
///
/// ```
/// use eventc_model::violations::say;
/// assert_eq!(say("minLength", |name| if name == "count" { "1 character".into() } else { String::new() }), "must have at least 1 character");
/// ```
pub fn say(key: &str, value: impl Fn(&str) -> String) -> String {
    let mut rest = sentences().find_map(|(known, sentence)| (known == key).then_some(sentence)).unwrap_or(key);
    let mut out = String::new();
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(before, inside)| Some((before, inside.split_once('}')?))) {
        out.push_str(before);
        out.push_str(&value(name));
        rest = after;
    }
    out + rest
}

/// Shows a value of a schema as JSON.
pub fn literal(value: &Value) -> String {
    shortened(&value.to_string())
}

/// Shows a pattern or number of a schema.
pub fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_LITERAL_LENGTH {
        text.to_owned()
    } else {
        text.chars().take(MAX_LITERAL_LENGTH - 3).chain(['.'; 3]).collect()
    }
}

/// Shows what was found: long texts, objects and arrays by their size, so that nothing inside them is shown.
///
/// ```
/// use eventc_model::violations::found;
/// assert_eq!(found(&serde_json::json!([1, 2])), "an array of 2 items");
/// assert_eq!(found(&serde_json::json!("x")), "\"x\"");
/// ```
pub fn found(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", counted(items.len() as u64, "item", "items")),
        Value::Object(members) => format!("an object of {}", counted(members.len() as u64, "property", "properties")),
        Value::String(text) if text.chars().count() > MAX_FOUND_LENGTH => format!("a string of {} characters", text.chars().count()),
        value => literal(value),
    }
}

/// Shows a number of things.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Shows the values of an enum.
pub fn one_of(members: &[Value]) -> String {
    let mut listed: Vec<String> = members.iter().take(MAX_LISTED_MEMBERS).map(literal).collect();
    if members.len() > MAX_LISTED_MEMBERS {
        listed.push(format!("{} more", members.len() - MAX_LISTED_MEMBERS));
    }
    joined(&listed)
}

/// Shows types: null last, and no integer beside number.
pub fn types(kinds: Kinds) -> String {
    let order = [Kind::Boolean, Kind::Integer, Kind::Number, Kind::String, Kind::Array, Kind::Object, Kind::Null];
    let shown = |kind: &Kind| kinds.contains(*kind) && !(*kind == Kind::Integer && kinds.contains(Kind::Number));
    let named = |kind: Kind| match kind {
        Kind::Null => "null".to_owned(),
        Kind::Integer | Kind::Array | Kind::Object => format!("an {}", kind.as_str()),
        kind => format!("a {}", kind.as_str()),
    };
    joined(&order.into_iter().filter(shown).map(named).collect::<Vec<_>>())
}

fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
