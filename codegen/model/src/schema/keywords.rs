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
///
/// The keywords that few schemas have live in [`Rare`], which the struct dereferences to: `keywords.contains` reads as any other
/// field, and a tree of ten thousand schemas fits in memory.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each field is the keyword of its name in draft 2020-12")]
pub struct Keywords {
    pub reference: Option<Reference>,
    pub types: Option<Kinds>,
    pub enum_values: Option<Vec<Value>>,
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub format: Option<String>,
    pub items: Option<NodeId>,
    pub properties: Vec<(String, NodeId)>,
    pub additional_properties: Option<NodeId>,
    pub required: Vec<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    rare: Option<Box<Rare>>,
}

/// The keywords that few schemas have.
#[derive(Debug)]
#[allow(missing_docs, clippy::struct_excessive_bools, reason = "each field is the keyword of its name in draft 2020-12")]
pub struct Rare {
    /// `$dynamicRef` can stand beside `$ref`, since 2019-09 allows both.
    pub dynamic_reference: Option<Reference>,
    pub const_value: Option<Value>,

    pub exclusive_minimum: Option<Number>,
    pub exclusive_maximum: Option<Number>,
    pub multiple_of: Option<Number>,
    pub content_encoding: Option<String>,
    pub content_media_type: Option<String>,

    pub prefix_items: Vec<NodeId>,
    pub contains: Option<NodeId>,
    pub min_contains: Option<u64>,
    pub max_contains: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub unevaluated_items: Option<NodeId>,

    pub pattern_properties: Vec<(String, NodeId)>,
    pub property_names: Option<NodeId>,
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

impl Rare {
    const NONE: Self = Self {
        dynamic_reference: None,
        const_value: None,
        exclusive_minimum: None,
        exclusive_maximum: None,
        multiple_of: None,
        content_encoding: None,
        content_media_type: None,
        prefix_items: Vec::new(),
        contains: None,
        min_contains: None,
        max_contains: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        unevaluated_items: None,
        pattern_properties: Vec::new(),
        property_names: None,
        min_properties: None,
        max_properties: None,
        dependent_required: Vec::new(),
        dependent_schemas: Vec::new(),
        unevaluated_properties: None,
        all_of: Vec::new(),
        any_of: Vec::new(),
        one_of: Vec::new(),
        not: None,
        if_schema: None,
        then_schema: None,
        else_schema: None,
        comment: None,
        default: None,
        examples: Vec::new(),
        deprecated: false,
        read_only: false,
        write_only: false,
        sensitive: None,
        definitions: Vec::new(),
    };
}

static NO_RARE: Rare = Rare::NONE;

impl std::ops::Deref for Keywords {
    type Target = Rare;

    fn deref(&self) -> &Rare {
        self.rare.as_deref().unwrap_or(&NO_RARE)
    }
}

impl std::ops::DerefMut for Keywords {
    fn deref_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_with(|| Box::new(Rare::NONE))
    }
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
    let hidden = dialect.ref_hides_siblings() && raw.get("$ref").is_some_and(Value::is_string);
    let list_items = dialect != Dialect::Draft2020 && raw.get("items").is_some_and(Value::is_array);
    let mut reader = Reader { dialect, list_items, keyword: "", value: &Value::Null, sink, out: Keywords::default() };
    for (keyword, value) in raw {
        (reader.keyword, reader.value) = (keyword, value);
        // One pass over what is there, the frequent first: most schemas have a handful of the keywords.
        let _ = reader.annotation()
            || reader.reference()
            || (!hidden
                && (reader.any_type() || reader.object() || reader.array() || reader.string() || reader.number() || reader.in_place()));
    }
    if dialect == Dialect::Draft4 {
        draft4_bounds(raw, &mut reader.out);
    }
    reader.out
}

/// Draft 4, section 5.1.2: the exclusive bounds are flags beside the bounds.
fn draft4_bounds(raw: &Map<String, Value>, out: &mut Keywords) {
    let flag = |keyword: &str| raw.get(keyword).and_then(Value::as_bool).unwrap_or(false);
    if flag("exclusiveMinimum") {
        out.exclusive_minimum = out.minimum.take();
    }
    if flag("exclusiveMaximum") {
        out.exclusive_maximum = out.maximum.take();
    }
}

struct Reader<'a, 's> {
    dialect: Dialect,
    /// `items` is a list, as it could be before 2020-12.
    list_items: bool,
    /// The keyword in hand, and its value.
    keyword: &'a str,
    value: &'a Value,
    sink: &'s mut dyn Sink<'a>,
    out: Keywords,
}

impl<'a> Reader<'a, '_> {
    fn typed<T>(&mut self, expected: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let read = read(self.value);
        if read.is_none() {
            self.sink.malformed(self.keyword, expected);
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
        Some(self.sink.child(&format!("/{keyword}"), raw))
    }

    fn list(&mut self) -> Vec<NodeId> {
        let items = self.typed("a list of schemas", Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(|(index, raw)| self.sink.child(&format!("/{}/{index}", self.keyword), raw)).collect()
    }

    fn map(&mut self) -> Vec<(String, NodeId)> {
        let members = self.typed("an object of schemas", Value::as_object);
        members.into_iter().flatten().map(|(key, raw)| self.member(key, raw)).collect()
    }

    fn member(&mut self, key: &str, raw: &'a Value) -> (String, NodeId) {
        let id = self.sink.child(&format!("/{}/{}", self.keyword, escape_pointer(key)), raw);
        (key.to_owned(), id)
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
            "multipleOf" => self.out.multiple_of = self.real(),
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
            "pattern" => self.out.pattern = self.text(),
            "format" => self.out.format = self.text(),
            "contentEncoding" => self.out.content_encoding = self.text(),
            "contentMediaType" => self.out.content_media_type = self.text(),
            _ => return false,
        }
        true
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
            "patternProperties" => self.out.pattern_properties = self.map(),
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

    /// `dependencies` of draft 7 and before: lists of names and schemas mixed.
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
            "x-sensitive" => {
                let known = |value: &Value| crate::metadata::Sensitivity::of(value.as_str()?);
                self.out.sensitive = self.typed("\"pii\", \"secret\" or \"confidential\"", known);
            }
            _ => return false,
        }
        true
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
