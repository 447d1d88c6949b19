//! EV152: the partition key is not there to be read.

use eventc_model::{
    diagnostic::{Level, Rule},
    syntax::split_pointer,
};

use crate::lint::{LintContext, RuleReport, paths};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV152",
    name: "bad-key",
    level: Level::Error,
    summary: "the partition key is no required property of the payload",
    docs: "\
### What it finds
A `key` in `x-event` that is not a JSON Pointer to a property that every payload has.

### Why it is bad
Events without a key are spread over all partitions: their order is lost, and compaction keeps or drops the wrong ones.

### Example
`\"key\": \"/order_id\"` where `order_id` is not under `required`.

### What to do
Correct the pointer, or require the property.",
};

/// Finds such keys.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in &cx.catalog.contracts {
        let Some(key) = &contract.metadata.key else { continue };
        let parts = split_pointer(key);
        let wrong = if !key.starts_with('/') {
            Some("is no JSON Pointer, which begins with `/`")
        } else if !paths::may_exist(cx, contract.root, &parts) {
            Some("leads to no property of the payload")
        } else if !paths::must_exist(cx, contract.root, &parts) {
            Some("leads to a property that is not required")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let help = "point to a required property, such as \"/order_id\"";
            report.at(cx, contract.file, "/x-event/key", format!("the key {key:?} {wrong}"), help);
        }
    }
}
