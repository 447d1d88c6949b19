//! EV131: an event that nobody owns.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV131",
    name: "missing-owner",
    level: Level::Warning,
    summary: "nobody owns an event",
    docs: "\
### What it finds
An event whose `x-event` names no `owner`.

### Why it is bad
Nobody answers for it: questions, requests for a field and incidents have nowhere to go, and it can never be retired.

### Example
```json
{ \"x-event\": { \"version\": \"1.0.0\" }, \"type\": \"object\" }
```

### What to do
Name an owner that eventc.toml declares: `\"owner\": \"sales-team\"` with `[owners.sales-team]`.",
};

/// Finds such events.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.sent_events().filter(|contract| contract.metadata.owner.is_none()) {
        report.at(cx, contract.file, "/x-event", "nobody owns the event", "name an `owner` in `x-event`");
    }
}
