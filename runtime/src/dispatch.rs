//! Dispatch by topic: what an enum of events can do.

use serde_json::Value;

use crate::{DecodeError, EncodeError, Envelope, Event, Schema, Topic, ValidationErrors, event::validate_in};

/// An enum of events, which tells by the topic which of them a document is. Every generated `AnyEvent` is one.
///
/// What decodes and encodes is generic or `#[inline]`: the code for all events is made where it is used, and not in every build of the
/// package that has them.
pub trait Dispatch: Sized {
    /// The topics of its own events, sorted; not those of enums that it holds.
    const TOPICS: &'static [&'static str];

    /// Reads the document of a topic.
    ///
    /// # Errors
    /// The topic is unknown, or the document is no such event.
    fn read(topic: &str, document: EventBytes<'_>) -> Result<Self, DecodeError>;

    /// Returns the contract of a topic; `None` for an unknown topic.
    fn contract(topic: &str) -> Option<Contract>;

    /// Returns the event, of whatever type it is.
    fn event(&self) -> &dyn Encoded;

    /// Returns whether a topic is one of these.
    fn knows(topic: &str) -> bool {
        Self::TOPICS.binary_search(&topic).is_ok()
    }

    /// Decodes the payload of a topic's event.
    ///
    /// # Errors
    /// The topic is unknown, or the bytes are no such payload.
    #[inline]
    fn decode(topic: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::read(topic, EventBytes { bytes, enveloped: false, valid: false })
    }

    /// Decodes a topic's event as it travels, and takes it out of its envelope.
    ///
    /// # Errors
    /// The topic is unknown, or the bytes are no such event.
    #[inline]
    fn decode_event(topic: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::read(topic, EventBytes { bytes, enveloped: true, valid: false })
    }

    /// Decodes the payload of a topic's event and validates it, in one pass.
    ///
    /// # Errors
    /// The topic is unknown, or the bytes are no such payload, or no valid one.
    #[inline]
    fn decode_valid(topic: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::read(topic, EventBytes { bytes, enveloped: false, valid: true })
    }

    /// Decodes a topic's event as it travels, validates it in the same pass, and takes it out of its envelope.
    ///
    /// # Errors
    /// The topic is unknown, or the bytes are no such event, or no valid one.
    #[inline]
    fn decode_valid_event(topic: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::read(topic, EventBytes { bytes, enveloped: true, valid: true })
    }

    /// Returns the validation schema of a topic's payload; `None` for an unknown topic.
    fn schema(topic: &str) -> Option<&'static Schema> {
        Self::contract(topic).map(|contract| contract.payload)
    }

    /// Validates the payload of a topic's event; `None` for an unknown topic.
    fn validate(topic: &str, value: &Value) -> Option<Result<(), ValidationErrors>> {
        Self::schema(topic).map(|schema| schema.validate(value))
    }

    /// Validates a topic's event as it travels, in its envelope; `None` for an unknown topic.
    fn validate_event(topic: &str, value: &Value) -> Option<Result<(), ValidationErrors>> {
        let Contract { payload, envelope, place } = Self::contract(topic)?;
        Some(validate_in(payload, envelope, place, value))
    }

    /// Encodes the payload.
    ///
    /// # Errors
    /// The payload cannot be written as JSON.
    #[inline]
    fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        self.event().encode()
    }

    /// Returns the topic that the event travels on.
    #[inline]
    fn topic(&self) -> &'static Topic {
        self.event().topic()
    }
}

/// The bytes of an event whose type its topic tells.
#[derive(Debug, Clone, Copy)]
pub struct EventBytes<'a> {
    bytes: &'a [u8],
    /// Whether it stands in its envelope.
    enveloped: bool,
    /// Whether it is to be validated.
    valid: bool,
}

impl EventBytes<'_> {
    /// Reads an event, and makes a variant of it.
    ///
    /// # Errors
    /// The bytes are no such event.
    pub fn read<E: Event, T>(self, variant: fn(Box<E>) -> T) -> Result<T, DecodeError> {
        let event = match (self.enveloped, self.valid) {
            (false, false) => E::decode(self.bytes),
            (false, true) => E::decode_valid(self.bytes),
            (true, false) => E::decode_event(self.bytes).map(Envelope::into_payload),
            (true, true) => E::decode_valid_event(self.bytes).map(Envelope::into_payload),
        };
        event.map(|event| variant(Box::new(event)))
    }
}

/// The contract of a topic's events.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    payload: &'static Schema,
    envelope: &'static Schema,
    /// The place of the payload in the envelope.
    place: &'static str,
}

impl Contract {
    /// Returns the contract of an event.
    #[must_use]
    pub fn of<E: Event>() -> Self {
        Self { payload: E::schema(), envelope: <E::Envelope as crate::Validate>::schema(), place: <E::Envelope as Envelope>::ROLES.payload }
    }
}

/// An event of any type.
pub trait Encoded {
    /// Returns the topic that it travels on.
    fn topic(&self) -> &'static Topic;

    /// Encodes the payload.
    ///
    /// # Errors
    /// The payload cannot be written as JSON.
    fn encode(&self) -> Result<Vec<u8>, EncodeError>;
}

impl<E: Event> Encoded for E {
    fn topic(&self) -> &'static Topic {
        E::TOPIC
    }

    fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        Event::encode(self)
    }
}
