//! A walk over schemas beside a document: the keywords that refuse it, and the schemas that speak of a place.

use std::collections::BTreeSet;

use eventc_model::{
    schema::{Keywords, NodeId, Schema},
    syntax::{escape_pointer, split_pointer},
};
use serde_json::Value;

use super::{
    formula::Lit,
    lower::{Lowering, PathFilter, ScopeId, Store},
};

/// A keyword that refuses a part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The schema and its keyword; `false` where the schema is just that.
    pub(super) node: NodeId,
    pub(super) keyword: &'static str,
    /// The keyword that applies the schema, where the schema is `false`; otherwise the keyword itself.
    pub(super) via: &'static str,
    /// The property that is missing, or not allowed.
    pub(super) name: Option<String>,
    /// JSON Pointer into the document.
    pub(super) instance: String,
}

impl Refusal {
    fn new(node: NodeId, keyword: &'static str, instance: &str) -> Self {
        Self { node, keyword, via: keyword, name: None, instance: instance.to_owned() }
    }
}

/// A walk over the schemas of one side beside a document.
pub(super) struct InstanceWalker<'w, 'a> {
    pub(super) lowering: &'w mut Lowering<'a>,
    pub(super) store: &'w mut Store,
    /// Facts of the other side about a place, by its JSON Pointer in the document.
    pub(super) other: Option<OtherSide<'w>>,
}

/// See [`InstanceWalker::other`].
pub(super) type OtherSide<'w> = &'w mut dyn FnMut(&mut Store, &str) -> PlaceFacts;

/// Facts that schemas state of one place: the parts of their formulas, and their JSON Pointers.
#[derive(Debug, Default)]
pub(super) struct PlaceFacts {
    pub(super) parts: BTreeSet<Lit>,
    pub(super) pointers: BTreeSet<String>,
}

/// A schema that applies at a place of the document.
#[derive(Clone, Copy)]
struct ScopedSchema {
    id: NodeId,
    scope: ScopeId,
    path_filter: PathFilter,
}

impl InstanceWalker<'_, '_> {
    /// Returns every keyword that refuses a part of a document, as far inside as can be said.
    pub(super) fn refusals(&mut self, root: NodeId, document: &Value) -> Vec<Refusal> {
        let (scope, path_filter) = self.lowering.start(root);
        let mut refusals = self.at(ScopedSchema { id: root, scope, path_filter }, document, "");
        refusals.dedup();
        refusals
    }

    fn holds(&mut self, applied: ScopedSchema, value: &Value) -> bool {
        let lit = self.lowering.formula(self.store, applied.id, applied.scope, applied.path_filter);
        self.store.holds(lit, value) == Some(true)
    }

    fn at(&mut self, applied: ScopedSchema, value: &Value, instance: &str) -> Vec<Refusal> {
        let applied = ScopedSchema { scope: self.lowering.enter(applied.scope, applied.id), ..applied };
        let lowered = self.lowering.lowered(self.store, applied.id, applied.scope, applied.path_filter);
        let schemas = self.lowering.schemas;
        let mut refusals = Vec::new();
        let mut failing: Vec<&'static str> =
            lowered.keywords.iter().filter(|(_, lit)| self.store.holds(*lit, value) == Some(false)).map(|(keyword, _)| *keyword).collect();
        failing.dedup();
        for keyword in failing {
            let inner = match &schemas.node(applied.id).schema {
                Schema::Keywords(keywords) => self.inside(applied, keywords, keyword, value, instance),
                Schema::Bool(_) => Vec::new(),
            };
            if inner.is_empty() {
                refusals.push(Refusal::new(applied.id, keyword, instance));
            } else {
                refusals.extend(inner);
            }
        }
        refusals
    }

    /// Returns the refusals inside an applicator; empty where the keyword itself does.
    fn inside(&mut self, applied: ScopedSchema, keywords: &Keywords, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let here = |ids: &[NodeId]| ids.iter().map(|id| ScopedSchema { id: *id, ..applied }).collect::<Vec<_>>();
        match keyword {
            "$ref" | "$dynamicRef" => {
                let reference = if keyword == "$ref" { &keywords.reference } else { &keywords.dynamic_reference };
                let target = reference.as_ref().and_then(|reference| self.lowering.follow(reference, applied.scope));
                self.each(&here(target.as_slice()), value, instance)
            }
            "allOf" => self.each(&here(&keywords.all_of), value, instance),
            "then" => self.each(&here(keywords.then_schema.as_slice()), value, instance),
            "else" => self.each(&here(keywords.else_schema.as_slice()), value, instance),
            "anyOf" => self.meant(&here(&keywords.any_of), value, instance),
            "oneOf" => self.meant(&here(&keywords.one_of), value, instance),
            "dependentSchemas" => {
                let present = keywords.dependent_schemas.iter().filter(|(name, _)| value.get(name).is_some());
                let ids: Vec<NodeId> = present.map(|(_, id)| *id).collect();
                self.each(&here(&ids), value, instance)
            }
            "required" => self.missing(applied, keywords, value, instance),
            "unevaluatedProperties" | "unevaluatedItems" => self.unevaluated(applied, keyword, value, instance),
            _ => self.parts(applied, keywords, keyword, value, instance),
        }
    }

    /// Returns the refusals of schemas that each have to accept.
    fn each(&mut self, applied: &[ScopedSchema], value: &Value, instance: &str) -> Vec<Refusal> {
        applied
            .iter()
            .flat_map(|applied| if self.holds(*applied, value) { Vec::new() } else { self.at(*applied, value, instance) })
            .collect()
    }

    /// Returns the refusals of the one branch that a document means: whose type and constants it has.
    fn meant(&mut self, applied: &[ScopedSchema], value: &Value, instance: &str) -> Vec<Refusal> {
        if applied.iter().any(|applied| self.holds(*applied, value)) {
            return Vec::new();
        }
        let tells = |refusal: &Refusal| {
            let below = refusal.instance.strip_prefix(instance).map_or(usize::MAX, |rest| rest.matches('/').count());
            match refusal.keyword {
                "type" | "false" => below == 0,
                "const" | "enum" => below <= 1,
                _ => false,
            }
        };
        let mut meant: Vec<(ScopedSchema, Vec<Refusal>)> =
            applied.iter().map(|applied| (*applied, self.at(*applied, value, instance))).collect();
        meant.retain(|(_, refusals)| !refusals.iter().any(tells));
        if meant.len() < 2 {
            return meant.pop().map(|(_, refusals)| refusals).unwrap_or_default();
        }
        self.closest(meant, instance)
    }

    /// Returns the refusals of the branch that has the most in common with what the other side says of the place.
    fn closest(&mut self, meant: Vec<(ScopedSchema, Vec<Refusal>)>, instance: &str) -> Vec<Refusal> {
        let Some(other) = &mut self.other else { return Vec::new() };
        let facts = other(self.store, instance);
        let mut ranked: Vec<((usize, bool), Vec<Refusal>)> = Vec::new();
        for (applied, refusals) in meant {
            let lit = self.lowering.formula(self.store, applied.id, applied.scope, applied.path_filter);
            let common = self.store.formulas.parts(lit).filter(|part| facts.parts.contains(part)).count();
            // Of definitions that have as much in common, the one of the same name is meant.
            let schemas = self.lowering.schemas;
            let named = facts.pointers.contains(&schemas.pointer(schemas.target(applied.id)));
            ranked.push(((common, named), refusals));
        }
        ranked.sort_by_key(|(common, _)| *common);
        match (ranked.pop(), ranked.last()) {
            (Some((common, refusals)), next) if next.is_none_or(|(other, _)| *other < common) => refusals,
            _ => Vec::new(),
        }
    }

    /// Returns the refusals of schemas for properties and items.
    fn parts(&mut self, applied: ScopedSchema, keywords: &Keywords, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (token, part, id) in self.children(keywords, value) {
            let is_child = match keyword {
                "properties" => keywords.properties.iter().any(|(_, child)| *child == id),
                "patternProperties" => keywords.pattern_properties.iter().any(|(_, child)| *child == id),
                "additionalProperties" => keywords.additional_properties == Some(id),
                "items" => keywords.items == Some(id),
                "prefixItems" => keywords.prefix_items.contains(&id),
                _ => false,
            };
            if !is_child {
                continue;
            }
            let inner = self.child_spot(applied, keyword, &token, id);
            if self.holds(inner, part) {
                continue;
            }
            let below = format!("{instance}/{}", escape_pointer(&token));
            match &self.lowering.schemas.node(id).schema {
                // A property that may not be there is refused by the keyword that says so.
                Schema::Bool(false) if keyword == "additionalProperties" => {
                    refusals.push(Refusal { name: Some(token), ..Refusal::new(applied.id, keyword, &below) });
                }
                Schema::Bool(false) => refusals.push(Refusal { via: keyword, ..Refusal::new(id, "false", &below) }),
                _ => refusals.extend(self.at(inner, part, &below)),
            }
        }
        refusals
    }

    fn child_spot(&self, applied: ScopedSchema, keyword: &str, token: &str, id: NodeId) -> ScopedSchema {
        let path_filter = match keyword {
            "properties" | "prefixItems" => self.lowering.below(applied.path_filter, token),
            "items" => self.lowering.below(applied.path_filter, "*"),
            _ => 0,
        };
        ScopedSchema { id, scope: applied.scope, path_filter }
    }

    /// Returns every part of a value with each schema that a keyword of this schema object applies to it.
    fn children<'v>(&mut self, keywords: &Keywords, value: &'v Value) -> Vec<(String, &'v Value, NodeId)> {
        let mut children = Vec::new();
        match value {
            Value::Object(members) => {
                for (name, part) in members {
                    let named = keywords.properties.iter().filter(|(known, _)| known == name).map(|(_, id)| *id);
                    let mut ids: Vec<NodeId> = named.collect();
                    for (pattern, id) in &keywords.pattern_properties {
                        let number = self.store.patterns.number(pattern);
                        ids.extend(Some(*id).filter(|_| self.store.patterns.finds(number, name) == Some(true)));
                    }
                    if ids.is_empty() {
                        ids.extend(keywords.additional_properties);
                    }
                    children.extend(ids.into_iter().map(|id| (name.clone(), part, id)));
                }
            }
            Value::Array(items) => {
                for (index, part) in items.iter().enumerate() {
                    let id = keywords.prefix_items.get(index).copied().or(keywords.items);
                    children.extend(id.map(|id| (index.to_string(), part, id)));
                }
            }
            _ => {}
        }
        children
    }

    /// Returns the part without which an `unevaluated…` keyword would accept.
    fn unevaluated(&mut self, applied: ScopedSchema, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let lowered = self.lowering.lowered(self.store, applied.id, applied.scope, applied.path_filter);
        let lits: Vec<_> = lowered.keywords.iter().filter(|(known, _)| *known == keyword).map(|(_, lit)| *lit).collect();
        let Value::Object(members) = value else { return Vec::new() };
        let blamed = members.keys().filter(|name| {
            let mut rest = members.clone();
            rest.shift_remove(*name);
            lits.iter().all(|lit| self.store.holds(*lit, &Value::Object(rest.clone())) == Some(true))
        });
        let below = |name: &String| {
            let instance = format!("{instance}/{}", escape_pointer(name));
            Refusal { name: Some(name.clone()), ..Refusal::new(applied.id, keyword, &instance) }
        };
        blamed.map(below).collect()
    }

    /// Returns the required properties that an object lacks.
    fn missing(&mut self, applied: ScopedSchema, keywords: &Keywords, value: &Value, instance: &str) -> Vec<Refusal> {
        let dropped = &self.lowering.reading.dropped;
        let asked = |name: &&String| !dropped.contains(&(applied.id, "required", Some((*name).clone())));
        let missing = keywords.required.iter().filter(|name| value.get(name.as_str()).is_none()).filter(asked);
        missing.map(|name| Refusal { name: Some(name.clone()), ..Refusal::new(applied.id, "required", instance) }).collect()
    }

    /// Returns every schema that speaks of a place of a document and accepts what is there, outermost first.
    pub(super) fn speakers(&mut self, root: NodeId, document: &Value, instance: &str) -> Vec<NodeId> {
        let (scope, path_filter) = self.lowering.start(root);
        let mut found = Vec::new();
        self.speak(ScopedSchema { id: root, scope, path_filter }, document, &split_pointer(instance), &mut found);
        found.dedup();
        found
    }

    fn speak(&mut self, applied: ScopedSchema, value: &Value, path: &[String], found: &mut Vec<NodeId>) {
        let applied = ScopedSchema { scope: self.lowering.enter(applied.scope, applied.id), ..applied };
        if path.is_empty() {
            found.push(applied.id);
        }
        let schemas = self.lowering.schemas;
        let Schema::Keywords(keywords) = &schemas.node(applied.id).schema else { return };
        let mut in_place: Vec<NodeId> = keywords.all_of.clone();
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            in_place.extend(self.lowering.follow(reference, applied.scope));
        }
        let branches = keywords.any_of.iter().chain(&keywords.one_of);
        in_place.extend(branches.chain(keywords.if_schema.iter()).chain(&keywords.then_schema).chain(&keywords.else_schema));
        in_place.extend(keywords.dependent_schemas.iter().filter(|(name, _)| value.get(name).is_some()).map(|(_, id)| *id));
        for id in in_place {
            let inner = ScopedSchema { id, ..applied };
            if self.holds(inner, value) {
                self.speak(inner, value, path, found);
            }
        }
        let Some((token, rest)) = path.split_first() else { return };
        for (name, part, id) in self.children(keywords, value) {
            if name == *token {
                self.speak(ScopedSchema { id, scope: applied.scope, path_filter: 0 }, part, rest, found);
            }
        }
    }
}
