//! What tells the branches of a union apart that have no name of their own.

use std::collections::{HashMap, HashSet};

use super::conjunction::{Conjunction, Merged};
use crate::schema::{Kind, Schemas};

/// For each branch: that it is the one object among them, those of a definition not counted, or the first property that it alone requires. What it may have besides says
/// nothing: such a property can be added to any branch, and must rename none.
pub(super) fn labels(schemas: &Schemas, branches: &[Conjunction]) -> Vec<Option<String>> {
    let merged: Vec<Merged<'_>> = branches.iter().map(|branch| Merged::new(schemas, branch)).collect();
    let is_object = |merged: &Merged<'_>| merged.kinds.is_some_and(|kinds| kinds.without(Kind::Null).single() == Some(Kind::Object));
    let is_own = |branch: &Conjunction| schemas.target(branch.parts[0].node) == branch.parts[0].node;
    let objects = merged.iter().zip(branches).filter(|(merged, branch)| is_own(branch) && is_object(merged)).count();
    let required: Vec<Vec<&str>> = merged.iter().map(required).collect();
    let counts = counts(&required);
    let label = |(merged, required): (&Merged<'_>, &Vec<&str>)| {
        if objects == 1 && is_object(merged) {
            return Some("object".to_owned());
        }
        required.iter().find(|name| counts.get(*name) == Some(&1)).map(|name| format!("with {name}"))
    };
    merged.iter().zip(&required).map(label).collect()
}

fn required<'a>(merged: &Merged<'a>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let names = merged.keywords.iter().flat_map(|keywords| &keywords.required).map(String::as_str);
    names.filter(|name| seen.insert(*name)).collect()
}

/// How many branches have each name.
fn counts<'a>(lists: &[Vec<&'a str>]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for name in lists.iter().flatten() {
        *counts.entry(*name).or_insert(0) += 1;
    }
    counts
}
