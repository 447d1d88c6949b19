//! What earlier runs made, as outputs ask for it.

use crate::{
    emit::{
        footprint::{Digest, Footprints},
        parts::{EarlierParts, ModulePart, Reuse},
    },
    output::{MadePart, PartsRecord},
};

/// What may be taken over from earlier runs.
pub(super) struct Earlier<'a> {
    pub(super) footprints: &'a Footprints,
    pub(super) record: &'a PartsRecord,
}

impl Earlier<'_> {
    /// Returns what a target may take over.
    pub(super) fn of_target(&self, target: &'static str) -> Reuse<'_> {
        Reuse { target, footprints: self.footprints, earlier: self }
    }
}

impl EarlierParts for Earlier<'_> {
    fn standing(&self, target: &str, key: &Digest) -> Option<ModulePart> {
        let MadePart { key, paths, said } = self.record.standing(target, key)?;
        Some(ModulePart { key, paths, said })
    }
}

/// Returns a part as it is recorded.
pub(super) fn made(part: ModulePart) -> MadePart {
    let ModulePart { key, paths, said } = part;
    MadePart { key, paths, said }
}
