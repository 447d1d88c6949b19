//! The types that are recursive, their parts that are so with nothing between, and those that are generic, found once all shapes are known.

use super::{Shape, TypeRef, Types};

/// Marks what is recursive, and what is generic, once all shapes are known.
pub(super) fn mark(types: &mut Types) {
    let count = types.all.len();
    let direct = components(count, |id| edges(&types.all[id].shape, true));
    let all = components(count, |id| edges(&types.all[id].shape, false));
    for id in 0..count {
        let own_edges = edges(&types.all[id].shape, false);
        let recursive = own_edges.iter().any(|to| all[*to] == all[id]);
        let holds_itself = |ty: &TypeRef| direct_target(ty).is_some_and(|to| direct[to] == direct[id]);
        let ty = &mut types.all[id];
        ty.recursive = recursive;
        match &mut ty.shape {
            Shape::Object(object) => object.fields.iter_mut().for_each(|field| field.recursive = holds_itself(&field.ty)),
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| variant.recursive = holds_itself(&variant.ty)),
            _ => {}
        }
    }
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

fn direct_target(ty: &TypeRef) -> Option<usize> {
    match ty.split_null().0 {
        TypeRef::Named(id) => Some(id.0 as usize),
        _ => None,
    }
}

/// Returns the types that a shape holds: directly only, or through lists and maps too.
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

/// Returns the strongly connected components (Tarjan, without recursion); a component of one without an edge to itself has no twin.
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
