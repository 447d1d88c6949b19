//! EV134: a service reads what does not exist.

use std::collections::BTreeSet;

use eventc_model::{
    diagnostic::{Level, Rule},
    syntax::{escape_pointer, split_pointer},
    traffic::Subscription,
};

use crate::lint::{LintContext, RuleReport, paths, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV134",
    name: "unknown-consumer",
    level: Level::Error,
    summary: "a service reads a topic or a property that does not exist",
    docs: "\
### What it finds
In a service's `consumes`: a topic, or glob over topics, that no event has; and a pointer under `reads` that leads to no property of
an event that the topics match.

### Why it is bad
The service waits for what never comes, or reads what is never there. Impact reports, which say whom a change breaks, are wrong.

### Example
```toml
[services.billing]
consumes = [{ topics = \"sales.order.craeted\", reads = [\"/order_id\"] }]
```

### What to do
Correct the topic or the pointer. A map's keys are read as they are: `/labels/region`; a list's items by `/items/0`.",
};

/// Finds such topics and pointers.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let mut subscriptions = cx.catalog.traffic.subscriptions().iter();
    for (name, service) in &cx.catalog.config.services {
        for (index, subscription) in subscriptions.by_ref().take(service.consumes.len()).enumerate() {
            let pointer = format!("/services/{}/consumes/{index}", escape_pointer(name));
            topics(cx, subscription, &pointer, report);
            reads(cx, subscription, &pointer, report);
        }
    }
}

fn topics(cx: &LintContext<'_>, subscription: &Subscription, pointer: &str, report: &mut RuleReport) {
    // One topic may stand alone, without a list around it.
    let listed = cx.catalog.config.document.as_ref().and_then(|document| document.get(&format!("{pointer}/topics"))).is_some_and(serde_json::Value::is_array);
    for (index, glob) in subscription.topics.iter().enumerate().filter(|(_, glob)| glob.events.is_empty()) {
        let at = if listed { format!("{pointer}/topics/{index}") } else { format!("{pointer}/topics") };
        let topics = cx.events().map(|contract| contract.topic.as_str());
        let help = did_you_mean(&glob.text, topics, "correct the topic, or add its schema");
        report.config(cx, &at, format!("no event has the topic {:?}", glob.text), help);
    }
}

fn reads(cx: &LintContext<'_>, subscription: &Subscription, pointer: &str, report: &mut RuleReport) {
    let covered: BTreeSet<usize> = subscription.topics.iter().flat_map(|glob| &glob.events).copied().collect();
    for (index, read) in subscription.reads.iter().enumerate() {
        let parts = split_pointer(read);
        for contract in covered.iter().map(|index| &cx.catalog.contracts[*index]) {
            if cx.is_library(contract) || read.starts_with('/') && paths::may_exist(cx, contract.root, &parts) {
                continue;
            }
            let known = paths::properties(cx, contract.root);
            let known: Vec<String> = known.into_iter().map(|name| format!("/{}", escape_pointer(name))).collect();
            let message = format!("{:?} has no property at {read:?}", contract.topic);
            let help = did_you_mean(read, known.iter().map(String::as_str), "correct the JSON Pointer, which begins with `/`");
            report.config(cx, &format!("{pointer}/reads/{index}"), message, help);
        }
    }
}
