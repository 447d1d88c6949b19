//! How long an engine may take for a pattern that tries one way after the other.
//!
//! Such an engine tries every way through the pattern that reads a beginning of the text, so the time is the number of these ways. It is
//! exponential where a loop can be passed in two ways by one text, and a polynomial of a degree that is the number of loops that can
//! share a text (A. Weber, H. Seidl, *On the degree of ambiguity of finite automata*, 1991; N. Weideman et al., *Analyzing matching time
//! behavior of backtracking regular expression matchers by using ambiguity of NFA*, 2016).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    class::{self, CharSet},
    parse::ParsedPattern,
    positions::Positions,
};

/// The maximum number of states that are looked at. What is beyond counts as exponential.
const MAX_STEPS: usize = 500_000;

/// The time that an engine takes that backtracks, at worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backtracking {
    /// A power of the text's length.
    Polynomial(u32),
    /// Twice as long with every character or few.
    Exponential,
}

impl Backtracking {
    /// Returns whether a text of moderate length is enough to stop a program: the time is exponential, or at least cubic.
    ///
    /// ```
    /// use eventc_pattern::read;
    ///
    /// assert!(read("^(a+)+$").unwrap().backtracking().is_slow());
    /// assert!(!read(r"^\w+(-\w+)*$").unwrap().backtracking().is_slow());
    /// ```
    pub fn is_slow(self) -> bool {
        self >= Self::Polynomial(3)
    }

    pub(crate) fn of(pattern: &ParsedPattern) -> Self {
        Positions::of(pattern).and_then(|positions| Loops::of(&positions)?.degree()).map_or(Self::Exponential, Self::Polynomial)
    }
}

/// The loops of a pattern: positions that lead to each other, in an order in which they can follow.
struct Loops<'a> {
    positions: &'a Positions,
    /// The characters of each position, as bits of characters that no position tells apart.
    letters: Vec<Box<[u64]>>,
    /// The positions of each loop.
    members: Vec<Vec<u32>>,
    /// The loop of each position.
    of: Vec<Option<usize>>,
    steps: usize,
}

impl<'a> Loops<'a> {
    /// Finds the loops; `None` where time is exponential for a plain reason.
    fn of(positions: &'a Positions) -> Option<Self> {
        let count = positions.classes.len();
        let mut of = vec![None; count];
        let mut members = Vec::new();
        for component in components(positions) {
            let is_loop = component.len() > 1 || positions.next[component[0] as usize].contains_key(&component[0]);
            if is_loop {
                for position in &component {
                    of[*position as usize] = Some(members.len());
                }
                members.push(component);
            }
        }
        let found = Self { positions, letters: letters(positions, &of), members, of, steps: 0 };
        let several = (0..count).any(|position| {
            found.of[position].is_some() && positions.next[position].iter().any(|(next, several)| *several && found.same(position, *next))
        });
        (!several).then_some(found)
    }

    fn same(&self, position: usize, next: u32) -> bool {
        self.of[position] == self.of[next as usize]
    }

    /// Returns the degree of the polynomial; `None` where there is none.
    fn degree(mut self) -> Option<u32> {
        if (0..self.members.len()).any(|index| self.is_ambiguous(index)) {
            return None;
        }
        // The loops stand in an order in which a later one never leads to an earlier.
        let mut degrees: Vec<u32> = vec![0; self.members.len()];
        for before in 0..self.members.len() {
            let reached = self.reached(before);
            for after in before + 1..self.members.len() {
                if reached.contains(&self.members[after][0]) {
                    let shared = degrees[before] + u32::from(self.share(before, after, &reached));
                    degrees[after] = degrees[after].max(shared);
                }
            }
        }
        Some(degrees.into_iter().max().map_or(1, |degree| degree + 1))
    }

    /// Returns the positions that a loop leads to.
    fn reached(&self, index: usize) -> FxHashSet<u32> {
        let mut reached: FxHashSet<u32> = self.members[index].iter().copied().collect();
        let mut open: Vec<u32> = self.members[index].clone();
        while let Some(position) = open.pop() {
            open.extend(self.positions.next[position as usize].keys().copied().filter(|next| reached.insert(*next)));
        }
        reached
    }

    /// Returns whether one text leads around a loop in two ways.
    fn is_ambiguous(&mut self, index: usize) -> bool {
        let around = self.members[index].clone();
        let mut seen: FxHashSet<(u32, u32)> = around.iter().map(|position| (*position, *position)).collect();
        let mut open: Vec<(u32, u32)> = seen.iter().copied().collect();
        let mut apart = Vec::new();
        let mut back: FxHashMap<(u32, u32), Vec<(u32, u32)>> = FxHashMap::default();
        while let Some(pair) = open.pop() {
            for next in self.pairs(pair, index) {
                if self.is_spent() {
                    return true;
                }
                back.entry(next).or_default().push(pair);
                if seen.insert(next) {
                    open.push(next);
                    if next.0 != next.1 {
                        apart.push(next);
                    }
                }
            }
        }
        // Whether two that have parted meet again: back from where they meet.
        let mut meeting: FxHashSet<(u32, u32)> = FxHashSet::default();
        let mut open: Vec<(u32, u32)> = around.iter().map(|position| (*position, *position)).collect();
        while let Some(pair) = open.pop() {
            open.extend(back.get(&pair).into_iter().flatten().copied().filter(|before| meeting.insert(*before)));
        }
        apart.iter().any(|pair| meeting.contains(pair))
    }

    /// Returns the pairs within a loop that one character leads to.
    fn pairs(&self, (left, right): (u32, u32), index: usize) -> Vec<(u32, u32)> {
        let within =
            |position: u32| self.positions.next[position as usize].keys().filter(move |next| self.of[**next as usize] == Some(index));
        let all = within(left).flat_map(|left| within(right).map(move |right| (*left, *right)));
        all.filter(|(left, right)| self.meet(&[*left, *right])).collect()
    }

    /// Returns whether one text leads around a loop, from it to another, and around that.
    fn share(&mut self, before: usize, after: usize, reached: &FxHashSet<u32>) -> bool {
        let (starts, ends) = (self.members[before].clone(), self.members[after].clone());
        starts.iter().any(|start| ends.iter().any(|end| self.leads((before, *start), (after, *end), reached)))
    }

    fn leads(&mut self, (before, start): (usize, u32), (after, end): (usize, u32), reached: &FxHashSet<u32>) -> bool {
        let mut seen: FxHashSet<(u32, u32, u32)> = FxHashSet::default();
        let mut open = vec![(start, start, end)];
        while let Some((around, way, behind)) = open.pop() {
            let firsts = self.following(around, |next| self.of[next as usize] == Some(before));
            let seconds = self.following(way, |next| reached.contains(&next));
            let thirds = self.following(behind, |next| self.of[next as usize] == Some(after));
            self.steps += firsts.len() * seconds.len() * thirds.len();
            if self.steps > MAX_STEPS {
                return true;
            }
            let meeting = triples(&firsts, &seconds, &thirds).filter(|(first, second, third)| self.meet(&[*first, *second, *third]));
            let new: Vec<_> = meeting.filter(|next| seen.insert(*next)).collect();
            if new.contains(&(start, end, end)) {
                return true;
            }
            open.extend(new);
        }
        false
    }

    /// Returns those of the positions after one that are asked for.
    fn following(&self, position: u32, is_wanted: impl Fn(u32) -> bool) -> Vec<u32> {
        self.positions.next[position as usize].keys().copied().filter(|next| is_wanted(*next)).collect()
    }

    /// Returns whether one character leads to all of these positions.
    fn meet(&self, positions: &[u32]) -> bool {
        let (first, others) = (&self.letters[positions[0] as usize], &positions[1..]);
        first
            .iter()
            .enumerate()
            .any(|(word, bits)| others.iter().fold(*bits, |bits, other| bits & self.letters[*other as usize][word]) != 0)
    }

    /// Counts a step; returns whether there were too many.
    fn is_spent(&mut self) -> bool {
        self.steps += 1;
        self.steps > MAX_STEPS
    }
}

/// Returns every choice of one from each of three.
fn triples(firsts: &[u32], seconds: &[u32], thirds: &[u32]) -> impl Iterator<Item = (u32, u32, u32)> {
    let pairs = firsts.iter().flat_map(|first| seconds.iter().map(move |second| (*first, *second)));
    pairs.flat_map(|(first, second)| thirds.iter().map(move |third| (first, second, *third)))
}

/// Returns the strongly connected components, each before those that it leads to (S. R. Kosaraju's algorithm).
fn components(positions: &Positions) -> Vec<Vec<u32>> {
    let count = positions.classes.len();
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (position, next) in (0_u32..).zip(&positions.next) {
        for next in next.keys() {
            before[*next as usize].push(position);
        }
    }
    let mut seen = vec![false; count];
    let mut left = Vec::with_capacity(count);
    for start in (0_u32..).take(count) {
        walk(start, &mut seen, &mut left, |position| positions.next[position as usize].keys().copied().collect());
    }
    let mut taken = vec![false; count];
    let mut found = Vec::new();
    for start in left.into_iter().rev() {
        let mut component = Vec::new();
        walk(start, &mut taken, &mut component, |position| before[position as usize].clone());
        if !component.is_empty() {
            found.push(component);
        }
    }
    found
}

/// Goes everywhere from a position where nobody has been, and lists positions as they are left.
fn walk(start: u32, seen: &mut [bool], left: &mut Vec<u32>, next: impl Fn(u32) -> Vec<u32>) {
    if std::mem::replace(&mut seen[start as usize], true) {
        return;
    }
    let mut stack = vec![(start, next(start))];
    while let Some((position, open)) = stack.last_mut() {
        match open.pop() {
            None => {
                left.push(*position);
                stack.pop();
            }
            Some(further) if !std::mem::replace(&mut seen[further as usize], true) => stack.push((further, next(further))),
            Some(_) => {}
        }
    }
}

/// Returns the characters of positions as bits, one for characters that no loop tells apart.
fn letters(positions: &Positions, of: &[Option<usize>]) -> Vec<Box<[u64]>> {
    let in_loop = positions.classes.iter().zip(of).filter(|(_, of)| of.is_some());
    let cuts = class::cuts(in_loop.map(|(class, _)| class), &[0]);
    let words = cuts.len().div_ceil(64);
    let bits = |class: &CharSet| {
        let mut bits = vec![0; words].into_boxed_slice();
        for (start, end) in class.ranges() {
            let first = cuts.partition_point(|cut| cut <= start) - 1;
            let last = cuts.partition_point(|cut| cut <= end);
            (first..last).for_each(|letter| bits[letter / 64] |= 1_u64 << (letter % 64));
        }
        bits
    };
    positions.classes.iter().map(bits).collect()
}

#[cfg(test)]
mod tests {
    use super::Backtracking::{self, Exponential, Polynomial};
    use crate::{
        parse::{Greed, PatternPart},
        read,
    };

    fn check(cases: &[(&str, Backtracking)]) {
        for (pattern, expected) in cases {
            assert_eq!(read(pattern).expect("a pattern").backtracking(), *expected, "{pattern}");
        }
    }

    #[test]
    fn loops_that_are_passed_in_two_ways_are_exponential() {
        for pattern in [
            "^(a+)+$",
            "(x+x+)+y",
            r"^(\w+\s?)*$",
            "^(a*)*b",
            "^(a|a)*$",
            "^(a|ab|b)*$",
            "^(.*a){12}$",
            "^(?=(a+)+$)b",
            "^(?!(a|aa)+$)b",
            "(a+)+b",
            r"^(([a-z])+.)+[A-Z]([a-z])+$",
            r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
            "^(a?){30}a{30}$",
            "^((ab)*|(aab)*|a*b*)*c$",
            r"^(?:(\d+)*|\d)+x$",
            "^(?:a{1,30}){1,30}$",
        ] {
            check(&[(pattern, Exponential)]);
        }
    }

    #[test]
    fn loops_that_share_a_text_make_the_degree() {
        check(&[
            ("^abc$", Polynomial(1)),
            ("abc", Polynomial(1)),
            ("^[a-z]+$", Polynomial(1)),
            ("a+$", Polynomial(2)),
            ("^a*a*$", Polynomial(2)),
            ("^a*a*a*$", Polynomial(3)),
            ("^a*b*a*$", Polynomial(2)),
            ("a*a*$", Polynomial(3)),
            (r"^\s*.*\s*$", Polynomial(3)),
            ("^(.*,){3}x$", Polynomial(3)),
            (r"^(?!.*\.\.)[\w.]+$", Polynomial(1)),
            (r"^((?=a*b)a)*$", Polynomial(2)),
            (r"(a+)\1$", Polynomial(3)),
        ]);
    }

    #[test]
    fn what_people_write_every_day_is_not_slow() {
        for pattern in [
            r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$",
            r"^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$",
            r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$",
            r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
            r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$",
            "^(a+)+",
            "(a+)+",
            "^(a*)*",
            r"^(?:a|b|ab)*",
            "[a-z]+",
            r"^\s*\S+\s*$",
        ] {
            let time = read(pattern).expect("a pattern").backtracking();
            assert!(!time.is_slow(), "{pattern}: {time:?}");
        }
    }

    /// Tries a pattern as engines do that backtrack, and counts.
    struct Engine<'a> {
        text: &'a [u8],
        steps: u64,
    }

    /// No engine goes on beyond this.
    const ENOUGH: u64 = 4_000_000;

    impl Engine<'_> {
        fn searches(&mut self, root: &PatternPart) {
            for start in 0..=self.text.len() {
                if self.part(root, start, &mut |_, _| true) || self.steps > ENOUGH {
                    return;
                }
            }
        }

        fn part(&mut self, part: &PatternPart, at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
            self.steps += 1;
            if self.steps > ENOUGH {
                return false;
            }
            match part {
                PatternPart::Either(branches) => branches.iter().any(|branch| self.sequence(branch, at, then)),
                PatternPart::Char(code) => self.text.get(at).is_some_and(|c| u32::from(*c) == *code) && then(self, at + 1),
                PatternPart::Class(set) => {
                    let takes = |c: &u8| set.ranges().iter().any(|(start, end)| (*start..=*end).contains(&u32::from(*c)));
                    self.text.get(at).is_some_and(takes) && then(self, at + 1)
                }
                PatternPart::Start => at == 0 && then(self, at),
                PatternPart::End => at == self.text.len() && then(self, at),
                PatternPart::Capture(_, inner) => self.part(inner, at, then),
                PatternPart::Look { negative, inner, .. } => self.part(inner, at, &mut |_, _| true) != *negative && then(self, at),
                PatternPart::Repeat { inner, min, max, greed } => self.repeat(inner, (*min, *max), *greed == Greed::Lazy, at, then),
                PatternPart::Border(_) | PatternPart::Back(_) => unreachable!("the test has none"),
            }
        }

        fn sequence(&mut self, parts: &[PatternPart], at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
            match parts {
                [] => then(self, at),
                [first, rest @ ..] => self.part(first, at, &mut |engine, at| engine.sequence(rest, at, then)),
            }
        }

        fn repeat(
            &mut self,
            inner: &PatternPart,
            (min, max): (u64, Option<u64>),
            lazy: bool,
            at: usize,
            then: &mut dyn FnMut(&mut Self, usize) -> bool,
        ) -> bool {
            if min == 0 && lazy && then(self, at) {
                return true;
            }
            let further = max != Some(0)
                && self.part(inner, at, &mut |engine, now| {
                    let bounds = (min.saturating_sub(1), max.map(|max| max - 1));
                    (min > 0 || now > at) && engine.repeat(inner, bounds, lazy, now, then)
                });
            further || (min == 0 && !lazy && then(self, at))
        }
    }

    /// Writes a pattern by a grammar.
    fn invent(next: &mut impl FnMut(usize) -> usize, depth: usize) -> String {
        const ATOMS: [&str; 6] = ["a", "b", "[ab]", ".", "c", "ab"];
        const COUNTS: [&str; 7] = ["*", "+", "?", "*?", "{2}", "{2,3}", "{1,7}"];
        match next(if depth == 0 { 1 } else { 9 }) {
            0 => ATOMS[next(ATOMS.len())].into(),
            1..4 => format!("{}{}", invent(next, depth - 1), invent(next, depth - 1)),
            4 => format!("(?:{}|{})", invent(next, depth - 1), invent(next, depth - 1)),
            5 => format!("({}{}", ["?=", "?!"][next(2)], invent(next, depth - 1)) + ")",
            6 => format!("{}$", invent(next, depth - 1)),
            _ => format!("({}){}", invent(next, depth - 1), COUNTS[next(COUNTS.len())]),
        }
    }

    /// What is not slow takes no more than the square of the text's length, times what the pattern's own length asks for.
    #[test]
    fn an_engine_is_as_fast_as_was_said() {
        let (mut seed, mut quick, mut slow) = (5_u64, 0, 0);
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let pattern = ["^", ""][next(2)].to_owned() + &invent(&mut next, 4);
            let reading = read(&pattern).expect("a pattern");
            if reading.backtracking().is_slow() {
                slow += 1;
                continue;
            }
            quick += 1;
            let pump = ["a", "b", "ab", "aab", "abb"][next(5)];
            let steps = |times: usize| {
                let text = format!("{}{}{}", ["", "a", "b"][times % 3], pump.repeat(times), ["c", "a", "bc", ""][times % 4]);
                let mut engine = Engine { text: text.as_bytes(), steps: 0 };
                engine.searches(&reading.parsed.root);
                engine.steps
            };
            for times in [12, 24, 25, 26] {
                let length = pump.len() * times + 3;
                let bound = 8 * (pattern.len() * length * length) as u64;
                assert!(steps(times) <= bound, "{pattern} on {times} times {pump}: {} steps, {:?}", steps(times), reading.backtracking());
            }
        }
        assert!(quick > 10_000 && slow > 1_000, "{quick}, {slow}");
    }
}
