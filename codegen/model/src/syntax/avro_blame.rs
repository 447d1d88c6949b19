//! Where the mistake of an Avro schema stands.

use apache_avro::{Error, Schema};
use serde_json::{Value, json};

use super::{
    AvroTypes, Problem,
    avro_types::{full_name, is_definition, qualified},
    join_pointer,
    json::SpanIndex,
    split_pointer,
};
use crate::{diagnostic, names::nearest};

/// The types that need no definition.
const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// The words for types that have parts.
const COMPLEX: [&str; 7] = ["record", "error", "enum", "fixed", "array", "map", "union"];

/// Returns the problem of a schema that the library refuses, at its place.
pub(super) fn problem(raw: &Value, text: &str, types: &AvroTypes, error: &Error) -> Problem {
    let mut mentions = Mentions::default();
    mentions.visit(raw, "", &mut Vec::new());
    let undefined = mentions.named.iter().find(|mention| !mentions.defined.contains(&mention.full));
    let (pointer, message, help) = if let Some(mention) = undefined {
        (mention.pointer.clone(), mention.message(), mention.help(&mentions.defined, types))
    } else {
        let message = error.to_string();
        let mut path = Vec::new();
        descend(raw, &message, &mut path);
        let help = "see the Avro specification, \"Schema Declaration\"".to_owned();
        (join_pointer(&path), format!("not a valid Avro schema: {message}"), help)
    };
    let offset = SpanIndex::new(text).find(text, &split_pointer(&pointer)).value;
    Problem::new(&diagnostic::AVRO, offset, message).help(help)
}

/// A type that a schema names.
struct Mention {
    /// As it is written.
    written: String,
    /// With its namespace.
    full: String,
    pointer: String,
}

impl Mention {
    fn message(&self) -> String {
        format!("{:?} is no type of Avro, and no file of the tree defines {}", self.written, self.full)
    }

    fn help(&self, defined: &[String], types: &AvroTypes) -> String {
        if COMPLEX.contains(&self.written.as_str()) {
            return format!("a {} has parts: write an object with \"type\": {:?}", self.written, self.written);
        }
        let known = || PRIMITIVES.into_iter().chain(defined.iter().map(String::as_str)).chain(types.names());
        // The same name in another namespace is most likely meant.
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        let namesake = known().find(|name| last(name) == last(&self.full)).map(str::to_owned);
        let near = namesake.or_else(|| nearest(&self.written, known()).or_else(|| nearest(&self.full, known())).map(str::to_owned));
        match near {
            Some(near) => format!("did you mean {near:?}? a type of another namespace is named in full"),
            None => format!("define {} in this file or in another of the tree", self.full),
        }
    }
}

#[derive(Default)]
struct Mentions {
    defined: Vec<String>,
    named: Vec<Mention>,
}

impl Mentions {
    fn visit(&mut self, value: &Value, around: &str, path: &mut Vec<String>) {
        match value {
            Value::String(name) if !PRIMITIVES.contains(&name.as_str()) => {
                let mention = Mention { written: name.clone(), full: qualified(name, around), pointer: join_pointer(path) };
                self.named.push(mention);
            }
            Value::Array(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    self.within(branch, around, path, &[&index.to_string()]);
                }
            }
            Value::Object(members) => {
                let name = is_definition(value).then(|| full_name(value, around)).flatten();
                let inside = name.as_ref().map_or(around, |(_, namespace)| namespace).to_owned();
                self.defined.extend(name.map(|(name, _)| name));
                let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
                for key in ["type", "items", "values"] {
                    let is_word = key == "type" && COMPLEX.contains(&kind);
                    if let Some(inner) = members.get(key).filter(|_| !is_word) {
                        self.within(inner, &inside, path, &[key]);
                    }
                }
                let fields = members.get("fields").and_then(Value::as_array).into_iter().flatten();
                for (index, field) in fields.enumerate() {
                    if let Some(inner) = field.get("type") {
                        self.within(inner, &inside, path, &["fields", &index.to_string(), "type"]);
                    }
                }
            }
            _ => {}
        }
    }

    fn within(&mut self, value: &Value, around: &str, path: &mut Vec<String>, steps: &[&str]) {
        path.extend(steps.iter().map(|step| (*step).to_owned()));
        self.visit(value, around, path);
        path.truncate(path.len() - steps.len());
    }
}

/// Follows a mistake into the smallest part that has it alone.
fn descend(value: &Value, message: &str, path: &mut Vec<String>) {
    for (steps, part, alone) in parts(value) {
        if Schema::parse(&alone).is_err_and(|error| error.to_string() == message) {
            path.extend(steps);
            descend(part, message, path);
            return;
        }
    }
}

/// Returns the parts of a schema: the steps that lead to each, the part, and a schema that has nothing else.
fn parts(value: &Value) -> Vec<(Vec<String>, &Value, Value)> {
    let alone = |steps: &[&str], part: &'_ Value| (steps.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>(), part.clone());
    let mut parts = Vec::new();
    match value {
        Value::Array(branches) => {
            for (index, branch) in branches.iter().enumerate() {
                let (steps, schema) = alone(&[&index.to_string()], branch);
                parts.push((steps, branch, schema));
            }
        }
        Value::Object(members) => {
            for key in ["type", "items", "values"] {
                if let Some(inner) = members.get(key).filter(|inner| !inner.is_string()) {
                    let (steps, schema) = alone(&[key], inner);
                    parts.push((steps, inner, schema));
                }
            }
            let fields = members.get("fields").and_then(Value::as_array).into_iter().flatten();
            for (index, field) in fields.enumerate() {
                let index = index.to_string();
                if let Some(inner) = field.get("type").filter(|inner| !inner.is_string()) {
                    let (steps, schema) = alone(&["fields", &index, "type"], inner);
                    parts.push((steps, inner, schema));
                }
                let record = json!({"type": "record", "name": "Alone", "fields": [field]});
                parts.push((vec!["fields".to_owned(), index], &Value::Null, record));
            }
        }
        _ => {}
    }
    parts
}
