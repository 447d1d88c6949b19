//! What a run makes, beside what is on disk.

use std::path::Path;

use anyhow::Result;
use eventc_codegen::{
    output::{self, MadePart, Memo, OutputFolder, StaleTarget, Written},
    project::{PlannedFiles, Project, Run, Selection, settle_notes},
};
use eventc_model::diagnostic::Diagnostic;

use super::Judged;
use crate::{
    baseline::KnownFindings,
    cache::{Cache, LARGE, PriorKnowledge},
    console::Spinner,
};

/// Yields what a run makes of one target after the other, each beside what an earlier run made of what is left out.
fn planned<'r>(run: &'r Run<'_>, out: &'r Path) -> impl Iterator<Item = Result<(PlannedFiles, Vec<Diagnostic>)>> + 'r {
    run.targets().map(|(target, notes)| {
        let earlier = output::made(&out.join(target.name))?;
        Ok((run.plan(target, &|path| earlier.contains(path)), notes))
    })
}

/// Targets beside what is on disk.
#[derive(Default)]
pub(crate) struct ComparedTargets {
    /// Their names.
    pub(crate) names: Vec<&'static str>,
    /// The number of files that there should be.
    pub(super) files: usize,
    /// What is wrong with them.
    pub(crate) stale: Vec<StaleTarget>,
}

/// Compares one target after the other with what is on disk.
pub(super) fn compare(run: &Run<'_>, out: &Path, progress: &Spinner) -> Result<ComparedTargets> {
    let ComparedTargets { mut names, mut files, mut stale } = ComparedTargets::default();
    for made in planned(run, out) {
        let PlannedFiles { target, stays } = made?.0;
        progress.step(format!("comparing {}", target.name));
        names.push(target.name);
        files += target.files.len() + target.standing.len();
        let findings = output::findings(&output::check(out, target.name, &target.files, &stays)?);
        stale.push(StaleTarget { target: target.name, findings });
    }
    stale.retain(|target| !target.findings.is_empty());
    Ok(ComparedTargets { names, files, stale })
}

/// Findings for every file that is not what would be generated. What is generated shows findings, and none that depends on the day; of a
/// tree with errors nothing is generated, so nothing can be stale.
pub(crate) fn stale(project: &Project, cache: Option<&Cache>, prior: &PriorKnowledge, progress: &Spinner) -> Result<ComparedTargets> {
    let Judged { findings, new, sound } = Judged::of(project, KnownFindings::of(&project.base)?.as_ref(), prior);
    if new.has_errors() {
        return Ok(ComparedTargets::default());
    }
    let (out, run) = (project.out(), project.prepare_sound(&Selection::default(), &findings, &sound)?);
    let record = cache.and_then(|cache| cache.parts(&out));
    let mut compared = compare(&prior.reuse(run, record.as_ref()), &out, progress)?;
    for target in &mut compared.stale {
        target.findings = project.catalog.config.leveled(std::mem::take(&mut target.findings));
    }
    Ok(compared)
}

/// A target, and what became of its files.
pub(super) type Made = (&'static str, Written);

/// What became of the targets of a run, what a reader should know of them, and what the next run may take over.
pub(super) type WrittenRun = (Vec<Made>, Vec<Diagnostic>, Vec<(&'static str, Vec<MadePart>)>);

/// Writes one target after the other, so that the files of one are all that is held.
pub(super) fn write(run: &Run<'_>, folder: &OutputFolder, out: &Path, progress: &Spinner) -> Result<WrittenRun> {
    let (mut targets, mut notes, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for made in planned(run, out) {
        let (PlannedFiles { target, stays }, found) = made?;
        progress.step(format!("writing {}", target.name));
        let mut written = folder.write(target.name, &target.files, &stays)?;
        written.unchanged += target.standing.len();
        targets.push((target.name, written));
        parts.push((target.name, target.parts));
        notes.extend(found);
    }
    settle_notes(&mut notes);
    Ok((targets, notes, parts))
}

/// Returns the number of files that targets have.
pub(super) fn files_of(targets: &[Made]) -> usize {
    targets.iter().map(|(_, written)| written.written + written.unchanged).sum()
}

/// Remembers a run that made many files and left none behind, with what the next one says that has nothing to do.
pub(super) fn keep(memo: &Memo, targets: &[Made], summary: impl FnOnce(&[Made]) -> String) {
    let same = |(name, written): &Made| {
        let unchanged = written.written + written.unchanged;
        (*name, Written { written: 0, unchanged, removed: 0, kept: written.kept.clone() })
    };
    let targets: Vec<Made> = targets.iter().map(same).collect();
    if files_of(&targets) >= LARGE && targets.iter().all(|(_, written)| written.kept.is_empty()) {
        let names: Vec<&str> = targets.iter().map(|(name, _)| *name).collect();
        // A cache that cannot be written costs the next run its time, and nobody else anything.
        let _ = memo.keep(&names, summary(&targets));
    }
}
