//! The lists of all events and of all namespaces.

use std::collections::BTreeSet;

use eventc_model::GeneratedFile;
use minijinja::{Value, context};

use super::{elements, frame};
use crate::{
    describe, environments,
    fields::md,
    overview::{all_rows, domain_rows, events},
    site::{Site, namespace_label, relative},
};

const EVENTS: &str = "events/index.html";
const NAMESPACES: &str = "namespaces/index.html";

/// What stands for nobody among the owners.
const NOBODY: &str = "nobody";

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    vec![all_events(site), namespaces(site)]
}

/// What events are filtered by: a name, the key in the address, and the value of each event in the order of the list.
struct Facet {
    name: &'static str,
    key: &'static str,
    values: BTreeSet<String>,
    of: Vec<String>,
}

impl Facet {
    fn new(name: &'static str, key: &'static str, of: Vec<String>) -> Self {
        Self { name, key, values: of.iter().cloned().collect(), of }
    }

    /// Returns the place of an event's value among all values.
    fn place(&self, event: usize) -> String {
        self.values.iter().position(|value| *value == self.of[event]).unwrap_or_default().to_string()
    }
}

fn all_events(site: &Site<'_>) -> GeneratedFile {
    let rows = all_rows(site, EVENTS);
    let facet = |name, key, of: &dyn Fn(usize) -> String| Facet::new(name, key, rows.iter().map(|(index, _)| of(*index)).collect());
    let facets = [
        facet("Namespace", "namespace", &|index| namespace_label(site.contracts[index].facts.namespace).to_owned()),
        facet("Owner", "owner", &|index| site.contracts[index].facts.owner.unwrap_or(NOBODY).to_owned()),
        facet("Broker", "broker", &|index| describe::broker(site.contracts[index].facts.broker).to_owned()),
        facet("Stability", "stability", &|index| describe::stability(site.contracts[index].facts.stability).to_owned()),
    ];
    let shown = rows.iter().enumerate().map(|(at, (_, row))| {
        let of: Vec<String> = facets.iter().map(|facet| facet.place(at)).collect();
        context! { of => of.join(" "), ..row.clone() }
    });
    let shown: Vec<Value> = shown.collect();
    let facets = facets
        .iter()
        .map(|facet| context! { name => facet.name, key => facet.key, values => facet.values.iter().cloned().collect::<Vec<_>>() });
    frame::render("events", EVENTS, "Events", Vec::new(), context! { facets => facets.collect::<Vec<_>>(), events => shown })
}

fn namespaces(site: &Site<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let mut counts = vec![0; config.namespace.len()];
    for event in events(site) {
        counts[site.contracts[event].contract.namespace] += 1;
    }
    let row = |(index, pages): (usize, &Option<crate::site::NamespacePages>)| {
        let namespace = &config.namespace[index];
        let name = namespace_label(&namespace.name);
        Some(context! {
            link => md(elements::link(name, &relative(NAMESPACES, &pages.as_ref()?.page))),
            description => namespace.description.as_str(),
            broker => describe::broker(namespace.broker),
            places => environments::places(site, index),
            domains => domain_rows(site, NAMESPACES, index, false),
            count => counts[index],
            events => md(format!("{}?namespace={}", relative(NAMESPACES, EVENTS), elements::query(name))),
        })
    };
    let rows: Vec<Value> = site.namespaces.iter().enumerate().filter_map(row).collect();
    frame::render("namespaces", NAMESPACES, "Namespaces", Vec::new(), context! { namespaces => rows })
}
