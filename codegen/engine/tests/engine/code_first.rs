//! Types that derive schemars' `JsonSchema`, held to their contracts by proof.

use std::{fs, path::Path};

use eventc_codegen::code_first::{self, assert_matches, contract, current, matches};
use schemars::JsonSchema;
use tempfile::TempDir;

/// An order was placed.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "its schema is what is asked for")]
struct Placed {
    order_id: String,
    count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// The same, but that a note must be there.
#[derive(JsonSchema)]
#[schemars(rename = "Strict")]
#[allow(dead_code, reason = "its schema is what is asked for")]
struct Strict {
    order_id: String,
    count: u64,
    note: String,
}

const CONTRACT: &str = r#"{
  "x-event": { "version": "1.0.0", "owner": "orders" },
  "type": "object",
  "properties": {
    "order_id": { "type": "string" },
    "count": { "type": "integer", "minimum": 0, "maximum": 1000 },
    "note": { "type": "string" }
  },
  "required": ["order_id", "count"]
}"#;

fn package(compatibility: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir_all(folder.path().join("schemas/events/order")).expect("made");
    let config = format!("[[namespace]]\nname = \"\"\ncompatibility = \"{compatibility}\"\n");
    fs::write(folder.path().join("eventc.toml"), config).expect("written");
    fs::write(folder.path().join("schemas/events/order/placed.json"), CONTRACT).expect("written");
    folder
}

fn refused<T: JsonSchema>(package: &Path, topic: &str) -> String {
    matches::<T>(package, topic).expect_err("they disagree").to_string()
}

#[test]
fn a_type_reads_what_its_contract_allows() {
    let package = package("backward");
    assert_eq!(matches::<Placed>(package.path(), "order.placed"), Ok(()));
    let report = refused::<Strict>(package.path(), "order.placed");
    assert!(report.starts_with("`Strict` and its contract disagree about what the type reads"), "{report}");
    assert!(report.contains("\"note\"") && report.contains("property-required"), "{report}");
    assert!(report.contains("shown by {\"count\":0,\"order_id\":\"\"}"), "{report}");
}

#[test]
fn a_type_writes_what_its_contract_allows() {
    let package = package("forward");
    assert_eq!(matches::<Strict>(package.path(), "order.placed").map_err(|_| ()), Err(()), "u64 is wider than 1000");
    let report = refused::<Placed>(package.path(), "order.placed");
    assert!(report.starts_with("`Placed` and its contract disagree about what the type writes"), "{report}");
    assert!(report.contains("1001"), "the smallest count that the contract refuses is shown:\n{report}");
}

#[test]
fn both_directions_are_told_at_once() {
    let package = package("full");
    let report = refused::<Strict>(package.path(), "order.placed");
    assert_eq!(report.matches("disagree about what the type").count(), 2, "{report}");
}

#[test]
fn unknown_topics_are_explained() {
    let package = package("backward");
    assert_eq!(
        refused::<Placed>(package.path(), "order.palced"),
        "no contract has the topic \"order.palced\"; did you mean \"order.placed\"?"
    );
    let nowhere = TempDir::new().expect("a temporary folder");
    assert!(refused::<Placed>(nowhere.path(), "x").contains("there is no schema tree"));
}

#[test]
#[should_panic(expected = "no contract has the topic \"no.such.topic\"")]
fn the_assertion_panics_with_the_report() {
    // This package's own tree is the repository's.
    assert_matches::<Placed>("no.such.topic");
}

#[test]
fn a_contract_keeps_what_types_do_not_say() {
    let text = contract::<Placed>(Some(CONTRACT)).expect("a contract");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(schema["x-event"]["owner"], "orders");
    assert_eq!(schema["description"], "An order was placed.");
    assert_eq!(schema["required"], serde_json::json!(["order_id", "count"]));
    assert_eq!(contract::<Placed>(Some(&text)), Ok(text.clone()), "writing it again changes nothing");
    assert!(contract::<Placed>(Some("[]")).is_err());
}

#[test]
fn a_stale_contract_says_how_to_write_it() {
    let package = package("backward");
    let file = package.path().join("schemas/events/order/placed.json");
    let message = current::<Placed>(&file).expect_err("it differs").to_string();
    assert!(message.ends_with("run the test with EVENTC_UPDATE=1 to write it, then review the change"), "{message}");
    fs::write(&file, contract::<Placed>(Some(CONTRACT)).expect("a contract")).expect("written");
    assert_eq!(current::<Placed>(&file), Ok(()));
    assert_eq!(code_first::matches::<Placed>(package.path(), "order.placed"), Ok(()));
}
