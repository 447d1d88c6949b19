//! Findings of the gate that a contract accepts by an `allow` in `x-event`, and who may do that.

use eventc_model::{
    catalog::Contract,
    config::Config,
    diagnostic::{Diagnostic, Level, Rule},
    metadata::Allow,
};

use super::Gate;
use crate::{
    lint::rules::unused_allow,
    rules::gate::{self as rules, ACCEPTED, UNAUTHORIZED_APPROVAL},
};

/// The `allow`s of one contract that name rules of the gate.
pub(super) struct ContractApprovals<'g> {
    gate: &'g Gate<'g>,
    contract: &'g Contract,
    entries: Vec<Acceptance<'g>>,
    accepted: Vec<Diagnostic>,
    /// Places of findings that nothing accepted: what an unused entry may have meant.
    left: Vec<(&'static Rule, String)>,
}

struct Acceptance<'g> {
    index: usize,
    allow: &'g Allow,
    rule: &'static Rule,
    state: AcceptanceState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AcceptanceState {
    Unused,
    Used,
    /// Its `by` may not accept.
    Refused,
    /// Its last day is over, which lint reports.
    Over,
}

/// Returns whether somebody may accept what the gate finds: everybody, where the configuration names nobody.
fn may_approve(config: &Config, by: &str) -> bool {
    let named = &config.approvals.breaks;
    let speaks_for =
        |name: &String| name == by || config.owners.get(name).is_some_and(|owner| owner.handles.iter().any(|handle| **handle == *by));
    named.is_empty() || named.iter().any(speaks_for)
}

impl<'g> ContractApprovals<'g> {
    pub(super) fn of(gate: &'g Gate<'_>, contract: &'g Contract) -> Self {
        let config = &gate.project.catalog.config;
        let entry = |(index, allow): (usize, &'g Allow)| {
            let rule = rules::find(&allow.rule)?;
            let over = allow.until.zip(gate.today).is_some_and(|(until, today)| until < today);
            let state = match (may_approve(config, &allow.by), over) {
                (false, _) => AcceptanceState::Refused,
                (true, true) => AcceptanceState::Over,
                (true, false) => AcceptanceState::Unused,
            };
            Some(Acceptance { index, allow, rule, state })
        };
        let entries = contract.metadata.allow.iter().enumerate().filter_map(entry).collect();
        Self { gate, contract, entries, accepted: Vec::new(), left: Vec::new() }
    }

    /// Returns the findings that nothing accepts. Each entry accepts one finding: that of its rule at exactly its place.
    pub(super) fn unaccepted(&mut self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut left = Vec::with_capacity(findings.len());
        for finding in findings {
            let fits = |entry: &Acceptance<'_>| {
                entry.state == AcceptanceState::Unused && entry.rule == finding.rule && entry.allow.at == finding.pointer
            };
            let entry = if finding.level > Level::Note { self.entries.iter_mut().find(|entry| fits(entry)) } else { None };
            if let Some(entry) = entry {
                entry.state = AcceptanceState::Used;
                let allow = entry.allow;
                self.accepted.push(note(&finding, allow));
            } else {
                self.left.push((finding.rule, finding.pointer.clone()));
                left.push(finding);
            }
        }
        left
    }

    /// Returns what was accepted, and what is wrong with the entries themselves.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let Self { gate, contract, entries, mut accepted, left } = self;
        let document = gate.project.catalog.schemas.file(contract.file);
        let finding = |rule, pointer: String, message: String, help: String| {
            Diagnostic::new(rule, document.place(&pointer), message).pointer(pointer).topic(contract.topic.clone()).help(help)
        };
        for Acceptance { index, allow, rule, state } in entries {
            let pointer = format!("/x-event/allow/{index}");
            match state {
                AcceptanceState::Refused => {
                    let who = gate.project.catalog.config.approvals.breaks.join(", ");
                    let message = format!("{:?} may not accept {}", allow.by, rule.name);
                    let help = format!("ask one of those whom [approvals] in eventc.toml names: {who}");
                    accepted.push(finding(&UNAUTHORIZED_APPROVAL, format!("{pointer}/by"), message, help));
                }
                AcceptanceState::Unused if is_on(&gate.project.catalog.config, rule) => {
                    let near =
                        left.iter().find(|(found, _)| *found == rule).map(|(_, at)| format!("set `at` to {at:?}, where it was found"));
                    let help = near.unwrap_or_else(|| "remove the entry, or correct its `at`".into());
                    let message = format!("the gate finds no case of {} at {:?}", rule.name, allow.at);
                    accepted.push(finding(&unused_allow::RULE, pointer, message, help));
                }
                AcceptanceState::Unused | AcceptanceState::Used | AcceptanceState::Over => {}
            }
        }
        accepted
    }
}

/// Returns whether a rule is on: of one that is off, nobody knows what it would have found.
fn is_on(config: &Config, rule: &Rule) -> bool {
    config.level_of(rule) != Some(Level::Off)
}

/// Returns the finding as it is shown once it is accepted.
fn note(finding: &Diagnostic, allow: &Allow) -> Diagnostic {
    let until = allow.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let by = if allow.by.is_empty() { String::new() } else { format!(" by {}", allow.by) };
    let mut note = finding.clone();
    note.rule = &ACCEPTED;
    note.level = ACCEPTED.level;
    note.message = format!("{} is accepted{by}{until} ({}): {}", finding.rule.name, allow.reason, finding.message);
    note.help = None;
    if let Some(evidence) = &mut note.evidence {
        evidence.identity = format!("{}\u{1f}{}", finding.rule.code, evidence.identity);
    }
    note
}
