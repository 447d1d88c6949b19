//! Pictures of flows: well-formed, complete, without overlaps, and the same each time.

use std::path::Path;

use eventc_catalog::flow::{FlowGraph, Layer};
use eventc_model::{
    catalog::{Catalog, Contract},
    config::Config,
    source::{Limits, Tree},
};
use roxmltree::{Document, Node};

fn real() -> Catalog {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, _) = Config::parse("eventc.toml", &text);
    Catalog::build(Tree::read(&root.join("schemas/events"), &Limits::default()).expect("the tree"), config)
}

fn graph(catalog: &Catalog, chosen: impl Fn(&Contract) -> bool) -> FlowGraph {
    let mut graph = FlowGraph::new("Flow");
    for contract in catalog.events().filter(|contract| chosen(contract)) {
        let event = graph.event(&contract.topic, Some(format!("{}.html", contract.topic)));
        for producer in &contract.metadata.producers {
            graph.sends(producer, Some(format!("services/{producer}.html")), event);
        }
        for consumer in catalog.consumers(contract) {
            graph.reads(&consumer.service, None, event);
        }
    }
    graph
}

fn elements<'a>(document: &'a Document<'_>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.tag_name().name() == name).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> i32 {
    node.attribute(name).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// Returns the picture, after a look at everything in it.
fn check(graph: &FlowGraph) -> String {
    let svg = graph.svg();
    let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let (width, height) = (number(document.root_element(), "width"), number(document.root_element(), "height"));
    let boxes: Vec<[i32; 4]> = elements(&document, "rect")
        .into_iter()
        .map(|rect| {
            let (x, y) = (number(rect, "x"), number(rect, "y"));
            [x, y, x + number(rect, "width"), y + number(rect, "height")]
        })
        .collect();
    assert_eq!(boxes.len(), graph.nodes().len(), "a box for each node");
    for (at, a) in boxes.iter().enumerate() {
        assert!(a[0] >= 0 && a[1] >= 0 && a[2] <= width && a[3] <= height, "{a:?} lies within {width} x {height}");
        for b in &boxes[..at] {
            assert!(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1], "{a:?} and {b:?} overlap");
        }
    }
    assert_eq!(elements(&document, "path").len(), graph.edges(), "a line for each edge");
    let linked = graph.nodes().iter().filter(|node| node.href.is_some()).count();
    assert_eq!(elements(&document, "a").len(), linked, "a link for each node that leads somewhere");
    svg
}

#[test]
fn a_hundred_nodes_are_readable() {
    let catalog = real();
    let graph = graph(&catalog, |contract| catalog.namespace(contract).name != "daa");
    assert!(graph.nodes().len() > 100, "{} nodes", graph.nodes().len());
    let svg = check(&graph);
    assert_eq!(svg, check(&self::graph(&catalog, |contract| catalog.namespace(contract).name != "daa")), "two runs differ");
    let rows = graph.rows();
    assert_eq!(rows.len(), graph.nodes().iter().filter(|node| node.layer == Layer::Event).count());
    let row = rows.iter().find(|row| row.event.label == "omninode.codegen.request.validate.v1").expect("the event");
    let labels = |nodes: &[&eventc_catalog::flow::FlowNode]| nodes.iter().map(|node| node.label.clone()).collect::<Vec<_>>();
    assert_eq!((labels(&row.senders), labels(&row.readers)), (vec!["omnibase-core".to_owned()], vec!["archon-intelligence".to_owned()]));
}

#[test]
fn a_service_that_sends_and_reads_stands_on_both_sides() {
    let mut graph = FlowGraph::new("Flow of both");
    let (first, second) = (graph.event("first", None), graph.event("second", None));
    graph.sends("both", None, first);
    graph.reads("both", None, second);
    graph.reads("both", None, first);
    graph.reads("both", None, first);
    graph.focus_service("both");
    graph.deprecate(second);
    assert_eq!(graph.edges(), 3, "an edge is there once");
    let svg = check(&graph);
    assert_eq!(svg.matches("flow-focus").count(), 2);
    assert_eq!(svg.matches("flow-deprecated").count(), 1);
}

#[test]
fn strange_labels_stay_text() {
    let mut graph = FlowGraph::new("\"><script>alert(1)</script>");
    for label in ["", "</text></svg><script>", "a&b;'\"", "\u{0}\u{1b}\u{85}\u{fffe}\u{202e}", &"long.topic".repeat(40), "漢字かな"] {
        let event = graph.event(label, Some(format!("javascript:\"'<>{label}")));
        graph.sends(label, None, event);
    }
    let svg = check(&graph);
    assert!(!svg.contains("<script") && !svg.contains('\u{202e}'));
    assert!(!check(&FlowGraph::new("nothing")).contains("<rect"), "an empty flow is an empty picture");
}
