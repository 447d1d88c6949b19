//! `eventc generate`

use std::path::{Path, PathBuf};

use anyhow::Result;
use eventc_codegen::{
    output::{self, Written},
    project::{Generated, Project, Selection},
    report::{counted, short},
};
use eventc_model::diagnostic::{Diagnostic, Level};

use rayon::prelude::*;

use crate::{Status, context::Context};

/// Compile the contracts into every target that eventc.toml names
///
/// Files that are right already are not touched, files that are no longer made are removed, and files that eventc did not make are
/// never overwritten. With findings at error level nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc generate
  eventc generate --check                              exit 1 where a committed file is not what would be generated
  eventc generate --target rust --topic 'omninode.*'   one language, some events and what they refer to
  eventc generate --schemas DIR --out DIR              any folder of JSON Schemas, no configuration")]
pub(crate) struct Args {
    /// Compare with what is on disk and write nothing; exit 1 where a file differs
    #[arg(long)]
    check: bool,

    /// Make this target only; may be repeated
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,

    /// Make the contracts whose topic fits (`*` for any run of characters), and what they refer to; may be repeated
    #[arg(long, value_name = "GLOB")]
    topic: Vec<String>,

    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR", requires = "out")]
    schemas: Option<PathBuf>,

    /// Write below this folder instead of the configured one
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let mut project = context.project(args.schemas.as_deref())?;
    progress.step("checking contracts");
    project.lint(None);
    if project.has_errors() {
        drop(progress);
        refuse(&project, context);
        return Ok(Status::Findings);
    }
    progress.step("generating");
    let selection = Selection { targets: args.target.clone(), topics: args.topic.clone() };
    let generated = project.generate(&selection)?;
    let out = args.out.clone().unwrap_or_else(|| project.out());
    progress.step(if args.check { "comparing files" } else { "writing files" });
    let status = if args.check {
        let findings = stale(&out, &generated)?;
        drop(progress);
        tell_stale(&project, &generated, &findings, context);
        Status::of(!findings.is_empty())
    } else {
        let written = write(&out, &generated)?;
        drop(progress);
        tell(&project, &generated, &out, &written, context);
        Status::Clean
    };
    // The process ends here: freeing every string of a large tree would be work for nothing.
    std::mem::forget((project, generated));
    Ok(status)
}

/// Shows the errors that forbid generation.
fn refuse(project: &Project, context: &Context) {
    let errors: Vec<_> = project.findings.iter().filter(|finding| finding.level == Level::Error).cloned().collect();
    context.explain_failure(&errors, &project.sources);
    context.console.error("nothing was generated");
}

/// Findings for every file that is not what would be generated.
pub(super) fn stale(out: &Path, generated: &Generated) -> Result<Vec<Diagnostic>> {
    let mut findings = Vec::new();
    for target in &generated.targets {
        findings.extend(output::findings(&output::check(&out.join(target.name), &target.files)?));
    }
    Ok(findings)
}

fn tell_stale(project: &Project, generated: &Generated, findings: &[Diagnostic], context: &Context) {
    if findings.is_empty() {
        let files: usize = generated.targets.iter().map(|target| target.files.len()).sum();
        context.console.note(&format!("{} up to date\n", counted(files as u64, "file")));
    } else {
        context.explain_failure(findings, &project.sources);
    }
}

fn write(out: &Path, generated: &Generated) -> Result<Vec<Written>> {
    let write = |target: &eventc_codegen::project::TargetFiles| Ok(output::write(&out.join(target.name), &target.files)?);
    generated.targets.par_iter().map(write).collect()
}

/// Tells what was done, and what a reader should know of it.
fn tell(project: &Project, generated: &Generated, out: &Path, written: &[Written], context: &Context) {
    let mut text = String::new();
    for note in &generated.notes {
        text.push_str(&short(note));
        text.push('\n');
    }
    for path in written.iter().flat_map(|written| &written.kept) {
        text.push_str(&format!("{}: kept, since somebody edited it; it is no longer generated\n", path.display()));
    }
    let sum = |part: fn(&Written) -> usize| written.iter().map(part).sum::<usize>() as u64;
    let names: Vec<_> = generated.targets.iter().map(|target| target.name).collect();
    text.push_str(&format!(
        "{} in {}: {} written, {} unchanged, {} removed ({})\n",
        counted(project.catalog.contracts.len() as u64, "contract"),
        out.display(),
        sum(|written| written.written),
        sum(|written| written.unchanged),
        sum(|written| written.removed),
        names.join(", ")
    ));
    let warnings = project.findings.iter().filter(|finding| finding.level == Level::Warning).count() as u64;
    if warnings > 0 {
        text.push_str(&format!("{}; see `eventc lint`\n", counted(warnings, "warning")));
    }
    context.console.note(&text);
}
