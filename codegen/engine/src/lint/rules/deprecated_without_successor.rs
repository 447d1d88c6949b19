//! EV142: a deprecated contract names nothing to use instead.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV142",
    name: "deprecated-without-successor",
    level: Level::Warning,
    summary: "a deprecated contract names nothing to use instead",
    docs: "\
### What it finds
`deprecated` in `x-event` without `use`, or with a `use` that is no event's topic or the contract's own.

### Why it is bad
Readers are told to leave and not where to go, so they stay.

### Example
```json
{ \"x-event\": { \"deprecated\": { \"since\": \"2026-06-01\" } } }
```

### What to do
Name the successor's topic: `\"use\": \"sales.order.created.v2\"`. Where there is none on purpose, accept the finding with an `allow`.",
};

/// Finds such contracts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in &cx.catalog.contracts {
        let Some(deprecated) = &contract.metadata.deprecated else { continue };
        match &deprecated.successor {
            None => {
                report.key(cx, contract.file, "/x-event/deprecated", "nothing is named to use instead", "name the successor's topic as `use`");
            }
            Some(topic) if *topic == contract.topic => {
                report.at(cx, contract.file, "/x-event/deprecated/use", "the contract is its own successor", "name another topic");
            }
            Some(topic) if cx.by_topic(topic).is_none() => {
                let help = did_you_mean(topic, cx.events().map(|contract| contract.topic.as_str()), "correct the topic, or add its schema");
                report.at(cx, contract.file, "/x-event/deprecated/use", format!("no event has the topic {topic:?}"), help);
            }
            Some(_) => {}
        }
    }
}
