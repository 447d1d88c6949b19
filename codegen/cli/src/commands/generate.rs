//! `eventc generate`

mod on_disk;
mod summary;
mod watch;

use std::path::PathBuf;

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    output::{Memo, MemoOf},
    project::{Findings, Inputs, Project, Selection, Sound},
    report::counted,
};
use eventc_model::diagnostic::{Diagnostic, READING};

pub(super) use self::on_disk::{ComparedTargets, stale};
use self::summary::Summary;
use crate::{
    baseline::KnownFindings,
    cache::{self, Cache, PriorKnowledge},
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
  eventc generate --watch                              again at every change, until Ctrl-C
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

    /// Stay, and generate again whenever a schema, a release or eventc.toml changes; findings are told as they come and go
    #[arg(long, conflicts_with = "check")]
    watch: bool,

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
    if args.watch {
        return watch::run(args, context);
    }
    let progress = context.console.progress("reading schemas");
    let request = Request::read(args, context)?;
    if let Some(said) = request.memo.as_ref().and_then(Memo::recall) {
        drop(progress);
        context.console.note(&said);
        return Ok(Status::Clean);
    }
    let ended = once(args, request, context, &progress)?;
    drop(progress);
    ended.tell(context);
    let status = ended.status;
    // The process ends here: freeing every string of a large tree would be work for nothing.
    std::mem::forget(ended);
    Ok(status)
}

/// What is asked of a run, read and not yet looked at.
struct Request {
    inputs: Inputs,
    out: PathBuf,
    known: Option<KnownFindings>,
    cache: Option<Cache>,
    memo: Option<Memo>,
}

impl Request {
    fn read(args: &Args, context: &CommandContext) -> Result<Self> {
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
        let asked = || args.request(known.as_ref());
        let memo = cache.as_ref().filter(|_| !args.check && !args.watch).and_then(|cache| cache.memo(&out, MemoOf::Generate, &asked()));
        Ok(Self { inputs, out, known, cache, memo })
    }
}

/// Does all of a run but telling.
fn once(args: &Args, request: Request, context: &CommandContext, progress: &Spinner) -> Result<EndedRun> {
    let Request { inputs, out, known, cache, memo } = request;
    let project = inputs.with_broken().open();
    progress.step("checking contracts");
    let prior = cache.as_ref().map(|cache| cache.prior(&project, &out)).unwrap_or_default();
    let Judged { findings, new, sound } = Judged::of(&project, known.as_ref(), &prior);
    let nothing = found_nothing(&project, args.schemas.as_deref());
    let goes_on = args.keep_going || (args.schemas.is_some() && !args.strict);
    let refused = new.has_errors() && (!goes_on || sound.left_out.len() == project.catalog.contracts.len());
    if nothing.is_some() || refused {
        let left_out = (nothing.is_none() && goes_on).then(|| summary::left_out(&project, &sound));
        let error = nothing.unwrap_or_else(|| NOTHING_GENERATED.to_owned());
        return Ok(EndedRun { project, new, status: Status::Findings, conclusion: Conclusion::Refused { error, left_out } });
    }
    let status = Status::of(new.has_errors());
    let selection = Selection { targets: args.target.clone(), topics: args.topic.clone() };
    let run = project.prepare_sound(&selection, &findings, &sound)?;
    let record = cache.as_ref().and_then(|cache| cache.parts(&out));
    let (status, conclusion) = if args.check {
        let ComparedTargets { files, stale, .. } = on_disk::compare(&prior.reuse(run, record.as_ref()), &out, progress)?;
        (Status::of(!stale.is_empty()).or(status), Conclusion::Compared { files, stale: context.stale(stale) })
    } else {
        let folder = context.take(&out)?;
        let (targets, notes, parts) = on_disk::write(&prior.reuse(run, record.as_ref()), &folder, &out, progress)?;
        if let Some(record) = record {
            cache::keep(record, parts, on_disk::files_of(&targets));
        }
        let summary = Summary { project: &project, findings: &new, out: &out, sound: &sound };
        let notes = summary.notes(notes);
        if let Some(memo) = memo.filter(|_| status == Status::Clean && !project.catalog.schemas.depends_on_surroundings()) {
            on_disk::keep(&memo, &targets, |same| format!("{}{}", summary::lines(&notes), summary.counts(same)));
        }
        let counts = summary.counts(&targets);
        (status, Conclusion::Written { notes, counts })
    };
    Ok(EndedRun { project, new, status, conclusion })
}

/// The end of a run, which nobody was told yet.
struct EndedRun {
    project: Project,
    /// What was found and no baseline lists.
    new: Findings,
    status: Status,
    conclusion: Conclusion,
}

/// What became of the outputs.
enum Conclusion {
    /// They were left as they are.
    Refused { error: String, left_out: Option<String> },
    /// They were compared with what is on disk.
    Compared { files: usize, stale: Vec<Diagnostic> },
    /// They were written.
    Written {
        /// What a reader of them should know.
        notes: Vec<Diagnostic>,
        counts: String,
    },
}

impl EndedRun {
    fn tell(&self, context: &CommandContext) {
        tell_errors(&self.project, &self.new, context);
        self.conclude(context);
    }

    /// Tells what became of the outputs.
    fn conclude(&self, context: &CommandContext) {
        let Self { project, conclusion, .. } = self;
        match conclusion {
            Conclusion::Refused { error, left_out } => {
                context.console.error(error);
                if let Some(left_out) = left_out {
                    context.console.note(&format!("{left_out}\n"));
                }
            }
            Conclusion::Compared { files, stale } if stale.is_empty() => {
                context.console.note(&format!("{} up to date\n", counted(*files as u64, "file")));
            }
            Conclusion::Compared { stale, .. } => context.explain_failure(stale, &project.sources),
            Conclusion::Written { notes, counts } => context.console.note(&format!("{}{counts}", summary::lines(notes))),
        }
    }
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

/// What a run says that stops at errors.
const NOTHING_GENERATED: &str = "nothing was generated";

/// Shows the errors that forbid generation.
pub(super) fn refuse(project: &Project, findings: &Findings, context: &CommandContext) {
    tell_errors(project, findings, context);
    context.console.error(NOTHING_GENERATED);
}

fn tell_errors(project: &Project, findings: &Findings, context: &CommandContext) {
    let errors: Vec<_> = findings.errors().cloned().collect();
    if !errors.is_empty() {
        context.explain_failure(&errors, &project.sources);
    }
}
