//! `eventc release`

use anyhow::{Result, anyhow};
use eventc_codegen::{
    history,
    output::{self, OutputError},
    report::{Report, counted},
};
use eventc_model::diagnostic::Level;

use crate::{Status, context::Context, date};

/// Write the bundled schema of every contract whose version is not released yet
///
/// Releases are never edited. With findings at error level, or where a contract changed without a new version, nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc release
  eventc release --today 2026-11-21")]
pub(crate) struct Args {
    /// The day of the release; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let mut project = context.project(None)?;
    let today = args.today.clone().unwrap_or_else(date::today);
    progress.step("checking contracts");
    project.lint(Some(&today));
    let plan = history::plan_releases(&project.catalog, &project.history, &today);
    drop(progress);
    let mut findings: Vec<_> = project.findings.iter().filter(|finding| finding.level == Level::Error).cloned().collect();
    // Lint may say it too.
    let new = |finding: &eventc_model::diagnostic::Diagnostic| !findings.iter().any(|old| old.fingerprint() == finding.fingerprint());
    let planned: Vec<_> = project.leveled(plan.findings).into_iter().filter(new).collect();
    findings.extend(planned);
    let report = Report { diagnostics: &findings, sources: &project.sources, facts: &[] };
    if report.count(Level::Error) > 0 {
        context.explain_failure(&findings, &project.sources);
        context.console.error("nothing was released");
        return Ok(Status::Findings);
    }
    let folder = project.base.join(&project.catalog.config.releases);
    for file in &plan.files {
        let path = folder.join(&file.path);
        output::create(&path, &file.text).map_err(|error| match error {
            OutputError::Foreign { .. } => anyhow!("{} exists already, and releases are never overwritten", path.display()),
            error => error.into(),
        })?;
        context.console.print(&format!("{}\n", path.display()))?;
    }
    context.console.note(&format!("{} written\n", counted(plan.files.len() as u64, "release")));
    Ok(Status::Clean)
}
