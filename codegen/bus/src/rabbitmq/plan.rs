//! What differs between contracts and a virtual host: a pure function of both.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::{
    Origin,
    rabbitmq::{Argument, Binding, Exchange, Permission, Policy, Queue, TopicPermission, VirtualHost},
};
use regex_automata::dfa::regex::Regex;

use super::{
    live::{LiveHost, LivePolicy, LiveQueue},
    rights,
};
use crate::plan::{Action, Allowed, BrokerChange, ChangePlan, ResourceKind};

/// What a plan may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostScope {
    /// What a person lets be taken away.
    pub allowed: Allowed,
    /// The users whose rights are managed.
    pub users: BTreeSet<String>,
    /// The number of services that have traffic here and are no such user.
    pub unlisted: usize,
    /// The queues and exchanges of contracts that are past their sunset, which are deleted.
    pub pruned: BTreeSet<String>,
}

/// What is done in a virtual host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostStep {
    /// Makes the virtual host.
    CreateHost,
    /// Makes an exchange that routes in a way.
    PutExchange(String, String),
    /// Makes a queue with arguments.
    PutQueue(String, BTreeMap<String, Argument>),
    /// Makes or replaces a policy.
    PutPolicy(String, LivePolicy),
    /// Deletes a queue, if it is empty and unused, and makes it again with what was bound to it.
    Recreate(String, BTreeMap<String, Argument>, Vec<Binding>),
    /// Binds an exchange to a queue.
    Bind(Binding),
    /// Gives a user what it may do.
    Permit(String, Permission),
    /// Gives a user the routing keys of an exchange.
    PermitTopic(String, String, TopicPermission),
    /// Takes a binding away.
    Unbind(Binding),
    /// Takes all rights of a user away.
    Forbid(String),
    /// Deletes a queue that nobody consumes from.
    DeleteQueue(String),
    /// Deletes an exchange that nothing is bound to.
    DeleteExchange(String),
}

impl HostStep {
    /// Returns its place among the steps of a plan, in which each finds what it needs, and a name that it shares with those that are the
    /// same.
    pub(super) fn place(&self) -> (u8, String) {
        let bound = |binding: &Binding| format!("{} {} {}", binding.exchange, binding.queue, routing(binding));
        match self {
            Self::CreateHost => (0, String::new()),
            Self::PutExchange(name, _) => (1, name.clone()),
            Self::PutQueue(name, _) => (2, name.clone()),
            Self::PutPolicy(name, _) => (3, name.clone()),
            Self::Recreate(name, ..) => (4, name.clone()),
            Self::Bind(binding) => (5, bound(binding)),
            Self::Permit(user, _) => (6, user.clone()),
            Self::PermitTopic(user, exchange, _) => (7, format!("{user} {exchange}")),
            Self::Unbind(binding) => (8, bound(binding)),
            Self::Forbid(user) => (9, user.clone()),
            Self::DeleteQueue(name) => (10, name.clone()),
            Self::DeleteExchange(name) => (11, name.clone()),
        }
    }
}

/// Returns what differs.
pub fn plan(desired: &VirtualHost, live: &LiveHost, scope: &HostScope) -> ChangePlan<HostStep> {
    let mut plan = ChangePlan::default();
    if !live.exists {
        let change = BrokerChange::new(Action::Create, ResourceKind::VirtualHost, &desired.name);
        plan.make(change.reason("the environment names it"), HostStep::CreateHost);
    }
    for (name, exchange) in &desired.exchanges {
        exchange_of(&mut plan, name, exchange, live, scope);
    }
    for (name, queue) in &desired.queues {
        queue_of(&mut plan, name, queue, live, scope);
    }
    bindings(&mut plan, desired, live, scope);
    for (name, policy) in &desired.policies {
        policy_of(&mut plan, name, policy, live, scope);
    }
    foreign_policies(&mut plan, desired, live);
    rights::compare(&mut plan, desired, live, scope);
    plan.leave(ResourceKind::Exchange, live.exchanges.keys().filter(|name| !desired.exchanges.contains_key(*name)).count());
    plan.leave(ResourceKind::Queue, live.queues.keys().filter(|name| !desired.queues.contains_key(*name)).count());
    plan.leave(ResourceKind::Policy, live.policies.keys().filter(|name| !desired.policies.contains_key(*name)).count());
    plan.leave(ResourceKind::Binding, live.other_bindings);
    plan
}

/// Says which contracts ask for something.
fn asked_by(origin: &Origin) -> String {
    let contracts: Vec<&str> = origin.contracts.iter().map(String::as_str).collect();
    match contracts.as_slice() {
        [one] => format!("contract {one} of {}", origin.namespace),
        several => format!("{} contracts of {}", several.len(), origin.namespace),
    }
}

/// Says a value in words.
pub(super) fn shown(argument: &Argument) -> String {
    match argument {
        Argument::Flag(flag) => flag.to_string(),
        Argument::Number(number) => number.to_string(),
        Argument::Text(text) => text.clone(),
    }
}

fn in_words(arguments: &BTreeMap<String, Argument>) -> Option<String> {
    let words: Vec<String> = arguments.iter().map(|(key, value)| format!("{key}={}", shown(value))).collect();
    Some(words.join(" ")).filter(|words| !words.is_empty())
}

fn exchange_of(plan: &mut ChangePlan<HostStep>, name: &str, exchange: &Exchange, live: &LiveHost, scope: &HostScope) {
    let found = live.exchanges.get(name);
    if scope.pruned.contains(name) {
        if found.is_some() {
            let change = BrokerChange::new(Action::Delete, ResourceKind::Exchange, name).reason(asked_by(&exchange.origin));
            plan.make(change, HostStep::DeleteExchange(name.to_owned()));
        }
        return;
    }
    let kind = exchange.kind.as_str();
    let Some(found) = found else {
        let mut change = BrokerChange::new(Action::Create, ResourceKind::Exchange, name).reason(asked_by(&exchange.origin));
        change.new = Some(kind.to_owned());
        return plan.make(change, HostStep::PutExchange(name.to_owned(), kind.to_owned()));
    };
    let way = "an exchange never changes: move its publishers to one of another name (`exchange` of the namespace), or delete it while \
               nobody publishes and run apply again";
    let flags = [("durable", found.durable, true), ("auto_delete", found.auto_delete, false)];
    let flags = flags.into_iter().filter(|(_, found, wanted)| found != wanted).map(|(key, a, b)| (key, a.to_string(), b.to_string()));
    let kinds = Some(("type", found.kind.clone(), kind.to_owned())).filter(|(_, found, wanted)| found != wanted);
    for (key, old, new) in kinds.into_iter().chain(flags) {
        plan.cannot(BrokerChange::new(Action::Cannot, ResourceKind::Exchange, name).setting(key, Some(old), Some(new)).reason(way));
    }
}

/// Returns arguments without those that say what is so without them.
fn effective(arguments: &BTreeMap<String, Argument>) -> BTreeMap<&str, &Argument> {
    let says_nothing = |key: &str, value: &Argument| key == "x-queue-type" && *value == Argument::Text("classic".to_owned());
    arguments.iter().filter(|(key, value)| !says_nothing(key, value)).map(|(key, value)| (key.as_str(), value)).collect()
}

fn queue_of(plan: &mut ChangePlan<HostStep>, name: &str, queue: &Queue, live: &LiveHost, scope: &HostScope) {
    let found = live.queues.get(name);
    if scope.pruned.contains(name) {
        if let Some(found) = found {
            let held = format!("it still holds {} message{}", found.messages, if found.messages == 1 { "" } else { "s" });
            let change = BrokerChange::new(Action::Delete, ResourceKind::Queue, name).reason(asked_by(&queue.origin)).warn(Some(held));
            plan.make(change, HostStep::DeleteQueue(name.to_owned()));
        }
        return;
    }
    let Some(found) = found else {
        let mut change = BrokerChange::new(Action::Create, ResourceKind::Queue, name).reason(asked_by(&queue.origin));
        change.new = in_words(&queue.arguments);
        return plan.make(change, HostStep::PutQueue(name.to_owned(), queue.arguments.clone()));
    };
    let (old, new) = (effective(&found.arguments), effective(&queue.arguments));
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let value = |of: &BTreeMap<&str, &Argument>, key: &str| of.get(key).map(|value| shown(value));
    let changed = keys.into_iter().filter(|key| old.get(key) != new.get(key));
    let arguments = changed.map(|key| (key.to_owned(), value(&old, key), value(&new, key)));
    let flags = [("durable", found.durable, true), ("auto_delete", found.auto_delete, false)];
    let flags = flags.into_iter().filter(|(_, found, wanted)| found != wanted);
    let flags = flags.map(|(key, found, wanted)| (key.to_owned(), Some(found.to_string()), Some(wanted.to_string())));
    for (key, old, new) in arguments.chain(flags) {
        let change = BrokerChange::new(Action::Cannot, ResourceKind::Queue, name).setting(&key, old, new);
        recreate(plan, change, queue, found, live, scope);
    }
}

/// Plans what only a new queue can change: done where somebody allows it and nothing is lost.
fn recreate(
    plan: &mut ChangePlan<HostStep>,
    mut change: BrokerChange,
    queue: &Queue,
    found: &LiveQueue,
    live: &LiveHost,
    scope: &HostScope,
) {
    let name = change.name.clone();
    let is_allowed = scope.allowed.recreate.contains(&name);
    let holds = match (found.messages, found.consumers) {
        (0, 0) => None,
        (messages, 0) => Some(format!("it holds {messages} messages")),
        (0, consumers) => Some(format!("it has {consumers} consumers")),
        (messages, consumers) => Some(format!("it holds {messages} messages and has {consumers} consumers")),
    };
    match holds {
        None if is_allowed => {
            change.action = Action::Recreate;
            let bindings = live.bindings.iter().filter(|binding| binding.queue == name).cloned().collect();
            plan.make(change, HostStep::Recreate(name, queue.arguments.clone(), bindings));
        }
        None => {
            change.needs = Some(format!("--allow recreate={name}"));
            plan.cannot(change.reason("only a new queue can have it; the one that is there is empty and unused"));
        }
        Some(holds) => {
            plan.cannot(change.reason(format!(
                "only a new queue can have it, and {holds}: stop its consumers when it is empty, and allow recreate={name}"
            )));
        }
    }
}

/// Says what is routed by a binding.
fn routing(binding: &Binding) -> String {
    match in_words(&binding.arguments) {
        Some(arguments) => format!("{} {arguments}", binding.routing_key),
        None => binding.routing_key.clone(),
    }
}

fn bindings(plan: &mut ChangePlan<HostStep>, desired: &VirtualHost, live: &LiveHost, scope: &HostScope) {
    let name = |binding: &Binding| format!("{} -> {}", binding.exchange, binding.queue);
    let is_pruned = |binding: &Binding| scope.pruned.contains(&binding.exchange) || scope.pruned.contains(&binding.queue);
    for binding in desired.bindings.difference(&live.bindings).filter(|binding| !is_pruned(binding)) {
        let change =
            BrokerChange::new(Action::Create, ResourceKind::Binding, name(binding)).setting("routing_key", None, Some(routing(binding)));
        plan.make(change, HostStep::Bind(binding.clone()));
    }
    for binding in live.bindings.difference(&desired.bindings) {
        if !desired.queues.contains_key(&binding.queue) {
            plan.leave(ResourceKind::Binding, 1);
        } else if !is_pruned(binding) {
            let change = BrokerChange::new(Action::Unbind, ResourceKind::Binding, name(binding)).setting(
                "routing_key",
                Some(routing(binding)),
                None,
            );
            let change = change.reason("no contract asks for it");
            plan.hold(change, scope.allowed.unbind, "--allow unbind", HostStep::Unbind(binding.clone()));
        }
    }
}

/// What policies of contracts are for.
const QUEUES: &str = "queues";

fn policy_of(plan: &mut ChangePlan<HostStep>, name: &str, policy: &Policy, live: &LiveHost, scope: &HostScope) {
    let mut wanted = LivePolicy {
        pattern: policy.pattern.clone(),
        apply_to: QUEUES.to_owned(),
        priority: policy.priority,
        definition: policy.definition.clone(),
    };
    let Some(found) = live.policies.get(name) else {
        let mut change =
            BrokerChange::new(Action::Create, ResourceKind::Policy, name).reason(format!("for queues that fit {}", policy.pattern));
        change.new = in_words(&policy.definition);
        return plan.make(change, HostStep::PutPolicy(name.to_owned(), wanted));
    };
    let extra: Vec<(&String, &Argument)> = found.definition.iter().filter(|(key, _)| !policy.definition.contains_key(*key)).collect();
    if !scope.allowed.reset {
        // A policy is replaced as a whole, so what is not taken away goes along.
        wanted.definition.extend(extra.iter().map(|(key, value)| ((*key).clone(), (*value).clone())));
    }
    let step = || HostStep::PutPolicy(name.to_owned(), wanted.clone());
    let whole = [
        ("pattern", found.pattern.clone(), wanted.pattern.clone()),
        ("apply-to", found.apply_to.clone(), wanted.apply_to.clone()),
        ("priority", found.priority.to_string(), wanted.priority.to_string()),
    ];
    for (key, old, new) in whole.into_iter().filter(|(_, old, new)| old != new) {
        plan.make(BrokerChange::new(Action::Alter, ResourceKind::Policy, name).setting(key, Some(old), Some(new)), step());
    }
    for (key, value) in policy.definition.iter().filter(|(key, value)| found.definition.get(*key) != Some(*value)) {
        let old = found.definition.get(key);
        let change = BrokerChange::new(Action::Alter, ResourceKind::Policy, name).setting(key, old.map(shown), Some(shown(value)));
        plan.make(change.warn(expires(key, old, value)), step());
    }
    for (key, value) in extra {
        let change = BrokerChange::new(Action::Reset, ResourceKind::Policy, name)
            .setting(key, Some(shown(value)), None)
            .reason("no contract asks for it");
        plan.hold(change, scope.allowed.reset, "--allow reset", step());
    }
}

/// Says what a shorter time or a smaller queue does to messages that wait.
fn expires(key: &str, old: Option<&Argument>, new: &Argument) -> Option<String> {
    let number = |argument: &Argument| match argument {
        Argument::Number(number) => Some(*number),
        _ => None,
    };
    let less = number(new)? < old.and_then(number).unwrap_or(i64::MAX);
    let warning = match key {
        "message-ttl" => "messages that are sent from now on leave the queue sooner",
        "max-length" | "max-length-bytes" => "messages beyond the limit leave the queue",
        _ => return None,
    };
    less.then(|| warning.to_owned())
}

/// Policies that no contract names, and that hold for a queue in place of one that does.
fn foreign_policies(plan: &mut ChangePlan<HostStep>, desired: &VirtualHost, live: &LiveHost) {
    let patterns: Vec<(&String, &Policy, Regex)> =
        desired.policies.iter().filter_map(|(name, policy)| Some((name, policy, Regex::new(&policy.pattern).ok()?))).collect();
    let mut displaced: BTreeMap<&str, (BTreeSet<&str>, i64)> = BTreeMap::new();
    for queue in desired.queues.keys() {
        let Some(holding) = live.queues.get(queue).and_then(|found| found.policy.as_deref()) else { continue };
        let Some(foreign) = live.policies.get(holding).filter(|_| !desired.policies.contains_key(holding)) else { continue };
        for (_, ours, _) in patterns.iter().filter(|(_, ours, pattern)| foreign.priority >= ours.priority && pattern.is_match(queue)) {
            let entry = displaced.entry(holding).or_insert((BTreeSet::new(), ours.priority));
            entry.0.insert(queue);
            entry.1 = entry.1.min(ours.priority);
        }
    }
    for (name, (queues, priority)) in displaced {
        let queues: Vec<&str> = queues.into_iter().collect();
        let found = live.policies.get(name).map(|policy| policy.priority.to_string());
        let change = BrokerChange::new(Action::Cannot, ResourceKind::Policy, name).setting("priority", found, None);
        plan.cannot(change.reason(format!(
            "no contract names it, and it holds in place of ours for {}: give it a priority below {priority}, or delete it",
            queues.join(", ")
        )));
    }
}
