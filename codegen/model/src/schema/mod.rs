//! Every subschema of the tree, found and linked, in the words of draft 2020-12.
//!
//! [`Schemas`] is an arena: a [`NodeId`] names a subschema, its [`Node`] says where it stands and what it demands. Older dialects
//! are lowered while reading ([`keywords`]); the raw value stays at hand, so that no keyword is lost.

mod dialect;
mod keywords;
mod resolve;

use std::{collections::HashMap, thread};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

pub use self::{
    dialect::Dialect,
    keywords::{Keywords, Kind, Kinds, Rare, Reference, is_integer},
};
use crate::{
    diagnostic::{Diagnostic, Place},
    source::{Limits, SourceFile, Tree, to_u32},
    syntax::Document,
};

/// Stack of the threads that parse: deep documents recurse as deep as `limits.depth` allows.
const STACK: usize = 64 << 20;

/// Parses files on all cores; the order of the results is that of the files.
fn parse_all(files: &[SourceFile], limits: &Limits) -> Vec<(Option<Document>, Vec<Diagnostic>)> {
    let parse = |chunk: &[SourceFile]| chunk.iter().map(|file| Document::parse(file.clone(), limits)).collect::<Vec<_>>();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    // A handful of files is done before threads are.
    if threads == 1 || files.len() < 64 {
        return parse(files);
    }
    thread::scope(|scope| {
        let spawn = |chunk| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || parse(chunk)).map_err(|_| chunk);
        let workers: Vec<_> = files.chunks(files.len().div_ceil(threads)).map(spawn).collect();
        let join = |worker| match worker {
            Ok(worker) => thread::ScopedJoinHandle::join(worker).unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No further thread could be started: the work is done here.
            Err(chunk) => parse(chunk),
        };
        workers.into_iter().flat_map(join).collect()
    })
}

/// Names a subschema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Names a file of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A subschema: where it stands, and what it demands.
#[derive(Debug)]
pub struct Node {
    /// Its file.
    pub file: FileId,
    /// JSON Pointer in the file.
    pub pointer: String,
    /// The dialect that it is written in.
    pub dialect: Dialect,
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
    /// The files, in path order.
    pub files: Vec<Document>,
    nodes: Vec<Node>,
    by_place: HashMap<(FileId, String), NodeId, FxBuildHasher>,
    roots: Vec<Option<NodeId>>,
}

impl Schemas {
    /// Parses the files of a tree, finds every subschema and follows every reference. Returns what is wrong beside what
    /// could be read.
    pub fn load(tree: Tree) -> (Self, Vec<Diagnostic>) {
        let mut schemas = Self::default();
        let mut diagnostics = tree.diagnostics;
        let mut files = Vec::with_capacity(tree.files.len());
        for (document, problems) in parse_all(&tree.files, &tree.limits) {
            diagnostics.extend(problems);
            files.extend(document);
        }
        resolve::link(&files, &mut schemas, &mut diagnostics);
        schemas.files = files;
        (schemas, diagnostics)
    }

    /// A subschema.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The keywords of a subschema; `None` for a boolean schema.
    pub fn keywords(&self, id: NodeId) -> Option<&Keywords> {
        match &self.node(id).schema {
            Schema::Bool(_) => None,
            Schema::Keywords(keywords) => Some(keywords),
        }
    }

    /// The document of a file.
    pub fn file(&self, id: FileId) -> &Document {
        &self.files[id.0 as usize]
    }

    /// The root schema of a file; `None` where the file holds no schema.
    pub fn root(&self, id: FileId) -> Option<NodeId> {
        self.roots[id.0 as usize]
    }

    /// The file of that path below the schema root.
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|index| FileId(to_u32(index)))
    }

    /// All files.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..to_u32(self.files.len())).map(FileId)
    }

    /// All subschemas, in the order in which they were found: file by file, parents first.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..to_u32(self.nodes.len())).map(NodeId)
    }

    /// The subschema at a JSON Pointer of a file, if there is one.
    pub fn at(&self, file: FileId, pointer: &str) -> Option<NodeId> {
        self.by_place.get(&(file, pointer.to_owned())).copied()
    }

    /// The value of the subschema as it stands in its file.
    pub fn raw(&self, id: NodeId) -> &Value {
        let node = self.node(id);
        self.file(node.file).get(&node.pointer).unwrap_or(&Value::Null)
    }

    /// Where the subschema stands.
    pub fn place(&self, id: NodeId) -> Place {
        let node = self.node(id);
        self.file(node.file).place(&node.pointer)
    }

    /// Follows `$ref`s that stand alone (no sibling that constrains) to the schema that they mean.
    pub fn target(&self, mut id: NodeId) -> NodeId {
        // Longer chains than there are nodes are loops, which `resolve` has reported.
        for _ in 0..self.nodes.len() {
            match self.keywords(id).and_then(Keywords::plain_reference) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// A short name for a node in messages and keys: `path#pointer`.
    pub fn label(&self, id: NodeId) -> String {
        let node = self.node(id);
        format!("{}#{}", self.file(node.file).path, node.pointer)
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 subschemas fit in memory"));
        self.by_place.insert((node.file, node.pointer.clone()), id);
        self.nodes.push(node);
        id
    }
}
