//! Brokers that carry events, and the servers on which they run.

use serde::{Deserialize, Serialize};

/// A system that carries events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Broker {
    /// Kafka or a system that speaks its protocol.
    #[default]
    Kafka,
    /// RabbitMQ or another AMQP 0-9-1 broker.
    Rabbitmq,
}

impl Broker {
    /// Returns its name in schemas, configuration and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::Rabbitmq => "rabbitmq",
        }
    }
}

/// A broker that carries the events of a namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its host name, with a port where that is not the protocol's own: `kafka-1.example.com:9092`.
    pub host: String,
    /// The protocol that it speaks: `kafka`, `kafka-secure`, `amqp` or `amqps`. Default: `kafka` or `amqp`, as the namespace's `broker`
    /// says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// The virtual host (AMQP).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_host: Option<String>,
    /// Its purpose.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// The protocol of a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Kafka's own protocol.
    Kafka,
    /// Kafka's own protocol over TLS.
    KafkaSecure,
    /// AMQP 0-9-1.
    Amqp,
    /// AMQP 0-9-1 over TLS.
    Amqps,
}

impl Protocol {
    /// Returns the word for it in configuration and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::KafkaSecure => "kafka-secure",
            Self::Amqp => "amqp",
            Self::Amqps => "amqps",
        }
    }

    /// Returns the broker that speaks it.
    pub fn broker(self) -> Broker {
        match self {
            Self::Kafka | Self::KafkaSecure => Broker::Kafka,
            Self::Amqp | Self::Amqps => Broker::Rabbitmq,
        }
    }
}
