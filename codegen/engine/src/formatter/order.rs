//! The order of the keys of a schema.

use std::collections::HashMap;

use eventc_model::{
    schema::{FileId, Schemas},
    source::SourceFormat,
    syntax::escape_pointer,
};
use serde_json::Value;

/// The keys of an object as they should follow each other. `x-*` stands for extensions, and `*` for all that the list does not name; keys of
/// one place keep their order.
pub(super) type Order = &'static [&'static str];

/// What names a schema, what people read of it, what it demands, from the outside in, and what it only shows or keeps for others.
const KEYWORDS: Order = &[
    "$schema",
    "$vocabulary",
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "title",
    "description",
    "$comment",
    "deprecated",
    "readOnly",
    "writeOnly",
    "x-sensitive",
    "x-event",
    "x-*",
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "type",
    "nullable",
    "const",
    "enum",
    "format",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "minLength",
    "maxLength",
    "pattern",
    "multipleOf",
    "divisibleBy",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "prefixItems",
    "items",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "required",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "discriminator",
    "allOf",
    "anyOf",
    "oneOf",
    "extends",
    "not",
    "disallow",
    "if",
    "then",
    "else",
    "*",
    "default",
    "examples",
    "$defs",
    "definitions",
];

const METADATA: Order = &["version", "stability", "owner", "producers", "key", "reply", "topic", "deprecated", "tags", "*", "allow"];

/// Avro 1.12, "Complex Types", in the order of its examples.
const AVRO_TYPE: Order = &[
    "type",
    "name",
    "namespace",
    "aliases",
    "doc",
    "logicalType",
    "precision",
    "scale",
    "size",
    "symbols",
    "items",
    "values",
    "*",
    "default",
    "fields",
];

const AVRO_FIELD: Order = &["name", "aliases", "doc", "type", "default", "order", "*"];

/// Returns where a key stands in an order.
pub(super) fn rank(order: Order, key: &str) -> usize {
    let at = |name: &str| order.iter().position(|known| *known == name);
    let extension = || key.starts_with("x-").then(|| at("x-*")).flatten();
    at(key).or_else(extension).or_else(|| at("*")).unwrap_or(order.len())
}

/// Returns the objects of a file of which the keys have an order, by JSON Pointer; all others are an author's data, which stays as it is.
pub(super) fn orders(schemas: &Schemas, file: FileId) -> HashMap<String, Order> {
    let mut found = HashMap::new();
    let document = schemas.file(file);
    if document.format == SourceFormat::Avro {
        if let Ok(value) = serde_json::from_str(&document.text) {
            avro(&value, String::new(), &mut found);
        }
        return found;
    }
    for pointer in schemas.ids_in(file).map(|id| schemas.pointer(id)) {
        found.insert(format!("{pointer}/x-event"), METADATA);
        found.insert(pointer, KEYWORDS);
    }
    found
}

/// Collects the types and fields of an Avro schema.
fn avro(schema: &Value, pointer: String, found: &mut HashMap<String, Order>) {
    match schema {
        Value::Array(branches) => {
            for (at, branch) in branches.iter().enumerate() {
                avro(branch, format!("{pointer}/{at}"), found);
            }
        }
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(key, _)| ["type", "items", "values"].contains(&key.as_str())) {
                avro(value, format!("{pointer}/{}", escape_pointer(key)), found);
            }
            for (at, field) in members.get("fields").and_then(Value::as_array).into_iter().flatten().enumerate() {
                let field_pointer = format!("{pointer}/fields/{at}");
                if let Some(inner) = field.get("type") {
                    avro(inner, format!("{field_pointer}/type"), found);
                }
                found.insert(field_pointer, AVRO_FIELD);
            }
            found.insert(pointer, AVRO_TYPE);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_list_names_has_a_place() {
        assert!(rank(KEYWORDS, "x-event") < rank(KEYWORDS, "x-owner"));
        assert!(rank(KEYWORDS, "x-owner") < rank(KEYWORDS, "type"));
        assert!(rank(KEYWORDS, "else") < rank(KEYWORDS, "xml"));
        assert!(rank(KEYWORDS, "xml") < rank(KEYWORDS, "examples"));
        assert_eq!(rank(AVRO_FIELD, "x-sensitive"), rank(AVRO_FIELD, "anything"));
    }

    #[test]
    fn no_order_names_a_key_twice() {
        for order in [KEYWORDS, METADATA, AVRO_TYPE, AVRO_FIELD] {
            for (at, key) in order.iter().enumerate() {
                assert_eq!(order.iter().position(|other| other == key), Some(at), "{key}");
            }
        }
    }
}
