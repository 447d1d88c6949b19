//! Objects: read and written property by property.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, Unexpected, Visitor},
    ser::SerializeMap,
};

use super::{Codec, Mode, ModeSeed, check_listed};
use crate::{Extra, Schema};

/// An object whose properties are fields.
pub trait Object: Codec {
    /// The name in errors.
    const NAME: &'static str;

    /// The properties that have a field, in the order of the schema.
    const FIELDS: &'static [&'static str];

    /// Reads the properties.
    ///
    /// # Errors
    /// A property is missing, or has not the shape of its field.
    fn read_properties<'de, A: MapAccess<'de>>(properties: Properties<A>) -> Result<Self, A::Error>;
}

/// Reads an object.
///
/// # Errors
/// Those of [`Object::read_properties`], or the document is no object.
#[inline]
pub fn read_object<'de, T: Object, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor { mode, read: PhantomData })
}

struct ObjectVisitor<T> {
    mode: Mode,
    read: PhantomData<T>,
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read_properties(Properties { map, mode: self.mode, fields: T::FIELDS, likely: 0, other: String::new() })
    }
}

/// The properties of an object that is being read.
pub struct Properties<A> {
    map: A,
    mode: Mode,
    fields: &'static [&'static str],
    /// The field that is probably next: documents mostly keep the order of their schema.
    likely: usize,
    /// The property that was read last, if it has no field.
    other: String,
}

impl<'de, A: MapAccess<'de>> Properties<A> {
    /// Returns the position of the next property among the fields, or one past the last for a property without a field.
    pub fn next_field(&mut self) -> Result<Option<usize>, A::Error> {
        let key = PropertyKey { fields: self.fields, likely: self.likely, other: &mut self.other };
        let index = self.map.next_key_seed(key)?;
        self.likely = index.map_or(0, |index| index + 1);
        Ok(index)
    }

    fn value<T: Codec>(&mut self) -> Result<T, A::Error> {
        self.map.next_value_seed(ModeSeed::new(self.mode))
    }

    /// Reads a value.
    pub fn read<T: Codec>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        *field = Some(self.value()?);
        Ok(())
    }

    /// Reads a value, and asks of it what its type does not say.
    pub fn read_checked<T: Codec>(&mut self, field: &mut Option<T>, schema: &'static Schema) -> Result<(), A::Error> {
        let value = self.value()?;
        self.mode.ask(&value, schema)?;
        *field = Some(value);
        Ok(())
    }

    /// Reads a value, and null as absence, which is tolerant.
    pub fn read_optional<T: Codec>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        *field = self.value()?;
        self.mode.insist(field.is_some())
    }

    /// Reads a value as [`read_optional`](Self::read_optional) does, and asks of it what its type does not say.
    pub fn read_optional_checked<T: Codec>(&mut self, field: &mut Option<T>, schema: &'static Schema) -> Result<(), A::Error> {
        self.read_optional(field)?;
        self.check(field, schema)
    }

    /// Reads a value that is one of those which its schema lists, or holds such values.
    pub fn read_listed<T: Codec>(&mut self, field: &mut Option<T>, values: &'static Schema) -> Result<(), A::Error> {
        self.read(field)?;
        field.as_ref().map_or(Ok(()), |value| check_listed(value, values))
    }

    /// Reads a value as [`read_listed`](Self::read_listed) does, and null as absence, which is tolerant.
    pub fn read_optional_listed<T: Codec>(&mut self, field: &mut Option<T>, values: &'static Schema) -> Result<(), A::Error> {
        self.read_optional(field)?;
        field.as_ref().map_or(Ok(()), |value| check_listed(value, values))
    }

    /// Asks of a value that was read what its type does not say.
    pub fn check<T: Codec>(&mut self, field: &Option<T>, schema: &'static Schema) -> Result<(), A::Error> {
        field.as_ref().map_or(Ok(()), |value| self.mode.ask(value, schema))
    }

    /// Reads a property that always has the same text, and notes that it is there.
    pub fn read_constant(&mut self, text: &'static str, present: &mut Option<()>) -> Result<(), A::Error> {
        self.map.next_value_seed(FixedText(text))?;
        *present = Some(());
        Ok(())
    }

    /// Reads a property without a field, where all of them have one type.
    pub fn read_rest<T: Codec>(&mut self, rest: &mut BTreeMap<String, T>) -> Result<(), A::Error> {
        let value = self.value()?;
        rest.insert(std::mem::take(&mut self.other), value);
        Ok(())
    }

    /// Reads a property without a field, where all of them have values that their schema lists.
    pub fn read_listed_rest<T: Codec>(&mut self, rest: &mut BTreeMap<String, T>, values: &'static Schema) -> Result<(), A::Error> {
        let value = self.value()?;
        check_listed(&value, values)?;
        rest.insert(std::mem::take(&mut self.other), value);
        Ok(())
    }

    /// Keeps a property that this version does not know.
    pub fn read_extra(&mut self, extra: &mut Extra) -> Result<(), A::Error> {
        let unread = self.map.next_value()?;
        extra.keep(std::mem::take(&mut self.other), unread);
        Ok(())
    }

    /// Keeps a property that no schema allows, which is tolerant.
    pub fn read_unknown(&mut self, extra: &mut Extra) -> Result<(), A::Error> {
        self.mode.insist(false)?;
        self.read_extra(extra)
    }

    /// Refuses a property that the schema does not allow.
    pub fn refuse(&mut self) -> Result<(), A::Error> {
        Err(A::Error::unknown_field(&self.other, self.fields))
    }

    /// Returns the value of a property, or its default where it was absent: JSON of the contract's own.
    pub fn or_default<T: Codec>(&self, value: Option<T>, default: &str) -> Result<T, A::Error> {
        let read = || T::read(&mut serde_json::Deserializer::from_str(default), Mode::Tolerant).map_err(A::Error::custom);
        value.map_or_else(read, Ok)
    }

    /// Returns the value of a property that must be present.
    pub fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, A::Error> {
        value.ok_or_else(|| A::Error::missing_field(name))
    }
}

/// A text that is always the same.
struct FixedText(&'static str);

impl<'de> DeserializeSeed<'de> for FixedText {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FixedText {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the string {:?}", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text == self.0 { Ok(()) } else { Err(E::invalid_value(Unexpected::Str(text), &self)) }
    }
}

/// A property's name as its position.
struct PropertyKey<'a> {
    fields: &'static [&'static str],
    likely: usize,
    other: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for PropertyKey<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PropertyKey<'_> {
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
pub struct ObjectWriter<S: Serializer>(S::SerializeMap);

impl<S: Serializer> ObjectWriter<S> {
    /// Begins an object.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// Writes a property.
    pub fn required<T: Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Writes a property if it is present.
    pub fn optional<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), S::Error> {
        match value {
            Some(value) => self.0.serialize_entry(name, value),
            None => Ok(()),
        }
    }

    /// Writes the properties without a field, where all of them have one type.
    pub fn rest<T: Serialize>(&mut self, rest: &BTreeMap<String, T>) -> Result<(), S::Error> {
        rest.iter().try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Writes the properties that this version does not know.
    pub fn extra(&mut self, extra: &Extra) -> Result<(), S::Error> {
        extra.unread().try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// The required properties that a builder was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFields(pub Vec<&'static str>);

impl MissingFields {
    /// Takes the names of those that are missing.
    #[doc(hidden)]
    pub fn of(fields: &[(bool, &'static str)]) -> Self {
        Self(fields.iter().filter(|(missing, _)| *missing).map(|(_, name)| *name).collect())
    }
}

impl fmt::Display for MissingFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing {}", self.0.join(", "))
    }
}

impl std::error::Error for MissingFields {}
