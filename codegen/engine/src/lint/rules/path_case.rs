//! EV102: a part of a path is not spelled as the namespace asks.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{NameCase, LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV102",
    name: "path-case",
    level: Level::Error,
    summary: "a part of a path is not spelled as its namespace asks",
    docs: "\
### What it finds
A folder or file name below the namespace's root that is not in the namespace's `path_case`.

### Why it is bad
The path becomes the topic, and topics differ by case: `sales.orderItem.added` and `sales.order_item.added` are two topics that
people take for one. Kafka's metrics also fold `.` and `_`, so that mixed spellings collide there.

### Example
With `path_case = \"snake\"`: `sales/orderItem/added.v1.json`.

### What to do
Rename the folder or file: `sales/order_item/added.v1.json`.",
};

/// Finds such parts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.events() {
        let case = NameCase(cx.catalog.namespace(contract).path_case);
        for part in contract.path.iter().filter(|part| !case.fits(part)) {
            let message = format!("the path's part {part:?} is not {case}");
            report.at(cx, contract.file, "", message, format!("rename it to {:?}", case.spell(part)));
        }
    }
}
