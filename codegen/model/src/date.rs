//! Days of the calendar.

use std::fmt;

use crate::{decode::HELP, written::written};

/// 1970-01-01 as a [`Date`] counts: from 0000-03-01.
const UNIX_EPOCH: i64 = 719_468;

/// A day of the Gregorian calendar, as a number of days.
///
/// ```
/// use eventc_model::date::Date;
/// let day = |text| Date::parse(text).expect("a date");
/// assert_eq!(day("2027-01-15").days_since(day("2026-06-01")), 228);
/// assert_eq!(Date::parse("2026-02-29"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// Reads `YYYY-MM-DD`; `None` where that is no day.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        if !(1..=last).contains(&day) {
            return None;
        }
        // Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil.
        let year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Some(Self(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year))
    }

    /// Returns the day so many days after 1970-01-01.
    ///
    /// ```
    /// assert_eq!(eventc_model::date::Date::of_unix_days(20_778).to_string(), "2026-11-21");
    /// ```
    pub fn of_unix_days(days: i64) -> Self {
        Self(days + UNIX_EPOCH)
    }

    /// Returns the day so many days later.
    ///
    /// ```
    /// use eventc_model::date::Date;
    /// assert_eq!(Date::parse("2026-11-21").expect("a date").plus(180).to_string(), "2027-05-20");
    /// ```
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// Returns the number of days between an earlier day and this one.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Date {
    /// Writes the day as `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days.
        let (era, day_of_era) = (self.0.div_euclid(146_097), self.0.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

written!(Date, |text| Date::parse(text).ok_or_else(|| format!("{text:?} is no day{HELP}write YYYY-MM-DD")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (days, text) in [(0, "1970-01-01"), (364, "1970-12-31"), (11_016, "2000-02-29"), (11_017, "2000-03-01"), (20_778, "2026-11-21")]
        {
            let date = Date::of_unix_days(days);
            assert_eq!(date.to_string(), text);
            assert_eq!(Date::parse(text), Some(date));
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "2026-02-29",
            "2026-2-1",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-04-00",
            "21-11-2026",
            "2026-11-21T",
            "",
            "+026-11-21",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2028-02-29").is_some());
    }
}
