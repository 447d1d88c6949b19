//! Which types hold something that is classified, themselves or in what they hold.

use std::collections::{BTreeSet, HashMap};

use eventc_emit::Input;
use eventc_model::{
    metadata::Sensitivity,
    types::{Shape, TypeId},
};

/// The classes of everything that a type can hold.
#[derive(Default)]
pub(super) struct SensitiveTypes(HashMap<TypeId, BTreeSet<Sensitivity>>);

impl SensitiveTypes {
    /// Follows every classification to all types that hold it.
    pub(super) fn of(input: &Input<'_>) -> Self {
        let types = input.types;
        let mut pending: Vec<(TypeId, Sensitivity)> =
            types.iter().flat_map(|(id, _)| own(input, id).into_iter().map(move |class| (id, class))).collect();
        let mut found = Self::default();
        if pending.is_empty() {
            return found;
        }
        let mut holders: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
        for (id, ty) in types.iter() {
            ty.shape.parts().into_iter().for_each(|part| part.named(&mut |held| holders.entry(held).or_default().push(id)));
        }
        while let Some((id, class)) = pending.pop() {
            if found.0.entry(id).or_default().insert(class) {
                pending.extend(holders.get(&id).into_iter().flatten().map(|holder| (*holder, class)));
            }
        }
        found
    }

    /// Returns the classes of a type and what it holds.
    pub(super) fn of_type(&self, id: TypeId) -> impl Iterator<Item = Sensitivity> {
        self.0.get(&id).into_iter().flatten().copied()
    }
}

/// Returns the classes that a type's own schema states.
fn own(input: &Input<'_>, id: TypeId) -> Vec<Sensitivity> {
    let (ty, schemas) = (input.types.get(id), &input.catalog.schemas);
    let of_node = |node| schemas.keywords(node).and_then(|keywords| keywords.sensitive);
    let fields = match &ty.shape {
        Shape::Object(object) => &object.fields[..],
        _ => &[],
    };
    let of_fields = fields.iter().filter_map(|field| field.sensitive.or_else(|| of_node(field.node)));
    of_node(ty.node).into_iter().chain(of_fields).collect()
}
