//! Numbers as JSON Schema sees them: `1.0` is an integer.
//!
//! serde's own integers refuse `1.0`, and with `serde_json`'s feature `arbitrary_precision` its own numbers fail wherever serde
//! buffers (`flatten`, untagged enums). These do neither.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    hash::BuildHasher,
    marker::PhantomData,
};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

/// Deserializes integers, alone or in an `Option`, list or map: `#[serde(deserialize_with =
/// "eventc::serde_support::integer")]`. Accepts `1.0` for 1; with `default`, absence is read as usual.
///
/// ```
/// # #[cfg(feature = "json")] {
/// #[derive(serde::Deserialize)]
/// struct Stock {
///     #[serde(deserialize_with = "eventc::serde_support::integer")]
///     level: i64,
///     #[serde(default, deserialize_with = "eventc::serde_support::integer")]
///     history: Vec<Option<u64>>,
/// }
///
/// let stock: Stock = serde_json::from_str(r#"{"level":-1.0,"history":[1e2,null]}"#).unwrap();
/// assert_eq!((stock.level, stock.history), (-1, vec![Some(100), None]));
/// assert!(serde_json::from_str::<Stock>(r#"{"level":1.5}"#).is_err());
/// # }
/// ```
pub fn integer<'de, D: Deserializer<'de>, T: FromNumber>(deserializer: D) -> Result<T, D::Error> {
    T::from_number(deserializer)
}

/// Deserializes numbers of any kind, as [`integer`] does integers.
pub fn number<'de, D: Deserializer<'de>, T: FromNumber>(deserializer: D) -> Result<T, D::Error> {
    T::from_number(deserializer)
}

/// A type that [`integer`] and [`number`] read.
pub trait FromNumber: Sized {
    /// Reads it.
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Returns whether `serde_json` keeps the text of numbers, which decides how it hands them over.
#[cfg(feature = "json")]
#[inline]
pub(crate) fn arbitrary_precision() -> bool {
    use std::sync::OnceLock;
    static KEPT: OnceLock<bool> = OnceLock::new();
    *KEPT.get_or_init(|| serde_json::from_str::<serde_json::Number>("0.10").is_ok_and(|number| number.to_string() == "0.10"))
}

#[cfg(feature = "json")]
fn read<'de, D: Deserializer<'de>, T: Scalar>(deserializer: D) -> Result<T, D::Error> {
    if !arbitrary_precision() {
        return T::hint(deserializer, ScalarVisitor(PhantomData));
    }
    let number = <serde_json::Number as de::Deserialize>::deserialize(deserializer)?;
    let text = number.to_string();
    T::of_text(&text).ok_or_else(|| de::Error::custom(format_args!("invalid value: number {text}, expected {}", T::NAME)))
}

#[cfg(not(feature = "json"))]
fn read<'de, D: Deserializer<'de>, T: Scalar>(deserializer: D) -> Result<T, D::Error> {
    T::hint(deserializer, ScalarVisitor(PhantomData))
}

trait Scalar: Sized {
    const NAME: &'static str;

    fn of_i128(value: i128) -> Option<Self>;

    fn of_u128(value: u128) -> Option<Self>;

    fn of_f64(value: f64) -> Option<Self>;

    #[cfg(feature = "json")]
    fn of_text(text: &str) -> Option<Self>;

    /// Asks for whatever number there is: serde's buffer refuses 1.0 to who asks for an integer. 128 bits have to be asked for.
    fn hint<'de, D: Deserializer<'de>>(deserializer: D, visitor: ScalarVisitor<Self>) -> Result<Self, D::Error>;
}

struct ScalarVisitor<T>(PhantomData<T>);

fn of_i128<T: Scalar, E: de::Error>(value: i128) -> Result<T, E> {
    T::of_i128(value).ok_or_else(|| E::custom(format_args!("invalid value: integer {value}, expected {}", T::NAME)))
}

impl<T: Scalar> Visitor<'_> for ScalarVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        of_i128(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        of_i128(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<T, E> {
        of_i128(value)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<T, E> {
        T::of_u128(value).ok_or_else(|| E::custom(format_args!("invalid value: integer {value}, expected {}", T::NAME)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        T::of_f64(value).ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
    }
}

/// Returns a number without a fraction as an integer. 2^127 and -2^127 are powers of two: the bounds are exact.
#[expect(clippy::cast_possible_truncation, reason = "the bounds are checked before")]
fn integral(value: f64) -> Option<i128> {
    const BOUND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
    (value.fract() == 0.0 && (-BOUND..BOUND).contains(&value)).then_some(value as i128)
}

/// Returns an integer in the text of a JSON number: its fraction, if any, is zero.
#[cfg(feature = "json")]
fn integral_text(text: &str) -> Option<i128> {
    text.parse().ok().or_else(|| crate::schema::Decimal::parse(text).to_i128())
}

macro_rules! integers {
    ($($type:ty => $hint:ident, $name:literal;)*) => {$(
        impl Scalar for $type {
            const NAME: &'static str = $name;

            fn of_i128(value: i128) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn of_u128(value: u128) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn of_f64(value: f64) -> Option<Self> {
                integral(value).and_then(Self::of_i128)
            }

            #[cfg(feature = "json")]
            fn of_text(text: &str) -> Option<Self> {
                text.parse().ok().or_else(|| integral_text(text).and_then(Self::of_i128))
            }

            fn hint<'de, D: Deserializer<'de>>(deserializer: D, visitor: ScalarVisitor<Self>) -> Result<Self, D::Error> {
                deserializer.$hint(visitor)
            }
        }
    )*};
}

integers! {
    i8 => deserialize_any, "an integer that fits i8";
    i16 => deserialize_any, "an integer that fits i16";
    i32 => deserialize_any, "an integer that fits i32";
    i64 => deserialize_any, "an integer that fits i64";
    i128 => deserialize_i128, "an integer that fits i128";
    u8 => deserialize_any, "an integer that fits u8";
    u16 => deserialize_any, "an integer that fits u16";
    u32 => deserialize_any, "an integer that fits u32";
    u64 => deserialize_any, "an integer that fits u64";
    u128 => deserialize_u128, "an integer that fits u128";
}

impl Scalar for f64 {
    const NAME: &'static str = "a number";

    #[expect(clippy::cast_precision_loss, reason = "what is read as f64 has its precision")]
    fn of_i128(value: i128) -> Option<Self> {
        Some(value as Self)
    }

    #[expect(clippy::cast_precision_loss, reason = "what is read as f64 has its precision")]
    fn of_u128(value: u128) -> Option<Self> {
        Some(value as Self)
    }

    fn of_f64(value: f64) -> Option<Self> {
        Some(value)
    }

    #[cfg(feature = "json")]
    fn of_text(text: &str) -> Option<Self> {
        text.parse().ok().filter(|value: &Self| value.is_finite())
    }

    fn hint<'de, D: Deserializer<'de>>(deserializer: D, visitor: ScalarVisitor<Self>) -> Result<Self, D::Error> {
        deserializer.deserialize_any(visitor)
    }
}

macro_rules! scalars {
    ($($type:ty)*) => {$(
        impl FromNumber for $type {
            fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer)
            }
        }
    )*};
}

scalars!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f64);

/// A seed that reads a value inside a container.
struct NumberSeed<T>(PhantomData<T>);

impl<'de, T: FromNumber> DeserializeSeed<'de> for NumberSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::from_number(deserializer)
    }
}

/// A reader of a container; the type argument says which.
struct NumberContainer<T>(PhantomData<T>);

impl<T: FromNumber> FromNumber for Box<T> {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::from_number(deserializer).map(Self::new)
    }
}

impl<T: FromNumber> FromNumber for Option<T> {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(NumberContainer::<Self>(PhantomData))
    }
}

impl<'de, T: FromNumber> Visitor<'de> for NumberContainer<Option<T>> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::from_number(deserializer).map(Some)
    }
}

impl<T: FromNumber> FromNumber for Vec<T> {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NumberContainer::<Self>(PhantomData))
    }
}

impl<'de, T: FromNumber> Visitor<'de> for NumberContainer<Vec<T>> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element_seed(NumberSeed(PhantomData))? {
            out.push(item);
        }
        Ok(out)
    }
}

impl<T: FromNumber> FromNumber for BTreeMap<String, T> {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NumberContainer::<Self>(PhantomData))
    }
}

impl<'de, T: FromNumber> Visitor<'de> for NumberContainer<BTreeMap<String, T>> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut out = BTreeMap::new();
        while let Some(key) = entries.next_key()? {
            out.insert(key, entries.next_value_seed(NumberSeed(PhantomData))?);
        }
        Ok(out)
    }
}

impl<T: FromNumber, S: BuildHasher + Default> FromNumber for HashMap<String, T, S> {
    fn from_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::from_number(deserializer).map(|map| map.into_iter().collect())
    }
}

#[cfg(test)]
#[cfg(feature = "json")]
mod tests {
    use serde_json::{from_str, from_value};

    use super::*;

    #[derive(serde::Deserialize)]
    struct Holder<T: FromNumber>(#[serde(deserialize_with = "integer")] T);

    #[derive(serde::Deserialize)]
    #[serde(bound = "T: FromNumber")]
    struct Flat<T: FromNumber> {
        #[serde(flatten)]
        inner: Inner<T>,
    }

    #[derive(serde::Deserialize)]
    #[serde(bound = "T: FromNumber")]
    struct Inner<T: FromNumber> {
        #[serde(deserialize_with = "integer")]
        value: T,
    }

    /// Reads by text, by value, and through serde's buffer.
    fn reads<T: FromNumber + PartialEq + fmt::Debug>(json: &str) -> Option<T> {
        let text = from_str::<Holder<T>>(json).ok().map(|holder| holder.0);
        let value = from_value::<Holder<T>>(from_str(json).expect("JSON")).ok().map(|holder| holder.0);
        let flat = from_str::<Flat<T>>(&format!("{{\"value\":{json}}}")).ok().map(|flat| flat.inner.value);
        assert_eq!(text, value, "{json}");
        assert_eq!(text, flat, "{json}");
        text
    }

    #[test]
    fn integers_may_have_an_empty_fraction() {
        assert_eq!(reads::<i64>("1.0"), Some(1));
        assert_eq!(reads::<i64>("-12e1"), Some(-120));
        assert_eq!(reads::<u64>("18446744073709551615"), Some(u64::MAX));
        assert_eq!(reads::<i8>("127"), Some(127));
        for refused in ["1.5", "128", "-129", "1e99", "\"1\"", "null", "true", "[]"] {
            assert_eq!(reads::<i8>(refused), None, "{refused}");
        }
        assert_eq!(reads::<u64>("-1"), None);
        assert_eq!(reads::<f64>("2.5"), Some(2.5));
        assert_eq!(reads::<f64>("2"), Some(2.0));
    }

    #[test]
    fn large_integers_stay_exact() {
        let json = "-170141183460469231731687303715884105728";
        assert_eq!(from_str::<Holder<i128>>(json).map(|holder| holder.0).ok(), Some(i128::MIN));
        assert_eq!(from_str::<Holder<u128>>("340282366920938463463374607431768211455").map(|holder| holder.0).ok(), Some(u128::MAX));
    }

    #[test]
    fn containers_hold_integers() {
        assert_eq!(reads::<Option<i64>>("null"), Some(None));
        assert_eq!(reads::<Vec<Option<Box<i64>>>>("[1.0,null]"), Some(vec![Some(Box::new(1)), None]));
        assert_eq!(reads::<BTreeMap<String, u8>>(r#"{"a":2.0}"#), Some(BTreeMap::from([("a".to_owned(), 2)])));
        assert_eq!(reads::<HashMap<String, u8>>(r#"{"a":2.0}"#), Some(HashMap::from([("a".to_owned(), 2)])));
    }
}
