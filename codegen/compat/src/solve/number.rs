//! Numbers: bounds, divisors, and values that are excluded, all exact.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

use super::{Satisfiability, give_up};
use crate::{
    formula::Atom,
    number::{Rational, is_multiple, print},
    text::ValueKey,
};

/// The maximum number of candidates that are tried one by one.
const MAX_CANDIDATES: u64 = 100_000;

/// An end of an interval: the bound, and whether it is outside.
type End = Option<(Rational, bool)>;

#[derive(Debug, Default)]
struct NumberDemands {
    min: End,
    max: End,
    /// The value is a multiple of all of these: of their least common multiple.
    step: Option<Rational>,
    /// The value is a multiple of none of these.
    not: Vec<Rational>,
    excluded: BTreeSet<ValueKey>,
}

/// Returns a number that satisfies the atoms.
pub(super) fn solve(atoms: &[(bool, Atom)]) -> Satisfiability {
    let mut demands = NumberDemands::default();
    for (positive, atom) in atoms {
        demands.add(atom, *positive);
    }
    if demands.is_empty_interval() {
        return Satisfiability::Empty;
    }
    match demands.step.clone() {
        Some(step) => demands.multiple(&step),
        None => demands.between(),
    }
}

impl NumberDemands {
    fn add(&mut self, atom: &Atom, positive: bool) {
        match atom {
            Atom::Least { bound, exclusive } if positive => self.raise(bound, *exclusive),
            Atom::Least { bound, exclusive } => self.lower(bound, !exclusive),
            Atom::Most { bound, exclusive } if positive => self.lower(bound, *exclusive),
            Atom::Most { bound, exclusive } => self.raise(bound, !exclusive),
            Atom::Integer => self.divisor(&Rational::one(), positive),
            Atom::MultipleOf(divisor) => self.divisor(divisor, positive),
            Atom::Enum(keys) if !positive => self.excluded.extend(keys.iter().cloned()),
            _ => {}
        }
    }

    fn raise(&mut self, bound: &Rational, exclusive: bool) {
        if self.min.as_ref().is_none_or(|(min, outside)| bound > min || (bound == min && exclusive && !outside)) {
            self.min = Some((bound.clone(), exclusive));
        }
    }

    fn lower(&mut self, bound: &Rational, exclusive: bool) {
        if self.max.as_ref().is_none_or(|(max, outside)| bound < max || (bound == max && exclusive && !outside)) {
            self.max = Some((bound.clone(), exclusive));
        }
    }

    fn divisor(&mut self, divisor: &Rational, positive: bool) {
        if !positive {
            self.not.push(divisor.clone());
            return;
        }
        self.step = Some(match self.step.take() {
            None => divisor.clone(),
            // Of reduced fractions: the numerators' least common multiple over the denominators' greatest common divisor.
            Some(step) => Rational::new(step.numer().lcm(divisor.numer()), step.denom().gcd(divisor.denom())),
        });
    }

    fn is_empty_interval(&self) -> bool {
        match (&self.min, &self.max) {
            (Some((min, outside)), Some((max, beyond))) => min > max || (min == max && (*outside || *beyond)),
            _ => false,
        }
    }

    fn contains(&self, value: &Rational) -> bool {
        self.min.as_ref().is_none_or(|(min, outside)| value > min || (value == min && !outside))
            && self.max.as_ref().is_none_or(|(max, outside)| value < max || (value == max && !outside))
            && !self.not.iter().any(|divisor| is_multiple(value, divisor))
    }

    fn accept(&self, value: &Rational) -> Option<Satisfiability> {
        if !self.contains(value) {
            return None;
        }
        let printed = print(value)?;
        (!self.excluded.contains(&ValueKey::of(&printed))).then_some(Satisfiability::Value(printed))
    }

    /// Returns a multiple of `step`: `k * step`, where which `k` are excluded as multiples repeats after `period`.
    fn multiple(&self, step: &Rational) -> Satisfiability {
        if step.is_zero() {
            return give_up("multipleOf is zero");
        }
        let mut period = BigInt::one();
        for divisor in &self.not {
            let ratio = step / divisor;
            if ratio.denom().is_one() {
                return Satisfiability::Empty;
            }
            period = period.lcm(ratio.denom());
        }
        let first = self.min.as_ref().map(|(min, _)| (min / step).ceil().to_integer());
        let last = self.max.as_ref().map(|(max, _)| (max / step).floor().to_integer());
        // From any start, a whole period and as many more as are excluded by value hold a solution if there is one.
        let enough: BigInt = (period + BigInt::one()) * BigInt::from(self.excluded.len() + 2);
        let tries = match (&first, &last) {
            (Some(first), Some(last)) => (last - first + BigInt::one()).min(enough.clone()),
            _ => enough.clone(),
        };
        let count = tries.to_u64().unwrap_or(u64::MAX).min(MAX_CANDIDATES);
        let backwards = first.is_none() && last.is_some();
        let start = first.or(last).unwrap_or_default();
        for offset in 0..count {
            let k = if backwards { &start - BigInt::from(offset) } else { &start + BigInt::from(offset) };
            if let Some(answer) = self.accept(&(step * Rational::from(k))) {
                return answer;
            }
        }
        if tries > BigInt::from(MAX_CANDIDATES) { give_up("too many multiples to try one by one") } else { Satisfiability::Empty }
    }

    /// Returns a number between the bounds: there are endlessly many decimals in any interval that is more than a point.
    fn between(&self) -> Satisfiability {
        let one = Rational::one();
        let (start, width) = match (&self.min, &self.max) {
            (Some((min, _)), Some((max, _))) if min == max => {
                return self.accept(min).unwrap_or(Satisfiability::Empty);
            }
            (Some((min, _)), Some((max, _))) => (min.clone(), max - min),
            (Some((min, _)), None) => (min.clone(), one.clone()),
            (None, Some((max, _))) => (max - &one, one.clone()),
            (None, None) => (Rational::zero(), one.clone()),
        };
        let nice = [start.clone(), &start + &width, start.ceil(), (&start + &width).floor(), &start + &one, &start - &one];
        if let Some(answer) = nice.iter().find_map(|value| self.accept(value)) {
            return answer;
        }
        // Decimals of growing precision: multiples and excluded values are thinner than they are.
        let mut unit = width_unit(&width);
        for _ in 0..40 {
            unit /= Rational::from(BigInt::from(10));
            let first = (&start / &unit).ceil().to_integer();
            for offset in 0..12 {
                let value = &unit * Rational::from(&first + BigInt::from(offset));
                if let Some(answer) = self.accept(&value) {
                    return answer;
                }
            }
        }
        give_up("no number was found between the bounds")
    }
}

/// Returns a power of ten that is not larger than a width.
fn width_unit(width: &Rational) -> Rational {
    let mut unit = Rational::one();
    let ten = Rational::from(BigInt::from(10));
    while &unit > width {
        unit /= &ten;
    }
    unit
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::number::parse;

    fn rational(text: &str) -> Rational {
        parse(&serde_json::from_str(text).expect("a number")).expect("few digits")
    }

    fn check(atoms: &[(bool, Atom)], expected: Option<&str>) {
        match solve(atoms) {
            Satisfiability::Value(value) => assert_eq!(Some(value.to_string().as_str()), expected, "{atoms:?}"),
            Satisfiability::Empty => assert_eq!(expected, None, "{atoms:?}"),
            Satisfiability::Unknown(unsupported) => panic!("{unsupported:?}"),
        }
    }

    fn min(text: &str) -> Atom {
        Atom::Least { bound: rational(text), exclusive: false }
    }

    fn max(text: &str) -> Atom {
        Atom::Most { bound: rational(text), exclusive: false }
    }

    #[test]
    fn bounds_and_divisors_are_exact() {
        check(&[(true, min("1")), (true, max("1"))], Some("1"));
        check(&[(true, min("1")), (false, min("1"))], None);
        check(&[(true, Atom::MultipleOf(rational("0.1"))), (true, min("0.25")), (true, max("0.29"))], None);
        check(&[(true, Atom::MultipleOf(rational("6"))), (false, Atom::MultipleOf(rational("4")))], Some("6"));
        check(&[(true, Atom::MultipleOf(rational("6"))), (false, Atom::MultipleOf(rational("3")))], None);
        check(&[(true, Atom::MultipleOf(rational("1.5"))), (true, Atom::Integer), (true, min("1"))], Some("3"));
        check(&[(false, Atom::Integer), (true, min("2")), (true, max("3"))], Some("2.1"));
        check(&[(true, Atom::Integer), (true, min("0.5")), (true, max("0.9"))], None);
        check(&[(false, Atom::MultipleOf(rational("0.5"))), (true, min("1e400"))], Some(&format!("1{}.1", "0".repeat(400))));
    }

    #[test]
    fn excluded_values_are_passed_over() {
        let excluded = |values: &[i64]| (false, Atom::Enum(values.iter().map(|value| ValueKey::of(&json!(value))).collect()));
        check(&[(true, Atom::Integer), (true, min("0")), (true, max("2")), excluded(&[0, 1])], Some("2"));
        check(&[(true, Atom::Integer), (true, min("0")), (true, max("1")), excluded(&[0, 1])], None);
    }
}
