//! Numbers compared as decimals, digit by digit: no binary fraction comes between.
//!
//! No crate serves: JSON sets no bound on digits and exponents, and the text comes from anybody. `rust_decimal` ends at 28 digits;
//! `bigdecimal` and `num-rational` write an exponent out to divide, so that `1e1000000000` takes all memory; and each makes a number of
//! its own first, where comparing two texts in place allocates nothing.

use std::{
    cmp::Ordering,
    fmt::{self, Write as _},
    hash::{Hash, Hasher},
    str,
};

use serde_json::Number;

/// The maximum exponent: those beyond are all alike; sums of two of them still fit.
const MAX_EXPONENT: i64 = i64::MAX / 8;

/// The longest integer divisor that is divided by in machine words; a longer one goes digit by digit.
const WORD_DIGITS: usize = 37;

/// A number in the text of JSON, taken apart: `0.DIGITS * 10^point`, DIGITS without zeros at either end; no digits mean zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'t> {
    negative: bool,
    /// The digits before the decimal point in the text, and those after it.
    whole: &'t [u8],
    fraction: &'t [u8],
    point: i64,
}

impl<'t> Decimal<'t> {
    /// Takes the text of a JSON number apart.
    pub(crate) fn parse(text: &'t str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (mantissa, exponent) = match text.bytes().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (&text[..at], parse_exponent(&text[at + 1..])),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Self::of_digits(negative, whole.as_bytes(), fraction.as_bytes(), exponent)
    }

    fn of_digits(negative: bool, whole: &'t [u8], fraction: &'t [u8], exponent: i64) -> Self {
        let (mut whole, mut fraction) = (trim_start(whole), trim_end(fraction));
        let mut point = length(whole);
        if whole.is_empty() {
            let digits = trim_start(fraction);
            point = -length(&fraction[..fraction.len() - digits.len()]);
            fraction = digits;
        }
        if fraction.is_empty() {
            whole = trim_end(whole);
        }
        Self { negative, whole, fraction, point: point + exponent }
    }

    fn digits(&self) -> impl Iterator<Item = u8> + 't {
        self.whole.iter().chain(self.fraction).map(|digit| digit - b'0')
    }

    fn count(&self) -> i64 {
        length(self.whole) + length(self.fraction)
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    /// Returns whether it has no fraction.
    pub(crate) fn is_integer(&self) -> bool {
        self.is_zero() || self.point >= self.count()
    }

    /// Returns its value, if it has no fraction and fits.
    pub(crate) fn to_i128(self) -> Option<i128> {
        if self.is_zero() {
            return Some(0);
        }
        if !self.is_integer() || self.point > 39 {
            return None;
        }
        let zeros = usize::try_from(self.point - self.count()).ok()?;
        // Negative throughout: the least i128 has no positive counterpart.
        let mut value = 0_i128;
        for digit in self.digits().chain(std::iter::repeat_n(0, zeros)) {
            value = value.checked_mul(10)?.checked_sub(digit.into())?;
        }
        if self.negative { Some(value) } else { value.checked_neg() }
    }

    /// Compares two decimals.
    pub(crate) fn compare(&self, other: &Decimal<'_>) -> Ordering {
        match (self.signum(), other.signum()) {
            (0, 0) => Ordering::Equal,
            (1, 1) => self.compare_magnitude(other),
            (-1, -1) => other.compare_magnitude(self),
            (left, right) => left.cmp(&right),
        }
    }

    fn signum(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// Compares two magnitudes. Digits end in no zero, so that the longer of two with a common start is the greater.
    fn compare_magnitude(&self, other: &Decimal<'_>) -> Ordering {
        self.point.cmp(&other.point).then_with(|| self.digits().cmp(other.digits()))
    }

    /// Returns whether it is a multiple of `divisor`, which is greater than zero.
    fn is_multiple_of(&self, divisor: &Decimal<'_>) -> bool {
        if self.is_zero() {
            return true;
        }
        // As integers, which do not end in zero: self = a * 10^shift, divisor = b.
        let shift = (self.point - self.count()) - (divisor.point - divisor.count());
        // Then `a` would have to end in zero.
        let Ok(zeros) = usize::try_from(shift) else { return false };
        // Each zero adds a 2 and a 5, and `b` has less than four of them for each of its digits.
        let digits = usize::try_from(divisor.count()).unwrap_or(usize::MAX);
        let zeros = zeros.min(digits.saturating_mul(4));
        let dividend = self.digits().chain(std::iter::repeat_n(0, zeros));
        if digits <= WORD_DIGITS {
            let divisor = divisor.digits().fold(0_u128, |value, digit| value * 10 + u128::from(digit));
            dividend.fold(0_u128, |rest, digit| (rest * 10 + u128::from(digit)) % divisor) == 0
        } else {
            long_division_is_exact(dividend, &divisor.digits().collect::<Vec<_>>())
        }
    }
}

/// Equal numbers have equal parts.
impl Hash for Decimal<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.signum().hash(state);
        if !self.is_zero() {
            self.point.hash(state);
            self.digits().for_each(|digit| digit.hash(state));
        }
    }
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(MAX_EXPONENT)
}

fn trim_start(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    &digits[zeros..]
}

fn trim_end(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    &digits[..digits.len() - zeros]
}

fn parse_exponent(text: &str) -> i64 {
    let limit = if text.starts_with('-') { -MAX_EXPONENT } else { MAX_EXPONENT };
    text.parse::<i64>().map_or(limit, |exponent| exponent.clamp(-MAX_EXPONENT, MAX_EXPONENT))
}

/// Divides as in school, most significant digit first.
fn long_division_is_exact(dividend: impl Iterator<Item = u8>, divisor: &[u8]) -> bool {
    // One digit more than the divisor: ten times the rest.
    let mut rest = vec![0_u8; divisor.len() + 1];
    for digit in dividend {
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = digit;
        }
        while rest[0] > 0 || rest[1..] >= *divisor {
            subtract(&mut rest, divisor);
        }
    }
    rest.iter().all(|digit| *digit == 0)
}

/// Takes `small` from `large`, which is greater or equal, and longer by one digit.
fn subtract(large: &mut [u8], small: &[u8]) {
    let mut borrow = 0;
    for (index, digit) in large.iter_mut().enumerate().rev() {
        let take = index.checked_sub(1).map_or(0, |index| small[index]) + borrow;
        borrow = u8::from(*digit < take);
        *digit = *digit + 10 * borrow - take;
    }
}

/// The text of a number, on the stack where it is not very long.
pub(crate) struct DecimalText {
    bytes: [u8; 48],
    length: usize,
    long: String,
}

impl DecimalText {
    pub(crate) fn of(number: &Number) -> Self {
        let mut text = Self { bytes: [0; 48], length: 0, long: String::new() };
        // Writing into a `DecimalText` cannot fail.
        let _ = write!(text, "{number}");
        text
    }

    fn as_str(&self) -> &str {
        if self.long.is_empty() { str::from_utf8(&self.bytes[..self.length]).unwrap_or("0") } else { &self.long }
    }

    pub(crate) fn decimal(&self) -> Decimal<'_> {
        Decimal::parse(self.as_str())
    }
}

impl fmt::Write for DecimalText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.bytes.get_mut(self.length..self.length + text.len()) {
            Some(room) if self.long.is_empty() => {
                room.copy_from_slice(text.as_bytes());
                self.length += text.len();
            }
            _ => {
                if self.long.is_empty() {
                    self.long.push_str(str::from_utf8(&self.bytes[..self.length]).unwrap_or(""));
                }
                self.long.push_str(text);
            }
        }
        Ok(())
    }
}

/// Returns whether a number has no fraction.
pub(super) fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || DecimalText::of(number).decimal().is_integer()
}

/// Returns a number as a count: `None` for what is negative or no integer. What no value can have so many of is the largest count.
pub(super) fn count(number: &Number) -> Option<usize> {
    let text = DecimalText::of(number);
    let decimal = text.decimal();
    if !decimal.is_integer() || decimal.signum() < 0 {
        return None;
    }
    Some(decimal.to_i128().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX))
}

/// Returns whether two numbers have the same value.
pub(super) fn equal(left: &Number, right: &Number) -> bool {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left == right,
        _ => DecimalText::of(left).decimal().compare(&DecimalText::of(right).decimal()).is_eq(),
    }
}

/// A number that a schema compares with.
#[derive(Debug)]
pub(super) struct Bound {
    text: Box<str>,
    small: Option<i64>,
    double: Option<f64>,
}

impl Bound {
    pub(super) fn new(number: &Number) -> Self {
        Self { text: number.to_string().into(), small: number.as_i64(), double: number.as_f64() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_positive(&self) -> bool {
        Decimal::parse(&self.text).signum() > 0
    }

    /// Compares a number with the bound.
    pub(super) fn order(&self, number: &Number) -> Ordering {
        if let (Some(number), Some(bound)) = (number.as_i64(), self.small) {
            return number.cmp(&bound);
        }
        // Rounding keeps the order: where doubles differ, the decimals differ alike.
        match (number.as_f64(), self.double) {
            (Some(number), Some(bound)) if number < bound => Ordering::Less,
            (Some(number), Some(bound)) if number > bound => Ordering::Greater,
            _ => DecimalText::of(number).decimal().compare(&Decimal::parse(&self.text)),
        }
    }

    /// Returns whether a number is a multiple of the bound, which is greater than zero.
    pub(super) fn divides(&self, number: &Number) -> bool {
        match (number.as_i64(), self.small) {
            (Some(number), Some(divisor)) => number % divisor == 0,
            _ => DecimalText::of(number).decimal().is_multiple_of(&Decimal::parse(&self.text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::DefaultHasher;

    use super::*;

    fn compare(left: &str, right: &str) -> Ordering {
        Decimal::parse(left).compare(&Decimal::parse(right))
    }

    fn hash(text: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        Decimal::parse(text).hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let groups: [&[&str]; 6] = [
            &["0", "-0", "0.0", "0e9", "-0.00E-7", "0e99999999999999999999"],
            &["1", "1.0", "1e0", "10e-1", "0.1e1", "0.001e+3", "100E-2"],
            &["-1200", "-1.2e3", "-12e2", "-1200.000"],
            &["12345678901234567890123", "1.2345678901234567890123e22", "12345678901234567890123.0"],
            &["0.1", "1e-1", "0.10"],
            &["1e400", "10e399", "0.1e401"],
        ];
        for (index, group) in groups.iter().enumerate() {
            for left in *group {
                for right in groups.iter().flat_map(|group| group.iter()) {
                    assert_eq!(compare(left, right).is_eq(), group.contains(right), "{index}: {left} {right}");
                    if group.contains(right) {
                        assert_eq!(hash(left), hash(right));
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_ordered() {
        let ascending = [
            "-1e99999999999999999999",
            "-1e400",
            "-10",
            "-9.99",
            "-1",
            "-0.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.05",
            "0.1",
            "0.10000000000000000001",
            "0.11",
            "1",
            "1.5",
            "9",
            "10",
            "11",
            "99.9",
            "100",
            "9007199254740992",
            "9007199254740993",
            "1e400",
        ];
        for (index, left) in ascending.iter().enumerate() {
            for (other, right) in ascending.iter().enumerate() {
                assert_eq!(compare(left, right), index.cmp(&other), "{left} {right}");
            }
        }
    }

    #[test]
    fn integers_have_no_fraction() {
        for (text, value) in [("0", 0), ("-0.0", 0), ("1.0", 1), ("-1.50e1", -15), ("12e3", 12000), ("0.5e1", 5)] {
            assert!(Decimal::parse(text).is_integer());
            assert_eq!(Decimal::parse(text).to_i128(), Some(value), "{text}");
        }
        for text in ["0.5", "1e-1", "-12.3", "1.05e1"] {
            assert!(!Decimal::parse(text).is_integer());
            assert_eq!(Decimal::parse(text).to_i128(), None);
        }
        let limits = [(i128::MAX.to_string(), Some(i128::MAX)), (i128::MIN.to_string(), Some(i128::MIN)), ("1e39".to_owned(), None)];
        for (text, value) in limits {
            assert_eq!(Decimal::parse(&text).to_i128(), value);
        }
        assert!(Decimal::parse("1e999999999999").is_integer());
    }

    #[test]
    fn multiples_are_exact() {
        let long = "1".repeat(60);
        let twice = "2".repeat(60);
        let multiples = [
            ("0", "7"),
            ("4.35", "0.01"),
            ("1.1", "0.1"),
            ("0.0075", "0.0001"),
            ("12391239123", "1e-8"),
            ("1e308", "0.123456789e-7"),
            ("-9", "1.5"),
            ("1e1000000000000", "128"),
            ("1e60", "0.00000000000000000000000000000000000000000000000000000000000000000000000000000005"),
            (&twice, &long),
            (&twice, "2"),
        ];
        for (value, divisor) in multiples {
            let expected = (value, divisor) != ("1e308", "0.123456789e-7");
            assert_eq!(Decimal::parse(value).is_multiple_of(&Decimal::parse(divisor)), expected, "{value} {divisor}");
        }
        for (value, divisor) in [("0.00751", "0.0001"), ("35", "1.5"), ("1", "10"), ("1e50", "3"), (&long, &twice), ("1.5", "1")] {
            assert!(!Decimal::parse(value).is_multiple_of(&Decimal::parse(divisor)), "{value} {divisor}");
        }
    }
}
