//! Parsed patterns as text.

use super::{
    class::CharSet,
    parse::{Greed, ParsedPattern, PatternPart},
};

/// The words to print in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Those of ECMA-262.
    Ecma,
    /// Those that mean the same to engines of Rust.
    Plain,
}

/// Returns the text of a pattern, with numbers for the names of its groups.
pub(super) fn print(pattern: &ParsedPattern, words: Words) -> String {
    let mut printer = Printer { words, out: String::new() };
    printer.part(&pattern.root, true);
    printer.out
}

const BORDER: &str = "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))";
const NO_BORDER: &str = "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))";

struct Printer {
    words: Words,
    out: String,
}

impl Printer {
    /// Prints a part. With `alone` nothing stands beside it, so that alternatives need no group.
    fn part(&mut self, part: &PatternPart, alone: bool) {
        match part {
            PatternPart::Either(branches) => self.either(branches, alone),
            PatternPart::Char(code) => self.char(*code, false),
            PatternPart::Class(set) => self.class(set),
            PatternPart::Start => self.out.push('^'),
            PatternPart::End => self.out.push('$'),
            PatternPart::Border(there) => self.out.push_str(match (self.words, there) {
                (Words::Ecma, true) => r"\b",
                (Words::Ecma, false) => r"\B",
                (Words::Plain, true) => BORDER,
                (Words::Plain, false) => NO_BORDER,
            }),
            PatternPart::Capture(_, inner) => self.group("(", inner),
            PatternPart::Look { behind, negative, inner } => self.group(
                match (behind, negative) {
                    (false, false) => "(?=",
                    (false, true) => "(?!",
                    (true, false) => "(?<=",
                    (true, true) => "(?<!",
                },
                inner,
            ),
            PatternPart::Repeat { inner, min, max, greed } => self.repeat(inner, *min, *max, *greed),
            // In a group, so that no digit behind it counts.
            PatternPart::Back(number) => self.out.push_str(&format!(r"(?:\{number})")),
        }
    }

    fn group(&mut self, open: &str, inner: &PatternPart) {
        self.out.push_str(open);
        self.part(inner, true);
        self.out.push(')');
    }

    fn either(&mut self, branches: &[Vec<PatternPart>], alone: bool) {
        let grouped = !alone && branches.len() > 1;
        if grouped {
            self.out.push_str("(?:");
        }
        for (index, branch) in branches.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            for part in branch {
                self.part(part, false);
            }
        }
        if grouped {
            self.out.push(')');
        }
    }

    fn repeat(&mut self, inner: &PatternPart, min: u64, max: Option<u64>, greed: Greed) {
        if matches!(inner, PatternPart::Char(_) | PatternPart::Class(_) | PatternPart::Capture(..) | PatternPart::Back(_)) {
            self.part(inner, false);
        } else {
            self.group("(?:", inner);
        }
        self.out.push_str(&match (min, max) {
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (0, Some(1)) => "?".to_owned(),
            (min, None) => format!("{{{min},}}"),
            (min, Some(max)) if min == max => format!("{{{min}}}"),
            (min, Some(max)) => format!("{{{min},{max}}}"),
        });
        if greed == Greed::Lazy {
            self.out.push('?');
        }
    }

    fn char(&mut self, code: u32, in_class: bool) {
        let c = char::from_u32(code);
        match c {
            Some(c) if r"\^$.*+?()[]{}|".contains(c) => self.out.extend(['\\', c]),
            Some('-') if in_class => self.out.push_str(r"\-"),
            // Two of these are an operator of some engines.
            Some(c @ ('&' | '~')) if in_class => self.out.push_str(&format!(r"\x{:02x}", u32::from(c))),
            Some(c @ (' '..='~')) => self.out.push(c),
            Some(c) if c.is_alphanumeric() => self.out.push(c),
            _ if code < 0x100 => self.out.push_str(&format!(r"\x{code:02x}")),
            _ => self.out.push_str(&format!(r"\u{{{code:x}}}")),
        }
    }

    fn class(&mut self, set: &CharSet) {
        let others = set.negated();
        let (open, ranges) = if (1..set.ranges().len()).contains(&others.ranges().len()) { ("[^", &others) } else { ("[", set) };
        match (set.ranges(), others.ranges()) {
            ([], _) => self.out.push_str("(?!)"),
            ([(start, end)], _) if start == end && self.words == Words::Ecma => self.char(*start, false),
            _ => {
                self.out.push_str(open);
                for (start, end) in halves(ranges, self.words) {
                    self.char(start, true);
                    if end > start {
                        if end > start + 1 {
                            self.out.push('-');
                        }
                        self.char(end, true);
                    }
                }
                self.out.push(']');
            }
        }
    }
}

/// Returns the ranges of a set; in plain words without surrogates, which are no characters there.
fn halves(set: &CharSet, words: Words) -> Vec<(u32, u32)> {
    let split = |(start, end): &(u32, u32)| match words {
        Words::Ecma => vec![(*start, *end)],
        Words::Plain => vec![(*start, (*end).min(0xd7ff)), ((*start).max(0xe000), *end)],
    };
    set.ranges().iter().flat_map(split).filter(|(start, end)| start <= end).collect()
}
