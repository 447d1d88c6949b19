//! Events as generated code declares them.

use eventc::{Bare, DecodeError, EncodeError, Envelope, Event, Extra, Roles, Schema, Topic, Validate, validate_event};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

static CREATED: Schema = Schema::new(
    r#"{"type":"object","properties":{"order":{"type":"integer","minimum":1},"total":{"multipleOf":0.01}},"required":["order"]}"#,
    &[],
);
static ENVELOPE: Schema = Schema::new(
    r#"{"type":"object","properties":{"id":{"type":"string"},"type":{"type":"string"},"data":true},"required":["id","data"]}"#,
    &[],
);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Created {
    #[serde(deserialize_with = "eventc::serde_support::integer")]
    order: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<f64>,
    #[serde(flatten)]
    extra: Extra,
}

impl Validate for Created {
    fn schema() -> &'static Schema {
        &CREATED
    }
}

impl Event for Created {
    const TOPIC: &'static Topic = &Topic { key: Some("/order"), ..Topic::new("sales.order.created", "1.0.0", "sales") };
    type Envelope = Wrapped<Self>;
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped<P> {
    id: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    data: P,
}

impl<P> Validate for Wrapped<P> {
    fn schema() -> &'static Schema {
        &ENVELOPE
    }
}

impl<P> Envelope for Wrapped<P> {
    type Payload = P;

    const ROLES: &'static Roles = &Roles { id: Some("/id"), topic: Some("/type"), ..Roles::new("/data") };

    fn payload(&self) -> &P {
        &self.data
    }

    fn into_payload(self) -> P {
        self.data
    }

    fn id(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Ping(u8);

impl Validate for Ping {
    fn schema() -> &'static Schema {
        static PING: Schema = Schema::new(r#"{"type":"integer","maximum":9}"#, &[]);
        &PING
    }
}

impl Event for Ping {
    const TOPIC: &'static Topic = &Topic::new("ping", "1.0.0", "");
    type Envelope = Bare<Self>;
}

#[test]
fn payloads_are_read_and_written() {
    let event = Created::decode(br#"{"order":7.0,"total":1.5,"more":[1]}"#).expect("an event");
    assert_eq!((event.order, event.total, event.extra.get("more")), (7, Some(1.5), Some(json!([1]))));
    assert_eq!(event.encode().expect("JSON"), br#"{"order":7,"total":1.5,"more":[1]}"#);
    assert_eq!(event.partition_key().as_deref(), Some("7"));
    assert_eq!(Created::decode_value(json!({"order": 7, "total": 1.5, "more": [1]})).expect("an event"), event);
    assert_eq!(Ping(3).partition_key(), None);
}

#[test]
fn reading_is_tolerant_and_validation_is_not() {
    let json = br#"{"order":0,"total":0.001}"#;
    let event = Created::decode(json).expect("an event");
    assert!(matches!(Created::validate_json(json), Err(DecodeError::Invalid(errors)) if errors.len() == 2));
    assert!(matches!(event.check(), Err(EncodeError::Invalid(errors)) if errors.len() == 2));
    assert!(Created { order: 1, total: None, extra: Extra::new() }.check().is_ok());
    assert!(
        Created { order: 1, total: Some(f64::NAN), extra: Extra::new() }.check().is_ok(),
        "null is no number, and multipleOf asks numbers"
    );
}

#[test]
fn whole_events_are_read() {
    let event = Created::decode_event(br#"{"id":"1","type":"sales.order.created","data":{"order":7}}"#).expect("an event");
    assert_eq!((event.id(), event.payload().order, event.correlation()), (Some("1"), 7, None));
    assert_eq!(event.into_payload().order, 7);
    let error = Created::decode_event(br#"{"id":"1","type":"other","data":{"order":7}}"#).expect_err("another topic");
    assert_eq!(error.to_string(), r#"the document belongs to topic "other", not to "sales.order.created""#);
    let error = Created::decode_event(br#"{"id":"1","data":{}}"#).expect_err("no event");
    assert!(error.to_string().starts_with("the document is no sales.order.created: missing field `order` at line 1"), "{error}");
    assert_eq!(Ping::decode_event(b"7").expect("an event").into_payload(), Ping(7));
}

#[test]
fn whole_events_are_validated() {
    let messages = |value: Value| validate_event::<Created>(&value).map_err(|errors| errors.to_string());
    assert_eq!(messages(json!({"id": "1", "data": {"order": 1}})), Ok(()));
    assert_eq!(
        messages(json!({"id": 1, "data": {"order": 0}})),
        Err("/id: must be a string, found 1\n/data/order: must be at least 1, found 0".to_owned())
    );
    assert_eq!(
        messages(json!({"id": "1"})),
        Err("the document: must have the property \"data\", found an object of 1 property".to_owned())
    );
    assert_eq!(validate_event::<Ping>(&json!(10)).map_err(|errors| errors.len()), Err(1));
}

#[test]
fn valid_events_are_read_in_one_pass() {
    assert_eq!(Created::decode_valid(br#"{"order":7.0,"total":1.5}"#).expect("a valid payload").order, 7);
    let event = Created::decode_valid_event(br#"{"data":{"order":7},"id":"1"}"#).expect("a valid event");
    assert_eq!((event.id(), event.payload().order), (Some("1"), 7));
    assert_eq!(Ping::decode_valid_event(b"7").expect("a valid event").into_payload(), Ping(7));
    for (json, expected) in [
        (
            r#"{"id":1,"data":{"order":0}}"#,
            "the document breaks its schema: /id: must be a string, found 1\n/data/order: must be at least 1, found 0",
        ),
        (r#"{"id":"1"}"#, "the document breaks its schema: the document: must have the property \"data\", found an object of 1 property"),
        (r#"{"id":"1","data":[]}"#, "the document breaks its schema: /data: must be an object, found an array of 0 items"),
        (r#"{"id":"1","type":"other","data":{"order":7}}"#, r#"the document belongs to topic "other", not to "sales.order.created""#),
        (r#"{"id":"1","type":"other","data":{"order":0}}"#, r#"the document belongs to topic "other", not to "sales.order.created""#),
        (r#"{"id":"1""#, "the document is no sales.order.created: EOF while parsing an object at line 1 column 9"),
    ] {
        let error = Created::decode_valid_event(json.as_bytes()).expect_err(json);
        assert_eq!(error.to_string(), expected);
    }
    let error = Ping::decode_valid_event(b"10").expect_err("too large");
    assert_eq!(error.to_string(), "the document breaks its schema: the document: must be at most 9, found 10");
    let error = Ping::decode_valid(b"-300").expect_err("valid, and no u8");
    assert_eq!(error.to_string(), "the document is no ping: invalid value: integer, expected u8 at line 1 column 4");
}

#[test]
fn errors_read_well() {
    let error = Created::validate_json(b"{").expect_err("no JSON");
    assert_eq!(error.to_string(), "the document is not JSON: EOF while parsing an object at line 1 column 1");
    assert_eq!(DecodeError::UnknownTopic { topic: "a\n".to_owned() }.to_string(), r#"topic "a\n" is not known here"#);
    assert!(std::error::Error::source(&error).is_some());
}
