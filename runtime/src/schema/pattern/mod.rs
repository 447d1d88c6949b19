//! Patterns: regular expressions of ECMA-262 with the flag `u`, into which the compiler has translated all others, with short ways for
//! what is simple.
//!
//! No crate alone serves. `regex` has neither lookaround nor back-references, and `fancy-regex`, which has, reads the same language, in
//! which classes and escapes mean other characters than in ECMA-262. `regress` reads ECMA-262 and is the engine for whatever is left, but
//! it backtracks, so that some patterns take a time without bound: those come with an automaton that the compiler made, which reads each
//! character once.

mod automaton;
mod positions;

use std::sync::OnceLock;

use regress::Regex;
use serde_json::Value;

use self::{automaton::Automaton, positions::Positions};

/// A compiled pattern. It is not anchored.
#[derive(Debug)]
pub(super) struct Pattern {
    source: Box<str>,
    /// What its author wrote, where that is in other words.
    written: Option<Box<str>>,
    matcher: Matcher,
}

#[derive(Debug)]
enum Matcher {
    Contains(Box<str>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
    Is(Box<str>),
    /// The engine is for texts that are not of ASCII, and made for the first of them.
    Positions(Positions, OnceLock<Option<Box<Regex>>>),
    Regex(Box<Regex>),
    Automaton(Box<Automaton>),
}

impl Pattern {
    /// Compiles a pattern.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let positions = || Positions::new(source).map(|positions| Matcher::Positions(positions, OnceLock::new()));
        let matcher = match plain(source).or_else(positions) {
            Some(matcher) => matcher,
            None => Matcher::Regex(regex(source)?),
        };
        Ok(Self { source: source.into(), written: None, matcher })
    }

    /// Takes a pattern with the automaton that the compiler made of it.
    pub(super) fn with_automaton(source: &str, plan: &Value) -> Result<Self, String> {
        let automaton = Automaton::read(plan).ok_or("its automaton is none")?;
        Ok(Self { source: source.into(), written: None, matcher: Matcher::Automaton(Box::new(automaton)) })
    }

    /// States what its author wrote.
    pub(super) fn written(self, text: &str) -> Self {
        Self { written: Some(text.into()), ..self }
    }

    /// Returns the pattern as its author wrote it.
    pub(super) fn as_str(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.source)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Contains(part) => text.contains(&**part),
            Matcher::StartsWith(part) => text.starts_with(&**part),
            Matcher::EndsWith(part) => text.ends_with(&**part),
            Matcher::Is(part) => text == &**part,
            Matcher::Positions(positions, engine) => positions.find(text).unwrap_or_else(|| {
                let engine = engine.get_or_init(|| regex(&self.source).ok());
                engine.as_ref().is_some_and(|regex| regex.find(text).is_some())
            }),
            Matcher::Regex(regex) => regex.find(text).is_some(),
            Matcher::Automaton(automaton) => automaton.accepts(text),
        }
    }
}

fn regex(source: &str) -> Result<Box<Regex>, String> {
    Regex::with_flags(source, "u").map(Box::new).map_err(|error| error.to_string())
}

/// Returns a matcher for patterns that hold nothing but anchors, letters, digits and what means itself.
fn plain(source: &str) -> Option<Matcher> {
    let (start, rest) = source.strip_prefix('^').map_or((false, source), |rest| (true, rest));
    let (end, rest) = rest.strip_suffix('$').map_or((false, rest), |rest| (true, rest));
    let means_itself = |c: char| c.is_alphanumeric() || " _-:/@,;=~!'\"#%&<>".contains(c);
    if !rest.chars().all(means_itself) {
        return None;
    }
    let part = rest.into();
    Some(match (start, end) {
        (false, false) => Matcher::Contains(part),
        (true, false) => Matcher::StartsWith(part),
        (false, true) => Matcher::EndsWith(part),
        (true, true) => Matcher::Is(part),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, matching: &[&str], other: &[&str]) {
        let compiled = Pattern::new(pattern).expect("a pattern");
        for text in matching {
            assert!(compiled.matches(text), "{pattern} matches {text:?}");
        }
        for text in other {
            assert!(!compiled.matches(text), "{pattern} does not match {text:?}");
        }
    }

    #[test]
    fn plain_text_is_found_where_it_is_asked_for() {
        check("ab", &["ab", "xaby"], &["", "a b"]);
        check("^x-", &["x-", "x-1"], &["-x-", "x"]);
        check("z$", &["z", "yz"], &["z\n", "zy"]);
        check("^ä b$", &["ä b"], &["ä b ", "ä"]);
        check("", &["", "a"], &[]);
        check("^$", &[""], &["\n", " "]);
    }

    #[test]
    fn expressions_are_those_of_ecma_script() {
        check("^\\d+$", &["0", "123"], &["", "\u{0968}", "1\n"]);
        check("^.$", &["a", "\u{1F600}"], &["ab", "\n", "\u{2028}"]);
        check("^\\p{Lu}+$", &["ÄB"], &["äb"]);
        check("^\\S$", &["\u{200B}"], &["\u{FEFF}", "\u{A0}"]);
        check("^(?!tmp)(?<word>\\w+)-\\k<word>$", &["ab-ab"], &["ab-ba", "tmp-tmp"]);
        check("^[^\\d]$", &["x"], &["1"]);
        check("a|^b$", &["xa", "b"], &["xb"]);
        check("^a\\.b$", &["a.b"], &["aXb"]);
    }

    #[test]
    fn patterns_of_other_engines_are_none() {
        for pattern in ["(", "[z-a]", "^a\\-b$", "^{x$", "\\A[0-9]+\\Z", "(?s).*", "^{\\p{L}", "[\\w-.]\\h"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
