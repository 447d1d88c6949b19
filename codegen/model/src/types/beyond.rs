//! What a schema asks beyond its type.

use super::{
    Beyond, Object, Rest, Shape, TypeRef,
    alternatives::branches,
    build::Builder,
    conjunction::{Class, Conjunction, Merged},
};
use crate::schema::{Keywords, Kind, NodeId, Reference, Schema};

impl<'a> Builder<'a> {
    /// What the schema of a named type asks beyond its shape, its parts aside.
    pub(super) fn beyond_shape(&self, conjunction: &Conjunction, shape: &Shape) -> Beyond {
        let merged = Merged::new(self.schemas, conjunction);
        let plain = merged.keywords.iter().all(|keywords| is_plain(keywords));
        match shape {
            _ if conjunction.is_part_of_union() => Beyond::More,
            Shape::Alias(_) if self.only_branch(conjunction).is_some() => self.beyond_branch(conjunction),
            Shape::Alias(inner) => self.beyond_merged(conjunction, &merged, inner),
            Shape::Enum(_) => nothing_if(plain && !merged.asks_of_scalars()),
            Shape::Object(object) => nothing_if(plain && self.is_said(&merged, object)),
            // Null stands around the name, where it is allowed.
            Shape::Union(_) if conjunction.only.is_none() || *conjunction == conjunction.without_null() => value(conjunction),
            Shape::Union(_) => Beyond::More,
        }
    }

    /// What a schema asks beyond passing on to another.
    fn beyond_branch(&self, conjunction: &Conjunction) -> Beyond {
        let own = conjunction.single().and_then(|node| self.schemas.keywords(node));
        nothing_if(own.is_some_and(|own| is_plain(own) && !own.constrains_numbers() && !own.constrains_strings()))
    }

    /// What the schemas of a place ask beyond the type of its values, what the type names aside.
    pub(super) fn beyond(&self, conjunction: &Conjunction, ty: &TypeRef) -> Beyond {
        if let Some(node) = conjunction.single() {
            let target = self.schemas.target(node);
            if self.payloads.contains(&node) {
                return nothing_if(self.asks_for_an_object(target));
            }
            if let Some(named) = self.types.by_node.get(&target) {
                return match self.schemas.node(target).schema {
                    Schema::Bool(true) => nothing_if(*ty == TypeRef::Any),
                    Schema::Bool(false) => nothing_if(*ty == TypeRef::Never),
                    Schema::Keywords(_) => nothing_if(ty == named),
                };
            }
        }
        self.beyond_merged(conjunction, &Merged::new(self.schemas, conjunction), ty)
    }

    fn beyond_merged(&self, conjunction: &Conjunction, merged: &Merged<'a>, ty: &TypeRef) -> Beyond {
        if conjunction.is_part_of_union() {
            return Beyond::More;
        }
        let plain = merged.keywords.iter().all(|keywords| is_plain(keywords));
        let (core, nullable) = ty.split_null();
        match (merged.classify(), core) {
            (Class::Never, TypeRef::Never) | (Class::Null, TypeRef::Null) if plain => Beyond::Nothing,
            (Class::Strings(..) | Class::Object(_) | Class::Kinds(_), TypeRef::Named(_)) => Beyond::Nothing,
            (Class::Union, _) => self.beyond_union(conjunction, merged, core, nullable),
            (Class::Any, TypeRef::Any) => {
                nothing_if_or(plain && !merged.keywords.iter().any(|keywords| keywords.constrains()), conjunction)
            }
            (Class::Single(Kind::Array, _), TypeRef::Array(item)) => self.beyond_list(conjunction, merged, item, plain),
            (Class::Single(Kind::Array, _), TypeRef::Tuple { items, .. }) => self.beyond_tuple(conjunction, merged, items),
            (Class::Map(_), TypeRef::Map(item)) => self.beyond_map(conjunction, merged, item, plain),
            (Class::Single(..), _) if is_scalar(core) => nothing_if_or(plain && !merged.asks_of_scalars(), conjunction),
            (Class::Literal(..) | Class::Null, _) if is_scalar(core) => value(conjunction),
            _ => Beyond::More,
        }
    }

    fn beyond_list(&self, conjunction: &Conjunction, merged: &Merged<'a>, item: &TypeRef, plain: bool) -> Beyond {
        let items: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.items).collect();
        let inside = if items.is_empty() { nothing_if(*item == TypeRef::Any) } else { self.beyond(&Conjunction::of(&items), item) };
        let counted = merged.keywords.iter().any(|keywords| keywords.min_items.is_some() || keywords.max_items.is_some());
        container(conjunction, &inside, item, plain && !counted)
    }

    /// How many items there are is asked as well.
    fn beyond_tuple(&self, conjunction: &Conjunction, merged: &Merged<'a>, items: &[TypeRef]) -> Beyond {
        let mut lists = merged.keywords.iter().filter(|keywords| keywords.constrains_arrays());
        let (Some(keywords), None) = (lists.next(), lists.next()) else { return Beyond::More };
        let inside = |(node, ty): (&NodeId, &TypeRef)| self.beyond(&Conjunction::of(&[*node]), ty) != Beyond::More;
        let all = keywords.prefix_items.len() == items.len() && keywords.prefix_items.iter().zip(items).all(inside);
        if all { value(conjunction) } else { Beyond::More }
    }

    fn beyond_map(&self, conjunction: &Conjunction, merged: &Merged<'a>, item: &TypeRef, plain: bool) -> Beyond {
        let named = merged.keywords.iter().flat_map(|keywords| keywords.pattern_properties.iter().map(|(_, id)| *id));
        let schemas: Vec<NodeId> = merged.keywords.iter().filter_map(|keywords| keywords.additional_properties).chain(named).collect();
        let inside = match schemas[..] {
            [] => nothing_if(*item == TypeRef::Any),
            [only] if self.is_false(only) => nothing_if(*item == TypeRef::Never),
            [only] => self.beyond(&Conjunction::of(&[only]), item),
            _ => Beyond::More,
        };
        let counted = merged
            .keywords
            .iter()
            .any(|keywords| keywords.min_properties.is_some() || keywords.max_properties.is_some() || !keywords.required.is_empty());
        container(conjunction, &inside, item, plain && !counted)
    }

    /// A union with null alone is no type of its own; any other has a name.
    fn beyond_union(&self, conjunction: &Conjunction, merged: &Merged<'a>, core: &TypeRef, nullable: bool) -> Beyond {
        let Some((holder, listed)) = merged.union else { return Beyond::More };
        let (others, with_null) = branches(self.schemas, conjunction, merged);
        let [only] = &others[..] else { return nothing_if(others.len() > 1 && matches!(core, TypeRef::Named(_))) };
        let speaks = |node: &NodeId| self.schemas.keywords(*node).is_some_and(|keywords| !is_plain_but_for_union(keywords));
        let null_once = self.schemas.keywords(holder).is_some_and(|keywords| keywords.one_of.is_empty())
            || !Merged::new(self.schemas, only).accepts_null();
        let bare = listed.len() == 2 && only.parts.len() == 1 && !merged.asks_of_scalars() && !merged.nodes.iter().any(speaks);
        let one_list = merged.keywords.iter().map(|keywords| keywords.any_of.len() + keywords.one_of.len()).sum::<usize>() == 2;
        let nulls_are_plain =
            listed.iter().filter_map(|branch| self.schemas.keywords(*branch)).all(|keywords| is_plain(keywords) || !is_null(keywords));
        if !(bare && one_list && nulls_are_plain && with_null && nullable && null_once) {
            return if is_scalar(core) { value(conjunction) } else { Beyond::More };
        }
        match self.beyond(only, core) {
            // Null is asked as well.
            Beyond::Value(_) => value(conjunction),
            beyond => beyond,
        }
    }

    /// Whether an object is exactly what its fields and its rest say, where a strict reader refuses a surplus.
    fn is_said(&self, merged: &Merged<'a>, object: &Object) -> bool {
        let names = |keywords: &Keywords, name: &str| keywords.properties.iter().any(|(known, _)| known == name);
        let sized = merged.keywords.iter().any(|keywords| keywords.min_properties.is_some() || keywords.max_properties.is_some());
        let required = merged.keywords.iter().flat_map(|keywords| &keywords.required);
        let fields_are_complete = required.into_iter().all(|name| object.fields.iter().any(|field| field.name == *name));
        // What one schema says of properties that it does not know concerns those that only others know.
        let speaking = merged.keywords.iter().filter_map(|keywords| Some((keywords, keywords.additional_properties?)));
        let mut speaking = speaking.filter(|(_, id)| !self.accepts_all(*id));
        let apart = speaking.clone().all(|(keywords, _)| object.fields.iter().all(|field| names(keywords, &field.name)));
        let rest = match &object.rest {
            Rest::Closed => true,
            Rest::Open | Rest::Typed(TypeRef::Never) if object.surplus => true,
            Rest::Open => speaking.next().is_none(),
            Rest::Typed(ty) => match (speaking.next(), speaking.next()) {
                (Some((_, id)), None) => self.beyond(&Conjunction::of(&[id]), ty) == Beyond::Nothing,
                _ => false,
            },
        };
        !sized && fields_are_complete && apart && rest
    }

    /// Whether a schema says that there are no properties but those that it names.
    pub(super) fn refuses_others(&self, merged: &Merged<'a>) -> bool {
        merged.keywords.iter().any(|keywords| keywords.additional_properties.is_some_and(|id| self.is_false(id)))
    }

    /// Whether a schema asks for nothing more than any object.
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

impl Merged<'_> {
    /// Whether a keyword concerns numbers or strings.
    fn asks_of_scalars(&self) -> bool {
        self.keywords.iter().any(|keywords| keywords.constrains_numbers() || keywords.constrains_strings())
    }

    fn accepts_null(&self) -> bool {
        let listed = self.values.as_ref().is_none_or(|values| values.iter().any(serde_json::Value::is_null));
        !self.never && listed && self.kinds.is_none_or(|kinds| kinds.contains(Kind::Null))
    }
}

impl Conjunction {
    fn is_part_of_union(&self) -> bool {
        self.parts.iter().any(|part| part.bare)
    }
}

/// Whether all that a schema says is taken together with what stands beside it, and can be said by types.
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

fn nothing_if(holds: bool) -> Beyond {
    if holds { Beyond::Nothing } else { Beyond::More }
}

fn nothing_if_or(holds: bool, conjunction: &Conjunction) -> Beyond {
    if holds { Beyond::Nothing } else { value(conjunction) }
}

fn value(conjunction: &Conjunction) -> Beyond {
    Beyond::Value(conjunction.parts.iter().map(|part| part.node).collect())
}

/// What a list or map is asked, given what is asked of what it holds, and whether it is asked nothing itself.
fn container(conjunction: &Conjunction, inside: &Beyond, item: &TypeRef, free: bool) -> Beyond {
    match inside {
        Beyond::Nothing if free => Beyond::Nothing,
        Beyond::Nothing | Beyond::Value(_) => value(conjunction),
        Beyond::More if *item == TypeRef::Any => value(conjunction),
        Beyond::More => Beyond::More,
    }
}
