//! Sets of code points.

use std::collections::BTreeSet;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// The maximum code point.
const LAST: u32 = 0x10_ffff;

/// A set of code points: ranges in order, apart from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CharSet(Vec<(u32, u32)>);

impl CharSet {
    /// Returns the set of all characters in these ranges, both ends included.
    pub fn of(ranges: &[(u32, u32)]) -> Self {
        let mut set = Self(ranges.to_vec());
        set.tidy();
        set
    }

    /// Returns the class `\d`.
    pub fn digit() -> Self {
        Self::of(&[(0x30, 0x39)])
    }

    /// Returns the class `\w`.
    pub fn word() -> Self {
        Self::of(&[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)])
    }

    /// Returns the class `\s`: `WhiteSpace` and `LineTerminator` of ECMA-262.
    pub fn space() -> Self {
        let single = [0x20, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff].map(|c| (c, c));
        Self::of(&[&single[..], &[(0x09, 0x0d), (0x2000, 0x200a), (0x2028, 0x2029)]].concat())
    }

    /// Returns the class `.`.
    pub fn no_line_end() -> Self {
        Self::of(&[(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)]).negated()
    }

    /// Returns the horizontal spaces of Java and Perl, `\h`.
    pub(crate) fn horizontal_space() -> Self {
        let single = [0x09, 0x20, 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000].map(|c| (c, c));
        Self::of(&[&single[..], &[(0x2000, 0x200a)]].concat())
    }

    /// Returns the set with all characters that fold to one of it, by Unicode's simple folding.
    #[must_use]
    pub(crate) fn folded(&self) -> Self {
        let characters = |(start, end): &(u32, u32)| {
            let halves = [(*start, (*end).min(0xd7ff)), ((*start).max(0xe000), *end)];
            halves.into_iter().filter(|(start, end)| start <= end)
        };
        let ranges = self.0.iter().flat_map(characters).filter_map(|(start, end)| char::from_u32(start).zip(char::from_u32(end)));
        let mut class = ClassUnicode::new(ranges.map(|(start, end)| ClassUnicodeRange::new(start, end)));
        class.case_fold_simple();
        let mut set = self.clone();
        set.add(&Self::of(&ranges_of(&class)));
        set
    }

    /// Returns whether no character is in both sets.
    pub(crate) fn is_disjoint(&self, other: &Self) -> bool {
        let meets = |(start, end): &(u32, u32)| other.0.iter().any(|(first, last)| start <= last && first <= end);
        !self.0.iter().any(meets)
    }

    /// Adds all characters of another set.
    pub fn add(&mut self, other: &Self) {
        self.0.extend(&other.0);
        self.tidy();
    }

    /// Returns the set of all other characters.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut out = Vec::new();
        let mut next = 0;
        for (start, end) in &self.0 {
            if *start > next {
                out.push((next, start - 1));
            }
            next = end + 1;
        }
        if next <= LAST {
            out.push((next, LAST));
        }
        Self(out)
    }

    /// Returns the ranges, in order, with space between them.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    fn tidy(&mut self) {
        self.0.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(self.0.len());
        for (start, end) in self.0.drain(..) {
            match out.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => out.push((start, end)),
            }
        }
        self.0 = out;
    }
}

/// Returns the code points where a set begins or ends, and some others, in order.
pub(crate) fn cuts<'a>(sets: impl Iterator<Item = &'a CharSet>, others: &[u32]) -> Vec<u32> {
    let mut cuts: BTreeSet<u32> = others.iter().copied().collect();
    cuts.extend(sets.flat_map(CharSet::ranges).flat_map(|(start, end)| [*start, end + 1]));
    cuts.into_iter().collect()
}

/// Returns the ranges of a class.
pub(crate) fn ranges_of(class: &ClassUnicode) -> Vec<(u32, u32)> {
    class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
}
