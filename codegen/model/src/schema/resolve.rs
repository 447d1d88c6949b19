//! Finds every subschema of every file and links the references between them.
//!
//! Identifiers follow draft 2020-12, section 8.2: each `$id` opens a resource, references resolve against the nearest one. A file
//! without `$id` has its path as its URI, so that relative references between files work as they do on disk. Nothing is fetched.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Dialect, FileId, Keywords, Node, NodeId, Reference, Schema, Schemas, keywords};
use crate::{
    diagnostic::{self, Diagnostic},
    source::{Format, to_u32},
    syntax::{Document, escape_pointer, join_pointer, split_pointer},
};

/// The URI of a file without `$id` is this and its path.
const TREE: &str = "tree:///";

/// Words of which a schema has at least one; a file whose root has none is no schema.
const SCHEMA_WORDS: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "$anchor",
    "$dynamicRef",
    "$recursiveRef",
    "definitions",
    "type",
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "items",
    "prefixItems",
    "enum",
    "const",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "x-event",
    "propertyNames",
    "contains",
    "dependencies",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Fills the arena with the subschemas of `files`.
pub(super) fn link(files: &[Document], schemas: &mut Schemas, diagnostics: &mut Vec<Diagnostic>) {
    let (resources, anchors) = (HashMap::new(), HashMap::new());
    let mut linker = Linker { files, schemas, diagnostics, resources, anchors, bases: Vec::new(), pending: Vec::new(), resolving: false };
    for file in (0..to_u32(files.len())).map(FileId) {
        let root = linker.root(file);
        linker.schemas.roots.push(root);
    }
    linker.resolving = true;
    linker.resolve_all();
    linker.report_circles();
}

struct Linker<'a> {
    files: &'a [Document],
    schemas: &'a mut Schemas,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Resources by absolute URI without fragment.
    resources: HashMap<String, NodeId>,
    /// Anchors by URI and name; whether the anchor is dynamic.
    anchors: HashMap<(String, String), (NodeId, bool)>,
    /// The resource that each node belongs to.
    bases: Vec<NodeBase>,
    /// Nodes with references to resolve.
    pending: Vec<NodeId>,
    /// Whether all files have been visited.
    resolving: bool,
}

/// The URI of the resource that a node belongs to, and the resource's own place.
#[derive(Debug, Clone)]
struct NodeBase {
    uri: std::rc::Rc<str>,
    file: FileId,
    pointer: std::rc::Rc<str>,
}

impl<'a> Linker<'a> {
    fn file(&self, id: FileId) -> &'a Document {
        &self.files[id.0 as usize]
    }

    fn raw(&self, id: NodeId) -> &'a Value {
        let node = self.schemas.node(id);
        self.file(node.file).get(&node.pointer).unwrap_or(&Value::Null)
    }

    fn root(&mut self, file: FileId) -> Option<NodeId> {
        let document = self.file(file);
        let is_schema = match &document.value {
            Value::Bool(_) => true,
            Value::Object(members) => members.is_empty() || SCHEMA_WORDS.iter().any(|word| members.contains_key(*word)),
            _ => false,
        };
        if !is_schema || package_manifest(&document.path) {
            if document.format != Format::Avro {
                self.diagnostics.push(
                    Diagnostic::new(
                        &diagnostic::NOT_A_SCHEMA,
                        document.place(""),
                        "this file has no JSON Schema keyword at its root and is passed over",
                    )
                    .help("move it out of the schema tree"),
                );
            }
            return None;
        }
        let uri = format!("{TREE}{}", encode_path(&document.path));
        let base = NodeBase { uri: uri.as_str().into(), file, pointer: "".into() };
        let id = self.visit(file, "", &document.value, base, Dialect::Draft2020);
        self.resources.entry(uri).or_insert(id);
        Some(id)
    }

    /// Makes the node at a pointer and, below it, those of its children.
    fn visit(&mut self, file: FileId, pointer: &str, raw: &'a Value, mut base: NodeBase, inherited: Dialect) -> NodeId {
        // Only what unknown keywords hold can be reached twice: as the target of a reference, and as a child of another target.
        if self.resolving
            && let Some(id) = self.schemas.at(file, pointer)
        {
            return id;
        }
        let Value::Object(raw) = raw else {
            let accepts = raw.as_bool();
            let id = self.push(file, pointer, inherited, Schema::Bool(accepts.unwrap_or(true)), base);
            if accepts.is_none() {
                self.report(id, "", &diagnostic::MALFORMED_KEYWORD, "a schema is an object or a boolean", "write a schema here");
            }
            return id;
        };
        let dialect = self.dialect(file, pointer, raw, inherited);
        let id = self.push(file, pointer, dialect, Schema::Bool(true), base.clone());
        let hidden = dialect.ref_hides_siblings() && raw.contains_key("$ref");
        if !hidden && let Some(declared) = raw.get(dialect.id_keyword()).and_then(Value::as_str) {
            self.identify(id, declared, dialect, &mut base);
        }
        self.anchor(id, raw, dialect, &base);
        let mut children = Children { linker: self, file, pointer, base, dialect, id };
        let keywords = keywords::read(raw, dialect, &mut children);
        if keywords.reference.is_some() || keywords.dynamic_reference.is_some() {
            self.pending.push(id);
        }
        self.schemas.nodes[id.0 as usize].schema = Schema::Keywords(Box::new(keywords));
        id
    }

    fn push(&mut self, file: FileId, pointer: &str, dialect: Dialect, schema: Schema, base: NodeBase) -> NodeId {
        self.bases.push(base);
        self.schemas.push(Node { file, pointer: pointer.to_owned(), dialect, schema })
    }

    fn dialect(&mut self, file: FileId, pointer: &str, raw: &serde_json::Map<String, Value>, inherited: Dialect) -> Dialect {
        let Some(declared) = raw.get("$schema").and_then(Value::as_str) else { return inherited };
        Dialect::of(declared).unwrap_or_else(|| {
            let at = format!("{pointer}/$schema");
            let document = self.file(file);
            self.diagnostics.push(
                Diagnostic::new(
                    &diagnostic::UNKNOWN_DIALECT,
                    document.place(&at),
                    format!("unknown dialect {declared:?}, read as {}", inherited.uri()),
                )
                .pointer(at)
                .help("use a published dialect, such as https://json-schema.org/draft/2020-12/schema"),
            );
            inherited
        })
    }

    /// Handles `$id`: a fragment alone is an anchor (draft 7 and before), anything else opens a resource.
    fn identify(&mut self, id: NodeId, declared: &str, dialect: Dialect, base: &mut NodeBase) {
        let (uri, fragment) = declared.split_once('#').unwrap_or((declared, ""));
        if !uri.is_empty() {
            let absolute = join(&base.uri, uri);
            let node = self.schemas.node(id);
            *base = NodeBase { uri: absolute.as_str().into(), file: node.file, pointer: node.pointer.as_str().into() };
            self.bases[id.0 as usize] = base.clone();
            if self.resources.insert(absolute.clone(), id).is_some_and(|other| other != id) {
                let keyword = dialect.id_keyword();
                self.report(
                    id,
                    &format!("/{keyword}"),
                    &diagnostic::DUPLICATE_ID,
                    &format!("another schema declares {absolute:?} too"),
                    "rename one of them",
                );
            }
        }
        if !fragment.is_empty() && dialect <= Dialect::Draft7 {
            self.anchors.insert((base.uri.to_string(), fragment.to_owned()), (id, false));
        }
    }

    fn anchor(&mut self, id: NodeId, raw: &serde_json::Map<String, Value>, dialect: Dialect, base: &NodeBase) {
        if dialect < Dialect::Draft2019 {
            return;
        }
        for (keyword, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
            let Some(name) = raw.get(keyword).and_then(Value::as_str) else { continue };
            let earlier = self.anchors.insert((base.uri.to_string(), name.to_owned()), (id, dynamic));
            if earlier.is_some_and(|(other, _)| other != id) {
                self.report(
                    id,
                    &format!("/{keyword}"),
                    &diagnostic::DUPLICATE_ID,
                    &format!("another schema of this resource has the anchor {name:?} too"),
                    "rename one of them",
                );
            }
        }
    }

    fn resolve_all(&mut self) {
        // Resolving can find further subschemas, under keywords that are not known, and with them further references.
        while let Some(id) = self.pending.pop() {
            let Some(keywords) = self.schemas.keywords(id) else { continue };
            let references = [keywords.reference.clone(), keywords.dynamic_reference.clone()];
            let resolved = references.map(|reference| match reference {
                Some(Reference::Unresolved(text)) => Some(self.resolve_or_report(id, text)),
                other => other,
            });
            let [mut reference, mut dynamic] = resolved;
            if let Some(Reference::To(target)) = dynamic {
                dynamic = Some(self.dynamic(id, target));
            }
            // A `$dynamicRef` alone whose target is not dynamic is a `$ref`.
            if reference.is_none() && matches!(dynamic, Some(Reference::To(_))) {
                reference = dynamic.take();
            }
            if let Schema::Keywords(keywords) = &mut self.schemas.nodes[id.0 as usize].schema {
                keywords.reference = reference;
                if dynamic != keywords.dynamic_reference {
                    keywords.dynamic_reference = dynamic;
                }
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

    fn resolve_or_report(&mut self, id: NodeId, text: String) -> Reference {
        match self.resolve(id, &text) {
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

    fn resolve(&mut self, id: NodeId, text: &str) -> Result<NodeId, (String, String)> {
        let base = self.bases[id.0 as usize].clone();
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode(fragment);
        let absolute = if uri.is_empty() { base.uri.to_string() } else { join(&base.uri, uri) };
        if climbs_out(&base.uri, uri) {
            return Err((format!("{text:?} leads above the schema root"), "copy the file into the tree".into()));
        }
        let resource = self.resource(&base, uri, &absolute).ok_or_else(|| self.missing_resource(text, &absolute))?;
        if fragment.is_empty() {
            return Ok(resource);
        }
        if !fragment.starts_with('/') {
            let uri = self.bases[resource.0 as usize].uri.to_string();
            return self
                .anchors
                .get(&(uri, fragment.clone()))
                .map(|(id, _)| *id)
                .ok_or_else(|| (format!("{text:?} leads nowhere: no anchor {fragment:?} there"), "correct the anchor's name".into()));
        }
        self.pointer(resource, &fragment).ok_or_else(|| self.missing_pointer(text, resource, &fragment))
    }

    fn resource(&mut self, base: &NodeBase, uri: &str, absolute: &str) -> Option<NodeId> {
        if uri.is_empty() {
            return self.schemas.at(base.file, &base.pointer);
        }
        if let Some(id) = self.resources.get(absolute).or_else(|| self.resources.get(absolute.trim_end_matches('/'))) {
            return Some(*id);
        }
        // A file that has an `$id` of its own can be meant by its path all the same.
        let own = format!("{TREE}{}", encode_path(&self.file(base.file).path));
        let path = percent_decode(join(&own, uri).strip_prefix(TREE)?);
        let index = self.files.binary_search_by(|file| file.path.as_str().cmp(&path)).ok()?;
        self.schemas.at(FileId(to_u32(index)), "")
    }

    /// The schema at a pointer inside a resource; made now if no known keyword leads there.
    fn pointer(&mut self, resource: NodeId, fragment: &str) -> Option<NodeId> {
        let node = self.schemas.node(resource);
        let (file, dialect) = (node.file, node.dialect);
        let full = format!("{}{}", node.pointer, canonical(fragment));
        if let Some(id) = self.schemas.at(file, &full) {
            return Some(id);
        }
        let value = self.file(file).get(&full)?;
        if !(value.is_object() || value.is_boolean()) {
            return None;
        }
        let base = self.bases[resource.0 as usize].clone();
        Some(self.visit(file, &full, value, base, dialect))
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
        let help = crate::decode::nearest(&path, known)
            .map_or_else(|| "correct the path, or add the file".to_owned(), |near| format!("did you mean {near}?"));
        (format!("{text:?} leads nowhere: there is no file {path} in the tree"), help)
    }

    fn missing_pointer(&self, text: &str, resource: NodeId, fragment: &str) -> (String, String) {
        let node = self.schemas.node(resource);
        let parts = split_pointer(fragment);
        let (last, parent) = parts.split_last().map_or(("", String::new()), |(last, parent)| (last.as_str(), join_pointer(parent)));
        let siblings = self.file(node.file).get(&format!("{}{parent}", node.pointer)).and_then(Value::as_object);
        let near = siblings.and_then(|members| crate::decode::nearest(last, members.keys().map(String::as_str)));
        let help = near.map_or_else(|| "correct the pointer".to_owned(), |near| format!("did you mean {parent}/{near}?"));
        (format!("{text:?} leads nowhere: {} has no schema at {fragment}", self.file(node.file).path), help)
    }

    /// Reports references that come back to themselves without a step into the document.
    fn report_circles(&mut self) {
        let mut reported = HashSet::new();
        for start in self.schemas.ids() {
            let mut seen = HashSet::new();
            let mut at = start;
            while let Some(next) = self.schemas.keywords(at).and_then(Keywords::plain_reference) {
                if !seen.insert(at) {
                    break;
                }
                at = next;
            }
            if !seen.contains(&at) || !reported.insert(at) {
                continue;
            }
            reported.extend(seen);
            self.report(
                at,
                "/$ref",
                &diagnostic::CIRCULAR_REF,
                "this $ref leads only back to itself",
                "let one of the definitions state a type",
            );
            // What cannot be evaluated accepts everything, so that nothing after this runs in circles.
            self.schemas.nodes[at.0 as usize].schema = Schema::Bool(true);
        }
    }

    fn report(&mut self, id: NodeId, below: &str, rule: &'static diagnostic::Rule, message: &str, help: &str) {
        let node = self.schemas.node(id);
        let pointer = format!("{}{below}", node.pointer);
        let place = self.file(node.file).place(&pointer);
        self.diagnostics.push(Diagnostic::new(rule, place, message).pointer(pointer).help(help));
    }
}

/// Makes the children of one schema.
struct Children<'a, 'b> {
    linker: &'a mut Linker<'b>,
    file: FileId,
    pointer: &'a str,
    base: NodeBase,
    dialect: Dialect,
    id: NodeId,
}

impl<'b> keywords::Sink<'b> for Children<'_, 'b> {
    fn child(&mut self, below: &str, raw: &'b Value) -> NodeId {
        self.linker.visit(self.file, &format!("{}{below}", self.pointer), raw, self.base.clone(), self.dialect)
    }

    fn malformed(&mut self, keyword: &str, expected: &str) {
        let message = format!("`{keyword}` must be {expected}");
        self.linker.report(
            self.id,
            &format!("/{}", escape_pointer(keyword)),
            &diagnostic::MALFORMED_KEYWORD,
            &message,
            "correct the value, or remove the keyword",
        );
    }
}

/// A package's own manifest may lie beside its schemas and use words such as `type`.
fn package_manifest(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("package.json" | "package-lock.json" | "tsconfig.json" | "composer.json"))
}

/// Joins a reference to a base URI (RFC 3986, section 5.2, as far as identifiers of schemas go).
fn join(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
    if let Some(reference) = reference.strip_prefix("//") {
        return format!("{scheme}://{reference}");
    }
    if !base.contains("://") {
        // An opaque base, such as a URN, has no path to resolve against.
        return reference.to_owned();
    }
    let merged = match reference.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{}{reference}", path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in merged.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{scheme}://{authority}/{}", parts.join("/"))
}

fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Whether a relative reference from a file of the tree climbs above its root.
fn climbs_out(base: &str, reference: &str) -> bool {
    let Some(path) = base.strip_prefix(TREE) else { return false };
    if has_scheme(reference) || reference.starts_with('/') || reference.is_empty() {
        return false;
    }
    let mut depth = path.matches('/').count();
    for part in reference.split('/') {
        match part {
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            "." | "" => {}
            _ => depth += 1,
        }
    }
    false
}

fn encode_path(path: &str) -> String {
    path.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
}

fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok())).flatten();
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// A pointer spelled as nodes spell theirs.
fn canonical(pointer: &str) -> String {
    join_pointer(&split_pointer(pointer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_join_like_urls() {
        for (base, reference, expected) in [
            ("tree:///a/b.json", "c.json", "tree:///a/c.json"),
            ("tree:///a/b.json", "../c.json", "tree:///c.json"),
            ("tree:///a/b.json", "/c.json", "tree:///c.json"),
            ("https://example.com/s/root.json", "item.json", "https://example.com/s/item.json"),
            ("https://example.com/root.json", "//other.org/x", "https://other.org/x"),
            ("urn:example:root", "urn:example:other", "urn:example:other"),
            ("tree:///a/b.json", "https://example.com/x", "https://example.com/x"),
        ] {
            assert_eq!(join(base, reference), expected);
        }
    }

    #[test]
    fn climbing_out_is_seen() {
        assert!(climbs_out("tree:///a/b.json", "../../c.json"));
        assert!(!climbs_out("tree:///a/b.json", "../c.json"));
        assert!(!climbs_out("https://example.com/a", "../../c.json"));
    }
}
