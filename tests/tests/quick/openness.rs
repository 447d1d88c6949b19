//! Constants, tags and enums let the same unknown values through in every language, whatever their namespace tolerates; and the gate
//! judges as readers do.

use eventc_codegen::{
    compat::{self, StandaloneSchema, Verdict},
    project::Project,
};
use eventc_tests::runners::{Case, Subject};
use serde_json::{Value, json};

use crate::BATCH;

/// What namespaces tolerate, closed enums first.
const TOLERANCES: [&str; 2] = ["none", "open-enums"];

/// The event under each tolerance, with the options of the repository and with the others.
pub(crate) fn subjects() -> Vec<Subject> {
    let of = |tolerance: &'static str| {
        let subject = |name: String| Subject::new(name, move || project(tolerance)).unchecked();
        [subject(tolerance.to_owned()), subject(format!("other-{tolerance}")).in_other_style()]
    };
    TOLERANCES.into_iter().flat_map(of).collect()
}

/// An event with a constant, an enum of one, an enum of several, an integer enum, and unions with tags of each kind.
fn schema() -> Value {
    let alternative = |kind: Value, required: &str| json!({"type": "object", "properties": {"kind": kind, required: {"type": "integer"}}, "required": ["kind", required]});
    json!({
        "type": "object",
        "properties": {
            "constant": {"const": "1.0"},
            "sole": {"enum": ["only"]},
            "several": {"type": "string", "enum": ["one", "other"]},
            "shared": {"$ref": "#/$defs/size"},
            "nullable": {"enum": ["one", "other", null]},
            "number": {"enum": [1, 2]},
            "revision": {"const": 3},
            "flag": {"const": true},
            "share": {"enum": [0.5, 1.5]},
            "levels": {"type": "array", "items": {"enum": [1, 2]}},
            "by_name": {"type": "object", "additionalProperties": {"enum": [1, 2]}},
            "rank": {"$ref": "#/$defs/rank"},
            "code": {"anyOf": [{"enum": [7, 8]}, {"type": "string"}]},
            "missing": {"enum": [1, 2, null]},
            "listed": {"oneOf": [alternative(json!({"enum": ["box", "crate"]}), "width"), alternative(json!({"enum": ["bag", "sack"]}), "weight")]},
            "single": {"oneOf": [alternative(json!({"enum": ["box"]}), "width"), alternative(json!({"enum": ["bag"]}), "weight")]},
            "stated": {"oneOf": [alternative(json!({"const": "box"}), "width"), alternative(json!({"const": "bag"}), "weight")]}
        },
        "$defs": {"size": {"enum": ["small", "large"]}, "rank": {"enum": [10, 20]}}
    })
}

/// Documents, and whether they decode where enums are closed and where they are open.
fn documents() -> Vec<(Value, [bool; 2])> {
    vec![
        (json!({"constant": "1.0", "sole": "only", "several": "one", "number": 1}), [true, true]),
        (json!({"listed": {"kind": "crate", "width": 1}, "single": {"kind": "bag", "weight": 1}}), [true, true]),
        (json!({"stated": {"kind": "bag", "weight": 1}, "shared": "large", "nullable": null}), [true, true]),
        (json!({"number": 2, "revision": 3, "flag": true, "share": 1.5, "levels": [1, 2], "by_name": {"a": 1}}), [true, true]),
        (json!({"rank": 20, "code": 8, "missing": null}), [true, true]),
        (json!({"code": "x", "missing": 2, "revision": 3.0}), [true, true]),
        (json!({"constant": "2.0"}), [false, false]),
        (json!({"number": 3}), [false, false]),
        (json!({"revision": 4}), [false, false]),
        (json!({"flag": false}), [false, false]),
        (json!({"share": 0.25}), [false, false]),
        (json!({"levels": [1, 3]}), [false, false]),
        (json!({"by_name": {"a": 3}}), [false, false]),
        (json!({"rank": 30}), [false, false]),
        (json!({"code": 9}), [false, false]),
        (json!({"missing": 3}), [false, false]),
        (json!({"sole": "lonely"}), [false, true]),
        (json!({"several": "neither"}), [false, true]),
        (json!({"shared": "huge"}), [false, true]),
        (json!({"nullable": "neither"}), [false, true]),
        (json!({"listed": {"kind": "barrel", "width": 1}}), [false, false]),
        (json!({"single": {"kind": "barrel", "width": 1}}), [false, false]),
        (json!({"stated": {"kind": "barrel", "width": 1}}), [false, false]),
    ]
}

fn project(tolerance: &str) -> Project {
    let config = format!("schemas = \"events\"\n[[namespace]]\nname = \"shop\"\nroot = \".\"\ntolerance = \"{tolerance}\"\n");
    let files = [("eventc.toml", config), ("events/order/sent.json", schema().to_string())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Project::from_texts(&files).expect("a configuration")
}

#[test]
fn unknown_values_decode_alike_in_every_language() {
    let mut wrong = Vec::new();
    for (index, tolerance) in TOLERANCES.into_iter().enumerate() {
        let topic = BATCH.project(tolerance).catalog.contracts[0].topic.clone();
        let documents = documents();
        let cases: Vec<Case> = documents.iter().map(|(doc, _)| Case { topic: topic.clone(), doc: doc.to_string() }).collect();
        let usual = BATCH.runners(tolerance).into_iter().map(|runner| (runner, false));
        let other = BATCH.runners(&format!("other-{tolerance}")).into_iter().map(|runner| (runner, true));
        for (runner, is_other) in usual.chain(other) {
            // msgspec's `Literal` takes no number with a fraction, and so the other Python reads more, as a note of `generate` says.
            let reads_more = |doc: &Value| is_other && runner.language.name() == "Python" && doc.get("share").is_some();
            for ((doc, expected), verdict) in documents.iter().zip(runner.ask(&cases)) {
                let expected = (expected[index] || reads_more(doc), expected[0]);
                if (verdict.again.is_some(), verdict.valid) != expected {
                    wrong.push(format!("{}, {tolerance}: {doc}: {expected:?} expected: {}", runner.language.name(), verdict.said));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A value that an old reader meets for the first time.
#[test]
fn the_gate_judges_as_readers_do() {
    let old = schema();
    let added = |pointer: &str, value: Value| {
        let mut new = old.clone();
        new.pointer_mut(pointer).and_then(Value::as_array_mut).expect("a list").push(value);
        new
    };
    let stated = |pointer: &str, value: &str| {
        let mut new = old.clone();
        *new.pointer_mut(pointer).expect("a constant") = json!(value);
        new
    };
    let changes = [
        (stated("/properties/constant/const", "2.0"), [false, false]),
        (added("/properties/sole/enum", json!("lonely")), [false, true]),
        (added("/properties/several/enum", json!("neither")), [false, true]),
        (added("/properties/number/enum", json!(3)), [false, false]),
        (added("/properties/levels/items/enum", json!(3)), [false, false]),
        (added("/properties/missing/enum", json!(3)), [false, false]),
        (added("/$defs/size/enum", json!("huge")), [false, true]),
        (added("/properties/listed/oneOf/0/properties/kind/enum", json!("barrel")), [false, false]),
        (added("/properties/single/oneOf/0/properties/kind/enum", json!("barrel")), [false, false]),
        (stated("/properties/stated/oneOf/0/properties/kind/const", "barrel"), [false, false]),
    ];
    let parse = |schema: &Value| StandaloneSchema::parse(&schema.to_string()).expect("a schema");
    for (index, open_enums) in [false, true].into_iter().enumerate() {
        let options = compat::CompareOptions { mode: compat::CompareMode::Forward, open_enums, ..compat::CompareOptions::default() };
        for (new, expected) in &changes {
            let verdict = compat::compare(parse(&old).side(), parse(new).side(), &options).verdict;
            assert_eq!(verdict == Verdict::Compatible, expected[index], "open: {open_enums}, {new}: {verdict:?}");
        }
    }
}
