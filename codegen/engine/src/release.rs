//! The files that `eventc release` writes: the bundled schema of every contract whose version is new.

mod differences;
pub(crate) mod settings;

use eventc_model::{
    GeneratedFile,
    bundle::bundle,
    catalog::{Catalog, Contract},
    date::Date,
    diagnostic::{Diagnostic, Level, Rule},
    history::{History, Release, digest, key},
    pool,
};
use rayon::prelude::*;
use serde_json::{Map, Value};

use self::differences::differences;

/// The plan of a release: what it would write, and what keeps it from writing more.
#[derive(Debug, Default)]
pub struct ReleasePlan {
    /// New releases, with paths below the releases folder.
    pub files: Vec<GeneratedFile>,
    /// Files of settings that get a record more, with their whole texts and paths below the releases folder.
    pub settings: Vec<GeneratedFile>,
    /// Contracts that changed without a new version.
    pub findings: Vec<Diagnostic>,
}

/// Every rule about releasing.
pub static RELEASING: &[&Rule] = &[&RELEASED_CHANGED];

/// See [`Rule::docs`].
pub static RELEASED_CHANGED: Rule = Rule {
    code: "EV202",
    name: "released-changed",
    level: Level::Error,
    summary: "a contract differs from its release of the same version",
    docs: "A released version is a promise to everybody who generated code from it or stored events under it, so it never changes. The \
           schema of the contract, with everything that it refers to, is no longer what was released under its version.\n\nOperational \
           keys in `x-event` (owner, producers, topic settings, deprecation, tags, allow) are not part of the promise and may change.\n\n\
           ```json\n\"x-event\": { \"version\": \"1.0.0\" }\n```\n\nRaise `version` in `x-event` (`eventc bump KEY` does it), then run \
           `eventc release`. A change of a shared definition changes every contract that refers to it.",
};

/// Plans what `eventc release` writes on a day: a file for each event, envelope and dead-letter record whose version is not
/// released yet. A contract that differs from the release of its version is a finding and is not written, like one whose version
/// cannot be read (which reading reports).
pub fn plan_releases(catalog: &Catalog, history: &History, today: Date) -> ReleasePlan {
    let planned: Vec<(Option<GeneratedFile>, Option<Diagnostic>)> =
        pool::run(|| catalog.contracts.par_iter().map(|contract| plan_release(catalog, contract, history, today)).collect());
    let (files, findings): (Vec<_>, Vec<_>) = planned.into_iter().unzip();
    ReleasePlan {
        files: files.into_iter().flatten().collect(),
        settings: settings::updates(catalog, history, today),
        findings: findings.into_iter().flatten().collect(),
    }
}

fn plan_release(catalog: &Catalog, contract: &Contract, history: &History, today: Date) -> (Option<GeneratedFile>, Option<Diagnostic>) {
    if catalog.is_version_unread(contract) {
        return (None, None);
    }
    let schema = bundle(&catalog.schemas, contract.root);
    match history.current(catalog, contract) {
        None => (Some(file(catalog, contract, schema, today)), None),
        Some(released) => (None, changed(catalog, contract, &schema, released)),
    }
}

/// Returns the finding that a contract's bundled schema differs from a release; operational keys do not count.
pub(crate) fn changed(catalog: &Catalog, contract: &Contract, schema: &Value, released: &Release) -> Option<Diagnostic> {
    if same_promise(schema, &released.schema) {
        return None;
    }
    let version = &released.version;
    let (now, then) = promises(schema, &released.schema);
    let what = differences(now, then);
    let message = format!("{} differs from {version} as it was released on {}: {what}", contract.topic, released.date);
    let document = catalog.schemas.file(contract.file);
    Some(
        Diagnostic::new(&RELEASED_CHANGED, document.key_place("/x-event/version"), message)
            .pointer("/x-event/version")
            .topic(contract.topic.clone())
            .help(format!("raise `version` in x-event above {version}, or undo the change; {} holds the release", released.file)),
    )
}

/// Returns whether two bundled schemas promise the same: `x-event` is no part of it, and a boolean is the same as the object that a release
/// makes of it.
pub(crate) fn same_promise(a: &Value, b: &Value) -> bool {
    let (a, b) = promises(a, b);
    let (Value::Object(a), Value::Object(b)) = (a, b) else { return members(a.clone()) == members(b.clone()) };
    let count = |members: &Map<String, Value>| members.len() - usize::from(members.contains_key("x-event"));
    count(a) == count(b) && a.iter().all(|(key, value)| key == "x-event" || b.get(key) == Some(value))
}

/// Returns what two bundled schemas promise: Avro's own words where both have them, whatever JSON Schema is made of those.
fn promises<'a>(a: &'a Value, b: &'a Value) -> (&'a Value, &'a Value) {
    let avro = |schema: &'a Value| schema.get("x-avro")?.get("schema");
    avro(a).zip(avro(b)).unwrap_or((a, b))
}

/// Returns a schema as an object. A boolean can carry no note and becomes an object that means the same.
fn members(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(members) => members,
        Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Bool(true))]),
        _ => Map::new(),
    }
}

fn file(catalog: &Catalog, contract: &Contract, schema: Value, today: Date) -> GeneratedFile {
    let mut members = members(schema);
    let note = serde_json::json!({
        "topic": contract.topic,
        "version": contract.version.to_string(),
        "date": today.to_string(),
        "digest": digest(&Value::Object(members.clone())),
    });
    let at = usize::from(members.keys().next().is_some_and(|key| key == "$schema"));
    members.shift_insert(at, "x-release".into(), note);
    let path = format!("{}/{}.json", key(catalog, contract), contract.version);
    GeneratedFile { path, text: format!("{:#}\n", Value::Object(members)) }
}
