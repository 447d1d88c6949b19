//! A text with the type of its value.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    ops::Deref,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Format, FormatError};

/// A string whose format names a type: the text as it came, which [`parsed`](Self::parsed) reads.
///
/// A `format` is an annotation: a document in which a date is no date is as valid as any other, so it decodes. The text is kept and
/// written as it was, with its offset, its fraction and its letters' case. Values are compared by their texts; compare what they spell
/// where that is meant.
///
/// ```
/// use std::net::Ipv4Addr;
///
/// use eventc::Formatted;
///
/// let host = Formatted::from(Ipv4Addr::LOCALHOST);
/// assert_eq!(host, "127.0.0.1");
///
/// let odd: Formatted<Ipv4Addr> = "somewhere".into();
/// assert_eq!(odd.parsed().unwrap_err().to_string(), "the text is not an IPv4 address");
/// assert_eq!(odd.as_str(), "somewhere");
/// ```
pub struct Formatted<T> {
    text: String,
    value: PhantomData<fn() -> T>,
}

impl<T> Formatted<T> {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text, owned.
    pub fn into_string(self) -> String {
        self.text
    }
}

impl<T: Format> Formatted<T> {
    /// Returns the value that the text spells.
    ///
    /// # Errors
    /// It spells none.
    pub fn parsed(&self) -> Result<T, FormatError> {
        T::parse(&self.text).ok_or(FormatError { expected: T::EXPECTED })
    }
}

impl<T: Format> From<T> for Formatted<T> {
    fn from(value: T) -> Self {
        value.to_text().into()
    }
}

impl<T> From<String> for Formatted<T> {
    fn from(text: String) -> Self {
        Self { text, value: PhantomData }
    }
}

impl<T> From<&str> for Formatted<T> {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl<T> From<Formatted<T>> for String {
    fn from(formatted: Formatted<T>) -> Self {
        formatted.text
    }
}

impl<T> Clone for Formatted<T> {
    fn clone(&self) -> Self {
        self.text.clone().into()
    }
}

impl<T> fmt::Debug for Formatted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl<T> fmt::Display for Formatted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.text, f)
    }
}

impl<T> Deref for Formatted<T> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<T> AsRef<str> for Formatted<T> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<T> PartialEq for Formatted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Formatted<T> {}

impl<T> PartialEq<str> for Formatted<T> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl<T> PartialEq<&str> for Formatted<T> {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl<T> PartialOrd for Formatted<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Formatted<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for Formatted<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> Serialize for Formatted<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T> Deserialize<'de> for Formatted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}
