//! New envelopes: what an event that is about to be sent says of itself, and what it carries on from its cause.

use serde_json::{Map, Value};

use crate::{EncodeError, Envelope, Event, Topic, TraceContext, pointer::put};

/// A builder of a namespace's envelope around a payload. What the envelope has no place for is left out; topic and version
/// come from the contract.
///
/// ```
/// # use eventc::{Bare, EnvelopeBuilder, Event, InEnvelope, JsonEnvelope, Roles, Schema, Topic, Validate, Envelope};
/// # #[derive(Debug, serde::Serialize, serde::Deserialize)]
/// # struct Paid { order: u64 }
/// # impl Validate for Paid { fn schema() -> &'static Schema { static S: Schema = Schema::new("true", &[]); &S } }
/// # impl InEnvelope for Paid {
/// #     const ROLES: &'static Roles = &Roles { id: Some("/id"), topic: Some("/type"), correlation: Some("/meta/correlation"),
/// #         causation: Some("/meta/causation"), ..Roles::new("/data") };
/// #     fn envelope_schema() -> &'static Schema { static S: Schema = Schema::new(r#"{"required":["id"]}"#, &[]); &S }
/// # }
/// # impl Event for Paid {
/// #     const TOPIC: &'static Topic = &Topic::new("shop.paid", "1.0.0", "shop");
/// #     type Envelope = JsonEnvelope<Self>;
/// # }
/// let first = EnvelopeBuilder::new().id("e-1").correlation("flow-7").build(Paid { order: 1 }).unwrap();
/// let second = EnvelopeBuilder::new().id("e-2").caused_by(&first).build(Paid { order: 2 }).unwrap();
/// assert_eq!(second.topic(), Some("shop.paid"));
/// assert_eq!((second.correlation(), second.causation()), (Some("flow-7"), Some("e-1")));
///
/// let error = EnvelopeBuilder::new().build(Paid { order: 3 }).unwrap_err();
/// assert_eq!(error.to_string(), r#"the document: must have the property "id", found an object of 2 properties"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "a builder does nothing until it builds"]
pub struct EnvelopeBuilder {
    id: Option<String>,
    time: Option<String>,
    source: Option<String>,
    correlation: Option<String>,
    causation: Option<String>,
    trace: Option<String>,
    others: Vec<(String, Value)>,
}

impl EnvelopeBuilder {
    /// Creates a builder with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a builder with a new id (UUID version 7, RFC 9562) and the time of the machine's clock (RFC 3339,
    /// milliseconds, UTC). Where the target has neither a clock nor random numbers (`wasm32-unknown-unknown`), set both by
    /// hand.
    #[cfg(feature = "stamp")]
    pub fn stamped() -> Self {
        let time = humantime::format_rfc3339_millis(std::time::SystemTime::now());
        Self::new().id(uuid::Uuid::now_v7().to_string()).time(time.to_string())
    }

    /// Sets [`Envelope::id`].
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets [`Envelope::time`], in the spelling that the envelope's schema asks for.
    pub fn time(mut self, time: impl Into<String>) -> Self {
        self.time = Some(time.into());
        self
    }

    /// Sets [`Envelope::source`].
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets [`Envelope::correlation`].
    pub fn correlation(mut self, correlation: impl Into<String>) -> Self {
        self.correlation = Some(correlation.into());
        self
    }

    /// Sets [`Envelope::causation`].
    pub fn causation(mut self, causation: impl Into<String>) -> Self {
        self.causation = Some(causation.into());
        self
    }

    /// Sets [`Envelope::trace`], in the spelling that the envelope's schema asks for.
    pub fn trace(mut self, trace: impl Into<String>) -> Self {
        self.trace = Some(trace.into());
        self
    }

    /// Sets [`Envelope::trace`] to a W3C `traceparent`.
    pub fn trace_context(self, context: &TraceContext) -> Self {
        self.trace(context.to_string())
    }

    /// Carries on from the event that led to this one: its id becomes the causation; its correlation is kept, and where it has none
    /// its id begins one; its trace is kept.
    pub fn caused_by<E: Envelope>(mut self, parent: &E) -> Self {
        let text = |role: Option<&str>| role.map(str::to_owned);
        self.causation = text(parent.id()).or(self.causation);
        self.correlation = text(parent.correlation()).or_else(|| text(parent.id())).or(self.correlation);
        self.trace = text(parent.trace()).or(self.trace);
        self
    }

    /// Sets what the envelope holds besides the roles, by its JSON Pointer into the whole event. Objects on the way are made.
    pub fn set(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.others.push((pointer.into(), value.into()));
        self
    }

    /// Returns the envelope around the payload. The envelope is validated by its schema; the payload is not: see [`Event::check`].
    ///
    /// # Errors
    /// [`EncodeError::Invalid`] where the envelope breaks its schema, for example because a role that it requires is not set;
    /// [`EncodeError::Json`] where the payload has no form in JSON.
    #[expect(clippy::needless_pass_by_value, reason = "the envelope takes the payload's place")]
    pub fn build<E: Event>(&self, payload: E) -> Result<E::Envelope, EncodeError> {
        let json = |source| EncodeError::Json { topic: E::TOPIC.name, source };
        let mut document = serde_json::to_value(&payload).map_err(json)?;
        if !<E::Envelope as Envelope>::ROLES.payload.is_empty() {
            document = self.document::<E>(E::TOPIC, document);
            <E::Envelope as crate::Validate>::schema().validate(&document)?;
        }
        serde_json::from_value(document).map_err(json)
    }

    fn document<E: Event>(&self, topic: &Topic, payload: Value) -> Value {
        let roles = <E::Envelope as Envelope>::ROLES;
        let mut document = Value::Object(Map::new());
        let values = [
            (roles.id, self.id.as_deref()),
            (roles.topic, Some(topic.name)),
            (roles.version, Some(topic.version)),
            (roles.time, self.time.as_deref()),
            (roles.source, self.source.as_deref()),
            (roles.correlation, self.correlation.as_deref()),
            (roles.causation, self.causation.as_deref()),
            (roles.trace, self.trace.as_deref()),
        ];
        for (pointer, value) in values {
            if let (Some(pointer), Some(value)) = (pointer, value) {
                put(&mut document, pointer, value.into());
            }
        }
        for (pointer, value) in &self.others {
            put(&mut document, pointer, value.clone());
        }
        put(&mut document, roles.payload, payload);
        document
    }
}
