//! The list of rules is whole, and the page of rules is fresh.

use std::{collections::HashSet, fs, path::Path};

use super::{cases, real::repository, schemas};
use crate::lint::{self, rules};

#[test]
fn every_file_is_a_rule_and_named_as_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    let names = fs::read_dir(folder).expect("the folder of rules").map(|entry| entry.expect("an entry").file_name());
    let mut files: Vec<String> = names.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    files.retain(|name| name != "mod");
    files.sort();
    let mut listed: Vec<&str> = rules::FILES.to_vec();
    listed.sort_unstable();
    assert_eq!(listed, files, "a rule is a file and a line in the list");
    for (file, lint) in rules::FILES.iter().zip(rules::LINTS) {
        assert_eq!(lint.rule.name, file.replace('_', "-"), "a rule is named as its file");
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let all = crate::rules::all();
    let (codes, names): (HashSet<_>, HashSet<_>) = all.iter().map(|rule| (rule.code, rule.name)).unzip();
    assert_eq!(codes.len(), all.len(), "codes are unique");
    assert_eq!(names.len(), all.len(), "names are unique");
    let codes: Vec<_> = rules::LINTS.iter().map(|lint| lint.rule.code).collect();
    assert!(codes.is_sorted(), "the list is in the order of codes: {codes:?}");
    assert!(codes.iter().all(|code| code.len() == 5 && code.starts_with("EV1")), "{codes:?}");
}

#[test]
fn every_rule_documents_itself() {
    for rule in lint::rules() {
        let mut rest = rule.docs;
        let needed = ["### What it finds\n", "### Why it is bad\n", "### Example\n", "### What to do\n"];
        for heading in needed.into_iter().filter(|heading| !(rule.name == "stale-baseline" && heading.contains("Example"))) {
            let at = rest.find(heading).unwrap_or_else(|| panic!("{} has no {heading:?}, or not in this order", rule.name));
            rest = &rest[at + heading.len()..];
        }
        assert!(!rule.summary.ends_with('.') && !rule.summary.starts_with(char::is_uppercase), "{}", rule.name);
    }
}

#[test]
fn every_rule_has_a_bad_and_a_good_case() {
    let all = || cases::CASES.iter().chain(schemas::CASES);
    for lint in rules::LINTS {
        let own: Vec<_> = all().filter(|case| case.rule == lint.rule.name).collect();
        let bad =
            own.iter().filter(|case| case.files.iter().map(|(_, text)| text).chain(&case.config).any(|text| text.contains('§'))).count();
        assert!(bad > 0, "{} has no bad case", lint.rule.name);
        assert!(bad < own.len(), "{} has no good case", lint.rule.name);
    }
    let rules = crate::rules::all();
    for case in all() {
        assert!(rules.find(case.rule).is_some(), "a case of {}, which is no rule", case.rule);
    }
}

#[test]
fn rules_page_is_fresh() {
    let path = repository().join("docs/rules.md");
    let page = crate::rules::page();
    if std::env::var_os("EVENTC_UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of documentation");
        fs::write(&path, &page).expect("the page of rules");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/rules.md is not what the rules say: run EVENTC_UPDATE=1 cargo test -p eventc-codegen rules_page");
}

#[test]
fn rules_are_found_by_name_and_by_code() {
    let all = crate::rules::all();
    for (word, code) in [("topic-convention", "EV101"), ("ev101", "EV101"), ("EV009", "EV009"), ("stale-baseline", "EV190")] {
        assert_eq!(all.find(word).map(|rule| rule.code), Some(code), "{word}");
    }
    assert!(all.find("no-such-rule").is_none() && all.find("Topic-Convention").is_none());
    assert_eq!(all.suggestion("topic-convension"), "did you mean \"topic-convention\"?");
}
