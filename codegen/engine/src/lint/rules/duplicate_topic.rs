//! EV104: two contracts have one topic.

use std::collections::HashMap;

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV104",
    name: "duplicate-topic",
    level: Level::Error,
    summary: "two contracts have one topic",
    docs: "\
### What it finds
Two files of one namespace whose paths name the same topic: by two endings, or because the convention has no place for what tells
them apart.

### Why it is bad
A reader of the topic cannot know which of the two schemas an event follows, and generated constants and registries can hold one.

### Example
`order/created.json` and `order/created.v1.json`, both `order.created`.

### What to do
Remove one of the files, or rename it; a second major version is `order/created.v2.json`.",
};

/// Finds such contracts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let mut first = HashMap::new();
    for contract in cx.events() {
        // Namespaces have brokers of their own: equal topics of two of them never meet.
        let earlier = *first.entry((contract.namespace, contract.topic.as_str())).or_insert(contract.file);
        if earlier != contract.file {
            let other = &cx.schemas().file(earlier).shown;
            let message = format!("the topic {:?} is that of {other} too", contract.topic);
            report.at(cx, contract.file, "", message, "remove one of the files, or rename it");
        }
    }
}
