//! `eventc check`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use eventc_codegen::{
    baseline::Baseline,
    date::Date,
    gate::{Gate, GateOutcome},
    output::{Memo, MemoOf},
    project::Project,
    report::{self, Change, Report, ReportFormat, counted},
    steps::VersionSteps,
};
use eventc_model::{
    diagnostic::{self, Diagnostic, Level, READING},
    text::display_path,
};

use super::generate::{self, ComparedTargets};
use crate::{
    baseline::{BaselineArgs, is_of_lint},
    cache::{Cache, LARGE},
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

    /// Returns what decides about the report of a tree; `None` where something is read or written that no key holds.
    fn request(&self, today: Date, home: &Path, context: &CommandContext) -> Result<Option<String>> {
        // Paths from the root of the repository depend on where that is.
        let has_root = matches!(self.format, ReportFormat::Github | ReportFormat::Gitlab | ReportFormat::Sarif);
        if self.schemas.is_some() || self.against.is_some() || has_root {
            return Ok(None);
        }
        let (known, telling) = (self.baseline.known(home)?, context.telling()?);
        Ok(known.map(|known| format!("{:?} {today} {known:?} {telling}", self.only)))
    }

    /// Returns whether a rule, by its name, is one that this run asks.
    fn asks(&self, rule: &str) -> bool {
        self.runs(if is_of_lint(rule) { CheckPart::Lint } else { CheckPart::Gate })
    }
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("reading schemas");
    let inputs = context.inputs(args.schemas.as_deref())?;
    let today = args.today.unwrap_or_else(date::today);
    let cache = Cache::open(&inputs, &context.customs, &generate::Args::default().reading());
    let asked = args.request(today, inputs.base(), context)?;
    let memo = cache.as_ref().zip(asked).and_then(|(cache, asked)| cache.memo(&inputs.out(), MemoOf::Check, &asked));
    if let Some(said) = memo.as_ref().and_then(Memo::recall) {
        drop(progress);
        context.console.print(&said)?;
        return Ok(Status::Clean);
    }
    let project = inputs.open();
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
    progress.step("checking contracts");
    let prior = cache.as_ref().map(|cache| cache.prior(&project, &project.out())).unwrap_or_default();
    let mut findings = if args.runs(CheckPart::Lint) { prior.lint(&project, Some(today)).into_vec() } else { project.problems() };
    let (mut outcome, mut compared) = (GateOutcome::default(), Vec::new());
    if args.runs(CheckPart::Gate) {
        progress.step("comparing with what was released");
        outcome = Gate::new(&project, earlier.as_ref(), Some(today)).run();
        findings.extend(VersionSteps::of(&project).findings);
    }
    if args.runs(CheckPart::Fresh) {
        progress.step("comparing generated files");
        let ComparedTargets { names, stale, .. } = generate::stale(&project, cache.as_ref(), &prior, &progress)?;
        compared = names;
        findings.extend(context.stale(stale));
    }
    drop(progress);
    findings.extend(outcome.findings);
    diagnostic::sort(&mut findings);
    let findings = args.baseline.apply(findings, &project.base, |rule| args.asks(rule), context)?;
    let mut sources = project.sources.clone();
    sources.extend(outcome.sources);
    let facts = facts(&project);
    let report = Report { diagnostics: &findings, sources: &sources, facts: &facts };
    let (said, status) = told(args, context, &report, &outcome.changes)?;
    context.console.print(&said)?;
    // What lies around the tree is in no key.
    let is_known = project.catalog.schemas.files.len() >= LARGE && !project.catalog.schemas.depends_on_surroundings();
    if let Some(memo) = memo.filter(|_| status == Status::Clean && is_known) {
        // A cache that cannot be written costs the next run its time, and nobody else anything.
        let _ = memo.keep(&compared, said);
    }
    Ok(status)
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
    let (said, status) = told(args, context, &Report { diagnostics: &findings, sources: &project.sources, facts: &facts }, &[])?;
    context.console.print(&said)?;
    if let Some(nothing) = found_nothing(project, Some(folder)) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    if warnings > 0 {
        context.console.note(&format!("{}; see `eventc lint --schemas {}`\n", counted(warnings, "warning"), display_path(folder)));
    }
    Ok(status)
}

/// Returns the report in the wanted format, and whether there is an error.
fn told(args: &Args, context: &CommandContext, report: &Report<'_>, changes: &[Change]) -> Result<(String, Status)> {
    let is_markdown = args.format == ReportFormat::Markdown;
    let said = if is_markdown { report::markdown(report, changes) } else { context.rendered(report)? };
    Ok((said, Status::of(report.count(Level::Error) > 0)))
}
