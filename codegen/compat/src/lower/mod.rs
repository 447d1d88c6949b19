//! Schemas as formulas.

mod reader;
mod unevaluated;

use std::collections::HashSet;

use eventc_pattern::automata::Patterns;
use rustc_hash::{FxHashMap, FxHashSet};

use eventc_model::schema::{NodeId, Reference, Schema, Schemas};
use serde_json::Value;

use self::reader::Reader;
use super::formula::{Atom, Formulas, Lit};

/// A schema's demands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lowered {
    /// All of them.
    pub(crate) whole: Option<Lit>,
    /// Each keyword's own; a keyword of a child schema counts for the keyword that applies it.
    pub(crate) keywords: Vec<(&'static str, Lit)>,
}

/// Where dynamic references lead: the resources that an evaluation entered, by number.
pub(crate) type Scope = u32;

/// Where in the document a schema applies, as far as somebody asked to ignore places: by number, 0 for anywhere.
pub(crate) type Trail = u32;

/// A keyword of a schema, and the property of which it demands nothing any more; of all where none is named.
pub(crate) type Dropped = (NodeId, &'static str, Option<String>);

/// How a schema is read.
#[derive(Debug, Default)]
pub(crate) struct Reading<'a> {
    /// Whether the schema is the writer's, and says what it declares.
    pub(crate) declares: bool,
    /// The enums that are closed, where all others accept unknown strings.
    pub(crate) closed: Option<HashSet<NodeId>>,
    /// JSON Pointers to places that demand nothing.
    pub(crate) ignored: &'a [String],
    /// Keywords that demand nothing, or nothing of the property named.
    pub(crate) dropped: FxHashSet<Dropped>,
}

/// Reads the schemas of a tree as formulas.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) reading: Reading<'a>,
    known: FxHashMap<(NodeId, Scope, Trail), Known>,
    scopes: Vec<Vec<NodeId>>,
    trails: Vec<FxHashMap<String, Trail>>,
    /// Trails that end in an ignored place.
    ends: FxHashSet<Trail>,
    /// Schemas that dynamic references may lead to, by their resource and anchor.
    anchors: Option<FxHashMap<(NodeId, String), NodeId>>,
}

#[derive(Debug)]
enum Known {
    /// Being read; with a promise, once somebody needed it.
    Open(Option<(u32, Lit)>),
    Done(Lowered),
}

/// The formulas and patterns of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) formulas: Formulas,
    pub(crate) patterns: Patterns,
    /// Where patterns and formats stand: the keyword, and a JSON Pointer.
    pub(crate) places: FxHashMap<Atom, (&'static str, String)>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(schemas: &'a Schemas, reading: Reading<'a>) -> Self {
        let mut lowering = Self {
            schemas,
            known: FxHashMap::default(),
            scopes: vec![Vec::new()],
            trails: vec![FxHashMap::default(), FxHashMap::default()],
            ends: FxHashSet::default(),
            anchors: None,
            reading,
        };
        for pointer in lowering.reading.ignored {
            let mut at = 1;
            for token in eventc_model::syntax::split_pointer(pointer) {
                let fresh = u32::try_from(lowering.trails.len()).unwrap_or(u32::MAX);
                at = *lowering.trails[at as usize].entry(token).or_insert(fresh);
                if at == fresh {
                    lowering.trails.push(FxHashMap::default());
                }
            }
            lowering.ends.insert(at);
        }
        lowering
    }

    /// The formula of a root schema.
    pub(crate) fn root(&mut self, store: &mut Store, root: NodeId) -> Lit {
        let (scope, trail) = self.start(root);
        self.formula(store, root, scope, trail)
    }

    /// Where an evaluation begins.
    pub(crate) fn start(&mut self, root: NodeId) -> (Scope, Trail) {
        (self.enter(0, root), u32::from(!self.reading.ignored.is_empty()))
    }

    /// The formula of a schema.
    pub(crate) fn formula(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Lit {
        let scope = self.enter(scope, id);
        match self.known.get_mut(&(id, scope, trail)) {
            Some(Known::Done(lowered)) => lowered.whole.unwrap_or(Lit::TRUE),
            Some(Known::Open(promise)) => promise.get_or_insert_with(|| store.formulas.promise()).1,
            None => self.read(store, id, scope, trail),
        }
    }

    /// The demands of a schema, keyword by keyword.
    pub(crate) fn lowered(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Lowered {
        let scope = self.enter(scope, id);
        self.formula(store, id, scope, trail);
        match self.known.get(&(id, scope, trail)) {
            Some(Known::Done(lowered)) => lowered.clone(),
            _ => Lowered::default(),
        }
    }

    fn read(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Lit {
        let key = (id, scope, trail);
        self.known.insert(key, Known::Open(None));
        let keywords = self.keywords(store, id, scope, trail);
        let whole = store.formulas.all(keywords.iter().map(|(_, lit)| *lit));
        let known = self.known.insert(key, Known::Done(Lowered { whole: Some(whole), keywords }));
        match known {
            Some(Known::Open(Some((number, promise)))) => {
                store.formulas.keep(number, whole);
                self.known.entry(key).and_modify(|known| {
                    if let Known::Done(lowered) = known {
                        lowered.whole = Some(promise);
                    }
                });
                promise
            }
            _ => whole,
        }
    }

    fn keywords(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Vec<(&'static str, Lit)> {
        let schemas = self.schemas;
        if self.ends.contains(&trail) {
            return Vec::new();
        }
        let keywords = match &schemas.node(id).schema {
            Schema::Bool(true) => return Vec::new(),
            Schema::Bool(false) if self.reading.dropped.contains(&(id, "false", None)) => return Vec::new(),
            Schema::Bool(false) => return vec![("false", Lit::FALSE)],
            Schema::Keywords(keywords) => keywords,
        };
        Reader { lowering: self, store, id, scope, trail, keywords, out: Vec::new() }.read()
    }

    /// The scope inside a schema: the resource that it belongs to is entered, if dynamic references may ask for it.
    pub(crate) fn enter(&mut self, scope: Scope, id: NodeId) -> Scope {
        if self.anchors().is_empty() {
            return 0;
        }
        let resource = self.schemas.resource(id);
        let path = &self.scopes[scope as usize];
        let asked = self.anchors.iter().flatten().any(|((holder, _), _)| *holder == resource);
        if !asked || path.contains(&resource) {
            return scope;
        }
        let path: Vec<NodeId> = path.iter().copied().chain([resource]).collect();
        self.scope(path)
    }

    fn scope(&mut self, path: Vec<NodeId>) -> Scope {
        let known = self.scopes.iter().position(|scope| *scope == path);
        let number = known.unwrap_or_else(|| {
            self.scopes.push(path);
            self.scopes.len() - 1
        });
        u32::try_from(number).unwrap_or(0)
    }

    fn anchors(&mut self) -> &FxHashMap<(NodeId, String), NodeId> {
        let schemas = self.schemas;
        self.anchors.get_or_insert_with(|| {
            let mut anchors = FxHashMap::default();
            let dynamic =
                |id| schemas.keywords(id).is_some_and(|keywords| matches!(keywords.dynamic_reference, Some(Reference::Dynamic(..))));
            let reference = |id| schemas.keywords(id).is_some_and(|keywords| matches!(keywords.reference, Some(Reference::Dynamic(..))));
            if !schemas.ids().any(|id| dynamic(id) || reference(id)) {
                return anchors;
            }
            for id in schemas.ids() {
                let raw = schemas.raw(id);
                if let Some(anchor) = raw.get("$dynamicAnchor").and_then(Value::as_str) {
                    anchors.insert((schemas.resource(id), anchor.to_owned()), id);
                }
                if raw.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
                    anchors.insert((schemas.resource(id), String::new()), id);
                }
            }
            anchors
        })
    }

    /// The outermost schema of the scope that declares an anchor.
    fn dynamic(&mut self, scope: Scope, target: NodeId, anchor: &str) -> NodeId {
        let path = self.scopes[scope as usize].clone();
        let anchors = self.anchors();
        path.iter().find_map(|resource| anchors.get(&(*resource, anchor.to_owned())).copied()).unwrap_or(target)
    }

    /// Where a reference leads.
    pub(crate) fn follow(&mut self, reference: &Reference, scope: Scope) -> Option<NodeId> {
        match reference {
            Reference::To(id) => Some(*id),
            Reference::Dynamic(id, anchor) => Some(self.dynamic(scope, *id, anchor)),
            Reference::Unresolved(_) => None,
        }
    }

    /// The trail below a place.
    pub(crate) fn below(&self, trail: Trail, token: &str) -> Trail {
        self.trails[trail as usize].get(token).copied().unwrap_or(0)
    }
}
