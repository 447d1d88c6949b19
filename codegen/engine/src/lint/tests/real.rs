//! The repository's own tree, large trees, and somebody else's.

use std::path::PathBuf;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    source::{Limits, Tree},
};
use serde_json::Value;

use super::{lint, show};
use crate::instance::{FormatReading, Unknown, Validators};

pub(super) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn config() -> Config {
    let text = std::fs::read_to_string(repository().join("eventc.toml")).expect("the repository's configuration");
    let (config, problems) = Config::parse("eventc.toml", &text);
    assert!(problems.is_empty(), "{}", show(&problems));
    config
}

fn tree() -> Tree {
    Tree::read(&repository().join("schemas/events"), &Limits::default()).expect("the repository's schemas")
}

fn above_notes(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.into_iter().filter(|finding| finding.level > Level::Note).collect()
}

#[test]
fn the_repository_is_clean() {
    let findings = above_notes(lint(tree(), config(), None));
    assert!(findings.is_empty(), "{}", show(&findings));
}

#[test]
fn each_allow_of_the_repository_is_needed() {
    let mut tree = tree();
    let mut expected = Vec::new();
    for file in &mut tree.files {
        let mut value: Value = serde_json::from_str(&file.text).expect("JSON");
        let Some(metadata) = value.get_mut("x-event").and_then(Value::as_object_mut) else { continue };
        let Some(Value::Array(allows)) = metadata.shift_remove("allow") else { continue };
        let rules = allows.iter().map(|allow| allow["rule"].as_str().expect("a rule").to_owned());
        expected.extend(rules.map(|rule| (file.shown.to_string(), rule)));
        file.text = value.to_string().into();
    }
    let findings = above_notes(lint(tree, config(), None));
    let mut found: Vec<_> = findings.iter().map(|finding| (finding.place.file.to_string(), finding.rule.name.to_owned())).collect();
    found.sort();
    expected.sort();
    assert!(expected.len() >= 45, "the tree has {} allows", expected.len());
    assert_eq!(found, expected, "{}", show(&findings));
}

#[test]
fn the_documents_breaches_are_known() {
    let catalog = Catalog::build(tree(), config());
    let allowed = |topic: &str, rule: &str| {
        let contract = catalog.find(topic).unwrap_or_else(|| panic!("no contract {topic}"));
        contract.metadata.allow.iter().any(|allow| allow.rule == rule && !allow.reason.is_empty())
    };
    for topic in ["agent.analysis", "agent.activity", "agent.development", "agent.insight"] {
        assert!(allowed(topic, "topic-convention"), "{topic}");
    }
    let doubled = catalog.find("omninode.document.event.indexed.v1").expect("the doubled event");
    let deprecated = doubled.metadata.deprecated.as_ref().expect("it is deprecated");
    assert_eq!(deprecated.successor.as_deref(), Some("omninode.search.event.document_indexed.v1"));
}

#[test]
fn sunsets_are_judged_by_the_day() {
    let findings = above_notes(lint(tree(), config(), Some("2099-01-01")));
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.rule.name == "sunset-passed"), "{}", show(&findings));
}

#[test]
fn full_events_are_judged_by_their_envelope_and_contract() {
    let catalog = Catalog::build(tree(), config());
    let validators = Validators::new(&catalog);
    let mut judged = 0;
    for namespace in 0..catalog.config.namespace.len() {
        let envelope = catalog.envelope(namespace).expect("an envelope");
        for example in &catalog.schemas.keywords(envelope.root).expect("keywords").examples {
            let contract = validators.contract_of(example).expect("a contract");
            assert_eq!(contract.namespace, namespace);
            let validator = validators.event(contract, FormatReading::Assertion).expect("a validator");
            assert!(validator.accepts(example) && validator.problems(example).is_empty(), "{:?}", validator.problems(example));
            let payload = catalog.config.namespace[namespace].envelope.as_ref().expect("roles").payload.clone();
            let mut broken = example.clone();
            *broken.pointer_mut(&payload).expect("a payload") = serde_json::json!({});
            let problems = validator.problems(&broken);
            assert!(!validator.accepts(&broken) && !problems.is_empty());
            assert!(problems.iter().all(|problem| problem.instance == payload && problem.keyword == "required"), "{problems:?}");
            let file = &catalog.schemas.file(contract.file).path;
            assert!(problems.iter().all(|problem| problem.schema == format!("{file}#/required")), "{problems:?}");
            judged += 1;
        }
    }
    assert!(judged >= 6, "{judged}");
    let unknown = serde_json::json!({"type": "operations.sales.order.craeted"});
    let nearest = Some("operations.sales.order.created".to_owned());
    assert_eq!(validators.contract_of(&unknown).err(), Some(Unknown::Topic("operations.sales.order.craeted".into(), nearest)));
    assert_eq!(validators.contract_of(&Value::Null).err(), Some(Unknown::Untyped));
}

#[test]
fn strangers_schemas_do_not_drown() {
    let deep = format!("{}{}{}", r#"{"items":"#.repeat(1000), "{}", "}".repeat(1000));
    let tree = Tree::from_texts(
        [
            ("a.schema.json", r#"{"type": "object", "properties": {"email": {"type": "string"}, "fooBar": {}}}"#),
            ("deep.json", &deep),
            ("b/_shared.json", r#"{"definitions": {"unused": {"default": 1, "type": "integer"}}}"#),
        ],
        &Limits::default(),
    );
    // Tests have threads with a quarter of a process's stack.
    let whole = std::thread::Builder::new().stack_size(64 << 20);
    let findings =
        whole.spawn(|| lint(tree, Config::without_conventions(), Some("2026-01-01"))).expect("a thread").join().expect("findings");
    assert!(findings.is_empty(), "{}", show(&findings));
}

#[test]
fn levels_come_from_the_configuration() {
    let tree = || Tree::from_texts([("a.json", r#"{"type": "integer", "minLength": 1}"#)], &Limits::default());
    let with = |rules: &str| {
        let (config, problems) = Config::parse("eventc.toml", &format!("[[namespace]]\nname = \"a\"\nroot = \".\"\n[rules]\n{rules}"));
        assert!(problems.is_empty());
        let findings = lint(tree(), config, None);
        findings.iter().find(|finding| finding.rule.name == "useless-keyword").map(|finding| finding.level)
    };
    assert_eq!(with(""), Some(Level::Warning));
    assert_eq!(with("useless-keyword = \"error\""), Some(Level::Error));
    assert_eq!(with("EV112 = \"note\""), Some(Level::Note));
    assert_eq!(with("useless-keyword = \"off\""), None);
}
