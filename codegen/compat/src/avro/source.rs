//! An Avro schema with its text: where each part stands, and what names mean.

use std::collections::HashMap;

use apache_avro::{Schema, schema::Name};
use serde_json::Value;

use super::{SchemaLocation, Side, raw};

/// A schema, its text and its named types.
pub(super) struct AvroSource<'a> {
    side: Side<'a>,
    pub(super) raw: &'a Value,
    pub(super) schema: Schema,
    /// Named types with their JSON Pointers.
    named: HashMap<Name, (Schema, String)>,
}

impl<'a> AvroSource<'a> {
    /// Returns the Avro schema of a side; `None` where it is none.
    pub(super) fn of(side: Side<'a>) -> Option<Self> {
        Self::parse(side, raw(side)?)
    }

    /// Returns the Avro schema of a side as another text spells it, place by place.
    pub(super) fn parse(side: Side<'a>, raw: &'a Value) -> Option<Self> {
        let schema = Schema::parse(raw).ok()?;
        let mut source = Self { side, raw, schema: schema.clone(), named: HashMap::new() };
        source.collect(&schema, String::new());
        Some(source)
    }

    /// Returns the side that it is.
    pub(super) fn side(&self) -> Side<'a> {
        self.side
    }

    /// Returns every named type.
    pub(super) fn types(&self) -> impl Iterator<Item = &Schema> {
        self.named.values().map(|(schema, _)| schema)
    }

    fn collect(&mut self, schema: &Schema, at: String) {
        let at = self.innermost_type(at);
        if let Some(name) = schema.name().filter(|_| !matches!(schema, Schema::Ref { .. })) {
            self.named.insert(name.clone(), (schema.clone(), at.clone()));
        }
        match schema {
            Schema::Record(record) => {
                for (index, field) in record.fields.iter().enumerate() {
                    self.collect(&field.schema, format!("{at}/fields/{index}/type"));
                }
            }
            Schema::Array(array) => self.collect(&array.items, format!("{at}/items")),
            Schema::Map(map) => self.collect(&map.types, format!("{at}/values")),
            Schema::Union(union) => {
                for (index, branch) in union.variants().iter().enumerate() {
                    self.collect(branch, format!("{at}/{index}"));
                }
            }
            _ => {}
        }
    }

    /// Skips the wrapper of `{"type": {…}}` to the schema itself.
    pub(super) fn innermost_type(&self, mut at: String) -> String {
        while self.raw.pointer(&at).and_then(|value| value.get("type")).is_some_and(|inner| inner.is_object() || inner.is_array()) {
            at.push_str("/type");
        }
        at
    }

    /// Returns the schema that a reference means, and where it stands; any other schema is itself.
    pub(super) fn target(&'a self, schema: &'a Schema, at: String) -> (&'a Schema, String) {
        match schema {
            Schema::Ref { name } => self.named.get(name).map_or((schema, at), |(schema, at)| (schema, at.clone())),
            schema => (schema, self.innermost_type(at)),
        }
    }

    /// Returns the place of a pointer into the schema's text.
    pub(super) fn spot(&self, pointer: &str) -> SchemaLocation {
        let document = self.side.schemas.file(self.side.schemas.node(self.side.root).file);
        // A release holds the Avro schema inside its lowered form.
        let is_own = std::path::Path::new(&document.path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("avsc"));
        let inside = if is_own { "" } else { "/x-avro/schema" };
        let pointer = format!("{inside}{pointer}");
        SchemaLocation { place: document.key_place(&pointer), pointer }
    }

    /// Returns every default of a field, by its place: part of what a reader gets, though no part of the canonical form.
    pub(super) fn defaults(&self) -> Vec<(&Name, &str, Option<&Value>)> {
        let mut defaults = Vec::new();
        for (name, (schema, _)) in &self.named {
            if let Schema::Record(record) = schema {
                defaults.extend(record.fields.iter().map(|field| (name, field.name.as_str(), field.default.as_ref())));
            }
        }
        defaults.sort_by_key(|(name, field, _)| (name.fullname(None), *field));
        defaults
    }
}
