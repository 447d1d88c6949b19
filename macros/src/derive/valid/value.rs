//! One value: whether a Rust type can hold all that the contract allows, and says no less.

use eventc_model::{
    schema::NodeId,
    types::{Shape, TypeRef},
};

use super::Checker;
use crate::derive::{
    ast::RustField,
    contract::resolve,
    rust_type::RustType,
    shape::bounds,
    words::{described, rust},
};

impl Checker<'_> {
    /// Compares the type of a field, without the absence that its place allows.
    pub(super) fn value(&mut self, field: &RustField<'_>, found: &RustType, ty: &TypeRef, node: NodeId, what: &str) {
        match self.fits(found, ty) {
            Fit::Yes => {}
            Fit::Unknown => self.assert(syn::spanned::Spanned::span(field.ty), &found.shape(), ty, node, what),
            Fit::No => {
                let (asked, better) = (described(self.types, ty), rust(self.types, ty));
                let message = format!("{what} is `{}`, and the contract has {asked}", found.to_source());
                let help = self.better(found, ty, &better);
                let span = field.event.shape.as_ref().map_or_else(|| syn::spanned::Spanned::span(field.ty), syn::LitStr::span);
                self.disagree(span, &message, node, &help);
            }
        }
    }

    fn better(&self, found: &RustType, ty: &TypeRef, better: &str) -> String {
        match (resolve(self.types, ty), found) {
            (TypeRef::Never, _) => "remove the field: no event can have it".into(),
            (TypeRef::Integer(range), RustType::Integer(min, _)) if *min == 0 && range.min.is_none() => {
                format!("use `{better}`, or let the contract say \"minimum\": 0")
            }
            (TypeRef::Integer(range), RustType::Integer(..)) if range.min.is_none() || range.max.is_none() => {
                format!("use `{better}`, or let the contract say which bounds hold")
            }
            (TypeRef::Named(id), _) => match &self.types.get(*id).shape {
                Shape::Object(_) => "use a struct that derives `Event` for this place".into(),
                Shape::Enum(_) => "use an enum that derives `Event` for this place, or `String`".into(),
                _ => "use an enum that derives `Event` for this place, or `serde_json::Value`".into(),
            },
            _ => format!("use `{better}`"),
        }
    }

    /// Returns whether a Rust type holds all that the contract allows.
    pub(super) fn fits(&self, found: &RustType, ty: &TypeRef) -> Fit {
        let ty = resolve(self.types, ty);
        match (ty, found) {
            (TypeRef::Any | TypeRef::NonObject | TypeRef::Payload, _)
            | (TypeRef::Null, RustType::Unit | RustType::Optional(_))
            | (TypeRef::Bool, RustType::Bool)
            | (TypeRef::Number, RustType::Float)
            | (TypeRef::String(_), RustType::Text) => Fit::Yes,
            // Maps of any values stand for objects too: the compiler sees what the values are.
            (_, found) if !found.is_plain() && could_fit(ty, found) => Fit::Unknown,
            (TypeRef::Integer(_), RustType::Integer(least, most)) => {
                let (min, max) = bounds(ty);
                Fit::from(*least <= min && max <= *most)
            }
            (TypeRef::Literal(values, base), found) => match (resolve(self.types, base), found) {
                (TypeRef::Integer(_), RustType::Integer(least, most)) => {
                    let (min, max) = bounds(&TypeRef::Literal(values.clone(), base.clone()));
                    Fit::from(*least <= min && max <= *most)
                }
                (base, found) => self.fits(found, base),
            },
            (TypeRef::Named(id), RustType::Text) => Fit::from(matches!(self.types.get(*id).shape, Shape::Enum(_))),
            (TypeRef::Array(ty), RustType::List(item)) => self.fits(item, ty),
            (TypeRef::Map(ty), RustType::Map(value)) => self.fits(value, ty),
            (TypeRef::Nullable(ty), RustType::Optional(inner)) => self.fits(inner, ty),
            (TypeRef::Tuple { items: types, rest, .. }, RustType::Tuple(items)) if types.len() == items.len() && rest.is_none() => {
                types.iter().zip(items).map(|(ty, item)| self.fits(item, ty)).fold(Fit::Yes, Fit::and)
            }
            (TypeRef::Tuple { items: types, rest, .. }, RustType::List(item)) => {
                types.iter().chain(rest.as_deref()).map(|ty| self.fits(item, ty)).fold(Fit::Yes, Fit::and)
            }
            _ => Fit::No,
        }
    }
}

/// Returns whether a type of which parts are not known can have the form of the contract's.
fn could_fit(ty: &TypeRef, found: &RustType) -> bool {
    match found {
        RustType::Other(_) => true,
        RustType::List(_) => matches!(ty, TypeRef::Array(_)),
        RustType::Map(_) => matches!(ty, TypeRef::Map(_) | TypeRef::Named(_)),
        RustType::Optional(_) => matches!(ty, TypeRef::Nullable(_)),
        _ => false,
    }
}

/// The fit of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    /// Unknown: only the compiler can tell.
    Unknown,
}

impl Fit {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Yes,
        }
    }
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}
