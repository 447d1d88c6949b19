//! Documents with a marked value in each place that a schema classifies as sensitive, most of them invalid there or elsewhere.

use std::collections::HashSet;

use eventc_model::{
    schema::{Keywords, NodeId, Schemas},
    syntax::escape_pointer,
};
use serde_json::{Value, json};

/// The text that must never be shown.
pub const MARK: &str = "marked-3f9c1e";

/// Returns variants of a document in which only sensitive values hold [`MARK`].
pub fn exposures(schemas: &Schemas, root: NodeId, document: &Value) -> Vec<Value> {
    let mut finder = Finder { schemas, document, seen: HashSet::new(), found: Vec::new() };
    finder.place(&[root], "");
    let mut out = Vec::new();
    for pointer in &finder.found {
        for marked in [json!(MARK), json!(MARK.repeat(2000)), json!([MARK]), json!({ "inner": MARK }), json!([[{ "inner": [MARK] }]])] {
            let mut variant = document.clone();
            if let Some(place) = variant.pointer_mut(pointer) {
                *place = marked;
            }
            out.extend(without_each_other(&variant, pointer));
            out.push(variant);
        }
    }
    out
}

/// Returns the document without one of its other members each, so that something else is wrong too.
fn without_each_other(document: &Value, pointer: &str) -> Vec<Value> {
    let Value::Object(members) = document else { return Vec::new() };
    let other = |name: &&String| !pointer.starts_with(&format!("/{}", escape_pointer(name)));
    let without = |name: &String| {
        let mut fewer = members.clone();
        fewer.shift_remove(name);
        Value::Object(fewer)
    };
    members.keys().filter(other).map(without).collect()
}

struct Finder<'a> {
    schemas: &'a Schemas,
    document: &'a Value,
    seen: HashSet<String>,
    found: Vec<String>,
}

impl<'a> Finder<'a> {
    fn place(&mut self, nodes: &[NodeId], pointer: &str) {
        let document = self.document;
        let Some(value) = document.pointer(pointer) else { return };
        let keywords = self.gather(nodes);
        if keywords.iter().any(|keywords| keywords.sensitive.is_some()) && self.seen.insert(pointer.to_owned()) {
            self.found.push(pointer.to_owned());
        }
        match value {
            Value::Object(members) => {
                for key in members.keys() {
                    let named = keywords.iter().flat_map(|k| k.properties.iter().filter(|(name, _)| name == key).map(|(_, id)| *id));
                    let nodes: Vec<NodeId> = named.chain(keywords.iter().filter_map(|k| k.additional_properties)).collect();
                    self.place(&nodes, &format!("{pointer}/{}", escape_pointer(key)));
                }
            }
            Value::Array(items) => {
                for index in 0..items.len().min(2) {
                    let nodes: Vec<NodeId> = keywords.iter().filter_map(|k| k.prefix_items.get(index).copied().or(k.items)).collect();
                    self.place(&nodes, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }

    /// Returns the schemas that may apply to a place.
    fn gather(&self, nodes: &[NodeId]) -> Vec<&'a Keywords> {
        let (mut pending, mut seen, mut out) = (nodes.to_vec(), HashSet::new(), Vec::new());
        while let Some(id) = pending.pop() {
            let Some(keywords) = self.schemas.keywords(id).filter(|_| seen.insert(id)) else { continue };
            pending.extend(keywords.referred());
            pending.extend(keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of));
            pending.extend([keywords.then_schema, keywords.else_schema].into_iter().flatten());
            out.push(keywords);
        }
        out
    }
}
