//! What is on the brokers of an environment for a contract, for `list` and `show` with `--env`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use eventc_codegen::project::Project;
use eventc_infra::{BrokerState, EnvironmentState, kafka::Cluster, rabbitmq::VirtualHost};
use eventc_model::{catalog::Contract, names::nearest};
use serde_json::{Value, json};

/// Returns what contracts ask of the brokers of an environment.
pub(super) fn state(project: &Project, environment: &str) -> Result<EnvironmentState> {
    eventc_infra::desired(&project.catalog, environment).ok_or_else(|| {
        let known = project.catalog.config.environments.keys().map(String::as_str);
        let help = match nearest(environment, known) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "name one of [environments] in eventc.toml".to_owned(),
        };
        anyhow!("there is no environment {environment:?}; {help}")
    })
}

/// Returns the broker that carries an event in an environment.
pub(super) fn broker<'p>(project: &'p Project, environment: &str, contract: &Contract) -> Option<&'p str> {
    let environment = project.catalog.config.environments.get(environment)?;
    environment.broker_of(project.catalog.namespace(contract)).map(|(name, _)| name)
}

/// Returns what is on brokers for a contract: for each broker that has something, what that is.
pub(super) fn resources(state: &EnvironmentState, contract: &Contract) -> Value {
    let of = |(name, broker): (&String, &BrokerState)| {
        let found = match broker {
            BrokerState::Kafka(cluster) => on_kafka(cluster, &contract.topic),
            BrokerState::RabbitMq(host) => on_rabbitmq(host, &contract.topic),
        };
        Some((name.clone(), found?))
    };
    Value::Object(state.brokers.iter().filter_map(of).collect())
}

fn on_kafka(cluster: &Cluster, topic: &str) -> Option<Value> {
    let topics: BTreeMap<_, _> = cluster.topics.iter().filter(|(_, of)| of.origin.contracts.contains(topic)).collect();
    let rights: Vec<_> = cluster.acls.iter().filter(|acl| topics.contains_key(&acl.name)).collect();
    (!topics.is_empty()).then(|| json!({ "kind": "kafka", "topics": topics, "rights": rights }))
}

fn on_rabbitmq(host: &VirtualHost, topic: &str) -> Option<Value> {
    let exchanges: BTreeMap<_, _> = host.exchanges.iter().filter(|(_, of)| of.origin.contracts.contains(topic)).collect();
    let queues: BTreeMap<_, _> = host.queues.iter().filter(|(_, of)| of.origin.contracts.contains(topic)).collect();
    let bindings: BTreeSet<_> = host.bindings.iter().filter(|binding| queues.contains_key(&binding.queue)).collect();
    let policies: BTreeMap<_, _> = host.policies.iter().filter(|(name, _)| queues.contains_key(name)).collect();
    let found = || json!({ "kind": "rabbitmq", "exchanges": exchanges, "queues": queues, "bindings": bindings, "policies": policies });
    (!exchanges.is_empty()).then(found)
}

/// Returns what is on brokers for a contract, a line each.
pub(super) fn lines(state: &EnvironmentState, environment: &str, contract: &Contract) -> String {
    let topic = &contract.topic;
    let mut text = String::new();
    for (name, broker) in &state.brokers {
        let found: Vec<String> = match broker {
            BrokerState::Kafka(cluster) => topic_lines(cluster, topic),
            BrokerState::RabbitMq(host) => queue_lines(host, topic),
        };
        if !found.is_empty() {
            text.push_str(&format!("\nIn {environment} on {name}:\n"));
            for line in &found {
                text.push_str(&format!("  {line}\n"));
            }
        }
    }
    if text.is_empty() {
        text = format!("\nNot on a broker of {environment}.\n");
    }
    text
}

fn topic_lines(cluster: &Cluster, topic: &str) -> Vec<String> {
    let count = |count: Option<u32>, what: &str| format!("{what} {}", count.map_or("of the broker".to_owned(), |count| count.to_string()));
    let topics = cluster.topics.iter().filter(|(_, of)| of.origin.contracts.contains(topic));
    let topics = topics.map(|(name, of)| {
        let counts = [count(of.partitions, "partitions"), count(of.replication, "replication")];
        let settings = of.settings.iter().map(|(name, value)| format!("{name} {value}"));
        format!("topic {name}: {}", counts.into_iter().chain(settings).collect::<Vec<_>>().join(", "))
    });
    topics.collect()
}

fn queue_lines(host: &VirtualHost, topic: &str) -> Vec<String> {
    let exchanges = host.exchanges.iter().filter(|(_, of)| of.origin.contracts.contains(topic));
    let exchanges = exchanges.map(|(name, of)| format!("exchange {name}: {}", of.kind.as_str()));
    let queues = host.queues.iter().filter(|(_, of)| of.origin.contracts.contains(topic));
    let queues = queues.map(|(name, of)| {
        let policy = host.policies.get(name).into_iter().flat_map(|policy| &policy.definition);
        let settings: Vec<String> = of.arguments.iter().chain(policy).map(|(name, value)| format!("{name} {}", json!(value))).collect();
        if settings.is_empty() { format!("queue {name}") } else { format!("queue {name}: {}", settings.join(", ")) }
    });
    exchanges.chain(queues).collect()
}
