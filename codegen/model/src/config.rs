//! `eventc.toml`: namespaces, services, owners, targets and rule levels.

mod broker;
mod envelope;
mod environment;
mod environment_check;
mod interpolated;
mod namespace;
mod people;
mod promise;
mod repository;
mod security;
mod server;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::environment_check::EnvironmentCheck;
pub use self::{
    broker::{Broker, Protocol},
    envelope::EnvelopeRoles,
    environment::{BrokerVersion, Environment, EnvironmentBroker, Placement, PostgresAccess, Principal, RegistryAccess},
    interpolated::{Interpolated, Unresolved},
    namespace::{Case, Namespace},
    people::{Approvals, Consumption, ContactWay, DeprecationPolicy, Owner, Service, ServiceQuota},
    promise::{Compatibility, ContentModel, FormatReading, PatternEngine, Tolerance},
    repository::{FileAddress, Repository},
    security::{Sasl, SaslMechanism, Security, Tls},
    server::Server,
};
use crate::{
    decode,
    diagnostic::{self, Diagnostic, Level, Place, Rule},
    layout::Placed,
    source::{Limits, SourceFile, SourceFormat},
    syntax::{Document, escape_pointer},
};

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Root folder of the schema tree. Default `schemas/events`.
    pub schemas: String,
    /// Folder of released schemas. Default `schemas/releases`.
    pub releases: String,
    /// Folder of generated files. Default `generated`.
    pub out: String,
    /// The addresses of the repository's files on the code host, for links in what people read.
    #[serde(skip_serializing_if = "Repository::is_none")]
    pub repository: Repository,
    /// Parts of the tree that share a convention, the first whose root holds a file counts.
    pub namespace: Vec<Namespace>,
    /// Everybody who may own a contract or a service.
    pub owners: BTreeMap<String, Owner>,
    /// Everybody who sends or reads events.
    pub services: BTreeMap<String, Service>,
    /// Places where services run, by name: brokers, registry, database, and what differs there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environments: BTreeMap<String, Environment>,
    /// Targets that are generated, by name; options are the target's own.
    pub targets: BTreeMap<String, Value>,
    /// Levels of rules, by name or code.
    pub rules: BTreeMap<String, Level>,
    /// The policy for contracts that leave.
    pub deprecation: DeprecationPolicy,
    /// The owners who may accept what the gate finds.
    pub approvals: Approvals,
    /// Bounds on what is read.
    pub limits: Limits,
    /// Places of the files of URLs that references name: a folder, from the file's own, for each URL or beginning of URLs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
    /// Whether the tree is a folder without configuration, in which mistakes that leave the meaning clear are warnings.
    #[serde(skip)]
    pub unconfigured: bool,
    /// Whether paths are read by guess, in a folder without configuration.
    #[serde(skip)]
    pub guesses_layout: bool,
    /// Whether every version of an event that the paths tell apart is a contract, and not only the newest of each major.
    #[serde(skip)]
    pub all_versions: bool,
    /// Options of targets that whoever runs eventc sets, by target: stronger than those of the file.
    #[serde(skip)]
    pub overrides: BTreeMap<String, Map<String, Value>>,
    /// The file that it was read from.
    #[serde(skip)]
    pub document: Option<Arc<Document>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            schemas: "schemas/events".into(),
            releases: "schemas/releases".into(),
            out: "generated".into(),
            repository: Repository::default(),
            namespace: Vec::new(),
            owners: BTreeMap::new(),
            services: BTreeMap::new(),
            environments: BTreeMap::new(),
            targets: BTreeMap::new(),
            rules: BTreeMap::new(),
            deprecation: DeprecationPolicy::default(),
            approvals: Approvals::default(),
            limits: Limits::default(),
            map: BTreeMap::new(),
            unconfigured: false,
            guesses_layout: false,
            all_versions: false,
            overrides: BTreeMap::new(),
            document: None,
        }
    }
}

impl Config {
    /// Returns the place of a setting, by its JSON Pointer; `eventc.toml` as a whole where there is no file.
    pub fn place(&self, pointer: &str) -> Place {
        self.document.as_ref().map_or_else(|| Place::whole("eventc.toml"), |document| document.key_place(pointer))
    }

    /// Returns the level that `rules` sets for a rule, by its name or else by its code.
    pub fn level_of(&self, rule: &Rule) -> Option<Level> {
        self.rules.get(rule.name).or_else(|| self.rules.get(rule.code)).copied()
    }

    /// Returns findings at the levels that `rules` sets, without those that it turns off. Errors of reading stay what they are: what could
    /// not be read cannot be judged. Those that leave the meaning clear are warnings in a bare folder.
    pub fn leveled(&self, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let clear = |finding: &Diagnostic| diagnostic::TOLERATED.contains(&finding.rule);
        let stays = |finding: &Diagnostic| finding.level == Level::Error && diagnostic::READING.contains(&finding.rule) && !clear(finding);
        for finding in findings.iter_mut().filter(|finding| !stays(finding)) {
            if self.unconfigured && clear(finding) {
                finding.level = Level::Warning;
            }
            if let Some(level) = self.level_of(finding.rule) {
                finding.level = level;
            }
        }
        findings.retain(|finding| finding.level != Level::Off);
        findings
    }

    /// Returns whether the patterns of a file are left to the engine of each language, by its path below the schema root.
    pub fn has_native_patterns(&self, path: &str) -> bool {
        self.namespace_of(path).is_some_and(|(_, namespace)| namespace.patterns == PatternEngine::Native)
    }

    /// Returns the namespace that holds a file, by its path below the schema root, and its index: of several, that of the longest root.
    pub fn namespace_of(&self, path: &str) -> Option<(usize, &Namespace)> {
        let holding = self.namespace.iter().enumerate().filter(|(_, namespace)| path.starts_with(&namespace.prefix()));
        holding.max_by_key(|(_, namespace)| namespace.prefix().len())
    }

    /// Reads what a path says of a schema, below the root of its namespace.
    pub fn placed<'p>(&self, path: &'p str) -> Placed<'p> {
        let namespace = self.namespace_of(path).map(|(_, namespace)| namespace);
        let below = namespace.map_or(path, |namespace| &path[namespace.prefix().len()..]);
        let stated = namespace.and_then(|namespace| namespace.layout.as_ref()?.read(below));
        stated.unwrap_or_else(|| if self.guesses_layout { Placed::guess(below) } else { Placed::by_convention(below) })
    }

    /// Returns whether the paths of a namespace tell versions that follow each other.
    pub fn tells_versions(&self, namespace: &Namespace) -> bool {
        self.guesses_layout || namespace.layout.is_some()
    }

    /// Returns the options of a target as its own type; defaults where the configuration says nothing.
    ///
    /// # Errors
    /// Every unknown key and bad value, with its place and a suggestion.
    pub fn target<T: serde::de::DeserializeOwned + Default>(&self, name: &str) -> Result<T, Vec<Diagnostic>> {
        let (written, overrides) = (self.targets.get(name), self.overrides.get(name));
        let pointer = format!("/targets/{name}");
        let options = match (written, &self.document) {
            (None, _) => T::default(),
            (Some(_), Some(document)) => {
                let (options, problems) = decode::decode(document, &pointer, &diagnostic::BAD_CONFIG);
                if !problems.is_empty() {
                    return Err(problems);
                }
                options
            }
            (Some(value), None) => self.options(&pointer, value.clone())?,
        };
        let Some(overrides) = overrides else { return Ok(options) };
        let mut members = written.and_then(Value::as_object).cloned().unwrap_or_default();
        members.extend(overrides.clone());
        self.options(&pointer, Value::Object(members))
    }

    /// Returns options from a value that stands in no file.
    fn options<T: serde::de::DeserializeOwned>(&self, pointer: &str, value: Value) -> Result<T, Vec<Diagnostic>> {
        let problem = |error: serde_json::Error| {
            vec![Diagnostic::new(&diagnostic::BAD_CONFIG, self.place(pointer), error.to_string()).pointer(pointer)]
        };
        serde_json::from_value(value).map_err(problem)
    }

    /// Returns the configuration of a folder that has none: one namespace without a name and without conventions.
    pub fn without_conventions() -> Self {
        Self { namespace: vec![Namespace::default()], unconfigured: true, guesses_layout: true, ..Self::default() }
    }

    /// Reads the text of `eventc.toml`. Every unknown key and bad value is reported with its place and a suggestion.
    pub fn parse(shown: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let file = SourceFile::of_text(shown, SourceFormat::Toml, text);
        let (document, mut diagnostics) = Document::parse(file, &Limits::default());
        let Some(document) = document else { return (Self::default(), diagnostics) };
        let (mut config, problems) = decode::decode::<Self>(&document, "", &diagnostic::BAD_CONFIG);
        diagnostics.extend(problems);
        config.check(&document, &mut diagnostics);
        config.document = Some(Arc::new(document));
        diagnostic::sort(&mut diagnostics);
        (config, diagnostics)
    }

    /// Reports what the types cannot say: names and roots that occur twice, and consumers of nothing.
    fn check(&self, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        // A misspelled `topics` is reported already, and leaves none.
        if diagnostics.is_empty() {
            for (name, service) in &self.services {
                for (index, _) in service.consumes.iter().enumerate().filter(|(_, consumption)| consumption.topics.is_empty()) {
                    let pointer = format!("/services/{}/consumes/{index}", escape_pointer(name));
                    diagnostics.push(
                        Diagnostic::new(&diagnostic::BAD_CONFIG, document.place(&pointer), "this entry names no topics")
                            .pointer(pointer)
                            .help("add `topics`, a glob or a list of them"),
                    );
                }
            }
        }
        for (index, _) in self.approvals.breaks.iter().enumerate().filter(|(_, name)| !self.owners.contains_key(*name)) {
            let pointer = format!("/approvals/breaks/{index}");
            let message = format!("there is no owner {:?}", self.approvals.breaks[index]);
            let help = match crate::names::nearest(&self.approvals.breaks[index], self.owners.keys().map(String::as_str)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "name somebody under [owners]".to_owned(),
            };
            diagnostics.push(Diagnostic::new(&diagnostic::BAD_CONFIG, document.place(&pointer), message).pointer(pointer).help(help));
        }
        EnvironmentCheck::all(self, document, diagnostics);
        for (index, namespace) in self.namespace.iter().enumerate() {
            namespace.check(index, document, diagnostics);
            for earlier in &self.namespace[..index] {
                for (key, same) in [("name", earlier.name == namespace.name), ("root", earlier.root == namespace.root)] {
                    if same {
                        let pointer = format!("/namespace/{index}/{key}");
                        let message = format!("two namespaces have the same {key}");
                        diagnostics.push(
                            Diagnostic::new(&diagnostic::BAD_CONFIG, document.place(&pointer), message)
                                .pointer(pointer)
                                .help("give each namespace its own"),
                        );
                    }
                }
            }
        }
    }
}
