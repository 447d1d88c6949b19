//! Events on their way: wrapped, converted, migrated, failed.

use eventc::{
    Bare, CloudEvent, CloudEventError, DeadLetterRecord, DecodeError, DualError, EncodeError, Envelope, EnvelopeBuilder, Event, InEnvelope,
    JsonEnvelope, Message, Roles, Schema, Topic, TraceContext, Upcast, UpcastError, Validate, dual_publish, validate_event,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

macro_rules! event {
    ($name:ident $topic:literal $version:literal $schema:literal) => {
        impl Validate for $name {
            fn schema() -> &'static Schema {
                static SCHEMA: Schema = Schema::new($schema, &[]);
                &SCHEMA
            }
        }

        impl InEnvelope for $name {
            const ROLES: &'static Roles = &Roles {
                id: Some("/id"),
                topic: Some("/type"),
                version: Some("/version"),
                time: Some("/meta/time"),
                source: Some("/meta/source"),
                correlation: Some("/meta/correlation"),
                causation: Some("/meta/causation"),
                trace: Some("/meta/trace"),
                ..Roles::new("/data/payload")
            };

            fn envelope_schema() -> &'static Schema {
                static ENVELOPE: Schema = Schema::new(r#"{"type":"object","required":["id","type","data"]}"#, &[]);
                &ENVELOPE
            }
        }

        impl Event for $name {
            const TOPIC: &'static Topic = &Topic { key: Some("/order"), ..Topic::new($topic, $version, "shop") };
            type Envelope = JsonEnvelope<Self>;
        }
    };
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Paid {
    order: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PaidV2 {
    order: u64,
    currency: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ping {}

event! { Paid "shop.paid.v1" "1.2.0" r#"{"properties":{"order":{"minimum":1}}}"# }
event! { PaidV2 "shop.paid.v2" "2.0.0" r#"{"required":["currency"]}"# }

impl Validate for Ping {
    fn schema() -> &'static Schema {
        static SCHEMA: Schema = Schema::new("true", &[]);
        &SCHEMA
    }
}

impl Event for Ping {
    const TOPIC: &'static Topic = &Topic::new("ping", "1.0.0", "");
    type Envelope = Bare<Self>;
}

impl From<Paid> for PaidV2 {
    fn from(old: Paid) -> Self {
        Self { order: old.order, currency: "EUR".into() }
    }
}

fn full() -> EnvelopeBuilder {
    EnvelopeBuilder::new().id("e-1").time("2026-01-01T00:00:00Z").source("/billing").correlation("flow").trace(TRACE)
}

#[test]
fn envelopes_are_built_and_carry_on() {
    let first = full().set("/meta/tenant", "acme").build(Paid { order: 7 }).expect("an envelope");
    let document = serde_json::to_value(&first).expect("JSON");
    assert_eq!(
        document,
        json!({
            "id": "e-1", "type": "shop.paid.v1", "version": "1.2.0",
            "meta": {"time": "2026-01-01T00:00:00Z", "source": "/billing", "correlation": "flow", "trace": TRACE, "tenant": "acme"},
            "data": {"payload": {"order": 7}}
        })
    );
    assert!(validate_event::<Paid>(&document).is_ok());
    let second = EnvelopeBuilder::new().id("e-2").caused_by(&first).build(Paid { order: 8 }).expect("an envelope");
    assert_eq!((second.causation(), second.correlation(), second.trace()), (Some("e-1"), Some("flow"), Some(TRACE)));
    let lone = EnvelopeBuilder::new().id("e-3").build(Paid { order: 9 }).expect("an envelope");
    let next = EnvelopeBuilder::new().id("e-4").caused_by(&lone).build(Paid { order: 9 }).expect("an envelope");
    assert_eq!(next.correlation(), Some("e-3"), "the first event of a flow gives it its name");
    assert!(EnvelopeBuilder::new().build(Ping {}).is_ok(), "without an envelope there is nothing to say");
}

#[test]
fn an_envelope_without_what_it_requires_is_refused() {
    let error = EnvelopeBuilder::new().build(Paid { order: 7 }).expect_err("no id");
    assert!(matches!(&error, EncodeError::Invalid(errors) if errors.len() == 1), "{error}");
    assert_eq!(error.to_string(), "the document: must have the property \"id\", found an object of 3 properties");
}

#[test]
fn unknown_parts_of_an_envelope_survive() {
    let json = br#"{"id":"1","type":"shop.paid.v1","new":[1],"data":{"payload":{"order":7},"more":true}}"#;
    let event = Paid::decode_event(json).expect("an event");
    assert_eq!((event.payload().order, event.get("/new/0")), (7, Some(&json!(1))));
    assert_eq!(serde_json::to_value(&event).expect("JSON"), serde_json::from_slice::<Value>(json).expect("JSON"));
    let error = Paid::decode_event(br#"{"id":"1","data":{}}"#).expect_err("no payload");
    assert_eq!(error.to_string(), "the document is no shop.paid.v1: there is no payload at /data/payload");
}

#[test]
fn cloud_events_go_there_and_back() {
    let event = full().causation("e-0").build(Paid { order: 7 }).expect("an envelope");
    let cloud = CloudEvent::of::<Paid>(&event).expect("a CloudEvent");
    let document = json!({
        "specversion": "1.0", "id": "e-1", "source": "/billing", "type": "shop.paid.v1", "time": "2026-01-01T00:00:00Z",
        "datacontenttype": "application/json", "data": {"order": 7},
        "causationid": "e-0", "contractversion": "1.2.0", "correlationid": "flow", "traceparent": TRACE
    });
    assert_eq!(serde_json::to_value(&cloud).expect("JSON"), document);
    let back: CloudEvent = serde_json::from_value(document).expect("a CloudEvent");
    assert_eq!(back, cloud);
    let again = back.to_builder().build(back.payload::<Paid>().expect("a payload")).expect("an envelope");
    assert_eq!(again, event);
    assert!(matches!(back.payload::<PaidV2>(), Err(DecodeError::WrongTopic { .. })));
    let headers = cloud.headers("ce_");
    assert_eq!(headers[0], ("ce_specversion".to_owned(), "1.0".to_owned()));
    assert!(headers.contains(&("ce_correlationid".to_owned(), "flow".to_owned())), "{headers:?}");
}

#[test]
fn what_cloud_events_require_must_be_there() {
    let event = EnvelopeBuilder::new().id("e-1").build(Paid { order: 7 }).expect("an envelope");
    let error = CloudEvent::of::<Paid>(&event).expect_err("no source");
    assert_eq!(error.to_string(), "the envelope of shop.paid.v1 does not say source, which CloudEvents requires");
    let error = CloudEvent::of::<Ping>(&Bare(Ping {})).expect_err("no envelope");
    assert!(matches!(error, CloudEventError::Missing { roles, .. } if roles == ["id", "source"]));
    let event = EnvelopeBuilder::new().id("e-1").source("s").trace("not W3C").build(Paid { order: 7 }).expect("an envelope");
    assert_eq!(CloudEvent::of::<Paid>(&event).expect("a CloudEvent").extensions.get("traceid"), Some(&json!("not W3C")));
}

#[test]
fn older_majors_are_read_as_the_newest() {
    let reader = Upcast::<PaidV2>::new().from::<Paid>();
    assert_eq!(reader.topics().collect::<Vec<_>>(), ["shop.paid.v1", "shop.paid.v2"]);
    let new = PaidV2 { order: 7, currency: "EUR".into() };
    assert_eq!(reader.decode("shop.paid.v1", br#"{"order":7}"#).expect("an event"), new);
    assert_eq!(reader.decode("shop.paid.v2", br#"{"order":7,"currency":"EUR"}"#).expect("an event"), new);
    let whole = br#"{"id":"1","type":"shop.paid.v1","data":{"payload":{"order":7}}}"#;
    assert_eq!(reader.decode_event("shop.paid.v1", whole).expect("an event"), new);
    assert!(matches!(reader.decode("other", b"{}"), Err(UpcastError::Decode(DecodeError::UnknownTopic { .. }))));
    assert!(matches!(reader.decode("shop.paid.v2", br#"{"order":7}"#), Err(UpcastError::Decode(DecodeError::Json { .. }))));
    let strict = Upcast::<PaidV2>::new().with(|_: Paid| Err("not any more"));
    let error = strict.decode("shop.paid.v1", br#"{"order":7}"#).expect_err("no migration");
    assert_eq!(error.to_string(), "the event of shop.paid.v1 has no form in shop.paid.v2: not any more");
}

#[test]
fn two_majors_are_published_as_one_event() {
    let event = PaidV2 { order: 7, currency: "EUR".into() };
    let older = |new: &PaidV2| if new.currency == "EUR" { Ok(Paid { order: new.order }) } else { Err("a currency that v1 cannot say") };
    let [new, old] = dual_publish(&full(), event, older).expect("two messages");
    assert_eq!((new.topic.name, old.topic.name), ("shop.paid.v2", "shop.paid.v1"));
    assert_eq!((new.key.as_deref(), old.key.as_deref()), (Some("7"), Some("7")));
    let id = |message: &Message| serde_json::from_slice::<Value>(&message.body).expect("JSON")["id"].clone();
    assert_eq!(id(&new), id(&old));
    let error = dual_publish(&full(), PaidV2 { order: 7, currency: "USD".into() }, older).expect_err("no older form");
    assert_eq!(error.to_string(), "the event has no form for shop.paid.v1: a currency that v1 cannot say");
    let invalid = dual_publish(&full(), PaidV2 { order: 0, currency: "EUR".into() }, older);
    assert!(matches!(invalid, Err(DualError::Encode(EncodeError::Invalid(_)))), "order 0 breaks the older contract");
}

/// A namespace's own record of dead letters.
#[derive(Debug, Deserialize)]
struct Own {
    original_topic: String,
    consumer_group: String,
}

#[test]
fn failed_events_are_recorded() {
    let error = Paid::decode(br#"{"order":"x"}"#).expect_err("no event");
    let record = DeadLetterRecord::of(Paid::TOPIC, br#"{"order":"x"}"#, &error).retries(2).consumer("billing", "billing-0");
    assert_eq!((record.error_type.as_str(), record.retry_count), ("DecodeError", 2));
    assert!(record.error_message.starts_with("the document is no shop.paid.v1: invalid type: string"), "{}", record.error_message);
    assert_eq!(record.original_event, Some(json!({"order": "x"})));
    assert_eq!(record.topic(Paid::TOPIC), None);
    let bytes = DeadLetterRecord::of(Paid::TOPIC, &[0xff, 0x00], &error);
    assert_eq!((bytes.original_event, bytes.original_bytes.as_deref()), (None, Some("ff00")));
    let own: Own = record.into_typed().expect("the namespace's own record");
    assert_eq!((own.original_topic.as_str(), own.consumer_group.as_str()), ("shop.paid.v1", "billing"));
}

#[test]
fn trace_contexts_are_checked() {
    let context: TraceContext = TRACE.parse().expect("a trace context");
    assert!(context.is_sampled());
    for wrong in ["", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"]
    {
        assert!(wrong.parse::<TraceContext>().is_err(), "{wrong}");
    }
    assert!(context.child("53995C3F42CD8AD8").is_err(), "upper case");
    let event = EnvelopeBuilder::new().id("1").trace_context(&context).build(Paid { order: 1 }).expect("an envelope");
    assert_eq!(event.trace(), Some(TRACE));
}

#[cfg(feature = "stamp")]
#[test]
fn stamps_are_unique_and_tell_the_time() {
    let [a, b] = [(); 2].map(|()| EnvelopeBuilder::stamped().build(Paid { order: 1 }).expect("an envelope"));
    assert_ne!(a.id(), b.id());
    let time = a.time().expect("a time");
    assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
}
