//! Decoding and validating in one pass: what a schema asks is asked of each value on its way into the type.
//!
//! [`compile`] turns plans into [`step`]s, one for each place of a document, in which everything that applies there is merged. [`read`]
//! passes a document through the steps into whatever type is decoded. Only a *yes* counts: whatever is refused on the way, or cannot be
//! decided there, is left to the check of the whole document, which knows the words for it.

mod compile;
mod object;
mod read;
mod scalar;
mod step;
mod value;

use std::cell::Cell;

use serde::Deserialize;

pub(super) use self::compile::compile;
pub(crate) use self::read::Skip;
use self::read::{Checked, ReadPlace};
pub(super) use self::step::Steps;
pub use self::value::Cursor;
pub(crate) use self::value::MemberCheck;

/// Reads a document that is accepted; `None` where it is not, or nobody knows here.
pub(super) fn read<'de, T: Deserialize<'de>>(steps: &'static Steps, json: &'de [u8]) -> Option<T> {
    let broken = Cell::new(false);
    let value = read_at(ReadPlace::root(steps, &broken), json).ok()?;
    (!broken.get()).then_some(value)
}

/// Reads a document that was judged before: the same code as [`read`], so that it is compiled once for a type.
pub(super) fn read_judged<'de, T: Deserialize<'de>>(steps: &'static Steps, json: &'de [u8]) -> serde_json::Result<T> {
    let broken = Cell::new(false);
    read_at(ReadPlace::root(steps, &broken).judged(), json)
}

fn read_at<'de, T: Deserialize<'de>>(place: ReadPlace<'_>, json: &'de [u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Checked { inner: &mut deserializer, place })?;
    deserializer.end()?;
    Ok(value)
}
