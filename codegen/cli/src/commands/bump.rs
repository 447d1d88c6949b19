//! `eventc bump`

use std::path::Path;

use anyhow::Result;
use eventc_codegen::{
    baseline,
    bump::{Bumper, Edit, Plan},
    compat::Bump,
    date::Date,
    output,
    project::Project,
    report::{Report, ReportFormat},
};
use similar::TextDiff;

use super::show;
use crate::{context::CommandContext, date, status::Status};

/// Write the version that a contract's change needs, or move a change that breaks into the next major
///
/// The change is compared with every release of the contract's major. A change that keeps the promise gets a new minor or patch in
/// `x-event`; nothing else in the file changes. A change that breaks it goes into a file of the next major, and the old file is put
/// back to what was released, deprecated in favour of the new one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc bump order.created
  eventc bump order/created.v1.json --dry-run      show the edits, make none")]
pub(crate) struct Args {
    /// A topic, or a path below the schema root
    key: String,

    /// Show the edits and make none
    #[arg(long)]
    dry_run: bool,

    /// The day from which an old major is deprecated; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let _lock = if args.dry_run { None } else { Some(context.take_project()?) };
    let progress = context.console.progress("comparing with what was released");
    let project = context.project(None)?;
    let contract = show::find(&project, &args.key)?;
    let below = &project.catalog.schemas.file(contract.file).path;
    let committed = format!("{}/{below}", project.catalog.config.schemas.trim_end_matches('/'));
    let before = baseline::committed(&project.base, &committed);
    let today = args.today.unwrap_or_else(date::today);
    let plan = Bumper { project: &project, contract, today, before }.plan()?;
    drop(progress);
    let root = project.base.join(&project.catalog.config.schemas);
    if args.dry_run {
        for edit in &plan.edits {
            context.console.print(&difference(&root, edit))?;
        }
    } else {
        write(&root, &plan.edits)?;
    }
    tell(&project, &plan, context);
    Ok(Status::Clean)
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

fn tell(project: &Project, plan: &Plan, context: &CommandContext) {
    if !plan.findings.is_empty() {
        let report = Report { diagnostics: &plan.findings, sources: &project.sources, facts: &[] };
        context.console.show(&report.render(ReportFormat::Human, context.console.note_style()));
    }
    let needed = match plan.needed {
        Bump::None => "nothing changed",
        Bump::Patch => "only annotations changed",
        Bump::Minor => "the meaning changed, and the promise holds",
        Bump::Major => "the change breaks what was released",
    };
    let Plan { topic, from, to, .. } = plan;
    let mut text = if plan.edits.is_empty() {
        format!("{topic} is at {to}, which is right: {needed}\n")
    } else if plan.needed == Bump::Major {
        format!("{topic} is at {to}: {needed}, and the old major is deprecated\n")
    } else {
        format!("{topic}: {from} -> {to}, since {needed}\n")
    };
    for note in &plan.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    context.console.note(&text);
}
