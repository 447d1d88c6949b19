//! `eventc check`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use eventc_codegen::{
    baseline::Baseline,
    date::Date,
    gate::{Gate, GateOutcome},
    project::Project,
    report::{self, Change, Report, ReportFormat, counted},
    steps::VersionSteps,
};
use eventc_model::{
    diagnostic::{self, Diagnostic, Level, READING},
    text::display_path,
};

use super::generate;
use crate::{
    baseline::{BaselineArgs, is_of_lint},
    console::Spinner,
    context::{CommandContext, facts, found_nothing},
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
  eventc check --write-baseline            accept what is found today in eventc-baseline.json: only what is new fails from
                                           then on
  eventc check --schemas DIR               any folder of JSON Schemas, no configuration: do its versions keep their promises?
  eventc check --today 2027-01-01          what will be wrong on that day, such as a sunset that is near")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions, and compare the versions in it
    #[arg(long, value_name = "DIR", conflicts_with = "against")]
    schemas: Option<PathBuf>,

    /// Compare with this state too: git:REF, or dir:PATH for another checkout
    #[arg(long, value_name = "BASELINE")]
    against: Option<Baseline>,

    #[command(flatten)]
    baseline: BaselineArgs,

    /// Run this part only; may be repeated
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<CheckPart>,

    /// How to report: human, json, sarif, github, junit, gitlab, or markdown for a pull request
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: ReportFormat,

    /// The day that decides about sunsets and expiring exceptions; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

/// A part of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckPart {
    /// What the rules find in schemas and configuration.
    Lint,
    /// Compatibility with what was released, versions, and what is gone.
    Gate,
    /// Whether the generated files are what would be generated.
    Fresh,
}

impl Args {
    fn runs(&self, part: CheckPart) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Returns whether a rule, by its name, is one that this run asks.
    fn asks(&self, rule: &str) -> bool {
        self.runs(if is_of_lint(rule) { CheckPart::Lint } else { CheckPart::Gate })
    }
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let project = context.inputs(args.schemas.as_deref())?.open();
    if let Some(folder) = &args.schemas {
        return check_folder(folder, args, &project, progress, context);
    }
    let earlier = match &args.against {
        Some(baseline) => {
            progress.step("reading the baseline");
            Some(baseline.load(&project.base, &project.catalog.config)?)
        }
        None => None,
    };
    let today = args.today.unwrap_or_else(date::today);
    progress.step("checking contracts");
    let mut findings = if args.runs(CheckPart::Lint) { project.lint(Some(today)).into_vec() } else { project.problems() };
    let mut outcome = GateOutcome::default();
    if args.runs(CheckPart::Gate) {
        progress.step("comparing with what was released");
        outcome = Gate::new(&project, earlier.as_ref(), Some(today)).run();
        findings.extend(VersionSteps::of(&project).findings);
    }
    if args.runs(CheckPart::Fresh) {
        progress.step("comparing generated files");
        findings.extend(context.stale(generate::stale(&project, &progress)?));
    }
    drop(progress);
    findings.extend(outcome.findings);
    diagnostic::sort(&mut findings);
    let findings = args.baseline.apply(findings, &project.base, |rule| args.asks(rule), context)?;
    let mut sources = project.sources.clone();
    sources.extend(outcome.sources);
    let facts = facts(&project);
    tell(args, context, &Report { diagnostics: &findings, sources: &sources, facts: &facts }, &outcome.changes)
}

/// Says of a folder without configuration which versions break what their numbers promise, and what could not be read. Nobody wrote its
/// schemas for the rules: their warnings are counted.
fn check_folder(folder: &Path, args: &Args, project: &Project, progress: Spinner, context: &CommandContext) -> Result<Status> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut warnings = 0;
    if args.runs(CheckPart::Lint) {
        progress.step("checking contracts");
        for finding in project.lint(Some(args.today.unwrap_or_else(date::today))).into_vec() {
            let is_told = finding.level == Level::Error || READING.contains(&finding.rule) || args.only.contains(&CheckPart::Lint);
            warnings += u64::from(!is_told && finding.level == Level::Warning);
            findings.extend(is_told.then_some(finding));
        }
    } else {
        findings = project.problems();
    }
    progress.step("comparing versions");
    let steps = if args.runs(CheckPart::Gate) { VersionSteps::of(project) } else { VersionSteps::default() };
    drop(progress);
    if let Some(summary) = steps.summary().filter(|_| args.format == ReportFormat::Human) {
        context.console.print(&format!("{summary}\n\n"))?;
    }
    findings.extend(steps.findings);
    diagnostic::sort(&mut findings);
    let findings = args.baseline.apply(findings, folder, |rule| args.asks(rule), context)?;
    let counts = [("steps", steps.count as u64), ("broken_steps", steps.broken as u64)];
    let uncompared = Some(("uncompared_steps", steps.uncompared as u64)).filter(|(_, count)| *count > 0);
    let facts: Vec<_> = facts(project).into_iter().chain(counts.into_iter().filter(|_| steps.count > 0)).chain(uncompared).collect();
    let status = tell(args, context, &Report { diagnostics: &findings, sources: &project.sources, facts: &facts }, &[])?;
    if let Some(nothing) = found_nothing(project, Some(folder)) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    if warnings > 0 {
        context.console.note(&format!("{}; see `eventc lint --schemas {}`\n", counted(warnings, "warning"), display_path(folder)));
    }
    Ok(status)
}

/// Reports in the wanted format, and returns whether there is an error.
fn tell(args: &Args, context: &CommandContext, report: &Report<'_>, changes: &[Change]) -> Result<Status> {
    if args.format == ReportFormat::Markdown {
        context.console.print(&report::markdown(report, changes))?;
    } else {
        context.report(report)?;
    }
    Ok(Status::of(report.count(Level::Error) > 0))
}
