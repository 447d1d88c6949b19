//! What eventc asks of a Kafka cluster: one call a kind, however many topics there are.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::kafka::Acl;

use super::live::{Events, LiveTopic, Question, Rights};
use crate::error::BusError;

/// What became of one item of a call: a broker refuses each by itself.
pub type Outcomes<Item> = Vec<(Item, Result<(), BusError>)>;

/// A topic that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub name: String,
    /// Number of partitions; the broker's own where absent.
    pub partitions: Option<u32>,
    /// Copies of each partition; the broker's own where absent.
    pub replication: Option<u32>,
    /// Settings by their names on the broker.
    pub settings: BTreeMap<String, String>,
}

/// Changes to the settings of a topic or the quotas of a user: new values by name, `None` for the broker's own.
pub type Settings<Value> = BTreeMap<String, Option<Value>>;

/// A Kafka cluster, as far as eventc needs one.
pub trait Admin {
    /// Returns the number of brokers that are there.
    fn brokers(&self) -> Result<usize, BusError>;

    /// Returns the names of all topics but those of Kafka itself.
    fn topic_names(&self) -> Result<BTreeSet<String>, BusError>;

    /// Returns what topics are like; one that is gone meanwhile, or that the broker does not know yet, is left out.
    fn topics(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, LiveTopic>, BusError>;

    /// Returns all rights.
    fn rights(&self) -> Result<Rights, BusError>;

    /// Returns the quotas of users, by name.
    fn quotas(&self) -> Result<BTreeMap<String, BTreeMap<String, f64>>, BusError>;

    /// Returns how many events topics hold.
    fn events(&self, questions: &[Question]) -> Result<BTreeMap<String, Events>, BusError>;

    /// Makes topics. One that is there already is no failure: a run that was killed may have asked for it.
    fn create(&self, topics: Vec<NewTopic>) -> Outcomes<String>;

    /// Raises the number of partitions of topics.
    fn repartition(&self, totals: Vec<(String, u32)>) -> Outcomes<String>;

    /// Moves topics to another number of copies of each partition.
    fn replicate(&self, copies: Vec<(String, u32)>) -> Outcomes<String>;

    /// Changes settings of topics.
    fn alter(&self, topics: Vec<(String, Settings<String>)>) -> Outcomes<String>;

    /// Gives rights.
    fn grant(&self, rights: Vec<Acl>) -> Outcomes<Acl>;

    /// Takes rights away.
    fn revoke(&self, rights: Vec<Acl>) -> Outcomes<Acl>;

    /// Changes quotas of users.
    fn set_quotas(&self, quotas: Vec<(String, Settings<f64>)>) -> Outcomes<String>;

    /// Deletes topics, with all that they hold.
    fn delete(&self, topics: Vec<String>) -> Outcomes<String>;
}
