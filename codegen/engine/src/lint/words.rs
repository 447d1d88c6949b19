//! Spellings of names, days of the calendar, and guesses at what was meant.

use std::fmt;

use eventc_model::names;

/// A spelling of names that can be checked and made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case(pub eventc_model::config::Case);

impl Case {
    /// Whether a name is spelled so.
    pub fn fits(self, name: &str) -> bool {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        match self.0 {
            Any => true,
            Snake => separated(name, '_'),
            Kebab => separated(name, '-'),
            Camel => name.starts_with(|c: char| c.is_ascii_lowercase()) && joined(name),
            Pascal => name.starts_with(|c: char| c.is_ascii_uppercase()) && joined(name),
        }
    }

    /// The name, spelled so.
    pub fn spell(self, name: &str) -> String {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        match self.0 {
            Any => name.to_owned(),
            Snake => names::snake(name),
            Kebab => names::snake(name).replace('_', "-"),
            Pascal => names::upper_camel(name),
            Camel => {
                let name = names::upper_camel(name);
                let mut chars = name.chars();
                chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
            }
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        f.write_str(match self.0 {
            Any => "any spelling",
            Snake => "snake_case",
            Camel => "camelCase",
            Pascal => "PascalCase",
            Kebab => "kebab-case",
        })
    }
}

fn separated(name: &str, separator: char) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split(separator).all(word)
}

fn joined(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// A day of the Gregorian calendar, as a number of days.
///
/// ```
/// use eventc_codegen::lint::Date;
/// let day = |text| Date::parse(text).expect("a date");
/// assert_eq!(day("2027-01-15").days_since(day("2026-06-01")), 228);
/// assert_eq!(Date::parse("2026-02-29"), None);
/// assert_eq!(day("2026-11-21").plus(180).to_string(), "2027-05-20");
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

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// How many days lie between an earlier day and this one.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days.
        let (era, day_of_era) = (self.0.div_euclid(146_097), self.0.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A hint at the known word that was probably meant, or something else to do.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(wrong, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near:?}?"))
}

/// The known word nearest to a misspelled one, if any is near.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = wrong.to_lowercase();
    let distances = known.map(|word| (strsim::damerau_levenshtein(&folded, &word.to_lowercase()), word));
    let near = distances
        .filter(|(distance, word)| *distance <= word.chars().count().min(wrong.chars().count()) / 4 + usize::from(wrong.len() > 3));
    near.min().map(|(_, word)| word)
}
