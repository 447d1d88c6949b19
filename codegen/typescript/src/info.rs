//! The declarations about a topic, as data.

use eventc_model::{
    catalog::{Catalog, Contract},
    duration::Retention,
    facts::DeadLetterFacts,
    metadata::Deprecation,
    traffic::Consumer,
};
use serde_json::{Map, Value, json};

/// Returns the `TopicInfo` of a contract.
pub(super) fn info(catalog: &Catalog, contract: &Contract) -> Value {
    let facts = catalog.facts(contract);
    let text = |text: Option<&str>| text.map(Value::from);
    members([
        ("topic", Some(json!(facts.name))),
        ("namespace", text(Some(facts.namespace).filter(|name| !name.is_empty()))),
        ("broker", Some(json!(facts.broker))),
        ("version", Some(json!(facts.version.to_string()))),
        ("stability", Some(json!(facts.stability))),
        ("owner", text(facts.owner)),
        ("producers", Some(json!(facts.producers))),
        ("consumers", Some(facts.consumers.iter().map(consumer).collect())),
        ("key", text(facts.key)),
        ("reply", text(facts.reply)),
        ("partitions", facts.partitions.map(Value::from)),
        ("replication", facts.replication.map(Value::from)),
        ("retentionMs", facts.retention.map(milliseconds)),
        ("ttlMs", facts.ttl.map(|life| json!(life.millis()))),
        ("priority", facts.priority.map(Value::from)),
        ("exchange", text(facts.exchange.as_deref())),
        ("deadLetter", facts.dead_letter.as_ref().map(dead_letter)),
        ("deprecated", facts.deprecated.map(deprecation)),
        ("tags", Some(json!(facts.tags))),
    ])
}

fn consumer(consumer: &Consumer) -> Value {
    members([
        ("service", Some(json!(&*consumer.service))),
        ("function", consumer.function.as_deref().map(Value::from)),
        ("group", consumer.group.clone().map(Value::from)),
        ("queue", consumer.queue.clone().map(Value::from)),
    ])
}

fn dead_letter(policy: &DeadLetterFacts<'_>) -> Value {
    members([
        ("topic", Some(json!(policy.topic))),
        ("retries", Some(json!(policy.retries))),
        ("backoffMs", Some(policy.backoff.iter().map(|wait| wait.millis()).collect())),
        ("retentionMs", policy.retention.map(milliseconds)),
    ])
}

fn deprecation(deprecated: &Deprecation) -> Value {
    members([
        ("since", Some(json!(deprecated.since))),
        ("sunset", deprecated.sunset.map(|day| json!(day))),
        ("use", deprecated.successor.clone().map(Value::from)),
    ])
}

/// Returns the milliseconds as brokers spell them, which TypeScript reads from a number.
fn milliseconds(retention: Retention) -> Value {
    json!(retention.broker_ms())
}

fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members: Map<String, Value> = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Value::Object(members)
}
