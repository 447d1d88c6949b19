//! The repository's own tree.

use std::path::PathBuf;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    source::{Limits, Tree},
    types::Types,
};

use crate::lint::{Context, Date, run};

pub(super) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lint(tree: Tree, config: Config, today: Option<Date>) -> Vec<Diagnostic> {
    let catalog = Catalog::build(tree, config);
    let types = Types::derive(&catalog);
    run(&Context::new(&catalog, &types, today))
}

fn config() -> Config {
    let text = std::fs::read_to_string(repository().join("eventc.toml")).expect("the repository's configuration");
    let (config, problems) = Config::parse("eventc.toml", &text);
    assert!(problems.is_empty(), "{problems:?}");
    config
}

fn tree() -> Tree {
    Tree::read(&repository().join("schemas/events"), &Limits::default()).expect("the repository's schemas")
}

fn show(findings: &[Diagnostic]) -> String {
    findings
        .iter()
        .map(|finding| {
            format!(
                "{} {} {} {} [{}] {}\n",
                finding.level,
                finding.rule.name,
                finding.place,
                finding.pointer,
                finding.message,
                finding.help.as_deref().unwrap_or("")
            )
        })
        .collect()
}

#[test]
fn the_repository_is_clean() {
    let findings = lint(tree(), config(), None);
    let bad: Vec<_> = findings.into_iter().filter(|finding| finding.level > Level::Note).collect();
    assert!(bad.is_empty(), "{}", show(&bad));
}
