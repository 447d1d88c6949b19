//! Requests and their responses, by the words of a namespace's topic patterns.

use std::collections::HashSet;

use eventc_model::catalog::Contract;

use super::LintContext;

/// Returns the paths of all events, by namespace.
pub(crate) fn paths(cx: &LintContext<'_>) -> HashSet<(usize, Vec<String>)> {
    cx.events().map(|contract| (contract.namespace, contract.path.clone())).collect()
}

/// Returns the path of a contract with one word put for the other, where its namespace's patterns know both in that segment.
pub(crate) fn twin(cx: &LintContext<'_>, contract: &Contract, word: &str, other: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = contract.path.iter().map(String::as_str).collect();
    let fitting = cx.catalog.patterns(contract).iter().find(|pattern| pattern.fits(&parts))?;
    let segment = segment_of(fitting.text(), [word, other])?;
    if parts.get(segment) != Some(&word) {
        return None;
    }
    let mut twin = contract.path.clone();
    other.clone_into(&mut twin[segment]);
    Some(twin)
}

/// Returns the part of a path that a pattern's placeholder takes which knows both words.
fn segment_of(pattern: &str, words: [&str; 2]) -> Option<usize> {
    let placeholders = pattern.split('{').skip(1).filter_map(|part| part.split('}').next());
    for (index, placeholder) in placeholders.filter(|name| *name != "namespace").enumerate() {
        let (name, known) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        if words.iter().all(|word| known.split('|').any(|known| known == *word)) {
            return Some(index);
        }
        // After a placeholder for several parts the position is open.
        if name.ends_with('+') {
            return None;
        }
    }
    None
}
