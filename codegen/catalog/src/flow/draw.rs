//! The picture as SVG.

use std::fmt::Write as _;

use super::{
    FlowGraph, FlowNode, Layer,
    place::{Area, Drawing, HEIGHT},
    text::{escape, short},
};

/// Length of an arrow's head, and half its width.
const HEAD: (i32, i32) = (6, 4);

pub(super) fn svg(graph: &FlowGraph, drawing: &Drawing) -> String {
    let mut out = String::new();
    // Links are read one by one, so the whole is a group with a name and no single image.
    let _ = writeln!(
        out,
        "<svg class=\"flow\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"group\" \
         aria-label=\"{2}\" font-family=\"ui-monospace, monospace\" font-size=\"12\">",
        drawing.width,
        drawing.height,
        escape(&graph.title)
    );
    out.push_str("<g fill=\"none\" stroke=\"currentColor\" aria-hidden=\"true\">\n");
    for (event, service) in &graph.senders {
        edge(&mut out, drawing.boxes[*service], drawing.boxes[*event]);
    }
    for (event, service) in &graph.readers {
        edge(&mut out, drawing.boxes[*event], drawing.boxes[*service]);
    }
    out.push_str("</g>\n");
    for index in &drawing.order {
        node(&mut out, &graph.nodes[*index], drawing.boxes[*index]);
    }
    out.push_str("</svg>\n");
    out
}

/// Draws a curve from the right side of one box to the left side of another, with an open head.
fn edge(out: &mut String, from: Area, to: Area) {
    let (x1, y1) = (from.x + from.width, from.y + HEIGHT / 2);
    let (x2, y2) = (to.x, to.y + HEIGHT / 2);
    let middle = i32::midpoint(x1, x2);
    let (length, half) = HEAD;
    let _ = writeln!(
        out,
        "<path class=\"flow-edge\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}M{} {}L{x2} {y2}L{0} {}\"/>",
        x2 - length,
        y2 - half,
        y2 + half
    );
}

fn node(out: &mut String, node: &FlowNode, at: Area) {
    let (kind, radius) = match node.layer {
        Layer::Sender | Layer::Reader => ("service", 3),
        Layer::Event => ("event", HEIGHT / 2),
    };
    let mut class = format!("flow-node flow-{kind}");
    for (name, is) in [("focus", node.focus), ("deprecated", node.deprecated)] {
        if is {
            class.push_str(" flow-");
            class.push_str(name);
        }
    }
    let element = if node.href.is_some() { "a" } else { "g" };
    let href = node.href.as_ref().map(|href| format!(" href=\"{}\"", escape(href))).unwrap_or_default();
    let label = short(&node.label);
    // What is shortened is whole in a tip.
    let tip = if label == node.label { String::new() } else { format!("<title>{}</title>", escape(&node.label)) };
    let _ = writeln!(
        out,
        "<{element} class=\"{class}\"{href}>{tip}<rect class=\"flow-box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{HEIGHT}\" \
         rx=\"{radius}\" fill=\"none\" stroke=\"currentColor\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" \
         fill=\"currentColor\">{}</text></{element}>",
        at.x,
        at.y,
        at.width,
        at.x + at.width / 2,
        // The baseline of 12 pixels of text in the middle of the box.
        at.y + HEIGHT / 2 + 4,
        escape(&label)
    );
}
