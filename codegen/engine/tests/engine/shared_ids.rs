//! Trees in which several schemas declare one `$id`: each keeps its own meaning, in every judgement and every output.

use eventc_codegen::{
    compat::{self, CompareOptions},
    gate::ComparedSchema,
    instance::{FormatReading, Validators},
    project::{Project, Selection},
};
use eventc_model::{
    diagnostic::Verdict,
    source::{Limits, Tree},
};
use serde_json::{Value, json};

/// A schema and a stricter twin, as CycloneDX has them.
fn twin(strict: bool) -> Value {
    let part = json!({ "type": "object", "properties": { "name": { "$ref": "http://example.com/bom#/definitions/name" } },
        "additionalProperties": !strict });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#", "$id": "http://example.com/bom", "title": "Bill", "type": "object",
        "properties": { "parts": { "type": "array", "items": { "$ref": "#/definitions/part" } }, "inner": { "$ref": "#/definitions/inner" } },
        "definitions": {
            "part": part,
            "name": { "type": "string", "minLength": if strict { 2 } else { 1 } },
            "inner": { "$id": "inner", "type": "object", "properties": { "name": { "$ref": "bom#/definitions/name" } } },
        },
    })
}

fn project(files: &[(&str, Value)]) -> Project {
    let texts: Vec<(&str, String)> = files.iter().map(|(path, value)| (*path, value.to_string())).collect();
    Project::from_tree(Tree::from_texts(texts.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default()))
}

#[test]
fn twins_judge_and_generate_side_by_side() {
    // The third needs both at once.
    let both = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "examples": [{ "lax": { "parts": [{ "name": "x" }] } }],
        "properties": { "lax": { "$ref": "bom.json" }, "strict": { "$ref": "bom-strict.json" }, "inner": { "$ref": "bom-strict.json#/definitions/inner" } } });
    let project = project(&[("bom.json", twin(false)), ("bom-strict.json", twin(true)), ("both.json", both)]);
    let findings = project.lint(None);
    assert!(!findings.has_errors(), "{findings:#?}");
    let validators = Validators::new(&project.catalog);
    let accepts = |path: &str, document: &Value| {
        let contract = project.catalog.find(path).expect(path);
        let validator = validators.payload(contract, FormatReading::Annotation).expect("a validator");
        let problems = validator.problems(document);
        assert_eq!(problems.is_empty(), validator.accepts(document), "{document}");
        problems.first().map(|problem| problem.schema.clone())
    };
    let (short, open) = (json!({ "parts": [{ "name": "x" }] }), json!({ "parts": [{ "size": 1 }] }));
    let inner = json!({ "inner": { "name": "x" } });
    let refused = |place: &str| Some(place.to_owned());
    assert_eq!([&short, &open, &inner].map(|document| accepts("bom.json", document)), [None, None, None]);
    let name = "bom-strict.json#/definitions/name/minLength";
    let closed = "bom-strict.json#/definitions/part/additionalProperties";
    assert_eq!(
        [&short, &open, &inner].map(|document| accepts("bom-strict.json", document)),
        [refused(name), refused(closed), refused(name)]
    );
    for (document, expected) in [
        (json!({ "lax": short, "strict": {} }), None),
        (json!({ "lax": open }), None),
        (json!({ "strict": short }), refused(name)),
        (json!({ "strict": open }), refused(closed)),
        (json!({ "strict": inner }), refused(name)),
        (inner, refused(name)),
        (json!({ "lax": { "inner": { "name": 1 } } }), refused("bom.json#/definitions/name/type")),
        (json!({ "inner": [] }), refused("bom-strict.json#/definitions/inner/type")),
    ] {
        assert_eq!(accepts("both.json", &document), expected, "{document}");
    }
    let generated = project.generate(&Selection::default(), &findings).expect("files");
    assert!(generated.targets.iter().all(|target| !target.files.is_empty()));
}

#[test]
fn the_gate_compares_a_schema_with_its_twin() {
    let contract = |path: &str| {
        ComparedSchema::of_contract(project(&[("bom.json", twin(false)), ("bom-strict.json", twin(true))]), path).expect("a contract")
    };
    let compare = |old, new| compat::compare(contract(old).side(), contract(new).side(), &CompareOptions::default()).verdict;
    assert_eq!(compare("bom.json", "bom-strict.json"), Verdict::Incompatible);
    assert_eq!(compare("bom-strict.json", "bom.json"), Verdict::Compatible);
    assert_eq!(compare("bom-strict.json", "bom-strict.json"), Verdict::Compatible);
}
