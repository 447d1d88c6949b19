//! A crate that uses the types as people would.

use chrono::{DateTime, FixedOffset};
use eventc::{Envelope, EnvelopeBuilder, Event, Formatted, Integer, Number};
use serde::{Deserialize, Serialize};

#[allow(dead_code, reason = "a program needs a part of what there is")]
mod events {
    eventc::include_events!("schemas/events", untracked);
}

use events::sample::v1::{Measure, Sample, Serial, Stamp};

/// Types of a crate, where the writer knows that no other text comes: said on the field. Others keep any text.
#[derive(Debug, PartialEq, Serialize, Deserialize, Event)]
#[event(topic = "plain")]
struct Strict {
    #[event(shape = "String")]
    at: DateTime<FixedOffset>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Event)]
#[event(topic = "plain")]
struct Tolerant {
    at: Formatted<DateTime<FixedOffset>>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

fn main() {
    let at = DateTime::parse_from_rfc3339("2026-11-27T10:15:30.5+01:00").expect("a time");
    let mut sample = Sample::new(at, 3);
    assert_eq!(sample.at, "2026-11-27T10:15:30.500+01:00");
    assert_eq!(sample.at.parsed(), Ok(at));
    sample.at = "some day".into();
    assert_eq!(sample.at.parsed().expect_err("no time").to_string(), "the text is not a date and time with its offset (RFC 3339)");
    sample.byte = Some(vec![1, 2, 3].into());
    sample.whole = Some(Integer::from(7));
    sample.number = Some("0.10".parse::<Number>().expect("a number"));
    sample.stamp = Some(Stamp::new(at).expect("long enough"));
    sample.measure = Some(Measure::new("0.5".parse::<Number>().expect("a number")).expect("positive"));
    sample.serial = Some(Serial::new("9007199254740993".parse::<Integer>().expect("an integer")).expect("large"));
    assert!(Stamp::try_from("no").is_err());
    let text = String::from_utf8(sample.encode().expect("JSON")).expect("UTF-8");
    assert!(text.contains(r#""byte":"AQID""#) && text.contains(r#""number":0.10"#) && text.contains(r#""whole":7"#), "{text}");
    assert_eq!(Sample::decode(text.as_bytes()).expect("a sample"), sample);

    let event = EnvelopeBuilder::new().id("1").time("then").build(sample).expect("an envelope");
    assert_eq!(event.time(), Some("then"));

    let strict = Strict::decode(br#"{"at":"2026-11-27T10:15:30.500+01:00"}"#).expect("a time");
    assert_eq!(strict.at, at);
    assert!(Strict::decode(br#"{"at":"then"}"#).is_err());
    let tolerant = Tolerant::decode(br#"{"at":"then"}"#).expect("a text");
    assert!(tolerant.at.parsed().is_err());
}
