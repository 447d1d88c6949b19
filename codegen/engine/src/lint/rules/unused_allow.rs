//! EV162: what is accepted does not occur.

use eventc_model::diagnostic::{Fix, Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV162",
    name: "unused-allow",
    level: Level::Warning,
    summary: "an `allow` accepts nothing",
    docs: "\
### What it finds
An `allow` in `x-event` that no finding needs: the rule finds nothing at its place.

### Why it is bad
It would silently accept the next breach of the rule there.

### Example
An `allow` of `no-producer` on an event that names its `producers`.

### What to do
Remove the entry, or correct its `at`.",
};

/// Finds such entries.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for entry in cx.allows.iter().filter(|entry| !entry.is_used() && !entry.is_over(cx.today)) {
        // An unknown rule is reported as that, and whether one that is off would have found anything is not known.
        let Some(rule) = cx.rules.find(&entry.allow.rule).filter(|rule| cx.runs(rule)) else { continue };
        let message = format!("nothing here is a case of {}", rule.name);
        if let Some(told) = report.at(cx, entry.file, &entry.pointer(), message, "remove the entry, or correct its `at`") {
            told.fix(Fix::Removal);
        }
    }
}
