//! Bindings for Kafka and AMQP: those of AsyncAPI (github.com/asyncapi/bindings, `kafka` 0.5.0 and `amqp` 0.3.0), from the settings of
//! topics and the conventions of namespaces.

use eventc_model::{
    catalog::{Catalog, ContractKind},
    config::Broker,
    duration::Retention,
    settings::ExchangeType,
    traffic::Consumer,
};
use serde_json::{Map, Value, json};

use super::{flow::FlowEntry, objects::Action};

const KAFKA: &str = "0.5.0";
const AMQP: &str = "0.3.0";

/// The longest name of an exchange or queue: a short string of AMQP 0-9-1 (section 4.2.5.3).
const SHORT_STRING: usize = 255;

/// Returns the bindings of a channel of a contract. `retention` is the time for which the channel keeps what is sent to it.
pub(super) fn channel(catalog: &Catalog, entry: &FlowEntry<'_>, retention: Option<Retention>) -> Map<String, Value> {
    let mut bindings = Map::new();
    if travels_on(catalog, entry, Broker::Kafka) {
        bindings.insert("kafka".into(), kafka_channel(entry, retention));
    }
    let exchange = entry.facts.exchange.as_deref().filter(|name| name.len() <= SHORT_STRING);
    if let Some(name) = exchange {
        let kind = entry.facts.exchange_type.unwrap_or(ExchangeType::Topic).as_str();
        let exchange = json!({ "name": name, "type": kind, "durable": true, "autoDelete": false });
        bindings.insert("amqp".into(), json!({ "is": "routingKey", "exchange": exchange, "bindingVersion": AMQP }));
    }
    bindings
}

fn travels_on(catalog: &Catalog, entry: &FlowEntry<'_>, kind: Broker) -> bool {
    catalog.config.travels_on(catalog.namespace(entry.contract), kind)
}

fn kafka_channel(entry: &FlowEntry<'_>, retention: Option<Retention>) -> Value {
    let (facts, mut binding) = (&entry.facts, Map::new());
    if entry.contract.kind == ContractKind::Event {
        binding.insert("topic".into(), facts.name.into());
        let counts = [("partitions", facts.partitions), ("replicas", facts.replication)];
        binding.extend(counts.into_iter().filter_map(|(name, count)| Some((name.to_owned(), count?.into()))));
    }
    if let Some(retention) = retention.and_then(|kept| i64::try_from(kept.broker_ms()).ok()) {
        binding.insert("topicConfiguration".into(), json!({ "retention.ms": retention }));
    }
    binding.insert("bindingVersion".into(), KAFKA.into());
    Value::Object(binding)
}

/// Returns the bindings of an operation.
pub(super) fn operation(catalog: &Catalog, entry: &FlowEntry<'_>, action: Action, consumer: Option<&Consumer>) -> Map<String, Value> {
    let mut bindings = Map::new();
    let group = consumer.and_then(|consumer| consumer.group.as_deref());
    if let Some(group) = group.filter(|_| travels_on(catalog, entry, Broker::Kafka)) {
        bindings.insert("kafka".into(), json!({ "groupId": { "type": "string", "enum": [group] }, "bindingVersion": KAFKA }));
    }
    if let Some(ttl) = entry.facts.ttl.filter(|_| action == Action::Send && travels_on(catalog, entry, Broker::Rabbitmq)) {
        bindings.insert("amqp".into(), json!({ "expiration": ttl.millis(), "bindingVersion": AMQP }));
    }
    bindings
}

/// Returns the bindings of a message, with the schema of its key.
pub(super) fn message(key: Option<Value>) -> Map<String, Value> {
    key.map(|key| ("kafka".to_owned(), json!({ "key": key, "bindingVersion": KAFKA }))).into_iter().collect()
}
