//! Patterns as graphs of their positions (V. M. Glushkov, *The abstract theory of automata*, 1961), with the number of ways from each to the
//! next: what an engine that backtracks may try.
//!
//! The graph is for questions of time, so it may have more ways than the pattern: a reference stands for all that its group may find, and
//! what repeats more than a few times repeats without end.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    class::CharSet,
    parse::{ParsedPattern, PatternPart},
};

/// Repetitions are written out up to this number, those around them counted in; others are loops.
const MAX_WRITTEN_OUT: u64 = 4;
/// The maximum number of positions.
const MAX_POSITIONS: usize = 4000;
/// The maximum number of edges that are drawn, each time counted.
const MAX_EDGES: usize = 400_000;

/// The positions of a pattern that is searched in a text.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    /// The characters that lead to each position.
    pub(crate) classes: Vec<CharSet>,
    /// The positions that come after each, and whether by several ways. None leads to a position where the pattern has matched, whatever
    /// comes: what is tried behind it may fail, and is over then.
    pub(crate) next: Vec<FxHashMap<u32, bool>>,
}

impl Positions {
    /// Draws the graph of a pattern; `None` where it is too large.
    pub(crate) fn of(pattern: &ParsedPattern) -> Option<Self> {
        let mut groups = FxHashMap::default();
        pattern.root.visit(&mut |part| {
            if let PatternPart::Capture(number, inner) = part {
                groups.insert(*number, &**inner);
            }
        });
        let mut draft = PositionsBuilder { groups, matched: FxHashSet::default(), referring: 0, copies: 1, drawn: 0, out: Self::default() };
        let whole = draft.part(&pattern.root)?;
        draft.finish(&whole)
    }

    fn add(&mut self, class: CharSet) -> u32 {
        self.classes.push(class);
        self.next.push(FxHashMap::default());
        u32::try_from(self.classes.len() - 1).unwrap_or(u32::MAX)
    }
}

/// What was passed without taking a character, as bits.
type Anchors = u8;

/// The start of the text.
const START: Anchors = 1;
/// The end of the text.
const END: Anchors = 2;
/// Something else that may not be there.
const DOUBT: Anchors = 4;
/// The number of sets of these.
const SETS: usize = 8;

/// A position at an end of a part, with what is passed between it and that end.
#[derive(Debug, Clone, Copy)]
struct Tip {
    position: u32,
    anchors: Anchors,
    several: bool,
}

/// The graph of a part.
#[derive(Debug, Clone, Default)]
struct Fragment {
    first: Vec<Tip>,
    last: Vec<Tip>,
    /// The number of ways to take no character, two for more, by what they pass.
    empty: [u8; SETS],
}

impl Fragment {
    fn nothing(anchors: Anchors) -> Self {
        let mut empty = [0; SETS];
        empty[usize::from(anchors)] = 1;
        Self { empty, ..Self::default() }
    }

    fn is_nullable(&self) -> bool {
        self.empty != [0; SETS]
    }

    fn ways(&self) -> impl Iterator<Item = (Anchors, bool)> {
        (0..).zip(self.empty).filter(|(_, ways)| *ways > 0).map(|(anchors, ways)| (anchors, ways > 1))
    }
}

struct PositionsBuilder<'a> {
    groups: FxHashMap<usize, &'a PatternPart>,
    /// The positions where the pattern has matched.
    matched: FxHashSet<u32>,
    /// How many references are being read, each within the group of the one before.
    referring: usize,
    /// How often what is being read is written out.
    copies: u64,
    drawn: usize,
    out: Positions,
}

impl PositionsBuilder<'_> {
    fn part(&mut self, part: &PatternPart) -> Option<Fragment> {
        Some(match part {
            PatternPart::Either(branches) => self.either(branches)?,
            PatternPart::Char(code) => self.character(CharSet::of(&[(*code, *code)]))?,
            PatternPart::Class(set) => self.character(set.clone())?,
            PatternPart::Start => Fragment::nothing(START),
            PatternPart::End => Fragment::nothing(END),
            PatternPart::Border(_) => Fragment::nothing(DOUBT),
            PatternPart::Capture(_, inner) => self.part(inner)?,
            PatternPart::Look { inner, .. } => self.look(inner)?,
            PatternPart::Repeat { inner, min, max, .. } => self.repeat(inner, *min, *max)?,
            PatternPart::Back(number) => self.back(*number)?,
        })
    }

    fn character(&mut self, class: CharSet) -> Option<Fragment> {
        if self.out.classes.len() >= MAX_POSITIONS {
            return None;
        }
        let tip = Tip { position: self.out.add(class), anchors: 0, several: false };
        Some(Fragment { first: vec![tip], last: vec![tip], empty: [0; SETS] })
    }

    fn either(&mut self, branches: &[Vec<PatternPart>]) -> Option<Fragment> {
        let mut all = Fragment::default();
        for branch in branches {
            let mut whole = Fragment::nothing(0);
            for part in branch {
                let part = self.part(part)?;
                whole = self.then(&whole, &part)?;
            }
            all.first.extend(whole.first);
            all.last.extend(whole.last);
            all.empty.iter_mut().zip(whole.empty).for_each(|(ways, more)| *ways = (*ways + more).min(2));
        }
        Some(all)
    }

    /// What is looked for is tried beside what comes behind it, and leads nowhere.
    fn look(&mut self, inner: &PatternPart) -> Option<Fragment> {
        let inner = self.part(inner)?;
        self.matches(&inner);
        Some(Fragment { first: inner.first, ..Fragment::nothing(DOUBT) })
    }

    fn back(&mut self, number: usize) -> Option<Fragment> {
        let Some(group) = self.groups.get(&number).copied().filter(|_| self.referring < 3) else { return Some(Fragment::nothing(DOUBT)) };
        self.referring += 1;
        let found = self.part(group)?;
        self.referring -= 1;
        self.then(&found, &Fragment::nothing(DOUBT))
    }

    fn repeat(&mut self, inner: &PatternPart, min: u64, max: Option<u64>) -> Option<Fragment> {
        match max {
            Some(0) => Some(Fragment::nothing(0)),
            Some(max) if self.copies * max <= MAX_WRITTEN_OUT => {
                self.copies *= max;
                let whole = self.written_out(inner, min, max);
                self.copies /= max;
                whole
            }
            _ => self.endless(inner, min),
        }
    }

    fn written_out(&mut self, inner: &PatternPart, min: u64, max: u64) -> Option<Fragment> {
        let mut whole = Fragment::nothing(0);
        for count in (0..max).rev() {
            let once = self.part(inner)?;
            whole = self.then(&once, &whole)?;
            if count >= min {
                // Engines take no repetition that is not asked for and finds no character.
                whole.empty = Fragment::nothing(0).empty;
            }
        }
        Some(whole)
    }

    fn endless(&mut self, inner: &PatternPart, min: u64) -> Option<Fragment> {
        let mut once = self.part(inner)?;
        // Those that are asked for may each find no character, so that any of them may be the one that does.
        let several = min > 1 && once.is_nullable();
        let (last, first) = (once.last.clone(), once.first.clone());
        self.draw(&last, &first, several)?;
        if min == 0 {
            once.empty = Fragment::nothing(0).empty;
        }
        Some(once)
    }

    fn then(&mut self, before: &Fragment, after: &Fragment) -> Option<Fragment> {
        self.draw(&before.last, &after.first, false)?;
        let mut whole = Fragment { first: before.first.clone(), last: after.last.clone(), empty: [0; SETS] };
        for (anchors, several) in before.ways().filter(|(anchors, _)| anchors & END == 0) {
            whole.first.extend(after.first.iter().map(|tip| passed(*tip, anchors, several)));
        }
        for (anchors, several) in after.ways().filter(|(anchors, _)| anchors & START == 0) {
            whole.last.extend(before.last.iter().map(|tip| passed(*tip, anchors, several)));
        }
        for (first, before) in before.ways() {
            for (second, after) in after.ways() {
                let ways = &mut whole.empty[usize::from(first | second)];
                *ways = (*ways + 1 + u8::from(before || after)).min(2);
            }
        }
        self.drawn += whole.first.len() + whole.last.len();
        (self.drawn <= MAX_EDGES).then_some(whole)
    }

    fn draw(&mut self, from: &[Tip], to: &[Tip], several: bool) -> Option<()> {
        self.drawn += from.len() * to.len();
        if self.drawn > MAX_EDGES {
            return None;
        }
        for before in from.iter().filter(|tip| tip.anchors & END == 0) {
            for after in to.iter().filter(|tip| tip.anchors & START == 0) {
                let several = several || before.several || after.several;
                let next = &mut self.out.next[before.position as usize];
                next.entry(after.position).and_modify(|known| *known = true).or_insert(several);
            }
        }
        Some(())
    }

    fn matches(&mut self, whole: &Fragment) {
        self.matched.extend(whole.last.iter().filter(|tip| tip.anchors & (END | DOUBT) == 0).map(|tip| tip.position));
    }

    /// Lets the search begin at every character, where the pattern does not ask for the start of the text.
    fn finish(mut self, whole: &Fragment) -> Option<Positions> {
        self.matches(whole);
        let searched: Vec<Tip> = whole.first.iter().filter(|tip| tip.anchors & START == 0).copied().collect();
        if !searched.is_empty() {
            let any = self.out.add(CharSet::default().negated());
            let any = Tip { position: any, anchors: 0, several: false };
            self.draw(&[any], &[any], false)?;
            self.draw(&[any], &searched, false)?;
        }
        self.out.next.iter_mut().for_each(|next| next.retain(|position, _| !self.matched.contains(position)));
        Some(self.out)
    }
}

fn passed(tip: Tip, anchors: Anchors, several: bool) -> Tip {
    Tip { anchors: tip.anchors | anchors, several: tip.several || several, ..tip }
}
