//! The residual of a schema: what it asks beyond the type that was derived from it.

use std::collections::HashSet;

use eventc_model::{
    catalog::Catalog,
    schema::{Keywords, Kind, NodeId, Reference, Schema, Schemas},
    types::{
        Additional, Conjunction, Field, MergedSchema, Object, SchemaClass, Shape, Type, TypeRef, Types, branches, only_branch, payloads,
    },
};

/// The demands of a schema beyond the type that was derived from it.
///
/// The type is read strictly: null is no absence, an enum takes the strings that it knows, and an object with a
/// [`rejects_unknown`](Object::rejects_unknown) no property without a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Residual {
    /// No residual: what can be read is valid. Of an envelope's payload, that it is an object.
    None,
    /// The demands of all of these schemas on the value. Whatever in it has a named type has been asked already.
    PerValue(Vec<NodeId>),
    /// Demands that only the document as a whole can be asked.
    WholeDocument,
}

/// The residuals of schemas, found when they are asked for.
#[derive(Debug)]
pub(crate) struct Residuals<'a> {
    schemas: &'a Schemas,
    types: &'a Types,
    payloads: HashSet<NodeId>,
}

impl<'a> Residuals<'a> {
    /// Takes the types that were derived of a catalog.
    pub(crate) fn new(catalog: &'a Catalog, types: &'a Types) -> Self {
        Self { schemas: &catalog.schemas, types, payloads: payloads(catalog) }
    }

    /// Returns the residual of a named type's schema beyond its shape, its parts aside.
    pub(crate) fn of_type(&self, ty: &Type) -> Residual {
        self.of_shape(&ty.conjunction, &ty.shape)
    }

    /// Returns the residual of a property's schemas beyond the field's type.
    pub(crate) fn of_field(&self, field: &Field) -> Residual {
        self.of_place(&Conjunction::of(&field.nodes), &field.ty)
    }

    /// Returns the residual of a named type's schema beyond its shape, its parts aside.
    fn of_shape(&self, conjunction: &Conjunction, shape: &Shape) -> Residual {
        let merged = MergedSchema::new(self.schemas, conjunction);
        let plain = merged.keywords.iter().all(|keywords| is_plain(keywords));
        match shape {
            _ if is_part_of_union(conjunction) || conjunction.choice.is_some() => Residual::WholeDocument,
            Shape::Alias(_) if only_branch(self.schemas, self.types, conjunction).is_some() => self.of_branch(conjunction),
            Shape::Alias(inner) => self.of_merged(conjunction, &merged, inner),
            Shape::Enum(_) => nothing_if(plain && !asks_of_scalars(&merged)),
            Shape::Object(object) => nothing_if(plain && self.is_said(&merged, object)),
            // Null stands around the name, where it is allowed.
            Shape::Union(_) if conjunction.only.is_none() || *conjunction == conjunction.without_null() => value(conjunction),
            Shape::Union(_) => Residual::WholeDocument,
        }
    }

    /// Returns the residual of a schema beyond passing on to another.
    fn of_branch(&self, conjunction: &Conjunction) -> Residual {
        let own = conjunction.single().and_then(|node| self.schemas.keywords(node));
        nothing_if(own.is_some_and(|own| is_plain(own) && !own.constrains_numbers() && !own.constrains_strings()))
    }

    /// Returns the residual of a place's schemas beyond the type of its values, what the type names aside.
    fn of_place(&self, conjunction: &Conjunction, ty: &TypeRef) -> Residual {
        if let Some(node) = conjunction.single() {
            let target = self.schemas.target(node);
            if self.payloads.contains(&node) {
                return nothing_if(self.asks_for_an_object(target));
            }
            if let Some(named) = self.types.of_node(target) {
                return match self.schemas.node(target).schema {
                    Schema::Bool(true) => nothing_if(*ty == TypeRef::Any),
                    Schema::Bool(false) => nothing_if(*ty == TypeRef::Never),
                    Schema::Keywords(_) => nothing_if(ty == named),
                };
            }
        }
        self.of_merged(conjunction, &MergedSchema::new(self.schemas, conjunction), ty)
    }

    fn of_merged(&self, conjunction: &Conjunction, merged: &MergedSchema<'a>, ty: &TypeRef) -> Residual {
        if is_part_of_union(conjunction) {
            return Residual::WholeDocument;
        }
        let plain = merged.keywords.iter().all(|keywords| is_plain(keywords));
        let (core, nullable) = ty.split_null();
        match (merged.classify(), core) {
            (SchemaClass::Never, TypeRef::Never) | (SchemaClass::Null, TypeRef::Null) if plain => Residual::None,
            (SchemaClass::Strings(..) | SchemaClass::Object(_) | SchemaClass::Kinds(_), TypeRef::Named(_)) => Residual::None,
            (SchemaClass::Union, _) => self.of_union(conjunction, merged, core, nullable),
            (SchemaClass::Any, TypeRef::Any) => {
                nothing_if_or(plain && !merged.keywords.iter().any(|keywords| keywords.constrains()), conjunction)
            }
            (SchemaClass::Single(Kind::Array, _), TypeRef::Array(item)) => self.of_list(conjunction, merged, item, plain),
            (SchemaClass::Single(Kind::Array, _), TypeRef::Tuple { items, rest, .. }) => {
                self.of_tuple(conjunction, merged, items, rest.as_deref())
            }
            (SchemaClass::Map(_), TypeRef::Map(item)) => self.of_map(conjunction, merged, item, plain),
            (SchemaClass::Single(..), _) if is_scalar(core) => nothing_if_or(plain && !asks_of_scalars(merged), conjunction),
            (SchemaClass::Literal(..) | SchemaClass::Null, _) if is_scalar(core) => value(conjunction),
            _ => Residual::WholeDocument,
        }
    }

    fn of_list(&self, conjunction: &Conjunction, merged: &MergedSchema<'a>, item: &TypeRef, plain: bool) -> Residual {
        let items: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.items).collect();
        let inside = if items.is_empty() { nothing_if(*item == TypeRef::Any) } else { self.of_place(&Conjunction::of(&items), item) };
        let counted = merged.keywords.iter().any(|keywords| keywords.min_items.is_some() || keywords.max_items.is_some());
        container(conjunction, &inside, item, plain && !counted)
    }

    /// Returns the residual of a tuple, the number of its items included.
    fn of_tuple(&self, conjunction: &Conjunction, merged: &MergedSchema<'a>, items: &[TypeRef], rest: Option<&TypeRef>) -> Residual {
        let mut lists = merged.keywords.iter().filter(|keywords| keywords.constrains_arrays());
        let (Some(keywords), None) = (lists.next(), lists.next()) else { return Residual::WholeDocument };
        let inside = |(node, ty): (Option<NodeId>, &TypeRef)| match node {
            Some(node) => self.of_place(&Conjunction::of(&[node]), ty) != Residual::WholeDocument,
            None => *ty == TypeRef::Any,
        };
        let nodes = keywords.prefix_items.iter().map(|node| Some(*node)).chain(std::iter::repeat(keywords.items));
        let all = nodes.zip(items).all(inside) && rest.is_none_or(|rest| inside((keywords.items, rest)));
        if all { value(conjunction) } else { Residual::WholeDocument }
    }

    fn of_map(&self, conjunction: &Conjunction, merged: &MergedSchema<'a>, item: &TypeRef, plain: bool) -> Residual {
        let named = merged.keywords.iter().flat_map(|keywords| keywords.pattern_properties.iter().map(|(_, id)| *id));
        let schemas: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.additional_properties).chain(named).collect();
        let inside = match schemas[..] {
            [] => nothing_if(*item == TypeRef::Any),
            [only] if self.is_false(only) => nothing_if(*item == TypeRef::Never),
            [only] => self.of_place(&Conjunction::of(&[only]), item),
            _ => Residual::WholeDocument,
        };
        let counted = merged
            .keywords
            .iter()
            .any(|keywords| keywords.min_properties.is_some() || keywords.max_properties.is_some() || !keywords.required.is_empty());
        container(conjunction, &inside, item, plain && !counted)
    }

    /// Returns a union with null alone is no type of its own; any other has a name.
    fn of_union(&self, conjunction: &Conjunction, merged: &MergedSchema<'a>, core: &TypeRef, nullable: bool) -> Residual {
        let Some((holder, listed)) = merged.union else { return Residual::WholeDocument };
        let (others, with_null) = branches(self.schemas, conjunction, merged);
        let [only] = &others[..] else { return nothing_if(others.len() > 1 && matches!(core, TypeRef::Named(_))) };
        let speaks = |node: &NodeId| self.schemas.keywords(*node).is_some_and(|keywords| !is_plain_but_for_union(keywords));
        let null_once = self.schemas.keywords(holder).is_some_and(|keywords| keywords.one_of.is_empty())
            || !accepts_null(&MergedSchema::new(self.schemas, only));
        let is_plain_list = listed.len() == 2 && only.parts.len() == 1 && !asks_of_scalars(merged) && !merged.nodes.iter().any(speaks);
        let one_list = merged.keywords.iter().map(|keywords| keywords.any_of.len() + keywords.one_of.len()).sum::<usize>() == 2;
        let nulls_are_plain =
            listed.iter().filter_map(|branch| self.schemas.keywords(*branch)).all(|keywords| is_plain(keywords) || !is_null(keywords));
        if !(is_plain_list && one_list && nulls_are_plain && with_null && nullable && null_once) {
            return if is_scalar(core) { value(conjunction) } else { Residual::WholeDocument };
        }
        match self.of_place(only, core) {
            // Null is asked as well.
            Residual::PerValue(_) => value(conjunction),
            residual => residual,
        }
    }

    /// Returns whether an object is exactly what its fields and its rest say, where a strict reader refuses unknown properties.
    fn is_said(&self, merged: &MergedSchema<'a>, object: &Object) -> bool {
        let names = |keywords: &Keywords, name: &str| keywords.properties.iter().any(|(known, _)| known == name);
        let sized = merged.keywords.iter().any(|keywords| keywords.min_properties.is_some() || keywords.max_properties.is_some());
        let required = merged.keywords.iter().flat_map(|keywords| &keywords.required);
        let fields_are_complete = required.into_iter().all(|name| object.fields.iter().any(|field| field.name == *name));
        // What one schema says of properties that it does not know concerns those that only others know.
        let speaking = merged.keywords.iter().filter_map(|keywords| Some((keywords, keywords.additional_properties?)));
        let mut speaking = speaking.filter(|(_, id)| !self.accepts_all(*id));
        let apart = speaking.clone().all(|(keywords, _)| object.fields.iter().all(|field| names(keywords, &field.name)));
        let rest = match &object.rest {
            Additional::Closed => true,
            Additional::Open | Additional::Typed(TypeRef::Never) if object.rejects_unknown => true,
            Additional::Open => speaking.next().is_none(),
            Additional::Typed(ty) => match (speaking.next(), speaking.next()) {
                (Some((_, id)), None) => self.of_place(&Conjunction::of(&[id]), ty) == Residual::None,
                _ => false,
            },
        };
        !sized && fields_are_complete && apart && rest
    }

    /// Returns whether a schema asks for nothing more than any object.
    fn asks_for_an_object(&self, id: NodeId) -> bool {
        let Schema::Keywords(keywords) = &self.schemas.node(id).schema else { return self.accepts_all(id) };
        let object = keywords.types.is_none_or(|kinds| kinds.single() == Some(Kind::Object));
        let says_more = keywords.const_value.is_some()
            || keywords.enum_values.is_some()
            || keywords.constrains_objects()
            || keywords.applies_in_place()
            || keywords.reference.is_some()
            || keywords.dynamic_reference.is_some();
        object && !says_more
    }

    fn accepts_all(&self, id: NodeId) -> bool {
        match &self.schemas.node(id).schema {
            Schema::Bool(accepts) => *accepts,
            Schema::Keywords(keywords) => !keywords.constrains() && keywords.reference.is_none() && keywords.dynamic_reference.is_none(),
        }
    }

    fn is_false(&self, id: NodeId) -> bool {
        matches!(self.schemas.node(id).schema, Schema::Bool(false))
    }
}

/// Returns whether a keyword concerns numbers or strings.
fn asks_of_scalars(merged: &MergedSchema<'_>) -> bool {
    merged.keywords.iter().any(|keywords| keywords.constrains_numbers() || keywords.constrains_strings())
}

fn accepts_null(merged: &MergedSchema<'_>) -> bool {
    let listed = merged.values.as_ref().is_none_or(|values| values.iter().any(serde_json::Value::is_null));
    !merged.never && listed && merged.kinds.is_none_or(|kinds| kinds.contains(Kind::Null))
}

fn is_part_of_union(conjunction: &Conjunction) -> bool {
    conjunction.parts.iter().any(|part| part.without_union)
}

/// Returns whether all that a schema says is taken together with what stands beside it, and can be said by types.
fn is_plain(keywords: &Keywords) -> bool {
    keywords.any_of.len() <= 1 && keywords.one_of.len() <= 1 && is_plain_but_for_union(keywords)
}

fn is_plain_but_for_union(keywords: &Keywords) -> bool {
    matches!(keywords.reference, None | Some(Reference::To(_)))
        && keywords.dynamic_reference.is_none()
        && keywords.not.is_none()
        && keywords.if_schema.is_none()
        && keywords.prefix_items.is_empty()
        && keywords.contains.is_none()
        && !keywords.unique_items
        && keywords.unevaluated_items.is_none()
        && keywords.pattern_properties.is_empty()
        && keywords.property_names.is_none()
        && keywords.dependent_required.is_empty()
        && keywords.dependent_schemas.is_empty()
        && keywords.unevaluated_properties.is_none()
}

fn is_null(keywords: &Keywords) -> bool {
    keywords.types.is_some_and(|kinds| kinds.single() == Some(Kind::Null))
        || keywords.const_value.as_ref().is_some_and(serde_json::Value::is_null)
        || keywords.enum_values.as_ref().is_some_and(|values| values.iter().all(serde_json::Value::is_null))
}

fn is_scalar(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Literal(_, base) => is_scalar(base),
        TypeRef::Any | TypeRef::Null | TypeRef::Bool | TypeRef::Integer(_) | TypeRef::Number | TypeRef::String(_) => true,
        _ => false,
    }
}

fn nothing_if(holds: bool) -> Residual {
    if holds { Residual::None } else { Residual::WholeDocument }
}

fn nothing_if_or(holds: bool, conjunction: &Conjunction) -> Residual {
    if holds { Residual::None } else { value(conjunction) }
}

fn value(conjunction: &Conjunction) -> Residual {
    Residual::PerValue(conjunction.parts.iter().map(|part| part.node).collect())
}

/// Returns the residual of a list or map, given what is asked of what it holds, and whether it is asked nothing itself.
fn container(conjunction: &Conjunction, inside: &Residual, item: &TypeRef, free: bool) -> Residual {
    match inside {
        Residual::None if free => Residual::None,
        Residual::None | Residual::PerValue(_) => value(conjunction),
        Residual::WholeDocument if *item == TypeRef::Any => value(conjunction),
        Residual::WholeDocument => Residual::WholeDocument,
    }
}

#[cfg(test)]
mod tests;
