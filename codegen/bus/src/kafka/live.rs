//! What a Kafka cluster has, as far as contracts and eventc are concerned.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::kafka::{Acl, Cluster};

use super::admin::Admin;
use crate::error::BusError;

/// The state of a cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LiveCluster {
    /// The number of brokers that are there.
    pub brokers: usize,
    /// The topics that contracts name and that are there.
    pub topics: BTreeMap<String, LiveTopic>,
    /// The number of topics that no contract names.
    pub other_topics: usize,
    /// The rights of all users.
    pub rights: Rights,
    /// The quotas of users, by name.
    pub quotas: BTreeMap<String, BTreeMap<String, f64>>,
    /// What topics hold, as far as it was asked.
    pub events: BTreeMap<String, Events>,
}

/// The state of a topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveTopic {
    /// The number of its partitions.
    pub partitions: u32,
    /// The number of copies of each partition; of several numbers, the least.
    pub replication: u32,
    /// Settings that the topic itself has.
    pub overrides: BTreeMap<String, String>,
    /// Settings that it has from its broker, or that nobody made.
    pub inherited: BTreeMap<String, String>,
}

/// The rights that users of a cluster have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Rights {
    /// Nobody asked, since no contract's service is managed here.
    #[default]
    Unasked,
    /// The cluster knows no rights: everybody may do everything.
    Off,
    /// The cluster lets everybody do what a right allows.
    On {
        /// What is allowed from everywhere, on topics, groups and transactional ids.
        granted: BTreeSet<Acl>,
        /// How many further rights there are for each user: of certain hosts, on other resources, or that forbid.
        others: BTreeMap<String, usize>,
    },
}

/// What a topic holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// How many events.
    pub all: u64,
    /// How many of them are older than was asked.
    pub older: u64,
}

/// A question after the events of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The topic.
    pub topic: String,
    /// The age in milliseconds that counts as older.
    pub older_than: Option<u64>,
}

impl LiveCluster {
    /// Reads the state of a cluster, one call a kind. Rights and quotas are read only where some `principals` are managed.
    ///
    /// # Errors
    /// Where the broker is away, slow, or refuses.
    pub fn read(admin: &dyn Admin, desired: &Cluster, principals: &BTreeSet<String>) -> Result<Self, BusError> {
        let (named, others): (BTreeSet<String>, BTreeSet<String>) =
            admin.topic_names()?.into_iter().partition(|name| desired.topics.contains_key(name));
        Ok(Self {
            brokers: admin.brokers()?,
            topics: admin.topics(&named)?,
            other_topics: others.len(),
            rights: if principals.is_empty() { Rights::Unasked } else { admin.rights()? },
            quotas: if principals.is_empty() { BTreeMap::new() } else { admin.quotas()? },
            events: BTreeMap::new(),
        })
    }
}
