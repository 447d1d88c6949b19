//! The grammar of patterns: that of ECMA-262 (22.2.1) with the flag `u`, and what others add to it.

mod class;
mod escape;
mod group;

use super::class::CharSet;

/// The maximum depth of groups.
const MAX_DEPTH: usize = 100;

/// A part of a pattern.
#[derive(Debug, Clone)]
pub enum PatternPart {
    /// One of several sequences.
    Either(Vec<Vec<PatternPart>>),
    /// A character, by its code point.
    Char(u32),
    /// One of a set of characters.
    Class(CharSet),
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`; with false `\B`.
    Border(bool),
    /// A group with a number.
    Capture(usize, Box<PatternPart>),
    /// A look ahead or behind.
    Look {
        /// Whether it looks behind.
        behind: bool,
        /// Whether it forbids what it looks for.
        negative: bool,
        /// The part that it looks for.
        inner: Box<PatternPart>,
    },
    /// A part that repeats.
    Repeat {
        /// The part.
        inner: Box<PatternPart>,
        /// The minimum number of repetitions.
        min: u64,
        /// The maximum number of repetitions.
        max: Option<u64>,
        /// How much it takes.
        greed: Greed,
    },
    /// A back-reference, by the number of its group.
    Back(usize),
}

impl PatternPart {
    /// Visits the part and all parts within it, each before those that it holds.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Either(branches) => branches.iter().flatten().for_each(|part| part.visit(see)),
            Self::Capture(_, inner) | Self::Look { inner, .. } | Self::Repeat { inner, .. } => inner.visit(see),
            Self::Char(_) | Self::Class(_) | Self::Start | Self::End | Self::Border(_) | Self::Back(_) => {}
        }
    }
}

/// How much a repetition takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greed {
    /// As much as it can.
    Greedy,
    /// As little as it can.
    Lazy,
    /// As much as there is, whatever comes of it. A pattern that was read has none of these.
    Possessive,
}

/// A pattern and its groups' names.
#[derive(Debug)]
pub struct ParsedPattern {
    /// The whole pattern.
    pub root: PatternPart,
    /// The number of groups.
    pub groups: usize,
    /// The names of groups, with their numbers.
    pub names: Vec<(String, usize)>,
}

/// What is read as a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// ECMA-262 with the flag `u`.
    Ecma,
    /// Also needless escapes, braces, brackets and hyphens that stand for themselves, as its Annex B has them, and what other engines know.
    Others,
}

/// Reads a pattern. Returns also what was read as other engines mean it.
///
/// # Errors
/// What keeps the text from being a pattern, as a clause without a full stop.
pub(super) fn parse(text: &str, grammar: Grammar) -> Result<(ParsedPattern, Vec<&'static str>), String> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        grammar,
        groups: 0,
        names: Vec::new(),
        named: Vec::new(),
        furthest: 0,
        depth: 0,
        flags: Flags::default(),
        foreign: Vec::new(),
    };
    let mut root = parser.either()?;
    if parser.at < parser.chars.len() {
        return Err("a group is closed that was not opened".into());
    }
    if parser.furthest > parser.groups {
        return Err(format!("a reference names group {}, which there is not", parser.furthest));
    }
    parser.link(&mut root)?;
    Ok((ParsedPattern { root, groups: parser.groups, names: parser.names }, parser.foreign))
}

/// What `(?i)` and its like have set.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct Flags {
    /// `i`
    ignore_case: bool,
    /// `s`
    dot_all: bool,
    /// `m`
    lines: bool,
    /// `x`
    spacing: bool,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    grammar: Grammar,
    groups: usize,
    names: Vec<(String, usize)>,
    /// The names of references; a reference has the index of its name beyond all groups until all names are known.
    named: Vec<String>,
    /// The largest number that a reference has.
    furthest: usize,
    depth: usize,
    flags: Flags,
    foreign: Vec<&'static str>,
}

/// Numbers of references by name begin here.
const NAMED: usize = usize::MAX / 2;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn eat(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    fn is_ecma(&self) -> bool {
        self.grammar == Grammar::Ecma
    }

    /// Takes what only other engines know.
    fn eat_foreign(&mut self, text: &str, said: &'static str) -> bool {
        let eaten = !self.is_ecma() && self.eat(text);
        if eaten {
            self.foreign.push(said);
        }
        eaten
    }

    fn either(&mut self) -> Result<PatternPart, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("its groups nest deeper than {MAX_DEPTH}"));
        }
        let mut branches = vec![Vec::new()];
        loop {
            self.skip_spacing();
            match self.peek() {
                None | Some(')') => break,
                Some('|') => {
                    self.at += 1;
                    branches.push(Vec::new());
                }
                _ => {
                    let part = self.term()?;
                    if let Some(branch) = branches.last_mut() {
                        branch.extend(part);
                    }
                }
            }
        }
        self.depth -= 1;
        Ok(PatternPart::Either(branches))
    }

    /// Skips what the flag `x` lets stand for nothing.
    fn skip_spacing(&mut self) {
        while self.flags.spacing && self.peek().is_some_and(|c| c.is_whitespace() || c == '#') {
            if self.next() == Some('#') {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            }
        }
    }

    /// Parses an atom with its quantifier; `None` for what only sets flags.
    fn term(&mut self) -> Result<Option<PatternPart>, String> {
        let Some(first) = self.next() else { return Err("it ends too early".into()) };
        let atom = match first {
            '^' => return Ok(Some(self.border(true))),
            '$' => return Ok(Some(self.border(false))),
            '(' => match self.group()? {
                Some(group) => group,
                None => return Ok(None),
            },
            '.' if self.flags.dot_all => PatternPart::Class(CharSet::default().negated()),
            '.' => PatternPart::Class(CharSet::no_line_end()),
            '[' => PatternPart::Class(self.class()?),
            '\\' => self.escape()?,
            '*' | '+' | '?' => return Err("there is nothing to repeat".into()),
            '{' => self.brace()?,
            '}' | ']' if self.is_ecma() => return Err(format!("a {first:?} stands alone")),
            c => self.char(u32::from(c)),
        };
        let fixed = match atom {
            PatternPart::Look { behind, .. } => behind || self.is_ecma(),
            PatternPart::Start | PatternPart::End | PatternPart::Border(_) => true,
            _ => false,
        };
        self.skip_spacing();
        if fixed {
            return Ok(Some(atom));
        }
        let repeated = self.quantifier(atom)?;
        let again = matches!(self.peek(), Some('*' | '+' | '?')) || (self.peek() == Some('{') && self.braces().is_some());
        if again && matches!(repeated, PatternPart::Repeat { .. }) {
            return Err("there is nothing to repeat".into());
        }
        Ok(Some(repeated))
    }

    /// Returns the start or the end of the text; with the flag `m` also of a line.
    fn border(&self, start: bool) -> PatternPart {
        if self.flags.lines {
            let other = PatternPart::Class(CharSet::no_line_end());
            return PatternPart::Look { behind: start, negative: true, inner: Box::new(PatternPart::Either(vec![vec![other]])) };
        }
        if start { PatternPart::Start } else { PatternPart::End }
    }

    /// Returns a character, in all its cases where these are ignored.
    fn char(&self, code: u32) -> PatternPart {
        if !self.flags.ignore_case {
            return PatternPart::Char(code);
        }
        let set = CharSet::of(&[(code, code)]).folded();
        if set.ranges() == [(code, code)] { PatternPart::Char(code) } else { PatternPart::Class(set) }
    }

    /// Returns the brace that was taken, if it is a character.
    fn brace(&mut self) -> Result<PatternPart, String> {
        self.at -= 1;
        if self.braces().is_some() {
            return Err("there is nothing to repeat".into());
        }
        if self.is_ecma() {
            return Err("a '{' stands alone".into());
        }
        self.at += 1;
        Ok(PatternPart::Char(u32::from('{')))
    }

    fn quantifier(&mut self, atom: PatternPart) -> Result<PatternPart, String> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.braces() {
                Some((counts, close)) => {
                    if self.chars.get(self.at + 1) == Some(&',') {
                        self.foreign.push("{,m}");
                    }
                    self.at = close;
                    counts
                }
                None => return Ok(atom),
            },
            _ => return Ok(atom),
        };
        self.at += 1;
        if max.is_some_and(|max| max < min) {
            return Err("a quantifier's numbers are out of order".into());
        }
        let greed = if self.eat("?") {
            Greed::Lazy
        } else if self.eat_foreign("+", "possessive quantifiers") {
            Greed::Possessive
        } else {
            Greed::Greedy
        };
        match atom {
            // Annex B lets it repeat; what finds no characters is there once, or need not be there.
            PatternPart::Look { inner, .. } if holds_groups(&inner) => Err("a look ahead repeats that holds a group".into()),
            PatternPart::Look { .. } if min == 0 => Ok(PatternPart::Either(vec![Vec::new()])),
            look @ PatternPart::Look { .. } => Ok(look),
            atom => Ok(PatternPart::Repeat { inner: Box::new(atom), min, max, greed }),
        }
    }

    /// Returns the counts of `{n}`, `{n,}` or `{n,m}` (and, of other engines, `{,m}`) and where the closing brace is; `None` where the
    /// brace is a character.
    fn braces(&self) -> Option<((u64, Option<u64>), usize)> {
        let close = self.chars[self.at..].iter().position(|c| *c == '}')? + self.at;
        let inner: String = self.chars[self.at + 1..close].iter().collect();
        let count = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u64::MAX))
        };
        let counts = match inner.split_once(',') {
            None => count(&inner).map(|count| (count, Some(count))),
            Some((min, "")) => count(min).map(|min| (min, None)),
            Some(("", max)) if !self.is_ecma() => count(max).map(|max| (0, Some(max))),
            Some((min, max)) => count(min).zip(count(max)).map(|(min, max)| (min, Some(max))),
        }?;
        Some((counts, close))
    }
}

fn holds_groups(part: &PatternPart) -> bool {
    match part {
        PatternPart::Either(branches) => branches.iter().flatten().any(holds_groups),
        PatternPart::Look { inner, .. } | PatternPart::Repeat { inner, .. } => holds_groups(inner),
        PatternPart::Capture(..) => true,
        _ => false,
    }
}
