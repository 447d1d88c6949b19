//! The steps of a plan, done.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::{Duration, Instant},
};

use eventc_infra::kafka::Acl;

use super::{
    admin::{Admin, NewTopic, Outcomes, Settings},
    plan::ClusterStep,
};
use crate::{
    error::BusError,
    outcome::{Outcome, PlanRun},
    plan::{BrokerChange, ChangePlan},
};

/// The least time between two looks at what a broker knows.
const PAUSE: Duration = Duration::from_millis(100);

/// Does all steps of a plan that can be done, a call a kind, and waits until the broker knows what its controller made: until `read`, which
/// plans again, finds nothing of it left. A busy broker may take long for many topics, but no longer than `patience` without going on.
///
/// Each change that is made is told to `done` at once. What fails does not keep others from being done.
pub fn apply(
    plan: &ChangePlan<ClusterStep>,
    admin: &dyn Admin,
    read: &dyn Fn() -> Result<ChangePlan<ClusterStep>, BusError>,
    patience: Duration,
    done: &mut dyn FnMut(&BrokerChange),
) -> Outcome {
    let steps = Steps::of(plan);
    let mut run = PlanRun::of(plan, Target::of, done);
    run.call(steps.create, |topics| about(Target::Topic, admin.create(topics)));
    run.call(steps.repartition, |totals| about(Target::Partitions, admin.repartition(totals)));
    run.call(steps.replicate, |copies| about(Target::Copies, admin.replicate(copies)));
    run.call(steps.settings, |settings| about(Target::Settings, admin.alter(settings)));
    run.call(steps.grant, |rights| about(Target::Right, admin.grant(rights)));
    run.call(steps.quotas, |quotas| about(Target::Quotas, admin.set_quotas(quotas)));
    run.call(steps.revoke, |rights| about(Target::Right, admin.revoke(rights)));
    run.call(steps.delete, |topics| about(Target::Topic, admin.delete(topics)));
    let is_gone = run.is_gone();
    let (mut outcome, made) = run.end();
    if !is_gone && !made.is_empty() {
        outcome.failed.extend(settle(&made, read, patience).err().map(|error| ("what was made".to_owned(), error)));
    }
    outcome
}

/// Waits until nothing is left to do of what was done.
fn settle(
    made: &BTreeSet<Target>,
    read: &dyn Fn() -> Result<ChangePlan<ClusterStep>, BusError>,
    patience: Duration,
) -> Result<(), BusError> {
    let (mut least, mut since) = (usize::MAX, Instant::now());
    loop {
        let asked = Instant::now();
        let left = read()?.steps().filter(|step| made.contains(&Target::of(step))).count();
        if left == 0 {
            return Ok(());
        }
        if left < least {
            (least, since) = (left, Instant::now());
        } else if since.elapsed() > patience {
            return Err(BusError::Unsettled { left });
        }
        // A look is work for a broker that has enough to do.
        thread::sleep(asked.elapsed().max(PAUSE));
    }
}

fn about<Item>(target: fn(Item) -> Target, answers: Outcomes<Item>) -> impl Iterator<Item = (Target, Result<(), BusError>)> {
    answers.into_iter().map(move |(item, answer)| (target(item), answer))
}

/// What a call speaks of: one answer holds for all steps on it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Topic(String),
    Partitions(String),
    Copies(String),
    Settings(String),
    Right(Acl),
    Quotas(String),
}

impl Target {
    fn of(step: &ClusterStep) -> Self {
        match step {
            ClusterStep::Create(topic) => Self::Topic(topic.name.clone()),
            ClusterStep::Delete(name) => Self::Topic(name.clone()),
            ClusterStep::Repartition(name, _) => Self::Partitions(name.clone()),
            ClusterStep::Replicate(name, _) => Self::Copies(name.clone()),
            ClusterStep::Set(name, ..) => Self::Settings(name.clone()),
            ClusterStep::Grant(acl) | ClusterStep::Revoke(acl) => Self::Right(acl.clone()),
            ClusterStep::Quota(user, ..) => Self::Quotas(user.clone()),
        }
    }
}

/// The steps of a plan by the call that does them.
#[derive(Default)]
struct Steps {
    create: Vec<NewTopic>,
    repartition: Vec<(String, u32)>,
    replicate: Vec<(String, u32)>,
    settings: Vec<(String, Settings<String>)>,
    grant: Vec<Acl>,
    revoke: Vec<Acl>,
    quotas: Vec<(String, Settings<f64>)>,
    delete: Vec<String>,
}

impl Steps {
    fn of(plan: &ChangePlan<ClusterStep>) -> Self {
        let mut steps = Self::default();
        let mut settings: BTreeMap<String, Settings<String>> = BTreeMap::new();
        let mut quotas: BTreeMap<String, Settings<f64>> = BTreeMap::new();
        for step in plan.steps().cloned() {
            match step {
                ClusterStep::Create(topic) => steps.create.push(topic),
                ClusterStep::Repartition(name, total) => steps.repartition.push((name, total)),
                ClusterStep::Replicate(name, copies) => steps.replicate.push((name, copies)),
                ClusterStep::Set(name, setting, value) => drop(settings.entry(name).or_default().insert(setting, value)),
                ClusterStep::Grant(acl) => steps.grant.push(acl),
                ClusterStep::Revoke(acl) => steps.revoke.push(acl),
                #[expect(clippy::cast_precision_loss, reason = "the broker keeps quotas in this type")]
                ClusterStep::Quota(user, key, value) => {
                    quotas.entry(user).or_default().insert(key.to_owned(), value.map(|value| value as f64));
                }
                ClusterStep::Delete(name) => steps.delete.push(name),
            }
        }
        steps.settings = settings.into_iter().collect();
        steps.quotas = quotas.into_iter().collect();
        steps
    }
}
