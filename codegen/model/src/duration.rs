//! Spans of time, as settings of topics state them.

use std::fmt;

use crate::{decode::HELP, written::written};

/// A span of time such as `500ms`, `1s`, `15m`, `24h`, `7d` or `2w`, in the unit that it was written in.
///
/// ```
/// use eventc_model::duration::Duration;
///
/// let week = Duration::parse("7d").expect("a duration");
/// assert_eq!((week.millis(), week.to_string().as_str()), (604_800_000, "7d"));
/// assert_eq!(Duration::parse("soon"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    count: u64,
    unit: TimeUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

/// The time for which something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// For so long.
    For(Duration),
    /// For ever.
    Forever,
}

impl TimeUnit {
    const ALL: [Self; 6] = [Self::Millisecond, Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week];

    /// Returns how it is written, and how many milliseconds it has.
    fn facts(self) -> (&'static str, u64) {
        match self {
            Self::Millisecond => ("ms", 1),
            Self::Second => ("s", 1000),
            Self::Minute => ("m", 60_000),
            Self::Hour => ("h", 3_600_000),
            Self::Day => ("d", 86_400_000),
            Self::Week => ("w", 604_800_000),
        }
    }
}

impl Duration {
    /// Reads a number with a unit; `None` where the text is none, or longer than 2^64 milliseconds.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let unit = TimeUnit::ALL.into_iter().find(|unit| unit.facts().0 == &text[digits..])?;
        let count = text[..digits].parse::<u64>().ok()?;
        count.checked_mul(unit.facts().1)?;
        Some(Self { count, unit })
    }

    /// Returns the whole span in milliseconds.
    pub fn millis(self) -> u64 {
        self.count * self.unit.facts().1
    }
}

impl Retention {
    /// Reads a duration, or `forever`.
    ///
    /// ```
    /// use eventc_model::duration::Retention;
    ///
    /// assert_eq!(Retention::parse("1s").map(Retention::broker_ms), Some(1000));
    /// assert_eq!(Retention::parse("forever").map(Retention::broker_ms), Some(-1));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        if text == "forever" { Some(Self::Forever) } else { Duration::parse(text).map(Self::For) }
    }

    /// Returns the longer of two: of what is the same as long, the first.
    #[must_use]
    pub fn longer(self, other: Self) -> Self {
        match (self, other) {
            (Self::For(a), Self::For(b)) if b.millis() > a.millis() => other,
            (Self::For(_), Self::Forever) => other,
            _ => self,
        }
    }

    /// Returns the milliseconds as brokers spell them: -1 for ever.
    pub fn broker_ms(self) -> i128 {
        match self {
            Self::For(duration) => i128::from(duration.millis()),
            Self::Forever => -1,
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.facts().0)
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(duration) => duration.fmt(f),
            Self::Forever => f.write_str("forever"),
        }
    }
}

written!(Duration, |text| {
    Duration::parse(text).ok_or_else(|| format!("{text:?} is no duration{HELP}write a number with ms, s, m, h, d or w, such as 7d"))
});

written!(Retention, |text| {
    Retention::parse(text)
        .ok_or_else(|| format!("{text:?} is no duration{HELP}write a number with ms, s, m, h, d or w, such as 7d, or `forever`"))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_they_were_read() {
        for (text, millis) in
            [("0s", 0), ("500ms", 500), ("90s", 90_000), ("15m", 900_000), ("24h", 86_400_000), ("7d", 604_800_000), ("2w", 1_209_600_000)]
        {
            let duration = Duration::parse(text).unwrap_or_else(|| panic!("{text} is a duration"));
            assert_eq!((duration.millis(), duration.to_string().as_str()), (millis, text));
        }
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in ["", "7", "d", "7 d", "7D", "-7d", "1.5h", "7d7h", "forever", "18446744073709551616ms", "30500568905w"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
        assert_eq!(Retention::parse("Forever"), None);
    }
}
