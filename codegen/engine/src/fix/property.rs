//! Another name for a property, wherever the tree speaks of it: its schema and `required`, examples and defaults, keys and readers.
//!
//! Only where nothing else than one schema decides about the property's place. Where several schemas do, a person has to say which is meant.

use std::collections::{BTreeSet, HashMap, HashSet};

use eventc_model::{
    catalog::Contract,
    schema::{FileId, Keywords, NodeId, Schemas},
    syntax::{escape_pointer, split_pointer},
};
use serde_json::Value;

use super::Changes;
use crate::{edit::TextChange, project::Project};

/// The schemas of a tree from the inside out, for all renamings of a run.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By schema: those that apply it to the value that they judge.
    appliers: HashMap<NodeId, Vec<NodeId>>,
    /// By schema: those in which it stands, and those that refer to it.
    holders: HashMap<NodeId, Vec<NodeId>>,
    /// The targets of references, by their file.
    targets: HashMap<FileId, Vec<NodeId>>,
}

impl Links {
    pub(super) fn of(schemas: &Schemas) -> Self {
        let mut links = Self::default();
        for (id, keywords) in schemas.ids().filter_map(|id| Some((id, schemas.keywords(id)?))) {
            let applied = keywords.in_place();
            for inner in applied.iter().chain(&keywords.children()) {
                links.holders.entry(*inner).or_default().push(id);
            }
            for inner in applied {
                links.appliers.entry(inner).or_default().push(id);
            }
            if let Some(target) = keywords.referred() {
                links.targets.entry(schemas.node(target).file).or_default().push(target);
            }
        }
        links
    }
}

/// Returns schemas with all that a step leads to from them.
fn reached(from: impl IntoIterator<Item = NodeId>, step: impl Fn(NodeId) -> Vec<NodeId>) -> HashSet<NodeId> {
    let (mut seen, mut queue) = (HashSet::new(), Vec::from_iter(from));
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            queue.extend(step(id));
        }
    }
    seen
}

/// Returns a schema and all that a map leads to from it.
fn outwards(map: &HashMap<NodeId, Vec<NodeId>>, from: NodeId) -> HashSet<NodeId> {
    reached([from], |id| map.get(&id).cloned().unwrap_or_default())
}

/// Returns the changes that give the property at a pointer another name; `None` where a released contract has it, or where that is more than
/// a change of names.
pub(super) fn changes(project: &Project, links: &Links, file: FileId, pointer: &str, to: &str) -> Option<Changes> {
    let (owner, name) = pointer.rsplit_once("/properties/")?;
    let schemas = &project.catalog.schemas;
    let (owner, name) = (schemas.at(file, owner)?, split_pointer(&format!("/{name}")).pop()?);
    let renaming = Renaming { project, schemas, links, file, owner, name, to };
    renaming.is_plain().then(|| renaming.changes()).flatten()
}

struct Renaming<'a> {
    project: &'a Project,
    schemas: &'a Schemas,
    links: &'a Links,
    file: FileId,
    /// The schema whose property it is.
    owner: NodeId,
    name: String,
    to: &'a str,
}

impl Renaming<'_> {
    /// Returns whether no other schema has a say in the names at this place, and no reference leads through the name.
    fn is_plain(&self) -> bool {
        // Whatever applies the owner to a value, and whatever that applies to the same value.
        let beside = self.together(outwards(&self.links.appliers, self.owner));
        let own = self.schemas.keywords(self.owner);
        let has_room = own.is_some_and(|keywords| keywords.properties.iter().all(|(name, _)| name != self.to) && self.is_free(keywords));
        has_room && beside.iter().filter(|id| **id != self.owner).all(|id| self.is_silent(*id)) && !self.is_referred_to()
    }

    /// Returns whether the keywords beside `properties` and `required` do not depend on names.
    fn is_free(&self, keywords: &Keywords) -> bool {
        let mentions = |name: &String| *name == self.name || name == self.to;
        keywords.pattern_properties.is_empty()
            && keywords.property_names.is_none()
            && keywords.enum_values.is_none()
            && keywords.const_value.is_none()
            && !keywords.dependent_required.iter().any(|(name, others)| mentions(name) || others.iter().any(mentions))
            && !keywords.dependent_schemas.iter().any(|(name, _)| mentions(name))
    }

    /// Returns whether a schema of the same place says nothing of either name.
    fn is_silent(&self, id: NodeId) -> bool {
        let mentions = |name: &String| *name == self.name || name == self.to;
        self.schemas.keywords(id).is_none_or(|keywords| {
            self.is_free(keywords)
                && !keywords.properties.iter().any(|(name, _)| mentions(name))
                && !keywords.required.iter().any(mentions)
                && keywords.additional_properties.is_none()
        })
    }

    /// Returns whether a reference leads to the property's schema or into it, by this name perhaps.
    fn is_referred_to(&self) -> bool {
        let pointer = self.property();
        let mut targets = self.links.targets.get(&self.file).into_iter().flatten().map(|id| self.schemas.pointer(*id));
        targets.any(|target| target == pointer || target.starts_with(&format!("{pointer}/")))
    }

    fn property(&self) -> String {
        format!("{}/properties/{}", self.schemas.pointer(self.owner), escape_pointer(&self.name))
    }

    fn changes(&self) -> Option<Changes> {
        let catalog = &self.project.catalog;
        let file = self.file;
        let property = self.property();
        let mut allows = catalog.stated().filter(|(stated, _)| *stated == file).flat_map(|(_, metadata)| &metadata.allow);
        if allows.any(|allow| allow.at.starts_with(&property)) {
            return None;
        }
        let mut changes = Changes::new();
        let mut add = |file: Option<FileId>, change: TextChange| changes.entry(file).or_default().insert(change);
        add(Some(file), TextChange::Key(property, self.to.to_owned()));
        let required = self.schemas.raw(self.owner).get("required").and_then(Value::as_array);
        for (at, _) in required.into_iter().flatten().enumerate().filter(|(_, name)| name.as_str() == Some(&self.name)) {
            add(Some(file), TextChange::Text(format!("{}/required/{at}", self.schemas.pointer(self.owner)), self.to.to_owned()));
        }
        for (file, pointer) in self.shown() {
            add(Some(file), TextChange::Key(pointer, self.to.to_owned()));
        }
        let holders = outwards(&self.links.holders, self.owner);
        let reaching: Vec<usize> = (0..catalog.contracts.len()).filter(|index| holders.contains(&catalog.contracts[*index].root)).collect();
        for contract in reaching.iter().map(|index| &catalog.contracts[*index]) {
            if self.project.history.current(catalog, contract).is_some() {
                return None;
            }
            if let Some(key) = contract.metadata.key.as_deref().and_then(|key| self.renamed(contract, key)) {
                add(Some(contract.file), TextChange::Text("/x-event/key".to_owned(), key));
            }
        }
        for (pointer, read) in self.readers(&reaching)? {
            add(None, TextChange::Text(pointer, read));
        }
        Some(changes)
    }

    /// Returns the places of the name in examples and defaults, of all schemas that reach the owner.
    fn shown(&self) -> BTreeSet<(FileId, String)> {
        let mut found = BTreeSet::new();
        for (id, keywords) in self.schemas.ids().filter_map(|id| Some((id, self.schemas.keywords(id)?))) {
            let examples = keywords.examples.iter().enumerate().map(|(at, example)| (format!("examples/{at}"), example));
            let shown = examples.chain(keywords.default.iter().map(|value| ("default".to_owned(), value)));
            for (place, value) in shown.filter(|(_, value)| mentions(value, &self.name)) {
                let mut pointers = Vec::new();
                self.find(&[id], value, &format!("{}/{place}", self.schemas.pointer(id)), &mut pointers);
                found.extend(pointers.into_iter().map(|pointer| (self.schemas.node(id).file, pointer)));
            }
        }
        found
    }

    /// Collects the places of the name in a value that schemas judge.
    fn find(&self, ids: &[NodeId], value: &Value, pointer: &str, found: &mut Vec<String>) {
        let together = self.together(ids.iter().copied());
        let inside = |part: &str| format!("{pointer}/{}", escape_pointer(part));
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if *name == self.name && together.contains(&self.owner) {
                        found.push(inside(name));
                    }
                    self.find(&self.of_member(&together, name), member, &inside(name), found);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.find(&self.of_item(&together, at), item, &inside(&at.to_string()), found);
                }
            }
            _ => {}
        }
    }

    fn of_member(&self, together: &HashSet<NodeId>, name: &str) -> Vec<NodeId> {
        let of = |keywords: &Keywords| {
            let named: Vec<NodeId> = keywords.properties.iter().filter(|(known, _)| known == name).map(|(_, id)| *id).collect();
            let others = keywords.additional_properties.filter(|_| named.is_empty());
            named.into_iter().chain(others).chain(keywords.pattern_properties.iter().map(|(_, id)| *id)).collect::<Vec<_>>()
        };
        together.iter().filter_map(|id| self.schemas.keywords(*id)).flat_map(of).collect()
    }

    fn of_item(&self, together: &HashSet<NodeId>, at: usize) -> Vec<NodeId> {
        let of = |keywords: &Keywords| [keywords.prefix_items.get(at).copied().or(keywords.items), keywords.contains];
        together.iter().filter_map(|id| self.schemas.keywords(*id)).flat_map(of).flatten().collect()
    }

    /// Returns a pointer into a contract's documents with the new name, where it leads through the old one.
    fn renamed(&self, contract: &Contract, pointer: &str) -> Option<String> {
        let (mut ids, mut parts, mut found) = (vec![contract.root], split_pointer(pointer), false);
        for part in &mut parts {
            let together = self.together(ids);
            ids = self.of_member(&together, part);
            ids.extend(part.parse().into_iter().flat_map(|at| self.of_item(&together, at)));
            if *part == self.name && together.contains(&self.owner) {
                self.to.clone_into(part);
                found = true;
            }
        }
        let escaped: Vec<String> = parts.iter().map(|part| escape_pointer(part)).collect();
        found.then(|| format!("/{}", escaped.join("/")))
    }

    /// Returns the places that services say they read, with the new name; `None` where one entry covers contracts that have it and others
    /// that have not.
    fn readers(&self, reaching: &[usize]) -> Option<Vec<(String, String)>> {
        let catalog = &self.project.catalog;
        let mut found = Vec::new();
        let mut subscriptions = catalog.traffic.subscriptions().iter();
        for (name, service) in &catalog.config.services {
            for (index, subscription) in subscriptions.by_ref().take(service.consumes.len()).enumerate() {
                let covered: BTreeSet<usize> = subscription.topics.iter().flat_map(|glob| &glob.events).copied().collect();
                for (at, read) in subscription.reads.iter().enumerate() {
                    let of = |index: &usize| self.renamed(&catalog.contracts[*index], read).filter(|_| reaching.contains(index));
                    let renamed: BTreeSet<Option<String>> = covered.iter().map(of).collect();
                    match renamed.iter().flatten().next() {
                        Some(_) if renamed.len() > 1 => return None,
                        Some(read) => found.push((format!("/services/{}/consumes/{index}/reads/{at}", escape_pointer(name)), read.clone())),
                        None => {}
                    }
                }
            }
        }
        Some(found)
    }

    /// Returns schemas with all that they apply to the same value.
    fn together(&self, ids: impl IntoIterator<Item = NodeId>) -> HashSet<NodeId> {
        reached(ids, |id| self.schemas.keywords(id).map(Keywords::in_place).unwrap_or_default())
    }
}

/// Returns whether some object in a value has a key.
fn mentions(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(members) => members.contains_key(key) || members.values().any(|member| mentions(member, key)),
        Value::Array(items) => items.iter().any(|item| mentions(item, key)),
        _ => false,
    }
}
