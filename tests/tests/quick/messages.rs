//! The same violation has the same sentence in three languages and in `eventc validate`.

use std::collections::BTreeSet;

use eventc_codegen::{
    instance::{FormatReading, Validators},
    project::Project,
};
use eventc_tests::runners::{Case, Subject};
use serde_json::{Map, Value, json};

use crate::BATCH;

/// The name of the batch's subject.
const NAME: &str = "messages";

/// An event with a property for each keyword.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![Subject::new(NAME, project).unchecked()]
}

fn project() -> Project {
    let properties: Map<String, Value> = cases().into_iter().map(|(name, schema, _)| (name.to_owned(), schema)).collect();
    let schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties});
    Project::from_texts(&[("thing/happened.json", &schema.to_string())]).expect("a configuration")
}

/// A schema for each keyword, and a value that it refuses.
fn cases() -> Vec<(&'static str, Value, Value)> {
    let many: Vec<u32> = (0..20).collect();
    let tagged = |kind: &str| json!({"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]});
    vec![
        ("type", json!({"type": "string"}), json!(1)),
        ("types", json!({"type": ["null", "integer", "number", "array"]}), json!("x")),
        ("const", json!({"const": "a \"quoted\" text"}), json!(null)),
        ("constObject", json!({"const": {"a": [1, true, null]}}), json!([])),
        ("enum", json!({"enum": ["a", "b", 1, null]}), json!(2)),
        ("enumOfOne", json!({"enum": ["a"]}), json!("b")),
        ("enumOfMany", json!({"enum": many}), json!(false)),
        ("minimum", json!({"minimum": 1.5}), json!(1)),
        ("exclusiveMinimum", json!({"exclusiveMinimum": 1}), json!(1)),
        ("maximum", json!({"maximum": -1}), json!(0)),
        ("exclusiveMaximum", json!({"exclusiveMaximum": 1}), json!(1)),
        ("multipleOf", json!({"multipleOf": 3}), json!(4)),
        ("minLength", json!({"minLength": 1}), json!("")),
        ("maxLength", json!({"maxLength": 2}), json!("äöü")),
        ("longText", json!({"maxLength": 2}), json!("ü".repeat(100))),
        ("pattern", json!({"pattern": "^a/b\\/[a-z]+$"}), json!("c")),
        ("loosePattern", json!({"pattern": "^[\\w-.]+\\@$", "maxLength": 9}), json!("a b")),
        ("foreignPattern", json!({"pattern": "\\A(?i)[[:alpha:]]++\\Z"}), json!("1")),
        ("slowPattern", json!({"pattern": "(?i)^(a+)+$"}), json!("b")),
        ("minItems", json!({"minItems": 2}), json!([1])),
        ("maxItems", json!({"maxItems": 1}), json!([1, 2])),
        ("uniqueItems", json!({"uniqueItems": true}), json!([1, {"a": 2}, {"a": 2.0}, 1])),
        ("contains", json!({"contains": {"const": 1}}), json!([2])),
        ("minContains", json!({"contains": {"const": 1}, "minContains": 2}), json!([1])),
        ("maxContains", json!({"contains": {"const": 1}, "maxContains": 1}), json!([1, 1])),
        ("items", json!({"items": {"type": "null"}}), json!([null, 1])),
        ("prefixItems", json!({"prefixItems": [{"type": "null"}], "items": false}), json!([1, 2])),
        ("unevaluatedItems", json!({"prefixItems": [true], "unevaluatedItems": false}), json!([1, 1])),
        ("required", json!({"required": ["a", "b\"c"]}), json!({})),
        ("properties", json!({"properties": {"a": {"type": "null"}}}), json!({"a": true})),
        ("forbidden", json!({"properties": {"a": false}}), json!({"a": true})),
        ("patternProperties", json!({"patternProperties": {"^x": {"type": "null"}}}), json!({"x/y": 1})),
        ("additionalProperties", json!({"properties": {"a": true}, "additionalProperties": false}), json!({"b": 1, "c": [2]})),
        ("unevaluatedProperties", json!({"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}), json!({"a": 1, "b": 2})),
        ("propertyNames", json!({"propertyNames": {"maxLength": 1}}), json!({"ab": 1})),
        ("minProperties", json!({"minProperties": 1}), json!({})),
        ("maxProperties", json!({"maxProperties": 1}), json!({"a": 1, "b": 2})),
        ("dependentRequired", json!({"dependentRequired": {"a": ["b", "c"]}}), json!({"a": 1, "b": 1})),
        ("dependentSchemas", json!({"dependentSchemas": {"a": {"required": ["b"]}}}), json!({"a": 1})),
        ("allOf", json!({"allOf": [{"type": "string"}, {"minimum": 2}]}), json!(1)),
        ("anyOf", json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), json!(1)),
        ("oneOf", json!({"oneOf": [tagged("a"), tagged("b")]}), json!({"kind": "c"})),
        ("oneOfSeveral", json!({"oneOf": [{"minimum": 1}, {"minimum": 2}, {"type": "null"}]}), json!(3)),
        ("not", json!({"not": {"type": "string"}}), json!("x")),
        ("then", json!({"if": {"minimum": 1}, "then": {"maximum": 2}}), json!(3)),
        ("else", json!({"if": {"minimum": 1}, "else": {"multipleOf": 5}}), json!(-3)),
    ]
}

/// A place and the sentence there, with what was found.
type Said = BTreeSet<(String, String)>;

#[test]
fn every_language_and_the_command_line_say_the_same() {
    let cases = cases();
    let project = BATCH.project(NAME);
    let contract = &project.catalog.contracts[0];
    let validator = Validators::new(&project.catalog).payload(contract, FormatReading::Annotation).expect("a valid schema");
    let documents: Vec<Value> = cases.iter().map(|(name, _, value)| json!({ *name: value })).collect();
    let questions: Vec<Case> = documents.iter().map(|doc| Case { topic: contract.topic.clone(), doc: doc.to_string() }).collect();
    let answers = BATCH.runners(NAME).into_iter().map(|runner| (runner.language.name(), runner.ask(&questions)));
    let answers: Vec<_> = answers.collect();
    let mut wrong = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let reference: Said = validator.problems(document).into_iter().map(|problem| (problem.instance, problem.message)).collect();
        assert!(!reference.is_empty(), "{document} is refused");
        // A pattern is shown as it is written, whatever words of a language it became.
        if let Some(written) = cases[index].1.get("pattern").and_then(Value::as_str) {
            assert!(reference.iter().any(|(_, message)| message.contains(&format!("the pattern {written},"))), "{reference:?}");
        }
        for (language, verdicts) in &answers {
            let said = |[pointer, message, found]: &[String; 3]| (pointer.clone(), format!("{message}, found {found}"));
            let said: Said = verdicts[index].violations.iter().map(said).collect();
            // Some also say what is wrong under an alternative, and some that alone.
            let same = if document.get("oneOf").is_some() || document.get("anyOf").is_some() {
                !said.is_disjoint(&reference)
            } else {
                said == reference
            };
            if !same {
                wrong.push(format!("{document}\n  validate: {reference:?}\n  {language}: {said:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A document of mistakes alone costs no more than so many of them.
#[test]
fn a_thousand_violations_are_told() {
    const TOLD: usize = 1000;
    let project = BATCH.project(NAME);
    let topic = &project.catalog.contracts[0].topic;
    let of = |count: usize| Case { topic: topic.clone(), doc: json!({ "items": vec![1; count] }).to_string() };
    for runner in BATCH.runners(NAME) {
        let told: Vec<usize> = runner.ask(&[of(TOLD - 1), of(TOLD), of(5 * TOLD)]).iter().map(|verdict| verdict.violations.len()).collect();
        assert_eq!(told, [TOLD - 1, TOLD, TOLD], "{}", runner.language.name());
    }
}
