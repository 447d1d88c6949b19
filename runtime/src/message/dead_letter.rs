//! The record of an event that a consumer gave up on.

use std::error::Error;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::Topic;

/// A record that a consumer sends to a dead-letter topic when it gives up on an event: where the event came from, what went
/// wrong, and the event itself. Absent where nobody said it.
///
/// ```
/// use eventc::{DeadLetter, DeadLetterRecord, Topic};
///
/// const PAID: Topic = Topic {
///     dead_letter: Some(DeadLetter { topic: "shop.paid.dlq", retries: 3, backoff_ms: &[1000], retention: None }),
///     ..Topic::new("shop.paid", "1.0.0", "shop")
/// };
/// let error = "x".parse::<u32>().unwrap_err();
/// let record = DeadLetterRecord::of(&PAID, br#"{"order":"x"}"#, &error).retries(3).read_from(0, 41).failed_at("2026-01-01T00:00:00Z");
/// assert_eq!(record.topic(&PAID), Some("shop.paid.dlq"));
/// assert_eq!(
///     serde_json::to_string(&record).unwrap(),
///     r#"{"original_topic":"shop.paid","original_partition":0,"original_offset":41,"error_type":"ParseIntError","error_message":"invalid digit found in string","error_stack_trace":null,"retry_count":3,"failed_at":"2026-01-01T00:00:00Z","original_event":{"order":"x"}}"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeadLetterRecord {
    /// The topic that the event was read from.
    pub original_topic: String,
    /// The partition that it was read from (Kafka).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_partition: Option<u32>,
    /// The offset in the partition (Kafka).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_offset: Option<u64>,
    /// The exchange that it was sent to (RabbitMQ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_exchange: Option<String>,
    /// The key that it was sent by (RabbitMQ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_routing_key: Option<String>,
    /// The queue that it was read from (RabbitMQ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_queue: Option<String>,
    /// The type of the last error, to group dead letters by.
    pub error_type: String,
    /// The message of the last error; it may quote the event's data.
    pub error_message: String,
    /// The stack trace of the last error in the consumer; Rust's errors do not say it.
    #[serde(default)]
    pub error_stack_trace: Option<String>,
    /// The number of times that the consumer tried again before it gave up.
    pub retry_count: u32,
    /// The time when the last try failed (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
    /// The consumer group or queue that gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_group: Option<String>,
    /// The instance within the group that made the last try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_instance: Option<String>,
    /// The event as it was read, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_event: Option<Value>,
    /// The bytes that were read, in hexadecimal, where they are not JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_bytes: Option<String>,
}

impl DeadLetterRecord {
    /// Returns the record of an event: the bytes that were read from the topic, and the error of the last try.
    pub fn of<F: Error>(topic: &Topic, body: &[u8], error: &F) -> Self {
        let event = serde_json::from_slice(body).ok();
        let name = std::any::type_name::<F>();
        // Of `a::b::Error<c::D>` the name is `Error`.
        let plain = name.split('<').next().unwrap_or(name);
        Self {
            original_topic: topic.name.to_owned(),
            original_partition: None,
            original_offset: None,
            original_exchange: None,
            original_routing_key: None,
            original_queue: None,
            error_type: plain.rsplit("::").next().unwrap_or(plain).to_owned(),
            error_message: error.to_string(),
            error_stack_trace: None,
            retry_count: 0,
            failed_at: None,
            consumer_group: None,
            consumer_instance: None,
            original_bytes: event.is_none().then(|| hexadecimal(body)),
            original_event: event,
        }
    }

    /// Says how many times the consumer tried again.
    #[must_use]
    pub fn retries(mut self, count: u32) -> Self {
        self.retry_count = count;
        self
    }

    /// Says where in the topic the event was (Kafka).
    #[must_use]
    pub fn read_from(mut self, partition: u32, offset: u64) -> Self {
        (self.original_partition, self.original_offset) = (Some(partition), Some(offset));
        self
    }

    /// Says how the event came, and the queue that it was in (RabbitMQ).
    #[must_use]
    pub fn read_from_queue(mut self, exchange: impl Into<String>, routing_key: impl Into<String>, queue: impl Into<String>) -> Self {
        self.original_exchange = Some(exchange.into());
        self.original_routing_key = Some(routing_key.into());
        self.original_queue = Some(queue.into());
        self
    }

    /// Says when the last try failed.
    #[must_use]
    pub fn failed_at(mut self, time: impl Into<String>) -> Self {
        self.failed_at = Some(time.into());
        self
    }

    /// Says who gave up: the group or queue, and the instance within it.
    #[must_use]
    pub fn consumer(mut self, group: impl Into<String>, instance: impl Into<String>) -> Self {
        (self.consumer_group, self.consumer_instance) = (Some(group.into()), Some(instance.into()));
        self
    }

    /// Returns the topic of the record by the contract of the failed event.
    pub fn topic(&self, failed: &Topic) -> Option<&'static str> {
        failed.dead_letter_name()
    }

    /// Returns the record as a namespace's own type for dead letters.
    ///
    /// # Errors
    /// Where the type asks for something that the record does not say.
    pub fn into_typed<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(serde_json::to_value(self)?)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
