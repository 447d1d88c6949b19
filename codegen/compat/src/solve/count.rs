//! How many there are: characters, items or properties.

/// A range of counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Count {
    /// There are at least so many; or, negated, fewer. Nothing is fewer than none, and no formula says so.
    pub(super) fn at_least(&mut self, count: u64, positive: bool) {
        if positive { self.raise(count) } else { self.lower(count.saturating_sub(1)) }
    }

    /// There are at most so many; or, negated, more.
    pub(super) fn at_most(&mut self, count: u64, positive: bool) {
        if positive { self.lower(count) } else { self.raise(count.saturating_add(1)) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }

    fn raise(&mut self, count: u64) {
        self.least = self.least.max(count);
    }

    fn lower(&mut self, count: u64) {
        self.most = Some(self.most.map_or(count, |most| most.min(count)));
    }
}
