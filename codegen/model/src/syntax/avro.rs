//! Avro: apache-avro parses the schema; this file states it as a JSON Schema of the documents that its readers take (docs/avro.md), with
//! a map back to places in the `.avsc` file.
//!
//! | Avro | JSON |
//! |---|---|
//! | record | an object with every field that has no default |
//! | enum | one of the symbols; any string where the enum has a default |
//! | union | a value of one of the branches, without the branch's name |
//! | bytes, fixed, decimal | a string with one character from U+0000 to U+00FF for each byte |
//! | int, long and the logical types over them | an integer |
//!
//! What JSON Schema has no words for (logical types, aliases, what a reader puts in place of what is absent or unknown) stays at hand under
//! `x-avro`, see [`crate::schema::AvroWords`]; at the root the whole Avro schema under its member `schema`.

use std::collections::{BTreeMap, HashMap};

use apache_avro::{
    Schema,
    schema::{EnumSchema, FixedSchema, InnerDecimalSchema, Name, RecordField, RecordSchema, UuidSchema},
};
use serde_json::{Map, Value, json};

use super::{
    AvroTypes, SyntaxProblem, avro_blame as blame, avro_decimal, avro_names as names, escape_pointer, json::SpanIndex, split_pointer,
};
use crate::diagnostic;

/// From pointers in the lowered schema to pointers in the file.
pub(super) type Pointers = BTreeMap<String, String>;

/// Returns a problem for each name of a schema that the grammar does not allow.
pub(super) fn strange_names(raw: &Value, text: &str) -> Vec<SyntaxProblem> {
    let strange = names::strange(raw);
    if strange.is_empty() {
        return Vec::new();
    }
    let places = SpanIndex::new(text);
    let problem = |(name, pointer): (String, String)| {
        let offset = places.find(text, &split_pointer(&pointer)).value;
        SyntaxProblem::new(&diagnostic::AVRO_NAME, offset, format!("{name:?} is outside the grammar of Avro's names"))
            .help("use letters, digits and `_` alone, and let no part begin with a digit")
    };
    strange.into_iter().map(problem).collect()
}

/// Returns a problem for each decimal of a schema that its readers take for bytes.
pub(super) fn ignored_decimals(raw: &Value, text: &str) -> Vec<SyntaxProblem> {
    let ignored = avro_decimal::ignored(raw);
    if ignored.is_empty() {
        return Vec::new();
    }
    let places = SpanIndex::new(text);
    let problem = |(pointer, why): (String, String)| {
        let offset = places.find(text, &split_pointer(&pointer)).value;
        let message = format!("the logical type decimal is ignored, and the value read as the bytes below it: {why}");
        SyntaxProblem::new(&diagnostic::AVRO, offset, message).help("mend precision and scale, or remove the logical type").warning()
    };
    ignored.into_iter().map(problem).collect()
}

/// Returns the JSON Schema that an Avro schema amounts to.
pub(super) fn lower(raw: &Value, text: &str, types: &AvroTypes) -> Result<(Value, Pointers), Vec<SyntaxProblem>> {
    names::tolerate();
    let schema = Schema::parse(raw).map_err(|error| blame::problems(raw, text, types, &error))?;
    let mut lowering = AvroLowering { raw, pointers: Pointers::new(), defs: Map::new(), named: HashMap::new() };
    let Value::Object(root) = lowering.root(&schema) else {
        return Err(vec![SyntaxProblem::new(&diagnostic::AVRO, 0, "an Avro schema that is a reference only")]);
    };
    let mut out = Map::new();
    out.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    for keyword in ["title", "x-event", "examples", "x-sensitive"] {
        if let Some(value) = raw.get(keyword) {
            out.insert(keyword.into(), value.clone());
        }
    }
    out.extend(root);
    annotate(&mut out, "schema", own_words(raw));
    if !lowering.defs.is_empty() {
        out.insert("$defs".into(), Value::Object(lowering.defs));
    }
    Ok((Value::Object(out), lowering.pointers))
}

/// Returns the Avro schema itself, without what the lowered form says in its own keywords.
fn own_words(raw: &Value) -> Value {
    let mut own = raw.clone();
    if let Value::Object(members) = &mut own {
        members.retain(|key, _| !["title", "examples", "x-event", "x-sensitive"].contains(&key.as_str()));
    }
    own
}

struct AvroLowering<'a> {
    raw: &'a Value,
    pointers: Pointers,
    defs: Map<String, Value>,
    /// References to named types.
    named: HashMap<Name, String>,
}

impl AvroLowering<'_> {
    fn root(&mut self, schema: &Schema) -> Value {
        let at = self.innermost_type(String::new());
        match schema {
            Schema::Record(record) => {
                self.named.insert(record.name.clone(), "#".into());
                self.record(record, &at, "")
            }
            Schema::Enum(symbols) => symbols_of(symbols),
            schema => self.lower(schema, at, ""),
        }
    }

    /// Steps over the wrapper of `{"type": {…}}` and `{"type": […]}` to the schema itself.
    fn innermost_type(&self, mut at: String) -> String {
        while let Some(inner) =
            self.raw.pointer(&at).and_then(|value| value.get("type")).filter(|inner| inner.is_object() || inner.is_array())
        {
            // A record field has a `type` too, but a pointer to a field's schema ends in it already.
            let _ = inner;
            at.push_str("/type");
        }
        at
    }

    fn lower(&mut self, schema: &Schema, at: String, to: &str) -> Value {
        let at = self.innermost_type(at);
        self.pointers.insert(to.to_owned(), at.clone());
        match schema {
            Schema::Null => json!({"type": "null"}),
            Schema::Boolean => json!({"type": "boolean"}),
            Schema::Int | Schema::Date | Schema::TimeMillis => integer(i64::from(i32::MIN), i64::from(i32::MAX), logical(schema)),
            Schema::Long
            | Schema::TimeMicros
            | Schema::TimestampMillis
            | Schema::TimestampMicros
            | Schema::TimestampNanos
            | Schema::LocalTimestampMillis
            | Schema::LocalTimestampMicros
            | Schema::LocalTimestampNanos => integer(i64::MIN, i64::MAX, logical(schema)),
            Schema::Float | Schema::Double => json!({"type": "number"}),
            Schema::Bytes => bytes(None, None),
            Schema::String => json!({"type": "string"}),
            Schema::Array(array) => {
                let items = self.lower(&array.items, format!("{at}/items"), &format!("{to}/items"));
                json!({"type": "array", "items": items})
            }
            Schema::Map(map) => {
                let values = self.lower(&map.types, format!("{at}/values"), &format!("{to}/additionalProperties"));
                json!({"type": "object", "additionalProperties": values})
            }
            Schema::Union(union) => self.union(union.variants(), &at, to),
            Schema::Record(record) => self.define(&record.name, |lowering, to| lowering.record(record, &at, to)),
            Schema::Enum(symbols) => self.define(&symbols.name, |_, _| symbols_of(symbols)),
            Schema::Fixed(fixed) | Schema::Duration(fixed) => self.define(&fixed.name, |_, _| fixed_bytes(fixed, logical(schema))),
            Schema::Decimal(decimal) => match &decimal.inner {
                InnerDecimalSchema::Bytes => bytes(None, logical(schema)),
                InnerDecimalSchema::Fixed(fixed) => bytes(Some(fixed.size), logical(schema)),
            },
            Schema::BigDecimal => bytes(None, logical(schema)),
            Schema::Uuid(UuidSchema::String) => json!({"type": "string", "format": "uuid", "x-avro": logical(schema)}),
            Schema::Uuid(_) => bytes(Some(16), logical(schema)),
            Schema::Ref { name } => json!({"$ref": self.named.get(name).map_or("#", String::as_str)}),
        }
    }

    /// Puts a named type under `$defs`, where later references find it.
    fn define(&mut self, name: &Name, make: impl FnOnce(&mut Self, &str) -> Value) -> Value {
        if let Some(known) = self.named.get(name) {
            return json!({"$ref": known});
        }
        let simple = name.name().to_owned();
        let key = if self.defs.contains_key(&simple) { name.fullname(None) } else { simple };
        let to = format!("/$defs/{}", escape_pointer(&key));
        self.named.insert(name.clone(), format!("#{to}"));
        // The key is taken before what is nested in the type can take it.
        self.defs.insert(key.clone(), Value::Null);
        let value = make(self, &to);
        self.defs.insert(key, value);
        json!({"$ref": format!("#{to}")})
    }

    fn record(&mut self, record: &RecordSchema, at: &str, to: &str) -> Value {
        self.pointers.insert(to.to_owned(), at.to_owned());
        let (mut properties, mut renamed) = (Map::new(), Vec::new());
        for (index, field) in record.fields.iter().enumerate() {
            let below = format!("{to}/properties/{}", escape_pointer(&field.name));
            let mut lowered = self.lower(&field.schema, format!("{at}/fields/{index}/type"), &below);
            if let Value::Object(members) = &mut lowered {
                logical_within(&field.schema).into_iter().flatten().for_each(|(key, value)| annotate(members, &key, value));
                if let Some(doc) = &field.doc {
                    members.insert("description".into(), json!(doc));
                }
                for (keyword, value) in &field.custom_attributes {
                    if keyword.starts_with("x-") {
                        members.insert(keyword.clone(), value.clone());
                    }
                }
                // A name that is a field's own never stands for another.
                let aliases: Vec<&String> =
                    field.aliases.iter().filter(|alias| !record.fields.iter().any(|other| other.name == **alias)).collect();
                if !aliases.is_empty() {
                    annotate(members, "aliases", json!(aliases));
                    renamed.push((field, aliases, lowered_alone(members)));
                }
                if let Some(default) = &field.default {
                    members.insert("default".into(), default.clone());
                    annotate(members, "default", default.clone());
                }
            }
            properties.insert(field.name.clone(), lowered);
        }
        let is_required = |field: &&RecordField| field.default.is_none() && !renamed.iter().any(|(other, ..)| other.name == field.name);
        let required: Vec<&str> = record.fields.iter().filter(is_required).map(|field| field.name.as_str()).collect();
        let mut out = named(&record.name, record.doc.as_deref());
        out.insert("type".into(), json!("object"));
        out.insert("properties".into(), Value::Object(properties));
        if !required.is_empty() {
            out.insert("required".into(), json!(required));
        }
        out.extend(other_names(&renamed));
        Value::Object(out)
    }

    /// Returns a union in JSON: what one of its branches takes.
    fn union(&mut self, branches: &[Schema], at: &str, to: &str) -> Value {
        let lowered: Vec<Value> = branches
            .iter()
            .enumerate()
            .map(|(index, branch)| self.lower(branch, format!("{at}/{index}"), &format!("{to}/anyOf/{index}")))
            .collect();
        json!({"anyOf": lowered})
    }
}

/// Returns a field's schema for a place where it goes by another name: without what documents the field.
fn lowered_alone(field: &Map<String, Value>) -> Value {
    field
        .iter()
        .filter(|(keyword, _)| !["description", "x-avro"].contains(&keyword.as_str()))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect()
}

/// Returns the keywords for fields that a document may have under other names: each such name is judged alike, and one of a field's
/// names has to be there where the field has no default.
fn other_names(renamed: &[(&RecordField, Vec<&String>, Value)]) -> Map<String, Value> {
    let mut out = Map::new();
    let mut judged = Map::new();
    let mut asked = Vec::new();
    for (field, aliases, schema) in renamed {
        judged.extend(aliases.iter().map(|alias| (format!("^{}$", escaped(alias)), schema.clone())));
        if field.default.is_none() {
            let names = [&field.name].into_iter().chain(aliases.iter().copied());
            asked.push(json!({"anyOf": names.map(|name| json!({"required": [name]})).collect::<Vec<_>>()}));
        }
    }
    if !judged.is_empty() {
        out.insert("patternProperties".into(), Value::Object(judged));
    }
    if !asked.is_empty() {
        out.insert("allOf".into(), Value::Array(asked));
    }
    out
}

/// Returns a pattern for a name that may be outside the grammar.
fn escaped(name: &str) -> String {
    name.chars().flat_map(|c| "^$\\.*+?()[]{}|/".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Returns an enum, as the strings that its symbols are.
fn symbols_of(symbols: &EnumSchema) -> Value {
    let mut out = named(&symbols.name, symbols.doc.as_deref());
    out.insert("type".into(), json!("string"));
    match &symbols.default {
        None => {
            out.insert("enum".into(), json!(symbols.symbols));
        }
        Some(default) => {
            // Whatever another version calls a symbol is taken for the default.
            annotate(&mut out, "symbols", json!(symbols.symbols));
            annotate(&mut out, "unknown", json!(default));
        }
    }
    Value::Object(out)
}

fn named(name: &Name, doc: Option<&str>) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("title".into(), json!(name.name()));
    if let Some(doc) = doc {
        out.insert("description".into(), json!(doc));
    }
    out
}

/// Returns the logical type of what a union, a list or a map holds, for the field that has it.
fn logical_within(schema: &Schema) -> Option<Map<String, Value>> {
    let own = |schema: &Schema| logical(schema).as_ref().and_then(Value::as_object).cloned();
    let within = |schema: &Schema| own(schema).or_else(|| logical_within(schema));
    let each = |schema: &Schema| {
        let mut words = within(schema)?;
        words.insert("each".into(), json!(true));
        Some(words)
    };
    match schema {
        Schema::Union(union) => {
            let mut found = union.variants().iter().filter_map(within);
            found.next().filter(|_| found.next().is_none())
        }
        Schema::Array(array) => each(&array.items),
        Schema::Map(map) => each(&map.types),
        _ => None,
    }
}

/// Returns the words for a logical type.
fn logical(schema: &Schema) -> Option<Value> {
    let name = match schema {
        Schema::Decimal(decimal) => {
            return Some(json!({"logicalType": "decimal", "precision": decimal.precision, "scale": decimal.scale}));
        }
        Schema::BigDecimal => "big-decimal",
        Schema::Uuid(_) => "uuid",
        Schema::Date => "date",
        Schema::TimeMillis => "time-millis",
        Schema::TimeMicros => "time-micros",
        Schema::TimestampMillis => "timestamp-millis",
        Schema::TimestampMicros => "timestamp-micros",
        Schema::TimestampNanos => "timestamp-nanos",
        Schema::LocalTimestampMillis => "local-timestamp-millis",
        Schema::LocalTimestampMicros => "local-timestamp-micros",
        Schema::LocalTimestampNanos => "local-timestamp-nanos",
        Schema::Duration(_) => "duration",
        _ => return None,
    };
    Some(json!({"logicalType": name}))
}

fn annotate(members: &mut Map<String, Value>, key: &str, value: Value) {
    if let Value::Object(about) = members.entry("x-avro").or_insert_with(|| json!({})) {
        about.insert(key.to_owned(), value);
    }
}

fn integer(min: i64, max: i64, about: Option<Value>) -> Value {
    let mut out = json!({"type": "integer", "minimum": min, "maximum": max});
    if let (Some(about), Value::Object(members)) = (about, &mut out) {
        members.insert("x-avro".into(), about);
    }
    out
}

fn bytes(size: Option<usize>, about: Option<Value>) -> Value {
    let mut out = json!({"type": "string", "pattern": "^[\\u0000-\\u00ff]*$"});
    if let Value::Object(members) = &mut out {
        if let Some(size) = size {
            members.insert("minLength".into(), json!(size));
            members.insert("maxLength".into(), json!(size));
        }
        if let Some(about) = about {
            members.insert("x-avro".into(), about);
        }
    }
    out
}

fn fixed_bytes(fixed: &FixedSchema, about: Option<Value>) -> Value {
    let mut out = named(&fixed.name, fixed.doc.as_deref());
    if let Value::Object(members) = bytes(Some(fixed.size), about) {
        out.extend(members);
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(text: &str) -> (Value, Pointers) {
        super::lower(&serde_json::from_str(text).expect("JSON"), text, &AvroTypes::default()).expect("an Avro schema")
    }

    #[test]
    fn records_enums_unions_and_logical_types() {
        let (schema, pointers) = lowered(
            r#"{"type": "record", "name": "Payment", "namespace": "shop", "doc": "A payment.", "x-event": {"version": "1.0.0"}, "fields": [
                {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "DONE"]}},
                {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "default": null, "aliases": ["when"]},
                {"name": "parent", "type": ["null", "shop.Payment"], "default": null},
                {"name": "old", "type": "State", "doc": "The state before."}
            ]}"#,
        );
        assert_eq!(schema["title"], "Payment");
        assert_eq!(schema["x-event"]["version"], "1.0.0");
        assert_eq!(schema["properties"]["id"]["format"], "uuid");
        assert_eq!(schema["properties"]["state"], json!({"$ref": "#/$defs/State"}));
        assert_eq!(schema["properties"]["old"], json!({"$ref": "#/$defs/State", "description": "The state before."}));
        assert_eq!(schema["properties"]["at"]["anyOf"][1]["x-avro"]["logicalType"], "timestamp-millis");
        assert_eq!(schema["properties"]["at"]["x-avro"], json!({"logicalType": "timestamp-millis", "aliases": ["when"], "default": null}));
        assert_eq!(schema["patternProperties"]["^when$"]["anyOf"], schema["properties"]["at"]["anyOf"]);
        assert_eq!(schema["properties"]["parent"]["anyOf"][1], json!({"$ref": "#"}));
        assert_eq!(schema["required"], json!(["id", "state", "old"]));
        assert_eq!(super::super::origin(&pointers, "/properties/at/anyOf/1/minimum"), "/fields/2/type/1/minimum");
        assert_eq!(super::super::origin(&pointers, "/x-event/owner"), "/x-event/owner");
    }

    #[test]
    fn bad_schemas_are_refused() {
        let refused = |raw: Value| lower(&raw, &raw.to_string(), &AvroTypes::default()).is_err();
        assert!(refused(json!({"type": "record", "name": "A", "fields": [{"name": "x", "type": "Unknown"}]})));
        assert!(refused(json!(3)));
    }
}
