//! The questions that outputs may ask about two released versions of a contract. Emitters do not know what answers it.

use eventc_model::{
    catalog::Contract,
    diagnostic::{Bump, Rule, Verdict},
    history::Release,
};
use serde_json::Value;

/// Answers what a new version of a contract means for those who have the old one.
pub trait Changes: Sync {
    /// Returns the change from one release of a contract to another, of the same major or not, in the mode that the
    /// contract's namespace promises; in the mode `backward` where it promises nothing. `None` where a release can no longer
    /// be read, or nothing answers.
    fn between(&self, contract: &Contract, old: &Release, new: &Release) -> Option<VersionChange>;
}

/// The change from one version of a contract to another.
#[derive(Debug, Clone)]
pub struct VersionChange {
    /// The verdict: whether readers understand writers.
    pub verdict: Verdict,
    /// The least step of the version that the change needs.
    pub required_bump: Bump,
    /// The breaks, where they do not.
    pub breaks: Vec<BreakingChange>,
    /// Questions that found no answer, each as a sentence without a full stop.
    pub open: Vec<String>,
}

/// A version of the two that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparedVersion {
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// One reason why readers do not understand writers.
#[derive(Debug, Clone)]
pub struct BreakingChange {
    /// The kind of change.
    pub rule: &'static Rule,
    /// The version of those who send; who reads has the other.
    pub writer: ComparedVersion,
    /// The change and its consequence, in one sentence without a full stop.
    pub message: String,
    /// A document that the writer may send and the reader refuses.
    pub witness: Value,
    /// JSON Pointer into the witness: what the reader refuses.
    pub instance: String,
    /// JSON Pointer of the place in the old schema.
    pub old: Option<String>,
    /// JSON Pointer of the place in the new schema.
    pub new: Option<String>,
    /// The services that read the place in the old version, in order of their names.
    pub consumers: Vec<String>,
}

/// Answers nothing: for runs whose outputs do not ask.
#[derive(Debug, Clone, Copy)]
pub struct NoChanges;

impl Changes for NoChanges {
    fn between(&self, _: &Contract, _: &Release, _: &Release) -> Option<VersionChange> {
        None
    }
}
