//! Which brokers keep the copies of a partition, where their number changes.

use std::collections::BTreeMap;

/// How many copies each broker was given.
#[derive(Debug)]
pub(super) struct Load(BTreeMap<i32, usize>);

impl Load {
    /// Begins with some brokers.
    pub(super) fn of(brokers: impl IntoIterator<Item = i32>) -> Self {
        Self(brokers.into_iter().map(|broker| (broker, 0)).collect())
    }

    /// Returns the brokers for the copies of a partition: of those that have one as many as are wanted, the leader first, and then those that
    /// were given least.
    pub(super) fn place(&mut self, present: &[i32], wanted: usize) -> Vec<i32> {
        let mut placed: Vec<i32> = present.iter().copied().take(wanted).collect();
        while placed.len() < wanted {
            let free = self.0.iter().filter(|(broker, _)| !placed.contains(broker));
            let Some((broker, _)) = free.min_by_key(|(broker, given)| (**given, **broker)) else { break };
            placed.push(*broker);
            if let Some(given) = placed.last().and_then(|broker| self.0.get_mut(broker)) {
                *given += 1;
            }
        }
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_stay_where_they_are_and_new_ones_are_spread() {
        let mut load = Load::of([1, 2, 3, 4]);
        assert_eq!(load.place(&[2, 1], 1), [2]);
        assert_eq!(load.place(&[2], 3), [2, 1, 3]);
        assert_eq!(load.place(&[2], 3), [2, 4, 1]);
        assert_eq!(load.place(&[2], 9), [2, 3, 4, 1], "no more than there are brokers");
    }
}
