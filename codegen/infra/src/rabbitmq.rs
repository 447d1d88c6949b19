//! The state of a RabbitMQ virtual host: exchanges, queues, bindings, policies and permissions.

mod build;
mod judge;
mod queue;
mod rights;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::settings::ExchangeType;
use serde::Serialize;

pub(crate) use self::build::HostBuilder;
pub use self::target::{Definitions, Permissions, RabbitMq};
use crate::origin::Origin;

/// What contracts ask of a virtual host.
///
/// Whatever a policy can say is one, so that a change takes effect on queues that are there; a queue has arguments only for what no policy
/// can say. Exchanges and queues are durable, and nothing deletes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualHost {
    /// Its name, such as `/`.
    pub name: String,
    /// The exchanges, by name.
    pub exchanges: BTreeMap<String, Exchange>,
    /// The queues, by name.
    pub queues: BTreeMap<String, Queue>,
    /// The bindings of exchanges to queues.
    pub bindings: BTreeSet<Binding>,
    /// The policies, by name; no two match one queue.
    pub policies: BTreeMap<String, Policy>,
    /// The permissions of services, by user.
    pub permissions: BTreeMap<String, Permission>,
    /// The topic permissions of services, by user and exchange.
    pub topic_permissions: BTreeMap<(String, String), TopicPermission>,
}

/// An exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// How it routes.
    #[serde(rename = "type")]
    pub kind: ExchangeType,
    /// The contracts that ask for it.
    pub origin: Origin,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// What no policy can say, and only recreation changes: `x-queue-type` (none for a classic queue), `x-max-priority`,
    /// `x-single-active-consumer`; of a queue that keeps events until they are tried again, everything.
    pub arguments: BTreeMap<String, Argument>,
    /// The number of events that a consumer should have at once. No broker keeps it: consumers ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<u16>,
    /// The contracts that ask for it.
    pub origin: Origin,
}

/// A binding of an exchange to a queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Binding {
    /// The exchange.
    pub exchange: String,
    /// The queue.
    pub queue: String,
    /// The routing key, or the pattern that it has to fit.
    pub routing_key: String,
    /// The headers that a message has to have (of an exchange of headers).
    pub arguments: BTreeMap<String, Argument>,
}

/// A policy for some queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The regular expression that the names of its queues fit.
    pub pattern: String,
    /// Of several policies that fit a queue, the one with the highest holds.
    pub priority: i64,
    /// Its keys: `message-ttl`, `dead-letter-exchange` and the like.
    pub definition: BTreeMap<String, Argument>,
}

/// The permissions of a user in the virtual host: regular expressions over names of exchanges and queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Permission {
    /// What it may declare and delete.
    pub configure: String,
    /// What it may send to.
    pub write: String,
    /// What it may read from.
    pub read: String,
}

/// The permissions of a user for the routing keys of an exchange of topics: regular expressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicPermission {
    /// The routing keys that it may send with.
    pub write: String,
    /// The routing keys that it may bind with.
    pub read: String,
}

/// A value in the arguments of a queue or binding, or in a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// A flag.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}
