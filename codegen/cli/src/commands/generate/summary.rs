//! What a run says at its end.

use std::path::Path;

use eventc_codegen::{
    output::Written,
    project::{Findings, Project, Sound},
    report::{counted, short},
};
use eventc_model::{
    diagnostic::{Diagnostic, Level, READING},
    text::{display_path, visible},
};

use super::on_disk::Made;

/// A run that wrote its outputs.
pub(super) struct Summary<'a> {
    pub(super) project: &'a Project,
    pub(super) findings: &'a Findings,
    pub(super) out: &'a Path,
    pub(super) sound: &'a Sound,
}

impl Summary<'_> {
    /// Returns what a reader of the outputs should know: what `made` says, which targets told, and how a folder without configuration was
    /// read, which nobody has been told yet.
    pub(super) fn notes(&self, made: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let unconfigured = self.project.catalog.config.unconfigured;
        let of_reading = |finding: &&Diagnostic| unconfigured && finding.level < Level::Error && READING.contains(&finding.rule);
        self.findings.iter().filter(of_reading).cloned().chain(made).collect()
    }

    /// Returns what was done.
    pub(super) fn counts(&self, targets: &[Made]) -> String {
        let Self { project, findings, out, sound } = self;
        let mut text = String::new();
        for path in targets.iter().flat_map(|(_, written)| &written.kept) {
            text.push_str(&format!("{}: kept, since somebody edited it; it is no longer generated\n", display_path(path)));
        }
        let sum = |part: fn(&Written) -> usize| targets.iter().map(|(_, written)| part(written)).sum::<usize>() as u64;
        let names: Vec<_> = targets.iter().map(|(name, _)| *name).collect();
        text.push_str(&format!(
            "{} in {}: {} written, {} unchanged, {} removed ({})\n",
            counted((project.catalog.contracts.len() - sound.left_out.len()) as u64, "contract"),
            display_path(out),
            sum(|written| written.written),
            sum(|written| written.unchanged),
            sum(|written| written.removed),
            names.join(", ")
        ));
        let unconfigured = project.catalog.config.unconfigured;
        let untold = |finding: &&Diagnostic| finding.level == Level::Warning && !(unconfigured && READING.contains(&finding.rule));
        let warnings = findings.iter().filter(untold).count() as u64;
        if warnings > 0 {
            text.push_str(&format!("{}; see `eventc lint`\n", counted(warnings, "warning")));
        }
        if !sound.left_out.is_empty() {
            text.push_str(&format!("{}\n", left_out(project, sound)));
        }
        text
    }
}

/// Returns notes, a line each.
pub(super) fn lines(notes: &[Diagnostic]) -> String {
    notes.iter().flat_map(|note| [short(note), "\n".to_owned()]).collect()
}

/// Returns `37 of 40 contracts generated, 3 left out: ...`
pub(super) fn left_out(project: &Project, sound: &Sound) -> String {
    const NAMED: usize = 10;
    let catalog = &project.catalog;
    let (all, left) = (catalog.contracts.len(), sound.left_out.len());
    let mut names: Vec<&str> = sound.left_out.iter().map(|index| &*catalog.schemas.file(catalog.contracts[*index].file).path).collect();
    names.sort_unstable();
    let more = if left > NAMED { format!(" and {} more", left - NAMED) } else { String::new() };
    let names = names.iter().take(NAMED).map(|name| visible(name)).collect::<Vec<_>>().join(", ");
    format!("{} of {} generated, {left} left out: {names}{more}", all - left, counted(all as u64, "contract"))
}
