//! `eventc bus` on running brokers.

use std::fs;

use anyhow::{Context as _, Result};
use eventc_bus::{
    BrokerAccess, BusError, LiveBroker, RunOptions, import,
    plan::Allowed,
    report::{self, BrokerReport},
};
use eventc_codegen::{output, project::Project};
use eventc_model::diagnostic::{Diagnostic, Level};

use super::{ApplyArgs, BusCommand, ChangeArgs, ChangeFormat, ImportArgs, PlanArgs, TargetArgs, ask};
use crate::{commands::bus::ask::Answer, context::CommandContext, date, status::Status};

pub(super) fn run(command: &BusCommand, context: &CommandContext) -> Result<Status> {
    match command {
        BusCommand::Plan(args) | BusCommand::Drift(args) => plan(args, context),
        BusCommand::Apply(args) => apply(args, context),
        BusCommand::Import(args) => import(args, context),
    }
}

/// What a run has to do with.
struct Session<'a> {
    context: &'a CommandContext,
    environment: &'a str,
    options: RunOptions,
    /// Whether some broker could not be asked, or not to the end.
    failed: bool,
}

impl<'a> Session<'a> {
    fn new(target: &'a TargetArgs, changes: Option<&ChangeArgs>, context: &'a CommandContext) -> Result<Self> {
        let mut allowed = Allowed::default();
        for text in changes.iter().flat_map(|changes| &changes.allow) {
            allowed.add(text).map_err(anyhow::Error::msg)?;
        }
        let options = RunOptions {
            only: target.only(),
            allowed,
            prune: changes.is_some_and(|changes| changes.prune),
            today: changes.and_then(|changes| changes.today).unwrap_or_else(date::today),
            timeout: target.timeout(),
        };
        Ok(Self { context, environment: &target.env, options, failed: false })
    }

    /// Returns the brokers of the environment, and says which they are.
    fn brokers<'p>(&self, project: &'p Project) -> Result<Vec<BrokerAccess<'p>>> {
        let brokers = eventc_bus::brokers(&project.catalog, &project.history, &project.base, self.environment, self.options.only)?;
        let named = |broker: &BrokerAccess<'_>| Ok(format!("{} ({})", broker.name, broker.address()?));
        let named: Vec<String> = brokers.iter().map(named).collect::<Result<_, BusError>>()?;
        self.context.console.note(&format!("environment {}: {}\n", self.environment, named.join(", ")));
        Ok(brokers)
    }

    /// Returns a value, or tells why there is none. Usage and configuration end the command.
    fn take<T>(&mut self, result: Result<T, BusError>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_usage() => Err(error.into()),
            Err(error) => {
                self.context.console.error(&error.to_string());
                self.failed = true;
                Ok(None)
            }
        }
    }

    /// Returns the brokers that answer, with what differs on each.
    fn plans(&mut self, project: &Project) -> Result<Vec<(LiveBroker, eventc_bus::BrokerPlan)>> {
        let mut planned = Vec::new();
        for broker in self.brokers(project)? {
            let progress = self.context.console.progress("asking brokers");
            let connected = broker.connect(&self.options);
            let plan = connected.and_then(|broker| broker.plan().map(|plan| (broker, plan)));
            drop(progress);
            planned.extend(self.take(plan)?);
        }
        Ok(planned)
    }

    fn report(&self, broker: &LiveBroker, plan: &eventc_bus::BrokerPlan) -> BrokerReport {
        BrokerReport::new(self.environment, &broker.name, plan)
    }

    /// Shows reports in a format.
    fn show(&self, reports: &[BrokerReport], format: ChangeFormat) -> Result<()> {
        let console = &self.context.console;
        match format {
            ChangeFormat::Human => console.print_text(&reports.iter().map(BrokerReport::human).collect::<String>())?,
            ChangeFormat::Json => console.print(&format!("{}\n", serde_json::to_string_pretty(reports)?))?,
            ChangeFormat::Markdown => console.print(&reports.iter().map(BrokerReport::markdown).collect::<Vec<_>>().join("\n"))?,
        }
        Ok(())
    }

    /// Applies a plan that was shown: what differs is read again before, and a line is told of each change that is made.
    fn apply(&mut self, broker: &LiveBroker, shown: &BrokerReport) -> Result<Option<BrokerReport>> {
        let Some(plan) = self.take(broker.plan())? else { return Ok(None) };
        let report = self.report(broker, &plan);
        if report.changes != shown.changes {
            let more = report.changes.iter().filter(|change| !shown.changes.contains(change)).count();
            self.context.console.note(&format!("{}: it changed meanwhile; {more} changes are not those that were shown\n", broker.name));
        }
        let (console, environment) = (&self.context.console, self.environment);
        let progress = console.progress("applying changes");
        let outcome = broker.apply(&plan, &mut |change| {
            console.note(&format!("{}\n", report::audit_line(&date::now(), environment, &broker.name, change)));
        });
        drop(progress);
        Ok(Some(report.applied(&outcome)))
    }
}

/// Returns the project, where all of it can be read: what is missing from contracts would be missing from brokers, and rights would go.
fn sound_project(context: &CommandContext) -> Result<Option<Project>> {
    let project = context.project(None)?;
    let errors: Vec<Diagnostic> = project.problems().into_iter().filter(|finding| finding.level == Level::Error).collect();
    if errors.is_empty() {
        return Ok(Some(project));
    }
    context.explain_failure(&errors, &project.sources);
    context.console.error("no broker was asked, since not all contracts can be read");
    Ok(None)
}

fn plan(args: &PlanArgs, context: &CommandContext) -> Result<Status> {
    let Some(project) = sound_project(context)? else { return Ok(Status::Usage) };
    let mut session = Session::new(&args.target, Some(&args.changes), context)?;
    let plans = session.plans(&project)?;
    let reports: Vec<BrokerReport> = plans.iter().map(|(broker, plan)| session.report(broker, plan)).collect();
    session.show(&reports, args.changes.format)?;
    let differs = reports.iter().any(|report| !report.changes.is_empty());
    Ok(if session.failed { Status::Findings } else { Status::different(differs) })
}

fn apply(args: &ApplyArgs, context: &CommandContext) -> Result<Status> {
    let Some(project) = sound_project(context)? else { return Ok(Status::Usage) };
    let mut session = Session::new(&args.target, Some(&args.changes), context)?;
    let plans = session.plans(&project)?;
    let shown: Vec<BrokerReport> = plans.iter().map(|(broker, plan)| session.report(broker, plan)).collect();
    let doable: usize = shown.iter().map(BrokerReport::doable).sum();
    if args.dry_run || args.changes.format == ChangeFormat::Human || doable == 0 {
        session.show(&shown, args.changes.format)?;
    }
    let left = |reports: &[BrokerReport]| reports.iter().any(BrokerReport::has_cannot);
    if args.dry_run || doable == 0 {
        return Ok(Status::of(session.failed || left(&shown)));
    }
    let question = format!("make {doable} change{} in the environment {}?", if doable == 1 { "" } else { "s" }, args.target.env);
    match ask::ask(&context.console, args.yes, &question) {
        Answer::Yes => {}
        Answer::No => return Ok(Status::Clean),
        Answer::Nobody => return Ok(Status::Usage),
    }
    let mut reports = Vec::new();
    for ((broker, _), shown) in plans.iter().zip(&shown) {
        reports.extend(session.apply(broker, shown)?);
    }
    conclude(&session, &reports, args.changes.format)?;
    let failed =
        reports.iter().filter_map(|report| report.applied.as_ref()).any(|applied| !applied.failed.is_empty() || applied.untried > 0);
    Ok(Status::of(session.failed || failed || left(&reports)))
}

/// Says what became of it.
fn conclude(session: &Session<'_>, reports: &[BrokerReport], format: ChangeFormat) -> Result<()> {
    let console = &session.context.console;
    if format != ChangeFormat::Human {
        session.show(reports, format)?;
    }
    for report in reports {
        let Some(applied) = &report.applied else { continue };
        for failure in &applied.failed {
            console.error(&format!("{}: {failure}", report.broker));
        }
        let cannot = report.changes.iter().filter(|change| change.action == eventc_bus::plan::Action::Cannot).count();
        let counts = [
            (applied.made, "made"),
            (applied.failed.len(), "failed"),
            (applied.untried, "not tried"),
            (report.summary.held_back, "held back"),
            (cannot, "for a person to settle"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .enumerate()
            .filter(|(at, (count, _))| *at == 0 || *count > 0)
            .map(|(_, (count, what))| format!("{count} {what}"))
            .collect();
        let summary = format!("{}: {}\n", report.broker, counts.join(", "));
        if format == ChangeFormat::Human { console.print_text(&summary)? } else { console.note(&summary) }
    }
    Ok(())
}

fn import(args: &ImportArgs, context: &CommandContext) -> Result<Status> {
    let file = context.config_file().context("there is no eventc.toml to write into")?;
    let _lock = context.take_project(None)?;
    let Some(project) = sound_project(context)? else { return Ok(Status::Usage) };
    let mut session = Session::new(&args.target, None, context)?;
    let before = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut text = before.clone();
    for broker in session.brokers(&project)? {
        let name = broker.name.clone();
        let live = broker.connect(&session.options).and_then(|broker| broker.topics());
        let Some(Some(live)) = session.take(live)? else { continue };
        let (written, imported) = import::import(&text, &project.catalog, session.environment, &name, &live)?;
        text = written;
        let topics = imported.topics;
        context.console.note(&format!("{name}: {topics} topic{} differ from what is stated\n", if topics == 1 { "" } else { "s" }));
        if !imported.dead_letters.is_empty() {
            let names = imported.dead_letters.join(", ");
            context.console.note(&format!("{name}: left out, since they follow from `dead_letter` of their events: {names}\n"));
        }
    }
    let status = Status::of(session.failed);
    if args.dry_run {
        context.console.print(&text)?;
        return Ok(status);
    }
    if text == before {
        return Ok(status);
    }
    match ask::ask(&context.console, args.yes, &format!("write {}?", file.display())) {
        Answer::Yes => {
            output::replace(&file, text.as_bytes())?;
            Ok(status)
        }
        Answer::No => Ok(status),
        Answer::Nobody => Ok(Status::Usage),
    }
}
