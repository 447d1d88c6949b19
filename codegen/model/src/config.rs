//! `eventc.toml`: namespaces, services, owners, targets and rule levels.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    decode,
    diagnostic::{self, Diagnostic, Level, Place},
    handle::Handle,
    layout::{Placed, Template},
    metadata::TopicSettings,
    schema::Dialect,
    source::{Limits, SourceFile, SourceFormat},
    syntax::{Document, escape_pointer},
    topic::TopicPattern,
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
    /// Parts of the tree that share a convention, the first whose root holds a file counts.
    pub namespace: Vec<Namespace>,
    /// Everybody who may own a contract or a service.
    pub owners: BTreeMap<String, Owner>,
    /// Everybody who sends or reads events.
    pub services: BTreeMap<String, Service>,
    /// What is generated, by target name; options are the target's own.
    pub targets: BTreeMap<String, Value>,
    /// Levels of rules, by name or code.
    pub rules: BTreeMap<String, Level>,
    /// How contracts leave.
    pub deprecation: DeprecationPolicy,
    /// Who may accept what the gate finds.
    pub approvals: Approvals,
    /// Bounds on what is read.
    pub limits: Limits,
    /// Where the files of URLs are that references name: a folder, from the file's own, for each URL or beginning of URLs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
    /// Whether the tree is a folder without configuration, in which mistakes that leave the meaning clear are warnings.
    #[serde(skip)]
    pub bare: bool,
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
            namespace: Vec::new(),
            owners: BTreeMap::new(),
            services: BTreeMap::new(),
            targets: BTreeMap::new(),
            rules: BTreeMap::new(),
            deprecation: DeprecationPolicy::default(),
            approvals: Approvals::default(),
            limits: Limits::default(),
            map: BTreeMap::new(),
            bare: false,
            guesses_layout: false,
            all_versions: false,
            overrides: BTreeMap::new(),
            document: None,
        }
    }
}

impl Config {
    /// The place of a setting, by its JSON Pointer; `eventc.toml` as a whole where there is no file.
    pub fn place(&self, pointer: &str) -> Place {
        self.document.as_ref().map_or_else(|| Place::whole("eventc.toml"), |document| document.key_place(pointer))
    }

    /// Findings at the levels that `rules` sets, without those that it turns off. Errors of reading stay what they are: what could not be
    /// read cannot be judged. Those that leave the meaning clear are warnings in a bare folder.
    pub fn leveled(&self, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let clear = |finding: &Diagnostic| diagnostic::TOLERATED.contains(&finding.rule);
        let stays = |finding: &Diagnostic| finding.level == Level::Error && diagnostic::READING.contains(&finding.rule) && !clear(finding);
        for finding in findings.iter_mut().filter(|finding| !stays(finding)) {
            if self.bare && clear(finding) {
                finding.level = Level::Warning;
            }
            if let Some(level) = [finding.rule.code, finding.rule.name].iter().find_map(|name| self.rules.get(*name)) {
                finding.level = *level;
            }
        }
        findings.retain(|finding| finding.level != Level::Off);
        findings
    }

    /// The namespace that holds a file, by its path below the schema root, and its index: of several, that of the longest root.
    pub fn namespace_of(&self, path: &str) -> Option<(usize, &Namespace)> {
        let holding = self.namespace.iter().enumerate().filter(|(_, namespace)| path.starts_with(&namespace.prefix()));
        holding.max_by_key(|(_, namespace)| namespace.prefix().len())
    }

    /// What a path says of a schema, below the root of its namespace.
    pub fn placed<'p>(&self, path: &'p str) -> Placed<'p> {
        let namespace = self.namespace_of(path).map(|(_, namespace)| namespace);
        let below = namespace.map_or(path, |namespace| &path[namespace.prefix().len()..]);
        let stated = namespace.and_then(|namespace| namespace.layout.as_ref()?.read(below));
        stated.unwrap_or_else(|| if self.guesses_layout { Placed::guess(below) } else { Placed::by_convention(below) })
    }

    /// Whether the paths of a namespace tell versions that follow each other.
    pub fn tells_versions(&self, namespace: &Namespace) -> bool {
        self.guesses_layout || namespace.layout.is_some()
    }

    /// The options of a target as its own type; defaults where the configuration says nothing.
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

    /// Options from a value that stands in no file.
    fn options<T: serde::de::DeserializeOwned>(&self, pointer: &str, value: Value) -> Result<T, Vec<Diagnostic>> {
        let problem = |error: serde_json::Error| {
            vec![Diagnostic::new(&diagnostic::BAD_CONFIG, self.place(pointer), error.to_string()).pointer(pointer)]
        };
        serde_json::from_value(value).map_err(problem)
    }

    /// The configuration of a folder that has none: one namespace without a name and without conventions.
    pub fn without_conventions() -> Self {
        Self { namespace: vec![Namespace::default()], bare: true, guesses_layout: true, ..Self::default() }
    }

    /// Reads the text of `eventc.toml`. Every unknown key and bad value is reported with its place and a suggestion.
    pub fn parse(shown: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let file = SourceFile { path: shown.into(), shown: shown.into(), format: SourceFormat::Toml, text: text.into(), unread: false };
        let (document, mut diagnostics) = Document::parse(file, &Limits::default());
        let Some(document) = document else { return (Self::default(), diagnostics) };
        let (mut config, problems) = decode::decode::<Self>(&document, "", &diagnostic::BAD_CONFIG);
        diagnostics.extend(problems);
        config.check(&document, &mut diagnostics);
        config.document = Some(Arc::new(document));
        diagnostic::sort(&mut diagnostics);
        (config, diagnostics)
    }

    /// What the types cannot say: names and roots that occur twice, and consumers of nothing.
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
        for (index, namespace) in self.namespace.iter().enumerate() {
            check_stamps(index, namespace, document, diagnostics);
            let domains = namespace.domain.iter().map(|(name, settings)| (format!("domain/{}", escape_pointer(name)), settings));
            for (below, settings) in std::iter::once(("topic".to_owned(), &namespace.topic)).chain(domains) {
                diagnostics.extend(settings.problems(document, &format!("/namespace/{index}/{below}"), &diagnostic::BAD_CONFIG));
            }
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

/// A part of the tree that shares a convention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Namespace {
    /// Its name; empty for a tree without one.
    pub name: String,
    /// Its folder below the schema root. Default `.`, the whole tree.
    pub root: String,
    /// What it is, for readers of the catalog.
    pub description: String,
    /// The dialect of schemas that have no `$schema`; without it their keywords tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// What `format` is for all who judge. Without it the gate and lint take it as a demand, and validators as an annotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formats: Option<FormatReading>,
    /// How the paths below its root tell versions, for example `{path}/{version}.{ext}`: `{path}` is the name, `{any}` means nothing.
    /// Without it a major may stand behind the name, as in `created.v2.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Template>,
    /// Topic patterns, for example `{namespace}.{domain}.{pattern:request|response|event}.{operation}.v{major}`. A placeholder takes
    /// one segment, with `+` one or more; after a colon stand the words (with `*` for any run of characters) that it may be. The
    /// first pattern that the path fits names the topic. Without patterns the path itself does.
    pub topics: Vec<TopicPattern>,
    /// Spelling of each part of a path below the root.
    pub path_case: Case,
    /// Spelling of payload properties.
    pub property_case: Case,
    /// The wrapper that all events of the namespace share.
    pub envelope: Option<EnvelopeRoles>,
    /// The schema of dead-letter records: a path below the schema root.
    pub dead_letter: Option<String>,
    /// The promise that releases keep.
    pub compatibility: Compatibility,
    /// Whether a new version is compared with every release of its major, or with the newest only. Default true.
    pub transitive: bool,
    /// Which documents a writer may send, for the question whether a reader understands them all.
    pub content_model: ContentModel,
    /// JSON Pointers into an event's own data where it carries the version of its contract: what stands there is not compared.
    pub ignore_stamps: Vec<String>,
    /// What a reader survives.
    pub tolerance: Tolerance,
    /// The schema of the headers that messages carry beside their body: a path below the schema root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<String>,
    /// The broker that carries the events.
    pub broker: Broker,
    /// Where the events are sent and read, by a name such as `production`: for the documents of the AsyncAPI target.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub servers: BTreeMap<String, Server>,
    /// Name of a consumer group; `{service}`, `{function}` and `{topic}` are replaced.
    pub consumer_group: Option<String>,
    /// Name of a queue (AMQP); `{service}`, `{function}`, `{topic}`, `{domain}` and `{event}` are replaced.
    pub queue: Option<String>,
    /// Name of the exchange (AMQP); `{domain}` is replaced.
    pub exchange: Option<String>,
    /// Topic settings for all events.
    pub topic: TopicSettings,
    /// Topic settings by domain (the first segment below the root), stronger than `topic`.
    pub domain: BTreeMap<String, TopicSettings>,
}

fn check_stamps(index: usize, namespace: &Namespace, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    for (at, stamp) in namespace.ignore_stamps.iter().enumerate().filter(|(_, stamp)| !stamp.starts_with('/')) {
        let pointer = format!("/namespace/{index}/ignore_stamps/{at}");
        diagnostics.push(
            Diagnostic::new(&diagnostic::BAD_CONFIG, document.place(&pointer), format!("{stamp:?} is no JSON Pointer to a property"))
                .pointer(pointer)
                .help("begin with `/`, for example \"/context/version\""),
        );
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Self {
            name: String::new(),
            root: ".".into(),
            description: String::new(),
            dialect: None,
            formats: None,
            layout: None,
            topics: Vec::new(),
            path_case: Case::Any,
            property_case: Case::Any,
            envelope: None,
            dead_letter: None,
            compatibility: Compatibility::Backward,
            transitive: true,
            content_model: ContentModel::Declared,
            ignore_stamps: Vec::new(),
            tolerance: Tolerance::None,
            headers: None,
            broker: Broker::Kafka,
            servers: BTreeMap::new(),
            consumer_group: None,
            queue: None,
            exchange: None,
            topic: TopicSettings::default(),
            domain: BTreeMap::new(),
        }
    }
}

impl Namespace {
    /// The protocol of one of its servers.
    pub fn protocol(&self, server: &Server) -> Protocol {
        server.protocol.unwrap_or(match self.broker {
            Broker::Kafka => Protocol::Kafka,
            Broker::Rabbitmq => Protocol::Amqp,
        })
    }

    /// Whether its events travel on a broker: the one that it names, or that of one of its servers.
    pub fn travels_on(&self, broker: Broker) -> bool {
        self.broker == broker || self.servers.values().any(|server| self.protocol(server).broker() == broker)
    }

    /// The root folder as a prefix of paths: empty, or ending in `/`.
    pub fn prefix(&self) -> String {
        match self.root.trim_matches('/').trim_start_matches("./") {
            "" | "." => String::new(),
            root => format!("{root}/"),
        }
    }
}

/// A spelling of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// No rule.
    #[default]
    Any,
    /// `snake_case`
    Snake,
    /// `camelCase`
    Camel,
    /// `PascalCase`
    Pascal,
    /// `kebab-case`
    Kebab,
}

/// The promise that releases of one major keep to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Compatibility {
    /// New readers accept old events.
    #[default]
    Backward,
    /// Old readers accept new events.
    Forward,
    /// Both.
    Full,
    /// No promise.
    None,
}

/// The documents that a writer may send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContentModel {
    /// Those of its schema that hold only properties which the schema declares, but where it is a map.
    #[default]
    Declared,
    /// All that its schema accepts.
    Strict,
}

/// The reading of `format`, which the specification leaves to those who use a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FormatReading {
    /// It says what a string is, and refuses none.
    Annotation,
    /// It refuses strings that are not what it says.
    Assertion,
}

/// What a reader survives beyond its schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tolerance {
    /// Nothing.
    #[default]
    None,
    /// Enum values that it does not know.
    OpenEnums,
}

/// What carries the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Broker {
    /// Kafka or a system that speaks its protocol.
    #[default]
    Kafka,
    /// RabbitMQ or another AMQP 0-9-1 broker.
    Rabbitmq,
}

/// A broker that carries the events of a namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its host name, with a port where that is not the protocol's own: `kafka-1.example.com:9092`.
    pub host: String,
    /// The protocol that it speaks: `kafka`, `kafka-secure`, `amqp` or `amqps`. Default: `kafka` or `amqp`, as the namespace's `broker`
    /// says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// The virtual host (AMQP).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_host: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// How a broker is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Kafka's own protocol.
    Kafka,
    /// Kafka's own protocol over TLS.
    KafkaSecure,
    /// AMQP 0-9-1.
    Amqp,
    /// AMQP 0-9-1 over TLS.
    Amqps,
}

impl Protocol {
    /// The word for it in configuration and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::KafkaSecure => "kafka-secure",
            Self::Amqp => "amqp",
            Self::Amqps => "amqps",
        }
    }

    /// The broker that speaks it.
    pub fn broker(self) -> Broker {
        match self {
            Self::Kafka | Self::KafkaSecure => Broker::Kafka,
            Self::Amqp | Self::Amqps => Broker::Rabbitmq,
        }
    }
}

/// The envelope's schema and where its roles are: JSON Pointers into the whole event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRoles {
    /// The envelope's schema: a path below the schema root.
    pub file: String,
    /// The event's own data.
    pub payload: String,
    /// Unique id of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The topic.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Version of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When the event happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The service that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What links the events of one flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// The id of the event that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<String>,
    /// The trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

impl EnvelopeRoles {
    /// Lists the JSON Pointers of the roles that the namespace has, the payload aside, by the names that generated code has for them.
    pub fn places(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let places = [
            ("id", &self.id),
            ("topic", &self.kind),
            ("version", &self.version),
            ("time", &self.time),
            ("source", &self.source),
            ("correlation", &self.correlation),
            ("causation", &self.causation),
            ("trace", &self.trace),
        ];
        places.into_iter().filter_map(|(name, place)| Some((name, place.as_deref()?)))
    }
}

/// Somebody who decides about contracts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Owner {
    /// What they are responsible for.
    pub description: String,
    /// How to reach them.
    pub contact: String,
    /// Their names on the code host, such as `@company/orders-team`, for CODEOWNERS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Handle>,
}

/// Somebody who sends or reads events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// What it does.
    pub description: String,
    /// Who runs it: a name under `[owners]`.
    pub owner: Option<String>,
    /// What it reads.
    pub consumes: Vec<Consumption>,
}

/// What a service reads, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consumption {
    /// Globs over topics: `*` stands for any run of characters.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "schemars", schemars(with = "OneOrMany"))]
    pub topics: Vec<String>,
    /// The function that reads, which names the consumer group and queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// JSON Pointers into the payload: what is read. Empty: everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
}

/// A string, or a list of them.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// Who may accept what the gate finds, by an `allow` in `x-event` that names them under `by`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Approvals {
    /// Who may accept a break: names under `[owners]`. Empty: everybody.
    pub breaks: Vec<String>,
}

/// How contracts leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DeprecationPolicy {
    /// Fewest days between `deprecated.since` and `deprecated.sunset`. Default 180.
    pub window_days: u32,
}

impl Default for DeprecationPolicy {
    fn default() -> Self {
        Self { window_days: 180 }
    }
}
