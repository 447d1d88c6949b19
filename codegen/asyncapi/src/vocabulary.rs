//! The schemas that are definitions of a document, and their names there.

use std::collections::{BTreeSet, HashMap, HashSet};

use eventc_model::schema::{Keywords, NodeId, Reference, Schemas};
use serde_json::Value;

use super::{keys::Keys, objects::ReferenceObject as Pointer};
use eventc_model::bundle::names;

/// The schemas of a tree, and what its dynamic references mean.
pub(super) struct Meanings<'a> {
    pub(super) schemas: &'a Schemas,
    /// The schemas that declare each anchor as dynamic. Filled only for a tree with dynamic references.
    anchors: HashMap<String, Vec<NodeId>>,
}

impl<'a> Meanings<'a> {
    pub(super) fn new(schemas: &'a Schemas) -> Self {
        let mut anchors: HashMap<String, Vec<NodeId>> = HashMap::new();
        let dynamic = |reference: &Option<Reference>| matches!(reference, Some(Reference::Dynamic(..)));
        let has_dynamic = |keywords: &Keywords| dynamic(&keywords.reference) || dynamic(&keywords.dynamic_reference);
        if schemas.ids().filter_map(|id| schemas.keywords(id)).any(has_dynamic) {
            for id in schemas.ids() {
                let raw = schemas.raw(id);
                let named = raw.get("$dynamicAnchor").and_then(Value::as_str);
                let recursive = raw.get("$recursiveAnchor").and_then(Value::as_bool).filter(|is| *is).map(|_| "");
                for anchor in named.into_iter().chain(recursive) {
                    anchors.entry(anchor.to_owned()).or_default().push(id);
                }
            }
        }
        Self { schemas, anchors }
    }

    /// Returns the schema that a reference leads to in every document; `None` where that depends on the path taken.
    pub(super) fn target(&self, reference: &Reference) -> Option<NodeId> {
        match reference {
            Reference::To(target) => Some(*target),
            Reference::Dynamic(target, anchor) => match self.anchors.get(anchor).map_or(&[][..], Vec::as_slice) {
                [] => Some(*target),
                [only] if only == target => Some(*target),
                _ => None,
            },
            Reference::Unresolved(_) => None,
        }
    }
}

/// The definitions of one document.
pub(super) struct Vocabulary {
    names: HashMap<NodeId, String>,
    /// The schemas, in the order of their names.
    order: Vec<NodeId>,
}

impl Vocabulary {
    /// Finds everything that the roots refer to. Each root comes with the names that it would like.
    pub(super) fn new(meanings: &Meanings<'_>, roots: &[(NodeId, Vec<String>)]) -> Self {
        let mut targets = Vec::new();
        let mut defined = HashSet::new();
        let mut pending: Vec<NodeId> = Vec::new();
        for (root, _) in roots {
            if defined.insert(*root) {
                targets.push(*root);
                pending.push(*root);
            }
        }
        while let Some(id) = pending.pop() {
            let Some(keywords) = meanings.schemas.keywords(id) else { continue };
            for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
                if let Some(target) = meanings.target(reference)
                    && defined.insert(target)
                {
                    targets.push(target);
                    pending.push(target);
                }
            }
            // Definitions that nobody refers to stay out.
            let unused: HashSet<NodeId> = keywords.definitions.iter().map(|(_, id)| *id).collect();
            pending.extend(keywords.children().into_iter().filter(|child| !unused.contains(child) && !defined.contains(child)));
        }
        let wishes: HashMap<NodeId, &Vec<String>> = roots.iter().map(|(id, names)| (*id, names)).collect();
        let named = names::assign(
            meanings.schemas,
            &targets,
            |id| wishes.get(&id).map(|names| (*names).clone()).unwrap_or_default(),
            BTreeSet::new(),
        );
        let mut sorted: Vec<(String, NodeId)> = named.into_iter().map(|(id, name)| (name, id)).collect();
        sorted.sort();
        let mut keys = Keys::default();
        let order = sorted.iter().map(|(_, id)| *id).collect();
        Self { names: sorted.into_iter().map(|(name, id)| (id, keys.unique(&name))).collect(), order }
    }

    /// Returns the definitions with their names, in a fixed order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.order.iter().map(|id| (*id, self.names[id].as_str()))
    }

    /// Returns the pointer to a definition; `None` for a schema that is none.
    pub(super) fn pointer(&self, id: NodeId) -> Option<Pointer> {
        self.names.get(&id).map(|name| Pointer { target: format!("#/components/schemas/{name}") })
    }
}
