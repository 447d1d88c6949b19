//! Classes in brackets.

use super::{Parser, escape::Escape};
use crate::{class::CharSet, property};

impl Parser {
    /// Parses a class behind its bracket.
    pub(super) fn class(&mut self) -> Result<CharSet, String> {
        let negative = self.eat("^");
        let mut set = CharSet::default();
        let mut opened = false;
        // To others a bracket that comes first is a character.
        if !self.is_ecma() && self.peek() == Some(']') && self.chars[self.at + 1..].contains(&']') {
            self.at += 1;
            self.foreign.push("[]…]");
            set.add(&CharSet::of(&[(0x5d, 0x5d)]));
        }
        while !self.eat("]") {
            if !self.is_ecma() && (self.eat("&&[") || self.eat("--[")) {
                return Err("a class is cut with another, which ECMA-262 cannot say with the flag `u`".into());
            }
            opened |= self.peek() == Some('[');
            let member = self.member()?;
            set.add(&member);
        }
        if opened && !self.is_ecma() && self.peek() == Some(']') {
            return Err("a class is within a class, which ECMA-262 cannot say with the flag `u`".into());
        }
        Ok(if negative { set.negated() } else { set })
    }

    /// Parses a character, a range or a class within.
    fn member(&mut self) -> Result<CharSet, String> {
        if self.eat_foreign("[:", "[:…:]") {
            return self.posix();
        }
        let first = self.class_atom()?;
        let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
        if !is_range {
            return Ok(self.cased(first));
        }
        self.at += 1;
        match (first, self.class_atom()?) {
            (Escape::Char(start), Escape::Char(end)) if start <= end => {
                let range = CharSet::of(&[(start, end)]);
                Ok(if self.flags.ignore_case { range.folded() } else { range })
            }
            (Escape::Char(_), Escape::Char(_)) => Err("a range is out of order".into()),
            _ if self.is_ecma() => Err("a range begins or ends with a class".into()),
            // Annex B: beside a class the hyphen is a character.
            (first, last) => {
                let mut set = self.cased(first);
                set.add(&self.cased(last));
                set.add(&CharSet::of(&[(0x2d, 0x2d)]));
                Ok(set)
            }
        }
    }

    fn cased(&self, member: Escape) -> CharSet {
        match member {
            Escape::Char(_) if self.flags.ignore_case => member.set().folded(),
            member => member.set(),
        }
    }

    /// Parses a class of POSIX behind its colon.
    fn posix(&mut self) -> Result<CharSet, String> {
        let negative = self.eat("^");
        let mut name = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_lowercase) {
            name.push(c);
            self.at += 1;
        }
        let set = property::posix(&name).filter(|_| self.eat(":]")).ok_or("a class [:…:] is not known")?;
        let set = if self.flags.ignore_case { set.folded() } else { set };
        Ok(if negative { set.negated() } else { set })
    }

    fn class_atom(&mut self) -> Result<Escape, String> {
        match self.next() {
            None => Err("a character class is not closed".into()),
            Some('\\') if self.eat("b") => Ok(Escape::Char(0x08)),
            Some('\\') => self.class_escape(true),
            Some(c) => Ok(Escape::Char(u32::from(c))),
        }
    }
}
