//! EV106: a file of the tree belongs to no namespace.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::FileId,
};

use crate::lint::{LintContext, RuleReport, context::targets};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV106",
    name: "no-namespace",
    level: Level::Warning,
    summary: "a file of the tree belongs to no namespace",
    docs: "\
### What it finds
A schema file that lies below no `[[namespace]]`'s root, and that no other schema refers to.

### Why it is bad
It is read, but no contract: nothing is generated from it and no convention holds for it, most often because of a typo in a folder's
name.

### Example
Namespaces with the roots `sales/` and `purchase/`, and a file `slaes/order/created.v1.json`.

### What to do
Move the file below a namespace's root, or declare the namespace in eventc.toml.",
};

/// Finds such files.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let outside: Vec<FileId> =
        cx.schemas().file_ids().filter(|file| cx.schemas().root(*file).is_some() && cx.namespace_of(*file).is_none()).collect();
    if outside.is_empty() || cx.catalog.config.namespace.is_empty() {
        return;
    }
    let mut used = HashSet::new();
    for (id, keywords) in cx.nodes() {
        let from = cx.schemas().node(id).file;
        used.extend(targets(keywords).map(|target| cx.schemas().node(target).file).filter(|to| *to != from));
    }
    for file in outside.into_iter().filter(|file| !used.contains(file)) {
        report.at(cx, file, "", "this file lies below no namespace's root", "move it, or declare its namespace in eventc.toml");
    }
}
