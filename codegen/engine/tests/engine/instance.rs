//! What the reference validator tells of a document, and how much of it.

use eventc_codegen::instance::{FormatReading, Validators};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};
use serde_json::{Value, json};

/// Returns what is told of a document of lists of texts, at most so many things: place, keyword, and whether there is more.
fn told(findings: usize, document: &Value) -> Vec<(String, String, bool)> {
    let schema = r#"{"additionalProperties": {"items": {"type": "string", "maxLength": 3, "pattern": "^[a-z]*$"}}}"#;
    let (config, problems) = Config::parse("eventc.toml", &format!("[limits]\nfindings = {findings}\n[[namespace]]\nname = \"lists\"\n"));
    assert!(problems.is_empty(), "{problems:?}");
    let catalog = Catalog::build(Tree::from_texts([("lists.json", schema)], &Limits::default()), config);
    let root = catalog.contracts[0].root;
    let validators = Validators::new(&catalog);
    let validator = validators.node(root, FormatReading::Annotation).expect("a validator");
    let problems = validator.problems(document).into_iter();
    problems.map(|problem| (problem.instance, problem.keyword, problem.message.ends_with(" (and there is more)"))).collect()
}

#[test]
fn the_pattern_of_a_text_that_is_too_long_is_not_told() {
    let found = told(1000, &json!({ "a": ["ABCD", "AB", "abcd"] }));
    let expected = [("/a/0", "maxLength"), ("/a/1", "pattern"), ("/a/2", "maxLength")];
    assert_eq!(found, expected.map(|(place, keyword)| (place.to_owned(), keyword.to_owned(), false)));
}

#[test]
fn that_there_is_more_is_told_whatever_the_last_problem_is() {
    let texts = || json!({ "a": ["ABCD", "ABCDE", "AB", "ABCDEF"] });
    for most in 1..4 {
        let found = told(most, &texts());
        assert_eq!(found.len(), most);
        assert!(found.iter().enumerate().all(|(index, (.., more))| *more == (index + 1 == most)), "{found:?}");
    }
    assert!(told(4, &texts()).iter().all(|(.., more)| !more));
}
