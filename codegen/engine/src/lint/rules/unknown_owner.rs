//! EV132: an owner that is not declared.

use eventc_model::{
    diagnostic::{Level, Rule},
    syntax::escape_pointer,
};

use crate::lint::{LintContext, RuleReport, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV132",
    name: "unknown-owner",
    level: Level::Error,
    summary: "an owner is not declared",
    docs: "\
### What it finds
An `owner` of a contract or of a service that eventc.toml does not declare under `[owners]`.

### Why it is bad
It is a typo or a team that no longer exists; nobody can be reached under the name.

### Example
`\"owner\": \"slaes-team\"` where `[owners.sales-team]` is declared.

### What to do
Correct the name, or declare the owner with a description and a contact.",
};

/// Finds such owners.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let config = &cx.catalog.config;
    let unknown = |owner: &Option<String>| owner.clone().filter(|owner| !config.owners.contains_key(owner));
    let help = |owner: &str| did_you_mean(owner, config.owners.keys().map(String::as_str), &format!("declare [owners.{owner}] in eventc.toml"));
    for contract in &cx.catalog.contracts {
        if let Some(owner) = unknown(&contract.metadata.owner) {
            report.at(cx, contract.file, "/x-event/owner", format!("nobody declares the owner {owner:?}"), help(&owner));
        }
    }
    for (name, service) in &config.services {
        if let Some(owner) = unknown(&service.owner) {
            let pointer = format!("/services/{}/owner", escape_pointer(name));
            report.config(cx, &pointer, format!("nobody declares the owner {owner:?}"), help(&owner));
        }
    }
}
