//! The examples of docs/compatibility.md hold.

use std::path::Path;

use eventc_codegen::{
    compat::{Bump, CompareMode, CompareOptions, Comparison, ContentModel, Verdict, compare},
    gate::ComparedSchema,
};
use serde_json::Value;

/// A fenced example: the words after `json compat`, and its text.
struct Example {
    line: usize,
    words: Vec<String>,
    value: Value,
}

impl Example {
    fn word(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    fn options(&self) -> CompareOptions {
        let parse = |text: &str| Value::String(text.to_owned());
        let mode = self.word("mode").map(|mode| serde_json::from_value::<CompareMode>(parse(mode)).expect("a mode"));
        let model = self.word("content-model").map(|model| serde_json::from_value::<ContentModel>(parse(model)).expect("a content model"));
        CompareOptions {
            mode: mode.unwrap_or_default(),
            content_model: model.unwrap_or_default(),
            open_enums: self.has("open-enums"),
            ignored: self.word("ignore").map(str::to_owned).into_iter().collect(),
            ..CompareOptions::default()
        }
    }

    fn compare(&self, old: &Value, new: &Value) -> Comparison {
        let schema = |name: &str, value: &Value| {
            ComparedSchema::from_value(name, value, None).unwrap_or_else(|error| panic!("line {}: {error}", self.line))
        };
        compare(schema("old", old).side(), schema("new", new).side(), &self.options())
    }

    fn expect(&self, comparison: &Comparison) {
        let (line, found) = (self.line, comparison);
        let verdict: Verdict = serde_json::from_value(self.word("verdict").expect("each example has a verdict").into()).expect("a verdict");
        assert_eq!(found.verdict, verdict, "line {line}: {found:#?}");
        if let Some(bump) = self.word("bump") {
            let bump: Bump = serde_json::from_value(bump.into()).expect("a step");
            assert_eq!(found.required_bump, bump, "line {line}");
        }
        if let Some(rule) = self.word("rule") {
            assert!(found.breaks.iter().any(|one| one.rule.name == rule), "line {line}: {found:#?}");
        }
        if let Some(witness) = self.value.get("witness") {
            assert_eq!(found.breaks.first().map(|one| &one.witness), Some(witness), "line {line}");
        }
    }
}

fn examples(page: &str) -> Vec<Example> {
    let mut lines = page.lines().zip(1..);
    let mut found = Vec::new();
    while let Some((line, number)) = lines.next() {
        let Some(words) = line.strip_prefix("```json compat") else { continue };
        let text: String = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("line {number}: {error}"));
        found.push(Example { line: number, words: words.split_whitespace().map(str::to_owned).collect(), value });
    }
    found
}

#[test]
fn examples_hold() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let examples = examples(&page);
    assert!(examples.len() > 12, "the page shows what it says");
    for example in &examples {
        if example.has("transitive") {
            let versions = example.value.as_array().expect("a list of versions");
            for pair in versions.windows(2) {
                let step: Verdict =
                    serde_json::from_value(example.word("pairwise").expect("the verdict of each step").into()).expect("a verdict");
                assert_eq!(example.compare(&pair[0], &pair[1]).verdict, step, "line {}", example.line);
            }
            let (first, last) = (versions.first().expect("a version"), versions.last().expect("a version"));
            example.expect(&example.compare(first, last));
        } else {
            example.expect(&example.compare(&example.value["old"], &example.value["new"]));
        }
    }
}
