//! Types of `jiff`.

use jiff::{
    Span, Timestamp, civil,
    fmt::temporal::{Pieces, SpanParser},
    tz::Offset,
};

use super::{ANY_DAY, Format, Formatted};

/// The text of a date and time (`date-time`). The offset is in the text alone.
pub type DateTime = Formatted<Timestamp>;

/// The text of a date (`date`).
pub type Date = Formatted<civil::Date>;

/// The text of a time of day with its offset (`time`).
pub type Time = Formatted<(civil::Time, Offset)>;

/// The text of a duration (`duration`).
pub type Duration = Formatted<Span>;

impl Format for Timestamp {
    const EXPECTED: &'static str = "a date and time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Format for civil::Date {
    const EXPECTED: &'static str = "a date (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Format for (civil::Time, Offset) {
    const EXPECTED: &'static str = "a time with its offset (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        let text = format!("{ANY_DAY}{text}");
        let pieces = Pieces::parse(&text).ok()?;
        Some((pieces.time()?, pieces.to_numeric_offset()?))
    }

    fn to_text(&self) -> String {
        let (time, offset) = self;
        if offset.is_zero() { format!("{time}Z") } else { format!("{time}{offset}") }
    }
}

impl Format for Span {
    const EXPECTED: &'static str = "a duration (ISO 8601)";

    fn parse(text: &str) -> Option<Self> {
        SpanParser::new().parse_span(text).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}
