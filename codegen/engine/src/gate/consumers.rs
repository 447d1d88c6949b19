//! What services that are known to read a contract rely on, whatever its namespace promises: new events at the places that they read.

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    config::Compatibility,
    metadata::Stability,
    traffic::Consumer,
};

use crate::compat::{Break, CompareMode, CompareOptions, Comparison, Direction};

/// The services that read a contract of which the namespace does not promise that old readers accept new events.
pub(super) struct UnpromisedConsumers<'a> {
    consumers: &'a [Consumer],
    /// Whether somebody decodes the whole document: a consumer that names no places, and whoever reads an event in its envelope.
    decodes: bool,
}

impl<'a> UnpromisedConsumers<'a> {
    /// Returns the consumers of a contract; `None` where nobody reads it or the namespace's promise covers all that they need.
    pub(super) fn of(catalog: &'a Catalog, contract: &Contract) -> Option<Self> {
        let promised = matches!(catalog.namespace(contract).compatibility, Compatibility::Forward | Compatibility::Full);
        if promised || contract.metadata.stability == Stability::Unstable || catalog.readers(contract, "").is_empty() {
            return None;
        }
        let consumers = catalog.consumers(contract);
        let decodes = contract.kind == ContractKind::Envelope || consumers.iter().any(|consumer| consumer.reads.is_empty());
        Some(Self { consumers, decodes })
    }

    /// Returns the options of the comparison that they need.
    pub(super) fn options(catalog: &Catalog, contract: &Contract) -> CompareOptions {
        CompareOptions::in_mode(catalog.namespace(contract), CompareMode::Forward)
    }

    /// Returns the part of a comparison that concerns them: what decoding the whole document refuses, and any value that is refused at a
    /// place that one of them names. Which place an open question is about is not known.
    pub(super) fn concern(&self, comparison: Comparison) -> Comparison {
        let names_places = self.consumers.iter().any(|consumer| !consumer.reads.is_empty());
        comparison.of_concern(|found| self.concerns(found), |_| names_places)
    }

    fn concerns(&self, found: &Break) -> bool {
        let place = found.place();
        let reads = |consumer: &Consumer| !consumer.reads.is_empty() && consumer.touches(&place);
        self.decodes && found.is_structural() || self.consumers.iter().any(reads)
    }
}

/// Returns the services that a break concerns. Backward, all that stand on the new schema refuse the whole object.
pub(super) fn concerned(catalog: &Catalog, contract: &Contract, found: &Break) -> Vec<String> {
    match found.direction {
        Direction::Backward => catalog.readers(contract, &found.instance),
        Direction::Forward => catalog.readers(contract, &found.place()),
    }
}
