//! Versions of one event that stand beside each other in a tree: which of them are contracts, and which follow which.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    catalog::{Contract, ContractKind},
    config::Config,
    layout::Number,
    schema::{FileId, Schemas},
};

/// The versions of one event, each with its file, the oldest first; at least two.
#[derive(Debug)]
pub struct Series {
    /// Index of the namespace in the configuration.
    pub namespace: usize,
    /// The parts of the event's path, without version and ending.
    pub path: Vec<String>,
    /// The versions.
    pub versions: Vec<(Number, FileId)>,
}

impl Series {
    /// Returns each version with the one before it.
    pub fn steps(&self) -> impl Iterator<Item = (&(Number, FileId), &(Number, FileId))> {
        self.versions.iter().zip(self.versions.iter().skip(1))
    }

    /// Returns whether a newer version has the major of a file's.
    pub(crate) fn has_newer(&self, file: FileId) -> bool {
        self.steps().any(|(old, new)| old.1 == file && old.0.major() == new.0.major())
    }
}

/// The versions in a tree, and what follows from them.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    pub(crate) series: Vec<Series>,
    /// Files of versions that are no contracts: a newer one has their major, or they are copies.
    pub(crate) superseded: HashSet<FileId>,
    /// Files of older versions that are contracts all the same, with the word that tells each from the newest of its major.
    pub(crate) kept: HashMap<FileId, String>,
}

impl Versions {
    /// Finds the versions of all events.
    pub(crate) fn of(contracts: &[Contract], config: &Config, schemas: &Schemas) -> Self {
        let mut groups: BTreeMap<(usize, &[String]), SeriesFiles> = BTreeMap::new();
        for contract in contracts.iter().filter(|contract| contract.kind == ContractKind::Event) {
            if config.tells_versions(&config.namespace[contract.namespace]) {
                let placed = config.placed(&schemas.file(contract.file).path);
                let group = groups.entry((contract.namespace, &contract.path)).or_default();
                match placed.number {
                    Some(number) => group.versions.push((number, contract.file)),
                    None if placed.is_newest => group.newest.push(contract.file),
                    None => {}
                }
            }
        }
        let mut found = Self::default();
        for ((namespace, path), group) in groups {
            found.add(namespace, path, group, config.all_versions);
        }
        found
    }

    fn add(&mut self, namespace: usize, path: &[String], group: SeriesFiles, all: bool) {
        let SeriesFiles { mut versions, newest } = group;
        versions.sort_by(|(a, _), (b, _)| a.cmp(b));
        // `current` repeats a version where there is one, and itself where it is spelled twice.
        self.superseded.extend(newest.into_iter().skip(usize::from(versions.is_empty())));
        let mut distinct: Vec<(Number, FileId)> = Vec::with_capacity(versions.len());
        for (number, file) in versions {
            match distinct.last() {
                Some((known, _)) if known.version == number.version => drop(self.superseded.insert(file)),
                _ => distinct.push((number, file)),
            }
        }
        for pair in distinct.windows(2).filter(|pair| pair[0].0.major() == pair[1].0.major()) {
            let (number, file) = &pair[0];
            if all {
                self.kept.insert(*file, format!("v{}", number.version));
            } else {
                self.superseded.insert(*file);
            }
        }
        if distinct.len() > 1 {
            self.series.push(Series { namespace, path: path.to_vec(), versions: distinct });
        }
    }
}

/// The files of one event.
#[derive(Default)]
struct SeriesFiles {
    versions: Vec<(Number, FileId)>,
    /// Files that are called `current` or `latest`.
    newest: Vec<FileId>,
}
