//! Everything that is declared of a topic, as one typed value that every output writes down.

use crate::{
    catalog::{Catalog, Consumer, Contract},
    config::Broker,
    metadata::{Deprecation, Stability},
    topic::duration_ms,
};

/// What contract, namespace and services declare of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicFacts<'a> {
    /// Its name at the broker.
    pub name: &'a str,
    /// The namespace of its contract; empty where the tree has none.
    pub namespace: &'a str,
    /// The kind of broker that the namespace is on.
    pub broker: Broker,
    /// Version of the contract (semver).
    pub version: String,
    /// Whether readers may rely on compatibility.
    pub stability: Stability,
    /// Who decides about the contract.
    pub owner: Option<&'a str>,
    /// Services that send the event.
    pub producers: &'a [String],
    /// Services that read it.
    pub consumers: Vec<Consumer<'a>>,
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
    /// How long events are kept.
    pub retention: Option<Retention>,
    /// How long a message may wait in a queue (AMQP), in milliseconds.
    pub ttl_ms: Option<u64>,
    /// Highest message priority (AMQP).
    pub priority: Option<u8>,
    /// Where events go that a consumer could not process.
    pub dead_letter: Option<DeadLetterFacts>,
    /// Present where the contract is on its way out.
    pub deprecated: Option<&'a Deprecation>,
    /// Free words to find the event by.
    pub tags: &'a [String],
}

/// How long events are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// So many milliseconds.
    Millis(u64),
    /// For ever.
    Forever,
}

/// What becomes of events that a consumer could not process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterFacts {
    /// Name of the topic or exchange that they go to.
    pub topic: String,
    /// How often a consumer tries again before it gives up.
    pub retries: u32,
    /// Waits before each retry, in milliseconds.
    pub backoff_ms: Vec<u64>,
    /// How long they are kept there.
    pub retention: Option<Retention>,
}

impl Retention {
    /// Reads a duration such as `7d`, or `forever`.
    ///
    /// ```
    /// use eventc_model::facts::Retention;
    ///
    /// assert_eq!(Retention::parse("1s"), Some(Retention::Millis(1000)));
    /// assert_eq!(Retention::parse("forever").map(Retention::broker_ms), Some(-1));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        if text == "forever" { Some(Self::Forever) } else { duration_ms(text).map(Self::Millis) }
    }

    /// The milliseconds as brokers spell them: -1 for ever.
    pub fn broker_ms(self) -> i128 {
        match self {
            Self::Millis(millis) => i128::from(millis),
            Self::Forever => -1,
        }
    }
}

impl Catalog {
    /// What is declared of a contract's topic. Durations that nobody can read are left out: lint reports them.
    pub fn facts<'a>(&'a self, contract: &'a Contract) -> TopicFacts<'a> {
        let (metadata, settings, namespace) = (&contract.metadata, &contract.settings, self.namespace(contract));
        let dead_letter = settings.dead_letter.as_ref().zip(contract.dead_letter_topic()).map(|(policy, topic)| DeadLetterFacts {
            topic,
            retries: policy.retries,
            backoff_ms: policy.backoff.iter().filter_map(|wait| duration_ms(wait)).collect(),
            retention: policy.retention.as_deref().and_then(Retention::parse),
        });
        TopicFacts {
            name: &contract.topic,
            namespace: &namespace.name,
            broker: namespace.broker,
            version: contract.version(),
            stability: metadata.stability,
            owner: metadata.owner.as_deref(),
            producers: &metadata.producers,
            consumers: self.consumers(contract),
            key: metadata.key.as_deref(),
            reply: metadata.reply.as_deref(),
            exchange: self.exchange(contract),
            partitions: settings.partitions,
            replication: settings.replication,
            retention: settings.retention.as_deref().and_then(Retention::parse),
            ttl_ms: settings.ttl.as_deref().and_then(duration_ms),
            priority: settings.priority,
            dead_letter,
            deprecated: metadata.deprecated.as_ref(),
            tags: &metadata.tags,
        }
    }
}
