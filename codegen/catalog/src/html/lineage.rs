//! The versions of each contract: what every step from one release to another means.

use eventc_emit::changes::VersionChange;
use eventc_model::history::{self, Release};
use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::{
    markdown,
    markup::Markup,
    site::{Site, free},
};

/// The maximum number of releases of a contract that are compared with each other, the newest: their pairs grow with the square.
const MAX_COMPARED_RELEASES: usize = 24;

/// The releases of the contracts of one path, all majors together.
pub(super) struct Lineage<'a> {
    /// Oldest version first.
    pub(super) releases: &'a [Release],
    /// The contracts of the path that are still there, by index.
    pub(super) contracts: Vec<usize>,
    /// Every step from an older release to a newer one.
    pub(super) steps: Vec<ReleaseStep>,
}

/// A step from one release to a newer one, by their indexes.
pub(super) struct ReleaseStep {
    pub(super) old: usize,
    pub(super) new: usize,
    /// The page that shows it.
    pub(super) page: String,
    /// `None` where a release can no longer be read.
    pub(super) change: Option<VersionChange>,
}

impl Lineage<'_> {
    /// Returns the step between two releases.
    pub(super) fn step(&self, old: usize, new: usize) -> Option<&ReleaseStep> {
        self.steps.iter().find(|step| (step.old, step.new) == (old, new))
    }
}

/// Returns all lineages that have releases, by the name of their contracts in the history.
pub(super) fn all<'a>(site: &Site<'a>) -> BTreeMap<String, Lineage<'a>> {
    let catalog = site.input.catalog;
    let mut contracts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, entry) in site.contracts.iter().enumerate() {
        contracts.entry(history::key(catalog, entry.contract)).or_default().push(index);
    }
    let mut taken = HashSet::new();
    let mut planned = Vec::new();
    for (key, contracts) in contracts {
        if let Some(releases) = site.input.history.releases.get(&key) {
            let pages = pages(&mut taken, &key, releases);
            planned.push((key, contracts, releases.as_slice(), pages));
        }
    }
    let done = planned.into_par_iter().map(|(key, contracts, releases, pages)| {
        let steps = pages.into_par_iter().map(|(old, new, page)| ReleaseStep {
            old,
            new,
            page,
            change: change(site, &contracts, releases, old, new),
        });
        let steps = steps.collect();
        (key, Lineage { releases, contracts, steps })
    });
    done.collect()
}

/// Returns every pair of releases that is compared, with its page.
fn pages(taken: &mut HashSet<String>, key: &str, releases: &[Release]) -> Vec<(usize, usize, String)> {
    let folder: Vec<String> = key.split('/').map(markdown::slug).collect();
    let mut pages = Vec::new();
    for new in releases.len().saturating_sub(MAX_COMPARED_RELEASES)..releases.len() {
        for old in releases.len().saturating_sub(MAX_COMPARED_RELEASES)..new {
            let name = markdown::slug(&format!("{}-to-{}", releases[old].version, releases[new].version));
            pages.push((old, new, free(Markup::Html, taken, &format!("diff/{}/{name}", folder.join("/")))));
        }
    }
    pages
}

/// Returns what a step means, by the promise of the namespace.
fn change(site: &Site<'_>, contracts: &[usize], releases: &[Release], old: usize, new: usize) -> Option<VersionChange> {
    let contract = site.contracts[*contracts.first()?].contract;
    site.input.changes.between(contract, &releases[old], &releases[new])
}
