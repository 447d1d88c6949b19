//! The JSON Schema Test Suite through generated code: every test of every draft, in three languages.

mod exceptions;
mod page;

use eventc_codegen::project::Project;
use eventc_model::source::Tree;
use eventc_tests::{
    runners::{Case, LANGUAGES, Runner, Subject, Verdict, equal},
    suite::{DRAFTS, Draft, Test, TestGroup, together},
};

use self::exceptions::{EXCEPTIONS, LARGE, is_listed, is_run};
use crate::BATCH;

/// What came of a test.
struct Outcome {
    /// File, group and test, as the suite calls them.
    test: [String; 3],
    /// Whether it failed, by language.
    failed: Vec<bool>,
}

/// Every draft, those whose structs are tried, and the large numbers of all drafts.
pub(crate) fn subjects() -> Vec<Subject> {
    let draft = |draft: Draft| Subject::new(draft.folder, move || sound(draft.tree(&draft.read(is_run))));
    let other = |draft: Draft| Subject::new(structs(draft), move || sound(draft.tree(&draft.read(is_run)))).of("python").in_other_style();
    let exact = Subject::new("exact", || {
        let mut project = sound(together(&large()).0);
        for language in LANGUAGES {
            project.catalog.config.overrides.insert(language.target().to_owned(), language.exact_numbers());
        }
        project
    });
    DRAFTS.into_iter().map(draft).chain(STRUCTS.into_iter().map(|draft| other(draft).unchecked())).chain([exact]).collect()
}

/// The drafts that msgspec's structs are tried with.
const STRUCTS: [Draft; 2] = [DRAFTS[0], DRAFTS[4]];

fn structs(draft: Draft) -> String {
    format!("other-{}", draft.folder)
}

/// The tests of numbers that a language's own types do not hold.
fn large() -> Vec<(Draft, Vec<TestGroup>)> {
    DRAFTS.iter().map(|draft| (*draft, draft.read(|keyword| LARGE.contains(&keyword)))).collect()
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

/// With exact numbers, the tests of large numbers have no exceptions, in any draft and language.
#[test]
fn exact_numbers() {
    let (_, groups) = together(&large());
    let runners: Vec<Runner> = BATCH.runners("exact").into_iter().map(Runner::exactly).collect();
    let (outcomes, wrong) = asked(BATCH.project("exact"), &groups, &runners);
    assert!(wrong.is_empty(), "{}", wrong.iter().map(|wrong| wrong.shown.as_str()).collect::<Vec<_>>().join("\n"));
    assert!(outcomes.len() >= 45, "{} tests of large numbers", outcomes.len());
    page::keep(page::EXACT, &page::exact(&outcomes));
}

/// msgspec's structs read and write whatever pydantic's models do. Where they say less, the run that made them says so.
#[test]
fn msgspec() {
    for draft in STRUCTS {
        let (subject, groups) = (structs(draft), draft.read(is_run));
        let runners: Vec<Runner> = BATCH.runners(&subject).into_iter().map(Runner::exactly).collect();
        let (outcomes, wrong) = asked(BATCH.project(&subject), &groups, &runners);
        assert!(outcomes.len() > 800, "{} tests", outcomes.len());
        assert!(wrong.is_empty(), "{}", wrong.iter().map(|wrong| wrong.shown.as_str()).collect::<Vec<_>>().join("\n"));
    }
}

/// Runs a draft, and holds what comes of it to the exceptions and the page.
fn conforms(draft: Draft) {
    let groups = draft.read(is_run);
    let (outcomes, found) = asked(BATCH.project(draft.folder), &groups, &BATCH.runners(draft.folder));
    let mut wrong = Vec::new();
    for outcome in &outcomes {
        let [file, name, what] = &outcome.test;
        for (language, failed) in LANGUAGES.iter().map(|language| language.name()).zip(&outcome.failed) {
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
    assert!(wrong.is_empty(), "{}: {} of {}\n{}", draft.folder, wrong.len(), outcomes.len() * LANGUAGES.len(), wrong.join("\n"));
    page::keep(draft.folder, &page::section(draft.folder, &outcomes));
}

/// A test that failed.
struct Wrong {
    test: [String; 3],
    language: &'static str,
    shown: String,
}

/// Asks the judges of all tests of the groups: what came of each, and what is wrong.
fn asked(project: &Project, groups: &[TestGroup], runners: &[Runner]) -> (Vec<Outcome>, Vec<Wrong>) {
    let tests: Vec<(&TestGroup, &Test)> = groups.iter().flat_map(|group| group.tests.iter().map(move |test| (group, test))).collect();
    let case = |(group, test): &(&TestGroup, &Test)| {
        let contract = project.catalog.find(&group.path).unwrap_or_else(|| panic!("{} is no contract", group.path));
        Case { topic: contract.topic.clone(), doc: test.data.to_string() }
    };
    let cases: Vec<Case> = tests.iter().map(case).collect();
    let mut outcomes: Vec<Outcome> =
        groups.iter().flat_map(names).map(|test| Outcome { test, failed: vec![false; LANGUAGES.len()] }).collect();
    let mut wrong = Vec::new();
    for runner in runners {
        let language = LANGUAGES.iter().position(|language| language.name() == runner.language.name()).expect("a language");
        for ((outcome, (group, test)), verdict) in outcomes.iter_mut().zip(&tests).zip(runner.ask(&cases)) {
            let Some(complaint) = complaint(group, test, &verdict) else { continue };
            outcome.failed[language] = true;
            let [file, name, what] = &outcome.test;
            let shown = format!("{}: {file}: {name}: {what}: {} {complaint} {}", runner.language.name(), test.data, verdict.said);
            wrong.push(Wrong { test: outcome.test.clone(), language: runner.language.name(), shown });
        }
    }
    (outcomes, wrong)
}

/// A tree in which nothing is wrong.
fn sound(tree: Tree) -> Project {
    let project = Project::from_tree(tree);
    let findings = project.lint(None);
    assert!(!findings.has_errors(), "every schema of the suite is valid: {findings:#?}");
    project
}

/// The names of a group's tests.
fn names(group: &TestGroup) -> Vec<[String; 3]> {
    let name = |test: &Test| [group.keyword.clone(), group.description.clone(), test.description.clone()];
    group.tests.iter().map(name).collect()
}

/// What is wrong with a verdict.
fn complaint(group: &TestGroup, test: &Test, verdict: &Verdict) -> Option<String> {
    // A format is an annotation: what breaks it is as good as any other text.
    let valid = test.valid || group.keyword.starts_with("optional/format/");
    match &verdict.again {
        _ if verdict.valid != valid => Some(format!("is {}", if valid { "refused" } else { "accepted" })),
        None if valid => Some("does not decode".into()),
        Some(again) if valid && !equal(again, &test.data) => Some(format!("comes back as {again}")),
        _ => None,
    }
}
