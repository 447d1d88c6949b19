//! The contracts that can be compiled although something else in the tree is broken.
//!
//! A contract is left out where its schema reaches an error, and where its file refers to a file that is left out: what is made of the rest
//! stands by itself. What a file only defines, and its schema does not use, is no part of the contract.

use std::collections::{BTreeSet, HashMap, HashSet};

use eventc_model::{
    catalog::{Catalog, ContractKind},
    diagnostic::{self, Diagnostic, Rule},
    schema::{FileId, NodeId, Schemas},
    types::{ModuleId, Types},
};

use super::{Findings, Project};
use crate::lint::{Relation, steps, targets};

/// The sound part of a tree with errors.
#[derive(Debug, Default)]
pub struct Sound {
    /// The contracts that are left out, as indices of the catalog's.
    pub left_out: BTreeSet<usize>,
    /// The files whose modules are left out: of these contracts, and whatever refers to them.
    files: HashSet<FileId>,
}

impl Sound {
    /// Returns what is left of a project, by its findings.
    pub fn of(project: &Project, findings: &Findings) -> Self {
        if !findings.has_errors() {
            return Self::default();
        }
        let catalog = &project.catalog;
        let broken = ErrorPlaces::of(project, findings);
        let reach = Dependents::of(&catalog.schemas);
        let tainted = reach.back(broken.nodes);
        let mut files = broken.files;
        files.extend(catalog.contracts.iter().filter(|contract| tainted.contains(&contract.root)).map(|contract| contract.file));
        let needed_by = referring(catalog, &project.types);
        loop {
            let before = files.len();
            close(&mut files, &needed_by);
            leave_namespaces(catalog, &mut files);
            if files.len() == before {
                break;
            }
        }
        let left_out = (0..catalog.contracts.len()).filter(|index| files.contains(&catalog.contracts[*index].file)).collect();
        Self { left_out, files }
    }

    /// Returns whether everything is sound.
    pub fn is_whole(&self) -> bool {
        self.files.is_empty()
    }

    /// Parts modules into those that are made and those that are left out.
    pub(super) fn part(&self, types: &Types, modules: Vec<ModuleId>) -> (Vec<ModuleId>, Vec<ModuleId>) {
        modules.into_iter().partition(|module| !self.files.contains(&types.module(*module).file))
    }
}

/// The places of errors.
#[derive(Default)]
struct ErrorPlaces {
    nodes: Vec<NodeId>,
    /// Files that could not be read as a whole.
    files: HashSet<FileId>,
}

impl ErrorPlaces {
    fn of(project: &Project, findings: &Findings) -> Self {
        let schemas = &project.catalog.schemas;
        let mut broken = Self::default();
        let by_shown: HashMap<&str, FileId> = schemas.file_ids().map(|file| (&*schemas.file(file).shown, file)).collect();
        // What a URL without a file stands for is any value in a bare folder, and no contract is less for it.
        let spared = |finding: &Diagnostic| project.catalog.config.unconfigured && finding.rule == &diagnostic::ABSENT_URL;
        for finding in findings.errors().filter(|finding| !spared(finding)) {
            if let Some(file) = by_shown.get(&*finding.place.file) {
                broken.nodes.extend(around(schemas, *file, &finding.pointer));
            }
        }
        broken.files = schemas.file_ids().filter(|file| schemas.file(*file).broken && schemas.root(*file).is_some()).collect();
        broken.nodes.extend(broken.files.iter().filter_map(|file| schemas.root(*file)));
        broken.nodes.extend(&schemas.unsound);
        let is_error = |rule: &'static Rule| findings.errors().any(|finding| finding.rule == rule);
        if is_error(&diagnostic::LOOSE_REF) {
            broken.nodes.extend(&schemas.strays);
        }
        if !project.catalog.config.unconfigured {
            broken.nodes.extend(schemas.absent.keys());
        }
        broken
    }
}

/// Returns the innermost schema around a place.
fn around(schemas: &Schemas, file: FileId, mut pointer: &str) -> Option<NodeId> {
    loop {
        if let Some(id) = schemas.at(file, pointer) {
            return Some(id);
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
}

/// For each schema those that apply it, or hold it: not those that only define it.
struct Dependents(HashMap<NodeId, Vec<NodeId>>);

impl Dependents {
    fn of(schemas: &Schemas) -> Self {
        let mut back: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for id in schemas.ids() {
            let Some(keywords) = schemas.keywords(id) else { continue };
            let children = steps(keywords).into_iter().filter(|(step, _)| *step != Relation::Definition).map(|(_, child)| child);
            for next in children.chain(targets(keywords)) {
                back.entry(next).or_default().push(id);
            }
        }
        Self(back)
    }

    /// Returns everything that reaches some schemas, and these.
    fn back(&self, from: Vec<NodeId>) -> HashSet<NodeId> {
        let mut seen: HashSet<NodeId> = from.iter().copied().collect();
        let mut open = from;
        while let Some(id) = open.pop() {
            open.extend(self.0.get(&id).into_iter().flatten().copied().filter(|next| seen.insert(*next)));
        }
        seen
    }
}

/// Returns the files that refer to each file.
fn referring(catalog: &Catalog, types: &Types) -> HashMap<FileId, Vec<FileId>> {
    let mut back: HashMap<FileId, Vec<FileId>> = HashMap::new();
    for (from, needed) in eventc_model::select::needs(catalog, types) {
        for to in needed {
            back.entry(to).or_default().push(from);
        }
    }
    back
}

fn close(files: &mut HashSet<FileId>, needed_by: &HashMap<FileId, Vec<FileId>>) {
    let mut open: Vec<FileId> = files.iter().copied().collect();
    while let Some(file) = open.pop() {
        open.extend(needed_by.get(&file).into_iter().flatten().copied().filter(|next| files.insert(*next)));
    }
}

/// Leaves out the events whose envelope, or whose record of failures, is left out.
fn leave_namespaces(catalog: &Catalog, files: &mut HashSet<FileId>) {
    let is_left = |namespace: usize| {
        let shared = catalog.contracts.iter().filter(|contract| contract.kind != ContractKind::Event && contract.namespace == namespace);
        shared.map(|contract| contract.file).any(|file| files.contains(&file))
    };
    let left: Vec<FileId> = catalog.events().filter(|event| is_left(event.namespace)).map(|event| event.file).collect();
    files.extend(left);
}
