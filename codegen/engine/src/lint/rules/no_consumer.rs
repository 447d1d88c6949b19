//! EV136: nobody reads an event.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV136",
    name: "no-consumer",
    level: Level::Note,
    summary: "nobody reads an event",
    docs: "\
### What it finds
An event that no service consumes, whether somebody publishes it or not, in a tree where some service says what it consumes. A file that
keeps definitions alone is no event to this rule.

### Why it is bad
Perhaps it is not: events outlive their readers, and readers may not be declared. But an event that nobody reads costs its producer
work, and it is the first to ask about when a schema must change.

### Example
An event with `producers` that no `consumes` in eventc.toml matches.

### What to do
Declare who reads it, or deprecate it.",
};

/// Finds such events.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    // Where no service says what it reads, nobody knows who does.
    if cx.catalog.config.services.values().all(|service| service.consumes.is_empty()) {
        return;
    }
    for contract in cx.sent_events().filter(|contract| cx.catalog.consumers(contract).is_empty()) {
        let message = match contract.metadata.producers.as_slice() {
            [] => format!("nobody publishes or reads {:?}", contract.topic),
            producers => format!("nobody reads {:?}, which {} publishes", contract.topic, producers.join(", ")),
        };
        report.at(cx, contract.file, "/x-event", message, "declare who reads it, or deprecate it");
    }
}
