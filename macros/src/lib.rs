//! Macros of eventc: generated event types in place, and hand-written ones that are held to their contracts.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod derive;
mod include;
mod memo;
mod rustc;
mod tree;

use proc_macro::TokenStream;

/// Returns the events of a schema tree, as modules in place: the same code that `eventc generate --target rust` writes.
///
/// ```text
/// eventc::include_events!();                                                // the package's tree
/// eventc::include_events!("schemas/events");                                // the tree in a folder, from Cargo.toml's
/// eventc::include_events!("schemas/events", topics = ["sales.order.*"]);    // some events, and what they need
/// eventc::include_events!("schemas/events", namespace = "sales");           // those of a namespace
/// ```
///
/// The package's tree is what `[package.metadata.eventc]` in its `Cargo.toml` names (`schemas` or `config`), else what an `eventc.toml`
/// beside it describes, else a folder `schemas/events` beside it, else what an `eventc.toml` above describes. The crate needs no
/// other dependency. The macro stands in any module, at the root too.
///
/// # What rebuilds the crate
/// A change to a schema that was read, and its removal: the compiler watches each of these files. No macro can have it watch a folder,
/// so a schema that is **added** is noticed by a build script of one line, which needs no dependency:
///
/// ```text
/// // build.rs
/// fn main() { println!("cargo::rerun-if-changed=schemas/events"); }
/// ```
///
/// Without a build script the macro warns; `untracked` as its last word says that this is meant. A renamed file is a removed and an
/// added one.
///
/// # Errors
/// A tree with errors does not compile: the macro's own line shows each with the schema's file, line and column.
#[proc_macro]
pub fn include_events(input: TokenStream) -> TokenStream {
    include::expand(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Holds a hand-written struct or enum to its contract, and implements `eventc::Event` (for the whole of an event),
/// `eventc::Validate` and `eventc::Shaped` for it. The item derives serde's `Serialize` and `Deserialize` too.
///
/// ```
/// use eventc::{Event, Validate};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Event)]
/// #[event(topic = "order.created")]
/// struct OrderCreated {
///     order_id: String,
///     #[serde(default, skip_serializing_if = "Option::is_none")]
///     state: Option<State>,
///     total: Money,
/// }
///
/// #[derive(Serialize, Deserialize, Event)]
/// #[event(topic = "order.created", at = "/properties/state")]
/// #[serde(rename_all = "lowercase")]
/// enum State {
///     Open,
///     Paid,
/// }
///
/// #[derive(Serialize, Deserialize, Event)]
/// #[event(file = "_types.v1.json", at = "/$defs/money")]
/// struct Money {
///     amount: String,
///     currency: String,
/// }
///
/// let order = OrderCreated::decode(br#"{"order_id":"A-17","total":{"amount":"12.50","currency":"EUR"}}"#).unwrap();
/// assert_eq!(order.partition_key().as_deref(), Some("A-17"));
/// assert!(OrderCreated::validate_json(br#"{"order_id":""}"#).is_err());
/// ```
///
/// # Where it stands
/// | `#[event(…)]` on the item | |
/// |---|---|
/// | `topic = "…"` | the event |
/// | `file = "…"` | or a file of the tree, by its path below the root: for shared definitions |
/// | `at = "/properties/…"` | a part of it, by JSON Pointer through references; of a list its items are meant |
/// | `part` | a struct with some of the properties, which another flattens |
/// | `tag = "…"` | the property that an enum around the struct writes (serde's `tag`) |
/// | `envelope = "Type<Self>"` | the event's envelope, where it is not the namespace's own (`eventc::JsonEnvelope`) |
///
/// | on a field | |
/// |---|---|
/// | `shape = "String"` | the Rust type with the same JSON, for types of other crates and behind serde's `with` |
/// | `unchecked` | the field is not compared |
///
/// # What is compared
/// Which properties there are, required, optional or null; their types, through `Option`, `Box`, lists, maps and tuples; the strings
/// of enums; the alternatives of `oneOf` and `anyOf` against tagged, adjacently tagged, externally tagged and untagged enums. serde's
/// attributes count as they do for serde. A type holds what the contract allows: an integer without bounds takes `i64`. Other types that
/// derive `Event` are compared by the compiler, as constants.
///
/// # Errors
/// Each disagreement is an error at its field or variant, with the contract's file, line and column and a way out.
#[proc_macro_derive(Event, attributes(event, serde))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    derive::derive(input.into()).into()
}
