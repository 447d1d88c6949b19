//! The catalog: contracts, their names, and the services that send and read them.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    config::{Config, Namespace},
    diagnostic::{self, Diagnostic},
    metadata::Metadata,
    names,
    schema::{Customs, FileId, NodeId, Schemas},
    series::{Series, Versions},
    settings::{ExchangeType, TopicSettings},
    source::Tree,
    topic::TopicPattern,
    traffic::Traffic,
    version::Version,
};

/// Everything that is known of a schema tree.
#[derive(Debug)]
pub struct Catalog {
    /// The configuration that it was read with.
    pub config: Config,
    /// All files and subschemas.
    pub schemas: Schemas,
    /// All contracts, by namespace, path and major.
    pub contracts: Vec<Contract>,
    /// The senders and readers of each topic.
    pub traffic: Traffic,
    /// The versions of events that stand beside each other.
    pub series: Vec<Series>,
    /// Files of versions that are no contracts.
    superseded: HashSet<FileId>,
    /// The findings of reading the tree.
    pub diagnostics: Vec<Diagnostic>,
    /// The `x-event` of files that are no contracts: shared definitions may accept findings of their own.
    shared_metadata: BTreeMap<FileId, Metadata>,
    /// Index of each file's contract.
    by_file: HashMap<FileId, usize>,
    /// Index of the first contract of each topic.
    by_topic: HashMap<String, usize>,
}

/// The purpose of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContractKind {
    /// An event with a topic of its own.
    Event,
    /// The wrapper of a namespace's events.
    Envelope,
    /// The record that carries an event which could not be processed.
    DeadLetter,
}

/// One event type at one major version, or a namespace's envelope or dead-letter record.
#[derive(Debug)]
pub struct Contract {
    /// Its purpose.
    pub kind: ContractKind,
    /// Its file.
    pub file: FileId,
    /// Its root schema.
    pub root: NodeId,
    /// Index of its namespace in the configuration.
    pub namespace: usize,
    /// The parts of its path below the namespace's root, without major and ending.
    pub path: Vec<String>,
    /// Its major version, from the file's name; 1 where that says none.
    pub major: u32,
    /// Whether the file's name says the major.
    pub major_in_name: bool,
    /// The topic on which it travels. For an envelope or dead-letter record, a name of the same form.
    pub topic: String,
    /// Name of its root type, in UpperCamelCase.
    pub type_name: String,
    /// Its `x-event`.
    pub metadata: Metadata,
    /// Its version: what `x-event` says, else the major and zeros.
    pub version: Version,
    /// Its topic settings, with the domain's and the namespace's defaults.
    pub settings: TopicSettings,
}

impl Contract {
    /// Returns the domain: the first segment of its path.
    pub fn domain(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }
}

impl Catalog {
    /// Reads all contracts of a tree.
    pub fn build(tree: Tree, config: Config) -> Self {
        let dialect = |path: &str| config.namespace_of(path).and_then(|(_, namespace)| namespace.dialect);
        let native_patterns = |path: &str| config.has_native_patterns(path);
        let customs = Customs { unconfigured: config.unconfigured, dialect: &dialect, native_patterns: &native_patterns };
        let (schemas, diagnostics) = Schemas::load_as(tree, Some(&customs));
        let mut catalog = Self {
            config,
            schemas,
            contracts: Vec::new(),
            traffic: Traffic::default(),
            series: Vec::new(),
            superseded: HashSet::new(),
            diagnostics,
            shared_metadata: BTreeMap::new(),
            by_file: HashMap::new(),
            by_topic: HashMap::new(),
        };
        for file in catalog.schemas.file_ids() {
            if let Some(contract) = catalog.contract(file) {
                catalog.contracts.push(contract);
            } else {
                catalog.read_shared_metadata(file);
            }
        }
        catalog.settle_versions();
        catalog.contracts.sort_by(|a, b| (a.namespace, &a.path, a.major).cmp(&(b.namespace, &b.path, b.major)));
        catalog.index();
        diagnostic::sort(&mut catalog.diagnostics);
        catalog
    }

    fn index(&mut self) {
        self.by_file = self.contracts.iter().enumerate().map(|(index, contract)| (contract.file, index)).collect();
        self.by_topic.clear();
        for (index, contract) in self.contracts.iter().enumerate() {
            self.by_topic.entry(contract.topic.clone()).or_insert(index);
        }
        self.traffic = Traffic::of(&self.config, &self.contracts);
    }

    /// Leaves, of the versions of each event, the newest of each major; or gives every one a name of its own.
    fn settle_versions(&mut self) {
        let Versions { series, superseded, mut kept } = Versions::of(&self.contracts, &self.config, &self.schemas);
        let mut contracts = std::mem::take(&mut self.contracts);
        contracts.retain(|contract| !superseded.contains(&contract.file));
        for contract in &mut contracts {
            if let Some(word) = kept.remove(&contract.file) {
                contract.path.push(word);
                let parts: Vec<&str> = contract.path.iter().map(String::as_str).collect();
                contract.topic = self.topic(contract.namespace, &parts, 1);
            }
        }
        (self.contracts, self.series, self.superseded) = (contracts, series, superseded);
    }

    /// Returns whether a file holds a version of an event that is no contract, since a newer one has its major.
    pub fn is_superseded(&self, file: FileId) -> bool {
        self.superseded.contains(&file)
    }

    /// Returns whether a newer version of an event has the major of a file's, whether or not the file is a contract.
    pub fn is_older(&self, file: FileId) -> bool {
        self.is_superseded(file) || self.series.iter().any(|series| series.has_newer(file))
    }

    /// Forgets the contracts whose files could not be read as a whole.
    pub fn leave_broken_out(&mut self) {
        self.contracts.retain(|contract| !self.schemas.file(contract.file).broken);
        self.index();
    }

    fn contract(&mut self, file: FileId) -> Option<Contract> {
        let root = self.schemas.root(file).filter(|_| self.schemas.is_own(file) && self.schemas.stands_alone(file))?;
        let document = self.schemas.file(file);
        let path = document.path.as_str();
        let (index, namespace) = self.config.namespace_of(path)?;
        let kind = if namespace.envelope.as_ref().is_some_and(|envelope| envelope.file == path) {
            ContractKind::Envelope
        } else if namespace.dead_letter.as_deref() == Some(path) {
            ContractKind::DeadLetter
        } else if is_shared(path) {
            return None;
        } else {
            ContractKind::Event
        };
        let placed = self.config.placed(path);
        let (metadata, problems) = Metadata::read(document);
        let parts: Vec<&str> = placed.parts.iter().map(|part| part.trim_start_matches('_')).collect();
        let topic = self.topic(index, &parts, placed.major());
        let domain = parts.first().and_then(|part| namespace.domain.get(*part));
        let base = domain.cloned().unwrap_or_default().or(&namespace.topic);
        let settings = metadata.topic.clone().or(&base);
        let title = self.schemas.keywords(root).and_then(|keywords| keywords.title.as_deref());
        let type_name = names::type_name(title, &parts);
        // What is wrong with what is left of a broken file follows from what is missing.
        let problems = problems.into_iter().filter(|_| !document.broken);
        self.diagnostics.extend(problems.map(|problem| problem.topic(topic.clone())));
        Some(Contract {
            kind,
            file,
            root,
            namespace: index,
            path: parts.iter().map(ToString::to_string).collect(),
            major: placed.major(),
            major_in_name: placed.number.is_some(),
            topic,
            type_name,
            version: metadata.version.clone().unwrap_or_else(|| placed.version()),
            metadata,
            settings,
        })
    }

    fn read_shared_metadata(&mut self, file: FileId) {
        let document = self.schemas.file(file);
        if document.get("/x-event").is_some() && !self.schemas.is_meta(file) {
            let (metadata, problems) = Metadata::read(document);
            self.diagnostics.extend(problems);
            self.shared_metadata.insert(file, metadata);
        }
    }

    /// Returns what files state of themselves, as far as they state anything: contracts, and shared definitions.
    pub fn stated(&self) -> impl Iterator<Item = (FileId, &Metadata)> {
        let of_contracts = self.contracts.iter().map(|contract| (contract.file, &contract.metadata));
        of_contracts.chain(self.shared_metadata.iter().map(|(file, metadata)| (*file, metadata)))
    }

    /// Returns whether a contract states a version that nobody can read, which is told where it stands; then nothing follows from its
    /// version.
    pub fn is_version_unread(&self, contract: &Contract) -> bool {
        contract.metadata.version.is_none() && self.schemas.file(contract.file).get("/x-event/version").is_some()
    }

    /// Returns the topic that the conventions of a namespace give to a path below its root, at a major.
    pub fn topic(&self, namespace: usize, parts: &[&str], major: u32) -> String {
        let Namespace { name, topics, .. } = &self.config.namespace[namespace];
        match topics.iter().find(|pattern| pattern.fits(parts)).or(topics.first()) {
            Some(pattern) => pattern.topic(name, parts, major),
            None if major != 1 => format!("{}.v{major}", parts.join(".")),
            None => parts.join("."),
        }
    }

    /// Returns the namespace of a contract.
    pub fn namespace(&self, contract: &Contract) -> &Namespace {
        &self.config.namespace[contract.namespace]
    }

    /// Returns the topic patterns of a contract's namespace.
    pub fn patterns(&self, contract: &Contract) -> &[TopicPattern] {
        &self.namespace(contract).topics
    }

    /// All events.
    pub fn events(&self) -> impl Iterator<Item = &Contract> {
        self.contracts.iter().filter(|contract| contract.kind == ContractKind::Event)
    }

    /// Returns the contract of a topic, or at a path: below the schema root (with or without its ending), or as findings tell it.
    pub fn find(&self, key: &str) -> Option<&Contract> {
        let path = key.strip_prefix("./").unwrap_or(key);
        self.by_topic.get(key).map(|index| &self.contracts[*index]).or_else(|| {
            self.contracts.iter().find(|contract| {
                let file = self.schemas.file(contract.file);
                file.path == path || &*file.shown == path || file.path.rsplit_once('.').is_some_and(|(stem, _)| stem == path)
            })
        })
    }

    /// Returns the topic that is nearest to a misspelled one.
    pub fn nearest_topic(&self, key: &str) -> Option<&str> {
        crate::names::nearest(key, self.contracts.iter().map(|contract| contract.topic.as_str()))
    }

    /// Returns the index of a file's contract.
    pub fn contract_index(&self, file: FileId) -> Option<usize> {
        self.by_file.get(&file).copied()
    }

    /// Returns the contract of a file.
    pub fn contract_of(&self, file: FileId) -> Option<&Contract> {
        self.contract_index(file).map(|index| &self.contracts[index])
    }

    /// Returns the exchange of an event, by the namespace's convention.
    pub fn exchange(&self, contract: &Contract) -> Option<String> {
        self.exchange_of_type(contract, contract.settings.exchange_type.unwrap_or(ExchangeType::Topic))
    }

    /// Returns the exchange that an event has where exchanges are of a type.
    pub fn exchange_of_type(&self, contract: &Contract, kind: ExchangeType) -> Option<String> {
        let template = self.namespace(contract).exchange.as_ref()?;
        Some(template.replace("{domain}", contract.domain()).replace("{type}", kind.as_str()))
    }

    /// Returns the envelope contract of a namespace.
    pub fn envelope(&self, namespace: usize) -> Option<&Contract> {
        self.contracts.iter().find(|contract| contract.namespace == namespace && contract.kind == ContractKind::Envelope)
    }
}

/// Returns whether a file holds shared definitions and no event.
pub fn is_shared(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with('_'))
}
