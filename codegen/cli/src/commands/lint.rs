//! `eventc lint`

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use eventc_codegen::{
    lint::baseline::{self, LintBaseline},
    output,
    report::{Report, ReportFormat, counted},
};
use eventc_model::{diagnostic::Level, text::display_path};

use crate::{
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
  eventc lint --write-baseline eventc-baseline.json
  eventc lint --baseline eventc-baseline.json     only what is new since then")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// Report only what this baseline does not list
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write all findings into a baseline, in place of what is there, and report none of them
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,

    /// How to report: human, json, sarif, github, junit, gitlab or markdown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: ReportFormat,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let project = context.project(args.schemas.as_deref())?;
    progress.step("checking contracts");
    let mut findings = project.lint(None).into_vec();
    drop(progress);
    if let Some(path) = &args.write_baseline {
        let baseline = LintBaseline::of(&findings);
        output::replace(path, baseline.to_text().as_bytes())?;
        context.console.note(&format!("{}: {} accepted\n", display_path(path), counted(baseline.fingerprints.len() as u64, "finding")));
        findings = baseline::filter(findings, &baseline, &path.to_string_lossy());
    } else if let Some(path) = &args.baseline {
        findings = baseline::filter(findings, &read(path)?, &path.to_string_lossy());
    }
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &project.sources, facts: &facts };
    context.report(&report)?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    Ok(Status::of(report.count(Level::Error) > 0))
}

fn read(path: &Path) -> Result<LintBaseline> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", display_path(path)))?;
    LintBaseline::parse(&text)
        .with_context(|| format!("{} is no baseline; write it anew with `eventc lint --write-baseline`", display_path(path)))
}
