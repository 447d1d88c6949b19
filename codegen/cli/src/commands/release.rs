//! `eventc release`

use anyhow::{Result, anyhow};
use eventc_codegen::{
    date::Date,
    gate::Gate,
    output::{self, OutputError},
    release,
    report::{Report, counted},
};
use eventc_model::{diagnostic::Level, text::display_path};

use super::generate;
use crate::{
    baseline::KnownFindings,
    context::{CommandContext, sweep},
    date,
    status::Status,
};

/// Write the bundled schema of every contract whose version is not released yet
///
/// Releases are never edited. With findings at error level, where a contract changed without a new version, or where it breaks what was
/// released, nothing is written. Run it where a change is merged, and commit what it writes: the gate compares with releases.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc release
  eventc release --dry-run              show what it would write, write nothing
  eventc release --generate             and make the files that show releases, such as the catalog
  eventc release --today 2026-11-21")]
pub(crate) struct Args {
    /// Show what would be released, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Generate afterwards: the catalog shows releases
    #[arg(long, conflicts_with = "dry_run")]
    generate: bool,

    /// The day of the release; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let lock = if args.dry_run { None } else { Some(context.take_project(None)?) };
    let progress = context.console.progress("reading schemas");
    let project = context.project(None)?;
    let today = args.today.unwrap_or_else(date::today);
    progress.step("checking contracts");
    let found = project.lint(Some(today));
    let plan = release::plan_releases(&project.catalog, &project.history, today);
    progress.step("comparing with what was released");
    let outcome = Gate::new(&project, None, Some(today)).run();
    drop(progress);
    let mut findings: Vec<_> = found.iter().chain(&outcome.findings).filter(|finding| finding.level == Level::Error).cloned().collect();
    if let Some(known) = KnownFindings::of(&project.base)? {
        findings = known.unlisted(findings);
    }
    // The gate says it too, unless it says that a new major is needed.
    let new = |finding: &eventc_model::diagnostic::Diagnostic| !findings.iter().any(|old| old.fingerprint() == finding.fingerprint());
    let planned: Vec<_> = project.catalog.config.leveled(plan.findings).into_iter().filter(new).collect();
    findings.extend(planned);
    let mut sources = project.sources.clone();
    sources.extend(outcome.sources);
    let report = Report { diagnostics: &findings, sources: &sources, facts: &[] };
    if report.count(Level::Error) > 0 {
        context.explain_failure(&findings, &sources);
        context.console.error("nothing was released");
        return Ok(Status::Findings);
    }
    if lock.is_some() {
        sweep(&project)?;
    }
    let folder = project.base.join(&project.catalog.config.releases);
    for file in &plan.files {
        let path = folder.join(&file.path);
        if args.dry_run {
            context.console.print(&format!("{}\n", display_path(&path)))?;
            continue;
        }
        output::create_below(&folder, &file.path, &file.text).map_err(|error| match error {
            OutputError::Foreign { .. } => anyhow!("{} exists already, and releases are never overwritten", display_path(&path)),
            error => error.into(),
        })?;
        context.console.print(&format!("{}\n", display_path(&path)))?;
    }
    for file in &plan.settings {
        context.console.print(&format!("{}\n", display_path(&folder.join(&file.path))))?;
        if !args.dry_run {
            output::replace_below(&folder, &file.path, file.text.as_bytes())?;
        }
    }
    let done = if args.dry_run { "would be written" } else { "written" };
    let recorded = counted(plan.settings.len() as u64, "file");
    let recorded = if plan.settings.is_empty() { String::new() } else { format!(", settings in {recorded}") };
    context.console.note(&format!("{} {done}{recorded}\n", counted(plan.files.len() as u64, "release")));
    drop(lock);
    if args.generate { generate::run(&generate::Args::default(), context) } else { Ok(Status::Clean) }
}
