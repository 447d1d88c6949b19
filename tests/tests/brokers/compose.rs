//! examples/compose.yaml is a file of Compose by the schema of its specification, and brings what the environment `local` asks for where it asks
//! for it. Nobody starts it here: that needs containers.

use std::fs;

use eventc_model::{
    source::{Limits, Tree},
    syntax::Document,
};
use eventc_tests::tools::{compose_schema, workspace};
use serde_json::Value;

/// Reads the file.
fn compose() -> Value {
    let text = fs::read_to_string(workspace().join("examples/compose.yaml")).expect("the file");
    let limits = Limits::default();
    let mut tree = Tree::from_texts([("compose.yaml", text.as_str())], &limits);
    let (document, problems) = Document::parse(tree.files.remove(0), &limits);
    assert!(problems.is_empty(), "{problems:?}");
    document.expect("YAML").value
}

#[test]
fn it_is_what_the_specification_allows() {
    let schema: Value = serde_json::from_str(&fs::read_to_string(compose_schema()).expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let told: Vec<String> = validator.iter_errors(&compose()).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(told, [""; 0]);
    let mut other = compose();
    other["services"]["kafka"]["port"] = serde_json::json!([]);
    assert!(!validator.is_valid(&other), "the schema tells what is no key of a service");
}

#[test]
fn services_are_where_the_environment_asks_for_them() {
    let config = fs::read_to_string(workspace().join("eventc.toml")).expect("a configuration");
    let compose = compose();
    for (variable, service) in [
        ("EVENTC_KAFKA", "kafka"),
        ("EVENTC_RABBITMQ", "rabbitmq"),
        ("EVENTC_RABBITMQ_MANAGEMENT", "rabbitmq"),
        ("EVENTC_REGISTRY", "registry"),
        ("EVENTC_POSTGRES", "postgres"),
    ] {
        let (_, default) = config.split_once(&format!("${{{variable}:-")).expect("a variable with a default");
        let (address, _) = default.split_once('}').expect("an end");
        let (_, port) = address.rsplit_once("127.0.0.1:").expect("an address on loopback");
        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
        let ports = compose["services"][service]["ports"].as_array().expect("ports");
        let begins = format!("127.0.0.1:{port}:");
        assert!(ports.iter().any(|at| at.as_str().is_some_and(|at| at.starts_with(&begins))), "{variable}: {ports:?}");
    }
}
