//! What stands behind a backslash.

use super::{Parser, PatternPart};
use crate::{class::CharSet, property};

/// A character, or several of which one may stand.
pub(super) enum Escape {
    /// A character, by its code point.
    Char(u32),
    Class(CharSet),
}

impl Escape {
    pub(super) fn set(self) -> CharSet {
        match self {
            Self::Char(c) => CharSet::of(&[(c, c)]),
            Self::Class(set) => set,
        }
    }
}

impl Parser {
    /// Parses an escape outside of classes.
    pub(super) fn escape(&mut self) -> Result<PatternPart, String> {
        if self.eat("b") {
            return Ok(PatternPart::Border(true));
        }
        if self.eat("B") {
            return Ok(PatternPart::Border(false));
        }
        if self.eat("k") {
            return match self.next() {
                Some('<') => self.reference('>'),
                Some('{') if !self.is_ecma() => self.reference('}'),
                Some('\'') if !self.is_ecma() => self.reference('\''),
                _ => Err("a reference has no name".into()),
            };
        }
        if self.peek().is_some_and(|c| ('1'..='9').contains(&c)) {
            let mut number = 0_usize;
            while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
                number = number.saturating_mul(10).saturating_add(digit as usize).min(super::NAMED - 1);
                self.at += 1;
            }
            self.furthest = self.furthest.max(number);
            return self.back(number);
        }
        if let Some(part) = self.foreign_escape() {
            return Ok(part);
        }
        Ok(match self.class_escape(false)? {
            Escape::Char(c) => self.char(c),
            Escape::Class(set) => PatternPart::Class(set),
        })
    }

    /// Parses the anchors and the line break of other engines.
    fn foreign_escape(&mut self) -> Option<PatternPart> {
        if self.eat_foreign("A", r"\A") {
            return Some(PatternPart::Start);
        }
        if self.eat_foreign("Z", r"\Z") || self.eat_foreign("z", r"\z") {
            return Some(PatternPart::End);
        }
        self.eat_foreign("R", r"\R").then(|| {
            let crlf = vec![PatternPart::Char(0x0d), PatternPart::Char(0x0a)];
            PatternPart::Either(vec![crlf, vec![PatternPart::Class(CharSet::of(&[(0x0a, 0x0d), (0x85, 0x85), (0x2028, 0x2029)]))]])
        })
    }

    /// Parses an escape that stands for characters.
    pub(super) fn class_escape(&mut self, in_class: bool) -> Result<Escape, String> {
        let Some(c) = self.next() else { return Err("it ends in a backslash".into()) };
        let set = match c {
            'd' => CharSet::digit(),
            'D' => CharSet::digit().negated(),
            'w' => CharSet::word(),
            'W' => CharSet::word().negated(),
            's' => CharSet::space(),
            'S' => CharSet::space().negated(),
            'p' | 'P' => self.property(c == 'P')?,
            'h' | 'H' if !self.is_ecma() => {
                self.foreign.push(r"\h");
                let set = CharSet::horizontal_space();
                if c == 'H' { set.negated() } else { set }
            }
            _ => return self.char_escape(c, in_class).map(Escape::Char),
        };
        Ok(Escape::Class(set))
    }

    fn property(&mut self, negated: bool) -> Result<CharSet, String> {
        let name = if self.eat("{") {
            let close = self.chars[self.at..].iter().position(|c| *c == '}').ok_or("a property has no name in braces")? + self.at;
            let name: String = self.chars[self.at..close].iter().collect();
            self.at = close + 1;
            name
        } else {
            match self.next() {
                Some(letter) if letter.is_ascii_uppercase() && !self.is_ecma() => {
                    self.foreign.push(r"\p{…} with other names");
                    letter.into()
                }
                _ => return Err("a property has no name in braces".into()),
            }
        };
        let unknown = || format!("the property {name:?} is not known");
        let set = if self.is_ecma() {
            property::of_ecma(&name)
        } else {
            self.foreign.extend(property::of_ecma(&name).is_none().then_some(r"\p{…} with other names"));
            property::of_others(&name)
        };
        let set = set.ok_or_else(unknown)?;
        let set = if self.flags.ignore_case { set.folded() } else { set };
        Ok(if negated { set.negated() } else { set })
    }

    fn char_escape(&mut self, c: char, in_class: bool) -> Result<u32, String> {
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
            'x' if self.eat_foreign("{", r"\x{…}") => self.hex_to_brace('x')?,
            'x' => self.hex(2)?,
            'u' => self.unicode()?,
            'U' if !self.is_ecma() => {
                self.foreign.push(r"\U");
                self.hex(8).ok().filter(|code| *code <= 0x10_ffff).ok_or(r"an escape \U is malformed")?
            }
            'a' | 'e' if !self.is_ecma() => {
                self.foreign.push(r"\a and \e");
                if c == 'a' { 0x07 } else { 0x1b }
            }
            c if r"^$\.*+?()[]{}|/".contains(c) || (in_class && c == '-') => u32::from(c),
            c if !c.is_alphanumeric() && !self.is_ecma() => u32::from(c),
            c => return Err(format!("the escape \\{c} is not known")),
        })
    }

    fn unicode(&mut self) -> Result<u32, String> {
        if self.eat("{") {
            return self.hex_to_brace('u');
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

    fn hex_to_brace(&mut self, letter: char) -> Result<u32, String> {
        let mut code = 0_u32;
        let mut digits = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
            code = code.saturating_mul(16).saturating_add(digit);
            digits += 1;
            self.at += 1;
        }
        let good = digits > 0 && code <= 0x10_ffff && self.eat("}");
        if good { Ok(code) } else { Err(format!("an escape \\{letter}{{…}} is malformed")) }
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
}
