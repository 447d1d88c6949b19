//! Null among the values of a type.

use super::{Shape, TypeId, TypeRef, Types};

impl Types {
    /// Returns whether null is a value of a type, through any name; of the payload of an envelope the caller says it.
    pub fn accepts_null(&self, ty: &TypeRef, payload: bool) -> bool {
        self.null_within(ty, payload, &mut Vec::new())
    }

    fn null_within(&self, ty: &TypeRef, payload: bool, seen: &mut Vec<TypeId>) -> bool {
        match ty {
            TypeRef::Any | TypeRef::NonObject | TypeRef::Null | TypeRef::Nullable(_) => true,
            TypeRef::Payload => payload,
            TypeRef::Named(id) if !seen.contains(id) => {
                seen.push(*id);
                match &self.get(*id).shape {
                    Shape::Alias(inner) => self.null_within(inner, payload, seen),
                    Shape::Union(union) => union.variants.iter().any(|variant| self.null_within(&variant.ty, payload, seen)),
                    Shape::Object(_) | Shape::Enum(_) => false,
                }
            }
            // Listed values hold no null: it stands around them.
            _ => false,
        }
    }
}
