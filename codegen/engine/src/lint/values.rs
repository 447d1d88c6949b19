//! Values that schemas hold: examples and defaults.

use eventc_model::{
    diagnostic::MALFORMED_KEYWORD,
    schema::{FileId, Keywords, NodeId},
};

use super::Context;

/// Returns the subschemas that hold something, by file.
pub(crate) fn by_file(cx: &Context<'_>, holds: impl Fn(&Keywords) -> bool) -> Vec<(FileId, Vec<NodeId>)> {
    let mut files: Vec<(FileId, Vec<NodeId>)> = Vec::new();
    for (id, _) in cx.nodes().filter(|(_, keywords)| holds(keywords)) {
        let file = cx.schemas().node(id).file;
        match files.last_mut().filter(|(last, _)| *last == file) {
            Some((_, nodes)) => nodes.push(id),
            None => files.push((file, vec![id])),
        }
    }
    files
}

/// Returns whether some schema breaks the rules of its dialect: then that is reported, and what follows from it is not.
pub(crate) fn has_errors(cx: &Context<'_>) -> bool {
    let malformed = || cx.catalog.diagnostics.iter().any(|diagnostic| diagnostic.rule == &MALFORMED_KEYWORD);
    let refused = || cx.schemas().file_ids().any(|file| !cx.validators.meta_problems(file).is_empty());
    let bad_pattern = || cx.nodes().any(|(_, keywords)| patterns(keywords).iter().any(|(_, pattern)| !cx.validators.is_pattern(pattern)));
    *cx.has_errors.get_or_init(|| malformed() || refused() || bad_pattern())
}

/// Returns the regular expressions of a schema, and where they stand in it.
pub(crate) fn patterns(keywords: &Keywords) -> Vec<(String, &str)> {
    let of_keys = keywords.pattern_properties.iter().map(|(key, _)| {
        let key_pointer = eventc_model::syntax::escape_pointer(key);
        (format!("patternProperties/{key_pointer}"), key.as_str())
    });
    of_keys.chain(keywords.pattern.iter().map(|pattern| ("pattern".to_owned(), pattern.as_str()))).collect()
}
