//! Rust, TypeScript and Python say the same of every event of the tree as the reference validator does, and keep its data.

use std::collections::BTreeMap;

use eventc_codegen::instance::{Formats, Validators};
use eventc_model::{catalog::Catalog, config::Config, source::Tree};
use eventc_tests::{
    judges::{Case, equal, judges},
    mutate::mutants,
    tools::workspace,
};

fn catalog() -> Catalog {
    let root = workspace();
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, problems) = Config::parse("eventc.toml", &text);
    assert!(problems.is_empty(), "{problems:#?}");
    let tree = Tree::read(&root.join(&config.schemas), &config.limits).expect("the schema tree");
    Catalog::build(tree, config)
}

/// A document, what is expected of it, and whether it is an example as the author wrote it.
struct Expected {
    case: Case,
    valid: bool,
    example: bool,
}

/// Every example of every event, and what a program makes of it.
fn corpus(catalog: &Catalog) -> Vec<Expected> {
    let validators = Validators::new(catalog);
    let mut corpus = Vec::new();
    for contract in catalog.events() {
        let validator = validators.payload(contract, Formats::Annotated).expect("a valid schema");
        let examples = &catalog.schemas.keywords(contract.root).expect("an object schema").examples;
        assert!(examples.len() >= 2, "{} has {} examples", contract.topic, examples.len());
        let mut made = 0;
        for example in examples {
            let documents = std::iter::once(example.clone()).chain(mutants(&catalog.schemas, contract.root, example));
            for (index, document) in documents.enumerate() {
                let valid = validator.accepts(&document);
                made += usize::from(index > 0 && !valid);
                corpus.push(Expected {
                    case: Case { topic: contract.topic.clone(), doc: document.to_string() },
                    valid,
                    example: index == 0,
                });
            }
        }
        assert!(made >= 10, "{} has {made} invalid variants", contract.topic);
    }
    corpus
}

#[test]
fn all_languages_judge_and_keep_every_event_alike() {
    let catalog = catalog();
    let corpus = corpus(&catalog);
    assert!(corpus.iter().filter(|expected| expected.example).all(|expected| expected.valid), "examples are valid");
    let cases: Vec<Case> = corpus.iter().map(|expected| expected.case.clone()).collect();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for judge in judges(&workspace().join("generated"), "events", "eventc_events") {
        for (expected, verdict) in corpus.iter().zip(judge.ask(&cases)) {
            let document: serde_json::Value = serde_json::from_str(&expected.case.doc).expect("JSON");
            let complaint = match &verdict.again {
                _ if verdict.valid != expected.valid => Some("is judged wrong"),
                None if expected.valid => Some("is valid and does not decode"),
                Some(again) if expected.valid && !equal(again, &document) => Some("does not come back equal"),
                _ => None,
            };
            if let Some(complaint) = complaint {
                let again = verdict.again.as_ref().map(ToString::to_string).unwrap_or_default();
                let line = format!("{}: {} (valid: {}) {complaint} {again}", expected.case.topic, expected.case.doc, expected.valid);
                wrong.entry(judge.language.to_owned()).or_default().push(line);
            }
        }
    }
    let report = wrong.iter().fold(String::new(), |report, (language, lines)| {
        let shown: Vec<String> = lines.iter().take(12).map(|line| line.chars().take(900).collect()).collect();
        format!("{report}\n{language}: {} of {} cases\n  {}", lines.len(), cases.len(), shown.join("\n  "))
    });
    assert!(wrong.is_empty(), "{report}");
}
