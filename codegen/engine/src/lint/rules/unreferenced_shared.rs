//! EV117: a shared schema that nobody refers to.

use std::collections::HashSet;

use eventc_model::{
    catalog::is_shared,
    diagnostic::{Level, Rule},
    schema::{FileId, NodeId},
};

use crate::lint::{
    LintContext, RuleReport,
    context::{Relation, targets},
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV117",
    name: "unreferenced-shared",
    level: Level::Warning,
    summary: "a shared schema that nobody refers to",
    docs: "\
### What it finds
A file with shared definitions (its name begins with `_`) or an entry of `$defs` that no `$ref` from outside of it leads to. In a tree of
definitions alone nothing is found: whoever uses them is elsewhere.

### Why it is bad
It looks as if events depended on it: people keep it compatible, copy from it, and wonder who uses it. Types are generated from it all
the same.

### Example
```json
{ \"$defs\": { \"money\": { \"type\": \"object\" } }, \"type\": \"object\", \"properties\": { \"total\": { \"type\": \"number\" } } }
```

### What to do
Remove it, or refer to it.",
};

/// Finds such schemas.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    if cx.catalog.contracts.iter().all(|contract| cx.is_library(contract)) {
        return;
    }
    let used = used(cx);
    let mut dead_files = HashSet::new();
    for file in cx.schemas().file_ids() {
        let path = &cx.schemas().file(file).path;
        if !is_shared(path) || cx.contract(file).is_some() || cx.schemas().root(file).is_none() {
            continue;
        }
        if !used.files.contains(&file) {
            dead_files.insert(file);
            report.at(cx, file, "", "no schema refers to anything in this shared file", "remove it, or refer to it");
        }
    }
    for (id, keywords) in cx.nodes() {
        let file = cx.schemas().node(id).file;
        for (name, entry) in keywords.definitions.iter().filter(|_| !dead_files.contains(&file)) {
            if !used.entries.contains(entry) {
                let pointer = &cx.schemas().pointer(*entry);
                report.key(cx, file, pointer, format!("nobody refers to the definition {name:?}"), "remove it, or refer to it");
            }
        }
    }
}

#[derive(Default)]
struct Used {
    /// Files that another file refers to.
    files: HashSet<FileId>,
    /// Definitions that something outside of them refers to, or to a part of them.
    entries: HashSet<NodeId>,
}

fn used(cx: &LintContext<'_>) -> Used {
    let mut used = Used::default();
    let headers = cx.catalog.config.namespace.iter().filter_map(|namespace| namespace.headers.as_deref());
    used.files.extend(headers.filter_map(|path| cx.schemas().file_id(path)));
    for (id, keywords) in cx.nodes() {
        let from = cx.schemas().node(id).file;
        let within: HashSet<NodeId> = definitions_around(cx, id).collect();
        for target in targets(keywords) {
            let to = cx.schemas().node(target).file;
            if from != to {
                used.files.insert(to);
            }
            used.entries.extend(definitions_around(cx, target).filter(|entry| !within.contains(entry)));
        }
        // What a `$dynamicRef` may find is used by whoever has one.
        if cx.schemas().raw(id).get("$dynamicAnchor").is_some() {
            used.entries.extend(within);
        }
    }
    used
}

/// Returns the definitions that a subschema is, or lies in, from the inside out.
fn definitions_around(cx: &LintContext<'_>, id: NodeId) -> impl Iterator<Item = NodeId> {
    let up = std::iter::successors(Some(id), |id| cx.parent(*id).map(|(parent, _)| parent));
    up.filter(|id| cx.parent(*id).is_some_and(|(_, step)| step == Relation::Definition))
}
