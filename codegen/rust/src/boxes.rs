//! The types that are boxed: those that hold themselves, and large ones.

use eventc_model::types::{Shape, TypeId, TypeRef, Types};

/// A part that takes more words than this is boxed: a type that holds hundreds of objects by value would take megabytes of the stack
/// of whoever reads or moves it.
const MAX_WORDS: usize = 512;

/// The fields and alternatives that are boxed.
#[derive(Debug)]
pub(crate) struct Boxes(Vec<Vec<bool>>);

impl Boxes {
    /// Decides for all types, the innermost first.
    pub(crate) fn new(types: &Types) -> Self {
        let shapes: Vec<&Shape> = types.iter().map(|(_, ty)| &ty.shape).collect();
        let mut boxes: Vec<Vec<bool>> = vec![Vec::new(); shapes.len()];
        let mut words: Vec<Option<usize>> = vec![None; shapes.len()];
        let mut entered = vec![false; shapes.len()];
        for root in 0..shapes.len() {
            let mut pending = vec![root];
            while let Some(&id) = pending.last() {
                if !entered[id] {
                    entered[id] = true;
                    pending.extend(held(shapes[id]).into_iter().filter(|to| !entered[*to]));
                    continue;
                }
                pending.pop();
                if words[id].is_none() {
                    let (size, parts) = measure(shapes[id], &words);
                    (words[id], boxes[id]) = (Some(size), parts);
                }
            }
        }
        Self(boxes)
    }

    /// Returns which fields or alternatives of a type are boxed.
    #[cfg(feature = "target")]
    pub(crate) fn of(&self, id: TypeId) -> &[bool] {
        &self.0[id.0 as usize]
    }

    /// Returns whether a field of an object, or an alternative of a union, is boxed.
    pub(crate) fn is_boxed(&self, id: TypeId, index: usize) -> bool {
        self.0[id.0 as usize].get(index).copied().unwrap_or(false)
    }
}

/// Returns about how many words a shape takes, and which of its parts are boxed. What is boxed takes one, and so does what is not
/// measured yet: it holds this shape.
fn measure(shape: &Shape, words: &[Option<usize>]) -> (usize, Vec<bool>) {
    let part = |ty: &TypeRef, recursive: bool| {
        let size = words_of(ty, words);
        let boxed = recursive || (size > MAX_WORDS && named(ty).is_some());
        (if boxed { 1 } else { size }, boxed)
    };
    match shape {
        Shape::Object(object) => {
            let (sizes, boxed): (Vec<usize>, _) = object.fields.iter().map(|field| part(&field.ty, field.recursive)).unzip();
            (sizes.iter().sum::<usize>() + 6, boxed)
        }
        Shape::Union(union) => {
            let (sizes, boxed): (Vec<usize>, _) = union.variants.iter().map(|variant| part(&variant.ty, variant.recursive)).unzip();
            (sizes.into_iter().max().unwrap_or(0) + 1, boxed)
        }
        Shape::Alias(target) => (words_of(target, words), Vec::new()),
        Shape::Enum(_) => (3, Vec::new()),
    }
}

fn words_of(ty: &TypeRef, words: &[Option<usize>]) -> usize {
    match ty {
        TypeRef::Named(id) => words[id.0 as usize].unwrap_or(1),
        TypeRef::Nullable(inner) => words_of(inner, words) + 1,
        TypeRef::Tuple { items, .. } => items.iter().map(|item| words_of(item, words)).sum::<usize>() + 3,
        TypeRef::Null | TypeRef::Bool | TypeRef::Integer(_) | TypeRef::Number | TypeRef::Never => 2,
        TypeRef::String(_) | TypeRef::Array(_) | TypeRef::Literal(..) => 3,
        TypeRef::Any | TypeRef::NonObject | TypeRef::Map(_) | TypeRef::Payload => 9,
    }
}

fn named(ty: &TypeRef) -> Option<usize> {
    match ty.split_null().0 {
        TypeRef::Named(id) => Some(id.0 as usize),
        _ => None,
    }
}

/// Returns the types that a shape holds, lists and maps aside.
fn held(shape: &Shape) -> Vec<usize> {
    let mut held = Vec::new();
    for part in shape.parts() {
        held.extend(named(part));
        if let TypeRef::Tuple { items, .. } = part.split_null().0 {
            for item in items {
                item.named(&mut |id| held.push(id.0 as usize));
            }
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use eventc_model::{
        catalog::Catalog,
        config::Config,
        source::{Limits, Tree},
    };

    use super::*;

    #[test]
    fn what_is_large_or_holds_itself_is_boxed() {
        let many: Vec<String> = (0..200).map(|index| format!(r#""p{index}":{{"type":"string"}}"#)).collect();
        let large = format!(r#"{{"type":"object","properties":{{{}}}}}"#, many.join(","));
        let small = r##"{"type":"object","properties":{"next":{"$ref":"#"}}}"##;
        let root = format!(r##"{{"type":"object","properties":{{"large":{large},"small":{small},"text":{{"type":"string"}}}}}}"##);
        let catalog = Catalog::build(Tree::from_texts([("thing.json", root.as_str())], &Limits::default()), Config::without_conventions());
        let types = Types::derive(&catalog);
        let boxes = Boxes::new(&types);
        assert_eq!([0, 1, 2].map(|index| boxes.is_boxed(TypeId(0), index)), [true, true, false]);
    }
}
