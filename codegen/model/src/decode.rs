//! Values into typed settings, with every mistake found at once and a suggestion for each misspelled key.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::{
    diagnostic::{Diagnostic, Fix, Rule},
    names::{known_here, nearest},
    syntax::{Document, escape_pointer, split_pointer},
};

/// Stands between what is wrong with a value and what to do, in the sentence of an error that serde hands on.
pub(crate) const HELP: &str = "\nhelp: ";

/// A part of a value that does not fit.
#[derive(Debug)]
pub(crate) struct DecodeProblem {
    /// Its JSON Pointer.
    pub(crate) pointer: String,
    /// The fault.
    pub(crate) message: String,
    /// The advice.
    pub(crate) help: Option<String>,
    /// The change that mends it.
    pub(crate) fix: Option<Fix>,
}

/// Decodes the value at `base` in a document. A part that does not fit is reported, left out, and the rest tried again.
pub(crate) fn decode<T: DeserializeOwned + Default>(document: &Document, base: &str, rule: &'static Rule) -> (T, Vec<Diagnostic>) {
    let (decoded, problems) = tolerant(document.get(base).cloned().unwrap_or(Value::Null));
    let diagnostic = |problem: DecodeProblem| {
        let whole = format!("{base}{}", problem.pointer);
        let mut diagnostic = Diagnostic::new(rule, document.key_place(&whole), problem.message).pointer(whole);
        diagnostic.help = problem.help;
        diagnostic.fix = problem.fix.map(Box::new);
        diagnostic
    };
    (decoded, problems.into_iter().map(diagnostic).collect())
}

/// Decodes a value, leaves out every part that does not fit, and says what is wrong with each.
pub(crate) fn tolerant<T: DeserializeOwned + Default>(mut value: Value) -> (T, Vec<DecodeProblem>) {
    let (mut problems, mut cut) = (Vec::new(), Cut::default());
    loop {
        let mut problem = match whole::<T>(&value) {
            Ok(decoded) => return (decoded, problems),
            Err(problem) => problem,
        };
        let (pointer, was) = (problem.pointer.clone(), cut.original(&value, &problem.pointer));
        // What lacks a key only because it was cut out is told already.
        let follows = quoted(&problem.message, "missing field `").is_some_and(|key| cut.has(&format!("{was}/{}", escape_pointer(key))));
        if !follows {
            problem.pointer.clone_from(&was);
            problems.push(problem);
        }
        // A missing key cannot be cut out: then the object that lacks it goes.
        if pointer.is_empty() || !remove(&mut value, &pointer) {
            return (T::default(), problems);
        }
        cut.add(was);
    }
}

/// Decodes a value in which everything fits.
///
/// # Errors
/// The first part that does not fit.
pub(crate) fn whole<T: DeserializeOwned>(value: &Value) -> Result<T, DecodeProblem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let message = error.inner().to_string();
        let mut pointer = pointer_of(error.path());
        if let Some(key) = quoted(&message, "unknown field `")
            && !pointer.ends_with(&format!("/{}", escape_pointer(key)))
        {
            pointer = format!("{pointer}/{}", escape_pointer(key));
        }
        if let Some((message, help)) = message.split_once(HELP) {
            return DecodeProblem { pointer, message: message.to_owned(), help: Some(help.to_owned()), fix: None };
        }
        let (help, fix) = suggestion(&message).unzip();
        DecodeProblem { pointer, message: sentence(&message), help, fix: fix.flatten() }
    })
}

/// The parts that were cut out of a value, by the pointers that they had there.
#[derive(Default)]
struct Cut(BTreeSet<String>);

impl Cut {
    fn add(&mut self, pointer: String) {
        self.0.insert(pointer);
    }

    fn has(&self, pointer: &str) -> bool {
        self.0.contains(pointer)
    }

    /// Returns the pointer that a part had before items in front of it were cut out.
    fn original(&self, value: &Value, pointer: &str) -> String {
        let (mut at, mut original) = (Some(value), String::new());
        for part in split_pointer(pointer) {
            let step = match (at, part.parse::<usize>()) {
                (Some(Value::Array(_)), Ok(index)) => self.index(&original, index).to_string(),
                _ => part.clone(),
            };
            at = at.and_then(|value| value.pointer(&format!("/{}", escape_pointer(&part))));
            original = format!("{original}/{}", escape_pointer(&step));
        }
        original
    }

    /// Returns the index that an item of a list had.
    fn index(&self, list: &str, index: usize) -> usize {
        (0..).filter(|was| !self.has(&format!("{list}/{was}"))).nth(index).unwrap_or(index)
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escape_pointer(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

fn remove(value: &mut Value, pointer: &str) -> bool {
    let parts = split_pointer(pointer);
    let Some((last, parents)) = parts.split_last() else { return false };
    let parent = parents.iter().try_fold(value, |value, part| match value {
        Value::Object(members) => members.get_mut(part),
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    });
    match parent {
        Some(Value::Object(members)) => members.shift_remove(last).is_some(),
        Some(Value::Array(items)) => last.parse().is_ok_and(|index: usize| {
            let known = index < items.len();
            if known {
                items.remove(index);
            }
            known
        }),
        _ => false,
    }
}

fn quoted<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.split('`').next()
}

fn sentence(message: &str) -> String {
    message.split_once(", expected").map_or_else(
        || message.to_owned(),
        |(head, tail)| {
            if head.starts_with("unknown field") { head.replace("field", "key") } else { format!("{head}, expected{tail}") }
        },
    )
}

/// Returns, for "unknown field `x`, expected one of `a`, `b`", the nearest of those, or all of them.
fn suggestion(message: &str) -> Option<(String, Option<Fix>)> {
    let key = quoted(message, "unknown field `");
    let wrong = key.or_else(|| quoted(message, "unknown variant `"))?;
    let known: Vec<&str> = message.split_once(", expected")?.1.split('`').skip(1).step_by(2).collect();
    let Some(near) = nearest(wrong, known.iter().copied()) else { return Some((known_here(known.into_iter()), None)) };
    let fix = if key.is_some() { Fix::Key(near.to_owned()) } else { Fix::Text(near.to_owned()) };
    Some((format!("did you mean `{near}`?"), Some(fix)))
}
