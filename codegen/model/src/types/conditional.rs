//! The properties that only conditions declare: `then`, `else` and `dependentSchemas`, however `dependencies` spells these.

use std::collections::HashSet;

use crate::schema::{Keywords, NodeId, Schema, Schemas};

/// The maximum number of schemas that the conditions of one place are followed through. What lies behind has no field.
const MAX_SCHEMAS: usize = 1_000;

/// A property of an object that some condition declares, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConditionalProperty<'a> {
    /// Its name in JSON.
    pub(super) name: &'a str,
    /// Its schemas, each under a condition.
    pub(super) nodes: Vec<NodeId>,
    /// Whether one of the schemas holds in any case, since both `then` and `else` have the property.
    pub(super) settled: bool,
}

/// A property as a condition declares it.
struct ConditionalDeclaration<'a> {
    name: &'a str,
    node: NodeId,
    /// Whether it holds whenever the condition does.
    sure: bool,
}

/// Returns what the conditions of one place declare and its own properties do not. Where it has a schema for further properties, that
/// one is theirs.
pub(super) fn properties<'a>(schemas: &'a Schemas, place: &[&'a Keywords]) -> Vec<ConditionalProperty<'a>> {
    let conditions = |keywords: &&&Keywords| keywords.if_schema.is_some() || !keywords.dependent_schemas.is_empty();
    let types_others = |keywords: &&Keywords| keywords.additional_properties.is_some_and(|id| !accepts_all(schemas, id));
    if !place.iter().any(|keywords| conditions(&keywords)) || place.iter().any(types_others) {
        return Vec::new();
    }
    let named: HashSet<&str> = place.iter().flat_map(|keywords| &keywords.properties).map(|(name, _)| name.as_str()).collect();
    let mut found: Vec<ConditionalProperty<'a>> = Vec::new();
    for keywords in place.iter().filter(conditions) {
        let branch = |id: Option<NodeId>| id.filter(|_| keywords.if_schema.is_some()).map_or_else(Vec::new, |id| declared(schemas, id));
        let (then, otherwise) = (branch(keywords.then_schema), branch(keywords.else_schema));
        let dependent = keywords.dependent_schemas.iter().flat_map(|(_, id)| declared(schemas, *id));
        let has = |branch: &[ConditionalDeclaration<'_>], name: &str| branch.iter().any(|property| property.sure && property.name == name);
        let settled: HashSet<&str> =
            then.iter().map(|property| property.name).filter(|name| has(&then, name) && has(&otherwise, name)).collect();
        for ConditionalDeclaration { name, node, .. } in then.into_iter().chain(otherwise) {
            add(&mut found, name, node, settled.contains(name));
        }
        for ConditionalDeclaration { name, node, .. } in dependent {
            add(&mut found, name, node, false);
        }
    }
    // A condition that only forbids a property says nothing of what it is.
    let forbids = |id: &NodeId| matches!(schemas.node(*id).schema, Schema::Bool(false));
    found.retain(|property| !named.contains(property.name) && !property.nodes.iter().all(forbids));
    found
}

/// Adds a schema of a property. Once both sides of a condition have the property, what other conditions say narrows it only.
fn add<'a>(found: &mut Vec<ConditionalProperty<'a>>, name: &'a str, node: NodeId, settled: bool) {
    match found.iter_mut().find(|property| property.name == name) {
        None => found.push(ConditionalProperty { name, nodes: vec![node], settled }),
        Some(known) if settled && !known.settled => *known = ConditionalProperty { name, nodes: vec![node], settled },
        Some(known) if known.settled == settled && !known.nodes.contains(&node) => known.nodes.push(node),
        Some(_) => {}
    }
}

/// Returns the properties that a schema declares for the place it is applied to, by itself or by way of others.
fn declared(schemas: &Schemas, root: NodeId) -> Vec<ConditionalDeclaration<'_>> {
    let (mut found, mut pending, mut seen) = (Vec::new(), vec![(root, true)], HashSet::new());
    while let Some((id, sure)) = pending.pop() {
        let Some(keywords) = schemas.keywords(id).filter(|_| seen.len() < MAX_SCHEMAS && seen.insert(id)) else { continue };
        found.extend(keywords.properties.iter().map(|(name, node)| ConditionalDeclaration { name, node: *node, sure }));
        let conditional = [keywords.then_schema, keywords.else_schema].into_iter().flatten().filter(|_| keywords.if_schema.is_some());
        let dependent = keywords.dependent_schemas.iter().map(|(_, id)| *id);
        let perhaps = keywords.any_of.iter().chain(&keywords.one_of).copied().chain(conditional).chain(dependent).map(|id| (id, false));
        let surely = keywords.static_reference().into_iter().chain(keywords.all_of.iter().copied()).map(|id| (id, sure));
        let next: Vec<_> = surely.chain(perhaps).collect();
        pending.extend(next.into_iter().rev());
    }
    found
}

fn accepts_all(schemas: &Schemas, id: NodeId) -> bool {
    match &schemas.node(id).schema {
        Schema::Bool(accepts) => *accepts,
        Schema::Keywords(keywords) => !keywords.constrains() && keywords.reference.is_none() && keywords.dynamic_reference.is_none(),
    }
}
