//! The settings of running topics, written into eventc.toml: the way in for those who start from a broker.

use std::collections::BTreeMap;

use eventc_infra::{
    BrokerState, ResourceRole,
    kafka::{Cluster, Topic},
};
use eventc_model::catalog::Catalog;
use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use crate::{
    error::BusError,
    kafka::live::{LiveCluster, LiveTopic},
};

/// What an import found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many topics differed from what is stated, and are stated now.
    pub topics: usize,
    /// Topics of dead letters that differ: their settings follow from those of their events.
    pub dead_letters: Vec<String>,
}

/// Writes the settings of a cluster's topics into the text of eventc.toml, where they differ from what is stated, below the environment.
/// Everything else of the text stays as it is.
///
/// # Errors
/// Where the text cannot be read, or has something else in the place.
pub fn import(text: &str, catalog: &Catalog, environment: &str, broker: &str, live: &LiveCluster) -> Result<(String, Imported), BusError> {
    let mut document: DocumentMut = text.parse().map_err(|error| BusError::Setting(format!("eventc.toml cannot be read: {error}")))?;
    let mut imported = Imported::default();
    let state = eventc_infra::desired(catalog, environment).unwrap_or_default();
    let Some(BrokerState::Kafka(cluster)) = state.brokers.get(broker) else { return Ok((text.to_owned(), imported)) };
    let mut differing: BTreeMap<&str, Vec<(&str, Differences)>> = BTreeMap::new();
    for (name, topic, found) in both(cluster, live) {
        let differences = differences(topic, found);
        match topic.origin.role {
            _ if differences.is_empty() => {}
            ResourceRole::Events => differing.entry(topic.origin.namespace.as_str()).or_default().push((name, differences)),
            _ => imported.dead_letters.push(name.to_owned()),
        }
    }
    for (namespace, topics) in differing {
        imported.topics += topics.len();
        let of_namespace = |topic: &Topic| topic.origin.namespace == namespace && topic.origin.role == ResourceRole::Events;
        let all = both(cluster, live).filter(|(_, topic, _)| of_namespace(topic)).count();
        let path = ["environments", environment, "namespaces", namespace];
        let shared = if all == topics.len() && all > 1 { shared(&topics) } else { Differences::new() };
        state_in(&mut document, &path, "topic", &shared)?;
        for (name, differences) in topics {
            let own = differences.into_iter().filter(|(key, value)| shared.get(key) != Some(value)).collect();
            state_in(&mut document, &[path[0], path[1], path[2], path[3], "topics"], name, &own)?;
        }
    }
    Ok((document.to_string(), imported))
}

/// Settings of a topic in the words of eventc.toml: a key, or one below `settings`.
type Differences = BTreeMap<(String, bool), String>;

fn both<'a>(cluster: &'a Cluster, live: &'a LiveCluster) -> impl Iterator<Item = (&'a str, &'a Topic, &'a LiveTopic)> {
    cluster.topics.iter().filter_map(|(name, topic)| Some((name.as_str(), topic, live.topics.get(name)?)))
}

/// Returns what a topic has and is not stated so.
fn differences(topic: &Topic, found: &LiveTopic) -> Differences {
    let mut differences = Differences::new();
    for (key, stated, found) in [("partitions", topic.partitions, found.partitions), ("replication", topic.replication, found.replication)]
    {
        if stated != Some(found) {
            differences.insert((key.to_owned(), false), found.to_string());
        }
    }
    let inherited = topic.settings.keys().filter_map(|key| Some((key, found.inherited.get(key)?)));
    for (key, value) in found.overrides.iter().chain(inherited) {
        if topic.settings.get(key) != Some(value) {
            let (key, value, is_other) = stated(key, value);
            differences.insert((key, is_other), value);
        }
    }
    differences
}

/// Returns a setting of Kafka as eventc.toml states it, and whether it stands below `settings`.
fn stated(key: &str, value: &str) -> (String, String, bool) {
    match key {
        "cleanup.policy" => ("cleanup_policy".to_owned(), value.to_owned(), false),
        "compression.type" => ("compression".to_owned(), value.to_owned(), false),
        "max.message.bytes" => ("max_message_bytes".to_owned(), value.to_owned(), false),
        "min.insync.replicas" => ("min_insync_replicas".to_owned(), value.to_owned(), false),
        "retention.ms" => ("retention".to_owned(), retention(value), false),
        _ => (key.to_owned(), value.to_owned(), true),
    }
}

/// Returns milliseconds in the largest unit that says them whole.
fn retention(value: &str) -> String {
    let Ok(milliseconds) = value.parse::<u64>() else { return "forever".to_owned() };
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole = units.into_iter().find(|(length, _)| milliseconds > 0 && milliseconds.is_multiple_of(*length));
    whole.map_or_else(|| format!("{milliseconds}ms"), |(length, unit)| format!("{}{unit}", milliseconds / length))
}

/// Returns what all topics differ in alike.
fn shared(topics: &[(&str, Differences)]) -> Differences {
    let Some(((_, first), rest)) = topics.split_first() else { return Differences::new() };
    let is_shared = |key: &(String, bool), value: &String| rest.iter().all(|(_, differences)| differences.get(key) == Some(value));
    first.iter().filter(|(key, value)| is_shared(key, value)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// States settings under a name, below some tables that are made where they are missing.
fn state_in(document: &mut DocumentMut, path: &[&str], name: &str, settings: &Differences) -> Result<(), BusError> {
    if settings.is_empty() {
        return Ok(());
    }
    let occupied = || BusError::Setting(format!("eventc.toml: {} is no table", path.join(".")));
    let mut table: &mut dyn toml_edit::TableLike = document.as_table_mut();
    for step in path {
        let implicit = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        table = table.entry(step).or_insert_with(implicit).as_table_like_mut().ok_or_else(occupied)?;
    }
    let entry = table.entry(name).or_insert_with(|| Item::Value(Value::InlineTable(InlineTable::new())));
    let entry = entry.as_table_like_mut().ok_or_else(occupied)?;
    for ((key, is_other), text) in settings {
        let value: Item = text.parse::<i64>().map_or_else(|_| toml_edit::value(text), toml_edit::value);
        if *is_other {
            let others = entry.entry("settings").or_insert_with(|| Item::Value(Value::InlineTable(InlineTable::new())));
            others.as_table_like_mut().ok_or_else(occupied)?.insert(key, value);
        } else {
            entry.insert(key, value);
        }
    }
    Ok(())
}
