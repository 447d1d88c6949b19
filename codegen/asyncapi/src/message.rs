//! Messages: events as they travel, in their envelope.

use eventc_model::{
    catalog::{Contract, ContractKind},
    config::Broker,
    facts::TopicFacts,
    metadata::Stability,
    schema::NodeId,
    syntax::{escape_pointer, split_pointer},
};
use serde_json::{Map, Value, json};

use super::{
    bindings,
    document::DocumentPlan,
    draft7::Draft7Writer,
    flow::FlowEntry,
    notes::{self, note},
    objects::{CorrelationId, Example, Message, ReferenceObject, Tag},
    unreadable::is_unreadable,
};
use eventc_emit::example;

/// The media type of every message: JSON, also of an Avro schema, whose documents are JSON (docs/avro.md).
pub(super) const JSON: &str = "application/json";

/// Returns one message.
pub(super) fn message<'a>(plan: &DocumentPlan<'a>, index: usize, writer: &mut Draft7Writer<'_>) -> Message<'a> {
    let FlowEntry { contract, facts, .. } = plan.entry(index);
    let keywords = plan.flow.input.catalog.schemas.keywords(contract.root);
    let mut tags: Vec<Tag<'a>> = facts.tags.iter().map(|name| Tag { name }).collect();
    tags.sort_unstable();
    tags.dedup();
    Message {
        name: &contract.type_name,
        title: keywords.and_then(|keywords| keywords.title.as_deref()),
        description: keywords.and_then(|keywords| keywords.description.as_deref()),
        content_type: JSON,
        headers: plan.flow.headers[contract.namespace].and_then(|headers| writer.vocabulary.pointer(headers)),
        payload: payload(plan, contract, writer),
        correlation_id: correlation(plan, contract),
        tags,
        deprecated: facts.deprecated.is_some(),
        bindings: bindings::message(key(plan, plan.entry(index), writer)),
        examples: examples(plan, contract, writer),
        extensions: extensions(facts),
    }
}

/// Returns the envelope with the payload in its place; the contract's own schema where there is no envelope.
fn payload(plan: &DocumentPlan<'_>, contract: &Contract, writer: &Draft7Writer<'_>) -> Value {
    let own = json!(pointer(writer, contract.root));
    let envelope = plan.flow.envelopes[contract.namespace].filter(|_| contract.kind == ContractKind::Event);
    let roles = plan.flow.input.catalog.namespace(contract).envelope.as_ref();
    let (Some(envelope), Some(roles)) = (envelope, roles) else { return own };
    let place = split_pointer(&roles.payload);
    let nested = place.iter().rev().fold(own, |inner, part| json!({ "properties": { part.as_str(): inner } }));
    // Generators of code name a type by the title of its schema.
    json!({ "title": format!("{} in its envelope", contract.type_name), "allOf": [pointer(writer, envelope.root), nested] })
}

/// Returns the pointer to a root, which every document defines.
fn pointer(writer: &Draft7Writer<'_>, root: NodeId) -> Option<ReferenceObject> {
    writer.vocabulary.pointer(root)
}

fn correlation(plan: &DocumentPlan<'_>, contract: &Contract) -> Option<CorrelationId> {
    let catalog = plan.flow.input.catalog;
    let roles = catalog.namespace(contract).envelope.as_ref().filter(|_| contract.kind == ContractKind::Event)?;
    let role = roles.correlation.as_deref()?;
    let description = plan.flow.envelopes[contract.namespace]
        .and_then(|envelope| property(plan, envelope.root, role))
        .and_then(|id| catalog.schemas.keywords(id)?.description.clone());
    let location = split_pointer(role).iter().fold("$message.payload#".to_owned(), |at, part| format!("{at}/{}", escape_pointer(part)));
    Some(CorrelationId { location, description })
}

/// Returns the schema of the partition key: that of the property that gives it.
fn key(plan: &DocumentPlan<'_>, entry: &FlowEntry<'_>, writer: &mut Draft7Writer<'_>) -> Option<Value> {
    let FlowEntry { contract, facts, .. } = entry;
    let catalog = plan.flow.input.catalog;
    let pointer = facts.key.filter(|_| catalog.config.travels_on(catalog.namespace(contract), Broker::Kafka))?;
    let id = property(plan, contract.root, pointer)?;
    // Some validators take a lone `$ref` here for two things at once.
    Some(match writer.child(id) {
        Value::Object(members) if members.contains_key("$ref") => json!({ "allOf": [members] }),
        whole => whole,
    })
}

/// Returns the schema at the end of a path of properties.
fn property(plan: &DocumentPlan<'_>, root: NodeId, pointer: &str) -> Option<NodeId> {
    let schemas = &plan.flow.input.catalog.schemas;
    split_pointer(pointer).iter().try_fold(root, |at, part| {
        let keywords = schemas.keywords(schemas.target(at))?;
        keywords.properties.iter().find(|(name, _)| name == part).map(|(_, id)| *id)
    })
}

fn examples(plan: &DocumentPlan<'_>, contract: &Contract, writer: &mut Draft7Writer<'_>) -> Vec<Example> {
    let catalog = plan.flow.input.catalog;
    let envelope = plan.flow.envelopes[contract.namespace];
    let wrapped = envelope.is_some() && contract.kind == ContractKind::Event;
    let headers = plan.flow.headers[contract.namespace].and_then(|id| catalog.schemas.keywords(id)?.examples.first().cloned());
    let headers = headers.filter(|headers| headers.is_object() && !is_unreadable(headers));
    let mut examples = Vec::new();
    let written = catalog.schemas.keywords(contract.root).map_or(&[][..], |keywords| &keywords.examples);
    for (payload, number) in written.iter().zip(1..) {
        let whole = if wrapped { example::whole(catalog, envelope, contract, payload) } else { Some(payload.clone()) };
        match whole {
            Some(payload) if !is_unreadable(&payload) => {
                examples.push(Example { name: format!("example-{number}"), headers: headers.clone(), payload });
            }
            Some(_) => {
                let message =
                    format!("example {number} holds a member that AsyncAPI tools cannot read as data, so the document leaves it out");
                writer.notes.push(note(&notes::VALUE, &catalog.schemas, contract.root, "examples", message));
            }
            None => {}
        }
    }
    examples
}

/// Returns what is declared that AsyncAPI has no member for.
fn extensions(facts: &TopicFacts<'_>) -> Map<String, Value> {
    let mut extensions = Map::new();
    extensions.insert("x-version".into(), facts.version.to_string().into());
    if facts.stability == Stability::Unstable {
        extensions.insert("x-stability".into(), json!(facts.stability));
    }
    if let Some(owner) = facts.owner {
        extensions.insert("x-owner".into(), owner.into());
    }
    if let Some(deprecated) = facts.deprecated {
        extensions.insert("x-deprecated".into(), json!(deprecated));
    }
    extensions
}
