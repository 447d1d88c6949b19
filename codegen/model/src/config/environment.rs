//! Environments: the brokers, the registry and the database of a place where services run, and what differs there.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{broker::Broker, interpolated::Interpolated, namespace::Namespace, security::Security};
use crate::{decode::HELP, settings::TopicSettings, written::written};

/// A place where services run, such as `production`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// Its purpose.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its brokers, by names of its own: one for each Kafka cluster, and for each virtual host of a RabbitMQ.
    pub brokers: BTreeMap<String, EnvironmentBroker>,
    /// By namespace: the broker that carries its events here, and the settings that differ here. A namespace that is left out is on the
    /// environment's one broker of the kind that it names, if there is one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub namespaces: BTreeMap<String, Placement>,
    /// The schema registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryAccess>,
    /// The database of the event store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgres: Option<PostgresAccess>,
    /// The services whose rights and quotas are managed here, and the users that they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub principals: BTreeMap<String, Principal>,
}

/// A broker of an environment: a Kafka cluster, or a virtual host of a RabbitMQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentBroker {
    /// The system that it is.
    pub kind: Broker,
    /// Its purpose.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The addresses that clients ask first, such as `kafka-1.example.com:9092` (Kafka). Each may stand for several with commas between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Interpolated>,
    /// The URL that services connect to, `amqp://` or `amqps://` (RabbitMQ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Interpolated>,
    /// The URL of the management API, `http://` or `https://`, which live commands need (RabbitMQ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management: Option<Interpolated>,
    /// The virtual host (RabbitMQ). Default `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_host: Option<String>,
    /// The version, as `3.10` (RabbitMQ): what it has decides how copies of queues are asked for. Default 3.10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<BrokerVersion>,
    /// Encryption and credentials.
    #[serde(default, skip_serializing_if = "Security::is_none")]
    pub security: Security,
    /// Globs over settings of topics that another tool sets, which are neither compared nor changed (Kafka).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_settings: Vec<String>,
}

/// The place of a namespace in an environment: the broker, and the settings that differ from what contracts and namespaces state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Placement {
    /// The broker: a name under the environment's `brokers`. Without it, the environment's one broker of the kind that the namespace names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker: Option<String>,
    /// Topic settings for all events here, stronger than what the contracts state.
    pub topic: TopicSettings,
    /// Topic settings by domain, stronger than `topic`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub domain: BTreeMap<String, TopicSettings>,
    /// Topic settings by topic, strongest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub topics: BTreeMap<String, TopicSettings>,
}

/// The schema registry of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistryAccess {
    /// The URL below which `/subjects` is.
    pub url: Interpolated,
    /// Encryption and credentials.
    #[serde(default, skip_serializing_if = "Security::is_none")]
    pub security: Security,
}

/// The PostgreSQL of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresAccess {
    /// The URL of the database, `postgres://`.
    pub url: Interpolated,
}

/// The user that a service is on brokers, such as `User:billing`; a name alone is that of a user.
///
/// ```
/// use eventc_model::config::Principal;
///
/// let principal = Principal::parse("User:billing").expect("a user");
/// assert_eq!((principal.on_kafka(), principal.user()), ("User:billing".to_owned(), "billing"));
/// assert_eq!(Principal::parse("billing").expect("a user").on_kafka(), "User:billing");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Principal(String);

impl Principal {
    /// The kind of principals that are users.
    const USER: &str = "User:";

    /// Reads the name of a user; `None` where it is empty, or stands for every user.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix(Self::USER).unwrap_or(text);
        let is_name = !name.trim().is_empty() && name != "*" && !name.chars().any(char::is_control);
        is_name.then(|| Self(text.to_owned()))
    }

    /// Returns the user's name alone.
    pub fn user(&self) -> &str {
        self.0.strip_prefix(Self::USER).unwrap_or(&self.0)
    }

    /// Returns the principal as Kafka names it.
    pub fn on_kafka(&self) -> String {
        format!("{}{}", Self::USER, self.user())
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written!(Principal, |text| {
    Principal::parse(text).ok_or_else(|| format!("{text:?} names no user{HELP}write the user's name, such as \"User:billing\""))
});

/// The version of a broker.
///
/// ```
/// use eventc_model::config::BrokerVersion;
///
/// let version = BrokerVersion::parse("3.10").expect("a version");
/// assert!(version > BrokerVersion::parse("3.9").expect("a version"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokerVersion {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl BrokerVersion {
    /// Reads two numbers with a point between.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number(major) && is_number(minor)).then_some(())?;
        Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? })
    }
}

impl fmt::Display for BrokerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

written!(BrokerVersion, |text| {
    BrokerVersion::parse(text).ok_or_else(|| format!("{text:?} is no version{HELP}write two numbers, such as \"3.10\""))
});

impl Environment {
    /// Returns an environment with a broker of each kind, for judgements of a tree that has none.
    pub fn implied() -> Self {
        let brokers = [Broker::Kafka, Broker::Rabbitmq].map(|kind| (kind.as_str().to_owned(), EnvironmentBroker::of(kind)));
        Self { brokers: BTreeMap::from(brokers), ..Self::default() }
    }

    /// Returns the broker that carries the events of a namespace here, with its name; `None` where the namespace is not in the environment.
    pub fn broker_of(&self, namespace: &Namespace) -> Option<(&str, &EnvironmentBroker)> {
        let named = |name: &str| self.brokers.get_key_value(name).map(|(name, broker)| (name.as_str(), broker));
        if let Some(name) = self.namespaces.get(&namespace.name).and_then(|placement| placement.broker.as_deref()) {
            return named(name);
        }
        let mut fitting = self.fitting(namespace);
        fitting.next().filter(|_| fitting.next().is_none()).and_then(named)
    }

    /// Returns the brokers of the kind that a namespace names.
    pub(super) fn fitting(&self, namespace: &Namespace) -> impl Iterator<Item = &str> {
        self.brokers.iter().filter(|(_, broker)| broker.kind == namespace.broker).map(|(name, _)| name.as_str())
    }

    /// Returns the settings of a topic here: those that differ here, then those that contract and namespace state.
    pub fn settings(&self, namespace: &Namespace, domain: &str, topic: &str, stated: &TopicSettings) -> TopicSettings {
        self.differences(namespace, domain, topic).or(stated)
    }

    /// Returns the settings of a topic that this environment alone states.
    pub fn differences(&self, namespace: &Namespace, domain: &str, topic: &str) -> TopicSettings {
        let Some(placement) = self.namespaces.get(&namespace.name) else { return TopicSettings::default() };
        let of_topic = placement.topics.get(topic).cloned().unwrap_or_default();
        let of_domain = placement.domain.get(domain).cloned().unwrap_or_default();
        of_topic.or(&of_domain.or(&placement.topic))
    }
}

impl EnvironmentBroker {
    /// Returns a broker of which only its kind is known.
    fn of(kind: Broker) -> Self {
        Self {
            kind,
            description: String::new(),
            servers: Vec::new(),
            url: None,
            management: None,
            virtual_host: None,
            version: None,
            security: Security::default(),
            ignore_settings: Vec::new(),
        }
    }

    /// Returns the virtual host (RabbitMQ).
    pub fn virtual_host(&self) -> &str {
        self.virtual_host.as_deref().unwrap_or("/")
    }

    /// Returns the version that its state is made for (RabbitMQ).
    pub fn version(&self) -> BrokerVersion {
        self.version.unwrap_or(BrokerVersion { major: 3, minor: 10 })
    }
}

impl Security {
    /// Returns whether it states nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
