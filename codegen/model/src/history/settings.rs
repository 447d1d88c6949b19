//! The settings of released contracts: what services rely on beside the schema, in a file `<namespace>/<path>/settings.jsonl` with a line
//! for each day on which a release found something else.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::BAD_RELEASE;
use crate::{
    catalog::{Catalog, Contract, ContractKind},
    date::Date,
    diagnostic::{Diagnostic, Place},
    duration::{Duration, Retention},
    metadata::Sensitivity,
    settings::{CleanupPolicy, DeadLetter, ExchangeType, QueueType},
    source::SourceFile,
};

/// The settings of a contract since it was released, all majors together.
#[derive(Debug, Default, Clone)]
pub struct SettingsHistory {
    /// Its records, oldest first.
    pub records: Vec<SettingsRecord>,
    /// The file's text, to which a release adds.
    pub text: Arc<str>,
}

/// The settings of one major of a contract on a day: a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// The day on which they were released.
    pub date: Date,
    /// The major of the contract.
    pub major: u32,
    /// The settings.
    #[serde(flatten)]
    pub settings: ReleasedSettings,
}

/// The settings of a contract that services rely on, with the domain's and the namespace's defaults; none of an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleasedSettings {
    /// JSON Pointer into the payload: the partition key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The topic of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Number of partitions (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<u32>,
    /// The time for which events are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What becomes of old events (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup_policy: Option<CleanupPolicy>,
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
    /// The treatment of events that a consumer could not process, with `{topic}` filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
    /// The envelope that wraps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<ReleasedEnvelope>,
    /// Services that send it, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub producers: Vec<String>,
    /// The classes of its data, by JSON Pointer into the payload (`*` for any item of a list or member of a map).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sensitive: BTreeMap<String, Sensitivity>,
}

/// The envelope of a released contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedEnvelope {
    /// Topic of the envelope's contract.
    pub topic: String,
    /// JSON Pointer into the envelope: the place of the payload.
    pub payload: String,
}

impl ReleasedSettings {
    /// Returns the settings of a contract as they are now; `sensitive` are the classes of its data.
    pub fn of(catalog: &Catalog, contract: &Contract, sensitive: BTreeMap<String, Sensitivity>) -> Self {
        let facts = catalog.facts(contract);
        let roles = catalog.namespace(contract).envelope.as_ref().filter(|_| contract.kind == ContractKind::Event);
        let envelope = roles.zip(catalog.envelope(contract.namespace));
        let mut producers = facts.producers.to_vec();
        producers.sort_unstable();
        Self {
            key: facts.key.map(str::to_owned),
            reply: facts.reply.map(str::to_owned),
            partitions: facts.partitions,
            retention: facts.retention,
            cleanup_policy: facts.cleanup_policy,
            exchange_type: facts.exchange_type,
            queue_type: facts.queue_type,
            ttl: facts.ttl,
            priority: facts.priority,
            dead_letter: facts.dead_letter.map(|policy| DeadLetter {
                topic: policy.topic.to_owned(),
                queue: policy.queue.map(str::to_owned),
                routing_key: policy.routing_key.map(str::to_owned),
                retries: policy.retries,
                backoff: policy.backoff.to_vec(),
                retention: policy.retention,
            }),
            envelope: envelope.map(|(roles, envelope)| ReleasedEnvelope { topic: envelope.topic.clone(), payload: roles.payload.clone() }),
            producers,
            sensitive,
        }
    }
}

impl SettingsHistory {
    /// Reads the lines of a file; each that is no record is a finding.
    pub(super) fn read(file: &SourceFile) -> (Self, Vec<Diagnostic>) {
        let (mut records, mut problems) = (Vec::new(), Vec::new());
        for (line, text) in (1..).zip(file.text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            match serde_json::from_str(text) {
                Ok(record) => records.push(record),
                Err(error) => {
                    let place = Place { file: file.shown.clone(), line, column: 1 };
                    let message = format!("the line is no record of settings: {error}");
                    let help = "settings are written by `eventc release`; restore the file from version control";
                    problems.push(Diagnostic::new(&BAD_RELEASE, place, message).help(help));
                }
            }
        }
        (Self { records, text: file.text.clone() }, problems)
    }

    /// Returns the file's text with one record more.
    pub fn with(&self, record: &SettingsRecord) -> String {
        let mut text = self.text.to_string();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&serde_json::to_string(record).unwrap_or_default());
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{history::History, source::Limits};

    #[test]
    fn lines_are_records_of_a_major() {
        let lines = "{\"date\": \"2026-01-01\", \"major\": 1, \"key\": \"/id\", \"retention\": \"forever\", \"later\": true}\n\n{\"date\": \"2026-01-02\"}\nnot json\n";
        let (history, problems) = History::from_texts([("shop/order/created/settings.jsonl", lines)], &Limits::default());
        let [record] = &history.settings["shop/order/created"].records[..] else { panic!("{:?}", history.settings) };
        assert_eq!((record.major, record.settings.key.as_deref()), (1, Some("/id")));
        assert_eq!(record.settings.retention, Some(Retention::Forever));
        let places: Vec<_> = problems.iter().map(|problem| format!("{} {}", problem.rule.code, problem.place)).collect();
        assert_eq!(places, ["EV201 shop/order/created/settings.jsonl:3:1", "EV201 shop/order/created/settings.jsonl:4:1"]);
    }
}
