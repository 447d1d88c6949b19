//! Automata as tables, for code that judges by them.

use std::{collections::VecDeque, ops::Range};

use rustc_hash::FxHashMap;

use super::{AutomatonForm, Patterns, ProductState, WordSearch, cuts, treatments};

/// The code points that no text holds; they count as the character before them.
const SURROGATES: Range<u32> = 0xd800..0xe000;
/// The maximum number of cells while a table is made, for each state that it may have.
const CELLS_A_STATE: usize = 256;

/// An automaton that says of a whole text, character by character, whether a pattern finds something in it. It is the smallest that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextAutomaton {
    /// The code points where another class of characters begins, in order; the first is 0.
    pub starts: Vec<u32>,
    /// The class of the characters from each of these on.
    pub classes: Vec<u32>,
    /// For each state the state that a character of each class leads to. The first state is that of the empty text.
    pub next: Vec<Vec<u32>>,
    /// The states of texts in which the pattern finds something, in order.
    pub accepting: Vec<u32>,
}

impl TextAutomaton {
    /// Makes the automaton of a pattern.
    ///
    /// ```
    /// use eventc_pattern::automata::TextAutomaton;
    ///
    /// let table = TextAutomaton::of("^(a+)+$", 100).unwrap();
    /// assert_eq!(table.next.len(), 3);
    /// assert!(table.accepts("aaa") && !table.accepts("aab"));
    /// assert!(TextAutomaton::of(r"^(a+)+\1$", 100).is_err());
    /// ```
    ///
    /// # Errors
    /// The reason why there is none with at most so many states, as a clause without a full stop.
    pub fn of(pattern: &str, max_states: usize) -> Result<Self, &'static str> {
        let mut patterns = Patterns { smallest: true, ..Patterns::default() };
        let number = patterns.number(pattern);
        let parts = match &patterns.list[number as usize].form {
            AutomatonForm::Automaton(..) => vec![(number, true)],
            AutomatonForm::Together(parts) => parts.clone(),
            AutomatonForm::Opaque(why) => return Err(why),
        };
        TableDraft::of(&patterns, &parts, max_states).map(TableDraft::finish)
    }

    /// Returns whether the pattern finds something in a text.
    pub fn accepts(&self, text: &str) -> bool {
        let end = text.chars().fold(0, |state, c| {
            let run = self.starts.partition_point(|start| *start <= u32::from(c)) - 1;
            self.next[state as usize][self.classes[run] as usize]
        });
        self.accepting.binary_search(&end).is_ok()
    }
}

/// A table with more states and classes than it needs.
struct TableDraft {
    starts: Vec<u32>,
    classes: Vec<u32>,
    next: Vec<Vec<u32>>,
    accepts: Vec<bool>,
}

impl TableDraft {
    fn of(patterns: &Patterns, parts: &[(u32, bool)], max_states: usize) -> Result<Self, &'static str> {
        let sets: Vec<_> = parts.iter().flat_map(|(number, _)| &patterns.list[*number as usize].sets).collect();
        let (mut starts, mut classes, mut letters) = (Vec::new(), Vec::new(), Vec::new());
        let mut known: FxHashMap<Vec<bool>, u32> = FxHashMap::default();
        for (start, treated) in treatments(&sets, &cuts(&sets)).filter(|(start, _)| !SURROGATES.contains(start)) {
            let class = *known.entry(treated).or_insert_with(|| {
                letters.push(char::from_u32(start).unwrap_or(char::MAX));
                u32::try_from(letters.len() - 1).unwrap_or(u32::MAX)
            });
            if classes.last() != Some(&class) {
                starts.push(start);
                classes.push(class);
            }
        }
        let search = WordSearch { automata: patterns.automata(parts).ok_or("the pattern has no automaton")?, letters: Vec::new(), want: 0 };
        let (next, accepts) = explore(&search, &letters, max_states)?;
        Ok(Self { starts, classes, next, accepts })
    }

    /// Makes one of states that nothing tells apart, and of classes.
    fn finish(self) -> TextAutomaton {
        let blocks = self.blocks();
        let mut order = Vec::new();
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut open = VecDeque::from([0_u32]);
        while let Some(state) = open.pop_front() {
            let block = blocks[state as usize];
            if let std::collections::hash_map::Entry::Vacant(entry) = numbers.entry(block) {
                entry.insert(u32::try_from(order.len()).unwrap_or(u32::MAX));
                order.push(state);
                open.extend(&self.next[state as usize]);
            }
        }
        let number = |state: u32| numbers[&blocks[state as usize]];
        let accepting = order.iter().filter(|state| self.accepts[**state as usize]).map(|state| number(*state)).collect();
        let rows: Vec<Vec<u32>> = order.iter().map(|state| self.next[*state as usize].iter().map(|next| number(*next)).collect()).collect();
        let (class_of, next) = merge_columns(&rows);
        let (mut starts, mut classes) = (Vec::new(), Vec::new());
        for (start, class) in self.starts.into_iter().zip(self.classes) {
            let class = class_of[class as usize];
            if classes.last() != Some(&class) {
                starts.push(start);
                classes.push(class);
            }
        }
        TextAutomaton { starts, classes, next, accepting }
    }

    /// Returns the block of each state: states of one block accept the same texts (E. F. Moore's algorithm).
    fn blocks(&self) -> Vec<u32> {
        let mut blocks: Vec<u32> = self.accepts.iter().map(|accepts| u32::from(*accepts)).collect();
        let mut count = 0;
        loop {
            let mut known: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
            let of = |(state, next): (usize, &Vec<u32>)| {
                let key = std::iter::once(blocks[state]).chain(next.iter().map(|next| blocks[*next as usize])).collect();
                let fresh = u32::try_from(known.len()).unwrap_or(u32::MAX);
                *known.entry(key).or_insert(fresh)
            };
            let finer: Vec<u32> = self.next.iter().enumerate().map(of).collect();
            blocks = finer;
            if known.len() == count {
                return blocks;
            }
            count = known.len();
        }
    }
}

/// Goes through all states that texts lead to; the first is that of the empty text.
fn explore(search: &WordSearch<'_>, letters: &[char], max_states: usize) -> Result<(Vec<Vec<u32>>, Vec<bool>), &'static str> {
    let start: ProductState = search.automata.iter().map(|(_, start, _)| *start).collect();
    // `None` is where nothing is accepted any more.
    let mut states: Vec<Option<ProductState>> = vec![Some(start.clone())];
    let mut numbers: FxHashMap<Option<ProductState>, u32> = [(Some(start), 0)].into_iter().collect();
    let (mut next, mut accepts) = (Vec::new(), Vec::new());
    while let Some(state) = states.get(next.len()).cloned() {
        accepts.push(state.as_ref().is_some_and(|state| search.accepts(state)));
        let mut row = Vec::with_capacity(letters.len());
        for letter in letters {
            let after = state.as_ref().and_then(|state| search.step(state, *letter));
            let fresh = u32::try_from(states.len()).unwrap_or(u32::MAX);
            row.push(*numbers.entry(after.clone()).or_insert_with(|| {
                states.push(after);
                fresh
            }));
        }
        next.push(row);
        if states.len() > max_states || states.len() * letters.len() > max_states * CELLS_A_STATE {
            return Err("the pattern's automaton is too large");
        }
    }
    Ok((next, accepts))
}

/// Makes one of columns that are alike: returns the new number of each, and the rows.
fn merge_columns(rows: &[Vec<u32>]) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut known: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
    let mut kept = Vec::new();
    let columns = rows.first().map_or(0, Vec::len);
    let class_of = (0..columns).map(|column| {
        let fresh = u32::try_from(known.len()).unwrap_or(u32::MAX);
        *known.entry(rows.iter().map(|row| row[column]).collect()).or_insert_with(|| {
            kept.push(column);
            fresh
        })
    });
    let class_of = class_of.collect();
    (class_of, rows.iter().map(|row| kept.iter().map(|column| row[*column]).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::TextAutomaton;

    #[test]
    fn a_table_is_the_smallest() {
        let table = TextAutomaton::of("^(a+)+$", 100).expect("a table");
        assert_eq!((table.starts, table.classes), (vec![0, 0x61, 0x62], vec![0, 1, 0]));
        assert_eq!((table.next, table.accepting), (vec![vec![1, 2], vec![1, 1], vec![1, 2]], vec![2]));
        let of = |pattern| TextAutomaton::of(pattern, 1000).expect("a table").next.len();
        assert_eq!(of("^(.*a){12}$"), 14);
        assert_eq!(of("^(?=[^]*a)(?![^]*b)(c+)+"), of("^c(?:[^b]*a)[^b]*$"));
        assert_eq!(of(""), 1);
        assert_eq!(of(r"s3://\S+/.+|https://\S+\.s3(\.\S+)?\.amazonaws\.com/\S+"), 46);
    }

    #[test]
    fn what_has_none_says_why() {
        for (pattern, reason) in [
            (r"^https://([.\-_a-zA-Z0-9]+/?){3,1016}$", "too large"),
            (r"((\u002F[\u0021-\u007E]+\u002F){1,511})?[A-Za-z0-9+=,.@_/-]{1,64}$", "too large"),
            (r"^(a+)+\1$", "refers back"),
            ("^(a(?!b))+$", "ahead or behind"),
            ("(.*a.{12})+b", "too large"),
            ("(", "no regular expression"),
        ] {
            let why = TextAutomaton::of(pattern, 1000).expect_err(pattern);
            assert!(why.contains(reason), "{pattern}: {why}");
        }
    }

    #[test]
    fn a_table_finds_what_an_engine_finds() {
        let texts = ["", "a", "b", "ab", "aab", "ba\n", "é", "a-b", "aaaa!", "x x", "🐲a", "A1_", "\u{2028}", "\u{e000}", "\u{d7ff}b"];
        for pattern in [
            r"^(\w+\s?)*$",
            "(x+x+)+y",
            r"\b(a|b)+\b",
            "^(?=(a+)+$)a",
            "^(?!a)(?=.*b)[a-c]*$",
            "[^a]*.[^b]*$",
            r"^(\p{L}+)+$",
            "(.*,)*b",
            "^[^a]$",
        ] {
            let table = TextAutomaton::of(pattern, 1000).expect(pattern);
            let engine = regress::Regex::with_flags(pattern, "u").expect(pattern);
            for text in texts {
                assert_eq!(table.accepts(text), engine.find(text).is_some(), "{pattern} on {text:?}");
            }
        }
    }
}
