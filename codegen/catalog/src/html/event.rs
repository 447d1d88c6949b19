//! The page of an event, an envelope or a dead-letter record.

use std::collections::BTreeSet;

use eventc_model::{
    GeneratedFile,
    catalog::ContractKind,
    metadata::Sensitivity,
    traffic::Consumer,
    types::{TypeId, TypeRef},
};
use minijinja::{Value, context};

use super::{
    beside::{self, Neighbour},
    changelog::{self, Lineages},
    findings,
    flow::{self, Focus},
    frame::{self, Trail},
    markup,
    migration::Migrations,
    search,
    usage::Usage,
};
use crate::{
    event,
    fields::{Row, Table, md},
    markdown,
    medium::Medium,
    parties,
    site::{Entry, Site, domain, domain_label, namespace_label, relative},
    words,
};

/// More bytes of examples than this do not stand on a page.
const MOST_EXAMPLES: usize = 16_000;

/// A longer schema is a file of its own beside the page.
const MOST_SCHEMA: usize = 24_000;

/// What other pages want to know of an event.
pub(super) struct Seen {
    /// Sensitive fields by class.
    pub(super) sensitive: Vec<(Sensitivity, String)>,
    /// Shared types in use.
    pub(super) shared: Vec<TypeId>,
    /// The words to find it by, as far as they stand in its schema.
    pub(super) words: search::Words,
}

/// What event pages show that is worked out for all of them at once.
pub(super) struct Around<'s, 'a> {
    pub(super) lineages: &'s Lineages<'a>,
    pub(super) migrations: &'s Migrations,
    pub(super) usage: &'s Usage<'a>,
}

pub(super) fn page(site: &Site<'_>, around: &Around<'_, '_>, index: usize) -> (Vec<GeneratedFile>, Seen) {
    let entry = &site.contracts[index];
    let (contract, page) = (entry.contract, entry.page.as_str());
    let root = site.input.types.module_of(contract.file).and_then(|module| site.input.types.module(module).root);
    let table = root.map_or_else(Table::default, |root| Table::of(site, page, &TypeRef::Named(root)));
    let (schema, long) = schema(site, entry);
    let context = context! {
        ..event::heading(site, entry),
        ..event::traffic(site, entry),
        ..context! {
            shape => event::shape(site, contract, root).map(md),
            fields => fields(site, page, &table, entry.consumers),
            readers => readers_differ(entry.consumers),
            cut => table.cut,
            shared => table.shared.iter().filter_map(|id| site.type_link(page, *id)).map(md).collect::<Vec<_>>(),
            flow => flow::of_contracts(site, page, &format!("Flow of {}", contract.topic), &[index], Focus::Event),
            read_by => md(parties::consumers(site, page, index)),
            migration => around.migrations.get(&index).map(|(_, target)| md(relative(page, target))),
            code => around.usage.of(entry.contract),
            versions => changelog::of_contract(site, around.lineages, entry),
            findings => entry.findings.iter().map(|finding| findings::row(site, page, finding)).collect::<Vec<_>>(),
            allowed => event::allowed(contract),
            schema => schema,
        },
        ..examples(site, entry),
        ..beside(site, index),
    };
    let words = search::Words::of(&table);
    let sensitive = table.rows.into_iter().filter_map(|row| Some((row.sensitive?, row.path))).collect();
    let shown = frame::render("event", page, site.title(contract), trail(site, entry, page), context);
    (std::iter::once(shown).chain(long).collect(), Seen { sensitive, shared: table.shared, words })
}

/// The way from the start to a contract, as a page links to it: its namespace and, of an event, its domain.
pub(super) fn trail(site: &Site<'_>, entry: &Entry<'_>, page: &str) -> Trail {
    let contract = entry.contract;
    let namespace = site.namespaces[contract.namespace].as_ref().map(|pages| {
        let label = namespace_label(&site.input.catalog.namespace(contract).name);
        markup::link(label, &relative(page, &pages.page))
    });
    let is_event = contract.kind == ContractKind::Event;
    let domain = site.domains.get(&(contract.namespace, domain(contract))).filter(|_| is_event).map(|party| {
        let label = domain_label(self::domain(contract));
        markup::link(label, &relative(page, &party.page))
    });
    namespace.into_iter().chain(domain).map(md).collect()
}

/// The events of the same domain.
fn beside(site: &Site<'_>, index: usize) -> Value {
    let entry = &site.contracts[index];
    let domain = domain(entry.contract);
    let is_event = entry.contract.kind == ContractKind::Event;
    let party = site.domains.get(&(entry.contract.namespace, domain)).filter(|_| is_event);
    let Some((party, here)) = party.and_then(|party| Some((party, party.sends.binary_search(&index).ok()?))) else { return context! {} };
    let list = beside::list(&entry.page, (domain_label(domain), &party.page), &party.sends, here, |index| {
        let other = &site.contracts[*index];
        let leaves = other.contract.metadata.deprecated.is_some();
        Neighbour { label: below_domain(&other.contract.topic, domain), page: &other.page, leaves }
    });
    context! { beside => list }
}

/// What follows the name of the domain in a topic; all of it where there is no such name.
fn below_domain<'t>(topic: &'t str, domain: &str) -> &'t str {
    let mut rest = topic;
    while let Some((part, below)) = rest.split_once('.') {
        if part == domain {
            return below;
        }
        rest = below;
    }
    topic
}

/// Whether some consumer says what it reads, so that it matters for each field.
fn readers_differ(consumers: &[Consumer]) -> bool {
    consumers.iter().any(|consumer| !consumer.reads.is_empty())
}

/// The rows of the table, each with the services that read the field.
pub(super) fn fields(site: &Site<'_>, page: &str, table: &Table, consumers: &[Consumer]) -> Vec<Value> {
    let differ = readers_differ(consumers);
    let mut taken = BTreeSet::new();
    let mut row = |row: &Row| {
        let (stem, mut number) = (markdown::slug(&row.path), 2);
        let mut anchor = stem.clone();
        while !taken.insert(anchor.clone()) {
            anchor = format!("{stem}-{number}");
            number += 1;
        }
        context! {
            anchor => md(anchor),
            leaf => row.leaf.as_str(),
            depth => row.depth.min(6),
            type => md(row.ty.clone()),
            required => row.required,
            constraints => row.constraints.iter().map(|one| md(one.clone())).collect::<Vec<_>>(),
            sensitive => row.sensitive.map(Sensitivity::as_str),
            deprecated => row.deprecated,
            description => row.description.as_str(),
            values => long_values(row),
            readers => if differ { readers(site, page, row, consumers) } else { Vec::new() },
        }
    };
    table.rows.iter().map(&mut row).collect()
}

/// The values of an enum that is too long to stand among the constraints.
fn long_values(row: &Row) -> Vec<Value> {
    let values = if row.values.len() > words::INLINE_VALUES { &row.values[..] } else { &[] };
    values.iter().map(|value| md(words::value_code(Medium::Html, value))).collect()
}

/// The services that read a field.
fn readers(site: &Site<'_>, page: &str, row: &Row, consumers: &[Consumer]) -> Vec<Value> {
    let touching = consumers.iter().filter(|consumer| consumer.touches(&row.pointer));
    let names: BTreeSet<&str> = touching.map(|consumer| &*consumer.service).collect();
    names.into_iter().map(|name| md(site.service_link(page, name))).collect()
}

fn examples(site: &Site<'_>, entry: &Entry<'_>) -> Value {
    let contract = entry.contract;
    let keywords = site.input.catalog.schemas.keywords(contract.root);
    let examples = keywords.map_or(&[][..], |keywords| &keywords.examples);
    let whole = event::whole(site, contract, examples.first());
    let mut room = MOST_EXAMPLES;
    let mut fits = |value: &serde_json::Value| {
        let block = markup::json(value);
        let fits = block.len() <= room;
        room = room.saturating_sub(block.len());
        fits.then(|| md(block))
    };
    let whole = whole.and_then(|event| fits(&event));
    let shown: Vec<Value> = examples.iter().map_while(fits).collect();
    context! { whole => whole, hidden => examples.len() - shown.len(), examples => shown }
}

/// The schema as its author wrote it: a block, or where that is too long a link to a file of its own.
fn schema(site: &Site<'_>, entry: &Entry<'_>) -> (Value, Option<GeneratedFile>) {
    let text = &site.input.catalog.schemas.file(entry.contract.file).text;
    if text.len() <= MOST_SCHEMA {
        return (context! { block => md(markup::block(text.trim_end())), link => () }, None);
    }
    let path = format!("{}.schema.txt", entry.page.trim_end_matches(".html"));
    let link = md(relative(&entry.page, &path));
    (context! { block => (), link => link }, Some(GeneratedFile { path, text: text.to_string() }))
}
