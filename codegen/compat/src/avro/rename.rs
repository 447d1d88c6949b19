//! A writer's schema under the names that its reader's schema has (Avro 1.12, "Aliases"): resolution compares names, and apache-avro knows
//! no aliases of types.

use std::collections::{BTreeSet, HashMap};

use apache_avro::Schema;
use serde_json::Value;

use super::source::AvroSource;

/// The types that need no definition.
const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// Returns a writer's schema in which each type has the name of the reader's type that takes it: of the one that lists it among its aliases,
/// or else of the only one with the same name in another namespace. Places stay where they are. `None` where nothing is renamed.
pub(super) fn renamed(writer: &AvroSource<'_>, reader: &AvroSource<'_>) -> Option<Value> {
    let names = NewNames::of(writer, reader);
    (!names.0.is_empty()).then(|| names.schema(writer.raw, ""))
}

/// New full names by the writer's.
struct NewNames(HashMap<String, String>);

impl NewNames {
    fn of(writer: &AvroSource<'_>, reader: &AvroSource<'_>) -> Self {
        let own: BTreeSet<String> = writer.types().map(full_name).collect();
        let known: Vec<(String, Vec<String>)> = reader.types().map(|schema| (full_name(schema), aliases(schema))).collect();
        let mut taken = own.clone();
        let mut names = HashMap::new();
        for from in own {
            let listed = |(_, aliases): &&(String, Vec<String>)| aliases.contains(&from);
            let namesake = |(name, _): &&(String, Vec<String>)| simple(name) == simple(&from);
            let only = |mut found: Vec<&String>| found.pop().filter(|_| found.is_empty()).cloned();
            if known.iter().any(|(name, _)| *name == from) {
                continue;
            }
            let to = only(known.iter().filter(listed).map(|(name, _)| name).collect())
                .or_else(|| only(known.iter().filter(namesake).map(|(name, _)| name).collect()));
            // Two types of the writer must not become one.
            if let Some(to) = to.filter(|to| taken.insert(to.clone())) {
                names.insert(from, to);
            }
        }
        Self(names)
    }

    fn schema(&self, value: &Value, around: &str) -> Value {
        match value {
            Value::String(name) if !PRIMITIVES.contains(&name.as_str()) => {
                let full = qualified(name, around);
                self.0.get(&full).cloned().unwrap_or(full).into()
            }
            Value::Array(branches) => branches.iter().map(|branch| self.schema(branch, around)).collect(),
            Value::Object(members) => {
                let mut out = members.clone();
                let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
                let mut inside = around.to_owned();
                if ["record", "error", "enum", "fixed"].contains(&kind) {
                    inside = self.define(&mut out, around);
                } else if !["array", "map"].contains(&kind)
                    && let Some(ty) = out.get_mut("type")
                {
                    *ty = self.schema(ty, &inside);
                }
                for key in ["items", "values"] {
                    if let Some(inner) = out.get_mut(key) {
                        *inner = self.schema(inner, &inside);
                    }
                }
                for field in out.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(ty) = field.get_mut("type") {
                        *ty = self.schema(ty, &inside);
                    }
                }
                Value::Object(out)
            }
            other => other.clone(),
        }
    }

    /// Names a definition, and returns the namespace that it had for what is nested in it.
    fn define(&self, members: &mut serde_json::Map<String, Value>, around: &str) -> String {
        let name = members.get("name").and_then(Value::as_str).unwrap_or_default();
        let (namespace, simple) = match name.rsplit_once('.') {
            Some((namespace, simple)) => (namespace, simple),
            None => (members.get("namespace").and_then(Value::as_str).unwrap_or(around), name),
        };
        let (namespace, full) = (namespace.to_owned(), qualified(simple, namespace));
        let to = self.0.get(&full).cloned().unwrap_or(full);
        let (new_namespace, new_name) = to.rsplit_once('.').unwrap_or(("", &to));
        let (new_namespace, new_name) = (new_namespace.to_owned(), new_name.to_owned());
        members.insert("name".into(), new_name.into());
        members.insert("namespace".into(), new_namespace.into());
        members.remove("aliases");
        namespace
    }
}

fn full_name(schema: &Schema) -> String {
    schema.name().map(|name| name.fullname(None)).unwrap_or_default()
}

/// Returns the full names of a type's aliases: one without a namespace has its type's.
fn aliases(schema: &Schema) -> Vec<String> {
    let namespace = schema.name().and_then(|name| name.namespace().map(str::to_owned));
    schema.aliases().into_iter().flatten().map(|alias| alias.fullname(namespace.as_deref())).collect()
}

fn simple(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn qualified(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') { name.to_owned() } else { format!("{namespace}.{name}") }
}
