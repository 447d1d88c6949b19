//! The steps of a plan, done.

use std::collections::BTreeMap;

use super::{client::Management, plan::HostStep};
use crate::{
    error::BusError,
    outcome::{Outcome, PlanRun},
    plan::{BrokerChange, ChangePlan},
};

/// Does all steps of a plan that can be done, in the order in which each finds what it needs.
///
/// Each change that is made is told to `done` at once. What fails does not keep others from being done.
pub fn apply(plan: &ChangePlan<HostStep>, host: &dyn Management, done: &mut dyn FnMut(&BrokerChange)) -> Outcome {
    // One call makes several changes, such as those of one policy.
    let steps: BTreeMap<(u8, String), &HostStep> = plan.steps().map(|step| (step.place(), step)).collect();
    let mut run = PlanRun::of(plan, HostStep::place, done);
    for (place, step) in steps {
        run.call(vec![step], |_| [(place, make(step, host))]);
    }
    run.end().0
}

fn make(step: &HostStep, host: &dyn Management) -> Result<(), BusError> {
    match step {
        HostStep::CreateHost => host.create_host(),
        HostStep::PutExchange(name, kind) => host.put_exchange(name, kind),
        HostStep::PutQueue(name, arguments) => host.put_queue(name, arguments),
        HostStep::PutPolicy(name, policy) => host.put_policy(name, policy),
        HostStep::Recreate(name, arguments, bindings) => {
            host.delete_queue(name, true)?;
            host.put_queue(name, arguments)?;
            bindings.iter().try_for_each(|binding| host.bind(binding))
        }
        HostStep::Bind(binding) => host.bind(binding),
        HostStep::Permit(user, permission) => host.put_permission(user, Some(permission)),
        HostStep::PermitTopic(user, exchange, permission) => host.put_topic_permission(user, exchange, permission),
        HostStep::Unbind(binding) => host.unbind(binding),
        HostStep::Forbid(user) => host.put_permission(user, None),
        HostStep::DeleteQueue(name) => host.delete_queue(name, false),
        HostStep::DeleteExchange(name) => host.delete_exchange(name),
    }
}
