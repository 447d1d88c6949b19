//! Listed values that no enum stands for: numbers, flags and null.

use serde::de::Error;

use super::Codec;
use crate::{Schema, schema::Cursor};

/// Refuses a value that is none of those which its schema lists, in whatever mode it was read. `values` asks for nothing else.
///
/// # Errors
/// The value, or one that it holds, is not listed.
#[inline]
pub fn check_listed<T: Codec, E: Error>(value: &T, values: &'static Schema) -> Result<(), E> {
    if value.meets(Cursor::root(values)) { Ok(()) } else { Err(unlisted(value)) }
}

#[cold]
fn unlisted<T: Codec, E: Error>(value: &T) -> E {
    match serde_json::to_string(value) {
        Ok(json) => E::custom(format_args!("{json} is, or holds, none of the values that its schema lists")),
        Err(error) => E::custom(error),
    }
}
