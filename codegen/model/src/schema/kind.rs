//! JSON types, and sets of them.

use serde_json::{Number, Value};

/// A JSON type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction.
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// Returns the word for it in `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Returns the type that a word of `type` means.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Returns the type of a value; a number without a fraction is an integer.
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if is_integer(number) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// Returns whether a number has no fraction, however it is spelled (`1.0`, `1e3`).
pub fn is_integer(number: &Number) -> bool {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else { return !exponent.starts_with('-') };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if whole.trim_start_matches(['-', '0']).is_empty() && fraction.is_empty() {
        return true;
    }
    if fraction.is_empty() { exponent >= -signed(zeros) } else { exponent >= signed(fraction.len()) }
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// Returns the set with this type too.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// Returns the set without this type.
    #[must_use]
    pub fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }

    /// Returns whether the set names the type itself.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// Returns the types in both, knowing that `number` includes `integer`.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        let mut both = Self(self.0 & other.0);
        if (self.contains(Kind::Number) && other.contains(Kind::Integer)) || (self.contains(Kind::Integer) && other.contains(Kind::Number))
        {
            both = both.with(Kind::Integer);
        }
        both
    }

    /// Returns the types, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// Returns the only type of the set.
    pub fn single(self) -> Option<Kind> {
        let mut kinds = self.iter();
        kinds.next().filter(|_| kinds.next().is_none())
    }

    /// Returns whether no type is left.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_by_value_not_spelling() {
        for (text, expected) in [
            ("1", true),
            ("1.0", true),
            ("1.5", false),
            ("1e3", true),
            ("1.5e1", true),
            ("1.55e1", false),
            ("10e-1", true),
            ("1e-1", false),
            ("0.0", true),
            ("-0", true),
            ("0e-9", true),
            ("123456789012345678901234567890", true),
            ("1e400", true),
            ("100e-2", true),
            ("120e-2", false),
        ] {
            let number: Number = serde_json::from_str(text).expect("a number");
            assert_eq!(is_integer(&number), expected, "{text}");
        }
    }
}
