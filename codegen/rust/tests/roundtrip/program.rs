//! Reads documents, one a line as `[topic, whole event?, document]`, and says what does not come back as it went in.

use events::{AnyEvent, eventc::Dispatch as _};
use serde_json::Value;

fn main() {
    let path = std::env::args().nth(1).expect("the file of documents");
    let text = std::fs::read_to_string(path).expect("readable");
    let mut wrong = 0;
    for line in text.lines() {
        let (topic, whole, document): (String, bool, Value) = serde_json::from_str(line).expect("a document");
        for problem in check(&topic, whole, document) {
            println!("{topic}: {problem}");
            wrong += 1;
        }
    }
    println!("{} documents, {wrong} problems", text.lines().count());
    std::process::exit(i32::from(wrong > 0));
}

fn check(topic: &str, whole: bool, mut document: Value) -> Vec<String> {
    let mut problems = Vec::new();
    let errors = if whole { AnyEvent::validate_event(topic, &document) } else { AnyEvent::validate(topic, &document) };
    match errors {
        None => problems.push("unknown topic".to_owned()),
        Some(Err(errors)) => problems.push(format!("not valid: {errors}")),
        Some(Ok(())) => {}
    }
    let bytes = document.to_string();
    if whole {
        problems.extend(AnyEvent::decode_event(topic, bytes.as_bytes()).err().map(|error| error.to_string()));
        return problems;
    }
    problems.extend(there_and_back(topic, &document));
    // A property that a later version adds survives.
    if let Some(object) = document.as_object_mut()
        && !std::env::args().any(|argument| argument == "--closed")
    {
        object.insert("a property of tomorrow".to_owned(), serde_json::json!({"deep": [1, 2.5, null]}));
        problems.extend(there_and_back(topic, &document));
    }
    problems
}

fn there_and_back(topic: &str, document: &Value) -> Option<String> {
    let bytes = document.to_string();
    match AnyEvent::decode(topic, bytes.as_bytes()) {
        Err(error) => Some(error.to_string()),
        Ok(event) if event.topic().name != topic => Some("another topic".to_owned()),
        Ok(event) => {
            let back = event.encode().expect("encodes");
            let back: Value = serde_json::from_slice(&back).expect("JSON");
            (!equal(document, &back)).then(|| format!("went in as\n  {document}\nand came back as\n  {back}"))
        }
    }
}

fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other)),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| equal(one, other)))
        }
        _ => one == other,
    }
}
