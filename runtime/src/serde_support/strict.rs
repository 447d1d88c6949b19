//! Reading strictly: for generated types that, read so, are all that their schemas ask.
//!
//! A type is tolerant by itself: it takes null for absence, a string that an enum does not know, and what no schema allows. While
//! [`is_strict`] says so, generated code takes none of them, and [asks](meets) each value what its type does not say. Only success counts:
//! what is refused is asked again as a whole, which finds the words for it.

use std::cell::Cell;

pub use crate::schema::{Asked, At};
use crate::{
    DecodeError, Event, Schema,
    event::{judge_event, of_its_topic},
};

thread_local! {
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Whether what is read now has to be valid.
#[inline]
pub fn is_strict() -> bool {
    STRICT.get()
}

/// Reads what was judged before, as tolerant as types are.
pub fn tolerantly<T>(read: impl FnOnce() -> T) -> T {
    reading(false, read)
}

fn reading<T>(strict: bool, read: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            STRICT.set(self.0);
        }
    }
    let _restore = Restore(STRICT.replace(strict));
    read()
}

/// Whether a schema accepts a value.
pub fn meets<T: Asked>(value: &T, schema: &'static Schema) -> bool {
    value.is_accepted(At::root(schema))
}

/// [`Event::decode_valid`] for a type that is all that its schema asks, if it is read strictly.
///
/// # Errors
/// Those of [`Event::decode_valid`].
pub fn decode_valid<E: Event>(json: &[u8]) -> Result<E, DecodeError> {
    if let Ok(event) = reading(true, || serde_json::from_slice(json)) {
        return Ok(event);
    }
    E::validate_json(json).map_err(|error| error.expecting(E::TOPIC.name))?;
    E::decode(json)
}

/// [`Event::decode_valid_event`] for a type that is, with its envelope, all that the schemas ask, if it is read strictly.
///
/// # Errors
/// Those of [`Event::decode_valid_event`].
pub fn decode_valid_event<E: Event>(json: &[u8]) -> Result<E::Envelope, DecodeError> {
    if let Ok(event) = reading(true, || serde_json::from_slice(json)) {
        return of_its_topic::<E>(event);
    }
    judge_event::<E>(json)?;
    E::decode_event(json)
}
