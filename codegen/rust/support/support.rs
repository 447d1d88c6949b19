//! What the types of this package share when they are decoded and built.
#![allow(dead_code, unused_imports, unused_macros, reason = "not every set of schemas needs all of it")]

mod macros;

use std::{cell::Cell, collections::BTreeMap, fmt, marker::PhantomData};

use ::eventc::serde_support::{
    FromNumber,
    strict::{Asked, is_strict, meets, tolerantly},
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Value;

pub(crate) use self::macros::{alternatives, codec, dispatch, newtype, strings};

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

/// An object that is read property by property.
pub(crate) trait Object: Sized {
    /// What it is called in errors.
    const NAME: &'static str;
    /// The properties that have a field.
    const FIELDS: &'static [&'static str];
    /// Reads it.
    fn read<'de, A: MapAccess<'de>>(members: Members<A>) -> Result<Self, A::Error>;
}

/// Decodes an object.
pub(crate) fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(Members { map, fields: T::FIELDS, likely: 0, other: String::new() })
    }
}

/// The properties of an object that is being read.
pub(crate) struct Members<A> {
    map: A,
    fields: &'static [&'static str],
    /// The field that is probably next: documents mostly keep the order of their schema.
    likely: usize,
    /// The property that was read last, if it has no field.
    other: String,
}

impl<'de, A: MapAccess<'de>> Members<A> {
    /// The position of the next property among the fields; past the last for a property without a field.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let key = Key { fields: self.fields, likely: self.likely, other: &mut self.other };
        let index = self.map.next_key_seed(key)?;
        self.likely = index.map_or(0, |index| index + 1);
        Ok(index)
    }

    /// Reads a value.
    pub(crate) fn read<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        *slot = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads a value, and null as absence.
    pub(crate) fn read_or_null<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        *slot = self.map.next_value()?;
        insist(slot.is_some())
    }

    /// Reads a value through another form.
    pub(crate) fn read_as<W: Wire + Deserialize<'de>>(&mut self, slot: &mut Option<W::Native>) -> Result<(), A::Error> {
        *slot = Some(self.map.next_value::<W>()?.native());
        Ok(())
    }

    /// Reads a value through another form, and null as absence.
    pub(crate) fn read_as_or_null<W: Wire + Deserialize<'de>>(&mut self, slot: &mut Option<W::Native>) -> Result<(), A::Error> {
        *slot = self.map.next_value::<Option<W>>()?.map(Wire::native);
        insist(slot.is_some())
    }

    /// Reads a property without a field, where all of them have one type.
    pub(crate) fn read_rest<W: Wire + Deserialize<'de>>(&mut self, rest: &mut BTreeMap<String, W::Native>) -> Result<(), A::Error> {
        let value = self.map.next_value::<W>()?.native();
        rest.insert(std::mem::take(&mut self.other), value);
        Ok(())
    }

    /// Reads a property that this version does not know.
    pub(crate) fn read_extra(&mut self, extra: &mut ::eventc::Extra) -> Result<(), A::Error> {
        let unread = self.map.next_value()?;
        extra.keep(std::mem::take(&mut self.other), unread);
        Ok(())
    }

    /// Reads a property that no schema allows and a reader lets be.
    pub(crate) fn read_surplus(&mut self, extra: &mut ::eventc::Extra) -> Result<(), A::Error> {
        insist(false)?;
        self.read_extra(extra)
    }

    /// Asks of a value what its type does not say.
    pub(crate) fn ask<T: Asked>(&self, slot: &Option<T>, schema: &'static ::eventc::Schema) -> Result<(), A::Error> {
        slot.as_ref().map_or(Ok(()), |value| ask(value, schema))
    }

    /// Refuses a property that the schema does not allow.
    pub(crate) fn refuse(&mut self) -> Result<(), A::Error> {
        Err(A::Error::unknown_field(&self.other, self.fields))
    }

    /// The value of a property that must be present.
    pub(crate) fn need<T>(&self, slot: Option<T>, name: &'static str) -> Result<T, A::Error> {
        slot.ok_or_else(|| A::Error::missing_field(name))
    }
}

/// Asks of a value what its type does not say, where reading is strict.
pub(crate) fn ask<T: Asked, E: Error>(value: &T, schema: &'static ::eventc::Schema) -> Result<(), E> {
    if !is_strict() || meets(value, schema) { Ok(()) } else { Err(refused()) }
}

/// Refuses what does not hold, where reading is strict.
pub(crate) fn insist<E: Error>(holds: bool) -> Result<(), E> {
    if holds || !is_strict() { Ok(()) } else { Err(refused()) }
}

/// Whoever reads strictly asks the whole document again, and finds the words there.
#[cold]
fn refused<E: Error>() -> E {
    E::custom("its schema refuses it")
}

/// A property's name as its position.
struct Key<'a> {
    fields: &'static [&'static str],
    likely: usize,
    other: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        if self.fields.get(self.likely).is_some_and(|field| *field == name) {
            return Ok(self.likely);
        }
        Ok(self.fields.iter().position(|field| *field == name).unwrap_or_else(|| {
            name.clone_into(self.other);
            self.fields.len()
        }))
    }
}

/// An object that is being written.
pub(crate) struct Output<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Output<S> {
    /// Begins the object.
    pub(crate) fn new(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a property.
    pub(crate) fn required<T: Serialize>(self, name: &'static str, value: &T) -> Self {
        Self(self.0.and_then(|mut map| map.serialize_entry(name, value).map(|()| map)))
    }

    /// Writes a property if it is present.
    pub(crate) fn optional<T: Serialize>(self, name: &'static str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.required(name, value),
            None => self,
        }
    }

    /// Writes the properties without a field.
    pub(crate) fn rest<'a, T: Serialize + 'a>(mut self, rest: impl IntoIterator<Item = (&'a String, &'a T)>) -> Self {
        for (name, value) in rest {
            self = Self(self.0.and_then(|mut map| map.serialize_entry(name, value).map(|()| map)));
        }
        self
    }

    /// Ends the object.
    pub(crate) fn end(self) -> Result<S::Ok, S::Error> {
        self.0.and_then(SerializeMap::end)
    }
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

/// One of several strings.
pub(crate) trait Strings: Clone + 'static {
    /// The strings that are known.
    const TEXTS: &'static [&'static str];
    /// What each of them stands for.
    const KNOWN: &'static [Self];
    /// What another string is, where it is anything.
    const UNKNOWN: Option<fn(String) -> Self>;
}

/// What a string stands for.
pub(crate) fn parse<T: Strings>(text: &str) -> Result<T, UnknownValue> {
    let known = T::TEXTS.iter().zip(T::KNOWN).find(|(known, _)| **known == text).map(|(_, value)| value.clone());
    known.or_else(|| T::UNKNOWN.map(|unknown| unknown(text.to_owned()))).ok_or_else(|| UnknownValue(text.to_owned()))
}

/// Decodes one of several strings.
pub(crate) fn text<'de, T: Strings, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(PhantomData))
}

struct Text<T>(PhantomData<T>);

impl<T: Strings> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if (STRICT.get() || is_strict()) && !T::TEXTS.contains(&text) {
            return Err(E::unknown_variant(text, T::TEXTS));
        }
        parse(text).map_err(|_| E::unknown_variant(text, T::TEXTS))
    }
}

/// How an alternative of a union is decoded.
pub(crate) type Branch<T> = fn(&Value) -> Result<T, serde_json::Error>;

/// Decodes a union: the alternative that the tag names, else the first that reads the document and writes it back unchanged, else the
/// first that reads it. Alternatives whose enums know all strings go before those that would take an unknown one. `schema` is its own.
pub(crate) fn union<'de, T: Serialize, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
    schema: Option<&'static ::eventc::Schema>,
    tag: Option<(&str, &[(&str, usize)])>,
    branches: &[Branch<T>],
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if !is_strict() {
        return alternative(&value, name, tag, branches);
    }
    insist(schema.is_some_and(|schema| schema.is_valid(&value)))?;
    tolerantly(|| alternative(&value, name, tag, branches))
}

fn alternative<T: Serialize, E: Error>(
    value: &Value,
    name: &'static str,
    tag: Option<(&str, &[(&str, usize)])>,
    branches: &[Branch<T>],
) -> Result<T, E> {
    if let Some((property, values)) = tag
        && let Some(text) = value.get(property).and_then(Value::as_str)
    {
        let Some((_, index)) = values.iter().find(|(value, _)| *value == text) else {
            return Err(E::custom(format_args!("no alternative of {name} has this `{property}`")));
        };
        return branches[*index](value).map_err(|error| E::custom(format_args!("{name}: {error}")));
    }
    let mut nearest = None;
    for attempt in [true, false] {
        for branch in branches {
            let decoded = if attempt { strictly(|| branch(value)) } else { branch(value) };
            let Ok(decoded) = decoded else { continue };
            if serde_json::to_value(&decoded).is_ok_and(|written| equal(&written, value)) {
                return Ok(decoded);
            }
            nearest.get_or_insert(decoded);
        }
    }
    nearest.ok_or_else(|| E::custom(format_args!("the document is none of the alternatives of {name}")))
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
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl Asked for Never {}

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
