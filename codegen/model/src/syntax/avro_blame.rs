//! Where the mistake of an Avro schema stands.

use apache_avro::{Error, Schema, error::Details};
use serde_json::{Value, json};

use super::{
    AvroTypes, SyntaxProblem,
    avro_types::{Ambiguous, full_name, is_definition, qualified},
    join_pointer,
    json::SpanIndex,
    split_pointer,
};
use crate::{diagnostic, names::nearest};

/// The types that need no definition.
const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// The words for types that have parts.
const COMPLEX: [&str; 7] = ["record", "error", "enum", "fixed", "array", "map", "union"];

/// The maximum number of mistakes that are looked for: each is found by reading the schema again.
const MAX_PROBLEMS: usize = 20;

/// Returns the problems of a schema that the library refuses, each at its place: what is wrong is put right in a copy, which is read again.
pub(super) fn problems(raw: &Value, text: &str, types: &AvroTypes, error: &Error) -> Vec<SyntaxProblem> {
    let places = SpanIndex::new(text);
    let mut mended = raw.clone();
    let mut problems = Vec::new();
    let mut next = Some(said(error));
    while let Some(message) = next.filter(|_| problems.len() < MAX_PROBLEMS) {
        let found = Mistake::find(&mended, types, &message);
        let offset = places.find(text, &split_pointer(&found.pointer)).value;
        problems.push(SyntaxProblem::new(&diagnostic::AVRO, offset, found.message).help(found.help));
        let (place, put_right): (_, fn(&mut Value, &str, usize) -> bool) =
            if found.repeated { (&found.pointer, rename) } else { (&found.part, mend) };
        let is_mended = put_right(&mut mended, place, problems.len());
        next = is_mended.then(|| Schema::parse(&mended).err()).flatten().as_ref().map(said);
    }
    problems
}

/// Returns the problem of each type that several files define, where the schema first mentions it.
pub(super) fn ambiguities(raw: &Value, text: &str, ambiguous: Vec<Ambiguous>) -> Vec<SyntaxProblem> {
    let places = SpanIndex::new(text);
    let mut mentions = Mentions::default();
    mentions.visit(raw, "", &mut Vec::new());
    let problem = |Ambiguous { name, files: [one, other] }| {
        let mention = mentions.named.iter().find(|mention| mention.full == name || mention.written == name);
        let offset = mention.map_or(0, |mention| places.find(text, &split_pointer(&mention.pointer)).value);
        let message = format!("the type {name} may be that of {one} or of {other}, which differ");
        SyntaxProblem::new(&diagnostic::AVRO, offset, message).help("make them alike, or give one of them another name or namespace")
    };
    ambiguous.into_iter().map(problem).collect()
}

/// Returns what the library says, with JSON in place of the values that it shows as its own code has them.
fn said(error: &Error) -> String {
    match error.details() {
        Details::GetDefaultRecordField(_, _, schema, value) => {
            let kind = serde_json::from_str::<Value>(schema).map_or_else(|_| schema.clone(), |schema| schema.to_string());
            format!("its default is {value}, which is not of the type {kind}")
        }
        Details::GetDefaultUnion(expected, found) => {
            let [expected, found] = [format!("{expected:?}"), format!("{found:?}")].map(|kind| kind.to_lowercase());
            format!("a default must be of the first type of its union, {expected}, and is of the type {found}")
        }
        Details::GetUnionDuplicate(kind) => {
            format!("Unions cannot contain duplicate types, found at least two {:?}", format!("{kind:?}").to_lowercase())
        }
        Details::GetLogicalTypeFieldType(value) => format!("logicalType must be a string, but is {value}"),
        Details::ArrayDefaultWrongInnerType(..) => "a value in the default of an array is not of the type of its items".to_owned(),
        Details::MapDefaultWrongInnerType(..) => "a value in the default of a map is not of the type of its values".to_owned(),
        _ => error.to_string(),
    }
}

/// What is wrong with a schema.
struct Mistake {
    /// Its JSON Pointer.
    pointer: String,
    /// The pointer to the type or field around it.
    part: String,
    /// Whether it is the second mention of a name or symbol.
    repeated: bool,
    message: String,
    help: String,
}

impl Mistake {
    fn find(raw: &Value, types: &AvroTypes, message: &str) -> Self {
        let mut mentions = Mentions::default();
        mentions.visit(raw, "", &mut Vec::new());
        if let Some(mention) = mentions.named.iter().find(|mention| !mentions.defined.contains(&mention.full)) {
            let pointer = mention.pointer.clone();
            // A word that stands for a kind of type belongs to the object around it.
            let is_kind = pointer.ends_with("/type") && raw.pointer(pointer.trim_end_matches("/type")).is_some_and(is_kind_of_type);
            let part = if is_kind { pointer.trim_end_matches("/type").to_owned() } else { pointer.clone() };
            return Self { pointer, part, repeated: false, message: mention.message(), help: mention.help(&mentions.defined, types) };
        }
        let mut path = Vec::new();
        descend(raw, message, &mut path);
        let part = join_pointer(&path);
        let repeated = raw.pointer(&part).filter(|_| message.starts_with("Duplicate")).and_then(repeated);
        let pointer = repeated.as_ref().map_or_else(|| part.clone(), |below| format!("{part}{below}"));
        let message = format!("{} is not valid Avro: {message}", subject(raw, &path));
        Self { pointer, part, repeated: repeated.is_some(), message, help: "see the Avro specification, \"Schema Declaration\"".to_owned() }
    }
}

/// Returns whether a schema has parts or a name, so that its `type` is the kind of type that it is.
fn is_kind_of_type(schema: &Value) -> bool {
    ["symbols", "fields", "size", "items", "values"].into_iter().any(|key| schema.get(key).is_some())
}

/// Returns the words for what stands at a path: a field, or the innermost type with a name.
fn subject(raw: &Value, path: &[String]) -> String {
    let (mut around, mut named, mut field) = (String::new(), None, None);
    for length in 0..=path.len() {
        let Some(at) = raw.pointer(&join_pointer(&path[..length])) else { continue };
        if is_definition(at)
            && let Some((name, namespace)) = full_name(at, &around)
        {
            (named, field, around) = (Some(name), None, namespace);
        } else if length > 1 && path[length - 2] == "fields" {
            field = at.get("name").and_then(Value::as_str).map(|name| format!("the field {name:?}"));
        }
    }
    match (field, named) {
        (Some(field), Some(name)) => format!("{field} of {name}"),
        (Some(field), None) => field,
        (None, Some(name)) => name,
        (None, None) => "the schema".to_owned(),
    }
}

/// Returns the pointer to the second mention of a symbol, or of the name of a field.
fn repeated(part: &Value) -> Option<String> {
    let list = |key: &str| part.get(key).and_then(Value::as_array);
    let second =
        |names: Vec<Option<&str>>| (0..names.len()).find(|index| names[*index].is_some_and(|name| names[..*index].contains(&Some(name))));
    let symbols = list("symbols").and_then(|symbols| second(symbols.iter().map(Value::as_str).collect()));
    let names = || list("fields").and_then(|fields| second(fields.iter().map(|field| field.get("name")?.as_str()).collect()));
    symbols.map(|index| format!("/symbols/{index}")).or_else(|| names().map(|index| format!("/fields/{index}/name")))
}

/// Gives what repeats a name one of its own; false where there is none.
fn rename(schema: &mut Value, pointer: &str, number: usize) -> bool {
    let place = schema.pointer_mut(pointer);
    place.is_some_and(|place| {
        *place = json!(format!("Mended{number}"));
        true
    })
}

/// Puts a sound type or field in place of one that is not; false where nothing would be left.
fn mend(schema: &mut Value, part: &str, number: usize) -> bool {
    let Some((above, step)) = part.rsplit_once('/') else { return false };
    if step == "type"
        && let Some(Value::Object(field)) = schema.pointer_mut(above)
    {
        field.shift_remove("default");
    }
    let is_field = above.ends_with("/fields");
    let Some(place) = schema.pointer_mut(part) else { return false };
    let known = |key: &str| place.get(key).and_then(Value::as_str).filter(|name| !name.is_empty() && !is_field).map(str::to_owned);
    let name = known("name").unwrap_or_else(|| format!("Mended{number}"));
    let namespace = known("namespace");
    *place = if is_field { json!({"name": name, "type": "null"}) } else { json!({"type": "fixed", "name": name, "size": 1}) };
    if let (Some(namespace), Value::Object(members)) = (namespace, place) {
        members.insert("namespace".into(), namespace.into());
    }
    true
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
        if let Some(namesake) = namesake {
            return format!("did you mean {namesake:?}? a type of another namespace is named in full");
        }
        let words = || known().chain(COMPLEX);
        match nearest(&self.written, words()).or_else(|| nearest(&self.full, words())) {
            Some(near) => format!("did you mean {near:?}?"),
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
        if Schema::parse(&alone).is_err_and(|error| said(&error) == message) {
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
                // Messages have the name of the record.
                let mut record = json!({"type": "record", "name": "Alone", "fields": [field]});
                for key in ["name", "namespace"] {
                    if let Some(text) = members.get(key) {
                        record[key] = text.clone();
                    }
                }
                parts.push((vec!["fields".to_owned(), index], &Value::Null, record));
            }
        }
        _ => {}
    }
    parts
}
