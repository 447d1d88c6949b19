//! Types of `time`.

use time::{
    OffsetDateTime, UtcOffset,
    format_description::well_known::{Iso8601, Rfc3339},
};

use super::{ANY_DAY, Format, Formatted};

/// The text of a date and time (`date-time`).
pub type DateTime = Formatted<OffsetDateTime>;

/// The text of a date (`date`).
pub type Date = Formatted<time::Date>;

/// The text of a time of day with its offset (`time`).
pub type Time = Formatted<(time::Time, UtcOffset)>;

impl Format for OffsetDateTime {
    const EXPECTED: &'static str = "a date and time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text, &Rfc3339).ok()
    }

    /// Returns a year beyond four digits has no text in RFC 3339: it is written as the crate shows it.
    fn to_text(&self) -> String {
        self.format(&Rfc3339).unwrap_or_else(|_| self.to_string())
    }
}

impl Format for time::Date {
    const EXPECTED: &'static str = "a date (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text, &Iso8601::DATE).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Format for (time::Time, UtcOffset) {
    const EXPECTED: &'static str = "a time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(&format!("{ANY_DAY}{text}"), &Rfc3339).ok()?;
        Some((at.time(), at.offset()))
    }

    fn to_text(&self) -> String {
        let (time, offset) = self;
        let at = OffsetDateTime::UNIX_EPOCH.replace_time(*time).replace_offset(*offset);
        Format::to_text(&at).trim_start_matches(ANY_DAY).to_owned()
    }
}
