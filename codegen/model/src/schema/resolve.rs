//! Links the references between all files.
//!
//! Identifiers follow draft 2020-12, section 8.2: each `$id` opens a resource, references resolve against the nearest one. A file
//! without `$id` has its path as its URI, so that relative references between files work as they do on disk. Nothing is fetched.

use std::{collections::HashMap, sync::Arc};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use super::{
    Dialect, FileId, Keywords, NodeId, Reference, Schema, Schemas,
    uri::{TREE, climbs_out, encode_path, join, percent_decode},
    visit::visit_part,
};
use crate::{
    diagnostic::{self, Diagnostic},
    source::to_u32,
    syntax::{Document, join_pointer, split_pointer},
};

/// Resolves every reference of schemas that were found.
pub(super) fn link(files: &[Document], schemas: &mut Schemas, diagnostics: &mut Vec<Diagnostic>) {
    let (resources, copies, anchors) = (HashMap::default(), HashMap::default(), HashMap::default());
    let mut linker = Linker { files, schemas, diagnostics, resources, copies, anchors, has_dynamic: false };
    for file in (0..to_u32(files.len())).map(FileId) {
        linker.register(file);
    }
    linker.resolve_all();
    linker.open_scopes();
    linker.report_circles();
}

struct Linker<'a> {
    files: &'a [Document],
    schemas: &'a mut Schemas,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Resources by absolute URI without fragment: of several the first, in the order of files.
    resources: HashMap<Arc<str>, NodeId, FxBuildHasher>,
    /// The others, as bundles that embed the same schemas have them: each means its own.
    copies: HashMap<Arc<str>, Vec<NodeId>, FxBuildHasher>,
    /// Anchors by the root of the resource and name.
    anchors: HashMap<(NodeId, String), NodeId, FxBuildHasher>,
    /// Whether some reference depends on dynamic scope.
    has_dynamic: bool,
}

impl<'a> Linker<'a> {
    fn file(&self, id: FileId) -> &'a Document {
        &self.files[id.0 as usize]
    }

    fn raw(&self, id: NodeId) -> &'a Value {
        self.file(id.file).get(&self.schemas.node(id).pointer).unwrap_or(&Value::Null)
    }

    /// Makes what a file declares known to all.
    fn register(&mut self, file: FileId) {
        let found = &mut self.schemas.found[file.0 as usize];
        let (resources, anchors) = (std::mem::take(&mut found.resources), std::mem::take(&mut found.anchors));
        self.diagnostics.append(&mut found.diagnostics);
        for (uri, id) in resources {
            let first = *self.resources.entry(uri.clone()).or_insert(id);
            if first == id || self.schemas.is_meta(id.file) {
                continue;
            }
            let whole = |id: NodeId| self.schemas.node(id).pointer.is_empty();
            if first.file != id.file && !(whole(first) && whole(id)) && self.raw(first) == self.raw(id) {
                self.copies.entry(uri).or_default().push(id);
                continue;
            }
            let keyword = self.schemas.node(id).dialect.id_keyword();
            let message = format!("another schema declares {:?} too", &*uri);
            self.report(id, &format!("/{keyword}"), &diagnostic::DUPLICATE_ID, &message, "rename one of them");
        }
        for (resource, name, id) in anchors {
            let message = format!("another schema of this resource has the anchor {name:?} too");
            if self.anchors.insert((resource, name), id).is_some_and(|other| other != id) {
                self.report(id, "", &diagnostic::DUPLICATE_ID, &message, "rename one of them");
            }
        }
    }

    fn resolve_all(&mut self) {
        let mut pending: Vec<NodeId> = self.schemas.found.iter_mut().flat_map(|found| std::mem::take(&mut found.pending)).collect();
        while let Some(id) = pending.pop() {
            self.resolve_node(id, &mut pending);
        }
    }

    fn resolve_node(&mut self, id: NodeId, pending: &mut Vec<NodeId>) {
        let Some(keywords) = self.schemas.keywords(id) else { return };
        let references = [keywords.reference.clone(), keywords.dynamic_reference.clone()];
        let [mut reference, mut dynamic] = references.map(|reference| match reference {
            Some(Reference::Unresolved(text)) => Some(self.resolve_or_report(id, text, pending)),
            other => other,
        });
        if let Some(Reference::To(target)) = dynamic {
            dynamic = Some(self.dynamic(id, target));
            self.has_dynamic |= matches!(dynamic, Some(Reference::Dynamic(..)));
        }
        // A `$dynamicRef` alone whose target is not dynamic is a `$ref`.
        if reference.is_none() && matches!(dynamic, Some(Reference::To(_))) {
            reference = dynamic.take();
        }
        if let Schema::Keywords(keywords) = &mut self.schemas.node_mut(id).schema {
            keywords.reference = reference;
            if dynamic != keywords.dynamic_reference {
                keywords.dynamic_reference = dynamic;
            }
        }
    }

    /// Whether a `$dynamicRef` (2020-12, section 8.2.3.2) or `$recursiveRef` (2019-09, section 8.2.4.2) depends on dynamic scope.
    fn dynamic(&self, id: NodeId, target: NodeId) -> Reference {
        let target_raw = self.raw(target);
        if self.schemas.node(id).dialect == Dialect::Draft2019 {
            let recursive = target_raw.get("$recursiveAnchor").and_then(Value::as_bool).unwrap_or(false);
            return if recursive { Reference::Dynamic(target, String::new()) } else { Reference::To(target) };
        }
        let text = self.raw(id).get("$dynamicRef").and_then(Value::as_str).unwrap_or("");
        let anchor = text.rsplit_once('#').map_or("", |(_, fragment)| fragment);
        let declared = target_raw.get("$dynamicAnchor").and_then(Value::as_str);
        if declared == Some(anchor) { Reference::Dynamic(target, anchor.to_owned()) } else { Reference::To(target) }
    }

    /// Notes which resources have dynamic anchors that others have too. Trees without dynamic references never pay for it.
    fn open_scopes(&mut self) {
        if !self.has_dynamic {
            return;
        }
        let declared: Vec<_> = self.schemas.found.iter_mut().flat_map(|found| std::mem::take(&mut found.dynamic)).collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        for (_, name, _) in &declared {
            *count.entry(name).or_default() += 1;
        }
        for (resource, name, id) in declared.iter().filter(|(_, name, _)| count[name.as_str()] > 1) {
            if let Schema::Keywords(keywords) = &mut self.schemas.node_mut(*resource).schema {
                keywords.opens_scope = true;
            }
            self.schemas.scopes.entry(*resource).or_default().push((name.clone(), *id));
        }
    }

    fn resolve_or_report(&mut self, id: NodeId, text: String, pending: &mut Vec<NodeId>) -> Reference {
        match self.resolve(id, &text, pending) {
            Ok(target) => Reference::To(target),
            Err((message, help)) => {
                let keyword = ["$ref", "$dynamicRef", "$recursiveRef"]
                    .into_iter()
                    .find(|keyword| self.raw(id).get(keyword).and_then(Value::as_str) == Some(text.as_str()))
                    .unwrap_or("$ref");
                let rule = if message.contains("above the schema root") { &diagnostic::OUTSIDE_ROOT } else { &diagnostic::UNRESOLVED_REF };
                self.report(id, &format!("/{keyword}"), rule, &message, &help);
                Reference::Unresolved(text)
            }
        }
    }

    fn resolve(&mut self, id: NodeId, text: &str, pending: &mut Vec<NodeId>) -> Result<NodeId, (String, String)> {
        let base = self.schemas.found[id.file.0 as usize].bases[id.index as usize].clone();
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode(fragment);
        let absolute = if uri.is_empty() { base.uri.to_string() } else { join(&base.uri, uri) };
        if climbs_out(&base.uri, uri) {
            return Err((format!("{text:?} leads above the schema root"), "copy the file into the tree".into()));
        }
        let resource = self.resource(base.root, uri, &absolute).ok_or_else(|| self.missing_resource(text, &absolute))?;
        if fragment.is_empty() {
            return Ok(resource);
        }
        if !fragment.starts_with('/') {
            let root = self.schemas.found[resource.file.0 as usize].bases[resource.index as usize].root;
            return self
                .anchors
                .get(&(root, fragment.clone()))
                .copied()
                .ok_or_else(|| (format!("{text:?} leads nowhere: no anchor {fragment:?} there"), "correct the anchor's name".into()));
        }
        self.pointer(resource, &fragment, pending).ok_or_else(|| self.missing_pointer(text, resource, &fragment))
    }

    /// The resource that a reference names; `own` is the one that it stands in.
    fn resource(&self, own: NodeId, uri: &str, absolute: &str) -> Option<NodeId> {
        if uri.is_empty() {
            return Some(own);
        }
        if let Some(id) = self.resources.get(absolute).or_else(|| self.resources.get(absolute.trim_end_matches('/'))) {
            let here = self.copies.get(absolute).and_then(|copies| copies.iter().find(|copy| copy.file == own.file));
            return Some(*here.unwrap_or(id));
        }
        if let Some(name) = absolute.strip_prefix("file:") {
            return self.named(own.file, name);
        }
        // A file that has an `$id` of its own can be meant by its path all the same.
        let here = format!("{TREE}{}", encode_path(&self.file(own.file).path));
        let path = percent_decode(join(&here, uri).strip_prefix(TREE)?);
        let index = self.files[..self.schemas.own].binary_search_by(|file| file.path.as_str().cmp(&path)).ok()?;
        self.schemas.root(FileId(to_u32(index)))
    }

    /// The file that a `file:` URL names, from the schema root or the folder of the file that refers.
    fn named(&self, from: FileId, name: &str) -> Option<NodeId> {
        let name = percent_decode(name.trim_start_matches('/'));
        let folder = self.file(from).path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = &self.files[..self.schemas.own];
        let find = |path: &str| own.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
        let index = find(&format!("{folder}/{name}")).or_else(|| find(&name))?;
        self.schemas.root(FileId(to_u32(index)))
    }

    /// The schema at a pointer inside a resource; made now if no known keyword leads there.
    fn pointer(&mut self, resource: NodeId, fragment: &str, pending: &mut Vec<NodeId>) -> Option<NodeId> {
        let file = resource.file;
        let full = format!("{}{}", self.schemas.node(resource).pointer, join_pointer(&split_pointer(fragment)));
        if let Some(id) = self.schemas.at(file, &full) {
            return Some(id);
        }
        let id = visit_part(file, self.file(file), &mut self.schemas.found[file.0 as usize], &full, resource)?;
        self.schemas.index(id);
        self.register(file);
        pending.append(&mut self.schemas.found[file.0 as usize].pending);
        Some(id)
    }

    fn missing_resource(&self, text: &str, absolute: &str) -> (String, String) {
        let Some(path) = absolute.strip_prefix(TREE) else {
            return (
                format!("{text:?} leads nowhere: no file of the tree declares {absolute:?} as its $id, and nothing is fetched"),
                "add the file to the tree, or refer to a file of the tree by its relative path".into(),
            );
        };
        let path = percent_decode(path);
        let known = self.files.iter().map(|file| file.path.as_str());
        let help = crate::names::nearest(&path, known)
            .map_or_else(|| "correct the path, or add the file".to_owned(), |near| format!("did you mean {near}?"));
        (format!("{text:?} leads nowhere: there is no file {path} in the tree"), help)
    }

    fn missing_pointer(&self, text: &str, resource: NodeId, fragment: &str) -> (String, String) {
        let node = self.schemas.node(resource);
        let parts = split_pointer(fragment);
        let (last, parent) = parts.split_last().map_or(("", String::new()), |(last, parent)| (last.as_str(), join_pointer(parent)));
        let siblings = self.file(node.file).get(&format!("{}{parent}", node.pointer)).and_then(Value::as_object);
        let near = siblings.and_then(|members| crate::names::nearest(last, members.keys().map(String::as_str)));
        let help = near.map_or_else(|| "correct the pointer".to_owned(), |near| format!("did you mean {parent}/{near}?"));
        (format!("{text:?} leads nowhere: {} has no schema at {fragment}", self.file(node.file).path), help)
    }

    /// Reports schemas that apply themselves to the same place, without a step into the document: nothing can evaluate them.
    fn report_circles(&mut self) {
        for at in self.closing_nodes() {
            let by_reference = self.schemas.keywords(at).is_some_and(|keywords| keywords.reference.is_some());
            let (below, message) = if by_reference {
                ("/$ref", "this $ref leads only back to itself")
            } else {
                ("", "this schema applies only itself to the same place")
            };
            self.report(at, below, &diagnostic::CIRCULAR_REF, message, "let one of the definitions state a type");
            // What cannot be evaluated accepts everything, so that nothing after this runs in circles.
            self.schemas.node_mut(at).schema = Schema::Bool(true);
        }
    }

    /// For each circle of schemas that apply to the same place, the one that closes it in document order.
    fn closing_nodes(&self) -> Vec<NodeId> {
        let in_place = |id| self.schemas.keywords(id).map(Keywords::in_place).unwrap_or_default();
        let mut done: HashMap<NodeId, bool, FxBuildHasher> = HashMap::default();
        let mut closing = Vec::new();
        for start in self.schemas.ids() {
            let first = in_place(start);
            if first.is_empty() || done.contains_key(&start) {
                continue;
            }
            done.insert(start, false);
            let mut path = vec![(start, first)];
            while let Some((at, rest)) = path.last_mut() {
                match rest.pop() {
                    None => {
                        done.insert(*at, true);
                        path.pop();
                    }
                    Some(next) => match done.get(&next) {
                        Some(true) => {}
                        Some(false) => closing.push(*at),
                        None => {
                            done.insert(next, false);
                            path.push((next, in_place(next)));
                        }
                    },
                }
            }
        }
        closing.sort_unstable();
        closing.dedup();
        closing
    }

    fn report(&mut self, id: NodeId, below: &str, rule: &'static diagnostic::Rule, message: &str, help: &str) {
        let node = self.schemas.node(id);
        let pointer = format!("{}{below}", node.pointer);
        let place = self.file(node.file).place(&pointer);
        self.diagnostics.push(Diagnostic::new(rule, place, message).pointer(pointer).help(help));
    }
}
