//! The compatibility engine's answers about released versions, for the outputs that show them.

use eventc_model::catalog::{Catalog, Contract};

use crate::{
    compat::{self, Break, CompareOptions, Direction, StandaloneSchema, Undecided},
    emit::changes::{BreakingChange, Changes, ComparedVersion, VersionChange},
    history::Release,
};

/// Compares when it is asked.
pub(super) struct Compared<'a> {
    pub(super) catalog: &'a Catalog,
}

impl Changes for Compared<'_> {
    fn between(&self, contract: &Contract, old: &Release, new: &Release) -> Option<VersionChange> {
        let options = CompareOptions::of(self.catalog.namespace(contract)).unwrap_or_default();
        let (before, after) = (StandaloneSchema::parse(&old.text)?, StandaloneSchema::parse(&new.text)?);
        let comparison = compat::compare(before.side(), after.side(), &options);
        Some(VersionChange {
            verdict: comparison.verdict,
            required_bump: comparison.required_bump,
            breaks: comparison.found().map(|found| self.broken(contract, old, found)).collect(),
            open: comparison.undecided.iter().map(open).collect(),
        })
    }
}

impl Compared<'_> {
    fn broken(&self, contract: &Contract, old: &Release, found: &Break) -> BreakingChange {
        // Who has the old version reads its topic, which may be that of an earlier major.
        let reader = self.catalog.find(&old.topic).unwrap_or(contract);
        BreakingChange {
            rule: found.rule,
            writer: match found.direction {
                Direction::Backward => ComparedVersion::Old,
                Direction::Forward => ComparedVersion::New,
            },
            message: found.message.clone(),
            witness: found.witness.clone(),
            instance: found.instance.clone(),
            old: found.old.as_ref().map(|spot| spot.pointer.clone()),
            new: found.new.as_ref().map(|spot| spot.pointer.clone()),
            consumers: self.catalog.readers(reader, &found.instance),
        }
    }
}

fn open(found: &Undecided) -> String {
    let question = match found.direction {
        Direction::Backward => "whether the new version accepts all events of the old one",
        Direction::Forward => "whether the old version accepts all events of the new one",
    };
    format!("{question} is not known: `{}` at {:?}: {}", found.keyword, found.pointer, found.reason)
}
