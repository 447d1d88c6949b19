//! Reads cases, a JSON object a line with `topic` and `doc` (JSON text), and answers with a line each: whether generated
//! validation accepts the document, and what decoding and encoding makes of it.

use std::io::{BufRead, Write};

use serde_json::{Value, json};

fn main() {
    let input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in input.lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("a case");
        let (topic, doc) = (case["topic"].as_str().expect("a topic"), case["doc"].as_str().expect("a document"));
        let value: Value = serde_json::from_str(doc).expect("JSON");
        let valid = events::AnyEvent::validate(topic, &value).expect("a known topic").is_ok();
        let again = events::AnyEvent::decode(topic, doc.as_bytes()).ok().map(|event| {
            String::from_utf8(event.encode().expect("an encoded event")).expect("UTF-8")
        });
        writeln!(output, "{}", json!({"valid": valid, "again": again})).expect("output");
    }
}
