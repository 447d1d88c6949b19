//! EV153: what a namespace names as its envelope or dead-letter record is not there.

use eventc_model::{
    config::EnvelopeRoles,
    diagnostic::{Level, Rule},
    schema::NodeId,
    syntax::split_pointer,
};

use crate::lint::{LintContext, RuleReport, paths, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV153",
    name: "lost-envelope",
    level: Level::Error,
    summary: "what a namespace names as its envelope or dead-letter record is not there",
    docs: "\
### What it finds
A `file` under `[namespace.envelope]` or a `dead_letter` of a namespace that is no schema of the namespace, and a role of the envelope, \
such as `payload`, that leads to nothing in the envelope's schema.

### Why it is bad
Events are generated as if they had no envelope, or without what the role says of them; what is sent then is not what others read.

### Example
`file = \"_envelop.json\"` where the file is `_envelope.json`; `payload = \"/body\"` where the envelope has `data`.

### What to do
Correct the path, which is from the schema root, or the pointer, which is from the envelope's root.",
};

/// Finds such names.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (index, namespace) in cx.catalog.config.namespace.iter().enumerate() {
        if let Some(roles) = &namespace.envelope {
            let place = format!("/namespace/{index}/envelope");
            match cx.catalog.envelope(index) {
                Some(envelope) => lead_nowhere(cx, report, roles, envelope.root, &place),
                None => lost(cx, report, index, &roles.file, &format!("{place}/file")),
            }
        }
        if let Some(file) = &namespace.dead_letter
            && !cx.catalog.contracts.iter().any(|contract| cx.schemas().file(contract.file).path == *file)
        {
            lost(cx, report, index, file, &format!("/namespace/{index}/dead_letter"));
        }
    }
}

/// Tells of a file that is no contract of its namespace, unless somebody told why it is none.
fn lost(cx: &LintContext<'_>, report: &mut RuleReport, namespace: usize, file: &str, pointer: &str) {
    let config = &cx.catalog.config;
    let is_own = |path: &str| config.namespace_of(path).is_some_and(|(index, _)| index == namespace);
    let own: Vec<_> = cx.schemas().file_ids().map(|id| cx.schemas().file(id)).filter(|document| is_own(&document.path)).collect();
    if own.iter().any(|document| document.path == file && document.broken) {
        return;
    }
    let names = own.iter().map(|document| document.path.as_str());
    let help = did_you_mean(file, names, "name a schema of the namespace, by its path from the schema root");
    report.config(cx, pointer, format!("{file:?} is no schema of the namespace {:?}", config.namespace[namespace].name), help);
}

/// Tells of roles that the envelope has no place for.
fn lead_nowhere(cx: &LintContext<'_>, report: &mut RuleReport, roles: &EnvelopeRoles, root: NodeId, place: &str) {
    let payload = std::iter::once(("payload", roles.payload.as_str()));
    for (role, pointer) in payload.chain(roles.places()).filter(|(_, pointer)| !pointer.is_empty()) {
        if !paths::may_exist(cx, root, &split_pointer(pointer)) {
            // In eventc.toml the topic's role is called after CloudEvents' attribute.
            let key = if role == "topic" { "type" } else { role };
            let message = format!("{key:?} is at {pointer:?}, which leads to nothing in {:?}", roles.file);
            report.config(cx, &format!("{place}/{key}"), message, "name a place that the envelope's schema declares");
        }
    }
}
