//! The arena of all subschemas, and what can be asked of it.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use eventc_pattern::automata::TextAutomaton;
use rustc_hash::FxBuildHasher;
use serde_json::Value;

use super::{
    Dialect, Keywords, Without, meta,
    position::{PointerIndex, Position},
    uri,
    visit::FileNodes,
};
use crate::{
    diagnostic::Place,
    source::{Passed, to_u32},
    syntax::Document,
};

/// The longest chain of references that is followed.
const MAX_STEPS: usize = 100_000;

/// Names a subschema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    pub(super) file: FileId,
    pub(super) index: u32,
}

/// Names a file of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A subschema: where it stands, and what it demands.
#[derive(Debug)]
pub struct Node {
    /// Its file.
    pub file: FileId,
    /// Its place in the file.
    pub(super) position: Position,
    /// The dialect that it is written in.
    pub dialect: Dialect,
    /// The vocabularies of the dialect that do not count.
    pub without: Without,
    /// Its demands.
    pub schema: Schema,
}

/// A schema is a boolean or a set of keywords.
#[derive(Debug)]
pub enum Schema {
    /// `true` accepts everything, `false` nothing.
    Bool(bool),
    /// Keywords in the words of draft 2020-12.
    Keywords(Box<Keywords>),
}

/// All files and subschemas of a tree.
#[derive(Debug, Default)]
pub struct Schemas {
    /// The files, in path order; after those of the tree the files around it that it refers to, and the published meta-schemas.
    pub files: Vec<Document>,
    /// The number of files that are the tree's own.
    pub(super) own: usize,
    /// The number of files that were read from around it.
    pub(super) beyond: usize,
    /// Whether anything was looked for around it.
    pub(super) looked_around: bool,
    /// Files that hold no schema.
    pub passed: Passed,
    /// Files that cannot be schemas by their names.
    pub others: Passed,
    /// Files that hold schemas only since references name parts of them.
    pub(super) adopted: HashSet<FileId, FxBuildHasher>,
    /// Schemas whose reference was written loosely.
    pub strays: Vec<NodeId>,
    /// Schemas whose reference names a URL that nothing answers, and the URL.
    pub absent: HashMap<NodeId, String, FxBuildHasher>,
    /// Schemas whose reference means nothing, which is told already.
    pub(super) dead: HashSet<NodeId, FxBuildHasher>,
    /// Schemas whose reference means nothing.
    pub unsound: Vec<NodeId>,
    /// Links on the way to files that references name, for those that lead nowhere.
    pub(crate) links: HashMap<NodeId, String>,
    /// Schemas that lead only back to themselves, or that nobody can judge by for their intricacy, in the order of their ids. They are read
    /// as `true`, and mean nothing.
    pub circular: Vec<NodeId>,
    /// The subschemas of each file.
    pub(super) found: Vec<FileNodes>,
    /// By file and JSON Pointer: filled for a file when somebody first asks.
    pub(super) by_pointer: Vec<OnceLock<PointerIndex>>,
    /// Dynamic anchors that several resources declare, by the root of the resource.
    pub(super) scopes: HashMap<NodeId, Vec<(String, NodeId)>, FxBuildHasher>,
    /// The automata of patterns that engines may take very long for, by pattern.
    pub(super) automata: HashMap<String, TextAutomaton, FxBuildHasher>,
    /// URIs that several resources declare.
    pub(super) shared: HashSet<Arc<str>, FxBuildHasher>,
}

impl Schemas {
    /// Returns a subschema.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.found[id.file.0 as usize].nodes[id.index as usize]
    }

    /// Returns the keywords of a subschema; `None` for a boolean schema.
    pub fn keywords(&self, id: NodeId) -> Option<&Keywords> {
        match &self.node(id).schema {
            Schema::Bool(_) => None,
            Schema::Keywords(keywords) => Some(keywords),
        }
    }

    /// Returns the document of a file.
    pub fn file(&self, id: FileId) -> &Document {
        &self.files[id.0 as usize]
    }

    /// Returns the root schema of a file; `None` where the file holds no schema.
    pub fn root(&self, id: FileId) -> Option<NodeId> {
        self.found[id.0 as usize].root
    }

    /// Returns the file of that path below the schema root.
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        let (own, meta) = self.files.split_at(self.own);
        let index = own.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
        let index = index.or_else(|| Some(self.own + meta.iter().position(|file| file.path == path)?));
        index.map(|index| FileId(to_u32(index)))
    }

    /// Returns whether a file is no file of the tree but a published meta-schema that the tree refers to.
    ///
    /// ```
    /// use eventc_model::{schema::{FileId, Schemas}, source::{Limits, Tree}};
    ///
    /// let text = r#"{"properties": {"schema": {"$ref": "http://json-schema.org/draft-07/schema#"}}}"#;
    /// let (schemas, problems) = Schemas::load(Tree::from_texts([("form.json", text)], &Limits::default()));
    /// assert!(problems.is_empty() && !schemas.is_meta(FileId(0)) && schemas.is_meta(FileId(1)));
    /// ```
    pub fn is_meta(&self, id: FileId) -> bool {
        id.0 as usize >= self.own + self.beyond
    }

    /// Returns whether a file is a schema by itself, and not only since references name parts of it.
    pub fn stands_alone(&self, id: FileId) -> bool {
        !self.adopted.contains(&id)
    }

    /// Returns whether a file is one of the tree itself, and none that was read from around it.
    pub fn is_own(&self, id: FileId) -> bool {
        (id.0 as usize) < self.own
    }

    /// Returns the files on disk that the schemas were read from, those around the tree too.
    pub fn read_from(&self, root: &Path) -> impl Iterator<Item = PathBuf> {
        let read = self.file_ids().filter(|file| !self.is_meta(*file));
        read.map(move |id| if self.is_own(id) { root.join(&self.file(id).path) } else { PathBuf::from(&*self.file(id).shown) })
    }

    /// Returns whether what the tree means depends on more than its own files.
    pub fn depends_on_surroundings(&self) -> bool {
        self.looked_around || !(self.strays.is_empty() && self.absent.is_empty() && self.unsound.is_empty())
    }

    /// Returns all files.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..to_u32(self.files.len())).map(FileId)
    }

    /// Returns all subschemas: file by file, parents first.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> {
        // While references are linked, the files are not here yet.
        (0..to_u32(self.found.len())).flat_map(|file| self.ids_in(FileId(file)))
    }

    /// Returns the subschemas of a file, parents first.
    pub fn ids_in(&self, file: FileId) -> impl Iterator<Item = NodeId> + use<> {
        (0..to_u32(self.found[file.0 as usize].nodes.len())).map(move |index| NodeId { file, index })
    }

    /// Returns the subschema at a JSON Pointer of a file, if there is one.
    pub fn at(&self, file: FileId, pointer: &str) -> Option<NodeId> {
        let nodes = &self.found[file.0 as usize].nodes;
        let by_pointer = self.by_pointer[file.0 as usize].get_or_init(|| {
            let mut index = PointerIndex::default();
            index.add(nodes, 0);
            index
        });
        by_pointer.find(nodes, pointer).map(|index| NodeId { file, index })
    }

    /// Returns the JSON Pointer of a subschema in its file.
    pub fn pointer(&self, id: NodeId) -> String {
        self.found[id.file.0 as usize].pointer(id.index)
    }

    /// Returns whether a subschema is the whole file.
    pub fn is_whole(&self, id: NodeId) -> bool {
        self.node(id).position.is_whole()
    }

    /// Returns the root of the resource that a subschema belongs to: the nearest schema with an `$id`, or the file's root (2020-12, section
    /// 4.3.5).
    pub fn resource(&self, id: NodeId) -> NodeId {
        let found = &self.found[id.file.0 as usize];
        found.owners.get(id.index as usize).copied().or(found.root).unwrap_or(id)
    }

    /// Returns the URI of the resource that a subschema belongs to, where a schema there declares one; `None` where only the file's path
    /// names it.
    pub fn uri(&self, id: NodeId) -> Option<&str> {
        let resource = self.resource(id);
        self.found[resource.file.0 as usize].uri(resource)
    }

    /// Returns a URI that means a resource, given by its root, and no other of the tree: the one that it declares, if it alone does so;
    /// otherwise one made from the file's path. A tree's copy of a published meta-schema goes by its path too: everybody has the original.
    pub fn name(&self, resource: NodeId) -> Cow<'_, str> {
        if let Some(uri) = self.uri(resource).filter(|uri| self.is_alone(resource.file, uri)) {
            return uri.into();
        }
        let node = self.node(resource);
        let file = format!("{}{}", uri::TREE, uri::encode(&self.file(node.file).path));
        // No file's path has a question mark there.
        let pointer = self.pointer(resource);
        if pointer.is_empty() { file.into() } else { format!("{file}?{}", uri::encode(&pointer)).into() }
    }

    /// Returns whether nothing else has the URI that a file declares: no other file, and no published meta-schema.
    fn is_alone(&self, file: FileId, uri: &str) -> bool {
        let is_copy = meta::is_known(uri) && (file.0 as usize) < self.own;
        !is_copy && !self.shared.contains(uri)
    }

    /// Returns whether a schema of the file, and none of another, declares an absolute URI.
    pub fn declares(&self, file: FileId, uri: &str) -> bool {
        self.is_alone(file, uri) && self.found[file.0 as usize].uris.iter().any(|(_, declared)| **declared == *uri)
    }

    /// Returns the absolute URI that a reference in a subschema names; one that begins with `tree:///` where only paths of files do.
    pub fn absolute(&self, id: NodeId, reference: &str) -> String {
        let own = || format!("{}{}", uri::TREE, uri::encode_path(&self.file(id.file).path));
        let (before, fragment) = reference.split_once('#').map_or((reference, None), |(before, fragment)| (before, Some(fragment)));
        let base = self.uri(id).map_or_else(own, str::to_owned);
        let absolute = if before.is_empty() { base } else { uri::join(&base, before) };
        fragment.map_or_else(|| absolute.clone(), |fragment| format!("{absolute}#{fragment}"))
    }

    /// Returns the dynamic anchors of a resource, by its root, as far as other resources have them too: name (empty for `$recursiveAnchor`)
    /// and schema. An anchor that only one schema has means that schema, whatever the scope.
    ///
    /// Sources: 2020-12, section 8.2.3.2; 2019-09, section 8.2.4.2.
    pub fn dynamic_anchors(&self, resource: NodeId) -> &[(String, NodeId)] {
        self.scopes.get(&resource).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a subschema is the root of a resource that has such anchors: whoever comes through it may see others behind it.
    pub fn opens_scope(&self, id: NodeId) -> bool {
        !self.scopes.is_empty() && self.scopes.contains_key(&id)
    }

    /// Returns whether a keyword of a subschema demands nothing, since the meta-schema that its `$schema` names does not use the
    /// vocabulary.
    pub fn is_unused(&self, id: NodeId, keyword: &str) -> bool {
        self.node(id).without.covers(keyword)
    }

    /// Returns the value of the subschema as it stands in its file.
    pub fn raw(&self, id: NodeId) -> &Value {
        self.file(id.file).get(&self.pointer(id)).unwrap_or(&Value::Null)
    }

    /// Returns the place of the subschema.
    pub fn place(&self, id: NodeId) -> Place {
        self.file(id.file).place(&self.pointer(id))
    }

    /// Follows `$ref`s that stand alone (no sibling that constrains) to the schema that they mean.
    pub fn target(&self, mut id: NodeId) -> NodeId {
        // Loops have been reported and cut; no tree has a longer chain.
        for _ in 0..MAX_STEPS {
            match self.keywords(id).and_then(Keywords::plain_reference) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// Returns a short name for a node in messages and keys: `path#pointer`.
    pub fn label(&self, id: NodeId) -> String {
        format!("{}#{}", self.file(id.file).path, self.pointer(id))
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.found[id.file.0 as usize].nodes[id.index as usize]
    }

    /// Lets `at` find the nodes of a file that were made late, from one on.
    pub(super) fn index(&mut self, file: FileId, first: usize) {
        if let Some(by_pointer) = self.by_pointer[file.0 as usize].get_mut() {
            by_pointer.add(&self.found[file.0 as usize].nodes, first);
        }
    }
}
