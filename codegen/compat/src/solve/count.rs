//! Bounds on counts of characters, items or properties.

/// A range of counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

impl Count {
    /// Demands at least so many; or, negated, fewer. Nothing is fewer than none, and no formula says so.
    pub(super) fn at_least(&mut self, count: u64, positive: bool) {
        if positive { self.raise(count) } else { self.lower(count.saturating_sub(1)) }
    }

    /// Demands at most so many; or, negated, more.
    pub(super) fn at_most(&mut self, count: u64, positive: bool) {
        if positive { self.lower(count) } else { self.raise(count.saturating_add(1)) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.max.is_some_and(|max| max < self.min)
    }

    fn raise(&mut self, count: u64) {
        self.min = self.min.max(count);
    }

    fn lower(&mut self, count: u64) {
        self.max = Some(self.max.map_or(count, |max| max.min(count)));
    }
}
