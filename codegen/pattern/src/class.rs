//! Sets of code points.

use regex_syntax::hir::{Class, HirKind};

/// The maximum code point.
const LAST: u32 = 0x10_ffff;

/// A set of code points: ranges in order, apart from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CharSet(Vec<(u32, u32)>);

impl CharSet {
    /// Returns the set of all characters in these ranges, both ends included.
    pub fn of(ranges: &[(u32, u32)]) -> Self {
        let mut set = Self(ranges.to_vec());
        set.tidy();
        set
    }

    /// Returns the class `\d`.
    pub fn digit() -> Self {
        Self::of(&[(0x30, 0x39)])
    }

    /// Returns the class `\w`.
    pub fn word() -> Self {
        Self::of(&[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)])
    }

    /// Returns the class `\s`: `WhiteSpace` and `LineTerminator` of ECMA-262.
    pub fn space() -> Self {
        let single = [0x20, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff].map(|c| (c, c));
        Self::of(&[&single[..], &[(0x09, 0x0d), (0x2000, 0x200a), (0x2028, 0x2029)]].concat())
    }

    /// Returns the class `.`.
    pub fn no_line_end() -> Self {
        Self::of(&[(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)]).negated()
    }

    /// Returns the class that `\p{…}` matches.
    pub fn property(name: &str) -> Result<Self, String> {
        let unknown = || format!("the property {name:?} is not known");
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'=');
        if !plain {
            return Err(unknown());
        }
        let hir = regex_syntax::parse(&format!("\\p{{{name}}}")).map_err(|_| unknown())?;
        match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                Ok(Self::of(&class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect::<Vec<_>>()))
            }
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| unknown())?;
                Ok(Self::of(&text.chars().map(|c| (u32::from(c), u32::from(c))).collect::<Vec<_>>()))
            }
            _ => Err(unknown()),
        }
    }

    /// Adds all characters of another set.
    pub fn add(&mut self, other: &Self) {
        self.0.extend(&other.0);
        self.tidy();
    }

    /// Returns the set of all other characters.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut out = Vec::new();
        let mut next = 0;
        for (start, end) in &self.0 {
            if *start > next {
                out.push((next, start - 1));
            }
            next = end + 1;
        }
        if next <= LAST {
            out.push((next, LAST));
        }
        Self(out)
    }

    /// Returns the ranges, in order, with space between them.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    fn tidy(&mut self) {
        self.0.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(self.0.len());
        for (start, end) in self.0.drain(..) {
            match out.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => out.push((start, end)),
            }
        }
        self.0 = out;
    }
}
