//! SARIF 2.1.0 (OASIS), for code scanning.

use std::collections::BTreeMap;

use eventc_model::diagnostic::{Diagnostic, Level, Place, Rule};
use serde_json::{Value, json};

use super::{Report, pretty, proof};

pub(super) fn render(report: &Report<'_>) -> String {
    let rules: BTreeMap<&str, &Rule> = report.shown().map(|diagnostic| (diagnostic.rule.code, diagnostic.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let results: Vec<_> = report.shown().map(|diagnostic| result(diagnostic, index[diagnostic.rule.code])).collect();
    let descriptors: Vec<_> = rules.values().map(|rule| descriptor(rule)).collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "eventc", "version": env!("CARGO_PKG_VERSION"), "rules": descriptors } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.docs, "markdown": rule.docs },
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

fn result(diagnostic: &Diagnostic, rule: usize) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.rule.code,
        "ruleIndex": rule,
        "level": level(diagnostic.level),
        "message": { "text": proof::text(diagnostic) },
        "locations": [{ "physicalLocation": physical(&diagnostic.place) }],
        "partialFingerprints": { "eventc/v1": diagnostic.fingerprint() },
    });
    if let Some(evidence) = &diagnostic.evidence {
        if let Some(related) = &evidence.related {
            let message = json!({ "text": related.label });
            result["relatedLocations"] = json!([{ "id": 0, "message": message, "physicalLocation": physical(&related.place) }]);
        }
        let mut properties = json!({ "consumers": evidence.consumers });
        if let Some(witness) = &evidence.witness {
            properties["witness"] = witness.clone();
            properties["instancePointer"] = evidence.instance.as_str().into();
        }
        result["properties"] = properties;
    }
    result
}

fn physical(place: &Place) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
    if place.line > 0 {
        physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    }
    physical
}

/// Returns a path as a URI reference: what is neither unreserved nor `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    if path.starts_with('/') { format!("file://{uri}") } else { uri }
}
