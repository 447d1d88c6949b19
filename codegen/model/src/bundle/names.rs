//! Readable, stable names for the definitions of a bundle.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    schema::{NodeId, Schemas},
    syntax::split_pointer,
};

/// Names the targets: each by the first of its candidates that no other target and no definition of the root has. What is preferred
/// for a target comes before the names that its place suggests.
///
/// Of several that share a candidate none gets it, so that a name never depends on the order of references.
pub fn assign(
    schemas: &Schemas,
    targets: &[NodeId],
    preferred: impl Fn(NodeId) -> Vec<String>,
    mut taken: BTreeSet<String>,
) -> HashMap<NodeId, String> {
    let mut names = HashMap::new();
    let mut open: Vec<(NodeId, Vec<String>)> =
        targets.iter().map(|target| (*target, preferred(*target).into_iter().chain(candidates(schemas, *target)).collect())).collect();
    let rounds = open.iter().map(|(_, candidates)| candidates.len()).max().unwrap_or(0);
    for round in 0..rounds {
        let mut wanted: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for (id, candidates) in &open {
            wanted.entry(candidates[round.min(candidates.len() - 1)].clone()).or_default().push(*id);
        }
        for (name, ids) in wanted {
            if let [only] = ids[..]
                && !name.is_empty()
                && taken.insert(name.clone())
            {
                names.insert(only, name);
            }
        }
        open.retain(|(id, _)| !names.contains_key(id));
    }
    open.sort_by_key(|(id, _)| schemas.label(*id));
    for (id, candidates) in open {
        let last = candidates.last().map_or("", String::as_str);
        let mut number = 2_u32;
        let mut name = format!("{last}.{number}");
        while !taken.insert(name.clone()) {
            number += 1;
            name = format!("{last}.{number}");
        }
        names.insert(id, name);
    }
    names
}

/// Returns the names to try: the definition's key or the file's name; then both; then with the file's whole path; then with the whole
/// pointer.
fn candidates(schemas: &Schemas, id: NodeId) -> Vec<String> {
    let node = schemas.node(id);
    let path = &schemas.file(node.file).path;
    let path = path.rsplit_once('.').map_or(path.as_str(), |(path, _)| path);
    let path = path.strip_suffix(".schema").unwrap_or(path);
    let stem = path.rsplit('/').next().unwrap_or(path).trim_start_matches('_');
    let full = path.replace('/', ".");
    let parts = split_pointer(&schemas.pointer(id));
    if parts.is_empty() {
        return vec![stem.to_owned(), full];
    }
    let whole = parts.join(".");
    match &parts[..] {
        [.., holder, key] if holder == "$defs" || holder == "definitions" => {
            vec![key.clone(), format!("{stem}.{key}"), format!("{full}.{key}"), format!("{full}.{whole}")]
        }
        _ => vec![format!("{stem}.{whole}"), format!("{full}.{whole}")],
    }
}
