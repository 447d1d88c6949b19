//! Finds every subschema of one file. Files do not know each other here, so that all cores can work on them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Dialect, FileId, Node, NodeId, Schema, malformed, read, recognise,
    uri::{TREE, encode_path, join},
    vocabulary::{Described, Words},
};
use crate::{
    diagnostic::{self, Diagnostic},
    source::to_u32,
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
}

impl FileNodes {
    /// Returns the URI that a resource says, by its root.
    pub(super) fn uri(&self, root: NodeId) -> Option<&str> {
        let at = self.uris.binary_search_by_key(&root, |(root, _)| *root).ok()?;
        Some(&self.uris[at].1)
    }

    /// Lets go of what only linking needs, and of the room for further nodes.
    pub(super) fn shrink(&mut self) {
        let Self { nodes, root, diagnostics, bases, mut uris, .. } = std::mem::take(self);
        uris.shrink_to_fit();
        let several = bases.iter().any(|base| Some(base.root) != root);
        let owners = if several { bases.iter().map(|base| base.root).collect() } else { Vec::new() };
        *self = Self { nodes, root, owners, uris, diagnostics, ..Self::default() };
        self.nodes.shrink_to_fit();
    }
}

/// A resource: its URI, and its root schema.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) uri: Arc<str>,
    pub(super) root: NodeId,
}

/// Finds all subschemas of a file of a tree that known keywords lead to. Without a `$schema` it is in this dialect.
pub(super) fn visit_file(file: FileId, document: &Document, described: &Described<'_>, dialect: Dialect) -> FileNodes {
    let is_schema = recognise::is_schema(document);
    visit_if(is_schema, file, document, described, dialect)
}

/// Visits the schemas of a file that somebody named as a schema.
pub(super) fn visit_plain(file: FileId, document: &Document, described: &Described<'_>, dialect: Dialect) -> FileNodes {
    visit_if(recognise::may_be(&document.value), file, document, described, dialect)
}

/// Visits the schemas of a file in which a reference finds one.
pub(super) fn visit_referred(file: FileId, document: &Document, described: &Described<'_>) -> FileNodes {
    visit_if(true, file, document, described, Dialect::Draft2020)
}

fn visit_if(is_schema: bool, file: FileId, document: &Document, described: &Described<'_>, dialect: Dialect) -> FileNodes {
    let mut visitor = Visitor { file, document, described, out: FileNodes::default() };
    if is_schema {
        let uri: Arc<str> = format!("{TREE}{}", encode_path(&document.path)).into();
        let root = visitor.next_id();
        visitor.out.resources.push((uri.clone(), root));
        visitor.visit("", &document.value, Base { uri, root }, Words::all_of(dialect));
        visitor.out.root = Some(root);
    }
    if document.broken {
        // What is wrong with what is left follows from what is missing.
        visitor.out.diagnostics.clear();
    }
    visitor.out
}

/// Finds the subschemas of a value that a reference leads to and no known keyword does. Returns the first.
pub(super) fn visit_part(file: FileId, document: &Document, out: &mut FileNodes, pointer: &str, like: NodeId) -> Option<NodeId> {
    let raw = document.get(pointer).filter(|raw| raw.is_object() || raw.is_boolean())?;
    let (base, like) = (out.bases[like.index as usize].clone(), &out.nodes[like.index as usize]);
    let words = Words { dialect: like.dialect, without: like.without };
    let described = Described::default();
    let mut visitor = Visitor { file, document, described: &described, out: std::mem::take(out) };
    let id = visitor.visit(pointer, raw, base, words);
    *out = visitor.out;
    Some(id)
}

struct Visitor<'a, 'd> {
    file: FileId,
    document: &'a Document,
    described: &'d Described<'d>,
    out: FileNodes,
}

impl<'a> Visitor<'a, '_> {
    fn next_id(&self) -> NodeId {
        NodeId { file: self.file, index: to_u32(self.out.nodes.len()) }
    }

    /// Makes the node at a pointer and, after it, those of its children.
    fn visit(&mut self, pointer: &str, raw: &'a Value, mut base: Base, inherited: Words) -> NodeId {
        let Value::Object(raw) = raw else {
            let id = self.push(pointer, inherited, Schema::Bool(raw.as_bool().unwrap_or(true)), base);
            if !raw.is_boolean() {
                self.report(pointer, &diagnostic::MALFORMED_KEYWORD, "a schema is an object or a boolean", "write a schema here");
            }
            return id;
        };
        let words = self.words(pointer, raw, inherited);
        let dialect = words.dialect;
        let id = self.push(pointer, words, Schema::Bool(true), base.clone());
        let hidden = dialect.ref_hides_siblings() && raw.contains_key("$ref");
        if !hidden && let Some(declared) = raw.get(dialect.id_keyword()).and_then(Value::as_str) {
            self.identify(id, declared, dialect, &mut base);
        }
        if dialect >= Dialect::Draft2019 {
            self.anchors(id, raw, dialect, &base);
        }
        let keywords = read::read(raw, words, &mut Children { visitor: self, pointer, base, words });
        if keywords.reference.is_some() || keywords.dynamic_reference.is_some() {
            self.out.pending.push(id);
        }
        self.out.nodes[id.index as usize].schema = Schema::Keywords(Box::new(keywords));
        id
    }

    fn push(&mut self, pointer: &str, words: Words, schema: Schema, base: Base) -> NodeId {
        let id = self.next_id();
        self.out.bases.push(base);
        let Words { dialect, without } = words;
        self.out.nodes.push(Node { file: self.file, pointer: pointer.to_owned(), dialect, without, schema });
        id
    }

    fn words(&mut self, pointer: &str, raw: &Map<String, Value>, inherited: Words) -> Words {
        let Some(declared) = raw.get("$schema").and_then(Value::as_str) else { return inherited };
        self.described.of(declared).unwrap_or_else(|| {
            let message = format!("unknown dialect {declared:?}, read as {}", inherited.dialect.uri());
            let help = "use a published dialect, such as https://json-schema.org/draft/2020-12/schema, or add its meta-schema to the tree";
            self.report(&format!("{pointer}/$schema"), &diagnostic::UNKNOWN_DIALECT, &message, help);
            inherited
        })
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

    fn report(&mut self, pointer: &str, rule: &'static diagnostic::Rule, message: &str, help: &str) {
        self.out.diagnostics.push(Diagnostic::new(rule, self.document.place(pointer), message).pointer(pointer).help(help));
    }
}

/// Makes the children of one schema.
struct Children<'v, 'a, 'd> {
    visitor: &'v mut Visitor<'a, 'd>,
    pointer: &'v str,
    base: Base,
    words: Words,
}

impl<'a> read::NodeBuilder<'a> for Children<'_, 'a, '_> {
    fn child(&mut self, below: &str, raw: &'a Value) -> NodeId {
        self.visitor.visit(&format!("{}{below}", self.pointer), raw, self.base.clone(), self.words)
    }

    fn malformed(&mut self, keyword: &str, expected: &str, found: &Value) {
        let pointer = format!("{}/{}", self.pointer, escape_pointer(keyword));
        let message = format!("`{keyword}` must be {expected}, and is {}", malformed::shown(found));
        let rule = if ANNOTATIONS.contains(&keyword) { &diagnostic::MALFORMED_ANNOTATION } else { &diagnostic::MALFORMED_KEYWORD };
        self.visitor.report(&pointer, rule, &message, &malformed::help(keyword, found));
    }
}
