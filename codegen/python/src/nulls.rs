//! What becomes of null: which types read it as absence.
//!
//! A pydantic model takes null for an optional property whose schema does not allow it. In a union that would lose the null of a document
//! that is valid by another alternative.

use std::collections::{HashMap, HashSet};

use eventc_model::types::{Additional, Object, Shape, TypeId, TypeRef, Types};

use super::types::is_untyped_list;

/// Returns whether one of several types may read null as absence where another keeps it.
pub(super) fn may_be_lost(types: &Types, kinds: &[TypeRef]) -> bool {
    let mut comparison = NullComparison { types, seen: HashSet::new(), steps: 0 };
    kinds.iter().any(|one| kinds.iter().any(|other| one != other && comparison.loses(one, other)))
}

/// The maximum number of steps; after them null may be lost, as far as anybody knows: that costs something when documents are
/// read, and nothing else.
const MAX_STEPS: usize = 200_000;

struct NullComparison<'a> {
    types: &'a Types,
    seen: HashSet<(TypeId, TypeId)>,
    steps: usize,
}

impl<'a> NullComparison<'a> {
    /// Returns whether a value of both types has a null that the one takes for absence, and the other for null.
    fn loses(&mut self, one: &'a TypeRef, other: &'a TypeRef) -> bool {
        self.steps += 1;
        match (one, other) {
            _ if self.steps > MAX_STEPS => true,
            // What it is, is not known here.
            (TypeRef::Payload, _) => true,
            (TypeRef::Named(one), TypeRef::Named(other)) if one == other || !self.seen.insert((*one, *other)) => false,
            (TypeRef::Nullable(one), other) => self.loses(one, other),
            (one, TypeRef::Nullable(other)) => self.loses(one, other),
            (one, TypeRef::Any | TypeRef::Payload) => self.drops(one),
            (one, TypeRef::NonObject) => !self.is_object(one) && self.drops(one),
            (TypeRef::Named(id), _) if self.object(one).is_none() => self.variants(*id).into_iter().any(|one| self.loses(one, other)),
            (_, TypeRef::Named(id)) if self.object(other).is_none() => self.variants(*id).into_iter().any(|other| self.loses(one, other)),
            (TypeRef::Map(one), TypeRef::Map(other)) => self.loses(one, other),
            _ => match (self.object(one), self.object(other), one, other) {
                (Some(one), Some(other), ..) => self.object_loses(one, other),
                (Some(one), None, _, TypeRef::Map(value)) => self.fields_lose(one, |_| Some(value)),
                (None, Some(other), TypeRef::Map(value), _) => {
                    other.fields.iter().any(|field| self.loses(value, &field.ty)) || rest(other).is_some_and(|rest| self.loses(value, rest))
                }
                _ => items(one).into_iter().any(|one| items(other).into_iter().any(|other| self.loses(one, other))),
            },
        }
    }

    fn object_loses(&mut self, one: &'a Object, other: &'a Object) -> bool {
        self.steps += one.fields.len() + other.fields.len();
        let declared: HashMap<&str, &TypeRef> = other.fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect();
        if self.fields_lose(one, |name| declared.get(name).copied().or(rest(other))) {
            return true;
        }
        let Additional::Typed(value) = &one.rest else { return false };
        let known: HashSet<&str> = one.fields.iter().map(|field| field.name.as_str()).collect();
        let further = other.fields.iter().filter(|field| !known.contains(field.name.as_str())).map(|field| &field.ty);
        further.chain(rest(other)).any(|other| self.loses(value, other))
    }

    /// Returns whether the fields of a model lose what stands there by another type: `by` says which, if anything may.
    fn fields_lose(&mut self, one: &'a Object, by: impl Fn(&str) -> Option<&'a TypeRef>) -> bool {
        one.fields.iter().any(|field| {
            let Some(other) = by(&field.name) else { return false };
            let absent = !field.required && !self.types.accepts_null(&field.ty, true);
            (absent && self.types.accepts_null(other, true)) || self.loses(&field.ty, other)
        })
    }

    /// Returns whether the type reads a null as absence, wherever.
    fn drops(&mut self, ty: &TypeRef) -> bool {
        let named = reached(self.types, ty);
        self.steps += named.len();
        named.into_iter().any(|id| match &self.types.get(id).shape {
            Shape::Object(object) => object.fields.iter().any(|field| !field.required && !self.types.accepts_null(&field.ty, true)),
            _ => false,
        })
    }

    fn object(&self, ty: &TypeRef) -> Option<&'a Object> {
        let TypeRef::Named(id) = ty else { return None };
        match &self.types.get(*id).shape {
            Shape::Object(object) => Some(object),
            _ => None,
        }
    }

    fn is_object(&self, ty: &TypeRef) -> bool {
        matches!(ty, TypeRef::Map(_)) || self.object(ty).is_some()
    }

    /// Returns the types that a name which is no object's stands for.
    fn variants(&self, id: TypeId) -> Vec<&'a TypeRef> {
        match &self.types.get(id).shape {
            Shape::Alias(target) => vec![target],
            Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Shape::Object(_) | Shape::Enum(_) => Vec::new(),
        }
    }
}

/// Returns the type of an object's further properties.
fn rest(object: &Object) -> Option<&TypeRef> {
    match &object.rest {
        Additional::Typed(ty) => Some(ty),
        Additional::Open => Some(&TypeRef::Any),
        Additional::Closed => None,
    }
}

/// Returns the types of a list's items.
fn items(ty: &TypeRef) -> Vec<&TypeRef> {
    match ty {
        TypeRef::Array(item) => vec![item],
        _ if is_untyped_list(ty) => vec![&TypeRef::Any],
        TypeRef::Tuple { items, rest, .. } => items.iter().chain(rest.as_deref()).collect(),
        _ => Vec::new(),
    }
}

/// Returns the named types that a type is made of in Python.
pub(super) fn reached(types: &Types, ty: &TypeRef) -> HashSet<TypeId> {
    let (mut seen, mut waiting) = (HashSet::new(), vec![ty]);
    while let Some(ty) = waiting.pop() {
        match ty {
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) | TypeRef::Literal(_, inner) => waiting.push(inner),
            TypeRef::Tuple { items, rest, .. } if !is_untyped_list(ty) => waiting.extend(items.iter().chain(rest.as_deref())),
            TypeRef::Named(id) if seen.insert(*id) => waiting.extend(types.get(*id).shape.parts()),
            _ => {}
        }
    }
    seen
}
