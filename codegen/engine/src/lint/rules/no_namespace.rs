//! EV106: a file of the tree belongs to no namespace.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{Context, Report};

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
pub fn check(cx: &Context<'_>, report: &mut Report) {
    if cx.catalog.config.namespace.is_empty() {
        return;
    }
    for file in cx.schemas().file_ids() {
        let Some(root) = cx.schemas().root(file).filter(|_| cx.namespace_of(file).is_none()) else { continue };
        let used = cx.nodes().any(|(id, keywords)| {
            cx.schemas().node(id).file != file
                && crate::lint::context::targets(keywords).any(|target| cx.schemas().node(target).file == cx.schemas().node(root).file)
        });
        if !used {
            report.at(cx, file, "", "this file lies below no namespace's root", "move it, or declare its namespace in eventc.toml");
        }
    }
}
