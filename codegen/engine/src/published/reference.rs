//! The reference of eventc.toml and `x-event`: a table for each object of their JSON Schemas, every key with an example.
//!
//! The examples stand in two files that state every key. They are read as what they are examples of, so that none is wrong.

use std::collections::BTreeSet;

use serde_json::Value;

/// A part of the page: the keys of one object.
struct Section<'a> {
    /// The place in the file: `namespace`, `environments.NAME.brokers.NAME`; empty for the top.
    place: String,
    /// Whether the object is an item of a list.
    listed: bool,
    schema: &'a Value,
    /// The object in the example: all that stand at such a place, taken together.
    example: Value,
}

/// Returns the sections of a schema as Markdown, with examples from a document that states every key. `headed` makes the heading of a
/// section from its place.
pub(super) fn sections(schema: &Value, example: &Value, headed: impl Fn(&str, bool) -> String) -> String {
    let top = Section { place: String::new(), listed: false, schema, example: example.clone() };
    let (mut open, mut told, mut text) = (vec![top], BTreeSet::new(), String::new());
    while let Some(section) = open.pop() {
        text.push_str(&format!("\n## {}\n\n", headed(&section.place, section.listed)));
        if let Some(description) = section.schema["description"].as_str().filter(|_| !section.place.is_empty()) {
            text.push_str(&format!("{description}\n\n"));
        }
        let (rows, mut inner) = table(schema, &section, &mut told, &headed);
        text.push_str(&rows);
        inner.reverse();
        open.append(&mut inner);
    }
    text
}

/// Returns the table of a section, and the sections of the objects in it that were not told before.
fn table<'a>(
    root: &'a Value,
    section: &Section<'a>,
    told: &mut BTreeSet<String>,
    headed: &impl Fn(&str, bool) -> String,
) -> (String, Vec<Section<'a>>) {
    let mut rows = String::from("| key | value | default | | example |\n|---|---|---|---|---|\n");
    let mut inner = Vec::new();
    for (key, property) in section.schema["properties"].as_object().into_iter().flatten() {
        let example = section.example.get(key);
        let (shape, value) = Shape::of(root, property);
        let place = if section.place.is_empty() { key.clone() } else { format!("{}.{key}", section.place) };
        let place = if shape.named { format!("{place}.NAME") } else { place };
        let shown = match value.get("properties") {
            Some(_) => {
                let id = serde_json::to_string(&value["properties"]).unwrap_or_default();
                if told.insert(id) {
                    let example = example.map(|example| shape.inside(example)).unwrap_or_default();
                    inner.push(Section { place: place.clone(), listed: shape.listed, schema: value, example });
                }
                format!("see {}", headed(&place, shape.listed))
            }
            None => example.map(|example| format!("`{}`", spelled(example))).unwrap_or_default(),
        };
        let description = property["description"].as_str().or(value["description"].as_str()).unwrap_or_default();
        let default = property.get("default").filter(|default| is_small(default)).map(|default| format!("`{}`", spelled(default)));
        let cells = [format!("`{key}`"), shape.words(value), default.unwrap_or_default(), description.to_owned(), shown];
        rows.push_str(&format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")).join(" | ")));
    }
    (rows, inner)
}

/// The relation of a key to the value that its schema describes in the end.
struct Shape {
    /// A list of it.
    listed: bool,
    /// A table of it, by names that people choose.
    named: bool,
}

impl Shape {
    fn of<'a>(root: &'a Value, property: &'a Value) -> (Self, &'a Value) {
        let mut shape = Self { listed: false, named: false };
        let mut value = property;
        loop {
            let reference = value["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#')));
            let choices = value["anyOf"].as_array();
            let only = choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")).filter(|_| is_optional(value));
            value = if let Some(target) = reference.or(only) {
                target
            } else if value["items"].is_object() && !shape.listed {
                shape.listed = true;
                &value["items"]
            } else if value["additionalProperties"].is_object() && value["properties"].is_null() && !shape.named {
                shape.named = true;
                &value["additionalProperties"]
            } else {
                return (shape, value);
            };
        }
    }

    /// Returns the objects of an example taken together, where the key has a list or a table of such.
    fn inside(&self, example: &Value) -> Value {
        let all: Vec<&Value> = match example {
            Value::Array(items) if self.listed => items.iter().collect(),
            Value::Object(members) if self.named => members.values().collect(),
            other => vec![other],
        };
        all.into_iter().fold(Value::Null, together)
    }

    /// Returns what may stand there, in words.
    fn words(&self, value: &Value) -> String {
        let one = one(value);
        match (self.listed, self.named) {
            (true, _) => format!("list of {one}"),
            (_, true) => format!("by name: {one}"),
            _ => one,
        }
    }
}

/// Returns an object with what another has beside it.
fn together(one: Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Null, other) => other.clone(),
        (Value::Object(mut members), Value::Object(others)) => {
            for (key, other) in others {
                let member = members.get_mut(key).map(Value::take).unwrap_or_default();
                members.insert(key.clone(), together(member, other));
            }
            Value::Object(members)
        }
        (one, _) => one,
    }
}

fn is_optional(value: &Value) -> bool {
    value["anyOf"].as_array().is_some_and(|choices| choices.len() == 2 && choices.iter().any(|choice| choice["type"] == "null"))
}

fn one(value: &Value) -> String {
    let choices = value["oneOf"].as_array().or(value["anyOf"].as_array());
    if let Some(choices) = choices {
        let words = choices.iter().map(|choice| match &choice["const"] {
            Value::Null => one(choice),
            word => format!("`{}`", spelled(word)),
        });
        return words.collect::<Vec<_>>().join(", ");
    }
    if let Some(words) = value["enum"].as_array() {
        return words.iter().map(|word| format!("`{}`", spelled(word))).collect::<Vec<_>>().join(", ");
    }
    let kinds: Vec<&str> = match &value["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let kind = kinds.join(" or ").replace("object", "table").replace("array", "list");
    match (value["minimum"].as_i64(), value["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!("{kind}, {least} to {most}"),
        (Some(least), None) => format!("{kind}, at least {least}"),
        _ => kind,
    }
}

fn is_small(default: &Value) -> bool {
    !default.is_null() && !matches!(default, Value::Object(members) if members.len() > 1)
}

/// Returns a value in the words of TOML, which are those of JSON for all but tables.
fn spelled(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let bare = |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            let key = |key: &str| if bare(key) { key.to_owned() } else { Value::from(key).to_string() };
            let members: Vec<_> = members.iter().map(|(name, value)| format!("{} = {}", key(name), spelled(value))).collect();
            if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
        }
        Value::Array(items) => format!("[{}]", items.iter().map(spelled).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Returns the keys that a schema has and an example lacks, each object asked where the page tells it.
#[cfg(test)]
pub(super) fn unstated(schema: &Value, example: &Value) -> Vec<String> {
    let (mut open, mut told, mut missing) = (vec![(schema, String::new(), example.clone())], BTreeSet::new(), Vec::new());
    while let Some((value, place, example)) = open.pop() {
        let mut inside = Vec::new();
        for (key, property) in value["properties"].as_object().into_iter().flatten() {
            let place = format!("{place}/{key}");
            let (shape, inner) = Shape::of(schema, property);
            let Some(stated) = example.get(key) else {
                missing.push(place);
                continue;
            };
            if inner.get("properties").is_some() && told.insert(inner["properties"].to_string()) {
                inside.push((inner, place, shape.inside(stated)));
            }
        }
        open.extend(inside.into_iter().rev());
    }
    missing
}
