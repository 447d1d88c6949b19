//! Exact numbers: JSON's decimals as fractions of whole numbers.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, Pow as _, Signed as _, Zero as _};
use serde_json::{Number, Value};

/// A fraction of whole numbers, reduced.
pub(super) type Rational = BigRational;

/// The maximum number of digits before or after the point of a number that is calculated with.
const MAX_DIGITS: i64 = 4_000;

/// Returns the value of a JSON number (RFC 8259, section 6); `None` where it has too many digits.
pub(super) fn parse(number: &Number) -> Option<Rational> {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = i64::try_from(whole.len() + fraction.len()).ok()?;
    let scale = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    if digits > MAX_DIGITS || scale.unsigned_abs() > MAX_DIGITS.unsigned_abs() {
        return None;
    }
    let value: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let power = ten(scale.unsigned_abs());
    Some(if scale < 0 { Rational::new(value, power) } else { Rational::from(value * power) })
}

fn ten(exponent: u64) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// Returns a fraction as a JSON number, if it is a decimal.
pub(super) fn print(value: &Rational) -> Option<Value> {
    if value.is_integer() {
        return serde_json::from_str(&value.to_integer().to_string()).ok();
    }
    let mut rest = value.denom().clone();
    let (mut twos, mut fives) = (0_u64, 0_u64);
    for (prime, count) in [(2, &mut twos), (5, &mut fives)] {
        let prime = BigInt::from(prime);
        while (&rest % &prime).is_zero() {
            rest /= &prime;
            *count += 1;
        }
    }
    if !rest.is_one() {
        return None;
    }
    let places = twos.max(fives);
    let digits = (value * Rational::from(ten(places))).to_integer();
    let text = digits.abs().to_string();
    let places = usize::try_from(places).ok()?;
    let text = format!("{text:0>width$}", width = places + 1);
    let (whole, fraction) = text.split_at(text.len() - places);
    let sign = if digits.is_negative() { "-" } else { "" };
    serde_json::from_str(&format!("{sign}{whole}.{fraction}")).ok()
}

/// Returns whether a value is a multiple of a divisor above zero.
pub(super) fn is_multiple(value: &Rational, divisor: &Rational) -> bool {
    !divisor.is_zero() && (value / divisor).is_integer()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Rational {
        parse(&serde_json::from_str(text).expect("a number")).expect("few digits")
    }

    #[test]
    fn numbers_keep_their_value() {
        for (text, shown) in [
            ("1", "1"),
            ("-1.50", "-1.5"),
            ("1e2", "100"),
            ("1e-3", "0.001"),
            ("0.0", "0"),
            ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
        ] {
            assert_eq!(print(&number(text)).expect("a decimal").to_string(), shown, "{text}");
        }
        assert_eq!(print(&(number("1") / number("3"))), None);
        assert!(is_multiple(&number("0.3"), &number("0.1")));
        assert!(!is_multiple(&number("0.35"), &number("0.1")));
    }

    #[test]
    fn numbers_without_bound_are_refused() {
        assert!(parse(&serde_json::from_str("1e99999999").expect("a number")).is_none());
        assert!(parse(&serde_json::from_str("1e-9223372036854775808").expect("a number")).is_none());
    }
}
