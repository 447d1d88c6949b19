//! Strings: length, patterns as automata, formats, and values that are excluded.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Satisfiability, Solver, count::Count, give_up};
use crate::{
    formats::{self, STRANGE},
    formula::{Atom, Unsupported},
    lengths,
};

/// The maximum number of words that are asked whether they satisfy what no automaton knows.
const MAX_CANDIDATES: usize = 200;

/// The maximum number of lengths at either end for which members of a format are made.
const MAX_LENGTHS: usize = 8;

/// The maximum length of a text that is written out.
const MAX_LENGTH: u64 = 100_000;

#[derive(Debug, Default)]
struct StringDemands {
    count: Count,
    patterns: Vec<(u32, bool)>,
    /// Patterns without an automaton.
    opaque: Vec<(u32, bool)>,
    formats: Vec<(u8, Box<str>, bool)>,
    excluded: BTreeSet<String>,
}

/// Returns a string that satisfies the atoms.
pub(super) fn solve(solver: &mut Solver<'_>, atoms: &[(bool, Atom)]) -> Satisfiability {
    let mut demands = StringDemands::default();
    for (positive, atom) in atoms {
        demands.add(solver, atom, *positive);
    }
    if demands.count.is_empty() || demands.contradict() {
        return Satisfiability::Empty;
    }
    if demands.count.min > MAX_LENGTH {
        return give_up("minLength is larger than any text that is written out");
    }
    if demands.patterns.is_empty() && demands.opaque.is_empty() && demands.formats.is_empty() {
        return demands.plain();
    }
    demands.search(solver)
}

impl StringDemands {
    fn add(&mut self, solver: &mut Solver<'_>, atom: &Atom, positive: bool) {
        match atom {
            Atom::MinLength(count) => self.count.at_least(*count, positive),
            Atom::MaxLength(count) => self.count.at_most(*count, positive),
            Atom::Pattern(number) => {
                let list = if solver.store.patterns.opaque(*number).is_some() { &mut self.opaque } else { &mut self.patterns };
                list.push((*number, positive));
            }
            Atom::Format(variant, name) => {
                self.formats.push((*variant, name.clone(), positive));
                if positive && !formats::pattern(name).is_empty() {
                    self.patterns.push((solver.store.patterns.number(formats::pattern(name)), true));
                }
            }
            Atom::Enum(keys) if !positive => {
                self.excluded.extend(keys.iter().filter_map(|key| match key.value() {
                    Value::String(text) => Some(text),
                    _ => None,
                }));
            }
            _ => {}
        }
    }

    /// Returns whether a format is demanded that lies within one that is refused.
    fn contradict(&self) -> bool {
        let wanted = self.formats.iter().filter(|(.., positive)| *positive);
        wanted.into_iter().any(|(variant, inner, _)| {
            self.formats.iter().any(|(other, outer, positive)| !positive && variant == other && formats::within(inner, outer))
        })
    }

    /// Returns a text of which only the length matters: the first that is not excluded.
    fn plain(&self) -> Satisfiability {
        let Ok(min) = usize::try_from(self.count.min) else { return give_up("minLength is too large") };
        let short = "a".repeat(min);
        let long = self.count.max.is_none_or(|max| max > self.count.min).then(|| format!("{short}a"));
        if let Some(text) = [Some(short), long].into_iter().flatten().find(|text| !self.excluded.contains(text)) {
            return Satisfiability::Value(text.into());
        }
        if self.count.max == Some(0) {
            return Satisfiability::Empty;
        }
        // The first character varies: there are more than a million.
        let length = min.max(1);
        let first = ('b'..='z').chain('A'..='Z').chain('0'..='9').chain('\u{4e00}'..=char::MAX);
        let mut texts = first.take(self.excluded.len() + 1).map(|first| format!("{first}{}", "a".repeat(length - 1)));
        match texts.find(|text| !self.excluded.contains(text)) {
            Some(text) => Satisfiability::Value(text.into()),
            None => give_up("too many texts are excluded"),
        }
    }

    fn search(&self, solver: &mut Solver<'_>) -> Satisfiability {
        let wanted = self.formats.iter().filter(|(.., positive)| *positive);
        let names: Vec<&str> = wanted.map(|(_, name, _)| &**name).collect();
        let samples = names.iter().flat_map(|name| formats::samples(name)).chain(STRANGE);
        let of_length = names.iter().flat_map(|name| self.lengths().filter_map(|length| lengths::sample(name, length)));
        let sample = samples.map(|text| (*text).to_owned()).chain(of_length).find(|text| self.accepts(solver, text));
        if let Some(text) = sample.filter(|_| !self.formats.is_empty() || !self.opaque.is_empty()) {
            return Satisfiability::Value(text.into());
        }
        let asked = if self.formats.is_empty() && self.opaque.is_empty() { 0 } else { MAX_CANDIDATES };
        let want = self.excluded.len() + 1 + asked;
        let Some(words) = solver.store.patterns.words(&self.patterns, self.count.min, self.count.max, want) else {
            return Satisfiability::Unknown(self.unsupported(solver, "the automata of the patterns are too large together"));
        };
        match words.found.into_iter().find(|text| self.accepts(solver, text)) {
            Some(text) => Satisfiability::Value(text.into()),
            None if words.complete => Satisfiability::Empty,
            None => {
                Satisfiability::Unknown(self.unsupported(solver, "nobody knows a text that satisfies all of this, nor that there is none"))
            }
        }
    }

    /// Returns lengths to look at: the shortest and the longest.
    fn lengths(&self) -> impl Iterator<Item = usize> + use<> {
        let (min, max) = (self.count.min, self.count.max.unwrap_or(u64::MAX));
        let shortest = (min..=max).take(MAX_LENGTHS);
        let longest = max.saturating_sub(MAX_LENGTHS as u64).max(min)..=max;
        shortest
            .chain(longest.filter(move |length| *length <= MAX_LENGTH && max != u64::MAX))
            .filter_map(|length| usize::try_from(length).ok())
    }

    fn accepts(&self, solver: &Solver<'_>, text: &str) -> bool {
        let length = text.chars().count() as u64;
        let finds = |(number, positive): &(u32, bool)| solver.store.patterns.finds(*number, text) == Some(*positive);
        length >= self.count.min
            && self.count.max.is_none_or(|max| length <= max)
            && !self.excluded.contains(text)
            && self.patterns.iter().all(finds)
            && self.opaque.iter().all(finds)
            && self.formats.iter().all(|(variant, name, positive)| formats::accepts(*variant, name, text) == *positive)
    }

    fn unsupported(&self, solver: &Solver<'_>, otherwise: &str) -> BTreeSet<Unsupported> {
        let place = |atom: &Atom| solver.store.places.get(atom).cloned().unwrap_or(("pattern", String::new()));
        let entry = |atom: Atom, reason: String| {
            let (keyword, pointer) = place(&atom);
            Unsupported { keyword: keyword.into(), pointer, reason }
        };
        let opaque = self
            .opaque
            .iter()
            .map(|(number, _)| entry(Atom::Pattern(*number), solver.store.patterns.opaque(*number).unwrap_or(otherwise).to_owned()));
        let formats = self.formats.iter().map(|(variant, name, _)| {
            entry(Atom::Format(*variant, name.clone()), format!("what {name:?} has in common with the rest is not known"))
        });
        let mut unsupported: BTreeSet<Unsupported> = opaque.chain(formats).collect();
        if unsupported.is_empty() {
            unsupported.extend(self.patterns.iter().map(|(number, _)| entry(Atom::Pattern(*number), otherwise.to_owned())));
        }
        unsupported
    }
}
