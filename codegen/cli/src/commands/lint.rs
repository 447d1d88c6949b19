//! `eventc lint`

use std::path::PathBuf;

use anyhow::Result;
use eventc_codegen::report::{Report, ReportFormat};
use eventc_model::diagnostic::Level;

use crate::{
    baseline::{BaselineArgs, is_of_lint},
    context::{CommandContext, facts, found_nothing},
    status::Status,
};

/// Report everything that the rules find in the contracts
///
/// Exit status 1 says that there are findings at error level.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc lint
  eventc lint --schemas DIR                       any folder of JSON Schemas, no configuration
  eventc lint --write-baseline                    accept what is there in eventc-baseline.json: only what is new is told
                                                  from then on")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// How to report: human, json, sarif, github, junit, gitlab or markdown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: ReportFormat,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let project = context.project(args.schemas.as_deref())?;
    progress.step("checking contracts");
    let findings = project.lint(None).into_vec();
    drop(progress);
    let findings = args.baseline.apply(findings, args.schemas.as_deref().unwrap_or(&project.base), is_of_lint, context)?;
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &project.sources, facts: &facts };
    context.report(&report)?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    Ok(Status::of(report.count(Level::Error) > 0))
}
