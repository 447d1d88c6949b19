//! `catalog.json`: the whole catalog for programs, in one file. Its JSON Schema is published (`eventc list --schema catalog`).
//!
//! Each namespace, owner, service and contract is a line of its own, so that a review shows which of them changed.

use std::{collections::BTreeMap, fmt::Write as _};

use eventc_model::{
    GeneratedFile,
    catalog::ContractKind,
    config::{Broker, Owner},
    date::Date,
    facts::TopicFacts,
    metadata::Sensitivity,
    schema::Kind,
    text,
    types::Shape,
};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use super::{
    event::FieldFacts,
    fields::{FieldRow, HeldType, Table},
    sections::{self, Section},
    site::{Site, domain},
};

/// The version of the file's shape: it grows when a reader of the former shape would break.
const FORMAT: u32 = 3;

/// Returns the JSON Schema of `catalog.json`, for programs that read it.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Listing<'_>>();
    schema.insert("title".into(), "catalog.json".into());
    schema.insert("description".into(), "The catalog of all events that the target `catalog` of eventc writes for programs.".into());
    schema.to_value()
}

/// The catalog of all events, who sends and reads them, and what is known of each.
#[derive(Debug, Serialize, JsonSchema)]
struct Listing<'a> {
    /// Version of this shape.
    format: u32,
    /// The namespaces, in the order of the configuration.
    namespaces: Vec<Namespace<'a>>,
    /// Owners of contracts, by name.
    owners: BTreeMap<&'a str, &'a Owner>,
    /// Services that send or read events, by name.
    services: BTreeMap<&'a str, Service<'a>>,
    /// Events, envelopes and dead-letter records, by namespace, path and major.
    contracts: Vec<Contract<'a>>,
    /// Types of files that are no contracts.
    types: Vec<Type<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Namespace<'a> {
    name: &'a str,
    description: &'a str,
    broker: Broker,
    /// Servers on which the events are sent and read, by environment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    servers: Vec<Server<'a>>,
    /// Name of the envelope that wraps every event, among `contracts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    envelope: Option<&'a str>,
    /// JSON Pointer into the envelope: where the event's own data stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
}

/// A server of a broker.
#[derive(Debug, Serialize, JsonSchema)]
struct Server<'a> {
    environment: &'a str,
    /// The name of the broker in the environment.
    broker: &'a str,
    /// Its host, with a port where that is not the protocol's own; a variable stands in it as `{NAME}`.
    host: String,
    /// The protocol that it speaks: `kafka`, `kafka-secure`, `amqp` or `amqps`.
    protocol: &'static str,
    /// The virtual host (AMQP).
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_host: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Service<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    /// Topics that it sends to.
    sends: Vec<&'a str>,
    /// Topics that it reads.
    reads: Vec<&'a str>,
}

/// The purpose of a contract.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Event,
    Envelope,
    DeadLetter,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Contract<'a> {
    kind: Purpose,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    /// The first folder of its path; empty for a contract that lies in none.
    #[serde(skip_serializing_if = "str::is_empty")]
    domain: &'a str,
    #[serde(flatten)]
    facts: &'a TopicFacts<'a>,
    /// The schema file, below the schema root.
    schema: &'a str,
    /// The path of its page, relative to this file.
    page: &'a str,
    /// Versions of its path that were released, all majors together, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    releases: Vec<Release>,
    /// Findings that it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding<'a>>,
    /// The fields of its own data, three levels deep, in the order of the schema.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field<'a>>,
    /// Places in its own data that hold something of a type that is described once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holds: Vec<HeldPlace<'a>>,
    /// Types of its file that are described once: shared, or nested deeper.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    types: Vec<Type<'a>>,
}

/// A type that is described once, wherever it is held.
#[derive(Debug, Serialize, JsonSchema)]
struct Type<'a> {
    /// Its name in `holds`, unique in the catalog: the place of its heading, relative to this file.
    at: String,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    /// The strings of an enum.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<&'a str>,
    /// Its fields, three levels deep; their pointers begin at the type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field<'a>>,
    /// Places in it that hold something of a type that is described once; the pointers begin at the type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holds: Vec<HeldPlace<'a>>,
}

/// A place that holds something of a type which is described once.
#[derive(Debug, Serialize, JsonSchema)]
struct HeldPlace<'a> {
    /// JSON Pointer; `*` for any item of a list or member of a map.
    pointer: &'a str,
    /// The type's name by `at`, there or in another contract; the `page` of a contract is its own data.
    #[serde(rename = "type")]
    at: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Release {
    version: String,
    /// The day of the release, `YYYY-MM-DD`.
    date: Date,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Finding<'a> {
    code: &'a str,
    level: String,
    message: &'a str,
    /// File, line and column.
    place: String,
}

/// A field of an event's own data.
#[derive(Debug, Serialize, JsonSchema)]
struct Field<'a> {
    /// JSON Pointer; `*` for any item of a list or member of a map. Alternatives may have fields of the same pointer.
    pointer: &'a str,
    /// The JSON types that it may have; absent where the schema says none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    types: Vec<&'static str>,
    /// Whether the object that holds it always has it.
    required: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    /// The classification: `pii`, `secret` or `confidential`.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

impl<'a> Field<'a> {
    /// Returns a row as a field; `None` for rows that are none.
    fn of(row: &'a FieldRow) -> Option<Self> {
        Some(Self {
            pointer: &row.pointer,
            types: row.kinds.iter().map(Kind::as_str).collect(),
            required: row.required?,
            deprecated: row.deprecated,
            sensitive: row.sensitive.map(Sensitivity::as_str),
            description: &row.description,
        })
    }
}

/// Returns the file.
pub(super) fn file(site: &Site<'_>, facts: Vec<FieldFacts>, shared: &[Vec<Section>]) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let topics = |indexes: &[usize]| indexes.iter().map(|index| site.contracts[*index].contract.topic.as_str()).collect();
    let services = site.services.iter().map(|(name, party)| {
        let declared = config.services.get(*name);
        let (description, owner) = declared.map_or(("", None), |service| (service.description.as_str(), service.owner.as_deref()));
        (*name, Service { description, owner, sends: topics(&party.sends), reads: topics(&party.reads) })
    });
    let nobody = Owner::default();
    let owners = site.owners.keys().map(|name| (*name, config.owners.get(*name).unwrap_or(&nobody)));
    let pages = site.namespaces.iter().map(|pages| pages.as_ref().and_then(|pages| pages.types.as_deref()).unwrap_or_default());
    let shared = pages.zip(shared).flat_map(|(page, sections)| sections.iter().map(move |section| line(&described(site, page, section))));
    let mut text = format!("{{\n\"format\": {FORMAT},\n");
    part(&mut text, "namespaces", '[', namespaces(site).iter().map(line), "],\n");
    part(&mut text, "owners", '{', owners.map(|(name, owner)| named(name, owner)), "},\n");
    part(&mut text, "services", '{', services.map(|(name, service)| named(name, &service)), "},\n");
    part(&mut text, "contracts", '[', facts.into_iter().map(|facts| facts.line), "],\n");
    part(&mut text, "types", '[', shared, "]\n}\n");
    text.shrink_to_fit();
    GeneratedFile { path: "catalog.json".into(), text }
}

fn line(value: &impl Serialize) -> String {
    let raw = serde_json::to_string(value).expect("these types have string keys and no values that JSON lacks");
    text::json(&raw).into_owned()
}

fn named(name: &str, value: &impl Serialize) -> String {
    format!("{}: {}", line(&name), line(value))
}

/// Adds a member of the file, with a line for each of its own.
fn part(text: &mut String, name: &str, open: char, lines: impl Iterator<Item = String>, close: &str) {
    let _ = write!(text, "\"{name}\": {open}");
    let mut before = "\n";
    for line in lines {
        text.push_str(before);
        text.push_str(&line);
        before = ",\n";
    }
    text.push('\n');
    text.push_str(close);
}

fn namespaces<'a>(site: &Site<'a>) -> Vec<Namespace<'a>> {
    let catalog = site.input.catalog;
    let namespaces = catalog.config.namespace.iter().zip(&site.envelopes).map(|(namespace, envelope)| Namespace {
        name: &namespace.name,
        description: &namespace.description,
        broker: namespace.broker,
        servers: catalog.config.servers(namespace).into_iter().map(Server::of).collect(),
        envelope: envelope.map(|envelope| envelope.topic.as_str()),
        payload: namespace.envelope.as_ref().map(|roles| roles.payload.as_str()),
    });
    namespaces.collect()
}

impl<'a> Server<'a> {
    fn of(facts: eventc_model::config::Server<'a>) -> Self {
        Self {
            environment: facts.environment,
            broker: facts.broker,
            host: facts.host,
            protocol: facts.protocol.as_str(),
            virtual_host: facts.virtual_host,
            description: facts.description,
        }
    }
}

/// Returns the line of a contract: its own section, and those of the types that its page shows.
pub(super) fn contract(site: &Site<'_>, index: usize, own: Option<&Section>, held: &[Section]) -> String {
    let page = site.contracts[index].page.as_str();
    let nothing = Table::default();
    let own = own.map_or(&nothing, |own| &own.table);
    let types = held.iter().map(|section| described(site, page, section)).collect();
    line(&Contract { fields: fields(own), holds: holds(site, page, own), types, ..facts(site, index) })
}

fn fields(table: &Table) -> Vec<Field<'_>> {
    table.rows.iter().filter_map(Field::of).collect()
}

fn holds<'s>(site: &Site<'_>, page: &str, table: &'s Table) -> Vec<HeldPlace<'s>> {
    table.holds.iter().map(|HeldType { id, pointer, .. }| HeldPlace { pointer, at: site.homes.full(site.input, page, *id) }).collect()
}

fn described<'s>(site: &'s Site<'_>, page: &str, section: &'s Section) -> Type<'s> {
    let ty = site.input.types.get(section.id);
    let values = match &ty.shape {
        Shape::Enum(strings) => strings.members.iter().map(|member| member.value.as_str()).collect(),
        _ => Vec::new(),
    };
    Type {
        at: site.homes.full(site.input, page, section.id),
        name: &ty.name,
        description: sections::description(site, section.id),
        values,
        fields: fields(&section.table),
        holds: holds(site, page, &section.table),
    }
}

/// Returns what the line of a contract says of it as a whole.
pub(super) fn summary(site: &Site<'_>, index: usize) -> String {
    line(&facts(site, index))
}

/// Returns what is said of a contract as a whole.
fn facts<'s>(site: &'s Site<'_>, index: usize) -> Contract<'s> {
    let entry = &site.contracts[index];
    let (catalog, contract) = (site.input.catalog, entry.contract);
    let is_event = contract.kind == ContractKind::Event;
    let releases = site.input.history.of(catalog, contract).iter();
    let findings = entry.findings.iter().map(|finding| Finding {
        code: finding.rule.code,
        level: finding.level.to_string(),
        message: &finding.message,
        place: site.place(&finding.place),
    });
    Contract {
        kind: match contract.kind {
            ContractKind::Event => Purpose::Event,
            ContractKind::Envelope => Purpose::Envelope,
            ContractKind::DeadLetter => Purpose::DeadLetter,
        },
        title: site.title(contract),
        description: site.description(contract),
        domain: if is_event { domain(contract) } else { "" },
        facts: &entry.facts,
        schema: &catalog.schemas.file(contract.file).path,
        page: &entry.page,
        releases: releases.map(|release| Release { version: release.version.to_string(), date: release.date }).collect(),
        findings: findings.collect(),
        fields: Vec::new(),
        holds: Vec::new(),
        types: Vec::new(),
    }
}
