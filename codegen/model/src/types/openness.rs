//! Open and closed enums: the one place that decides it for every language and for the gate.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    alternatives,
    conjunction::{Conjunction, MergedSchema},
};
use crate::{
    catalog::Catalog,
    config::Tolerance,
    schema::{FileId, Keywords, NodeId, Schemas},
};

/// The maximum number of branches, each with what stands beside its union: a hostile schema has more of them than anybody can visit.
const MAX_COMBINATIONS: usize = 20_000;

/// The treatment of values that a schema does not list, from the strictest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Openness {
    /// No: the schema states the value by `const`.
    Constant,
    /// No: the namespace tolerates none, the enum tells the alternatives of a union apart, or it has no string.
    Closed,
    /// Yes, any string.
    Open,
}

impl Openness {
    /// Returns whether a reader survives strings that are not listed.
    pub fn is_open(self) -> bool {
        self == Self::Open
    }
}

/// Decides for every schema that lists values.
pub(super) fn find(catalog: &Catalog) -> HashMap<NodeId, Openness> {
    let schemas = &catalog.schemas;
    let tolerant: HashSet<FileId> = schemas.file_ids().filter(|file| is_tolerant(catalog, *file)).collect();
    let tags = if tolerant.is_empty() { HashSet::new() } else { tags(schemas, schemas.ids()) };
    let decide = |node: NodeId| {
        let keywords = schemas.keywords(node)?;
        let open = || tolerant.contains(&schemas.node(node).file) && !tags.contains(&node) && lists_strings(keywords);
        match (&keywords.const_value, &keywords.enum_values) {
            (None, None) => None,
            (Some(_), _) => Some((node, Openness::Constant)),
            (None, Some(_)) => Some((node, if open() { Openness::Open } else { Openness::Closed })),
        }
    };
    schemas.ids().filter_map(decide).collect()
}

fn is_tolerant(catalog: &Catalog, file: FileId) -> bool {
    let namespace = catalog.config.namespace_of(&catalog.schemas.file(file).path);
    namespace.is_some_and(|(_, namespace)| namespace.tolerance == Tolerance::OpenEnums)
}

fn lists_strings(keywords: &Keywords) -> bool {
    keywords.enum_values.iter().flatten().any(Value::is_string)
}

/// Finds the enums that tell apart the alternatives of the unions among some schemas. They are closed whatever a namespace tolerates:
/// a reader has no type for an alternative that it does not know.
pub fn tags(schemas: &Schemas, nodes: impl IntoIterator<Item = NodeId>) -> HashSet<NodeId> {
    let may_be_union = |node: &NodeId| {
        let asks = |keywords: &Keywords| keywords.applies_in_place() || keywords.referred().is_some();
        schemas.keywords(*node).is_some_and(|keywords| asks(keywords) && keywords.plain_reference().is_none())
    };
    let mut tags = HashSet::new();
    let mut pending: Vec<Conjunction> = nodes.into_iter().filter(may_be_union).map(|node| Conjunction::of(&[node])).collect();
    let mut seen: HashSet<Conjunction> = HashSet::new();
    while let Some(place) = pending.pop() {
        let merged = MergedSchema::new(schemas, &place);
        let (branches, _) = alternatives::branches(schemas, &place, &merged);
        let stated = merged.union.and_then(|(holder, _)| alternatives::discriminator(schemas, holder));
        let several = Some(&branches).filter(|branches| branches.len() > 1);
        if let Some(tag) = several.and_then(|branches| alternatives::tag(schemas, branches, stated.map(|stated| stated.property))) {
            tags.extend(branches.iter().flat_map(|branch| tag_enums(schemas, branch, &tag)));
        }
        // What stands beside a union may make a union of its branch that no schema is by itself.
        let combined = branches.into_iter().filter(|branch| branch.parts.len() > 1);
        pending.extend(combined.filter(|branch| seen.len() < MAX_COMBINATIONS && seen.insert(branch.clone())));
    }
    tags
}

/// Returns the enums that list a tag's values for a branch; none where a constant does.
fn tag_enums(schemas: &Schemas, branch: &Conjunction, tag: &str) -> Vec<NodeId> {
    let property = alternatives::property(schemas, &MergedSchema::new(schemas, branch), tag);
    if property.keywords.iter().any(|keywords| keywords.const_value.is_some()) {
        return Vec::new();
    }
    let lists = |node: &NodeId| schemas.keywords(*node).is_some_and(|keywords| keywords.enum_values.is_some());
    property.nodes.into_iter().filter(lists).collect()
}
