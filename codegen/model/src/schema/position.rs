//! Where subschemas stand. A file may have many schemas below one long key: each knows the one around it and the last step, and JSON
//! Pointers are made when somebody asks.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::Node;
use crate::source::to_u32;

/// The place of a subschema in its file.
#[derive(Debug)]
pub(super) struct Position {
    /// The schema around it, by index; none for a root, and for what only a reference leads to.
    parent: Option<u32>,
    /// The pointer from there.
    step: Box<str>,
    /// The length of the whole pointer, and its digest.
    length: u32,
    digest: u64,
}

impl Position {
    /// Returns the place at a pointer from another, or from the root of the file.
    pub(super) fn new(nodes: &[Node], parent: Option<u32>, step: &str) -> Self {
        let (length, digest) = parent.map_or((0, EMPTY), |parent| {
            let Position { length, digest, .. } = nodes[parent as usize].position;
            (length, digest)
        });
        Self { parent, step: step.into(), length: length.saturating_add(to_u32(step.len())), digest: digest_of(digest, step) }
    }

    /// Returns the length of the pointer, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length as usize
    }

    /// Returns whether it is the whole file.
    pub(super) fn is_whole(&self) -> bool {
        self.length == 0
    }
}

/// Returns the pointer to a place.
pub(super) fn pointer_of(nodes: &[Node], position: &Position) -> String {
    let mut steps = vec![&*position.step];
    let mut parent = position.parent;
    while let Some(index) = parent {
        let position = &nodes[index as usize].position;
        steps.push(&position.step);
        parent = position.parent;
    }
    let mut pointer = String::with_capacity(position.length());
    steps.iter().rev().for_each(|step| pointer.push_str(step));
    pointer
}

/// Returns whether a pointer leads to a place.
fn leads_to(nodes: &[Node], position: &Position, mut pointer: &str) -> bool {
    let mut at = position;
    loop {
        let Some(before) = pointer.strip_suffix(&*at.step) else { return false };
        pointer = before;
        match at.parent {
            Some(parent) => at = &nodes[parent as usize].position,
            None => return pointer.is_empty(),
        }
    }
}

/// The subschemas of a file by their pointers, without the pointers: by digest, and by number among those of the same digest.
#[derive(Debug, Default)]
pub(super) struct PointerIndex(HashMap<(u64, u32), u32, FxBuildHasher>);

impl PointerIndex {
    /// Adds nodes, from one on.
    pub(super) fn add(&mut self, nodes: &[Node], first: usize) {
        for (node, index) in nodes.iter().zip(0..).skip(first) {
            let digest = node.position.digest;
            let number = (0..u32::MAX).find(|number| !self.0.contains_key(&(digest, *number))).unwrap_or(u32::MAX);
            self.0.insert((digest, number), index);
        }
    }

    /// Returns the node that a pointer leads to.
    pub(super) fn find(&self, nodes: &[Node], pointer: &str) -> Option<u32> {
        let digest = digest_of(EMPTY, pointer);
        let mut alike = (0..).map_while(|number| self.0.get(&(digest, number)).copied());
        alike.find(|index| leads_to(nodes, &nodes[*index as usize].position, pointer))
    }
}

/// The digest of nothing (FNV-1a, 64 bits).
const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// Goes on with a digest.
fn digest_of(before: u64, text: &str) -> u64 {
    text.bytes().fold(before, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
