//! Topics: the events that `topics.py` lists, and what is declared of them as Python values.

use std::collections::{BTreeSet, HashMap};

use eventc_emit::Input;
use eventc_model::{
    catalog::{Catalog, Contract},
    config::Broker,
    duration::{Duration, Retention},
    metadata::Stability,
    schema::FileId,
};

use super::{names, text};

/// The selected events, each topic once, in the order of their topics.
pub(super) struct Topics<'a> {
    pub(super) entries: Vec<TopicEntry<'a>>,
    by_file: HashMap<FileId, usize>,
}

/// An event, and the constant of its topic.
pub(super) struct TopicEntry<'a> {
    pub(super) contract: &'a Contract,
    pub(super) constant: String,
}

impl<'a> Topics<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut events: Vec<&Contract> = input.events().collect();
        events.sort_by(|a, b| a.topic.cmp(&b.topic));
        // Two contracts with one topic are a finding; the registry takes the first.
        events.dedup_by(|a, b| a.topic == b.topic);
        let topics: Vec<&str> = events.iter().map(|contract| contract.topic.as_str()).collect();
        let constants = names::topics(&topics);
        let by_file = events.iter().enumerate().map(|(index, contract)| (contract.file, index)).collect();
        Self { entries: events.into_iter().zip(constants).map(|(contract, constant)| TopicEntry { contract, constant }).collect(), by_file }
    }

    /// Returns the constant of an event's topic; nothing for one that is not listed.
    pub(super) fn constant(&self, contract: &Contract) -> Option<&str> {
        self.by_file.get(&contract.file).map(|index| self.entries[*index].constant.as_str())
    }

    /// Returns the values of the constants, and the classes of the runtime that they need.
    pub(super) fn values(&self, catalog: &Catalog) -> (Vec<String>, BTreeSet<String>) {
        let mut classes = BTreeSet::from(["Topic".to_owned()]);
        let mut local = |name: &str| {
            classes.insert(name.to_owned());
            name.to_owned()
        };
        let values = self.entries.iter().map(|entry| value(catalog, entry.contract, &mut local)).collect();
        (values, classes)
    }
}

/// Returns the expression that makes the `Topic` of a contract; `local` gives the name under which a class of the runtime is known.
pub(super) fn value(catalog: &Catalog, contract: &Contract, local: &mut dyn FnMut(&str) -> String) -> String {
    let facts = catalog.facts(contract);
    let mut call = Call::new(local("Topic"));
    call.text("name", Some(facts.name));
    call.text("version", Some(&facts.version.to_string()));
    call.text("namespace", Some(facts.namespace).filter(|name| !name.is_empty()));
    call.text("owner", facts.owner);
    call.text("stability", Some(facts.stability.as_str()).filter(|_| facts.stability != Stability::default()));
    call.text("key", facts.key);
    call.text("reply", facts.reply);
    call.text("broker", Some(facts.broker.as_str()).filter(|_| facts.broker != Broker::default()));
    call.text("exchange", facts.exchange);
    call.number("partitions", facts.partitions);
    call.number("replication", facts.replication);
    call.number("retention_ms", facts.retention.map(Retention::broker_ms));
    call.number("ttl_ms", facts.ttl.map(Duration::millis));
    call.number("priority", facts.priority);
    if let Some(dead) = &facts.dead_letter {
        let mut inner = Call::new(local("DeadLetter"));
        inner.text("topic", Some(&dead.topic));
        inner.number("retries", Some(dead.retries).filter(|retries| *retries > 0));
        inner.tuple("backoff_ms", dead.backoff.iter().map(|wait| wait.millis().to_string()));
        inner.number("retention_ms", dead.retention.map(Retention::broker_ms));
        call.set("dead_letter", inner.on_one_line());
    }
    if let Some(deprecated) = facts.deprecated {
        let mut inner = Call::new(local("Deprecation"));
        inner.text("since", Some(&deprecated.since.to_string()));
        inner.text("sunset", deprecated.sunset.map(|day| day.to_string()).as_ref());
        inner.text("use", deprecated.successor.as_ref());
        call.set("deprecated", inner.on_one_line());
    }
    call.tuple("producers", facts.producers.iter().map(|name| text::literal(name)));
    let consumers = facts.consumers.iter().map(|consumer| {
        let mut inner = Call::new(local("Consumer"));
        inner.text("service", Some(&*consumer.service));
        inner.text("function", consumer.function.as_deref());
        inner.text("group", consumer.group.as_ref());
        inner.text("queue", consumer.queue.as_ref());
        inner.on_one_line()
    });
    call.tuple("consumers", consumers.collect::<Vec<_>>().into_iter());
    call.tuple("tags", facts.tags.iter().map(|tag| text::literal(tag)));
    call.on_lines()
}

/// A call with keyword arguments.
struct Call {
    function: String,
    arguments: Vec<String>,
}

impl Call {
    fn new(function: String) -> Self {
        Self { function, arguments: Vec::new() }
    }

    fn set(&mut self, name: &str, value: impl std::fmt::Display) {
        self.arguments.push(format!("{name}={value}"));
    }

    fn text(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.set(name, text::literal(value.as_ref()));
        }
    }

    fn number(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn tuple(&mut self, name: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if let [only] = &items[..] {
            self.set(name, format!("({only},)"));
        } else if !items.is_empty() {
            self.set(name, format!("({})", items.join(", ")));
        }
    }

    fn on_one_line(&self) -> String {
        format!("{}({})", self.function, self.arguments.join(", "))
    }

    fn on_lines(&self) -> String {
        format!("{}(\n    {},\n)", self.function, self.arguments.join(",\n    "))
    }
}
