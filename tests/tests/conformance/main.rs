//! The JSON Schema Test Suite through generated code: every test of every draft, in three languages.

mod exceptions;
mod page;

use std::path::{Path, PathBuf};

use eventc_codegen::{
    output,
    project::{Project, Selection},
};
use eventc_model::{diagnostic::Level, source::Tree};
use eventc_tests::{
    judges::{Case, Judge, Verdict, equal, judges, unchecked_python},
    suite::{DRAFTS, Draft, Group, Test, together},
    tools::scratch,
};
use serde_json::{Value, json};

use self::exceptions::{EXCEPTIONS, LARGE, is_listed, is_run};

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

/// The options under which no number loses a digit.
fn exact_options() -> [(&'static str, Value); 3] {
    [
        ("rust", json!({"integers": "exact", "numbers": "exact"})),
        ("typescript", json!({"integers": "bigint"})),
        ("python", json!({"numbers": "decimal"})),
    ]
}

/// With exact numbers, the tests of large numbers have no exceptions, in any draft and language.
#[test]
fn exact_numbers() {
    let folder = scratch("conformance/exact");
    let sets: Vec<(Draft, Vec<Group>)> = DRAFTS.iter().map(|draft| (*draft, draft.read(|keyword| LARGE.contains(&keyword)))).collect();
    let (tree, groups) = together(&sets);
    let project = generated(tree, &exact_options(), &folder);
    let judges = judges(&folder, "conformance-exact", "events").map(Judge::exactly);
    let (outcomes, wrong) = asked(&project, &groups, &judges);
    assert!(wrong.is_empty(), "{}", wrong.iter().map(|wrong| wrong.shown.as_str()).collect::<Vec<_>>().join("\n"));
    assert!(outcomes.len() >= 45, "{} tests of large numbers", outcomes.len());
    page::keep(page::EXACT, &page::exact(&outcomes));
}

/// msgspec's structs read and write whatever pydantic's models do. Where they say less, the run that made them says so.
#[test]
fn msgspec() {
    for draft in [DRAFTS[0], DRAFTS[4]] {
        let folder = scratch(&format!("conformance/msgspec-{}", draft.folder));
        let groups = draft.read(is_run);
        let project = generated(draft.tree(&groups), &[("python", json!({"models": "msgspec"}))], &folder);
        let (outcomes, wrong) = asked(&project, &groups, &[unchecked_python(&folder, "events").exactly()]);
        assert!(outcomes.len() > 800, "{} tests", outcomes.len());
        assert!(wrong.is_empty(), "{}", wrong.iter().map(|wrong| wrong.shown.as_str()).collect::<Vec<_>>().join("\n"));
    }
}

/// Runs a draft, and holds what comes of it to the exceptions and the page.
fn conforms(draft: Draft) {
    let groups = draft.read(is_run);
    let folder = folder(draft);
    let project = generated(draft.tree(&groups), &[], &folder);
    let (outcomes, found) = asked(&project, &groups, &judges(&folder, &format!("conformance-{}", draft.folder), "events"));
    let mut wrong = Vec::new();
    for outcome in &outcomes {
        let [file, name, what] = &outcome.test;
        for (language, failed) in LANGUAGES.iter().zip(outcome.failed) {
            if !failed && is_listed(draft.folder, [file, name, what], language) {
                wrong.push(format!("{language}: {file}: {name}: {what} passes and is listed as an exception"));
            }
        }
    }
    for Wrong { test: [file, name, what], language, shown } in found {
        if !is_listed(draft.folder, [&file, &name, &what], language) {
            wrong.push(shown);
        }
    }
    assert!(wrong.is_empty(), "{}: {} of {}\n{}", draft.folder, wrong.len(), outcomes.len() * 3, wrong.join("\n"));
    page::keep(draft.folder, &page::section(draft.folder, &outcomes));
}

/// A test that failed.
struct Wrong {
    test: [String; 3],
    language: &'static str,
    shown: String,
}

/// Asks the judges of all tests of the groups: what came of each, and what is wrong.
fn asked(project: &Project, groups: &[Group], judges: &[Judge]) -> (Vec<Outcome>, Vec<Wrong>) {
    let tests: Vec<(&Group, &Test)> = groups.iter().flat_map(|group| group.tests.iter().map(move |test| (group, test))).collect();
    let case = |(group, test): &(&Group, &Test)| {
        let contract = project.catalog.find(&group.path).unwrap_or_else(|| panic!("{} is no contract", group.path));
        Case { topic: contract.topic.clone(), doc: test.data.to_string() }
    };
    let cases: Vec<Case> = tests.iter().map(case).collect();
    let mut outcomes: Vec<Outcome> = groups.iter().flat_map(names).map(|test| Outcome { test, failed: [false; 3] }).collect();
    let mut wrong = Vec::new();
    for judge in judges {
        let language = LANGUAGES.iter().position(|language| *language == judge.language).expect("a language of the page");
        for ((outcome, (group, test)), verdict) in outcomes.iter_mut().zip(&tests).zip(judge.ask(&cases)) {
            let Some(complaint) = complaint(group, test, &verdict) else { continue };
            outcome.failed[language] = true;
            let [file, name, what] = &outcome.test;
            let shown = format!("{}: {file}: {name}: {what}: {} {complaint} {}", judge.language, test.data, verdict.said);
            wrong.push(Wrong { test: outcome.test.clone(), language: judge.language, shown });
        }
    }
    (outcomes, wrong)
}

/// Where the code for a draft is.
fn folder(draft: Draft) -> PathBuf {
    scratch(&format!("conformance/{}", draft.folder))
}

/// A tree in which nothing is wrong, with the code for it.
fn generated(tree: Tree, options: &[(&str, Value)], folder: &Path) -> Project {
    let mut project = Project::from_tree(tree);
    for (target, options) in options {
        project.catalog.config.overrides.insert((*target).to_owned(), options.as_object().expect("options").clone());
    }
    project.lint(None);
    let errors: Vec<_> = project.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "every schema of the suite is valid: {errors:#?}");
    let targets = ["rust", "typescript", "python"].map(str::to_owned).to_vec();
    let generated = project.generate(&Selection { targets, topics: Vec::new() }).expect("files");
    for target in &generated.targets {
        output::write(&folder.join(target.name), &target.files).expect("written files");
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
