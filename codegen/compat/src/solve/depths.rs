//! Sets of depths.

/// A set of depths.
#[derive(Debug, Clone, Default)]
pub(super) struct Depths(Vec<u64>);

impl Depths {
    pub(super) fn add(&mut self, depth: usize) {
        if self.0.len() <= depth / 64 {
            self.0.resize(depth / 64 + 1, 0);
        }
        self.0[depth / 64] |= 1 << (depth % 64);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn contains(&self, depth: usize) -> bool {
        self.0.get(depth / 64).is_some_and(|word| word & 1 << (depth % 64) != 0)
    }

    pub(super) fn remove(&mut self, depth: usize) -> bool {
        let had = self.contains(depth);
        if had {
            self.0[depth / 64] &= !(1 << (depth % 64));
        }
        had
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Removes the depth and those under it.
    pub(super) fn below(mut self, depth: usize) -> Self {
        self.0.truncate(depth / 64 + 1);
        if let Some(word) = self.0.get_mut(depth / 64) {
            *word &= (1 << (depth % 64)) - 1;
        }
        self
    }
}
