//! `oneOf`, `anyOf` and several types at once.

use std::{cell::LazyCell, collections::HashSet};

use super::{
    Shape, TypeRef, Union, Variant,
    alternatives::{Discriminator, branches, discriminator, mapped, tag, tag_values},
    build::{NameHint, TypeBuilder},
    conjunction::{Choice, Conjunction, MergedSchema, SchemaClass},
    labels,
    shapes::nullable_if,
};
use crate::{
    names,
    schema::{Kind, Kinds},
};

impl<'a> TypeBuilder<'a> {
    /// Returns a union in use: without its null branches, and by name only if more than one branch is left.
    pub(super) fn inline_union(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, hint: &NameHint) -> TypeRef {
        let (others, nullable) = branches(self.schemas, conjunction, merged);
        match &others[..] {
            [] => TypeRef::Null,
            [only] => {
                let ty = self.view(only, hint);
                nullable_if(nullable, ty)
            }
            _ => nullable_if(nullable, self.name_it(conjunction, merged, hint, nullable)),
        }
    }

    /// Returns the type of what conditions say of a place: that of all, or by name where they differ.
    pub(super) fn inline_choice(
        &mut self,
        conjunction: &Conjunction,
        choice: Choice,
        merged: &MergedSchema<'a>,
        hint: &NameHint,
    ) -> TypeRef {
        let (others, nullable) = branches(self.schemas, conjunction, merged);
        let classes: Vec<SchemaClass> = others.iter().map(|branch| MergedSchema::new(self.schemas, branch).classify()).collect();
        let is_open = choice == Choice::OneOrNone;
        if classes.iter().any(|class| matches!(class, SchemaClass::Any)) || (is_open && others.is_empty()) {
            return TypeRef::Any;
        }
        if is_open {
            return self.name_it(conjunction, merged, hint, false);
        }
        let is_scalar = |class: &SchemaClass| matches!(class, SchemaClass::Single(kind, _) if !matches!(kind, Kind::Array | Kind::Object));
        if !classes.iter().all(is_scalar) {
            return self.inline_union(conjunction, merged, hint);
        }
        let types: Vec<TypeRef> = others.iter().map(|branch| self.view(branch, hint)).collect();
        let nullable = nullable || types.iter().any(|ty| ty.split_null().1);
        let cores = types.iter().map(|ty| ty.split_null().0.clone()).collect();
        match common(cores) {
            Some(ty) => nullable_if(nullable, ty),
            None => self.inline_union(conjunction, merged, hint),
        }
    }

    /// Returns the shape of a schema with alternatives: an alias where but one is left.
    pub(super) fn union(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, hint: &NameHint) -> Shape {
        let (branches, nullable) = branches(self.schemas, conjunction, merged);
        let is_open = conjunction.choice == Some(Choice::OneOrNone);
        if !is_open && (branches.len() < 2 || nullable) {
            return Shape::Alias(self.alias_of_union(&branches, nullable, conjunction, merged, hint));
        }
        let schemas = self.schemas;
        let stated = merged.union.and_then(|(holder, _)| discriminator(schemas, holder));
        let tag = tag(schemas, &branches, stated.map(|stated| stated.property)).filter(|_| !is_open);
        let mut variants = self.alternatives(&branches, tag.as_deref(), stated, is_open, hint);
        if is_open {
            variants.push(Variant {
                ident: "other".to_owned(),
                ty: TypeRef::Any,
                tag_values: Vec::new(),
                mapped: Vec::new(),
                recursive: false,
            });
        }
        let order = sound_order(&variants);
        let mut variants: Vec<Variant> = order.into_iter().map(|index| variants[index].clone()).collect();
        if let [only] = &variants[..] {
            return Shape::Alias(only.ty.clone());
        }
        self.has_labels = true;
        // What means two alternatives tells nothing.
        let mut meant = HashSet::new();
        for variant in &mut variants {
            variant.mapped.retain(|value| meant.insert(value.clone()));
        }
        let discriminator = stated.filter(|_| variants.iter().any(|variant| !variant.mapped.is_empty()));
        Shape::Union(Union { variants, tag, discriminator: discriminator.map(|stated| stated.property.to_owned()) })
    }

    /// Returns the alternatives of the branches, each type once.
    fn alternatives(
        &mut self,
        branches: &[Conjunction],
        tag: Option<&str>,
        stated: Option<Discriminator<'a>>,
        is_open: bool,
        hint: &NameHint,
    ) -> Vec<Variant> {
        let schemas = self.schemas;
        let labels = LazyCell::new(|| labels::labels(schemas, branches));
        let tag_values = |branch| tag.map(|tag| tag_values(schemas, branch, tag)).unwrap_or_default();
        let name = |builder: &Self, index: usize, values: &[String]| {
            builder.branch_step(&branches[index], values).or_else(|| labels[index].clone())
        };
        let mut variants: Vec<Variant> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let values = tag_values(branch);
            let step = name(self, index, &values).unwrap_or_else(|| {
                let has_name = |other: usize| name(self, other, &tag_values(&branches[other])).is_some();
                let mut others = (0..branches.len()).filter(|other| *other != index);
                if others.all(has_name) { "other".to_owned() } else { format!("variant {}", index + 1) }
            });
            if branch.parts.len() > 1 {
                self.unions.entry(branch.clone()).or_insert_with(|| hint.clone());
            }
            let ty = self.view(branch, &hint.step(&step));
            // Null is among the others.
            let ty = if is_open { ty.split_null().0.clone() } else { ty };
            if !variants.iter().any(|known| known.ty == ty && known.tag_values == values) {
                let mapped = stated.filter(|_| tag.is_none()).map(|stated| mapped(schemas, branch, stated)).unwrap_or_default();
                variants.push(Variant { ident: step, ty, tag_values: values, mapped, recursive: false });
            }
        }
        variants
    }

    /// Returns the named root of a schema that is a union with null, or of one branch: an alias that keeps the null.
    fn alias_of_union(
        &mut self,
        branches: &[Conjunction],
        nullable: bool,
        conjunction: &Conjunction,
        merged: &MergedSchema<'a>,
        hint: &NameHint,
    ) -> TypeRef {
        match branches {
            [] if nullable => TypeRef::Null,
            [] => TypeRef::Never,
            [only] => {
                let ty = self.view(only, &hint.step("value"));
                nullable_if(nullable, ty)
            }
            _ => nullable_if(true, self.name_it(conjunction, merged, &hint.step("value"), true)),
        }
    }

    /// Returns the name of a branch: by its title, its tag, its definition or its type.
    fn branch_step(&self, branch: &Conjunction, tag_values: &[String]) -> Option<String> {
        let node = branch.parts[0].node;
        let target = self.schemas.target(node);
        let title = [node, target]
            .into_iter()
            .find_map(|id| self.schemas.keywords(id)?.title.as_deref())
            .and_then(|title| names::title_name(Some(title)));
        if title.is_some() {
            return title;
        }
        if let [value] = tag_values {
            return Some(value.clone());
        }
        if let Some(TypeRef::Named(id)) = self.types.by_node.get(&target) {
            return Some(self.types.get(*id).name.clone());
        }
        let merged = MergedSchema::new(self.schemas, branch);
        let kind = match (merged.kinds, merged.classify()) {
            (None, SchemaClass::Strings(..)) => Some(Kind::String),
            (kinds, _) => kinds.and_then(|kinds| kinds.without(Kind::Null).single()),
        };
        kind.filter(|kind| *kind != Kind::Object).map(|kind| kind.as_str().to_owned())
    }

    pub(super) fn variant_label(&self, variant: &Variant) -> String {
        match (&variant.tag_values[..], &variant.ty) {
            ([value], _) if !names::upper_camel(value).is_empty() => value.clone(),
            (_, TypeRef::Named(id)) => self.types.get(*id).name.clone(),
            (_, ty) => label(ty, &variant.ident),
        }
    }

    /// Returns the union of a schema with several types.
    pub(super) fn kinds_union(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, kinds: Kinds, hint: &NameHint) -> Union {
        let kinds = if kinds.contains(Kind::Number) { kinds.without(Kind::Integer) } else { kinds };
        let any = merged.kinds.is_none() || kinds.iter().count() >= 6;
        let mut variants = Vec::new();
        for kind in [Kind::Object, Kind::Array, Kind::Integer, Kind::Number, Kind::String, Kind::Boolean] {
            if !kinds.contains(kind) || (any && kind != Kind::Object) {
                continue;
            }
            let ty = match kind {
                Kind::Object if merged.is_map() => {
                    TypeRef::Map(Box::new(self.rest_type(merged, &hint.step("object")).unwrap_or(TypeRef::Any)))
                }
                Kind::Object => self.view(&conjunction.only(Kinds::default().with(Kind::Object)), &hint.step("object")),
                kind => self.single(kind, merged, &hint.step(kind.as_str())),
            };
            let ident = names::upper_camel(kind.as_str());
            variants.push(Variant { ident, ty, tag_values: Vec::new(), mapped: Vec::new(), recursive: false });
        }
        if any {
            variants.push(Variant {
                ident: "Other".into(),
                ty: TypeRef::NonObject,
                tag_values: Vec::new(),
                mapped: Vec::new(),
                recursive: false,
            });
        } else if kinds.contains(Kind::Null) {
            variants.push(Variant {
                ident: "Null".into(),
                ty: TypeRef::Null,
                tag_values: Vec::new(),
                mapped: Vec::new(),
                recursive: false,
            });
        }
        Union { variants, tag: None, discriminator: None }
    }
}

/// Returns the type that has all values of some scalar types, if one has.
fn common(types: Vec<TypeRef>) -> Option<TypeRef> {
    types.into_iter().map(Some).reduce(|known, ty| match (known?, ty?) {
        (known, ty) if known == ty => Some(known),
        (TypeRef::Integer(known), TypeRef::Integer(range)) => Some(TypeRef::Integer(known.hull(range))),
        (TypeRef::Integer(_) | TypeRef::Number, TypeRef::Integer(_) | TypeRef::Number) => Some(TypeRef::Number),
        (TypeRef::String(_), TypeRef::String(_)) => Some(TypeRef::String(None)),
        _ => None,
    })?
}

fn label(ty: &TypeRef, fallback: &str) -> String {
    match ty {
        TypeRef::Null => "Null".into(),
        TypeRef::Bool => "Boolean".into(),
        TypeRef::Integer(_) => "Integer".into(),
        TypeRef::Number => "Number".into(),
        TypeRef::String(_) => "String".into(),
        TypeRef::Array(_) | TypeRef::Tuple { .. } => "Array".into(),
        TypeRef::Map(_) => "Map".into(),
        _ => fallback.to_owned(),
    }
}

/// Returns an order in which the first alternative that decodes is right: the narrow before the wide.
fn sound_order(variants: &[Variant]) -> Vec<usize> {
    let rank = |ty: &TypeRef| match ty {
        TypeRef::Null => 0,
        TypeRef::Literal(..) | TypeRef::Bool => 1,
        TypeRef::Integer(_) => 2,
        TypeRef::Number => 3,
        TypeRef::Tuple { .. } => 4,
        TypeRef::Array(_) => 5,
        TypeRef::Named(_) => 6,
        TypeRef::String(_) => 7,
        TypeRef::Map(_) => 8,
        _ => 9,
    };
    let mut order: Vec<usize> = (0..variants.len()).collect();
    order.sort_by_key(|index| rank(variants[*index].ty.split_null().0));
    order
}
