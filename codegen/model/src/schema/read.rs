//! From a schema object in its dialect to keywords in the words of draft 2020-12.

use serde::Deserialize as _;
use serde_json::{Map, Number, Value};

use super::{
    AvroWords, Dialect, Keywords, NodeId, Reference,
    kind::{Kind, Kinds, is_integer},
    patterns,
    vocabulary::EffectiveDialect,
};
use crate::syntax::escape_pointer;

/// The surroundings of the reader of keywords.
pub(super) trait NodeBuilder<'a> {
    /// Makes the node of the child at this pointer below the schema.
    fn child(&mut self, pointer: &str, raw: &'a Value) -> NodeId;
    /// Reports a keyword whose value is none that it can have.
    fn malformed(&mut self, keyword: &str, expected: &str, found: &Value);
}

/// Reads the keywords of a schema object in its dialect.
pub(super) fn read<'a>(raw: &'a Map<String, Value>, words: EffectiveDialect, nodes: &mut dyn NodeBuilder<'a>) -> Keywords {
    let EffectiveDialect { dialect, without } = words;
    let hidden = dialect.ref_hides_siblings() && raw.get("$ref").is_some_and(Value::is_string);
    let list_items = dialect != Dialect::Draft2020 && raw.get("items").is_some_and(Value::is_array);
    let mut reader = KeywordReader { dialect, list_items, keyword: "", value: &Value::Null, nodes, out: Keywords::default() };
    for (keyword, value) in raw {
        (reader.keyword, reader.value) = (keyword, value);
        // One pass over what is there, the frequent first: most schemas have a handful of the keywords.
        let _ = reader.annotation()
            || reader.reference()
            || (!hidden
                && !without.covers(keyword)
                && (reader.any_type() || reader.object() || reader.array() || reader.string() || reader.number() || reader.in_place()));
    }
    if dialect == Dialect::Draft4 {
        draft4_bounds(raw, &mut reader.out);
    }
    reader.out
}

/// Reads the bounds of draft 4 (section 5.1.2), where the exclusive ones are flags beside the others.
fn draft4_bounds(raw: &Map<String, Value>, out: &mut Keywords) {
    let flag = |keyword: &str| raw.get(keyword).and_then(Value::as_bool).unwrap_or(false);
    if flag("exclusiveMinimum") {
        out.exclusive_minimum = out.minimum.take();
    }
    if flag("exclusiveMaximum") {
        out.exclusive_maximum = out.maximum.take();
    }
}

struct KeywordReader<'a, 's> {
    dialect: Dialect,
    /// `items` is a list, as it could be before 2020-12.
    list_items: bool,
    /// The keyword in hand, and its value.
    keyword: &'a str,
    value: &'a Value,
    nodes: &'s mut dyn NodeBuilder<'a>,
    out: Keywords,
}

impl<'a> KeywordReader<'a, '_> {
    fn typed<T>(&mut self, expected: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let read = read(self.value);
        if read.is_none() {
            self.nodes.malformed(self.keyword, expected, self.value);
        }
        read
    }

    fn text(&mut self) -> Option<String> {
        self.typed("a string", |value| value.as_str().map(str::to_owned))
    }

    fn flag(&mut self) -> bool {
        self.typed("true or false", Value::as_bool).unwrap_or(false)
    }

    fn real(&mut self) -> Option<Number> {
        self.typed("a number", |value| value.as_number().cloned())
    }

    fn count(&mut self) -> Option<u64> {
        self.typed("a count (an integer that is not negative)", |value| {
            let number = value.as_number()?;
            number.as_u64().or_else(|| {
                let float = number.as_f64()?;
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a count above 2^53 means no bound that any document reaches"
                )]
                (is_integer(number) && float >= 0.0).then_some(float as u64)
            })
        })
    }

    fn child(&mut self) -> Option<NodeId> {
        let (dialect, keyword) = (self.dialect, self.keyword);
        let raw = self.typed("a schema", |value| is_schema(value, dialect, keyword).then_some(value))?;
        Some(self.nodes.child(&format!("/{keyword}"), raw))
    }

    fn list(&mut self) -> Vec<NodeId> {
        let items = self.typed("a list of schemas", Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(|(index, raw)| self.nodes.child(&format!("/{}/{index}", self.keyword), raw)).collect()
    }

    fn map(&mut self) -> Vec<(String, NodeId)> {
        let members = self.typed("an object of schemas", Value::as_object);
        members.into_iter().flatten().map(|(key, raw)| self.member(key, raw)).collect()
    }

    fn member(&mut self, key: &str, raw: &'a Value) -> (String, NodeId) {
        let id = self.nodes.child(&format!("/{}/{}", self.keyword, escape_pointer(key)), raw);
        (key.to_owned(), id)
    }

    fn pattern_properties(&mut self) -> Vec<(String, NodeId)> {
        let mut read = Vec::new();
        for (key, raw) in self.typed("an object of schemas", Value::as_object).into_iter().flatten() {
            let (pattern, is_pattern) = patterns::of_names(key, &read);
            let (_, id) = self.member(key, if is_pattern { raw } else { &patterns::ANYTHING });
            read.push((pattern, id));
        }
        read
    }

    fn reference(&mut self) -> bool {
        match self.keyword {
            "$ref" => self.out.reference = self.text().map(Reference::Unresolved),
            "$dynamicRef" if self.dialect == Dialect::Draft2020 => self.out.dynamic_reference = self.text().map(Reference::Unresolved),
            "$recursiveRef" if self.dialect == Dialect::Draft2019 => self.out.dynamic_reference = self.text().map(Reference::Unresolved),
            "$defs" | "definitions" => {
                let found = self.map();
                self.out.definitions.extend(found);
            }
            _ => return false,
        }
        true
    }

    fn any_type(&mut self) -> bool {
        match self.keyword {
            "type" => {
                self.out.types = self.typed("a type name or a list of them", |value| match value {
                    Value::String(word) => Kind::of(word).map(|kind| Kinds::default().with(kind)),
                    Value::Array(words) => words.iter().map(|word| Kind::of(word.as_str()?)).collect(),
                    _ => None,
                });
            }
            "const" if self.dialect > Dialect::Draft4 => self.out.const_value = Some(self.value.clone()),
            "enum" => self.out.enum_values = self.typed("a list", |value| value.as_array().cloned()),
            _ => return false,
        }
        true
    }

    fn number(&mut self) -> bool {
        // In draft 4 the exclusive bounds are flags, which only change what the bounds mean.
        let flags = self.dialect == Dialect::Draft4;
        match self.keyword {
            "minimum" => self.out.minimum = self.real(),
            "maximum" => self.out.maximum = self.real(),
            "multipleOf" => {
                let read = |value: &Value| value.as_number().filter(|number| is_positive(number)).cloned();
                self.out.multiple_of = self.typed("a number above zero", read);
            }
            "exclusiveMinimum" | "exclusiveMaximum" if flags => drop(self.flag()),
            "exclusiveMinimum" => self.out.exclusive_minimum = self.real(),
            "exclusiveMaximum" => self.out.exclusive_maximum = self.real(),
            _ => return false,
        }
        true
    }

    fn string(&mut self) -> bool {
        match self.keyword {
            "minLength" => self.out.min_length = self.count(),
            "maxLength" => self.out.max_length = self.count(),
            "pattern" => self.pattern(),
            "format" => self.out.format = self.text(),
            "contentEncoding" => self.out.content_encoding = self.text(),
            "contentMediaType" => self.out.content_media_type = self.text(),
            _ => return false,
        }
        true
    }

    fn pattern(&mut self) {
        let Some(written) = self.text() else { return };
        self.out.pattern = patterns::pattern(written.clone());
        if self.out.pattern.as_ref().is_some_and(|pattern| *pattern != written) {
            self.out.written_pattern = Some(written);
        }
    }

    fn array(&mut self) -> bool {
        let (dialect, list_items) = (self.dialect, self.list_items);
        match self.keyword {
            "items" if list_items => self.out.prefix_items = self.list(),
            "items" => self.out.items = self.child(),
            "additionalItems" if list_items => self.out.items = self.child(),
            "minItems" => self.out.min_items = self.count(),
            "maxItems" => self.out.max_items = self.count(),
            "uniqueItems" => self.out.unique_items = self.flag(),
            "contains" if dialect > Dialect::Draft4 => self.out.contains = self.child(),
            "prefixItems" if dialect == Dialect::Draft2020 => self.out.prefix_items = self.list(),
            "minContains" if dialect >= Dialect::Draft2019 => self.out.min_contains = self.count(),
            "maxContains" if dialect >= Dialect::Draft2019 => self.out.max_contains = self.count(),
            "unevaluatedItems" if dialect >= Dialect::Draft2019 => self.out.unevaluated_items = self.child(),
            _ => return false,
        }
        true
    }

    fn object(&mut self) -> bool {
        let later = self.dialect >= Dialect::Draft2019;
        match self.keyword {
            "properties" => self.out.properties = self.map(),
            "required" => self.out.required = self.typed("a list of strings", strings).unwrap_or_default(),
            "additionalProperties" => self.out.additional_properties = self.child(),
            "patternProperties" => self.out.pattern_properties = self.pattern_properties(),
            "minProperties" => self.out.min_properties = self.count(),
            "maxProperties" => self.out.max_properties = self.count(),
            "propertyNames" if self.dialect > Dialect::Draft4 => self.out.property_names = self.child(),
            "unevaluatedProperties" if later => self.out.unevaluated_properties = self.child(),
            "dependentSchemas" if later => self.out.dependent_schemas = self.map(),
            "dependentRequired" if later => {
                let read = self.typed("an object of lists of strings", |value| {
                    value.as_object()?.iter().map(|(key, list)| Some((key.clone(), strings(list)?))).collect()
                });
                self.out.dependent_required = read.unwrap_or_default();
            }
            "dependencies" if !later => self.dependencies(),
            _ => return false,
        }
        true
    }

    /// Reads `dependencies` of draft 7 and before: lists of names and schemas mixed.
    fn dependencies(&mut self) {
        for (key, value) in self.typed("an object", Value::as_object).into_iter().flatten() {
            if let Some(names) = strings(value) {
                self.out.dependent_required.push((key.clone(), names));
            } else {
                let member = self.member(key, value);
                self.out.dependent_schemas.push(member);
            }
        }
    }

    fn in_place(&mut self) -> bool {
        let conditions = self.dialect >= Dialect::Draft7;
        match self.keyword {
            "allOf" => self.out.all_of = self.list(),
            "anyOf" => self.out.any_of = self.list(),
            "oneOf" => self.out.one_of = self.list(),
            "not" => self.out.not = self.child(),
            "if" if conditions => self.out.if_schema = self.child(),
            "then" if conditions => self.out.then_schema = self.child(),
            "else" if conditions => self.out.else_schema = self.child(),
            _ => return false,
        }
        true
    }

    fn annotation(&mut self) -> bool {
        match self.keyword {
            "description" => self.out.description = self.text(),
            "title" => self.out.title = self.text(),
            "$comment" => self.out.comment = self.text(),
            "default" => self.out.default = Some(self.value.clone()),
            "examples" => self.out.examples = self.typed("a list", |value| value.as_array().cloned()).unwrap_or_default(),
            "deprecated" => self.out.deprecated = self.flag(),
            "readOnly" => self.out.read_only = self.flag(),
            "writeOnly" => self.out.write_only = self.flag(),
            // Its words are ours: what is none of them is somebody else's annotation.
            "x-avro" => self.out.avro = AvroWords::deserialize(self.value).ok().map(Box::new),
            "x-sensitive" => {
                let known = |value: &Value| crate::metadata::Sensitivity::of(value.as_str()?);
                self.out.sensitive = self.typed("\"pii\", \"secret\" or \"confidential\"", known);
            }
            _ => return false,
        }
        true
    }
}

/// Returns whether a number is above zero, however small: rounding would lose it.
fn is_positive(number: &Number) -> bool {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    !text.starts_with('-') && mantissa.contains(|c: char| ('1'..='9').contains(&c))
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Returns whether a value is a schema: draft 4 has no booleans but for the two `additional…` keywords.
fn is_schema(value: &Value, dialect: Dialect, keyword: &str) -> bool {
    value.is_object() || (value.is_boolean() && (dialect > Dialect::Draft4 || keyword.starts_with("additional")))
}
