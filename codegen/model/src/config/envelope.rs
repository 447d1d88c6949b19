//! Envelopes, and the places in them that say something of the event.

use serde::{Deserialize, Serialize};

/// The envelope's schema and where its roles are: JSON Pointers into the whole event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRoles {
    /// The envelope's schema: a path below the schema root.
    pub file: String,
    /// The event's own data.
    pub payload: String,
    /// Unique id of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The topic.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Version of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The time at which the event happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The service that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The id that links the events of one flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// The id of the event that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<String>,
    /// The trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

impl EnvelopeRoles {
    /// Lists the JSON Pointers of the roles that the namespace has, the payload aside, by the names that generated code has for them.
    pub fn places(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let places = [
            ("id", &self.id),
            ("topic", &self.kind),
            ("version", &self.version),
            ("time", &self.time),
            ("source", &self.source),
            ("correlation", &self.correlation),
            ("causation", &self.causation),
            ("trace", &self.trace),
        ];
        places.into_iter().filter_map(|(name, place)| Some((name, place.as_deref()?)))
    }
}
