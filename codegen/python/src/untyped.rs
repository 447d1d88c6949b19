//! Types with a place where any value may stand.

use std::collections::HashSet;

use eventc_model::types::{Additional, Shape, TypeId, TypeRef, Types};

/// Returns whether any value may stand somewhere in a type, besides the properties of objects that no schema names.
pub(super) fn is_untyped(types: &Types, root: TypeId) -> bool {
    let (mut seen, mut waiting) = (HashSet::new(), vec![root]);
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let shape = &types.get(id).shape;
        let unnamed = matches!(shape, Shape::Object(object) if matches!(object.rest, Additional::Typed(TypeRef::Any)));
        let parts = shape.parts();
        let named = if unnamed { &parts[..parts.len() - 1] } else { &parts[..] };
        if named.iter().any(|part| has_any(part)) {
            return true;
        }
        for part in named {
            part.named(&mut |id| waiting.push(id));
        }
    }
    false
}

fn has_any(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Any | TypeRef::NonObject => true,
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) | TypeRef::Literal(_, inner) => has_any(inner),
        TypeRef::Tuple { items, rest, .. } => items.iter().chain(rest.as_deref()).any(has_any),
        _ => false,
    }
}
