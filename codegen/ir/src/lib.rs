//! The model output: everything that emitters are given, as JSON, for debugging and for tools outside this project.
//!
//! `index.json` lists what there is; each contract and each file of shared definitions has a file of its own. `shape` holds the words;
//! their JSON Schemas are published beside the files, under `schema/`. `docs/model.md` explains them.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod shape;

use std::collections::BTreeMap;

use eventc_emit::{
    Emitted, Input, Output, Target,
    footprint::Facts,
    parts::{MadeModule, Modular},
};
use eventc_model::{
    GeneratedFile,
    catalog::{Contract, ContractKind},
    config::{Config, Namespace, Owner, Service},
    diagnostic::Diagnostic,
    facts::TopicFacts,
    metadata::Allow,
    text,
    types::ModuleId,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::{Deserialize, Serialize};

use self::shape::{Module, Source};

/// The version of the files' shape: it grows when a reader of the former shape would break.
const FORMAT: u32 = 2;

/// The target for the model as JSON.
pub struct Model;

/// `[targets.model]` has no options; a key in it is a mistake.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ModelOptions {}

/// `index.json`: what there is, and where it stands.
#[derive(Debug, Serialize, JsonSchema)]
struct Index<'a> {
    /// Version of this shape.
    format: u32,
    /// All selected contracts: by namespace, path and major.
    contracts: Vec<IndexEntry<'a>>,
    /// All files of shared definitions.
    shared: Vec<SharedEntry<'a>>,
    /// The namespaces as they are configured.
    namespaces: &'a [Namespace],
    /// Owners of contracts and services.
    owners: &'a BTreeMap<String, Owner>,
    /// Services that send or read events.
    services: &'a BTreeMap<String, Service>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct IndexEntry<'a> {
    topic: &'a str,
    kind: Purpose,
    version: String,
    type_name: &'a str,
    /// The contract's file in this output.
    file: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SharedEntry<'a> {
    /// Path of the module, its parts joined by `/`.
    module: String,
    /// The schema file, below the schema root.
    schema: &'a str,
    /// The module's file in this output.
    file: String,
}

/// The purpose of a contract.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Event,
    Envelope,
    DeadLetter,
}

/// A file below `contracts/`: one contract.
#[derive(Debug, Serialize, JsonSchema)]
struct ContractFile<'a> {
    /// Version of this shape.
    format: u32,
    kind: Purpose,
    /// Parts of the path below the namespace's root, without major and ending.
    path: &'a [String],
    major: u32,
    /// Name of the root type.
    type_name: &'a str,
    /// The schema that the contract stands in.
    schema: Source<'a>,
    #[serde(flatten)]
    facts: TopicFacts<'a>,
    /// Topic of the envelope contract that wraps the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    envelope: Option<&'a str>,
    /// Findings that its author accepted on purpose.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    allow: &'a [Allow],
    /// The types of the contract's schema file.
    module: Module<'a>,
}

/// A file below `shared/`: the types of a schema file that is no contract.
#[derive(Debug, Serialize, JsonSchema)]
struct SharedFile<'a> {
    /// Version of this shape.
    format: u32,
    /// The schema file.
    schema: Source<'a>,
    module: Module<'a>,
}

impl Target for Model {
    fn name(&self) -> &'static str {
        "model"
    }

    fn summary(&self) -> &'static str {
        "the resolved model as JSON, for debugging and for other tools"
    }

    /// Returns false: nobody asks for it by accident.
    fn by_default(&self) -> bool {
        false
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<ModelOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        let ModelOptions {} = config.target(self.name())?;
        Ok(Box::new(IrFiles))
    }
}

/// The files; there is nothing to choose.
struct IrFiles;

impl Output for IrFiles {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let envelopes: Vec<Option<&str>> = (0..input.catalog.config.namespace.len())
            .map(|namespace| input.catalog.envelope(namespace).map(|envelope| envelope.topic.as_str()))
            .collect();
        let made = input.each_module(input.modules, &ModuleFiles { input, envelopes });
        let mut files = made.files;
        files.push(json("index.json".into(), &index(input)));
        files.push(json("schema/index.json".into(), &schema::<Index<'_>>()));
        files.push(json("schema/contract.json".into(), &schema::<ContractFile<'_>>()));
        files.push(json("schema/shared.json".into(), &schema::<SharedFile<'_>>()));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Emitted { files, standing: made.standing, parts: made.parts, notes: Vec::new() }
    }
}

/// The files of the modules.
struct ModuleFiles<'a> {
    input: &'a Input<'a>,
    /// The topic of each namespace's envelope.
    envelopes: Vec<Option<&'a str>>,
}

impl Modular for ModuleFiles<'_> {
    fn reads(&self, module: ModuleId, facts: &mut Facts) {
        facts.text(&path(self.input, module));
    }

    fn make(&self, module: ModuleId) -> MadeModule {
        MadeModule { files: vec![file(self.input, module, &self.envelopes)], ..MadeModule::default() }
    }
}

fn index<'a>(input: &'a Input<'_>) -> Index<'a> {
    let config = &input.catalog.config;
    let (mut contracts, mut shared) = (Vec::new(), Vec::new());
    for id in input.modules {
        let module = input.types.module(*id);
        match module.contract {
            Some(at) => contracts.push((at, *id)),
            None => shared.push(SharedEntry {
                module: module.path.join("/"),
                schema: &input.catalog.schemas.file(module.file).path,
                file: path(input, *id),
            }),
        }
    }
    contracts.sort_unstable();
    let entry = |(at, module): (usize, ModuleId)| {
        let contract = &input.catalog.contracts[at];
        IndexEntry {
            topic: &contract.topic,
            kind: kind(contract),
            version: contract.version.to_string(),
            type_name: &contract.type_name,
            file: path(input, module),
        }
    };
    Index {
        format: FORMAT,
        contracts: contracts.into_iter().map(entry).collect(),
        shared,
        namespaces: &config.namespace,
        owners: &config.owners,
        services: &config.services,
    }
}

/// Returns the path of a module in this output.
fn path(input: &Input<'_>, id: ModuleId) -> String {
    let module = input.types.module(id);
    let folder = if module.contract.is_some() { "contracts" } else { "shared" };
    format!("{folder}/{}.json", module.path.join("/"))
}

fn file(input: &Input<'_>, id: ModuleId, envelopes: &[Option<&str>]) -> GeneratedFile {
    let module = input.types.module(id);
    let schema = shape::source(input, module.file);
    let types = shape::module(input, id);
    let Some(at) = module.contract else {
        return json(path(input, id), &SharedFile { format: FORMAT, schema, module: types });
    };
    let contract = &input.catalog.contracts[at];
    let whole = ContractFile {
        format: FORMAT,
        kind: kind(contract),
        path: &contract.path,
        major: contract.major,
        type_name: &contract.type_name,
        schema,
        facts: input.catalog.facts(contract),
        envelope: envelopes[contract.namespace].filter(|_| contract.kind == ContractKind::Event),
        allow: &contract.metadata.allow,
        module: types,
    };
    json(path(input, id), &whole)
}

fn kind(contract: &Contract) -> Purpose {
    match contract.kind {
        ContractKind::Event => Purpose::Event,
        ContractKind::Envelope => Purpose::Envelope,
        ContractKind::DeadLetter => Purpose::DeadLetter,
    }
}

/// Returns the JSON Schema of what is written.
fn schema<T: JsonSchema>() -> schemars::Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

fn json(path: String, value: &impl Serialize) -> GeneratedFile {
    GeneratedFile { path, text: text::json_file(value) }
}
