//! What is declared of a topic, as data.

use eventc_model::{
    catalog::{Catalog, Contract},
    config::Broker,
    metadata::{DeadLetter, Stability},
    topic::duration_ms,
};
use serde_json::{Map, Value, json};

/// The `TopicInfo` of a contract.
pub(super) fn info(catalog: &Catalog, contract: &Contract) -> Value {
    let (metadata, settings) = (&contract.metadata, &contract.settings);
    let mut info = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            info.insert(name.to_owned(), value);
        }
    };
    set("topic", Some(json!(contract.topic)));
    set(
        "broker",
        Some(json!(match catalog.namespace(contract).broker {
            Broker::Kafka => "kafka",
            Broker::Rabbitmq => "rabbitmq",
        })),
    );
    set("version", Some(json!(contract.version())));
    set(
        "stability",
        Some(json!(match metadata.stability {
            Stability::Stable => "stable",
            Stability::Unstable => "unstable",
        })),
    );
    set("owner", metadata.owner.clone().map(Value::from));
    set("producers", Some(json!(metadata.producers)));
    set("consumers", Some(consumers(catalog, contract)));
    set("key", metadata.key.clone().map(Value::from));
    set("reply", metadata.reply.clone().map(Value::from));
    set("partitions", settings.partitions.map(Value::from));
    set("replication", settings.replication.map(Value::from));
    set("retentionMs", settings.retention.as_deref().and_then(milliseconds));
    set("ttlMs", settings.ttl.as_deref().and_then(milliseconds));
    set("priority", settings.priority.map(Value::from));
    set("exchange", catalog.exchange(contract).map(Value::from));
    set("deadLetter", settings.dead_letter.as_ref().map(|policy| dead_letter(policy, contract)));
    set(
        "deprecated",
        metadata.deprecated.as_ref().map(|deprecated| {
            members([
                ("since", Some(json!(deprecated.since))),
                ("sunset", deprecated.sunset.clone().map(Value::from)),
                ("use", deprecated.successor.clone().map(Value::from)),
            ])
        }),
    );
    set("tags", Some(json!(metadata.tags)));
    Value::Object(info)
}

fn consumers(catalog: &Catalog, contract: &Contract) -> Value {
    let consumers = catalog.consumers(contract).into_iter().map(|consumer| {
        members([
            ("service", Some(json!(consumer.service))),
            ("function", consumer.function.map(Value::from)),
            ("group", consumer.group.map(Value::from)),
            ("queue", consumer.queue.map(Value::from)),
        ])
    });
    Value::Array(consumers.collect())
}

fn dead_letter(policy: &DeadLetter, contract: &Contract) -> Value {
    let backoff: Vec<Value> = policy.backoff.iter().filter_map(|wait| milliseconds(wait)).collect();
    members([
        ("topic", contract.dead_letter_topic().map(Value::from)),
        ("retries", Some(json!(policy.retries))),
        ("backoffMs", Some(Value::Array(backoff))),
        ("retentionMs", policy.retention.as_deref().and_then(milliseconds)),
    ])
}

/// A duration; -1 for ever, as brokers spell it.
fn milliseconds(text: &str) -> Option<Value> {
    if text == "forever" { Some(json!(-1)) } else { duration_ms(text).map(Value::from) }
}

fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    Value::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}
