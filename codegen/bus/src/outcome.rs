//! What became of a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::BusError,
    plan::{BrokerChange, ChangePlan},
};

/// What became of the steps of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many changes were made.
    pub made: usize,
    /// How many were not tried, since the broker was gone.
    pub untried: usize,
    /// What failed: what it was about, and why.
    pub failed: Vec<(String, BusError)>,
}

impl Outcome {
    /// Returns what failed, a sentence each: what failed for one reason is told once.
    pub fn failures(&self) -> Vec<String> {
        let mut reasons: Vec<(&BusError, Vec<&str>)> = Vec::new();
        for (what, error) in &self.failed {
            match reasons.iter_mut().find(|(known, _)| *known == error) {
                Some((_, about)) => about.push(what),
                None => reasons.push((error, vec![what])),
            }
        }
        let told = |(error, about): (&BusError, Vec<&str>)| match about.as_slice() {
            [one] => format!("{one}: {error}"),
            [first, rest @ ..] => format!("{first} and {} more: {error}", rest.len()),
            [] => error.to_string(),
        };
        reasons.into_iter().map(told).collect()
    }
}

/// The run of a plan: which changes an answer of the broker speaks of, and what became of them.
pub(crate) struct PlanRun<'a, Target> {
    changes: BTreeMap<Target, Vec<&'a BrokerChange>>,
    done: &'a mut dyn FnMut(&BrokerChange),
    outcome: Outcome,
    made: BTreeSet<Target>,
    /// Whether the broker is gone, so that nothing more is tried.
    gone: bool,
}

impl<'a, Target: Ord> PlanRun<'a, Target> {
    /// Begins; `target` says what a step is about, and `done` is told of each change that was made.
    pub(crate) fn of<Step>(plan: &'a ChangePlan<Step>, target: impl Fn(&Step) -> Target, done: &'a mut dyn FnMut(&BrokerChange)) -> Self {
        let mut changes: BTreeMap<Target, Vec<&BrokerChange>> = BTreeMap::new();
        for planned in &plan.planned {
            if let Some(step) = &planned.step {
                changes.entry(target(step)).or_default().push(&planned.change);
            }
        }
        Self { changes, done, outcome: Outcome::default(), made: BTreeSet::new(), gone: false }
    }

    /// Makes a call for some items, unless there are none, or nobody answers any more.
    pub(crate) fn call<Item, Answers>(&mut self, items: Vec<Item>, call: impl FnOnce(Vec<Item>) -> Answers)
    where
        Answers: IntoIterator<Item = (Target, Result<(), BusError>)>,
    {
        if !self.gone && !items.is_empty() {
            self.take(call(items));
        }
    }

    fn take(&mut self, answers: impl IntoIterator<Item = (Target, Result<(), BusError>)>) {
        for (target, answer) in answers {
            let Some(changes) = self.changes.remove(&target) else { continue };
            match answer {
                Ok(()) => {
                    self.outcome.made += changes.len();
                    for change in changes {
                        (self.done)(change);
                    }
                    self.made.insert(target);
                }
                Err(error) => {
                    self.gone |= error.is_gone();
                    let about = changes.first().map(|change| format!("{} {}", change.kind.as_str(), change.name)).unwrap_or_default();
                    self.outcome.failed.push((about, error));
                }
            }
        }
    }

    /// Returns whether nobody answers any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Ends it: what became of it, and what was made.
    pub(crate) fn end(mut self) -> (Outcome, BTreeSet<Target>) {
        self.outcome.untried = self.changes.values().map(Vec::len).sum();
        (self.outcome, self.made)
    }
}
