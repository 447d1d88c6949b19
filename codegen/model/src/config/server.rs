//! Where the events of a namespace are sent and read, for documents: addresses without secrets.

use super::{
    Config,
    broker::{Broker, Protocol},
    environment::EnvironmentBroker,
    interpolated::Interpolated,
    namespace::Namespace,
    security::Security,
};

/// A server on which the events of a namespace travel in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server<'a> {
    /// The environment.
    pub environment: &'a str,
    /// The broker's name in the environment.
    pub broker: &'a str,
    /// Its host, with a port where that is not the protocol's own. A variable without a default stands in it as `{NAME}`.
    pub host: String,
    /// The names of such variables.
    pub variables: Vec<&'a str>,
    /// The protocol that it speaks.
    pub protocol: Protocol,
    /// The virtual host (AMQP).
    pub virtual_host: Option<&'a str>,
    /// Its purpose.
    pub description: &'a str,
    /// Encryption and credentials.
    pub security: &'a Security,
}

impl Config {
    /// Returns the servers of a namespace, in the order of environments.
    pub fn servers<'a>(&'a self, namespace: &Namespace) -> Vec<Server<'a>> {
        let mut servers = Vec::new();
        for (environment, stated) in &self.environments {
            let Some((name, broker)) = stated.broker_of(namespace) else { continue };
            for (host, protocol, address) in addresses(broker) {
                let variables = address.open_variables().filter(|name| host.contains(&format!("{{{name}}}"))).collect();
                let description = if broker.description.is_empty() { &stated.description } else { &broker.description };
                servers.push(Server {
                    environment,
                    broker: name,
                    host,
                    variables,
                    protocol,
                    virtual_host: (broker.kind == Broker::Rabbitmq).then(|| broker.virtual_host()),
                    description,
                    security: &broker.security,
                });
            }
        }
        servers
    }

    /// Returns whether the events of a namespace travel on a kind of broker: the one that it names, or that of an environment.
    pub fn travels_on(&self, namespace: &Namespace, kind: Broker) -> bool {
        let carries = |(_, broker): (&str, &EnvironmentBroker)| broker.kind == kind;
        namespace.broker == kind || self.environments.values().any(|environment| environment.broker_of(namespace).is_some_and(carries))
    }
}

impl EnvironmentBroker {
    /// Returns its hosts, each with a port where that is not the protocol's own, for documents: without users, passwords and paths. A
    /// variable without a default stands in it as `{NAME}`.
    pub fn hosts(&self) -> Vec<String> {
        addresses(self).into_iter().map(|(host, ..)| host).collect()
    }

    /// Returns whether what is said to it is encrypted.
    pub fn is_encrypted(&self) -> bool {
        let is_secure = |protocol: Protocol| matches!(protocol, Protocol::KafkaSecure | Protocol::Amqps);
        self.security.tls.is_some() || addresses(self).iter().any(|(_, protocol, _)| is_secure(*protocol))
    }
}

/// Returns the hosts of a broker, with the texts that they come from.
fn addresses(broker: &EnvironmentBroker) -> Vec<(String, Protocol, &Interpolated)> {
    let mut found = Vec::new();
    match broker.kind {
        Broker::Kafka => {
            let protocol = if broker.security.tls.is_some() { Protocol::KafkaSecure } else { Protocol::Kafka };
            for address in &broker.servers {
                let hosts = address.without_variables();
                found.extend(hosts.split(',').map(|host| (host.trim().to_owned(), protocol, address)));
            }
        }
        Broker::Rabbitmq => {
            if let Some(address) = &broker.url {
                let url = address.without_variables();
                let (scheme, rest) = url.split_once("://").unwrap_or(("", &url));
                let protocol = if scheme == "amqps" || broker.security.tls.is_some() { Protocol::Amqps } else { Protocol::Amqp };
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let host = authority.rsplit('@').next().unwrap_or_default();
                found.push((host.to_owned(), protocol, address));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_told_without_secrets() {
        let config = r#"
            [[namespace]]
            name = "a"
            [[namespace]]
            name = "b"
            root = "b/"
            broker = "rabbitmq"
            [environments.local.brokers.k]
            kind = "kafka"
            servers = ["${KAFKA:-localhost:9092}", "one:1, two:2", "${HOST}:3"]
            security.tls = {}
            [environments.local.brokers.r]
            kind = "rabbitmq"
            url = "amqps://app:${PASSWORD}@${RABBIT}:5671/x?heartbeat=1"
            virtual_host = "shop"
            [environments.moved.brokers.r]
            kind = "rabbitmq"
            url = "${URL:-amqp://guest:guest@127.0.0.1:5672}"
            [environments.moved.namespaces.a]
            broker = "r"
        "#;
        let (config, problems) = Config::parse("eventc.toml", config);
        assert!(problems.is_empty(), "{problems:?}");
        let told = |index: usize| -> Vec<String> {
            let line = |server: Server<'_>| {
                format!(
                    "{} {} {} {:?} {:?}",
                    server.environment,
                    server.protocol.as_str(),
                    server.host,
                    server.virtual_host,
                    server.variables
                )
            };
            config.servers(&config.namespace[index]).into_iter().map(line).collect()
        };
        assert_eq!(
            told(0),
            [
                "local kafka-secure localhost:9092 None []",
                "local kafka-secure one:1 None []",
                "local kafka-secure two:2 None []",
                "local kafka-secure {HOST}:3 None [\"HOST\"]",
                "moved amqp 127.0.0.1:5672 Some(\"/\") []",
            ]
        );
        assert_eq!(told(1), ["local amqps {RABBIT}:5671 Some(\"shop\") [\"RABBIT\"]", "moved amqp 127.0.0.1:5672 Some(\"/\") []"]);
        let on = |index: usize| [Broker::Kafka, Broker::Rabbitmq].map(|kind| config.travels_on(&config.namespace[index], kind));
        assert_eq!((on(0), on(1)), ([true, true], [false, true]));
    }
}
