//! Violations in words: what was found, and what is asked.

use std::fmt::Write as _;

use serde_json::Value;

use super::plan::{Kinds, Range};

/// The longest value that is shown whole, in bytes.
const LONGEST_SHOWN: usize = 80;

/// The most members of an enum that are listed.
const MOST_LISTED: usize = 12;

/// What is wrong, in words.
pub(super) enum Sentence {
    /// The rest of a sentence that begins with the value.
    About(String),
    /// A whole sentence.
    Whole(String),
}

use Sentence::{About, Whole};

/// A schema that is `false` under a keyword.
pub(super) fn never(keyword: &str) -> Sentence {
    Whole(match keyword {
        "properties" | "patternProperties" | "additionalProperties" | "unevaluatedProperties" => {
            "the property is not allowed here".to_owned()
        }
        "prefixItems" | "items" | "unevaluatedItems" => "the item is not allowed here".to_owned(),
        _ => "nothing is allowed here".to_owned(),
    })
}

pub(super) fn too_deep() -> Sentence {
    Whole("the document is nested too deeply to be judged".to_owned())
}

pub(super) fn unusable(name: &str, error: &crate::SchemaError) -> Sentence {
    Whole(format!("the schema {name:?} cannot judge it: {error}"))
}

pub(super) fn wrong_type(kinds: Kinds, value: &Value) -> Sentence {
    let mut names: Vec<&str> = kinds.names().collect();
    if kinds.contains(Kinds::NUMBER) {
        names.retain(|name| *name != "an integer");
    }
    let asked = joined(&names, "or");
    let found = Kinds::of_value(value).names().next().unwrap_or("a value");
    About(match value {
        Value::Null => format!("is not {asked}"),
        Value::Number(_) => format!("is not {asked}"),
        _ => format!("is {found}, not {asked}"),
    })
}

pub(super) fn not_constant(constant: &Value) -> Sentence {
    About(format!("is not {}", show(constant)))
}

pub(super) fn not_a_member(members: &[Value]) -> Sentence {
    if let [only] = members {
        return not_constant(only);
    }
    let mut listed: Vec<String> = members.iter().take(MOST_LISTED).map(show).collect();
    if members.len() > MOST_LISTED {
        listed.push(format!("{} more", members.len() - MOST_LISTED));
    }
    About(format!("is none of {}", joined(&listed, "and")))
}

pub(super) fn out_of_bounds(asked: &str, bound: &str) -> Sentence {
    About(format!("is not {asked} {bound}"))
}

/// A count that is too small or too large; `nouns` for one and for many.
pub(super) fn wrong_count(count: usize, range: Range, nouns: (&str, &str)) -> Sentence {
    let found = counted(count, nouns.0, nouns.1);
    About(format!("has {found}; {}", asked_count(count, range)))
}

fn asked_count(count: usize, range: Range) -> String {
    match (count < range.least, range.least, range.most) {
        (true, 1, _) => "at least 1 is asked".to_owned(),
        (true, least, _) => format!("at least {least} are asked"),
        (false, _, most) => format!("at most {most} {} allowed", if most == 1 { "is" } else { "are" }),
    }
}

pub(super) fn no_match(pattern: &str) -> Sentence {
    About(format!("does not match the pattern {}", shorten(pattern.to_owned())))
}

pub(super) fn duplicates(first: usize, second: usize) -> Sentence {
    Whole(format!("items {first} and {second} are equal"))
}

pub(super) fn contains(count: usize, range: Range) -> Sentence {
    let found = counted(count, "item", "items");
    About(format!("has {found} of the kind that it must contain; {}", asked_count(count, range)))
}

pub(super) fn missing(name: &str) -> Sentence {
    Whole(format!("property {name:?} is missing"))
}

pub(super) fn missing_beside(name: &str, present: &str) -> Sentence {
    Whole(format!("property {name:?} is missing; {present:?} asks for it"))
}

pub(super) fn no_alternative(count: usize) -> Sentence {
    About(format!("fits none of {}", counted(count, "alternative", "alternatives")))
}

pub(super) fn several_alternatives(first: usize, second: usize) -> Sentence {
    About(format!("fits alternatives {} and {}; exactly one is asked", first + 1, second + 1))
}

pub(super) fn excluded() -> Sentence {
    About("is of a kind that is excluded here".to_owned())
}

/// A value in a sentence: objects and lists by their size, so that nothing inside them is shown.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => format!("a list of {}", counted(items.len(), "item", "items")),
        Value::Object(members) if !members.is_empty() => format!("an object of {}", counted(members.len(), "property", "properties")),
        value => shorten(value.to_string()),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn joined(parts: &[impl AsRef<str>], word: &str) -> String {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let before = match parts.len() - index {
            _ if index == 0 => "",
            1 => &format!(" {word} "),
            _ => ", ",
        };
        // Writing into a `String` cannot fail.
        let _ = write!(out, "{before}{}", part.as_ref());
    }
    out
}

fn shorten(mut text: String) -> String {
    if text.len() > LONGEST_SHOWN {
        let quoted = text.starts_with('"');
        let end = (0..=LONGEST_SHOWN - 4).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str(if quoted { "...\"" } else { "..." });
    }
    text
}
