//! The compatibility gate: the tree against its releases and, where asked for, against a baseline.
//!
//! [`crate::compat`] answers whether two schemas are compatible; the gate decides what is compared with what, and what follows: which
//! version the change needs, who is affected, what was accepted by whom, and whether anything vanished that somebody relies on.
//! Contracts that are what they were are passed over.

mod accept;
mod assert;
mod changed;
mod consumers;
pub(crate) mod finding;
pub(crate) mod identifiers;
mod judge;
mod lifecycle;
mod pair;
mod settings;
#[cfg(test)]
mod tests;
mod version;
mod versions;

use std::collections::{HashMap, HashSet};

use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::{self, Diagnostic, Level},
    metadata::Stability,
    pool,
    schema::FileId,
};
use rayon::prelude::*;

pub use self::{
    assert::{Given, assert_compatible},
    judge::Assessment,
    pair::{ComparedSchema, SourceError, answer, explain},
    versions::next_version,
};
use crate::{
    baseline::BaselineTree,
    compat::{self, CompareOptions, Comparison, Side},
    date::Date,
    emit::Output,
    history,
    project::Project,
    report::{Change, SourceTexts},
    rules::gate::NOTHING_RELEASED,
};

/// A function that compares two schemas.
pub(crate) type Compare = fn(Side<'_>, Side<'_>, &CompareOptions) -> Comparison;

/// A project to judge, and what it is judged by.
pub struct Gate<'a> {
    project: &'a Project,
    against: Option<&'a BaselineTree>,
    today: Option<Date>,
    compare: Compare,
    /// The outputs that the project makes.
    outputs: Vec<(&'static str, Box<dyn Output>)>,
    /// The contracts of the baseline, by name and major.
    in_baseline: HashMap<(String, u32), usize>,
    /// The files that are not what the baseline has, or that refer to such.
    changed: HashSet<FileId>,
    /// The files that say that they are unstable.
    unstable: HashSet<FileId>,
}

/// The verdict of the gate.
#[derive(Debug, Default)]
pub struct GateOutcome {
    /// The findings at the levels of the configuration, and what was accepted as notes. Sorted.
    pub findings: Vec<Diagnostic>,
    /// Every contract that changed, in the order of the catalog.
    pub changes: Vec<Change>,
    /// Texts of older versions that findings point at.
    pub sources: SourceTexts,
}

impl<'a> Gate<'a> {
    /// Returns a gate for a project. `today` decides which sunsets and approvals are over; without it none is.
    pub fn new(project: &'a Project, against: Option<&'a BaselineTree>, today: Option<Date>) -> Self {
        Self::with(project, against, today, compat::compare)
    }

    pub(crate) fn with(project: &'a Project, against: Option<&'a BaselineTree>, today: Option<Date>, compare: Compare) -> Self {
        let in_baseline = against.map(|earlier| {
            let contracts = earlier.catalog.contracts.iter().enumerate();
            contracts.map(|(index, contract)| ((history::key(&earlier.catalog, contract), contract.major), index)).collect()
        });
        let schemas = &project.catalog.schemas;
        let changed = against.map(|earlier| changed::files(schemas, &earlier.catalog.schemas)).unwrap_or_default();
        let unstable = project.catalog.stated().filter(|(_, metadata)| metadata.stability == Stability::Unstable);
        let unstable = unstable.map(|(file, _)| file).collect();
        let outputs = project.outputs();
        Self { project, against, today, compare, outputs, in_baseline: in_baseline.unwrap_or_default(), changed, unstable }
    }

    /// Judges every contract, and what is gone.
    pub fn run(&self) -> GateOutcome {
        let contracts = &self.project.catalog.contracts;
        let judged: Vec<_> = pool::run(|| contracts.par_iter().map(|contract| judge::judge(self, contract)).collect());
        let mut outcome = GateOutcome::default();
        for one in judged {
            outcome.findings.extend(one.findings);
            outcome.changes.extend(one.change);
        }
        // What could not be read is not gone.
        let unread = self.project.catalog.diagnostics.iter().any(|finding| finding.level == Level::Error);
        let mut gone = if unread { Vec::new() } else { lifecycle::deleted(self) };
        gone.extend(lifecycle::removed_releases(self));
        gone.extend(self.nothing_to_compare_with());
        outcome.findings.extend(self.project.catalog.config.leveled(gone));
        diagnostic::sort(&mut outcome.findings);
        outcome.sources = self.sources(&outcome.findings);
        outcome
    }

    /// Says that there is neither a release nor a baseline, so that nobody takes silence for a verdict.
    fn nothing_to_compare_with(&self) -> Option<Diagnostic> {
        let Catalog { config, contracts, .. } = &self.project.catalog;
        let is_new = self.project.history.releases.is_empty() && self.against.is_none() && !contracts.is_empty();
        is_new.then(|| {
            let message = format!("no release to compare with in {}: a change that breaks readers is not seen", config.releases);
            Diagnostic::new(&NOTHING_RELEASED, config.place("/releases"), message)
                .pointer("/releases")
                .help("run `eventc release`, and commit what it writes")
        })
    }

    /// Assesses what the change of one contract since its newest release needs.
    pub fn assess(&self, contract: &Contract) -> Assessment {
        judge::assess(self, contract)
    }

    /// Returns the texts of the files that findings point at beside the tree.
    fn sources(&self, findings: &[Diagnostic]) -> SourceTexts {
        let related = findings.iter().filter_map(|finding| finding.evidence.as_ref()?.related.as_ref());
        let files: HashSet<&str> = related.map(|related| &*related.place.file).collect();
        let mut sources = SourceTexts::default();
        if files.is_empty() {
            return sources;
        }
        for release in self.project.history.releases.values().flatten().filter(|release| files.contains(release.file.as_str())) {
            sources.insert(release.file.as_str().into(), release.text.clone());
        }
        let earlier = self.against.iter().flat_map(|earlier| &earlier.catalog.schemas.files);
        for document in earlier.filter(|document| files.contains(&*document.shown)) {
            sources.insert(document.shown.clone(), document.text.clone());
        }
        sources
    }
}
