//! Types that hold no other: those of the language and its libraries, [`Never`], and whatever serde reads by itself.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Number, Value, value::RawValue};

use super::{Codec, Mode};
use crate::{Bare, Extra, Formatted, schema::Cursor, serde_support::FromNumber};

/// Implements [`Codec`] for types that serde reads as they are.
macro_rules! as_they_are {
    ($($ty:ty, $asked:expr;)*) => {$(
        impl Codec for $ty {
            #[inline]
            fn read<'de, D: Deserializer<'de>>(deserializer: D, _: Mode) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn meets(&self, at: Cursor) -> bool {
                let asked: fn(Cursor, &Self) -> bool = $asked;
                asked(at, self)
            }
        }
    )*};
}

as_they_are! {
    (), |at, ()| at.null();
    bool, |at, value| at.bool(*value);
    f64, |at, value| at.float(*value);
    Number, |at, value| at.number(value);
    String, |at, value| at.text(value);
    Value, |at, value| at.value(value);
    Map<String, Value>, |at, value| at.whole(value);
    Box<RawValue>, |at, value| at.whole(value);
    Extra, |at, value| at.whole(value);
}

#[cfg(feature = "exact")]
as_they_are! { crate::Integer, |at, value| at.number(value); }

/// Implements [`Codec`] for integers, which JSON may spell `1.0` and `1e3`.
macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Codec for $ty {
            #[inline]
            fn read<'de, D: Deserializer<'de>>(deserializer: D, _: Mode) -> Result<Self, D::Error> {
                Self::from_number(deserializer)
            }

            fn meets(&self, at: Cursor) -> bool {
                at.integer((*self).into())
            }
        }
    )*};
}

integers! { i64 u64 i128 }

impl Codec for u128 {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, _: Mode) -> Result<Self, D::Error> {
        Self::from_number(deserializer)
    }

    fn meets(&self, at: Cursor) -> bool {
        match i128::try_from(*self) {
            Ok(value) => at.integer(value),
            Err(_) => Number::from_u128(*self).is_some_and(|number| at.number(&number)),
        }
    }
}

impl<T> Codec for Formatted<T> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, _: Mode) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn meets(&self, at: Cursor) -> bool {
        at.text(self.as_str())
    }
}

impl<P: Codec> Codec for Bare<P> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        P::read(deserializer, mode).map(Self)
    }

    fn meets(&self, at: Cursor) -> bool {
        self.0.meets(at)
    }
}

/// A type that serde reads by itself, as the payload of a generated envelope. A strict reader refuses it: nobody knows what it asks.
///
/// ```
/// use eventc::codec::{Codec, Mode, Plain};
///
/// let read = |mode| Plain::<char>::read(serde_json::json!("x"), mode);
/// assert_eq!(read(Mode::Tolerant).unwrap().0, 'x');
/// assert!(read(Mode::Strict).is_err());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plain<T>(pub T);

impl<T: Serialize + DeserializeOwned> Codec for Plain<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        read_by_serde(deserializer, mode)
    }
}

/// Reads a type of which serde knows alone how. A strict reader refuses it: nobody knows what it asks.
///
/// # Errors
/// The document has not the shape of the type, or the mode is strict.
pub fn read_by_serde<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<T, D::Error> {
    mode.insist(false)?;
    T::deserialize(deserializer)
}

/// A value that no document has: the schema accepts nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Never {}

impl Codec for Never {
    fn read<'de, D: Deserializer<'de>>(_: D, _: Mode) -> Result<Self, D::Error> {
        Err(D::Error::custom("the schema accepts no value here"))
    }
}

impl Serialize for Never {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::tolerant(deserializer)
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
