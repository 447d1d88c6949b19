//! `docs/conformance.md`: what passes, by draft and keyword.

use std::{collections::BTreeMap, fmt::Write as _, fs, sync::Mutex};

use eventc_tests::{runners::LANGUAGES, suite::DRAFTS, tools::workspace};

use super::{
    Outcome,
    exceptions::{EXCEPTIONS, NOT_RUN},
};

const INTRODUCTION: &str = "\
# Conformance

The [JSON Schema Test Suite](https://github.com/json-schema-org/JSON-Schema-Test-Suite) through generated code. Every group of the
suite is a contract in a tree; a run generates Rust, TypeScript and Python for the tree of a draft, compiles and type-checks them in
their strict settings, and asks the code. A test passes where `validate` says what the suite says, and where every document that it
accepts decodes and encodes to an equal document.

The suite's remotes stand in the tree, under the URL that the suite expects as their `$id`: nothing is fetched. A schema that says no
`$schema` gets that of its draft. Files under `optional/format` are run with `format` as an annotation: every document is accepted,
and must come back equal.

This page is written by `EVENTC_UPDATE=1 cargo deep conformance`, and an ordinary run fails where it is stale.
";

/// The passes of one keyword.
#[derive(Default)]
struct Row {
    tests: usize,
    passed: Vec<usize>,
}

/// The heading of the section about exact numbers.
pub(super) const EXACT: &str = "Exact numbers";

/// The section of a draft: a table of its keywords.
pub(super) fn section(folder: &str, outcomes: &[Outcome]) -> String {
    format!("## {folder}\n\n{}\n", table(outcomes))
}

/// The section about exact numbers.
pub(super) fn exact(outcomes: &[Outcome]) -> String {
    format!(
        "## {EXACT}\n\nThe files about numbers that a language's own types do not hold, of all drafts, once more: with `integers` and \
         `numbers` `\"exact\"`\nin Rust, `integers = \"bigint\"` in TypeScript, and `numbers = \"decimal\"` with `validate_json` in Python \
         ([options](targets.md#numbers)).\n\n{}\n",
        table(outcomes)
    )
}

fn table(outcomes: &[Outcome]) -> String {
    let mut rows: BTreeMap<(bool, &str), Row> = BTreeMap::new();
    for outcome in outcomes {
        let keyword = outcome.test[0].as_str();
        for key in [(keyword.starts_with("optional/"), keyword), (keyword.starts_with("optional/"), "~")] {
            let row = rows.entry(key).or_default();
            row.tests += 1;
            row.passed.resize(LANGUAGES.len(), 0);
            for (passed, failed) in row.passed.iter_mut().zip(&outcome.failed) {
                *passed += usize::from(!failed);
            }
        }
    }
    let names = LANGUAGES.iter().map(|language| format!(" {} |", language.name())).collect::<Vec<_>>().concat();
    let mut out = format!("| keyword | tests |{names}\n|---|--:|{}\n", "--:|".repeat(LANGUAGES.len()));
    for ((optional, keyword), Row { tests, passed }) in &rows {
        let name = match (*keyword, optional) {
            ("~", false) => "**required**".to_owned(),
            ("~", true) => "**optional**".to_owned(),
            _ => format!("`{keyword}`"),
        };
        let passed = passed.iter().map(|passed| format!(" {passed} |")).collect::<Vec<_>>().concat();
        let _ = writeln!(out, "| {name} | {tests} |{passed}");
    }
    out
}

/// The tests that fail, and the files that are not run.
fn exceptions() -> String {
    let mut out = "## Exceptions\n\nNo required test fails. Of the optional ones:\n\n| test | language | why |\n|---|---|---|\n".to_owned();
    for exception in EXCEPTIONS {
        let [keyword, group, test] = exception.test;
        let _ = writeln!(out, "| `{keyword}`: {group}: {test} | {} | {} |", exception.languages.join(", "), exception.reason);
    }
    out.push_str("\nNot run:\n\n| file | why |\n|---|---|\n");
    for (file, why) in NOT_RUN {
        let _ = writeln!(out, "| `{file}` | {why} |");
    }
    out
}

/// One test at a time looks at the page.
static PAGE: Mutex<()> = Mutex::new(());

/// Holds a section to the page, or writes it there.
pub(super) fn keep(heading: &str, section: &str) {
    let _one = PAGE.lock().expect("no test fails while it holds the page");
    let path = workspace().join("docs/conformance.md");
    let found = fs::read_to_string(&path).unwrap_or_default();
    let old = |heading: &str| {
        let (_, rest) = found.split_once(&format!("## {heading}\n"))?;
        let end = rest.find("\n## ").map_or(rest.len(), |at| at + 1);
        Some(format!("## {heading}\n{}", &rest[..end]))
    };
    let mut page = format!("{INTRODUCTION}\n");
    for known in DRAFTS.iter().map(|draft| draft.folder).chain([EXACT]) {
        let kept = if known == heading { Some(section.to_owned()) } else { old(known) };
        page.push_str(&kept.unwrap_or_default());
    }
    page.push_str(&exceptions());
    if page == found {
        return;
    }
    assert!(std::env::var_os("EVENTC_UPDATE").is_some(), "docs/conformance.md is stale: run this test with EVENTC_UPDATE=1");
    fs::write(&path, page).expect("the page can be written");
}
