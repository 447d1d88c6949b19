//! Findings baselines.

use eventc_model::source::{Limits, Tree};

use super::{config_of, lint, show};
use crate::lint::baseline::{LintBaseline, filter};

fn findings(text: &str) -> Vec<eventc_model::diagnostic::Diagnostic> {
    lint(Tree::from_texts([("a.json", text)], &Limits::default()), config_of(None), None)
}

#[test]
fn a_legacy_tree_starts_green_and_only_new_findings_fail() {
    let old = findings(r#"{"type": "integer", "minLength": 1, "maxLenght": 2}"#);
    assert_eq!(old.len(), 2, "{}", show(&old));
    let text = LintBaseline::of(&old).to_text();
    let baseline = LintBaseline::parse(&text).expect("its own text");
    assert_eq!(baseline, LintBaseline::of(&old));
    assert!(filter(old, &baseline, "base.json", |_| true).is_empty());

    // Lines move, one finding is mended, one is new.
    let new = filter(findings("{\n\"type\": \"integer\",\n\"minLength\": 1, \"pattern\": \"x\"}"), &baseline, "base.json", |_| true);
    let found: Vec<_> = new.iter().map(|finding| (finding.rule.name, finding.place.to_string())).collect();
    assert_eq!(found, [("useless-keyword", "a.json:3:17".into()), ("stale-baseline", "base.json".into())]);
    assert_eq!(new[1].message, "unknown-keyword in a.json is gone (1 of 1)");
}

#[test]
fn the_text_is_reviewable_and_strict() {
    assert_eq!(LintBaseline::default().to_text(), "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
    let baseline = LintBaseline::of(&findings(r#"{"type": "integer", "minLength": 1}"#));
    let text = baseline.to_text();
    assert!(
        text.contains("\n    {\"fingerprint\":\"") && text.contains("\"rule\":\"useless-keyword\",\"file\":\"a.json\"}\n  ]"),
        "{text}"
    );
    for bad in ["", "[]", r#"{"version": 2, "findings": []}"#, r#"{"version": 1, "findings": [], "more": 1}"#] {
        assert!(LintBaseline::parse(bad).is_err(), "{bad}");
    }
}
