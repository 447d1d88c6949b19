//! Settings that an environment states of what is not there.

use std::collections::BTreeSet;

use eventc_model::{catalog::Catalog, config::Environment, diagnostic::Diagnostic, names::nearest, syntax::escape_pointer};

use crate::rules::UNKNOWN_OVERRIDE;

/// Returns the topics and domains for which an environment states settings, and that no contract has.
pub(crate) fn unknown(catalog: &Catalog, environment: &str, stated: &Environment) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (name, placement) in &stated.namespaces {
        let events = || catalog.events().filter(|contract| catalog.namespace(contract).name == *name);
        let topics: BTreeSet<&str> = events().map(|contract| contract.topic.as_str()).collect();
        let domains: BTreeSet<&str> = events().map(eventc_model::catalog::Contract::domain).collect();
        for (key, what, stated, known) in
            [("topics", "topic", &placement.topics, &topics), ("domain", "domain", &placement.domain, &domains)]
        {
            for wrong in stated.keys().filter(|stated| !known.contains(stated.as_str())) {
                let pointer = format!(
                    "/environments/{}/namespaces/{}/{key}/{}",
                    escape_pointer(environment),
                    escape_pointer(name),
                    escape_pointer(wrong)
                );
                let help = nearest(wrong, known.iter().copied())
                    .map_or_else(|| "correct the name, or remove the table".to_owned(), |near| format!("did you mean {near:?}?"));
                let place = catalog
                    .config
                    .document
                    .as_ref()
                    .map_or_else(|| catalog.config.place(&pointer), |document| document.key_place(&pointer));
                let message = format!("the namespace {name:?} has no {what} {wrong:?}");
                findings.push(Diagnostic::new(&UNKNOWN_OVERRIDE, place, message).pointer(pointer).help(help));
            }
        }
    }
    findings
}
