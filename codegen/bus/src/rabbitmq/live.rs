//! What a virtual host of a RabbitMQ has.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::rabbitmq::{Argument, Binding, Permission, TopicPermission};

/// The state of a virtual host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveHost {
    /// Whether the virtual host is there.
    pub exists: bool,
    /// The exchanges that somebody made, by name.
    pub exchanges: BTreeMap<String, LiveExchange>,
    /// The queues, by name.
    pub queues: BTreeMap<String, LiveQueue>,
    /// The bindings of exchanges to queues.
    pub bindings: BTreeSet<Binding>,
    /// The number of bindings of exchanges to exchanges.
    pub other_bindings: usize,
    /// The policies, by name.
    pub policies: BTreeMap<String, LivePolicy>,
    /// The rights of users; `None` where nobody asked, since no service is managed here.
    pub rights: Option<LiveRights>,
}

/// An exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveExchange {
    /// How it routes, in the broker's word.
    pub kind: String,
    /// Whether it outlives the broker.
    pub durable: bool,
    /// Whether it deletes itself.
    pub auto_delete: bool,
}

/// A queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveQueue {
    /// Whether it outlives the broker.
    pub durable: bool,
    /// Whether it deletes itself.
    pub auto_delete: bool,
    /// Its arguments.
    pub arguments: BTreeMap<String, Argument>,
    /// The policy that holds for it.
    pub policy: Option<String>,
    /// How many messages it held a few seconds ago.
    pub messages: u64,
    /// How many consumers it had.
    pub consumers: u64,
}

/// A policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LivePolicy {
    /// The regular expression that names fit.
    pub pattern: String,
    /// What it is for: `queues`, `exchanges` or `all`.
    pub apply_to: String,
    /// Its priority.
    pub priority: i64,
    /// Its keys.
    pub definition: BTreeMap<String, Argument>,
}

/// The rights of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveRights {
    /// The users that there are.
    pub users: BTreeSet<String>,
    /// What they may do in the virtual host, by user.
    pub permissions: BTreeMap<String, Permission>,
    /// The routing keys that they may use, by user and exchange.
    pub topic_permissions: BTreeMap<(String, String), TopicPermission>,
}
