//! GitLab Code Quality: a list of issues in the manner of Code Climate.

use std::collections::HashMap;

use eventc_model::diagnostic::Level;
use serde_json::{Value, json};

use super::{Report, pretty, proof};

pub(super) fn render(report: &Report<'_>) -> String {
    // GitLab drops issues that share a fingerprint.
    let mut seen: HashMap<String, u32> = HashMap::new();
    let issues: Vec<_> = report
        .shown()
        .map(|diagnostic| {
            let mut fingerprint = diagnostic.fingerprint();
            let count = seen.entry(fingerprint.clone()).or_default();
            *count += 1;
            if *count > 1 {
                fingerprint.push_str(&format!("-{count}"));
            }
            let severity = match diagnostic.level {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Note | Level::Off => "info",
            };
            let description: Vec<_> = std::iter::once(diagnostic.message.clone()).chain(proof::lines(diagnostic)).collect();
            json!({
                "description": description.join("; "),
                "check_name": diagnostic.rule.name,
                "fingerprint": fingerprint,
                "severity": severity,
                "location": { "path": *diagnostic.place.file, "lines": { "begin": diagnostic.place.line.max(1) } },
            })
        })
        .collect();
    pretty(&Value::Array(issues))
}
