//! From events to topics and dead-letter topics.

use std::collections::{BTreeMap, HashMap};

use eventc_model::{
    config::Environment,
    diagnostic::Diagnostic,
    duration::Retention,
    settings::{CleanupPolicy, DEAD_LETTER_HEADERS, TopicSettings},
};

use super::{Cluster, DeadLetterPath, Topic, judge, rights};
use crate::{
    origin::{Origin, ResourceRole},
    placed::PlacedEvent,
    stated::Stated,
};

/// The largest batch that a broker takes whose `message.max.bytes` nobody has set.
const DEFAULT_MAX_MESSAGE_BYTES: u32 = 1_048_588;

/// A cluster in the making.
pub(crate) struct ClusterBuilder<'a> {
    pub(super) stated: Stated<'a>,
    pub(super) cluster: Cluster,
    /// The events of the cluster, by the index of their contract.
    pub(super) events: BTreeMap<usize, PlacedEvent<'a>>,
    /// The contract that each topic of events is of.
    owners: HashMap<&'a str, usize>,
    /// The dead-letter topics, by name, with the settings of all who share one.
    dead_letters: BTreeMap<String, (TopicSettings, Origin)>,
    pub(super) findings: Vec<Diagnostic>,
}

impl<'a> ClusterBuilder<'a> {
    /// Creates an empty cluster.
    pub(crate) fn new(stated: Stated<'a>) -> Self {
        Self {
            stated,
            cluster: Cluster::default(),
            events: BTreeMap::new(),
            owners: HashMap::new(),
            dead_letters: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Adds the topic of an event, and that of its dead letters.
    pub(crate) fn add(&mut self, event: PlacedEvent<'a>) {
        let PlacedEvent { index, contract, namespace, settings } = &event;
        judge::event(self, &event);
        let origin = Origin::of(ResourceRole::Events, &namespace.name, contract);
        let dead_letters = dead_letter_path(&event);
        if let Some(path) = &dead_letters {
            let (merged, by) = (dead_letter_settings(settings), Origin::of(ResourceRole::DeadLetters, &namespace.name, contract));
            match self.dead_letters.get_mut(&path.topic) {
                None => drop(self.dead_letters.insert(path.topic.clone(), (merged, by))),
                Some((known, origin)) => {
                    *known = widest(known, &merged);
                    origin.join(by);
                }
            }
        }
        let topic =
            Topic { partitions: settings.partitions, replication: settings.replication, settings: spelled(settings), dead_letters, origin };
        self.owners.entry(contract.topic.as_str()).or_insert(*index);
        self.cluster.topics.entry(contract.topic.clone()).or_insert(topic);
        self.events.insert(*index, event);
    }

    /// Returns the cluster, with the rights of the services that the environment lists, and what is wrong with it.
    pub(crate) fn finish(mut self, environment: &Environment) -> (Cluster, Vec<Diagnostic>) {
        judge::names(&mut self);
        for (name, (settings, origin)) in std::mem::take(&mut self.dead_letters) {
            let topic = Topic {
                partitions: settings.partitions,
                replication: settings.replication,
                settings: spelled(&settings),
                dead_letters: None,
                origin,
            };
            self.cluster.topics.entry(name).or_insert(topic);
        }
        rights::add(&mut self, environment);
        (self.cluster, self.findings)
    }

    /// Returns the event that a topic carries.
    pub(super) fn owner(&self, topic: &str) -> Option<&PlacedEvent<'a>> {
        self.owners.get(topic).and_then(|index| self.events.get(index))
    }

    /// Returns the names of dead-letter topics, with the contracts whose they are.
    pub(super) fn dead_letter_topics(&self) -> impl Iterator<Item = (&String, &Origin)> {
        self.dead_letters.iter().map(|(name, (_, origin))| (name, origin))
    }
}

/// Returns the way of what a consumer of an event could not process.
fn dead_letter_path(event: &PlacedEvent<'_>) -> Option<DeadLetterPath> {
    let policy = event.settings.dead_letter.as_ref()?;
    Some(DeadLetterPath {
        topic: policy.topic_of(&event.contract.topic),
        retries: policy.retries,
        backoff_ms: policy.backoff.iter().map(|wait| wait.millis()).collect(),
    })
}

/// Returns the settings of the topic for the dead letters of a topic: those of the topic, but that nothing is compacted away, and that
/// there is room for what the headers say of the failure.
fn dead_letter_settings(of: &TopicSettings) -> TopicSettings {
    TopicSettings {
        partitions: of.partitions,
        replication: of.replication,
        retention: of.dead_letter.as_ref().and_then(|policy| policy.retention).or(of.retention),
        cleanup_policy: of.cleanup_policy.map(|_| CleanupPolicy::Delete),
        compression: of.compression,
        max_message_bytes: Some(of.max_message_bytes.unwrap_or(DEFAULT_MAX_MESSAGE_BYTES) + DEAD_LETTER_HEADERS),
        min_insync_replicas: of.min_insync_replicas,
        ..TopicSettings::default()
    }
}

/// Returns the settings of a dead-letter topic that two topics share.
fn widest(a: &TopicSettings, b: &TopicSettings) -> TopicSettings {
    TopicSettings {
        partitions: a.partitions.max(b.partitions),
        replication: a.replication.max(b.replication),
        retention: a.retention.into_iter().chain(b.retention).reduce(Retention::longer),
        cleanup_policy: a.cleanup_policy.or(b.cleanup_policy),
        compression: a.compression.filter(|_| a.compression == b.compression),
        max_message_bytes: a.max_message_bytes.max(b.max_message_bytes),
        min_insync_replicas: a.min_insync_replicas.max(b.min_insync_replicas),
        ..TopicSettings::default()
    }
}

/// Returns settings as Kafka names and spells them.
fn spelled(settings: &TopicSettings) -> BTreeMap<String, String> {
    // Kafka counts in 64 bits with a sign; whoever keeps events for 300 million years keeps them for ever.
    let retention = settings.retention.map(|kept| i64::try_from(kept.broker_ms()).unwrap_or(-1).to_string());
    let named = [
        ("cleanup.policy", settings.cleanup_policy.map(|policy| policy.as_str().to_owned())),
        ("compression.type", settings.compression.map(|compression| compression.as_str().to_owned())),
        ("max.message.bytes", settings.max_message_bytes.map(|bytes| bytes.to_string())),
        ("min.insync.replicas", settings.min_insync_replicas.map(|copies| copies.to_string())),
        ("retention.ms", retention),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let others = settings.settings.iter().map(|(name, value)| (name.clone(), value.to_string()));
    named.chain(others).collect()
}
