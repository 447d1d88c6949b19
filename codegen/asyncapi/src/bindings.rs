//! Bindings for Kafka and AMQP: those of AsyncAPI (github.com/asyncapi/bindings, `kafka` 0.5.0 and `amqp` 0.3.0), from the settings of
//! topics and the conventions of namespaces.

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    config::Broker,
    traffic::Consumer,
};
use serde_json::{Map, Value, json};

use super::objects::Action;

const KAFKA: &str = "0.5.0";
const AMQP: &str = "0.3.0";

/// The longest name of an exchange or queue: a short string of AMQP 0-9-1 (section 4.2.5.3).
const SHORT_STRING: usize = 255;

/// Returns the bindings of an event's channel.
pub(super) fn channel(catalog: &Catalog, contract: &Contract) -> Map<String, Value> {
    let mut bindings = Map::new();
    let namespace = catalog.namespace(contract);
    if namespace.travels_on(Broker::Kafka) {
        bindings.insert("kafka".into(), kafka_channel(contract));
    }
    let exchange = catalog.exchange(contract).filter(|name| name.len() <= SHORT_STRING);
    if let Some(name) = exchange {
        bindings.insert("amqp".into(), json!({ "is": "routingKey", "exchange": { "name": name }, "bindingVersion": AMQP }));
    }
    bindings
}

fn kafka_channel(contract: &Contract) -> Value {
    let mut binding = Map::new();
    let settings = &contract.settings;
    let retention = if contract.kind == ContractKind::Event {
        binding.insert("topic".into(), contract.topic.as_str().into());
        let counts = [("partitions", settings.partitions), ("replicas", settings.replication)];
        binding.extend(counts.into_iter().filter_map(|(name, count)| Some((name.to_owned(), count.filter(|count| *count > 0)?.into()))));
        settings.retention
    } else {
        settings.dead_letter.as_ref().and_then(|policy| policy.retention)
    };
    if let Some(retention) = retention.and_then(|kept| i64::try_from(kept.broker_ms()).ok()) {
        binding.insert("topicConfiguration".into(), json!({ "retention.ms": retention }));
    }
    binding.insert("bindingVersion".into(), KAFKA.into());
    Value::Object(binding)
}

/// Returns the bindings of an operation.
pub(super) fn operation(catalog: &Catalog, contract: &Contract, action: Action, consumer: Option<&Consumer>) -> Map<String, Value> {
    let mut bindings = Map::new();
    let namespace = catalog.namespace(contract);
    let group = consumer.and_then(|consumer| consumer.group.as_deref());
    if let Some(group) = group.filter(|_| namespace.travels_on(Broker::Kafka)) {
        bindings.insert("kafka".into(), json!({ "groupId": { "type": "string", "enum": [group] }, "bindingVersion": KAFKA }));
    }
    let ttl = contract.settings.ttl;
    if let Some(ttl) = ttl.filter(|_| action == Action::Send && namespace.travels_on(Broker::Rabbitmq)) {
        bindings.insert("amqp".into(), json!({ "expiration": ttl.millis(), "bindingVersion": AMQP }));
    }
    bindings
}

/// Returns the bindings of a message, with the schema of its key.
pub(super) fn message(key: Option<Value>) -> Map<String, Value> {
    key.map(|key| ("kafka".to_owned(), json!({ "key": key, "bindingVersion": KAFKA }))).into_iter().collect()
}
