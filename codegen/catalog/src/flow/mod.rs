//! Flows of events as SVG: services that send on the left, events in the middle, services that read on the right.
//!
//! A flow of events has three layers by itself, so a service that sends and reads stands on both sides, no edge runs backwards and none
//! passes a node. `order` arranges each layer with few crossings, `place` puts every box near what it is connected with, and `draw`
//! writes the picture. All of it is exact arithmetic on the order of the input: the same graph is the same text.
//!
//! Colours are the page's: shapes are drawn in `currentColor`, and carry classes for [`STYLE`] or a style sheet of the reader's own.

mod draw;
mod order;
mod place;
mod text;

use std::collections::{HashMap, HashSet};

/// A style sheet for the drawings: its custom properties have values that work on light and dark pages.
pub const STYLE: &str = "\
.flow { max-width: 100%; height: auto; }
.flow-box { fill: var(--flow-fill, none); stroke: var(--flow-line, currentColor); }
.flow-event .flow-box { fill: var(--flow-event-fill, none); }
.flow-focus .flow-box { stroke-width: 2.5; }
.flow-deprecated .flow-box { stroke-dasharray: 4 3; }
.flow-edge { stroke: var(--flow-edge, currentColor); opacity: var(--flow-edge-opacity, 0.55); }
.flow-node text { fill: var(--flow-text, currentColor); }
.flow-node:focus-visible .flow-box, .flow-node:hover .flow-box { stroke: var(--flow-hover, currentColor); stroke-width: 2.5; }
";

/// A layer of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// A service that sends.
    Sender,
    /// An event, or a group of events such as a domain.
    Event,
    /// A service that reads.
    Reader,
}

/// A box of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowNode {
    /// The layer in which it stands.
    pub layer: Layer,
    /// The label; shortened in the picture where it is long.
    pub label: String,
    /// The target of its link; text without a link where there is nothing to lead to.
    pub href: Option<String>,
    /// Whether the picture is about it.
    pub focus: bool,
    /// Whether it is on its way out.
    pub deprecated: bool,
}

/// A flow: nodes, each label once a layer, and edges from left to right.
///
/// ```
/// use eventc_catalog::flow::FlowGraph;
///
/// let mut graph = FlowGraph::new("Flow of order.created");
/// let event = graph.event("order.created", Some("order/created.html".into()));
/// graph.focus(event);
/// graph.sends("shop", Some("services/shop.html".into()), event);
/// graph.reads("billing", None, event);
/// let svg = graph.svg();
/// assert!(svg.starts_with("<svg") && svg.contains("href=\"order/created.html\""));
/// assert_eq!(graph.rows()[0].senders, [&graph.nodes()[1]]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct FlowGraph {
    title: String,
    nodes: Vec<FlowNode>,
    by_label: HashMap<(Layer, String), usize>,
    /// Edges from an event's node to the nodes of those who send it.
    senders: Vec<(usize, usize)>,
    readers: Vec<(usize, usize)>,
    seen: HashSet<(usize, usize)>,
}

/// An event of a [`FlowGraph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventId(usize);

/// A flow as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPicture {
    /// An `<svg>` element.
    pub svg: String,
    /// Its height in pixels.
    pub height: i32,
}

/// An event with everybody who has to do with it: a line of the text beside the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRow<'a> {
    /// The event.
    pub event: &'a FlowNode,
    /// The senders, in the order in which they were added.
    pub senders: Vec<&'a FlowNode>,
    /// The readers, in the order in which they were added.
    pub readers: Vec<&'a FlowNode>,
}

impl FlowGraph {
    /// Creates an empty flow; the title names the picture for those who do not see it.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds an event, or finds the one of that label.
    pub fn event(&mut self, label: &str, href: Option<String>) -> EventId {
        EventId(self.node(Layer::Event, label, href))
    }

    /// Marks an event as what the picture is about.
    pub fn focus(&mut self, event: EventId) {
        self.nodes[event.0].focus = true;
    }

    /// Marks an event as on its way out.
    pub fn deprecate(&mut self, event: EventId) {
        self.nodes[event.0].deprecated = true;
    }

    /// Marks a service as what the picture is about, on both sides.
    pub fn focus_service(&mut self, label: &str) {
        for node in self.nodes.iter_mut().filter(|node| node.layer != Layer::Event && node.label == label) {
            node.focus = true;
        }
    }

    /// Says that a service sends an event; saying it again changes nothing.
    pub fn sends(&mut self, service: &str, href: Option<String>, event: EventId) {
        let service = self.node(Layer::Sender, service, href);
        if self.seen.insert((event.0, service)) {
            self.senders.push((event.0, service));
        }
    }

    /// Says that a service reads an event; saying it again changes nothing.
    pub fn reads(&mut self, service: &str, href: Option<String>, event: EventId) {
        let service = self.node(Layer::Reader, service, href);
        if self.seen.insert((event.0, service)) {
            self.readers.push((event.0, service));
        }
    }

    /// Returns all nodes, in the order in which they were added.
    pub fn nodes(&self) -> &[FlowNode] {
        &self.nodes
    }

    /// Returns the number of edges.
    pub fn edges(&self) -> usize {
        self.senders.len() + self.readers.len()
    }

    /// Returns the flow as text: its events with those who send and read them, in the order in which they were added.
    pub fn rows(&self) -> Vec<FlowRow<'_>> {
        let links = order::FlowLinks::new(self);
        let of = |services: &[usize]| services.iter().map(|at| &self.nodes[*at]).collect();
        let events = self.nodes.iter().enumerate().filter(|(_, node)| node.layer == Layer::Event);
        events.map(|(at, event)| FlowRow { event, senders: of(&links.senders[at]), readers: of(&links.readers[at]) }).collect()
    }

    /// Returns the picture as an `<svg>` element, which may stand in a page or in a file of its own.
    pub fn svg(&self) -> String {
        self.picture().svg
    }

    /// Returns the picture with its height.
    pub fn picture(&self) -> FlowPicture {
        let layers = order::arrange(self);
        let drawing = place::place(self, &layers);
        FlowPicture { svg: draw::svg(self, &drawing), height: drawing.height }
    }

    fn node(&mut self, layer: Layer, label: &str, href: Option<String>) -> usize {
        let next = self.nodes.len();
        let at = *self.by_label.entry((layer, label.to_owned())).or_insert(next);
        if at == next {
            self.nodes.push(FlowNode { layer, label: label.to_owned(), href, focus: false, deprecated: false });
        }
        at
    }
}
