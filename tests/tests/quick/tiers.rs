//! The page of suites is true to the files, every suite is compiled, and none waits for a time or measures one.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use eventc_tests::tools::workspace;
use walkdir::WalkDir;

const INTRODUCTION: &str = "\
# Tests

| command | runs | proves |
|---|---|---|
| `cargo test --workspace` | the quick tier | what a change is most likely to break, in every language |
| `cargo deep` | the deep tier | the same against everything that others wrote, at random, in browsers and beside other versions |
| `cargo brokers` | the tier of brokers | what `eventc bus` does to a running Apache Kafka and RabbitMQ |
| `.ci/run` | all three, with lints, documentation and freshness | that a commit may be merged |

A crate has its unit tests beside its code, and one binary of integration tests. What spans crates, languages or processes stands in
`tests/tests/quick/`, `tests/tests/deep/` or `tests/tests/brokers/`: the folder is the tier, and a suite moves with its file. `cargo test --workspace --test quick
languages` runs one suite, `cargo deep conformance` one of the deep tier; further arguments go behind `--`.

Suites that ask generated code give their projects to the tier's list in `main.rs` (`Subject`). The first test that asks has all of them
generated and built at once, by one run of each compiler and type checker (`Batch`); a type checker is not asked again about files that it
passed. A suite never names the languages: it asks the list (`LANGUAGES`), so that one more is a file in `tests/src/runners/` and a line.

Random tests have fixed seeds; `EVENTC_SEED` chooses others. What fails once is kept: texts in `fuzz/cases/` and
`tests/tests/quick/hostile_text.seeds`, schemas in the suite that found them. Bounds are asserted on counts, never on time or on the memory of
a process, which `tests/bench/` measures. A file that a test runs, or that several processes read, is committed or installed before; tests
write below a folder of their own.

The tier of brokers starts Kafka from Maven's jars (Java 17 and Maven) and RabbitMQ from Debian's package on ports of their own, one of each
for the whole run, and ends them with itself; or it uses those that `EVENTC_KAFKA`, `EVENTC_RABBITMQ` and `EVENTC_RABBITMQ_MANAGEMENT` name.
Copies and empty brokers are asked for by tests that start some of their own. Who goes away in the middle of a run is a relay between eventc
and the broker (`relay.rs`), so that it goes at one request and not at a time. `cargo brokers local -- --nocapture` shows the transcript of
the repository's own contracts, from empty brokers over every kind of drift to silence.
What is missing is passed over with a line that says how to have it. `EVENTC_SERVICES=required`, as `.ci/run` has it, passes nothing over and
installs what is missing.

## Suites

The table is made from the files: `EVENTC_UPDATE=1 cargo test --workspace --test quick tiers` writes this page.

| suite | tier | proves |
|---|---|---|
";

/// Every file with integration tests, by its path below the root.
fn suites() -> BTreeMap<String, String> {
    let root = workspace();
    let mut suites = BTreeMap::new();
    for folder in ["codegen", "macros", "runtime", "tests"] {
        let walk =
            WalkDir::new(root.join(folder)).into_iter().filter_entry(|entry| entry.file_name() != "src" && entry.file_name() != "ui");
        for entry in walk.map(|entry| entry.expect("a readable tree")) {
            let path = entry.path().strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
            if entry.file_type().is_file() && path.contains("/tests/") && Path::new(&path).extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(entry.path()).expect("a source file");
                if text.contains("#[test]") {
                    suites.insert(path, text);
                }
            }
        }
    }
    suites
}

/// The first sentence of a file's documentation.
fn purpose(path: &str, text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//! "));
    let whole = lines.collect::<Vec<_>>().join(" ");
    assert!(!whole.is_empty(), "{path} does not say what it proves");
    whole.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
}

#[test]
fn the_page_lists_every_suite() {
    let mut page = INTRODUCTION.to_owned();
    for (path, text) in suites() {
        let tiers = ["deep", "brokers"].into_iter().find(|tier| path.starts_with(&format!("tests/tests/{tier}/")));
        let tier = tiers.unwrap_or("quick");
        page += &format!("| `{path}` | {tier} | {} |\n", purpose(&path, &text));
    }
    let path = workspace().join("docs/testing.md");
    if fs::read_to_string(&path).is_ok_and(|found| found == page) {
        return;
    }
    assert!(std::env::var_os("EVENTC_UPDATE").is_some(), "docs/testing.md is stale: run this test with EVENTC_UPDATE=1");
    fs::write(&path, page).expect("the page can be written");
}

/// The file that has to declare a suite as a module; `None` for a binary of its own.
fn parent(path: &str) -> Option<(PathBuf, String)> {
    let (folder, file) = path.rsplit_once('/')?;
    let (above, name) = folder.rsplit_once('/')?;
    let inner = folder.rsplit_once("/tests/").is_some_and(|(_, inner)| !inner.is_empty());
    let module = |folder: &str, name: &str| {
        let mut files = ["main.rs", "mod.rs"].into_iter().map(|file| workspace().join(folder).join(file));
        (files.find(|file| file.is_file()).unwrap_or_else(|| panic!("{folder} has a main file")), name.to_owned())
    };
    match file.strip_suffix(".rs")? {
        "main" => None,
        "mod" => Some(module(above, name)),
        stem if inner => Some(module(folder, stem)),
        _ => None,
    }
}

#[test]
fn every_suite_is_compiled() {
    for path in suites().keys() {
        let Some((file, name)) = parent(path) else { continue };
        let text = fs::read_to_string(&file).expect("a source file");
        assert!(text.lines().any(|line| line == format!("mod {name};")), "{path} is no module of {}", file.display());
    }
}

#[test]
fn no_suite_waits_for_a_time_or_measures_one() {
    // In pieces, since this file is a suite as well.
    let words = [["thread::", "sleep"], ["Instant::", "now"], [".elap", "sed("], ["Vm", "HWM"]].map(|pieces| pieces.concat());
    for (path, text) in suites() {
        let found: Vec<&String> = words.iter().filter(|word| text.contains(*word)).collect();
        assert!(found.is_empty(), "{path} has {found:?}: await a condition, or assert a count");
    }
}
