//! Generated event types in place, in a service's own source.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod include;

use proc_macro::TokenStream;

/// The events of a schema tree, as modules at the root of the crate: the same code that `eventc generate --target rust` writes.
///
/// Takes the folder of the tree, relative to the package's `Cargo.toml`. An `eventc.toml` beside that file gives the conventions;
/// without one there are none. The crate needs `eventc`, `serde` (with `derive`) and `serde_json` as dependencies. A change to a
/// schema that was read rebuilds the crate.
///
/// Generated code names its parts from the root of the crate, so the macro stands there: at the top of `lib.rs` or `main.rs`.
///
/// ```text
/// eventc_macros::include_events!("schemas/events");
///
/// let event = order::created::v1::OrderCreated::decode(bytes)?;
/// ```
///
/// # Errors
/// A tree with errors does not compile: each error names the schema's file, line and column.
#[proc_macro]
pub fn include_events(input: TokenStream) -> TokenStream {
    include::expand(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
