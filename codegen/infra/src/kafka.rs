//! The state of a Kafka cluster: topics, rights and quotas.

mod build;
mod judge;
mod known;
mod retired;
mod rights;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::build::ClusterBuilder;
pub use self::{retired::retired, target::Kafka};
use crate::origin::Origin;

/// What contracts ask of a Kafka cluster, or of a system that speaks its protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cluster {
    /// The topics, by name.
    pub topics: BTreeMap<String, Topic>,
    /// What services may do: allowed from every host, and nothing else.
    pub acls: BTreeSet<Acl>,
    /// The quotas of services, by principal, such as `User:billing`.
    pub quotas: BTreeMap<String, Quota>,
}

impl Cluster {
    /// Returns what each user may do, by principal.
    pub fn acls_by_principal(&self) -> BTreeMap<&str, Vec<&Acl>> {
        let mut users: BTreeMap<&str, Vec<&Acl>> = BTreeMap::new();
        for acl in &self.acls {
            users.entry(&acl.principal).or_default().push(acl);
        }
        users
    }
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Topic {
    /// Number of partitions; none for the broker's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<u32>,
    /// Copies of each partition; none for the broker's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication: Option<u32>,
    /// Settings that differ from the broker's own, as Kafka names and spells them: `retention.ms`.
    pub settings: BTreeMap<String, String>,
    /// The treatment of events that a consumer could not process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letters: Option<DeadLetterPath>,
    /// The contracts that ask for it.
    pub origin: Origin,
}

/// The way of an event that a consumer could not process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeadLetterPath {
    /// The topic that it goes to in the end.
    pub topic: String,
    /// The number of times that the consumer tries again before.
    pub retries: u32,
    /// The waits before each retry, in milliseconds; the last one holds for all further retries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backoff_ms: Vec<u64>,
}

/// A right of a service: an allowed operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Acl {
    /// The user, such as `User:billing`.
    pub principal: String,
    /// The kind of what the right is about.
    pub resource: AclResource,
    /// Its name, or the beginning of its name.
    pub name: String,
    /// Whether the name is whole.
    pub pattern: AclPattern,
    /// The operation.
    pub operation: AclOperation,
}

/// A kind of what rights are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AclResource {
    /// A topic.
    Topic,
    /// A consumer group.
    Group,
    /// The identity of a transactional producer.
    TransactionalId,
}

/// The meaning of the name in a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AclPattern {
    /// The name of one resource.
    Literal,
    /// The beginning of the names of several.
    Prefixed,
}

/// An operation that a right allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AclOperation {
    /// To read events, or to be in a group.
    Read,
    /// To send events, or to use a transactional identity.
    Write,
    /// To see that it is there.
    Describe,
}

/// The quota of a service on each broker of the cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quota {
    /// Bytes that it may send in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer_byte_rate: Option<u64>,
    /// Bytes that it may read in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_byte_rate: Option<u64>,
    /// The share of a broker's request threads that it may take, in per cent of one thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_percentage: Option<u32>,
}
