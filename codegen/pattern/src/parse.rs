//! The grammar of ECMA-262 patterns (22.2.1) with the `u` flag; of Annex B only what harms nobody: needless escapes of
//! punctuation, and braces and brackets that stand for themselves.

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
        /// Whether it takes as little as it can.
        lazy: bool,
    },
    /// A back-reference by number.
    Back(usize),
    /// A back-reference by name, until all names are known.
    BackNamed(String),
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

/// Reads a pattern.
///
/// ```
/// use eventc_pattern::parse::parse;
///
/// assert_eq!(parse("^(?<year>[0-9]{4})").unwrap().names, [("year".to_owned(), 1)]);
/// assert!(parse("(").is_err());
/// ```
///
/// # Errors
/// What keeps the text from being a pattern, as a clause without a full stop.
pub fn parse(text: &str) -> Result<ParsedPattern, String> {
    let mut parser = Parser { chars: text.chars().collect(), at: 0, groups: 0, names: Vec::new(), depth: 0 };
    let root = parser.either()?;
    if parser.at < parser.chars.len() {
        return Err("a group is closed that was not opened".into());
    }
    Ok(ParsedPattern { root, groups: parser.groups, names: parser.names })
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    groups: usize,
    names: Vec<(String, usize)>,
    depth: usize,
}

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

    fn either(&mut self) -> Result<PatternPart, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("its groups nest deeper than {MAX_DEPTH}"));
        }
        let mut branches = vec![Vec::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.at += 1;
                    branches.push(Vec::new());
                }
                _ => {
                    let part = self.term()?;
                    if let Some(branch) = branches.last_mut() {
                        branch.push(part);
                    }
                }
            }
        }
        self.depth -= 1;
        Ok(PatternPart::Either(branches))
    }

    fn term(&mut self) -> Result<PatternPart, String> {
        let atom = match self.next() {
            Some('^') => return Ok(PatternPart::Start),
            Some('$') => return Ok(PatternPart::End),
            Some('(') => self.group()?,
            Some('.') => PatternPart::Class(CharSet::no_line_end()),
            Some('[') => PatternPart::Class(self.class()?),
            Some('\\') => self.escape()?,
            Some('*' | '+' | '?') => return Err("there is nothing to repeat".into()),
            Some(c) => PatternPart::Char(u32::from(c)),
            None => return Err("it ends too early".into()),
        };
        if matches!(atom, PatternPart::Border(_) | PatternPart::Look { .. }) {
            return Ok(atom);
        }
        let repeated = self.quantifier(atom)?;
        if matches!(self.peek(), Some('*' | '+' | '?')) && matches!(repeated, PatternPart::Repeat { .. }) {
            return Err("there is nothing to repeat".into());
        }
        Ok(repeated)
    }

    fn quantifier(&mut self, atom: PatternPart) -> Result<PatternPart, String> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.braces() {
                Some(counts) => counts,
                None => return Ok(atom),
            },
            _ => return Ok(atom),
        };
        self.at += 1;
        if max.is_some_and(|max| max < min) {
            return Err("a quantifier's numbers are out of order".into());
        }
        let lazy = self.eat("?");
        Ok(PatternPart::Repeat { inner: Box::new(atom), min, max, lazy })
    }

    /// Returns the counts of `{n}`, `{n,}` or `{n,m}`, standing on the closing brace; `None`, standing where it stood, where
    /// the brace is a character.
    fn braces(&mut self) -> Option<(u64, Option<u64>)> {
        let close = self.chars[self.at..].iter().position(|c| *c == '}')? + self.at;
        let inner: String = self.chars[self.at + 1..close].iter().collect();
        let count = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u64::MAX))
        };
        let counts = match inner.split_once(',') {
            None => count(&inner).map(|count| (count, Some(count))),
            Some((min, "")) => count(min).map(|min| (min, None)),
            Some((min, max)) => count(min).zip(count(max)).map(|(min, max)| (min, Some(max))),
        }?;
        self.at = close;
        Some(counts)
    }

    fn group(&mut self) -> Result<PatternPart, String> {
        let look = |behind, negative| move |inner| PatternPart::Look { behind, negative, inner: Box::new(inner) };
        let make: Box<dyn FnOnce(PatternPart) -> PatternPart> = if self.eat("?:") {
            Box::new(|inner| inner)
        } else if self.eat("?=") {
            Box::new(look(false, false))
        } else if self.eat("?!") {
            Box::new(look(false, true))
        } else if self.eat("?<=") {
            Box::new(look(true, false))
        } else if self.eat("?<!") {
            Box::new(look(true, true))
        } else {
            self.groups += 1;
            let number = self.groups;
            if self.eat("?<") {
                let name = self.name()?;
                if self.names.iter().any(|(known, _)| *known == name) {
                    return Err(format!("two groups are called {name:?}"));
                }
                self.names.push((name, number));
            } else if self.peek() == Some('?') {
                return Err("it has a kind of group that is not known".into());
            }
            Box::new(move |inner| PatternPart::Capture(number, Box::new(inner)))
        };
        let inner = self.either()?;
        if self.next() != Some(')') {
            return Err("a group is not closed".into());
        }
        Ok(make(inner))
    }

    fn name(&mut self) -> Result<String, String> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some('>') if !name.is_empty() => return Ok(name),
                Some(c) if c.is_alphanumeric() || c == '_' || c == '$' => name.push(c),
                _ => return Err("a group's name is no identifier".into()),
            }
        }
    }

    fn escape(&mut self) -> Result<PatternPart, String> {
        match self.peek() {
            Some('b') => self.at += 1,
            Some('B') => {
                self.at += 1;
                return Ok(PatternPart::Border(false));
            }
            Some('k') => {
                self.at += 1;
                return if self.eat("<") { Ok(PatternPart::BackNamed(self.name()?)) } else { Err("a reference has no name".into()) };
            }
            Some('1'..='9') => {
                let mut number = 0_usize;
                while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
                    number = number.saturating_mul(10).saturating_add(digit as usize);
                    self.at += 1;
                }
                return Ok(PatternPart::Back(number));
            }
            _ => {
                return Ok(match self.class_escape()? {
                    Escape::Char(c) => PatternPart::Char(c),
                    Escape::Class(set) => PatternPart::Class(set),
                });
            }
        }
        Ok(PatternPart::Border(true))
    }

    fn class_escape(&mut self) -> Result<Escape, String> {
        let Some(c) = self.next() else { return Err("it ends in a backslash".into()) };
        let set = match c {
            'd' => CharSet::digit(),
            'D' => CharSet::digit().negated(),
            'w' => CharSet::word(),
            'W' => CharSet::word().negated(),
            's' => CharSet::space(),
            'S' => CharSet::space().negated(),
            'p' | 'P' => self.property(c == 'P')?,
            _ => return self.char_escape(c).map(Escape::Char),
        };
        Ok(Escape::Class(set))
    }

    fn property(&mut self, negated: bool) -> Result<CharSet, String> {
        let rest = &self.chars[self.at..];
        let close = rest.iter().position(|c| *c == '}').filter(|_| rest.first() == Some(&'{'));
        let Some(close) = close else { return Err("a property has no name in braces".into()) };
        let name: String = rest[1..close].iter().collect();
        self.at += close + 1;
        let set = CharSet::property(&name)?;
        Ok(if negated { set.negated() } else { set })
    }

    fn char_escape(&mut self, c: char) -> Result<u32, String> {
        Ok(match c {
            't' => 0x09,
            'n' => 0x0a,
            'v' => 0x0b,
            'f' => 0x0c,
            'r' => 0x0d,
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => 0,
            'c' => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => u32::from(letter) % 32,
                _ => return Err("a control escape has no letter".into()),
            },
            'x' => self.hex(2)?,
            'u' => self.unicode()?,
            c if !c.is_alphanumeric() => u32::from(c),
            c => return Err(format!("the escape \\{c} is not known")),
        })
    }

    fn unicode(&mut self) -> Result<u32, String> {
        if self.eat("{") {
            let mut code = 0_u32;
            let mut digits = 0;
            while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
                code = code.saturating_mul(16).saturating_add(digit);
                digits += 1;
                self.at += 1;
            }
            let good = digits > 0 && code <= 0x10_ffff && self.eat("}");
            return if good { Ok(code) } else { Err("an escape \\u{…} is malformed".into()) };
        }
        let high = self.hex(4)?;
        let before = self.at;
        if (0xd800..0xdc00).contains(&high) && self.eat("\\u") {
            match self.hex(4) {
                Ok(low) if (0xdc00..0xe000).contains(&low) => return Ok(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
                _ => self.at = before,
            }
        }
        Ok(high)
    }

    fn hex(&mut self, digits: usize) -> Result<u32, String> {
        let text: String = self.chars.iter().skip(self.at).take(digits).collect();
        let good = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at += digits;
        match u32::from_str_radix(&text, 16) {
            Ok(code) if good => Ok(code),
            _ => Err("an escape \\x or \\u has too few digits".into()),
        }
    }

    fn class(&mut self) -> Result<CharSet, String> {
        let negative = self.eat("^");
        let mut set = CharSet::default();
        loop {
            if self.eat("]") {
                return Ok(if negative { set.negated() } else { set });
            }
            let first = self.class_atom()?;
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            if !is_range {
                set.add(&first.set());
                continue;
            }
            self.at += 1;
            match (first, self.class_atom()?) {
                (Escape::Char(start), Escape::Char(end)) if start <= end => set.add(&CharSet::of(&[(start, end)])),
                (Escape::Char(_), Escape::Char(_)) => return Err("a range is out of order".into()),
                // Annex B: beside a class the hyphen is a character.
                (first, last) => {
                    set.add(&first.set());
                    set.add(&last.set());
                    set.add(&CharSet::of(&[(0x2d, 0x2d)]));
                }
            }
        }
    }

    fn class_atom(&mut self) -> Result<Escape, String> {
        match self.next() {
            None => Err("a character class is not closed".into()),
            Some('\\') if self.eat("b") => Ok(Escape::Char(0x08)),
            Some('\\') => self.class_escape(),
            Some(c) => Ok(Escape::Char(u32::from(c))),
        }
    }
}

enum Escape {
    /// A character, by its code point.
    Char(u32),
    Class(CharSet),
}

impl Escape {
    fn set(self) -> CharSet {
        match self {
            Self::Char(c) => CharSet::of(&[(c, c)]),
            Self::Class(set) => set,
        }
    }
}
