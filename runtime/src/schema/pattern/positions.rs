//! Small patterns and texts of ASCII, which is what most schemas ask for.
//!
//! Each class of characters in the pattern is a *position*, a bit of a word (V. M. Glushkov, *The abstract theory of automata*, 1961). A
//! text is read byte by byte with the set of the positions that it may have come to.

/// A pattern of at most 64 classes, in groups, alternatives and quantifiers.
#[derive(Debug)]
pub(super) struct Positions {
    /// The positions that a match can begin with.
    first: u64,
    /// The positions that a match can end with.
    last: u64,
    /// Whether a match can be empty.
    empty: bool,
    /// The positions that can come after each.
    follow: Vec<u64>,
    /// The positions that take each character.
    takers: Box<[u64; 128]>,
    from_start: bool,
    to_end: bool,
}

impl Positions {
    /// Creates the pattern; `None` unless it holds nothing but what means the same with the flag `u` and without.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let mut parser = PatternParser { rest: pattern.as_bytes(), classes: Vec::new(), follow: Vec::new(), atoms: 0, to_end: false };
        let from_start = parser.take(b'^');
        let whole = parser.alternatives(0)?;
        // An anchor belongs to its alternative alone.
        let split = whole.alternatives > 1 && (from_start || parser.to_end);
        if split || !parser.rest.is_empty() {
            return None;
        }
        let mut takers = Box::new([0; 128]);
        for (position, class) in parser.classes.iter().enumerate() {
            for (character, takers) in takers.iter_mut().enumerate() {
                if class >> character & 1 == 1 {
                    *takers |= 1 << position;
                }
            }
        }
        let PositionPart { first, last, empty, .. } = whole;
        Some(Self { first, last, empty, follow: parser.follow, takers, from_start, to_end: parser.to_end })
    }

    /// Returns whether a text holds a match; `None` where it is not of ASCII.
    pub(super) fn find(&self, text: &str) -> Option<bool> {
        if !text.is_ascii() {
            return None;
        }
        if self.empty && (text.is_empty() || !self.from_start || !self.to_end) {
            return Some(true);
        }
        let (mut next, mut reached) = (self.first, 0);
        for byte in text.bytes() {
            reached = next & self.takers[usize::from(byte)];
            if reached & self.last != 0 && !self.to_end {
                return Some(true);
            }
            if reached == 0 && self.from_start {
                return Some(false);
            }
            next = self.after(reached);
        }
        Some(self.to_end && reached & self.last != 0)
    }

    /// Returns the positions to which the next character can lead.
    fn after(&self, mut reached: u64) -> u64 {
        let mut next = if self.from_start { 0 } else { self.first };
        while reached != 0 {
            next |= self.follow[reached.trailing_zeros() as usize];
            reached &= reached - 1;
        }
        next
    }
}

/// A part of a pattern.
#[derive(Clone, Copy)]
struct PositionPart {
    first: u64,
    last: u64,
    empty: bool,
    alternatives: usize,
}

impl PositionPart {
    const NOTHING: Self = Self { first: 0, last: 0, empty: true, alternatives: 1 };
}

/// ASCII characters, as bits.
type CharClass = u128;

const DIGITS: CharClass = range(b'0', b'9');
const WORD: CharClass = DIGITS | range(b'a', b'z') | range(b'A', b'Z') | 1 << b'_';
const SPACES: CharClass = range(b'\t', b'\r') | 1 << b' ';
const LINE_ENDS: CharClass = 1 << b'\n' | 1 << b'\r';

const fn range(least: u8, most: u8) -> CharClass {
    (CharClass::MAX >> (127 - most)) & (CharClass::MAX << least)
}

/// The maximum depth of groups.
const MAX_DEPTH: usize = 16;

/// The maximum number of atoms that are read in all; what is repeated is read again for each time.
const MAX_ATOMS: usize = 1000;

struct PatternParser<'a> {
    rest: &'a [u8],
    classes: Vec<CharClass>,
    follow: Vec<u64>,
    atoms: usize,
    to_end: bool,
}

impl PatternParser<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.rest.first() == Some(&byte);
        if taken {
            self.rest = &self.rest[1..];
        }
        taken
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first).filter(u8::is_ascii)
    }

    fn alternatives(&mut self, depth: usize) -> Option<PositionPart> {
        let mut whole = self.sequence(depth)?;
        while self.take(b'|') {
            let other = self.sequence(depth)?;
            whole = PositionPart {
                first: whole.first | other.first,
                last: whole.last | other.last,
                empty: whole.empty | other.empty,
                alternatives: whole.alternatives + 1,
            };
        }
        Some(whole)
    }

    fn sequence(&mut self, depth: usize) -> Option<PositionPart> {
        let mut whole = PositionPart::NOTHING;
        loop {
            match self.rest {
                [] | [b'|' | b')', ..] => return Some(whole),
                [b'$'] if depth == 0 => {
                    (self.rest, self.to_end) = (&[], true);
                    return Some(whole);
                }
                _ => {
                    let part = self.repeated(depth)?;
                    whole = self.join(whole, part);
                }
            }
        }
    }

    fn join(&mut self, left: PositionPart, right: PositionPart) -> PositionPart {
        self.lead(left.last, right.first);
        PositionPart {
            first: left.first | if left.empty { right.first } else { 0 },
            last: right.last | if right.empty { left.last } else { 0 },
            empty: left.empty && right.empty,
            alternatives: 1,
        }
    }

    fn lead(&mut self, from: u64, to: u64) {
        for (position, follow) in self.follow.iter_mut().enumerate() {
            if from >> position & 1 == 1 {
                *follow |= to;
            }
        }
    }

    /// Returns an atom with its quantifier.
    fn repeated(&mut self, depth: usize) -> Option<PositionPart> {
        let start = self.rest;
        let mut part = self.atom(depth)?;
        let (least, most) = self.quantifier()?;
        // Whether it takes much or little is the same to who only asks for a match.
        self.take(b'?');
        let end = self.rest;
        let mut whole = PositionPart::NOTHING;
        for time in 1..=most.unwrap_or(least.max(1)) {
            if time > 1 {
                self.rest = start;
                part = self.atom(depth)?;
            }
            if most.is_none() && time >= least {
                self.lead(part.last, part.first);
            }
            part.empty |= time > least;
            whole = self.join(whole, part);
        }
        self.rest = end;
        Some(whole)
    }

    /// Parses how often the atom before stands; without an end where there is none.
    fn quantifier(&mut self) -> Option<(usize, Option<usize>)> {
        let [first, ..] = self.rest else { return Some((1, Some(1))) };
        let times = match first {
            b'*' => (0, None),
            b'+' => (1, None),
            b'?' => (0, Some(1)),
            b'{' => {
                let end = self.rest.iter().position(|byte| *byte == b'}')?;
                let inside = std::str::from_utf8(&self.rest[1..end]).ok()?;
                self.rest = &self.rest[end..];
                let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
                match inside.split_once(',') {
                    None => (number(inside)?, Some(number(inside)?)),
                    Some((least, "")) => (number(least)?, None),
                    Some((least, most)) => (number(least)?, Some(number(most)?)),
                }
            }
            _ => return Some((1, Some(1))),
        };
        self.rest = &self.rest[1..];
        (times.1.is_none_or(|most| times.0 <= most)).then_some(times)
    }

    fn atom(&mut self, depth: usize) -> Option<PositionPart> {
        self.atoms += 1;
        if self.atoms > MAX_ATOMS {
            return None;
        }
        let class = match self.next()? {
            b'(' => return self.group(depth + 1),
            b'[' => self.class()?,
            b'.' => !LINE_ENDS,
            b'\\' => self.escape()?,
            b'*' | b'+' | b'?' | b'{' | b'}' | b']' | b'^' | b'$' => return None,
            byte => 1 << byte,
        };
        let position = self.classes.len();
        if position == 64 {
            return None;
        }
        self.classes.push(class);
        self.follow.push(0);
        Some(PositionPart { first: 1 << position, last: 1 << position, empty: false, alternatives: 1 })
    }

    fn group(&mut self, depth: usize) -> Option<PositionPart> {
        // Of what begins with a question mark only the group without a number is one.
        if self.take(b'?') && !self.take(b':') {
            return None;
        }
        let inside = if depth > MAX_DEPTH { None } else { self.alternatives(depth) }?;
        self.take(b')').then_some(PositionPart { alternatives: 1, ..inside })
    }

    /// Returns a class in brackets.
    fn class(&mut self) -> Option<CharClass> {
        let negated = self.take(b'^');
        let mut class: CharClass = 0;
        loop {
            let least = match self.next()? {
                b']' if class == 0 => return None,
                b']' => return Some(if negated { !class } else { class }),
                byte => self.member(byte)?,
            };
            let [b'-', after, ..] = self.rest else {
                class |= least;
                continue;
            };
            if *after == b']' {
                class |= least;
                continue;
            }
            self.take(b'-');
            let byte = self.next()?;
            let most = self.member(byte)?;
            if least.count_ones() != 1 || most.count_ones() != 1 || least > most {
                return None;
            }
            // All bits from the one to the other.
            class |= (most - least) | most;
        }
    }

    /// Returns a member of a class, of which the first byte was read.
    fn member(&mut self, byte: u8) -> Option<CharClass> {
        match byte {
            b'\\' if self.take(b'-') => Some(1 << b'-'),
            b'\\' => self.escape(),
            byte => Some(1 << byte),
        }
    }

    /// Parses what stands behind a backslash.
    fn escape(&mut self) -> Option<CharClass> {
        Some(match self.next()? {
            b'd' => DIGITS,
            b'D' => !DIGITS,
            b'w' => WORD,
            b'W' => !WORD,
            b's' => SPACES,
            b'S' => !SPACES,
            b't' => 1 << b'\t',
            b'n' => 1 << b'\n',
            b'r' => 1 << b'\r',
            byte if b"^$\\.*+?()[]{}|/".contains(&byte) => 1 << byte,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use regress::Regex;

    use super::Positions;

    /// Pieces of patterns and texts.
    const PIECES: [&str; 36] = [
        "a",
        "b",
        "-",
        "_",
        "0",
        "[a-c]",
        "[^a-]",
        "[\\d_]",
        "[+-]",
        "[\\-\\]a]",
        "\\d",
        "\\w",
        "\\S",
        "\\.",
        ".",
        "(",
        "(?:",
        ")",
        "|",
        "*",
        "+",
        "?",
        "*?",
        "{2}",
        "{0,2}",
        "{1,}",
        "{0}",
        "{2,1}",
        "^",
        "$",
        "\\/",
        "[a\\-c]",
        "\\D",
        " ",
        "[^\\W]",
        "]",
    ];
    const TEXTS: [&str; 12] = ["", "a", "b", "aa", "ab-", "-a_0", "c0c", "a.b/", "a b", "\n", "0012", "aaaaaaab"];

    #[test]
    fn what_it_reads_it_reads_as_the_engine_does() {
        let (mut seed, mut read) = (7_u64, 0);
        for _ in 0..20_000 {
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 33) as usize
            };
            let length = 1 + next() % 7;
            let pattern: String = (0..length).map(|_| PIECES[next() % PIECES.len()]).collect();
            let Some(positions) = Positions::new(&pattern) else { continue };
            let regex = Regex::with_flags(&pattern, "u").unwrap_or_else(|error| panic!("{pattern} is read: {error}"));
            read += 1;
            for text in TEXTS {
                assert_eq!(positions.find(text), Some(regex.find(text).is_some()), "{pattern} in {text:?}");
            }
        }
        assert!(read > 4_000, "{read}");
    }

    #[test]
    fn what_schemas_ask_for_is_read() {
        for (pattern, matching, other) in [
            ("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "senior-analyst-2", "senior-"),
            ("^\\S+$", "doc/7", "doc 7"),
            ("^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$", "1.20.0", "1.02.0"),
            (
                "^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$",
                "7f3a9c2e-1b2c-4d5e-8f90-123456789abc",
                "7f3a9c2e-1b2c-4d5e-8f90-123456789ab",
            ),
            ("^omninode(\\.[a-z][a-z0-9_]*){2,3}\\.v[1-9][0-9]*$", "omninode.a.b.v1", "omninode.a.v1"),
            ("[A-Z]{3}", "in EUR", "in EU"),
        ] {
            let positions = Positions::new(pattern).unwrap_or_else(|| panic!("{pattern} is read"));
            assert_eq!((positions.find(matching), positions.find(other)), (Some(true), Some(false)), "{pattern}");
            assert_eq!(positions.find("ä"), None);
        }
    }

    #[test]
    fn what_is_large_or_strange_is_left_to_others() {
        let nested = format!("{}a{}", "(".repeat(100), ")".repeat(100));
        let repeated = format!("{}a{}", "(".repeat(10), "){9}".repeat(10));
        for pattern in
            ["a{1,200}", "(?=a)", "\\bx", "(a)\\1", "^a|b", "[]", "[^]", "a**", "\\p{L}", "ä", "a{99999999999999999999}", "a{,2}"]
        {
            assert!(Positions::new(pattern).is_none(), "{pattern}");
        }
        assert!(Positions::new(&nested).is_none() && Positions::new(&repeated).is_none());
    }
}
