//! Versions as paths tell them.

use std::cmp::Ordering;

use crate::version::Version;

/// A version as a path tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// As it was written.
    pub text: String,
    /// The promise of its numbers.
    pub scheme: Scheme,
    /// Its three numbers, with zeros for those that were not written, and what stands behind them.
    pub version: Version,
    /// The number of its numbers that were written.
    written: usize,
    /// Whether it begins with a `v`.
    has_letter: bool,
}

/// The promise of a version's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `MAJOR.MINOR.PATCH` (semver 2.0), or the first of these: within a major nothing breaks.
    Semver,
    /// `MODEL-REVISION-ADDITION` (SchemaVer): an addition breaks nothing, a revision may.
    SchemaVer,
    /// A day: an order, and no promise.
    Day,
}

impl Number {
    /// Reads `v1`, `2`, `1.2.0`, `v1.2`, `1-0-0`, `1_0_0`, `1.2.0-rc.1`, `2024-01-15`; nothing else is a version.
    pub fn parse(text: &str) -> Option<Self> {
        let unmarked = text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let (has_letter, rest) = (unmarked.is_some(), unmarked.unwrap_or(text));
        let sign = rest.chars().find(|c| !c.is_ascii_digit());
        let (numbers, behind) = match sign {
            None => (vec![rest], ""),
            Some(sign @ ('.' | '-' | '_')) => take_numbers(rest, sign)?,
            Some(_) => return None,
        };
        let number = |index: usize| numbers.get(index).map_or(Some(0), |digits| digits.parse::<u64>().ok().filter(|_| digits.len() <= 9));
        let (major, minor, patch) = (number(0)?, number(1)?, number(2)?);
        let scheme = match sign {
            Some('-') if numbers.len() == 3 && (1900..2200).contains(&major) => Scheme::Day,
            Some('-') if numbers.len() == 3 => Scheme::SchemaVer,
            _ => Scheme::Semver,
        };
        // `1.2.0-rc.1`: behind three numbers with dots a pre-release may stand, and behind other versions nothing.
        let version = match behind {
            "" => Version::new(major, minor, patch),
            behind if sign == Some('.') && numbers.len() == 3 => Version::parse(&format!("{major}.{minor}.{patch}{behind}")).ok()?,
            _ => return None,
        };
        Some(Self { text: text.to_owned(), scheme, version, written: numbers.len(), has_letter })
    }

    /// Returns whether a text is a version with all of its numbers, alone (`v1.2.0`) or at the end of a dotted name
    /// (`com.example.order.paid.1.2.0`), as schemas stamp into their documents.
    pub fn is_stamp(text: &str) -> bool {
        let is_whole = |text| Self::parse(text).is_some_and(|number| number.written == 3 && number.scheme == Scheme::Semver);
        let at_end = || text.rmatch_indices('.').nth(2).is_some_and(|(at, _)| is_whole(&text[at + 1..]));
        is_whole(text) || at_end()
    }

    /// Returns whether nobody would call anything else so: it has a `v`, or several numbers.
    pub fn is_marked(&self) -> bool {
        self.has_letter || self.written > 1
    }

    /// Returns whether it has more than one number.
    pub fn has_several(&self) -> bool {
        self.written > 1
    }

    /// Returns the first number, which tells contracts of one name apart.
    pub fn major(&self) -> u32 {
        u32::try_from(self.version.major).unwrap_or(u32::MAX)
    }

    /// Returns which of the numbers says that a step may break its readers: the step from one version to the next promises the contrary
    /// where they agree up to there.
    pub fn promises(&self, earlier: &Self) -> bool {
        let (old, new) = (&earlier.version, &self.version);
        let scheme = if earlier.scheme == self.scheme { self.scheme } else { Scheme::Day };
        match scheme {
            // Before 1.0.0 a minor stands for a major, and a pre-release promises nothing.
            _ if !old.pre.is_empty() => false,
            Scheme::Semver if new.major == 0 => (old.major, old.minor) == (new.major, new.minor),
            Scheme::Semver => old.major == new.major,
            Scheme::SchemaVer => (old.major, old.minor) == (new.major, new.minor),
            Scheme::Day => false,
        }
    }

    /// Returns the word for the step from an earlier version: `patch`, `minor` or `major`; SchemaVer's `addition`, `revision` or `model`.
    pub fn step(&self, earlier: &Self) -> &'static str {
        let (old, new) = (&earlier.version, &self.version);
        let words = match self.scheme {
            Scheme::Semver => ["major", "minor", "patch"],
            Scheme::SchemaVer => ["model", "revision", "addition"],
            Scheme::Day => ["day"; 3],
        };
        match (old.major == new.major, old.minor == new.minor) {
            (false, _) => words[0],
            (true, false) => words[1],
            (true, true) => words[2],
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.version.cmp(&other.version).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// At most three numbers with a sign between them, and what stands behind.
fn take_numbers(text: &str, sign: char) -> Option<(Vec<&str>, &str)> {
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        numbers.push(&rest[..end]);
        rest = &rest[end..];
        match rest.strip_prefix(sign) {
            Some(next) if numbers.len() < 3 => rest = next,
            _ => return Some((numbers, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_words() {
        for (text, scheme, version) in [
            ("v1", Scheme::Semver, "1.0.0"),
            ("V12", Scheme::Semver, "12.0.0"),
            ("2", Scheme::Semver, "2.0.0"),
            ("1.2", Scheme::Semver, "1.2.0"),
            ("v1.2.3", Scheme::Semver, "1.2.3"),
            ("1_2_3", Scheme::Semver, "1.2.3"),
            ("1.2.3-rc.1", Scheme::Semver, "1.2.3-rc.1"),
            ("1-0-2", Scheme::SchemaVer, "1.0.2"),
            ("2024-01-15", Scheme::Day, "2024.1.15"),
        ] {
            let number = Number::parse(text).expect(text);
            assert_eq!((number.scheme, number.version.to_string().as_str()), (scheme, version), "{text}");
        }
        for text in ["", "v", "vnext", "1.x", "1..2", "1.2.", "1.2.3.4", "a1", "1-0-0-rc", "99999999999", "v1beta", "1:2", "-1"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn stamps_are_whole_versions() {
        for text in ["1.2.3", "v1.2.3", "1.2.3-rc.1", "com.example.order.paid.1.2.3", "paid.10.0.0"] {
            assert!(Number::is_stamp(text), "{text}");
        }
        for text in ["", "1", "1.2", "v1", "2024-01-15", "paid.1.2", "paid.1.2.x", "paid1.2.3", "1.2.3.4.x"] {
            assert!(!Number::is_stamp(text), "{text}");
        }
    }

    #[test]
    fn steps_promise_what_their_numbers_say() {
        for (old, new, promises, word) in [
            ("1.0.0", "1.0.1", true, "patch"),
            ("1.0.0", "1.1.0", true, "minor"),
            ("1.0.0", "2.0.0", false, "major"),
            ("0.1.0", "0.1.1", true, "patch"),
            ("0.1.0", "0.2.0", false, "minor"),
            ("1.1.0-rc.1", "1.1.0", false, "patch"),
            ("1-0-0", "1-0-1", true, "addition"),
            ("1-0-0", "1-1-0", false, "revision"),
            ("1-0-0", "2-0-0", false, "model"),
            ("v1", "v2", false, "major"),
            ("v1", "v1.1", true, "minor"),
            ("v1.1", "v1.2", true, "minor"),
            ("2024-01-15", "2024-01-16", false, "day"),
        ] {
            let [old, new] = [old, new].map(|text| Number::parse(text).expect(text));
            assert_eq!((new.promises(&old), new.step(&old)), (promises, word), "{} {}", old.text, new.text);
            assert!(old < new);
        }
    }
}
