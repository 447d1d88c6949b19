//! The properties and items that some keyword has evaluated, for `unevaluatedProperties` and `unevaluatedItems`.

/// The evaluated members of one object or list; by index, because members do not move meanwhile.
#[derive(Debug, Default)]
pub(super) struct Evaluated {
    members: Vec<u64>,
    all: bool,
}

impl Evaluated {
    pub(super) fn add(&mut self, index: usize) {
        let word = index / 64;
        if self.members.len() <= word {
            self.members.resize(word + 1, 0);
        }
        self.members[word] |= 1 << (index % 64);
    }

    pub(super) fn add_all(&mut self) {
        self.all = true;
    }

    pub(super) fn contains(&self, index: usize) -> bool {
        self.all || self.members.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.all |= other.all;
        if self.members.len() < other.members.len() {
            self.members.resize(other.members.len(), 0);
        }
        for (word, other) in self.members.iter_mut().zip(&other.members) {
            *word |= other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_seen() {
        let (mut left, mut right) = (Evaluated::default(), Evaluated::default());
        left.add(3);
        right.add(200);
        left.merge(&right);
        let evaluated: Vec<usize> = (0..300).filter(|index| left.contains(*index)).collect();
        assert_eq!(evaluated, [3, 200]);
        right.add_all();
        left.merge(&right);
        assert!(left.contains(7));
    }
}
