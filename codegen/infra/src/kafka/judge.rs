//! What a Kafka broker would refuse, or take and not do.

use std::collections::BTreeMap;

use eventc_model::{catalog::Contract, diagnostic::Diagnostic, duration::Retention, settings::CleanupPolicy, syntax::escape_pointer};

use super::{ClusterBuilder, known};
use crate::{
    placed::PlacedEvent,
    rules::{COLLIDING_NAMES, CONFLICTING_SETTINGS, NAME_TAKEN, UNKEYED_COMPACTION, UNKNOWN_SETTING, UNUSABLE_NAME, UNUSED_RETENTION},
};

/// The longest name of a topic: Kafka makes folders of it, with the number of a partition behind.
const MAX_NAME: usize = 249;

/// Judges the settings of an event.
pub(super) fn event(builder: &mut ClusterBuilder<'_>, event: &PlacedEvent<'_>) {
    let mut findings = Vec::new();
    let mut find = |rule, key: &str, message: String, help: &str| {
        findings.push(builder.stated.finding(rule, event.contract, key, message, help));
    };
    let settings = &event.settings;
    for name in settings.settings.keys().filter(|name| !known::is_known(name)) {
        let help = known::near(name).map_or_else(
            || "settings of topics stand in the documentation of your broker".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        find(&UNKNOWN_SETTING, &format!("settings/{}", escape_pointer(name)), format!("no topic has a setting `{name}`"), &help);
    }
    if settings.cleanup_policy == Some(CleanupPolicy::Compact)
        && let Some(Retention::For(kept)) = settings.retention
    {
        let help = "write `cleanup_policy = \"compact,delete\"`, or `retention = \"forever\"`";
        find(&UNUSED_RETENTION, "cleanup_policy", format!("the retention of {kept} does nothing to a topic that is compacted"), help);
    }
    if settings.cleanup_policy.is_some_and(CleanupPolicy::compacts) && event.contract.metadata.key.is_none() {
        let help = "add `key` to `x-event`, a JSON Pointer into the payload; or write `cleanup_policy = \"delete\"`";
        find(&UNKEYED_COMPACTION, "cleanup_policy", "the topic is compacted by keys, and the event has none".into(), help);
    }
    if let (Some(insync), Some(copies)) = (settings.min_insync_replicas, settings.replication)
        && insync > copies
    {
        let message = format!("{insync} copies are waited for, and a partition has {copies}");
        find(&CONFLICTING_SETTINGS, "min_insync_replicas", message, "write fewer than `replication`, such as 2 of 3");
    }
    builder.findings.append(&mut findings);
}

/// Judges the names of topics and dead-letter topics together.
pub(super) fn names(builder: &mut ClusterBuilder<'_>) {
    let mut findings = Vec::new();
    let mut alike: BTreeMap<String, &str> = BTreeMap::new();
    for event in builder.events.values() {
        let topic = &event.contract.topic;
        findings.extend(unusable(topic).map(|why| named(builder, event.contract, why)));
        findings.extend(taken(builder, event));
        findings.extend(collision(&mut alike, topic).map(|other| colliding(builder, event.contract, topic, other)));
    }
    for (name, origin) in builder.dead_letter_topics() {
        let Some(event) = origin.contracts.first().and_then(|topic| builder.owner(topic)) else { continue };
        let find = |rule, message, help: &str| builder.stated.finding(rule, event.contract, "dead_letter/topic", message, help);
        findings.extend(unusable(name).map(|why| find(&UNUSABLE_NAME, why, "choose another name for the dead letters")));
        if builder.owner(name).is_some() {
            let message = format!("dead letters would go to {name:?}, which carries events");
            findings.push(find(&NAME_TAKEN, message, "choose another name for the dead letters"));
        } else if let Some(other) = collision(&mut alike, name) {
            findings.push(colliding(builder, event.contract, name, other));
        }
    }
    builder.findings.append(&mut findings);
}

fn named(builder: &ClusterBuilder<'_>, contract: &Contract, why: String) -> Diagnostic {
    let file = builder.stated.catalog.schemas.file(contract.file);
    Diagnostic::new(&UNUSABLE_NAME, file.place(""), why).topic(contract.topic.clone()).help("rename the file, or change the topic pattern")
}

/// Returns why Kafka takes no topic of a name.
fn unusable(name: &str) -> Option<String> {
    if name.len() > MAX_NAME {
        return Some(format!("Kafka takes names of {MAX_NAME} characters at most, and {name:?} has {}", name.len()));
    }
    let strange = name.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c)));
    if let Some(strange) = strange {
        return Some(format!("Kafka takes no topic {name:?}: {strange:?} is no letter of ASCII, digit, `.`, `_` or `-`"));
    }
    ["", ".", ".."].contains(&name).then(|| format!("Kafka takes no topic {name:?}"))
}

/// Returns a finding where another contract has the topic on the same cluster.
fn taken(builder: &ClusterBuilder<'_>, event: &PlacedEvent<'_>) -> Option<Diagnostic> {
    let owner = builder.owner(&event.contract.topic)?;
    // Within a namespace that is a finding of its own.
    (owner.contract.namespace != event.contract.namespace).then(|| {
        let schemas = &builder.stated.catalog.schemas;
        let message =
            format!("the topic {:?} is on one cluster with that of {}", event.contract.topic, schemas.file(owner.contract.file).shown);
        let help = "put the namespaces on brokers of their own, or their names into the topics";
        Diagnostic::new(&NAME_TAKEN, schemas.file(event.contract.file).place(""), message).topic(event.contract.topic.clone()).help(help)
    })
}

/// Returns the name that was there before and is the same where points are underscores; Kafka's metrics cannot tell the two apart.
fn collision<'n>(alike: &mut BTreeMap<String, &'n str>, name: &'n str) -> Option<&'n str> {
    let known = *alike.entry(name.replace('.', "_")).or_insert(name);
    (known != name).then_some(known)
}

fn colliding(builder: &ClusterBuilder<'_>, contract: &Contract, name: &str, other: &str) -> Diagnostic {
    let message = format!("the names {name:?} and {other:?} are the same where `.` and `_` are");
    let file = builder.stated.catalog.schemas.file(contract.file);
    Diagnostic::new(&COLLIDING_NAMES, file.place(""), message).topic(contract.topic.clone()).help("rename one of them")
}
