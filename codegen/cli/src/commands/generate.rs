//! `eventc generate`

use std::path::{Path, PathBuf};

use anyhow::Result;
use eventc_codegen::{
    output::{self, Memo, Written},
    project::{Findings, Inputs, Project, Run, Selection, settle_notes},
    report::{counted, short},
};
use eventc_model::diagnostic::{Diagnostic, Level};

use crate::{console::Progress, context::Context, status::Status};

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
    let inputs = context.inputs(args.schemas.as_deref())?;
    let out = args.out.clone().unwrap_or_else(|| inputs.out());
    let memo = if args.check { None } else { memo(args, &inputs, &out) };
    if let Some(said) = memo.as_ref().and_then(Memo::recall) {
        drop(progress);
        context.console.note(&said);
        return Ok(Status::Clean);
    }
    let project = inputs.open()?;
    progress.step("checking contracts");
    let findings = project.lint(None);
    if findings.has_errors() {
        drop(progress);
        refuse(&project, &findings, context);
        return Ok(Status::Findings);
    }
    let selection = Selection { targets: args.target.clone(), topics: args.topic.clone() };
    let run = project.prepare(&selection, &findings)?;
    let status = if args.check {
        let (files, stale) = compare(&run, &out, &progress)?;
        drop(progress);
        tell_stale(&project, files, &stale, context);
        Status::of(!stale.is_empty())
    } else {
        let (targets, notes) = write(&run, &out, &progress)?;
        drop(progress);
        let told = |targets: &[Made]| told(&project, &findings, &out, targets, &notes);
        context.console.note(&told(&targets));
        if let Some(memo) = memo {
            keep(&memo, targets, told);
        }
        Status::Clean
    };
    // The process ends here: freeing every string of a large tree would be work for nothing.
    std::mem::forget((project, findings));
    Ok(status)
}

/// From this many files on a run is remembered; one that makes fewer is done before anybody waits.
const LARGE: usize = 1000;

/// Where the run is remembered: its key is the program, what it is asked, and every input.
fn memo(args: &Args, inputs: &Inputs, out: &Path) -> Option<Memo> {
    let program = std::env::current_exe().and_then(|path| path.metadata()).ok()?;
    let program = format!("{} {} {:?}", env!("CARGO_PKG_VERSION"), program.len(), program.modified().ok()?);
    let asked = format!("{:?} {:?} {:?} {}", args.target, args.topic, args.schemas, out.display());
    Memo::new(&cache_folder()?, out, &[program.as_bytes(), asked.as_bytes(), &inputs.digest()?])
}

/// `EVENTC_CACHE_DIR`, else a folder of the user's caches. Set to nothing, it turns the memory off.
fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if std::env::var_os("EVENTC_CACHE_DIR").is_some() {
        return set("EVENTC_CACHE_DIR");
    }
    let home = || set("HOME").map(|home| home.join(".cache"));
    set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(home).map(|caches| caches.join("eventc"))
}

/// Remembers a run that made many files and left none behind, with what the next one says that has nothing to do.
fn keep(memo: &Memo, targets: Vec<Made>, told: impl FnOnce(&[Made]) -> String) {
    let same = |(name, written): Made| {
        let unchanged = written.written + written.unchanged;
        (name, Written { written: 0, unchanged, removed: 0, kept: written.kept })
    };
    let targets: Vec<Made> = targets.into_iter().map(same).collect();
    let large = targets.iter().map(|(_, written)| written.unchanged).sum::<usize>() >= LARGE;
    if large && targets.iter().all(|(_, written)| written.kept.is_empty()) {
        let names: Vec<&str> = targets.iter().map(|(name, _)| *name).collect();
        // A cache that cannot be written costs the next run its time, and nobody else anything.
        let _ = memo.keep(&names, told(&targets));
    }
}

/// Shows the errors that forbid generation.
pub(super) fn refuse(project: &Project, findings: &Findings, context: &Context) {
    let errors: Vec<_> = findings.errors().cloned().collect();
    context.explain_failure(&errors, &project.sources);
    context.console.error("nothing was generated");
}

/// Compares one target after the other with what is on disk: how many files there should be, and what is wrong with them.
fn compare(run: &Run<'_>, out: &Path, progress: &Progress) -> Result<(usize, Vec<Diagnostic>)> {
    let (mut files, mut findings) = (0, Vec::new());
    for (target, _) in run.targets() {
        progress.step(format!("comparing {}", target.name));
        files += target.files.len();
        findings.extend(output::findings(&output::check(&out.join(target.name), &target.files)?));
    }
    Ok((files, findings))
}

/// Findings for every file that is not what would be generated. What is generated shows findings, and none that depends on the day; of a
/// tree with errors nothing is generated, so nothing can be stale.
pub(super) fn stale(project: &Project, progress: &Progress) -> Result<Vec<Diagnostic>> {
    let findings = project.lint(None);
    if findings.has_errors() {
        return Ok(Vec::new());
    }
    Ok(compare(&project.prepare(&Selection::default(), &findings)?, &project.out(), progress)?.1)
}

/// A target, and what became of its files.
type Made = (&'static str, Written);

/// Writes one target after the other, so that the files of one are all that is held.
fn write(run: &Run<'_>, out: &Path, progress: &Progress) -> Result<(Vec<Made>, Vec<Diagnostic>)> {
    let (mut targets, mut notes) = (Vec::new(), Vec::new());
    for (target, found) in run.targets() {
        progress.step(format!("writing {}", target.name));
        targets.push((target.name, output::write(&out.join(target.name), &target.files)?));
        notes.extend(found);
    }
    settle_notes(&mut notes);
    Ok((targets, notes))
}

fn tell_stale(project: &Project, files: usize, findings: &[Diagnostic], context: &Context) {
    if findings.is_empty() {
        context.console.note(&format!("{} up to date\n", counted(files as u64, "file")));
    } else {
        context.explain_failure(findings, &project.sources);
    }
}

/// What was done, and what a reader should know of it.
fn told(project: &Project, findings: &Findings, out: &Path, targets: &[Made], notes: &[Diagnostic]) -> String {
    let mut text = String::new();
    for note in notes {
        text.push_str(&short(note));
        text.push('\n');
    }
    for path in targets.iter().flat_map(|(_, written)| &written.kept) {
        text.push_str(&format!("{}: kept, since somebody edited it; it is no longer generated\n", path.display()));
    }
    let sum = |part: fn(&Written) -> usize| targets.iter().map(|(_, written)| part(written)).sum::<usize>() as u64;
    let names: Vec<_> = targets.iter().map(|(name, _)| *name).collect();
    text.push_str(&format!(
        "{} in {}: {} written, {} unchanged, {} removed ({})\n",
        counted(project.catalog.contracts.len() as u64, "contract"),
        out.display(),
        sum(|written| written.written),
        sum(|written| written.unchanged),
        sum(|written| written.removed),
        names.join(", ")
    ));
    let warnings = findings.iter().filter(|finding| finding.level == Level::Warning).count() as u64;
    if warnings > 0 {
        text.push_str(&format!("{}; see `eventc lint`\n", counted(warnings, "warning")));
    }
    text
}
