//! The map: which service sends and reads in which domain, across namespaces.
//!
//! A table stays readable where a picture of as many services is a knot: services follow each other by the domains that they have to do
//! with, so that those who work together stand together.

use std::collections::BTreeMap;

use eventc_model::{GeneratedFile, catalog::ContractKind};
use minijinja::{Value, context};

use super::{elements, flow, frame};
use crate::{
    fields::md,
    overview::events,
    site::{Participant, Site, domain, domain_label, namespace_label},
};

const PAGE: &str = "map.html";

/// A map with more cells has a column for each namespace in place of each domain.
const MAX_CELLS: usize = 6000;

/// The maximum number of services on the map.
const MAX_SERVICES: usize = 500;

/// A column: its namespace, and its domain where it has one of its own.
type Place<'a> = (usize, Option<&'a str>);

/// A service with the number of events that it sends and reads at each place.
struct Row<'a> {
    name: &'a str,
    counts: BTreeMap<Place<'a>, (u32, u32)>,
}

pub(super) fn page(site: &Site<'_>) -> GeneratedFile {
    let by_domain = site.services.len() * site.domains.len() <= MAX_CELLS;
    let columns = columns(site, by_domain);
    let at: BTreeMap<Place<'_>, usize> = columns.iter().enumerate().map(|(at, place)| (*place, at)).collect();
    let mut rows: Vec<Row<'_>> = site.services.iter().map(|(name, party)| row(site, name, party, by_domain)).collect();
    rows.retain(|row| !row.counts.is_empty());
    rows.sort_by_key(|row| (middle(row, &at), row.name));
    let more = rows.len().saturating_sub(MAX_SERVICES);
    let services = rows.iter().take(MAX_SERVICES).map(|row| {
        let cell = |(at, place): (usize, &Place<'_>)| {
            let (sends, reads) = row.counts.get(place).copied().unwrap_or_default();
            context! { sends => sends, reads => reads, first => is_first(&columns, at) }
        };
        let cells: Vec<Value> = columns.iter().enumerate().map(cell).collect();
        context! { link => md(site.service_link(PAGE, row.name)), cells => cells }
    });
    let flow = flow::of_domains(site, PAGE, "Flow of all domains", &events(site));
    let context = context! {
        by_domain => by_domain,
        groups => groups(site, &columns),
        columns => columns.iter().enumerate().map(|(at, place)| column(site, &columns, at, *place)).collect::<Vec<_>>(),
        services => services.collect::<Vec<_>>(),
        more => more,
        flow => flow,
    };
    frame::render("map", PAGE, "Map", Vec::new(), context)
}

fn columns<'a>(site: &Site<'a>, by_domain: bool) -> Vec<Place<'a>> {
    let mut columns: Vec<Place<'a>> = site.domains.keys().map(|(namespace, domain)| (*namespace, by_domain.then_some(*domain))).collect();
    columns.dedup();
    columns
}

fn row<'a>(site: &Site<'a>, name: &'a str, party: &Participant, by_domain: bool) -> Row<'a> {
    let mut counts: BTreeMap<Place<'a>, (u32, u32)> = BTreeMap::new();
    let place = |index: &usize| {
        let contract = site.contracts[*index].contract;
        (contract.kind == ContractKind::Event).then(|| (contract.namespace, by_domain.then(|| domain(contract))))
    };
    for place in party.sends.iter().filter_map(place) {
        counts.entry(place).or_default().0 += 1;
    }
    for place in party.reads.iter().filter_map(place) {
        counts.entry(place).or_default().1 += 1;
    }
    Row { name, counts }
}

/// Returns where the middle of a row's columns is, in thousandths: what it sends weighs twice, since that is its own.
fn middle(row: &Row<'_>, at: &BTreeMap<Place<'_>, usize>) -> u64 {
    let weights = row.counts.iter().map(|(place, (sends, reads))| (at[place] as u64, u64::from(2 * sends + reads)));
    let (sum, weight) = weights.fold((0, 0), |(sum, whole), (at, weight)| (sum + at * weight, whole + weight));
    sum * 1000 / weight.max(1)
}

/// Returns whether a column is the first one of its namespace.
fn is_first(columns: &[Place<'_>], at: usize) -> bool {
    at == 0 || columns[at - 1].0 != columns[at].0
}

/// Returns the namespaces above the columns, with the number of columns of each.
fn groups(site: &Site<'_>, columns: &[Place<'_>]) -> Vec<Value> {
    let group = |group: &[Place<'_>]| context! { link => md(namespace_link(site, group[0].0)), count => group.len() };
    columns.chunk_by(|a, b| a.0 == b.0).map(group).collect()
}

fn column(site: &Site<'_>, columns: &[Place<'_>], at: usize, (namespace, domain): Place<'_>) -> Value {
    let party = domain.and_then(|domain| site.domains.get(&(namespace, domain)));
    let link = match (domain, party) {
        (Some(domain), Some(party)) => elements::link(domain_label(domain), &party.page),
        _ => namespace_link(site, namespace),
    };
    context! { link => md(link), first => is_first(columns, at) }
}

fn namespace_link(site: &Site<'_>, index: usize) -> String {
    let label = namespace_label(&site.input.catalog.config.namespace[index].name);
    site.namespaces[index].as_ref().map_or_else(|| elements::text(label), |pages| elements::link(label, &pages.page))
}
