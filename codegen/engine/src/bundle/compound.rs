//! Bundles of whole files, each a resource with its own `$id`, for schemas that depend on dynamic scope.

use std::collections::BTreeSet;

use eventc_model::schema::{FileId, NodeId};
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
            let reference = json!({ "$ref": self.uri(file) });
            push_all_of(&mut out, nest(&payload.path, reference));
        }
        if let Value::Object(own) = out.entry(self.container).or_insert_with(|| Value::Object(Map::new())) {
            own.extend(definitions);
        }
        Value::Object(out)
    }

    /// A file as a resource: with its dialect and an absolute identifier.
    fn resource(&self, file: FileId) -> Map<String, Value> {
        let mut members = match &self.schemas.file(file).value {
            Value::Object(members) => members.clone(),
            Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Bool(true))]),
            _ => Map::new(),
        };
        let root = self.schemas.root(file).map(|root: NodeId| self.schemas.node(root).dialect);
        if let Some(dialect) = root {
            if !members.contains_key(dialect.id_keyword()) {
                members.shift_insert(0, dialect.id_keyword().to_owned(), self.uri(file).into());
            }
            if !members.contains_key("$schema") {
                members.shift_insert(0, "$schema".to_owned(), dialect.uri().into());
            }
        }
        members
    }

    /// The identifier of a file: its own, or one made from its path.
    fn uri(&self, file: FileId) -> String {
        let document = self.schemas.file(file);
        let declared = document.value.get("$id").or_else(|| document.value.get("id")).and_then(Value::as_str);
        declared.map_or_else(|| format!("tree:///{}", encoded(&document.path)), str::to_owned)
    }
}
