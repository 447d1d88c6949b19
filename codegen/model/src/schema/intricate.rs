//! How often one value is judged. Definitions that each refer twice to the next are small, and whoever follows every way through them has
//! twice the work at each step; a chain of schemas that each apply the next is followed from each of its links.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{FileId, Keywords, NodeId, Schema, Schemas};
use crate::{
    diagnostic::{self, Diagnostic},
    limits::Limits,
    source::to_u32,
    syntax::Document,
};

/// The maximum number of judgements of a schema that stays where its file has too many in all.
const MAX_LEFT: u64 = 32;

const HELP: &str = "apply each definition once";

/// Reports schemas that ask too many judgements of one value, and files that do in all, and reads such schemas as `true`.
pub(super) fn cut(files: &[Document], schemas: &mut Schemas, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) {
    let Judgements { of, intricate } = Judgements::count(schemas, limits.visits);
    let mut cut = Vec::new();
    for id in intricate {
        let message = format!("one value here is judged more than {} times: schemas apply others several times over", limits.visits);
        diagnostics.push(finding(files, schemas, id, message, &format!("{HELP}, or raise `limits.visits` in eventc.toml")));
        cut.push(id);
    }
    for file in (0..to_u32(files.len())).map(FileId) {
        let mut total = 0_u64;
        let visits = |id: NodeId| of.get(&id).copied().unwrap_or(1);
        let first_beyond = schemas.ids_in(file).find(|id| {
            total = total.saturating_add(visits(*id));
            total > limits.steps
        });
        if let Some(first) = first_beyond {
            let message = format!(
                "up to here the schemas of the file ask for more than {} judgements; those that ask for most are read as `true`",
                limits.steps
            );
            diagnostics.push(finding(files, schemas, first, message, &format!("{HELP}, or raise `limits.steps` in eventc.toml")));
            cut.extend(schemas.ids_in(file).filter(|id| visits(*id) > MAX_LEFT));
        }
    }
    for id in cut {
        schemas.node_mut(id).schema = Schema::Bool(true);
        schemas.circular.push(id);
    }
    schemas.circular.sort_unstable();
}

fn finding(files: &[Document], schemas: &Schemas, id: NodeId, message: String, help: &str) -> Diagnostic {
    let pointer = schemas.pointer(id);
    let place = files[id.file.0 as usize].place(&pointer);
    Diagnostic::new(&diagnostic::TOO_INTRICATE, place, message).pointer(pointer).help(help)
}

/// The number of judgements that each schema asks of one value: itself, and every way to a schema that applies to the same place.
struct Judgements {
    /// Of those that apply others.
    of: HashMap<NodeId, u64, FxBuildHasher>,
    /// The innermost with too many, in document order; they count as nothing for those around them.
    intricate: Vec<NodeId>,
}

impl Judgements {
    /// Counts them; there are no circles.
    fn count(schemas: &Schemas, most: u64) -> Self {
        let in_place = |id| schemas.keywords(id).map(Keywords::in_place).unwrap_or_default();
        let mut found = Self { of: HashMap::default(), intricate: Vec::new() };
        for start in schemas.ids() {
            let first = in_place(start);
            if first.is_empty() || found.of.contains_key(&start) {
                continue;
            }
            // Each with the schemas that are yet to be counted, and what was counted.
            let mut path = vec![(start, first, 1_u64)];
            while let Some((at, rest, counted)) = path.last_mut() {
                match rest.last().map(|next| (*next, found.of.get(next).copied())) {
                    Some((_, Some(more))) => {
                        *counted = counted.saturating_add(more);
                        rest.pop();
                    }
                    Some((next, None)) => path.push((next, in_place(next), 1)),
                    None => {
                        let (at, counted) = (*at, *counted);
                        found.intricate.extend((counted > most).then_some(at));
                        found.of.insert(at, if counted > most { 1 } else { counted });
                        path.pop();
                    }
                }
            }
        }
        found.intricate.sort_unstable();
        found
    }
}
