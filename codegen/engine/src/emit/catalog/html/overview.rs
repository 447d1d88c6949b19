//! The pages about many contracts: the start, namespaces, domains, and the page of search results.

use eventc_model::{GeneratedFile, diagnostic::Level};
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{frame, markup};
use crate::emit::catalog::{
    fields::md,
    overview::{domain_context, domain_rows, events, namespace_context},
    site::{Site, domain_label, namespace_label, relative},
};

const START: &str = "index.html";

/// So many deprecated events stand on the start page.
const MOST_LEAVING: usize = 12;

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    let domains: Vec<_> = site.domains.iter().collect();
    let mut files: Vec<GeneratedFile> = domains
        .into_par_iter()
        .map(|((namespace, name), party)| {
            let label = namespace_label(&site.input.catalog.config.namespace[*namespace].name);
            let trail = site.namespaces[*namespace].as_ref().map(|pages| md(markup::link(label, &relative(&party.page, &pages.page))));
            let context = domain_context(site, *namespace, name, party);
            frame::render("domain", &party.page, domain_label(name), trail.into_iter().collect(), context)
        })
        .collect();
    for (index, pages) in site.namespaces.iter().enumerate() {
        if let Some(pages) = pages {
            let title = namespace_label(&site.input.catalog.config.namespace[index].name);
            files.push(frame::render("namespace", &pages.page, title, Vec::new(), namespace_context(site, index, pages)));
        }
    }
    files.push(start(site));
    files.push(frame::render("search", "search.html", "Search", Vec::new(), context! {}));
    files
}

fn start(site: &Site<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let namespaces = site.namespaces.iter().enumerate().filter_map(|(index, pages)| {
        let namespace = &config.namespace[index];
        let link = markup::link(namespace_label(&namespace.name), &pages.as_ref()?.page);
        let broker = serde_json::to_value(namespace.broker).ok().and_then(|broker| broker.as_str().map(str::to_owned));
        Some(context! {
            link => md(link),
            description => namespace.description.as_str(),
            broker => broker,
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
        health => health(site),
        leaving => leaving(site),
    };
    frame::render("start", START, "Event catalog", Vec::new(), context)
}

/// How the contracts are, in numbers.
fn health(site: &Site<'_>) -> Value {
    let events = events(site);
    let count = |test: &dyn Fn(usize) -> bool| events.iter().filter(|index| test(**index)).count();
    let metadata = |index: usize| &site.contracts[index].contract.metadata;
    let found = |level: Level| site.input.findings.iter().filter(|finding| finding.level == level).count();
    context! {
        errors => found(Level::Error),
        warnings => found(Level::Warning),
        notes => found(Level::Note),
        unpublished => count(&|index| metadata(index).producers.is_empty()),
        unread => count(&|index| site.contracts[index].consumers.is_empty()),
        unowned => count(&|index| metadata(index).owner.is_none()),
        deprecated => count(&|index| metadata(index).deprecated.is_some()),
    }
}

/// The deprecated events, the nearest sunset first.
fn leaving(site: &Site<'_>) -> Vec<Value> {
    let mut found: Vec<_> =
        events(site).into_iter().filter_map(|index| Some((index, site.contracts[index].contract.metadata.deprecated.as_ref()?))).collect();
    found.sort_by_key(|(_, deprecated)| (deprecated.sunset.is_none(), deprecated.sunset.clone()));
    let row = |(index, deprecated): (usize, &eventc_model::metadata::Deprecation)| {
        context! {
            link => md(site.entry_link(START, index)),
            sunset => deprecated.sunset.as_deref(),
            use => deprecated.successor.as_deref().map(|topic| md(site.topic_link(START, topic))),
        }
    };
    found.into_iter().take(MOST_LEAVING).map(row).collect()
}
