//! Named Avro types of a tree, for schemas that use a type which another file defines.

use std::collections::HashMap;
#[cfg(feature = "avro")]
use std::collections::HashSet;

use serde_json::Value;

use super::json;
use crate::source::{SourceFile, SourceFormat};

#[cfg(feature = "avro")]
const PRIMITIVES: &[&str] = &["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// Definitions by full name, each with the file that has it, in the order of the files.
#[derive(Debug, Default)]
pub(crate) struct AvroTypes(HashMap<String, Vec<(String, Value)>>);

/// A name that several files define, none of them nearer than the others, and not alike.
#[cfg(feature = "avro")]
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ambiguous {
    pub(super) name: String,
    pub(super) files: [String; 2],
}

impl AvroTypes {
    /// Collects those of all Avro files. A tree with one has nothing to look up.
    pub(crate) fn of(files: &[SourceFile]) -> Self {
        let mut types = Self::default();
        let avro: Vec<_> = files.iter().filter(|file| file.format == SourceFormat::Avro && !file.unread).collect();
        if avro.len() > 1 {
            for file in avro {
                // What is wrong with it is told where it is read.
                if let Some(raw) = json::value(&file.text) {
                    visit(&raw, "", &mut |name, definition| {
                        types.0.entry(name).or_default().push((file.path.clone(), definition));
                    });
                }
            }
        }
        types
    }

    /// Returns the names of all types.
    #[cfg(feature = "avro")]
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns a schema with the definitions of other files in place of the first mention of each, and which of them are not clear.
    #[cfg(feature = "avro")]
    pub(super) fn inlined(&self, raw: &Value, path: &str) -> (Value, Vec<Ambiguous>) {
        let mut inlining = Inlining { types: self, path, known: HashSet::new(), own: HashSet::new(), ambiguous: Vec::new() };
        visit(raw, "", &mut |name, _| {
            inlining.own.insert(name);
        });
        (inlining.schema(raw, ""), inlining.ambiguous)
    }
}

/// Returns how many folders the paths of two files share.
#[cfg(feature = "avro")]
fn shared_folders(a: &str, b: &str) -> usize {
    let folders = |path: &'_ str| path.split('/').count() - 1;
    a.split('/').zip(b.split('/')).take(folders(a).min(folders(b))).take_while(|(a, b)| a == b).count()
}

/// Returns a definition without what says nothing of values.
#[cfg(feature = "avro")]
fn meaning(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(meaning).collect(),
        Value::Object(members) => {
            let says = |key: &str| !(key == "doc" || key.starts_with("x-"));
            members.iter().filter(|(key, _)| says(key)).map(|(key, member)| (key.clone(), meaning(member))).collect()
        }
        _ => value.clone(),
    }
}

/// Returns the full name of a definition, and the namespace of what is nested in it.
pub(super) fn full_name(definition: &Value, around: &str) -> Option<(String, String)> {
    let name = definition.get("name")?.as_str()?;
    if let Some((namespace, _)) = name.rsplit_once('.') {
        return Some((name.to_owned(), namespace.to_owned()));
    }
    let namespace = definition.get("namespace").and_then(Value::as_str).unwrap_or(around);
    Some((qualified(name, namespace), namespace.to_owned()))
}

pub(super) fn qualified(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') { name.to_owned() } else { format!("{namespace}.{name}") }
}

pub(super) fn is_definition(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|kind| ["record", "error", "enum", "fixed"].contains(&kind))
}

/// Visits every definition in a schema, each as it means the same anywhere.
fn visit(value: &Value, around: &str, found: &mut dyn FnMut(String, Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, around, found)),
        Value::Object(members) => {
            let name = is_definition(value).then(|| full_name(value, around)).flatten();
            let around = name.as_ref().map_or(around, |(_, namespace)| namespace);
            for key in ["type", "items", "values"] {
                members.get(key).into_iter().for_each(|inner| visit(inner, around, found));
            }
            let fields = members.get("fields").and_then(Value::as_array).into_iter().flatten();
            fields.filter_map(|field| field.get("type")).for_each(|inner| visit(inner, around, found));
            if let Some((name, namespace)) = &name {
                let mut members = members.clone();
                members.insert("namespace".into(), namespace.as_str().into());
                found(name.clone(), Value::Object(members));
            }
        }
        _ => {}
    }
}

#[cfg(feature = "avro")]
struct Inlining<'t> {
    types: &'t AvroTypes,
    path: &'t str,
    /// The names that stand in the schema up to here.
    known: HashSet<String>,
    /// The names that the file defines somewhere.
    own: HashSet<String>,
    ambiguous: Vec<Ambiguous>,
}

#[cfg(feature = "avro")]
impl<'t> Inlining<'t> {
    fn schema(&mut self, value: &Value, around: &str) -> Value {
        match value {
            Value::String(name) if !PRIMITIVES.contains(&name.as_str()) => self.mention(name, around).unwrap_or_else(|| value.clone()),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.schema(item, around)).collect()),
            Value::Object(members) => {
                let name = is_definition(value).then(|| full_name(value, around)).flatten();
                let around = name.as_ref().map_or(around, |(_, namespace)| namespace);
                self.known.extend(name.as_ref().map(|(name, _)| name.clone()));
                let mut out = members.clone();
                for (key, member) in &mut out {
                    match key.as_str() {
                        "type" if name.is_none() => *member = self.schema(member, around),
                        "items" | "values" => *member = self.schema(member, around),
                        "fields" => self.fields(member, around),
                        _ => {}
                    }
                }
                Value::Object(out)
            }
            _ => value.clone(),
        }
    }

    fn fields(&mut self, fields: &mut Value, around: &str) {
        for field in fields.as_array_mut().into_iter().flatten() {
            if let Some(ty) = field.get_mut("type") {
                *ty = self.schema(ty, around);
            }
        }
    }

    /// Returns the definition that a name means, where this is the first mention of a type of another file.
    fn mention(&mut self, name: &str, around: &str) -> Option<Value> {
        let full = qualified(name, around);
        let known = [full.as_str(), name].into_iter().find(|name| self.types.0.contains_key(*name))?;
        if self.own.contains(known) || self.known.contains(known) {
            return None;
        }
        let definition = self.definition(known)?;
        // The place that the name stood in may have another namespace around it: from here on it goes by its full name.
        Some(self.schema(definition, ""))
    }

    /// Returns the definition of the nearest file; of several that are equally near the first, unless they differ.
    fn definition(&mut self, name: &str) -> Option<&'t Value> {
        let types: &'t AvroTypes = self.types;
        let near = |path: &str| shared_folders(path, self.path);
        let all = types.0.get(name)?;
        let nearest = all.iter().map(|(path, _)| near(path)).max()?;
        let mut nearest = all.iter().filter(|(path, _)| near(path) == nearest);
        let (path, definition) = nearest.next()?;
        if let Some((other, _)) = nearest.find(|(_, other)| meaning(other) != meaning(definition)) {
            let found = Ambiguous { name: name.to_owned(), files: [path.clone(), other.clone()] };
            if !self.ambiguous.contains(&found) {
                self.ambiguous.push(found);
            }
        }
        Some(definition)
    }
}
