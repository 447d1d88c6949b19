//! Bundles of whole files, each a resource with its own `$id`, for schemas that depend on dynamic scope.

use std::collections::BTreeSet;

use crate::schema::{FileId, NodeId, Reference};
use serde_json::{Map, Value, json};

use super::{Bundler, encoded, nest, push_all_of};

impl Bundler<'_> {
    pub(super) fn compound(&self, files: &BTreeSet<FileId>) -> Value {
        let root_file = self.schemas.node(self.root).file;
        let mut out = self.resource(root_file);
        let mut definitions = Map::new();
        for file in files.iter().filter(|file| **file != root_file) {
            let path = &self.schemas.file(*file).path;
            definitions.insert(path.clone(), Value::Object(self.resource(*file)));
        }
        if let Some(payload) = &self.payload {
            let file = self.schemas.node(payload.root).file;
            let reference = self.schemas.root(file).map(|root| json!({ "$ref": self.schemas.name(root) }));
            push_all_of(&mut out, nest(&payload.path, reference.unwrap_or_default()));
        }
        if let Value::Object(own) = out.entry(self.container).or_insert_with(|| Value::Object(Map::new())) {
            own.extend(definitions);
        }
        Value::Object(out)
    }

    /// Returns a file as a resource: with its dialect, identifiers that no other file has, and references to those.
    fn resource(&self, file: FileId) -> Map<String, Value> {
        let mut value = self.schemas.file(file).value.clone();
        for node in self.schemas.ids_in(file) {
            if let Some(members) = value.pointer_mut(&self.schemas.pointer(node)).and_then(Value::as_object_mut) {
                self.name(node, members);
                self.refer_by_name(node, members);
            }
        }
        let mut members = match value {
            Value::Object(members) => members,
            Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Bool(true))]),
            _ => Map::new(),
        };
        if let Some(root) = self.schemas.root(file) {
            let dialect = self.schemas.node(root).dialect;
            if !members.contains_key(dialect.id_keyword()) {
                members.shift_insert(0, dialect.id_keyword().to_owned(), self.schemas.name(root).into());
            }
            if !members.contains_key("$schema") {
                members.shift_insert(0, "$schema".to_owned(), dialect.uri().into());
            }
        }
        members
    }

    /// Gives a resource that shares its identifier with another one of its own.
    fn name(&self, node: NodeId, members: &mut Map<String, Value>) {
        let declared = self.schemas.uri(node).filter(|_| self.schemas.resource(node) == node);
        let name = self.schemas.name(node);
        if declared.is_some_and(|declared| declared != name) {
            members.insert(self.schemas.node(node).dialect.id_keyword().to_owned(), name.into());
        }
    }

    /// Lets references of a schema name their targets as these are called here.
    fn refer_by_name(&self, node: NodeId, members: &mut Map<String, Value>) {
        let Some(keywords) = self.schemas.keywords(node) else { return };
        let dynamic = keywords.dynamic_reference.as_ref().or(keywords.reference.as_ref());
        for (keyword, reference) in [("$ref", keywords.reference.as_ref()), ("$dynamicRef", dynamic)] {
            let Some(Value::String(text)) = members.get_mut(keyword) else { continue };
            // A pointer is never dynamic.
            let (target, anchor) = match reference.filter(|_| !text.starts_with('#')) {
                Some(Reference::To(target)) => (*target, None),
                Some(Reference::Dynamic(target, anchor)) => (*target, Some(anchor.clone())),
                Some(Reference::Unresolved(_)) | None => continue,
            };
            let resource = self.schemas.resource(target);
            let (name, absolute) = (self.schemas.name(resource), self.schemas.absolute(node, text));
            if absolute.split('#').next() != Some(&name) {
                let [target, resource] = [target, resource].map(|id| self.schemas.pointer(id));
                let pointer = || encoded(target.strip_prefix(&resource).unwrap_or(&target));
                *text = format!("{name}#{}", anchor.unwrap_or_else(pointer));
            }
        }
    }
}
