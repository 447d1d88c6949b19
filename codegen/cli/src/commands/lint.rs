//! `eventc lint`

use std::path::PathBuf;

use anyhow::Result;
use eventc_codegen::report::{Format, Report};
use eventc_model::diagnostic::Level;

use crate::{
    Status,
    context::{Context, facts},
};

/// Report everything that the rules find in the contracts
///
/// Exit status 1 says that there are findings at error level.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc lint
  eventc lint --schemas DIR                       any folder of JSON Schemas, no configuration
  eventc lint --write-baseline eventc-baseline.json
  eventc lint --baseline eventc-baseline.json     only what is new since then")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// How to report: human, json, sarif, github, junit or gitlab
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let mut project = context.project(args.schemas.as_deref())?;
    progress.step("checking contracts");
    project.lint(None);
    drop(progress);
    let facts = facts(&project);
    let report = Report { diagnostics: &project.findings, sources: &project.sources, facts: &facts };
    context.report(&report)?;
    Ok(Status::of(report.count(Level::Error) > 0))
}
