//! Flows of events as Mermaid flowcharts that GitHub draws.

use std::{collections::HashMap, fmt::Write as _};

use super::{
    markdown,
    site::{Site, domain, domain_label},
};

/// The maximum number of edges: GitHub's Mermaid refuses more edges (500) or more text (50,000 characters).
const MAX_EDGES: usize = 400;
const MAX_TEXT_BYTES: usize = 45_000;

/// A flowchart in the making.
#[derive(Default)]
struct Flowchart {
    nodes: Vec<String>,
    ids: HashMap<String, usize>,
    edges: Vec<(usize, usize)>,
    seen: std::collections::HashSet<(usize, usize)>,
}

impl Flowchart {
    fn node(&mut self, kind: &str, label: &str) -> usize {
        let key = format!("{kind}{label}");
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = self.nodes.len();
        let label = markdown::mermaid(label);
        self.nodes.push(match kind {
            "service" => format!("  n{id}[\"{label}\"]"),
            "domain" => format!("  n{id}[[\"{label}\"]]"),
            _ => format!("  n{id}([\"{label}\"])"),
        });
        self.ids.insert(key, id);
        id
    }

    fn edge(&mut self, from: usize, to: usize) {
        if self.seen.insert((from, to)) {
            self.edges.push((from, to));
        }
    }

    /// Returns the source; `None` where there is nothing to draw, or too much.
    fn render(self) -> Option<String> {
        if self.edges.is_empty() || self.edges.len() > MAX_EDGES {
            return None;
        }
        let mut out = String::from("flowchart LR\n");
        for node in &self.nodes {
            let _ = writeln!(out, "{node}");
        }
        for (from, to) in &self.edges {
            let _ = writeln!(out, "  n{from} --> n{to}");
        }
        (out.len() <= MAX_TEXT_BYTES).then_some(out)
    }
}

/// Returns the graph of some contracts by event; by domain where that is too much to draw.
pub(super) fn of_contracts(site: &Site<'_>, contracts: &[usize]) -> Option<String> {
    // Whatever has more contracts than edges may be drawn is not worth trying.
    if contracts.len() <= MAX_EDGES
        && let Some(graph) = draw(site, contracts, |graph, contract| graph.node("event", &contract.topic))
    {
        return Some(graph);
    }
    by_domain(site, contracts)
}

/// Returns the graph of some contracts, with a node for each domain.
pub(super) fn by_domain(site: &Site<'_>, contracts: &[usize]) -> Option<String> {
    draw(site, contracts, |graph, contract| {
        let namespace = &site.input.catalog.namespace(contract).name;
        let parts = [namespace.as_str(), domain_label(domain(contract))];
        let label = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ");
        graph.node("domain", &label)
    })
}

fn draw(
    site: &Site<'_>,
    contracts: &[usize],
    middle: impl Fn(&mut Flowchart, &eventc_model::catalog::Contract) -> usize,
) -> Option<String> {
    let mut graph = Flowchart::default();
    for index in contracts {
        let entry = &site.contracts[*index];
        let event = middle(&mut graph, entry.contract);
        for producer in entry.facts.producers {
            let from = graph.node("service", producer);
            graph.edge(from, event);
        }
        for consumer in entry.facts.consumers {
            let to = graph.node("service", &consumer.service);
            graph.edge(event, to);
        }
        if graph.edges.len() > MAX_EDGES {
            return None;
        }
    }
    graph.render()
}
