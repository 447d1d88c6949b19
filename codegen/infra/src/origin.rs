//! Why something is on a broker.

use std::collections::BTreeSet;

use eventc_model::{catalog::Contract, date::Date};
use schemars::JsonSchema;
use serde::Serialize;

/// The contracts that ask for something on a broker, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Origin {
    /// Its role.
    pub role: ResourceRole,
    /// The namespace of the contracts.
    pub namespace: String,
    /// The topics of the contracts.
    pub contracts: BTreeSet<String>,
    /// Whether a contract has a key, so that the order of events depends on the number of partitions.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keyed: bool,
    /// The day after which nobody may use any of the contracts: the last of their sunsets, where all of them have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub sunset: Option<Date>,
}

/// The role of something on a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceRole {
    /// Carries events.
    Events,
    /// Keeps events that a consumer could not process.
    DeadLetters,
    /// Keeps an event until it is tried again.
    Retry,
    /// Keeps every event for a time, to be read again.
    Archive,
}

impl Origin {
    /// Creates the origin of what one contract asks for.
    pub(crate) fn of(role: ResourceRole, namespace: &str, contract: &Contract) -> Self {
        Self {
            role,
            namespace: namespace.to_owned(),
            contracts: BTreeSet::from([contract.topic.clone()]),
            keyed: role == ResourceRole::Events && contract.metadata.key.is_some(),
            sunset: contract.metadata.deprecated.as_ref().and_then(|deprecated| deprecated.sunset),
        }
    }

    /// Adds what another contract asks for.
    pub(crate) fn join(&mut self, other: Self) {
        self.contracts.extend(other.contracts);
        self.keyed |= other.keyed;
        self.sunset = self.sunset.zip(other.sunset).map(|(a, b)| a.max(b));
    }
}
