//! Types under another name, with a schema of their own.

use serde::{Deserializer, Serialize};
use serde_json::Value;

use super::{Codec, Mode};
use crate::{Schema, ValidationErrors};

/// Returns a value that its schema accepts.
///
/// # Errors
/// What the schema asks and the value does not meet.
pub fn checked<T: Serialize>(value: impl Into<T>, schema: &'static Schema) -> Result<T, ValidationErrors> {
    let value = value.into();
    // What cannot be written as JSON is no valid value, and neither is null where these types occur.
    let json = serde_json::to_value(&value).unwrap_or(Value::Null);
    schema.validate(&json).map(|()| value)
}

/// Reads a value, and asks of it what its type does not say where the mode is strict.
///
/// # Errors
/// Those of [`Codec::read`].
pub fn read_checked<'de, T: Codec, D: Deserializer<'de>>(deserializer: D, mode: Mode, schema: &'static Schema) -> Result<T, D::Error> {
    let value = T::read(deserializer, mode)?;
    mode.ask(&value, schema)?;
    Ok(value)
}
