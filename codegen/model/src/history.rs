//! The releases: the bundled schema of every released version, below the releases folder.
//!
//! A release is a file `<namespace>/<path>/<version>.json`: the contract's [bundled](crate::bundle) schema with one annotation more at
//! its root, `x-release`: `{"topic", "version", "date", "digest"}`. The digest is the SHA-256 of the schema without that annotation,
//! with keys sorted and no white space; it shows when somebody edits a release, which nobody may. The files are read through
//! [`crate::source::Tree`], like the schema tree. Beside the versions of a contract stand its [settings].

pub mod settings;

use std::{
    collections::{BTreeMap, HashSet},
    io,
    path::Path,
    sync::Arc,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::settings::{SettingsHistory, SettingsRecord};
use crate::{
    catalog::{Catalog, Contract, ContractKind},
    date::Date,
    decode,
    diagnostic::{Diagnostic, Level, Rule},
    pool,
    source::{Limits, SETTINGS_FILE, SourceFormat, Tree},
    syntax::Document,
    version::{self, Version},
};

/// All releases, by namespace and path (`omninode/codegen/request/validate`), oldest version first.
#[derive(Debug, Default, Clone)]
pub struct History {
    /// Releases of each contract, all majors together. Envelopes and dead letters keep the `_` of their file's name.
    pub releases: BTreeMap<String, Vec<Release>>,
    /// The settings of each contract since it was released, all majors together, in the order of their file.
    pub settings: BTreeMap<String, SettingsHistory>,
}

/// One released version of a contract.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The day of the release.
    pub date: Date,
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
    #[serde(with = "version")]
    pub version: Version,
    /// The day of the release.
    pub date: Date,
    /// `sha256:` and the digest of the schema, see [`digest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Every rule about the files of releases.
pub static RELEASES: &[&Rule] = &[&BAD_RELEASE, &RELEASE_EDITED];

/// See [`Rule::docs`].
pub static BAD_RELEASE: Rule = Rule {
    code: "EV201",
    name: "bad-release",
    level: Level::Error,
    summary: "a file in the releases folder is no release",
    docs: "A release is a file `<namespace>/<path>/<version>.json` that holds a JSON Schema with the annotation `x-release` at its root: \
           `topic`, `version` (that of the file's name), `date` (`YYYY-MM-DD`) and `digest`; beside it lies `settings.jsonl`, with a record of \
           the contract's settings a line.\n\nReleases are written by `eventc release` \
           and never by hand. Take the file out of the folder, or restore it from version control.",
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

    /// Returns the texts of all releases below a folder; see [`History::read`].
    pub fn texts(dir: &Path, limits: &Limits) -> io::Result<Tree> {
        match Tree::read_releases(dir, limits) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Tree::default()),
            read => read,
        }
    }

    /// Reads releases from texts: pairs of a path below the releases folder and the file's text.
    ///
    /// ```
    /// use eventc_model::{history::History, source::Limits};
    ///
    /// let text = r#"{"x-release": {"topic": "order.created", "version": "1.2.0", "date": "2026-11-21"}, "type": "object"}"#;
    /// let (history, problems) = History::from_texts([("shop/order/created/1.2.0.json", text)], &Limits::default());
    /// assert!(problems.is_empty());
    /// assert_eq!(history.releases["shop/order/created"][0].version.minor, 2);
    /// ```
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, limits: &Limits) -> (Self, Vec<Diagnostic>) {
        Self::from_tree(Tree::from_release_texts(files, limits))
    }

    /// Reads releases from the texts of a folder of them.
    pub fn from_tree(tree: Tree) -> (Self, Vec<Diagnostic>) {
        let mut history = Self::default();
        let Tree { files, mut diagnostics, limits, .. } = tree;
        let (settings, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.format == SourceFormat::JsonLines);
        for file in &settings {
            let (read, problems) = SettingsHistory::read(file);
            diagnostics.extend(problems);
            history.settings.insert(file.path.trim_end_matches(SETTINGS_FILE).trim_end_matches('/').to_owned(), read);
        }
        let read = |file| {
            let (document, problems) = Document::parse(file, &limits);
            (document.map(|document| release(&document)), problems)
        };
        let read: Vec<_> = pool::run(|| files.into_par_iter().map(read).collect());
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
        crate::diagnostic::sort(&mut diagnostics);
        (history, diagnostics)
    }

    /// Returns every release of a contract's path, all majors together, oldest version first.
    pub fn of(&self, catalog: &Catalog, contract: &Contract) -> &[Release] {
        self.releases.get(&key(catalog, contract)).map_or(&[], Vec::as_slice)
    }

    /// Returns the releases of a contract's own major, oldest version first.
    pub fn of_major<'a>(&'a self, catalog: &Catalog, contract: &Contract) -> impl Iterator<Item = &'a Release> + use<'a> {
        let major = u64::from(contract.major);
        self.of(catalog, contract).iter().filter(move |release| release.version.major == major)
    }

    /// Returns the newest release of each major of each contract, with the contract's name in [`History::releases`] and the major.
    pub fn newest(&self) -> impl Iterator<Item = (&str, u32, &Release)> {
        let mut newest: BTreeMap<(&str, u32), &Release> = BTreeMap::new();
        for (key, releases) in &self.releases {
            for release in releases {
                newest.insert((key, u32::try_from(release.version.major).unwrap_or(u32::MAX)), release);
            }
        }
        newest.into_iter().map(|((key, major), release)| (key, major, release))
    }

    /// Returns the settings of a contract's major as they were when they were last released.
    pub fn settings(&self, catalog: &Catalog, contract: &Contract) -> Option<&SettingsRecord> {
        self.settings_of(&key(catalog, contract), contract.major)
    }

    /// Returns the settings of a major of the contract of this name as they were when they were last released.
    pub fn settings_of(&self, key: &str, major: u32) -> Option<&SettingsRecord> {
        self.settings.get(key)?.records.iter().rfind(|record| record.major == major)
    }

    /// Returns the release of exactly the version that a contract has now.
    pub fn current<'a>(&'a self, catalog: &Catalog, contract: &Contract) -> Option<&'a Release> {
        self.of(catalog, contract).iter().find(|release| release.version == contract.version)
    }
}

/// Returns every contract as releases know it: its name in [`History::releases`], and its major.
pub fn majors(catalog: &Catalog) -> HashSet<(String, u32)> {
    catalog.contracts.iter().map(|contract| (key(catalog, contract), contract.major)).collect()
}

/// Returns the name of a contract in [`History::releases`]: its namespace and path.
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

/// Returns a release from its file, with the finding that it was edited.
fn release(document: &Document) -> Result<(String, Release, Option<Diagnostic>), Box<Diagnostic>> {
    let bad = |pointer: &str, message: String| {
        let place = document.place(pointer);
        let help = "releases are written by `eventc release`; restore the file, or take it out of the folder";
        Box::new(Diagnostic::new(&BAD_RELEASE, place, message).pointer(pointer).help(help))
    };
    let (key, name) = document.path.rsplit_once('/').ok_or_else(|| bad("", "a release lies in a folder of its contract".into()))?;
    let stem = name.strip_suffix(".json").ok_or_else(|| bad("", "a release is a .json file".into()))?;
    let version = Version::parse(stem).map_err(|error| bad("", format!("the file's name is no version: {error}")))?;
    let Value::Object(mut schema) = document.value.clone() else {
        return Err(bad("", "a release is a schema with the annotation x-release".into()));
    };
    let note = schema.shift_remove("x-release").ok_or_else(|| bad("", "the annotation x-release is missing".into()))?;
    let note: ReleaseNote = decode::whole(&note).map_err(|problem| bad(&format!("/x-release{}", problem.pointer), problem.message))?;
    if note.version != version {
        return Err(bad("/x-release/version", format!("the file's name says {stem}, x-release says {}", note.version)));
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

/// Returns `sha256:` and the SHA-256, in lower-case hex, of a value's canonical text: keys sorted by code point, no white space, numbers as
/// they are spelled.
///
/// ```
/// use eventc_model::history::digest;
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
