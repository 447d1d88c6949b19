//! What was released: the bundled schema of every released version, below the releases folder.
//!
//! A release is a file `<namespace>/<path>/<version>.json`: the contract's [bundled](crate::bundle) schema with one annotation more at
//! its root, `x-release`: `{"topic", "version", "date", "digest"}`. The digest is the SHA-256 of the schema without that annotation,
//! with keys sorted and no white space; it shows when somebody edits a release, which nobody may. The files are read through
//! [`eventc_model::source::Tree`], like the schema tree.

use std::{collections::BTreeMap, io, path::Path, sync::Arc};

use eventc_model::{
    GeneratedFile,
    catalog::{Catalog, Contract, ContractKind},
    diagnostic::{Diagnostic, Level, Rule},
    source::{Limits, Tree},
    syntax::Document,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{bundle::bundle, date::Date, pool};

/// All releases, by namespace and path (`omninode/codegen/request/validate`), oldest version first.
#[derive(Debug, Default, Clone)]
pub struct History {
    /// Releases of each contract, all majors together. Envelopes and dead letters keep the `_` of their file's name.
    pub releases: BTreeMap<String, Vec<Release>>,
}

/// One released version of a contract.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: semver::Version,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    /// Its topic.
    pub topic: String,
    /// The bundled schema, without `x-release`.
    pub schema: Value,
    /// The file, as a person would name it.
    pub file: String,
    /// The file's text.
    pub text: Arc<str>,
}

/// The annotation `x-release` at the root of a released schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseNote {
    /// The topic of the contract.
    pub topic: String,
    /// The released version.
    pub version: String,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    /// `sha256:` and the digest of the schema, see [`digest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// What a release would write, and what keeps it from writing more.
#[derive(Debug, Default)]
pub struct ReleasePlan {
    /// New releases, with paths below the releases folder.
    pub files: Vec<GeneratedFile>,
    /// Contracts that changed without a new version.
    pub findings: Vec<Diagnostic>,
}

/// Every rule about releases.
pub static RELEASES: &[&Rule] = &[&BAD_RELEASE, &RELEASED_CHANGED, &RELEASE_EDITED];

/// See [`Rule::docs`].
pub static BAD_RELEASE: Rule = Rule {
    code: "EV201",
    name: "bad-release",
    level: Level::Error,
    summary: "a file in the releases folder is no release",
    docs: "A release is a file `<namespace>/<path>/<version>.json` that holds a JSON Schema with the annotation `x-release` at its root: \
           `topic`, `version` (that of the file's name), `date` (`YYYY-MM-DD`) and `digest`.\n\nReleases are written by `eventc release` \
           and never by hand. Take the file out of the folder, or restore it from version control.",
};

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

/// See [`Rule::docs`].
pub static RELEASE_EDITED: Rule = Rule {
    code: "EV203",
    name: "release-edited",
    level: Level::Error,
    summary: "a release was edited after it was written",
    docs: "The digest in `x-release` is not that of the schema beside it: the file was changed by hand, or damaged in a merge. \
           Compatibility would be judged against something that was never released.\n\nRestore the file from version control.",
};

impl History {
    /// Reads all releases below a folder. A folder that does not exist holds none.
    ///
    /// # Errors
    /// Where the folder exists and cannot be read. Whatever is wrong below it becomes a diagnostic.
    pub fn read(dir: &Path, limits: &Limits) -> io::Result<(Self, Vec<Diagnostic>)> {
        Self::texts(dir, limits).map(Self::from_tree)
    }

    /// The texts of all releases below a folder; see [`History::read`].
    pub(crate) fn texts(dir: &Path, limits: &Limits) -> io::Result<Tree> {
        match Tree::read(dir, limits) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Tree::default()),
            read => read,
        }
    }

    /// Reads releases from texts: pairs of a path below the releases folder and the file's text.
    ///
    /// ```
    /// use eventc_codegen::{history::History, model::source::Limits};
    ///
    /// let text = r#"{"x-release": {"topic": "order.created", "version": "1.2.0", "date": "2026-11-21"}, "type": "object"}"#;
    /// let (history, problems) = History::from_texts([("shop/order/created/1.2.0.json", text)], &Limits::default());
    /// assert!(problems.is_empty());
    /// assert_eq!(history.releases["shop/order/created"][0].version.minor, 2);
    /// ```
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, limits: &Limits) -> (Self, Vec<Diagnostic>) {
        Self::from_tree(Tree::from_texts(files, limits))
    }

    pub(crate) fn from_tree(tree: Tree) -> (Self, Vec<Diagnostic>) {
        let mut history = Self::default();
        let Tree { files, mut diagnostics, limits } = tree;
        let read = |file| {
            let (document, problems) = Document::parse(file, &limits);
            (document.map(|document| release(&document)), problems)
        };
        let read: Vec<_> = pool::install(|| files.into_par_iter().map(read).collect());
        for (read, problems) in read {
            diagnostics.extend(problems);
            match read {
                Some(Ok((key, release, problem))) => {
                    diagnostics.extend(problem);
                    history.releases.entry(key).or_default().push(release);
                }
                Some(Err(problem)) => diagnostics.push(*problem),
                None => {}
            }
        }
        for releases in history.releases.values_mut() {
            releases.sort_by(|a, b| a.version.cmp(&b.version));
        }
        eventc_model::diagnostic::sort(&mut diagnostics);
        (history, diagnostics)
    }

    /// Every release of a contract's path, all majors together, oldest version first.
    pub fn of(&self, catalog: &Catalog, contract: &Contract) -> &[Release] {
        self.releases.get(&key(catalog, contract)).map_or(&[], Vec::as_slice)
    }

    /// The releases of a contract's own major, oldest version first.
    pub fn of_major<'a>(&'a self, catalog: &Catalog, contract: &Contract) -> impl Iterator<Item = &'a Release> + use<'a> {
        let major = u64::from(contract.major);
        self.of(catalog, contract).iter().filter(move |release| release.version.major == major)
    }

    /// The release of exactly the version that a contract has now.
    pub fn current<'a>(&'a self, catalog: &Catalog, contract: &Contract) -> Option<&'a Release> {
        let version = semver::Version::parse(&contract.version()).ok()?;
        self.of(catalog, contract).iter().find(|release| release.version == version)
    }
}

/// The name of a contract in [`History::releases`]: its namespace and path.
pub fn key(catalog: &Catalog, contract: &Contract) -> String {
    let namespace = catalog.namespace(contract).name.as_str();
    let mut parts: Vec<&str> = Some(namespace).filter(|name| !name.is_empty()).into_iter().collect();
    parts.extend(contract.path.iter().map(String::as_str));
    let mut key = parts.join("/");
    if contract.kind != ContractKind::Event {
        // An event may well be called `envelope`; the file of the envelope begins with `_`.
        let at = key.rfind('/').map_or(0, |slash| slash + 1);
        key.insert(at, '_');
    }
    key
}

/// What `eventc release` writes on a day (`YYYY-MM-DD`): a file for each event, envelope and dead-letter record whose version is not
/// released yet. A contract that differs from the release of its version is a finding and is not written, like one whose version
/// cannot be read (which lint reports).
pub fn plan_releases(catalog: &Catalog, history: &History, today: &str) -> ReleasePlan {
    let planned: Vec<(Option<GeneratedFile>, Option<Diagnostic>)> =
        pool::install(|| catalog.contracts.par_iter().map(|contract| plan_release(catalog, contract, history, today)).collect());
    let (files, findings): (Vec<_>, Vec<_>) = planned.into_iter().unzip();
    ReleasePlan { files: files.into_iter().flatten().collect(), findings: findings.into_iter().flatten().collect() }
}

fn plan_release(catalog: &Catalog, contract: &Contract, history: &History, today: &str) -> (Option<GeneratedFile>, Option<Diagnostic>) {
    if semver::Version::parse(&contract.version()).is_err() {
        return (None, None);
    }
    let schema = bundle(&catalog.schemas, contract.root);
    match history.current(catalog, contract) {
        None => (Some(file(catalog, contract, schema, today)), None),
        Some(released) => (None, changed(catalog, contract, &schema, released)),
    }
}

/// The finding that a contract's bundled schema differs from a release; operational keys do not count.
pub(crate) fn changed(catalog: &Catalog, contract: &Contract, schema: &Value, released: &Release) -> Option<Diagnostic> {
    if same_promise(schema, &released.schema) {
        return None;
    }
    let version = &released.version;
    let message = format!("{} differs from {version} as it was released on {}", contract.topic, released.date);
    let document = catalog.schemas.file(contract.file);
    Some(
        Diagnostic::new(&RELEASED_CHANGED, document.key_place("/x-event/version"), message)
            .pointer("/x-event/version")
            .topic(contract.topic.clone())
            .help(format!("raise `version` in x-event above {version}, or undo the change; {} holds the release", released.file)),
    )
}

/// Whether two bundled schemas promise the same: `x-event` is no part of it, and a boolean is the same as the object that a release
/// makes of it.
pub(crate) fn same_promise(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else { return members(a.clone()) == members(b.clone()) };
    let count = |members: &Map<String, Value>| members.len() - usize::from(members.contains_key("x-event"));
    count(a) == count(b) && a.iter().all(|(key, value)| key == "x-event" || b.get(key) == Some(value))
}

/// A schema as an object. A boolean can carry no note and becomes an object that means the same.
fn members(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(members) => members,
        Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Bool(true))]),
        _ => Map::new(),
    }
}

fn file(catalog: &Catalog, contract: &Contract, schema: Value, today: &str) -> GeneratedFile {
    let mut members = members(schema);
    let note = serde_json::json!({
        "topic": contract.topic,
        "version": contract.version(),
        "date": today,
        "digest": digest(&Value::Object(members.clone())),
    });
    let at = usize::from(members.keys().next().is_some_and(|key| key == "$schema"));
    members.shift_insert(at, "x-release".into(), note);
    let path = format!("{}/{}.json", key(catalog, contract), contract.version());
    GeneratedFile { path, text: format!("{:#}\n", Value::Object(members)) }
}

/// A release from its file, with the finding that it was edited.
fn release(document: &Document) -> Result<(String, Release, Option<Diagnostic>), Box<Diagnostic>> {
    let bad = |pointer: &str, message: String| {
        let place = document.place(pointer);
        let help = "releases are written by `eventc release`; restore the file, or take it out of the folder";
        Box::new(Diagnostic::new(&BAD_RELEASE, place, message).pointer(pointer).help(help))
    };
    let (key, name) = document.path.rsplit_once('/').ok_or_else(|| bad("", "a release lies in a folder of its contract".into()))?;
    let stem = name.strip_suffix(".json").ok_or_else(|| bad("", "a release is a .json file".into()))?;
    let version = semver::Version::parse(stem).map_err(|error| bad("", format!("the file's name is no version: {error}")))?;
    let Value::Object(mut schema) = document.value.clone() else {
        return Err(bad("", "a release is a schema with the annotation x-release".into()));
    };
    let note = schema.shift_remove("x-release").ok_or_else(|| bad("", "the annotation x-release is missing".into()))?;
    let note: ReleaseNote = serde_json::from_value(note).map_err(|error| bad("/x-release", error.to_string()))?;
    if note.version != stem {
        return Err(bad("/x-release/version", format!("the file's name says {stem}, x-release says {}", note.version)));
    }
    if Date::parse(&note.date).is_none() {
        return Err(bad("/x-release/date", format!("{:?} is no day of the form YYYY-MM-DD", note.date)));
    }
    let schema = Value::Object(schema);
    let edited = note.digest.as_deref().filter(|noted| *noted != digest(&schema)).map(|_| {
        Diagnostic::new(&RELEASE_EDITED, document.place("/x-release/digest"), "the schema is not the one that this digest was made from")
            .pointer("/x-release/digest")
            .topic(note.topic.clone())
            .help("restore the file from version control")
    });
    let release =
        Release { version, date: note.date, topic: note.topic, schema, file: document.shown.to_string(), text: document.text.clone() };
    Ok((key.to_owned(), release, edited))
}

/// `sha256:` and the SHA-256, in lower-case hex, of a value's canonical text: keys sorted by code point, no white space, numbers as
/// they are spelled.
///
/// ```
/// use eventc_codegen::history::digest;
/// use serde_json::json;
/// assert_eq!(digest(&json!({"a": 1, "b": [true]})), digest(&json!({"b": [true], "a": 1})));
/// ```
pub fn digest(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    let hash = Sha256::digest(sorted.to_string().as_bytes());
    let mut out = String::from("sha256:");
    for byte in hash {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}
