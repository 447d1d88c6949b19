//! The pages about many contracts: the start, namespaces, domains, and the page of search results.

use eventc_model::{GeneratedFile, diagnostic::Level};
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    changelog::{self, Lineages},
    elements,
    flow::{self, Focus},
    frame,
    neighbours::{self, Neighbour},
};
use crate::{
    describe,
    fields::md,
    overview::{domain_context, domain_rows, events, namespace_context},
    site::{ContractEntry, Participant, Site, domain_label, namespace_label, relative},
};

const START: &str = "index.html";

/// The maximum number of deprecated events on the start page.
const MAX_DEPRECATED: usize = 12;

pub(super) fn pages(site: &Site<'_>, lineages: &Lineages<'_>) -> Vec<GeneratedFile> {
    let domains: Vec<Domain<'_>> = site.domains.iter().map(|((namespace, name), participant)| (*namespace, *name, participant)).collect();
    let mut files: Vec<GeneratedFile> = domains
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|siblings| (0..siblings.len()).map(|here| domain(site, siblings, here)))
        .collect();
    for (index, pages) in site.namespaces.iter().enumerate() {
        if let Some(pages) = pages {
            let title = namespace_label(&site.input.catalog.config.namespace[index].name);
            let own: Vec<usize> = events(site).into_iter().filter(|event| site.contracts[*event].contract.namespace == index).collect();
            let flow = flow::of_domains(site, &pages.page, &format!("Flow of {title}"), &own);
            let context = context! { flow => flow, ..namespace_context(site, index, pages) };
            files.push(frame::render("namespace", &pages.page, title, Vec::new(), context));
        }
    }
    files.push(start(site, lineages));
    files.push(frame::render("search", "search.html", "Search", Vec::new(), context! {}));
    files
}

/// A domain: its namespace, its name and its page.
type Domain<'a> = (usize, &'a str, &'a Participant);

/// Returns the page of one of a namespace's domains.
fn domain(site: &Site<'_>, siblings: &[Domain<'_>], here: usize) -> GeneratedFile {
    let (namespace, name, participant) = siblings[here];
    let label = namespace_label(&site.input.catalog.config.namespace[namespace].name);
    let whole = site.namespaces[namespace].as_ref().map(|pages| (label, pages.page.as_str()));
    let trail = whole.map(|(label, page)| md(elements::link(label, &relative(&participant.page, page))));
    let flow = flow::of_contracts(site, &participant.page, &format!("Flow of {}", domain_label(name)), &participant.sends, Focus::Place);
    let neighbours = whole.map(|whole| {
        neighbours::list(&participant.page, whole, siblings, here, |domain| Neighbour {
            label: domain_label(domain.1),
            page: &domain.2.page,
            leaves: false,
        })
    });
    let context = context! { flow => flow, neighbours => neighbours, ..domain_context(site, namespace, name, participant) };
    frame::render("domain", &participant.page, domain_label(name), trail.into_iter().collect(), context)
}

fn start(site: &Site<'_>, lineages: &Lineages<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let namespaces = site.namespaces.iter().enumerate().filter_map(|(index, pages)| {
        let namespace = &config.namespace[index];
        let link = elements::link(namespace_label(&namespace.name), &pages.as_ref()?.page);
        Some(context! {
            link => md(link),
            description => namespace.description.as_str(),
            broker => describe::broker(namespace.broker),
            domains => domain_rows(site, START, index, false),
        })
    });
    let context = context! {
        namespaces => namespaces.collect::<Vec<_>>(),
        counts => context! {
            events => events(site).len(),
            services => site.services.len(),
            owners => site.owners.len(),
        },
        lately => changelog::lately(site, lineages, START),
        health => health(site),
        leaving => leaving(site),
    };
    frame::render("start", START, "Event catalog", Vec::new(), context)
}

/// Returns the health of the contracts: numbers, and the place on the page of findings that shows what they count.
fn health(site: &Site<'_>) -> Vec<Value> {
    let events = events(site);
    let count = |test: &dyn Fn(&ContractEntry<'_>) -> bool| events.iter().filter(|index| test(&site.contracts[**index])).count();
    let found = |level: Level| site.input.findings.iter().filter(|finding| finding.level == level).count();
    let rows = [
        ("errors", found(Level::Error), "findings", "bad"),
        ("warnings", found(Level::Warning), "findings", "warn"),
        ("notes", found(Level::Note), "findings", ""),
        ("deprecated", count(&|entry| entry.facts.deprecated.is_some()), "leaving", ""),
        ("published by nobody", count(&|entry| entry.facts.producers.is_empty()), "unpublished", ""),
        ("consumed by nobody", count(&|entry| entry.facts.consumers.is_empty()), "unread", ""),
        ("without an owner", count(&|entry| entry.facts.owner.is_none()), "unowned", ""),
    ];
    rows.map(|(name, count, place, class)| context! { name => name, count => count, place => place, class => class }).into()
}

/// Returns the deprecated events, the nearest sunset first.
fn leaving(site: &Site<'_>) -> Vec<Value> {
    let mut found: Vec<_> = events(site).into_iter().filter_map(|index| Some((index, site.contracts[index].facts.deprecated?))).collect();
    found.sort_by_key(|(_, deprecated)| (deprecated.sunset.is_none(), deprecated.sunset));
    let row = |(index, deprecated): (usize, &eventc_model::metadata::Deprecation)| {
        context! {
            link => md(site.entry_link(START, index)),
            sunset => deprecated.sunset.map(|day| day.to_string()),
            use => deprecated.successor.as_deref().map(|topic| md(site.topic_link(START, topic))),
        }
    };
    found.into_iter().take(MAX_DEPRECATED).map(row).collect()
}
