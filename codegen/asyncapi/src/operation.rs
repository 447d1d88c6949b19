//! Operations: who sends and who receives, with the answers to requests.

use std::collections::BTreeMap;

use serde_json::Map;

use super::{
    bindings,
    channel::Route,
    document::{DocumentPlan, DocumentScope, DocumentSubject},
    flow::Act,
    keys::Keys,
    objects::{Action, Operation, ReferenceObject, Reply, Tag},
};

/// Returns all operations of a document. In that of one service they need not say whose they are.
pub(super) fn operations<'a>(plan: &DocumentPlan<'a>, scope: &DocumentScope<'a>) -> BTreeMap<String, Operation<'a>> {
    let single = matches!(scope.subject, DocumentSubject::Service(_));
    let mut keys = Keys::default();
    let mut operations = BTreeMap::new();
    for act in &scope.acts {
        for route in &plan.routes[&act.entry] {
            operations.insert(keys.unique(&name(act, &route.key, single)), operation(plan, act, route, single));
        }
    }
    operations
}

/// Returns the name of an operation: `send.<channel>`, or `<service>.receive.<channel>.<function>`.
fn name(act: &Act<'_>, channel: &str, single: bool) -> String {
    let service = (!single).then_some(act.service);
    let function = act.reader.and_then(|(_, function)| function);
    let verb = verb(act.action);
    service.into_iter().chain([verb, channel]).chain(function).collect::<Vec<_>>().join(".")
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Send => "send",
        Action::Receive => "receive",
    }
}

fn operation<'a>(plan: &DocumentPlan<'a>, act: &Act<'a>, route: &Route<'a>, single: bool) -> Operation<'a> {
    let entry = plan.entry(act.entry);
    let catalog = plan.flow.input.catalog;
    let consumer = plan.flow.consumer(act);
    let title = catalog.schemas.keywords(entry.contract.root).and_then(|keywords| keywords.title.as_deref());
    let reply = entry.reply.and_then(|reply| {
        let channel = &plan.routes[&reply].first()?.key;
        Some(Reply { channel: reference(channel), messages: vec![plan.message_in(channel, reply)] })
    });
    let mut extensions = Map::new();
    if let Some(consumer) = consumer {
        let texts = [("x-function", consumer.function.as_deref()), ("x-queue", consumer.queue.as_deref())];
        extensions.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
        if !consumer.reads.is_empty() {
            extensions.insert("x-reads".into(), consumer.reads.to_vec().into());
        }
    }
    Operation {
        action: act.action,
        channel: reference(&route.key),
        summary: format!("{} {}s {}", act.service, verb(act.action), title.unwrap_or(&entry.contract.topic)),
        tags: (!single).then_some(Tag { name: act.service }).into_iter().collect(),
        messages: vec![plan.message_in(&route.key, act.entry)],
        reply,
        bindings: bindings::operation(catalog, entry, act.action, consumer),
        extensions,
    }
}

fn reference(channel: &str) -> ReferenceObject {
    ReferenceObject { target: format!("#/channels/{channel}") }
}
