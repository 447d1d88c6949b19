//! An envelope as a JSON document, for events whose types are written by hand.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _};
use serde_json::Value;

use crate::{Envelope, Roles, Schema, Validate, pointer::put};

/// An event that travels in its namespace's envelope. `derive(Event)` implements it.
pub trait InEnvelope: Sized {
    /// The places of the roles in the envelope.
    const ROLES: &'static Roles;

    /// Returns the envelope's schema, with a payload of any kind.
    fn envelope_schema() -> &'static Schema;
}

/// The envelope of a namespace around a payload, kept as the document that it is: properties that nobody here knows survive.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonEnvelope<P> {
    /// The whole event, with null in the payload's place.
    document: Value,
    payload: P,
}

impl<P: InEnvelope> JsonEnvelope<P> {
    /// Returns the value at a JSON Pointer into the whole event; null in the payload's place.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.document.pointer(pointer)
    }

    fn text(&self, pointer: Option<&str>) -> Option<&str> {
        self.document.pointer(pointer?)?.as_str()
    }
}

impl<P: InEnvelope> Envelope for JsonEnvelope<P> {
    type Payload = P;

    const ROLES: &'static Roles = P::ROLES;

    fn payload(&self) -> &P {
        &self.payload
    }

    fn into_payload(self) -> P {
        self.payload
    }

    fn id(&self) -> Option<&str> {
        self.text(P::ROLES.id)
    }

    fn topic(&self) -> Option<&str> {
        self.text(P::ROLES.topic)
    }

    fn version(&self) -> Option<&str> {
        self.text(P::ROLES.version)
    }

    fn time(&self) -> Option<&str> {
        self.text(P::ROLES.time)
    }

    fn source(&self) -> Option<&str> {
        self.text(P::ROLES.source)
    }

    fn correlation(&self) -> Option<&str> {
        self.text(P::ROLES.correlation)
    }

    fn causation(&self) -> Option<&str> {
        self.text(P::ROLES.causation)
    }

    fn trace(&self) -> Option<&str> {
        self.text(P::ROLES.trace)
    }
}

impl<P: InEnvelope> Validate for JsonEnvelope<P> {
    fn schema() -> &'static Schema {
        P::envelope_schema()
    }
}

impl<P: InEnvelope + Serialize> Serialize for JsonEnvelope<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let payload = serde_json::to_value(&self.payload).map_err(serde::ser::Error::custom)?;
        let mut document = self.document.clone();
        put(&mut document, P::ROLES.payload, payload);
        document.serialize(serializer)
    }
}

impl<'de, P: InEnvelope + DeserializeOwned> Deserialize<'de> for JsonEnvelope<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut document = Value::deserialize(deserializer)?;
        let place = P::ROLES.payload;
        let payload = document.pointer_mut(place).map(Value::take);
        let payload = payload.ok_or_else(|| D::Error::custom(format_args!("there is no payload at {place}")))?;
        let payload = serde_json::from_value(payload).map_err(D::Error::custom)?;
        Ok(Self { document, payload })
    }
}
