//! Values that schemas hold: examples, defaults and patterns.

use eventc_model::{
    diagnostic::MALFORMED_KEYWORD,
    schema::{FileId, Keywords, NodeId},
    syntax::escape_pointer,
};
use serde_json::Value;

use super::{LintContext, RuleReport};

/// Returns the subschemas that hold something, by file.
pub(crate) fn by_file(cx: &LintContext<'_>, holds: impl Fn(&Keywords) -> bool) -> Vec<(FileId, Vec<NodeId>)> {
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
pub(crate) fn has_errors(cx: &LintContext<'_>) -> bool {
    let malformed = || cx.catalog.diagnostics.iter().any(|diagnostic| diagnostic.rule == &MALFORMED_KEYWORD);
    let refused = || cx.schemas().file_ids().any(|file| !cx.is_settled(file) && !cx.validators.meta_problems(file).is_empty());
    *cx.has_errors.get_or_init(|| malformed() || refused())
}

/// Asks about each regular expression of the tree, as it is written, and the keyword where it stands.
pub(crate) fn patterns(cx: &LintContext<'_>, report: &mut RuleReport, ask: impl Fn(NodeId, &str, &str, &mut RuleReport) + Sync) {
    let has = |keywords: &Keywords, raw: &Value| {
        !keywords.pattern_properties.is_empty() || keywords.pattern.is_some() || raw.get("pattern").is_some_and(Value::is_string)
    };
    let nodes: Vec<NodeId> = cx.nodes().filter(|(id, keywords)| has(keywords, cx.schemas().raw(*id))).map(|(id, _)| id).collect();
    report.each(&nodes, |id, report| {
        let (schemas, raw) = (cx.schemas(), cx.schemas().raw(*id));
        let hidden = schemas.node(*id).dialect.ref_hides_siblings() && raw.get("$ref").is_some_and(Value::is_string);
        if hidden {
            return;
        }
        let names = raw.get("patternProperties").and_then(Value::as_object).filter(|_| !schemas.is_unused(*id, "patternProperties"));
        for key in names.into_iter().flat_map(serde_json::Map::keys) {
            ask(*id, &format!("patternProperties/{}", escape_pointer(key)), key, report);
        }
        if let Some(pattern) = raw.get("pattern").and_then(Value::as_str).filter(|_| !schemas.is_unused(*id, "pattern")) {
            ask(*id, "pattern", pattern, report);
        }
    });
}
