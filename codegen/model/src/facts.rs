//! Everything that is declared of a topic, as one typed value that every output writes down.

use crate::{
    catalog::{Catalog, Contract},
    config::Broker,
    duration::{Duration, Retention},
    metadata::{Deprecation, Stability},
    traffic::Consumer,
    version::Version,
};

/// The declarations of contract, namespace and services about a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicFacts<'a> {
    /// Its name at the broker.
    pub name: &'a str,
    /// The namespace of its contract; empty where the tree has none.
    pub namespace: &'a str,
    /// The kind of broker that the namespace is on.
    pub broker: Broker,
    /// Version of the contract (semver).
    pub version: &'a Version,
    /// The promise to readers.
    pub stability: Stability,
    /// The owner, who decides about the contract.
    pub owner: Option<&'a str>,
    /// Services that send the event.
    pub producers: &'a [String],
    /// Services that read it.
    pub consumers: &'a [Consumer],
    /// JSON Pointer into the payload: the field that gives the partition key.
    pub key: Option<&'a str>,
    /// On a request: the topic of its response.
    pub reply: Option<&'a str>,
    /// The exchange that the event is published to (AMQP).
    pub exchange: Option<String>,
    /// Number of partitions (Kafka).
    pub partitions: Option<u32>,
    /// Copies of each partition (Kafka).
    pub replication: Option<u32>,
    /// The time for which events are kept.
    pub retention: Option<Retention>,
    /// The time that a message may wait in a queue (AMQP).
    pub ttl: Option<Duration>,
    /// Highest message priority (AMQP).
    pub priority: Option<u8>,
    /// The destination of events that a consumer could not process.
    pub dead_letter: Option<DeadLetterFacts<'a>>,
    /// Present where the contract is on its way out.
    pub deprecated: Option<&'a Deprecation>,
    /// Free words to find the event by.
    pub tags: &'a [String],
}

/// The treatment of events that a consumer could not process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterFacts<'a> {
    /// Name of the topic or exchange that they go to.
    pub topic: &'a str,
    /// The number of times that a consumer tries again before it gives up.
    pub retries: u32,
    /// Waits before each retry.
    pub backoff: &'a [Duration],
    /// The time for which they are kept there.
    pub retention: Option<Retention>,
}

impl Catalog {
    /// Returns what is declared of a contract's topic.
    pub fn facts<'a>(&'a self, contract: &'a Contract) -> TopicFacts<'a> {
        let (metadata, settings, namespace) = (&contract.metadata, &contract.settings, self.namespace(contract));
        let dead_letter = settings.dead_letter.as_ref().zip(self.dead_letters(contract)).map(|(policy, topic)| DeadLetterFacts {
            topic,
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
            exchange: self.exchange(contract),
            partitions: settings.partitions,
            replication: settings.replication,
            retention: settings.retention,
            ttl: settings.ttl,
            priority: settings.priority,
            dead_letter,
            deprecated: metadata.deprecated.as_ref(),
            tags: &metadata.tags,
        }
    }
}
