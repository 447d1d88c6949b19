//! What is recursive, what must be boxed, and what is generic, once all shapes are known.

use super::{Shape, TypeRef, Types};

/// Marks what is recursive, what must be boxed, and what is generic, once all shapes are known.
pub(super) fn mark(types: &mut Types) {
    let count = types.all.len();
    let direct = components(count, |id| edges(&types.all[id].shape, true));
    let all = components(count, |id| edges(&types.all[id].shape, false));
    for id in 0..count {
        let own_edges = edges(&types.all[id].shape, false);
        let recursive = own_edges.iter().any(|to| all[*to] == all[id]);
        let boxed = |ty: &TypeRef| direct_target(ty).is_some_and(|to| direct[to] == direct[id]);
        let ty = &mut types.all[id];
        ty.recursive = recursive;
        match &mut ty.shape {
            Shape::Object(object) => object.fields.iter_mut().for_each(|field| field.boxed = boxed(&field.ty)),
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| variant.boxed = boxed(&variant.ty)),
            _ => {}
        }
    }
    box_large(types);
    loop {
        let generic: Vec<bool> = types
            .all
            .iter()
            .map(|ty| {
                ty.generic
                    || ty.shape.parts().iter().any(|part| {
                        let mut holds = part.holds_payload();
                        part.named(&mut |id| holds |= types.all[id.0 as usize].generic);
                        holds
                    })
            })
            .collect();
        let changed =
            types.all.iter_mut().zip(&generic).filter(|(ty, generic)| ty.generic != **generic).map(|(ty, _)| ty.generic = true).count();
        if changed == 0 {
            return;
        }
    }
}

/// A part that takes more words than this is boxed: a type that holds hundreds of objects by value would take megabytes of the stack
/// of whoever reads or moves it.
const MOST_WORDS: usize = 512;

/// Boxes parts that are large by themselves, innermost first.
fn box_large(types: &mut Types) {
    let mut words: Vec<Option<usize>> = vec![None; types.all.len()];
    let mut entered = vec![false; types.all.len()];
    for root in 0..types.all.len() {
        let mut pending = vec![root];
        while let Some(&id) = pending.last() {
            if !entered[id] {
                entered[id] = true;
                pending.extend(edges(&types.all[id].shape, true).into_iter().filter(|to| !entered[*to]));
                continue;
            }
            pending.pop();
            if words[id].is_none() {
                words[id] = Some(measure(&mut types.all[id].shape, &words));
            }
        }
    }
}

/// About how many words a shape takes. What is boxed takes one, and so does what is not measured yet: it holds this shape.
fn measure(shape: &mut Shape, words: &[Option<usize>]) -> usize {
    let part = |ty: &TypeRef, boxed: &mut bool| {
        let size = words_of(ty, words);
        *boxed |= size > MOST_WORDS && direct_target(ty).is_some();
        if *boxed { 1 } else { size }
    };
    match shape {
        Shape::Object(object) => object.fields.iter_mut().map(|field| part(&field.ty, &mut field.boxed)).sum::<usize>() + 6,
        Shape::Union(union) => union.variants.iter_mut().map(|variant| part(&variant.ty, &mut variant.boxed)).max().unwrap_or(0) + 1,
        Shape::Alias(target) => words_of(target, words),
        Shape::Enum(_) => 3,
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

fn direct_target(ty: &TypeRef) -> Option<usize> {
    match ty.split_null().0 {
        TypeRef::Named(id) => Some(id.0 as usize),
        _ => None,
    }
}

/// The types that a shape holds: directly only, or through lists and maps too.
fn edges(shape: &Shape, direct: bool) -> Vec<usize> {
    let mut edges = Vec::new();
    for part in shape.parts() {
        if direct {
            edges.extend(direct_target(part));
            if let TypeRef::Tuple { items, .. } = part.split_null().0 {
                for item in items {
                    item.named(&mut |id| edges.push(id.0 as usize));
                }
            }
        } else {
            part.named(&mut |id| edges.push(id.0 as usize));
        }
    }
    edges
}

/// Strongly connected components (Tarjan, without recursion); a component of one without an edge to itself has no twin.
fn components(count: usize, edges: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut state = vec![(usize::MAX, usize::MAX, false); count]; // index, lowest reachable, on the stack
    let (mut component, mut stack, mut next) = (vec![usize::MAX; count], Vec::new(), 0);
    for root in 0..count {
        if state[root].0 != usize::MAX {
            continue;
        }
        let mut calls = vec![(root, edges(root), 0)];
        while let Some((at, targets, done)) = calls.last_mut() {
            let at = *at;
            if *done == 0 && state[at].0 == usize::MAX {
                state[at] = (next, next, true);
                next += 1;
                stack.push(at);
            }
            if let Some(to) = targets.get(*done).copied() {
                *done += 1;
                if state[to].0 == usize::MAX {
                    calls.push((to, edges(to), 0));
                } else if state[to].2 {
                    state[at].1 = state[at].1.min(state[to].0);
                }
                continue;
            }
            if state[at].0 == state[at].1 {
                while let Some(member) = stack.pop() {
                    state[member].2 = false;
                    component[member] = at;
                    if member == at {
                        break;
                    }
                }
            }
            let low = state[at].1;
            calls.pop();
            if let Some((parent, ..)) = calls.last() {
                state[*parent].1 = state[*parent].1.min(low);
            }
        }
    }
    component
}
