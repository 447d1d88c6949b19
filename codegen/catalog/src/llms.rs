//! `llms.txt`: where to find what, for language models (llmstxt.org). It leads to the Markdown pages beside it.

use eventc_model::{GeneratedFile, catalog::ContractKind, violations::counted};

use super::{
    markdown,
    site::{Site, domain_label, namespace_label},
};

/// The maximum number of events that the file lists one by one; beyond, only domains, so that it stays small enough to be
/// read whole.
const MAX_EVENTS: usize = 500;

/// Returns the file.
pub(super) fn file(site: &Site<'_>) -> GeneratedFile {
    let mut text = String::from(
        "# Event catalog\n\n> Events that services send to each other: their fields, owners, senders, readers and versions.\n\n\
         `catalog.json` beside this file has everything in one JSON document, a line for each contract; \
         its JSON Schema is what `eventc list --schema catalog` prints. Every event has a page with its fields, examples and consumers.\n",
    );
    let catalog = site.input.catalog;
    let listed = site.contracts.len() <= MAX_EVENTS;
    for (index, namespace) in catalog.config.namespace.iter().enumerate() {
        let Some(pages) = &site.namespaces[index] else { continue };
        text.push_str(&format!("\n## {}\n\n", markdown::text(namespace_label(&namespace.name))));
        text.push_str(&item("Overview", &pages.page, &namespace.description));
        if let Some(types) = &pages.types {
            text.push_str(&item("Shared types", types, ""));
        }
        if listed {
            let own = site.contracts.iter().filter(|entry| entry.contract.namespace == index);
            for entry in own {
                text.push_str(&item(&entry.contract.topic, &entry.page, &about(site, entry.contract)));
            }
        } else {
            for ((_, domain), party) in site.domains.range((index, "")..).take_while(|((namespace, _), _)| *namespace == index) {
                let count = party.sends.len();
                let events = counted(count as u64, "event", "events");
                text.push_str(&item(domain_label(domain), &party.page, &events));
            }
        }
    }
    text.push_str("\n## Services\n\n");
    for (name, party) in &site.services {
        let description = catalog.config.services.get(*name).map_or("", |service| service.description.as_str());
        text.push_str(&item(name, &party.page, description));
    }
    if !site.environments.is_empty() {
        text.push_str("\n## Environments\n\n");
        for environment in &site.environments {
            text.push_str(&item(environment.name, &environment.page, &environment.stated.description));
        }
    }
    text.push_str("\n## Optional\n\n");
    for (name, party) in &site.owners {
        let description = catalog.config.owners.get(*name).map_or("", |owner| owner.description.as_str());
        text.push_str(&item(name, &party.page, description));
    }
    GeneratedFile { path: "llms.txt".into(), text }
}

/// Returns what a reader wants to know before opening the page.
fn about(site: &Site<'_>, contract: &eventc_model::catalog::Contract) -> String {
    let said = match site.description(contract) {
        "" => site.title(contract),
        description => description,
    };
    let first = said.split("\n\n").next().unwrap_or(said).trim();
    let what = match contract.kind {
        ContractKind::Event => "",
        ContractKind::Envelope => "The envelope of every event. ",
        ContractKind::DeadLetter => "The record of an event that could not be processed. ",
    };
    let after = contract.metadata.deprecated.as_ref().map_or("", |_| " Deprecated.");
    format!("{what}{first}{after}")
}

/// Returns a line of a list: a link and what it leads to.
fn item(label: &str, page: &str, about: &str) -> String {
    let about = if about.is_empty() { String::new() } else { format!(": {}", markdown::text(about)) };
    format!("- {}{about}\n", markdown::link(label, page))
}
