//! The output `rabbitmq`: definitions and permissions of each virtual host of each environment, as the management API takes them.

use std::collections::BTreeMap;

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{config::Config, diagnostic::Diagnostic};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::{Argument, VirtualHost};
use crate::{BrokerState, desired, options};

/// The target for the state of RabbitMQ's virtual hosts.
pub struct RabbitMq;

/// `[targets.rabbitmq]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RabbitMqOptions {
    /// The environments to describe. Default: all.
    environments: Vec<String>,
}

impl Target for RabbitMq {
    fn name(&self) -> &'static str {
        "rabbitmq"
    }

    fn summary(&self) -> &'static str {
        "definitions and permissions of each virtual host of RabbitMQ, as its management API imports them"
    }

    /// Without environments there is nothing to describe.
    fn by_default(&self) -> bool {
        false
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<RabbitMqOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(HostFiles { options: config.target(self.name())? }))
    }
}

/// The files that the options ask for.
struct HostFiles {
    options: RabbitMqOptions,
}

impl Output for HostFiles {
    fn problems(&self, input: &Input<'_>) -> Vec<Diagnostic> {
        options::unknown_environments(input, "rabbitmq", &self.options.environments)
    }

    fn emit(&self, input: &Input<'_>) -> Emitted {
        let mut files = Vec::new();
        for (environment, _) in options::environments(&input.catalog.config, &self.options.environments) {
            let state = desired(input.catalog, environment).unwrap_or_default();
            for (broker, state) in &state.brokers {
                let BrokerState::RabbitMq(host) = state else { continue };
                files.push(options::json(format!("{environment}/{broker}/definitions.json"), &Definitions::of(host)));
                files.push(options::json(format!("{environment}/{broker}/permissions.json"), &Permissions::of(host)));
            }
        }
        Emitted { files, ..Emitted::default() }
    }
}

/// The body of `POST /api/definitions/{vhost}`, and what `GET` answers of the same things.
#[derive(Debug, Serialize)]
pub struct Definitions<'a> {
    exchanges: Vec<ExchangeDefinition<'a>>,
    queues: Vec<QueueDefinition<'a>>,
    bindings: Vec<BindingDefinition<'a>>,
    policies: Vec<PolicyDefinition<'a>>,
}

#[derive(Debug, Serialize)]
struct ExchangeDefinition<'a> {
    name: &'a str,
    r#type: &'static str,
    durable: bool,
    auto_delete: bool,
    internal: bool,
    arguments: BTreeMap<String, Argument>,
}

#[derive(Debug, Serialize)]
struct QueueDefinition<'a> {
    name: &'a str,
    durable: bool,
    auto_delete: bool,
    arguments: &'a BTreeMap<String, Argument>,
}

#[derive(Debug, Serialize)]
struct BindingDefinition<'a> {
    source: &'a str,
    destination: &'a str,
    destination_type: &'static str,
    routing_key: &'a str,
    arguments: &'a BTreeMap<String, Argument>,
}

#[derive(Debug, Serialize)]
struct PolicyDefinition<'a> {
    name: &'a str,
    pattern: &'a str,
    #[serde(rename = "apply-to")]
    apply_to: &'static str,
    priority: i64,
    definition: &'a BTreeMap<String, Argument>,
}

impl<'a> Definitions<'a> {
    /// Returns the definitions of a virtual host.
    pub fn of(host: &'a VirtualHost) -> Self {
        let exchange = |(name, exchange): (&'a String, &super::Exchange)| ExchangeDefinition {
            name,
            r#type: exchange.kind.as_str(),
            durable: true,
            auto_delete: false,
            internal: false,
            arguments: BTreeMap::new(),
        };
        let queue = |(name, queue): (&'a String, &'a super::Queue)| QueueDefinition {
            name,
            durable: true,
            auto_delete: false,
            arguments: &queue.arguments,
        };
        let binding = |binding: &'a super::Binding| BindingDefinition {
            source: &binding.exchange,
            destination: &binding.queue,
            destination_type: "queue",
            routing_key: &binding.routing_key,
            arguments: &binding.arguments,
        };
        let policy = |(name, policy): (&'a String, &'a super::Policy)| PolicyDefinition {
            name,
            pattern: &policy.pattern,
            apply_to: "queues",
            priority: policy.priority,
            definition: &policy.definition,
        };
        Self {
            exchanges: host.exchanges.iter().map(exchange).collect(),
            queues: host.queues.iter().map(queue).collect(),
            bindings: host.bindings.iter().map(binding).collect(),
            policies: host.policies.iter().map(policy).collect(),
        }
    }
}

/// The permissions of a virtual host, as `/api/permissions` and `/api/topic-permissions` list them. They are no part of the definitions,
/// which a broker refuses as a whole where one of the users is missing.
#[derive(Debug, Serialize)]
pub struct Permissions<'a> {
    permissions: Vec<UserPermission<'a>>,
    topic_permissions: Vec<UserTopicPermission<'a>>,
}

#[derive(Debug, Serialize)]
struct UserPermission<'a> {
    user: &'a str,
    vhost: &'a str,
    #[serde(flatten)]
    permission: &'a super::Permission,
}

#[derive(Debug, Serialize)]
struct UserTopicPermission<'a> {
    user: &'a str,
    vhost: &'a str,
    exchange: &'a str,
    #[serde(flatten)]
    permission: &'a super::TopicPermission,
}

impl<'a> Permissions<'a> {
    /// Returns the permissions of a virtual host.
    pub fn of(host: &'a VirtualHost) -> Self {
        let vhost = host.name.as_str();
        let permissions = host.permissions.iter().map(|(user, permission)| UserPermission { user, vhost, permission });
        let topics = host.topic_permissions.iter();
        let topics = topics.map(|((user, exchange), permission)| UserTopicPermission { user, vhost, exchange, permission });
        Self { permissions: permissions.collect(), topic_permissions: topics.collect() }
    }
}
