//! Days, as far as the command line needs them.

use std::time::{SystemTime, UNIX_EPOCH};

use eventc_codegen::date::Date;

/// Returns the day of today in UTC.
pub(crate) fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::of_unix_days(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// Returns this second in UTC, as RFC 3339 writes it.
#[cfg(feature = "live")]
pub(crate) fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let day = Date::of_unix_days(i64::try_from(seconds / 86_400).unwrap_or(0));
    let of_day = seconds % 86_400;
    format!("{day}T{:02}:{:02}:{:02}Z", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

/// Reads a day that exists, `YYYY-MM-DD`, for clap.
pub(crate) fn parse(text: &str) -> Result<Date, &'static str> {
    Date::parse(text).ok_or("a day such as 2026-11-21")
}
