//! `eventc generate`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    output::{self, MadePart, Memo, MemoOf, OutputFolder, StaleTarget, Written},
    project::{Findings, PlannedFiles, Project, Run, Selection, Sound, settle_notes},
    report::{counted, short},
};
use eventc_model::{
    diagnostic::{Diagnostic, Level, READING},
    text::{display_path, visible},
};

use crate::{
    baseline::KnownFindings,
    cache::{self, Cache, LARGE, PriorKnowledge},
    completion,
    console::Spinner,
    context::{CommandContext, found_nothing},
    status::Status,
};

/// Compile the contracts into every target that eventc.toml names
///
/// Files that are right already are not touched, files that are no longer made are removed, and files that eventc did not make are
/// never overwritten, nor are files that changed since it made them, unless it would make the same again. Nothing is written through a
/// link. One run at a time writes; another waits for it. With findings at error level nothing is written; in a folder without configuration, and with `--keep-going`, the
/// contracts that they do not touch are, and what was made of the others before stays.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  eventc generate
  eventc generate --check                              exit 1 where a committed file is not what would be generated
  eventc generate --target rust --topic 'omninode.*'   one language, some events and what they refer to
  eventc generate --schemas DIR --out DIR              any folder of JSON Schemas, no configuration
  eventc generate --schemas DIR --out DIR --map https://example.com/schemas=../shared
                                                       where the files of URLs are that references name")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// Compare with what is on disk and write nothing; exit 1 where a file differs
    #[arg(long)]
    check: bool,

    /// Make this target only; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completion::target_names))]
    target: Vec<String>,

    /// Make the contracts whose topic fits (`*` for any run of characters), and what they refer to; may be repeated
    #[arg(long, value_name = "GLOB", add = ArgValueCompleter::new(completion::topics))]
    topic: Vec<String>,

    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR", requires = "out")]
    schemas: Option<PathBuf>,

    /// Write below this folder instead of the configured one
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Make types for every version of an event that stands in the folder, and not for the newest of each major alone
    #[arg(long)]
    all_versions: bool,

    /// Make the contracts that no error touches, in a configured tree too
    #[arg(long, conflicts_with = "strict")]
    keep_going: bool,

    /// Make nothing where there is an error, in a folder without configuration too, and be as strict with what is written there
    #[arg(long)]
    strict: bool,
}

impl Args {
    /// Returns what decides how the tree is read.
    pub(super) fn reading(&self) -> String {
        format!("{} {}", self.all_versions, self.strict)
    }

    /// Returns what decides about a run besides.
    fn request(&self, known: Option<&KnownFindings>) -> String {
        let Self { target, topic, schemas, keep_going, .. } = self;
        format!("{target:?} {topic:?} {schemas:?} {:?} {keep_going}", known.map(KnownFindings::text))
    }
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let mut inputs = context.inputs(args.schemas.as_deref())?;
    if args.all_versions {
        inputs.make_all_versions();
    }
    if args.strict {
        inputs.be_strict();
    }
    let out = args.out.clone().unwrap_or_else(|| inputs.out());
    let known = KnownFindings::of(args.schemas.as_deref().unwrap_or(inputs.base()))?;
    let cache = Cache::open(&inputs, &context.customs, &args.reading());
    let memo = cache.as_ref().filter(|_| !args.check).and_then(|cache| cache.memo(&out, MemoOf::Generate, &args.request(known.as_ref())));
    if let Some(said) = memo.as_ref().and_then(Memo::recall) {
        drop(progress);
        context.console.note(&said);
        return Ok(Status::Clean);
    }
    let project = inputs.with_broken().open();
    progress.step("checking contracts");
    let prior = cache.as_ref().map(|cache| cache.prior(&project, &out)).unwrap_or_default();
    let Judged { findings, new, sound } = Judged::of(&project, known.as_ref(), &prior);
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        drop(progress);
        tell_errors(&project, &new, context);
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    let status = Status::of(new.has_errors());
    let goes_on = args.keep_going || (args.schemas.is_some() && !args.strict);
    if new.has_errors() && (!goes_on || sound.left_out.len() == project.catalog.contracts.len()) {
        drop(progress);
        refuse(&project, &new, context);
        if goes_on {
            context.console.note(&format!("{}\n", left_out(&project, &sound)));
        }
        return Ok(Status::Findings);
    }
    let selection = Selection { targets: args.target.clone(), topics: args.topic.clone() };
    let run = project.prepare_sound(&selection, &findings, &sound)?;
    let status = if args.check {
        let record = cache.as_ref().and_then(|cache| cache.parts(&out));
        let compared = compare(&prior.reuse(run, record.as_ref()), &out, &progress)?;
        drop(progress);
        tell_errors(&project, &new, context);
        let is_stale = !compared.stale.is_empty();
        tell_stale(&project, compared.files, &context.stale(compared.stale), context);
        Status::of(is_stale).or(status)
    } else {
        let folder = context.take(&out)?;
        let record = cache.as_ref().and_then(|cache| cache.parts(&out));
        let (targets, notes, parts) = write(&prior.reuse(run, record.as_ref()), &folder, &out, &progress)?;
        drop(progress);
        if let Some(record) = record {
            cache::keep(record, parts, files_of(&targets));
        }
        tell_errors(&project, &new, context);
        let summary = |targets: &[Made]| summary(&project, &new, &out, targets, &notes, &sound);
        context.console.note(&summary(&targets));
        if let Some(memo) = memo.filter(|_| status == Status::Clean && !project.catalog.schemas.depends_on_surroundings()) {
            keep(&memo, targets, summary);
        }
        status
    };
    // The process ends here: freeing every string of a large tree would be work for nothing.
    std::mem::forget((project, findings, new));
    Ok(status)
}

/// What was found in a tree, and what of it can be generated.
struct Judged {
    findings: Findings,
    /// Those that no baseline lists.
    new: Findings,
    sound: Sound,
}

impl Judged {
    fn of(project: &Project, known: Option<&KnownFindings>, prior: &PriorKnowledge) -> Self {
        let findings = prior.lint(project, None);
        let Some(known) = known else {
            let sound = Sound::of(project, &findings);
            return Self { new: findings.clone(), findings, sound };
        };
        let all = findings.clone().into_vec();
        let new = known.unlisted(all.clone());
        // What cannot be read cannot be generated, whoever accepted that.
        let unread = all.into_iter().filter(|finding| READING.contains(&finding.rule));
        let sound = Sound::of(project, &Findings::from(unread.chain(new.iter().cloned()).collect::<Vec<_>>()));
        Self { findings, new: Findings::from(new), sound }
    }
}

/// Returns `37 of 40 contracts generated, 3 left out: ...`
fn left_out(project: &Project, sound: &Sound) -> String {
    const NAMED: usize = 10;
    let catalog = &project.catalog;
    let (all, left) = (catalog.contracts.len(), sound.left_out.len());
    let mut names: Vec<&str> = sound.left_out.iter().map(|index| &*catalog.schemas.file(catalog.contracts[*index].file).path).collect();
    names.sort_unstable();
    let more = if left > NAMED { format!(" and {} more", left - NAMED) } else { String::new() };
    let names = names.iter().take(NAMED).map(|name| visible(name)).collect::<Vec<_>>().join(", ");
    format!("{} of {} generated, {left} left out: {names}{more}", all - left, counted(all as u64, "contract"))
}

/// Returns the number of files that targets have.
fn files_of(targets: &[Made]) -> usize {
    targets.iter().map(|(_, written)| written.written + written.unchanged).sum()
}

/// Remembers a run that made many files and left none behind, with what the next one says that has nothing to do.
fn keep(memo: &Memo, targets: Vec<Made>, summary: impl FnOnce(&[Made]) -> String) {
    let same = |(name, written): Made| {
        let unchanged = written.written + written.unchanged;
        (name, Written { written: 0, unchanged, removed: 0, kept: written.kept })
    };
    let targets: Vec<Made> = targets.into_iter().map(same).collect();
    if files_of(&targets) >= LARGE && targets.iter().all(|(_, written)| written.kept.is_empty()) {
        let names: Vec<&str> = targets.iter().map(|(name, _)| *name).collect();
        // A cache that cannot be written costs the next run its time, and nobody else anything.
        let _ = memo.keep(&names, summary(&targets));
    }
}

/// Shows the errors that forbid generation.
pub(super) fn refuse(project: &Project, findings: &Findings, context: &CommandContext) {
    tell_errors(project, findings, context);
    context.console.error("nothing was generated");
}

fn tell_errors(project: &Project, findings: &Findings, context: &CommandContext) {
    let errors: Vec<_> = findings.errors().cloned().collect();
    if !errors.is_empty() {
        context.explain_failure(&errors, &project.sources);
    }
}

/// Yields what a run makes of one target after the other, each beside what an earlier run made of what is left out.
fn planned<'r>(run: &'r Run<'_>, out: &'r Path) -> impl Iterator<Item = Result<(PlannedFiles, Vec<Diagnostic>)>> + 'r {
    run.targets().map(|(target, notes)| {
        let earlier = output::made(&out.join(target.name))?;
        Ok((run.plan(target, &|path| earlier.contains(path)), notes))
    })
}

/// Targets beside what is on disk.
#[derive(Default)]
pub(super) struct ComparedTargets {
    /// Their names.
    pub(super) names: Vec<&'static str>,
    /// The number of files that there should be.
    files: usize,
    /// What is wrong with them.
    pub(super) stale: Vec<StaleTarget>,
}

/// Compares one target after the other with what is on disk.
fn compare(run: &Run<'_>, out: &Path, progress: &Spinner) -> Result<ComparedTargets> {
    let ComparedTargets { mut names, mut files, mut stale } = ComparedTargets::default();
    for made in planned(run, out) {
        let PlannedFiles { target, stays } = made?.0;
        progress.step(format!("comparing {}", target.name));
        names.push(target.name);
        files += target.files.len() + target.standing.len();
        let findings = output::findings(&output::check(out, target.name, &target.files, &stays)?);
        stale.push(StaleTarget { target: target.name, findings });
    }
    stale.retain(|target| !target.findings.is_empty());
    Ok(ComparedTargets { names, files, stale })
}

/// Findings for every file that is not what would be generated. What is generated shows findings, and none that depends on the day; of a
/// tree with errors nothing is generated, so nothing can be stale.
pub(super) fn stale(project: &Project, cache: Option<&Cache>, prior: &PriorKnowledge, progress: &Spinner) -> Result<ComparedTargets> {
    let Judged { findings, new, sound } = Judged::of(project, KnownFindings::of(&project.base)?.as_ref(), prior);
    if new.has_errors() {
        return Ok(ComparedTargets::default());
    }
    let (out, run) = (project.out(), project.prepare_sound(&Selection::default(), &findings, &sound)?);
    let record = cache.and_then(|cache| cache.parts(&out));
    let mut compared = compare(&prior.reuse(run, record.as_ref()), &out, progress)?;
    for target in &mut compared.stale {
        target.findings = project.catalog.config.leveled(std::mem::take(&mut target.findings));
    }
    Ok(compared)
}

/// A target, and what became of its files.
type Made = (&'static str, Written);

/// What became of the targets of a run, what a reader should know of them, and what the next run may take over.
type WrittenRun = (Vec<Made>, Vec<Diagnostic>, Vec<(&'static str, Vec<MadePart>)>);

/// Writes one target after the other, so that the files of one are all that is held.
fn write(run: &Run<'_>, folder: &OutputFolder, out: &Path, progress: &Spinner) -> Result<WrittenRun> {
    let (mut targets, mut notes, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for made in planned(run, out) {
        let (PlannedFiles { target, stays }, found) = made?;
        progress.step(format!("writing {}", target.name));
        let mut written = folder.write(target.name, &target.files, &stays)?;
        written.unchanged += target.standing.len();
        targets.push((target.name, written));
        parts.push((target.name, target.parts));
        notes.extend(found);
    }
    settle_notes(&mut notes);
    Ok((targets, notes, parts))
}

fn tell_stale(project: &Project, files: usize, findings: &[Diagnostic], context: &CommandContext) {
    if findings.is_empty() {
        context.console.note(&format!("{} up to date\n", counted(files as u64, "file")));
    } else {
        context.explain_failure(findings, &project.sources);
    }
}

/// Returns a summary of what was done, and what a reader should know of it.
fn summary(project: &Project, findings: &Findings, out: &Path, targets: &[Made], notes: &[Diagnostic], sound: &Sound) -> String {
    let mut text = String::new();
    let unconfigured = project.catalog.config.unconfigured;
    // Nobody has been told yet how a folder without configuration was read.
    let reading = findings.iter().filter(|finding| unconfigured && finding.level < Level::Error && READING.contains(&finding.rule));
    for note in reading.chain(notes) {
        text.push_str(&short(note));
        text.push('\n');
    }
    for path in targets.iter().flat_map(|(_, written)| &written.kept) {
        text.push_str(&format!("{}: kept, since somebody edited it; it is no longer generated\n", display_path(path)));
    }
    let sum = |part: fn(&Written) -> usize| targets.iter().map(|(_, written)| part(written)).sum::<usize>() as u64;
    let names: Vec<_> = targets.iter().map(|(name, _)| *name).collect();
    text.push_str(&format!(
        "{} in {}: {} written, {} unchanged, {} removed ({})\n",
        counted((project.catalog.contracts.len() - sound.left_out.len()) as u64, "contract"),
        display_path(out),
        sum(|written| written.written),
        sum(|written| written.unchanged),
        sum(|written| written.removed),
        names.join(", ")
    ));
    let untold = |finding: &&Diagnostic| finding.level == Level::Warning && !(unconfigured && READING.contains(&finding.rule));
    let warnings = findings.iter().filter(untold).count() as u64;
    if warnings > 0 {
        text.push_str(&format!("{}; see `eventc lint`\n", counted(warnings, "warning")));
    }
    if !sound.left_out.is_empty() {
        text.push_str(&format!("{}\n", left_out(project, sound)));
    }
    text
}
