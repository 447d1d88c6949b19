//! The positions of the boxes: events one below the other, services as near to their events as their order allows.

use super::{
    FlowGraph,
    order::{FlowLinks, Layers, mean},
    text,
};

/// Height of a box, and the room from the top of one to the top of the next, in pixels.
pub(super) const HEIGHT: i32 = 26;
const STEP: i32 = 36;
/// Room for edges between the layers, more where there are many (of these, as many pixels as half their number), and around the picture.
const GAP: i32 = 100;
const MANY: usize = 120;
pub(super) const MARGIN: i32 = 4;
/// Room at both sides of a label.
const PADDING: i32 = 10;

/// A box with its place: its upper left corner and its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
}

/// A picture with everything in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    /// The area of each node.
    pub(super) boxes: Vec<Area>,
    /// The nodes in reading order: layer by layer, from top to bottom.
    pub(super) order: Vec<usize>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Positions all nodes.
pub(super) fn place(graph: &FlowGraph, layers: &Layers) -> Drawing {
    let links = FlowLinks::new(graph);
    let mut boxes = vec![Area::default(); graph.nodes.len()];
    for (place, event) in (0..).zip(&layers.events) {
        boxes[*event].y = place * STEP;
    }
    for layer in [&layers.senders, &layers.readers] {
        let wanted: Vec<f64> = layer
            .iter()
            .map(|service| mean(links.events[*service].iter().map(|event| f64::from(boxes[*event].y))).unwrap_or(0.0))
            .collect();
        for (service, y) in layer.iter().zip(apart(&wanted)) {
            boxes[*service].y = y;
        }
    }
    let top = boxes.iter().map(|at| at.y).min().unwrap_or(0);
    let gap = GAP + i32::try_from(graph.edges().min(MANY) / 2).unwrap_or(0);
    let mut x = MARGIN;
    for layer in [&layers.senders, &layers.events, &layers.readers].into_iter().filter(|layer| !layer.is_empty()) {
        let width = layer.iter().map(|node| text::width(&graph.nodes[*node].label)).max().unwrap_or(0) + 2 * PADDING;
        for node in layer {
            let at = &mut boxes[*node];
            *at = Area { x, y: at.y - top + MARGIN, width };
        }
        x += width + gap;
    }
    let height = boxes.iter().map(|at| at.y + HEIGHT).max().unwrap_or(0) + MARGIN;
    let order = [&layers.senders, &layers.events, &layers.readers].into_iter().flatten().copied().collect();
    Drawing { boxes, order, width: (x - gap).max(0) + MARGIN, height }
}

/// Returns positions as near to the wanted ones as a distance of [`STEP`] between neighbours allows: least squares under an
/// order, by pooling adjacent violators (Ayer et al., 1955).
fn apart(wanted: &[f64]) -> Vec<i32> {
    // Less the room that those above need, places only must not decrease.
    let mut pools: Vec<(f64, u32)> = Vec::new();
    for (at, place) in (0_u32..).zip(wanted) {
        let mut pool = (place - f64::from(STEP) * f64::from(at), 1);
        while let Some(above) = pools.pop_if(|above| above.0 > pool.0) {
            let count = above.1 + pool.1;
            pool = ((above.0 * f64::from(above.1) + pool.0 * f64::from(pool.1)) / f64::from(count), count);
        }
        pools.push(pool);
    }
    let free = pools.into_iter().flat_map(|(place, count)| (0..count).map(move |_| place));
    #[allow(clippy::cast_possible_truncation, reason = "a picture is far smaller than an i32 counts")]
    (0..).zip(free).map(|(at, place)| place.round() as i32 + at * STEP).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_keep_their_distance_and_stay_near() {
        assert_eq!(apart(&[0.0, 100.0]), [0, 100]);
        assert_eq!(apart(&[50.0, 50.0]), [32, 68]);
        assert_eq!(apart(&[0.0, 90.0, 90.0, 300.0]), [0, 72, 108, 300]);
        assert_eq!(apart(&[]), [] as [i32; 0]);
    }
}
