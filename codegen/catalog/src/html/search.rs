//! The search index: files that the reader's browser loads piece by piece, as it needs them.
//!
//! A page that is opened from a folder may load scripts and nothing else, so every piece is a script that calls `catalogIndex` with its
//! name and data. `index` says which pieces there are; `d-N` describes documents; `t-PREFIX` has the terms that begin with a prefix, with
//! the documents that have them; `words` has all terms, for words that are misspelled; `rules` has the rules, which are few and not the
//! tree's: the browser finds their words itself, so that a rule more changes no other piece. A piece whose terms take too much room is
//! parted by the next character, so that a change in one schema changes few of them. `templates/site/assets/search.js` reads this.

mod index;
mod pieces;

use std::collections::{BTreeSet, HashSet, VecDeque};

use eventc_model::{
    GeneratedFile,
    catalog::{Contract, ContractKind},
    diagnostic::Rule,
    types::{Shape, TypeId},
};
use serde_json::{Value, json};

use self::index::{MAX_TERM_LENGTH, SearchIndex, TermClass};
use super::event::PageFacts;
use crate::{
    overview::named,
    sections::Section,
    site::{Site, domain_label, namespace_label},
};

/// An event is found by this many fields of types on other pages.
const MAX_FIELDS_ELSEWHERE: usize = 200;

/// The search terms of an event's fields.
pub(super) struct SearchTerms {
    fields: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl SearchTerms {
    /// Returns the names of fields, and the strings that they may hold.
    ///
    /// Of types that stand on other pages, an event has the fields that are nearest to it; the others are found there.
    pub(super) fn of(site: &Site<'_>, sections: &[Section], elsewhere: &[TypeId]) -> Self {
        let name = |leaf: &str| leaf.rsplit('.').next().unwrap_or(leaf).to_owned();
        let rows = || sections.iter().flat_map(|section| &section.table.rows);
        let mut fields: BTreeSet<String> = rows().filter(|row| row.required.is_some()).map(|row| name(&row.leaf)).collect();
        let mut values: BTreeSet<String> = rows().flat_map(|row| &row.values).filter_map(Value::as_str).map(str::to_owned).collect();
        for section in sections {
            if let Shape::Enum(strings) = &site.input.types.get(section.id).shape {
                values.extend(strings.members.iter().map(|member| member.value.clone()));
            }
        }
        fields.extend(nearest_fields(site, elsewhere));
        Self { fields, values }
    }
}

/// Returns the fields of some types, and of what they hold, up to a number of them.
fn nearest_fields(site: &Site<'_>, types: &[TypeId]) -> Vec<String> {
    let (mut fields, mut pending) = (Vec::new(), types.iter().copied().collect::<VecDeque<_>>());
    let mut seen: HashSet<TypeId> = types.iter().copied().collect();
    while let Some(id) = pending.pop_front() {
        let shape = &site.input.types.get(id).shape;
        if let Shape::Object(object) = shape {
            fields.extend(object.fields.iter().map(|field| field.name.clone()));
        }
        if fields.len() >= MAX_FIELDS_ELSEWHERE {
            break;
        }
        shape.parts().into_iter().for_each(|part| part.named(&mut |held| pending.extend(seen.insert(held).then_some(held))));
    }
    fields.truncate(MAX_FIELDS_ELSEWHERE);
    fields
}

/// Returns the pieces of the index.
pub(super) fn files(site: &Site<'_>, facts: &[PageFacts]) -> Vec<GeneratedFile> {
    let mut index = SearchIndex::default();
    for (at, facts) in facts.iter().enumerate() {
        contract(&mut index, site, at, facts);
    }
    participants(&mut index, site);
    places(&mut index, site);
    types(&mut index, site);
    // What every event of a namespace carries around its payload.
    let envelopes: Vec<Option<usize>> = site
        .namespaces
        .iter()
        .enumerate()
        .map(|(namespace, _)| {
            site.contracts.iter().position(|entry| entry.contract.kind == ContractKind::Envelope && entry.contract.namespace == namespace)
        })
        .collect();
    for (at, entry) in site.contracts.iter().enumerate().filter(|(_, entry)| entry.contract.kind == ContractKind::Event) {
        let Some(envelope) = envelopes[entry.contract.namespace] else { continue };
        for field in facts[envelope].words.fields.difference(&facts[at].words.fields) {
            index.identifier(at, TermClass::Envelope, field);
        }
    }
    let rule = |rule: &&Rule| json!([format!("{} {}", rule.code, rule.name), rule.summary, format!("rules/{}.html", rule.code)]);
    pieces::files(index, &site.input.rules.iter().map(rule).collect::<Vec<_>>())
}

fn contract(index: &mut SearchIndex, site: &Site<'_>, at: usize, facts: &PageFacts) {
    let entry = &site.contracts[at];
    let contract: &Contract = entry.contract;
    let kind = match contract.kind {
        ContractKind::Event if contract.metadata.deprecated.is_some() => "deprecated event",
        ContractKind::Event => "event",
        ContractKind::Envelope => "envelope",
        ContractKind::DeadLetter => "dead letter",
    };
    index.document(kind, &contract.topic, site.title(contract), &entry.page);
    index.add(TermClass::About, site.description(contract));
    let document = index.newest();
    let metadata = &contract.metadata;
    index.identifier(document, TermClass::Type, &contract.type_name);
    let consumers = entry.facts.consumers.iter().map(|consumer| &*consumer.service);
    let participants: BTreeSet<&str> =
        metadata.producers.iter().map(String::as_str).chain(consumers).chain(metadata.owner.as_deref()).collect();
    for participant in participants {
        index.identifier(document, TermClass::Participant, participant);
    }
    for tag in &metadata.tags {
        index.identifier(document, TermClass::Tag, tag);
    }
    for field in &facts.words.fields {
        index.identifier(document, TermClass::Field, field);
    }
    for value in facts.words.values.iter().filter(|value| value.len() <= MAX_TERM_LENGTH) {
        index.identifier(document, TermClass::Value, value);
    }
}

fn participants(index: &mut SearchIndex, site: &Site<'_>) {
    let config = &site.input.catalog.config;
    for (name, participant) in &site.services {
        let about = config.services.get(*name).map_or("", |service| service.description.as_str());
        index.document("service", name, about, &participant.page);
    }
    for (name, participant) in &site.owners {
        let about = config.owners.get(*name).map_or("", |owner| owner.description.as_str());
        index.document("owner", name, about, &participant.page);
    }
}

fn places(index: &mut SearchIndex, site: &Site<'_>) {
    let namespaces = &site.input.catalog.config.namespace;
    for (namespace, pages) in namespaces.iter().zip(&site.namespaces) {
        if let Some(pages) = pages {
            index.document("namespace", namespace_label(&namespace.name), &namespace.description, &pages.page);
        }
    }
    for ((namespace, name), participant) in &site.domains {
        let label = namespace_label(&namespaces[*namespace].name);
        index.document("domain", &format!("{label} / {}", domain_label(name)), "", &participant.page);
    }
    for environment in &site.environments {
        index.document("environment", environment.name, &environment.stated.description, &environment.page);
    }
}

fn types(index: &mut SearchIndex, site: &Site<'_>) {
    let mut ids: Vec<TypeId> = site.namespaces.iter().flatten().flat_map(|pages| named(site, pages)).collect();
    ids.sort();
    for (id, page) in ids.into_iter().filter_map(|id| Some((id, site.homes.place(id)?))) {
        let ty = site.input.types.get(id);
        let about = site.input.catalog.schemas.keywords(ty.node).and_then(|keywords| keywords.description.as_deref());
        index.document("type", &ty.name, about.unwrap_or(""), page);
        let document = index.newest();
        if let Shape::Object(object) = &ty.shape {
            for field in &object.fields {
                index.identifier(document, TermClass::Field, &field.name);
            }
        }
    }
}
