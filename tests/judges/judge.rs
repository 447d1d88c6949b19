//! Reads cases, a JSON object a line with `topic` and `doc` (JSON text), and answers with a line each: whether generated
//! validation accepts the document, what decoding and encoding makes of it, and what was said of it on the way. A case without `doc`
//! asks what is declared of the topic.

use std::io::{BufRead, Write};

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
        let judged = events::AnyEvent::validate(topic, &value).expect("a known topic");
        let decoded = events::AnyEvent::decode(topic, doc.as_bytes());
        let mut said = format!("{decoded:?}");
        if let Err(error) = &decoded {
            said += &error.to_string();
        }
        if let Err(errors) = &judged {
            said += &format!("{errors} {errors:?}");
        }
        let again = decoded.ok().map(|event| String::from_utf8(event.encode().expect("an encoded event")).expect("UTF-8"));
        writeln!(output, "{}", json!({"valid": judged.is_ok(), "again": again, "said": said})).expect("output");
    }
}

/// What is declared of a topic.
fn facts(topic: &str) -> Value {
    let topic = events::topics::find(topic).expect("a known topic");
    let consumers: Vec<_> = topic.consumers.iter().map(|consumer| json!([consumer.service, consumer.function, consumer.group])).collect();
    json!({
        "name": topic.name,
        "owner": topic.owner,
        "key": topic.key,
        "reply": topic.reply,
        "producers": topic.producers,
        "consumers": consumers,
        "dead_letter": topic.dead_letter.as_ref().map(|letters| letters.topic),
        "successor": topic.deprecated.as_ref().and_then(|deprecated| deprecated.successor),
    })
}
