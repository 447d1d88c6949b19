//! Reading older majors of an event as the newest.

use std::{collections::BTreeMap, error::Error, fmt};

use crate::{DecodeError, Envelope, Event};

type Boxed = Box<dyn Error + Send + Sync>;
/// A reader of a payload, or of a whole event where the flag is set.
type MigrationStep<E> = Box<dyn Fn(&[u8], bool) -> Result<E, UpcastError> + Send + Sync>;

/// A reader of one event type from the topics of several majors.
///
/// ```
/// # use eventc::{Bare, Event, Schema, Topic, Upcast, Validate};
/// # static ANY: Schema = Schema::new("true", &[]);
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct V1 { name: String }
/// # impl Validate for V1 { fn schema() -> &'static Schema { &ANY } }
/// # impl Event for V1 { const TOPIC: &'static Topic = &Topic::new("user.named.v1", "1.0.0", ""); type Envelope = Bare<Self>; }
/// # #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// # struct V2 { given: String, family: String }
/// # impl Validate for V2 { fn schema() -> &'static Schema { &ANY } }
/// # impl Event for V2 { const TOPIC: &'static Topic = &Topic::new("user.named.v2", "2.0.0", ""); type Envelope = Bare<Self>; }
/// impl TryFrom<V1> for V2 {
///     type Error = String;
///     fn try_from(old: V1) -> Result<Self, String> {
///         let (given, family) = old.name.split_once(' ').ok_or("one name alone")?;
///         Ok(Self { given: given.into(), family: family.into() })
///     }
/// }
///
/// let reader = Upcast::<V2>::new().from::<V1>();
/// let event = reader.decode("user.named.v1", br#"{"name":"Ada Lovelace"}"#).unwrap();
/// assert_eq!(event, V2 { given: "Ada".into(), family: "Lovelace".into() });
///
/// let error = reader.decode("user.named.v1", br#"{"name":"Ada"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "the event of user.named.v1 has no form in user.named.v2: one name alone");
/// ```
pub struct Upcast<E> {
    steps: BTreeMap<&'static str, MigrationStep<E>>,
}

/// An error while an event is read as the newest major.
#[derive(Debug)]
#[non_exhaustive]
pub enum UpcastError {
    /// The event could not be read at all.
    Decode(DecodeError),
    /// The event was read as an older major, and has no newer form.
    Migrate {
        /// The older topic.
        from: &'static str,
        /// The newer topic.
        to: &'static str,
        /// The cause.
        source: Boxed,
    },
}

impl<E: Event + 'static> Upcast<E> {
    /// Reads the event's own topic alone.
    pub fn new() -> Self {
        Self { steps: BTreeMap::new() }.step::<E, Boxed>(Ok)
    }

    /// Reads an older major too, by its conversion (`From` or `TryFrom`).
    #[must_use]
    pub fn from<Old: Event + 'static>(self) -> Self
    where
        E: TryFrom<Old>,
        E::Error: Into<Boxed>,
    {
        self.step::<Old, E::Error>(E::try_from)
    }

    /// Reads an older major too, by a migration function. A chain of majors is a function that calls the next.
    #[must_use]
    pub fn with<Old: Event, F: Into<Boxed>>(self, migrate: impl Fn(Old) -> Result<E, F> + Send + Sync + 'static) -> Self {
        self.step::<Old, F>(migrate)
    }

    fn step<Old: Event, F: Into<Boxed>>(mut self, migrate: impl Fn(Old) -> Result<E, F> + Send + Sync + 'static) -> Self {
        let step = move |bytes: &[u8], whole: bool| {
            let old = if whole { Old::decode_event(bytes).map(Envelope::into_payload) } else { Old::decode(bytes) };
            migrate(old?).map_err(|error| UpcastError::Migrate { from: Old::TOPIC.name, to: E::TOPIC.name, source: error.into() })
        };
        self.steps.insert(Old::TOPIC.name, Box::new(step));
        self
    }

    /// Returns the topics to subscribe to, by name.
    pub fn topics(&self) -> impl Iterator<Item = &'static str> {
        self.steps.keys().copied()
    }

    /// Reads the payload of a topic's event.
    ///
    /// # Errors
    /// Where the topic is none of these, the payload cannot be read, or it has no newer form.
    pub fn decode(&self, topic: &str, json: &[u8]) -> Result<E, UpcastError> {
        self.read(topic, json, false)
    }

    /// Reads a topic's event as it travels, and takes it out of its envelope.
    ///
    /// # Errors
    /// Where the topic is none of these, the event cannot be read, or it has no newer form.
    pub fn decode_event(&self, topic: &str, json: &[u8]) -> Result<E, UpcastError> {
        self.read(topic, json, true)
    }

    fn read(&self, topic: &str, json: &[u8], whole: bool) -> Result<E, UpcastError> {
        let unknown = || UpcastError::Decode(DecodeError::UnknownTopic { topic: topic.to_owned() });
        self.steps.get(topic).ok_or_else(unknown)?(json, whole)
    }
}

impl<E: Event + 'static> Default for Upcast<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// The topics that it reads.
impl<E> fmt::Debug for Upcast<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.steps.keys()).finish()
    }
}

impl fmt::Display for UpcastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(f),
            Self::Migrate { from, to, source } => write!(f, "the event of {from} has no form in {to}: {source}"),
        }
    }
}

impl Error for UpcastError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Decode(error) => error.source(),
            Self::Migrate { source, .. } => Some(&**source),
        }
    }
}

impl From<DecodeError> for UpcastError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}
