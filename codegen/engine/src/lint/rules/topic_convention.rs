//! EV101: the topic does not follow the namespace's convention.

use eventc_model::{
    diagnostic::{Level, Rule},
    topic::TopicPattern,
};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV101",
    name: "topic-convention",
    level: Level::Error,
    summary: "a topic does not follow its namespace's convention",
    docs: "\
### What it finds
An event whose path below the namespace's root fits none of the namespace's `topics` patterns.

### Why it is bad
People and programs find events by the parts of their topic: who owns the domain, whether it is a request or an event, what
happened. A topic outside the convention is found by nobody, and rules for access or retention by prefix pass it by.

### Example
With `topics = [\"{domain}.{entity+}.{action:*ed|*en}\"]` the file `sales/order.v1.json` has two segments where three are asked
for, and `sales/order/change.v1.json` ends in a noun.

### What to do
Move the file, for example to `sales/order/changed.v1.json`. Where the topic is in use already, accept it with an `allow` and its
reason, or add a pattern to the namespace.",
};

/// Finds such topics.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.events() {
        let patterns = cx.catalog.patterns(contract);
        let parts: Vec<&str> = contract.path.iter().map(String::as_str).collect();
        let mismatches: Vec<String> = patterns.iter().filter_map(|pattern| pattern.mismatch(&parts)).collect();
        if patterns.is_empty() || mismatches.len() < patterns.len() {
            continue;
        }
        // Of several patterns, the one that at least the number of segments fits says most.
        let closest = mismatches.iter().find(|why| !why.contains("segments")).or(mismatches.first());
        let why = closest.map(String::as_str).unwrap_or_default();
        let message = format!("the topic {:?} does not follow the convention: {why}", contract.topic);
        let known: Vec<_> = patterns.iter().map(TopicPattern::text).collect();
        report.at(cx, contract.file, "", message, format!("move the file so that its path fits {}", known.join(" or ")));
    }
}
