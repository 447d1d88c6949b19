//! Two versions of an Avro contract mean one thing: where the gate says that readers of the newer take events of the older, `eventc validate`
//! and the generated readers of every language do, and make of them what apache-avro makes.

use apache_avro::{Schema, reader::datum::GenericDatumReader, types::Value as Datum, writer::datum::GenericDatumWriter};
use eventc_codegen::{
    compat::{self, CompareOptions, StandaloneSchema, Verdict},
    instance::{FormatReading, Validators},
    project::Project,
};
use eventc_model::catalog::Contract;
use eventc_tests::runners::{Case, Subject};
use serde_json::{Value, json};

use crate::BATCH;

/// The names of the batch's subjects: with the options of the repository, and with the others.
const NAMES: [&str; 2] = ["avro", "avro-other"];

/// A step of a contract: both versions of a field, a document of the older, and what a reader of the newer makes of it.
struct Step {
    /// The name of the contract.
    name: &'static str,
    old: Value,
    new: Value,
    sent: Value,
    read: Value,
}

#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn record(namespace: &str, fields: Value) -> Value {
    json!({"type": "record", "name": "Event", "namespace": namespace, "fields": fields})
}

/// A step whose versions differ in the type of the field `f`.
fn field(name: &'static str, [old, new]: [Value; 2], [sent, read]: [Value; 2]) -> Step {
    let with = |ty: Value| record("n", json!([{"name": "f", "type": ty}]));
    Step { name, old: with(old), new: with(new), sent: json!({"f": sent}), read: json!({"f": read}) }
}

/// A step whose newer version has a field beside `f1`.
#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn added(name: &'static str, new: Value, read: Value) -> Step {
    let f1 = json!({"name": "f1", "type": "string"});
    Step {
        name,
        old: record("n", json!([f1.clone()])),
        new: record("n", json!([f1, new])),
        sent: json!({"f1": "a"}),
        read: json!({"f1": "a", "f2": read}),
    }
}

fn steps() -> Vec<Step> {
    let symbols = |symbols: Value, default: Value| json!({"type": "enum", "name": "State", "symbols": symbols, "default": default});
    let state = || symbols(json!(["A", "B", "C"]), json!("A"));
    let fewer = || symbols(json!(["B", "OTHER"]), json!("OTHER"));
    let part = |name: &str, aliases: Value, more: Value| {
        let mut fields = vec![json!({"name": "a", "type": "int"})];
        fields.extend(more.as_array().cloned().unwrap_or_default());
        json!({"type": "record", "name": name, "aliases": aliases, "fields": fields})
    };
    let defaulted = || json!([{"name": "b", "type": "string", "default": "x"}]);
    let optional = |ty: Value| json!(["null", ty]);
    let list = |items: Value| json!({"type": "array", "items": items});
    let map = |values: Value| json!({"type": "map", "values": values});
    let with_part = |namespace: &str| record(namespace, json!([{"name": "u", "type": ["null", part("Part", json!([]), json!([]))]}]));
    let old_field = json!({"name": "old", "type": "int"});
    let in_part = json!({"a": 1});
    let filled = json!({"a": 1, "b": "x"});
    vec![
        added("text", json!({"name": "f2", "type": "string", "default": "x"}), json!("x")),
        added("null", json!({"name": "f2", "type": ["null", "string"], "default": null}), Value::Null),
        added("branch", json!({"name": "f2", "type": ["string", "null"], "default": "y"}), json!("y")),
        added("number", json!({"name": "f2", "type": "double", "default": 1.5}), json!(1.5)),
        added("empty-list", json!({"name": "f2", "type": {"type": "array", "items": "int"}, "default": [1, 2]}), json!([1, 2])),
        added("whole-map", json!({"name": "f2", "type": {"type": "map", "values": "int"}, "default": {"k": 1}}), json!({"k": 1})),
        added("symbol", json!({"name": "f2", "type": state(), "default": "B"}), json!("B")),
        added(
            "whole-record",
            json!({"name": "f2", "type": part("Part", json!([]), defaulted()), "default": {"a": 1, "b": "z"}}),
            json!({"a": 1, "b": "z"}),
        ),
        field("known-symbol", [state(), fewer()], [json!("B"), json!("B")]),
        field("unknown-symbol", [state(), fewer()], [json!("C"), json!("OTHER")]),
        field("symbol-in-union", [optional(state()), optional(fewer())], [json!("C"), json!("OTHER")]),
        field("symbols-in-list", [list(state()), list(fewer())], [json!(["A", "B"]), json!(["OTHER", "B"])]),
        field("symbols-in-map", [map(optional(state())), map(optional(fewer()))], [json!({"k": "C"}), json!({"k": "OTHER"})]),
        field(
            "default-in-union",
            [optional(part("Part", json!([]), json!([]))), optional(part("Part", json!([]), defaulted()))],
            [in_part.clone(), filled.clone()],
        ),
        field(
            "default-in-list",
            [list(part("Part", json!([]), json!([]))), list(part("Part", json!([]), defaulted()))],
            [json!([in_part.clone()]), json!([filled.clone()])],
        ),
        field(
            "default-in-map",
            [map(part("Part", json!([]), json!([]))), map(part("Part", json!([]), defaulted()))],
            [json!({"k": in_part.clone()}), json!({"k": filled.clone()})],
        ),
        field(
            "record-alias",
            [part("Old", json!([]), json!([])), part("New", json!(["Old"]), defaulted())],
            [in_part.clone(), filled.clone()],
        ),
        field(
            "union-alias",
            [optional(part("Old", json!([]), json!([]))), optional(part("New", json!(["Old"]), defaulted()))],
            [in_part.clone(), filled],
        ),
        field("made-optional", [json!("string"), optional(json!("string"))], [json!("a"), json!("a")]),
        field("one-branch", [json!(["int", "long"]), json!("long")], [json!(5), json!(5)]),
        field("wider-branch", [json!(["null", "int"]), json!(["null", "long"])], [json!(5), json!(5)]),
        field("promoted", [json!("int"), json!("double")], [json!(5), json!(5.0)]),
        Step {
            name: "namespace",
            old: with_part("a"),
            new: with_part("b"),
            sent: json!({"u": in_part.clone()}),
            read: json!({"u": in_part}),
        },
        Step {
            name: "field-alias",
            old: record("n", json!([old_field.clone()])),
            new: record("n", json!([{"name": "new", "type": "long", "aliases": ["older", "old"]}])),
            sent: json!({"old": 7}),
            read: json!({"new": 7}),
        },
        Step {
            name: "alias-and-default",
            old: record("n", json!([old_field])),
            new: record("n", json!([{"name": "new", "type": "long", "default": 1, "aliases": ["old"]}])),
            sent: json!({"old": 7}),
            read: json!({"new": 7}),
        },
        Step {
            name: "recursive",
            old: record("n", json!([{"name": "next", "type": ["null", "Event"]}])),
            new: record("n", json!([{"name": "next", "type": ["null", "Event"]}, {"name": "v", "type": "int", "default": 1}])),
            sent: json!({"next": {"next": null}}),
            read: json!({"next": {"next": null, "v": 1}, "v": 1}),
        },
    ]
}

/// The newer version of each step.
pub(crate) fn subjects() -> Vec<Subject> {
    let [own, other] = NAMES.map(|name| Subject::new(name, project));
    vec![own, other.in_other_style()]
}

fn project() -> Project {
    let mut files = vec![("eventc.toml".to_owned(), "schemas = \"events\"\n[[namespace]]\nname = \"shop\"\nroot = \".\"\n".to_owned())];
    files.extend(steps().iter().map(|step| (format!("events/{}.avsc", step.name), step.new.to_string())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Project::from_texts(&files).expect("a configuration")
}

fn contract<'p>(project: &'p Project, name: &str) -> &'p Contract {
    let file = format!("{name}.avsc");
    let mut contracts = project.catalog.contracts.iter();
    contracts.find(|contract| *project.catalog.schemas.file(contract.file).path == file).expect("a contract")
}

fn standalone(schema: &Value) -> StandaloneSchema {
    StandaloneSchema::parse_avro(&schema.to_string()).expect("an Avro schema")
}

#[test]
fn the_gate_calls_each_step_compatible() {
    for Step { name, old, new, .. } in steps() {
        let found = compat::compare(standalone(&old).side(), standalone(&new).side(), &CompareOptions::default());
        assert_eq!(found.verdict, Verdict::Compatible, "{name}: {found:?}");
    }
}

#[test]
fn documents_of_the_older_version_are_valid() {
    let project = project();
    let validators = Validators::new(&project.catalog);
    for Step { name, sent, read, .. } in steps() {
        let contract = contract(&project, name);
        let validator = validators.payload(contract, FormatReading::Annotation).expect("a usable schema");
        for document in [&sent, &read] {
            assert!(validator.accepts(document), "{name}: {document}");
        }
    }
}

#[test]
fn every_language_reads_what_apache_avro_reads() {
    let project = BATCH.project(NAMES[0]);
    let steps = steps();
    let cases: Vec<Case> =
        steps.iter().map(|step| Case { topic: contract(project, step.name).topic.clone(), doc: step.sent.to_string() }).collect();
    // apache-avro compares schemas by the aliases of fields, and does not read by them.
    for step in steps.iter().filter(|step| !["field-alias", "alias-and-default"].contains(&step.name)) {
        assert_eq!(by_apache_avro(step), step.read, "{}", step.name);
    }
    for runner in NAMES.into_iter().flat_map(|name| BATCH.runners(name)) {
        for (step, verdict) in steps.iter().zip(runner.ask(&cases)) {
            let about = format!("{}, {}: {}", runner.language.name(), step.name, verdict.said);
            assert!(verdict.valid, "{about}");
            assert_eq!(verdict.again.as_ref().map(plain), Some(plain(&step.read)), "{about}");
        }
    }
}

#[test]
fn what_a_default_stands_for_is_not_told_as_missing() {
    let topic = contract(BATCH.project(NAMES[0]), "text").topic.clone();
    for runner in NAMES.into_iter().flat_map(|name| BATCH.runners(name)) {
        let [verdict] = &runner.ask(&[Case { topic: topic.clone(), doc: "{}".to_owned() }])[..] else { panic!("one verdict") };
        let about = format!("{}: {}", runner.language.name(), verdict.said);
        assert!(!verdict.valid && verdict.said.contains("f1") && !verdict.said.contains("f2"), "{about}");
    }
}

/// Returns a document with numbers that compare by their values.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

/// Returns what apache-avro makes of a step's document, written by the older schema and read by the newer.
fn by_apache_avro(Step { old, new, sent, .. }: &Step) -> Value {
    let [writer, reader] = [old, new].map(|schema| Schema::parse(schema).expect("an Avro schema"));
    let datum = datum_of(sent).resolve(&writer).expect("a datum of the writer");
    let bytes = GenericDatumWriter::builder(&writer).build().and_then(|to| to.write_value_to_vec(datum)).expect("bytes");
    let read = GenericDatumReader::builder(&writer).reader_schema(&reader).build().and_then(|from| from.read_value(&mut &bytes[..]));
    read.expect("a datum of the reader").try_into().expect("JSON")
}

/// Returns a document as apache-avro takes it, for a schema to say what each part is.
fn datum_of(document: &Value) -> Datum {
    match document {
        Value::Null => Datum::Null,
        Value::Bool(value) => Datum::Boolean(*value),
        Value::Number(number) => number.as_i64().map_or_else(|| Datum::Double(number.as_f64().unwrap_or_default()), Datum::Long),
        Value::String(text) => Datum::String(text.clone()),
        Value::Array(items) => Datum::Array(items.iter().map(datum_of).collect()),
        Value::Object(members) => Datum::Map(members.iter().map(|(key, value)| (key.clone(), datum_of(value))).collect()),
    }
}
