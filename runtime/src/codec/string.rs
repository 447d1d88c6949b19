//! Enums of strings.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

use super::Mode;

/// Reads one of several strings. `known` are those that the type knows; what it makes of another is its own.
///
/// # Errors
/// The document is no string, or one that the type or the mode refuses.
pub fn read_string<'de, T, D>(deserializer: D, mode: Mode, known: &'static [&'static str]) -> Result<T, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(StringVisitor { mode, known, read: PhantomData })
}

/// Reads one of several strings as [`read_string`] does, of a type that takes any other for one that it knows: valid, too, where a reader
/// is strict.
///
/// # Errors
/// The document is no string, or one that the mode refuses.
pub fn read_symbol<'de, T, D>(deserializer: D, mode: Mode, known: &'static [&'static str]) -> Result<T, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    read_string(deserializer, if mode.is_strict() { Mode::Tolerant } else { mode }, known)
}

struct StringVisitor<T> {
    mode: Mode,
    known: &'static [&'static str],
    read: PhantomData<T>,
}

impl<T: FromStr> Visitor<'_> for StringVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if self.mode != Mode::Tolerant && !self.known.contains(&text) {
            return Err(E::unknown_variant(text, self.known));
        }
        text.parse().map_err(|_| E::unknown_variant(text, self.known))
    }
}

/// A string that an enum does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue(pub String);

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown value {:?}", self.0)
    }
}

impl std::error::Error for UnknownValue {}
