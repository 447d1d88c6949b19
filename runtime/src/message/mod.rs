//! Events on their way: wrapped, converted, migrated, failed.

mod builder;
mod cloud;
mod dead_letter;
mod json_envelope;
mod publish;
mod trace;
mod upcast;

pub use self::{
    builder::EnvelopeBuilder,
    cloud::{CloudEvent, CloudEventError},
    dead_letter::DeadLetterRecord,
    json_envelope::{InEnvelope, JsonEnvelope},
    publish::{DualError, Message, dual_publish},
    trace::{NoTraceContext, TraceContext},
    upcast::{Upcast, UpcastError},
};
