//! The distinction of schemas from other JSON. docs/trees.md says it for people.

use serde_json::{Map, Value};

use super::Dialect;
use crate::{names, source::SourceFormat, syntax::Document};

/// Words that say what is valid, or what a schema is called; one of them makes an object that has nothing foreign a schema.
const WORDS: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "$anchor",
    "$dynamicRef",
    "$recursiveRef",
    "definitions",
    "type",
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "items",
    "prefixItems",
    "enum",
    "const",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "x-event",
    "propertyNames",
    "contains",
    "dependencies",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Words that a schema has besides.
const BESIDES: &[&str] = &[
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "id",
    "then",
    "else",
    "additionalItems",
    "minContains",
    "maxContains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "nullable",
    "discriminator",
    "externalDocs",
    "xml",
    "self",
    "version",
    "javaType",
    "links",
    "namespace",
    "name",
];

const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object", "any"];

/// Words that hardly stand in a document but in a schema.
const HOLDING: &[&str] = &["properties", "$ref", "$defs", "definitions", "allOf", "anyOf", "oneOf", "additionalProperties"];

/// Files that tools keep beside schemas, with words of schemas in them.
const TOOLS: &[&str] =
    &["package.json", "package-lock.json", "composer.json", "composer.lock", "tsconfig.json", "jsconfig.json", "deno.json", "lerna.json"];

/// Documents that hold schemas and are none.
const HOLDERS: &[&str] = &["openapi", "swagger", "asyncapi"];

/// Returns whether a document is a schema, where nobody else could be meant: it has a word of schemas.
pub(super) fn may_be(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Object(members) => members.is_empty() || WORDS.iter().any(|word| members.contains_key(*word)),
        _ => false,
    }
}

/// Returns whether a file of a tree is a schema.
pub(super) fn is_schema(document: &Document) -> bool {
    let Document { path, format, value, .. } = document;
    looks_like(path, *format, value)
        || (document.broken && !is_sample(path) && (*format == SourceFormat::Avro || would_be(&document.text, value)))
}

/// Returns whether a broken file would be a schema: a keyword has lost its value, or the text has words that other JSON hardly has.
fn would_be(text: &str, left: &Value) -> bool {
    let lost = |(word, value): (&String, &Value)| value.is_null() && WORDS.contains(&word.as_str());
    let has_lost = left.as_object().is_some_and(|members| !has_foreign(members) && members.iter().any(lost));
    has_lost || HOLDING.iter().any(|word| says(text, word, |_| true)) || says(text, "type", |value| TYPES.contains(&value))
}

/// Returns whether a text has a key before a value of which the first word passes.
fn says(text: &str, key: &str, passes: impl Fn(&str) -> bool) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let is_whole = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '$');
        let behind = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let value = behind.strip_prefix(':').map(|value| value.trim_start().trim_start_matches(['"', '\'']));
        let word = value.map(|value| value.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
        is_whole && word.is_some_and(&passes)
    })
}

fn looks_like(path: &str, format: SourceFormat, value: &Value) -> bool {
    let Value::Object(members) = value else { return value.is_boolean() };
    if format == SourceFormat::Avro || members.is_empty() || members.get("x-event").is_some_and(Value::is_object) {
        return true;
    }
    if names_dialect(members) {
        // An example of what a schema describes may have been begun as one of its copies.
        return !is_sample(path) || !has_foreign(members) || describes(members);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    if TOOLS.contains(&name)
        || HOLDERS.iter().any(|word| members.get(*word).is_some_and(|version| version.is_string() || version.is_number()))
    {
        return false;
    }
    describes(members) || (!is_sample(path) && !has_foreign(members) && speaks(members))
}

/// Returns whether some keyword has a value that it may have in a schema, or would have but for a slip.
fn speaks(members: &Map<String, Value>) -> bool {
    let fits = |(word, value): (&String, &Value)| match word.as_str() {
        "type" => is_type(value) || value.as_str().is_some_and(is_almost_type),
        "$schema" => value.is_string() && members.len() == 1,
        "$id" | "$ref" | "$anchor" | "$dynamicRef" | "$recursiveRef" | "format" | "pattern" => value.is_string(),
        "definitions" | "$defs" | "properties" | "patternProperties" | "dependencies" | "dependentRequired" | "dependentSchemas" => {
            value.as_object().is_some_and(|parts| parts.is_empty() || parts.values().any(|part| !part.is_string() && !part.is_number()))
        }
        "required" => value.is_boolean() || value.as_array().is_some_and(|names| names.iter().all(Value::is_string)),
        "enum" | "allOf" | "anyOf" | "oneOf" | "prefixItems" => value.is_array(),
        "additionalProperties" | "items" | "not" | "if" | "propertyNames" | "contains" | "unevaluatedProperties" | "unevaluatedItems" => {
            value.is_object() || value.is_boolean()
        }
        "minimum" | "maximum" | "minLength" | "maxLength" | "multipleOf" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "const" => true,
        "uniqueItems" => value.is_boolean(),
        _ => false,
    };
    members.iter().any(fits)
}

/// Returns whether a word is what other languages call a type, or nearly the name of one.
fn is_almost_type(word: &str) -> bool {
    const ALIASES: &[&str] =
        &["int", "long", "float", "double", "decimal", "bool", "str", "text", "list", "dict", "map", "date", "datetime", "uuid"];
    ALIASES.contains(&word.to_ascii_lowercase().as_str()) || names::nearest(word, TYPES.iter().copied()).is_some()
}

fn names_dialect(members: &Map<String, Value>) -> bool {
    let declared = members.get("$schema").and_then(Value::as_str).unwrap_or_default();
    Dialect::of(declared).is_some() || declared.trim_start_matches("https://").trim_start_matches("http://").starts_with("json-schema.org/")
}

/// So many members of a keyword are looked at; one that is a schema is most often the first.
const MAX_PARTS: usize = 200;

/// Returns whether a keyword holds schemas: what a document that a schema describes hardly has.
fn describes(members: &Map<String, Value>) -> bool {
    let map = |word: &str| members.get(word).and_then(Value::as_object).is_some_and(|parts| parts.values().take(MAX_PARTS).any(is_part));
    let list = |word: &str| members.get(word).and_then(Value::as_array).is_some_and(|parts| parts.iter().take(MAX_PARTS).any(is_part));
    ["properties", "patternProperties", "$defs", "definitions"].into_iter().any(map)
        || ["allOf", "anyOf", "oneOf"].into_iter().any(list)
        || (members.get("items").is_some_and(is_part) && members.get("type").is_some_and(is_type))
}

/// Returns whether a value is a schema inside another: an object with a word of schemas whose value fits.
fn is_part(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    let text = |word: &str| members.get(word).is_some_and(Value::is_string);
    members.get("type").is_some_and(is_type)
        || text("$ref")
        || members.get("enum").is_some_and(Value::is_array)
        || (members.contains_key("const") && !has_foreign(members))
        || describes(members)
        || (!members.is_empty() && !has_foreign(members) && members.keys().any(|key| WORDS.contains(&key.as_str()) || key == "description"))
}

/// Returns whether a value of `type` names types.
fn is_type(value: &Value) -> bool {
    match value {
        Value::String(word) => TYPES.contains(&word.as_str()),
        Value::Array(words) => !words.is_empty() && words.iter().all(|word| word.is_object() || is_type(word)),
        _ => false,
    }
}

/// Returns whether an object has members that schemas do not have.
fn has_foreign(members: &Map<String, Value>) -> bool {
    // A slip in a word is told where the words are judged.
    let nearly = |key: &str| names::nearest(key, WORDS.iter().chain(BESIDES).copied()).is_some();
    let known = |key: &str| key.starts_with("x-") || key.starts_with('$') || WORDS.contains(&key) || BESIDES.contains(&key) || nearly(key);
    members.keys().any(|key| !known(key))
}

/// Returns whether a path says that the file is an example, or wrong on purpose.
fn is_sample(path: &str) -> bool {
    const FOLDERS: &[&str] = &["example", "examples", "sample", "samples", "fixture", "fixtures", "testdata", "instances", "mocks"];
    const PARTS: &[&str] = &["example", "sample", "invalid", "valid", "instance", "mock", "fixture"];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    folders.split('/').any(|folder| FOLDERS.contains(&folder)) || name.split(['.', '-', '_']).any(|part| PARTS.contains(&part))
}
