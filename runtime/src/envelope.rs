//! The wrapper that a namespace shares, and what it tells of the event inside.

use serde::{Deserialize, Serialize};

use crate::{Schema, Validate};

/// A wrapper around a payload. Each role is `None` where the envelope has no place for it, or the place is empty.
pub trait Envelope {
    /// The event's own data.
    type Payload;

    /// The places of the roles.
    const ROLES: &'static Roles;

    /// Returns the event's own data.
    fn payload(&self) -> &Self::Payload;

    /// Returns the event's own data, without the wrapper.
    fn into_payload(self) -> Self::Payload;

    /// Returns unique for each event sent.
    fn id(&self) -> Option<&str> {
        None
    }

    /// Returns the topic that the envelope names as the event's type.
    fn topic(&self) -> Option<&str> {
        None
    }

    /// Returns the version of the contract that the sender obeyed.
    fn version(&self) -> Option<&str> {
        None
    }

    /// Returns the time when it happened.
    fn time(&self) -> Option<&str> {
        None
    }

    /// Returns the sender.
    fn source(&self) -> Option<&str> {
        None
    }

    /// Returns the correlation id: the same in a request, its response and all that follows.
    fn correlation(&self) -> Option<&str> {
        None
    }

    /// Returns the id of the event that caused it.
    fn causation(&self) -> Option<&str> {
        None
    }

    /// Returns the distributed trace it is a part of.
    fn trace(&self) -> Option<&str> {
        None
    }
}

/// JSON Pointers into a whole event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Roles {
    /// The payload; empty where the event has no envelope.
    pub payload: &'static str,
    /// The place of [`Envelope::id`].
    pub id: Option<&'static str>,
    /// The place of [`Envelope::topic`].
    pub topic: Option<&'static str>,
    /// The place of [`Envelope::version`].
    pub version: Option<&'static str>,
    /// The place of [`Envelope::time`].
    pub time: Option<&'static str>,
    /// The place of [`Envelope::source`].
    pub source: Option<&'static str>,
    /// The place of [`Envelope::correlation`].
    pub correlation: Option<&'static str>,
    /// The place of [`Envelope::causation`].
    pub causation: Option<&'static str>,
    /// The place of [`Envelope::trace`].
    pub trace: Option<&'static str>,
}

impl Roles {
    /// Creates roles of which only the payload's place is known.
    pub const fn new(payload: &'static str) -> Self {
        Self { payload, id: None, topic: None, version: None, time: None, source: None, correlation: None, causation: None, trace: None }
    }
}

/// An event without envelope: the document is the payload.
///
/// ```
/// use eventc::{Bare, Envelope};
///
/// let event = Bare(7);
/// assert_eq!((*event.payload(), event.id()), (7, None));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bare<P>(pub P);

impl<P> Envelope for Bare<P> {
    type Payload = P;

    const ROLES: &'static Roles = &Roles::new("");

    fn payload(&self) -> &P {
        &self.0
    }

    fn into_payload(self) -> P {
        self.0
    }
}

impl<P> From<P> for Bare<P> {
    fn from(payload: P) -> Self {
        Self(payload)
    }
}

impl<P: Validate> Validate for Bare<P> {
    fn schema() -> &'static Schema {
        P::schema()
    }
}
