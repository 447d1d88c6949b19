//! The view of checks: the tree, and what several of them want to know of it.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    config::{Config, Namespace},
    date::Date,
    diagnostic::{Level, READING, Rule},
    schema::{FileId, Keywords, NodeId, Reference, Schemas},
    types::Types,
};

use super::{
    allow::Allows,
    lint::{Lint, Phase},
};
use crate::{instance::Validators, rule_set::RuleSet};

/// Everything that checks may look at.
#[derive(Debug)]
pub struct LintContext<'a> {
    /// All contracts and their schemas.
    pub catalog: &'a Catalog,
    /// Their typed view.
    pub types: &'a Types,
    /// The reference validator.
    pub validators: Validators<'a>,
    /// The day for which sunsets and accepted findings are judged; none where the run must not depend on it.
    pub today: Option<Date>,
    /// Whether somebody configured the tree: without conventions, only what is wrong anywhere is reported.
    pub has_conventions: bool,
    pub(super) allows: Allows<'a>,
    lints: &'static [Lint],
    /// All rules that there are, of lint or not.
    pub(super) rules: RuleSet,
    files: HashMap<&'a str, FileId>,
    topics: HashMap<&'a str, usize>,
    links: OnceLock<Links>,
    payloads: OnceLock<HashSet<NodeId>>,
    /// Whether some schema breaks the rules of its dialect.
    pub(super) has_errors: OnceLock<bool>,
    /// Files that [`SETTLING`](super::SETTLING) found sound, each with all that it reaches.
    settled: HashSet<FileId>,
}

/// The relation of a subschema to the one around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It judges the same value.
    InPlace,
    /// It judges a part of the value.
    Inside,
    /// It is only kept there.
    Definition,
}

#[derive(Debug)]
struct Links {
    parents: HashMap<NodeId, (NodeId, Relation)>,
    late: Vec<(FileId, String)>,
    referrers: HashMap<NodeId, Vec<NodeId>>,
}

impl<'a> LintContext<'a> {
    /// Creates what the checks of some rules see of a tree. `today` is left out where the result must not depend on the day;
    /// `rules` are those that people may speak of.
    pub fn new(catalog: &'a Catalog, types: &'a Types, today: Option<Date>, lints: &'static [Lint], rules: RuleSet) -> Self {
        let mut topics = HashMap::new();
        for (index, contract) in catalog.contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event) {
            topics.entry(contract.topic.as_str()).or_insert(index);
        }
        let files = catalog.schemas.file_ids().map(|id| (&*catalog.schemas.file(id).shown, id)).collect();
        Self {
            catalog,
            types,
            validators: Validators::new(catalog),
            today,
            has_conventions: has_conventions(&catalog.config),
            allows: Allows::read(catalog),
            lints,
            rules,
            files,
            topics,
            links: OnceLock::new(),
            payloads: OnceLock::new(),
            has_errors: OnceLock::new(),
            settled: HashSet::new(),
        }
    }

    /// Leaves out of [`SETTLING`](super::SETTLING) the files of which it is known that these rules find nothing.
    #[must_use]
    pub fn settling(self, settled: HashSet<FileId>) -> Self {
        Self { settled, ..self }
    }

    /// Returns whether [`SETTLING`](super::SETTLING) need not look at a file.
    pub(super) fn is_settled(&self, file: FileId) -> bool {
        self.settled.contains(&file)
    }

    /// Returns the rules of this run.
    pub(super) fn lints(&self) -> &'static [Lint] {
        self.lints
    }

    /// Returns all files and subschemas.
    pub fn schemas(&self) -> &'a Schemas {
        &self.catalog.schemas
    }

    /// Returns all events.
    pub fn events(&self) -> impl Iterator<Item = &'a Contract> + use<'a> {
        self.catalog.events()
    }

    /// Returns whether the file of a contract keeps definitions for others, asks nothing of documents and says nothing of itself as an
    /// event: nobody sends or reads what it stands for.
    pub fn is_library(&self, contract: &Contract) -> bool {
        let is_silent = |keywords: &Keywords| {
            !keywords.definitions.is_empty()
                && keywords.reference.is_none()
                && keywords.dynamic_reference.is_none()
                && !keywords.constrains()
        };
        // A glob covers whatever is there.
        let mut topics = self.catalog.config.services.values().flat_map(|service| &service.consumes).flat_map(|read| &read.topics);
        contract.kind == ContractKind::Event
            && self.schemas().keywords(contract.root).is_some_and(is_silent)
            && self.schemas().file(contract.file).get("/x-event").is_none()
            && !topics.any(|topic| *topic == contract.topic)
    }

    /// Returns all events but the files that keep definitions alone.
    pub fn sent_events(&self) -> impl Iterator<Item = &'a Contract> + use<'a, '_> {
        self.events().filter(|contract| !self.is_library(contract))
    }

    /// Returns the contract of a file.
    pub fn contract(&self, file: FileId) -> Option<&'a Contract> {
        self.catalog.contract_of(file)
    }

    /// Returns the event of a topic.
    pub fn by_topic(&self, topic: &str) -> Option<&'a Contract> {
        self.topics.get(topic).map(|index| &self.catalog.contracts[*index])
    }

    /// Returns the file that a person would name so.
    pub(super) fn file_shown(&self, shown: &str) -> Option<FileId> {
        self.files.get(shown).copied()
    }

    /// Returns the namespace that holds a file, contract or not: that of the longest root.
    pub fn namespace_of(&self, file: FileId) -> Option<&'a Namespace> {
        self.catalog.config.namespace_of(&self.schemas().file(file).path).map(|(_, namespace)| namespace)
    }

    /// Returns the keywords of every subschema that has any.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (NodeId, &'a Keywords)> + use<'a> {
        let schemas = self.schemas();
        schemas.ids().filter_map(move |id| Some((id, schemas.keywords(id)?)))
    }

    /// Returns whether a rule has had its say in this run, so that what it did not find is not there.
    pub(crate) fn runs(&self, rule: &Rule) -> bool {
        match self.lints.iter().find(|lint| lint.rule == rule) {
            Some(lint) => (lint.phase != Phase::Dated || self.today.is_some()) && self.level(lint) != Level::Off,
            // Reading has its say always; releases and output when others ask.
            None => READING.contains(&rule) && self.catalog.config.level_of(rule) != Some(Level::Off),
        }
    }

    /// Returns the level of a rule in this tree: what the configuration says by name or code, else the default.
    pub(super) fn level(&self, lint: &Lint) -> Level {
        let default = if self.has_conventions { lint.rule.level } else { lint.elsewhere };
        self.catalog.config.level_of(lint.rule).unwrap_or(default)
    }

    /// Returns the subschema around a subschema, and how it hangs on it.
    pub(crate) fn parent(&self, id: NodeId) -> Option<(NodeId, Relation)> {
        self.links().parents.get(&id).copied()
    }

    /// Returns the subschemas that refer to a subschema.
    pub(crate) fn referrers(&self, id: NodeId) -> &[NodeId] {
        self.links().referrers.get(&id).map_or(&[], Vec::as_slice)
    }

    fn links(&self) -> &Links {
        self.links.get_or_init(|| {
            let schemas = self.schemas();
            let mut links = Links { parents: HashMap::new(), late: Vec::new(), referrers: HashMap::new() };
            for (id, keywords) in self.nodes() {
                for (step, child) in steps(keywords) {
                    links.parents.insert(child, (id, step));
                }
                for target in targets(keywords) {
                    links.referrers.entry(target).or_default().push(id);
                }
            }
            let orphans = schemas.ids().filter(|id| !links.parents.contains_key(id) && !schemas.is_whole(*id));
            links.late = orphans.map(|id| (schemas.node(id).file, schemas.pointer(id))).collect();
            links.late.sort_unstable();
            links
        })
    }

    /// Returns whether there are subschemas below keywords that are not known, which only a reference finds.
    pub(crate) fn has_late_nodes(&self) -> bool {
        !self.links().late.is_empty()
    }

    /// Returns whether such a subschema stands at a pointer or below it.
    pub(crate) fn holds_late_node(&self, file: FileId, pointer: &str) -> bool {
        let late = &self.links().late;
        let begins_at = |wanted: &str| {
            let at = late.partition_point(|(other, known)| (*other, known.as_str()) < (file, wanted));
            late.get(at).filter(|(other, _)| *other == file).map(|(_, known)| known.as_str())
        };
        let below = format!("{pointer}/");
        begins_at(pointer) == Some(pointer) || begins_at(&below).is_some_and(|known| known.starts_with(&below))
    }

    /// Returns every subschema that judges a part of some event's own data, in shared files too.
    pub(crate) fn payload_nodes(&self) -> &HashSet<NodeId> {
        self.payloads.get_or_init(|| {
            let mut seen: HashSet<NodeId> = HashSet::new();
            let mut queue: Vec<NodeId> = self.events().map(|contract| contract.root).collect();
            while let Some(id) = queue.pop() {
                if !seen.insert(id) {
                    continue;
                }
                let Some(keywords) = self.schemas().keywords(id) else { continue };
                queue.extend(steps(keywords).into_iter().filter(|(step, _)| *step != Relation::Definition).map(|(_, child)| child));
                queue.extend(targets(keywords));
            }
            seen
        })
    }
}

/// Returns whether anything of the configuration says more than "these are schemas".
fn has_conventions(config: &Config) -> bool {
    // What somebody says of the dialect helps to read them.
    let plain = |namespace: &Namespace| Namespace { dialect: None, ..namespace.clone() } == Namespace::default();
    config.document.is_some() || !config.services.is_empty() || !config.namespace.iter().all(plain)
}

/// Returns every child schema, and how it hangs on its parent.
pub(crate) fn steps(keywords: &Keywords) -> Vec<(Relation, NodeId)> {
    let mut steps = Vec::new();
    let in_place = [&keywords.all_of, &keywords.any_of, &keywords.one_of].into_iter().flatten().copied();
    let conditions = [keywords.not, keywords.if_schema, keywords.then_schema, keywords.else_schema].into_iter().flatten();
    let dependent = keywords.dependent_schemas.iter().map(|(_, id)| *id);
    steps.extend(in_place.chain(conditions).chain(dependent).map(|id| (Relation::InPlace, id)));
    let maps = [&keywords.properties, &keywords.pattern_properties].into_iter().flatten().map(|(_, id)| *id);
    let singles = [
        keywords.items,
        keywords.contains,
        keywords.unevaluated_items,
        keywords.additional_properties,
        keywords.property_names,
        keywords.unevaluated_properties,
    ];
    let inside = maps.chain(singles.into_iter().flatten()).chain(keywords.prefix_items.iter().copied());
    steps.extend(inside.map(|id| (Relation::Inside, id)));
    steps.extend(keywords.definitions.iter().map(|(_, id)| (Relation::Definition, *id)));
    steps
}

/// Returns the subschemas that a subschema refers to.
pub(crate) fn targets(keywords: &Keywords) -> impl Iterator<Item = NodeId> + use<> {
    let target = |reference: &Option<Reference>| match reference {
        Some(Reference::To(id) | Reference::Dynamic(id, _)) => Some(*id),
        _ => None,
    };
    [target(&keywords.reference), target(&keywords.dynamic_reference)].into_iter().flatten()
}
