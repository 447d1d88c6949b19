//! Schemas as formulas.

use rustc_hash::{FxHashMap, FxHashSet};

use eventc_model::schema::{Dialect, Keywords, Kind, Kinds, NodeId, Reference, Schema, Schemas};
use serde_json::{Number, Value};

use super::{
    formats,
    formula::{Atom, Formulas, Lit, Names, Type, Types},
    number,
    pattern::Patterns,
    text::Key,
};

/// A schema's demands.
#[derive(Debug, Clone, Default)]
pub(super) struct Lowered {
    /// All of them.
    pub(super) whole: Option<Lit>,
    /// Each keyword's own; a keyword of a child schema counts for the keyword that applies it.
    pub(super) keywords: Vec<(&'static str, Lit)>,
}

/// Where dynamic references lead: the resources that an evaluation entered, by number.
pub(super) type Scope = u32;

/// Where in the document a schema applies, as far as somebody asked to ignore places: by number, 0 for anywhere.
pub(super) type Trail = u32;

/// A keyword of a schema, and the property of which it demands nothing any more; of all where none is named.
pub(super) type Dropped = (NodeId, &'static str, Option<String>);

/// How a schema is read.
#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    /// Whether the schema is the writer's, and says what it declares.
    pub(super) declares: bool,
    /// Whether unknown values of enums are accepted.
    pub(super) open_enums: bool,
    /// JSON Pointers to places that demand nothing.
    pub(super) ignored: &'a [String],
    /// Keywords that demand nothing, or nothing of the property named.
    pub(super) dropped: FxHashSet<Dropped>,
}

/// Reads the schemas of a tree as formulas.
#[derive(Debug)]
pub(super) struct Lowering<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) reading: Reading<'a>,
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
pub(super) struct Store {
    pub(super) formulas: Formulas,
    pub(super) patterns: Patterns,
    /// Where patterns and formats stand: the keyword, and a JSON Pointer.
    pub(super) places: FxHashMap<Atom, (&'static str, String)>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(schemas: &'a Schemas, reading: Reading<'a>) -> Self {
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
    pub(super) fn root(&mut self, store: &mut Store, root: NodeId) -> Lit {
        let (scope, trail) = self.start(root);
        self.formula(store, root, scope, trail)
    }

    /// Where an evaluation begins.
    pub(super) fn start(&mut self, root: NodeId) -> (Scope, Trail) {
        (self.enter(0, root), u32::from(!self.reading.ignored.is_empty()))
    }

    /// The formula of a schema.
    pub(super) fn formula(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Lit {
        let scope = self.enter(scope, id);
        match self.known.get_mut(&(id, scope, trail)) {
            Some(Known::Done(lowered)) => lowered.whole.unwrap_or(Lit::TRUE),
            Some(Known::Open(promise)) => promise.get_or_insert_with(|| store.formulas.promise()).1,
            None => self.read(store, id, scope, trail),
        }
    }

    /// The demands of a schema, keyword by keyword.
    pub(super) fn lowered(&mut self, store: &mut Store, id: NodeId, scope: Scope, trail: Trail) -> Lowered {
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
        let mut out = Reader { lowering: self, store, id, scope, trail, keywords, out: Vec::new() };
        out.references();
        out.values();
        out.numbers();
        out.strings();
        out.arrays();
        out.objects();
        out.in_place();
        out.unevaluated();
        out.declarations();
        out.out
    }

    /// The scope inside a schema: the resource that it belongs to is entered, if dynamic references may ask for it.
    pub(super) fn enter(&mut self, scope: Scope, id: NodeId) -> Scope {
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
    pub(super) fn follow(&mut self, reference: &Reference, scope: Scope) -> Option<NodeId> {
        match reference {
            Reference::To(id) => Some(*id),
            Reference::Dynamic(id, anchor) => Some(self.dynamic(scope, *id, anchor)),
            Reference::Unresolved(_) => None,
        }
    }

    /// The trail below a place.
    pub(super) fn below(&self, trail: Trail, token: &str) -> Trail {
        self.trails[trail as usize].get(token).copied().unwrap_or(0)
    }
}

/// Reads the keywords of one schema.
struct Reader<'r, 'a> {
    lowering: &'r mut Lowering<'a>,
    store: &'r mut Store,
    id: NodeId,
    scope: Scope,
    trail: Trail,
    keywords: &'a Keywords,
    out: Vec<(&'static str, Lit)>,
}

impl Reader<'_, '_> {
    fn push(&mut self, keyword: &'static str, lit: Lit) {
        if lit != Lit::TRUE && !self.is_dropped(keyword, None) {
            self.out.push((keyword, lit));
        }
    }

    fn is_dropped(&self, keyword: &'static str, name: Option<&str>) -> bool {
        let dropped = &self.lowering.reading.dropped;
        !dropped.is_empty() && dropped.contains(&(self.id, keyword, name.map(str::to_owned)))
    }

    /// The properties of which a keyword demands nothing any more.
    fn spared(&self, keyword: &'static str) -> Vec<Box<str>> {
        let of_keyword =
            |(id, known, name): &Dropped| (*id == self.id && *known == keyword).then(|| name.as_deref().map(Into::into)).flatten();
        self.lowering.reading.dropped.iter().filter_map(of_keyword).collect()
    }

    fn push_atom(&mut self, keyword: &'static str, atom: Atom) {
        let lit = self.store.formulas.atom(atom);
        self.push(keyword, lit);
    }

    fn push_all(&mut self, keyword: &'static str, lits: Vec<Lit>) {
        let lit = self.store.formulas.all(lits);
        self.push(keyword, lit);
    }

    fn gap(&mut self, keyword: &'static str, reason: &str) -> Lit {
        let pointer = format!("{}/{keyword}", self.lowering.schemas.node(self.id).pointer);
        self.store.formulas.gap(keyword, &pointer, reason)
    }

    /// Remembers where a pattern or format stands, for whoever cannot decide it.
    fn place(&mut self, atom: Atom, keyword: &'static str, key: &str) {
        let pointer = &self.lowering.schemas.node(self.id).pointer;
        let below = if key.is_empty() { String::new() } else { format!("/{}", eventc_model::syntax::escape_pointer(key)) };
        self.store.places.entry(atom).or_insert_with(|| (keyword, format!("{pointer}/{keyword}{below}")));
    }

    /// A schema for the same place.
    fn here(&mut self, id: NodeId) -> Lit {
        self.lowering.formula(self.store, id, self.scope, self.trail)
    }

    /// A schema for a property.
    fn below(&mut self, id: NodeId, token: &str) -> Lit {
        let trail = self.lowering.below(self.trail, token);
        self.lowering.formula(self.store, id, self.scope, trail)
    }

    fn references(&mut self) {
        let references = [("$ref", &self.keywords.reference), ("$dynamicRef", &self.keywords.dynamic_reference)];
        for (keyword, reference) in references {
            let Some(reference) = reference else { continue };
            let lit = match self.lowering.follow(reference, self.scope) {
                Some(target) => self.here(target),
                None => self.gap(keyword, "the reference leads nowhere"),
            };
            self.push(keyword, lit);
        }
    }

    fn types(&mut self, kinds: Kinds) -> Lit {
        let types = kinds.iter().fold(Types(0), |types, kind| {
            types.with(match kind {
                Kind::Null => Type::Null,
                Kind::Boolean => Type::Boolean,
                Kind::Integer | Kind::Number => Type::Number,
                Kind::String => Type::String,
                Kind::Array => Type::Array,
                Kind::Object => Type::Object,
            })
        });
        let of_types = if types == Types::EVERY { Lit::TRUE } else { self.store.formulas.atom(Atom::Types(types)) };
        let whole = kinds.contains(Kind::Integer) && !kinds.contains(Kind::Number);
        let integer = if whole { self.store.formulas.atom(Atom::Integer) } else { Lit::TRUE };
        self.store.formulas.all([of_types, integer])
    }

    fn values(&mut self) {
        if let Some(kinds) = self.keywords.types {
            let lit = self.types(kinds);
            self.push("type", lit);
        }
        // Draft 4 does not know `const`; whoever writes it there means what draft 6 made of it.
        let early = || self.lowering.schemas.raw(self.id).get("const").filter(|_| self.dialect() == Dialect::Draft4);
        if let Some(value) = self.keywords.const_value.as_ref().or_else(early) {
            self.push_atom("const", Atom::Enum([Key::of(value)].into()));
        }
        if let Some(values) = &self.keywords.enum_values {
            let lit = self.one_of(values);
            self.push("enum", lit);
        }
    }

    fn one_of(&mut self, values: &[Value]) -> Lit {
        let mut keys: Vec<Key> = values.iter().map(Key::of).collect();
        keys.sort();
        keys.dedup();
        let lit = self.store.formulas.atom(Atom::Enum(keys.into()));
        if !self.lowering.reading.open_enums || !values.iter().any(Value::is_string) {
            return lit;
        }
        let strings = self.store.formulas.atom(Atom::Types(Types(0).with(Type::String)));
        self.store.formulas.any([lit, strings])
    }

    fn numbers(&mut self) {
        let keywords = self.keywords;
        let bounds = [
            ("minimum", &keywords.minimum, Bound::Least(false)),
            ("exclusiveMinimum", &keywords.exclusive_minimum, Bound::Least(true)),
            ("maximum", &keywords.maximum, Bound::Most(false)),
            ("exclusiveMaximum", &keywords.exclusive_maximum, Bound::Most(true)),
            ("multipleOf", &keywords.multiple_of, Bound::Multiple),
        ];
        for (keyword, number, bound) in bounds {
            let Some(number) = number else { continue };
            let lit = self.bound(keyword, number, bound);
            self.push(keyword, lit);
        }
    }

    fn bound(&mut self, keyword: &'static str, number: &Number, bound: Bound) -> Lit {
        let Some(value) = number::parse(number) else { return self.gap(keyword, "the number has too many digits") };
        self.store.formulas.atom(match bound {
            Bound::Least(exclusive) => Atom::Least { bound: value, exclusive },
            Bound::Most(exclusive) => Atom::Most { bound: value, exclusive },
            Bound::Multiple => Atom::MultipleOf(value),
        })
    }

    fn strings(&mut self) {
        let keywords = self.keywords;
        if let Some(count) = keywords.min_length {
            self.push_atom("minLength", Atom::MinLength(count));
        }
        if let Some(count) = keywords.max_length {
            self.push_atom("maxLength", Atom::MaxLength(count));
        }
        if let Some(pattern) = &keywords.pattern {
            let number = self.store.patterns.number(pattern);
            self.place(Atom::Pattern(number), "pattern", "");
            self.push_atom("pattern", Atom::Pattern(number));
        }
        if let Some(name) = &keywords.format
            && let Some(format) = formats::of(self.dialect(), name)
        {
            self.place(format.clone(), "format", "");
            self.push_atom("format", format);
        }
    }

    fn dialect(&self) -> Dialect {
        self.lowering.schemas.node(self.id).dialect
    }

    fn arrays(&mut self) {
        let keywords = self.keywords;
        if let Some(count) = keywords.min_items {
            self.push_atom("minItems", Atom::MinItems(count));
        }
        if let Some(count) = keywords.max_items {
            self.push_atom("maxItems", Atom::MaxItems(count));
        }
        if keywords.unique_items {
            self.push_atom("uniqueItems", Atom::Unique);
        }
        let mut items = Vec::new();
        for (index, id) in keywords.prefix_items.iter().enumerate() {
            let item = self.below(*id, &index.to_string());
            items.push(self.demand(item, |item| Atom::Item(index as u64, item)));
        }
        self.push_all("prefixItems", items);
        if let Some(id) = keywords.items {
            let item = self.below(id, "*");
            let lit = self.demand(item, |item| Atom::Items(keywords.prefix_items.len() as u64, item));
            self.push("items", lit);
        }
        if let Some(id) = keywords.contains {
            let item = self.lowering.formula(self.store, id, self.scope, 0);
            let least = keywords.min_contains.unwrap_or(1);
            if least > 0 || keywords.max_contains.is_some() {
                self.push_atom("contains", Atom::Contains { item, least, most: keywords.max_contains });
            }
        }
    }

    /// An atom about a part, unless the part may be anything.
    fn demand(&mut self, part: Lit, atom: impl FnOnce(Lit) -> Atom) -> Lit {
        if part == Lit::TRUE { Lit::TRUE } else { self.store.formulas.atom(atom(part)) }
    }

    fn objects(&mut self) {
        let keywords = self.keywords;
        let mut values = Vec::new();
        for (name, id) in &keywords.properties {
            let value = self.below(*id, name);
            values.push(self.demand(value, |value| Atom::Values(Names::one(name), value)));
        }
        self.push_all("properties", values);
        let mut values = Vec::new();
        for (pattern, id) in &keywords.pattern_properties {
            let number = self.store.patterns.number(pattern);
            self.place(Atom::Pattern(number), "patternProperties", pattern);
            let names = Names { patterns: [number].into(), ..Names::default() };
            let value = self.lowering.formula(self.store, *id, self.scope, 0);
            values.push(self.demand(value, |value| Atom::Values(names, value)));
        }
        self.push_all("patternProperties", values);
        if let Some(id) = keywords.additional_properties {
            let mut names = self.named();
            names.exact.extend(self.spared("additionalProperties"));
            let names = names.complement();
            let value = self.lowering.formula(self.store, id, self.scope, 0);
            let lit = self.demand(value, |value| Atom::Values(names, value));
            self.push("additionalProperties", lit);
        }
        if let Some(id) = keywords.property_names {
            let name = self.lowering.formula(self.store, id, self.scope, 0);
            let lit = self.demand(name, Atom::PropertyNames);
            self.push("propertyNames", lit);
        }
        if let Some(count) = keywords.min_properties {
            self.push_atom("minProperties", Atom::MinProperties(count));
        }
        if let Some(count) = keywords.max_properties {
            self.push_atom("maxProperties", Atom::MaxProperties(count));
        }
        self.presence();
    }

    fn presence(&mut self) {
        let keywords = self.keywords;
        let asked: Vec<String> = keywords.required.iter().filter(|name| !self.is_dropped("required", Some(name))).cloned().collect();
        let required = self.required(&asked);
        self.push("required", required);
        let object = self.store.formulas.atom(Atom::Types(Types(0).with(Type::Object)));
        let mut dependent = Vec::new();
        for (name, others) in &keywords.dependent_required {
            let has = self.has(name);
            let others = self.required(others);
            dependent.push(self.store.formulas.any([object.not(), has.not(), others]));
        }
        self.push_all("dependentRequired", dependent);
        let mut dependent = Vec::new();
        for (name, id) in &keywords.dependent_schemas {
            let has = self.has(name);
            let then = self.here(*id);
            let mut lit = self.store.formulas.any([object.not(), has.not(), then]);
            if self.lowering.reading.declares {
                let decided = self.store.formulas.decide(has);
                lit = self.store.formulas.all([lit, decided]);
            }
            dependent.push(lit);
        }
        self.push_all("dependentSchemas", dependent);
    }

    fn has(&mut self, name: &str) -> Lit {
        self.store.formulas.atom(Atom::Required(name.into()))
    }

    fn required(&mut self, names: &[String]) -> Lit {
        let lits: Vec<Lit> = names.iter().map(|name| self.has(name)).collect();
        self.store.formulas.all(lits)
    }

    /// The names that `properties` and `patternProperties` declare.
    fn named(&mut self) -> Names {
        let patterns = self.keywords.pattern_properties.iter().map(|(pattern, _)| self.store.patterns.number(pattern)).collect();
        Names { exact: self.keywords.properties.iter().map(|(name, _)| name.as_str().into()).collect(), patterns, others: false }
    }

    fn in_place(&mut self) {
        let keywords = self.keywords;
        let all: Vec<Lit> = keywords.all_of.iter().map(|id| self.here(*id)).collect();
        self.push_all("allOf", all);
        if !keywords.any_of.is_empty() {
            let branches: Vec<Lit> = keywords.any_of.iter().map(|id| self.here(*id)).collect();
            let mut lit = self.store.formulas.any(branches.iter().copied());
            if self.lowering.reading.declares && branches.len() > 1 {
                // What is declared depends on every branch that holds, so each is decided.
                let decided: Vec<Lit> = branches.iter().map(|branch| self.store.formulas.decide(*branch)).collect();
                lit = self.store.formulas.all([lit].into_iter().chain(decided));
            }
            self.push("anyOf", lit);
        }
        if !keywords.one_of.is_empty() {
            let branches: Vec<Lit> = keywords.one_of.iter().map(|id| self.here(*id)).collect();
            let lit = self.store.formulas.one(branches);
            self.push("oneOf", lit);
        }
        if let Some(id) = keywords.not {
            let lit = self.here(id).not();
            self.push("not", lit);
        }
        self.conditional();
    }

    fn conditional(&mut self) {
        let keywords = self.keywords;
        let Some(id) = keywords.if_schema else { return };
        let condition = self.here(id);
        for (keyword, branch, guard) in [("then", keywords.then_schema, condition.not()), ("else", keywords.else_schema, condition)] {
            let Some(branch) = branch else { continue };
            let branch = self.here(branch);
            let lit = self.store.formulas.any([guard, branch]);
            self.push(keyword, lit);
        }
        if self.lowering.reading.declares {
            let decided = self.store.formulas.decide(condition);
            self.push("if", decided);
        }
    }

    fn declarations(&mut self) {
        if !self.lowering.reading.declares {
            return;
        }
        let keywords = self.keywords;
        if !keywords.properties.is_empty() || !keywords.pattern_properties.is_empty() {
            let names = self.named();
            self.push_atom("properties", Atom::Declares(names));
        }
        if keywords.additional_properties.is_some() || keywords.unevaluated_properties.is_some() {
            self.push_atom("additionalProperties", Atom::Opens);
        }
    }

    fn unevaluated(&mut self) {
        let keywords = self.keywords;
        if let Some(id) = keywords.unevaluated_properties {
            let value = self.lowering.formula(self.store, id, self.scope, 0);
            let mut sources = super::unevaluated::properties(self.lowering, self.store, self.id, self.scope);
            let spared = self.spared("unevaluatedProperties");
            sources.push((Lit::TRUE, Names { exact: spared.into_iter().collect(), ..Names::default() }));
            let lit = super::unevaluated::rest_of_object(self.store, &sources, value);
            let lit = lit.unwrap_or_else(|| self.gap("unevaluatedProperties", "too many schemas say what is evaluated"));
            self.push("unevaluatedProperties", lit);
        }
        if let Some(id) = keywords.unevaluated_items {
            let item = self.lowering.formula(self.store, id, self.scope, 0);
            let sources = super::unevaluated::items(self.lowering, self.store, self.id, self.scope);
            let lit = super::unevaluated::rest_of_array(self.store, &sources, item);
            let lit = lit.unwrap_or_else(|| self.gap("unevaluatedItems", "too many schemas say what is evaluated"));
            self.push("unevaluatedItems", lit);
        }
    }
}

#[derive(Clone, Copy)]
enum Bound {
    Least(bool),
    Most(bool),
    Multiple,
}
