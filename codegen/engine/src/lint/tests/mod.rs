//! Tests of lint: each rule on small trees, the list of rules, and whole trees.

mod baseline;
mod cases;
mod guards;
mod many_files;
mod real;
mod schemas;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    date::Date,
    diagnostic::Diagnostic,
    source::{Limits, Tree},
    types::Types,
};

use super::{LintContext, rules::LINTS, run};

/// A small tree on which one rule finds something or nothing. `§` in a text marks the place of each expected finding.
struct Case {
    /// The rule's name; findings of others are not looked at.
    rule: &'static str,
    /// Paths and texts.
    files: &'static [(&'static str, &'static str)],
    /// Text of eventc.toml; none for a tree without conventions.
    config: Option<&'static str>,
    /// The day.
    today: Option<&'static str>,
}

/// Runs lint as projects do.
fn lint(tree: Tree, config: Config, today: Option<&str>) -> Vec<Diagnostic> {
    let catalog = Catalog::build(tree, config);
    let types = Types::derive(&catalog);
    let today = today.map(|today| Date::parse(today).expect("a day"));
    run(&LintContext::new(&catalog, &types, today, LINTS, crate::rules::all()), catalog.diagnostics.clone())
}

fn config_of(text: Option<&str>) -> Config {
    let Some(text) = text else { return Config::without_conventions() };
    let (config, problems) = Config::parse("eventc.toml", text);
    assert!(problems.is_empty(), "{}", show(&problems));
    config
}

/// Expects the findings of a case's rule exactly where its texts say.
fn check(case: &Case) {
    let mut expected: Vec<String> = Vec::new();
    let mut unmarked = |file: &str, text: &str| {
        let mut clean = String::new();
        for (line, content) in text.split('\n').enumerate() {
            for (index, part) in content.split('§').enumerate() {
                if index > 0 {
                    let column = clean.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                    expected.push(format!("{file}:{}:{column}", line + 1));
                }
                clean.push_str(part);
            }
            clean.push('\n');
        }
        clean.pop();
        clean
    };
    let files: Vec<(&str, String)> = case.files.iter().map(|(path, text)| (*path, unmarked(path, text))).collect();
    let config = case.config.map(|text| unmarked("eventc.toml", text));
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let findings = lint(tree, config_of(config.as_deref()), case.today);
    let found: Vec<_> = findings.iter().filter(|finding| finding.rule.name == case.rule).collect();
    let mut places: Vec<String> = found.iter().map(|finding| finding.place.to_string()).collect();
    places.sort();
    expected.sort();
    assert_eq!(places, expected, "{} on {:#?}\nall findings:\n{}", case.rule, case.files, show(&findings));
    for finding in found {
        assert!(!finding.message.ends_with('.') && finding.help.as_ref().is_some_and(|help| !help.is_empty()), "{}", show(&findings));
    }
}

fn show(findings: &[Diagnostic]) -> String {
    let line = |finding: &Diagnostic| {
        let Diagnostic { level, rule, place, pointer, message, help, .. } = finding;
        format!("{level} {} {place} {pointer:?}: {message} ({})\n", rule.name, help.as_deref().unwrap_or(""))
    };
    findings.iter().map(line).collect()
}
