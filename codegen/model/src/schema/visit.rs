//! Finds every subschema of one file. Files do not know each other here, so that all cores can work on them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Dialect, FileId, Node, NodeId, Schema, malformed,
    position::{self, Position},
    read,
    uri::{TREE, encode_path, join},
    vocabulary::{Described, EffectiveDialect},
};
use crate::{
    diagnostic::{self, Diagnostic},
    limits::Tally,
    source::{Limits, to_u32},
    syntax::{Document, escape_pointer},
};

/// Keywords that say nothing of which documents are valid, in any dialect (2020-12, Validation, sections 8 and 9, and Core, section 8.3).
const ANNOTATIONS: &[&str] =
    &["$comment", "contentEncoding", "contentMediaType", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"];

/// The subschemas of one file, in document order, and what is left to link.
#[derive(Debug, Default)]
pub(super) struct FileNodes {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    /// The resource that each node belongs to.
    pub(super) bases: Vec<Base>,
    /// After linking: the root of each node's resource, where the file holds more than one.
    pub(super) owners: Vec<NodeId>,
    /// The URIs of resources that say one, in the order of their roots.
    pub(super) uris: Vec<(NodeId, Arc<str>)>,
    /// Resources that the file declares, by absolute URI without fragment.
    pub(super) resources: Vec<(Arc<str>, NodeId)>,
    /// Anchors: the root of the resource, the name, and the schema.
    pub(super) anchors: Vec<(NodeId, String, NodeId)>,
    /// Dynamic anchors: the root of the resource, the name (empty for draft 2019-09's `$recursiveAnchor`), and the schema.
    pub(super) dynamic: Vec<(NodeId, String, NodeId)>,
    /// Schemas with references.
    pub(super) pending: Vec<NodeId>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The findings of each rule, by its code.
    pub(super) tally: Tally<&'static str>,
    /// The node that stands for every schema beyond the limits: it accepts everything, and it was told that there are such.
    beyond: Option<NodeId>,
}

impl FileNodes {
    /// Returns the JSON Pointer of a node.
    pub(super) fn pointer(&self, index: u32) -> String {
        position::pointer_of(&self.nodes, &self.nodes[index as usize].position)
    }

    /// Returns the URI that a resource says, by its root.
    pub(super) fn uri(&self, root: NodeId) -> Option<&str> {
        let at = self.uris.binary_search_by_key(&root, |(root, _)| *root).ok()?;
        Some(&self.uris[at].1)
    }

    /// Lets go of what only linking needs, and of the room for further nodes.
    pub(super) fn shrink(&mut self) {
        let Self { nodes, root, diagnostics, bases, mut uris, beyond, .. } = std::mem::take(self);
        uris.shrink_to_fit();
        let several = bases.iter().any(|base| Some(base.root) != root);
        let owners = if several { bases.iter().map(|base| base.root).collect() } else { Vec::new() };
        *self = Self { nodes, root, owners, uris, diagnostics, beyond, ..Self::default() };
        self.nodes.shrink_to_fit();
    }
}

/// A resource: its URI, and its root schema.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) uri: Arc<str>,
    pub(super) root: NodeId,
}

/// A visitor of files, with all that it reads them by.
#[derive(Clone, Copy)]
pub(super) struct FileVisitor<'d> {
    /// The dialects that the tree's own meta-schemas describe.
    pub(super) described: &'d Described<'d>,
    /// The dialect of a file without a `$schema`.
    pub(super) dialect: Dialect,
    pub(super) limits: &'d Limits,
}

impl FileVisitor<'_> {
    /// Finds all subschemas of a file that known keywords lead to; none where it is no schema.
    pub(super) fn visit_file(self, is_schema: bool, file: FileId, document: &Document) -> FileNodes {
        let out = FileNodes { tally: Tally::new(self.limits.findings), ..FileNodes::default() };
        let mut visitor = Visitor { file, document, reader: self, out };
        if is_schema {
            let uri: Arc<str> = format!("{TREE}{}", encode_path(&document.path)).into();
            let root = visitor.next_id();
            visitor.out.resources.push((uri.clone(), root));
            visitor.visit(None, "", &document.value, Base { uri, root }, EffectiveDialect::all_of(self.dialect));
            visitor.out.root = Some(root);
        }
        if document.broken {
            // What is wrong with what is left follows from what is missing.
            visitor.out.diagnostics.clear();
        }
        visitor.out
    }
}

/// Finds the subschemas of a value that a reference leads to and no known keyword does. Returns the first.
pub(super) fn visit_part(
    file: FileId,
    document: &Document,
    out: &mut FileNodes,
    pointer: &str,
    like: NodeId,
    limits: &Limits,
) -> Option<NodeId> {
    let raw = document.get(pointer).filter(|raw| raw.is_object() || raw.is_boolean())?;
    let (base, like) = (out.bases[like.index as usize].clone(), &out.nodes[like.index as usize]);
    let words = EffectiveDialect { dialect: like.dialect, without: like.without };
    let reader = FileVisitor { described: &Described::default(), dialect: like.dialect, limits };
    let mut visitor = Visitor { file, document, reader, out: std::mem::take(out) };
    let id = visitor.visit(None, pointer, raw, base, words);
    *out = visitor.out;
    Some(id)
}

struct Visitor<'a, 'd> {
    file: FileId,
    document: &'a Document,
    reader: FileVisitor<'d>,
    out: FileNodes,
}

impl<'a> Visitor<'a, '_> {
    fn next_id(&self) -> NodeId {
        NodeId { file: self.file, index: to_u32(self.out.nodes.len()) }
    }

    /// Makes the node at a step from another and, after it, those of its children.
    fn visit(&mut self, parent: Option<u32>, step: &str, raw: &'a Value, mut base: Base, inherited: EffectiveDialect) -> NodeId {
        let position = Position::new(&self.out.nodes, parent, step);
        if let Some(limit) = self.exceeded(&position) {
            return self.beyond(position, &limit, base, inherited);
        }
        let Value::Object(raw) = raw else {
            let id = self.push(position, inherited, Schema::Bool(raw.as_bool().unwrap_or(true)), base);
            if !raw.is_boolean() {
                self.report(id, "", &diagnostic::MALFORMED_KEYWORD, "a schema is an object or a boolean", "write a schema here");
            }
            return id;
        };
        let id = self.push(position, inherited, Schema::Bool(true), base.clone());
        let words = self.words(id, raw, inherited);
        let dialect = words.dialect;
        let hidden = dialect.ref_hides_siblings() && raw.contains_key("$ref");
        if !hidden && let Some(declared) = raw.get(dialect.id_keyword()).and_then(Value::as_str) {
            self.identify(id, declared, dialect, &mut base);
        }
        if dialect >= Dialect::Draft2019 {
            self.anchors(id, raw, dialect, &base);
        }
        let keywords = read::read(raw, words, &mut Children { visitor: self, id, base, words });
        if keywords.reference.is_some() || keywords.dynamic_reference.is_some() {
            self.out.pending.push(id);
        }
        self.out.nodes[id.index as usize].schema = Schema::Keywords(Box::new(keywords));
        id
    }

    fn push(&mut self, position: Position, words: EffectiveDialect, schema: Schema, base: Base) -> NodeId {
        let id = self.next_id();
        self.out.bases.push(base);
        let EffectiveDialect { dialect, without } = words;
        self.out.nodes.push(Node { file: self.file, position, dialect, without, schema });
        id
    }

    /// Returns what is wrong with one more node at a place, and what to do.
    fn exceeded(&self, position: &Position) -> Option<(String, &'static str)> {
        let limits = self.reader.limits;
        if self.out.nodes.len() >= limits.schemas {
            let message = format!("the file has more than {} schemas; what follows is read as `true`", limits.schemas);
            return Some((message, "split the file, or raise `limits.schemas` in eventc.toml"));
        }
        (position.length() > limits.pointer_bytes).then(|| {
            let message = format!("the JSON Pointer to this schema is longer than {} bytes; it is read as `true`", limits.pointer_bytes);
            (message, "shorten the keys, or raise `limits.pointer_bytes` in eventc.toml")
        })
    }

    /// Returns the node that stands for all beyond the limits. The first is told.
    fn beyond(&mut self, position: Position, (message, help): &(String, &str), base: Base, words: EffectiveDialect) -> NodeId {
        if let Some(id) = self.out.beyond {
            return id;
        }
        let id = self.push(position, words, Schema::Bool(true), base);
        self.out.beyond = Some(id);
        self.report(id, "", &diagnostic::TOO_LARGE, message, help);
        id
    }

    /// Returns the words that count in a schema, and notes them.
    fn words(&mut self, id: NodeId, raw: &Map<String, Value>, inherited: EffectiveDialect) -> EffectiveDialect {
        let Some(declared) = raw.get("$schema").and_then(Value::as_str) else { return inherited };
        let words = self.reader.described.of(declared).unwrap_or_else(|| {
            let message = format!("unknown dialect {declared:?}, read as {}", inherited.dialect.uri());
            let help = "use a published dialect, such as https://json-schema.org/draft/2020-12/schema, or add its meta-schema to the tree";
            self.report(id, "/$schema", &diagnostic::UNKNOWN_DIALECT, &message, help);
            inherited
        });
        let node = &mut self.out.nodes[id.index as usize];
        (node.dialect, node.without) = (words.dialect, words.without);
        words
    }

    /// Handles `$id`: a fragment alone is an anchor (draft 7 and before), anything else opens a resource.
    fn identify(&mut self, id: NodeId, declared: &str, dialect: Dialect, base: &mut Base) {
        let (uri, fragment) = declared.split_once('#').unwrap_or((declared, ""));
        if !uri.is_empty() {
            *base = Base { uri: join(&base.uri, uri).into(), root: id };
            self.out.bases[id.index as usize] = base.clone();
            self.out.uris.push((id, base.uri.clone()));
            self.out.resources.push((base.uri.clone(), id));
        }
        if !fragment.is_empty() && dialect <= Dialect::Draft7 {
            self.out.anchors.push((base.root, fragment.to_owned(), id));
        }
    }

    /// Handles the anchors of draft 2019-09 and later.
    fn anchors(&mut self, id: NodeId, raw: &Map<String, Value>, dialect: Dialect, base: &Base) {
        let text = |keyword: &str| raw.get(keyword).and_then(Value::as_str).map(str::to_owned);
        self.out.anchors.extend(text("$anchor").map(|name| (base.root, name, id)));
        if let Some(name) = text("$dynamicAnchor").filter(|_| dialect >= Dialect::Draft2020) {
            self.out.anchors.push((base.root, name.clone(), id));
            self.out.dynamic.push((base.root, name, id));
        }
        if dialect == Dialect::Draft2019 && raw.get("$recursiveAnchor").and_then(Value::as_bool) == Some(true) {
            self.out.dynamic.push((base.root, String::new(), id));
        }
    }

    fn report(&mut self, id: NodeId, below: &str, rule: &'static diagnostic::Rule, message: &str, help: &str) {
        if !self.out.tally.count(rule.code, 1) {
            return;
        }
        let pointer = self.out.pointer(id.index) + below;
        self.out.diagnostics.push(Diagnostic::new(rule, self.document.place(&pointer), message).pointer(pointer).help(help));
    }
}

/// Makes the children of one schema.
struct Children<'v, 'a, 'd> {
    visitor: &'v mut Visitor<'a, 'd>,
    id: NodeId,
    base: Base,
    words: EffectiveDialect,
}

impl<'a> read::NodeBuilder<'a> for Children<'_, 'a, '_> {
    fn child(&mut self, below: &str, raw: &'a Value) -> NodeId {
        self.visitor.visit(Some(self.id.index), below, raw, self.base.clone(), self.words)
    }

    fn malformed(&mut self, keyword: &str, expected: &str, found: &Value) {
        let below = format!("/{}", escape_pointer(keyword));
        let message = format!("`{keyword}` must be {expected}, and is {}", malformed::shown(found));
        let rule = if ANNOTATIONS.contains(&keyword) { &diagnostic::MALFORMED_ANNOTATION } else { &diagnostic::MALFORMED_KEYWORD };
        self.visitor.report(self.id, &below, rule, &message, &malformed::help(keyword, found));
    }
}
