//! Groups, what they are called, and references to them.

use super::{Flags, Greed, NAMED, Parser, PatternPart};

/// What a group does with what is in it.
enum GroupKind {
    Plain,
    Capture(usize),
    Look { behind: bool, negative: bool },
    Atomic,
}

impl Parser {
    /// Parses a group behind its parenthesis; `None` for what only sets flags or comments.
    pub(super) fn group(&mut self) -> Result<Option<PatternPart>, String> {
        if self.eat_foreign("?P=", "(?P=…)") {
            return self.reference(')').map(Some);
        }
        let outside = self.flags;
        let Some(kind) = self.kind()? else { return Ok(None) };
        let inner = self.either()?;
        self.flags = outside;
        if self.next() != Some(')') {
            return Err("a group is not closed".into());
        }
        Ok(Some(match kind {
            GroupKind::Plain => inner,
            GroupKind::Capture(number) => PatternPart::Capture(number, Box::new(inner)),
            GroupKind::Look { behind, negative } => PatternPart::Look { behind, negative, inner: Box::new(inner) },
            GroupKind::Atomic => PatternPart::Repeat { inner: Box::new(inner), min: 1, max: Some(1), greed: Greed::Possessive },
        }))
    }

    fn kind(&mut self) -> Result<Option<GroupKind>, String> {
        let looks = [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)];
        if self.eat("?:") {
            return Ok(Some(GroupKind::Plain));
        }
        if let Some((_, behind, negative)) = looks.into_iter().find(|(text, ..)| self.eat(text)) {
            return Ok(Some(GroupKind::Look { behind, negative }));
        }
        if self.eat("?<") {
            return self.named('>').map(Some);
        }
        if self.peek() != Some('?') {
            self.groups += 1;
            return Ok(Some(GroupKind::Capture(self.groups)));
        }
        if self.eat_foreign("?>", "(?>…)") {
            return Ok(Some(GroupKind::Atomic));
        }
        if self.eat_foreign("?P<", "(?P<…>…)") {
            return self.named('>').map(Some);
        }
        if self.eat_foreign("?'", "(?'…'…)") {
            return self.named('\'').map(Some);
        }
        if self.eat_foreign("?#", "(?#…)") {
            while self.peek().is_some_and(|c| c != ')') {
                self.at += 1;
            }
            return if self.eat(")") { Ok(None) } else { Err("a comment is not closed".into()) };
        }
        self.at += 1;
        self.flags()
    }

    /// Parses the name of a group that captures.
    fn named(&mut self, end: char) -> Result<GroupKind, String> {
        self.groups += 1;
        let name = self.name(end)?;
        if self.names.iter().any(|(known, _)| *known == name) {
            return Err(format!("two groups are called {name:?}"));
        }
        self.names.push((name, self.groups));
        Ok(GroupKind::Capture(self.groups))
    }

    pub(super) fn name(&mut self, end: char) -> Result<String, String> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some(c) if c == end && !name.is_empty() => return Ok(name),
                Some(c) if c.is_alphabetic() || c == '_' || c == '$' || (c.is_alphanumeric() && !name.is_empty()) => name.push(c),
                _ => return Err("a group's name is no identifier".into()),
            }
        }
    }

    /// Parses flags, which hold to the end of the group around them, or before a colon for a group of their own.
    fn flags(&mut self) -> Result<Option<GroupKind>, String> {
        let start = self.at;
        let mut flags = self.flags;
        let mut set = true;
        loop {
            let Some(flag) = self.next() else { return Err("a group is not closed".into()) };
            match flag {
                ')' | ':' if self.is_ecma() || self.at == start + 1 => return Err("it has a kind of group that is not known".into()),
                ')' => {
                    self.flags = flags;
                    return Ok(None);
                }
                ':' => {
                    self.flags = flags;
                    return Ok(Some(GroupKind::Plain));
                }
                '-' if set => set = false,
                _ => {
                    let said = turn(&mut flags, flag, set)?;
                    self.foreign.extend(said);
                }
            }
        }
    }

    /// Parses the name of a group that a reference means.
    pub(super) fn reference(&mut self, end: char) -> Result<PatternPart, String> {
        let name = self.name(end)?;
        self.named.push(name);
        self.back(NAMED + self.named.len() - 1)
    }

    /// Returns a reference to a group.
    pub(super) fn back(&self, number: usize) -> Result<PatternPart, String> {
        if self.flags.ignore_case {
            return Err("a reference cannot ignore case in ECMA-262".into());
        }
        Ok(PatternPart::Back(number))
    }

    /// Gives references by name the numbers of their groups.
    pub(super) fn link(&self, part: &mut PatternPart) -> Result<(), String> {
        match part {
            PatternPart::Either(branches) => branches.iter_mut().flatten().try_for_each(|part| self.link(part)),
            PatternPart::Capture(_, inner) | PatternPart::Look { inner, .. } | PatternPart::Repeat { inner, .. } => self.link(inner),
            PatternPart::Back(number) if *number >= NAMED => {
                let name = &self.named[*number - NAMED];
                let group = self.names.iter().find(|(known, _)| known == name).map(|(_, number)| *number);
                *number = group.ok_or_else(|| format!("a reference names {name:?}, which is no group"))?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Sets a flag, or takes it away. Returns how it is called, if it changes anything.
fn turn(flags: &mut Flags, flag: char, set: bool) -> Result<Option<&'static str>, String> {
    let (field, said) = match flag {
        'i' => (&mut flags.ignore_case, "(?i)"),
        's' => (&mut flags.dot_all, "(?s)"),
        'm' => (&mut flags.lines, "(?m)"),
        'x' => (&mut flags.spacing, "(?x)"),
        // ECMA-262 always knows all characters; what `\w` means to it no flag changes.
        'u' | 'a' => return Ok(Some("(?u)")),
        c if c.is_ascii_alphabetic() => return Err(format!("the flag {c:?} cannot be said in ECMA-262")),
        _ => return Err("it has a kind of group that is not known".into()),
    };
    *field = set;
    Ok(Some(said))
}
