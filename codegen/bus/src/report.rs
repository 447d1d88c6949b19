//! What differs on a broker, in words: for people, programs and pull requests.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    broker::BrokerPlan,
    outcome::Outcome,
    plan::{Action, BrokerChange, ChangePlan, ResourceKind},
};

/// What differs on a broker, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokerReport {
    /// The name of the environment.
    pub environment: String,
    /// The name of the broker in it.
    pub broker: String,
    /// What differs, in the order in which it is done.
    pub changes: Vec<BrokerChange>,
    /// Numbers.
    pub summary: Summary,
    /// What a person should know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What became of it, where it was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
}

/// The numbers of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many changes there are of each action.
    pub changes: BTreeMap<Action, usize>,
    /// How many of them wait for an option.
    pub held_back: usize,
    /// How many things no contract names, by kind: they are never touched, and are no difference.
    pub unmanaged: BTreeMap<ResourceKind, usize>,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// How many changes were made.
    pub made: usize,
    /// How many were not tried, since the broker was gone.
    pub untried: usize,
    /// What failed.
    pub failed: Vec<String>,
}

impl BrokerReport {
    /// Reports a plan.
    pub fn new(environment: &str, broker: &str, plan: &BrokerPlan) -> Self {
        match plan {
            BrokerPlan::Kafka(plan) => Self::of(environment, broker, plan),
            BrokerPlan::Rabbitmq(plan) => Self::of(environment, broker, plan),
        }
    }

    fn of<Step>(environment: &str, broker: &str, plan: &ChangePlan<Step>) -> Self {
        let changes: Vec<BrokerChange> = plan.changes().cloned().collect();
        let mut summary = Summary { unmanaged: plan.unmanaged.clone(), ..Summary::default() };
        for change in &changes {
            *summary.changes.entry(change.action).or_default() += 1;
        }
        summary.held_back = changes.iter().filter(|change| is_held_back(change)).count();
        Self { environment: environment.to_owned(), broker: broker.to_owned(), changes, summary, notes: plan.notes.clone(), applied: None }
    }

    /// Adds what became of it.
    #[must_use]
    pub fn applied(mut self, outcome: &Outcome) -> Self {
        self.applied = Some(Applied { made: outcome.made, untried: outcome.untried, failed: outcome.failures() });
        self
    }

    /// Returns the number of changes that apply makes.
    pub fn doable(&self) -> usize {
        self.changes.iter().filter(|change| change.needs.is_none() && change.action != Action::Cannot).count()
    }

    /// Returns whether something is left that only a person can settle.
    pub fn has_cannot(&self) -> bool {
        self.summary.changes.contains_key(&Action::Cannot)
    }

    /// Returns it for a person.
    pub fn human(&self) -> String {
        let mut text = format!("{}: {}\n", self.broker, self.headline());
        for change in &self.changes {
            text += &format!("  {:<8} {} {}{}\n", change.action.as_str(), change.kind.as_str(), change.name, difference(change));
            let reason = change.reason.iter().map(|reason| format!("           {reason}\n"));
            let warnings = change.warnings.iter().map(|warning| format!("           warning: {warning}\n"));
            let needs = change.needs.iter().map(|needs| format!("           held back: {needs}\n"));
            text.extend(reason.chain(warnings).chain(needs));
        }
        for note in self.notes() {
            text += &format!("  note: {note}\n");
        }
        text
    }

    /// Returns it as a section of Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("### {} of {}: {}\n", cell(&self.broker), cell(&self.environment), self.headline());
        if !self.changes.is_empty() {
            text += "\n| action | what | from | to | why |\n|---|---|---|---|---|\n";
        }
        for change in &self.changes {
            let setting = change.setting.as_ref().map(|setting| format!(", {}", code(setting))).unwrap_or_default();
            let value = |value: &Option<String>| value.as_deref().map(code).unwrap_or_default();
            let warnings = change.warnings.iter().map(|warning| format!("**{}**", cell(warning)));
            let needs = change.needs.iter().map(|needs| format!("held back: {}", code(needs)));
            let why: Vec<String> = change.reason.iter().map(|reason| cell(reason)).chain(warnings).chain(needs).collect();
            text += &format!(
                "| {} | {} {}{setting} | {} | {} | {} |\n",
                change.action.as_str(),
                change.kind.as_str(),
                code(&change.name),
                value(&change.old),
                value(&change.new),
                why.join("; ")
            );
        }
        let applied = self.applied.iter().flat_map(|applied| {
            std::iter::once(format!("{} made, {} not tried", applied.made, applied.untried)).chain(applied.failed.iter().cloned())
        });
        let notes: Vec<String> = self.notes().into_iter().chain(applied).map(|note| format!("- {}\n", cell(&note))).collect();
        if !notes.is_empty() {
            text += &format!("\n{}", notes.concat());
        }
        text
    }

    /// Says how much differs.
    fn headline(&self) -> String {
        if self.changes.is_empty() {
            return "nothing differs".to_owned();
        }
        let counts: Vec<String> = self.summary.changes.iter().map(|(action, count)| format!("{count} {}", action.as_str())).collect();
        let held = if self.summary.held_back > 0 { format!(", of which {} held back", self.summary.held_back) } else { String::new() };
        format!("{}{held}", counts.join(", "))
    }

    fn notes(&self) -> Vec<String> {
        let counted: Vec<String> = self.summary.unmanaged.iter().map(|(kind, count)| kind.counted(*count)).collect();
        let unmanaged = (!counted.is_empty()).then(|| format!("{} that no contract names: left alone", counted.join(", ")));
        self.notes.iter().cloned().chain(unmanaged).collect()
    }
}

fn is_held_back(change: &BrokerChange) -> bool {
    change.needs.is_some() && change.action != Action::Cannot
}

/// Says what differs: `retention.ms: 1 -> 2`, or what is made or goes.
pub(crate) fn difference(change: &BrokerChange) -> String {
    let between = match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!(" {old} -> {new}"),
        (Some(old), None) => format!(" {old}"),
        (None, Some(new)) => format!(" {new}"),
        (None, None) => String::new(),
    };
    match &change.setting {
        Some(setting) => format!("  {setting}:{between}"),
        None if between.is_empty() => between,
        None => format!(" {between}"),
    }
}

/// Returns a text for a cell of a table.
fn cell(text: &str) -> String {
    let mut safe = String::new();
    for letter in eventc_model::text::visible(text).replace('\n', " ").chars() {
        if "\\`*_{}[]<>()#+!|&~$".contains(letter) {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

/// Returns a text as code in a cell of a table.
fn code(text: &str) -> String {
    let text = eventc_model::text::visible(text).replace('\n', " ").replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Returns the line that is kept of a change that was made.
pub fn audit_line(time: &str, environment: &str, broker: &str, change: &BrokerChange) -> String {
    format!("{time} {environment}/{broker} {} {} {}{}", change.action.as_str(), change.kind.as_str(), change.name, difference(change))
}
