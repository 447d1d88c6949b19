//! The page of an event, an envelope or a dead-letter record.

use eventc_model::{
    GeneratedFile,
    catalog::{Contract, ContractKind},
    diagnostic::Diagnostic,
    facts::DeadLetterFacts,
    metadata::{Sensitivity, Stability},
    traffic::Consumer,
    types::{ModuleId, Shape, TypeId},
    violations::counted,
};
use minijinja::{Value, context};

use super::{
    describe, environments,
    fields::{FieldRow, md},
    homes, listing,
    markup::Markup,
    sections::{self, Section},
    site::{ContractEntry, Site, domain, domain_label, namespace_label, relative},
};
use eventc_emit::example;

/// The facts about an event's fields that other pages show.
pub(super) struct FieldFacts {
    /// Sensitive fields by class.
    pub(super) sensitive: Vec<(Sensitivity, String)>,
    /// Types in use that stand on other pages.
    pub(super) shared: Vec<TypeId>,
    /// Its line of `catalog.json`.
    pub(super) line: String,
}

pub(super) fn page(site: &Site<'_>, index: usize) -> (GeneratedFile, FieldFacts) {
    let entry = &site.contracts[index];
    let (contract, page) = (entry.contract, entry.page.as_str());
    let module = site.input.types.module_of(contract.file);
    let root = module.and_then(|module| site.input.types.module(module).root);
    let tables = own_sections(site, page, module);
    let (own, held) = split(root, &tables);
    let elsewhere = sections::elsewhere(site, page, &tables);
    let keywords = site.input.catalog.schemas.keywords(contract.root);
    let examples = keywords.map_or(&[][..], |keywords| &keywords.examples);
    let fields = own.map(|own| &own.table);
    let context = context! {
        ..heading(site, entry),
        ..traffic(site, entry),
        ..context! {
            shape => shape(site, page, contract, root).map(md),
            fields => fields.map(|table| table.values(site.markup)),
            cut => fields.is_some_and(|table| table.cut),
            enums => tables.iter().flat_map(|section| long_enums(site, section, Some(section.id) == root)).collect::<Vec<_>>(),
            types => held.iter().map(|section| type_value(site, page, section)).collect::<Vec<_>>(),
            examples => examples.iter().map(|example| md(site.markup.json(example))).collect::<Vec<_>>(),
            whole => whole(site, contract, examples.first()).map(|event| md(site.markup.json(&event))),
            releases => releases(site, entry),
            findings => entry.findings.iter().map(|finding| finding_row(site, finding)).collect::<Vec<_>>(),
            allowed => allowed(contract),
        },
    };
    let sensitive = sections::sensitive(site, page, &tables);
    let line = listing::contract(site, index, own, held);
    (crate::templates::render("event", page, context), FieldFacts { sensitive, shared: elsewhere, line })
}

/// Returns the tables of a contract's page: its own, then those of the types that it shows under headings.
pub(super) fn own_sections(site: &Site<'_>, page: &str, module: Option<ModuleId>) -> Vec<Section> {
    let starts = module.map_or_else(Vec::new, |module| homes::starts(&site.homes, site.input, module));
    sections::of_page(site, page, starts)
}

/// Returns the section of a contract's own type and the others; a file without a root has only others.
pub(super) fn split(root: Option<TypeId>, sections: &[Section]) -> (Option<&Section>, &[Section]) {
    match sections.split_first() {
        Some((own, held)) if Some(own.id) == root => (Some(own), held),
        _ => (None, sections),
    }
}

/// Returns the enums of a section that are too long for its table.
pub(super) fn long_enums(site: &Site<'_>, section: &Section, is_own: bool) -> Vec<Value> {
    let value = |row: &FieldRow| {
        let words: Vec<Value> = row.values.iter().map(|value| md(describe::value_code(site.markup, value))).collect();
        let path = if is_own { row.path.clone() } else { format!("{}.{}", site.input.types.get(section.id).name, row.path) };
        context! { path => md(site.markup.code(&path)), values => words }
    };
    section.table.long_enums().map(value).collect()
}

/// Returns a type that a page shows under a heading.
pub(super) fn type_value(site: &Site<'_>, page: &str, section: &Section) -> Value {
    let fields = section.table.values(site.markup);
    context! { fields => fields, cut => section.table.cut, ..sections::heading(site, page, section.id) }
}

pub(super) fn heading(site: &Site<'_>, entry: &ContractEntry<'_>) -> Value {
    let (contract, page) = (entry.contract, entry.page.as_str());
    let catalog = site.input.catalog;
    let facts = &entry.facts;
    let namespace = namespace_label(&catalog.namespace(contract).name);
    let namespace = site.namespaces[contract.namespace]
        .as_ref()
        .map_or_else(|| site.markup.text(namespace), |pages| site.markup.link(namespace, &relative(page, &pages.page)));
    let is_event = contract.kind == ContractKind::Event;
    let domain = site.domains.get(&(contract.namespace, domain(contract))).filter(|_| is_event).map(|party| {
        let label = domain_label(domain(contract));
        site.markup.link(label, &relative(page, &party.page))
    });
    let envelope = site.envelopes[contract.namespace].filter(|_| is_event).map(|envelope| site.topic_link(page, &envelope.topic));
    let deprecated = facts.deprecated.map(|deprecated| {
        context! {
            since => deprecated.since.to_string(),
            sunset => deprecated.sunset.map(|day| day.to_string()),
            use => deprecated.successor.as_deref().map(|topic| md(site.topic_link(page, topic))),
        }
    });
    let links = |indexes: &[usize]| indexes.iter().map(|index| md(site.entry_link(page, *index))).collect::<Vec<_>>();
    context! {
        title => site.title(contract),
        description => site.description(contract),
        kind => match contract.kind {
            ContractKind::Event => "Topic",
            ContractKind::Envelope => "Envelope",
            ContractKind::DeadLetter => "Dead-letter record",
        },
        is_event => is_event,
        topic => md(site.markup.code(&contract.topic)),
        version => contract.version.to_string(),
        stability => match facts.stability {
            Stability::Stable => "stable",
            Stability::Unstable => "unstable: may change in any way",
        },
        namespace => md(namespace),
        domain => domain.map(md),
        owner => facts.owner.map(|owner| md(site.owner_link(page, owner))),
        contact => facts.owner.and_then(|owner| site.contact(owner)),
        reply => facts.reply.map(|topic| md(site.topic_link(page, topic))),
        answers => links(&entry.answers),
        replaces => links(&entry.replaces),
        envelope => envelope.map(md),
        file => catalog.schemas.file(contract.file).path.as_str(),
        source => site.source(&catalog.schemas.file(contract.file).path),
        type_name => contract.type_name.as_str(),
        tags => facts.tags.to_vec(),
        deprecated => deprecated,
    }
}

pub(super) fn traffic(site: &Site<'_>, entry: &ContractEntry<'_>) -> Value {
    let page = entry.page.as_str();
    let producers = entry.facts.producers.iter().map(|name| md(site.service_link(page, name))).collect::<Vec<_>>();
    let consumers = entry
        .facts
        .consumers
        .iter()
        .map(|consumer| context! { service => md(site.service_link(page, &consumer.service)), ..reader(site.markup, consumer) })
        .collect::<Vec<_>>();
    context! { producers => producers, consumers => consumers, settings => settings(site, entry), environments => environments::of_event(site, page, entry.contract) }
}

/// Returns what one service reads of an event, and in which role.
pub(super) fn reader(markup: Markup, consumer: &Consumer) -> Value {
    context! {
        function => consumer.function.as_deref(),
        group => consumer.group.as_deref().map(|group| md(markup.code(group))),
        queue => consumer.queue.as_deref().map(|queue| md(markup.code(queue))),
        reads => consumer.reads.to_vec(),
    }
}

pub(super) fn settings(site: &Site<'_>, entry: &ContractEntry<'_>) -> Vec<Value> {
    let (facts, markup) = (&entry.facts, site.markup);
    let mut rows: Vec<(&str, String)> = Vec::new();
    let mut add = |name, value: Option<String>| rows.extend(value.map(|value| (name, value)));
    add("Partitions", facts.partitions.map(|count| count.to_string()));
    add("Replication", facts.replication.map(|count| count.to_string()));
    add("Retention", facts.retention.map(|kept| kept.to_string()));
    add("Message lifetime", facts.ttl.map(|life| life.to_string()));
    add("Highest priority", facts.priority.map(|priority| priority.to_string()));
    add("Exchange", facts.exchange.as_deref().map(|name| markup.code(name)));
    add("Key", facts.key.map(|key| markup.code(key)));
    add("Dead letters", facts.dead_letter.as_ref().map(|policy| dead_letters(site, entry, policy)));
    let is_long = |name: &str| matches!(name, "Exchange" | "Key" | "Dead letters");
    rows.into_iter().map(|(name, value)| context! { name => name, is_long => is_long(name), value => md(value) }).collect()
}

fn dead_letters(site: &Site<'_>, entry: &ContractEntry<'_>, policy: &DeadLetterFacts<'_>) -> String {
    let mut words = vec![site.markup.code(policy.topic), format!("after {}", counted(u64::from(policy.retries), "retry", "retries"))];
    if !policy.backoff.is_empty() {
        let waits: Vec<_> = policy.backoff.iter().map(ToString::to_string).collect();
        words.push(format!("waiting {}", waits.join(", ")));
    }
    let record = site.dead_letters[entry.contract.namespace];
    words.extend(record.map(|record| format!("as {}", site.topic_link(&entry.page, &record.topic))));
    words.extend(policy.retention.map(|kept| format!("kept {kept}")));
    words.join(", ")
}

/// Returns what the table of fields cannot say of the whole.
pub(super) fn shape(site: &Site<'_>, page: &str, contract: &Contract, root: Option<TypeId>) -> Option<String> {
    let constraints = describe::constraints(site, contract.root, "").join("; ");
    let what = match root.map(|root| &site.input.types.get(root).shape) {
        Some(Shape::Object(_)) | None => (!constraints.is_empty()).then(String::new)?,
        Some(Shape::Union(union)) => match &union.tag {
            Some(tag) => format!("One of {}, told apart by {}. ", alternatives(union.variants.len()), site.markup.code(tag)),
            None => format!("One of {}. ", alternatives(union.variants.len())),
        },
        Some(Shape::Enum(_)) => "A string. ".to_owned(),
        Some(Shape::Alias(ty)) => format!("The payload is {}. ", describe::of_type(site, ty, &mut |id| site.type_link(page, id))),
    };
    let whole = if constraints.is_empty() { what } else { format!("{what}As a whole: {constraints}.") };
    Some(whole.trim_end().to_owned())
}

/// Returns a number of alternatives of a union, in words.
pub(super) fn alternatives(count: usize) -> String {
    counted(count as u64, "alternative", "alternatives")
}

/// Returns the first example in the first example of the envelope.
pub(super) fn whole(site: &Site<'_>, contract: &Contract, payload: Option<&serde_json::Value>) -> Option<serde_json::Value> {
    example::whole(site.input.catalog, site.envelopes[contract.namespace], contract, payload?)
}

pub(super) fn releases(site: &Site<'_>, entry: &ContractEntry<'_>) -> Vec<Value> {
    let releases = site.input.history.of(site.input.catalog, entry.contract).iter().rev();
    releases
        .map(|release| {
            let topic = md(if release.topic == entry.contract.topic {
                site.markup.code(&release.topic)
            } else {
                site.topic_link(&entry.page, &release.topic)
            });
            context! { version => release.version.to_string(), date => release.date.to_string(), topic => topic }
        })
        .collect()
}

/// Returns a finding as a row of a table.
pub(super) fn finding_row(site: &Site<'_>, finding: &Diagnostic) -> Value {
    context! {
        level => finding.level.to_string(),
        rule => format!("{} {}", finding.rule.code, finding.rule.name),
        message => finding.message.as_str(),
        place => site.place(&finding.place),
    }
}

/// Returns the findings that a contract accepts, as rows of a table.
pub(super) fn allowed(contract: &Contract) -> Vec<Value> {
    let row = |allow: &eventc_model::metadata::Allow| {
        context! {
            rule => allow.rule.as_str(),
            at => allow.at.as_str(),
            reason => allow.reason.as_str(),
            by => allow.by.as_str(),
            until => allow.until.map(|day| day.to_string()),
        }
    };
    contract.metadata.allow.iter().map(row).collect()
}
