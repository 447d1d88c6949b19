//! For programs: one document. Scripts rely on its shape.

use eventc_model::diagnostic::{Diagnostic, Evidence};
use serde_json::{Map, Value, json};

use super::{Report, pretty};

pub(super) fn render(report: &Report<'_>) -> String {
    let diagnostics: Vec<_> = report.shown().map(|finding| Value::Object(diagnostic(finding))).collect();
    pretty(&json!({ "diagnostics": diagnostics, "summary": report.summary() }))
}

/// Returns a finding as an object; line and column are 0 where the whole file is meant.
pub fn diagnostic(diagnostic: &Diagnostic) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |key: &str, value: Value| object.insert(key.to_owned(), value);
    set("code", diagnostic.rule.code.into());
    set("rule", diagnostic.rule.name.into());
    set("level", diagnostic.level.to_string().into());
    set("message", diagnostic.message.as_str().into());
    set("file", (*diagnostic.place.file).into());
    set("line", diagnostic.place.line.into());
    set("column", diagnostic.place.column.into());
    if let Some(help) = &diagnostic.help {
        set("help", help.as_str().into());
    }
    if let Some(topic) = &diagnostic.topic {
        set("topic", topic.as_str().into());
    }
    if let Some(evidence) = &diagnostic.evidence {
        prove(&mut set, diagnostic, evidence);
    }
    set("fingerprint", diagnostic.fingerprint().into());
    object
}

/// Sets what a finding about two versions says besides.
fn prove(set: &mut impl FnMut(&str, Value) -> Option<Value>, diagnostic: &Diagnostic, evidence: &Evidence) {
    set("pointer", diagnostic.pointer.as_str().into());
    if let Some(witness) = &evidence.witness {
        set("witness", witness.clone());
        set("instance_pointer", evidence.instance.as_str().into());
    }
    set("consumers", evidence.consumers.clone().into());
    if let Some(related) = &evidence.related {
        let place = &related.place;
        let related = json!({
            "message": related.label,
            "file": *place.file,
            "line": place.line,
            "column": place.column,
            "pointer": related.pointer,
        });
        set("related", related);
    }
}
