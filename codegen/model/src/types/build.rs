//! From schemas to types.
//!
//! The unit of work is a **conjunction**: the schemas that apply to one place, taken together. `allOf` and a `$ref` beside other
//! keywords only make the conjunction longer, so that what is one type in the schema is one type here.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{EnumMember, Field, Format, IntegerRange, Module, ModuleId, Object, Rest, Shape, Type, TypeId, TypeRef, Types, Union, Variant};
use crate::{
    catalog::{Catalog, FileName, is_shared},
    names::{self, Scope},
    schema::{FileId, Keywords, Kind, Kinds, NodeId, Schema, Schemas},
    syntax::split_pointer,
};

/// Inline types nest no deeper than this; what lies below is [`TypeRef::Any`], and validation alone.
const DEEPEST_INLINE: usize = 64;

pub(super) fn build(catalog: &Catalog) -> Types {
    let mut builder = Builder {
        catalog,
        schemas: &catalog.schemas,
        types: Types::default(),
        scopes: Vec::new(),
        by_parts: HashMap::new(),
        queue: Vec::new(),
        payloads: payload_nodes(catalog),
    };
    builder.modules();
    builder.roots();
    builder.definitions();
    builder.drain();
    finish(&mut builder.types);
    builder.types
}

/// A schema of a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Part {
    node: NodeId,
    /// Without its `anyOf` and `oneOf`: their branches are in the conjunction beside it.
    bare: bool,
}

type Parts = Vec<Part>;

/// How an anonymous type is called if it turns out to need a name: the type it stands in, and where in it.
#[derive(Debug, Clone)]
struct Hint {
    module: ModuleId,
    parent: String,
    step: String,
    depth: usize,
}

impl Hint {
    fn step(&self, step: &str) -> Self {
        let step = if self.step.is_empty() { step.to_owned() } else { format!("{} {step}", self.step) };
        Self { step, depth: self.depth + 1, ..self.clone() }
    }
}

/// What a conjunction demands, as far as types care.
#[derive(Default)]
struct Merged<'a> {
    kinds: Option<Kinds>,
    /// Values that `const` or `enum` leaves.
    values: Option<Vec<Value>>,
    never: bool,
    keywords: Vec<&'a Keywords>,
    nodes: Vec<NodeId>,
    /// The first `anyOf` or `oneOf` with more than one branch that says something, and the node that holds it.
    union: Option<(NodeId, Vec<NodeId>)>,
}

struct Builder<'a> {
    catalog: &'a Catalog,
    schemas: &'a Schemas,
    types: Types,
    scopes: Vec<Scope>,
    by_parts: HashMap<Parts, TypeId>,
    queue: Vec<(TypeId, Parts)>,
    payloads: HashSet<NodeId>,
}

/// The property of each envelope that holds the payload.
fn payload_nodes(catalog: &Catalog) -> HashSet<NodeId> {
    let schemas = &catalog.schemas;
    let nodes = catalog.config.namespace.iter().enumerate().filter_map(|(index, namespace)| {
        let root = catalog.envelope(index)?.root;
        split_pointer(&namespace.envelope.as_ref()?.payload).iter().try_fold(root, |at, part| {
            let keywords = schemas.keywords(schemas.target(at))?;
            keywords.properties.iter().find(|(name, _)| name == part).map(|(_, id)| *id)
        })
    });
    nodes.collect()
}

impl<'a> Builder<'a> {
    fn modules(&mut self) {
        let mut taken = HashSet::new();
        for file in self.schemas.file_ids().filter(|file| self.schemas.root(*file).is_some()) {
            let mut path = self.module_path(file);
            // Two files whose names fold to one: the later gets its ending, then a number.
            let mut number = 2;
            while !taken.insert(path.join("/")) {
                let last = path.pop().unwrap_or_default();
                path.push(format!("{}_{number}", last.trim_end_matches(&format!("_{}", number - 1))));
                number += 1;
            }
            let contract = self.catalog.contracts.iter().position(|contract| contract.file == file);
            let id = ModuleId(self.types.modules.len() as u32);
            self.types.by_file.insert(file, id);
            self.types.modules.push(Module { file, path, contract, root: None, types: Vec::new() });
            self.scopes.push(Scope::default());
        }
    }

    fn module_path(&self, file: FileId) -> Vec<String> {
        let path = &self.schemas.file(file).path;
        let namespace = self
            .catalog
            .config
            .namespace
            .iter()
            .filter(|namespace| path.starts_with(&namespace.prefix()))
            .max_by_key(|namespace| namespace.prefix().len());
        let (name, prefix) = namespace.map_or(("", String::new()), |namespace| (namespace.name.as_str(), namespace.prefix()));
        let named = FileName::parse(&path[prefix.len()..]);
        let major = named.major_in_name.then(|| format!("v{}", named.major));
        let parts = Some(name).filter(|name| !name.is_empty()).into_iter().chain(named.parts.iter().copied());
        parts.map(|part| module_ident(part)).chain(major).collect()
    }

    fn roots(&mut self) {
        for index in 0..self.types.modules.len() {
            let module = &self.types.modules[index];
            let (file, contract) = (module.file, module.contract);
            let Some(root) = self.schemas.root(file) else { continue };
            let speaks = self.schemas.keywords(root).is_none_or(|keywords| keywords.constrains() || keywords.reference.is_some());
            // A file of definitions alone has no root type.
            if contract.is_none() && (is_shared(&self.schemas.file(file).path) && !speaks) {
                continue;
            }
            let name = contract.map_or_else(|| self.root_name(file, root), |contract| self.catalog.contracts[contract].type_name.clone());
            let id = self.allocate(ModuleId(index as u32), [name], root, vec![Part { node: root, bare: false }]);
            self.types.modules[index].root = Some(id);
            self.types.by_node.insert(root, TypeRef::Named(id));
        }
    }

    fn root_name(&self, file: FileId, root: NodeId) -> String {
        let title = self.schemas.keywords(root).and_then(|keywords| keywords.title.as_deref());
        let path = &self.schemas.file(file).path;
        let parts: Vec<_> = FileName::parse(path).parts.iter().map(|part| part.trim_start_matches('_')).collect();
        names::type_name(title, &parts)
    }

    /// Gives a name to every definition and every other target of a reference, before anything nested can take it.
    fn definitions(&mut self) {
        let mut targets: Vec<NodeId> = Vec::new();
        for id in self.schemas.ids() {
            if let Some(keywords) = self.schemas.keywords(id) {
                targets.extend(keywords.definitions.iter().map(|(_, id)| *id));
                targets.extend(keywords.referred());
            }
        }
        targets.sort_by_key(|id| (self.schemas.node(*id).file, *id));
        targets.dedup();
        for target in targets {
            if self.types.by_node.contains_key(&target) || self.schemas.keywords(target).and_then(Keywords::plain_reference).is_some() {
                continue;
            }
            let Some(module) = self.types.module_of(self.schemas.node(target).file) else { continue };
            let candidates = self.definition_names(module, target);
            let id = self.allocate(module, candidates, target, vec![Part { node: target, bare: false }]);
            self.types.by_node.insert(target, TypeRef::Named(id));
        }
    }

    fn definition_names(&self, module: ModuleId, node: NodeId) -> Vec<String> {
        let title = self.schemas.keywords(node).and_then(|keywords| keywords.title.as_deref());
        let parts = split_pointer(&self.schemas.node(node).pointer);
        let words: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !STRUCTURAL.contains(part)).collect();
        let last = words.last().copied().unwrap_or("");
        let whole = words.join(" ");
        let root = self.types.module(module).root.map_or("", |root| self.types.get(root).name.as_str());
        let mut candidates: Vec<String> = names::title_name(title).into_iter().collect();
        for text in [last, whole.as_str(), &names::spelled(last), &format!("{root} {whole}")] {
            candidates.push(names::upper_camel(text));
        }
        candidates
    }

    fn allocate(&mut self, module: ModuleId, candidates: impl IntoIterator<Item = String>, node: NodeId, parts: Parts) -> TypeId {
        let name = self.scopes[module.0 as usize].claim(candidates);
        let id = TypeId(self.types.types.len() as u32);
        self.types.types.push(Type { name, module, node, shape: Shape::Alias(TypeRef::Any), recursive: false, generic: false });
        self.types.modules[module.0 as usize].types.push(id);
        self.by_parts.insert(parts.clone(), id);
        self.queue.push((id, parts));
        id
    }

    fn drain(&mut self) {
        // In order of allocation, so that names are claimed in document order.
        let mut at = 0;
        while at < self.queue.len() {
            let (id, parts) = self.queue[at].clone();
            at += 1;
            let ty = &self.types.types[id.0 as usize];
            let hint = Hint { module: ty.module, parent: ty.name.clone(), step: String::new(), depth: 0 };
            let shape = self.shape(&parts, &hint);
            self.types.types[id.0 as usize].shape = shape;
        }
        self.queue.clear();
    }

    /// The shape of a type that has a name already.
    fn shape(&mut self, parts: &Parts, hint: &Hint) -> Shape {
        if let Some(target) = self.only_branch(parts) {
            return Shape::Alias(self.view(&conjunction(&[target]), hint));
        }
        let merged = self.merge(parts);
        match self.classify(&merged) {
            Class::Strings(values, false) => Shape::Enum(members(&values)),
            Class::Object(false) => Shape::Object(self.object(&merged, hint)),
            Class::Union(false) => self.union(parts, &merged, hint),
            Class::Kinds(kinds) => Shape::Union(self.kinds_union(parts, &merged, kinds, hint)),
            _ => Shape::Alias(self.inline(parts, &merged, hint)),
        }
    }

    /// The schema that a schema only passes on to: `{"$ref": …}` or `{"oneOf": [{"$ref": …}]}`.
    fn only_branch(&self, parts: &Parts) -> Option<NodeId> {
        let [Part { node, bare: false }] = parts[..] else { return None };
        let keywords = self.schemas.keywords(node)?;
        let says_more = keywords.types.is_some()
            || keywords.const_value.is_some()
            || keywords.enum_values.is_some()
            || keywords.constrains_objects()
            || keywords.constrains_arrays();
        let branches: Vec<NodeId> =
            [&keywords.all_of, &keywords.any_of, &keywords.one_of].into_iter().flatten().copied().chain(keywords.referred()).collect();
        let [only] = branches[..] else { return None };
        let target = self.schemas.target(only);
        (!says_more && target != node && self.types.by_node.contains_key(&target)).then_some(target)
    }

    /// The type of a conjunction in use: inline where it needs no name.
    fn view(&mut self, parts: &Parts, hint: &Hint) -> TypeRef {
        if hint.depth > DEEPEST_INLINE {
            return TypeRef::Any;
        }
        if let [Part { node, bare: false }] = parts[..] {
            if self.payloads.contains(&node) {
                return TypeRef::Payload;
            }
            let target = self.schemas.target(node);
            if let Some(named) = self.types.by_node.get(&target) {
                return self.unwrap_nullable_alias(named.clone(), target);
            }
        }
        let merged = self.merge(parts);
        self.inline(parts, &merged, hint)
    }

    /// A named target as it stands in a place. Hook for aliases that would hide a null.
    fn unwrap_nullable_alias(&self, named: TypeRef, target: NodeId) -> TypeRef {
        match &self.schemas.node(target).schema {
            Schema::Bool(true) => TypeRef::Any,
            Schema::Bool(false) => TypeRef::Never,
            Schema::Keywords(_) => named,
        }
    }

    fn inline(&mut self, parts: &Parts, merged: &Merged<'a>, hint: &Hint) -> TypeRef {
        match self.classify(merged) {
            Class::Never => TypeRef::Never,
            Class::Any => TypeRef::Any,
            Class::Null => TypeRef::Null,
            Class::Single(kind, nullable) => nullable_if(nullable, self.single(kind, merged, hint)),
            Class::Literal(values, base, nullable) => nullable_if(nullable, TypeRef::Literal(values, Box::new(base))),
            Class::Map(nullable) => {
                let value = self.rest_type(merged, hint).unwrap_or(TypeRef::Any);
                nullable_if(nullable, TypeRef::Map(Box::new(value)))
            }
            Class::Strings(_, nullable) | Class::Object(nullable) => nullable_if(nullable, self.name_it(parts, merged, hint, nullable)),
            Class::Union(nullable) => self.inline_union(parts, merged, hint, nullable),
            Class::Kinds(kinds) => {
                let nullable = kinds.contains(Kind::Null);
                nullable_if(nullable, self.name_it(parts, merged, hint, nullable))
            }
        }
    }

    /// Names the type of a conjunction. A nullable one is named without its null, which stands around the name.
    fn name_it(&mut self, parts: &Parts, merged: &Merged<'a>, hint: &Hint, nullable: bool) -> TypeRef {
        if !nullable && let Some(id) = self.by_parts.get(parts) {
            return TypeRef::Named(*id);
        }
        let node = merged.nodes.first().copied().unwrap_or(parts[0].node);
        let title = merged.nodes.first().and_then(|_| parts.iter().find_map(|part| self.own_title(*part)));
        let candidates = [
            names::title_name(title).unwrap_or_default(),
            names::upper_camel(&format!("{} {}", hint.parent, hint.step)),
            names::upper_camel(&format!("{} {}", hint.parent, names::spelled(&hint.step))),
        ];
        if !nullable {
            return TypeRef::Named(self.allocate(hint.module, candidates, node, parts.clone()));
        }
        // Two places can share the conjunction, one of them as a root that keeps its null: the key says which is which.
        let mut key = parts.clone();
        key.push(Part { node: NodeId(u32::MAX), bare: true });
        if let Some(id) = self.by_parts.get(&key) {
            return TypeRef::Named(*id);
        }
        let id = self.allocate(hint.module, candidates, node, key);
        TypeRef::Named(id)
    }

    /// The title of the schema itself, not of what it refers to.
    fn own_title(&self, part: Part) -> Option<&'a str> {
        self.schemas.keywords(part.node)?.title.as_deref()
    }

    // --- what a conjunction demands

    fn merge(&self, parts: &Parts) -> Merged<'a> {
        let mut merged = Merged::default();
        let mut seen = HashSet::new();
        let mut stripped = false;
        for part in parts {
            if part.node.0 == u32::MAX {
                stripped = true;
                continue;
            }
            self.gather(*part, &mut merged, &mut seen);
        }
        if stripped {
            let all: Kinds = Kind::ALL.into_iter().collect();
            merged.kinds = Some(merged.kinds.unwrap_or(all).without(Kind::Null));
            if let Some(values) = &mut merged.values {
                values.retain(|value| !value.is_null());
            }
        }
        merged
    }

    fn gather(&self, part: Part, merged: &mut Merged<'a>, seen: &mut HashSet<NodeId>) {
        if !seen.insert(part.node) {
            return;
        }
        let keywords = match &self.schemas.node(part.node).schema {
            Schema::Bool(true) => return,
            Schema::Bool(false) => {
                merged.never = true;
                return;
            }
            Schema::Keywords(keywords) => keywords,
        };
        merged.nodes.push(part.node);
        merged.keywords.push(keywords);
        if let Some(kinds) = keywords.types {
            merged.kinds = Some(merged.kinds.map_or(kinds, |known| known.intersect(kinds)));
        }
        let own_values = keywords.const_value.as_ref().map(|value| vec![value.clone()]).or_else(|| keywords.enum_values.clone());
        if let Some(values) = own_values {
            merged.values = Some(match merged.values.take() {
                None => values,
                Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
            });
        }
        if let Some(target) = keywords.referred() {
            self.gather(Part { node: target, bare: false }, merged, seen);
        }
        for id in &keywords.all_of {
            self.gather(Part { node: *id, bare: false }, merged, seen);
        }
        if part.bare || merged.union.is_some() {
            return;
        }
        for branches in [&keywords.one_of, &keywords.any_of] {
            if branches.len() == 1 {
                self.gather(Part { node: branches[0], bare: false }, merged, seen);
            } else if !branches.is_empty() && self.union_says_something(branches) {
                merged.union = Some((part.node, branches.clone()));
                return;
            }
        }
    }

    /// Whether branches describe different shapes; `anyOf: [{required: [a]}, {required: [b]}]` only constrains one.
    fn union_says_something(&self, branches: &[NodeId]) -> bool {
        branches.iter().any(|branch| {
            let mut pending = vec![*branch];
            let mut seen = HashSet::new();
            while let Some(id) = pending.pop() {
                if !seen.insert(id) {
                    continue;
                }
                let Some(keywords) = self.schemas.keywords(id) else { continue };
                let speaks = keywords.types.is_some()
                    || !keywords.properties.is_empty()
                    || keywords.const_value.is_some()
                    || keywords.enum_values.is_some()
                    || keywords.items.is_some()
                    || !keywords.prefix_items.is_empty()
                    || keywords.additional_properties.is_some()
                    || !keywords.pattern_properties.is_empty();
                if speaks {
                    return true;
                }
                pending.extend(keywords.referred());
                pending.extend(keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of));
            }
            false
        })
    }

    fn classify(&self, merged: &Merged<'a>) -> Class {
        if merged.never || merged.kinds.is_some_and(Kinds::is_empty) {
            return Class::Never;
        }
        if let Some(values) = &merged.values {
            return self.classify_values(values, merged.kinds);
        }
        if merged.union.is_some() {
            return Class::Union(false);
        }
        let has_objects = merged.keywords.iter().any(|keywords| keywords.constrains_objects());
        let Some(kinds) = merged.kinds else {
            let has_properties = merged.keywords.iter().any(|keywords| !keywords.properties.is_empty());
            // Without `type`, properties describe objects and let everything else pass.
            return if has_properties { Class::Kinds(Kind::ALL.into_iter().collect()) } else { Class::Any };
        };
        let nullable = kinds.contains(Kind::Null);
        let rest = kinds.without(Kind::Null);
        let rest = if rest.contains(Kind::Number) { rest.without(Kind::Integer) } else { rest };
        match rest.single() {
            None if rest.is_empty() => Class::Null,
            None if rest.iter().count() == 5 && !has_objects => Class::Any,
            None => Class::Kinds(kinds),
            Some(Kind::Object) if self.is_map(merged) => Class::Map(nullable),
            Some(Kind::Object) => Class::Object(nullable),
            Some(kind) => Class::Single(kind, nullable),
        }
    }

    fn classify_values(&self, values: &[Value], kinds: Option<Kinds>) -> Class {
        let fits = |value: &&Value| {
            kinds.is_none_or(|kinds| {
                let kind = Kind::of_value(value);
                kinds.contains(kind) || (kind == Kind::Integer && kinds.contains(Kind::Number))
            })
        };
        let values: Vec<&Value> = values.iter().filter(fits).collect();
        let nullable = values.iter().any(|value| value.is_null());
        let rest: Vec<Value> = values.into_iter().filter(|value| !value.is_null()).cloned().collect();
        if rest.is_empty() {
            return if nullable { Class::Null } else { Class::Never };
        }
        if rest.iter().all(Value::is_string) {
            let mut strings: Vec<String> = Vec::new();
            for text in rest.iter().filter_map(Value::as_str) {
                if !strings.iter().any(|known| known == text) {
                    strings.push(text.to_owned());
                }
            }
            return Class::Strings(strings, nullable);
        }
        let kinds: Kinds = rest.iter().map(Kind::of_value).collect();
        let kinds = if kinds.contains(Kind::Number) { kinds.without(Kind::Integer) } else { kinds };
        let base = match kinds.single() {
            Some(Kind::Boolean) => TypeRef::Bool,
            Some(Kind::Integer) => TypeRef::Integer(IntegerRange::default()),
            Some(Kind::Number) => TypeRef::Number,
            _ => TypeRef::Any,
        };
        Class::Literal(rest, base, nullable)
    }

    fn is_map(&self, merged: &Merged<'a>) -> bool {
        merged.keywords.iter().all(|keywords| keywords.properties.is_empty())
    }

    // --- inline types

    fn single(&mut self, kind: Kind, merged: &Merged<'a>, hint: &Hint) -> TypeRef {
        match kind {
            Kind::Null => TypeRef::Null,
            Kind::Boolean => TypeRef::Bool,
            Kind::Integer => TypeRef::Integer(integer_range(&merged.keywords)),
            Kind::Number => TypeRef::Number,
            Kind::String => TypeRef::String(string_format(&merged.keywords)),
            Kind::Array => self.array(merged, hint),
            Kind::Object => TypeRef::Map(Box::new(TypeRef::Any)),
        }
    }

    fn array(&mut self, merged: &Merged<'a>, hint: &Hint) -> TypeRef {
        let rests: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.items).collect();
        let length = merged.keywords.iter().map(|keywords| keywords.prefix_items.len()).max().unwrap_or(0);
        let item = hint.step("item");
        if length == 0 {
            let ty = if rests.is_empty() { TypeRef::Any } else { self.view(&conjunction(&rests), &item) };
            return TypeRef::Array(Box::new(ty));
        }
        let mut items = Vec::new();
        for index in 0..length {
            let mut nodes: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.prefix_items.get(index).copied()).collect();
            nodes.extend(
                merged.keywords.iter().filter(|keywords| keywords.prefix_items.len() <= index).filter_map(|keywords| keywords.items),
            );
            items.push(self.view(&conjunction(&nodes), &hint.step(&format!("item {index}"))));
        }
        let closed = rests.iter().any(|rest| matches!(self.schemas.node(*rest).schema, Schema::Bool(false)));
        let most = merged.keywords.iter().filter_map(|keywords| keywords.max_items).min();
        let rest = match () {
            () if closed || most.is_some_and(|most| most <= length as u64) => None,
            () if rests.is_empty() => Some(Box::new(TypeRef::Any)),
            () => Some(Box::new(self.view(&conjunction(&rests), &item))),
        };
        TypeRef::Tuple(items, rest)
    }

    // --- objects

    fn object(&mut self, merged: &Merged<'a>, hint: &Hint) -> Object {
        let mut order: Vec<&'a str> = Vec::new();
        let mut nodes: HashMap<&'a str, Vec<NodeId>> = HashMap::new();
        for (name, node) in merged.keywords.iter().flat_map(|keywords| &keywords.properties) {
            let known = nodes.entry(name).or_default();
            if known.is_empty() {
                order.push(name);
            }
            if !known.contains(node) {
                known.push(*node);
            }
        }
        let idents = names::idents(&order, names::snake);
        let fields = order.iter().zip(idents).map(|(name, ident)| self.field(name, ident, &nodes[name], merged, hint)).collect();
        let rest = self.rest(merged, hint);
        Object { fields, rest }
    }

    fn field(&mut self, name: &str, ident: String, nodes: &[NodeId], merged: &Merged<'a>, hint: &Hint) -> Field {
        let ty = self.view(&conjunction(nodes), &hint.step(name));
        let required = merged.keywords.iter().any(|keywords| keywords.required.iter().any(|required| required == name));
        // What a reference leads to can be classified or deprecated as well as the place itself.
        let own = nodes.iter().flat_map(|node| [*node, self.schemas.target(*node)]).filter_map(|node| self.schemas.keywords(node));
        let sensitive = own.clone().find_map(|keywords| keywords.sensitive);
        let deprecated = own.into_iter().any(|keywords| keywords.deprecated);
        Field { name: name.to_owned(), ident, ty, required, boxed: false, node: nodes[0], sensitive, deprecated }
    }

    fn rest(&mut self, merged: &Merged<'a>, hint: &Hint) -> Rest {
        let closes = |keywords: &Keywords| {
            let closed = |id: Option<NodeId>| id.is_some_and(|id| matches!(self.schemas.node(id).schema, Schema::Bool(false)));
            keywords.pattern_properties.is_empty() && (closed(keywords.additional_properties) || closed(keywords.unevaluated_properties))
        };
        // In a conjunction the schema that closes knows fewer properties than the type has: a reader lets the rest be.
        let alone = merged.keywords.iter().filter(|keywords| keywords.constrains_objects()).count() == 1;
        if alone && merged.keywords.iter().any(|keywords| closes(keywords)) {
            return Rest::Closed;
        }
        match self.rest_type(merged, hint) {
            None | Some(TypeRef::Any) => Rest::Open,
            Some(ty) => Rest::Typed(ty),
        }
    }

    /// The type of the properties that have no field, if one schema alone speaks of them.
    fn rest_type(&mut self, merged: &Merged<'a>, hint: &Hint) -> Option<TypeRef> {
        let is_false = |id: NodeId| matches!(self.schemas.node(id).schema, Schema::Bool(false));
        let mut speaking =
            merged.keywords.iter().filter(|keywords| keywords.additional_properties.is_some() || !keywords.pattern_properties.is_empty());
        let keywords = speaking.next()?;
        if speaking.next().is_some() {
            return None;
        }
        let mut schemas: Vec<NodeId> = keywords.pattern_properties.iter().map(|(_, id)| *id).collect();
        match keywords.additional_properties {
            Some(id) if !is_false(id) => schemas.push(id),
            Some(_) => {}
            None => return None,
        }
        let [only] = schemas[..] else {
            return if schemas.is_empty() { Some(TypeRef::Never) } else { None };
        };
        // A pattern that also covers a property with a field would type that property twice.
        Some(self.view(&conjunction(&[only]), &hint.step("value")))
    }

    // --- unions

    /// A union in use: without its null branches, and by name only if more than one branch is left.
    fn inline_union(&mut self, parts: &Parts, merged: &Merged<'a>, hint: &Hint, _: bool) -> TypeRef {
        let (others, nullable) = self.branches(parts, merged);
        match &others[..] {
            [] => TypeRef::Null,
            [only] => {
                let ty = self.view(only, hint);
                nullable_if(nullable, ty)
            }
            _ => nullable_if(nullable, self.name_it(parts, merged, hint, nullable)),
        }
    }

    /// The conjunctions of a union's branches that are more than null, and whether null is one.
    fn branches(&self, parts: &Parts, merged: &Merged<'a>) -> (Vec<Parts>, bool) {
        let Some((holder, branches)) = &merged.union else { return (Vec::new(), false) };
        let base = self.base(parts, merged, *holder);
        let null_allowed = merged.kinds.is_none_or(|kinds| kinds.contains(Kind::Null));
        let (mut others, mut nullable) = (Vec::new(), false);
        for branch in branches {
            let mut conj = vec![Part { node: *branch, bare: false }];
            conj.extend(base.iter().copied());
            match self.classify(&self.merge(&conj)) {
                Class::Null => nullable |= null_allowed,
                Class::Never => {}
                _ => others.push(conj),
            }
        }
        (others, nullable)
    }

    /// What stands beside a union and holds for each of its branches.
    fn base(&self, parts: &Parts, merged: &Merged<'a>, holder: NodeId) -> Parts {
        let speaks = |id: NodeId| {
            self.schemas.keywords(id).is_none_or(|keywords| {
                keywords.types.is_some()
                    || keywords.const_value.is_some()
                    || keywords.enum_values.is_some()
                    || keywords.constrains_objects()
                    || keywords.constrains_arrays()
                    || (id != holder && keywords.applies_in_place())
            })
        };
        let mut base: Parts = merged.nodes.iter().filter(|id| speaks(**id)).map(|id| Part { node: *id, bare: true }).collect();
        if parts.iter().any(|part| part.node.0 == u32::MAX) {
            base.push(Part { node: NodeId(u32::MAX), bare: true });
        }
        base
    }

    fn union(&mut self, parts: &Parts, merged: &Merged<'a>, hint: &Hint) -> Shape {
        let (branches, nullable) = self.branches(parts, merged);
        if branches.len() < 2 || nullable {
            return Shape::Alias(self.inline_union_of_root(&branches, nullable, parts, merged, hint));
        }
        let tag = self.tag(&branches);
        let mut variants: Vec<Variant> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let values = tag.as_ref().map(|tag| self.tag_values(branch, tag)).unwrap_or_default();
            let step = self.branch_step(branch, &values, index);
            let ty = self.view(branch, &hint.step(&step));
            if !variants.iter().any(|known| known.ty == ty && known.tag_values == values) {
                variants.push(Variant { ident: step, ty, tag_values: values, boxed: false });
            }
        }
        let order = sound_order(&variants, self);
        let mut variants: Vec<Variant> = order.into_iter().map(|index| variants[index].clone()).collect();
        if let [only] = &variants[..] {
            return Shape::Alias(only.ty.clone());
        }
        let labels: Vec<String> = variants.iter().map(|variant| self.variant_label(variant)).collect();
        for (variant, ident) in variants.iter_mut().zip(names::idents(&labels, names::upper_camel)) {
            variant.ident = ident;
        }
        Shape::Union(Union { variants, tag })
    }

    /// The named root of a schema that is a union with null, or of one branch: an alias that keeps the null.
    fn inline_union_of_root(&mut self, branches: &[Parts], nullable: bool, parts: &Parts, merged: &Merged<'a>, hint: &Hint) -> TypeRef {
        match branches {
            [] if nullable => TypeRef::Null,
            [] => TypeRef::Never,
            [only] => {
                let ty = self.view(only, &hint.step("value"));
                nullable_if(nullable, ty)
            }
            _ => nullable_if(true, self.name_it(parts, merged, &hint.step("value"), true)),
        }
    }

    /// How a branch is called: by its title, its tag, its definition, its type, or its place.
    fn branch_step(&self, branch: &Parts, tag_values: &[String], index: usize) -> String {
        let node = branch[0].node;
        let target = self.schemas.target(node);
        let title = [node, target]
            .into_iter()
            .find_map(|id| self.schemas.keywords(id)?.title.as_deref())
            .and_then(|title| names::title_name(Some(title)));
        if let Some(title) = title {
            return title;
        }
        if let [value] = tag_values {
            return value.clone();
        }
        if let Some(TypeRef::Named(id)) = self.types.by_node.get(&target) {
            return self.types.get(*id).name.clone();
        }
        match self.merge(branch).kinds.and_then(|kinds| kinds.without(Kind::Null).single()) {
            Some(kind) if kind != Kind::Object => kind.as_str().to_owned(),
            _ => format!("variant {}", index + 1),
        }
    }

    fn variant_label(&self, variant: &Variant) -> String {
        match (&variant.tag_values[..], &variant.ty) {
            ([value], _) if !names::upper_camel(value).is_empty() => value.clone(),
            (_, TypeRef::Named(id)) => self.types.get(*id).name.clone(),
            (_, ty) => label(ty, &variant.ident),
        }
    }

    /// A property that every branch requires, with values that no other branch has.
    fn tag(&self, branches: &[Parts]) -> Option<String> {
        let first = self.merge(&branches[0]);
        let candidates = first.keywords.iter().flat_map(|keywords| &keywords.properties).map(|(name, _)| name.clone());
        let mut seen = HashSet::new();
        candidates.filter(|name| seen.insert(name.clone())).find(|name| {
            let mut taken = HashSet::new();
            branches.iter().all(|branch| {
                let values = self.tag_values(branch, name);
                !values.is_empty() && values.into_iter().all(|value| taken.insert(value))
            })
        })
    }

    /// The strings that a branch allows in a required property; none where it allows anything else.
    fn tag_values(&self, branch: &Parts, name: &str) -> Vec<String> {
        let merged = self.merge(branch);
        let is_object = merged.kinds.is_some_and(|kinds| kinds.single() == Some(Kind::Object));
        let required = merged.keywords.iter().any(|keywords| keywords.required.iter().any(|required| required == name));
        if !is_object || !required {
            return Vec::new();
        }
        let nodes: Vec<NodeId> = merged
            .keywords
            .iter()
            .flat_map(|keywords| &keywords.properties)
            .filter(|(property, _)| property == name)
            .map(|(_, id)| *id)
            .collect();
        match self.classify(&self.merge(&conjunction(&nodes))) {
            Class::Strings(values, false) => values,
            _ => Vec::new(),
        }
    }

    /// The union of a schema with several types.
    fn kinds_union(&mut self, parts: &Parts, merged: &Merged<'a>, kinds: Kinds, hint: &Hint) -> Union {
        let kinds = if kinds.contains(Kind::Number) { kinds.without(Kind::Integer) } else { kinds };
        let any = merged.kinds.is_none() || kinds.iter().count() >= 6;
        let mut variants = Vec::new();
        for kind in [Kind::Object, Kind::Array, Kind::Integer, Kind::Number, Kind::String, Kind::Boolean] {
            if !kinds.contains(kind) || (any && kind != Kind::Object) {
                continue;
            }
            let ty = match kind {
                Kind::Object if self.is_map(merged) => {
                    TypeRef::Map(Box::new(self.rest_type(merged, &hint.step("object")).unwrap_or(TypeRef::Any)))
                }
                Kind::Object => self.object_of(parts, merged, hint),
                kind => self.single(kind, merged, &hint.step(kind.as_str())),
            };
            let ident = names::upper_camel(kind.as_str());
            variants.push(Variant { ident, ty, tag_values: Vec::new(), boxed: false });
        }
        if any {
            variants.push(Variant { ident: "Other".into(), ty: TypeRef::Any, tag_values: Vec::new(), boxed: false });
        } else if kinds.contains(Kind::Null) && !parts.iter().any(|part| part.node.0 == u32::MAX) {
            variants.push(Variant { ident: "Null".into(), ty: TypeRef::Null, tag_values: Vec::new(), boxed: false });
        }
        Union { variants, tag: None }
    }

    /// The object among several types: a struct of its own.
    fn object_of(&mut self, parts: &Parts, merged: &Merged<'a>, hint: &Hint) -> TypeRef {
        let object = self.object(merged, hint);
        let mut key = parts.clone();
        key.push(Part { node: NodeId(u32::MAX - 1), bare: true });
        let candidates = [names::upper_camel(&format!("{} {} object", hint.parent, hint.step))];
        let node = merged.nodes.first().copied().unwrap_or(parts[0].node);
        let id = self.allocate(hint.module, candidates, node, key);
        // It is built already: nothing is left to do for the queue.
        self.queue.pop();
        self.types.types[id.0 as usize].shape = Shape::Object(object);
        TypeRef::Named(id)
    }
}

/// What a conjunction amounts to; a flag says whether null is allowed besides.
enum Class {
    Never,
    Any,
    Null,
    Single(Kind, bool),
    Strings(Vec<String>, bool),
    Literal(Vec<Value>, TypeRef, bool),
    Object(bool),
    Map(bool),
    Union(bool),
    Kinds(Kinds),
}

/// Parts of a pointer that structure schemas and say nothing about what they describe.
const STRUCTURAL: &[&str] =
    &["$defs", "definitions", "properties", "items", "allOf", "anyOf", "oneOf", "components", "schemas", "additionalProperties"];

fn module_ident(part: &str) -> String {
    let ident = names::snake(part);
    let ident = if ident.is_empty() { names::snake(&names::spelled(part)) } else { ident };
    if ident.is_empty() { "root".to_owned() } else { ident }
}

fn conjunction(nodes: &[NodeId]) -> Parts {
    nodes.iter().map(|node| Part { node: *node, bare: false }).collect()
}

fn nullable_if(nullable: bool, ty: TypeRef) -> TypeRef {
    match ty {
        ty if !nullable => ty,
        TypeRef::Any | TypeRef::Null | TypeRef::Nullable(_) => ty,
        TypeRef::Never => TypeRef::Null,
        ty => TypeRef::Nullable(Box::new(ty)),
    }
}

fn members(values: &[String]) -> Vec<EnumMember> {
    let idents = names::idents(values, names::upper_camel);
    values.iter().zip(idents).map(|(value, ident)| EnumMember { value: value.clone(), ident }).collect()
}

fn label(ty: &TypeRef, fallback: &str) -> String {
    match ty {
        TypeRef::Null => "Null".into(),
        TypeRef::Bool => "Boolean".into(),
        TypeRef::Integer(_) => "Integer".into(),
        TypeRef::Number => "Number".into(),
        TypeRef::String(_) => "String".into(),
        TypeRef::Array(_) | TypeRef::Tuple(..) => "Array".into(),
        TypeRef::Map(_) => "Map".into(),
        _ => fallback.to_owned(),
    }
}

/// An order in which the first alternative that decodes is right: the narrow before the wide.
fn sound_order(variants: &[Variant], builder: &Builder<'_>) -> Vec<usize> {
    let rank = |ty: &TypeRef| match ty {
        TypeRef::Null => 0,
        TypeRef::Literal(..) | TypeRef::Bool => 1,
        TypeRef::Integer(_) => 2,
        TypeRef::Number => 3,
        TypeRef::Tuple(..) => 4,
        TypeRef::Array(_) => 5,
        TypeRef::Named(_) => 6,
        TypeRef::String(_) => 7,
        TypeRef::Map(_) => 8,
        _ => 9,
    };
    let _ = builder;
    let mut order: Vec<usize> = (0..variants.len()).collect();
    order.sort_by_key(|index| rank(variants[*index].ty.split_null().0));
    order
}

fn integer_range(keywords: &[&Keywords]) -> IntegerRange {
    let whole = |number: &serde_json::Number| number.as_i128().or_else(|| number.to_string().parse().ok());
    let mut range = IntegerRange::default();
    for keywords in keywords {
        let lower = keywords
            .minimum
            .as_ref()
            .and_then(whole)
            .into_iter()
            .chain(keywords.exclusive_minimum.as_ref().and_then(whole).and_then(|n| n.checked_add(1)));
        let upper = keywords
            .maximum
            .as_ref()
            .and_then(whole)
            .into_iter()
            .chain(keywords.exclusive_maximum.as_ref().and_then(whole).and_then(|n| n.checked_sub(1)));
        range.min = lower.chain(range.min).max();
        range.max = upper.chain(range.max).min();
    }
    range
}

fn string_format(keywords: &[&Keywords]) -> Option<Format> {
    let base64 = keywords.iter().any(|keywords| keywords.content_encoding.as_deref() == Some("base64"));
    let named = keywords.iter().find_map(|keywords| keywords.format.as_deref());
    Some(match named {
        Some("date-time") => Format::DateTime,
        Some("date") => Format::Date,
        Some("time") => Format::Time,
        Some("duration") => Format::Duration,
        Some("email" | "idn-email") => Format::Email,
        Some("hostname" | "idn-hostname") => Format::Hostname,
        Some("ipv4") => Format::Ipv4,
        Some("ipv6") => Format::Ipv6,
        Some("uri" | "iri") => Format::Uri,
        Some("uri-reference" | "iri-reference") => Format::UriReference,
        Some("uuid") => Format::Uuid,
        Some("regex") => Format::Regex,
        Some("json-pointer") => Format::JsonPointer,
        Some("byte") => Format::Byte,
        _ if base64 => Format::Byte,
        _ => return None,
    })
}

/// Marks what is recursive, what must be boxed, and what is generic, once all shapes are known.
fn finish(types: &mut Types) {
    let count = types.types.len();
    let direct = components(count, |id| edges(&types.types[id].shape, true));
    let all = components(count, |id| edges(&types.types[id].shape, false));
    for id in 0..count {
        let own_edges = edges(&types.types[id].shape, false);
        let recursive = own_edges.iter().any(|to| all[*to] == all[id]);
        let boxed = |ty: &TypeRef| direct_target(ty).is_some_and(|to| direct[to] == direct[id]);
        let ty = &mut types.types[id];
        ty.recursive = recursive;
        match &mut ty.shape {
            Shape::Object(object) => object.fields.iter_mut().for_each(|field| field.boxed = boxed(&field.ty)),
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| variant.boxed = boxed(&variant.ty)),
            _ => {}
        }
    }
    loop {
        let generic: Vec<bool> = types
            .types
            .iter()
            .map(|ty| {
                ty.generic
                    || ty.shape.parts().iter().any(|part| {
                        let mut holds = part.holds_payload();
                        part.named(&mut |id| holds |= types.types[id.0 as usize].generic);
                        holds
                    })
            })
            .collect();
        let changed =
            types.types.iter_mut().zip(&generic).filter(|(ty, generic)| ty.generic != **generic).map(|(ty, _)| ty.generic = true).count();
        if changed == 0 {
            return;
        }
    }
}

fn direct_target(ty: &TypeRef) -> Option<usize> {
    match ty.split_null().0 {
        TypeRef::Named(id) => Some(id.0 as usize),
        _ => None,
    }
}

/// The types that a shape holds: directly only, or through lists and maps too.
fn edges(shape: &Shape, direct: bool) -> Vec<usize> {
    let mut edges = Vec::new();
    for part in shape.parts() {
        if direct {
            edges.extend(direct_target(part));
            if let TypeRef::Tuple(items, _) = part.split_null().0 {
                items.iter().for_each(|item| item.named(&mut |id| edges.push(id.0 as usize)));
            }
        } else {
            part.named(&mut |id| edges.push(id.0 as usize));
        }
    }
    edges
}

/// Strongly connected components (Tarjan, without recursion); a component of one without an edge to itself has no twin.
fn components(count: usize, edges: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut state = vec![(usize::MAX, usize::MAX, false); count]; // index, lowest reachable, on the stack
    let (mut component, mut stack, mut next) = (vec![usize::MAX; count], Vec::new(), 0);
    for root in 0..count {
        if state[root].0 != usize::MAX {
            continue;
        }
        let mut calls = vec![(root, edges(root), 0)];
        while let Some((at, targets, done)) = calls.last_mut() {
            let at = *at;
            if *done == 0 && state[at].0 == usize::MAX {
                state[at] = (next, next, true);
                next += 1;
                stack.push(at);
            }
            if let Some(to) = targets.get(*done).copied() {
                *done += 1;
                if state[to].0 == usize::MAX {
                    calls.push((to, edges(to), 0));
                } else if state[to].2 {
                    state[at].1 = state[at].1.min(state[to].0);
                }
                continue;
            }
            if state[at].0 == state[at].1 {
                while let Some(member) = stack.pop() {
                    state[member].2 = false;
                    component[member] = at;
                    if member == at {
                        break;
                    }
                }
            }
            let low = state[at].1;
            calls.pop();
            if let Some((parent, ..)) = calls.last() {
                state[*parent].1 = state[*parent].1.min(low);
            }
        }
    }
    component
}
