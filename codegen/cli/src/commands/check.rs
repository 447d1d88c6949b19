//! `eventc check`

use anyhow::Result;
use clap::ValueEnum;
use eventc_codegen::{
    baseline::Baseline,
    date::Date,
    gate::{Gate, Outcome},
    report::{self, Format, Report},
};
use eventc_model::diagnostic::{self, Level};

use super::generate;
use crate::{
    context::{Context, facts},
    date,
    status::Status,
};

/// Run every gate: rules, compatibility with what was released, and whether the generated files are fresh
///
/// Exit status 1 says that there are findings at error level.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc check
  eventc check --against git:origin/main   besides, compare with the commit where this branch left main
  eventc check --only gate                 compatibility and versions alone
  eventc check --format sarif > eventc.sarif
  eventc check --today 2027-01-01          what will be wrong on that day, such as a sunset that is near")]
pub(crate) struct Args {
    /// Compare with this state too: git:REF, or dir:PATH for another checkout
    #[arg(long, value_name = "BASELINE")]
    against: Option<Baseline>,

    /// Run this part only; may be repeated
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,

    /// How to report: human, json, sarif, github, junit, gitlab, or markdown for a pull request
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,

    /// The day that decides about sunsets and expiring exceptions; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

/// A part of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// What the rules find in schemas and configuration.
    Lint,
    /// Compatibility with what was released, versions, and what is gone.
    Gate,
    /// Whether the generated files are what would be generated.
    Fresh,
}

impl Args {
    fn runs(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let project = context.project(None)?;
    let earlier = match &args.against {
        Some(baseline) => {
            progress.step("reading the baseline");
            Some(baseline.load(&project.base, &project.catalog.config)?)
        }
        None => None,
    };
    let today = args.today.unwrap_or_else(date::today);
    progress.step("checking contracts");
    let mut findings = if args.runs(Part::Lint) { project.lint(Some(today)).into_vec() } else { project.problems() };
    let mut outcome = Outcome::default();
    if args.runs(Part::Gate) {
        progress.step("comparing with what was released");
        outcome = Gate::new(&project, earlier.as_ref(), Some(today)).run();
    }
    if args.runs(Part::Fresh) {
        progress.step("comparing generated files");
        findings.extend(project.catalog.config.leveled(generate::stale(&project, &progress)?));
    }
    drop(progress);
    findings.extend(outcome.findings);
    diagnostic::sort(&mut findings);
    let mut sources = project.sources.clone();
    sources.extend(outcome.sources);
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &sources, facts: &facts };
    if args.format == Format::Markdown {
        context.console.print(&report::markdown(&report, &outcome.changes))?;
    } else {
        context.report(&report)?;
    }
    Ok(Status::of(report.count(Level::Error) > 0))
}
