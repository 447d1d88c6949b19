//! Strings that a `format` describes: the text as it came, and the value that it spells.

#[cfg(feature = "base64")]
pub mod base64;
#[cfg(feature = "chrono")]
pub mod chrono;
#[cfg(feature = "email_address")]
pub mod email_address;
mod formatted;
#[cfg(feature = "jiff")]
pub mod jiff;
pub mod net;
#[cfg(feature = "time")]
pub mod time;
#[cfg(feature = "url")]
pub mod url;
#[cfg(feature = "uuid")]
pub mod uuid;

pub use self::formatted::Formatted;

/// A type for the strings of a format.
///
/// The crate implements it for `Ipv4Addr` and `Ipv6Addr`, and by feature for types of `chrono`, `jiff`, `time`, `uuid`, `url`,
/// `email_address` and, with `base64`, for `Vec<u8>`. A time of day has an offset in RFC 3339: it is a pair of both.
pub trait Format: Sized {
    /// The expected form of a text, for errors: `a date (RFC 3339)`.
    const EXPECTED: &'static str;

    /// Returns the value that a text spells; `None` where it spells none.
    fn parse(text: &str) -> Option<Self>;

    /// Returns a text that spells the value.
    fn to_text(&self) -> String;
}

/// A text does not spell what its format promises. The text is not part of the message: it may be sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatError {
    expected: &'static str,
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the text is not {}", self.expected)
    }
}

impl std::error::Error for FormatError {}

/// The day that stands for any, where a time of day is read or written as part of a date-time.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
const ANY_DAY: &str = "1970-01-01T";
