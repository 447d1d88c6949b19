//! Settings of topics: what contracts, domains, namespaces and environments state of the broker's side of an event.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    diagnostic::{Diagnostic, Rule},
    duration::{Duration, Retention},
    syntax::{Document, escape_pointer},
};

/// Settings of a topic. Where one is absent, the domain's, then the namespace's holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TopicSettings {
    /// Number of partitions (Kafka).
    #[cfg_attr(feature = "schemars", schemars(range(min = 1)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<u32>,
    /// Copies of each partition (Kafka).
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = MAX_REPLICATION)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication: Option<u32>,
    /// The time for which events are kept: a duration such as `7d`, or `forever`. With AMQP, by the namespace's `stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What becomes of old events (Kafka). Default: what the broker does with topics that say nothing, mostly `delete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup_policy: Option<CleanupPolicy>,
    /// How events are compressed on the broker (Kafka). Default: as the producer does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<Compression>,
    /// The largest batch of events that the topic takes, in bytes (Kafka). Dead letters get 64 KiB more, for their headers.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = MAX_MESSAGE_BYTES)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_message_bytes: Option<u32>,
    /// The copies of a partition that must have an event before it is acknowledged to a producer that asks for all (Kafka).
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = MAX_REPLICATION)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_insync_replicas: Option<u32>,
    /// Any other setting of the topic, as Kafka names it: `"segment.ms" = 3600000`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, SettingValue>,
    /// How the exchange routes (AMQP). Default `topic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_type: Option<ExchangeType>,
    /// The kind of queue (AMQP). Default `classic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_type: Option<QueueType>,
    /// The time for which a message may wait in a queue (AMQP): a duration such as `24h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Duration>,
    /// Highest message priority (AMQP, 0 to 255).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// The number of events that a consumer has at once (AMQP).
    #[cfg_attr(feature = "schemars", schemars(range(min = 1)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<u16>,
    /// The most messages that wait in a queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The most bytes that wait in a queue (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length_bytes: Option<u64>,
    /// What becomes of a message for which a queue has no room (AMQP). Default `drop-head`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Overflow>,
    /// Whether one consumer of a queue reads at a time (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_active_consumer: Option<bool>,
    /// The order in which a queue's events are handled (AMQP). Default `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Copies of each queue (AMQP): mirrors before RabbitMQ 4, and members of a quorum from then on.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = MAX_REPLICATION)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha: Option<u32>,
    /// The destination of events that a consumer could not process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
}

/// The most copies of a partition or queue that anybody has: a larger number is a slip, and brokers refuse one above the number of their
/// nodes.
const MAX_REPLICATION: u32 = 15;

/// Kafka counts the bytes of a batch in 32 bits with a sign; the headers of a dead letter have to fit too.
const MAX_MESSAGE_BYTES: u32 = i32::MAX as u32 - DEAD_LETTER_HEADERS;

/// The bytes that a dead letter may be larger than its event: what its headers say of the failure.
pub const DEAD_LETTER_HEADERS: u32 = 64 * 1024;

/// The settings of Kafka that have a key of their own, and that key.
const KEYS: &[(&str, &str)] = &[
    ("cleanup.policy", "cleanup_policy"),
    ("compression.type", "compression"),
    ("max.message.bytes", "max_message_bytes"),
    ("min.insync.replicas", "min_insync_replicas"),
    ("retention.ms", "retention"),
];

impl TopicSettings {
    /// Numbers that no broker takes, each at its place below a JSON Pointer of the document, and settings under another name than theirs.
    pub(crate) fn problems(&self, document: &Document, below: &str, rule: &'static Rule) -> Vec<Diagnostic> {
        let problem = |key: &str, message: String, help: &str| {
            let pointer = format!("{below}/{key}");
            Diagnostic::new(rule, document.place(&pointer), message).pointer(pointer).help(help)
        };
        let copies = |key: &str, copies: Option<u32>, what: &str, help: &str| {
            let copies = copies.filter(|copies| !(1..=MAX_REPLICATION).contains(copies))?;
            Some(problem(key, format!("{copies} is no {what} 1 to {MAX_REPLICATION} copies"), help))
        };
        let partitions = self.partitions.filter(|count| *count == 0);
        let partitions =
            partitions.map(|_| problem("partitions", "a topic has at least one partition".into(), "write 1, or leave the key out"));
        let replication = copies(
            "replication",
            self.replication,
            "replication factor: a partition has",
            "write how many brokers keep each partition, such as 3",
        );
        let insync = copies(
            "min_insync_replicas",
            self.min_insync_replicas,
            "number of copies to wait for: a partition has",
            "write fewer than `replication`, such as 2 of 3",
        );
        let ha = copies("ha", self.ha, "number of copies: a queue has", "write how many nodes keep each queue, such as 3");
        let bytes = self.max_message_bytes.filter(|bytes| !(1..=MAX_MESSAGE_BYTES).contains(bytes)).map(|bytes| {
            let message = format!("{bytes} is no size of a batch: it has 1 to {MAX_MESSAGE_BYTES} bytes");
            problem("max_message_bytes", message, "write bytes, such as 1048576")
        });
        let prefetch = self.prefetch.filter(|count| *count == 0).map(|_| {
            problem("prefetch", "0 is no bound: a consumer would be sent the whole queue".into(), "write how many events, such as 10")
        });
        let named = self.settings.keys().filter_map(|name| KEYS.iter().find(|(known, _)| known == name)).map(|(name, key)| {
            problem(&format!("settings/{}", escape_pointer(name)), format!("`{name}` has a key of its own"), &format!("write `{key}`"))
        });
        [partitions, replication, insync, ha, bytes, prefetch].into_iter().flatten().chain(named).collect()
    }

    /// Returns these settings, with what they leave open taken from `base`.
    #[must_use]
    pub fn or(self, base: &Self) -> Self {
        let mut settings = base.settings.clone();
        settings.extend(self.settings);
        Self {
            partitions: self.partitions.or(base.partitions),
            replication: self.replication.or(base.replication),
            retention: self.retention.or(base.retention),
            cleanup_policy: self.cleanup_policy.or(base.cleanup_policy),
            compression: self.compression.or(base.compression),
            max_message_bytes: self.max_message_bytes.or(base.max_message_bytes),
            min_insync_replicas: self.min_insync_replicas.or(base.min_insync_replicas),
            settings,
            exchange_type: self.exchange_type.or(base.exchange_type),
            queue_type: self.queue_type.or(base.queue_type),
            ttl: self.ttl.or(base.ttl),
            priority: self.priority.or(base.priority),
            prefetch: self.prefetch.or(base.prefetch),
            max_length: self.max_length.or(base.max_length),
            max_length_bytes: self.max_length_bytes.or(base.max_length_bytes),
            overflow: self.overflow.or(base.overflow),
            single_active_consumer: self.single_active_consumer.or(base.single_active_consumer),
            order: self.order.or(base.order),
            ha: self.ha.or(base.ha),
            dead_letter: self.dead_letter.or_else(|| base.dead_letter.clone()),
        }
    }
}

/// The dead-letter policy of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeadLetter {
    /// Name of the topic (Kafka) or queue (AMQP) that dead letters go to, or, where `queue` is stated, of the exchange (AMQP); `{topic}`
    /// stands for the event's topic.
    pub topic: String,
    /// Name of the queue behind the exchange (AMQP); `{queue}` stands for the queue that the event was in, `{topic}` for its topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The routing key with which dead letters go through the exchange (AMQP); `{queue}` stands for the queue that the event was in,
    /// `{binding}` for the key that it is bound by. Default `{queue}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_key: Option<String>,
    /// The number of times that a consumer tries again before it gives up.
    #[serde(default)]
    pub retries: u32,
    /// Waits before each retry, as durations such as `1s`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backoff: Vec<Duration>,
    /// The time for which dead letters are kept: a duration such as `7d`, or `forever`. Default: as long as the events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
}

impl DeadLetter {
    /// Returns where the dead letters of a topic go.
    pub fn topic_of(&self, topic: &str) -> String {
        self.topic.replace("{topic}", topic)
    }
}

/// Declares an enum of words that people write, with the word for each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Returns the word for it in schemas, in configuration and for brokers.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// What becomes of old events of a topic (Kafka).
    CleanupPolicy {
        /// They are deleted after the retention.
        Delete = "delete",
        /// Of each key the newest stays for ever.
        Compact = "compact",
        /// Of each key the newest stays until the retention is over.
        CompactAndDelete = "compact,delete",
    }
}

impl CleanupPolicy {
    /// Returns whether only the newest event of each key stays.
    pub fn compacts(self) -> bool {
        self != Self::Delete
    }
}

words! {
    /// How events are compressed on the broker (Kafka).
    Compression {
        /// As they came.
        Producer = "producer",
        /// Not at all.
        Uncompressed = "uncompressed",
        /// By gzip.
        Gzip = "gzip",
        /// By Snappy.
        Snappy = "snappy",
        /// By LZ4.
        Lz4 = "lz4",
        /// By Zstandard.
        Zstd = "zstd",
    }
}

words! {
    /// How an exchange routes (AMQP).
    ExchangeType {
        /// By patterns that routing keys fit.
        Topic = "topic",
        /// By equal routing keys.
        Direct = "direct",
        /// To every queue that is bound to it.
        Fanout = "fanout",
        /// By headers: a queue gets what has the event's topic in the header `topic`.
        Headers = "headers",
    }
}

words! {
    /// A kind of queue (AMQP).
    QueueType {
        /// On one node, or mirrored.
        Classic = "classic",
        /// On several nodes, which agree on every message.
        Quorum = "quorum",
    }
}

words! {
    /// What becomes of a message for which a queue has no room (AMQP).
    Overflow {
        /// It takes the place of the oldest, which becomes a dead letter.
        DropHead = "drop-head",
        /// The producer is told that it was not taken.
        RejectPublish = "reject-publish",
        /// The producer is told that it was not taken, and it becomes a dead letter.
        RejectPublishDlx = "reject-publish-dlx",
    }
}

words! {
    /// The order in which the events of a queue are handled (AMQP).
    Order {
        /// By whoever is free.
        None = "none",
        /// Of each key one after the other: one consumer of the queue reads at a time.
        Key = "key",
    }
}

/// The value of a setting of Kafka, as Kafka spells it. A text, a number or a flag says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct SettingValue(String);

impl SettingValue {
    /// Returns the value as Kafka spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SettingValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl de::Visitor<'_> for Scalar {
            type Value = SettingValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a flag")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<SettingValue, E> {
                Ok(SettingValue(text.to_owned()))
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<SettingValue, E> {
                Ok(SettingValue(flag.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<SettingValue, E> {
                Ok(SettingValue(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<SettingValue, E> {
                Ok(SettingValue(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<SettingValue, E> {
                Ok(SettingValue(number.to_string()))
            }
        }

        deserializer.deserialize_any(Scalar)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SettingValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SettingValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "number", "boolean"] })
    }
}
