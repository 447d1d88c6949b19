//! `eventc codeowners`

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use eventc_codegen::{
    codeowners::{self, FILE},
    output,
};

use crate::{context::CommandContext, status::Status};
use eventc_model::text::display_path;

/// Print CODEOWNERS lines: owners for their contracts, approvers for what the gate trusts in
///
/// Handles stand under `[owners.NAME]` in eventc.toml, approvers under `[approvals]`. In .github/CODEOWNERS the lines stand between two
/// comments; everything else in the file stays as it is. Exit status 1 says that `--check` found other lines.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc codeowners
  eventc codeowners --write
  eventc codeowners --check      in CI: whoever accepts a break has to ask those who may")]
pub(crate) struct Args {
    /// Write the lines into .github/CODEOWNERS
    #[arg(long, conflicts_with = "check")]
    write: bool,

    /// Compare with .github/CODEOWNERS and write nothing; exit 1 where it differs
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let project = context.project(None)?;
    let (top, prefix) = top(&project.base)?;
    let lines = codeowners::lines(&project.catalog, &prefix);
    if !args.write && !args.check {
        context.console.print(&lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>())?;
        return Ok(Status::Clean);
    }
    let path = top.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", display_path(&path))),
    };
    let merged = codeowners::merged(&text, &lines);
    if merged == text {
        context.console.note(&format!("{} is right\n", display_path(&path)));
        return Ok(Status::Clean);
    }
    if args.check {
        context
            .console
            .error(&format!("{} does not say who owns the contracts now\nhelp: run `eventc codeowners --write`", display_path(&path)));
        return Ok(Status::Findings);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", display_path(folder)))?;
    }
    output::replace_below(&top, FILE, merged.as_bytes())?;
    context.console.note(&format!("{} written\n", display_path(&path)));
    Ok(Status::Clean)
}

/// Returns the top of the repository as from here, and the folder of eventc.toml below it: empty, or ending in `/`. Without a repository
/// the folder itself is the top.
fn top(base: &Path) -> Result<(PathBuf, String)> {
    let here = if base.as_os_str().is_empty() { Path::new(".") } else { base };
    let full = here.canonicalize().with_context(|| format!("cannot read {}", display_path(here)))?;
    let Some(top) = full.ancestors().find(|folder| folder.join(".git").exists()) else { return Ok((base.to_path_buf(), String::new())) };
    let below: Vec<_> = full.strip_prefix(top).into_iter().flat_map(Path::iter).map(|part| part.to_string_lossy()).collect();
    let up: PathBuf = below.iter().map(|_| "..").collect();
    Ok((base.join(up), below.iter().flat_map(|part| [&**part, "/"]).collect()))
}
