//! The lines of one event.

use std::fmt::Write as _;

use eventc_codegen::{
    emit::Input,
    model::{catalog::Contract, text::is_hidden, types::Shape},
};

/// Returns the topic, and a line for each field of the payload.
pub(super) fn of_event(input: &Input<'_>, event: &Contract, descriptions: bool) -> String {
    let mut text = format!("{}\n", visible(&event.topic));
    let root = input.types.module_of(event.file).and_then(|module| input.types.module(module).root);
    let Some(Shape::Object(object)) = root.map(|root| &input.types.get(root).shape) else { return text };
    for field in &object.fields {
        let description = input.catalog.schemas.keywords(field.node).and_then(|keywords| keywords.description.as_deref());
        let description = description.filter(|_| descriptions).map(|text| format!(": {}", visible(text))).unwrap_or_default();
        let _ = writeln!(text, "  {}{}{description}", visible(&field.name), if field.required { "" } else { "?" });
    }
    text
}

/// Returns a text in one line, without what no reader sees.
fn visible(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) || c.is_control() { '\u{fffd}' } else { c }).collect()
}
