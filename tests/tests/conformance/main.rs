//! The JSON Schema Test Suite through generated code: every test of every draft, in three languages.

mod exceptions;
mod page;

use std::path::PathBuf;

use eventc_codegen::{
    output,
    project::{Project, Selection},
};
use eventc_model::diagnostic::Level;
use eventc_tests::{
    judges::{Case, Verdict, equal, judges},
    suite::{DRAFTS, Draft, Group, Test},
    tools::scratch,
};

use self::exceptions::{EXCEPTIONS, is_listed, is_run};

/// The languages, in the order of the judges.
pub(crate) const LANGUAGES: [&str; 3] = ["Rust", "TypeScript", "Python"];

/// What came of a test.
pub(crate) struct Outcome {
    /// File, group and test, as the suite calls them.
    pub(crate) test: [String; 3],
    /// Whether it failed, by language.
    pub(crate) failed: [bool; 3],
}

#[test]
fn draft_4() {
    conforms(DRAFTS[0]);
}

#[test]
fn draft_6() {
    conforms(DRAFTS[1]);
}

#[test]
fn draft_7() {
    conforms(DRAFTS[2]);
}

#[test]
fn draft_2019_09() {
    conforms(DRAFTS[3]);
}

#[test]
fn draft_2020_12() {
    conforms(DRAFTS[4]);
}

#[test]
fn every_exception_names_a_test() {
    let known: Vec<[String; 3]> = DRAFTS.iter().flat_map(|draft| draft.read(is_run)).flat_map(|group| names(&group)).collect();
    for exception in EXCEPTIONS {
        assert!(known.iter().any(|test| *test == exception.test), "{:?} is not in the suite", exception.test);
        assert!(exception.test[0].starts_with("optional/"), "{:?} is required", exception.test);
    }
}

/// Runs a draft, and holds what comes of it to the exceptions and the page.
fn conforms(draft: Draft) {
    let groups = draft.read(is_run);
    let project = generated(draft, &groups);
    let tests: Vec<(&Group, &Test)> = groups.iter().flat_map(|group| group.tests.iter().map(move |test| (group, test))).collect();
    let case = |(group, test): &(&Group, &Test)| {
        let contract = project.catalog.find(&group.path).unwrap_or_else(|| panic!("{} is no contract", group.path));
        Case { topic: contract.topic.clone(), doc: test.data.to_string() }
    };
    let cases: Vec<Case> = tests.iter().map(case).collect();
    let mut outcomes: Vec<Outcome> = groups.iter().flat_map(names).map(|test| Outcome { test, failed: [false; 3] }).collect();
    let mut wrong = Vec::new();
    for (language, judge) in judges(&folder(draft), &format!("conformance-{}", draft.folder), "events").iter().enumerate() {
        assert_eq!(judge.language, LANGUAGES[language]);
        for ((outcome, (group, test)), verdict) in outcomes.iter_mut().zip(&tests).zip(judge.ask(&cases)) {
            let complaint = complaint(group, test, &verdict);
            outcome.failed[language] = complaint.is_some();
            let [file, name, what] = &outcome.test;
            let listed = is_listed(draft.folder, [file, name, what], judge.language);
            let shown = format!("{}: {file}: {name}: {what}: {}", judge.language, test.data);
            match (complaint, listed) {
                (Some(complaint), false) => wrong.push(format!("{shown} {complaint} {}", verdict.said)),
                (None, true) => wrong.push(format!("{shown} passes and is listed as an exception")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {} of {}\n{}", draft.folder, wrong.len(), cases.len() * 3, wrong.join("\n"));
    page::keep(draft.folder, &page::section(draft.folder, &outcomes));
}

/// Where the code for a draft is.
fn folder(draft: Draft) -> PathBuf {
    scratch(&format!("conformance/{}", draft.folder))
}

/// The tree of a draft, in which nothing is wrong, with the code for it.
fn generated(draft: Draft, groups: &[Group]) -> Project {
    let mut project = Project::from_tree(draft.tree(groups));
    project.lint(None);
    let errors: Vec<_> = project.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "every schema of the suite is valid: {errors:#?}");
    let targets = ["rust", "typescript", "python"].map(str::to_owned).to_vec();
    let generated = project.generate(&Selection { targets, topics: Vec::new() }).expect("files");
    for target in &generated.targets {
        output::write(&folder(draft).join(target.name), &target.files).expect("written files");
    }
    project
}

/// The names of a group's tests.
fn names(group: &Group) -> Vec<[String; 3]> {
    let name = |test: &Test| [group.keyword.clone(), group.description.clone(), test.description.clone()];
    group.tests.iter().map(name).collect()
}

/// What is wrong with a verdict.
fn complaint(group: &Group, test: &Test, verdict: &Verdict) -> Option<String> {
    // A format is an annotation: what breaks it is as good as any other text.
    let valid = test.valid || group.keyword.starts_with("optional/format/");
    match &verdict.again {
        _ if verdict.valid != valid => Some(format!("is {}", if valid { "refused" } else { "accepted" })),
        None if valid => Some("does not decode".into()),
        Some(again) if valid && !equal(again, &test.data) => Some(format!("comes back as {again}")),
        _ => None,
    }
}
