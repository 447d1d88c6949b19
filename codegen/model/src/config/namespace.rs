//! Namespaces: parts of the tree that share conventions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    broker::Broker,
    envelope::EnvelopeRoles,
    promise::{Compatibility, ContentModel, FormatReading, PatternEngine, Tolerance},
};
use crate::{
    diagnostic::{self, Diagnostic},
    layout::Template,
    schema::Dialect,
    settings::TopicSettings,
    syntax::{Document, escape_pointer},
    topic::TopicPattern,
};

/// A part of the tree that shares a convention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Namespace {
    /// Its name; empty for a tree without one.
    pub name: String,
    /// Its folder below the schema root. Default `.`, the whole tree.
    pub root: String,
    /// A description for readers of the catalog.
    pub description: String,
    /// The dialect of schemas that have no `$schema`; without it their keywords tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// The reading of `format` for all who judge. Without it the gate and lint take it as a demand, and validators as an annotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formats: Option<FormatReading>,
    /// The judge of patterns that engines which backtrack may take very long for. Default automaton.
    pub patterns: PatternEngine,
    /// The layout of the paths below its root, which tell versions, for example `{path}/{version}.{ext}`: `{path}` is the name, `{any}`
    /// means nothing. Without it a major may stand behind the name, as in `created.v2.json`.
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
    /// The documents that a writer may send, for the question whether a reader understands them all.
    pub content_model: ContentModel,
    /// JSON Pointers into an event's own data where it carries the version of its contract: what stands there is not compared.
    pub ignore_stamps: Vec<String>,
    /// The tolerance of readers.
    pub tolerance: Tolerance,
    /// The schema of the headers that messages carry beside their body: a path below the schema root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<String>,
    /// The broker that carries the events, where an environment does not say otherwise.
    pub broker: Broker,
    /// Name of a consumer group; `{service}`, `{function}` and `{topic}` are replaced.
    pub consumer_group: Option<String>,
    /// Name of a queue (AMQP); `{service}`, `{function}`, `{topic}`, `{domain}` and `{event}` are replaced.
    pub queue: Option<String>,
    /// Key that a queue is bound to the exchange by (AMQP); `{topic}` and `{domain}` are replaced. Default `{topic}`: a queue gets what its
    /// consumer reads. A pattern such as `{domain}.*` gives it the whole domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    /// Name of the exchange (AMQP); `{domain}` and `{type}`, the exchange's type, are replaced.
    pub exchange: Option<String>,
    /// Name of a stream that keeps every event of an exchange for its `retention`, to be read again (AMQP); `{exchange}` and `{domain}` are
    /// replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
    /// Topic settings for all events.
    pub topic: TopicSettings,
    /// Topic settings by domain (the first segment below the root), stronger than `topic`.
    pub domain: BTreeMap<String, TopicSettings>,
}

impl Default for Namespace {
    fn default() -> Self {
        Self {
            name: String::new(),
            root: ".".into(),
            description: String::new(),
            dialect: None,
            formats: None,
            patterns: PatternEngine::default(),
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
            consumer_group: None,
            queue: None,
            binding: None,
            exchange: None,
            stream: None,
            topic: TopicSettings::default(),
            domain: BTreeMap::new(),
        }
    }
}

impl Namespace {
    /// Returns the root folder as a prefix of paths: empty, or ending in `/`.
    pub fn prefix(&self) -> String {
        match self.root.trim_matches('/').trim_start_matches("./") {
            "" | "." => String::new(),
            root => format!("{root}/"),
        }
    }

    /// Reports what its types cannot say. `index` is its position in the configuration.
    pub(super) fn check(&self, index: usize, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
        for (at, stamp) in self.ignore_stamps.iter().enumerate().filter(|(_, stamp)| !stamp.starts_with('/')) {
            let pointer = format!("/namespace/{index}/ignore_stamps/{at}");
            diagnostics.push(
                Diagnostic::new(&diagnostic::BAD_CONFIG, document.place(&pointer), format!("{stamp:?} is no JSON Pointer to a property"))
                    .pointer(pointer)
                    .help("begin with `/`, for example \"/context/version\""),
            );
        }
        let domains = self.domain.iter().map(|(name, settings)| (format!("domain/{}", escape_pointer(name)), settings));
        for (below, settings) in std::iter::once(("topic".to_owned(), &self.topic)).chain(domains) {
            diagnostics.extend(settings.problems(document, &format!("/namespace/{index}/{below}"), &diagnostic::BAD_CONFIG));
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
