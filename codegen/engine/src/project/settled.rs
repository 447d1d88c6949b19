//! The files of a tree that an earlier run found sound, for rules that need not look at them again.

use std::collections::HashSet;

use eventc_model::{catalog::ContractKind, schema::FileId};

use super::{Findings, Project};
use crate::{
    date::Date,
    emit::footprint::{Digest, Footprints},
    lint::SETTLING,
    output::SoundRecord,
};

/// What an earlier run knew of the files of a project.
pub struct Settled {
    record: SoundRecord,
    /// The files that can be settled, with their keys.
    keys: Vec<(FileId, Digest)>,
}

impl Settled {
    /// Takes the record of an earlier run.
    pub fn of(project: &Project, footprints: &Footprints, record: SoundRecord) -> Self {
        let reach = footprints.reach(&|_| Digest::default());
        let catalog = &project.catalog;
        let is_envelope = |file: &FileId| catalog.contract_of(*file).is_some_and(|contract| contract.kind == ContractKind::Envelope);
        // What is accepted is found again each time: an `allow` that nobody needs is a finding too.
        let allowing: HashSet<FileId> = catalog.stated().filter(|(_, stated)| !stated.allow.is_empty()).map(|(file, _)| file).collect();
        let files = catalog.schemas.file_ids().filter(|file| !is_envelope(file) && !allowing.contains(file));
        Self { record, keys: files.map(|file| (file, reach[file.0 as usize])).collect() }
    }

    /// Finds what [`Project::lint`] does.
    pub fn lint(&self, project: &Project, today: Option<Date>) -> Findings {
        let settled: HashSet<FileId> = self.keys.iter().filter(|(_, key)| self.record.has(key)).map(|(file, _)| *file).collect();
        project.lint_rest(today, settled)
    }

    /// Records that all files are settled, if that is what the findings say.
    pub fn keep(&self, findings: &Findings) {
        let is_sound = !findings.has_errors() && !findings.iter().any(|finding| SETTLING.contains(&finding.rule));
        if is_sound {
            // A cache that cannot be written costs the next run its time, and nobody else anything.
            let _ = self.record.keep(self.keys.iter().map(|(_, key)| *key).collect());
        }
    }
}
