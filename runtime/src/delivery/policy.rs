//! What contract and service say of a consumer.

use std::collections::BTreeSet;

use crate::Topic;

/// The kind of broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Apache Kafka, and what speaks its protocol.
    Kafka,
    /// RabbitMQ.
    Rabbitmq,
}

/// The order that a queue of RabbitMQ keeps. A partition of Kafka always keeps its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// An event that waits for its retry is overtaken.
    #[default]
    None,
    /// The one active consumer holds the event that waits.
    Key,
}

/// What contract and service say of a consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The kind of broker.
    pub transport: Transport,
    /// The consumer group or queue.
    pub group: String,
    /// How often an event is tried again.
    pub retries: u32,
    /// The waits before each retry, in milliseconds; the last one holds for all further ones.
    pub backoff_ms: Vec<u64>,
    /// Whether the contract says where an event goes that cannot be handled.
    pub has_dead_letters: bool,
    /// The order that a queue keeps.
    pub order: Order,
    /// How many events of a partition or queue are handled at once, at least one; of a partition, only events with different keys.
    pub concurrency: usize,
    /// How many events of Kafka are held at once, at least one, before partitions are paused.
    pub bound: usize,
    /// How long a handler may take; for ever where it is not said.
    pub timeout_ms: Option<u64>,
    /// The types that the service has handlers for; all where it is not said.
    pub handles: Option<BTreeSet<String>>,
}

impl Policy {
    /// Creates the policy of a contract that says nothing: three retries after 1, 2 and 4 s, then a dead letter; one event at a time.
    pub fn new(transport: Transport, group: impl Into<String>) -> Self {
        Self {
            transport,
            group: group.into(),
            retries: 3,
            backoff_ms: vec![1_000, 2_000, 4_000],
            has_dead_letters: true,
            order: Order::None,
            concurrency: 1,
            bound: 100,
            timeout_ms: None,
            handles: None,
        }
    }

    /// Takes retries, waits and dead letters from a topic.
    ///
    /// ```
    /// use eventc::{DeadLetter, Topic, delivery::{Policy, Transport}};
    ///
    /// const PAID: Topic = Topic {
    ///     dead_letter: Some(DeadLetter { topic: "shop.paid.dlq", retries: 5, backoff_ms: &[500], retention: None }),
    ///     ..Topic::new("shop.paid", "1.0.0", "shop")
    /// };
    /// let policy = Policy::new(Transport::Kafka, "ledger").of_topic(&PAID);
    /// assert_eq!((policy.retries, &*policy.backoff_ms), (5, &[500][..]));
    /// ```
    #[must_use]
    pub fn of_topic(self, topic: &Topic) -> Self {
        let Some(stated) = &topic.dead_letter else { return Self { has_dead_letters: false, ..self } };
        Self { retries: stated.retries, backoff_ms: stated.backoff_ms.to_vec(), has_dead_letters: true, ..self }
    }

    /// Returns the wait after an attempt that failed.
    pub(super) fn backoff(&self, attempt: u32) -> u64 {
        let place = usize::try_from(attempt).unwrap_or(usize::MAX).clamp(1, self.backoff_ms.len().max(1)) - 1;
        self.backoff_ms.get(place).copied().unwrap_or(1_000)
    }

    /// Returns whether an event waits for its retry where it is, and all behind it wait too.
    pub(super) fn holds(&self) -> bool {
        self.transport == Transport::Kafka || self.order == Order::Key
    }

    /// Returns how many events of a partition or queue may be handled at once.
    pub(super) fn at_once(&self) -> usize {
        if self.transport == Transport::Rabbitmq && self.holds() { 1 } else { self.concurrency.max(1) }
    }
}
