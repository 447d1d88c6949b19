//! The runtime of services that send and receive the events that `eventc` compiles.
//!
//! Generated code implements [`Event`] for every event and [`Validate`] for whatever has a schema. Reading an event and judging it
//! are apart: [`Event::decode`] is as tolerant as the generated types are, [`Validate::validate`] asks exactly what the schema
//! asks.
//!
//! ```
//! # #[cfg(feature = "json")] {
//! use eventc::{Bare, Event, Schema, Topic, Validate};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Serialize, Deserialize)]
//! struct OrderCreated {
//!     order_id: String,
//! }
//!
//! static ORDER_CREATED: Schema =
//!     Schema::new(r#"{"type":"object","properties":{"order_id":{"type":"string","minLength":1}},"required":["order_id"]}"#, &[]);
//!
//! impl Validate for OrderCreated {
//!     fn schema() -> &'static Schema {
//!         &ORDER_CREATED
//!     }
//! }
//!
//! impl Event for OrderCreated {
//!     const TOPIC: &'static Topic = &Topic { key: Some("/order_id"), ..Topic::new("sales.order.created", "1.0.0", "sales") };
//!     type Envelope = Bare<Self>;
//! }
//!
//! let event = OrderCreated::decode(br#"{"order_id":"A-17"}"#).unwrap();
//! assert_eq!(event.partition_key().as_deref(), Some("A-17"));
//!
//! let errors = OrderCreated { order_id: String::new() }.check().unwrap_err();
//! assert_eq!(errors.to_string(), r#"/order_id: must have at least 1 character, found """#);
//! # }
//! ```
//!
//! # Features
//! - `json` (default): decode, validate and encode JSON documents.
//! - `delivery`: what becomes of events that a consumer received, as a machine that an engine asks.
//! - `macros`: `include_events!` and `derive(Event)`.
//! - `stamp`: ids and times for [`EnvelopeBuilder`], from the machine's random numbers and clock.
//! - `exact`: `Number` keeps the text of a number, whatever its precision, and `Integer` holds whole numbers of any length.
//! - `chrono`, `jiff`, `time`, `uuid`, `url`, `email_address`, `base64`: what [`Formatted`] can read with that crate.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

#[cfg(feature = "json")]
pub mod codec;
#[cfg(feature = "delivery")]
pub mod delivery;
#[cfg(feature = "json")]
mod dispatch;
mod envelope;
#[cfg(feature = "json")]
mod error;
mod event;
#[cfg(feature = "json")]
mod extra;
pub mod format;
#[cfg(feature = "exact")]
mod integer;
#[cfg(feature = "json")]
mod message;
#[cfg(feature = "json")]
mod pointer;
#[cfg(feature = "json")]
mod raw;
mod schema;
pub mod serde_support;
mod shape;
mod topic;
#[cfg(feature = "json")]
mod violation;

#[cfg(feature = "json")]
pub use self::{
    codec::{Items, MissingFields, Never, UnknownValue},
    dispatch::{Contract, Dispatch, Encoded, EventBytes},
    error::{DecodeError, EncodeError, SchemaError},
    event::validate_event,
    extra::Extra,
    message::{
        CloudEvent, CloudEventError, DeadLetterRecord, DualError, EnvelopeBuilder, InEnvelope, JsonEnvelope, Message, NoTraceContext,
        TraceContext, Upcast, UpcastError, dual_publish,
    },
    violation::{ValidationErrors, Violation},
};
pub use self::{
    envelope::{Bare, Envelope, Roles},
    event::{Event, Validate},
    format::Formatted,
    schema::Schema,
    shape::{ContractPlace, Shape, ShapeProperty, Shaped},
    topic::{Broker, Consumer, DeadLetter, Deprecation, Retention, Stability, Topic},
};

#[cfg(feature = "exact")]
pub use self::integer::Integer;
/// Crates that generated code names by way of this one.
#[doc(no_inline)]
pub use serde;
#[cfg(feature = "json")]
#[doc(no_inline)]
pub use serde_json;

/// A number with its text, whatever its size and precision.
#[cfg(feature = "exact")]
pub use serde_json::Number;

#[cfg(feature = "macros")]
pub use eventc_macros::{Event, include_events};

/// The modules that `eventc_build::Builder` made in a build script: `include_generated!()`, or `include_generated!("name")` where
/// the script writes below `$OUT_DIR/name` instead of `$OUT_DIR/eventc`.
///
/// It stands at the root of the crate, unless the script makes movable code.
#[macro_export]
macro_rules! include_generated {
    () => {
        $crate::include_generated!("eventc");
    };
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, "/rust/src/eventc-include.rs"));
    };
}

/// Items for the tools of this repository.
#[doc(hidden)]
#[cfg(feature = "json")]
pub mod private {
    pub use crate::schema::is_pattern;
}
