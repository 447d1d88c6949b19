//! Patterns as automata, so that what several of them have in common can be searched, and proved to be nothing.
//!
//! A pattern that finds something in a text is a set of whole texts. Characters that no pattern tells apart are one letter of the
//! automata; a text is searched breadth first, so that the shortest words come first.

mod table;

use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton as _, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};
use rustc_hash::FxHashMap;

pub use self::table::TextAutomaton;
use crate::{
    class::{self, CharSet},
    parse::PatternPart,
    read,
};

/// The maximum size of an automaton, in bytes.
const MAX_AUTOMATON_BYTES: usize = 8 << 20;
/// The maximum memory while one is built, in bytes, which is what bounds the time: a literal of 1,400 characters without
/// anchors needs as much.
const MAX_BUILD_BYTES: usize = 1 << 20;
/// The maximum number of states of all automata together in a search.
const MAX_STATES: usize = 50_000;
/// The maximum length of a word.
const MAX_LETTERS: u64 = 20_000;
/// The maximum number of steps of a search.
const MAX_STEPS: usize = 500_000;

/// All patterns of a comparison, by number.
#[derive(Debug, Default)]
pub struct Patterns {
    /// Whether automata are made as small as they can be.
    smallest: bool,
    known: FxHashMap<String, u32>,
    list: Vec<CompiledPattern>,
}

/// A pattern.
#[derive(Debug)]
struct CompiledPattern {
    form: AutomatonForm,
    /// A matcher of single texts, where there is no automaton, and it takes no time without bounds.
    judge: Option<regress::Regex>,
    /// The sets of characters that it tells from all others.
    sets: Vec<CharSet>,
}

#[derive(Debug)]
enum AutomatonForm {
    Automaton(Box<dense::DFA<Vec<u32>>>, StateID),
    /// Patterns that all match, or (with false) do not.
    Together(Vec<(u32, bool)>),
    /// No automaton, with the reason.
    Opaque(&'static str),
}

/// The words that a search found.
#[derive(Debug)]
pub struct FoundWords {
    /// Words, shortest first.
    pub found: Vec<String>,
    /// Whether there are no others.
    pub complete: bool,
}

impl Patterns {
    /// Returns the number of a pattern.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let (form, judge) = match read(text) {
            Ok(reading) => {
                let form = self.form(text, &reading.parsed.root);
                let is_asked = matches!(form, (AutomatonForm::Opaque(_), _)) && !reading.backtracking().is_slow();
                (form, is_asked.then(|| regress::Regex::with_flags(&reading.text, "u").ok()).flatten())
            }
            Err(_) => ((AutomatonForm::Opaque("the pattern is no regular expression"), Vec::new()), None),
        };
        self.push(text.to_owned(), form, judge)
    }

    fn push(&mut self, text: String, (form, sets): (AutomatonForm, Vec<CharSet>), judge: Option<regress::Regex>) -> u32 {
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(CompiledPattern { form, judge, sets });
        self.known.insert(text, number);
        number
    }

    fn form(&mut self, text: &str, root: &PatternPart) -> (AutomatonForm, Vec<CharSet>) {
        let mut sets = Vec::new();
        match automaton(root, &mut sets, self.smallest) {
            Ok((dfa, start)) => (AutomatonForm::Automaton(Box::new(dfa), start), sets),
            Err(why) => match self.looks(text, root) {
                Some(parts) => (AutomatonForm::Together(parts), Vec::new()),
                None => (AutomatonForm::Opaque(why), Vec::new()),
            },
        }
    }

    /// Splits a pattern that begins with `^` and lookaheads: it is all of them together.
    fn looks(&mut self, text: &str, root: &PatternPart) -> Option<Vec<(u32, bool)>> {
        let PatternPart::Either(branches) = root else { return None };
        let [sequence] = &branches[..] else { return None };
        let (PatternPart::Start, mut rest) = sequence.split_first()? else { return None };
        let mut parts = Vec::new();
        while let Some((PatternPart::Look { behind: false, negative, inner }, after)) = rest.split_first() {
            parts.push((vec![PatternPart::Start, (**inner).clone()], !negative));
            rest = after;
        }
        if parts.is_empty() {
            return None;
        }
        parts.push(([PatternPart::Start].into_iter().chain(rest.iter().cloned()).collect(), true));
        let mut numbers = Vec::new();
        for (index, (sequence, positive)) in parts.into_iter().enumerate() {
            let mut sets = Vec::new();
            let (dfa, start) = automaton(&PatternPart::Either(vec![sequence]), &mut sets, self.smallest).ok()?;
            // A name that no pattern has: what is not ECMA-262 stands first.
            let name = format!("(?#{index}){text}");
            numbers.push((self.push(name, (AutomatonForm::Automaton(Box::new(dfa), start), sets), None), positive));
        }
        Some(numbers)
    }

    /// Returns the patterns that one stands for, all together.
    pub fn together(&self, number: u32) -> Option<&[(u32, bool)]> {
        match &self.list[number as usize].form {
            AutomatonForm::Together(parts) => Some(parts),
            _ => None,
        }
    }

    /// Returns the reason why a pattern has no automaton.
    pub fn opaque(&self, number: u32) -> Option<&'static str> {
        match self.list[number as usize].form {
            AutomatonForm::Opaque(why) => Some(why),
            _ => None,
        }
    }

    /// Returns whether a pattern finds something in a text; `None` where it cannot be read, or nobody can say in bounded time.
    pub fn finds(&self, number: u32, text: &str) -> Option<bool> {
        let pattern = &self.list[number as usize];
        match &pattern.form {
            AutomatonForm::Automaton(dfa, start) => {
                let end = text.bytes().fold(*start, |state, byte| dfa.next_state(state, byte));
                Some(dfa.is_match_state(dfa.next_eoi_state(end)))
            }
            AutomatonForm::Together(parts) => {
                parts.iter().try_fold(true, |all, (part, positive)| Some(all & (self.finds(*part, text)? == *positive)))
            }
            AutomatonForm::Opaque(_) => pattern.judge.as_ref().map(|regex| regex.find(text).is_some()),
        }
    }

    /// Returns words that match what they should and nothing that they should not, of `min` to `max` characters: at most
    /// `want` of them. `None` where the search grows too large.
    pub fn words(&self, parts: &[(u32, bool)], min: u64, max: Option<u64>, want: usize) -> Option<FoundWords> {
        let automata = self.automata(parts)?;
        let sets: Vec<&CharSet> = parts.iter().flat_map(|(number, _)| &self.list[*number as usize].sets).collect();
        WordSearch { automata, letters: letters(&sets, want), want }.run(min, max)
    }

    fn automata(&self, parts: &[(u32, bool)]) -> Option<Vec<SearchedAutomaton<'_>>> {
        let automaton = |(number, positive): &(u32, bool)| match &self.list[*number as usize].form {
            AutomatonForm::Automaton(dfa, start) => Some((&**dfa, *start, *positive)),
            _ => None,
        };
        parts.iter().map(automaton).collect()
    }
}

/// Returns the automaton of a pattern, with its start; adds the sets of characters that it tells apart.
fn automaton(root: &PatternPart, sets: &mut Vec<CharSet>, smallest: bool) -> Result<(dense::DFA<Vec<u32>>, StateID), &'static str> {
    let too_large = "the pattern's automaton is too large";
    let any = || Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub: Box::new(all_characters()) });
    let whole = Hir::concat(vec![any(), hir(root, sets)?, any(), Hir::look(Look::End)]);
    let config =
        thompson::Config::new().utf8(false).nfa_size_limit(Some(MAX_AUTOMATON_BYTES)).which_captures(thompson::WhichCaptures::None);
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(&whole).map_err(|_| too_large)?;
    let config = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(MAX_AUTOMATON_BYTES))
        .determinize_size_limit(Some(MAX_BUILD_BYTES))
        .minimize(smallest);
    let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(|_| too_large)?;
    let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).map_err(|_| too_large)?;
    Ok((dfa, start))
}

fn all_characters() -> Hir {
    Hir::class(Class::Unicode(ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])))
}

fn hir(part: &PatternPart, sets: &mut Vec<CharSet>) -> Result<Hir, &'static str> {
    Ok(match part {
        PatternPart::Either(branches) => {
            let mut out = Vec::with_capacity(branches.len());
            for branch in branches {
                out.push(Hir::concat(branch.iter().map(|part| hir(part, sets)).collect::<Result<_, _>>()?));
            }
            Hir::alternation(out)
        }
        PatternPart::Char(code) => class(&CharSet::of(&[(*code, *code)]), sets),
        PatternPart::Class(set) => class(set, sets),
        PatternPart::Start => Hir::look(Look::Start),
        PatternPart::End => Hir::look(Look::End),
        PatternPart::Border(positive) => {
            remember(&CharSet::word(), sets);
            Hir::look(if *positive { Look::WordAscii } else { Look::WordAsciiNegate })
        }
        PatternPart::Capture(_, inner) => hir(inner, sets)?,
        PatternPart::Repeat { inner, min, max, .. } => {
            let count = |n: u64| u32::try_from(n).map_err(|_| "the pattern repeats too often");
            let sub = Box::new(hir(inner, sets)?);
            Hir::repetition(Repetition { min: count(*min)?, max: max.map(count).transpose()?, greedy: true, sub })
        }
        PatternPart::Look { .. } => return Err("the pattern looks ahead or behind inside"),
        PatternPart::Back(_) => return Err("the pattern refers back to a group"),
    })
}

fn remember(set: &CharSet, sets: &mut Vec<CharSet>) {
    if !sets.contains(set) {
        sets.push(set.clone());
    }
}

/// Returns a class of characters; surrogates, which no text holds, are left out.
fn class(set: &CharSet, sets: &mut Vec<CharSet>) -> Hir {
    remember(set, sets);
    let ranges = characters(set).map(|(start, end)| ClassUnicodeRange::new(start, end));
    Hir::class(Class::Unicode(ClassUnicode::new(ranges)))
}

fn characters(set: &CharSet) -> impl Iterator<Item = (char, char)> {
    set.ranges().iter().flat_map(|(start, end)| {
        let below = (*start, (*end).min(0xd7ff));
        let above = ((*start).max(0xe000), *end);
        [below, above]
            .into_iter()
            .filter(|(start, end)| start <= end)
            .filter_map(|(start, end)| char::from_u32(start).zip(char::from_u32(end)))
    })
}

/// Returns characters that all sets treat alike, for every way of treating them: some of each, those that read well first.
fn letters(sets: &[&CharSet], want: usize) -> Vec<Vec<char>> {
    let cuts = cuts(sets);
    let mut classes: FxHashMap<Vec<bool>, Vec<(u32, u32)>> = FxHashMap::default();
    let mut order = Vec::new();
    for ((start, treated), end) in treatments(sets, &cuts).zip(&cuts[1..]).filter(|((start, _), _)| *start != 0xd800) {
        if !classes.contains_key(&treated) {
            order.push(treated.clone());
        }
        classes.entry(treated).or_default().push((start, *end));
    }
    let mut letters: Vec<Vec<char>> = order.iter().map(|treated| readable(&classes[treated], want)).collect();
    letters.sort_by_key(|class| class.first().map_or(u32::MAX, |c| rank(*c)));
    letters
}

/// Returns the code points where a set begins or ends, and where surrogates do; the last is behind all.
fn cuts(sets: &[&CharSet]) -> Vec<u32> {
    class::cuts(sets.iter().copied(), &[0, 0xd800, 0xe000, 0x11_0000])
}

/// Returns for each run of characters between two cuts its first, and which sets hold it.
fn treatments(sets: &[&CharSet], cuts: &[u32]) -> impl Iterator<Item = (u32, Vec<bool>)> {
    let contains = |set: &CharSet, code: u32| {
        let at = set.ranges().partition_point(|(_, end)| *end < code);
        set.ranges().get(at).is_some_and(|(start, _)| *start <= code)
    };
    cuts[..cuts.len() - 1].iter().map(move |start| (*start, sets.iter().map(|set| contains(set, *start)).collect()))
}

fn readable(ranges: &[(u32, u32)], want: usize) -> Vec<char> {
    let plain = (0..128).filter(|code| ranges.iter().any(|(start, end)| start <= code && code < end)).filter_map(char::from_u32);
    let mut plain: Vec<char> = plain.collect();
    plain.sort_by_key(|c| rank(*c));
    let others = ranges.iter().flat_map(|(start, end)| (*start).max(128)..*end).filter_map(char::from_u32);
    plain.into_iter().chain(others).take(want.max(1)).collect()
}

/// Returns how well a character reads in a witness: the less the better.
fn rank(c: char) -> u32 {
    let class = match c {
        'a'..='z' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        '-' | '_' | '.' | '/' | ':' | '@' => 3,
        '!'..='~' => 4,
        ' ' => 5,
        _ if c.is_alphanumeric() => 6,
        _ if c.is_control() => 8,
        _ => 7,
    };
    class << 24 | u32::from(c)
}

/// An automaton with its start, and whether it is to accept.
type SearchedAutomaton<'a> = (&'a dense::DFA<Vec<u32>>, StateID, bool);

struct WordSearch<'a> {
    automata: Vec<SearchedAutomaton<'a>>,
    letters: Vec<Vec<char>>,
    want: usize,
}

/// A word by its last letter and the word before it.
#[derive(Clone, Copy)]
struct WordStep {
    before: u32,
    letter: char,
}

type ProductState = Box<[StateID]>;

impl WordSearch<'_> {
    fn run(&self, min: u64, max: Option<u64>) -> Option<FoundWords> {
        let mut steps: Vec<WordStep> = vec![WordStep { before: u32::MAX, letter: '\0' }];
        let start: ProductState = self.automata.iter().map(|(_, start, _)| *start).collect();
        let mut seen: rustc_hash::FxHashSet<ProductState> = [start.clone()].into_iter().collect();
        // The words of one length, by the state that they lead to.
        let mut layer: Vec<(ProductState, Vec<u32>)> = vec![(start, vec![0])];
        let mut found = Vec::new();
        let mut idle = 0;
        for length in 0.. {
            let mut accepted = false;
            for (state, words) in layer.iter().filter(|(state, _)| length >= min && self.accepts(state)) {
                accepted |= !state.is_empty() || !words.is_empty();
                found.extend(words.iter().map(|word| spell(&steps, *word)));
            }
            if found.len() >= self.want {
                found.truncate(self.want);
                return Some(FoundWords { found, complete: false });
            }
            // A shortest way to acceptance passes no state twice.
            idle = if accepted || length < min { 0 } else { idle + 1 };
            if layer.is_empty() || max == Some(length) || idle > seen.len() {
                return Some(FoundWords { found, complete: true });
            }
            if length >= MAX_LETTERS || seen.len() > MAX_STATES || steps.len() > MAX_STEPS {
                return None;
            }
            layer = self.next(&layer, &mut steps, &mut seen);
        }
        None
    }

    fn next(
        &self,
        layer: &[(ProductState, Vec<u32>)],
        steps: &mut Vec<WordStep>,
        seen: &mut rustc_hash::FxHashSet<ProductState>,
    ) -> Vec<(ProductState, Vec<u32>)> {
        let mut next: Vec<(ProductState, Vec<u32>)> = Vec::new();
        let mut index: FxHashMap<ProductState, usize> = FxHashMap::default();
        for (state, words) in layer {
            for class in &self.letters {
                let Some(after) = class.first().and_then(|letter| self.step(state, *letter)) else { continue };
                let at = *index.entry(after.clone()).or_insert_with(|| {
                    seen.insert(after.clone());
                    next.push((after, Vec::new()));
                    next.len() - 1
                });
                let list = &mut next[at].1;
                for (letter, word) in class.iter().flat_map(|letter| words.iter().map(move |word| (*letter, *word))) {
                    if list.len() >= self.want {
                        break;
                    }
                    list.push(u32::try_from(steps.len()).unwrap_or(u32::MAX));
                    steps.push(WordStep { before: word, letter });
                }
            }
        }
        next
    }

    /// Returns the state after a letter; `None` where nothing more can be accepted.
    fn step(&self, state: &ProductState, letter: char) -> Option<ProductState> {
        let mut buffer = [0; 4];
        let bytes = letter.encode_utf8(&mut buffer).as_bytes();
        let after = self.automata.iter().zip(state).map(|((dfa, _, positive), at)| {
            let after = bytes.iter().fold(*at, |at, byte| dfa.next_state(at, *byte));
            (!(*positive && dfa.is_dead_state(after))).then_some(after)
        });
        after.collect()
    }

    fn accepts(&self, state: &ProductState) -> bool {
        self.automata.iter().zip(state).all(|((dfa, _, positive), at)| dfa.is_match_state(dfa.next_eoi_state(*at)) == *positive)
    }
}

fn spell(steps: &[WordStep], mut word: u32) -> String {
    let mut letters = Vec::new();
    while let Some(step) = steps.get(word as usize).filter(|step| step.before != u32::MAX) {
        letters.push(step.letter);
        word = step.before;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(parts: &[(&str, bool)], min: u64, max: Option<u64>, want: usize) -> (Vec<String>, bool) {
        let mut patterns = Patterns::default();
        let mut numbers = Vec::new();
        for (text, positive) in parts {
            let number = patterns.number(text);
            match patterns.together(number) {
                Some(together) if *positive => numbers.extend(together),
                _ => numbers.push((number, *positive)),
            }
        }
        let words = patterns.words(&numbers, min, max, want).expect("a small search");
        for word in &words.found {
            for (text, positive) in parts {
                let number = patterns.known[*text];
                assert_eq!(patterns.finds(number, word), Some(*positive), "{text} on {word:?}");
            }
        }
        (words.found, words.complete)
    }

    #[test]
    fn inclusion_is_proved_and_refuted() {
        assert_eq!(words(&[("^[a-f]+$", true), ("^[a-z]+$", false)], 0, None, 1), (vec![], true));
        assert_eq!(words(&[("^[a-z]+$", true), ("^[a-f]+$", false)], 0, None, 1).0, ["g"]);
        assert_eq!(words(&[("^a{2,4}$", true)], 0, None, 9), (vec!["aa".into(), "aaa".into(), "aaaa".into()], true));
        assert_eq!(words(&[("^(ab)*$", true)], 3, Some(3), 1), (vec![], true));
        assert_eq!(words(&[("b", true), ("^b", false), ("b$", false)], 0, None, 1).0, ["aba"]);
        assert_eq!(words(&[], 2, Some(2), 1).0, ["aa"]);
    }

    #[test]
    fn ecma_262_says_what_classes_and_anchors_mean() {
        assert_eq!(words(&[(r"^\d$", true), ("^[0-9]$", false)], 0, None, 1), (vec![], true));
        assert_eq!(words(&[(r"^\w$", true), ("^[A-Za-z0-9_]$", false)], 0, None, 1), (vec![], true));
        assert_eq!(words(&[("^a$", true)], 2, None, 1), (vec![], true), "$ does not stand before a last line feed");
        assert_eq!(words(&[("^.$", true), ("^\\W$", true)], 0, None, 1).0, ["-"]);
        assert_eq!(words(&[("^🐲$", true)], 1, Some(1), 2).0, ["🐲"]);
        assert_eq!(words(&[(r"^\bx\b", true)], 2, Some(2), 1).0, ["x-"]);
    }

    #[test]
    fn lookaheads_at_the_start_are_patterns_together() {
        assert_eq!(words(&[("^(?!a)(?=.*b)[a-c]{2}$", true)], 0, None, 9).0, ["ba", "bb", "bc", "cb"]);
        let mut patterns = Patterns::default();
        let number = patterns.number(r"^(a)\1$");
        assert!(patterns.opaque(number).is_some());
        assert_eq!(patterns.finds(number, "aa"), Some(true));
    }
}
