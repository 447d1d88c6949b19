//! EV161: a finding is accepted without saying why.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV161",
    name: "allow-without-reason",
    level: Level::Error,
    summary: "a finding is accepted without a reason, or under an unknown rule",
    docs: "\
### What it finds
An `allow` in `x-event` with no `reason`, or with a `rule` that is no rule's name or code.

### Why it is bad
Whoever comes later cannot tell whether the reason still holds, and an `allow` of a misspelled rule accepts nothing.

### Example
```json
{ \"allow\": [{ \"rule\": \"topic-convention\" }] }
```

### What to do
Say why, who decided, and where it may end, until when.",
};

/// Finds such entries.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for entry in cx.allows.iter() {
        let (allow, pointer) = (&entry.allow, entry.pointer());
        if allow.reason.trim().is_empty() {
            report.at(cx, entry.file, &pointer, format!("{:?} is accepted without a reason", allow.rule), "say why under `reason`");
        }
        if cx.rules.find(&allow.rule).is_none() {
            let help = cx.rules.suggestion(&allow.rule);
            report.at(cx, entry.file, &format!("{pointer}/rule"), format!("no rule has the name or code {:?}", allow.rule), help);
        }
    }
}
