//! Patterns that an engine which tries one way after the other may take very long for. Their plans bring an automaton, which takes each
//! character once.

use serde_json::Value;

/// An automaton that says of a whole text whether a pattern finds something in it.
#[derive(Debug)]
pub(super) struct Automaton {
    /// The class of each character of ASCII.
    ascii: [u32; 128],
    /// The code points where another class begins, in order.
    starts: Vec<u32>,
    /// The class of the characters from each of these on.
    classes: Vec<u32>,
    /// The state behind each state and class: a row for each state.
    next: Vec<u32>,
    /// The length of a row.
    width: usize,
    accepting: Vec<bool>,
}

impl Automaton {
    /// Reads the automaton that a plan states; `None` for what is none.
    pub(super) fn read(plan: &Value) -> Option<Self> {
        let (starts, classes) = (numbers(&plan["starts"])?, numbers(&plan["classes"])?);
        let rows: Vec<Vec<u32>> = plan["next"].as_array()?.iter().map(numbers).collect::<Option<_>>()?;
        let width = rows.first()?.len();
        let mut accepting = vec![false; rows.len()];
        for state in numbers(&plan["accepting"])? {
            *accepting.get_mut(state as usize)? = true;
        }
        let leads = |row: &Vec<u32>| row.len() == width && row.iter().all(|state| (*state as usize) < rows.len());
        let is_whole = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.len() == classes.len()
            && classes.iter().all(|class| (*class as usize) < width)
            && rows.iter().all(leads);
        let mut automaton = Self { ascii: [0; 128], starts, classes, next: rows.concat(), width, accepting };
        is_whole.then(|| {
            automaton.ascii = std::array::from_fn(|code| automaton.class(u32::try_from(code).unwrap_or(0)));
            automaton
        })
    }

    /// Returns whether the pattern finds something in a text.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let mut state = 0;
        for c in text.chars() {
            let class = self.ascii.get(c as usize).copied().unwrap_or_else(|| self.class(u32::from(c)));
            state = self.next[state * self.width + class as usize] as usize;
        }
        self.accepting[state]
    }

    fn class(&self, code: u32) -> u32 {
        self.classes[self.starts.partition_point(|start| *start <= code) - 1]
    }
}

fn numbers(list: &Value) -> Option<Vec<u32>> {
    list.as_array()?.iter().map(|number| u32::try_from(number.as_u64()?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Automaton;

    fn plan() -> Value {
        json!({ "starts": [0, 97, 98], "classes": [0, 1, 0], "next": [[1, 2], [1, 1], [1, 2]], "accepting": [2] })
    }

    #[test]
    fn a_text_is_read_once() {
        let automaton = Automaton::read(&plan()).expect("an automaton");
        for (text, accepts) in [("", false), ("a", true), ("aaa", true), ("ab", false), ("é", false), ("aé", false)] {
            assert_eq!(automaton.accepts(text), accepts, "{text}");
        }
        assert!(!automaton.accepts(&("a".repeat(1_000_000) + "!")));
    }

    #[test]
    fn what_leads_nowhere_is_none() {
        let broken = [
            ("starts", json!([1, 97, 98])),
            ("starts", json!([0, 97])),
            ("classes", json!([0, 2, 0])),
            ("next", json!([[1, 3], [1, 1], [1, 2]])),
            ("next", json!([[1], [1, 1], [1, 2]])),
            ("next", json!([])),
            ("accepting", json!([3])),
            ("accepting", json!("x")),
        ];
        for (key, value) in broken {
            let mut plan = plan();
            plan[key] = value;
            assert!(Automaton::read(&plan).is_none(), "{plan}");
        }
    }
}
