//! EV121: an event without an example.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV121",
    name: "missing-example",
    level: Level::Warning,
    summary: "an event has no example",
    docs: "\
### What it finds
An event whose schema has no `examples` at its root.

### Why it is bad
An example says at a glance what a page of constraints cannot, and tests, mock producers and the catalog are made from it. Examples
are validated, so they cannot go stale.

### Example
```json
{ \"type\": \"object\", \"properties\": { \"order_id\": { \"type\": \"string\" } } }
```

### What to do
Add complete payloads: `\"examples\": [{ \"order_id\": \"A-1001\" }]`.",
};

/// Finds such events.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.sent_events() {
        if cx.schemas().keywords(contract.root).is_none_or(|keywords| keywords.examples.is_empty()) {
            report.at(cx, contract.file, "", "the event has no example", "add `examples` with one or more complete payloads");
        }
    }
}
