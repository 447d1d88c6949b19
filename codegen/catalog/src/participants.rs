//! The pages of services and owners.

use eventc_model::GeneratedFile;
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    environments, event,
    fields::md,
    graph,
    site::{Participant, Site},
};

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    let mut files: Vec<GeneratedFile> = site.services.par_iter().map(|(name, participant)| service(site, name, participant)).collect();
    files.extend(site.owners.par_iter().map(|(name, participant)| owner(site, name, participant)).collect::<Vec<_>>());
    files
}

fn service(site: &Site<'_>, name: &str, participant: &Participant) -> GeneratedFile {
    crate::templates::render("service", &participant.page, service_context(site, name, participant))
}

/// Returns the content of a service's page.
pub(super) fn service_context(site: &Site<'_>, name: &str, participant: &Participant) -> Value {
    let page = participant.page.as_str();
    let declared = site.input.catalog.config.services.get(name);
    let owner = declared.and_then(|service| service.owner.as_deref());
    let sends = participant.sends.iter().map(|index| {
        let consumers = consumers(site, page, *index);
        context! { key => site.contracts[*index].facts.key, consumers => md(consumers), ..row(site, page, *index) }
    });
    let reads = participant.reads.iter().flat_map(|index| {
        let readers = site.contracts[*index].facts.consumers.iter().filter(|consumer| *consumer.service == *name);
        readers.map(move |consumer| context! { ..event::reader(site.markup, consumer), ..row(site, page, *index) })
    });
    context! {
        name => name,
        declared => declared.is_some(),
        description => declared.map(|service| service.description.as_str()),
        owner => owner.map(|owner| md(site.owner_link(page, owner))),
        contact => owner.and_then(|owner| site.contact(owner)),
        sends => sends.collect::<Vec<_>>(),
        reads => reads.collect::<Vec<_>>(),
        rights => environments::of_service(site, page, name),
        graph => graph::of_contracts(site, &participant.touched()).map(|graph| md(site.markup.mermaid(&graph))),
    }
}

fn owner(site: &Site<'_>, name: &str, participant: &Participant) -> GeneratedFile {
    crate::templates::render("owner", &participant.page, owner_context(site, name, participant))
}

/// Returns the content of an owner's page.
pub(super) fn owner_context(site: &Site<'_>, name: &str, participant: &Participant) -> Value {
    let page = participant.page.as_str();
    let config = &site.input.catalog.config;
    let declared = config.owners.get(name);
    let services = config.services.iter().filter(|(_, service)| service.owner.as_deref() == Some(name));
    context! {
        name => name,
        declared => declared.is_some(),
        description => declared.map(|owner| owner.description.as_str()),
        contact => declared.map(|owner| owner.contact.as_str()),
        events => participant.sends.iter().map(|index| row(site, page, *index)).collect::<Vec<_>>(),
        services => services.map(|(name, _)| md(site.service_link(page, name))).collect::<Vec<_>>(),
    }
}

/// Returns what every list says of a contract.
pub(super) fn row(site: &Site<'_>, page: &str, index: usize) -> Value {
    let contract = site.contracts[index].contract;
    context! {
        link => md(site.entry_link(page, index)),
        title => site.title(contract),
        version => contract.version.to_string(),
        owner => contract.metadata.owner.as_deref().map(|owner| md(site.owner_link(page, owner))),
        deprecated => contract.metadata.deprecated.is_some(),
    }
}

/// Returns the services that send an event, as links.
pub(super) fn producers(site: &Site<'_>, page: &str, index: usize) -> String {
    let names = site.contracts[index].facts.producers.iter();
    names.map(|name| site.service_link(page, name)).collect::<Vec<_>>().join(", ")
}

/// Returns the services that read an event, as links, each once.
pub(super) fn consumers(site: &Site<'_>, page: &str, index: usize) -> String {
    let mut names: Vec<&str> = site.contracts[index].facts.consumers.iter().map(|consumer| &*consumer.service).collect();
    names.dedup();
    names.into_iter().map(|name| site.service_link(page, name)).collect::<Vec<_>>().join(", ")
}
