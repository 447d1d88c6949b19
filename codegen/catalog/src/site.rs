//! The pages, the links between them, and the services that send and read each contract.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use eventc_model::{
    catalog::{Contract, ContractKind},
    config::FileAddress,
    diagnostic::{Diagnostic, Place},
    facts::TopicFacts,
    layout::without_format,
    types::{ModuleId, TypeId},
};

use eventc_emit::Input;
use minijinja::{Value, context};

use super::{
    brokers::{BrokerStates, PlacedEnvironment},
    fields::md,
    homes::Homes,
    markdown,
    markup::Markup,
    sensitive::SensitiveTypes,
};

/// Everything that the pages share, gathered once.
pub(super) struct Site<'a> {
    pub(super) input: &'a Input<'a>,
    /// The language in which the pages are written.
    pub(super) markup: Markup,
    /// Selected contracts, in catalog order.
    pub(super) contracts: Vec<ContractEntry<'a>>,
    by_topic: HashMap<&'a str, usize>,
    /// Paths below the schema root, by the path that findings show.
    files: HashMap<&'a str, &'a str>,
    /// Services that are declared or send something, by name.
    pub(super) services: BTreeMap<&'a str, Participant>,
    /// Owners that are declared or own something, by name.
    pub(super) owners: BTreeMap<&'a str, Participant>,
    /// Domains, by namespace and name.
    pub(super) domains: BTreeMap<(usize, &'a str), Participant>,
    /// The pages of each namespace.
    pub(super) namespaces: Vec<Option<NamespacePages>>,
    /// The envelope of each namespace.
    pub(super) envelopes: Vec<Option<&'a Contract>>,
    /// The dead-letter record of each namespace.
    pub(super) dead_letters: Vec<Option<&'a Contract>>,
    /// The place where each type is shown.
    pub(super) homes: Homes,
    /// The types that hold something that is classified.
    pub(super) sensitive: SensitiveTypes,
    /// The environments, with what is on their brokers.
    pub(super) environments: Vec<PlacedEnvironment<'a>>,
    /// Findings that concern no selected contract.
    pub(super) loose: Vec<&'a Diagnostic>,
}

/// A contract with its page.
pub(super) struct ContractEntry<'a> {
    pub(super) contract: &'a Contract,
    pub(super) page: String,
    pub(super) facts: TopicFacts<'a>,
    pub(super) findings: Vec<&'a Diagnostic>,
    /// Requests that this contract answers.
    pub(super) answers: Vec<usize>,
    /// Deprecated contracts that name this one as their successor.
    pub(super) replaces: Vec<usize>,
}

/// A page with the contracts that it lists, by their index in [`Site::contracts`].
#[derive(Default)]
pub(super) struct Participant {
    pub(super) page: String,
    pub(super) sends: Vec<usize>,
    pub(super) reads: Vec<usize>,
}

impl Participant {
    /// Returns the contracts that it sends or reads, each once, in catalog order.
    pub(super) fn touched(&self) -> Vec<usize> {
        let mut touched: Vec<usize> = self.sends.iter().chain(&self.reads).copied().collect();
        touched.sort_unstable();
        touched.dedup();
        touched
    }
}

/// The pages of a namespace.
pub(super) struct NamespacePages {
    pub(super) page: String,
    /// The page of its shared types, where it has some.
    pub(super) types: Option<String>,
    pub(super) shared: Vec<ModuleId>,
}

impl<'a> Site<'a> {
    pub(super) fn new(input: &'a Input<'a>, states: &'a BrokerStates, markup: Markup) -> Self {
        let mut site = Self {
            input,
            markup,
            contracts: Vec::new(),
            by_topic: HashMap::new(),
            files: input.catalog.schemas.files.iter().map(|file| (&*file.shown, file.path.as_str())).collect(),
            services: BTreeMap::new(),
            owners: BTreeMap::new(),
            domains: BTreeMap::new(),
            namespaces: Vec::new(),
            envelopes: special(input, ContractKind::Envelope),
            dead_letters: special(input, ContractKind::DeadLetter),
            homes: Homes::of(input),
            sensitive: SensitiveTypes::of(input),
            environments: Vec::new(),
            loose: Vec::new(),
        };
        // Pages that list what the pages beside them describe.
        let mut taken: HashSet<String> =
            ["events/index", "events/readme", "namespaces/index", "environments/index", "services/index", "owners/index"]
                .map(str::to_owned)
                .into();
        site.read_contracts(&mut taken);
        site.read_services();
        site.read_participants(&mut taken);
        site.read_namespaces(&mut taken);
        site.read_environments(states, &mut taken);
        site.read_findings();
        site
    }

    fn read_contracts(&mut self, taken: &mut HashSet<String>) {
        let catalog = self.input.catalog;
        for contract in catalog.contracts.iter().filter(|contract| self.input.selects(contract)) {
            let path = &catalog.schemas.file(contract.file).path;
            let parts: Vec<String> = without_format(path).split('/').map(markdown::slug).collect();
            let page = self.free(taken, &format!("events/{}", parts.join("/")));
            self.settle_own(contract, &page);
            self.by_topic.entry(&contract.topic).or_insert(self.contracts.len());
            self.contracts.push(ContractEntry {
                contract,
                page,
                facts: catalog.facts(contract),
                findings: Vec::new(),
                answers: Vec::new(),
                replaces: Vec::new(),
            });
        }
        for index in 0..self.contracts.len() {
            let deprecated = self.contracts[index].facts.deprecated;
            let successor = deprecated.and_then(|deprecated| self.by_topic.get(deprecated.successor.as_deref()?).copied());
            if let Some(successor) = successor {
                self.contracts[successor].replaces.push(index);
            }
        }
    }

    /// Sets the places of the types of a contract's file: on its page, which is itself the place of the root.
    fn settle_own(&mut self, contract: &Contract, page: &str) {
        let types = self.input.types;
        let Some(module) = types.module_of(contract.file).map(|module| types.module(module)) else { return };
        let mut anchors = HashSet::new();
        for id in &module.types {
            let anchor = || unique(&mut anchors, &format!("type-{}", markdown::slug(&types.get(*id).name)));
            let place = if module.root == Some(*id) { page.to_owned() } else { format!("{page}#{}", { anchor }()) };
            self.homes.set_place(*id, place);
        }
    }

    /// Notes what each service sends and reads of what is selected; of the others, those that are declared.
    fn read_services(&mut self) {
        let catalog = self.input.catalog;
        let all = catalog.contracts.iter().enumerate().filter(|(_, contract)| self.input.selects(contract));
        let here: HashMap<usize, usize> = all.enumerate().map(|(here, (index, _))| (index, here)).collect();
        let shown = |indexes: &[usize]| indexes.iter().filter_map(|index| here.get(index).copied()).collect::<Vec<_>>();
        for (name, service) in catalog.traffic.services() {
            let participant = Participant { page: String::new(), sends: shown(&service.sends), reads: shown(&service.reads) };
            if catalog.config.services.contains_key(name) || !participant.sends.is_empty() {
                self.services.insert(name, participant);
            }
        }
        for (index, entry) in &here {
            self.contracts[*entry].answers = shown(&catalog.traffic.topic(*index).answers);
        }
    }

    fn read_participants(&mut self, taken: &mut HashSet<String>) {
        let config = &self.input.catalog.config;
        self.owners.extend(config.owners.keys().map(|name| (name.as_str(), Participant::default())));
        for (index, entry) in self.contracts.iter().enumerate() {
            let metadata = &entry.contract.metadata;
            if let Some(owner) = &metadata.owner {
                self.owners.entry(owner).or_default().sends.push(index);
            }
            if entry.contract.kind == ContractKind::Event {
                self.domains.entry((entry.contract.namespace, domain(entry.contract))).or_default().sends.push(index);
            }
        }
        let markup = self.markup;
        let page = |taken: &mut HashSet<String>, stem: &str| free(markup, taken, stem);
        for (name, participant) in &mut self.services {
            participant.page = page(taken, &format!("services/{}", markdown::slug(name)));
        }
        for (name, participant) in &mut self.owners {
            participant.page = page(taken, &format!("owners/{}", markdown::slug(name)));
        }
        for ((namespace, domain), participant) in &mut self.domains {
            let namespace = markdown::slug(namespace_label(&config.namespace[*namespace].name));
            let domain = if domain.is_empty() { Cow::Borrowed("top-level") } else { Cow::Owned(markdown::slug(domain)) };
            participant.page = page(taken, &format!("domains/{namespace}/{domain}"));
        }
    }

    fn read_namespaces(&mut self, taken: &mut HashSet<String>) {
        let (catalog, types) = (self.input.catalog, self.input.types);
        for (index, namespace) in catalog.config.namespace.iter().enumerate() {
            let shared: Vec<ModuleId> = self
                .input
                .modules
                .iter()
                .copied()
                .filter(|module| types.module(*module).contract.is_none())
                .filter(|module| self.namespace_of(*module) == Some(index))
                .collect();
            let used = !shared.is_empty() || self.contracts.iter().any(|entry| entry.contract.namespace == index);
            let slug = markdown::slug(namespace_label(&namespace.name));
            let list = if self.markup == Markup::Html { format!("types/{slug}/index") } else { format!("types/{slug}") };
            let pages = used.then(|| NamespacePages {
                page: self.free(taken, &format!("namespaces/{slug}")),
                types: (!shared.is_empty()).then(|| self.free(taken, &list)),
                shared: shared.clone(),
            });
            let list = pages.as_ref().and_then(|pages| pages.types.clone()).unwrap_or_default();
            self.namespaces.push(pages);
            let mut anchors = HashSet::new();
            let named = shared.iter().flat_map(|module| &types.module(*module).types).filter(|id| !self.homes.unfolds(**id));
            for id in named.copied().collect::<Vec<_>>() {
                let name = markdown::slug(&types.get(id).name);
                let place = match self.markup {
                    Markup::Markdown => format!("{list}#{}", unique(&mut anchors, &format!("type-{name}"))),
                    Markup::Html => self.free(taken, &format!("types/{slug}/{name}")),
                };
                self.homes.set_place(id, place);
            }
        }
    }

    fn read_environments(&mut self, states: &'a BrokerStates, taken: &mut HashSet<String>) {
        for (name, stated) in &self.input.catalog.config.environments {
            let Some(state) = states.get(name) else { continue };
            let page = self.free(taken, &format!("environments/{}", markdown::slug(name)));
            let is_shown = |topic: &str| self.by_topic.contains_key(topic);
            let environment = PlacedEnvironment::new(name, stated, state, page, &is_shown);
            self.environments.push(environment);
        }
    }

    fn namespace_of(&self, module: ModuleId) -> Option<usize> {
        let catalog = self.input.catalog;
        let path = &catalog.schemas.file(self.input.types.module(module).file).path;
        catalog.config.namespace_of(path).map(|(index, _)| index)
    }

    fn read_findings(&mut self) {
        let files: HashMap<&str, usize> = self
            .contracts
            .iter()
            .enumerate()
            .map(|(index, entry)| (&*self.input.catalog.schemas.file(entry.contract.file).shown, index))
            .collect();
        for finding in self.input.findings {
            let by_file = files.get(&*finding.place.file).copied();
            let index = by_file.or_else(|| finding.topic.as_deref().and_then(|topic| self.by_topic.get(topic).copied()));
            match index {
                Some(index) => self.contracts[index].findings.push(finding),
                None => self.loose.push(finding),
            }
        }
    }

    fn free(&self, taken: &mut HashSet<String>, stem: &str) -> String {
        free(self.markup, taken, stem)
    }

    /// Returns the selected contract of a topic.
    pub(super) fn topic(&self, topic: &str) -> Option<&ContractEntry<'a>> {
        self.by_topic.get(topic).map(|index| &self.contracts[*index])
    }

    /// Returns a topic as a link where it has a page, and verbatim where it has none.
    pub(super) fn topic_link(&self, from: &str, topic: &str) -> String {
        match self.topic(topic) {
            Some(entry) => self.markup.link(topic, &relative(from, &entry.page)),
            None => self.markup.code(topic),
        }
    }

    pub(super) fn entry_link(&self, from: &str, index: usize) -> String {
        let entry = &self.contracts[index];
        self.markup.link(&entry.contract.topic, &relative(from, &entry.page))
    }

    pub(super) fn service_link(&self, from: &str, name: &str) -> String {
        self.services
            .get(name)
            .map_or_else(|| self.markup.text(name), |participant| self.markup.link(name, &relative(from, &participant.page)))
    }

    pub(super) fn owner_link(&self, from: &str, name: &str) -> String {
        self.owners
            .get(name)
            .map_or_else(|| self.markup.text(name), |participant| self.markup.link(name, &relative(from, &participant.page)))
    }

    /// Returns a type as a link to its heading; `None` where it is shown in the table of what holds it.
    pub(super) fn type_link(&self, from: &str, id: TypeId) -> Option<String> {
        (!self.homes.unfolds(id) && self.homes.place(id).is_some()).then(|| self.heading_link(from, id))
    }

    /// Returns a type as a link to its heading, which has to stand on this page or on one of its own.
    pub(super) fn heading_link(&self, from: &str, id: TypeId) -> String {
        self.markup.link(&self.input.types.get(id).name, &self.homes.target(self.input, from, id))
    }

    /// Returns the title of a contract; its topic where it has none.
    pub(super) fn title(&self, contract: &'a Contract) -> &'a str {
        let keywords = self.input.catalog.schemas.keywords(contract.root);
        keywords.and_then(|keywords| keywords.title.as_deref()).filter(|title| !title.trim().is_empty()).unwrap_or(&contract.topic)
    }

    /// Returns the description of a contract.
    pub(super) fn description(&self, contract: &'a Contract) -> &'a str {
        self.input.catalog.schemas.keywords(contract.root).and_then(|keywords| keywords.description.as_deref()).unwrap_or("")
    }

    /// Returns the way to reach an owner; `None` where none is stated.
    pub(super) fn contact(&self, owner: &str) -> Option<&'a str> {
        let contact = self.input.catalog.config.owners.get(owner)?.contact.as_str();
        (!contact.is_empty()).then_some(contact)
    }

    /// Returns the addresses on the code host of a file of the tree: where it is shown, and where it is edited.
    pub(super) fn source(&self, path: &str) -> Value {
        let config = &self.input.catalog.config;
        let path = format!("{}/{path}", config.schemas.trim_end_matches('/'));
        let of = |address: &Option<FileAddress>| address.as_ref().map(|address| md(self.markup.address(&address.of(&path))));
        context! { view => of(&config.repository.view), edit => of(&config.repository.edit) }
    }

    /// Returns a place without the folders that differ between machines.
    pub(super) fn place(&self, place: &Place) -> String {
        let known = self.files.get(&*place.file).copied();
        let file = known.unwrap_or_else(|| place.file.rsplit('/').next().unwrap_or(&place.file));
        if place.line == 0 { file.to_owned() } else { format!("{file}:{}:{}", place.line, place.column) }
    }
}

/// Returns the contract of a kind in each namespace, selected or not.
fn special<'a>(input: &Input<'a>, kind: ContractKind) -> Vec<Option<&'a Contract>> {
    let mut found = vec![None; input.catalog.config.namespace.len()];
    for contract in input.catalog.contracts.iter().filter(|contract| contract.kind == kind) {
        found[contract.namespace] = Some(contract);
    }
    found
}

/// Returns the domain of an event: its first folder; empty for an event that lies in none.
pub(super) fn domain(contract: &Contract) -> &str {
    if contract.path.len() > 1 { contract.domain() } else { "" }
}

pub(super) fn domain_label(domain: &str) -> &str {
    if domain.is_empty() { "top level" } else { domain }
}

pub(super) fn namespace_label(name: &str) -> &str {
    if name.is_empty() { "events" } else { name }
}

/// Returns a page's path that no other page has, also on file systems that do not tell cases apart.
pub(super) fn free(markup: Markup, taken: &mut HashSet<String>, stem: &str) -> String {
    format!("{}.{}", unique(taken, stem), markup.extension())
}

fn unique(taken: &mut HashSet<String>, stem: &str) -> String {
    let (mut name, mut number) = (stem.to_owned(), 2_u32);
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}

/// Returns the link from one page to another.
pub(super) fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let shared = from[..from.len() - 1].iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - 1 - shared);
    format!("{up}{}", to[shared..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative() {
        assert_eq!(relative("events/a/b.md", "events/a/c.md"), "c.md");
        assert_eq!(relative("events/a/b.md", "services/x.md"), "../../services/x.md");
        assert_eq!(relative("README.md", "events/a.md"), "events/a.md");
    }

    #[test]
    fn pages_differ_by_more_than_case() {
        let mut taken = HashSet::new();
        assert_eq!(free(Markup::Markdown, &mut taken, "a/B"), "a/B.md");
        assert_eq!(free(Markup::Markdown, &mut taken, "a/b"), "a/b-2.md");
    }
}
