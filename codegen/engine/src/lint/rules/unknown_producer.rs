//! EV133: a producer that is not declared.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV133",
    name: "unknown-producer",
    level: Level::Error,
    summary: "a producer is not declared",
    docs: "\
### What it finds
A name under `producers` in `x-event` that eventc.toml does not declare under `[services]`.

### Why it is bad
The flow graph, access rules and impact reports are made from these names; a misspelled producer is a service that nobody runs.

### Example
`\"producers\": [\"order-sevice\"]` where `[services.order-service]` is declared.

### What to do
Correct the name, or declare the service.",
};

/// Finds such producers.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let services = &cx.catalog.config.services;
    for contract in &cx.catalog.contracts {
        for (index, producer) in contract.metadata.producers.iter().enumerate().filter(|(_, name)| !services.contains_key(*name)) {
            let otherwise = format!("declare [services.{producer}] in eventc.toml");
            let help = did_you_mean(producer, services.keys().map(String::as_str), &otherwise);
            let pointer = format!("/x-event/producers/{index}");
            report.at(cx, contract.file, &pointer, format!("nobody declares the service {producer:?}"), help);
        }
    }
}
