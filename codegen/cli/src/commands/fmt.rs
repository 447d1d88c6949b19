//! `eventc fmt`

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    formatter::{Unformatted, formatted},
    output,
    project::Project,
    report::counted,
};
use eventc_model::{schema::FileId, topic::glob};
use rayon::prelude::*;

use crate::{
    completion,
    context::{CommandContext, found_nothing, sweep},
    status::Status,
};

/// Lay schemas out in one way: the order of keys, and the shape of lines
///
/// Keys of schemas, of `x-event`, of Avro types and fields take one order; names of properties, examples and other data keep the author's.
/// JSON and Avro have two spaces a level. In YAML comments go where their entries go, and what is written in flow style keeps its order.
/// Nothing that a file says changes: it is read again before it is written. What cannot be laid out is told and left as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc fmt
  eventc fmt --check                              in CI: exit 1 where a file is not laid out so
  eventc fmt order.created 'shop/_*'              some: a topic, a path, or a glob over either
  eventc fmt --schemas DIR                        any folder of JSON Schemas, no configuration")]
pub(crate) struct Args {
    /// Topics, paths below the schema root, or globs over either; otherwise all
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::topics))]
    keys: Vec<String>,

    /// Tell which files are not laid out so, and write nothing
    #[arg(long)]
    check: bool,

    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let lock = if args.check { None } else { Some(context.take_project(args.schemas.as_deref())?) };
    let progress = context.console.progress("laying out schemas");
    let project = context.project(args.schemas.as_deref())?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        drop(progress);
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    let results: Vec<_> = asked(&project, &args.keys)?.into_par_iter().map(|file| (file, outcome(&project, file))).collect();
    let root = args.schemas.clone().unwrap_or_else(|| project.base.join(&project.catalog.config.schemas));
    if lock.is_some() {
        match &args.schemas {
            Some(folder) => output::sweep(folder)?,
            None => sweep(&project)?,
        }
        write(&root, &project, &results)?;
    }
    drop((progress, lock));
    Ok(tell(&project, &results, args.check, context))
}

/// What is to be done with a file: nothing, a new text, or nothing since it cannot be.
type Outcome = Result<Option<String>, Unformatted>;

fn outcome(project: &Project, file: FileId) -> Outcome {
    let schemas = &project.catalog.schemas;
    let made = formatted(schemas, file)?;
    Ok((made != *schemas.file(file).text).then_some(made))
}

/// Returns the schema files of the tree that keys name.
fn asked(project: &Project, keys: &[String]) -> Result<Vec<FileId>> {
    let schemas = &project.catalog.schemas;
    let all: Vec<FileId> = schemas.file_ids().filter(|file| schemas.is_own(*file) && schemas.root(*file).is_some()).collect();
    let fits = |key: &str, file: &FileId| {
        let document = schemas.file(*file);
        let topic = project.catalog.contract_of(*file).map(|contract| contract.topic.as_str());
        let path = key.strip_prefix("./").unwrap_or(key);
        [document.path.as_str(), &document.shown].into_iter().chain(topic).any(|name| glob(path, name))
    };
    let unknown: Vec<_> = keys.iter().filter(|key| !all.iter().any(|file| fits(key, file))).collect();
    if !unknown.is_empty() {
        return Err(anyhow!("no schema fits {unknown:?}; `eventc list` shows all topics"));
    }
    Ok(all.into_iter().filter(|file| keys.is_empty() || keys.iter().any(|key| fits(key, file))).collect())
}

fn write(root: &Path, project: &Project, results: &[(FileId, Outcome)]) -> Result<()> {
    for (file, outcome) in results {
        if let Ok(Some(text)) = outcome {
            output::replace_below(root, &project.catalog.schemas.file(*file).path, text.as_bytes())?;
        }
    }
    Ok(())
}

fn tell(project: &Project, results: &[(FileId, Outcome)], check: bool, context: &CommandContext) -> Status {
    let shown = |file: &FileId| project.catalog.schemas.file(*file).shown.clone();
    let (mut changed, mut failed) = (0, 0);
    for (file, outcome) in results {
        match outcome {
            Ok(None) => {}
            Ok(Some(_)) => {
                changed += 1;
                context.console.note(&format!("{} {}\n", shown(file), if check { "is not laid out" } else { "laid out" }));
            }
            Err(reason) => {
                failed += 1;
                context.console.error(&format!("{} stays as it is: {reason}", shown(file)));
            }
        }
    }
    let all = counted(results.len() as u64, "file");
    let summary = match (changed, check) {
        (0, _) if failed == 0 => format!("{all}, all laid out\n"),
        (_, true) => format!("{changed} of {all} would be laid out anew: run `eventc fmt`\n"),
        (_, false) => format!("{changed} of {all} laid out anew\n"),
    };
    context.console.note(&summary);
    Status::of(failed > 0 || (check && changed > 0))
}
