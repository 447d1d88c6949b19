//! The flow on a page: the picture, the same as text, and its Mermaid source to copy.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::elements;
use crate::{
    fields::md,
    flow::{EventId, FlowGraph, FlowNode},
    graph,
    site::{ContractEntry, Site, domain, domain_label, namespace_label, relative},
};

/// A picture with more boxes shows domains in place of events, and with more than that too is none.
const MAX_NODES: usize = 110;

/// The subject of a picture, to which it does not lead: it stands on that page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus<'a> {
    Event,
    Service(&'a str),
    Place,
}

/// Returns the flow of some contracts on a page; `None` where there is nothing to draw, or too much.
pub(super) fn of_contracts(site: &Site<'_>, page: &str, title: &str, contracts: &[usize], focus: Focus<'_>) -> Option<Value> {
    let one_by_one = (contracts.len() <= MAX_NODES).then(|| draw(site, page, title, contracts, focus, false));
    let fits = |graph: &FlowGraph| graph.nodes().len() <= MAX_NODES;
    let graph = one_by_one.filter(fits).or_else(|| Some(draw(site, page, title, contracts, focus, true)).filter(fits))?;
    shown(&graph, title, graph::of_contracts(site, contracts))
}

/// Returns the flow of a namespace's events, with a node for each domain.
pub(super) fn of_domains(site: &Site<'_>, page: &str, title: &str, contracts: &[usize]) -> Option<Value> {
    let graph = draw(site, page, title, contracts, Focus::Place, true);
    if graph.nodes().len() > MAX_NODES { None } else { shown(&graph, title, graph::by_domain(site, contracts)) }
}

/// Returns the picture, the same as text, and its source.
fn shown(graph: &FlowGraph, title: &str, mermaid: Option<String>) -> Option<Value> {
    if graph.edges() == 0 {
        return None;
    }
    let link = |node: &FlowNode| match &node.href {
        Some(href) => md(elements::link(&node.label, href)),
        None => node.label.clone().into(),
    };
    let links = |nodes: Vec<&FlowNode>| nodes.into_iter().map(link).collect::<Vec<Value>>();
    let rows = graph.rows().into_iter().map(|row| {
        context! { event => link(row.event), senders => links(row.senders), readers => links(row.readers) }
    });
    let rows: Vec<Value> = rows.collect();
    let mermaid = mermaid.map(|source| md(elements::block(source.trim_end())));
    Some(context! { svg => md(graph.svg()), rows => rows, mermaid => mermaid, title => title })
}

fn draw(site: &Site<'_>, page: &str, title: &str, contracts: &[usize], focus: Focus<'_>, by_domain: bool) -> FlowGraph {
    let mut graph = FlowGraph::new(title);
    let mut domains: BTreeMap<(usize, &str), EventId> = BTreeMap::new();
    let service = |name: &str| {
        let own = focus == Focus::Service(name);
        site.services.get(name).filter(|_| !own).map(|party| relative(page, &party.page))
    };
    for index in contracts {
        let entry = &site.contracts[*index];
        let event = if by_domain {
            let place = (entry.contract.namespace, domain(entry.contract));
            *domains.entry(place).or_insert_with(|| domain_node(site, page, &mut graph, entry))
        } else {
            let href = (focus != Focus::Event).then(|| relative(page, &entry.page));
            graph.event(&entry.contract.topic, href)
        };
        if focus == Focus::Event {
            graph.focus(event);
        }
        if !by_domain && entry.facts.deprecated.is_some() {
            graph.deprecate(event);
        }
        for name in entry.facts.producers {
            graph.sends(name, service(name), event);
        }
        for consumer in entry.facts.consumers {
            graph.reads(&consumer.service, service(&consumer.service), event);
        }
    }
    if let Focus::Service(name) = focus {
        graph.focus_service(name);
    }
    graph
}

fn domain_node(site: &Site<'_>, page: &str, graph: &mut FlowGraph, entry: &ContractEntry<'_>) -> EventId {
    let contract = entry.contract;
    let label = format!("{} / {}", namespace_label(&site.input.catalog.namespace(contract).name), domain_label(domain(contract)));
    let target = site.domains.get(&(contract.namespace, domain(contract)));
    graph.event(&label, target.filter(|party| party.page != page).map(|party| relative(page, &party.page)))
}
