//! `eventc bump`

use std::path::Path;

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    baseline,
    bump::{BumpError, Bumper, Edit, Plan},
    compat::Bump,
    date::Date,
    output,
    project::{Findings, Project, Sound},
    report::counted,
};
use eventc_model::{catalog::Contract, topic::glob};
use similar::TextDiff;

use super::{generate, show};
use crate::{
    completion,
    context::{CommandContext, sweep},
    date,
    status::Status,
};

/// Write the version that a contract's change needs, or move a change that breaks into the next major
///
/// The change is compared with every release of the contract's major. A change that keeps the promise gets a new minor or patch in
/// `x-event`; nothing else in the file changes. A change that breaks it goes into a file of the next major, and the old file is put
/// back to what was released, deprecated in favour of the new one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc bump order.created
  eventc bump order/created.v1.json --dry-run      show the edits, make none
  eventc bump 'order.*'                            every event of which the topic fits
  eventc bump --all --generate                     all that a shared definition changed, and what is generated of them")]
pub(crate) struct Args {
    /// A topic, a glob over topics (`*` for any run of characters), or a path below the schema root
    #[arg(required_unless_present = "all", add = ArgValueCompleter::new(completion::topics))]
    key: Option<String>,

    /// Every contract that was released and changed since
    #[arg(long, conflicts_with = "key")]
    all: bool,

    /// Show the edits and make none
    #[arg(long)]
    dry_run: bool,

    /// Generate afterwards
    #[arg(long, conflicts_with = "dry_run")]
    generate: bool,

    /// The day from which an old major is deprecated; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let lock = if args.dry_run { None } else { Some(context.take_project(None)?) };
    let progress = context.console.progress("comparing with what was released");
    let project = context.project(None)?;
    let bumped = Bumped::of(args, &project)?;
    let problems = Findings::from(project.problems());
    let broken = Sound::of(&project, &problems).left_out;
    if bumped.contracts.iter().any(|contract| broken.iter().any(|index| project.catalog.contracts[*index].file == contract.file)) {
        drop(progress);
        context.explain_failure(&problems.errors().cloned().collect::<Vec<_>>(), &project.sources);
        context.console.error("nothing was bumped");
        return Ok(Status::Findings);
    }
    let plans = bumped.plan(&project, args.today.unwrap_or_else(date::today))?;
    drop(progress);
    let root = project.base.join(&project.catalog.config.schemas);
    if lock.is_some() {
        sweep(&project)?;
    }
    for plan in &plans {
        if !args.dry_run {
            write(&root, &plan.edits)?;
        }
        for edit in plan.edits.iter().filter(|_| args.dry_run) {
            context.console.print(&difference(&root, edit))?;
        }
        tell(plan, args.dry_run, context);
    }
    if bumped.many {
        let edited = plans.iter().filter(|plan| !plan.edits.is_empty()).count() as u64;
        let done = if args.dry_run { "would be bumped" } else { "bumped" };
        context.console.note(&format!("{} {done}\n", counted(edited, "contract")));
    }
    drop(lock);
    if args.generate { generate::run(&generate::Args::default(), context) } else { Ok(Status::Clean) }
}

/// What is asked to be bumped.
struct Bumped<'a> {
    contracts: Vec<&'a Contract>,
    /// Whether many were asked for: then those that need nothing are passed over.
    many: bool,
}

impl<'a> Bumped<'a> {
    fn of(args: &Args, project: &'a Project) -> Result<Self> {
        let fits = |pattern: &str| project.catalog.contracts.iter().filter(|contract| glob(pattern, &contract.topic)).collect::<Vec<_>>();
        match args.key.as_deref() {
            None => Ok(Self { contracts: fits("*"), many: true }),
            Some(pattern) if pattern.contains('*') => {
                let contracts = fits(pattern);
                if contracts.is_empty() {
                    return Err(anyhow!("no topic fits {pattern:?}; `eventc list` shows all of them"));
                }
                Ok(Self { contracts, many: true })
            }
            Some(key) => Ok(Self { contracts: vec![show::find(project, key)?], many: false }),
        }
    }

    /// Plans every bump before anything is written, and tells all that cannot be planned.
    fn plan(&self, project: &Project, today: Date) -> Result<Vec<Plan>> {
        let schemas = project.catalog.config.schemas.trim_end_matches('/');
        let earlier =
            |path: &str| -> Box<dyn Iterator<Item = String>> { Box::new(baseline::committed(&project.base, &format!("{schemas}/{path}"))) };
        let (mut plans, mut failures) = (Vec::new(), Vec::new());
        for contract in &self.contracts {
            match (Bumper { project, contract, today, earlier: &earlier }).plan() {
                Ok(plan) if self.many && plan.edits.is_empty() => {}
                Ok(plan) => plans.push(plan),
                Err(BumpError::NeverReleased { .. }) if self.many => {}
                Err(error) => failures.push(error.to_string()),
            }
        }
        if failures.is_empty() { Ok(plans) } else { Err(anyhow!("{}", failures.join("\n"))) }
    }
}

/// Writes the edits, new files first: where one of them is in the way, nothing is changed.
fn write(root: &Path, edits: &[Edit]) -> Result<()> {
    for edit in edits {
        match edit.old {
            None => output::create_below(root, &edit.path, &edit.new)?,
            Some(_) => output::replace_below(root, &edit.path, edit.new.as_bytes())?,
        }
    }
    Ok(())
}

fn difference(root: &Path, edit: &Edit) -> String {
    let path = root.join(&edit.path).display().to_string();
    let before = if edit.old.is_some() { path.as_str() } else { "/dev/null" };
    let old = edit.old.as_deref().unwrap_or("");
    TextDiff::from_lines(old, &edit.new).unified_diff().header(before, &path).to_string()
}

/// Says what was done, or would be, and why: never in the shape of an error.
fn tell(plan: &Plan, dry_run: bool, context: &CommandContext) {
    let needed = match plan.needed {
        Bump::None => "nothing changed",
        Bump::Patch => "only annotations changed",
        Bump::Minor => "the meaning changed, and the promise holds",
        Bump::Major => "the change breaks what was released",
    };
    let Plan { topic, from, to, .. } = plan;
    let mut text = match (plan.edits.is_empty(), plan.needed, dry_run) {
        (true, ..) => format!("{topic} is at {to}, which is right: {needed}\n"),
        (_, Bump::Major, false) => format!("{topic} is at {to}: {needed}, and the old major is deprecated\n"),
        (_, Bump::Major, true) => format!("{topic} would be at {to}: {needed}, and the old major would be deprecated\n"),
        (.., false) => format!("{topic}: {from} -> {to}, since {needed}\n"),
        (.., true) => format!("{topic} would go from {from} to {to}, since {needed}\n"),
    };
    for found in &plan.findings {
        text.push_str(&format!("  {}: {}\n", found.place, found.message));
    }
    for note in &plan.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    context.console.note(&text);
}
