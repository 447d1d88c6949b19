//! What users may do in a virtual host, beside what contracts ask for.

use eventc_infra::rabbitmq::{Permission, TopicPermission, VirtualHost};

use super::{
    live::{LiveHost, LiveRights},
    plan::{HostScope, HostStep},
};
use crate::plan::{Action, BrokerChange, ChangePlan, ResourceKind};

/// A regular expression that no name fits.
const NOTHING: [&str; 2] = ["", "^$"];

/// What a user has who has no topic permission: every routing key.
const EVERYTHING: &str = ".*";

/// Adds what differs in the rights of managed users.
pub(super) fn compare(plan: &mut ChangePlan<HostStep>, desired: &VirtualHost, live: &LiveHost, scope: &HostScope) {
    plan.leave_services(scope.unlisted);
    let Some(rights) = &live.rights else { return };
    for user in &scope.users {
        if rights.users.contains(user) {
            permission(plan, user, desired, rights, scope);
            topic_permissions(plan, user, desired, rights, scope);
        } else if desired.permissions.contains_key(user) {
            plan.cannot(
                BrokerChange::new(Action::Cannot, ResourceKind::Right, user)
                    .reason("there is no such user, and eventc makes none: add it with `rabbitmqctl add_user`, and run apply again"),
            );
        }
    }
    plan.leave(ResourceKind::Right, rights.permissions.keys().filter(|user| !scope.users.contains(*user)).count());
}

fn fields(permission: &Permission) -> [(&'static str, &str); 3] {
    [("configure", &permission.configure), ("write", &permission.write), ("read", &permission.read)]
}

fn permission(plan: &mut ChangePlan<HostStep>, user: &str, desired: &VirtualHost, rights: &LiveRights, scope: &HostScope) {
    match (desired.permissions.get(user), rights.permissions.get(user)) {
        (None, None) => {}
        (Some(wanted), None) => {
            let change = |(key, value): (&str, &str)| {
                BrokerChange::new(Action::Grant, ResourceKind::Right, user).setting(key, None, Some(value.to_owned()))
            };
            for given in fields(wanted).into_iter().filter(|(_, value)| !NOTHING.contains(value)) {
                plan.make(change(given), HostStep::Permit(user.to_owned(), wanted.clone()));
            }
        }
        (None, Some(found)) => {
            let summary = fields(found).map(|(key, value)| format!("{key}={value}")).join(" ");
            let mut change = BrokerChange::new(Action::Revoke, ResourceKind::Right, user).reason("no contract asks for it");
            change.old = Some(summary);
            plan.hold(change, scope.allowed.revoke, "--allow revoke", HostStep::Forbid(user.to_owned()));
        }
        (Some(wanted), Some(found)) => {
            let changed: Vec<_> = fields(found).into_iter().zip(fields(wanted)).filter(|((_, old), (_, new))| !is_same(old, new)).collect();
            // Permissions are set together, so one that is held back holds all.
            let takes = changed.iter().any(|((_, old), _)| !NOTHING.contains(old));
            for ((key, old), (_, new)) in changed {
                let action = if NOTHING.contains(&new) { Action::Revoke } else { Action::Grant };
                let mut change =
                    BrokerChange::new(action, ResourceKind::Right, user).setting(key, Some(old.to_owned()), Some(new.to_owned()));
                if takes {
                    change = change.reason("it takes the place of what the user may do now");
                }
                let step = HostStep::Permit(user.to_owned(), wanted.clone());
                plan.hold(change, !takes || scope.allowed.revoke, "--allow revoke", step);
            }
        }
    }
}

fn is_same(a: &str, b: &str) -> bool {
    a == b || (NOTHING.contains(&a) && NOTHING.contains(&b))
}

fn topic_permissions(plan: &mut ChangePlan<HostStep>, user: &str, desired: &VirtualHost, rights: &LiveRights, scope: &HostScope) {
    let everything = TopicPermission { write: EVERYTHING.to_owned(), read: EVERYTHING.to_owned() };
    for exchange in desired.exchanges.keys() {
        let at = (user.to_owned(), exchange.clone());
        let wanted = desired.topic_permissions.get(&at).unwrap_or(&everything);
        let found = rights.topic_permissions.get(&at).unwrap_or(&everything);
        // Who could do nothing here before loses nothing by a bound.
        let takes = rights.permissions.contains_key(user);
        for (key, old, new) in [("write", &found.write, &wanted.write), ("read", &found.read, &wanted.read)] {
            if !is_same(old, new) {
                let action = if new == EVERYTHING || !takes { Action::Grant } else { Action::Revoke };
                let setting = format!("{key} routing keys of {exchange}");
                let mut change =
                    BrokerChange::new(action, ResourceKind::Right, user).setting(&setting, Some(old.clone()), Some(new.clone()));
                let held = action == Action::Revoke;
                if held {
                    change = change.reason("it bounds what the user may send or bind now");
                }
                let step = HostStep::PermitTopic(user.to_owned(), exchange.clone(), wanted.clone());
                plan.hold(change, !held || scope.allowed.revoke, "--allow revoke", step);
            }
        }
    }
}
