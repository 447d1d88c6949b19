//! Topics as constants: where an event travels, and what brokers and consumers need to know of it.

use std::fmt;

/// The topic of an event, with the settings that its contract declares. All fields can be set in constants.
///
/// ```
/// use eventc::{Consumer, Topic};
///
/// const VALIDATE: Topic = Topic {
///     partitions: Some(6),
///     consumers: &[Consumer { group: Some("search-indexing"), ..Consumer::new("search", Some("indexing")) }],
///     ..Topic::new("omninode.codegen.request.validate.v1", "1.2.0", "omninode")
/// };
/// assert_eq!(VALIDATE.to_string(), "omninode.codegen.request.validate.v1");
/// assert_eq!(VALIDATE.major(), 1);
/// assert_eq!(VALIDATE.group("search", "indexing"), Some("search-indexing"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Topic {
    /// The name at the broker.
    pub name: &'static str,
    /// Version of the contract (semver).
    pub version: &'static str,
    /// The namespace that the contract belongs to; empty where there is none.
    pub namespace: &'static str,
    /// The kind of broker that it is at.
    pub broker: Broker,
    /// The stability: whether readers may rely on compatibility.
    pub stability: Stability,
    /// The owner, who decides about the contract.
    pub owner: Option<&'static str>,
    /// Number of partitions (Kafka).
    pub partitions: Option<u32>,
    /// Copies of each partition (Kafka).
    pub replication: Option<u32>,
    /// The retention of events.
    pub retention: Option<Retention>,
    /// The time that a message may wait in a queue (AMQP), in milliseconds.
    pub ttl_ms: Option<u64>,
    /// Highest message priority (AMQP).
    pub priority: Option<u8>,
    /// JSON Pointer into the payload: the field that gives the partition key.
    pub key: Option<&'static str>,
    /// On a request: the topic of its response.
    pub reply: Option<&'static str>,
    /// The exchange that the event is published to (AMQP).
    pub exchange: Option<&'static str>,
    /// The dead-letter policy: where events go that a consumer could not process.
    pub dead_letter: Option<DeadLetter>,
    /// Present where the contract is on its way out.
    pub deprecated: Option<Deprecation>,
    /// Services that send the event.
    pub producers: &'static [&'static str],
    /// The consumers of the event.
    pub consumers: &'static [Consumer],
    /// Words to find the event by.
    pub tags: &'static [&'static str],
}

impl Topic {
    /// Creates a topic with nothing but its name, the contract's version and the namespace.
    pub const fn new(name: &'static str, version: &'static str, namespace: &'static str) -> Self {
        Self {
            name,
            version,
            namespace,
            broker: Broker::Kafka,
            stability: Stability::Stable,
            owner: None,
            partitions: None,
            replication: None,
            retention: None,
            ttl_ms: None,
            priority: None,
            key: None,
            reply: None,
            exchange: None,
            dead_letter: None,
            deprecated: None,
            producers: &[],
            consumers: &[],
            tags: &[],
        }
    }

    /// Returns the major of the contract's version; 0 where the version has none.
    pub fn major(&self) -> u32 {
        self.version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0)
    }

    /// Returns the name of the topic or exchange for dead letters.
    pub fn dead_letter_name(&self) -> Option<&'static str> {
        self.dead_letter.as_ref().map(|policy| policy.topic)
    }

    /// Returns whether the contract is on its way out.
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated.is_some()
    }

    /// Returns whether a service sends the event.
    pub fn is_produced_by(&self, service: &str) -> bool {
        self.producers.contains(&service)
    }

    /// Returns the consumer of that service and function.
    pub fn consumer(&self, service: &str, function: &str) -> Option<&'static Consumer> {
        self.consumers.iter().find(|consumer| consumer.service == service && consumer.function == Some(function))
    }

    /// Returns all consumers of a service, one for each of its functions.
    pub fn consumers_of<'a>(&self, service: &'a str) -> impl Iterator<Item = &'static Consumer> + use<'a> {
        self.consumers.iter().filter(move |consumer| consumer.service == service)
    }

    /// Returns the consumer group (Kafka) of a service's function.
    pub fn group(&self, service: &str, function: &str) -> Option<&'static str> {
        self.consumer(service, function).and_then(|consumer| consumer.group)
    }

    /// Returns the queue (AMQP) of a service's function.
    pub fn queue(&self, service: &str, function: &str) -> Option<&'static str> {
        self.consumer(service, function).and_then(|consumer| consumer.queue)
    }
}

/// The topic's name.
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl AsRef<str> for Topic {
    fn as_ref(&self) -> &str {
        self.name
    }
}

/// A kind of broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Broker {
    /// Apache Kafka, and what speaks its protocol.
    Kafka,
    /// RabbitMQ.
    Rabbitmq,
}

/// The stability of a contract: what readers may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stability {
    /// Changes are compatible.
    Stable,
    /// A contract that may change in any way.
    Unstable,
}

/// The retention of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retention {
    /// Retention for so many milliseconds.
    Millis(u64),
    /// Retention for ever.
    Forever,
}

impl Retention {
    /// Returns a time of whole days.
    #[must_use]
    pub const fn days(days: u64) -> Self {
        Self::hours(24 * days)
    }

    /// Returns a time of whole hours.
    #[must_use]
    pub const fn hours(hours: u64) -> Self {
        Self::minutes(60 * hours)
    }

    /// Returns a time of whole minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(60 * minutes)
    }

    /// Returns a time of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self::Millis(1000 * seconds)
    }

    /// Returns the value of Kafka's `retention.ms`: -1 means for ever.
    ///
    /// ```
    /// use eventc::Retention;
    /// assert_eq!(Retention::days(7).kafka_ms(), 604_800_000);
    /// assert_eq!(Retention::Forever.kafka_ms(), -1);
    /// ```
    pub fn kafka_ms(self) -> i64 {
        match self {
            Self::Millis(millis) => i64::try_from(millis).unwrap_or(i64::MAX),
            Self::Forever => -1,
        }
    }
}

/// The largest unit that says it without a fraction: `7d`, `90s`, `forever`.
impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
        match *self {
            Self::Forever => f.write_str("forever"),
            Self::Millis(millis) => match UNITS.iter().find(|(unit, _)| millis >= *unit && millis % unit == 0) {
                Some((unit, name)) => write!(f, "{}{name}", millis / unit),
                None => write!(f, "{millis}ms"),
            },
        }
    }
}

/// The dead-letter policy for events that a consumer could not process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeadLetter {
    /// Name of the topic or exchange that they go to.
    pub topic: &'static str,
    /// The number of times that a consumer tries again before it gives up.
    pub retries: u32,
    /// Waits before each retry, in milliseconds.
    pub backoff_ms: &'static [u64],
    /// The retention of dead letters.
    pub retention: Option<Retention>,
}

impl DeadLetter {
    /// Returns the wait before a retry (the first is 1), in milliseconds: `None` when there is no such retry. Where the list
    /// of waits is shorter than the number of retries, its last one is repeated.
    ///
    /// ```
    /// let policy = eventc::DeadLetter { topic: "a.dlq", retries: 3, backoff_ms: &[1000, 2000], retention: None };
    /// assert_eq!((1..=4).map(|retry| policy.wait_ms(retry)).collect::<Vec<_>>(), [Some(1000), Some(2000), Some(2000), None]);
    /// ```
    pub fn wait_ms(&self, retry: u32) -> Option<u64> {
        if retry == 0 || retry > self.retries {
            return None;
        }
        let index = usize::try_from(retry - 1).unwrap_or(usize::MAX);
        Some(self.backoff_ms.get(index).or(self.backoff_ms.last()).copied().unwrap_or(0))
    }
}

/// A contract's way out. Dates are `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deprecation {
    /// The day from which nobody should start to use it.
    pub since: &'static str,
    /// The day after which nobody may use it.
    pub sunset: Option<&'static str>,
    /// The topic to use instead.
    pub successor: Option<&'static str>,
}

/// Deprecated since when, until when, and what to use: for log lines.
impl fmt::Display for Deprecation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deprecated since {}", self.since)?;
        if let Some(sunset) = self.sunset {
            write!(f, ", not to be used after {sunset}")?;
        }
        if let Some(successor) = self.successor {
            write!(f, "; use {successor}")?;
        }
        Ok(())
    }
}

/// A service's function that reads an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consumer {
    /// The service.
    pub service: &'static str,
    /// The purpose for which it reads the event.
    pub function: Option<&'static str>,
    /// The consumer group (Kafka).
    pub group: Option<&'static str>,
    /// The queue (AMQP).
    pub queue: Option<&'static str>,
}

impl Consumer {
    /// Creates a consumer with neither group nor queue.
    pub const fn new(service: &'static str, function: Option<&'static str>) -> Self {
        Self { service, function, group: None, queue: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_constants() {
        const TOPIC: Topic = Topic {
            dead_letter: Some(DeadLetter { topic: "a.b.v1.dlq", retries: 0, backoff_ms: &[], retention: Some(Retention::Forever) }),
            producers: &["one"],
            consumers: &[Consumer::new("two", None), Consumer { queue: Some("q"), ..Consumer::new("two", Some("f")) }],
            ..Topic::new("a.b.v1", "3.4.5", "a")
        };
        static REFERENCE: &Topic = &TOPIC;
        assert_eq!(format!("{REFERENCE:>7}|{}", REFERENCE.major()), " a.b.v1|3");
        assert_eq!(REFERENCE.dead_letter_name(), Some("a.b.v1.dlq"));
        assert_eq!(REFERENCE.queue("two", "f"), Some("q"));
        assert_eq!(REFERENCE.group("two", "f"), None);
        assert_eq!(REFERENCE.consumers_of("two").count(), 2);
        assert!(REFERENCE.is_produced_by("one") && !REFERENCE.is_produced_by("two") && !REFERENCE.is_deprecated());
        assert_eq!(REFERENCE.dead_letter.and_then(|policy| policy.wait_ms(1)), None);
    }

    #[test]
    fn retention_reads_well() {
        let cases = [(604_800_000, "7d"), (90_000, "90s"), (3_600_000, "1h"), (1500, "1500ms"), (0, "0ms"), (172_800_001, "172800001ms")];
        for (millis, text) in cases {
            assert_eq!(Retention::Millis(millis).to_string(), text);
        }
    }

    #[test]
    fn deprecation_reads_well() {
        let deprecation = Deprecation { since: "2026-01-01", sunset: Some("2026-07-01"), successor: Some("a.v2") };
        assert_eq!(deprecation.to_string(), "deprecated since 2026-01-01, not to be used after 2026-07-01; use a.v2");
    }
}
