//! Properties that no field holds: what is kept of them, in JSON and elsewhere.

use std::collections::BTreeMap;

use eventc::Extra;
use serde::{
    Deserialize, Serialize,
    de::value::{Error, MapDeserializer},
};
use serde_json::{Map, Value, json};

fn read(json: &str) -> Extra {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

fn written(extra: &Extra) -> String {
    serde_json::to_string(extra).expect("what was read can be written")
}

#[test]
fn text_comes_back_as_it_was_sent() {
    for json in [
        "{}",
        r#"{"a":null,"b":true,"c":[],"d":{},"e":""}"#,
        r#"{"a":1.0,"b":1e3,"c":-0.0,"d":123456789012345678901234567890,"e":0.10000000000000000000000000001}"#,
        r#"{"\"":{"x":1,"x":2},"a":"\u00e9\n\ud83d\ude00 é 😀"}"#,
        r#"{"a":{"b": [1 , 2],  "c":"two  spaces"}}"#,
    ] {
        assert_eq!(written(&read(json)), json);
        assert_eq!(value(json), serde_json::to_value(read(json)).expect("values"));
    }
}

#[test]
fn an_event_in_a_line_stays_in_its_line() {
    let json = "{\"a\" : {\n\t\"b\" : [ 1,\r\n 2 ],\n\"c \\\\\\\" d\" : \"\\\\\" , \"e\" : \"\\\" \\n\" } }";
    let line = written(&read(json));
    assert_eq!(line, r#"{"a":{"b":[1,2],"c \\\" d":"\\","e":"\" \n"}}"#);
    assert_eq!(value(json), value(&line));
}

#[test]
fn what_is_no_value_is_refused() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(128), "]".repeat(128));
    let mut refused =
        vec![r#"{"a":"\ud800"}"#, r#"{"a":["\udc00 x"]}"#, r#"{"a":{"\ud800":1}}"#, "{\"a\":\"\u{1}\"}", r#"{"a":01}"#, &deep];
    if serde_json::from_str::<Value>("1e999").is_err() {
        refused.extend([r#"{"a":1e999}"#, r#"{"a":{"b":-1E+999}}"#]);
    }
    for json in refused {
        assert!(serde_json::from_str::<Extra>(json).is_err(), "{json}");
        assert!(serde_json::from_slice::<Extra>(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn it_is_a_map_of_values() {
    let mut extra = Extra::new();
    assert!(extra.is_empty());
    extra.insert("b", json!({"x": [1]}));
    extra.insert("a", "text");
    assert_eq!((extra.len(), extra.contains_key("a"), extra.contains_key("c")), (2, true, false));
    assert_eq!((extra.get("a"), extra.text("b"), extra.get("c")), (Some(json!("text")), Some(r#"{"x":[1]}"#), None));
    assert_eq!(extra.iter().collect::<Vec<_>>(), [("a", "\"text\""), ("b", r#"{"x":[1]}"#)]);
    assert_eq!(format!("{extra:?}"), r#"{"a": "text", "b": {"x":[1]}}"#);
    let map = Map::from(&extra);
    assert_eq!(Value::Object(map.clone()), json!({"a": "text", "b": {"x": [1]}}));
    assert_eq!(Extra::from(map), extra);
    assert_eq!(extra, read(r#"{"b": {"x": [ 1 ]}, "a": "\u0074ext"}"#));
    assert_ne!(extra, read(r#"{"b": {"x": [2]}, "a": "text"}"#));
    assert_eq!(extra.remove("a"), Some(json!("text")));
    assert_eq!(extra, [("b", json!({"x": [1]}))].into_iter().collect());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Outer {
    id: u8,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    One(Outer),
}

#[test]
fn it_may_be_flattened_and_tagged() {
    let json = r#"{"kind":"One","id":1,"more":[1,{"x":null}],"text":"é"}"#;
    let Tagged::One(outer) = serde_json::from_str(json).expect("a document of its kind");
    assert_eq!(outer.extra, read(r#"{"more":[1,{"x":null}],"text":"é"}"#));
    assert_eq!(serde_json::to_string(&Tagged::One(outer)).expect("a document of its kind"), json);
}

#[test]
fn values_and_streams_are_read_too() {
    let value = json!({"a": [1, "x", {"y": null}], "b": 1.5});
    let extra: Extra = serde_json::from_value(value.clone()).expect("a document of its kind");
    assert_eq!(serde_json::to_value(&extra).expect("a document of its kind"), value);
    assert_eq!(Extra::deserialize(&value).expect("a document of its kind"), extra);
    assert_eq!(serde_json::from_reader::<_, Extra>(value.to_string().as_bytes()).expect("a document of its kind"), extra);
}

#[test]
fn other_formats_know_nothing_of_texts() {
    let entries = BTreeMap::from([("a", 1), ("b", 2)]);
    let extra = Extra::deserialize(MapDeserializer::<_, Error>::new(entries.into_iter())).expect("a document of its kind");
    assert_eq!(extra, read(r#"{"a":1,"b":2}"#));

    let toml = "a = [1, \"x\"]\nd = 2026-11-27T00:00:00Z\n\n[t]\ne = 1.5\nf = true\n";
    let extra: Extra = toml::from_str(toml).expect("a document of its kind");
    assert_eq!(extra.get("a"), Some(json!([1, "x"])));
    assert_eq!(extra.get("t"), Some(json!({"e": 1.5, "f": true})));
    let again: Extra = toml::from_str(&toml::to_string(&extra).expect("a document of its kind")).expect("a document of its kind");
    assert_eq!(again, extra);
}
