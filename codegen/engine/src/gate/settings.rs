//! What services rely on beside the schema, against what was last released: no version can announce a change of it.

use eventc_model::{
    catalog::Contract,
    config::Broker,
    diagnostic::{Diagnostic, Evidence, Rule},
    duration::Retention,
    history::settings::{ReleasedEnvelope, ReleasedSettings, SettingsRecord},
    metadata::{Sensitivity, Stability},
    settings::{CleanupPolicy, ExchangeType, QueueType},
    syntax::split_pointer,
};

use super::Gate;
use crate::{
    release::settings::{at_place, settings},
    rules::gate::{
        CLEANUP_CHANGED, ENVELOPE_CHANGED, KEY_CHANGED, PARTITIONS_CHANGED, PRIORITY_CHANGED, PRODUCER_REMOVED, RETENTION_LOWERED,
        ROUTE_CHANGED, SENSITIVITY_LOWERED, TTL_LOWERED,
    },
};

/// Returns the changes of a contract's settings that its services were not told of.
pub(super) fn findings(gate: &Gate<'_>, contract: &Contract) -> Vec<Diagnostic> {
    let project = gate.project;
    let Some(record) = project.history.settings(&project.catalog, contract) else { return Vec::new() };
    if contract.metadata.stability == Stability::Unstable {
        return Vec::new();
    }
    let now = settings(&project.catalog, contract);
    if now == record.settings {
        return Vec::new();
    }
    let judge = SettingsJudge { gate, contract, record, was: &record.settings, now: &now };
    let of_kafka = [judge.key(), judge.partitions(), judge.retention(), judge.cleanup()];
    let of_rabbitmq = [judge.exchange_type(), judge.queue_type(), judge.ttl(), judge.priority()];
    let of_both = [judge.producers(), judge.envelope()];
    of_kafka.into_iter().chain(of_rabbitmq).chain(of_both).flatten().chain(judge.classes()).collect()
}

/// The settings of a contract, then and now.
struct SettingsJudge<'g, 'a> {
    gate: &'g Gate<'a>,
    contract: &'g Contract,
    record: &'g SettingsRecord,
    was: &'g ReleasedSettings,
    now: &'g ReleasedSettings,
}

impl SettingsJudge<'_, '_> {
    fn key(&self) -> Option<Diagnostic> {
        let (was, now) = (self.was.key.as_deref(), self.now.key.as_deref());
        let word = |key: Option<&str>| key.map_or("none".to_owned(), |key| format!("{key:?}"));
        let message = format!("the partition key changed from {} to {}", word(was), word(now));
        let help = "keep the key: with another, events of one thing are read in another order, and by another consumer";
        (was != now).then(|| self.finding(&KEY_CHANGED, "/x-event/key", &message, help))
    }

    fn partitions(&self) -> Option<Diagnostic> {
        let (was, now) = (self.was.partitions?, self.now.partitions?);
        let keyed = self.was.key.is_some() && self.is_on(Broker::Kafka);
        let message = format!("the number of partitions changed from {was} to {now}, and the topic has a key");
        let help = "keep the number: with another, events of one key go to another partition, and their order is lost";
        (keyed && was != now).then(|| self.finding(&PARTITIONS_CHANGED, "/x-event/topic/partitions", &message, help))
    }

    fn retention(&self) -> Option<Diagnostic> {
        let (was, now) = (self.was.retention?, self.now.retention?);
        let is_less = was.longer(now) == was && now.longer(was) == was;
        let message = format!("events are kept for {}, and were for {}", word(now), word(was));
        let help = "keep the retention: whoever was away for longer than that, or replays, loses events";
        (was != now && is_less).then(|| self.finding(&RETENTION_LOWERED, "/x-event/topic/retention", &message, help))
    }

    fn cleanup(&self) -> Option<Diagnostic> {
        let of = |settings: &ReleasedSettings| settings.cleanup_policy.unwrap_or(CleanupPolicy::Delete);
        let (was, now) = (of(self.was), of(self.now));
        let message = format!("`cleanup_policy` changed from {:?} to {:?}", was.as_str(), now.as_str());
        let help = "keep the policy: with another, the broker removes what was to stay";
        let is_other = self.is_on(Broker::Kafka) && was != now;
        is_other.then(|| self.finding(&CLEANUP_CHANGED, "/x-event/topic/cleanup_policy", &message, help))
    }

    fn exchange_type(&self) -> Option<Diagnostic> {
        let of = |settings: &ReleasedSettings| settings.exchange_type.unwrap_or(ExchangeType::Topic);
        let (was, now) = (of(self.was), of(self.now));
        let message = format!("`exchange_type` changed from {:?} to {:?}", was.as_str(), now.as_str());
        let help = "keep the type, or name the new exchange otherwise: one that is there has to be deleted first";
        let is_other = self.is_on(Broker::Rabbitmq) && was != now;
        is_other.then(|| self.finding(&ROUTE_CHANGED, "/x-event/topic/exchange_type", &message, help))
    }

    fn queue_type(&self) -> Option<Diagnostic> {
        let of = |settings: &ReleasedSettings| settings.queue_type.unwrap_or(QueueType::Classic);
        let (was, now) = (of(self.was), of(self.now));
        let message = format!("`queue_type` changed from {:?} to {:?}", was.as_str(), now.as_str());
        let help = "keep the type, or name the new queue otherwise: one that is there has to be deleted first, with all that waits in it";
        let is_other = self.is_on(Broker::Rabbitmq) && was != now;
        is_other.then(|| self.finding(&ROUTE_CHANGED, "/x-event/topic/queue_type", &message, help))
    }

    // What a record does not name, the queue does not have.
    fn ttl(&self) -> Option<Diagnostic> {
        let (was, now) = (self.was.ttl, self.now.ttl?);
        let waited = was.map_or_else(|| "for ever".to_owned(), |was| format!("for {was}"));
        let message = format!("messages wait for {now}, and waited {waited}");
        let help = "keep the time: what waits for longer is dead at once";
        let is_less = self.is_on(Broker::Rabbitmq) && was.is_none_or(|was| now.millis() < was.millis());
        is_less.then(|| self.finding(&TTL_LOWERED, "/x-event/topic/ttl", &message, help))
    }

    fn priority(&self) -> Option<Diagnostic> {
        let (was, now) = (self.was.priority, self.now.priority);
        let word = |priority: Option<u8>| priority.map_or_else(|| "none".to_owned(), |priority| priority.to_string());
        let message = format!("`priority` changed from {} to {}", word(was), word(now));
        let help = "keep the range, or name the new queue otherwise: one that is there has to be deleted first, with all that waits in it";
        let is_other = self.is_on(Broker::Rabbitmq) && was != now;
        is_other.then(|| self.finding(&PRIORITY_CHANGED, "/x-event/topic/priority", &message, help))
    }

    fn is_on(&self, broker: Broker) -> bool {
        let catalog = &self.gate.project.catalog;
        catalog.config.travels_on(catalog.namespace(self.contract), broker)
    }

    fn producers(&self) -> Option<Diagnostic> {
        let gone: Vec<&str> = self.was.producers.iter().filter(|name| !self.now.producers.contains(name)).map(String::as_str).collect();
        let readers = self.readers();
        let message = format!("{} no longer sends it, and {} read it", gone.join(", "), readers.join(", "));
        let help = "let the readers move first, or deprecate the contract where nobody sends it any more";
        (!gone.is_empty() && !readers.is_empty()).then(|| self.finding(&PRODUCER_REMOVED, "/x-event/producers", &message, help))
    }

    fn envelope(&self) -> Option<Diagnostic> {
        let word = |envelope: &Option<ReleasedEnvelope>| {
            envelope.as_ref().map_or("none".to_owned(), |envelope| format!("{} with the payload at {}", envelope.topic, envelope.payload))
        };
        let message = format!("the envelope changed from {} to {}", word(&self.was.envelope), word(&self.now.envelope));
        let help = "keep the envelope, and make another one for a namespace of new events";
        (self.was.envelope != self.now.envelope).then(|| self.finding(&ENVELOPE_CHANGED, "", &message, help))
    }

    fn classes(&self) -> Vec<Diagnostic> {
        let lowered = |(place, was): (&String, &Sensitivity)| {
            let now = self.now.sensitive.get(place).copied();
            if now.is_some_and(|now| now.strength() >= was.strength()) {
                return None;
            }
            // What is gone holds nothing that could be shown.
            let schemas = &self.gate.project.catalog.schemas;
            let at = at_place(schemas, self.contract.root, &split_pointer(place)).into_iter().min()?;
            let word = now.map_or("nothing", Sensitivity::as_str);
            let message = format!("{place} was classified as {:?}, and is as {word} now", was.as_str());
            let pointer = format!("{}/x-sensitive", schemas.pointer(at));
            let finding = Diagnostic {
                place: schemas.file(schemas.node(at).file).place(&pointer),
                ..self.finding(
                    &SENSITIVITY_LOWERED,
                    &pointer,
                    &message,
                    "keep the class: logs and outputs that leave such values out would show them",
                )
            };
            Some(finding)
        };
        self.was.sensitive.iter().filter_map(lowered).collect()
    }

    fn readers(&self) -> Vec<String> {
        self.gate.project.catalog.readers(self.contract, "")
    }

    fn finding(&self, rule: &'static Rule, pointer: &str, message: &str, help: &str) -> Diagnostic {
        let document = self.gate.project.catalog.schemas.file(self.contract.file);
        let message = format!("{message} (against what was released on {})", self.record.date);
        let evidence = Evidence { consumers: self.readers(), identity: self.contract.topic.clone(), ..Evidence::default() };
        Diagnostic::new(rule, document.place(pointer), message)
            .pointer(pointer)
            .topic(self.contract.topic.clone())
            .help(format!("{help}; where each reader copes, accept it by an `allow` with its reason"))
            .evidence(evidence)
    }
}

fn word(retention: Retention) -> String {
    match retention {
        Retention::For(duration) => duration.to_string(),
        Retention::Forever => "ever".to_owned(),
    }
}
