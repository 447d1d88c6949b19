//! Doc comments: what a schema says of itself, in words.

use eventc_model::{
    metadata::Deprecation,
    schema::{Keywords, Schemas},
    types::{Field, Type},
    words,
};

use super::text::{data_line, doc, prose};

/// Returns the comment of a type.
pub(super) fn of_type(schemas: &Schemas, ty: &Type, extra: &[String]) -> String {
    let untitled = || words::untitled(&ty.name, &ty.shape);
    let Some(keywords) = schemas.keywords(ty.node) else { return doc(&spaced([&[untitled()], extra].concat()), 0) };
    let said = keywords.description.iter().chain(&keywords.title).find(|text| !text.trim().is_empty());
    let mut paragraphs = vec![said.map_or_else(untitled, |text| prose(text))];
    paragraphs.extend(constraints(keywords));
    paragraphs.extend(keywords.sensitive.map(|class| format!("Sensitive: {}.", class.as_str())));
    paragraphs.extend(extra.iter().cloned());
    let mut lines = spaced(paragraphs);
    lines.extend(
        keywords.deprecated.then(|| "@deprecated".to_owned()).filter(|_| !lines.iter().any(|line| line.starts_with("@deprecated"))),
    );
    doc(&lines, 0)
}

/// Returns the comment of a property.
pub(super) fn of_field(schemas: &Schemas, field: &Field) -> String {
    let mut paragraphs = Vec::new();
    if let Some(keywords) = schemas.keywords(field.node) {
        paragraphs.extend(keywords.description.as_deref().or(keywords.title.as_deref()).map(prose));
        paragraphs.extend(words::sentence(&words::of_field(field, keywords, &|text| format!("`{}`", code(text)))));
    }
    paragraphs.extend(field.sensitive.map(|class| format!("Sensitive: {}.", class.as_str())));
    let mut lines = spaced(paragraphs);
    if let Some(default) = schemas.keywords(field.node).and_then(|keywords| words::default_of_field(field, keywords)) {
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

/// Returns the tag of a contract on its way out.
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

/// Returns what validation demands beyond the type, in one paragraph.
fn constraints(keywords: &Keywords) -> Option<String> {
    words::sentence(&words::constraints(keywords, &|text| format!("`{}`", code(text))))
}

/// Returns text for a code span.
fn code(text: &str) -> String {
    text.replace('`', "\\x60").replace(['\n', '\r'], " ")
}
