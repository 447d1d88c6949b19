//! `eventc compat`: two files, and pairs a line each.

use crate::common::{Folder, Run};
use serde_json::{Value, json};

fn lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))).collect()
}

const OLD: &str = "{\n  \"type\": \"object\",\n  \"properties\": {\"id\": {\"type\": \"string\"}, \"total\": {\"type\": \"integer\", \"maximum\": 9}},\n  \"required\": [\"id\"]\n}\n";

#[test]
fn lines_that_cannot_be_read_do_not_stop_the_run() {
    let folder = Folder::new(&[]);
    let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
    let input = [
        "{oops",
        "[1]",
        r#"{"id": "half", "old": {}}"#,
        r#"{"id": 7, "old": 1, "new": "x"}"#,
        r#"{"id": "twice", "old": {"type": "string", "type": "null"}, "new": {}}"#,
        r#"{"id": "malformed", "old": {"type": 7}, "new": {"required": [1]}}"#,
        r#"{"id": "dialect", "dialect": 4, "old": {}, "new": {}}"#,
        &format!(r#"{{"id": "deep", "old": {deep}, "new": {{}}}}"#),
        "",
    ];
    let run = folder.run_with(&["compat", "--pairs", "-"], &input.join("\n"));
    run.ends(2).says("8 pairs could not be read");
    let found: Vec<_> = lines(&run).into_iter().map(|line| (line["id"].clone(), line["error"].as_str().unwrap().to_owned())).collect();
    let expected = [
        (Value::Null, "line 1:1:2: error[EV006]"),
        (Value::Null, "line 2: a pair is an object"),
        (json!("half"), "`new` is missing"),
        (json!(7), "old is a number, and a schema is an object or a boolean; new is a string"),
        (Value::Null, "line 5:1:43: error[EV007]"),
        (json!("malformed"), "error[EV012]"),
        (json!("dialect"), "`dialect` is no string"),
        (Value::Null, "error[EV004]"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((id, error), (expected_id, part)) in found.iter().zip(&expected) {
        assert!(id == expected_id && error.contains(part), "{id}: {error:?} where {expected_id}: {part:?} was expected");
    }
}

#[test]
fn bytes_that_are_no_text_are_an_answer_too() {
    let folder = Folder::new(&[]);
    folder.write("pairs.jsonl", b"{\"id\": \"\xff\"}\n".as_slice());
    let run = folder.run(&["compat", "--pairs", "pairs.jsonl"]);
    run.ends(2);
    assert!(lines(&run)[0]["error"].as_str().unwrap().contains("not UTF-8"));
}

#[test]
fn usage_is_checked() {
    let folder = Folder::new(&[("a.json", "{}")]);
    folder.run(&["compat"]).ends(2);
    folder.run(&["compat", "a.json"]).ends(2);
    folder.run(&["compat", "a.json", "a.json", "--pairs", "-"]).ends(2);
    folder.run(&["compat", "a.json", "a.json", "--mode", "sideways"]).ends(2).says("backward");
    folder.run(&["compat", "a.json", "a.json", "--ignore", "version"]).ends(2).says("JSON Pointer");
    folder.run(&["compat", "a.json", "gone.json"]).ends(2).says("cannot read gone.json");
    folder.run(&["compat", "--pairs", "gone.jsonl"]).ends(2).says("cannot read gone.jsonl");
    folder.write("number.json", "7");
    folder.run(&["compat", "number.json", "a.json"]).ends(2).says("number.json is no JSON Schema");
    folder.run_with(&["compat", "--pairs", "-"], "").ends(0);
}

#[test]
fn pairs_are_answered_in_their_order() {
    let folder = Folder::new(&[]);
    let line = |number: usize| {
        let new = if number.is_multiple_of(3) { json!({"type": "string", "maxLength": 5}) } else { json!({"type": "string"}) };
        json!({"id": number, "old": {"type": "string"}, "new": new}).to_string()
    };
    let input: Vec<_> = (0..700).map(line).collect();
    let run = folder.run_with(&["compat", "--pairs", "-"], &input.join("\n"));
    run.ends(1);
    let answers = lines(&run);
    assert_eq!(answers.len(), 700);
    for (number, answer) in answers.iter().enumerate() {
        let verdict = if number.is_multiple_of(3) { "incompatible" } else { "compatible" };
        assert_eq!((&answer["id"], answer["verdict"].as_str()), (&json!(number), Some(verdict)));
    }
}

#[test]
fn an_answer_has_the_shape_that_scripts_rely_on() {
    let folder = Folder::new(&[]);
    let pair = json!({"id": "a", "old": {"type": "integer"}, "new": {"type": "integer", "maximum": 5}, "dialect": "http://json-schema.org/draft-07/schema#"});
    let run = folder.run_with(&["compat", "--pairs", "-", "--content-model", "strict"], &pair.to_string());
    run.ends(1);
    let answer = &lines(&run)[0];
    let keys: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "mode", "content_model", "formats", "verdict", "required_bump", "findings", "undecided"]);
    assert_eq!(
        (&answer["mode"], &answer["content_model"], &answer["required_bump"]),
        (&json!("backward"), &json!("strict"), &json!("major"))
    );
    let finding = answer["findings"][0].as_object().unwrap();
    let keys: Vec<_> = finding.keys().cloned().collect();
    assert_eq!(keys, ["rule", "direction", "old_pointer", "new_pointer", "message", "witness", "instance_pointer", "fingerprint"]);
    assert!(finding["witness"].as_f64().unwrap() > 5.0);
    assert_eq!((&finding["direction"], &finding["instance_pointer"]), (&json!("backward"), &json!("")));
    let human = folder.run_with(&["compat", "--pairs", "-", "--format", "human"], &pair.to_string());
    human.ends(1).says("a: incompatible, 1 break (backward, declared)").says("1 pair: 0 compatible, 1 incompatible, 0 undecided, 0 unread");
}

/// One setting for all who judge: verdicts, documents, examples, and a namespace that says it itself.
#[test]
fn the_reading_of_formats_is_stated() {
    let dated = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"at": {"type": "string", "format": "date"}}, "examples": [{"at": "soon"}]}"#;
    let folder = Folder::new(&[("old.json", r#"{"type": "object", "properties": {"at": {"type": "string"}}}"#), ("new.json", dated)]);
    folder.write("tree/a.json", dated);
    folder.write("doc.json", r#"{"at": "soon"}"#);
    for (reading, compatible, valid, example) in [(None, 1, 0, 1), (Some("annotation"), 0, 0, 0), (Some("assertion"), 1, 1, 1)] {
        let run = |args: &[&str]| {
            let stated = reading.map(|reading| ["--formats", reading]);
            folder.run(&args.iter().copied().chain(stated.into_iter().flatten()).collect::<Vec<_>>())
        };
        run(&["compat", "old.json", "new.json"]).ends(compatible).says(if compatible == 0 {
            "compatible (backward, declared, formats as annotations)"
        } else {
            "since formats are read as assertions"
        });
        run(&["validate", "--schema", "new.json", "doc.json"]).ends(valid).says(if valid == 0 {
            "0 invalid"
        } else {
            "since formats are read as assertions"
        });
        run(&["validate", "--schemas", "tree", "--topic", "a", "doc.json"]).ends(valid);
        let lint = run(&["lint", "--schemas", "tree", "--format", "json"]);
        let found = lint.json()["diagnostics"].as_array().unwrap().iter().filter(|found| found["rule"] == "invalid-example").count();
        assert_eq!(found, example, "{reading:?}");
    }
    folder.write("eventc.toml", "schemas = \"tree\"\n[[namespace]]\nname = \"\"\nformats = \"assertion\"\n");
    folder.run(&["validate", "--topic", "a", "doc.json"]).ends(1);
    folder.run(&["validate", "--topic", "a", "doc.json", "--formats", "annotation"]).ends(0);
    folder.run(&["compat", "old.json", "new.json", "--formats", "sometimes"]).ends(2).says("one of annotation, assertion");
}

#[test]
fn files_bring_what_they_refer_to() {
    let folder = Folder::new(&[("old.json", OLD)]);
    folder.write(
        "new/order.json",
        OLD.replace("{\"type\": \"integer\", \"maximum\": 9}", "{\"$ref\": \"../shared/types.yaml#/$defs/total\"}"),
    );
    folder.write("shared/types.yaml", "$defs:\n  total:\n    type: integer\n    maximum: 5\n");
    let run = folder.run(&["compat", "old.json", "new/order.json"]);
    run.ends(1)
        .says("shared/types.yaml:4:5")
        .says("old.json:3:")
        .says("shown by")
        .says("incompatible, 1 break (backward, declared); the change needs a new major version");
    folder.write("shared/types.yaml", "$defs:\n  total:\n    type: integer\n    maximum: 9\n");
    folder.run(&["compat", "old.json", "new/order.json"]).ends(0).says("compatible (backward, declared)");
    let json = folder.run(&["compat", "old.json", "new/order.json", "--mode", "full", "--format", "json"]).ends(0).json();
    assert_eq!((&json["id"], &json["mode"], &json["verdict"]), (&json!("new/order.json"), &json!("full"), &json!("compatible")));
}

#[test]
fn options_reach_the_comparison() {
    let folder = Folder::new(&[
        ("v1.json", r#"{"properties": {"v": {"const": "1"}, "level": {"enum": ["a", "b"]}}}"#),
        ("v2.json", r#"{"properties": {"v": {"const": "2"}, "level": {"enum": ["a"]}}}"#),
    ]);
    folder.run(&["compat", "v1.json", "v2.json"]).ends(1).says("2 breaks");
    folder.run(&["compat", "v1.json", "v2.json", "--ignore", "/v"]).ends(1).says("1 break ");
    folder.run(&["compat", "v1.json", "v2.json", "--ignore", "/v", "--open-enums"]).ends(0);
    // An optional property that is added to an open object breaks only those who promise all that the old schema lets through.
    folder.write("open.json", r#"{"type": "object", "properties": {"a": {}}}"#);
    folder.write("more.json", r#"{"type": "object", "properties": {"a": {}, "b": {"type": "string"}}}"#);
    folder.run(&["compat", "open.json", "more.json"]).ends(0).says("needs a new minor version");
    folder.run(&["compat", "open.json", "more.json", "--content-model", "strict"]).ends(1);
}

#[test]
fn a_stamp_of_the_version_is_called_one() {
    let folder = Folder::new(&[
        ("v1.json", r#"{"properties": {"context": {"properties": {"version": {"enum": ["0.1.0"]}}}}}"#),
        ("v2.json", r#"{"properties": {"context": {"properties": {"version": {"enum": ["0.1.1"]}}}}}"#),
    ]);
    folder.run(&["compat", "v1.json", "v2.json"]).ends(1).says("--ignore /context/version").says("ignore_stamps = [\"/context/version\"]");
    folder.run(&["compat", "v1.json", "v2.json", "--ignore", "/context/version"]).ends(0).says("compatible");
}

#[test]
fn avro_schemas_follow_avros_rules() {
    let record = |field: &str| format!(r#"{{"type": "record", "name": "Order", "fields": [{{"name": "id", "type": "string"}}{field}]}}"#);
    let folder = Folder::new(&[
        ("old.avsc", &record("")),
        ("more.avsc", &record(r#", {"name": "note", "type": "string"}"#)),
        ("default.avsc", &record(r#", {"name": "note", "type": "string", "default": ""}"#)),
        ("micros.avsc", &record(r#", {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}"#)),
        ("millis.avsc", &record(r#", {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}"#)),
    ]);
    folder.run(&["compat", "old.avsc", "more.avsc"]).ends(1).says("more.avsc:1:").says("shown by");
    folder.run(&["compat", "old.avsc", "default.avsc"]).ends(0).says("needs a new minor version");
    let run = folder.run(&["compat", "millis.avsc", "micros.avsc"]);
    run.ends(1).says("EV323").says("incompatible, 1 change of meaning (backward, declared); the change needs a new major version");
}
