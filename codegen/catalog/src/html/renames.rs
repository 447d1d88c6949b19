//! Fields that a version gave another name: what went and what came at one place, and holds the same.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::fields::{FieldRow, Table};

/// Returns the former field of each path that is a new name.
///
/// A field is paired with another of the same object that went where each is the only one of its kind: of the same type, and of the same
/// description or the same constraints. What the two hold goes along with them.
pub(super) fn find<'t>(old: &'t Table, new: &'t Table) -> BTreeMap<&'t str, &'t FieldRow> {
    let mut renames = BTreeMap::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for depth in 0..=deepest(old).min(deepest(new)) {
        let before: Vec<&FieldRow> = old.rows.iter().filter(|row| row.depth == depth).collect();
        let after: Vec<&FieldRow> = new.rows.iter().filter(|row| row.depth == depth).collect();
        // Former paths, as they would be called if only what holds them had another name.
        let called: Vec<String> = before.iter().map(|row| renamed(&row.path, &pairs)).collect();
        let stays: HashSet<&str> = after.iter().map(|row| row.path.as_str()).collect();
        let had: HashSet<&str> = called.iter().map(String::as_str).collect();
        let by_call: HashMap<&str, &FieldRow> = called.iter().map(String::as_str).zip(before.iter().copied()).collect();
        for row in &after {
            if let Some(former) = by_call.get(row.path.as_str()).filter(|former| former.path != row.path) {
                renames.insert(row.path.as_str(), *former);
            }
        }
        let gone = called.iter().zip(&before).filter(|(call, _)| !stays.contains(call.as_str())).map(|(call, row)| (call.as_str(), *row));
        let gone: Vec<(&str, &FieldRow)> = gone.collect();
        let came: Vec<(&str, &FieldRow)> =
            after.iter().filter(|row| !had.contains(row.path.as_str())).map(|row| (row.path.as_str(), *row)).collect();
        for (call, former, row) in matched(&gone, &came) {
            renames.insert(row.path.as_str(), former);
            pairs.push((call.to_owned(), row.path.clone()));
        }
    }
    renames
}

fn deepest(table: &Table) -> usize {
    table.rows.iter().map(|row| row.depth).max().unwrap_or(0)
}

/// Returns a path with the newest name of what holds it.
fn renamed(path: &str, pairs: &[(String, String)]) -> String {
    pairs.iter().fold(path.to_owned(), |path, (former, now)| match path.strip_prefix(former.as_str()) {
        Some(rest) if rest.starts_with(['.', '[', '(']) => format!("{now}{rest}"),
        _ => path,
    })
}

/// Returns what went and came in pairs: first those of one description, then, of the rest, those that ask the same.
fn matched<'c, 't>(gone: &[(&'c str, &'t FieldRow)], came: &[(&str, &'t FieldRow)]) -> Vec<(&'c str, &'t FieldRow, &'t FieldRow)> {
    type Key<'k> = (&'k str, &'k str, String);
    fn described<'k>(path: &'k str, row: &'k FieldRow) -> Option<Key<'k>> {
        (!row.description.is_empty()).then(|| (holder(path, row), row.ty.as_str(), row.description.clone()))
    }
    fn asked<'k>(path: &'k str, row: &'k FieldRow) -> Option<Key<'k>> {
        // Many fields are plain strings and numbers: only one that asks for more is known again.
        (!row.constraints.is_empty()).then(|| (holder(path, row), row.ty.as_str(), row.constraints.join("; ")))
    }
    let (mut pairs, mut paired) = (Vec::new(), HashSet::new());
    for key in [described as for<'k> fn(&'k str, &'k FieldRow) -> Option<Key<'k>>, asked] {
        let mut found: BTreeMap<Key<'_>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, (path, row)) in gone.iter().enumerate() {
            if let Some(key) = key(path, row) {
                found.entry(key).or_default().0.push(at);
            }
        }
        for (at, (path, row)) in came.iter().enumerate() {
            if let Some(key) = key(path, row) {
                found.entry(key).or_default().1.push(at);
            }
        }
        for (before, after) in found.values() {
            if let ([before], [after]) = (&before[..], &after[..])
                && !paired.contains(&(true, *before))
                && !paired.contains(&(false, *after))
            {
                paired.extend([(true, *before), (false, *after)]);
                pairs.push((gone[*before].0, gone[*before].1, came[*after].1));
            }
        }
    }
    pairs
}

/// Returns the path of what holds a field; only fields have names.
fn holder<'p>(path: &'p str, row: &FieldRow) -> &'p str {
    path.strip_suffix(row.leaf.as_str()).unwrap_or(path)
}
