//! Which keyword refuses a document, and which schemas speak of a place: a walk over schemas beside a document.

use std::collections::BTreeSet;

use eventc_model::{
    schema::{Keywords, NodeId, Schema},
    syntax::{escape_pointer, split_pointer},
};
use serde_json::Value;

use super::{
    formula::Lit,
    lower::{Lowering, Scope, Store, Trail},
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

/// Walks the schemas of one side.
pub(super) struct Walk<'w, 'a> {
    pub(super) lowering: &'w mut Lowering<'a>,
    pub(super) store: &'w mut Store,
    /// What the other side says of a place, by its JSON Pointer in the document: the parts of its schemas there.
    pub(super) other: Option<OtherSide<'w>>,
}

/// See [`Walk::other`].
pub(super) type OtherSide<'w> = &'w mut dyn FnMut(&mut Store, &str) -> Said;

/// What schemas say: the parts of their formulas, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) parts: BTreeSet<Lit>,
    pub(super) pointers: BTreeSet<String>,
}

/// A schema at a place.
#[derive(Clone, Copy)]
struct Spot {
    id: NodeId,
    scope: Scope,
    trail: Trail,
}

impl Walk<'_, '_> {
    /// Every keyword that refuses a part of a document, as far inside as can be said.
    pub(super) fn refusals(&mut self, root: NodeId, document: &Value) -> Vec<Refusal> {
        let (scope, trail) = self.lowering.start(root);
        let mut refusals = self.at(Spot { id: root, scope, trail }, document, "");
        refusals.dedup();
        refusals
    }

    fn holds(&mut self, spot: Spot, value: &Value) -> bool {
        let lit = self.lowering.formula(self.store, spot.id, spot.scope, spot.trail);
        self.store.holds(lit, value) == Some(true)
    }

    fn at(&mut self, spot: Spot, value: &Value, instance: &str) -> Vec<Refusal> {
        let spot = Spot { scope: self.lowering.enter(spot.scope, spot.id), ..spot };
        let lowered = self.lowering.lowered(self.store, spot.id, spot.scope, spot.trail);
        let schemas = self.lowering.schemas;
        let mut refusals = Vec::new();
        let mut failing: Vec<&'static str> =
            lowered.keywords.iter().filter(|(_, lit)| self.store.holds(*lit, value) == Some(false)).map(|(keyword, _)| *keyword).collect();
        failing.dedup();
        for keyword in failing {
            let inner = match &schemas.node(spot.id).schema {
                Schema::Keywords(keywords) => self.inside(spot, keywords, keyword, value, instance),
                Schema::Bool(_) => Vec::new(),
            };
            if inner.is_empty() {
                refusals.push(Refusal::new(spot.id, keyword, instance));
            } else {
                refusals.extend(inner);
            }
        }
        refusals
    }

    /// What refuses inside an applicator; empty where the keyword itself does.
    fn inside(&mut self, spot: Spot, keywords: &Keywords, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let here = |ids: &[NodeId]| ids.iter().map(|id| Spot { id: *id, ..spot }).collect::<Vec<_>>();
        match keyword {
            "$ref" | "$dynamicRef" => {
                let reference = if keyword == "$ref" { &keywords.reference } else { &keywords.dynamic_reference };
                let target = reference.as_ref().and_then(|reference| self.lowering.follow(reference, spot.scope));
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
            "required" => self.missing(spot, keywords, value, instance),
            "unevaluatedProperties" | "unevaluatedItems" => self.unevaluated(spot, keyword, value, instance),
            _ => self.parts(spot, keywords, keyword, value, instance),
        }
    }

    /// The refusals of schemas that each have to accept.
    fn each(&mut self, spots: &[Spot], value: &Value, instance: &str) -> Vec<Refusal> {
        spots.iter().flat_map(|spot| if self.holds(*spot, value) { Vec::new() } else { self.at(*spot, value, instance) }).collect()
    }

    /// The refusals of the one branch that a document means: whose type and constants it has.
    fn meant(&mut self, spots: &[Spot], value: &Value, instance: &str) -> Vec<Refusal> {
        if spots.iter().any(|spot| self.holds(*spot, value)) {
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
        let mut meant: Vec<(Spot, Vec<Refusal>)> = spots.iter().map(|spot| (*spot, self.at(*spot, value, instance))).collect();
        meant.retain(|(_, refusals)| !refusals.iter().any(tells));
        if meant.len() < 2 {
            return meant.pop().map(|(_, refusals)| refusals).unwrap_or_default();
        }
        self.likest(meant, instance)
    }

    /// The refusals of the branch that has the most in common with what the other side says of the place.
    fn likest(&mut self, meant: Vec<(Spot, Vec<Refusal>)>, instance: &str) -> Vec<Refusal> {
        let Some(other) = &mut self.other else { return Vec::new() };
        let said = other(self.store, instance);
        let mut ranked: Vec<((usize, bool), Vec<Refusal>)> = Vec::new();
        for (spot, refusals) in meant {
            let lit = self.lowering.formula(self.store, spot.id, spot.scope, spot.trail);
            let common = self.store.formulas.parts(lit).filter(|part| said.parts.contains(part)).count();
            // Of definitions that have as much in common, the one of the same name is meant.
            let schemas = self.lowering.schemas;
            let named = said.pointers.contains(&schemas.node(schemas.target(spot.id)).pointer);
            ranked.push(((common, named), refusals));
        }
        ranked.sort_by_key(|(common, _)| *common);
        match (ranked.pop(), ranked.last()) {
            (Some((common, refusals)), next) if next.is_none_or(|(other, _)| *other < common) => refusals,
            _ => Vec::new(),
        }
    }

    /// The refusals of schemas for properties and items.
    fn parts(&mut self, spot: Spot, keywords: &Keywords, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (token, part, id) in self.children(keywords, value) {
            let applies = match keyword {
                "properties" => keywords.properties.iter().any(|(_, child)| *child == id),
                "patternProperties" => keywords.pattern_properties.iter().any(|(_, child)| *child == id),
                "additionalProperties" => keywords.additional_properties == Some(id),
                "items" => keywords.items == Some(id),
                "prefixItems" => keywords.prefix_items.contains(&id),
                _ => false,
            };
            if !applies {
                continue;
            }
            let inner = self.child_spot(spot, keyword, &token, id);
            if self.holds(inner, part) {
                continue;
            }
            let below = format!("{instance}/{}", escape_pointer(&token));
            match &self.lowering.schemas.node(id).schema {
                // A property that may not be there is refused by the keyword that says so.
                Schema::Bool(false) if keyword == "additionalProperties" => {
                    refusals.push(Refusal { name: Some(token), ..Refusal::new(spot.id, keyword, &below) });
                }
                Schema::Bool(false) => refusals.push(Refusal { via: keyword, ..Refusal::new(id, "false", &below) }),
                _ => refusals.extend(self.at(inner, part, &below)),
            }
        }
        refusals
    }

    fn child_spot(&self, spot: Spot, keyword: &str, token: &str, id: NodeId) -> Spot {
        let trail = match keyword {
            "properties" | "prefixItems" => self.lowering.below(spot.trail, token),
            "items" => self.lowering.below(spot.trail, "*"),
            _ => 0,
        };
        Spot { id, scope: spot.scope, trail }
    }

    /// Every part of a value with each schema that a keyword of this schema object applies to it.
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

    /// The part without which an `unevaluated…` keyword would accept.
    fn unevaluated(&mut self, spot: Spot, keyword: &'static str, value: &Value, instance: &str) -> Vec<Refusal> {
        let lowered = self.lowering.lowered(self.store, spot.id, spot.scope, spot.trail);
        let lits: Vec<_> = lowered.keywords.iter().filter(|(known, _)| *known == keyword).map(|(_, lit)| *lit).collect();
        let Value::Object(members) = value else { return Vec::new() };
        let blamed = members.keys().filter(|name| {
            let mut rest = members.clone();
            rest.shift_remove(*name);
            lits.iter().all(|lit| self.store.holds(*lit, &Value::Object(rest.clone())) == Some(true))
        });
        let below = |name: &String| {
            let instance = format!("{instance}/{}", escape_pointer(name));
            Refusal { name: Some(name.clone()), ..Refusal::new(spot.id, keyword, &instance) }
        };
        blamed.map(below).collect()
    }

    /// The required properties that an object lacks.
    fn missing(&mut self, spot: Spot, keywords: &Keywords, value: &Value, instance: &str) -> Vec<Refusal> {
        let dropped = &self.lowering.reading.dropped;
        let asked = |name: &&String| !dropped.contains(&(spot.id, "required", Some((*name).clone())));
        let missing = keywords.required.iter().filter(|name| value.get(name.as_str()).is_none()).filter(asked);
        missing.map(|name| Refusal { name: Some(name.clone()), ..Refusal::new(spot.id, "required", instance) }).collect()
    }

    /// Every schema that speaks of a place of a document and accepts what is there, outermost first.
    pub(super) fn speakers(&mut self, root: NodeId, document: &Value, instance: &str) -> Vec<NodeId> {
        let (scope, trail) = self.lowering.start(root);
        let mut found = Vec::new();
        self.speak(Spot { id: root, scope, trail }, document, &split_pointer(instance), &mut found);
        found.dedup();
        found
    }

    fn speak(&mut self, spot: Spot, value: &Value, path: &[String], found: &mut Vec<NodeId>) {
        let spot = Spot { scope: self.lowering.enter(spot.scope, spot.id), ..spot };
        if path.is_empty() {
            found.push(spot.id);
        }
        let schemas = self.lowering.schemas;
        let Schema::Keywords(keywords) = &schemas.node(spot.id).schema else { return };
        let mut in_place: Vec<NodeId> = keywords.all_of.clone();
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            in_place.extend(self.lowering.follow(reference, spot.scope));
        }
        let branches = keywords.any_of.iter().chain(&keywords.one_of);
        in_place.extend(branches.chain(keywords.if_schema.iter()).chain(&keywords.then_schema).chain(&keywords.else_schema));
        in_place.extend(keywords.dependent_schemas.iter().filter(|(name, _)| value.get(name).is_some()).map(|(_, id)| *id));
        for id in in_place {
            let inner = Spot { id, ..spot };
            if self.holds(inner, value) {
                self.speak(inner, value, path, found);
            }
        }
        let Some((token, rest)) = path.split_first() else { return };
        for (name, part, id) in self.children(keywords, value) {
            if name == *token {
                self.speak(Spot { id, scope: spot.scope, trail: 0 }, part, rest, found);
            }
        }
    }
}
