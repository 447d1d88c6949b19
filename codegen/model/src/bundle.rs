//! Contracts as schemas that stand alone: every reference into another file becomes one into the schema's own `$defs`.
//!
//! Three cases, from common to rare:
//! - One dialect, no dynamic scope: the root stays as it is; what it refers to elsewhere is added under `$defs` (`definitions` up to
//!   draft 7), with names taken from the definition's key or the file's name.
//! - Several dialects: everything is lifted to draft 2020-12, which can say all that the older ones do (`lift`).
//! - `$dynamicRef`s whose target depends on the path taken: the files are embedded whole, each with its `$id`
//!   (draft 2020-12, section 9.3.1), since only resources of their own keep dynamic scope.
//!
//! Everything else is kept: annotations, unknown keywords, the order of keys. An embedded copy loses what only means something in its
//! file: `$schema`, `$id`, anchors, `x-event` and its own definitions, which stand beside it where they are used.

mod compound;
mod lift;
pub mod names;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    catalog::{Catalog, Contract},
    schema::{Dialect, FileId, NodeId, Reference, Schema, Schemas},
    syntax::{escape_pointer, split_pointer},
};
use serde_json::{Map, Value, json};

/// Returns the schema with everything that it refers to inside it.
///
/// References that lead nowhere stay as they are.
///
/// ```
/// use eventc_model::{bundle::bundle, catalog::Catalog, config::Config, source::{Limits, Tree}};
///
/// let files = [
///     ("order.json", r##"{"properties": {"total": {"$ref": "_types.json#/$defs/money"}}}"##),
///     ("_types.json", r##"{"$defs": {"money": {"type": "number"}}}"##),
/// ];
/// let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
/// assert_eq!(
///     bundle(&catalog.schemas, catalog.contracts[0].root).to_string(),
///     r##"{"properties":{"total":{"$ref":"#/$defs/money"}},"$defs":{"money":{"type":"number"}}}"##,
/// );
/// ```
pub fn bundle(schemas: &Schemas, root: NodeId) -> Value {
    Bundler::new(schemas, root, None).run()
}

/// Returns the schema of a whole event: its namespace's envelope with the contract's payload in place; the contract's own schema where the
/// namespace has no envelope, and for envelopes and dead letters themselves.
pub fn bundle_event(catalog: &Catalog, contract: &Contract) -> Value {
    let envelope = (contract.kind == crate::catalog::ContractKind::Event).then(|| catalog.envelope(contract.namespace)).flatten();
    let roles = catalog.namespace(contract).envelope.as_ref();
    let (Some(envelope), Some(roles)) = (envelope, roles) else { return bundle(&catalog.schemas, contract.root) };
    let path = split_pointer(&roles.payload);
    let place = path.iter().try_fold(envelope.root, |at, part| {
        let keywords = catalog.schemas.keywords(catalog.schemas.target(at))?;
        keywords.properties.iter().find(|(name, _)| name == part).map(|(_, id)| *id)
    });
    let payload = Payload { place, path, root: contract.root, name: contract.type_name.clone() };
    Bundler::new(&catalog.schemas, envelope.root, Some(payload)).run()
}

/// The payload that takes its place in an envelope.
struct Payload {
    /// The envelope's schema for it; `None` where no `properties` lead there.
    place: Option<NodeId>,
    /// The properties that lead there.
    path: Vec<String>,
    root: NodeId,
    name: String,
}

struct Bundler<'a> {
    schemas: &'a Schemas,
    root: NodeId,
    payload: Option<Payload>,
    /// Rewrite every schema in the words of draft 2020-12.
    lift: bool,
    /// Names of what is added under the definitions.
    names: HashMap<NodeId, String>,
    /// `$defs` or `definitions`.
    container: &'static str,
}

/// The findings of a walk over everything that a root refers to.
#[derive(Default)]
struct Reach {
    /// Targets of references that the root's own text does not hold, in the order in which they were met.
    targets: Vec<NodeId>,
    dialects: BTreeSet<Dialect>,
    files: BTreeSet<FileId>,
    dynamic: Vec<(NodeId, String)>,
}

impl<'a> Bundler<'a> {
    fn new(schemas: &'a Schemas, root: NodeId, payload: Option<Payload>) -> Self {
        let container = if schemas.node(root).dialect <= Dialect::Draft7 { "definitions" } else { "$defs" };
        Self { schemas, root, payload, lift: false, names: HashMap::new(), container }
    }

    fn run(mut self) -> Value {
        let mut reach = self.reach();
        if reach.dynamic.iter().any(|(target, anchor)| self.dynamic_target(*target, anchor, &reach.files).is_none()) {
            return self.compound(&reach.files);
        }
        if reach.dialects.len() > 1 {
            self.lift = true;
            self.container = "$defs";
            reach = self.reach();
        }
        let taken: BTreeSet<String> = if self.lift {
            BTreeSet::new()
        } else {
            self.schemas.raw(self.root).get(self.container).and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect()
        };
        let payload = self.payload.as_ref();
        let preferred = |id| payload.filter(|payload| payload.root == id).map(|payload| payload.name.clone()).into_iter().collect();
        self.names = names::assign(self.schemas, &reach.targets, preferred, taken);
        self.write(&reach)
    }

    fn write(&self, reach: &Reach) -> Value {
        let root = self.schemas.node(self.root);
        let mut out = match self.copy(
            root.file,
            &mut self.schemas.pointer(self.root),
            self.schemas.raw(self.root),
            &reach.files,
            CopyContext::Root,
        ) {
            Value::Object(members) => members,
            whole if self.payload.is_none() => return whole,
            Value::Bool(false) => return Value::Bool(false),
            _ => Map::new(),
        };
        if self.lift {
            out.shift_remove("$schema");
            out.shift_insert(0, "$schema".into(), Dialect::Draft2020.uri().into());
        }
        if let Some(payload) = &self.payload {
            // The whole event is another schema than the envelope.
            out.shift_remove(root.dialect.id_keyword());
            if payload.place.is_none() {
                let nested = nest(&payload.path, json!({ "$ref": self.text(payload.root) }));
                push_all_of(&mut out, nested);
            }
        }
        let mut added: Vec<(&String, NodeId)> = self.names.iter().map(|(id, name)| (name, *id)).collect();
        added.sort();
        if !added.is_empty() {
            let definitions = out.entry(self.container).or_insert_with(|| Value::Object(Map::new()));
            for (name, id) in added {
                let node = self.schemas.node(id);
                let copy = self.copy(node.file, &mut self.schemas.pointer(id), self.schemas.raw(id), &reach.files, CopyContext::Definition);
                if let Value::Object(definitions) = definitions {
                    definitions.insert(name.clone(), copy);
                }
            }
        }
        Value::Object(out)
    }

    /// Walks everything that the root refers to.
    fn reach(&self) -> Reach {
        let mut reach = Reach::default();
        let mut seen = HashSet::from([self.root]);
        let mut pending = vec![(self.root, CopyContext::Root)];
        if let Some(payload) = &self.payload {
            seen.insert(payload.root);
            reach.targets.push(payload.root);
            pending.push((payload.root, CopyContext::Definition));
        }
        while let Some((id, inside)) = pending.pop() {
            let node = self.schemas.node(id);
            reach.files.insert(node.file);
            let mut found = Vec::new();
            self.walk(node.file, &mut self.schemas.pointer(id), self.schemas.raw(id), inside, &mut |id| {
                let Some(keywords) = self.schemas.keywords(id) else { return };
                reach.dialects.insert(self.schemas.node(id).dialect);
                for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
                    match reference {
                        Reference::To(target) => found.push(*target),
                        Reference::Dynamic(target, anchor) => {
                            reach.dynamic.push((*target, anchor.clone()));
                            found.push(*target);
                        }
                        Reference::Unresolved(_) => {}
                    }
                }
            });
            for target in found {
                reach.files.insert(self.schemas.node(target).file);
                if self.inside_root(target).is_none() && seen.insert(target) {
                    reach.targets.push(target);
                    pending.push((target, CopyContext::Definition));
                }
            }
        }
        reach
    }

    /// Visits every schema in a value as it will be copied.
    fn walk(&self, file: FileId, pointer: &mut String, value: &Value, inside: CopyContext, visit: &mut dyn FnMut(NodeId)) {
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                let id = self.schemas.at(file, pointer);
                if let Some(id) = id {
                    visit(id);
                }
                for (key, member) in members {
                    if (member.is_object() || member.is_array()) && !(id.is_some() && self.drops_definitions(inside, key)) {
                        push_part(pointer, key);
                        self.walk(file, pointer, member, inside, visit);
                        pointer.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| item.is_object() || item.is_array()) {
                    push_part(pointer, &index.to_string());
                    self.walk(file, pointer, item, inside, visit);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn drops_definitions(&self, inside: CopyContext, key: &str) -> bool {
        matches!(key, "$defs" | "definitions") && (self.lift || inside == CopyContext::Definition)
    }

    fn copy(&self, file: FileId, pointer: &mut String, value: &Value, files: &BTreeSet<FileId>, inside: CopyContext) -> Value {
        let length = pointer.len();
        match value {
            Value::Object(members) => match self.schemas.at(file, pointer) {
                Some(id) if matches!(self.schemas.node(id).schema, Schema::Keywords(_)) => self.schema(id, pointer, members, files, inside),
                _ => {
                    let mut out = Map::with_capacity(members.len());
                    for (key, member) in members {
                        push_part(pointer, key);
                        out.insert(key.clone(), self.copy(file, pointer, member, files, inside));
                        pointer.truncate(length);
                    }
                    Value::Object(out)
                }
            },
            Value::Array(items) => {
                let copies = items.iter().enumerate().map(|(index, item)| {
                    push_part(pointer, &index.to_string());
                    let copy = self.copy(file, pointer, item, files, inside);
                    pointer.truncate(length);
                    copy
                });
                Value::Array(copies.collect())
            }
            other => other.clone(),
        }
    }

    fn schema(
        &self,
        id: NodeId,
        pointer: &mut String,
        members: &Map<String, Value>,
        files: &BTreeSet<FileId>,
        inside: CopyContext,
    ) -> Value {
        let node = self.schemas.node(id);
        let length = pointer.len();
        let is_root = id == self.root && inside == CopyContext::Root;
        let opens_resource = !is_root && members.get(node.dialect.id_keyword()).is_some_and(Value::is_string);
        let inside = if opens_resource && inside == CopyContext::Root { CopyContext::Nested } else { inside };
        let mut out = Map::with_capacity(members.len());
        let mut also = Vec::new();
        for (key, member) in members {
            if self.drops(node.dialect, is_root, inside, key) {
                continue;
            }
            if let Some((keyword, text)) = self.reference(id, key, members, files) {
                if keyword == "$ref" && (out.contains_key("$ref") || (key != "$ref" && members.contains_key("$ref"))) {
                    also.push(json!({ "$ref": text }));
                } else {
                    out.insert(keyword.into(), text.into());
                }
                continue;
            }
            let names = if self.lift { lift::names(node.dialect, key, members) } else { lift::LiftedKeyword::One(key) };
            push_part(pointer, key);
            match names {
                lift::LiftedKeyword::Drop => {}
                lift::LiftedKeyword::One(name) => {
                    out.insert(name.to_owned(), self.copy(node.file, pointer, member, files, inside));
                }
                lift::LiftedKeyword::Dependencies => {
                    let whole = self.copy(node.file, pointer, member, files, inside);
                    lift::dependencies(whole, &mut out);
                }
            }
            pointer.truncate(length);
        }
        if let Some(payload) = self.payload.as_ref().filter(|payload| payload.place == Some(id)) {
            let payload = json!({ "$ref": self.text(payload.root) });
            if out.contains_key("$ref") || (node.dialect.ref_hides_siblings() && !self.lift) {
                also.push(payload);
            } else {
                out.insert("$ref".into(), self.text(self.payload.as_ref().map_or(id, |payload| payload.root)).into());
            }
        }
        for schema in also {
            if node.dialect.ref_hides_siblings() && !self.lift && out.contains_key("$ref") {
                // Beside a `$ref` nothing counts in these dialects: both go into `allOf`.
                let reference = out.shift_remove("$ref");
                push_all_of(&mut out, json!({ "$ref": reference }));
            }
            push_all_of(&mut out, schema);
        }
        Value::Object(out)
    }

    /// Returns whether a keyword is left out: it only means something in the file that it stands in.
    fn drops(&self, dialect: Dialect, is_root: bool, inside: CopyContext, key: &str) -> bool {
        match key {
            "$schema" => inside == CopyContext::Definition || (self.lift && !is_root),
            "$anchor" | "$dynamicAnchor" | "$recursiveAnchor" => inside != CopyContext::Root || self.lift,
            "x-event" => inside == CopyContext::Definition,
            key if key == dialect.id_keyword() => !is_root && (key == "$id" || dialect == Dialect::Draft4),
            key => self.drops_definitions(inside, key),
        }
    }

    /// Returns the keyword and text that stand for a reference; `None` where the keyword is none here, or leads nowhere.
    fn reference(&self, id: NodeId, key: &str, members: &Map<String, Value>, files: &BTreeSet<FileId>) -> Option<(&'static str, String)> {
        let node = self.schemas.node(id);
        let keywords = self.schemas.keywords(id)?;
        let reference = match key {
            "$ref" => keywords.reference.as_ref()?,
            "$dynamicRef" if node.dialect == Dialect::Draft2020 => dynamic_of(keywords, members)?,
            "$recursiveRef" if node.dialect == Dialect::Draft2019 => dynamic_of(keywords, members)?,
            _ => return None,
        };
        match reference {
            Reference::Unresolved(_) => None,
            Reference::To(target) => Some(("$ref", self.kept(*target, members.get(key)).unwrap_or_else(|| self.text(*target)))),
            Reference::Dynamic(target, anchor) => {
                let target = self.dynamic_target(*target, anchor, files).unwrap_or(*target);
                Some(("$ref", self.text(target)))
            }
        }
    }

    /// Returns the pointer of a reference in the root's own text, which stays as it was spelled.
    fn kept(&self, target: NodeId, text: Option<&Value>) -> Option<String> {
        let text = text?.as_str().filter(|text| text.starts_with("#/"))?;
        let same = self.inside_root(target)?;
        (self.schemas.is_whole(self.root) && percent_decoded(&text[1..]) == Some(same)).then(|| text.to_owned())
    }

    /// Returns the pointer of a schema below the root; `None` where the root's copy does not hold it.
    fn inside_root(&self, target: NodeId) -> Option<String> {
        if target == self.root {
            return Some(String::new());
        }
        if self.lift || self.schemas.node(self.root).file != self.schemas.node(target).file {
            return None;
        }
        let [root, target] = [self.root, target].map(|id| self.schemas.pointer(id));
        target.strip_prefix(&root).filter(|rest| rest.starts_with('/')).map(str::to_owned)
    }

    /// Returns the text of a reference to a schema in the bundle.
    fn text(&self, target: NodeId) -> String {
        match (self.inside_root(target), self.names.get(&target)) {
            (Some(pointer), _) => format!("#{}", encoded(&pointer)),
            (None, Some(name)) => format!("#/{}/{}", self.container, encoded(&escape_pointer(name))),
            // Every target outside the root has a name once `reach` has run.
            (None, None) => "#".into(),
        }
    }

    /// Returns where a dynamic reference leads in this bundle, whatever the path: to the root's own anchor, or to the only one there is.
    fn dynamic_target(&self, target: NodeId, anchor: &str, files: &BTreeSet<FileId>) -> Option<NodeId> {
        let declares = |id: &NodeId| {
            let raw = self.schemas.raw(*id);
            if anchor.is_empty() {
                raw.get("$recursiveAnchor").and_then(Value::as_bool) == Some(true)
            } else {
                raw.get("$dynamicAnchor").and_then(Value::as_str) == Some(anchor)
            }
        };
        let found: Vec<NodeId> = self.schemas.ids().filter(|id| files.contains(&self.schemas.node(*id).file)).filter(declares).collect();
        let root = self.schemas.node(self.root).file;
        let own: Vec<NodeId> = found.iter().copied().filter(|id| self.schemas.node(*id).file == root).collect();
        match (&own[..], &found[..]) {
            ([only], _) if self.payload.is_none() => Some(*only),
            (_, [only]) => Some(*only),
            (_, []) => Some(target),
            _ => None,
        }
    }
}

/// The context of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyContext {
    /// The root, with its own identifier.
    Root,
    /// A resource within the root that loses its identifier.
    Nested,
    /// A definition taken from elsewhere.
    Definition,
}

fn dynamic_of<'k>(keywords: &'k crate::schema::Keywords, members: &Map<String, Value>) -> Option<&'k Reference> {
    if members.contains_key("$ref") {
        keywords.dynamic_reference.as_ref()
    } else {
        keywords.dynamic_reference.as_ref().or(keywords.reference.as_ref())
    }
}

fn push_part(pointer: &mut String, part: &str) {
    pointer.push('/');
    pointer.push_str(&escape_pointer(part));
}

fn push_all_of(out: &mut Map<String, Value>, schema: Value) {
    if let Value::Array(list) = out.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
        list.push(schema);
    }
}

/// Returns a schema for the value at the end of a path of properties.
fn nest(path: &[String], schema: Value) -> Value {
    path.iter().rev().fold(schema, |inner, part| json!({ "properties": { part.as_str(): inner } }))
}

/// Returns text as it may stand in the fragment of a URI (RFC 3986, section 3.5).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' && tail.len() >= 2 {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).ok()?, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}
