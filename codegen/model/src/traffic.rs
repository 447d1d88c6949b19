//! The traffic of events: who sends what, who reads which places of it in which group and from which queue, who answers whom, and where
//! failures go: one graph.
//!
//! Its nodes are services, by name, and topics, by the index of their contract. It is built once, with the [`Catalog`], and borrowed by
//! everybody who shows, judges or compiles traffic.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use serde::Serialize;

use crate::{
    catalog::{Catalog, Contract, ContractKind},
    config::{Config, Namespace},
    syntax::split_pointer,
    topic::glob,
};

/// The traffic of a tree.
#[derive(Debug, Default)]
pub struct Traffic {
    /// The subscriptions of services, in the order of their names.
    subscriptions: Vec<Subscription>,
    /// By name: what each service sends and reads.
    services: BTreeMap<String, ServiceTraffic>,
    /// The traffic of each contract, in the order of the catalog.
    topics: Vec<TopicTraffic>,
}

/// One entry of a service's `consumes`.
#[derive(Debug)]
pub struct Subscription {
    /// Name of the service.
    pub service: Arc<str>,
    /// The function that reads.
    pub function: Option<Arc<str>>,
    /// The places of the payload that it reads; empty for everything.
    pub reads: Arc<[String]>,
    /// Globs over topics.
    pub topics: Vec<Glob>,
}

/// A glob over topics, and what it covers.
#[derive(Debug)]
pub struct Glob {
    /// The glob, as it is written.
    pub text: String,
    /// The events that it covers, as indices of contracts.
    pub events: Vec<usize>,
}

/// The traffic of a service, as indices of contracts in the order of the catalog.
#[derive(Debug, Default)]
pub struct ServiceTraffic {
    /// The contracts that name it as a producer.
    pub sends: Vec<usize>,
    /// The events that it reads, each once.
    pub reads: Vec<usize>,
}

/// The traffic of a contract.
#[derive(Debug, Default)]
pub struct TopicTraffic {
    /// Its consumers: an edge for each entry of a service's `consumes`.
    pub consumers: Vec<Consumer>,
    /// The event that answers it.
    pub reply: Option<usize>,
    /// The contracts that it answers.
    pub answers: Vec<usize>,
    /// The topic or exchange that events go to which a consumer could not process.
    pub dead_letters: Option<String>,
}

/// A service that reads a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Consumer {
    /// Name of the service.
    pub service: Arc<str>,
    /// The function that reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Arc<str>>,
    /// JSON Pointers into the payload: the places that it reads; none for everything.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub reads: Arc<[String]>,
    /// Its consumer group, by the namespace's convention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its queue, by the namespace's convention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
}

impl Traffic {
    /// Builds the graph of some contracts under their configuration.
    pub(crate) fn of(config: &Config, contracts: &[Contract]) -> Self {
        let events = Events::of(contracts);
        let mut traffic = Self {
            subscriptions: subscriptions(config, &events),
            services: config.services.keys().map(|name| (name.clone(), ServiceTraffic::default())).collect(),
            topics: contracts
                .iter()
                .map(|contract| TopicTraffic { dead_letters: dead_letters(contract), ..TopicTraffic::default() })
                .collect(),
        };
        traffic.add_reads(config, contracts);
        for (index, contract) in contracts.iter().enumerate() {
            for producer in &contract.metadata.producers {
                traffic.services.entry(producer.clone()).or_default().sends.push(index);
            }
            if let Some(reply) = contract.metadata.reply.as_deref().and_then(|topic| events.near(topic, contract)) {
                traffic.topics[index].reply = Some(reply);
                traffic.topics[reply].answers.push(index);
            }
        }
        traffic
    }

    fn add_reads(&mut self, config: &Config, contracts: &[Contract]) {
        for subscription in &self.subscriptions {
            let events: BTreeSet<usize> = subscription.topics.iter().flat_map(|glob| &glob.events).copied().collect();
            for index in &events {
                let contract = &contracts[*index];
                self.topics[*index].consumers.push(subscription.consumer(&config.namespace[contract.namespace], contract));
            }
            let reads = &mut self.services.entry(subscription.service.to_string()).or_default().reads;
            reads.extend(events);
            reads.sort_unstable();
            reads.dedup();
        }
    }

    /// Returns what services declare that they read: by the names of services, then as they state it.
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }

    /// Returns every service that is declared, or that a contract names as a producer, by name.
    pub fn services(&self) -> &BTreeMap<String, ServiceTraffic> {
        &self.services
    }

    /// Returns what happens to the contract of an index.
    pub fn topic(&self, contract: usize) -> &TopicTraffic {
        &self.topics[contract]
    }

    /// Returns the services that read a place of the events of a topic, in order of their names, also where the tree has no such event (any
    /// more). `instance` is a JSON Pointer into the event's own data.
    pub fn readers_of(&self, topic: &str, instance: &str) -> Vec<String> {
        let reads = |subscription: &&Subscription| {
            subscription.topics.iter().any(|pattern| glob(&pattern.text, topic)) && touches(&subscription.reads, instance)
        };
        unique(self.subscriptions.iter().filter(reads).map(|subscription| &subscription.service))
    }
}

impl Subscription {
    /// Returns the edge to an event that it covers.
    fn consumer(&self, namespace: &Namespace, contract: &Contract) -> Consumer {
        let fill = |template: &String| {
            let event = contract.path.get(1..).map(|rest| rest.join("-")).unwrap_or_default();
            template
                .replace("{service}", &self.service)
                .replace("{function}", self.function.as_deref().unwrap_or("events"))
                .replace("{topic}", &contract.topic)
                .replace("{domain}", contract.domain())
                .replace("{event}", &event)
        };
        Consumer {
            service: self.service.clone(),
            function: self.function.clone(),
            reads: self.reads.clone(),
            group: namespace.consumer_group.as_ref().map(fill),
            queue: namespace.queue.as_ref().map(fill),
        }
    }
}

impl Consumer {
    /// Returns whether it reads a place of the event's own data, something in it, or something around it.
    pub fn touches(&self, instance: &str) -> bool {
        touches(&self.reads, instance)
    }
}

impl Catalog {
    /// Returns the traffic of a contract.
    fn traffic_of(&self, contract: &Contract) -> Option<&TopicTraffic> {
        self.contract_index(contract.file).map(|index| self.traffic.topic(index))
    }

    /// Returns the consumers of a contract, by service.
    pub fn consumers(&self, contract: &Contract) -> &[Consumer] {
        self.traffic_of(contract).map_or(&[], |topic| &topic.consumers)
    }

    /// Returns the event that answers a contract.
    pub fn reply(&self, contract: &Contract) -> Option<&Contract> {
        self.traffic_of(contract)?.reply.map(|index| &self.contracts[index])
    }

    /// Returns whether an event answers some contract.
    pub fn is_reply(&self, contract: &Contract) -> bool {
        self.traffic_of(contract).is_some_and(|topic| !topic.answers.is_empty())
    }

    /// Returns the topic or exchange that a contract's events go to which a consumer could not process.
    pub fn dead_letters(&self, contract: &Contract) -> Option<&str> {
        self.traffic_of(contract)?.dead_letters.as_deref()
    }

    /// Returns the services that read a place of a contract, in order of their names. `instance` is a JSON Pointer into the event's own
    /// data.
    pub fn readers(&self, contract: &Contract, instance: &str) -> Vec<String> {
        let of = |event: &Contract, instance: &str| {
            let consumers = self.consumers(event).iter().filter(|consumer| consumer.touches(instance));
            consumers.map(|consumer| consumer.service.clone()).collect::<Vec<_>>()
        };
        match contract.kind {
            ContractKind::Event => unique(of(contract, instance).iter()),
            // Whoever reads any event of the namespace reads its envelope.
            ContractKind::Envelope => {
                let events = self.events().filter(|event| event.namespace == contract.namespace);
                unique(events.flat_map(|event| of(event, "")).collect::<Vec<_>>().iter())
            }
            ContractKind::DeadLetter => Vec::new(),
        }
    }
}

/// The events of a tree by topic. Namespaces on brokers of their own may have events of one topic.
struct Events<'a> {
    contracts: &'a [Contract],
    by_topic: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Events<'a> {
    fn of(contracts: &'a [Contract]) -> Self {
        let mut by_topic: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, contract) in contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event) {
            by_topic.entry(&contract.topic).or_default().push(index);
        }
        Self { contracts, by_topic }
    }

    /// Returns the event of a topic: in the namespace of a contract, else the first.
    fn near(&self, topic: &str, contract: &Contract) -> Option<usize> {
        let found = self.by_topic.get(topic)?;
        found.iter().find(|index| self.contracts[**index].namespace == contract.namespace).or(found.first()).copied()
    }

    /// Returns the events whose topics a glob covers.
    fn covered(&self, pattern: &str) -> Vec<usize> {
        if !pattern.contains(['*', '?']) {
            return self.by_topic.get(pattern).cloned().unwrap_or_default();
        }
        let mut found: Vec<usize> =
            self.by_topic.iter().filter(|(topic, _)| glob(pattern, topic)).flat_map(|(_, events)| events).copied().collect();
        found.sort_unstable();
        found
    }
}

fn subscriptions(config: &Config, events: &Events<'_>) -> Vec<Subscription> {
    let mut subscriptions = Vec::new();
    for (name, service) in &config.services {
        let service_name: Arc<str> = name.as_str().into();
        subscriptions.extend(service.consumes.iter().map(|consumption| Subscription {
            service: service_name.clone(),
            function: consumption.function.as_deref().map(Arc::from),
            reads: consumption.reads.as_slice().into(),
            topics: consumption.topics.iter().map(|text| Glob { text: text.clone(), events: events.covered(text) }).collect(),
        }));
    }
    subscriptions
}

/// Returns the dead-letter topic of a contract, with its own topic filled in.
fn dead_letters(contract: &Contract) -> Option<String> {
    Some(contract.settings.dead_letter.as_ref()?.topic_of(&contract.topic))
}

fn unique<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().map(ToString::to_string).collect()
}

/// Returns whether somebody who reads some places, or everything, reads a place.
fn touches(reads: &[String], instance: &str) -> bool {
    reads.is_empty() || reads.iter().any(|read| overlap(read, instance))
}

/// Returns whether one of two places lies within the other. An index stands for every item of its list: who reads one, reads the list.
fn overlap(read: &str, instance: &str) -> bool {
    let (read, instance) = (split_pointer(read), split_pointer(instance));
    let is_item = |part: &str| part == "*" || part == "-" || (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    read.iter().zip(&instance).all(|(a, b)| a == b || (is_item(a) && is_item(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Tree};

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

    /// Two namespaces have a topic each called `ask` and `answer`, on brokers of their own.
    const CONFIG: &str = r#"
        [[namespace]]
        name = "one"
        root = "one"
        consumer_group = "{service}.{function}.{topic}"
        [namespace.envelope]
        file = "one/_envelope.json"
        payload = "/data"
        [namespace.topic.dead_letter]
        topic = "{topic}.dlq"
        [[namespace]]
        name = "two"
        root = "two"
        queue = "{domain}-{event}-{service}"
        [services.reader]
        consumes = [
            { topics = ["ask", "a*"], function = "f", reads = ["/x"] },
            { topics = "gone" },
            { topics = "answer", reads = ["/y"] },
        ]
        [services.quiet]
    "#;

    fn catalog() -> Catalog {
        let ask = r#"{"x-event": {"producers": ["sender", "reader"], "reply": "answer"}}"#;
        let files = [
            ("one/ask.json", ask),
            ("one/answer.json", "{}"),
            ("one/_envelope.json", "{}"),
            ("two/ask.json", ask),
            ("two/answer.json", "{}"),
        ];
        let (config, problems) = Config::parse("eventc.toml", CONFIG);
        assert!(problems.is_empty(), "{problems:?}");
        Catalog::build(Tree::from_texts(files, &Limits::default()), config)
    }

    #[test]
    fn every_edge_is_in_the_graph_once() {
        let catalog = catalog();
        let name = |index: &usize| format!("{}/{}", catalog.namespace(&catalog.contracts[*index]).name, catalog.contracts[*index].topic);
        let names = |indexes: &[usize]| indexes.iter().map(name).collect::<Vec<_>>();
        let services: Vec<_> =
            catalog.traffic.services().iter().map(|(name, of)| (name.as_str(), names(&of.sends), names(&of.reads))).collect();
        let (asks, all) = (["one/ask", "two/ask"].map(str::to_owned).to_vec(), ["one/answer", "one/ask", "two/answer", "two/ask"]);
        assert_eq!(
            services,
            [("quiet", Vec::new(), Vec::new()), ("reader", asks.clone(), all.map(str::to_owned).to_vec()), ("sender", asks, Vec::new())]
        );
        for (index, contract) in catalog.contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event) {
            let (topic, space) = (catalog.traffic.topic(index), catalog.namespace(contract).name.as_str());
            let consumers: Vec<_> =
                topic.consumers.iter().map(|of| (of.reads.join(" "), of.group.as_deref(), of.queue.as_deref())).collect();
            let group = |function: &str| format!("reader.{function}.{}", contract.topic);
            let (first, second) = (group("f"), group("events"));
            let groups = if space == "one" { (Some(first.as_str()), Some(second.as_str())) } else { (None, None) };
            let queue = format!("{}--reader", contract.topic);
            let queue = (space == "two").then_some(queue.as_str());
            let mut expected = vec![("/x".to_owned(), groups.0, queue)];
            if contract.topic == "answer" {
                expected.push(("/y".to_owned(), groups.1, queue));
                assert_eq!((topic.reply, names(&topic.answers)), (None, vec![format!("{space}/ask")]));
            } else {
                assert_eq!(topic.reply.as_ref().map(name), Some(format!("{space}/answer")));
            }
            assert_eq!(consumers, expected, "{}", name(&index));
            assert_eq!(topic.dead_letters.as_deref(), (space == "one").then_some(format!("{}.dlq", contract.topic)).as_deref());
        }
        let globs: Vec<_> = catalog.traffic.subscriptions().iter().flat_map(|of| &of.topics).map(|glob| glob.events.len()).collect();
        assert_eq!(globs, [2, 4, 0, 2]);
    }

    #[test]
    fn readers_are_those_of_the_place() {
        let catalog = catalog();
        let ask = catalog.find("ask").expect("an event");
        for (instance, readers) in [("/x/part", &["reader"][..]), ("", &["reader"]), ("/z", &[])] {
            assert_eq!(catalog.readers(ask, instance), readers, "{instance}");
            assert_eq!(catalog.traffic.readers_of("ask", instance), readers, "{instance}");
        }
        assert_eq!(catalog.traffic.readers_of("gone", "/any"), ["reader"]);
        let envelope = catalog.envelope(0).expect("an envelope");
        assert_eq!(catalog.readers(envelope, "/id"), ["reader"]);
    }
}
