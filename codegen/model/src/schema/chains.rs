//! Long chains of references, made short.
//!
//! A chain of a hundred thousand references is legal, and whoever follows it from each of its links does the work of ten thousand million.
//! Whatever stands behind the reader follows references, so the links are put straight once: in the document too, as
//! [`loose`](super::loose) does.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use super::{Keywords, NodeId, Reference, Schema, Schemas};
use crate::syntax::Document;

/// A chain up to this length stays as it is: what its links say about themselves counts.
const MAX_LENGTH: u32 = 64;

/// Has every reference at the beginning of a longer chain lead to its end.
pub(super) fn shorten(files: &mut [Document], schemas: &mut Schemas) {
    let ends = ends(schemas);
    let mut moved: Vec<(NodeId, NodeId)> =
        ends.into_iter().filter(|(_, (_, length))| *length > MAX_LENGTH).map(|(id, (end, _))| (id, end)).collect();
    moved.sort_unstable();
    for (id, end) in moved {
        let is_plain = [id, end].into_iter().all(|id| {
            let found = &schemas.found[id.file.0 as usize];
            found.root == Some(found.bases[id.index as usize].root)
        });
        // Elsewhere the same text could mean another schema.
        if id.file != end.file || !is_plain {
            continue;
        }
        let text = format!("#{}", super::uri::encode(&schemas.pointer(end)));
        let raw = files[id.file.0 as usize].value.pointer_mut(&schemas.pointer(id)).and_then(Value::as_object_mut);
        if let (Some(raw), Schema::Keywords(keywords)) = (raw, &mut schemas.node_mut(id).schema) {
            raw.insert("$ref".into(), text.into());
            keywords.reference = Some(Reference::To(end));
        }
    }
}

/// Returns, for each schema that refers to another, the end of its chain and the length.
fn ends(schemas: &Schemas) -> HashMap<NodeId, (NodeId, u32), FxBuildHasher> {
    let mut ends: HashMap<NodeId, (NodeId, u32), FxBuildHasher> = HashMap::default();
    for start in schemas.ids() {
        let (mut path, mut at) = (Vec::new(), start);
        let (end, mut length) = loop {
            if let Some(known) = ends.get(&at) {
                break *known;
            }
            let Some(next) = schemas.keywords(at).and_then(passes_on) else { break (at, 0) };
            path.push(at);
            at = next;
        };
        while let Some(link) = path.pop() {
            length += 1;
            ends.insert(link, (end, length));
        }
    }
    ends.retain(|id, _| schemas.keywords(*id).is_some_and(|keywords| matches!(keywords.reference, Some(Reference::To(_)))));
    ends
}

/// Returns the schema that another only passes on to: by `$ref`, or by a list with nothing else in it.
fn passes_on(keywords: &Keywords) -> Option<NodeId> {
    if let Some(target) = keywords.plain_reference() {
        return Some(target);
    }
    let alone = keywords.types.is_none()
        && keywords.const_value.is_none()
        && keywords.enum_values.is_none()
        && keywords.reference.is_none()
        && keywords.dynamic_reference.is_none()
        && !keywords.opens_scope
        && !(keywords.constrains_numbers()
            || keywords.constrains_strings()
            || keywords.constrains_arrays()
            || keywords.constrains_objects())
        && keywords.not.is_none()
        && keywords.if_schema.is_none();
    match (&keywords.all_of[..], &keywords.any_of[..], &keywords.one_of[..]) {
        ([only], [], []) | ([], [only], []) | ([], [], [only]) if alone => Some(*only),
        _ => None,
    }
}
