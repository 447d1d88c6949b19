//! Names of Avro schemas that its grammar does not allow and that many parsers read all the same.

use std::sync::Once;

use apache_avro::{
    AvroResult,
    error::Details,
    validator::{
        EnumSymbolNameValidator, RecordFieldNameValidator, SchemaNameValidator, SchemaNamespaceValidator, set_enum_symbol_name_validator,
        set_record_field_name_validator, set_schema_name_validator, set_schema_namespace_validator,
    },
};
use serde_json::Value;

use crate::syntax::join_pointer;

/// Takes every name in which a reader can still tell the parts apart.
struct Tolerant;

/// Has the library take such names; [`strange`] finds them.
pub(super) fn tolerate() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Whoever set others before knows what they want.
        let _ = set_schema_name_validator(Box::new(Tolerant));
        let _ = set_schema_namespace_validator(Box::new(Tolerant));
        let _ = set_enum_symbol_name_validator(Box::new(Tolerant));
        let _ = set_record_field_name_validator(Box::new(Tolerant));
    });
}

fn is_part(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'\\/.".contains(c))
}

fn are_parts(text: &str) -> bool {
    text.is_empty() || text.split('.').all(is_part)
}

impl SchemaNameValidator for Tolerant {
    fn validate(&self, name: &str) -> AvroResult<usize> {
        let at = name.rfind('.').map_or(0, |dot| dot + 1);
        let fits = is_part(&name[at..]) && are_parts(name[..at].trim_end_matches('.').trim_start_matches('.'));
        if fits { Ok(at) } else { Err(Details::InvalidSchemaName(name.to_owned(), "parts without spaces, quotes and slashes").into()) }
    }
}

impl SchemaNamespaceValidator for Tolerant {
    fn validate(&self, namespace: &str) -> AvroResult<()> {
        let refused = || Details::InvalidNamespace(namespace.to_owned(), "parts without spaces, quotes and slashes").into();
        are_parts(namespace).then_some(()).ok_or_else(refused)
    }
}

impl EnumSymbolNameValidator for Tolerant {
    fn validate(&self, symbol: &str) -> AvroResult<()> {
        is_part(symbol).then_some(()).ok_or_else(|| Details::EnumSymbolName(symbol.to_owned()).into())
    }
}

impl RecordFieldNameValidator for Tolerant {
    fn validate(&self, name: &str) -> AvroResult<()> {
        is_part(name).then_some(()).ok_or_else(|| Details::FieldName(name.to_owned()).into())
    }
}

/// Returns whether a name keeps to the grammar (Avro 1.12, "Names").
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns every name of a schema outside the grammar, each once, with the pointer to it.
pub(super) fn strange(raw: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(raw, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, path: &mut Vec<String>, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                walk(item, path, found);
                path.pop();
            }
        }
        Value::Object(members) => {
            let named =
                members.get("type").and_then(Value::as_str).is_some_and(|kind| ["record", "enum", "fixed", "error"].contains(&kind));
            let is_field = path.iter().rev().nth(1).is_some_and(|above| above == "fields");
            for (key, member) in members {
                path.push(key.clone());
                match (key.as_str(), member) {
                    ("name" | "namespace", Value::String(text)) if named || (is_field && key == "name") => note(text, path, found),
                    ("symbols", Value::Array(symbols)) if named => {
                        for (index, symbol) in symbols.iter().enumerate() {
                            path.push(index.to_string());
                            symbol.as_str().into_iter().for_each(|symbol| note(symbol, path, found));
                            path.pop();
                        }
                    }
                    ("type" | "fields" | "items" | "values", _) => walk(member, path, found),
                    _ => {}
                }
                path.pop();
            }
        }
        _ => {}
    }
}

fn note(text: &str, path: &[String], found: &mut Vec<(String, String)>) {
    let fits = text.is_empty() || text.split('.').all(is_name);
    if !fits && !found.iter().any(|(known, _)| known == text) {
        found.push((text.to_owned(), join_pointer(path)));
    }
}
