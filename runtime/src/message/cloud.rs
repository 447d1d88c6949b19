//! CloudEvents (CloudEvents 1.0.2), as far as envelopes map to them.

use std::{collections::BTreeMap, error::Error, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{DecodeError, EncodeError, Envelope, EnvelopeBuilder, Event, TraceContext};

/// An event in the words of CloudEvents. As JSON it is a message in structured mode; [`CloudEvent::headers`] makes one in binary
/// mode.
///
/// The roles of an envelope map to the attributes `id`, `source`, `type` (the topic) and `time`. Correlation and causation become
/// the extensions `correlationid` and `causationid`, a W3C trace context `traceparent`, any other trace `traceid`, and the
/// contract's version `contractversion`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// The version of the specification: `1.0`.
    pub specversion: String,
    /// Unique among the events of the source.
    pub id: String,
    /// The sender: a URI reference.
    pub source: String,
    /// The topic.
    #[serde(rename = "type")]
    pub kind: String,
    /// The time when it happened (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The subject within the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The media type of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// The schema of the data: a URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataschema: Option<String>,
    /// The payload.
    #[serde(default)]
    pub data: Value,
    /// Extension attributes, by name.
    #[serde(flatten)]
    pub extensions: BTreeMap<String, Value>,
}

/// An error: the event has no form in CloudEvents.
#[derive(Debug)]
#[non_exhaustive]
pub enum CloudEventError {
    /// CloudEvents requires attributes that the envelope does not give.
    Missing {
        /// The topic of the event.
        topic: &'static str,
        /// The roles that are empty, or have no place in the envelope.
        roles: Vec<&'static str>,
    },
    /// The payload has no form in JSON.
    Encode(EncodeError),
}

impl fmt::Display for CloudEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { topic, roles } => {
                write!(f, "the envelope of {topic} does not say {}, which CloudEvents requires", roles.join(" and "))
            }
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl Error for CloudEventError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing { .. } => None,
            Self::Encode(error) => Some(error),
        }
    }
}

impl CloudEvent {
    /// Creates an event with the attributes that CloudEvents requires.
    ///
    /// # Errors
    /// [`CloudEventError::Encode`] where the payload has no form in JSON.
    pub fn new<E: Event>(id: impl Into<String>, source: impl Into<String>, payload: &E) -> Result<Self, CloudEventError> {
        let encode = |source| CloudEventError::Encode(EncodeError::Json { topic: E::TOPIC.name, source });
        let data = serde_json::to_value(payload).map_err(encode)?;
        let version = ("contractversion".to_owned(), Value::from(E::TOPIC.version));
        Ok(Self {
            specversion: "1.0".to_owned(),
            id: id.into(),
            source: source.into(),
            kind: E::TOPIC.name.to_owned(),
            time: None,
            subject: None,
            datacontenttype: Some("application/json".to_owned()),
            dataschema: None,
            data,
            extensions: BTreeMap::from([version]),
        })
    }

    /// Returns the event of an envelope.
    ///
    /// # Errors
    /// [`CloudEventError::Missing`] where the envelope gives no id or no source.
    pub fn of<E: Event>(event: &E::Envelope) -> Result<Self, CloudEventError> {
        let (Some(id), Some(source)) = (event.id(), event.source()) else {
            let roles = [("id", event.id()), ("source", event.source())];
            let roles = roles.into_iter().filter(|(_, value)| value.is_none()).map(|(role, _)| role).collect();
            return Err(CloudEventError::Missing { topic: E::TOPIC.name, roles });
        };
        let mut cloud = Self::new(id, source, event.payload())?;
        cloud.time = event.time().map(str::to_owned);
        let trace = event.trace().map(|trace| if trace.parse::<TraceContext>().is_ok() { "traceparent" } else { "traceid" });
        let extensions = [(Some("correlationid"), event.correlation()), (Some("causationid"), event.causation()), (trace, event.trace())];
        for (name, value) in extensions {
            if let (Some(name), Some(value)) = (name, value) {
                cloud.extensions.insert(name.to_owned(), value.into());
            }
        }
        if let Some(version) = event.version() {
            cloud.extensions.insert("contractversion".to_owned(), version.into());
        }
        Ok(cloud)
    }

    /// Returns the payload, as tolerant as the type is.
    ///
    /// # Errors
    /// [`DecodeError::WrongTopic`] if the event is of another type, [`DecodeError::Json`] if its data has another shape.
    pub fn payload<E: Event>(&self) -> Result<E, DecodeError> {
        if self.kind != E::TOPIC.name {
            return Err(DecodeError::WrongTopic { expected: E::TOPIC.name, found: self.kind.clone() });
        }
        E::decode_value(self.data.clone())
    }

    /// Returns a builder for the namespace's own envelope, with every role that the event gives.
    pub fn to_builder(&self) -> EnvelopeBuilder {
        let extension = |name: &str| self.extensions.get(name).and_then(Value::as_str);
        let mut builder = EnvelopeBuilder::new().id(&self.id).source(&self.source);
        if let Some(time) = &self.time {
            builder = builder.time(time);
        }
        if let Some(correlation) = extension("correlationid") {
            builder = builder.correlation(correlation);
        }
        if let Some(causation) = extension("causationid") {
            builder = builder.causation(causation);
        }
        match extension("traceparent").or_else(|| extension("traceid")) {
            Some(trace) => builder.trace(trace),
            None => builder,
        }
    }

    /// Returns the attributes as headers of a message in binary mode, whose body is the data: each name with the prefix of
    /// the protocol (`ce_` for Kafka, `ce-` for HTTP, `cloudEvents:` for AMQP). The media type is the protocol's own header.
    pub fn headers(&self, prefix: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let required = [("specversion", &self.specversion), ("id", &self.id), ("source", &self.source), ("type", &self.kind)];
        let optional = [("time", &self.time), ("subject", &self.subject), ("dataschema", &self.dataschema)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let attributes = required.into_iter().chain(optional).map(|(name, value)| (format!("{prefix}{name}"), value.clone()));
        attributes.chain(self.extensions.iter().map(|(name, value)| (format!("{prefix}{name}"), text(value)))).collect()
    }
}
