//! The alternatives of `oneOf` and `anyOf`, and the property that tells them apart.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Types, conditional,
    conjunction::{Conjunction, MergedSchema, Part, SchemaClass},
};
use crate::schema::{Kind, NodeId, Schemas};

/// Returns the conjunctions of a union's branches that are more than null, and whether null is one.
pub fn branches(schemas: &Schemas, conjunction: &Conjunction, merged: &MergedSchema<'_>) -> (Vec<Conjunction>, bool) {
    if conjunction.choice.is_some() {
        return chosen(schemas, conjunction);
    }
    let Some((holder, branches)) = &merged.union else { return (Vec::new(), false) };
    let base = base(schemas, merged, *holder);
    let null_allowed = merged.kinds.is_none_or(|kinds| kinds.contains(Kind::Null));
    let (mut others, mut nullable) = (Vec::new(), false);
    for branch in *branches {
        let mut conj = Conjunction { only: conjunction.only, ..Conjunction::of(&[*branch]) };
        conj.parts.extend(base.iter().copied());
        match MergedSchema::new(schemas, &conj).classify() {
            SchemaClass::Null => nullable |= null_allowed,
            SchemaClass::Never => {}
            _ => others.push(conj),
        }
    }
    (others, nullable)
}

/// Returns the same of schemas that conditions choose from, each once.
fn chosen(schemas: &Schemas, conjunction: &Conjunction) -> (Vec<Conjunction>, bool) {
    let (mut others, mut nullable, mut seen) = (Vec::new(), false, HashSet::new());
    for part in conjunction.parts.iter().filter(|part| seen.insert(schemas.target(part.node))) {
        let branch = Conjunction { only: conjunction.only, ..Conjunction::of(&[part.node]) };
        match MergedSchema::new(schemas, &branch).classify() {
            SchemaClass::Null => nullable = true,
            SchemaClass::Never => {}
            _ => others.push(branch),
        }
    }
    (others, nullable)
}

/// Returns what stands beside a union and holds for each of its branches.
fn base(schemas: &Schemas, merged: &MergedSchema<'_>, holder: NodeId) -> Vec<Part> {
    let speaks = |id: NodeId| {
        schemas.keywords(id).is_none_or(|keywords| {
            keywords.types.is_some()
                || keywords.const_value.is_some()
                || keywords.enum_values.is_some()
                || keywords.constrains_objects()
                || keywords.constrains_arrays()
                || (id != holder && keywords.applies_in_place())
                || !conditional::properties(schemas, &[keywords]).is_empty()
        })
    };
    let mut base: Vec<Part> = merged.nodes.iter().filter(|id| speaks(**id)).map(|id| Part { node: *id, without_union: true }).collect();
    // The others can lead to the schema that holds the union, which must not be taken apart again.
    if !base.is_empty() && !base.iter().any(|part| part.node == holder) {
        base.push(Part { node: holder, without_union: true });
    }
    base
}

/// OpenAPI's `discriminator` beside a union.
#[derive(Debug, Clone, Copy)]
pub(super) struct Discriminator<'a> {
    pub(super) property: &'a str,
    mapping: Option<&'a Map<String, Value>>,
}

/// Returns the discriminator that a schema with a union states.
pub(super) fn discriminator(schemas: &Schemas, holder: NodeId) -> Option<Discriminator<'_>> {
    let stated = schemas.raw(holder).get("discriminator")?;
    Some(Discriminator { property: stated.get("propertyName")?.as_str()?, mapping: stated.get("mapping").and_then(Value::as_object) })
}

/// Returns the values of a discriminator that mean a branch: those that are mapped to its reference, else the name at the reference's end.
pub(super) fn mapped(schemas: &Schemas, branch: &Conjunction, stated: Discriminator<'_>) -> Vec<String> {
    let Some(reference) = schemas.raw(branch.parts[0].node).get("$ref").and_then(Value::as_str) else { return Vec::new() };
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let means = |target: &Value| target.as_str().is_some_and(|target| target == reference || target == name);
    let mapping = stated.mapping.into_iter().flatten();
    let values: Vec<String> = mapping.filter(|(_, target)| means(target)).map(|(value, _)| value.clone()).collect();
    if values.is_empty() { vec![name.to_owned()] } else { values }
}

/// Returns a property that every branch requires, with values that no other branch has: the one that is stated, if it is such a one.
pub(super) fn tag(schemas: &Schemas, branches: &[Conjunction], stated: Option<&str>) -> Option<String> {
    let first = MergedSchema::new(schemas, branches.first()?);
    let declared = first.keywords.iter().flat_map(|keywords| &keywords.properties).map(|(name, _)| name.clone());
    let candidates = stated.map(str::to_owned).into_iter().chain(declared);
    let mut seen = HashSet::new();
    candidates.filter(|name| seen.insert(name.clone())).find(|name| {
        let mut taken = HashSet::new();
        branches.iter().all(|branch| {
            let values = tag_values(schemas, branch, name);
            !values.is_empty() && values.into_iter().all(|value| taken.insert(value))
        })
    })
}

/// Returns the strings that a branch allows in a required property; none where it allows anything else.
pub(super) fn tag_values(schemas: &Schemas, branch: &Conjunction, name: &str) -> Vec<String> {
    let merged = MergedSchema::new(schemas, branch);
    let is_object = merged.kinds.is_some_and(|kinds| kinds.single() == Some(Kind::Object));
    if !is_object || !merged.requires(name) {
        return Vec::new();
    }
    match property(schemas, &merged, name).classify() {
        SchemaClass::Strings(values, false) => values,
        _ => Vec::new(),
    }
}

/// Returns all that a place demands of one of its properties.
pub(super) fn property<'a>(schemas: &'a Schemas, merged: &MergedSchema<'a>, name: &str) -> MergedSchema<'a> {
    let properties = merged.keywords.iter().flat_map(|keywords| &keywords.properties);
    let nodes: Vec<NodeId> = properties.filter(|(property, _)| property == name).map(|(_, id)| *id).collect();
    MergedSchema::new(schemas, &Conjunction::of(&nodes))
}

/// Returns the schema that a schema only passes on to: `{"$ref": …}` or `{"oneOf": [{"$ref": …}]}`.
pub fn only_branch(schemas: &Schemas, types: &Types, conjunction: &Conjunction) -> Option<NodeId> {
    let node = conjunction.single()?;
    let keywords = schemas.keywords(node)?;
    let says_more = keywords.types.is_some()
        || keywords.const_value.is_some()
        || keywords.enum_values.is_some()
        || keywords.constrains_objects()
        || keywords.constrains_arrays()
        || !conditional::properties(schemas, &[keywords]).is_empty();
    let listed = [&keywords.all_of, &keywords.any_of, &keywords.one_of].into_iter().flatten().copied();
    let branches: Vec<NodeId> = listed.chain(keywords.static_reference()).collect();
    let [only] = branches[..] else { return None };
    let target = schemas.target(only);
    (!says_more && target != node && types.by_node.contains_key(&target)).then_some(target)
}
