//! What the types of this package share when they are decoded and built.
#![allow(dead_code, reason = "not every set of schemas needs all of it")]

use std::{cell::Cell, collections::BTreeMap, fmt, marker::PhantomData};

use ::eventc::serde_support::FromNumber;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, Visitor},
};
use serde_json::{Map, Value};

/// The form in which a type is read, where that differs from the type itself.
pub(crate) trait Wire {
    /// The type itself.
    type Native;
    /// What was read.
    fn native(self) -> Self::Native;
}

/// Decodes through another form.
pub(crate) fn wire<'de, W: Wire + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<W::Native, D::Error> {
    W::deserialize(deserializer).map(Wire::native)
}

/// Decodes through another form a property that may be absent, and whose null is a value.
pub(crate) fn wire_some<'de, W: Wire + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<W::Native>, D::Error> {
    W::deserialize(deserializer).map(|value| Some(value.native()))
}

/// Decodes a property that must be present, even where its type reads absence as null.
pub(crate) fn required<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// Decodes a property that may be absent, and whose null is a value.
pub(crate) fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Decodes the properties without a field. They are read as JSON first: what serde buffers for `flatten` cannot hold every number.
pub(crate) fn rest<'de, W: Wire + DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, W::Native>, D::Error> {
    let members = Map::<String, Value>::deserialize(deserializer)?;
    let decode = |(key, value)| W::deserialize(value).map(|value| (key, value.native())).map_err(D::Error::custom);
    members.into_iter().map(decode).collect()
}

/// A type that is read as it is.
pub(crate) struct Plain<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

impl<T> Wire for Plain<T> {
    type Native = T;
    fn native(self) -> T {
        self.0
    }
}

/// A whole number, however it is spelled: JSON Schema's integers include `1.0` and `1e3`.
pub(crate) struct Int<T>(T);

impl<'de, T: FromNumber> Deserialize<'de> for Int<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::from_number(deserializer).map(Self)
    }
}

impl<T> Wire for Int<T> {
    type Native = T;
    fn native(self) -> T {
        self.0
    }
}

impl<W: Wire> Wire for Option<W> {
    type Native = Option<W::Native>;
    fn native(self) -> Self::Native {
        self.map(Wire::native)
    }
}

impl<W: Wire> Wire for Vec<W> {
    type Native = Vec<W::Native>;
    fn native(self) -> Self::Native {
        self.into_iter().map(Wire::native).collect()
    }
}

impl<W: Wire> Wire for BTreeMap<String, W> {
    type Native = BTreeMap<String, W::Native>;
    fn native(self) -> Self::Native {
        self.into_iter().map(|(key, value)| (key, value.native())).collect()
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)*) => {$(
        impl<$($name: Wire),+> Wire for ($($name,)+) {
            type Native = ($($name::Native,)+);
            #[allow(non_snake_case, reason = "the values of types are named as the types")]
            fn native(self) -> Self::Native {
                let ($($name,)+) = self;
                ($($name.native(),)+)
            }
        }
    )*};
}

tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I; A B C D E F G H I J;
A B C D E F G H I J K; A B C D E F G H I J K L; }

thread_local! {
    /// Whether an enum takes the strings that it knows alone.
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Runs with enums that take the strings that they know alone.
fn strictly<T>(run: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            STRICT.set(self.0);
        }
    }
    let _restore = Restore(STRICT.replace(true));
    run()
}

/// Decodes one of several strings.
pub(crate) fn text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    values: &'static [&'static str],
    known: fn(&str) -> Option<T>,
    unknown: Option<fn(String) -> T>,
) -> Result<T, D::Error> {
    struct Text<T>(&'static [&'static str], fn(&str) -> Option<T>, Option<fn(String) -> T>, PhantomData<T>);
    impl<T> Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            match ((self.1)(text), self.2) {
                (Some(value), _) => Ok(value),
                (None, Some(unknown)) if !STRICT.get() => Ok(unknown(text.to_owned())),
                _ => Err(E::unknown_variant(text, self.0)),
            }
        }
    }
    deserializer.deserialize_str(Text(values, known, unknown, PhantomData))
}

/// How an alternative of a union is decoded.
pub(crate) type Branch<T> = fn(&Value) -> Result<T, serde_json::Error>;

/// Decodes an alternative.
pub(crate) fn branch<W: Wire + DeserializeOwned, T>(value: &Value, make: fn(W::Native) -> T) -> Result<T, serde_json::Error> {
    W::deserialize(value).map(|value| make(value.native()))
}

/// Decodes a union: the alternative that the tag names, else the first that reads the document and writes it back unchanged, else the
/// first that reads it. Alternatives whose enums know all strings go before those that would take an unknown one.
pub(crate) fn union<'de, T: Serialize, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
    tag: Option<(&str, &[(&str, usize)])>,
    branches: &[Branch<T>],
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let named = tag.and_then(|(property, values)| {
        let text = value.get(property)?.as_str()?;
        values.iter().find(|(value, _)| *value == text).map(|(_, index)| *index)
    });
    if let Some(index) = named {
        return branches[index](&value).map_err(|error| D::Error::custom(format_args!("{name}: {error}")));
    }
    let mut nearest = None;
    for attempt in [true, false] {
        for branch in branches {
            let decoded = if attempt { strictly(|| branch(&value)) } else { branch(&value) };
            let Ok(decoded) = decoded else { continue };
            if serde_json::to_value(&decoded).is_ok_and(|written| equal(&written, &value)) {
                return Ok(decoded);
            }
            nearest.get_or_insert(decoded);
        }
    }
    nearest.ok_or_else(|| D::Error::custom(format_args!("the document is none of the alternatives of {name}")))
}

/// Equality as JSON Schema has it: numbers by value, objects without order.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other)),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| equal(one, other)))
        }
        _ => one == other,
    }
}

/// A value that its schema accepts.
pub(crate) fn checked<T: Serialize>(value: T, schema: &'static ::eventc::Schema) -> Result<T, ::eventc::ValidationErrors> {
    // What cannot be written as JSON is no valid value, and neither is null where these types occur.
    let json = serde_json::to_value(&value).unwrap_or(Value::Null);
    schema.validate(&json).map(|()| value)
}

/// The properties that a builder was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFields(pub Vec<&'static str>);

impl MissingFields {
    /// The names of those that are missing.
    pub(crate) fn of(fields: &[(bool, &'static str)]) -> Self {
        Self(fields.iter().filter(|(missing, _)| *missing).map(|(_, name)| *name).collect())
    }
}

impl fmt::Display for MissingFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing {}", self.0.join(", "))
    }
}

impl std::error::Error for MissingFields {}

/// A string that a closed enum does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue(pub String);

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown value {:?}", self.0)
    }
}

impl std::error::Error for UnknownValue {}

/// A value that no document has: the schema accepts nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Never {}

impl Serialize for Never {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("the schema accepts no value here"))
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
