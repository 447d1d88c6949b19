//! Kinds of brokers that carry events, and the protocols that they speak.

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

/// The protocol of a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
}
