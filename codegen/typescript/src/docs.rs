//! Doc comments: what a schema says of itself, in words.

use eventc_model::{
    metadata::Deprecation,
    schema::{Keywords, NodeId, Schemas},
    types::Field,
};
use serde_json::Number;

use super::text::{data_line, doc, prose};

/// A word for one thing and for several.
type Counted = (&'static str, &'static str);

const CHARACTERS: Counted = ("character", "characters");
const ITEMS: Counted = ("item", "items");
const PROPERTIES: Counted = ("property", "properties");

/// The comment of a type.
pub(super) fn of_type(schemas: &Schemas, node: NodeId, extra: &[String]) -> String {
    let Some(keywords) = schemas.keywords(node) else { return doc(extra, 0) };
    let mut paragraphs: Vec<String> = keywords.description.as_deref().or(keywords.title.as_deref()).map(prose).into_iter().collect();
    paragraphs.extend(constraints(keywords));
    paragraphs.extend(keywords.sensitive.map(|class| format!("Sensitive: {}.", class.as_str())));
    paragraphs.extend(extra.iter().cloned());
    let mut lines = spaced(paragraphs);
    lines.extend(
        keywords.deprecated.then(|| "@deprecated".to_owned()).filter(|_| !lines.iter().any(|line| line.starts_with("@deprecated"))),
    );
    doc(&lines, 0)
}

/// The comment of a property.
pub(super) fn of_field(schemas: &Schemas, field: &Field) -> String {
    let mut paragraphs = Vec::new();
    if let Some(keywords) = schemas.keywords(field.node) {
        paragraphs.extend(keywords.description.as_deref().or(keywords.title.as_deref()).map(prose));
        paragraphs.extend(constraints(keywords));
    }
    paragraphs.extend(field.sensitive.map(|class| format!("Sensitive: {}.", class.as_str())));
    let mut lines = spaced(paragraphs);
    if let Some(default) = schemas.keywords(field.node).and_then(|keywords| keywords.default.as_ref()) {
        let text = data_line(default);
        if text.len() <= 80 {
            lines.push(format!("@defaultValue `{}`", text.replace('`', "'")));
        }
    }
    if field.deprecated {
        lines.push("@deprecated".to_owned());
    }
    doc(&lines, 2)
}

/// The tag of a contract on its way out.
pub(super) fn deprecated(deprecation: &Deprecation) -> String {
    format!("@deprecated {}", prose(&deprecation.words()))
}

/// Paragraphs with an empty line between.
fn spaced(paragraphs: Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(paragraph);
    }
    lines
}

/// What validation demands beyond the type, in one paragraph.
fn constraints(keywords: &Keywords) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(keywords.format.as_deref().map(|format| format!("format `{}`", code(format))));
    parts.extend(range(CHARACTERS, keywords.min_length, keywords.max_length));
    parts.extend(keywords.pattern.as_deref().map(|pattern| format!("pattern `{}`", code(pattern))));
    let bound = |word: &str, number: &Option<Number>| number.as_ref().map(|number| format!("{word} {number}"));
    parts.extend(bound("at least", &keywords.minimum));
    parts.extend(bound("more than", &keywords.exclusive_minimum));
    parts.extend(bound("at most", &keywords.maximum));
    parts.extend(bound("less than", &keywords.exclusive_maximum));
    parts.extend(bound("a multiple of", &keywords.multiple_of));
    parts.extend(range(ITEMS, keywords.min_items, keywords.max_items));
    parts.extend(keywords.unique_items.then(|| "no two items equal".to_owned()));
    parts.extend(range(PROPERTIES, keywords.min_properties, keywords.max_properties));
    if parts.is_empty() {
        return None;
    }
    let mut sentence = parts.join(", ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    Some(format!("{sentence}."))
}

fn range(what: Counted, least: Option<u64>, most: Option<u64>) -> Option<String> {
    let counted = |count: u64| format!("{count} {}", if count == 1 { what.0 } else { what.1 });
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {}", counted(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {}", counted(most))),
        (Some(least), None) => Some(format!("at least {}", counted(least))),
        (None, Some(most)) => Some(format!("at most {}", counted(most))),
        (None, None) => None,
    }
}

/// Text for a code span.
fn code(text: &str) -> String {
    text.replace('`', "\\x60").replace(['\n', '\r'], " ")
}
