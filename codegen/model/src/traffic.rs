//! Whom a break touches: the services that read the event and, where they say what they read, only those that read the place.

use std::collections::BTreeSet;

use crate::{
    catalog::{Catalog, Contract, ContractKind},
    syntax::split_pointer,
    topic::glob,
};

/// The services that read a place of a contract, in order of their names. `instance` is a JSON Pointer into the event's own data.
pub fn readers(catalog: &Catalog, contract: &Contract, instance: &str) -> Vec<String> {
    match contract.kind {
        ContractKind::Event => of_topic(catalog, &contract.topic, instance),
        // Whoever reads any event of the namespace reads its envelope.
        ContractKind::Envelope => {
            let events = catalog.events().filter(|event| event.namespace == contract.namespace);
            unique(events.flat_map(|event| of_topic(catalog, &event.topic, "")))
        }
        ContractKind::DeadLetter => Vec::new(),
    }
}

/// The services that read a place of the events of a topic, in order of their names.
pub fn of_topic(catalog: &Catalog, topic: &str, instance: &str) -> Vec<String> {
    let reads = |reads: &[String]| reads.is_empty() || reads.iter().any(|read| overlap(read, instance));
    let services = catalog.config.services.iter().filter(|(_, service)| {
        service
            .consumes
            .iter()
            .any(|consumption| consumption.topics.iter().any(|pattern| glob(pattern, topic)) && reads(&consumption.reads))
    });
    unique(services.map(|(name, _)| name.clone()))
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether one of two places lies within the other. An index stands for every item of its list: who reads one, reads the list.
pub fn overlap(read: &str, instance: &str) -> bool {
    let (read, instance) = (split_pointer(read), split_pointer(instance));
    let is_item = |part: &str| part == "*" || part == "-" || (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    read.iter().zip(&instance).all(|(a, b)| a == b || (is_item(a) && is_item(b)))
}

#[cfg(test)]
mod tests {
    use super::overlap;

    #[test]
    fn places_overlap_where_one_holds_the_other() {
        for (read, instance) in
            [("/a", "/a"), ("/a", "/a/b"), ("/a/b", "/a"), ("/a", ""), ("/items/0/sku", "/items/3"), ("/items/*/sku", "/items/3/sku")]
        {
            assert!(overlap(read, instance), "{read} {instance}");
        }
        for (read, instance) in [("/a", "/b"), ("/a/b", "/a/c"), ("/items/0/sku", "/items/0/price"), ("/a/x", "/a/0")] {
            assert!(!overlap(read, instance), "{read} {instance}");
        }
    }
}
