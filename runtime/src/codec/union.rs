//! Unions: one of several types.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

use super::{Codec, Mode, check_listed};
use crate::Schema;

/// A document of which the alternative is not known yet.
pub struct Union {
    name: &'static str,
    value: Value,
    mode: Mode,
}

/// An error: the document is no such alternative.
#[derive(Debug)]
pub struct Unfit(());

/// A reader of an alternative of a union.
pub type Alternative<U> = fn(&Union) -> Result<U, Unfit>;

impl Union {
    /// Reads a document of a union of that name.
    ///
    /// A strict reader has the union's schema judge it as a whole, and reads the alternative tolerantly then. Without a schema it
    /// refuses the document.
    ///
    /// # Errors
    /// The document cannot be read, or the schema refuses it.
    pub fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        mode: Mode,
        name: &'static str,
        schema: Option<&'static Schema>,
    ) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if !mode.is_strict() {
            return Ok(Self { name, value, mode });
        }
        mode.insist(schema.is_some_and(|schema| schema.is_valid(&value)))?;
        Ok(Self { name, value, mode: Mode::Tolerant })
    }

    /// Returns the string that tells the alternatives apart; empty where there is none.
    #[must_use]
    pub fn tag(&self, property: &str) -> &str {
        self.value.get(property).and_then(Value::as_str).unwrap_or_default()
    }

    /// Reads the alternative that the tag names.
    ///
    /// # Errors
    /// The document has not the shape of the alternative.
    pub fn tagged<T: Codec, U, E: Error>(&self, wrap: impl FnOnce(T) -> U) -> Result<U, E> {
        let read = T::read(&self.value, self.mode);
        read.map(wrap).map_err(|error| E::custom(format_args!("{}: {error}", self.name)))
    }

    /// Returns why no alternative is read, where the tag names none.
    #[must_use]
    pub fn unknown_tag<E: Error>(&self, property: &str) -> E {
        E::custom(format_args!("no alternative of {} has this `{property}`", self.name))
    }

    /// Reads an alternative that may be another.
    ///
    /// # Errors
    /// The document has not the shape of the alternative.
    pub fn alternative<T: Codec, U>(&self, wrap: impl FnOnce(T) -> U) -> Result<U, Unfit> {
        T::read(&self.value, self.mode).map(wrap).map_err(|_| Unfit(()))
    }

    /// Reads an alternative whose values its schema lists, and which may be another.
    ///
    /// # Errors
    /// The document has not the shape of the alternative, or is not listed.
    pub fn listed<T: Codec, U>(&self, wrap: impl FnOnce(T) -> U, values: &'static Schema) -> Result<U, Unfit> {
        let value = T::read(&self.value, self.mode).map_err(|_| Unfit(()))?;
        check_listed::<T, serde_json::Error>(&value, values).map_err(|_| Unfit(()))?;
        Ok(wrap(value))
    }

    /// Reads the first alternative that reads the document and writes it back unchanged, else the first that reads it. Alternatives
    /// whose enums know all strings go before those that would take an unknown one.
    ///
    /// # Errors
    /// The document is none of the alternatives.
    pub fn first_of<U: Serialize, E: Error>(self, alternatives: &[Alternative<U>]) -> Result<U, E> {
        self.meant_of(None, alternatives)
    }

    /// Reads the alternative that a discriminator means, by its index, if it reads the document and writes it back unchanged; else as
    /// [`Self::first_of`] does.
    ///
    /// # Errors
    /// The document is none of the alternatives.
    pub fn meant_of<U: Serialize, E: Error>(mut self, meant: Option<usize>, alternatives: &[Alternative<U>]) -> Result<U, E> {
        let meant = meant.and_then(|index| alternatives.get(index)).map(std::slice::from_ref).unwrap_or_default();
        let mut nearest = None;
        for (mode, alternatives) in [(self.mode, meant), (Mode::Known, alternatives), (self.mode, alternatives)] {
            self.mode = mode;
            for read in alternatives {
                let Ok(decoded) = read(&self) else { continue };
                if serde_json::to_value(&decoded).is_ok_and(|written| equal(&written, &self.value)) {
                    return Ok(decoded);
                }
                nearest.get_or_insert(decoded);
            }
        }
        nearest.ok_or_else(|| E::custom(format_args!("the document is none of the alternatives of {}", self.name)))
    }
}

/// Returns whether two values are equal as JSON Schema has it: numbers by value, objects without order.
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
