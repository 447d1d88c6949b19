//! EV143: a contract leaves too soon.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV143",
    name: "short-sunset",
    level: Level::Warning,
    summary: "a contract leaves sooner than promised",
    docs: "\
### What it finds
`deprecated` in `x-event` whose `sunset` is fewer than `deprecation.window_days` (default 180) after `since`.

### Why it is bad
The window is what readers were promised for moving on.

### Example
```json
{ \"deprecated\": { \"since\": \"2026-06-01\", \"sunset\": \"2026-07-01\", \"use\": \"sales.order.created.v2\" } }
```

### What to do
Set a later sunset.",
};

/// Finds such contracts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let window = i64::from(cx.catalog.config.deprecation.window_days);
    for contract in &cx.catalog.contracts {
        let Some(deprecated) = &contract.metadata.deprecated else { continue };
        let Some(sunset) = deprecated.sunset else { continue };
        let days = sunset.days_since(deprecated.since);
        if days >= window {
            continue;
        }
        let message = format!("the sunset comes {days} days after the deprecation, {window} are promised");
        report.at(cx, contract.file, "/x-event/deprecated/sunset", message, "set a later sunset");
    }
}
