//! The pages about many contracts: the index, namespaces, domains, shared types and what deserves a look.

use std::collections::HashMap;

use eventc_model::{
    GeneratedFile,
    catalog::ContractKind,
    types::{Shape, TypeId},
};
use minijinja::{Value, context};

use super::{
    describe, environments,
    event::{self, FieldFacts},
    fields::md,
    findings, graph,
    participants::{consumers, producers, row},
    sections::{self, Section},
    site::{NamespacePages, Participant, Site, domain_label, namespace_label, relative},
};

const INDEX: &str = "README.md";
const ALL: &str = "events/README.md";
const FINDINGS: &str = "findings.md";

/// The maximum number of events that the index lists; with more it names domains only.
const LISTED_EVENTS: usize = 400;

/// A shared type names this many of the contracts that use it.
const NAMED_USERS: usize = 20;

/// Returns the pages; `shared` are the sections of each namespace's page of types.
pub(super) fn pages(site: &Site<'_>, facts: &[FieldFacts], shared: &[Vec<Section>]) -> Vec<GeneratedFile> {
    let mut files = vec![index(site), all(site), findings(site, facts)];
    files.extend(site.domains.iter().map(|((namespace, name), participant)| domain(site, *namespace, name, participant)));
    let users = users(site, facts.iter().map(|facts| facts.shared.as_slice()));
    for (index, pages) in site.namespaces.iter().enumerate() {
        if let Some(pages) = pages {
            files.push(namespace(site, index, pages));
            files.extend(pages.types.as_ref().map(|page| types(site, index, page, &shared[index], &users)));
        }
    }
    files
}

/// A user of a shared type.
#[derive(Debug, Clone, Copy)]
pub(super) enum User {
    /// A contract, by its index.
    Contract(usize),
    /// Another shared type.
    Type(TypeId),
}

impl User {
    /// Returns it as a link.
    pub(super) fn link(self, site: &Site<'_>, page: &str) -> Value {
        md(match self {
            Self::Contract(index) => site.entry_link(page, index),
            Self::Type(id) => site.heading_link(page, id),
        })
    }
}

/// Returns who refers to each shared type: contracts, given the types that each has from other pages, then types.
pub(super) fn users<'f>(site: &Site<'_>, contracts: impl Iterator<Item = &'f [TypeId]>) -> HashMap<TypeId, Vec<User>> {
    let mut users: HashMap<TypeId, Vec<User>> = HashMap::new();
    for (index, shared) in contracts.enumerate() {
        for id in shared {
            users.entry(*id).or_default().push(User::Contract(index));
        }
    }
    let modules = site.namespaces.iter().flatten().flat_map(|pages| &pages.shared);
    for (id, holders) in site.homes.holders(site.input, modules) {
        let others = holders.into_iter().filter(|holder| *holder != id);
        users.entry(id).or_default().extend(others.map(User::Type));
    }
    users
}

pub(super) fn events(site: &Site<'_>) -> Vec<usize> {
    (0..site.contracts.len()).filter(|index| site.contracts[*index].contract.kind == ContractKind::Event).collect()
}

fn index(site: &Site<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let events = events(site);
    let listed = events.len() <= LISTED_EVENTS;
    let namespaces = site.namespaces.iter().enumerate().filter_map(|(index, pages)| {
        let namespace = &config.namespace[index];
        let link = site.markup.link(namespace_label(&namespace.name), &pages.as_ref()?.page);
        Some(context! {
            link => md(link),
            description => namespace.description.as_str(),
            domains => domain_rows(site, INDEX, index, listed),
        })
    });
    let namespaces: Vec<Value> = namespaces.collect();
    let services = site.services.iter().map(|(name, participant)| {
        let description = config.services.get(*name).map(|service| service.description.as_str());
        let (sends, reads) = (participant.sends.len(), participant.reads.len());
        context! { link => md(site.service_link(INDEX, name)), sends => sends, reads => reads, description => description }
    });
    let owners = site.owners.iter().map(|(name, participant)| {
        let description = config.owners.get(*name).map(|owner| owner.description.as_str());
        context! { link => md(site.owner_link(INDEX, name)), contracts => participant.sends.len(), description => description }
    });
    let context = context! {
        counts => context! {
            events => events.len(),
            namespaces => namespaces.len(),
            domains => site.domains.len(),
            services => site.services.len(),
            owners => site.owners.len(),
            findings => site.input.findings.len(),
        },
        all => md(ALL.into()),
        findings => md(FINDINGS.into()),
        listed => listed,
        namespaces => namespaces,
        services => services.collect::<Vec<_>>(),
        owners => owners.collect::<Vec<_>>(),
        environments => environments::rows(site, INDEX),
    };
    crate::templates::render("index", INDEX, context)
}

pub(super) fn domain_rows(site: &Site<'_>, page: &str, namespace: usize, listed: bool) -> Vec<Value> {
    let of_namespace = site.domains.range((namespace, "")..).take_while(|((index, _), _)| *index == namespace);
    let rows = of_namespace.map(|((_, name), participant)| {
        let events: Vec<Value> = if listed { participant.sends.iter().map(|index| row(site, page, *index)).collect() } else { Vec::new() };
        let link = site.markup.link(domain_label(name), &relative(page, &participant.page));
        context! { link => md(link), count => participant.sends.len(), events => events }
    });
    rows.collect()
}

fn all(site: &Site<'_>) -> GeneratedFile {
    let rows: Vec<Value> = all_rows(site, ALL).into_iter().map(|(_, row)| row).collect();
    crate::templates::render("all", ALL, context! { events => rows })
}

/// Returns all events from A to Z, as rows of a list, with their indexes.
pub(super) fn all_rows(site: &Site<'_>, page: &str) -> Vec<(usize, Value)> {
    let mut events = events(site);
    events.sort_by_key(|index| &site.contracts[*index].contract.topic);
    let with_facts = |index: usize| {
        let facts = &site.contracts[index].facts;
        let facts = context! {
            namespace => namespace_label(facts.namespace),
            broker => describe::broker(facts.broker),
            stability => describe::stability(facts.stability),
        };
        (index, context! { ..facts, ..row(site, page, index) })
    };
    events.into_iter().map(with_facts).collect()
}

fn namespace(site: &Site<'_>, index: usize, pages: &NamespacePages) -> GeneratedFile {
    crate::templates::render("namespace", &pages.page, namespace_context(site, index, pages))
}

/// Returns the content of a namespace's page.
pub(super) fn namespace_context(site: &Site<'_>, index: usize, pages: &NamespacePages) -> Value {
    let page = pages.page.as_str();
    let namespace = &site.input.catalog.config.namespace[index];
    let patterns: Vec<String> = namespace.topics.iter().map(|pattern| site.markup.code(pattern.text())).collect();
    let special = |of: &[Option<&eventc_model::catalog::Contract>]| of[index].map(|contract| site.topic_link(page, &contract.topic));
    let word =
        |value: serde_json::Result<serde_json::Value>| value.ok().and_then(|value| value.as_str().map(|word| site.markup.text(word)));
    let places = environments::of_namespace(site, page, index);
    let rows = [
        ("Topics", (!patterns.is_empty()).then(|| patterns.join(" or "))),
        ("Broker", Some(describe::broker(namespace.broker).to_owned())),
        ("Compatibility", word(serde_json::to_value(namespace.compatibility))),
        ("Tolerance", word(serde_json::to_value(namespace.tolerance))),
        ("Envelope", special(&site.envelopes)),
        ("Dead letters", special(&site.dead_letters)),
        ("Shared types", pages.types.as_ref().map(|types| site.markup.link("types", &relative(page, types)))),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).chain(places);
    let rows = rows.map(|(name, value)| context! { name => name, value => md(value) });
    let of_namespace: Vec<usize> = events(site).into_iter().filter(|event| site.contracts[*event].contract.namespace == index).collect();
    context! {
        name => namespace_label(&namespace.name),
        description => namespace.description.as_str(),
        rows => rows.collect::<Vec<_>>(),
        domains => domain_rows(site, page, index, false),
        graph => graph::by_domain(site, &of_namespace).map(|graph| md(site.markup.mermaid(&graph))),
    }
}

fn domain(site: &Site<'_>, namespace: usize, name: &str, participant: &Participant) -> GeneratedFile {
    crate::templates::render("domain", &participant.page, domain_context(site, namespace, name, participant))
}

/// Returns the content of a domain's page.
pub(super) fn domain_context(site: &Site<'_>, namespace: usize, name: &str, participant: &Participant) -> Value {
    let page = participant.page.as_str();
    let label = namespace_label(&site.input.catalog.config.namespace[namespace].name);
    let link = site.namespaces[namespace].as_ref().map(|pages| site.markup.link(label, &relative(page, &pages.page)));
    let rows = participant.sends.iter().map(|index| {
        let (producers, consumers) = (producers(site, page, *index), consumers(site, page, *index));
        context! { producers => md(producers), consumers => md(consumers), ..row(site, page, *index) }
    });
    context! {
        name => domain_label(name),
        namespace => md(link.unwrap_or_else(|| site.markup.text(label))),
        events => rows.collect::<Vec<_>>(),
        graph => graph::of_contracts(site, &participant.sends).map(|graph| md(site.markup.mermaid(&graph))),
    }
}

/// Returns the sections of each namespace's page of types.
pub(super) fn shared(site: &Site<'_>) -> Vec<Vec<Section>> {
    let of = |pages: &Option<NamespacePages>| {
        let (pages, page) = pages.as_ref().and_then(|pages| Some((pages, pages.types.as_deref()?)))?;
        Some(sections::of_page(site, page, named(site, pages)))
    };
    site.namespaces.iter().map(|pages| of(pages).unwrap_or_default()).collect()
}

/// Returns the shared types of a namespace that have a heading, whoever holds them.
pub(super) fn named(site: &Site<'_>, pages: &NamespacePages) -> Vec<TypeId> {
    let all = pages.shared.iter().flat_map(|module| &site.input.types.module(*module).types);
    all.copied().filter(|id| !site.homes.unfolds(*id)).collect()
}

fn types(site: &Site<'_>, namespace: usize, page: &str, shared: &[Section], users: &HashMap<TypeId, Vec<User>>) -> GeneratedFile {
    let rows = shared.iter().map(|section| {
        let users = users.get(&section.id).map_or(&[][..], Vec::as_slice);
        let named: Vec<Value> = users.iter().take(NAMED_USERS).map(|user| user.link(site, page)).collect();
        let enums = event::long_enums(site, section, false);
        context! { more => users.len() - named.len(), users => named, enums => enums, ..event::type_value(site, page, section) }
    });
    let label = namespace_label(&site.input.catalog.config.namespace[namespace].name);
    crate::templates::render("types", page, context! { namespace => label, types => rows.collect::<Vec<_>>() })
}

pub(super) fn shape_words(site: &Site<'_>, page: &str, shape: &Shape) -> String {
    match shape {
        Shape::Object(_) => "object".into(),
        Shape::Enum(_) => "enum".into(),
        Shape::Union(union) => format!("one of {}", event::alternatives(union.variants.len())),
        Shape::Alias(ty) => describe::of_type(site, ty, &mut |id| site.type_link(page, id)),
    }
}

fn findings(site: &Site<'_>, facts: &[FieldFacts]) -> GeneratedFile {
    let sensitive = facts.iter().map(|facts| facts.sensitive.as_slice());
    let context = context! {
        ..findings::context(site, FINDINGS, sensitive, |_| None),
        ..context! { findings => site.input.findings.iter().map(|finding| event::finding_row(site, finding)).collect::<Vec<_>>() },
    };
    crate::templates::render("findings", FINDINGS, context)
}
