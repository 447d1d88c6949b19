//! The state of all brokers of an environment.

use std::collections::BTreeMap;

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    config::{Broker, Environment, EnvironmentBroker},
    diagnostic::{self, Diagnostic},
};

use crate::{
    kafka::{Cluster, ClusterBuilder},
    overrides,
    placed::PlacedEvent,
    rabbitmq::{HostBuilder, VirtualHost},
    rules::NO_ROUTE,
    stated::Stated,
};

/// What contracts ask of the brokers of an environment.
#[derive(Debug, Default)]
pub struct EnvironmentState {
    /// The state of each broker, by its name in the environment; of all that the environment has.
    pub brokers: BTreeMap<String, BrokerState>,
    /// What is wrong with it: what a broker would refuse, and what excludes each other.
    pub findings: Vec<Diagnostic>,
}

/// What contracts ask of a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrokerState {
    /// A Kafka cluster.
    Kafka(Cluster),
    /// A virtual host of a RabbitMQ.
    RabbitMq(VirtualHost),
}

/// Returns what contracts ask of the brokers of an environment; `None` where the configuration has none of that name.
///
/// ```
/// use eventc_infra::{BrokerState, desired};
/// use eventc_model::{catalog::Catalog, config::Config, source::{Limits, Tree}};
///
/// let config = r#"
///     [[namespace]]
///     name = "shop"
///     topic = { partitions = 6, retention = "7d" }
///     [environments.local.brokers.kafka]
///     kind = "kafka"
///     servers = ["localhost:9092"]
/// "#;
/// let (config, _) = Config::parse("eventc.toml", config);
/// let tree = Tree::from_texts([("order/created.v1.json", r#"{"type": "object"}"#)], &Limits::default());
/// let state = desired(&Catalog::build(tree, config), "local").expect("an environment");
/// let BrokerState::Kafka(cluster) = &state.brokers["kafka"] else { panic!("no cluster") };
/// assert_eq!(cluster.topics["order.created"].partitions, Some(6));
/// assert_eq!(cluster.topics["order.created"].settings["retention.ms"], "604800000");
/// ```
pub fn desired(catalog: &Catalog, environment: &str) -> Option<EnvironmentState> {
    let (name, environment) = catalog.config.environments.get_key_value(environment)?;
    Some(state(catalog, Some(name), environment, |_| true))
}

/// Returns what is wrong with what contracts ask of brokers: of those of every environment, or, where there is none, of a broker for each
/// namespace.
pub fn findings(catalog: &Catalog) -> Vec<Diagnostic> {
    let environments = &catalog.config.environments;
    let of = |(name, environment): (&String, &Environment)| {
        let unknown = overrides::unknown(catalog, name, environment);
        state(catalog, Some(name), environment, |_| true).findings.into_iter().chain(unknown).collect::<Vec<_>>()
    };
    let mut findings: Vec<Diagnostic> = environments.iter().flat_map(of).collect();
    if environments.is_empty() {
        let implied = Environment::implied();
        let namespaces = 0..catalog.config.namespace.len();
        let found = namespaces.flat_map(|index| state(catalog, None, &implied, |contract| contract.namespace == index).findings);
        // Who has no environment has not said yet by which names things are found on a broker.
        findings = found.filter(|finding| finding.rule != &NO_ROUTE).collect();
    }
    settle(&mut findings);
    findings
}

/// Puts findings in order, each once: what is wrong in several environments is told once.
fn settle(findings: &mut Vec<Diagnostic>) {
    diagnostic::sort(findings);
    findings.dedup_by(|a, b| a.rule == b.rule && a.place == b.place && a.message == b.message);
}

fn state(catalog: &Catalog, name: Option<&str>, environment: &Environment, takes: impl Fn(&Contract) -> bool) -> EnvironmentState {
    let stated = Stated { catalog, environment: name };
    let builder = |broker: &EnvironmentBroker| match broker.kind {
        Broker::Kafka => Builder::Kafka(ClusterBuilder::new(stated)),
        Broker::Rabbitmq => Builder::RabbitMq(HostBuilder::new(stated, broker)),
    };
    let mut builders: BTreeMap<&str, Builder<'_>> =
        environment.brokers.iter().map(|(name, broker)| (name.as_str(), builder(broker))).collect();
    let events = catalog.contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event);
    for (index, contract) in events.filter(|(_, contract)| takes(contract)) {
        let namespace = catalog.namespace(contract);
        let Some((name, _)) = environment.broker_of(namespace) else { continue };
        let settings = environment.settings(namespace, contract.domain(), &contract.topic, &contract.settings);
        if let Some(builder) = builders.get_mut(name) {
            builder.add(PlacedEvent { index, contract, namespace, settings });
        }
    }
    let mut state = EnvironmentState::default();
    for (name, builder) in builders {
        let (broker, findings) = builder.finish(environment);
        state.findings.extend(findings);
        state.brokers.insert(name.to_owned(), broker);
    }
    settle(&mut state.findings);
    state
}

/// The state of a broker in the making.
enum Builder<'a> {
    Kafka(ClusterBuilder<'a>),
    RabbitMq(HostBuilder<'a>),
}

impl<'a> Builder<'a> {
    fn add(&mut self, event: PlacedEvent<'a>) {
        match self {
            Self::Kafka(cluster) => cluster.add(event),
            Self::RabbitMq(host) => host.add(event),
        }
    }

    fn finish(self, environment: &Environment) -> (BrokerState, Vec<Diagnostic>) {
        match self {
            Self::Kafka(cluster) => {
                let (cluster, findings) = cluster.finish(environment);
                (BrokerState::Kafka(cluster), findings)
            }
            Self::RabbitMq(host) => {
                let (host, findings) = host.finish(environment);
                (BrokerState::RabbitMq(host), findings)
            }
        }
    }
}
