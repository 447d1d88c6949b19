//! EV135: somebody reads an event that nobody publishes.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV135",
    name: "no-producer",
    level: Level::Warning,
    summary: "somebody reads an event that nobody publishes",
    docs: "\
### What it finds
An event that a service consumes and that names no `producers`.

### Why it is bad
The consumer waits for ever, and its function does nothing. Most often the producer publishes under another topic.

### Example
`x-event` without `producers`, and in eventc.toml `consumes = [{ topics = \"sales.order.created\" }]`.

### What to do
Name who publishes it under `producers`, point the consumer to the topic that is published, or remove both.",
};

/// Finds such events.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.sent_events().filter(|contract| contract.metadata.producers.is_empty()) {
        let mut readers: Vec<&str> = cx.catalog.consumers(contract).iter().map(|consumer| &*consumer.service).collect();
        readers.dedup();
        if !readers.is_empty() {
            let message = format!("nobody publishes {:?}, which {} reads", contract.topic, readers.join(", "));
            report.at(cx, contract.file, "/x-event", message, "name its `producers`, or let its readers read what is published");
        }
    }
}
