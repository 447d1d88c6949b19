//! Typed events: what generated code implements, and what it gets for it.

use serde::{Serialize, de::DeserializeOwned};
#[cfg(feature = "json")]
use serde_json::Value;

#[cfg(feature = "json")]
use crate::{DecodeError, EncodeError, ValidationErrors, Violation};
use crate::{Envelope, Schema, Topic};

/// A type with a validation schema: an event, a shared definition or an envelope.
pub trait Validate {
    /// Returns the schema, exactly as the contract states it; of an envelope, with a payload of any kind.
    fn schema() -> &'static Schema;

    /// Asks of a document what the schema asks.
    #[cfg(feature = "json")]
    fn validate(value: &Value) -> Result<(), ValidationErrors> {
        Self::schema().validate(value)
    }

    /// Asks of a document in JSON text what the schema asks.
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, [`DecodeError::Invalid`] if it breaks the schema.
    #[cfg(feature = "json")]
    fn validate_json(json: &[u8]) -> Result<(), DecodeError> {
        let value = serde_json::from_slice::<Value>(json).map_err(|source| DecodeError::json("", &source))?;
        Ok(Self::schema().validate(&value)?)
    }
}

/// An event type at one major version.
pub trait Event: Validate + Serialize + DeserializeOwned {
    /// The topic on which it travels.
    const TOPIC: &'static Topic;

    /// The namespace's envelope around it; [`Bare`](crate::Bare) where there is none.
    type Envelope: Envelope<Payload = Self> + Validate + Serialize + DeserializeOwned;

    /// Reads a payload, as tolerant as the type is. It is not validated: see [`Validate::validate_json`].
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, or has not the shape of the type.
    #[cfg(feature = "json")]
    fn decode(json: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(json).map_err(|source| DecodeError::json(Self::TOPIC.name, &source))
    }

    /// Reads a payload that is valid, in one pass: [`decode`](Event::decode) for exactly those documents that
    /// [`validate_json`](Validate::validate_json) accepts, in little more time than decoding alone takes.
    ///
    /// ```
    /// # use eventc::{Bare, DecodeError, Event, Schema, Topic, Validate};
    /// # use serde::{Deserialize, Serialize};
    /// #
    /// # #[derive(Debug, Serialize, Deserialize)]
    /// # struct OrderCreated {
    /// #     order_id: String,
    /// # }
    /// #
    /// # static ORDER_CREATED: Schema =
    /// #     Schema::new(r#"{"type":"object","properties":{"order_id":{"type":"string","minLength":1}},"required":["order_id"]}"#, &[]);
    /// #
    /// # impl Validate for OrderCreated {
    /// #     fn schema() -> &'static Schema {
    /// #         &ORDER_CREATED
    /// #     }
    /// # }
    /// #
    /// # impl Event for OrderCreated {
    /// #     const TOPIC: &'static Topic = &Topic::new("sales.order.created", "1.0.0", "sales");
    /// #     type Envelope = Bare<Self>;
    /// # }
    /// #
    /// assert_eq!(OrderCreated::decode_valid(br#"{"order_id":"A-17"}"#).unwrap().order_id, "A-17");
    /// match OrderCreated::decode_valid(br#"{"order_id":""}"#) {
    ///     Err(DecodeError::Invalid(errors)) => {
    ///         assert_eq!(errors.to_string(), r#"/order_id: must have at least 1 character, found """#);
    ///     }
    ///     other => panic!("{other:?}"),
    /// }
    /// ```
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, [`DecodeError::Invalid`] with all that is wrong with it.
    #[cfg(feature = "json")]
    fn decode_valid(json: &[u8]) -> Result<Self, DecodeError> {
        Self::schema().decode(json).map_err(|error| error.expecting(Self::TOPIC.name))
    }

    /// Reads a payload from a document that was parsed before.
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it has not the shape of the type.
    #[cfg(feature = "json")]
    fn decode_value(value: Value) -> Result<Self, DecodeError> {
        serde_json::from_value(value).map_err(|source| DecodeError::json(Self::TOPIC.name, &source))
    }

    /// Reads a whole event: the envelope with the payload in it.
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, or has not the shape of the type; [`DecodeError::WrongTopic`] if its envelope
    /// names another topic.
    #[cfg(feature = "json")]
    fn decode_event(json: &[u8]) -> Result<Self::Envelope, DecodeError> {
        let event = serde_json::from_slice(json).map_err(|source| DecodeError::json(Self::TOPIC.name, &source))?;
        of_its_topic::<Self>(event)
    }

    /// Reads a whole event that is valid, in one pass: [`decode_event`](Event::decode_event) for exactly those documents that
    /// [`validate_event`] accepts.
    ///
    /// # Errors
    /// Those of [`decode_event`](Event::decode_event), and [`DecodeError::Invalid`] with all that is wrong with it.
    #[cfg(feature = "json")]
    fn decode_valid_event(json: &[u8]) -> Result<Self::Envelope, DecodeError> {
        let place = <Self::Envelope as Envelope>::ROLES.payload;
        if let Some(event) = Self::schema().read_enveloped(Self::Envelope::schema(), place, json) {
            return of_its_topic::<Self>(event);
        }
        judge_event::<Self>(json)?;
        let event = Self::schema().read_judged(json).map_err(|source| DecodeError::json(Self::TOPIC.name, &source))?;
        of_its_topic::<Self>(event)
    }

    /// Writes the payload. It is not validated: see [`check`](Event::check).
    ///
    /// # Errors
    /// [`EncodeError::Json`] if it has no form in JSON.
    #[cfg(feature = "json")]
    fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        serde_json::to_vec(self).map_err(|source| EncodeError::Json { topic: Self::TOPIC.name, source })
    }

    /// Returns whether the payload may be sent: its document is valid under the schema.
    ///
    /// # Errors
    /// [`EncodeError::Json`] if it has no form in JSON, [`EncodeError::Invalid`] if it breaks the schema.
    #[cfg(feature = "json")]
    fn check(&self) -> Result<(), EncodeError> {
        let value = serde_json::to_value(self).map_err(|source| EncodeError::Json { topic: Self::TOPIC.name, source })?;
        Ok(Self::schema().validate(&value)?)
    }

    /// Returns the value of the field that the contract declares as the partition key; `None` where it declares none, or the
    /// field is absent or null.
    #[cfg(feature = "json")]
    fn partition_key(&self) -> Option<String> {
        let pointer = Self::TOPIC.key?;
        match serde_json::to_value(self).ok()?.pointer(pointer)? {
            Value::Null => None,
            Value::String(key) => Some(key.clone()),
            key => Some(key.to_string()),
        }
    }
}

/// Asks of a whole event in JSON text what the schemas ask.
#[cfg(feature = "json")]
pub(crate) fn judge_event<E: Event>(json: &[u8]) -> Result<(), DecodeError> {
    let value: Value = serde_json::from_slice(json).map_err(|source| DecodeError::json(E::TOPIC.name, &source))?;
    // In another topic's event, everything else is beside the point.
    let named = <E::Envelope as Envelope>::ROLES.topic.and_then(|place| value.pointer(place)?.as_str());
    if let Some(found) = named.filter(|named| *named != E::TOPIC.name) {
        return Err(DecodeError::WrongTopic { expected: E::TOPIC.name, found: found.to_owned() });
    }
    Ok(validate_event::<E>(&value)?)
}

/// Returns an event, if its envelope does not name another topic.
#[cfg(feature = "json")]
pub(crate) fn of_its_topic<E: Event>(event: E::Envelope) -> Result<E::Envelope, DecodeError> {
    match event.topic() {
        Some(topic) if topic != E::TOPIC.name => Err(DecodeError::WrongTopic { expected: E::TOPIC.name, found: topic.to_owned() }),
        _ => Ok(event),
    }
}

/// Asks of a whole event what the envelope's schema asks, and of the payload in it what the event's schema asks.
///
/// # Errors
/// With the violations of both, their pointers from the root of the document.
#[cfg(feature = "json")]
pub fn validate_event<E: Event>(value: &Value) -> Result<(), ValidationErrors> {
    validate_in(E::schema(), E::Envelope::schema(), <E::Envelope as Envelope>::ROLES.payload, value)
}

/// Asks of a document what an envelope's schema asks, and of what stands at a place of it what another asks.
#[cfg(feature = "json")]
pub(crate) fn validate_in(
    payload: &'static Schema,
    envelope: &'static Schema,
    place: &'static str,
    value: &Value,
) -> Result<(), ValidationErrors> {
    if place.is_empty() {
        return payload.validate(value);
    }
    let mut violations = envelope.validate(value).err().map_or_else(Vec::new, |errors| errors.0);
    match value.pointer(place) {
        Some(inner) => {
            if let Err(errors) = payload.validate(inner) {
                violations.extend(errors.below(place));
            }
        }
        None if violations.is_empty() => {
            violations.push(Violation::of_all("required", format!("there is no payload at {place}")));
        }
        None => {}
    }
    if violations.is_empty() { Ok(()) } else { Err(ValidationErrors(violations)) }
}
