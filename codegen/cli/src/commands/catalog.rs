//! `eventc catalog`

mod serve;

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::Result;
use eventc_codegen::{
    model::GeneratedFile,
    project::{Findings, Project, Selection},
    report::counted,
};

use super::generate;
use crate::{context::CommandContext, status::Status};
use eventc_model::text::display_path;

/// Build the catalog's site, or serve it while schemas are written
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: CatalogCommand,
}

#[derive(Debug, clap::Subcommand)]
enum CatalogCommand {
    Build(BuildArgs),
    Serve(serve::Args),
}

/// Write the site, HTML pages that open from a folder without a server
///
/// `eventc generate` writes it too, below the catalog, where eventc.toml says `site = true` under `[targets.catalog]`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc catalog build --out site
  eventc catalog build --schemas DIR --out site    any folder of JSON Schemas, no configuration")]
struct BuildArgs {
    /// Write the site into this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    match &args.command {
        CatalogCommand::Build(args) => build(args, context),
        CatalogCommand::Serve(args) => serve::run(args, context),
    }
}

fn build(args: &BuildArgs, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let project = context.project(args.schemas.as_deref())?;
    let findings = project.lint(None);
    if findings.has_errors() {
        drop(progress);
        generate::refuse(&project, &findings, context);
        return Ok(Status::Findings);
    }
    progress.step("writing the site");
    let files = site(&project, &findings)?;
    let written = context.take(&args.out)?.write("", &files, &BTreeSet::new())?;
    drop(progress);
    let events = counted(project.catalog.events().count() as u64, "event");
    context.console.note(&format!(
        "{events} in {}: {} written, {} unchanged, {} removed\n",
        display_path(&args.out),
        written.written,
        written.unchanged,
        written.removed
    ));
    Ok(Status::Clean)
}

/// Returns the files of the site, whatever the configuration says of it.
fn site(project: &Project, findings: &Findings) -> Result<Vec<GeneratedFile>> {
    let selection = Selection { targets: vec!["catalog".into()], ..Selection::default() };
    Ok(project.prepare(&selection, findings)?.site())
}
