//! Reads cases, a JSON object a line with `topic` and `doc` (JSON text), and answers with a line each: whether generated
//! validation accepts the document, what decoding and encoding makes of it, and what was said of it on the way.

use std::io::{BufRead, Write};

use serde_json::{Value, json};

fn main() {
    let input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in input.lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("a case");
        let (topic, doc) = (case["topic"].as_str().expect("a topic"), case["doc"].as_str().expect("a document"));
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
