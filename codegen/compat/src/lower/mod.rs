//! Schemas as formulas.

mod reader;
mod unevaluated;

use std::collections::HashSet;

use eventc_pattern::automata::Patterns;
use rustc_hash::{FxHashMap, FxHashSet};

use eventc_model::schema::{Keywords, NodeId, Reference, Schema, Schemas};
use serde_json::Value;

use self::reader::KeywordLowering;
use super::formula::{Atom, Formulas, Lit};

/// A schema's demands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lowered {
    /// All of them.
    pub(crate) whole: Option<Lit>,
    /// Each keyword's own; a keyword of a child schema counts for the keyword that applies it.
    pub(crate) keywords: Vec<(&'static str, Lit)>,
}

/// The dynamic scope, by number: the resources that an evaluation entered, which decide where dynamic references lead.
pub(crate) type ScopeId = u32;

/// The path to a schema's place in the document as far as ignored places lie on it, by number; 0 for any other path.
pub(crate) type PathFilter = u32;

/// A keyword of a schema, and the property of which it demands nothing any more; of all where none is named.
pub(crate) type Dropped = (NodeId, &'static str, Option<String>);

/// Settings for reading a schema.
#[derive(Debug, Default)]
pub(crate) struct LoweringOptions<'a> {
    /// Whether the schema is the writer's, and says what it declares.
    pub(crate) declares: bool,
    /// The enums that are closed, where all others accept unknown strings.
    pub(crate) closed: Option<HashSet<NodeId>>,
    /// JSON Pointers to places that demand nothing.
    pub(crate) ignored: &'a [String],
    /// Schemas whose values and patterns are those of another schema: stamps of the version.
    pub(crate) stamped: FxHashMap<NodeId, &'a Keywords>,
    /// Whether `format` demands nothing.
    pub(crate) annotates: bool,
    /// Keywords that demand nothing, or nothing of the property named.
    pub(crate) dropped: FxHashSet<Dropped>,
}

/// A reader of a tree's schemas as formulas.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) reading: LoweringOptions<'a>,
    known: FxHashMap<(NodeId, ScopeId, PathFilter), LoweringState>,
    scopes: Vec<Vec<NodeId>>,
    path_filters: Vec<FxHashMap<String, PathFilter>>,
    /// Path filters that end in an ignored place.
    ends: FxHashSet<PathFilter>,
    /// Schemas that dynamic references may lead to, by their resource and anchor.
    anchors: Option<FxHashMap<(NodeId, String), NodeId>>,
}

#[derive(Debug)]
enum LoweringState {
    /// Being read; with a promise, once somebody needed it.
    Open(Option<(u32, Lit)>),
    Done(Lowered),
}

/// The formulas and patterns of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) formulas: Formulas,
    pub(crate) patterns: Patterns,
    /// The keyword and the JSON Pointer of each pattern and format.
    pub(crate) places: FxHashMap<Atom, (&'static str, String)>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(schemas: &'a Schemas, reading: LoweringOptions<'a>) -> Self {
        let mut lowering = Self {
            schemas,
            known: FxHashMap::default(),
            scopes: vec![Vec::new()],
            path_filters: vec![FxHashMap::default(), FxHashMap::default()],
            ends: FxHashSet::default(),
            anchors: None,
            reading,
        };
        for pointer in lowering.reading.ignored {
            let mut at = 1;
            for token in eventc_model::syntax::split_pointer(pointer) {
                let fresh = u32::try_from(lowering.path_filters.len()).unwrap_or(u32::MAX);
                at = *lowering.path_filters[at as usize].entry(token).or_insert(fresh);
                if at == fresh {
                    lowering.path_filters.push(FxHashMap::default());
                }
            }
            lowering.ends.insert(at);
        }
        lowering
    }

    /// Returns the formula of a root schema.
    pub(crate) fn root(&mut self, store: &mut Store, root: NodeId) -> Lit {
        let (scope, path_filter) = self.start(root);
        self.formula(store, root, scope, path_filter)
    }

    /// Returns the scope and the path filter in which an evaluation begins.
    pub(crate) fn start(&mut self, root: NodeId) -> (ScopeId, PathFilter) {
        (self.enter(0, root), u32::from(!self.reading.ignored.is_empty()))
    }

    /// Returns the formula of a schema.
    pub(crate) fn formula(&mut self, store: &mut Store, id: NodeId, scope: ScopeId, path_filter: PathFilter) -> Lit {
        let scope = self.enter(scope, id);
        match self.known.get_mut(&(id, scope, path_filter)) {
            Some(LoweringState::Done(lowered)) => lowered.whole.unwrap_or(Lit::TRUE),
            Some(LoweringState::Open(promise)) => promise.get_or_insert_with(|| store.formulas.promise()).1,
            None => self.read(store, id, scope, path_filter),
        }
    }

    /// Returns the demands of a schema, keyword by keyword.
    pub(crate) fn lowered(&mut self, store: &mut Store, id: NodeId, scope: ScopeId, path_filter: PathFilter) -> Lowered {
        let scope = self.enter(scope, id);
        self.formula(store, id, scope, path_filter);
        match self.known.get(&(id, scope, path_filter)) {
            Some(LoweringState::Done(lowered)) => lowered.clone(),
            _ => Lowered::default(),
        }
    }

    fn read(&mut self, store: &mut Store, id: NodeId, scope: ScopeId, path_filter: PathFilter) -> Lit {
        let key = (id, scope, path_filter);
        self.known.insert(key, LoweringState::Open(None));
        let keywords = self.keywords(store, id, scope, path_filter);
        let whole = store.formulas.all(keywords.iter().map(|(_, lit)| *lit));
        let known = self.known.insert(key, LoweringState::Done(Lowered { whole: Some(whole), keywords }));
        match known {
            Some(LoweringState::Open(Some((number, promise)))) => {
                store.formulas.keep(number, whole);
                self.known.entry(key).and_modify(|known| {
                    if let LoweringState::Done(lowered) = known {
                        lowered.whole = Some(promise);
                    }
                });
                promise
            }
            _ => whole,
        }
    }

    fn keywords(&mut self, store: &mut Store, id: NodeId, scope: ScopeId, path_filter: PathFilter) -> Vec<(&'static str, Lit)> {
        let schemas = self.schemas;
        if self.ends.contains(&path_filter) {
            return Vec::new();
        }
        if schemas.circular.binary_search(&id).is_ok() {
            let reason = "the schema leads only back to itself";
            return vec![("$ref", store.formulas.unsupported("$ref", &schemas.pointer(id), reason))];
        }
        let keywords = match &schemas.node(id).schema {
            Schema::Bool(true) => return Vec::new(),
            Schema::Bool(false) if self.reading.dropped.contains(&(id, "false", None)) => return Vec::new(),
            Schema::Bool(false) => return vec![("false", Lit::FALSE)],
            Schema::Keywords(keywords) => keywords,
        };
        KeywordLowering { lowering: self, store, id, scope, path_filter, keywords, out: Vec::new() }.read()
    }

    /// Returns the scope inside a schema: the resource that it belongs to is entered, if dynamic references may ask for it.
    pub(crate) fn enter(&mut self, scope: ScopeId, id: NodeId) -> ScopeId {
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

    fn scope(&mut self, path: Vec<NodeId>) -> ScopeId {
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

    /// Returns the outermost schema of the scope that declares an anchor.
    fn dynamic(&mut self, scope: ScopeId, target: NodeId, anchor: &str) -> NodeId {
        let path = self.scopes[scope as usize].clone();
        let anchors = self.anchors();
        path.iter().find_map(|resource| anchors.get(&(*resource, anchor.to_owned())).copied()).unwrap_or(target)
    }

    /// Returns the schema that a reference leads to.
    pub(crate) fn follow(&mut self, reference: &Reference, scope: ScopeId) -> Option<NodeId> {
        match reference {
            Reference::To(id) => Some(*id),
            Reference::Dynamic(id, anchor) => Some(self.dynamic(scope, *id, anchor)),
            Reference::Unresolved(_) => None,
        }
    }

    /// Returns the path filter below a place.
    pub(crate) fn below(&self, path_filter: PathFilter, token: &str) -> PathFilter {
        self.path_filters[path_filter as usize].get(token).copied().unwrap_or(0)
    }
}
