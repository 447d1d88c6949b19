//! Reading and writing generated types: the code that all of them share.
//!
//! Generated code implements [`Codec`] for every type, and [`Object`] for those that are objects. serde's `Deserialize` is the same reader
//! in [`Mode::Tolerant`]. How strict a reader is goes along as an argument, so that nothing outside decides it.

mod items;
mod listed;
mod newtype;
mod object;
mod scalar;
mod string;
mod union;
mod values;

use std::marker::PhantomData;

use serde::{
    Deserializer, Serialize,
    de::{DeserializeSeed, Error},
};

pub use serde::de::MapAccess;

pub use self::{
    items::{FirstItems, Items, ThenItems},
    listed::check_listed,
    newtype::{checked, read_checked},
    object::{MissingFields, Object, ObjectWriter, Properties, read_object},
    scalar::{Never, Plain, read_by_serde},
    string::{UnknownValue, read_string, read_symbol},
    union::{Alternative, Unfit, Union},
};
pub use crate::schema::Cursor;
use crate::{
    DecodeError, Event, Schema,
    event::{judge_event, of_its_topic},
};

/// The strictness of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Whatever a type can hold: null for absence, a string that an open enum does not know, properties that no schema allows.
    Tolerant,
    /// The same, but of the strings of an enum those alone that it knows.
    Known,
    /// Valid documents alone: each value is also asked what its type does not say. Only success counts, since a refusal has no words;
    /// who wants them validates the document as a whole.
    Strict,
}

impl Mode {
    /// Returns whether the reader refuses what is not valid.
    #[inline]
    #[must_use]
    pub fn is_strict(self) -> bool {
        self == Self::Strict
    }

    /// Refuses what does not hold, if the reader is strict.
    #[inline]
    fn insist<E: Error>(self, holds: bool) -> Result<(), E> {
        if holds || !self.is_strict() { Ok(()) } else { Err(refused()) }
    }

    /// Asks of a value what its type does not say, if the reader is strict.
    #[inline]
    fn ask<T: Codec, E: Error>(self, value: &T, schema: &'static Schema) -> Result<(), E> {
        if !self.is_strict() || value.meets(Cursor::root(schema)) { Ok(()) } else { Err(refused()) }
    }
}

#[cold]
fn refused<E: Error>() -> E {
    E::custom("its schema refuses it")
}

/// A type that is read in a [`Mode`].
///
/// Generated types and `derive(Event)` implement it, and the types of the standard library that they are made of.
#[diagnostic::on_unimplemented(
    message = "generated code cannot read `{Self}`",
    note = "derive `Event` on it, or let serde read it: `eventc::codec::Plain<{Self}>`"
)]
pub trait Codec: Serialize + Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// The document has not the shape of the type, or is one that the mode refuses.
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error>;

    /// Returns whether the schema of a place accepts the value. A type with a schema of its own was asked when it was read.
    fn meets(&self, at: Cursor) -> bool {
        let _ = at;
        true
    }
}

/// Reads a value in [`Mode::Tolerant`]: what `Deserialize` does.
///
/// # Errors
/// The document has not the shape of the type.
#[inline]
pub fn tolerant<'de, T: Codec, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer, Mode::Tolerant)
}

/// A seed that reads a value in a mode, as serde asks for it.
struct ModeSeed<T> {
    mode: Mode,
    read: PhantomData<T>,
}

impl<T> ModeSeed<T> {
    fn new(mode: Mode) -> Self {
        Self { mode, read: PhantomData }
    }
}

impl<'de, T: Codec> DeserializeSeed<'de> for ModeSeed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer, self.mode)
    }
}

/// Reads the text of a document strictly.
fn strict<T: Codec>(json: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = T::read(&mut deserializer, Mode::Strict)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads a valid payload: [`Event::decode_valid`] for a type that is valid whenever it can be read strictly.
///
/// # Errors
/// Those of [`Event::decode_valid`].
pub fn decode_valid<E: Event + Codec>(json: &[u8]) -> Result<E, DecodeError> {
    if let Ok(event) = strict(json) {
        return Ok(event);
    }
    E::validate_json(json).map_err(|error| error.expecting(E::TOPIC.name))?;
    E::decode(json)
}

/// Reads a valid event: [`Event::decode_valid_event`] for a type that is, with its envelope, valid whenever it can be read strictly.
///
/// # Errors
/// Those of [`Event::decode_valid_event`].
pub fn decode_valid_event<E: Event<Envelope: Codec>>(json: &[u8]) -> Result<E::Envelope, DecodeError> {
    if let Ok(event) = strict(json) {
        return of_its_topic::<E>(event);
    }
    judge_event::<E>(json)?;
    E::decode_event(json)
}
