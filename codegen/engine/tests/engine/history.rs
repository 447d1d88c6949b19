//! Releases: what is planned, what is refused, and what a damaged file says.

use eventc_codegen::{
    date::Date,
    history::History,
    model::{
        catalog::Catalog,
        config::Config,
        source::{Limits, Tree},
    },
    release::plan_releases,
};

const TYPES: &str = r#"{"$defs": {"money": {"type": "number", "minimum": 0}}}"#;

fn order(version: &str, owner: &str, extra: &str) -> String {
    format!(
        r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-event": {{"version": "{version}", "owner": "{owner}"}},
            "properties": {{"total": {{"$ref": "_types.json#/$defs/money"}}{extra}}}}}"#
    )
}

fn catalog(order: &str, types: &str) -> Catalog {
    let (config, problems) = Config::parse("eventc.toml", "[[namespace]]\nname = \"shop\"\nroot = \".\"\n");
    assert!(problems.is_empty(), "{problems:?}");
    Catalog::build(Tree::from_texts([("order/created.v1.json", order), ("order/_types.json", types)], &Limits::default()), config)
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn read(files: &[(&str, &str)]) -> (History, Vec<String>) {
    let (history, problems) = History::from_texts(files.iter().copied(), &Limits::default());
    (history, problems.iter().map(|problem| format!("{} {}: {}", problem.rule.code, problem.place, problem.message)).collect())
}

#[test]
fn a_release_is_planned_once() {
    let catalog = catalog(&order("1.0.0", "a", ""), TYPES);
    let plan = plan_releases(&catalog, &History::default(), day("2026-11-21"));
    assert!(plan.findings.is_empty());
    let [file] = &plan.files[..] else { panic!("one release") };
    assert_eq!(file.path, "shop/order/created/1.0.0.json");
    insta::assert_snapshot!(file.text);

    let (history, problems) = read(&[(&file.path, &file.text)]);
    assert_eq!(problems, Vec::<String>::new());
    let again = plan_releases(&catalog, &history, day("2026-12-01"));
    assert!(again.files.is_empty() && again.findings.is_empty());
}

#[test]
fn what_was_released_does_not_change() {
    let before = catalog(&order("1.0.0", "a", ""), TYPES);
    let first = plan_releases(&before, &History::default(), day("2026-11-21")).files.remove(0);
    let (history, _) = read(&[(&first.path, &first.text)]);

    let operational = catalog(&order("1.0.0", "b", ""), TYPES);
    let plan = plan_releases(&operational, &history, day("2026-12-01"));
    assert!(plan.files.is_empty() && plan.findings.is_empty(), "an owner is no part of the promise");

    for changed in [catalog(&order("1.0.0", "a", r#", "note": {}"#), TYPES), catalog(&order("1.0.0", "a", ""), &TYPES.replace('0', "1"))] {
        let plan = plan_releases(&changed, &history, day("2026-12-01"));
        assert!(plan.files.is_empty());
        let [finding] = &plan.findings[..] else { panic!("one finding") };
        assert_eq!((finding.rule.name, finding.place.to_string().as_str()), ("released-changed", "order/created.v1.json:1:73"));
    }

    let bumped = catalog(&order("1.1.0", "a", r#", "note": {}"#), TYPES);
    let plan = plan_releases(&bumped, &history, day("2026-12-01"));
    assert_eq!(plan.files[0].path, "shop/order/created/1.1.0.json");
    assert!(plan.findings.is_empty());
}

#[test]
fn bad_files_are_all_reported_at_their_place() {
    let note = |version: &str, date: &str| format!(r#"{{"x-release": {{"topic": "t", "version": "{version}", "date": "{date}"}}}}"#);
    let good = note("1.0.0", "2026-01-01");
    let (other, date) = (note("1.0.1", "2026-01-01"), note("1.0.0", "2026-02-30"));
    let edited = r#"{"x-release": {"topic": "t", "version": "1.0.0", "date": "2026-01-01", "digest": "sha256:00"}, "type": "object"}"#;
    let (history, problems) = read(&[
        ("a/1.0.0.json", &good),
        ("b/1.0.0.json", &other),
        ("c/1.0.0.json", &date),
        ("d/1.0.0.json", "{}"),
        ("e/latest.json", &good),
        ("f/1.0.0.json", "[]"),
        ("g/1.0.0.json", "{"),
        ("h/1.0.0.json", edited),
        ("1.0.0.json", &good),
        ("i/1.0.0.json", r#"{"x-release": {"topic": 1}}"#),
    ]);
    assert_eq!(history.releases.keys().collect::<Vec<_>>(), ["a", "h"]);
    insta::assert_snapshot!(problems.join("\n"));
}

#[test]
fn versions_are_ordered_by_meaning() {
    let file = |version: &str| format!(r#"{{"x-release": {{"topic": "t", "version": "{version}", "date": "2026-01-01"}}}}"#);
    let (nine, ten, two) = (file("1.9.0"), file("1.10.0"), file("2.0.0-rc.1"));
    let (history, _) = read(&[("a/2.0.0-rc.1.json", &two), ("a/1.10.0.json", &ten), ("a/1.9.0.json", &nine)]);
    let versions: Vec<String> = history.releases["a"].iter().map(|release| release.version.to_string()).collect();
    assert_eq!(versions, ["1.9.0", "1.10.0", "2.0.0-rc.1"]);
}

#[test]
fn a_folder_that_is_not_there_holds_nothing() {
    let (history, problems) = History::read(std::path::Path::new("/nonexistent/releases"), &Limits::default()).expect("an empty history");
    assert!(history.releases.is_empty() && problems.is_empty());
}

#[test]
fn every_contract_of_the_tree_is_released_as_it_stands() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, _) = Config::parse("eventc.toml", &text);
    let catalog = Catalog::build(Tree::read(&root.join("schemas/events"), &Limits::default()).expect("the tree"), config);
    let (history, problems) = History::read(&root.join("schemas/releases"), &Limits::default()).expect("the releases");
    assert!(problems.is_empty(), "{problems:?}");
    let plan = plan_releases(&catalog, &history, day("2026-11-21"));
    let unreleased: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(unreleased, Vec::<&str>::new());
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    assert_eq!(history.releases.values().map(Vec::len).sum::<usize>(), catalog.contracts.len());
}
