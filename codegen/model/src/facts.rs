//! Everything that is declared of a topic, as one typed value that every output writes down.
//!
//! Its JSON form is the same wherever outputs for programs have it: `catalog.json`, the model and `eventc show`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::{
    catalog::{Catalog, Contract, ContractKind},
    config::Broker,
    duration::{Duration, Retention},
    metadata::{Deprecation, Stability},
    settings::{CleanupPolicy, Compression, ExchangeType, Order, Overflow, QueueType, SettingValue},
    traffic::Consumer,
    version::Version,
};

/// The declarations of contract, namespace and services about a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TopicFacts<'a> {
    /// The topic on which it travels; for an envelope or dead-letter record, a name of the same form.
    #[serde(rename = "topic")]
    pub name: &'a str,
    /// The namespace of its contract; empty where the tree has none.
    pub namespace: &'a str,
    /// The kind of broker that the namespace is on.
    pub broker: Broker,
    /// Version of the contract (semver).
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub version: &'a Version,
    /// The promise to readers.
    pub stability: Stability,
    /// The owner, who decides about the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<&'a str>,
    /// Services that send it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub producers: &'a [String],
    /// Services that read it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub consumers: &'a [Consumer],
    /// JSON Pointer into the payload: the field that gives the partition key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<&'a str>,
    /// On a request: the topic of its response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<&'a str>,
    /// The exchange that the event is published to (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<String>,
    /// Number of partitions (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<u32>,
    /// Copies of each partition (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication: Option<u32>,
    /// The time for which events are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What becomes of old events (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup_policy: Option<CleanupPolicy>,
    /// How events are compressed on the broker (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<Compression>,
    /// The largest batch of events that the topic takes, in bytes (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_message_bytes: Option<u32>,
    /// The copies of a partition that must have an event before it is acknowledged (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_insync_replicas: Option<u32>,
    /// Other settings of the topic, as Kafka names and spells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<&'a BTreeMap<String, SettingValue>>,
    /// How the exchange routes (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_type: Option<ExchangeType>,
    /// The kind of queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_type: Option<QueueType>,
    /// The time that a message may wait in a queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Duration>,
    /// Highest message priority (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// The number of events that a consumer has at once (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<u16>,
    /// The most messages that wait in a queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The most bytes that wait in a queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length_bytes: Option<u64>,
    /// What becomes of a message for which a queue has no room (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Overflow>,
    /// Whether one consumer of a queue reads at a time (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_active_consumer: Option<bool>,
    /// The order in which a queue's events are handled (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Copies of each queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha: Option<u32>,
    /// The destination of events that a consumer could not process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetterFacts<'a>>,
    /// Present where the contract is on its way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<&'a Deprecation>,
    /// Free words to find the event by.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub tags: &'a [String],
}

/// The treatment of events that a consumer could not process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct DeadLetterFacts<'a> {
    /// Name of the topic or exchange that they go to.
    pub topic: &'a str,
    /// Name of the queue behind the exchange (AMQP); `{queue}` stands for the queue that the event was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<&'a str>,
    /// The routing key with which they go through the exchange (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_key: Option<&'a str>,
    /// The number of times that a consumer tries again before it gives up.
    pub retries: u32,
    /// Waits before each retry, as durations such as `1s`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub backoff: &'a [Duration],
    /// The time for which they are kept there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
}

impl Catalog {
    /// Returns what is declared of a contract's topic. Envelopes and dead-letter records travel around or after events and have no topic
    /// of their own: no settings are theirs.
    pub fn facts<'a>(&'a self, contract: &'a Contract) -> TopicFacts<'a> {
        let (metadata, namespace) = (&contract.metadata, self.namespace(contract));
        let settings = Some(&contract.settings).filter(|_| contract.kind == ContractKind::Event);
        let policy = settings.and_then(|settings| settings.dead_letter.as_ref());
        let dead_letter = policy.zip(self.dead_letters(contract)).map(|(policy, topic)| DeadLetterFacts {
            topic,
            queue: policy.queue.as_deref(),
            routing_key: policy.routing_key.as_deref(),
            retries: policy.retries,
            backoff: &policy.backoff,
            retention: policy.retention,
        });
        TopicFacts {
            name: &contract.topic,
            namespace: &namespace.name,
            broker: namespace.broker,
            version: &contract.version,
            stability: metadata.stability,
            owner: metadata.owner.as_deref(),
            producers: &metadata.producers,
            consumers: self.consumers(contract),
            key: metadata.key.as_deref(),
            reply: metadata.reply.as_deref(),
            exchange: settings.and_then(|_| self.exchange(contract)),
            partitions: settings.and_then(|settings| settings.partitions),
            replication: settings.and_then(|settings| settings.replication),
            retention: settings.and_then(|settings| settings.retention),
            cleanup_policy: settings.and_then(|settings| settings.cleanup_policy),
            compression: settings.and_then(|settings| settings.compression),
            max_message_bytes: settings.and_then(|settings| settings.max_message_bytes),
            min_insync_replicas: settings.and_then(|settings| settings.min_insync_replicas),
            settings: settings.map(|settings| &settings.settings).filter(|settings| !settings.is_empty()),
            exchange_type: settings.and_then(|settings| settings.exchange_type),
            queue_type: settings.and_then(|settings| settings.queue_type),
            ttl: settings.and_then(|settings| settings.ttl),
            priority: settings.and_then(|settings| settings.priority),
            prefetch: settings.and_then(|settings| settings.prefetch),
            max_length: settings.and_then(|settings| settings.max_length),
            max_length_bytes: settings.and_then(|settings| settings.max_length_bytes),
            overflow: settings.and_then(|settings| settings.overflow),
            single_active_consumer: settings.and_then(|settings| settings.single_active_consumer),
            order: settings.and_then(|settings| settings.order),
            ha: settings.and_then(|settings| settings.ha),
            dead_letter,
            deprecated: metadata.deprecated.as_ref(),
            tags: &metadata.tags,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn as_text<S: Serializer>(version: &&Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}
