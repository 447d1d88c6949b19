//! Whole numbers of any length.

use std::{fmt, ops::Deref, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Number;

use crate::serde_support::FromNumber;

/// The maximum number of digits of a number that is spelled out; longer ones keep the spelling that they came in:
/// `1e1000000000` is one of a gigabyte.
const MAX_DIGITS: i64 = 4096;

/// A whole number of any length, in JSON and in Rust. It is read from whatever spells one, as JSON Schema has it, and written in digits
/// alone: `1.0` and `1e0` are 1.
///
/// ```
/// use eventc::Integer;
///
/// let big: Integer = serde_json::from_str("98249283749234923498293171823948729348710298301928331").unwrap();
/// assert_eq!(serde_json::to_string(&big).unwrap(), "98249283749234923498293171823948729348710298301928331");
/// assert_eq!(big.as_i128(), None);
/// assert_eq!(Integer::from(7), "7.0".parse().unwrap());
/// assert!("7.5".parse::<Integer>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Integer(Number);

impl Integer {
    /// Returns a number without a fraction; `None` where it has one.
    fn of(number: &Number) -> Option<Self> {
        digits(number.as_str()).map(|text| Self(Number::from_string_unchecked(text)))
    }
}

/// The number itself, for `as_i64`, `as_u64`, `as_i128`, and `as_str` for crates of big integers.
impl Deref for Integer {
    type Target = Number;

    fn deref(&self) -> &Number {
        &self.0
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str())
    }
}

impl FromStr for Integer {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        Self::of(&text.parse()?).ok_or_else(|| serde_json::Error::custom("the number has a fraction"))
    }
}

impl From<Integer> for Number {
    fn from(integer: Integer) -> Self {
        integer.0
    }
}

macro_rules! from {
    ($($ty:ident)*) => {$(
        impl From<$ty> for Integer {
            fn from(value: $ty) -> Self {
                Self(Number::from_string_unchecked(value.to_string()))
            }
        }
    )*};
}

from! { i8 u8 i16 u16 i32 u32 i64 u64 i128 u128 isize usize }

impl FromNumber for Integer {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        Self::of(&number).ok_or_else(|| D::Error::custom(format_args!("invalid value: number {number}, expected an integer")))
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_number(deserializer)
    }
}

/// Returns the digits of the whole number that a JSON number spells; the spelling itself where there are too many.
fn digits(text: &str) -> Option<String> {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let padded = all.trim_start_matches('0');
    let significant = padded.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let Ok(exponent) = exponent.trim_start_matches('+').parse::<i64>() else {
        return (!exponent.starts_with('-')).then(|| text.to_owned());
    };
    let zeros = exponent.saturating_sub(length(fraction)).saturating_add(length(padded) - length(significant));
    let zeros_fit = length(significant).saturating_add(zeros) <= MAX_DIGITS;
    match usize::try_from(zeros) {
        Err(_) => None,
        Ok(zeros) if zeros_fit => Some(format!("{sign}{significant}{}", "0".repeat(zeros))),
        Ok(_) => Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn whole_numbers_have_one_spelling() {
        for (text, expected) in [
            ("0", Some("0")),
            ("-0.0", Some("0")),
            ("1.0", Some("1")),
            ("-12e1", Some("-120")),
            ("1.5E+1", Some("15")),
            ("0.001e3", Some("1")),
            ("1.5", None),
            ("1e-1", None),
            ("10e-1", Some("1")),
            ("1e400000", Some("1e400000")),
            ("1e99999999999999999999", Some("1e99999999999999999999")),
            ("1e-99999999999999999999", None),
            ("98249283749234923498293171823948729348710298301928331", Some("98249283749234923498293171823948729348710298301928331")),
        ] {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
    }
}
