//! EV141: a contract's version is missing or wrong.

use eventc_model::{
    catalog::ContractKind,
    diagnostic::{Level, Rule},
};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV141",
    name: "version",
    level: Level::Error,
    summary: "a contract's version is missing, or not of the file's major",
    docs: "\
### What it finds
An event whose `x-event` states no `version`, or one whose major is not the one in the file's name.

### Why it is bad
Releases, changelogs and the compatibility gate order a contract's history by it. A major that differs from the file's (and often the
topic's) sends readers of one major the events of another.

### Example
`order/created.v2.json` with `\"version\": \"1.4.0\"`.

### What to do
State the version, `\"version\": \"2.0.0\"`; a new major is a new file (`eventc bump KEY`).",
};

/// Finds such versions.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.catalog.contracts.iter().filter(|contract| contract.kind != ContractKind::Envelope) {
        let Some(version) = &contract.metadata.version else {
            if contract.kind == ContractKind::Event && !cx.is_library(contract) && !cx.catalog.is_version_unread(contract) {
                let help = format!("state it in `x-event`: \"version\": \"{}.0.0\"", contract.major);
                report.at(cx, contract.file, "/x-event", "the event has no version", help);
            }
            continue;
        };
        if version.major != u64::from(contract.major) {
            let message = format!("the version {version} is not of major {}, as the file's name says", contract.major);
            report.at(cx, contract.file, "/x-event/version", message, "correct the version, or rename the file");
        }
    }
}
