//! Dead letters: the event as it was, with a record of what happened in a header.

use serde::Serialize;

/// The attempt that an event is at, on its way through a queue of waiting; decimal.
pub const ATTEMPT: &str = "eventc-attempt";

/// The record of a dead letter; JSON.
pub const DEAD_LETTER: &str = "eventc-dead-letter";

/// The group that an event was sent back for.
pub const REDRIVE: &str = "eventc-redrive";

const MAX_RECORD_BYTES: usize = 48 * 1024;
const MAX_TYPE: usize = 200;
const MAX_MESSAGE: usize = 4_000;
const REDACTED: &str = "[redacted]";

/// Where an event was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A partition of a topic.
    Kafka {
        /// The topic.
        topic: String,
        /// The partition.
        partition: u32,
        /// The offset.
        offset: u64,
    },
    /// A queue.
    Rabbitmq {
        /// The topic, as the contract calls it.
        topic: String,
        /// The exchange that it was sent to.
        exchange: String,
        /// The key that it was sent by.
        routing_key: String,
        /// The queue.
        queue: String,
    },
}

/// The error of the last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its type, to group dead letters by.
    pub type_name: String,
    /// Its message.
    pub message: String,
    /// Its stack trace; Rust's errors have none.
    pub stack_trace: Option<String>,
}

/// What happened to an event that a consumer gave up on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRecord {
    /// Where it was read from.
    pub place: Place,
    /// The error of the last attempt.
    pub failure: Failure,
    /// How often it was tried again.
    pub retries: u32,
    /// When the last attempt failed (RFC 3339).
    pub failed_at: String,
    /// The consumer group or queue.
    pub group: String,
    /// The instance within it.
    pub instance: String,
}

/// The members of a record, in their order.
#[derive(Serialize)]
struct Written<'a> {
    original_topic: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_partition: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_exchange: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_routing_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_queue: Option<&'a str>,
    error_type: &'a str,
    error_message: &'a str,
    error_stack_trace: Option<&'a str>,
    retry_count: u32,
    failed_at: &'a str,
    consumer_group: &'a str,
    consumer_instance: &'a str,
}

impl FailureRecord {
    /// Returns the record as JSON, of at most 48 KiB: the rest of a longer stack trace is left out. `secrets` are the values of sensitive
    /// fields; the error does not tell them.
    ///
    /// ```
    /// use eventc::delivery::{Failure, FailureRecord, Place};
    ///
    /// let record = FailureRecord {
    ///     place: Place::Kafka { topic: "shop.paid".into(), partition: 0, offset: 41 },
    ///     failure: Failure { type_name: "NoAccount".into(), message: "no account of ada@example.com".into(), stack_trace: None },
    ///     retries: 3,
    ///     failed_at: "2026-01-22T03:41:09Z".into(),
    ///     group: "ledger".into(),
    ///     instance: "ledger-1".into(),
    /// };
    /// assert!(record.to_json(&["ada@example.com"]).contains(r#""error_message":"no account of [redacted]""#));
    /// ```
    pub fn to_json(&self, secrets: &[&str]) -> String {
        let hide = |text: &str| redacted(text, secrets);
        let type_name = non_empty(cut(&self.failure.type_name, MAX_TYPE), "Error");
        let message = non_empty(cut(&hide(&self.failure.message), MAX_MESSAGE), &type_name);
        let written = |trace: Option<&str>| self.written(&type_name, &message, trace);
        let Some(trace) = self.failure.stack_trace.as_deref().map(hide) else { return written(None) };
        let whole = written(Some(&trace));
        if whole.len() <= MAX_RECORD_BYTES {
            return whole;
        }
        // The greatest length that fits lies between these.
        let (mut low, mut high) = (0, trace.chars().count());
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            let fits = written(Some(&cut(&trace, middle))).len() <= MAX_RECORD_BYTES;
            (low, high) = if fits { (middle, high) } else { (low, middle) };
        }
        written(Some(&cut(&trace, low)))
    }

    fn written(&self, error_type: &str, error_message: &str, error_stack_trace: Option<&str>) -> String {
        let (original_topic, kafka, rabbitmq) = match &self.place {
            Place::Kafka { topic, partition, offset } => (topic, Some((*partition, *offset)), None),
            Place::Rabbitmq { topic, exchange, routing_key, queue } => (topic, None, Some((&**exchange, &**routing_key, &**queue))),
        };
        let record = Written {
            original_topic,
            original_partition: kafka.map(|(partition, _)| partition),
            original_offset: kafka.map(|(_, offset)| offset),
            original_exchange: rabbitmq.map(|(exchange, ..)| exchange),
            original_routing_key: rabbitmq.map(|(_, key, _)| key),
            original_queue: rabbitmq.map(|(.., queue)| queue),
            error_type,
            error_message,
            error_stack_trace,
            retry_count: self.retries,
            failed_at: &self.failed_at,
            consumer_group: &self.group,
            consumer_instance: &self.instance,
        };
        // Texts and numbers always have a form in JSON.
        serde_json::to_string(&record).unwrap_or_default()
    }
}

/// Returns the headers of an event's dead letter: its own, without what earlier attempts left there, and the record.
pub fn dead_letter_headers(headers: &[(String, Vec<u8>)], record: &str) -> Vec<(String, Vec<u8>)> {
    let kept = headers.iter().filter(|(name, _)| name != ATTEMPT && name != DEAD_LETTER).cloned();
    kept.chain([(DEAD_LETTER.to_owned(), record.as_bytes().to_vec())]).collect()
}

fn non_empty(text: String, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text }
}

/// Returns at most so many characters, the last of which says that others were left out.
fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept = text.chars().take(length.saturating_sub(1));
    kept.chain(std::iter::once('…').take(length)).collect()
}

/// Returns a text without the values of sensitive fields. Of two that begin alike the longer one is meant.
fn redacted(text: &str, secrets: &[&str]) -> String {
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !secret.is_empty() && text.contains(*secret)).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let (mut hidden, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(next) = rest.chars().next() {
        if let Some(secret) = secrets.iter().find(|secret| rest.starts_with(**secret)) {
            hidden.push_str(REDACTED);
            rest = &rest[secret.len()..];
        } else {
            hidden.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    hidden
}
