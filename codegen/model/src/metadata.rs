//! `x-event`: what a contract says of itself besides its shape.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    date::Date,
    decode,
    diagnostic::{self, Diagnostic},
    settings::TopicSettings,
    syntax::Document,
    version::{self, Version},
};

/// The annotation keyword `x-event` of a contract's root schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Metadata {
    /// Version of the contract (semver 2.0); its major is the file's.
    #[serde(with = "version::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub version: Option<Version>,
    /// Whether readers may rely on compatibility. Default stable.
    pub stability: Stability,
    /// The owner who decides about the contract: a name under `[owners]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Services that send the event: names under `[services]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub producers: Vec<String>,
    /// JSON Pointer into the payload: the field that gives the partition key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// On a request: the topic of its response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Topic settings that differ from the namespace's.
    pub topic: TopicSettings,
    /// Present where the contract is on its way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecation>,
    /// Free words to find the event by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Findings that are accepted on purpose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Allow>,
}

impl Metadata {
    /// Reads `x-event` of a document's root schema; every mistake in it is reported.
    pub fn read(document: &Document) -> (Self, Vec<Diagnostic>) {
        if document.get("/x-event").is_none() {
            return (Self::default(), Vec::new());
        }
        let (metadata, mut problems) = decode::decode::<Self>(document, "/x-event", &diagnostic::BAD_METADATA);
        problems.extend(metadata.topic.problems(document, "/x-event/topic", &diagnostic::BAD_METADATA));
        (metadata, problems)
    }

    /// Reads what a bundled schema says of itself. What nobody can read in it is left out: it was told when the schema was written.
    pub fn of_bundle(schema: &Value) -> Self {
        schema.get("x-event").map(|stated| decode::tolerant(stated.clone()).0).unwrap_or_default()
    }
}

/// The stability that readers may rely on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Stability {
    /// Changes obey the namespace's compatibility mode.
    #[default]
    Stable,
    /// May change in any way.
    Unstable,
}

impl Stability {
    /// Returns its name in schemas and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Unstable => "unstable",
        }
    }
}

/// A contract's way out. Dates are `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Deprecation {
    /// The day from which nobody should start to use it.
    pub since: Date,
    /// The day after which nobody may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sunset: Option<Date>,
    /// The topic to use instead.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
}

impl Deprecation {
    /// Says since when, until when and what to use instead, as it goes on after "deprecated".
    ///
    /// ```
    /// use eventc_model::{date::Date, metadata::Deprecation};
    /// let since = Date::parse("2026-01-01").expect("a day");
    /// let out = Deprecation { since, sunset: Date::parse("2026-12-31"), successor: Some("order.made".into()) };
    /// assert_eq!(out.words(), "since 2026-01-01, gone after 2026-12-31; use `order.made`");
    /// ```
    pub fn words(&self) -> String {
        let sunset = self.sunset.as_ref().map(|sunset| format!(", gone after {sunset}")).unwrap_or_default();
        let successor = self.successor.as_ref().map(|topic| format!("; use `{topic}`")).unwrap_or_default();
        format!("since {}{sunset}{successor}", self.since)
    }
}

/// A finding that is accepted on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// Name or code of the rule.
    pub rule: String,
    /// JSON Pointer into the file: findings at this place and below it are accepted, of the gate (EV3xx) one at exactly this place.
    /// Empty for the whole contract.
    #[serde(default)]
    pub at: String,
    /// The reason why it is accepted.
    #[serde(default)]
    pub reason: String,
    /// The person who accepted it; for a finding of the gate, one of those whom `[approvals]` in eventc.toml names.
    #[serde(default)]
    pub by: String,
    /// The last day (`YYYY-MM-DD`) on which it is accepted; always, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// The classification of a property by `x-sensitive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Data about a person.
    Pii,
    /// A credential.
    Secret,
    /// Not for everybody in the company.
    Confidential,
}

impl Sensitivity {
    /// Returns the class that a value of `x-sensitive` names.
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "pii" => Some(Self::Pii),
            "secret" => Some(Self::Secret),
            "confidential" => Some(Self::Confidential),
            _ => None,
        }
    }

    /// Returns how much care it asks for: more for a larger number.
    pub fn strength(self) -> u8 {
        match self {
            Self::Confidential => 1,
            Self::Pii => 2,
            Self::Secret => 3,
        }
    }

    /// Returns the word for it in schemas and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pii => "pii",
            Self::Secret => "secret",
            Self::Confidential => "confidential",
        }
    }
}
