//! What RabbitMQ would refuse, or take and not do.

use eventc_model::{
    diagnostic::{Diagnostic, Rule},
    duration::Duration,
    settings::{ExchangeType, Order, Overflow, TopicSettings},
    traffic::Consumer,
};

use super::{
    HostBuilder,
    queue::{DeadLetterRoute, QUORUM_PRIORITIES, is_quorum},
};
use crate::{
    placed::PlacedEvent,
    rules::{CONFLICTING_SETTINGS, DISPUTED_SETTINGS, NAME_TAKEN, NO_ROUTE, UNUSABLE_NAME},
};

/// The longest name of an exchange or queue: a short string of AMQP 0-9-1 (section 4.2.5.3).
const MAX_NAME: usize = 255;

/// Judges the settings of an event, each against the others.
pub(super) fn settings(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>) {
    let (settings, version) = (&event.settings, builder.version);
    let mut findings = Vec::new();
    let mut find = |key: &str, message: String, help: &str| {
        findings.push(builder.stated.finding(&CONFLICTING_SETTINGS, event.contract, key, message, help));
    };
    let is_quorum = is_quorum(settings, version);
    if settings.priority.is_some() && is_quorum && version < QUORUM_PRIORITIES {
        let message = format!("a quorum of RabbitMQ {version} has no priorities (before {QUORUM_PRIORITIES})");
        find("priority", message, "leave `priority` out, or use classic queues without copies");
    }
    if settings.priority.is_some() && settings.order == Some(Order::Key) {
        let message = "what goes first by its `priority` is out of the order that `order = \"key\"` keeps";
        find("priority", message.into(), "leave one of them out");
    }
    if settings.order == Some(Order::Key) && settings.single_active_consumer == Some(false) {
        let message = "several consumers at once keep no order of keys";
        find("single_active_consumer", message.into(), "leave it out: `order = \"key\"` asks for one active consumer");
    }
    if is_quorum && settings.overflow == Some(Overflow::RejectPublishDlx) {
        let message = "a quorum knows no `reject-publish-dlx`";
        find("overflow", message.into(), "write \"reject-publish\" or \"drop-head\"");
    }
    builder.findings.append(&mut findings);
}

/// Reports that a namespace says no exchange.
pub(super) fn no_exchange(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>) {
    let message = format!("the namespace {:?} is on RabbitMQ and names no exchange", event.namespace.name);
    of_namespace(builder, event, "", message, "add `exchange = \"events\"`, or another name");
}

/// Reports that a namespace says no queue for a consumer.
pub(super) fn no_queue(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>, consumer: &Consumer) {
    let message =
        format!("the namespace {:?} is on RabbitMQ and names no queue for consumers such as {}", event.namespace.name, consumer.service);
    of_namespace(builder, event, "", message, "add `queue = \"{service}.{function}.{event}\"`, or another name");
}

/// Reports a pattern as the key of an exchange that compares keys.
pub(super) fn binding(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>, kind: ExchangeType, key: &str) {
    if kind == ExchangeType::Direct && key.split('.').any(|word| word == "*" || word == "#") {
        let message = format!("an exchange of the type `direct` knows no patterns such as {key:?}");
        of_namespace(builder, event, "/binding", message, "leave `binding` out, or write `exchange_type = \"topic\"`");
    }
}

fn of_namespace(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>, below: &str, message: String, help: &str) {
    let pointer = format!("/namespace/{}{below}", event.contract.namespace);
    let place = builder.stated.catalog.config.place(&pointer);
    builder.findings.push(Diagnostic::new(&NO_ROUTE, place, message).pointer(pointer).help(help));
}

/// Reports that an event wants its exchange to be of another type than those before it.
pub(super) fn disputed_exchange(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>, name: &str, was: ExchangeType) {
    let message = format!("the exchange {name:?} is of the type `{}` for other events", was.as_str());
    let help = "write `{type}` into the namespace's `exchange`, or state one type for all";
    builder.findings.push(builder.stated.finding(&DISPUTED_SETTINGS, event.contract, "exchange_type", message, help));
}

/// Reports what an event wants of a queue that the event before it, which waits there too, does not.
pub(super) fn disputed_queue(builder: &mut HostBuilder<'_>, event: &PlacedEvent<'_>, name: &str, route: Option<&DeadLetterRoute>) {
    let Some(draft) = builder.drafts.get(name) else { return };
    let keys = different(&draft.settings, &event.settings);
    let dead_letter = (draft.route.as_ref() != route || draft.waits != super::build::waits(&event.settings)).then_some("dead_letter");
    let topic = &draft.first.topic;
    let find = |key: &str| {
        let message = format!("the queue {name:?} has another `{key}` for {topic}");
        let help = "state one for all events of the queue, or give them queues of their own by `queue` of the namespace";
        builder.stated.finding(&DISPUTED_SETTINGS, event.contract, key, message, help)
    };
    let found: Vec<Diagnostic> = keys.into_iter().chain(dead_letter).map(find).collect();
    builder.findings.extend(found);
}

/// Returns the keys of what two events want of a queue, where they differ.
fn different(a: &TopicSettings, b: &TopicSettings) -> Vec<&'static str> {
    let keys = [
        ("queue_type", a.queue_type == b.queue_type),
        ("ttl", a.ttl.map(Duration::millis) == b.ttl.map(Duration::millis)),
        ("priority", a.priority == b.priority),
        ("prefetch", a.prefetch == b.prefetch),
        ("max_length", a.max_length == b.max_length),
        ("max_length_bytes", a.max_length_bytes == b.max_length_bytes),
        ("overflow", a.overflow == b.overflow),
        ("single_active_consumer", a.single_active_consumer == b.single_active_consumer),
        ("order", a.order.unwrap_or(Order::None) == b.order.unwrap_or(Order::None)),
        ("ha", a.ha == b.ha),
    ];
    keys.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
}

/// Judges the names of exchanges and queues.
pub(super) fn names(builder: &mut HostBuilder<'_>) {
    let catalog = builder.stated.catalog;
    let find = |rule: &'static Rule, contract: &eventc_model::catalog::Contract, message: String, help: &str| {
        Diagnostic::new(rule, catalog.schemas.file(contract.file).place(""), message).topic(contract.topic.clone()).help(help)
    };
    let help = "change the namespace's `queue` or `exchange`, or rename the file";
    let mut findings = Vec::new();
    for (event, exchange) in builder.events.values() {
        findings.extend(unusable(exchange).map(|why| find(&UNUSABLE_NAME, event.contract, why, help)));
    }
    for (name, draft) in &builder.drafts {
        // The longest name of all that hang on the queue.
        let longest = draft.waits.iter().map(|wait| format!("{name}.retry.{wait}")).max_by_key(String::len);
        findings.extend(unusable(longest.as_ref().unwrap_or(name)).map(|why| find(&UNUSABLE_NAME, draft.first, why, help)));
        if let Some(route) = &draft.route {
            findings.extend(
                unusable(&route.queue).map(|why| find(&UNUSABLE_NAME, draft.first, why, "choose another name for the dead letters")),
            );
            if builder.drafts.contains_key(&route.queue) {
                let message = format!("dead letters would go to the queue {:?}, which carries events", route.queue);
                findings.push(builder.stated.finding(
                    &NAME_TAKEN,
                    draft.first,
                    "dead_letter",
                    message,
                    "choose another name for the dead letters",
                ));
            }
        }
    }
    builder.findings.append(&mut findings);
}

/// Returns why RabbitMQ takes no exchange or queue of a name.
fn unusable(name: &str) -> Option<String> {
    if name.len() > MAX_NAME {
        return Some(format!("RabbitMQ takes names of {MAX_NAME} bytes at most, and {name:?} has {}", name.len()));
    }
    if name.is_empty() {
        return Some("RabbitMQ takes no exchange or queue without a name".to_owned());
    }
    name.starts_with("amq.").then(|| format!("RabbitMQ keeps names such as {name:?} for itself"))
}
