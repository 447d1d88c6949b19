//! What contracts ask of the brokers of each environment, gathered once for all pages. `eventc-infra` decides what that is.

use std::collections::{BTreeMap, HashMap};

use eventc_infra::{
    BrokerState, EnvironmentState, Origin, ResourceRole, desired,
    kafka::{Acl, Cluster},
    rabbitmq::{Argument, Permission, VirtualHost},
};
use eventc_model::{
    catalog::Catalog,
    config::{Environment, EnvironmentBroker},
};

/// The state of the brokers of every environment, by the environment's name.
pub(super) type BrokerStates = BTreeMap<String, EnvironmentState>;

/// Returns the states of all environments.
pub(super) fn states(catalog: &Catalog) -> BrokerStates {
    let names = catalog.config.environments.keys();
    names.filter_map(|name| Some((name.clone(), desired(catalog, name)?))).collect()
}

/// An environment with its brokers.
pub(super) struct PlacedEnvironment<'a> {
    pub(super) name: &'a str,
    pub(super) stated: &'a Environment,
    pub(super) page: String,
    pub(super) brokers: Vec<PlacedBroker<'a>>,
}

/// A broker with what is on it.
pub(super) struct PlacedBroker<'a> {
    pub(super) name: &'a str,
    pub(super) stated: &'a EnvironmentBroker,
    pub(super) state: &'a BrokerState,
    /// What is on it, in the order of names, but for what keeps an event until it is tried again.
    pub(super) resources: Vec<Resource<'a>>,
    /// The number of queues that keep events until they are tried again.
    pub(super) retries: usize,
    /// The places of the resources of each contract, by its topic.
    by_contract: HashMap<&'a str, Vec<usize>>,
    /// The rights of each user of a cluster.
    acls: BTreeMap<&'a str, Vec<&'a Acl>>,
}

/// Something on a broker.
pub(super) struct Resource<'a> {
    /// A word for it: `topic`.
    pub(super) what: &'static str,
    pub(super) name: &'a str,
    pub(super) origin: &'a Origin,
    /// What is set, in words.
    pub(super) settings: Vec<String>,
}

impl<'a> PlacedEnvironment<'a> {
    /// Gathers what is on the brokers of an environment for the contracts that are shown, by their topics.
    pub(super) fn new(
        name: &'a str,
        stated: &'a Environment,
        state: &'a EnvironmentState,
        page: String,
        is_shown: &dyn Fn(&str) -> bool,
    ) -> Self {
        let broker =
            |(name, stated): (&'a String, &'a EnvironmentBroker)| Some(PlacedBroker::new(name, stated, state.brokers.get(name)?, is_shown));
        Self { name, stated, page, brokers: stated.brokers.iter().filter_map(broker).collect() }
    }
}

impl<'a> PlacedBroker<'a> {
    fn new(name: &'a str, stated: &'a EnvironmentBroker, state: &'a BrokerState, is_shown: &dyn Fn(&str) -> bool) -> Self {
        let mut resources = match state {
            BrokerState::Kafka(cluster) => topics(cluster),
            BrokerState::RabbitMq(host) => exchanges_and_queues(host),
        };
        resources.retain(|resource| resource.origin.contracts.iter().any(|topic| is_shown(topic)));
        let all = resources.len();
        resources.retain(|resource| resource.origin.role != ResourceRole::Retry);
        let mut by_contract: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, resource) in resources.iter().enumerate() {
            for topic in &resource.origin.contracts {
                by_contract.entry(topic).or_default().push(at);
            }
        }
        let acls = if let BrokerState::Kafka(cluster) = state { cluster.acls_by_principal() } else { BTreeMap::new() };
        Self { name, stated, state, retries: all - resources.len(), resources, by_contract, acls }
    }

    /// Returns what is on it for a contract.
    pub(super) fn of_contract(&self, topic: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.by_contract.get(topic).into_iter().flatten().map(|at| &self.resources[*at])
    }

    /// Returns the rights of a user, as Kafka names it.
    pub(super) fn acls(&self, principal: &str) -> &[&'a Acl] {
        self.acls.get(principal).map_or(&[], Vec::as_slice)
    }

    /// Returns the permissions of a user of a virtual host.
    pub(super) fn permission(&self, user: &str) -> Option<&'a Permission> {
        match self.state {
            BrokerState::Kafka(_) => None,
            BrokerState::RabbitMq(host) => host.permissions.get(user),
        }
    }
}

fn topics(cluster: &Cluster) -> Vec<Resource<'_>> {
    let topics = cluster.topics.iter().map(|(name, topic)| {
        let counts = [("partition", "partitions", topic.partitions), ("copy of each", "copies of each", topic.replication)];
        let counts = counts.into_iter().filter_map(|(one, many, count)| Some(eventc_model::violations::counted(count?.into(), one, many)));
        let settings = topic.settings.iter().map(|(name, value)| format!("{name} {}", with_span(name, value)));
        Resource { what: "topic", name, origin: &topic.origin, settings: counts.chain(settings).collect() }
    });
    topics.collect()
}

fn exchanges_and_queues(host: &VirtualHost) -> Vec<Resource<'_>> {
    let exchanges = host.exchanges.iter().map(|(name, exchange)| Resource {
        what: "exchange",
        name,
        origin: &exchange.origin,
        settings: vec![format!("type {}", exchange.kind.as_str())],
    });
    let queues = host.queues.iter().map(|(name, queue)| {
        let policy = host.policies.get(name).into_iter().flat_map(|policy| &policy.definition);
        let settings = queue.arguments.iter().chain(policy).map(|(name, value)| {
            let value = match value {
                Argument::Flag(flag) => flag.to_string(),
                Argument::Number(number) => number.to_string(),
                Argument::Text(text) => text.clone(),
            };
            format!("{name} {}", with_span(name, &value))
        });
        let prefetch = queue.prefetch.map(|count| format!("prefetch {count}"));
        Resource { what: "queue", name, origin: &queue.origin, settings: settings.chain(prefetch).collect() }
    });
    exchanges.chain(queues).collect()
}

/// Returns the value of a setting, milliseconds in larger units too.
fn with_span(name: &str, value: &str) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")];
    let is_time = matches!(name.rsplit(['.', '-']).next(), Some("ms" | "ttl"));
    let millis = value.parse::<u64>().ok().filter(|millis| is_time && *millis > 0);
    let span =
        millis.and_then(|millis| UNITS.iter().find(|(unit, _)| millis % unit == 0).map(|(unit, word)| format!("{}{word}", millis / unit)));
    match span {
        Some(span) => format!("{value} ({span})"),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_larger_units() {
        for (name, value, told) in [
            ("retention.ms", "604800000", "604800000 (7d)"),
            ("retention.ms", "-1", "-1"),
            ("message-ttl", "1500", "1500"),
            ("message-ttl", "90000", "90000 (90s)"),
            ("x-message-ttl", "3600000", "3600000 (1h)"),
            ("max.message.bytes", "60000", "60000"),
        ] {
            assert_eq!(with_span(name, value), told, "{name}");
        }
    }
}
