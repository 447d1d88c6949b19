//! What one schema object demands, lowered to the words of draft 2020-12.

use serde_json::{Map, Number, Value};

use super::{Dialect, NodeId};
use crate::syntax::escape_pointer;

/// A JSON type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction.
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The word for it in `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type that a word of `type` means.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The type of a value; a number without a fraction is an integer.
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if is_integer(number) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// Whether a number has no fraction, however it is spelled (`1.0`, `1e3`).
pub fn is_integer(number: &Number) -> bool {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else { return !exponent.starts_with('-') };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if whole.trim_start_matches(['-', '0']).is_empty() && fraction.is_empty() {
        return true;
    }
    if fraction.is_empty() { exponent >= -signed(zeros) } else { exponent >= signed(fraction.len()) }
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// The set with this type too.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// The set without this type.
    #[must_use]
    pub fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }

    /// Whether the set names the type itself.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// The types in both, knowing that `number` includes `integer`.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        let mut both = Self(self.0 & other.0);
        if (self.contains(Kind::Number) && other.contains(Kind::Integer)) || (self.contains(Kind::Integer) && other.contains(Kind::Number))
        {
            both = both.with(Kind::Integer);
        }
        both
    }

    /// The types, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// The only type of the set.
    pub fn single(self) -> Option<Kind> {
        let mut kinds = self.iter();
        kinds.next().filter(|_| kinds.next().is_none())
    }

    /// Whether no type is left.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `$ref`, not yet or not at all resolved: the text as it stands.
    Unresolved(String),
    /// `$ref` to a subschema.
    To(NodeId),
    /// `$dynamicRef` (or draft 2019-09's `$recursiveRef`, with an empty anchor): where it leads without dynamic scope, and its anchor.
    Dynamic(NodeId, String),
}

/// The keywords of a schema object. Child schemas are nodes; what is absent demands nothing.
#[derive(Debug, Default)]
#[allow(missing_docs, clippy::struct_excessive_bools, reason = "each field is the keyword of its name in draft 2020-12")]
pub struct Keywords {
    pub reference: Option<Reference>,
    /// `$dynamicRef` stands beside `$ref` here, since 2019-09 allows both.
    pub dynamic_reference: Option<Reference>,
    pub types: Option<Kinds>,
    pub const_value: Option<Value>,
    pub enum_values: Option<Vec<Value>>,

    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub exclusive_minimum: Option<Number>,
    pub exclusive_maximum: Option<Number>,
    pub multiple_of: Option<Number>,

    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub format: Option<String>,
    pub content_encoding: Option<String>,
    pub content_media_type: Option<String>,

    pub prefix_items: Vec<NodeId>,
    pub items: Option<NodeId>,
    pub contains: Option<NodeId>,
    pub min_contains: Option<u64>,
    pub max_contains: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub unevaluated_items: Option<NodeId>,

    pub properties: Vec<(String, NodeId)>,
    pub pattern_properties: Vec<(String, NodeId)>,
    pub additional_properties: Option<NodeId>,
    pub property_names: Option<NodeId>,
    pub required: Vec<String>,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
    pub dependent_required: Vec<(String, Vec<String>)>,
    pub dependent_schemas: Vec<(String, NodeId)>,
    pub unevaluated_properties: Option<NodeId>,

    pub all_of: Vec<NodeId>,
    pub any_of: Vec<NodeId>,
    pub one_of: Vec<NodeId>,
    pub not: Option<NodeId>,
    pub if_schema: Option<NodeId>,
    pub then_schema: Option<NodeId>,
    pub else_schema: Option<NodeId>,

    pub title: Option<String>,
    pub description: Option<String>,
    pub comment: Option<String>,
    pub default: Option<Value>,
    pub examples: Vec<Value>,
    pub deprecated: bool,
    pub read_only: bool,
    pub write_only: bool,
    /// `x-sensitive`
    pub sensitive: Option<crate::metadata::Sensitivity>,
    /// `$defs` and `definitions`: nobody's demand, but named.
    pub definitions: Vec<(String, NodeId)>,
}

impl Keywords {
    /// The target, if the schema is a `$ref` and nothing else that constrains.
    pub fn plain_reference(&self) -> Option<NodeId> {
        let Some(Reference::To(target)) = self.reference else { return None };
        (self.dynamic_reference.is_none() && !self.constrains()).then_some(target)
    }

    /// The target of `$ref`, or of `$dynamicRef` without dynamic scope.
    pub fn referred(&self) -> Option<NodeId> {
        [&self.reference, &self.dynamic_reference].into_iter().flatten().find_map(|reference| match reference {
            Reference::To(id) | Reference::Dynamic(id, _) => Some(*id),
            Reference::Unresolved(_) => None,
        })
    }

    /// Whether any keyword but the references constrains a document.
    pub fn constrains(&self) -> bool {
        self.types.is_some()
            || self.const_value.is_some()
            || self.enum_values.is_some()
            || self.constrains_numbers()
            || self.constrains_strings()
            || self.constrains_arrays()
            || self.constrains_objects()
            || self.applies_in_place()
    }

    /// Whether a keyword constrains numbers.
    pub fn constrains_numbers(&self) -> bool {
        [&self.minimum, &self.maximum, &self.exclusive_minimum, &self.exclusive_maximum, &self.multiple_of].into_iter().any(Option::is_some)
    }

    /// Whether a keyword (but `format`, an annotation) constrains strings.
    pub fn constrains_strings(&self) -> bool {
        self.min_length.is_some() || self.max_length.is_some() || self.pattern.is_some()
    }

    /// Whether a keyword constrains arrays.
    pub fn constrains_arrays(&self) -> bool {
        !self.prefix_items.is_empty()
            || self.items.is_some()
            || self.contains.is_some()
            || self.min_items.is_some()
            || self.max_items.is_some()
            || self.unique_items
            || self.unevaluated_items.is_some()
    }

    /// Whether a keyword constrains objects.
    pub fn constrains_objects(&self) -> bool {
        !self.properties.is_empty()
            || !self.pattern_properties.is_empty()
            || self.additional_properties.is_some()
            || self.property_names.is_some()
            || !self.required.is_empty()
            || self.min_properties.is_some()
            || self.max_properties.is_some()
            || !self.dependent_required.is_empty()
            || !self.dependent_schemas.is_empty()
            || self.unevaluated_properties.is_some()
    }

    /// Whether the schema applies others to the same place.
    pub fn applies_in_place(&self) -> bool {
        !self.all_of.is_empty()
            || !self.any_of.is_empty()
            || !self.one_of.is_empty()
            || self.not.is_some()
            || self.if_schema.is_some()
            || self.unevaluated_items.is_some()
            || self.unevaluated_properties.is_some()
    }

    /// Every child schema, in a fixed order.
    pub fn children(&self) -> Vec<NodeId> {
        let mut children = Vec::new();
        let lists = [&self.prefix_items, &self.all_of, &self.any_of, &self.one_of];
        children.extend(lists.into_iter().flatten());
        let maps = [&self.properties, &self.pattern_properties, &self.dependent_schemas, &self.definitions];
        children.extend(maps.into_iter().flatten().map(|(_, id)| id));
        let singles = [
            self.items,
            self.contains,
            self.unevaluated_items,
            self.additional_properties,
            self.property_names,
            self.unevaluated_properties,
            self.not,
            self.if_schema,
            self.then_schema,
            self.else_schema,
        ];
        children.extend(singles.into_iter().flatten());
        children
    }
}

/// What the reader of keywords needs from its surroundings.
pub(super) trait Sink<'a> {
    /// Makes the node of the child at this pointer below the schema.
    fn child(&mut self, pointer: &str, raw: &'a Value) -> NodeId;
    /// Reports a keyword whose value has the wrong type.
    fn malformed(&mut self, keyword: &str, expected: &str);
}

/// Reads the keywords of a schema object in its dialect.
pub(super) fn read<'a>(raw: &'a Map<String, Value>, dialect: Dialect, sink: &mut dyn Sink<'a>) -> Keywords {
    let mut reader = Reader { raw, dialect, sink, out: Keywords::default() };
    reader.definitions();
    reader.references();
    if dialect.ref_hides_siblings() && reader.out.reference.is_some() {
        reader.annotations();
        return reader.out;
    }
    reader.any_type();
    reader.numbers();
    reader.strings();
    reader.arrays();
    reader.objects();
    reader.in_place();
    reader.annotations();
    reader.out
}

struct Reader<'a, 's> {
    raw: &'a Map<String, Value>,
    dialect: Dialect,
    sink: &'s mut dyn Sink<'a>,
    out: Keywords,
}

impl<'a> Reader<'a, '_> {
    fn typed<T>(&mut self, keyword: &str, expected: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.raw.get(keyword)?;
        let read = read(value);
        if read.is_none() {
            self.sink.malformed(keyword, expected);
        }
        read
    }

    fn text(&mut self, keyword: &str) -> Option<String> {
        self.typed(keyword, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn flag(&mut self, keyword: &str) -> bool {
        self.typed(keyword, "true or false", Value::as_bool).unwrap_or(false)
    }

    fn number(&mut self, keyword: &str) -> Option<Number> {
        self.typed(keyword, "a number", |value| value.as_number().cloned())
    }

    fn count(&mut self, keyword: &str) -> Option<u64> {
        self.typed(keyword, "a count (an integer that is not negative)", |value| {
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

    fn child(&mut self, keyword: &str) -> Option<NodeId> {
        let dialect = self.dialect;
        let raw = self.typed(keyword, "a schema", |value| is_schema(value, dialect, keyword).then_some(value))?;
        Some(self.sink.child(&format!("/{keyword}"), raw))
    }

    fn list(&mut self, keyword: &str) -> Vec<NodeId> {
        let items = self.typed(keyword, "a list of schemas", Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(|(index, raw)| self.sink.child(&format!("/{keyword}/{index}"), raw)).collect()
    }

    fn map(&mut self, keyword: &str) -> Vec<(String, NodeId)> {
        let members = self.typed(keyword, "an object of schemas", Value::as_object);
        members.into_iter().flatten().map(|(key, raw)| self.member(keyword, key, raw)).collect()
    }

    fn member(&mut self, keyword: &str, key: &str, raw: &'a Value) -> (String, NodeId) {
        let id = self.sink.child(&format!("/{keyword}/{}", escape_pointer(key)), raw);
        (key.to_owned(), id)
    }

    fn definitions(&mut self) {
        for keyword in ["$defs", "definitions"] {
            let found = self.map(keyword);
            self.out.definitions.extend(found);
        }
    }

    fn references(&mut self) {
        self.out.reference = self.text("$ref").map(Reference::Unresolved);
        self.out.dynamic_reference = match self.dialect {
            Dialect::Draft2020 => self.text("$dynamicRef").map(Reference::Unresolved),
            Dialect::Draft2019 => self.text("$recursiveRef").map(Reference::Unresolved),
            _ => None,
        };
    }

    fn any_type(&mut self) {
        self.out.types = self.typed("type", "a type name or a list of them", |value| match value {
            Value::String(word) => Kind::of(word).map(|kind| Kinds::default().with(kind)),
            Value::Array(words) => words.iter().map(|word| Kind::of(word.as_str()?)).collect(),
            _ => None,
        });
        if self.dialect > Dialect::Draft4 {
            self.out.const_value = self.raw.get("const").cloned();
        }
        self.out.enum_values = self.typed("enum", "a list", |value| value.as_array().cloned());
    }

    fn numbers(&mut self) {
        self.out.minimum = self.number("minimum");
        self.out.maximum = self.number("maximum");
        self.out.multiple_of = self.number("multipleOf");
        if self.dialect == Dialect::Draft4 {
            // draft 4, section 5.1.2: a flag that makes the bound beside it exclusive.
            if self.flag("exclusiveMinimum") {
                self.out.exclusive_minimum = self.out.minimum.take();
            }
            if self.flag("exclusiveMaximum") {
                self.out.exclusive_maximum = self.out.maximum.take();
            }
        } else {
            self.out.exclusive_minimum = self.number("exclusiveMinimum");
            self.out.exclusive_maximum = self.number("exclusiveMaximum");
        }
    }

    fn strings(&mut self) {
        self.out.min_length = self.count("minLength");
        self.out.max_length = self.count("maxLength");
        self.out.pattern = self.text("pattern");
        self.out.format = self.text("format");
        self.out.content_encoding = self.text("contentEncoding");
        self.out.content_media_type = self.text("contentMediaType");
    }

    fn arrays(&mut self) {
        self.out.min_items = self.count("minItems");
        self.out.max_items = self.count("maxItems");
        self.out.unique_items = self.flag("uniqueItems");
        if self.dialect == Dialect::Draft2020 {
            self.out.prefix_items = self.list("prefixItems");
            self.out.items = self.child("items");
        } else if self.raw.get("items").is_some_and(Value::is_array) {
            self.out.prefix_items = self.list("items");
            self.out.items = self.child("additionalItems");
        } else {
            self.out.items = self.child("items");
        }
        if self.dialect > Dialect::Draft4 {
            self.out.contains = self.child("contains");
        }
        if self.dialect >= Dialect::Draft2019 {
            self.out.min_contains = self.count("minContains");
            self.out.max_contains = self.count("maxContains");
            self.out.unevaluated_items = self.child("unevaluatedItems");
        }
    }

    fn objects(&mut self) {
        self.out.properties = self.map("properties");
        self.out.pattern_properties = self.map("patternProperties");
        self.out.additional_properties = self.child("additionalProperties");
        self.out.required = self.typed("required", "a list of strings", strings).unwrap_or_default();
        self.out.min_properties = self.count("minProperties");
        self.out.max_properties = self.count("maxProperties");
        if self.dialect > Dialect::Draft4 {
            self.out.property_names = self.child("propertyNames");
        }
        if self.dialect >= Dialect::Draft2019 {
            self.out.unevaluated_properties = self.child("unevaluatedProperties");
            self.out.dependent_schemas = self.map("dependentSchemas");
            self.out.dependent_required = self
                .typed("dependentRequired", "an object of lists of strings", |value| {
                    value.as_object()?.iter().map(|(key, list)| Some((key.clone(), strings(list)?))).collect()
                })
                .unwrap_or_default();
        }
        if self.dialect != Dialect::Draft2020 || self.raw.contains_key("dependencies") {
            self.dependencies();
        }
    }

    /// `dependencies` of draft 7 and before: lists of names and schemas mixed. Later dialects still carry it for old schemas.
    fn dependencies(&mut self) {
        if self.dialect >= Dialect::Draft2019 {
            return;
        }
        let Some(Value::Object(members)) = self.raw.get("dependencies") else {
            if self.raw.contains_key("dependencies") {
                self.sink.malformed("dependencies", "an object");
            }
            return;
        };
        for (key, value) in members {
            if let Some(names) = strings(value) {
                self.out.dependent_required.push((key.clone(), names));
            } else {
                let member = self.member("dependencies", key, value);
                self.out.dependent_schemas.push(member);
            }
        }
    }

    fn in_place(&mut self) {
        self.out.all_of = self.list("allOf");
        self.out.any_of = self.list("anyOf");
        self.out.one_of = self.list("oneOf");
        self.out.not = self.child("not");
        if self.dialect >= Dialect::Draft7 {
            self.out.if_schema = self.child("if");
            self.out.then_schema = self.child("then");
            self.out.else_schema = self.child("else");
        }
    }

    fn annotations(&mut self) {
        self.out.title = self.text("title");
        self.out.description = self.text("description");
        self.out.comment = self.text("$comment");
        self.out.default = self.raw.get("default").cloned();
        self.out.examples = self.typed("examples", "a list", |value| value.as_array().cloned()).unwrap_or_default();
        self.out.deprecated = self.flag("deprecated");
        self.out.read_only = self.flag("readOnly");
        self.out.write_only = self.flag("writeOnly");
        self.out.sensitive =
            self.typed("x-sensitive", "\"pii\", \"secret\" or \"confidential\"", |value| crate::metadata::Sensitivity::of(value.as_str()?));
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Draft 4 has no boolean schemas but for the two `additional…` keywords.
fn is_schema(value: &Value, dialect: Dialect, keyword: &str) -> bool {
    value.is_object() || (value.is_boolean() && (dialect > Dialect::Draft4 || keyword.starts_with("additional")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_by_value_not_spelling() {
        for (text, expected) in [
            ("1", true),
            ("1.0", true),
            ("1.5", false),
            ("1e3", true),
            ("1.5e1", true),
            ("1.55e1", false),
            ("10e-1", true),
            ("1e-1", false),
            ("0.0", true),
            ("-0", true),
            ("0e-9", true),
            ("123456789012345678901234567890", true),
            ("1e400", true),
            ("100e-2", true),
            ("120e-2", false),
        ] {
            let number: Number = serde_json::from_str(text).expect("a number");
            assert_eq!(is_integer(&number), expected, "{text}");
        }
    }
}
