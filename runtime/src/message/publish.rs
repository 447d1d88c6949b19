//! Events as a broker takes them, and two majors of one at once.

use std::{error::Error, fmt};

use crate::{EncodeError, Envelope, EnvelopeBuilder, Event, Topic};

/// An event as a broker takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The topic to which it goes.
    pub topic: &'static Topic,
    /// The partition key, where the contract declares one.
    pub key: Option<String>,
    /// The whole event as JSON.
    pub body: Vec<u8>,
}

impl Message {
    /// Returns the message of an event in its envelope. The payload is validated first: what breaks the contract is not sent.
    ///
    /// # Errors
    /// [`EncodeError::Invalid`] where the payload breaks its schema, [`EncodeError::Json`] where it has no form in JSON.
    pub fn of<E: Event>(event: &E::Envelope) -> Result<Self, EncodeError> {
        event.payload().check()?;
        let body = serde_json::to_vec(event).map_err(|source| EncodeError::Json { topic: E::TOPIC.name, source })?;
        Ok(Self { topic: E::TOPIC, key: event.payload().partition_key(), body })
    }
}

/// An error while two majors of an event are made.
#[derive(Debug)]
#[non_exhaustive]
pub enum DualError {
    /// One of the two has no form, or breaks its contract.
    Encode(EncodeError),
    /// The newer event has no older form.
    Migrate {
        /// The older topic.
        topic: &'static str,
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl fmt::Display for DualError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::Migrate { topic, source } => write!(f, "the event has no form for {topic}: {source}"),
        }
    }
}

impl Error for DualError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => error.source(),
            Self::Migrate { source, .. } => Some(&**source),
        }
    }
}

impl From<EncodeError> for DualError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

/// Returns both majors of an event while readers move from one to the other: first the newer, then the older. They share id,
/// time and correlation, so that a reader of both can tell that they are one event.
///
/// `older` makes the older payload; `|new| Old::try_from(new)` where there is a conversion.
///
/// # Errors
/// Where one of the two breaks its contract, or the newer has no older form. Then neither should be sent.
pub fn dual_publish<New, Old, F>(
    envelope: &EnvelopeBuilder,
    event: New,
    older: impl FnOnce(&New) -> Result<Old, F>,
) -> Result<[Message; 2], DualError>
where
    New: Event,
    Old: Event,
    F: Into<Box<dyn Error + Send + Sync>>,
{
    let old = older(&event).map_err(|error| DualError::Migrate { topic: Old::TOPIC.name, source: error.into() })?;
    let new = Message::of::<New>(&envelope.build(event)?)?;
    let old = Message::of::<Old>(&envelope.build(old)?)?;
    Ok([new, old])
}
