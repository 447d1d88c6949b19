//! The order of the boxes within each layer, with few crossings: barycentres, swept from layer to layer (Sugiyama, Tagawa and Toda,
//! "Methods for Visual Understanding of Hierarchical System Structures", 1981), the best of several sweeps.

use super::{FlowGraph, Layer};

/// The number of sweeps over the layers. More changes little: most flows are settled after two.
const SWEEPS: usize = 8;

/// The nodes of each layer, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layers {
    pub(super) senders: Vec<usize>,
    pub(super) events: Vec<usize>,
    pub(super) readers: Vec<usize>,
}

/// Returns the order with the fewest crossings that the sweeps met.
pub(super) fn arrange(graph: &FlowGraph) -> Layers {
    let of = |layer| (0..graph.nodes.len()).filter(|node| graph.nodes[*node].layer == layer).collect();
    let mut layers = Layers { senders: of(Layer::Sender), events: of(Layer::Event), readers: of(Layer::Reader) };
    let links = FlowLinks::new(graph);
    // Events keep the order of the input where nothing speaks against it; services follow them from the start.
    sort_services(&mut layers, &links);
    let mut best = (crossings(graph, &layers), layers.clone());
    for _ in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let (left, right) = (positions(&links, &layers.senders), positions(&links, &layers.readers));
        sort(&mut layers.events, |event| {
            let near = links.senders[event].iter().map(|at| left[*at]).chain(links.readers[event].iter().map(|at| right[*at]));
            mean(near)
        });
        sort_services(&mut layers, &links);
        let found = crossings(graph, &layers);
        if found < best.0 {
            best = (found, layers.clone());
        }
    }
    best.1
}

/// The neighbours of each node.
pub(super) struct FlowLinks {
    /// The senders of each event.
    pub(super) senders: Vec<Vec<usize>>,
    /// The readers of each event.
    pub(super) readers: Vec<Vec<usize>>,
    /// The events of each service.
    pub(super) events: Vec<Vec<usize>>,
}

impl FlowLinks {
    pub(super) fn new(graph: &FlowGraph) -> Self {
        let none = || vec![Vec::new(); graph.nodes.len()];
        let mut links = Self { senders: none(), readers: none(), events: none() };
        for (event, service) in &graph.senders {
            links.senders[*event].push(*service);
            links.events[*service].push(*event);
        }
        for (event, service) in &graph.readers {
            links.readers[*event].push(*service);
            links.events[*service].push(*event);
        }
        links
    }
}

fn sort_services(layers: &mut Layers, links: &FlowLinks) {
    let at = positions(links, &layers.events);
    for layer in [&mut layers.senders, &mut layers.readers] {
        sort(layer, |service| mean(links.events[service].iter().map(|event| at[*event])));
    }
}

/// Returns the position of each node of a layer, between 0 and 1, so that layers of different length weigh the same.
fn positions(links: &FlowLinks, layer: &[usize]) -> Vec<f64> {
    let mut at = vec![0.0; links.events.len()];
    for (node, share) in layer.iter().zip(shares(layer.len())) {
        at[*node] = share;
    }
    at
}

/// Returns the middles of that many equal parts of what lies between 0 and 1.
fn shares(count: usize) -> impl Iterator<Item = f64> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (0..count).map(move |place| (f64::from(place) + 0.5) / f64::from(count))
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

/// Sorts a layer; what has no neighbours, or equal ones, keeps its order.
fn sort(layer: &mut Vec<usize>, key: impl Fn(usize) -> Option<f64>) {
    let own = shares(layer.len());
    let mut keyed: Vec<(f64, usize)> = layer.iter().zip(own).map(|(node, own)| (key(*node).unwrap_or(own), *node)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    *layer = keyed.into_iter().map(|(_, node)| node).collect();
}

/// Returns the number of pairs of edges that cross.
pub(super) fn crossings(graph: &FlowGraph, layers: &Layers) -> usize {
    let mut place = vec![0; graph.nodes.len()];
    for layer in [&layers.senders, &layers.events, &layers.readers] {
        layer.iter().enumerate().for_each(|(at, node)| place[*node] = at);
    }
    [&graph.senders, &graph.readers].into_iter().map(|edges| inversions(edges, &place, layers.events.len())).sum()
}

/// Counts the pairs of edges whose ends are in opposite orders, with a Fenwick tree over the places of events.
fn inversions(edges: &[(usize, usize)], place: &[usize], events: usize) -> usize {
    let mut sorted: Vec<(usize, usize)> = edges.iter().map(|(event, service)| (place[*service], place[*event])).collect();
    sorted.sort_unstable();
    let mut tree = vec![0_usize; events + 1];
    let mut count = 0;
    for (seen, (_, event)) in sorted.into_iter().enumerate() {
        let mut at = event + 1;
        let mut not_after = 0;
        while at > 0 {
            not_after += tree[at];
            at &= at - 1;
        }
        count += seen - not_after;
        let mut at = event + 1;
        while at <= events {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_drawn_without_crossings_is() {
        let mut graph = FlowGraph::new("");
        for number in [3, 0, 2, 1, 4] {
            let event = graph.event(&format!("e{number}"), None);
            graph.sends(&format!("s{}", number / 2), None, event);
            graph.reads(&format!("r{}", 4 - number), None, event);
        }
        assert_eq!(crossings(&graph, &arrange(&graph)), 0);
    }

    #[test]
    fn crossings_are_counted() {
        let mut graph = FlowGraph::new("");
        let (a, b) = (graph.event("a", None), graph.event("b", None));
        for event in [a, b] {
            graph.sends("x", None, event);
            graph.sends("y", None, event);
        }
        assert_eq!(crossings(&graph, &arrange(&graph)), 1, "two by two cross once, however they stand");
    }
}
