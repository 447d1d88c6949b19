//! Types of `chrono`.

use chrono::{FixedOffset, NaiveDate, NaiveTime, SecondsFormat};

use super::{ANY_DAY, Format, Formatted};

/// The text of a date and time (`date-time`).
pub type DateTime = Formatted<chrono::DateTime<FixedOffset>>;

/// The text of a date (`date`).
pub type Date = Formatted<NaiveDate>;

/// The text of a time of day with its offset (`time`).
pub type Time = Formatted<(NaiveTime, FixedOffset)>;

impl Format for chrono::DateTime<FixedOffset> {
    const EXPECTED: &'static str = "a date and time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        Self::parse_from_rfc3339(text).ok()
    }

    fn to_text(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl Format for NaiveDate {
    const EXPECTED: &'static str = "a date (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Format for (NaiveTime, FixedOffset) {
    const EXPECTED: &'static str = "a time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        let at = chrono::DateTime::parse_from_rfc3339(&format!("{ANY_DAY}{text}")).ok()?;
        Some((at.time(), *at.offset()))
    }

    fn to_text(&self) -> String {
        let (time, offset) = self;
        let plain = time.format("%H:%M:%S%.f");
        if offset.local_minus_utc() == 0 { format!("{plain}Z") } else { format!("{plain}{offset}") }
    }
}
