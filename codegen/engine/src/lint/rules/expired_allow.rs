//! EV163: what is accepted should be mended by now.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV163",
    name: "expired-allow",
    level: Level::Error,
    summary: "an `allow` holds no longer",
    docs: "\
### What it finds
An `allow` in `x-event` whose `until` lies before the day that `eventc check --today DATE` names. What it accepted is reported again.

### Why it is bad
Somebody promised to mend it by then.

### Example
`\"until\": \"2026-12-31\"` on 2027-01-01.

### What to do
Mend what it accepted and remove the entry, or agree on another day.",
};

/// Finds such entries.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for entry in cx.allows.iter().filter(|entry| entry.is_over(cx.today)) {
        let Some(until) = entry.allow.until else { continue };
        let message = format!("{:?} was accepted until {until}", entry.allow.rule);
        report.at(cx, entry.file, &entry.pointer(), message, "mend it and remove the entry, or agree on another day");
    }
}
