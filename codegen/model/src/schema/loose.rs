//! References that are neither a path from their file nor a URI that a file declares, and what they mean.
//!
//! Trees are written for other tools: from the schema root, from the repository's root, by URLs that nobody declares. Before anything is
//! linked, each such reference is looked up in a fixed order and put straight, in the document and in its node, so that whatever comes
//! behind sees only references that mean one thing everywhere. Each way of writing is told once, with the file that it found.

mod lookup;
mod report;

use std::{collections::HashMap, sync::Arc};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use self::{
    lookup::{ReferenceForm, ReferenceMeaning},
    report::LooseReport,
};
use super::{
    Customs, Dialect, FileId, NodeId, Reference, Schema, Schemas,
    detect::DetectedDialect,
    recognise,
    resolve::{in_tree, named},
    uri::{TREE, encode_path, join, percent_decode},
    visit::{Base, FileVisitor, visit_part},
    vocabulary::Described,
};
use crate::{
    diagnostic::Diagnostic,
    source::{Around, Limits, to_u32},
    syntax::{AvroTypes, Document, join_pointer, split_pointer},
};

/// Keywords that a schema keeps where its reference names nothing that is here, and would have hidden what stands beside it.
const KEPT: &[&str] = &["title", "description", "$comment", "examples", "default", "deprecated", "readOnly", "writeOnly", "definitions"];

/// Puts every loose reference of a tree straight, and reads the files around it that references name. Returns what there is to tell.
pub(super) fn straighten(
    files: &mut Vec<Document>,
    schemas: &mut Schemas,
    customs: Option<&Customs<'_>>,
    around: Option<&Around>,
    limits: &Limits,
) -> Vec<Diagnostic> {
    let mut declared: HashMap<Arc<str>, NodeId, FxBuildHasher> = HashMap::default();
    for (uri, id) in schemas.found.iter().flat_map(|found| &found.resources) {
        declared.entry(uri.clone()).or_insert(*id);
    }
    let mut open: Vec<NodeId> = schemas.found.iter().flat_map(|found| found.pending.iter().copied()).collect();
    let mut straightener =
        Straightener { files, schemas, customs, around, limits, declared, answers: HashMap::new(), report: LooseReport::default() };
    while let Some(id) = open.pop() {
        straightener.node(id, &mut open);
    }
    let Straightener { files, schemas, report, .. } = straightener;
    report.diagnostics(files, schemas)
}

struct Straightener<'a, 'c> {
    files: &'a mut Vec<Document>,
    schemas: &'a mut Schemas,
    /// None where somebody asks about schemas and not about a tree: what a reference leaves open is open there.
    customs: Option<&'a Customs<'c>>,
    around: Option<&'a Around>,
    limits: &'a Limits,
    /// Resources by absolute URI: of several the first.
    declared: HashMap<Arc<str>, NodeId, FxBuildHasher>,
    /// Answers by the file and the base that a reference stands in, and its text before the fragment.
    answers: HashMap<(FileId, Arc<str>, String), ReferenceMeaning>,
    report: LooseReport,
}

impl Straightener<'_, '_> {
    /// Looks at the reference of a schema.
    fn node(&mut self, id: NodeId, open: &mut Vec<NodeId>) {
        let Schema::Keywords(keywords) = &self.schemas.node(id).schema else { return };
        let Some(Reference::Unresolved(text)) = keywords.reference.clone() else { return };
        let (uri, fragment) = text.split_once('#').map_or((text.as_str(), None), |(uri, fragment)| (uri, Some(fragment)));
        let base = self.schemas.found[id.file.0 as usize].bases[id.index as usize].clone();
        if let Some(target) = self.strict(&base, uri, open) {
            let slashed =
                fragment.filter(|_| !super::meta::is_known(&join(&base.uri, uri))).and_then(|fragment| self.slashed(target, fragment));
            if let Some(slashed) = &slashed {
                self.report.way(ReferenceForm::Pointer, &text, Some(target.file), id);
                self.schemas.strays.push(id);
                self.write(id, &format!("{uri}#{slashed}"));
            }
            return self.reach(target, slashed.as_deref().or(fragment), open);
        }
        if matches!(uri, "." | "./") {
            self.report.way(ReferenceForm::Itself, &text, None, id);
            self.schemas.strays.push(id);
            let slashed = fragment.and_then(|fragment| self.slashed(base.root, fragment));
            let fragment = slashed.as_deref().or(fragment);
            self.write(id, &format!("#{}", fragment.unwrap_or_default()));
            return self.reach(base.root, fragment, open);
        }
        match self.answer(&base, uri, fragment.unwrap_or_default(), open) {
            ReferenceMeaning::File(file, way) => {
                if way != ReferenceForm::Stated {
                    self.report.way(way, uri, Some(file), id);
                    self.schemas.strays.push(id);
                }
                let target = format!("{TREE}{}", encode_path(&self.files[file.0 as usize].path));
                let root = self.root_or_adopt(file, open);
                let slashed = root.and_then(|root| self.slashed(root, fragment?));
                let fragment = slashed.as_deref().or(fragment);
                self.write(id, &fragment.map_or_else(|| target.clone(), |fragment| format!("{target}#{fragment}")));
                if let Some(root) = root {
                    self.reach(root, fragment, open);
                }
            }
            ReferenceMeaning::Several(files) => {
                self.report.several(uri, &files, id);
                self.schemas.dead.insert(id);
            }
            ReferenceMeaning::Absent if self.customs.is_some() => {
                let url = join(&base.uri, uri);
                self.report.absent(&url, id);
                let whole = fragment.filter(|fragment| !fragment.is_empty()).map(|fragment| format!("{url}#{fragment}"));
                self.schemas.absent.insert(id, whole.unwrap_or(url));
                self.open_up(id);
            }
            ReferenceMeaning::Absent => {}
            ReferenceMeaning::Nothing => {
                let own = &self.files[base.root.file.0 as usize].path;
                let link = self.around.and_then(|around| around.link_on_the_way(own, &percent_decode(uri)));
                self.schemas.links.extend(link.map(|link| (id, link)));
            }
        }
    }

    /// Returns what a reference means as the specifications have it.
    fn strict(&mut self, base: &Base, uri: &str, open: &mut Vec<NodeId>) -> Option<NodeId> {
        if uri.is_empty() {
            return Some(base.root);
        }
        let absolute = join(&base.uri, uri);
        // A path of the tree with a slash behind it is none of a file.
        let declared = self.declared.get(absolute.as_str()).or_else(|| self.declared.get(absolute.trim_end_matches('/')));
        let declared = declared.filter(|_| !(absolute.starts_with(TREE) && absolute.ends_with('/')));
        if let Some(known) = declared {
            return Some(*known);
        }
        let own = &self.files[base.root.file.0 as usize];
        let file = match absolute.strip_prefix("file:") {
            Some(name) => named(self.files, self.schemas.own, &own.path, name),
            None if super::meta::is_known(&absolute) => return Some(base.root),
            None => {
                let path = join(&format!("{TREE}{}", encode_path(&own.path)), uri);
                in_tree(self.files, self.schemas.own, &percent_decode(path.strip_prefix(TREE)?))
            }
        };
        file.and_then(|file| self.root_or_adopt(file, open))
    }

    /// Returns the root of a file. One that holds no schema by its looks holds some where a reference says so; it is no contract for that.
    fn root_or_adopt(&mut self, file: FileId, open: &mut Vec<NodeId>) -> Option<NodeId> {
        let document = &self.files[file.0 as usize];
        let root = self.schemas.root(file);
        if root.is_some() || document.broken || !document.value.is_object() {
            return root;
        }
        let described = Described::read(self.files);
        let reader = FileVisitor { described: &described, dialect: Dialect::Draft2020, limits: self.limits };
        let found = reader.visit_file(true, file, document);
        open.extend(&found.pending);
        self.schemas.found[file.0 as usize] = found;
        self.schemas.adopted.insert(file);
        self.schemas.root(file)
    }

    fn answer(&mut self, base: &Base, uri: &str, fragment: &str, open: &mut Vec<NodeId>) -> ReferenceMeaning {
        let key = (base.root.file, base.uri.clone(), uri.to_owned());
        if let Some(known) = self.answers.get(&key) {
            return known.clone();
        }
        let answer = self.look_up(base, uri, fragment, open);
        self.answers.insert(key, answer.clone());
        answer
    }

    /// Returns a fragment as the JSON Pointer that it lacks the first slash of: it is no anchor of the resource, and leads somewhere as a pointer.
    fn slashed(&self, resource: NodeId, fragment: &str) -> Option<String> {
        let name = percent_decode(fragment);
        if name.is_empty() || name.starts_with('/') {
            return None;
        }
        let found = &self.schemas.found[resource.file.0 as usize];
        let root = found.bases[resource.index as usize].root;
        let is_anchor = found.anchors.iter().any(|(of, anchor, _)| *of == root && *anchor == name);
        let pointer = format!("{}/{name}", self.schemas.pointer(resource));
        (!is_anchor && self.files[resource.file.0 as usize].get(&pointer).is_some()).then(|| format!("/{fragment}"))
    }

    /// Has a part of a document that only a pointer leads to become a schema now, since it may hold references of its own.
    fn reach(&mut self, resource: NodeId, fragment: Option<&str>, open: &mut Vec<NodeId>) {
        let Some(fragment) = fragment.map(percent_decode).filter(|fragment| fragment.starts_with('/')) else { return };
        let file = resource.file;
        let full = format!("{}{}", self.schemas.pointer(resource), join_pointer(&split_pointer(&fragment)));
        if self.schemas.at(file, &full).is_some() {
            return;
        }
        let found = &mut self.schemas.found[file.0 as usize];
        let (pending, nodes) = (found.pending.len(), found.nodes.len());
        visit_part(file, &self.files[file.0 as usize], found, &full, resource, self.limits);
        open.extend_from_slice(&found.pending[pending..]);
        self.schemas.index(file, nodes);
    }

    /// Writes another reference in place of that of a schema.
    fn write(&mut self, id: NodeId, text: &str) {
        let pointer = self.schemas.pointer(id);
        let raw = self.files[id.file.0 as usize].value.pointer_mut(&pointer).and_then(Value::as_object_mut);
        if let Some(raw) = raw {
            raw.insert("$ref".into(), text.into());
        }
        if let Schema::Keywords(keywords) = &mut self.schemas.node_mut(id).schema {
            keywords.reference = Some(Reference::Unresolved(text.to_owned()));
        }
    }

    /// Has a schema take any value, as far as its reference decided.
    fn open_up(&mut self, id: NodeId) {
        let (pointer, hides) = (self.schemas.pointer(id), self.schemas.node(id).dialect.ref_hides_siblings());
        let raw = self.files[id.file.0 as usize].value.pointer_mut(&pointer).and_then(Value::as_object_mut);
        if let Some(raw) = raw {
            raw.shift_remove("$ref");
            raw.retain(|key, _| !hides || KEPT.contains(&key.as_str()) || key.starts_with("x-"));
        }
        if let Schema::Keywords(keywords) = &mut self.schemas.node_mut(id).schema {
            keywords.reference = None;
        }
    }

    /// Takes a file from around the tree among the tree's.
    fn add(&mut self, path: String, real: &std::path::Path, open: &mut Vec<NodeId>) -> Option<FileId> {
        let known = self.files[self.schemas.own..].iter().position(|file| file.path == path);
        if let Some(known) = known {
            return Some(FileId(to_u32(self.schemas.own + known)));
        }
        let file = self.around?.read(path, real, self.limits)?;
        let id = FileId(to_u32(self.files.len()));
        let stated = self.customs.and_then(|customs| (customs.dialect)(&file.path));
        let (mut document, problems) = Document::parse_among(file, self.limits, &AvroTypes::default());
        let detected = DetectedDialect::detect(&mut document, stated);
        let described = Described::read(self.files);
        let reader = FileVisitor { described: &described, dialect: detected.dialect, limits: self.limits };
        let mut found = reader.visit_file(recognise::is_schema(&document), id, &document);
        if found.root.is_none() && !document.broken && document.value.is_object() {
            found = FileVisitor { dialect: Dialect::Draft2020, ..reader }.visit_file(true, id, &document);
        }
        found.root?;
        found.diagnostics.extend(problems);
        for (uri, id) in &found.resources {
            self.declared.entry(uri.clone()).or_insert(*id);
        }
        open.extend(&found.pending);
        drop(described);
        self.files.push(document);
        self.schemas.found.push(found);
        self.schemas.by_pointer.push(std::sync::OnceLock::new());
        self.schemas.beyond += 1;
        Some(id)
    }
}
