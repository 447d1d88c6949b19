//! The shape of one conjunction: objects, lists, and what stands inline.

use std::collections::{HashMap, HashSet};

use super::{
    Additional, EnumMember, Field, IntegerRange, Object, Shape, StringEnum, TypeRef, ValueFormat,
    alternatives::only_branch,
    build::{NameHint, TypeBuilder},
    conjunction::{Choice, Conjunction, MergedSchema, SchemaClass},
    resolution::is_resolved,
};
use crate::{
    metadata::Sensitivity,
    names,
    schema::{Keywords, Kind, NodeId, Schema, Schemas, is_integer},
};

/// The maximum depth of inline types; what lies below is [`TypeRef::Any`], and validation alone.
const MAX_INLINE_DEPTH: usize = 64;

/// The maximum number of inline types in a named one: lists of lists that refer to each other have more than anybody can store.
const MAX_INLINE_TYPES: usize = 10_000;

/// The maximum number of items behind those with types of their own for which a tuple has places.
const MAX_FURTHER_ITEMS: usize = 4;

impl<'a> TypeBuilder<'a> {
    /// Returns the shape of a type that has a name already.
    pub(super) fn shape(&mut self, conjunction: &Conjunction, hint: &NameHint) -> Shape {
        if let Some(target) = only_branch(self.schemas, &self.types, conjunction) {
            return Shape::Alias(self.view(&Conjunction::of(&[target]), hint));
        }
        let merged = MergedSchema::new(self.schemas, conjunction);
        if conjunction.choice.is_some() {
            return self.union(conjunction, &merged, hint);
        }
        match merged.classify() {
            SchemaClass::Strings(values, false) => {
                let unknown = merged.keywords.iter().find_map(|keywords| keywords.avro.as_ref()?.unknown.as_ref());
                let unknown = unknown.and_then(|symbol| values.iter().position(|value| value == symbol));
                Shape::Enum(StringEnum { members: members(&values), openness: self.types.openness_of(&merged.nodes), unknown })
            }
            SchemaClass::Object(false) => Shape::Object(self.object(conjunction, &merged, hint)),
            SchemaClass::Union => self.union(conjunction, &merged, hint),
            SchemaClass::Kinds(kinds) => Shape::Union(self.kinds_union(conjunction, &merged, kinds, hint)),
            _ => Shape::Alias(self.inline(conjunction, &merged, hint)),
        }
    }

    /// Returns the type of a conjunction in use: inline where it needs no name.
    pub(super) fn view(&mut self, conjunction: &Conjunction, hint: &NameHint) -> TypeRef {
        if hint.depth > MAX_INLINE_DEPTH {
            return TypeRef::Any;
        }
        if let Some(node) = conjunction.single() {
            if self.payloads.contains(&node) {
                return TypeRef::Payload;
            }
            let target = self.schemas.target(node);
            if let Some(named) = self.types.by_node.get(&target) {
                return match self.schemas.node(target).schema {
                    Schema::Bool(true) => TypeRef::Any,
                    Schema::Bool(false) => TypeRef::Never,
                    Schema::Keywords(_) => named.clone(),
                };
            }
        }
        // A type without a name cannot hold itself.
        if self.around.contains(conjunction) || self.inlined == MAX_INLINE_TYPES {
            return TypeRef::Any;
        }
        self.inlined += 1;
        self.around.push(conjunction.clone());
        let merged = MergedSchema::new(self.schemas, conjunction);
        let ty = match conjunction.choice {
            Some(choice) => self.inline_choice(conjunction, choice, &merged, hint),
            None => self.inline(conjunction, &merged, hint),
        };
        self.around.pop();
        ty
    }

    fn inline(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, hint: &NameHint) -> TypeRef {
        match merged.classify() {
            SchemaClass::Never => TypeRef::Never,
            SchemaClass::Any => TypeRef::Any,
            SchemaClass::Null => TypeRef::Null,
            SchemaClass::Single(kind, nullable) => nullable_if(nullable, self.single(kind, merged, hint)),
            SchemaClass::Literal(values, base, nullable) => nullable_if(nullable, TypeRef::Literal(values, Box::new(base))),
            SchemaClass::Map(nullable) => {
                let value = self.rest_type(merged, hint).unwrap_or(TypeRef::Any);
                nullable_if(nullable, TypeRef::Map(Box::new(value)))
            }
            SchemaClass::Strings(_, nullable) | SchemaClass::Object(nullable) => {
                nullable_if(nullable, self.name_it(conjunction, merged, hint, nullable))
            }
            SchemaClass::Union => self.inline_union(conjunction, merged, hint),
            SchemaClass::Kinds(kinds) => {
                let nullable = kinds.contains(Kind::Null);
                nullable_if(nullable, self.name_it(conjunction, merged, hint, nullable))
            }
        }
    }

    pub(super) fn single(&mut self, kind: Kind, merged: &MergedSchema<'a>, hint: &NameHint) -> TypeRef {
        match kind {
            Kind::Null => TypeRef::Null,
            Kind::Boolean => TypeRef::Bool,
            Kind::Integer => TypeRef::Integer(integer_range(&merged.keywords)),
            Kind::Number => TypeRef::Number,
            Kind::String => TypeRef::String(string_format(&merged.keywords)),
            Kind::Array => self.array(merged, hint),
            Kind::Object => TypeRef::Map(Box::new(TypeRef::Any)),
        }
    }

    fn array(&mut self, merged: &MergedSchema<'a>, hint: &NameHint) -> TypeRef {
        let rests: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.items).collect();
        let length = merged.keywords.iter().map(|keywords| keywords.prefix_items.len()).max().unwrap_or(0);
        let item = hint.step("item");
        if length == 0 {
            let ty = if rests.is_empty() { TypeRef::Any } else { self.view(&Conjunction::of(&rests), &item) };
            return TypeRef::Array(Box::new(ty));
        }
        let mut items = Vec::new();
        for index in 0..length {
            let mut nodes: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.prefix_items.get(index).copied()).collect();
            nodes.extend(
                merged.keywords.iter().filter(|keywords| keywords.prefix_items.len() <= index).filter_map(|keywords| keywords.items),
            );
            items.push(self.view(&Conjunction::of(&nodes), &hint.step(&format!("item {index}"))));
        }
        let closed = rests.iter().any(|rest| matches!(self.schemas.node(*rest).schema, Schema::Bool(false)));
        let most = merged.keywords.iter().filter_map(|keywords| keywords.max_items).min();
        let rest = match () {
            () if closed || most.is_some_and(|most| most <= length as u64) => None,
            () if rests.is_empty() => Some(Box::new(TypeRef::Any)),
            () => Some(Box::new(self.view(&Conjunction::of(&rests), &item))),
        };
        let least = merged.keywords.iter().filter_map(|keywords| keywords.min_items).max().unwrap_or(0);
        match (rest, most.and_then(|most| usize::try_from(most).ok()?.checked_sub(length))) {
            // A few further items are items that may be missing.
            (Some(rest), Some(more)) if more <= MAX_FURTHER_ITEMS => {
                items.extend(std::iter::repeat_n(*rest, more));
                TypeRef::Tuple { items, least, rest: None }
            }
            (rest, _) => TypeRef::Tuple { items, least, rest },
        }
    }

    pub(super) fn object(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, hint: &NameHint) -> Object {
        let mut order: Vec<&'a str> = Vec::new();
        let mut nodes: HashMap<&'a str, Vec<NodeId>> = HashMap::new();
        for (name, node) in merged.keywords.iter().flat_map(|keywords| &keywords.properties) {
            let known = nodes.entry(name).or_default();
            if known.is_empty() {
                order.push(name);
            }
            if !known.contains(node) {
                known.push(*node);
            }
        }
        let declared = order.iter().map(|name| (*name, Conjunction::of(&nodes[name])));
        let conditional = merged.conditional.iter().map(|property| {
            let choice = if property.settled { Choice::One } else { Choice::OneOrNone };
            (property.name, Conjunction::chosen(&property.nodes, choice))
        });
        let required = merged.required();
        // A property that one schema declares and another refuses is in no document, unless it must be there: then nothing is valid.
        let closed = self.closed_sets(merged);
        let may_be_there = |name: &str| required.contains(name) || closed.iter().all(|names| names.contains(name));
        let places: Vec<(&str, Conjunction)> = declared.chain(conditional).filter(|(name, _)| may_be_there(name)).collect();
        let names: Vec<&str> = places.iter().map(|(name, _)| *name).collect();
        let idents = names::idents(&names, names::snake);
        let union = self.unions.get(conjunction).cloned();
        let own = beyond_union(conjunction, merged);
        let hint_of =
            |place: &Conjunction| union.as_ref().filter(|_| !place.parts.iter().any(|part| own.contains(&part.node))).unwrap_or(hint);
        let fields = places
            .iter()
            .zip(idents)
            .map(|((name, place), ident)| self.field(name, ident, place, required.contains(name), hint_of(place)))
            .collect();
        let is_closed = closed.iter().any(|known| names.iter().all(|name| known.contains(name)));
        let rest = if is_closed { Additional::Closed } else { self.rest(merged, hint) };
        let rejects_unknown = rest == Additional::Typed(TypeRef::Never) || refuses_others(self.schemas, merged);
        Object { fields, rest, rejects_unknown }
    }

    /// Returns the properties that there may be, for each schema that refuses all others.
    fn closed_sets(&self, merged: &MergedSchema<'a>) -> Vec<HashSet<&'a str>> {
        let is_false = |id: NodeId| matches!(self.schemas.node(id).schema, Schema::Bool(false));
        let closes = |keywords: &&&Keywords| keywords.additional_properties.is_some_and(is_false) && keywords.pattern_properties.is_empty();
        let named = |keywords: &&'a Keywords| keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
        merged.keywords.iter().filter(closes).map(named).collect()
    }

    fn field(&mut self, name: &str, ident: String, place: &Conjunction, required: bool, hint: &NameHint) -> Field {
        let ty = self.view(place, &hint.step(name));
        let nodes: Vec<NodeId> = place.parts.iter().map(|part| part.node).collect();
        let avro = nodes.iter().find_map(|node| self.schemas.keywords(*node)?.avro.as_deref());
        let (default, aliases) = avro.map(|words| (words.default.clone(), words.aliases.clone())).unwrap_or_default();
        let required = required || is_resolved(default.as_ref(), &aliases);
        // What a reference leads to can be classified or deprecated as well as the place itself.
        let own = nodes.iter().flat_map(|node| [*node, self.schemas.target(*node)]).filter_map(|node| self.schemas.keywords(node));
        let sensitive = nodes.iter().find_map(|node| self.sensitivity(*node, &mut HashSet::new()));
        let deprecated = own.into_iter().any(|keywords| keywords.deprecated);
        let (name, conditional) = (name.to_owned(), place.choice.is_some());
        Field { name, ident, ty, required, conditional, default, aliases, recursive: false, node: nodes[0], nodes, sensitive, deprecated }
    }

    /// Returns how a value is classified, by its schema or by one for what it directly holds: items of a list, values of a map. The
    /// properties of an object are fields of their own.
    fn sensitivity(&self, node: NodeId, seen: &mut HashSet<NodeId>) -> Option<Sensitivity> {
        let keywords = self.schemas.keywords(node).filter(|_| seen.insert(node))?;
        let branches = [&keywords.all_of, &keywords.any_of, &keywords.one_of, &keywords.prefix_items].into_iter().flatten().copied();
        let held = [keywords.items, keywords.additional_properties, keywords.then_schema, keywords.else_schema, keywords.referred()];
        let named = keywords.pattern_properties.iter().map(|(_, id)| *id);
        let below: Vec<NodeId> = branches.chain(held.into_iter().flatten()).chain(named).collect();
        keywords.sensitive.or_else(|| below.into_iter().find_map(|id| self.sensitivity(id, seen)))
    }

    fn rest(&mut self, merged: &MergedSchema<'a>, hint: &NameHint) -> Additional {
        let dynamic = merged.keywords.iter().any(|keywords| keywords.dynamic_reference.is_some());
        let closes = |keywords: &Keywords| {
            let closed = |id: Option<NodeId>| id.is_some_and(|id| matches!(self.schemas.node(id).schema, Schema::Bool(false)));
            // What conditions evaluate has no field, and is allowed all the same; so is what a dynamic reference leads to elsewhere.
            let conditional = keywords.if_schema.is_some() || !keywords.dependent_schemas.is_empty() || dynamic;
            let unevaluated = closed(keywords.unevaluated_properties) && keywords.additional_properties.is_none() && !conditional;
            keywords.pattern_properties.is_empty() && (closed(keywords.additional_properties) || unevaluated)
        };
        // In a conjunction other schemas may evaluate what the one that closes does not know: a reader lets the rest be.
        let alone = merged.keywords.iter().filter(|keywords| keywords.constrains_objects()).count() == 1;
        if alone && merged.keywords.iter().any(|keywords| closes(keywords)) {
            return Additional::Closed;
        }
        match self.rest_type(merged, hint) {
            None | Some(TypeRef::Any) => Additional::Open,
            Some(ty) => Additional::Typed(ty),
        }
    }

    /// Returns the type of the properties that have no field, if one schema alone speaks of them.
    pub(super) fn rest_type(&mut self, merged: &MergedSchema<'a>, hint: &NameHint) -> Option<TypeRef> {
        let is_false = |id: NodeId| matches!(self.schemas.node(id).schema, Schema::Bool(false));
        let mut speaking =
            merged.keywords.iter().filter(|keywords| keywords.additional_properties.is_some() || !keywords.pattern_properties.is_empty());
        let keywords = speaking.next()?;
        if speaking.next().is_some() {
            return None;
        }
        let mut schemas: Vec<NodeId> = keywords.pattern_properties.iter().map(|(_, id)| *id).collect();
        match keywords.additional_properties {
            Some(id) if !is_false(id) => schemas.push(id),
            Some(_) => {}
            None => return None,
        }
        let [only] = schemas[..] else {
            return if schemas.is_empty() { Some(TypeRef::Never) } else { None };
        };
        // A pattern that also covers a property with a field would type that property twice.
        Some(self.view(&Conjunction::of(&[only]), &hint.step("value")))
    }
}

/// Returns the properties of an object that a branch of a union has by itself, and not from what stands beside the union.
fn beyond_union(conjunction: &Conjunction, merged: &MergedSchema<'_>) -> HashSet<NodeId> {
    let beside = |node: &NodeId| conjunction.parts.iter().any(|part| part.without_union && part.node == *node);
    let own = merged.nodes.iter().zip(&merged.keywords).filter(|(node, _)| !beside(node));
    own.flat_map(|(_, keywords)| keywords.properties.iter().map(|(_, id)| *id)).collect()
}

/// Returns whether a schema says that there are no properties but those that it names.
fn refuses_others(schemas: &Schemas, merged: &MergedSchema<'_>) -> bool {
    let is_false = |id: NodeId| matches!(schemas.node(id).schema, Schema::Bool(false));
    merged.keywords.iter().any(|keywords| keywords.additional_properties.is_some_and(is_false))
}

pub(super) fn nullable_if(nullable: bool, ty: TypeRef) -> TypeRef {
    match ty {
        ty if !nullable => ty,
        TypeRef::Any | TypeRef::NonObject | TypeRef::Null | TypeRef::Nullable(_) => ty,
        TypeRef::Never => TypeRef::Null,
        ty => TypeRef::Nullable(Box::new(ty)),
    }
}

fn members(values: &[String]) -> Vec<EnumMember> {
    let idents = names::idents(values, names::upper_camel);
    values.iter().zip(idents).map(|(value, ident)| EnumMember { value: value.clone(), ident }).collect()
}

/// Returns the whole number that a bound is, however it is spelled. `None` where it has a fraction, or does not fit.
#[allow(clippy::cast_possible_truncation, reason = "a whole number of so few digits has the same value in either type")]
fn whole(number: &serde_json::Number) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let exact = number.as_i128().or_else(|| number.to_string().parse().ok());
    exact.or_else(|| Some(number.as_f64().filter(|float| is_integer(number) && float.abs() <= EXACT)? as i128))
}

fn integer_range(keywords: &[&Keywords]) -> IntegerRange {
    let mut range = IntegerRange::default();
    for keywords in keywords {
        let lower = keywords
            .minimum
            .as_ref()
            .and_then(whole)
            .into_iter()
            .chain(keywords.exclusive_minimum.as_ref().and_then(whole).and_then(|n| n.checked_add(1)));
        let upper = keywords
            .maximum
            .as_ref()
            .and_then(whole)
            .into_iter()
            .chain(keywords.exclusive_maximum.as_ref().and_then(whole).and_then(|n| n.checked_sub(1)));
        range.min = lower.chain(range.min).max();
        range.max = upper.chain(range.max).min();
        let bounds = [&keywords.minimum, &keywords.maximum, &keywords.exclusive_minimum, &keywords.exclusive_maximum];
        range.wide |= bounds.into_iter().flatten().any(|bound| is_integer(bound) && whole(bound).is_none());
    }
    keywords.iter().filter_map(|keywords| keywords.format.as_deref()).for_each(|format| widen(&mut range, format));
    range
}

/// Takes a format of integers for what its values may be besides. It narrows nothing: nobody enforces it.
fn widen(range: &mut IntegerRange, format: &str) {
    match format {
        "uint64" => range.wide |= range.max.is_none() && range.min.is_none_or(|min| min < 0),
        "uint128" => range.wide |= range.max.is_none(),
        "int128" => range.wide |= range.min.is_none() || range.max.is_none(),
        _ => {}
    }
}

fn string_format(keywords: &[&Keywords]) -> Option<ValueFormat> {
    let base64 = keywords.iter().any(|keywords| keywords.content_encoding.as_deref() == Some("base64"));
    let named = keywords.iter().find_map(|keywords| keywords.format.as_deref());
    Some(match named {
        Some("date-time") => ValueFormat::DateTime,
        Some("date") => ValueFormat::Date,
        Some("time") => ValueFormat::Time,
        Some("duration") => ValueFormat::Duration,
        Some("email" | "idn-email") => ValueFormat::Email,
        Some("hostname" | "idn-hostname") => ValueFormat::Hostname,
        Some("ipv4") => ValueFormat::Ipv4,
        Some("ipv6") => ValueFormat::Ipv6,
        Some("uri" | "iri") => ValueFormat::Uri,
        Some("uri-reference" | "iri-reference") => ValueFormat::UriReference,
        Some("uuid") => ValueFormat::Uuid,
        Some("regex") => ValueFormat::Regex,
        Some("json-pointer") => ValueFormat::JsonPointer,
        Some("byte") => ValueFormat::Byte,
        _ if base64 => ValueFormat::Byte,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_whole_numbers_however_they_are_spelled() {
        for (text, expected) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("-1e3", Some(-1000)),
            ("7.5", None),
            ("18446744073709551615", Some(i128::from(u64::MAX))),
            ("1e60", None),
            ("-1e400", None),
        ] {
            let number = serde_json::from_str(text).expect("a number");
            assert_eq!(whole(&number), expected, "{text}");
        }
    }
}
