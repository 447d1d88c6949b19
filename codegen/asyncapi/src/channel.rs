//! Channels: the topics of events, and those that dead letters go to.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{
    catalog::{Contract, ContractKind},
    diagnostic::Diagnostic,
    duration::Retention,
    schema::Schemas,
};
use serde_json::{Map, Value, json};

use super::{
    bindings,
    document::{DocumentPlan, DocumentScope},
    flow::{Flow, FlowEntry},
    keys::Keys,
    notes::{self, note},
    objects::{Action, Channel, Parameter, ReferenceObject, Tag},
};

/// A channel in the making.
pub(super) struct Route<'a> {
    pub(super) key: String,
    address: &'a str,
    /// Topics that `{topic}` in the address stands for.
    topics: Vec<&'a str>,
    /// The time for which it keeps what is sent to it.
    retention: Option<Retention>,
}

/// Returns the channels that an entry travels on: the topic of an event; for a dead-letter record, wherever the document's
/// events go when they fail.
pub(super) fn routes<'a>(
    flow: &'a Flow<'a>,
    index: usize,
    scope: &DocumentScope<'a>,
    entries: &BTreeSet<usize>,
    keys: &mut Keys,
) -> Vec<Route<'a>> {
    let FlowEntry { contract, facts, .. } = &flow.entries[index];
    if contract.kind == ContractKind::Event {
        return vec![Route { key: keys.unique(facts.name), address: facts.name, topics: Vec::new(), retention: facts.retention }];
    }
    // A service gives up on what it reads; the record of one that reads nothing may be about anything.
    let read: BTreeSet<usize> = scope.acts.iter().filter(|act| act.action == Action::Receive).map(|act| act.entry).collect();
    let mine = |other: &usize| {
        let other = flow.entries[*other].contract;
        other.kind == ContractKind::Event && other.namespace == contract.namespace
    };
    let failing: Vec<usize> = entries.iter().copied().filter(|entry| read.contains(entry)).filter(mine).collect();
    let failing = if failing.is_empty() { (0..flow.entries.len()).filter(mine).collect() } else { failing };
    // The facts have `{topic}` filled in; a document says it once for all topics.
    let mut templates: BTreeMap<&str, Route<'a>> = BTreeMap::new();
    for entry in failing {
        let failing = flow.entries[entry].contract;
        if let Some(policy) = &failing.settings.dead_letter {
            let route = || Route { key: keys.unique(&contract.topic), address: &policy.topic, topics: Vec::new(), retention: None };
            let route = templates.entry(&policy.topic).or_insert_with(route);
            if policy.topic.contains("{topic}") {
                route.topics.push(&failing.topic);
            }
            route.retention = route.retention.into_iter().chain(policy.retention).reduce(Retention::longer);
        }
    }
    templates.into_values().collect()
}

/// Returns one channel.
pub(super) fn channel<'a>(plan: &DocumentPlan<'a>, index: usize, route: &Route<'a>, notes: &mut Vec<Diagnostic>) -> Channel<'a> {
    let catalog = plan.flow.input.catalog;
    let entry = plan.entry(index);
    let contract = entry.contract;
    let address = Address::read(route.address);
    let mut extensions = extensions(entry);
    if address.is_none() {
        extensions.insert("x-topic".into(), route.address.into());
        notes.push(unspellable(&catalog.schemas, contract, route.address));
    }
    let servers = plan.servers.iter().filter(|(namespace, ..)| plan.mixed && *namespace == contract.namespace);
    let message = plan.messages[&index].clone();
    let target = format!("#/components/messages/{message}");
    let domain = Some(contract.domain()).filter(|_| contract.kind == ContractKind::Event && contract.path.len() > 1);
    Channel {
        address: address.as_ref().map(|_| route.address),
        title: catalog.schemas.keywords(contract.root).and_then(|keywords| keywords.title.as_deref()),
        messages: BTreeMap::from([(message, ReferenceObject { target })]),
        parameters: address.into_iter().flat_map(|address| address.parameters(&route.topics)).collect(),
        servers: servers.map(|(_, key, _)| ReferenceObject { target: format!("#/servers/{key}") }).collect(),
        tags: domain.map(|name| Tag { name }).into_iter().collect(),
        bindings: bindings::channel(catalog, entry, route.retention),
        extensions,
    }
}

/// Returns the settings of a topic that no binding holds.
fn extensions(entry: &FlowEntry<'_>) -> Map<String, Value> {
    let mut extensions = Map::new();
    if entry.contract.kind != ContractKind::Event {
        return extensions;
    }
    if let Some(policy) = &entry.facts.dead_letter {
        extensions.insert("x-dead-letter".into(), json!(policy));
    }
    if let Some(priority) = entry.facts.priority {
        extensions.insert("x-max-priority".into(), priority.into());
    }
    extensions
}

fn unspellable(schemas: &Schemas, contract: &Contract, topic: &str) -> Diagnostic {
    let message = format!("the topic {topic:?} is none that an AsyncAPI address can spell");
    note(&notes::ADDRESS, schemas, contract.root, "", message).topic(contract.topic.clone())
}

/// The address of a channel with its expressions (AsyncAPI 3.0, "Channel Address Expressions").
struct Address<'a>(Vec<&'a str>);

impl<'a> Address<'a> {
    /// Returns the names in braces; `None` for a text whose braces mean something else.
    fn read(text: &'a str) -> Option<Self> {
        let (mut names, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}')?;
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            if before.contains('}') || name.is_empty() || name.starts_with('_') || !name.chars().all(allowed) {
                return None;
            }
            names.push(name);
            rest = tail;
        }
        (!rest.contains('}')).then_some(Self(names))
    }

    fn parameters(self, topics: &[&'a str]) -> impl Iterator<Item = (&'a str, Parameter<'a>)> {
        self.0.into_iter().map(|name| {
            let parameter = if name == "topic" && !topics.is_empty() {
                Parameter { description: "The topic of the event that could not be processed.", values: topics.to_vec() }
            } else {
                Parameter { description: "A part of the topic that varies.", values: Vec::new() }
            };
            (name, parameter)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_parameters_or_nothing() {
        let names = |text: &'static str| Address::read(text).map(|address| address.0);
        assert_eq!(names("a.b"), Some(vec![]));
        assert_eq!(names("a.{b}.{c-d}"), Some(vec!["b", "c-d"]));
        for wrong in ["a}", "{", "{}", "{a b}", "{{a}}", "}{a}", "{__proto__}", "{a/b}"] {
            assert_eq!(names(wrong), None, "{wrong}");
        }
    }
}
