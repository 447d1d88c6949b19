//! Reads cases, a JSON object a line with `topic` and `doc` (JSON text), and answers with a line each: whether generated
//! validation accepts the document, what decoding and encoding makes of it, and what was said of it on the way. A case without `doc`
//! asks what is declared of the topic.

use std::{
    fmt::Display,
    io::{BufRead, Write},
};

use events::{AnyEvent, eventc::Dispatch as _};
use serde_json::{Value, json};

fn main() {
    let input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in input.lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("a case");
        let topic = case["topic"].as_str().expect("a topic");
        let Some(doc) = case["doc"].as_str() else {
            writeln!(output, "{}", json!({"facts": facts(topic)})).expect("output");
            continue;
        };
        let value: Value = serde_json::from_str(doc).expect("JSON");
        let judged = AnyEvent::validate(topic, &value).expect("a known topic");
        let decoded = AnyEvent::decode(topic, doc.as_bytes());
        one_pass_agrees(topic, AnyEvent::decode_valid(topic, doc.as_bytes()), &judged, &decoded);
        let whole = AnyEvent::validate_event(topic, &value).expect("a known topic");
        let decoded_whole = AnyEvent::decode_event(topic, doc.as_bytes());
        one_pass_agrees(topic, AnyEvent::decode_valid_event(topic, doc.as_bytes()), &whole, &decoded_whole);
        let mut said = format!("{decoded:?}");
        if let Err(error) = &decoded {
            said += &error.to_string();
        }
        if let Err(errors) = &judged {
            said += &format!("{errors} {errors:?}");
        }
        let again = decoded.ok().map(|event| String::from_utf8(event.encode().expect("an encoded event")).expect("UTF-8"));
        let violations: Vec<_> = judged.as_ref().err().into_iter().flatten().map(|found| json!([found.pointer, found.message, found.found])).collect();
        writeln!(output, "{}", json!({"valid": judged.is_ok(), "again": again, "said": said, "violations": violations})).expect("output");
    }
}

/// Ends the program where one pass does not do what validating and decoding do one after the other.
fn one_pass_agrees<J: Display, D: Display>(
    topic: &str,
    found: Result<AnyEvent, D>,
    judged: &Result<(), J>,
    decoded: &Result<AnyEvent, D>,
) {
    let found = found.map_err(|error| error.to_string());
    match (judged, decoded) {
        (Ok(()), Ok(decoded)) => assert_eq!(found.as_ref(), Ok(decoded), "{topic}"),
        // That it is another topic's event is said before anything else.
        _ if found.as_ref().is_err_and(|error| error.starts_with("the document belongs to")) => {}
        (Err(errors), _) => assert_eq!(found, Err(format!("the document breaks its schema: {errors}")), "{topic}"),
        (Ok(()), Err(error)) => assert_eq!(found, Err(error.to_string()), "{topic}"),
    }
}

/// What is declared of a topic.
fn facts(topic: &str) -> Value {
    let topic = events::topics::find(topic).expect("a known topic");
    let kept = |retention: Option<events::eventc::Retention>| retention.map(events::eventc::Retention::kafka_ms);
    let consumers = topic.consumers.iter().map(|consumer| json!([consumer.service, consumer.function, consumer.group, consumer.queue]));
    json!({
        "name": topic.name,
        "namespace": topic.namespace,
        "version": topic.version,
        "broker": format!("{:?}", topic.broker).to_lowercase(),
        "stability": format!("{:?}", topic.stability).to_lowercase(),
        "owner": topic.owner,
        "key": topic.key,
        "reply": topic.reply,
        "exchange": topic.exchange,
        "partitions": topic.partitions,
        "replication": topic.replication,
        "retention": kept(topic.retention),
        "ttl": topic.ttl_ms,
        "priority": topic.priority,
        "producers": topic.producers,
        "consumers": consumers.collect::<Vec<_>>(),
        "dead_letter": topic.dead_letter.map(|letters| json!([letters.topic, letters.retries, letters.backoff_ms, kept(letters.retention)])),
        "deprecated": topic.deprecated.map(|deprecated| json!([deprecated.since, deprecated.sunset, deprecated.successor])),
        "tags": topic.tags,
    })
}
