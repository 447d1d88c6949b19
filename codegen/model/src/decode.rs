//! Values into typed settings, with every mistake found at once and a suggestion for each misspelled key.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::{
    diagnostic::Diagnostic,
    diagnostic::Rule,
    names::nearest,
    syntax::{Document, escape_pointer, split_pointer},
};

/// Decodes the value at `base` in a document. A part that does not fit is reported, left out, and the rest tried again.
pub(crate) fn decode<T: DeserializeOwned + Default>(document: &Document, base: &str, rule: &'static Rule) -> (T, Vec<Diagnostic>) {
    let mut value = document.get(base).cloned().unwrap_or(Value::Null);
    let mut diagnostics = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(decoded) => return (decoded, diagnostics),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let mut pointer = pointer_of(error.path());
        if let Some(key) = quoted_after(&message, "unknown field `")
            && !pointer.ends_with(&format!("/{}", escape_pointer(key)))
        {
            pointer = format!("{pointer}/{}", escape_pointer(key));
        }
        let whole = format!("{base}{pointer}");
        let mut diagnostic = Diagnostic::new(rule, document.key_place(&whole), sentence(&message)).pointer(whole);
        if let Some(help) = suggestion(&message) {
            diagnostic = diagnostic.help(help);
        }
        diagnostics.push(diagnostic);
        // A missing key cannot be cut out: then the object that lacks it goes.
        if pointer.is_empty() || !remove(&mut value, &pointer) {
            return (T::default(), diagnostics);
        }
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

fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.split_once(start)?.1.split('`').next()
}

fn sentence(message: &str) -> String {
    message.split_once(", expected").map_or_else(
        || message.to_owned(),
        |(head, tail)| {
            if head.starts_with("unknown field") { head.replace("field", "key") } else { format!("{head}, expected{tail}") }
        },
    )
}

/// For "unknown field `x`, expected one of `a`, `b`": the nearest of those, or all of them.
fn suggestion(message: &str) -> Option<String> {
    let wrong = quoted_after(message, "unknown field `").or_else(|| quoted_after(message, "unknown variant `"))?;
    let known: Vec<&str> = message.split_once(", expected")?.1.split('`').skip(1).step_by(2).collect();
    Some(
        nearest(wrong, known.iter().copied())
            .map_or_else(|| format!("known here: {}", known.join(", ")), |near| format!("did you mean `{near}`?")),
    )
}
