//! Events on brokers.

use eventc_model::{catalog::Contract, config::Namespace, settings::TopicSettings};

/// An event on a broker of an environment.
pub(crate) struct PlacedEvent<'a> {
    /// The index of its contract in the catalog.
    pub(crate) index: usize,
    pub(crate) contract: &'a Contract,
    pub(crate) namespace: &'a Namespace,
    /// Its settings there.
    pub(crate) settings: TopicSettings,
}
