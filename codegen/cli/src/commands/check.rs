//! `eventc check`

use anyhow::Result;
use eventc_codegen::report::{Format, Report};
use eventc_model::diagnostic::Level;

use super::generate;
use crate::{
    Status,
    context::{Context, facts},
    date,
};

/// Run every gate: rules, releases, and whether the generated files are fresh
///
/// Exit status 1 says that there are findings at error level.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc check
  eventc check --format sarif > eventc.sarif
  eventc check --today 2027-01-01        what will be wrong on that day, such as a sunset that is near")]
pub(crate) struct Args {
    /// How to report: human, json, sarif, github, junit or gitlab
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,

    /// The day that decides about sunsets and expiring exceptions; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let mut project = context.project(None)?;
    progress.step("checking contracts");
    let today = args.today.clone().unwrap_or_else(date::today);
    project.lint(Some(&today));
    let mut findings = project.findings.clone();
    // Of a tree with errors nothing is generated, so nothing can be stale.
    if !project.has_errors() {
        progress.step("comparing generated files");
        findings.extend(project.leveled(generate::stale(&project, &progress)?));
    }
    drop(progress);
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &project.sources, facts: &facts };
    context.report(&report)?;
    Ok(Status::of(report.count(Level::Error) > 0))
}
