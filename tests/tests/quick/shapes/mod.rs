//! Types say what schemas say, and no more: what is valid decodes and comes back, in every language, whatever conditions, positions and
//! formats a schema states.

use std::process::Command;

use eventc_codegen::{
    instance::{FormatReading, Validators},
    project::Project,
};
use eventc_tests::{
    runners::{Case, Subject, check_program, equal},
    tools::{run, workspace},
};
use serde_json::{Value, json};

use crate::BATCH;

/// A kind of schema, and documents of it.
struct Kind {
    name: &'static str,
    schema: Value,
    /// Texts, and whether each is valid.
    documents: &'static [(&'static str, bool)],
    /// Whether doubles hold its numbers.
    rounds: bool,
}

fn kind(name: &'static str, schema: Value, documents: &'static [(&'static str, bool)]) -> Kind {
    Kind { name, schema, documents, rounds: false }
}

/// Properties that conditions alone declare.
fn conditions() -> Vec<Kind> {
    let card = json!({"properties": {"kind": {"const": "card"}}, "required": ["kind"]});
    let properties = |properties: Value| json!({"properties": properties});
    vec![
        kind(
            "then",
            json!({"type": "object", "properties": {"kind": {"type": "string"}}, "if": card,
                "then": {"properties": {"number": {"type": "string"}, "cvc": {"type": "integer"}}, "required": ["number"]}}),
            &[
                (r#"{"kind": "card", "number": "4", "cvc": 1}"#, true),
                (r#"{"kind": "cash", "number": 4, "cvc": null, "more": 1}"#, true),
                (r#"{"kind": "card", "number": 4}"#, false),
                (r#"{"kind": "card"}"#, false),
                ("{}", true),
            ],
        ),
        kind(
            "both",
            json!({"type": "object", "properties": {"kind": {"type": "string"}}, "if": card,
                "then": properties(json!({"to": {"type": "object", "properties": {"iban": {"type": "string"}}, "required": ["iban"]}, "n": {"type": "integer"}})),
                "else": properties(json!({"to": {"type": "string"}, "n": {"type": ["integer", "null"]}}))}),
            &[
                (r#"{"kind": "card", "to": {"iban": "x", "b": 1}, "n": 4}"#, true),
                (r#"{"kind": "cash", "to": "me", "n": null}"#, true),
                (r#"{"kind": "cash", "to": {"iban": "x"}}"#, false),
                (r#"{"kind": "card", "n": null}"#, false),
            ],
        ),
        kind(
            "dependent",
            json!({"type": "object", "properties": {"card": {"type": "string"}},
                "dependentSchemas": {"card": properties(json!({"billing": {"type": "object", "properties": {"street": {"type": "string"}}}}))}}),
            &[
                (r#"{"card": "x", "billing": {"street": "a", "more": [1]}}"#, true),
                (r#"{"billing": [1, {"street": 2}]}"#, true),
                (r#"{"billing": {"street": 2}}"#, true),
                (r#"{"billing": null}"#, true),
                (r#"{"card": "x", "billing": {"street": 2}}"#, false),
            ],
        ),
        kind(
            "dependencies",
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
                "allOf": [
                    {"if": card, "then": properties(json!({"value": {"type": "integer"}, "never": false}))},
                    {"if": {"properties": {"kind": {"const": "cash"}}}, "then": properties(json!({"value": {"type": "string"}, "any": {}}))}],
                "dependencies": {"a": ["b"], "b": properties(json!({"list": {"type": "array", "items": {"type": "number"}}}))}}),
            &[
                (r#"{"kind": "card", "value": 1, "b": 1, "list": [1.5]}"#, true),
                (r#"{"kind": "cash", "value": "1", "any": null, "never": 2, "list": "x"}"#, true),
                (r#"{"kind": "cheque", "value": [true]}"#, true),
                (r#"{"kind": "card", "never": 1}"#, false),
                (r#"{"a": 1}"#, false),
            ],
        ),
        kind(
            "untyped",
            json!({"if": {"required": ["a"]}, "then": properties(json!({"a": {"type": "integer"}})), "else": properties(json!({"b": {"type": "integer"}}))}),
            &[(r#"{"a": 1}"#, true), (r#"{"a": 1, "b": "x"}"#, true), (r#"{"a": "x"}"#, false), (r#"{"b": "x"}"#, false)],
        ),
        kind(
            "branches",
            json!({"type": "object", "properties": {"kind": {"enum": ["a", "b"]}}, "required": ["kind"], "if": {"required": ["x"]}, "then": properties(json!({"y": {"type": "string"}})),
                "oneOf": [properties(json!({"kind": {"const": "a"}, "p": {"type": "integer"}})), properties(json!({"kind": {"const": "b"}}))]}),
            &[
                (r#"{"kind": "a", "p": 1, "x": 1, "y": "z"}"#, true),
                (r#"{"kind": "b", "y": 3}"#, true),
                (r#"{"kind": "b", "x": 3, "y": 3}"#, false),
            ],
        ),
    ]
}

/// Lists whose items have types by position.
fn lists() -> Vec<Kind> {
    let of = |list: Value| json!({"type": "object", "properties": {"list": list}});
    let (integer, string) = (json!({"type": "integer"}), json!({"type": "string"}));
    vec![
        kind(
            "uniform",
            of(json!({"type": "array", "minItems": 2, "maxItems": 3, "prefixItems": [integer, integer], "items": integer})),
            &[
                (r#"{"list": [1, 2]}"#, true),
                (r#"{"list": [1, 2, 3]}"#, true),
                (r#"{"list": [1]}"#, false),
                (r#"{"list": [1, 2, 3, 4]}"#, false),
                (r#"{"list": [1, "2"]}"#, false),
            ],
        ),
        kind(
            "shorter",
            of(
                json!({"type": "array", "minItems": 1, "prefixItems": [integer, {"type": ["string", "null"]}, {"type": "object", "properties": {"a": integer}}], "items": false}),
            ),
            &[
                (r#"{"list": [1]}"#, true),
                (r#"{"list": [1, null]}"#, true),
                (r#"{"list": [1, "a", {"a": 1, "b": 2}]}"#, true),
                (r#"{"list": []}"#, false),
                (r#"{"list": [1, "a", {}, 1]}"#, false),
            ],
        ),
        kind(
            "longer",
            of(
                json!({"type": "array", "minItems": 2, "prefixItems": [integer, string], "items": {"type": "object", "properties": {"a": integer}, "required": ["a"]}}),
            ),
            &[
                (r#"{"list": [1, "a"]}"#, true),
                (r#"{"list": [1, "a", {"a": 1}, {"a": 2, "b": null}]}"#, true),
                (r#"{"list": [1, "a", {}]}"#, false),
                (r#"{"list": [1]}"#, false),
            ],
        ),
        kind(
            "bare",
            of(json!({"type": "array", "prefixItems": [integer, string]})),
            &[
                (r#"{"list": []}"#, true),
                (r#"{"list": [1]}"#, true),
                (r#"{"list": [1, "a", [null], {"b": 1}]}"#, true),
                (r#"{"list": ["a"]}"#, false),
            ],
        ),
        kind(
            "few",
            of(json!({"type": "array", "minItems": 2, "maxItems": 4, "prefixItems": [integer, string], "items": {"type": "boolean"}})),
            &[
                (r#"{"list": [1, "a"]}"#, true),
                (r#"{"list": [1, "a", true, false]}"#, true),
                (r#"{"list": [1, "a", true, false, true]}"#, false),
            ],
        ),
        kind(
            "own",
            json!({"type": "object", "properties": {"pair": {"$ref": "#/$defs/pair"}},
                "$defs": {"pair": {"type": "array", "minItems": 1, "prefixItems": [string, {"$ref": "#/$defs/pair"}], "items": false}}}),
            &[(r#"{"pair": ["a", ["b", ["c"]]]}"#, true), (r#"{"pair": ["a", []]}"#, false)],
        ),
        kind(
            "draft-07",
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": [string, integer], "additionalItems": string}),
            &[(r#"["a", 1, "b"]"#, true), ("[]", true), (r#"["a", 1, 2]"#, false)],
        ),
    ]
}

/// Integers whose format nobody enforces.
fn integers() -> Vec<Kind> {
    let of = |integer: Value| json!({"type": "object", "properties": {"n": integer}});
    let beyond = |name, schema, documents| Kind { rounds: true, ..kind(name, schema, documents) };
    vec![
        kind("unsigned", of(json!({"type": "integer", "format": "uint64"})), &[(r#"{"n": -1}"#, true), (r#"{"n": 7}"#, true)]),
        beyond("unsigned64", of(json!({"type": "integer", "format": "uint64"})), &[(r#"{"n": 18446744073709551615}"#, true)]),
        beyond(
            "unsigned128",
            of(json!({"type": "integer", "format": "uint128", "minimum": 0, "maximum": "MOST"})),
            &[
                (r#"{"n": 340282366920938463463374607431768211455}"#, true),
                (r#"{"n": 3402823669209384634633746074317682114560}"#, false),
                (r#"{"n": -1}"#, false),
            ],
        ),
        beyond(
            "signed128",
            of(json!({"type": "integer", "format": "int128"})),
            &[(r#"{"n": -170141183460469231731687303715884105728}"#, true), (r#"{"n": 170141183460469231731687303715884105727}"#, true)],
        ),
    ]
}

/// Properties by pattern beside others, and a type that is named after the whole and not after its first branch.
fn others() -> Vec<Kind> {
    vec![
        kind(
            "patterns",
            json!({"type": "object", "properties": {"id": {"type": "string"}}, "patternProperties": {"^x-": {"type": "integer"}, "^[0-9]+$": {"type": "string"}}}),
            &[(r#"{"id": "a", "x-b": 1, "7": "c"}"#, true), (r#"{"id": "a", "x-b": "1"}"#, false)],
        ),
        kind(
            "refused",
            json!({"type": "object", "properties": {"meta": {"allOf": [
                {"properties": {"id": {"type": "string"}, "source": {"type": "string"}}, "required": ["id"], "additionalProperties": false},
                {"properties": {"id": {}, "source": {"minLength": 1}, "destination": {"type": "string"}}, "additionalProperties": false}], "type": "object"}}}),
            &[
                (r#"{"meta": {"id": "a", "source": "b"}, "more": 1}"#, true),
                (r#"{"meta": {"id": "a"}}"#, true),
                (r#"{"meta": {"id": "a", "source": ""}}"#, false),
                (r#"{"meta": {"id": "a", "destination": "c"}}"#, false),
                (r#"{"meta": {"source": "b"}}"#, false),
            ],
        ),
        kind(
            "flags",
            json!({"type": "object", "properties": {"on": {"const": true}, "off": {"enum": [false, null]},
                "list": {"type": "array", "prefixItems": [{"const": false}, {"const": true}], "items": {"type": "object", "properties": {"a": {"const": true}}}}}}),
            &[
                (r#"{"on": true, "off": false, "list": [false, true, {"a": true, "b": 1}]}"#, true),
                (r#"{"off": null, "list": [false]}"#, true),
                (r#"{"on": false}"#, false),
                (r#"{"on": 1}"#, false),
                (r#"{"off": 0}"#, false),
                (r#"{"list": [true]}"#, false),
            ],
        ),
        kind(
            "mapped",
            json!({"discriminator": {"propertyName": "kind", "mapping": {"kitty": "#/$defs/Cat", "tom": "#/$defs/Cat", "hound": "#/$defs/Dog"}},
            "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
            "$defs": {
                "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}, "required": ["kind"]},
                "Dog": {"type": "object", "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}}, "required": ["kind"]}}}),
            &[
                (r#"{"kind": "hound", "barks": true, "lives": "x"}"#, true),
                (r#"{"kind": "kitty", "barks": 1, "lives": 9}"#, true),
                (r#"{"kind": "hound", "barks": null, "lives": 9}"#, true),
                (r#"{"kind": "fish", "barks": true}"#, true),
                (r#"{"kind": null, "barks": true}"#, false),
                (r#"{"barks": true}"#, false),
            ],
        ),
    ]
}

fn kinds() -> Vec<Kind> {
    [conditions(), lists(), integers(), others()].into_iter().flatten().collect()
}

/// Every kind in one tree, with the options of the repository and with the others.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![Subject::new("shapes", project), Subject::new("other-shapes", project).in_other_style()]
}

fn project() -> Project {
    let files: Vec<(String, String)> = kinds()
        .iter()
        .map(|kind| (format!("{}.json", kind.name), kind.schema.to_string().replace("\"MOST\"", "340282366920938463463374607431768211455")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Project::from_texts(&files).expect("a project")
}

#[test]
fn what_is_valid_decodes_and_comes_back() {
    let project = BATCH.project("shapes");
    let validators = Validators::new(&project.catalog);
    for kind in kinds() {
        let contract = project.catalog.contracts.iter().find(|contract| contract.topic == kind.name).expect("a contract");
        let reference = validators.payload(contract, FormatReading::Annotation).expect("a valid schema");
        let cases: Vec<Case> = kind.documents.iter().map(|(doc, _)| Case { topic: kind.name.to_owned(), doc: (*doc).to_owned() }).collect();
        for runner in BATCH.runners("shapes").into_iter().chain(BATCH.runners("other-shapes")) {
            if kind.rounds && runner.language.rounds() {
                continue;
            }
            let runner = runner.exactly();
            for ((text, valid), verdict) in kind.documents.iter().zip(runner.ask(&cases)) {
                let document: Value = serde_json::from_str(text).expect("JSON");
                let about = format!("{}, {}: {text}: {}", kind.name, runner.language.name(), verdict.said);
                assert_eq!((reference.accepts(&document), verdict.valid), (*valid, *valid), "{about}");
                if *valid {
                    let again = verdict.again.as_ref().unwrap_or_else(|| panic!("does not decode: {about}"));
                    assert!(equal(again, &document), "comes back as {again}: {about}");
                }
            }
        }
    }
}

/// What a discriminator means is read as that, though another alternative would keep the document as well.
#[test]
fn a_mapping_chooses_the_alternative() {
    let documents = [
        (r#"{"kind": "hound"}"#, "Dog"),
        (r#"{"kind": "kitty"}"#, "Cat"),
        (r#"{"kind": "tom"}"#, "Cat"),
        (r#"{"kind": "hound", "lives": 9}"#, "Dog"),
        (r#"{"kind": "kitty", "barks": true}"#, "Cat"),
        (r#"{"kind": "hound", "barks": "loudly"}"#, "Cat"),
        (r#"{"kind": "kitty", "lives": null}"#, "Dog"),
    ];
    let cases: Vec<Case> = documents.iter().map(|(doc, _)| Case { topic: "mapped".to_owned(), doc: (*doc).to_owned() }).collect();
    // A value of TypeScript is what was parsed, and is asked for its alternative: `program.mjs` does.
    let runners = BATCH.runners("shapes").into_iter().chain(BATCH.runners("other-shapes"));
    for runner in runners.filter(|runner| runner.language.name() != "TypeScript") {
        for ((doc, expected), verdict) in documents.iter().zip(runner.ask(&cases)) {
            assert!(verdict.said.contains(expected), "{}: {doc}: {}", runner.language.name(), verdict.said);
        }
    }
}

/// What cannot be kept is an error of the package's own, and typed fields are there for type checkers.
#[test]
fn programs_read_typed_fields_and_meet_typed_errors() {
    for subject in ["shapes", "other-shapes"] {
        let [.., index] = &BATCH.command(subject, "typescript")[..] else { panic!("a program and what it asks") };
        run(Command::new("node").arg(workspace().join("tests/tests/quick/shapes/program.mjs")).arg(index));
    }
    check_program(include_str!("program.py"), BATCH.package("shapes", "python"));
}
