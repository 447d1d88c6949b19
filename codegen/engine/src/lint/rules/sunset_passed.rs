//! EV144: a contract should be gone by now.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV144",
    name: "sunset-passed",
    level: Level::Error,
    summary: "a contract is past its sunset",
    docs: "\
### What it finds
A contract whose `sunset` lies before the day that `eventc check --today DATE` names. Without `--today` nothing is found, so that the same
tree gives the same result on every day.

### Why it is bad
After its sunset nobody may use the contract. While it stands, somebody will.

### Example
`\"sunset\": \"2027-01-15\"` on 2027-01-16.

### What to do
Remove the contract once nobody publishes or reads it, or agree on a later sunset.",
};

/// Finds such contracts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let Some(today) = cx.today else { return };
    for contract in &cx.catalog.contracts {
        let Some(sunset) = contract.metadata.deprecated.as_ref().and_then(|deprecated| deprecated.sunset) else { continue };
        if sunset < today {
            let message = format!("the sunset of {:?} was on {sunset}", contract.topic);
            report.at(cx, contract.file, "/x-event/deprecated/sunset", message, "remove the contract, or agree on a later sunset");
        }
    }
}
