//! The AsyncAPI output: a document for each namespace and one for each service, and a `catalog-info.yaml` for Backstage beside them.
//!
//! `document` makes one document from the contracts and acts of its scope; `flow` gathers these once for all. Schemas are written in
//! the words of draft 7 (`draft7`), because AsyncAPI's schema format and the tools behind it know no newer dialect; what that loses is
//! reported. Documents are JSON, which every reader of YAML reads as well.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod backstage;
mod bindings;
mod channel;
mod document;
mod draft7;
mod flow;
mod keys;
mod message;
mod notes;
mod objects;
mod operation;
mod rights;
mod server;
mod unevaluated;
mod unreadable;
mod vocabulary;

use std::collections::BTreeSet;

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{
    GeneratedFile,
    catalog::ContractKind,
    config::{Config, ContactWay},
    diagnostic::{BAD_CONFIG, Diagnostic, Rule},
};
use rayon::prelude::*;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

pub use self::notes::RULES;
use self::{
    document::{DocumentScope, DocumentSubject},
    flow::{Act, Flow},
    keys::Keys,
    objects::{Contact, Info, Tag},
    vocabulary::Meanings,
};

/// The target for AsyncAPI documents.
pub struct AsyncApi;

/// `[targets.asyncapi]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct AsyncApiOptions {
    /// The version of the specification. Default 3.0.0.
    version: SpecVersion,
    /// Version of the documents themselves. Contracts have versions of their own, under `x-version`. Default 1.0.0.
    document_version: String,
}

impl Default for AsyncApiOptions {
    fn default() -> Self {
        Self { version: SpecVersion::default(), document_version: "1.0.0".into() }
    }
}

/// A version of the specification.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
enum SpecVersion {
    #[default]
    #[serde(rename = "3.0.0")]
    V3_0,
    #[serde(rename = "3.1.0")]
    V3_1,
}

impl SpecVersion {
    fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0.0",
            Self::V3_1 => "3.1.0",
        }
    }
}

impl Target for AsyncApi {
    fn name(&self) -> &'static str {
        "asyncapi"
    }

    fn summary(&self) -> &'static str {
        "AsyncAPI documents of namespaces and services, and a Backstage catalog"
    }

    /// Code comes from eventc itself; documents are for those who have other tools.
    fn by_default(&self) -> bool {
        false
    }

    fn rules(&self) -> &'static [&'static Rule] {
        RULES
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<AsyncApiOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(Documents { options: config.target(self.name())? }))
    }
}

/// The documents that the options ask for.
struct Documents {
    options: AsyncApiOptions,
}

impl Output for Documents {
    fn problems(&self, input: &Input<'_>) -> Vec<Diagnostic> {
        missing_headers(input)
    }

    fn emit(&self, input: &Input<'_>) -> Emitted {
        let flow = Flow::new(input);
        let meanings = Meanings::new(&input.catalog.schemas);
        let scopes = scopes(&flow, &self.options);
        let mut emitted = Emitted { files: vec![backstage::file(&flow, &scopes)], ..Emitted::default() };
        let made: Vec<_> = scopes.par_iter().map(|scope| document::document(&flow, &meanings, &self.options, scope)).collect();
        for (scope, (text, notes)) in scopes.iter().zip(made) {
            emitted.files.push(GeneratedFile { path: scope.path.clone(), text });
            emitted.notes.extend(notes);
        }
        emitted
    }
}

/// Returns diagnostics for namespaces whose schema of headers is missing.
fn missing_headers(input: &Input<'_>) -> Vec<Diagnostic> {
    let schemas = &input.catalog.schemas;
    let namespaces = input.catalog.config.namespace.iter().enumerate();
    let missing = namespaces.filter_map(|(index, namespace)| Some((index, namespace.headers.as_deref()?)));
    let missing = missing.filter(|(_, path)| schemas.file_id(path).and_then(|file| schemas.root(file)).is_none());
    let problem = |(index, path)| {
        let pointer = format!("/namespace/{index}/headers");
        let place = input.catalog.config.place(&pointer);
        Diagnostic::new(&BAD_CONFIG, place, format!("there is no schema {path:?} below the schema root"))
            .pointer(pointer)
            .help("give a path as it stands below the folder that `schemas` names")
    };
    missing.map(problem).collect()
}

/// Returns the documents to make, with their paths: of namespaces, then of services.
fn scopes<'a>(flow: &'a Flow<'a>, options: &'a AsyncApiOptions) -> Vec<DocumentScope<'a>> {
    let config = &flow.input.catalog.config;
    let mut scopes = Vec::new();
    let mut keys = Keys::default();
    let acts: Vec<Act<'a>> = flow.acts().collect();
    for (index, namespace) in config.namespace.iter().enumerate() {
        let entries: Vec<usize> = (0..flow.entries.len()).filter(|entry| flow.entries[*entry].contract.namespace == index).collect();
        if entries.is_empty() {
            continue;
        }
        let title = if namespace.name.is_empty() { "events" } else { namespace.name.as_str() };
        let owners = entries.iter().filter_map(|entry| flow.entries[*entry].contract.metadata.owner.as_deref()).collect();
        let domains = entries.iter().filter_map(|entry| domain(flow, *entry)).collect();
        let info = info(config, options, title, &namespace.description, owners, domains);
        let acts = acts.iter().filter(|act| flow.entries[act.entry].contract.namespace == index).copied().collect();
        let path = format!("namespaces/{}.asyncapi.json", keys.unique(title));
        scopes.push(DocumentScope { path, subject: DocumentSubject::Namespace(index), info, entries, acts });
    }
    let mut keys = Keys::default();
    for (name, acts) in flow.by_service() {
        let service = config.services.get(name);
        let owner = service.and_then(|service| service.owner.as_deref()).into_iter().collect();
        let namespaces = acts.iter().map(|act| flow.entries[act.entry].contract.namespace);
        let namespaces = namespaces.map(|index| config.namespace[index].name.as_str()).filter(|name| !name.is_empty()).collect();
        let info = info(config, options, name, service.map_or("", |service| &service.description), owner, namespaces);
        let path = format!("services/{}.asyncapi.json", keys.unique(name));
        scopes.push(DocumentScope { path, subject: DocumentSubject::Service(name), info, entries: Vec::new(), acts });
    }
    scopes
}

/// Returns the domain of an event that lies in one.
fn domain<'a>(flow: &Flow<'a>, entry: usize) -> Option<&'a str> {
    let contract = flow.entries[entry].contract;
    (contract.kind == ContractKind::Event && contract.path.len() > 1).then(|| contract.domain())
}

fn info<'a>(
    config: &'a Config,
    options: &'a AsyncApiOptions,
    title: &'a str,
    description: &'a str,
    owners: BTreeSet<&'a str>,
    tags: BTreeSet<&'a str>,
) -> Info<'a> {
    let mut owners: Vec<Contact<'a>> = owners.into_iter().map(|name| contact(config, name)).collect();
    // AsyncAPI knows one contact; where several teams answer, none of them does for the whole.
    let contact = if owners.len() == 1 { owners.pop() } else { None };
    let tags = tags.into_iter().map(|name| Tag { name }).collect();
    Info { title, version: &options.document_version, description, contact, tags, owners }
}

fn contact<'a>(config: &'a Config, name: &'a str) -> Contact<'a> {
    let (description, way) = config.owners.get(name).map_or(("", ""), |owner| (owner.description.as_str(), owner.contact.as_str()));
    let contact = Contact { name, url: None, email: None, other: None, description };
    match ContactWay::of(way) {
        Some(ContactWay::Url(url)) => Contact { url: Some(url), ..contact },
        Some(ContactWay::Email(email)) => Contact { email: Some(email), ..contact },
        Some(ContactWay::Other(other)) => Contact { other: Some(other), ..contact },
        None => contact,
    }
}
