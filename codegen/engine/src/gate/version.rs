//! The version of a contract, beside what it should be.

use eventc_model::{
    catalog::Contract,
    diagnostic::{Diagnostic, Rule},
};
use semver::Version;
use serde_json::{Map, Value};

use super::{
    Gate,
    versions::{PriorVersion, next_version, step, word},
};
use crate::rules::gate::{BREAK_WITHOUT_MAJOR, EMPTY_BUMP, MISSING_BUMP, VERSION_BEHIND};
use crate::{
    compat::Bump,
    release::{changed, same_promise},
};

/// A contract and the version that it follows.
pub(super) struct VersionCheck<'j> {
    pub(super) gate: &'j Gate<'j>,
    pub(super) contract: &'j Contract,
    /// Its bundled schema.
    pub(super) schema: &'j Value,
    /// The version that it follows.
    pub(super) base: &'j PriorVersion<'j>,
}

impl VersionCheck<'_> {
    /// Returns whether the schema is that of the base.
    pub(super) fn is_same(&self) -> bool {
        same_promise(&self.base.schema, self.schema)
    }

    /// Finds what is wrong with the version, where the change needs that step.
    pub(super) fn finding(&self, needed: Bump) -> Option<Diagnostic> {
        if self.gate.project.catalog.is_version_unread(self.contract) {
            return None;
        }
        let (version, from) = (&self.contract.version, &self.base.version);
        if version < from {
            return Some(self.behind(version, from));
        }
        match (step(from, version), self.is_same()) {
            (None, true) => None,
            (None, false) => self.unstepped(version, from, needed),
            (Some(_), true) => self.empty(version, from),
            (Some(stepped), false) => (stepped < needed).then(|| {
                let message = format!("{version} is a {} after {from}, and the change needs a {}", word(stepped), word(needed));
                at(self.gate, self.contract, &MISSING_BUMP, message, self.bump(from, needed))
            }),
        }
    }

    fn behind(&self, version: &Version, from: &Version) -> Diagnostic {
        let place = if self.base.release.is_some() { "released" } else { "in the baseline" };
        let message = format!("{} is at {version}, and {from} is {place}", self.contract.topic);
        at(self.gate, self.contract, &VERSION_BEHIND, message, format!("take {} as the base of the change", self.base.detail))
    }

    /// Reports that something changed, and the version did not.
    fn unstepped(&self, version: &Version, from: &Version, needed: Bump) -> Option<Diagnostic> {
        let bump = self.bump(from, needed);
        let Some(released) = self.base.release else {
            let message = format!("{} differs from {}, and both are {version}", self.contract.topic, self.base.label);
            return Some(at(self.gate, self.contract, &MISSING_BUMP, message, bump));
        };
        let changed = changed(&self.gate.project.catalog, self.contract, self.schema, released)?;
        Some(changed.help(format!("undo the change, or {bump}; {} holds the release", released.file)))
    }

    /// Reports that the version changed, and nothing else did, in `x-event` neither.
    fn empty(&self, version: &Version, from: &Version) -> Option<Diagnostic> {
        let message = format!("{} {version} says the same as {from}", self.contract.topic);
        let help = "set `version` back, or make the change that it is for".to_owned();
        (metadata_of(&self.base.schema) == metadata_of(self.schema)).then(|| at(self.gate, self.contract, &EMPTY_BUMP, message, help))
    }

    fn bump(&self, from: &Version, needed: Bump) -> String {
        format!("run `eventc bump {}`, which writes {}", self.contract.topic, next_version(from, needed))
    }
}

/// Returns the finding that a contract needs a new major; `against` is the oldest version that it breaks.
pub(super) fn needs_major(gate: &Gate<'_>, contract: &Contract, against: &str, breaks: usize) -> Diagnostic {
    let (topic, noun) = (&contract.topic, if breaks == 1 { "break" } else { "breaks" });
    let message = format!("{topic} {} breaks what {against} promised", contract.version);
    at(gate, contract, &BREAK_WITHOUT_MAJOR, message, format!("undo the {noun}, or run `eventc bump {topic}` for the next major"))
}

fn at(gate: &Gate<'_>, contract: &Contract, rule: &'static Rule, message: String, help: String) -> Diagnostic {
    let pointer = "/x-event/version";
    let place = gate.project.catalog.schemas.file(contract.file).key_place(pointer);
    Diagnostic::new(rule, place, message).pointer(pointer).topic(contract.topic.clone()).help(help)
}

/// Returns `x-event` of a schema without the version.
pub(super) fn metadata_of(schema: &Value) -> Option<Map<String, Value>> {
    let mut stated = schema.get("x-event")?.as_object()?.clone();
    stated.shift_remove("version");
    Some(stated)
}
