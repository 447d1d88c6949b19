//! The services that send and read each contract, of which every document takes its part.

use std::collections::{BTreeMap, HashMap};

use eventc_model::{
    catalog::{Contract, ContractKind},
    facts::TopicFacts,
    schema::NodeId,
    traffic::Consumer,
};

use super::{
    objects::Action,
    rights::{self, Rights},
};
use eventc_emit::Input;

/// Gathered once for all documents.
pub(super) struct Flow<'a> {
    pub(super) input: &'a Input<'a>,
    /// Selected events and dead-letter records, in catalog order.
    pub(super) entries: Vec<FlowEntry<'a>>,
    /// The envelope of each namespace.
    pub(super) envelopes: Vec<Option<&'a Contract>>,
    /// The schema of message headers of each namespace.
    pub(super) headers: Vec<Option<NodeId>>,
    /// What each service may do on brokers.
    pub(super) rights: Rights,
}

/// A contract that travels.
pub(super) struct FlowEntry<'a> {
    pub(super) contract: &'a Contract,
    pub(super) facts: TopicFacts<'a>,
    /// The entry that answers this one.
    pub(super) reply: Option<usize>,
}

/// Somebody who sends or reads an entry.
#[derive(Clone, Copy)]
pub(super) struct Act<'a> {
    pub(super) action: Action,
    pub(super) entry: usize,
    pub(super) service: &'a str,
    /// The reader: an index of a consumer, and its function.
    pub(super) reader: Option<(usize, Option<&'a str>)>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let catalog = input.catalog;
        let mut entries: Vec<FlowEntry<'a>> = Vec::new();
        let mut selected = HashMap::new();
        for contract in catalog.contracts.iter().filter(|contract| input.selects(contract) && contract.kind != ContractKind::Envelope) {
            selected.insert(contract.file, entries.len());
            entries.push(FlowEntry { contract, facts: catalog.facts(contract), reply: None });
        }
        for entry in &mut entries {
            entry.reply = catalog.reply(entry.contract).and_then(|reply| selected.get(&reply.file).copied());
        }
        let namespaces = catalog.config.namespace.iter().enumerate();
        let headers = namespaces.clone().map(|(_, namespace)| {
            let file = catalog.schemas.file_id(namespace.headers.as_deref()?)?;
            catalog.schemas.root(file)
        });
        let envelopes = namespaces.map(|(index, _)| catalog.envelope(index)).collect();
        Self { input, entries, envelopes, headers: headers.collect(), rights: rights::all(catalog) }
    }

    /// Returns everything that happens to the entries.
    pub(super) fn acts(&self) -> impl Iterator<Item = Act<'a>> + '_ {
        self.entries.iter().enumerate().flat_map(|(entry, of)| {
            let sends = of.facts.producers.iter().map(move |service| Act { action: Action::Send, entry, service, reader: None });
            let reads = of.facts.consumers.iter().enumerate().map(move |(at, consumer)| Act {
                action: Action::Receive,
                entry,
                service: &consumer.service,
                reader: Some((at, consumer.function.as_deref())),
            });
            sends.chain(reads)
        })
    }

    /// Returns the acts of each service that sends or reads something.
    pub(super) fn by_service(&self) -> BTreeMap<&'a str, Vec<Act<'a>>> {
        let mut services: BTreeMap<&str, Vec<Act<'a>>> = BTreeMap::new();
        for act in self.acts() {
            services.entry(act.service).or_default().push(act);
        }
        services
    }

    /// Returns the consumer as which an act reads its entry.
    pub(super) fn consumer(&self, act: &Act<'a>) -> Option<&'a Consumer> {
        self.entries[act.entry].facts.consumers.get(act.reader?.0)
    }
}
