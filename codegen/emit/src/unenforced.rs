//! Notes on what no generated language enforces, reported at generation.

use std::collections::{BTreeMap, HashSet};

use eventc_model::{
    config::FormatReading,
    diagnostic::{Diagnostic, Level, Rule},
    schema::NodeId,
};

use crate::Input;

/// See [`Rule::docs`].
pub static FORMAT: Rule = Rule {
    code: "EV400",
    name: "format-not-enforced",
    level: Level::Note,
    summary: "generated validation does not enforce a format",
    docs: "`format` is an annotation (JSON Schema 2020-12, section 7.2.1): generated validation accepts any string, and doc comments say the \
           format. `eventc lint` judges examples by formats all the same.\n\nState a `pattern` where a string must be refused.",
};

/// Rules that are reported whatever the language.
pub static RULES: &[&Rule] = &[&FORMAT];

/// Returns one note that names every format of the selected schemas, at the first of them.
pub fn formats(input: &Input<'_>) -> Option<Diagnostic> {
    let schemas = &input.catalog.schemas;
    let files: HashSet<_> = input.modules.iter().map(|id| input.types.module(*id).file).collect();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let mut first: Option<NodeId> = None;
    for id in schemas.ids().filter(|id| files.contains(&schemas.node(*id).file) && !schemas.is_meta(schemas.node(*id).file)) {
        if let Some(format) = schemas.keywords(id).and_then(|keywords| keywords.format.as_deref()) {
            first.get_or_insert(id);
            *found.entry(format).or_default() += 1;
        }
    }
    let first = first?;
    let named: Vec<String> = found.iter().map(|(format, count)| format!("{format:?} ({count})")).collect();
    let node = schemas.node(first);
    let namespace = input.catalog.config.namespace_of(&schemas.file(node.file).path);
    let asserted = namespace.is_some_and(|(_, namespace)| namespace.formats == Some(FormatReading::Assertion));
    let what = if asserted { "generated validators do not enforce formats" } else { "formats are annotations and not enforced" };
    let message = format!("{what}: {}", named.join(", "));
    let pointer = format!("{}/format", schemas.pointer(first));
    Some(
        Diagnostic::new(&FORMAT, schemas.file(node.file).place(&pointer), message)
            .pointer(pointer)
            .help("state a pattern where it matters"),
    )
}
