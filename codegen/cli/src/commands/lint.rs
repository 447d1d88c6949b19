//! `eventc lint`

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use eventc_codegen::{
    fix::{self, Fixes},
    output,
    project::{OpenError, Project},
    report::{Report, ReportFormat, counted},
};
use eventc_model::{
    diagnostic::{Diagnostic, Level},
    text::display_path,
};

use crate::{
    baseline::{BaselineArgs, is_of_lint},
    context::{CommandContext, facts, found_nothing},
    status::Status,
};

/// Report everything that the rules find in the contracts
///
/// Exit status 1 says that there are findings at error level.
///
/// `--fix` makes the changes that are mechanical and harm nobody: the nearest name of a misspelled keyword or setting, an `allow` that
/// accepts nothing, the case of a property that no release has, with `required`, examples, keys and readers along. Each file is read again
/// before it is written, and what is left is reported.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc lint
  eventc lint --schemas DIR                       any folder of JSON Schemas, no configuration
  eventc lint --fix                               change what can be changed without a decision, report the rest
  eventc lint --write-baseline                    accept what is there in eventc-baseline.json: only what is new is told
                                                  from then on")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// Change schemas and eventc.toml where that does away with a finding and harms nobody
    #[arg(long, conflicts_with = "write_baseline")]
    fix: bool,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// How to report: human, json, sarif, github, junit, gitlab or markdown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: ReportFormat,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let lock = if args.fix { Some(context.take_project(args.schemas.as_deref())?) } else { None };
    let (project, findings) = if args.fix { fixed(args, context)? } else { found(args, context)? };
    drop(lock);
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &project.sources, facts: &facts };
    context.report(&report)?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    Ok(Status::of(report.count(Level::Error) > 0))
}

fn found(args: &Args, context: &CommandContext) -> Result<(Project, Vec<Diagnostic>)> {
    let progress = context.console.progress("reading schemas");
    let project = context.project(args.schemas.as_deref())?;
    progress.step("checking contracts");
    let findings = project.lint(None).into_vec();
    drop(progress);
    let findings = args.baseline.apply(findings, args.schemas.as_deref().unwrap_or(&project.base), is_of_lint, context)?;
    Ok((project, findings))
}

/// So often what is left is looked at again: a change may make room for another.
const MAX_ROUNDS: usize = 20;

/// Changes what can be changed, and returns what is left.
fn fixed(args: &Args, context: &CommandContext) -> Result<(Project, Vec<Diagnostic>)> {
    let (mut total, mut files) = (0, BTreeSet::new());
    total += fix_configuration(args, context, &mut files)?;
    let (mut project, mut findings) = found(args, context)?;
    for _ in 0..MAX_ROUNDS {
        let planned = fix::fixes(&project, &findings);
        if planned.texts.is_empty() {
            break;
        }
        files.extend(write(args, context, &project, &planned)?);
        total += planned.fixed;
        (project, findings) = found(args, context)?;
    }
    for file in &files {
        context.console.note(&format!("{file} changed\n"));
    }
    context.console.note(&format!("{} fixed in {}\n", counted(total as u64, "finding"), counted(files.len() as u64, "file")));
    Ok((project, findings))
}

/// Changes what keeps a configuration from being read, and returns how much that was.
fn fix_configuration(args: &Args, context: &CommandContext, files: &mut BTreeSet<String>) -> Result<usize> {
    let Err(error) = context.inputs(args.schemas.as_deref()) else { return Ok(0) };
    let (Some(OpenError::Config { diagnostics, .. }), Some(file)) = (error.downcast_ref(), context.config_file()) else { return Ok(0) };
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", display_path(&file)))?;
    let Some((text, fixed)) = fix::configuration(&text, diagnostics) else { return Ok(0) };
    output::replace(&file, text.as_bytes())?;
    files.insert(display_path(&file));
    Ok(fixed)
}

/// Writes the texts, and returns the files as they are told.
fn write(args: &Args, context: &CommandContext, project: &Project, fixes: &Fixes) -> Result<Vec<String>> {
    let config = &project.catalog.config;
    let root = args.schemas.clone().unwrap_or_else(|| project.base.join(&config.schemas));
    let mut told = Vec::new();
    for fixed in &fixes.texts {
        match fixed.file {
            Some(file) => {
                let document = project.catalog.schemas.file(file);
                output::replace_below(&root, &document.path, fixed.text.as_bytes())?;
                told.push(document.shown.to_string());
            }
            None => {
                if let Some(file) = context.config_file() {
                    output::replace(&file, fixed.text.as_bytes())?;
                    told.push(display_path(&file));
                }
            }
        }
    }
    Ok(told)
}
