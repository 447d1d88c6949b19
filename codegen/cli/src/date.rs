//! Days, as far as the command line needs them.

use std::time::{SystemTime, UNIX_EPOCH};

use eventc_codegen::history::is_date;

/// Today in UTC, `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// For clap: a day that exists, `YYYY-MM-DD`.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    if is_date(text) { Ok(text.to_owned()) } else { Err("a day such as 2026-11-21".to_owned()) }
}

fn days(year: u64, month: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(mut rest: u64) -> (u64, u64, u64) {
    let (mut year, mut month) = (1970, 1);
    while rest >= 337 + days(year, 2) {
        rest -= 337 + days(year, 2);
        year += 1;
    }
    while rest >= days(year, month) {
        rest -= days(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_the_epoch_have_dates() {
        for (since, date) in [(0, (1970, 1, 1)), (364, (1970, 12, 31)), (11_016, (2000, 2, 29)), (20_778, (2026, 11, 21))] {
            assert_eq!(civil(since), date);
        }
    }
}
