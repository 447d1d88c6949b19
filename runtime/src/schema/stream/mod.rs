//! Decoding and validating in one pass: what a schema asks is asked of each value on its way into the type.
//!
//! [`compile`] turns plans into [`steps`](super::steps), one for each place of a document, in which everything that applies there is
//! merged. [`read`](self::read) passes a document through the steps into whatever type is decoded. Only a *yes* counts: whatever is
//! refused on the way, or cannot be decided there, is left to the check of the whole document, which knows the words for it.

mod accept;
mod compile;
mod object;
mod read;
mod value;

use std::cell::Cell;

use serde::Deserialize;
use serde_json::Value;

pub use self::value::Cursor;
pub(crate) use self::value::MemberCheck;
use self::{
    compile::compile,
    read::{Checked, ReadPlace},
};
use super::{Enveloped, Schema, steps::Steps};
use crate::DecodeError;

impl Schema {
    /// Decodes a document and asks of it what the schema asks, in one pass: what [`validate`](Self::validate) accepts, as any type that
    /// serde reads. The type is free to be more tolerant than the schema.
    ///
    /// ```
    /// use eventc::{DecodeError, Schema};
    ///
    /// static LEVEL: Schema = Schema::new(r#"{"type":"object","additionalProperties":{"type":"integer","maximum":9}}"#, &[]);
    ///
    /// type Levels = std::collections::BTreeMap<String, u8>;
    /// assert_eq!(LEVEL.decode::<Levels>(br#"{"a":7}"#).unwrap()["a"], 7);
    /// let Err(DecodeError::Invalid(errors)) = LEVEL.decode::<Levels>(br#"{"a":12,"b":"?"}"#) else { panic!("it is valid") };
    /// assert_eq!(errors.to_string(), "/a: must be at most 9, found 12\n/b: must be an integer, found \"?\"");
    /// ```
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, [`DecodeError::Invalid`] with all that is wrong with it; and [`DecodeError::Json`] if it is
    /// valid, and has not the shape of the type.
    pub fn decode<'de, T: Deserialize<'de>>(&'static self, json: &'de [u8]) -> Result<T, DecodeError> {
        if let Some(value) = read(self.steps(), json) {
            return Ok(value);
        }
        let value = serde_json::from_slice::<Value>(json).map_err(|source| DecodeError::json("", &source))?;
        self.validate(&value)?;
        self.read_judged(json).map_err(|source| DecodeError::json("", &source))
    }

    /// Reads a document that was judged before.
    pub(crate) fn read_judged<'de, T: Deserialize<'de>>(&'static self, json: &'de [u8]) -> serde_json::Result<T> {
        read_judged(self.steps(), json)
    }

    /// Reads an event that this schema and that of its envelope accept; `None` where they do not, or it takes more than one pass to say.
    pub(crate) fn read_enveloped<'de, T: Deserialize<'de>>(
        &'static self,
        envelope: &'static Self,
        place: &'static str,
        json: &'de [u8],
    ) -> Option<T> {
        if place.is_empty() {
            return read(self.steps(), json);
        }
        let steps = || Enveloped { envelope, place, steps: compile(envelope, Some((place, self))) };
        let known = self.enveloped.get_or_init(steps);
        let is_same = std::ptr::eq(known.envelope, envelope) && known.place == place;
        if is_same { read(&known.steps, json) } else { None }
    }
}

/// Reads a document that is accepted; `None` where it is not, or nobody knows here.
fn read<'de, T: Deserialize<'de>>(steps: &'static Steps, json: &'de [u8]) -> Option<T> {
    let broken = Cell::new(false);
    let value = read_at(ReadPlace::root(steps, &broken), json).ok()?;
    (!broken.get()).then_some(value)
}

/// Reads a document that was judged before: the same code as [`read`], so that it is compiled once for a type.
fn read_judged<'de, T: Deserialize<'de>>(steps: &'static Steps, json: &'de [u8]) -> serde_json::Result<T> {
    let broken = Cell::new(false);
    read_at(ReadPlace::root(steps, &broken).judged(), json)
}

fn read_at<'de, T: Deserialize<'de>>(place: ReadPlace<'_>, json: &'de [u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Checked { inner: &mut deserializer, place })?;
    deserializer.end()?;
    Ok(value)
}
