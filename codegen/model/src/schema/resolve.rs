//! Links the references between all files.
//!
//! Identifiers follow draft 2020-12, section 8.2: each `$id` opens a resource, references resolve against the nearest one. A file
//! without `$id` has its path as its URI, so that relative references between files work as they do on disk. Where several schemas
//! declare one URI, [`shared`] says which of them a reference means. Nothing is fetched.

mod shared;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use self::shared::{SharedUris, UriTarget};
use super::{
    Dialect, FileId, Keywords, NodeId, Reference, Schema, Schemas,
    uri::{TREE, climbs_out, encode_path, join, percent_decode},
    visit::{Base, FileNodes, visit_part},
};
use crate::{
    diagnostic::{self, Diagnostic, Place, Rule},
    limits,
    source::{Limits, to_u32},
    syntax::{Document, join_pointer, split_pointer},
};

/// Resolves every reference of schemas that were found.
pub(super) fn link(files: &[Document], schemas: &mut Schemas, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) {
    let mut linker = Linker {
        files,
        schemas,
        limits,
        diagnostics,
        resources: HashMap::default(),
        shared: SharedUris::default(),
        anchors: HashMap::default(),
        has_dynamic: false,
        told: HashSet::default(),
    };
    for file in (0..to_u32(files.len())).map(FileId) {
        linker.register(file);
    }
    linker.resolve_all();
    linker.open_scopes();
    linker.report_circles();
    linker.sum_up();
    linker.schemas.shared = linker.shared.uris();
}

/// Returns the file of a path below the schema root, among the tree's own, which come first and in the order of their paths.
pub(super) fn in_tree(files: &[Document], own: usize, path: &str) -> Option<FileId> {
    let index = files[..own].binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
    Some(FileId(to_u32(index)))
}

/// Returns the file that a `file:` URL names, from the schema root or the folder of the file that refers.
pub(super) fn named(files: &[Document], own: usize, from: &str, name: &str) -> Option<FileId> {
    let name = percent_decode(name.trim_start_matches('/'));
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    in_tree(files, own, &format!("{folder}/{name}")).or_else(|| in_tree(files, own, &name))
}

/// A reference that leads nowhere, with the reason and what to do.
struct Dead {
    rule: &'static Rule,
    message: String,
    help: String,
}

struct Linker<'a> {
    files: &'a [Document],
    schemas: &'a mut Schemas,
    limits: &'a Limits,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Resources by absolute URI without fragment: of several the first, in the order of files.
    resources: HashMap<Arc<str>, NodeId, FxBuildHasher>,
    /// The URIs that several resources declare.
    shared: SharedUris,
    /// Anchors by the root of the resource and name.
    anchors: HashMap<(NodeId, String), NodeId, FxBuildHasher>,
    /// Whether some reference depends on dynamic scope.
    has_dynamic: bool,
    /// Pairs of files of which it was told that they share a name.
    told: HashSet<(FileId, FileId), FxBuildHasher>,
}

impl<'a> Linker<'a> {
    fn file(&self, id: FileId) -> &'a Document {
        &self.files[id.0 as usize]
    }

    fn raw(&self, id: NodeId) -> &'a Value {
        self.file(id.file).get(&self.schemas.pointer(id)).unwrap_or(&Value::Null)
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
            self.shared.add(&uri, first, id);
            let whole = |id: NodeId| self.schemas.is_whole(id);
            let equal = self.raw(first) == self.raw(id);
            // Bundles embed equal copies of what they share.
            if !(equal && first.file != id.file && !(whole(first) && whole(id))) {
                self.report_shared(&uri, first, id, equal);
            }
        }
        for (resource, name, id) in anchors {
            let message = format!("another schema of this resource has the anchor {name:?} too");
            if self.anchors.insert((resource, name), id).is_some_and(|other| other != id) {
                self.report(id, "", &diagnostic::DUPLICATE_ANCHOR, &message, "rename one of them");
            }
        }
    }

    fn report_shared(&mut self, uri: &str, first: NodeId, id: NodeId, equal: bool) {
        let pair = (first.file.min(id.file), first.file.max(id.file));
        // Copies of a file share all names in it.
        if pair.0 != pair.1 && !self.told.insert(pair) {
            return;
        }
        let by_path = |id| self.claim_pointer(id, uri).is_empty();
        // What is named by its path alone has done nothing wrong.
        let (id, other) = if by_path(id) { (first, id) } else { (id, first) };
        let message = match uri.strip_prefix(TREE).filter(|_| by_path(other)) {
            Some(path) => format!("the file {} has this name by its path", percent_decode(path)),
            None => format!("{} declares {uri:?} too", self.claim(other, uri)),
        };
        let help = match self.meant(uri, &[first, id]) {
            _ if equal => "they are equal: keep one of them".to_owned(),
            Some(meant) => format!("they differ: give each its own; until then {} is meant", self.file(meant.file).path),
            None => "they differ: give each its own, so that other files can tell them apart".to_owned(),
        };
        let below = self.claim_pointer(id, uri);
        self.report(id, below, &diagnostic::DUPLICATE_ID, &message, &help);
    }

    /// Returns where a schema declares a URI, for a message that is the same from wherever somebody looks: at its `$id`, or the file as a
    /// whole, whose path it is.
    fn claim(&self, id: NodeId, uri: &str) -> Place {
        let file = self.file(id.file);
        match self.claim_pointer(id, uri) {
            "" => Place::whole(file.path.as_str()),
            below => Place { file: file.path.as_str().into(), ..file.place(&format!("{}{below}", self.schemas.pointer(id))) },
        }
    }

    fn claim_pointer(&self, id: NodeId, uri: &str) -> &'static str {
        let declared = self.schemas.found[id.file.0 as usize].uri(id) == Some(uri);
        match self.schemas.node(id).dialect {
            _ if !declared => "",
            Dialect::Draft4 => "/id",
            _ => "/$id",
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

    /// Returns whether a `$dynamicRef` (2020-12, section 8.2.3.2) or `$recursiveRef` (2019-09, section 8.2.4.2) depends on dynamic scope.
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
            Err(_) if self.schemas.dead.contains(&id) => {
                self.schemas.unsound.push(id);
                Reference::Unresolved(text)
            }
            Err(Dead { rule, mut message, mut help }) => {
                if let Some(link) = self.schemas.links.get(&id) {
                    message.push_str(&format!("; {link} on the way is a link, which is not followed"));
                    help = "refer to the file where it really is, or copy it into the tree".into();
                }
                self.schemas.unsound.push(id);
                let keyword = ["$ref", "$dynamicRef", "$recursiveRef"]
                    .into_iter()
                    .find(|keyword| self.raw(id).get(keyword).and_then(Value::as_str) == Some(text.as_str()))
                    .unwrap_or("$ref");
                self.report(id, &format!("/{keyword}"), rule, &message, &help);
                Reference::Unresolved(text)
            }
        }
    }

    fn resolve(&mut self, id: NodeId, text: &str, pending: &mut Vec<NodeId>) -> Result<NodeId, Dead> {
        let base = self.schemas.found[id.file.0 as usize].bases[id.index as usize].clone();
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode(fragment);
        if climbs_out(&base.uri, uri) {
            let message = format!("{text:?} leads above the schema root");
            return Err(Dead { rule: &diagnostic::OUTSIDE_ROOT, message, help: "copy the file into the tree".into() });
        }
        let resource = self.resource(&base, uri, text)?;
        if fragment.is_empty() {
            return Ok(resource);
        }
        if !fragment.starts_with('/') {
            let root = self.schemas.found[resource.file.0 as usize].bases[resource.index as usize].root;
            return self.anchors.get(&(root, fragment.clone())).copied().ok_or_else(|| {
                let text = text.strip_prefix(TREE).unwrap_or(text);
                let message = format!("{text:?} leads nowhere: no anchor {fragment:?} there");
                Dead { rule: &diagnostic::UNRESOLVED_REF, message, help: "correct the anchor's name".into() }
            });
        }
        if let Some(found) = self.pointer(resource, &fragment, pending) {
            return Ok(found);
        }
        if self.file(resource.file).broken {
            // It may stand in what could not be read.
            self.schemas.dead.insert(id);
        }
        Err(self.missing_pointer(text, resource, &fragment))
    }

    /// Returns the resource that a reference names.
    fn resource(&mut self, base: &Base, uri: &str, text: &str) -> Result<NodeId, Dead> {
        match self.find(base, uri) {
            UriTarget::One(id) => Ok(id),
            UriTarget::Nothing => Err(self.missing_resource(text, &join(&base.uri, uri))),
            UriTarget::Several(uri, first) if self.are_equal(&uri) => Ok(first),
            UriTarget::Several(uri, _) => Err(self.ambiguous(text, &uri)),
        }
    }

    fn find(&self, base: &Base, uri: &str) -> UriTarget {
        if uri.is_empty() {
            return UriTarget::One(base.root);
        }
        let absolute = join(&base.uri, uri);
        if let Some((uri, first)) = self.declared(&absolute) {
            return self.among(base, uri, first);
        }
        let own = base.root.file;
        let file = match absolute.strip_prefix("file:") {
            Some(name) => named(self.files, self.schemas.own, &self.file(own).path, name).and_then(|file| self.schemas.root(file)),
            // A file that has an `$id` of its own can be meant by its path all the same.
            None => self.at_path(&join(&format!("{TREE}{}", encode_path(&self.file(own).path)), uri)),
        };
        file.map_or(UriTarget::Nothing, UriTarget::One)
    }

    /// Returns the first resource that declares a URI.
    fn declared(&self, absolute: &str) -> Option<(&Arc<str>, NodeId)> {
        let known = self.resources.get_key_value(absolute).or_else(|| self.resources.get_key_value(absolute.trim_end_matches('/')));
        known.map(|(uri, first)| (uri, *first))
    }

    /// Returns the file whose path a URI of the tree is.
    fn at_path(&self, uri: &str) -> Option<NodeId> {
        let path = percent_decode(uri.strip_prefix(TREE)?);
        self.schemas.root(in_tree(self.files, self.schemas.own, &path)?)
    }

    /// Returns the schema at a pointer inside a resource; made now if no known keyword leads there.
    fn pointer(&mut self, resource: NodeId, fragment: &str, pending: &mut Vec<NodeId>) -> Option<NodeId> {
        let file = resource.file;
        let full = format!("{}{}", self.schemas.pointer(resource), join_pointer(&split_pointer(fragment)));
        if let Some(id) = self.schemas.at(file, &full) {
            return Some(id);
        }
        let nodes = self.schemas.found[file.0 as usize].nodes.len();
        let id = visit_part(file, self.file(file), &mut self.schemas.found[file.0 as usize], &full, resource, self.limits)?;
        self.schemas.index(file, nodes);
        self.register(file);
        pending.append(&mut self.schemas.found[file.0 as usize].pending);
        Some(id)
    }

    fn missing_resource(&self, text: &str, absolute: &str) -> Dead {
        let rule = &diagnostic::UNRESOLVED_REF;
        let Some(path) = absolute.strip_prefix(TREE) else {
            let message = format!("{text:?} leads nowhere: no file of the tree declares {absolute:?} as its $id, and nothing is fetched");
            return Dead { rule, message, help: "add the file to the tree, or refer to a file of the tree by its relative path".into() };
        };
        let path = percent_decode(path);
        let known = self.files.iter().map(|file| file.path.as_str());
        let help = crate::names::nearest(&path, known)
            .map_or_else(|| "correct the path, or add the file".to_owned(), |near| format!("did you mean {near}?"));
        Dead { rule, message: format!("{text:?} leads nowhere: there is no file {path} in the tree"), help }
    }

    fn missing_pointer(&self, text: &str, resource: NodeId, fragment: &str) -> Dead {
        let node = self.schemas.node(resource);
        let parts = split_pointer(fragment);
        let (last, parent) = parts.split_last().map_or(("", String::new()), |(last, parent)| (last.as_str(), join_pointer(parent)));
        let siblings = self.file(node.file).get(&format!("{}{parent}", self.schemas.pointer(resource))).and_then(Value::as_object);
        let near = siblings.and_then(|members| crate::names::nearest(last, members.keys().map(String::as_str)));
        let help = near.map_or_else(|| "correct the pointer".to_owned(), |near| format!("did you mean {parent}/{near}?"));
        // What was found in another way than it is written was said as it is written.
        let text = text.strip_prefix(TREE).unwrap_or(text);
        let message = format!("{text:?} leads nowhere: {} has no schema at {fragment}", self.file(node.file).path);
        Dead { rule: &diagnostic::UNRESOLVED_REF, message, help }
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
            self.schemas.circular.push(at);
        }
    }

    /// Returns, for each circle of schemas that apply to the same place, the one that closes it in document order.
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

    /// Says of each rule and file how many findings there are beyond those that are told.
    fn sum_up(&mut self) {
        let of_file = |(found, file): (&FileNodes, &Document)| {
            let shown = file.shown.clone();
            found.tally.all_untold().map(move |(code, untold)| ((shown.clone(), code), untold)).collect::<Vec<_>>()
        };
        let untold = self.schemas.found.iter().zip(self.files).flat_map(of_file).collect();
        limits::sum_up(
            untold,
            self.diagnostics.iter_mut(),
            |found| (found.place.file.clone(), found.rule.code),
            |found| &mut found.message,
        );
    }

    fn report(&mut self, id: NodeId, below: &str, rule: &'static diagnostic::Rule, message: &str, help: &str) {
        // What is wrong with what is left of a broken file follows from what is missing.
        if self.file(id.file).broken {
            return;
        }
        if !self.schemas.found[id.file.0 as usize].tally.count(rule.code, 1) {
            return;
        }
        let pointer = format!("{}{below}", self.schemas.pointer(id));
        let place = self.file(id.file).place(&pointer);
        self.diagnostics.push(Diagnostic::new(rule, place, message).pointer(pointer).help(help));
    }
}
