//! The meanings of identifiers in generated code, so that two versions of a contract can be compared by them.

use eventc_model::{
    schema::NodeId,
    types::{Object, Shape, StringEnum, Type, TypeRef, Types, Union, Variant},
};

use crate::Input;

/// An identifier that a program may name, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The schema of the type that holds it, as `path#pointer`; empty for the name of a type itself.
    pub within: String,
    /// The identifier.
    pub ident: String,
    /// The model element that it stands for: a schema for a type, a property's name, a string of an enum, or an alternative
    /// of a union.
    pub means: String,
    /// The schema that it was made from.
    pub node: NodeId,
}

/// The spelling of the model's names in a language.
pub struct Spelling<'s> {
    /// The name of a type; `None` where the language writes out what the type stands for.
    pub ty: &'s dyn Fn(&Type) -> Option<String>,
    /// The fields of an object, in their order; none where properties keep their names.
    pub fields: &'s dyn Fn(&Object) -> Vec<String>,
    /// The members of an enum, in their order; none where strings stand for themselves.
    pub members: &'s dyn Fn(&StringEnum) -> Vec<String>,
    /// The alternatives of a union, in their order; none where they have no names.
    pub variants: &'s dyn Fn(&Union) -> Vec<String>,
}

/// Lists the identifiers of the selected modules.
pub fn collect(input: &Input<'_>, spelling: &Spelling<'_>) -> Vec<Identifier> {
    let types = input.types;
    let mut found = Vec::new();
    for id in input.modules.iter().flat_map(|module| &types.module(*module).types) {
        let ty = types.get(*id);
        let label = input.catalog.schemas.label(ty.node);
        let mut add = |within: &str, ident: String, means: String, node: NodeId| {
            found.push(Identifier { within: within.to_owned(), ident, means, node });
        };
        if let Some(name) = (spelling.ty)(ty) {
            add("", name, label.clone(), ty.node);
        }
        match &ty.shape {
            Shape::Object(object) => {
                for (field, ident) in object.fields.iter().zip((spelling.fields)(object)) {
                    add(&label, ident, field.name.clone(), field.node);
                }
            }
            Shape::Enum(strings) => {
                for (member, ident) in strings.members.iter().zip((spelling.members)(strings)) {
                    add(&label, ident, member.value.clone(), ty.node);
                }
            }
            Shape::Union(union) => {
                for (variant, ident) in union.variants.iter().zip((spelling.variants)(union)) {
                    add(&label, ident, alternative(input, types, variant), ty.node);
                }
            }
            Shape::Alias(_) => {}
        }
    }
    found
}

/// Returns what tells an alternative from the others.
fn alternative(input: &Input<'_>, types: &Types, variant: &Variant) -> String {
    match (&variant.tag_values[..], &variant.ty) {
        ([_, ..], _) => variant.tag_values.join(" or "),
        ([], TypeRef::Named(id)) => input.catalog.schemas.label(types.get(*id).node),
        ([], ty) => format!("{ty:?}"),
    }
}
