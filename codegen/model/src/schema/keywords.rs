//! The demands of one schema object, lowered to the words of draft 2020-12.

use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

use super::{NodeId, kind::Kinds};

/// The target of a reference.
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
    /// In the words of ECMA-262, whatever it is written in; see [`eventc_pattern::read()`].
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
    /// `pattern` as it is written, where it is not in the words of ECMA-262: for people.
    pub written_pattern: Option<String>,
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

    /// By patterns in the words of ECMA-262.
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
    /// `x-avro`
    pub avro: Option<Box<AvroWords>>,
    /// `$defs` and `definitions`: nobody's demand, but named.
    pub definitions: Vec<(String, NodeId)>,
    /// Whether the schema is the root of a resource with dynamic anchors that other resources have too: what is reached through it
    /// depends on it, so that nothing may pass it over.
    pub(crate) opens_scope: bool,
}

/// Statements of an Avro schema that JSON Schema has no words for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AvroWords {
    /// The logical type.
    pub logical_type: Option<String>,
    /// Whether it is that of each item or value of what stands there.
    #[serde(default)]
    pub each: bool,
    /// The digits of a decimal.
    pub precision: Option<u64>,
    /// Those of them behind the point.
    pub scale: Option<u64>,
    /// Of a field: its other names in documents of other versions.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Of a field: what a reader takes where it is absent.
    #[serde(default, deserialize_with = "stated")]
    pub default: Option<Value>,
    /// Of an enum with a default: its symbols.
    #[serde(default)]
    pub symbols: Vec<String>,
    /// Of an enum: the symbol that a reader takes for one that it does not know.
    pub unknown: Option<String>,
}

/// Reads a value that may be null, which is not the same as none.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Rare {
    const NONE: Self = Self {
        dynamic_reference: None,
        const_value: None,
        exclusive_minimum: None,
        exclusive_maximum: None,
        multiple_of: None,
        written_pattern: None,
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
        avro: None,
        definitions: Vec::new(),
        opens_scope: false,
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
    /// Returns the patterns that it states: of the value itself, and of the names of its properties.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.pattern.as_deref().into_iter().chain(self.pattern_properties.iter().map(|(pattern, _)| pattern.as_str()))
    }

    /// Returns the target, if the schema is a `$ref` and nothing else that constrains.
    pub fn plain_reference(&self) -> Option<NodeId> {
        let Some(Reference::To(target)) = self.reference else { return None };
        (self.dynamic_reference.is_none() && !self.opens_scope && !self.constrains()).then_some(target)
    }

    /// Returns the target of `$ref`, or of `$dynamicRef` without dynamic scope.
    pub fn referred(&self) -> Option<NodeId> {
        [&self.reference, &self.dynamic_reference].into_iter().flatten().find_map(|reference| match reference {
            Reference::To(id) | Reference::Dynamic(id, _) => Some(*id),
            Reference::Unresolved(_) => None,
        })
    }

    /// Returns the target of `$ref`: what applies whatever the dynamic scope is.
    pub fn static_reference(&self) -> Option<NodeId> {
        [&self.reference, &self.dynamic_reference].into_iter().flatten().find_map(|reference| match reference {
            Reference::To(id) => Some(*id),
            Reference::Dynamic(..) | Reference::Unresolved(_) => None,
        })
    }

    /// Returns whether any keyword but the references constrains a document.
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

    /// Returns whether a keyword constrains numbers.
    pub fn constrains_numbers(&self) -> bool {
        [&self.minimum, &self.maximum, &self.exclusive_minimum, &self.exclusive_maximum, &self.multiple_of].into_iter().any(Option::is_some)
    }

    /// Returns whether a keyword (but `format`, an annotation) constrains strings.
    pub fn constrains_strings(&self) -> bool {
        self.min_length.is_some() || self.max_length.is_some() || self.pattern.is_some()
    }

    /// Returns whether a keyword constrains arrays.
    pub fn constrains_arrays(&self) -> bool {
        !self.prefix_items.is_empty()
            || self.items.is_some()
            || self.contains.is_some()
            || self.min_items.is_some()
            || self.max_items.is_some()
            || self.unique_items
            || self.unevaluated_items.is_some()
    }

    /// Returns whether a keyword constrains objects.
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

    /// Returns whether the schema applies others to the same place.
    pub fn applies_in_place(&self) -> bool {
        !self.all_of.is_empty()
            || !self.any_of.is_empty()
            || !self.one_of.is_empty()
            || self.not.is_some()
            || self.if_schema.is_some()
            || self.unevaluated_items.is_some()
            || self.unevaluated_properties.is_some()
    }

    /// Returns the schemas that apply to the same place as this one.
    pub fn in_place(&self) -> Vec<NodeId> {
        let mut applied: Vec<NodeId> = self.referred().into_iter().collect();
        if self.rare.is_some() {
            applied.extend(self.all_of.iter().chain(&self.any_of).chain(&self.one_of));
            applied.extend([self.not, self.if_schema, self.then_schema, self.else_schema].into_iter().flatten());
            applied.extend(self.dependent_schemas.iter().map(|(_, id)| *id));
        }
        applied
    }

    /// Returns every child schema, in a fixed order.
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
