//! The flow on a page: the picture, the same as text, and its Mermaid source to copy.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::violations;
use minijinja::{Value, context};

use super::elements;
use crate::{
    fields::md,
    flow::{EventId, FlowGraph, FlowNode, Layer},
    graph,
    site::{ContractEntry, Site, domain, domain_label, namespace_label, relative},
};

/// A picture with more boxes shows domains in place of events, and with more than that too is none.
const MAX_NODES: usize = 110;

/// A picture that is higher is folded, in pixels: beside it the page shows at most one that is not.
const MAX_HEIGHT: i32 = 440;

/// The subject of a picture, to which it does not lead: it stands on that page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus<'a> {
    Event,
    Service(&'a str),
    Place,
}

/// Returns the flow of some contracts on a page; `None` where there is nothing to draw, or too much.
pub(super) fn of_contracts(site: &Site<'_>, page: &str, title: &str, contracts: &[usize], focus: Focus<'_>) -> Option<Value> {
    let fits = |graph: &FlowGraph| graph.nodes().len() <= MAX_NODES;
    let by_domain = || Some(draw(site, page, title, contracts, focus, true)).filter(fits).map(Picture::Domains);
    let one_by_one = (contracts.len() <= MAX_NODES).then(|| draw(site, page, title, contracts, focus, false)).filter(fits);
    let graphs = match one_by_one {
        // Who does not unfold the large one sees the small one.
        Some(graph) if graph.picture().height > MAX_HEIGHT => {
            let small = by_domain().filter(|small| small.graph().picture().height <= MAX_HEIGHT);
            small.into_iter().chain([Picture::Events(graph)]).collect()
        }
        Some(graph) => vec![Picture::Events(graph)],
        None => vec![by_domain()?],
    };
    shown(&graphs, title, graph::of_contracts(site, contracts))
}

/// Returns the flow of a namespace's events, with a node for each domain.
pub(super) fn of_domains(site: &Site<'_>, page: &str, title: &str, contracts: &[usize]) -> Option<Value> {
    let graph = draw(site, page, title, contracts, Focus::Place, true);
    if graph.nodes().len() > MAX_NODES { None } else { shown(&[Picture::Domains(graph)], title, graph::by_domain(site, contracts)) }
}

/// Returns the pictures, the last and most detailed one as text too, and its source.
fn shown(pictures: &[Picture], title: &str, mermaid: Option<String>) -> Option<Value> {
    let graph = pictures.last().map(Picture::graph).filter(|graph| graph.edges() > 0)?;
    let pictures: Vec<Value> = pictures.iter().map(Picture::value).collect();
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
    Some(context! { pictures => pictures, rows => rows, mermaid => mermaid, title => title })
}

/// A flow, by what stands in its middle.
enum Picture {
    Events(FlowGraph),
    Domains(FlowGraph),
}

impl Picture {
    fn graph(&self) -> &FlowGraph {
        match self {
            Self::Events(graph) | Self::Domains(graph) => graph,
        }
    }

    /// Returns the picture, with what is said of it where it is folded.
    fn value(&self) -> Value {
        let (graph, (one, many)) = match self {
            Self::Events(graph) => (graph, ("event", "events")),
            Self::Domains(graph) => (graph, ("domain", "domains")),
        };
        let (between, around): (Vec<&FlowNode>, Vec<&FlowNode>) = graph.nodes().iter().partition(|node| node.layer == Layer::Event);
        let services: BTreeSet<&str> = around.into_iter().map(|node| node.label.as_str()).collect();
        let middle = violations::counted(between.len() as u64, one, many);
        let label = format!("{middle} and {}", violations::counted(services.len() as u64, "service", "services"));
        let picture = graph.picture();
        context! { svg => md(picture.svg), folded => picture.height > MAX_HEIGHT, label => label }
    }
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
