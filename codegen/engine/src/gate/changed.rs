//! The files of a tree that are not what they were, by their texts: all others need no look.

use std::collections::{HashMap, HashSet};

use eventc_model::schema::{FileId, Schemas};

use crate::lint::targets;

/// Returns the files of a tree whose text differs from that in another one, or that refer to such a file, however far.
pub(super) fn files(now: &Schemas, before: &Schemas) -> HashSet<FileId> {
    // A file that is gone may change what those mean that referred to it.
    if before.file_ids().any(|id| now.file_id(&before.file(id).path).is_none()) {
        return now.file_ids().collect();
    }
    let is_same = |id: &FileId| {
        let file = now.file(*id);
        before.file_id(&file.path).is_some_and(|old| before.file(old).text == file.text)
    };
    let mut open: Vec<FileId> = now.file_ids().filter(|id| !is_same(id)).collect();
    let mut changed: HashSet<FileId> = open.iter().copied().collect();
    if open.is_empty() {
        return changed;
    }
    let referrers = referrers(now);
    while let Some(file) = open.pop() {
        for referrer in referrers.get(&file).into_iter().flatten() {
            if changed.insert(*referrer) {
                open.push(*referrer);
            }
        }
    }
    changed
}

/// Returns the files that refer to each file.
fn referrers(schemas: &Schemas) -> HashMap<FileId, HashSet<FileId>> {
    let mut referrers: HashMap<FileId, HashSet<FileId>> = HashMap::new();
    for id in schemas.ids() {
        let Some(keywords) = schemas.keywords(id) else { continue };
        let from = schemas.node(id).file;
        for to in targets(keywords).map(|target| schemas.node(target).file).filter(|to| *to != from) {
            referrers.entry(to).or_default().insert(from);
        }
    }
    referrers
}

#[cfg(test)]
mod tests {
    use eventc_model::source::{Limits, Tree};

    use super::*;

    #[test]
    fn what_refers_to_a_change_is_changed() {
        let load = |files: &[(&str, &str)]| Schemas::load(Tree::from_texts(files.iter().copied(), &Limits::default())).0;
        let (a, b, c) = (("a.json", r#"{"$ref": "b.json"}"#), ("b.json", r#"{"$ref": "c.json"}"#), ("c.json", r#"{"type": "string"}"#));
        let before = load(&[a, b, c, ("d.json", r#"{"type": "null"}"#)]);
        let paths = |now: &Schemas| {
            let mut paths: Vec<_> = files(now, &before).into_iter().map(|id| now.file(id).path.clone()).collect();
            paths.sort();
            paths
        };
        let same = load(&[a, b, c, ("d.json", r#"{"type": "null"}"#)]);
        assert_eq!(paths(&same), Vec::<String>::new());
        let shared = load(&[a, b, ("c.json", r#"{"type": "number"}"#), ("d.json", r#"{"type": "null"}"#)]);
        assert_eq!(paths(&shared), ["a.json", "b.json", "c.json"]);
        let gone = load(&[a, b, c]);
        assert_eq!(paths(&gone), ["a.json", "b.json", "c.json"]);
    }
}
