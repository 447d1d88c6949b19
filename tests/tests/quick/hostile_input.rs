//! Whatever comes in, an answer comes out: no panic, no hang, nothing without bound. Here the inputs that a person wrote, those on
//! which something fell over once, and trees that are small and stand for much; the deep tier changes inputs at random, and the fuzzers in
//! `fuzz/` go through the same entries.

use std::fs;

use eventc_codegen::project::Project;
use eventc_model::source::Limits;
use eventc_tests::{
    fuzz_targets::{FUZZ_TARGETS, fuzz_target, inputs},
    hostile_trees::{HostileTree, names, tree},
    multi_file::join,
    tools::workspace,
};
use serde_json::Value;

#[test]
fn seeds_and_kept_cases_are_answered_by_every_entry() {
    let inputs: Vec<String> = ["seeds", "cases"].into_iter().flat_map(inputs).collect();
    assert!(inputs.len() > 30, "{} inputs", inputs.len());
    for fuzz_target in FUZZ_TARGETS {
        let made: usize = inputs.iter().map(|input| fuzz_target.answer(input)).sum();
        assert!(made > 0, "{} makes nothing of any input", fuzz_target.name);
    }
}

/// Every kind of tree, small where its size is its width.
fn trees() -> impl Iterator<Item = HostileTree> {
    names().map(|name| tree(name, if name.starts_with("doubled") || name.starts_with("aliases") { (1, 1) } else { (1, 300) }))
}

#[test]
fn small_trees_that_stand_for_much_are_answered_by_every_entry() {
    for tree in trees() {
        let text = join(&[(tree.path, tree.text.as_str())]);
        let pair = join(&[(tree.path, tree.text.as_str()), (&format!("new/{}", tree.path), tree.text.as_str())]);
        for fuzz_target in FUZZ_TARGETS {
            fuzz_target.answer(if fuzz_target.name == "compare" { &pair } else { &text });
        }
    }
}

/// Returns the rule, the place and the message of everything at error level that is wrong with a tree under some limits.
fn errors(limits: &str, path: &str, text: &str) -> Vec<(&'static str, String, String)> {
    let config = format!("schemas = \"events\"\n[limits]\n{limits}\n[rules]\ninvalid-example = \"off\"\n");
    let path = format!("events/{path}");
    let project = Project::from_texts(&[("eventc.toml", &config), (&path, text)]).expect("the configuration is right");
    let findings = project.lint(None);
    findings.errors().map(|found| (found.rule.name, found.place.to_string(), found.message.clone())).collect()
}

#[test]
fn definitions_that_each_apply_the_next_twice_are_told_at_their_place() {
    for tree in trees().filter(|tree| tree.name.starts_with("doubled")) {
        let told = errors("", tree.path, &tree.text);
        let is_told = told.iter().any(|(rule, place, _)| *rule == "too-intricate" && place.contains(".json:1:"));
        let steps_into_the_document = ["doubled-properties", "doubled-inline"].contains(&tree.name);
        assert_eq!(is_told, !steps_into_the_document, "{}: {told:?}", tree.name);
    }
}

#[test]
fn chains_and_wide_enums_are_legal() {
    for name in ["chain-of-references", "chain-of-all-of", "chain-of-properties", "enum-of-strings", "enum-of-objects", "required"] {
        let tree = tree(name, (1, 20));
        let told = errors("", tree.path, &tree.text);
        assert!(told.is_empty(), "{name}: {told:?}");
        assert!(fuzz_target("emit_rust").answer(&join(&[(tree.path, tree.text.as_str())])) > 0, "{name}");
    }
}

/// For each limit a value, a tree that is beyond it, and the finding.
const BEYOND: &[(&str, &str, &str, (&str, &str))] = &[
    ("file_bytes = 20", "a/made.json", r#"{"type": "object", "title": "A"}"#, ("too-large", "a/made.json")),
    ("file_bytes = 200", "a/made.yaml", ALIASED_TEXT, ("too-large", "a/made.yaml:3:6")),
    ("depth = 3", "a/made.json", r#"{"a": {"b": {"c": {}}}}"#, ("too-deep", "a/made.json:1:19")),
    ("depth = 4", "a/made.yaml", "a: &a {x: {y: 1}}\nb: &b {x: *a}\nc: {x: *b}\n", ("too-deep", "a/made.yaml:3:8")),
    ("values = 5", "a/made.json", r#"{"enum": [1, 2, 3, 4, 5]}"#, ("too-large", "a/made.json:1:18")),
    ("values = 12", "a/made.yaml", "a: &a [1, 2]\nb: [*a, *a]\n", ("too-large", "a/made.yaml:2:9")),
    ("schemas = 2", "a/made.json", r#"{"properties": {"a": {}, "b": {}}}"#, ("too-large", "a/made.json:1:31")),
    ("pointer_bytes = 15", "a/made.json", r#"{"properties": {"abc": {}, "abcd": {}}}"#, ("too-large", "a/made.json:1:36")),
    ("visits = 2", "a/made.json", r#"{"allOf": [{}, {}]}"#, ("too-intricate", "a/made.json:1:1")),
    ("steps = 3", "a/made.json", r#"{"properties": {"a": {"not": {}}, "b": {}}}"#, ("too-intricate", "a/made.json:1:30")),
    ("automaton_states = 2", "a/made.json", r#"{"pattern": "^(a+)+$"}"#, ("unbounded-pattern", "a/made.json:1:13")),
    (
        "types = 1",
        "a/made.json",
        r#"{"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {}}}}}"#,
        ("too-large", "a/made.json:1:1"),
    ),
];

const ALIASED_TEXT: &str =
    "type: object\ndescription: &d 'a text of some bytes, with which little is said, and that is repeated here'\nx-b: *d\nx-c: *d\n";

#[test]
fn what_is_beyond_a_limit_is_told_at_its_place() {
    let missed: Vec<String> = BEYOND
        .iter()
        .filter_map(|(limit, path, text, expected)| {
            let told = errors(limit, path, text);
            let told: Vec<(&str, &str)> = told.iter().map(|(rule, place, _)| (*rule, place.as_str())).collect();
            (!told.contains(expected)).then(|| format!("{limit}: {told:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let tree = tree("many-mistakes", (1, 1000));
    let told = errors("findings = 7", tree.path, &tree.text);
    let malformed: Vec<&str> =
        told.iter().filter(|(rule, ..)| *rule == "malformed-keyword").map(|(.., message)| message.as_str()).collect();
    assert_eq!(malformed.len(), 7);
    assert!(malformed.iter().any(|message| message.ends_with("(and 93 more)")), "{malformed:?}");
}

#[test]
fn the_page_of_limits_is_true() {
    let page = fs::read_to_string(workspace().join("docs/limits.md")).expect("the page");
    let rows: Vec<(String, String)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(key, rest)| (key.to_owned(), rest.split(" |").next().unwrap_or_default().to_owned()))
        .collect();
    let Ok(Value::Object(defaults)) = serde_json::to_value(Limits::default()) else { panic!("limits are an object") };
    let stated: Vec<(String, String)> = defaults.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
    assert_eq!(rows, stated);
    // Links are of the disk, and have a test of the model.
    for (key, _) in rows.iter().filter(|(key, _)| key != "links" && key != "findings") {
        assert!(BEYOND.iter().any(|(limit, ..)| limit.starts_with(&format!("{key} ="))), "no case goes beyond `{key}`");
    }
}
