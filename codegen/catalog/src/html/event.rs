//! The page of an event, an envelope or a dead-letter record.

use std::collections::BTreeSet;

use eventc_model::{GeneratedFile, catalog::ContractKind, metadata::Sensitivity, traffic::Consumer, types::TypeId};
use minijinja::{Value, context};

use super::{
    changelog::{self, Lineages},
    elements, findings,
    flow::{self, Focus},
    frame::{self, Breadcrumbs},
    migration::Migrations,
    neighbours::{self, Neighbour},
    search,
    usage::Usage,
};
use crate::{
    describe, event,
    fields::{FieldRow, md},
    markdown,
    markup::Markup,
    participants,
    sections::{self, Section},
    site::{ContractEntry, Site, domain, domain_label, namespace_label, relative},
};

/// The maximum number of bytes of examples on a page.
const MAX_EXAMPLE_BYTES: usize = 16_000;

/// The maximum number of bytes of a schema on a page; a longer one is a file of its own.
const MAX_SCHEMA_BYTES: usize = 24_000;

/// The facts about an event's page that other pages show.
pub(super) struct PageFacts {
    /// Sensitive fields by class.
    pub(super) sensitive: Vec<(Sensitivity, String)>,
    /// Types in use that stand on other pages.
    pub(super) shared: Vec<TypeId>,
    /// The terms to find it by, as far as they stand in its schema.
    pub(super) words: search::SearchTerms,
}

/// The parts of event pages that are worked out for all of them at once.
pub(super) struct SharedParts<'s, 'a> {
    pub(super) lineages: &'s Lineages<'a>,
    pub(super) migrations: &'s Migrations,
    pub(super) usage: &'s Usage<'a>,
}

pub(super) fn page(site: &Site<'_>, shared_parts: &SharedParts<'_, '_>, index: usize) -> (Vec<GeneratedFile>, PageFacts) {
    let entry = &site.contracts[index];
    let (contract, page) = (entry.contract, entry.page.as_str());
    let module = site.input.types.module_of(contract.file);
    let root = module.and_then(|module| site.input.types.module(module).root);
    let tables = event::own_sections(site, page, module);
    let mut fields = FieldTables::new(site, page, &tables, if root.is_some() { entry.facts.consumers } else { &[] });
    let own = event::split(root, &tables).0.map(|own| &own.table);
    let all_read_by = fields.read_alike();
    let shown: Vec<Value> = (0..tables.len()).map(|index| fields.rows(index)).collect();
    let elsewhere = sections::elsewhere(site, page, &tables);
    let (schema, long) = schema(site, entry);
    let context = context! {
        ..event::heading(site, entry),
        ..event::traffic(site, entry),
        ..context! {
            shape => event::shape(site, page, contract, root).map(md),
            fields => own.and(shown.first()),
            types => types(site, page, &tables, &shown, usize::from(own.is_some())),
            readers => readers_differ(entry.facts.consumers) && all_read_by.is_none(),
            all_read_by => all_read_by,
            cut => own.is_some_and(|table| table.cut),
            flow => flow::of_contracts(site, page, &format!("Flow of {}", contract.topic), &[index], Focus::Event),
            read_by => md(participants::consumers(site, page, index)),
            migration => shared_parts.migrations.get(&index).map(|(_, target)| md(relative(page, target))),
            code => shared_parts.usage.of(entry.contract),
            versions => changelog::of_contract(site, shared_parts.lineages, entry),
            findings => entry.findings.iter().map(|finding| findings::row(site, page, finding)).collect::<Vec<_>>(),
            allowed => event::allowed(contract),
            schema => schema,
        },
        ..examples(site, entry),
        ..neighbours_of(site, index),
    };
    let words = search::SearchTerms::of(site, &tables, &elsewhere);
    let sensitive = sections::sensitive(site, page, &tables);
    let shown = frame::render("event", page, site.title(contract), trail(site, entry, page), context);
    (std::iter::once(shown).chain(long).collect(), PageFacts { sensitive, shared: elsewhere, words })
}

/// Returns the way from the start to a contract, as a page links to it: its namespace and, of an event, its domain.
pub(super) fn trail(site: &Site<'_>, entry: &ContractEntry<'_>, page: &str) -> Breadcrumbs {
    let contract = entry.contract;
    let namespace = site.namespaces[contract.namespace].as_ref().map(|pages| {
        let label = namespace_label(&site.input.catalog.namespace(contract).name);
        elements::link(label, &relative(page, &pages.page))
    });
    let is_event = contract.kind == ContractKind::Event;
    let domain = site.domains.get(&(contract.namespace, domain(contract))).filter(|_| is_event).map(|party| {
        let label = domain_label(self::domain(contract));
        elements::link(label, &relative(page, &party.page))
    });
    namespace.into_iter().chain(domain).map(md).collect()
}

/// Returns the events of the same domain.
fn neighbours_of(site: &Site<'_>, index: usize) -> Value {
    let entry = &site.contracts[index];
    let domain = domain(entry.contract);
    let is_event = entry.contract.kind == ContractKind::Event;
    let party = site.domains.get(&(entry.contract.namespace, domain)).filter(|_| is_event);
    let Some((party, here)) = party.and_then(|party| Some((party, party.sends.binary_search(&index).ok()?))) else { return context! {} };
    let list = neighbours::list(&entry.page, (domain_label(domain), &party.page), &party.sends, here, |index| {
        let other = &site.contracts[*index];
        let leaves = other.facts.deprecated.is_some();
        Neighbour { label: below_domain(&other.contract.topic, domain), page: &other.page, leaves }
    });
    context! { neighbours => list }
}

/// Returns what follows the name of the domain in a topic; all of it where there is no such name.
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

/// Returns whether some consumer says what it reads, so that it matters for each field.
fn readers_differ(consumers: &[Consumer]) -> bool {
    consumers.iter().any(|consumer| !consumer.reads.is_empty())
}

/// The tables of fields of one page.
pub(super) struct FieldTables<'p, 'a> {
    site: &'p Site<'a>,
    page: &'p str,
    sections: &'p [Section],
    /// The readers of a part of each section; none where nobody says what it reads.
    readers: Option<Vec<Vec<Consumer>>>,
    /// The anchors of rows that the page has already.
    taken: BTreeSet<String>,
}

impl<'p, 'a> FieldTables<'p, 'a> {
    pub(super) fn new(site: &'p Site<'a>, page: &'p str, sections: &'p [Section], consumers: &[Consumer]) -> Self {
        let readers = readers_differ(consumers).then(|| sections::readers(sections, consumers));
        Self { site, page, sections, readers, taken: BTreeSet::new() }
    }

    /// Returns the services that read every field of the page, where they are the same for all.
    fn read_alike(&self) -> Option<Vec<Value>> {
        let consumers = self.readers.as_ref()?;
        let mut rows =
            self.sections.iter().zip(consumers).flat_map(|(section, of)| section.table.rows.iter().map(move |row| touching(row, of)));
        let first = rows.next().filter(|names| !names.is_empty())?;
        rows.all(|names| names == first).then(|| links(self.site, self.page, first))
    }

    /// Returns the rows of a section, each with the services that read the field.
    pub(super) fn rows(&mut self, index: usize) -> Value {
        let section = &self.sections[index];
        let name = if index == 0 { String::new() } else { format!("{}.", self.site.input.types.get(section.id).name) };
        let rows: Vec<Value> = section.table.rows.iter().map(|row| self.row(index, &name, row)).collect();
        rows.into()
    }

    fn row(&mut self, section: usize, name: &str, row: &FieldRow) -> Value {
        let (stem, mut number) = (markdown::slug(&format!("{name}{}", row.path)), 2);
        let mut anchor = stem.clone();
        while !self.taken.insert(anchor.clone()) {
            anchor = format!("{stem}-{number}");
            number += 1;
        }
        context! {
            anchor => md(anchor),
            leaf => row.leaf.as_str(),
            depth => row.depth.min(6),
            type => md(row.ty.clone()),
            required => row.required == Some(true),
            constraints => row.constraints.iter().map(|one| md(one.clone())).collect::<Vec<_>>(),
            sensitive => row.sensitive.map(Sensitivity::as_str),
            deprecated => row.deprecated,
            description => row.description.as_str(),
            values => long_values(row),
            readers => self.readers.as_ref().map(|readers| links(self.site, self.page, touching(row, &readers[section]))).unwrap_or_default(),
        }
    }
}

/// Returns the types that a page shows under headings, behind those that it begins with.
pub(super) fn types(site: &Site<'_>, page: &str, sections: &[Section], shown: &[Value], first: usize) -> Vec<Value> {
    let value = |(section, fields): (&Section, &Value)| {
        context! { fields => fields, cut => section.table.cut, ..sections::heading(site, page, section.id) }
    };
    sections.iter().zip(shown).skip(first).map(value).collect()
}

/// Returns the values of an enum that is too long to stand among the constraints.
fn long_values(row: &FieldRow) -> Vec<Value> {
    let values = if row.values.len() > describe::INLINE_VALUES { &row.values[..] } else { &[] };
    values.iter().map(|value| md(describe::value_code(Markup::Html, value))).collect()
}

/// Returns the services that read a field.
fn touching<'c>(row: &FieldRow, consumers: &'c [Consumer]) -> BTreeSet<&'c str> {
    consumers.iter().filter(|consumer| consumer.touches(&row.pointer)).map(|consumer| &*consumer.service).collect()
}

fn links(site: &Site<'_>, page: &str, services: BTreeSet<&str>) -> Vec<Value> {
    services.into_iter().map(|name| md(site.service_link(page, name))).collect()
}

fn examples(site: &Site<'_>, entry: &ContractEntry<'_>) -> Value {
    let contract = entry.contract;
    let keywords = site.input.catalog.schemas.keywords(contract.root);
    let examples = keywords.map_or(&[][..], |keywords| &keywords.examples);
    let whole = event::whole(site, contract, examples.first());
    let mut room = MAX_EXAMPLE_BYTES;
    let mut fits = |value: &serde_json::Value| {
        let block = elements::json(value);
        let fits = block.len() <= room;
        room = room.saturating_sub(block.len());
        fits.then(|| md(block))
    };
    let whole = whole.and_then(|event| fits(&event));
    let shown: Vec<Value> = examples.iter().map_while(fits).collect();
    context! { whole => whole, hidden => examples.len() - shown.len(), examples => shown }
}

/// Returns the schema as its author wrote it: a block, or where that is too long a link to a file of its own.
fn schema(site: &Site<'_>, entry: &ContractEntry<'_>) -> (Value, Option<GeneratedFile>) {
    let text = &site.input.catalog.schemas.file(entry.contract.file).text;
    if text.len() <= MAX_SCHEMA_BYTES {
        return (context! { block => md(elements::block(text.trim_end())), link => () }, None);
    }
    let path = format!("{}.schema.txt", entry.page.trim_end_matches(".html"));
    let link = md(relative(&entry.page, &path));
    (context! { block => (), link => link }, Some(GeneratedFile { path, text: text.to_string() }))
}
