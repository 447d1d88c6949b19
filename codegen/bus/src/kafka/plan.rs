//! What differs between contracts and a cluster: a pure function of both.

use std::collections::{BTreeMap, BTreeSet};

use eventc_infra::kafka::{Acl, AclPattern, AclResource, Cluster, Quota, Topic};
use eventc_model::topic::glob;

use super::{
    admin::{Admin, NewTopic},
    live::{Events, LiveCluster, LiveTopic, Question, Rights},
    settings::{in_words, same, shortened},
};
use crate::{
    error::BusError,
    plan::{Action, Allowed, BrokerChange, ChangePlan, ResourceKind},
};

/// What a plan may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterScope {
    /// What a person lets be taken away.
    pub allowed: Allowed,
    /// The users whose rights and quotas are managed, such as `User:billing`.
    pub principals: BTreeSet<String>,
    /// The number of services that have traffic here and are no such user.
    pub unlisted: usize,
    /// Globs over settings that another tool sets.
    pub ignored: Vec<String>,
    /// The topics of contracts that are past their sunset, which are deleted.
    pub pruned: BTreeSet<String>,
}

/// What is done on a cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum ClusterStep {
    /// Makes a topic.
    Create(NewTopic),
    /// Raises the number of partitions of a topic.
    Repartition(String, u32),
    /// Moves a topic to another number of copies.
    Replicate(String, u32),
    /// Changes a setting of a topic; `None` takes the topic's own value away.
    Set(String, String, Option<String>),
    /// Gives a right.
    Grant(Acl),
    /// Takes a right away.
    Revoke(Acl),
    /// Changes a quota of a user, by name; `None` takes it away.
    Quota(String, &'static str, Option<u64>),
    /// Deletes a topic.
    Delete(String),
}

/// Returns what differs. Where a warning counts events, the state says how many, as far as it was asked.
pub fn plan(desired: &Cluster, live: &LiveCluster, scope: &ClusterScope) -> ChangePlan<ClusterStep> {
    let mut plan = ChangePlan::default();
    let known = known_settings(live);
    for (name, topic) in &desired.topics {
        match live.topics.get(name) {
            found if scope.pruned.contains(name) => delete(&mut plan, name, topic, found, live),
            None => create(&mut plan, name, topic, live, &known),
            Some(found) => {
                let mut compared = Compared { plan: &mut plan, name, topic, found, live, scope };
                compared.partitions();
                compared.replication();
                compared.settings(&known);
            }
        }
    }
    rights(&mut plan, desired, live, scope);
    quotas(&mut plan, desired, live, scope);
    plan.leave(ResourceKind::Topic, live.other_topics);
    plan
}

/// Reads a cluster, and returns what differs.
///
/// # Errors
/// Where the broker is away, slow, or refuses.
pub fn read_plan(admin: &dyn Admin, desired: &Cluster, scope: &ClusterScope) -> Result<ChangePlan<ClusterStep>, BusError> {
    let mut live = LiveCluster::read(admin, desired, &scope.principals)?;
    let first = plan(desired, &live, scope);
    let questions = questions(&first, &live);
    if questions.is_empty() {
        return Ok(first);
    }
    live.events = admin.events(&questions)?;
    Ok(plan(desired, &live, scope))
}

/// Returns what has to be counted for the warnings of a plan.
fn questions(plan: &ChangePlan<ClusterStep>, live: &LiveCluster) -> Vec<Question> {
    let mut asked: BTreeMap<String, Option<u64>> = BTreeMap::new();
    for change in plan.changes().filter(|change| change.kind == ResourceKind::Topic) {
        let age = shortened(change.setting.as_deref().unwrap_or_default(), change.old.as_deref(), change.new.as_deref());
        if live.topics.contains_key(&change.name) && (age.is_some() || change.action == Action::Delete) {
            let asked = asked.entry(change.name.clone()).or_default();
            *asked = asked.or(age);
        }
    }
    asked.into_iter().map(|(topic, older_than)| Question { topic, older_than }).collect()
}

/// The names of settings that the broker has; none where it told of no topic.
fn known_settings(live: &LiveCluster) -> BTreeSet<&str> {
    live.topics.values().flat_map(|topic| topic.overrides.keys().chain(topic.inherited.keys())).map(String::as_str).collect()
}

/// Says which contracts ask for a topic.
fn asked_by(topic: &Topic) -> String {
    let contracts: Vec<&str> = topic.origin.contracts.iter().map(String::as_str).collect();
    match contracts.as_slice() {
        [one] => format!("contract {one} of {}", topic.origin.namespace),
        several => format!("{} contracts of {}", several.len(), topic.origin.namespace),
    }
}

fn unknown_setting(plan: &mut ChangePlan<ClusterStep>, name: &str, setting: &str, value: &str, known: &BTreeSet<&str>) {
    let near = eventc_model::names::nearest(setting, known.iter().copied());
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let change = BrokerChange::new(Action::Cannot, ResourceKind::Topic, name).setting(setting, None, Some(value.to_owned()));
    plan.cannot(change.reason(format!("the broker has no such setting{near}")));
}

/// Says that there are not enough brokers for the copies of a topic.
fn too_few_brokers(wanted: u32, brokers: usize) -> String {
    let brokers = if brokers == 1 { "1 broker".to_owned() } else { format!("{brokers} brokers") };
    format!("the cluster has {brokers}: state a `replication` of that or less for this environment, or add brokers (wanted: {wanted})")
}

fn create(plan: &mut ChangePlan<ClusterStep>, name: &str, topic: &Topic, live: &LiveCluster, known: &BTreeSet<&str>) {
    let mut settings = topic.settings.clone();
    for (setting, value) in &topic.settings {
        if !known.is_empty() && !known.contains(setting.as_str()) {
            unknown_setting(plan, name, setting, value, known);
            settings.remove(setting);
        }
    }
    if let Some(copies) = topic.replication.filter(|copies| *copies as usize > live.brokers) {
        let change = BrokerChange::new(Action::Cannot, ResourceKind::Topic, name).setting("replication", None, Some(copies.to_string()));
        return plan.cannot(change.reason(too_few_brokers(copies, live.brokers)));
    }
    let counted = [("partitions", topic.partitions), ("replication", topic.replication)];
    let counted = counted.into_iter().filter_map(|(key, count)| Some(format!("{key}={}", count?)));
    let summary: Vec<String> = counted.chain(settings.iter().map(|(key, value)| format!("{key}={value}"))).collect();
    let mut change = BrokerChange::new(Action::Create, ResourceKind::Topic, name).reason(asked_by(topic));
    change.new = Some(summary.join(" ")).filter(|summary| !summary.is_empty());
    let new = NewTopic { name: name.to_owned(), partitions: topic.partitions, replication: topic.replication, settings };
    plan.make(change, ClusterStep::Create(new));
}

fn delete(plan: &mut ChangePlan<ClusterStep>, name: &str, topic: &Topic, found: Option<&LiveTopic>, live: &LiveCluster) {
    if found.is_none() {
        return;
    }
    let sunset = topic.origin.sunset.map(|day| format!(", gone after {day}")).unwrap_or_default();
    let held = live.events.get(name).map(|events| format!("it still holds {}", counted_events(events.all)));
    let change = BrokerChange::new(Action::Delete, ResourceKind::Topic, name).reason(format!("{}{sunset}", asked_by(topic))).warn(held);
    plan.make(change, ClusterStep::Delete(name.to_owned()));
}

fn counted_events(count: u64) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// A topic that is there, beside what contracts ask of it.
struct Compared<'a> {
    plan: &'a mut ChangePlan<ClusterStep>,
    name: &'a str,
    topic: &'a Topic,
    found: &'a LiveTopic,
    live: &'a LiveCluster,
    scope: &'a ClusterScope,
}

impl Compared<'_> {
    fn change(&self, action: Action, setting: &str, old: u32, new: u32) -> BrokerChange {
        BrokerChange::new(action, ResourceKind::Topic, self.name).setting(setting, Some(old.to_string()), Some(new.to_string()))
    }

    fn partitions(&mut self) {
        let Some(wanted) = self.topic.partitions.filter(|wanted| *wanted != self.found.partitions) else { return };
        let found = self.found.partitions;
        if wanted < found {
            let change = self.change(Action::Cannot, "partitions", found, wanted);
            let way =
                format!("partitions cannot be taken away: state `partitions = {found}` for it, or begin a new topic with the next major");
            return self.plan.cannot(change.reason(way));
        }
        let compacted = self.found.overrides.get("cleanup.policy").is_some_and(|policy| policy.contains("compact"));
        let change = self.change(Action::Alter, "partitions", found, wanted);
        let step = ClusterStep::Repartition(self.name.to_owned(), wanted);
        if self.topic.origin.keyed || compacted {
            let warning = "keys move to other partitions: events of one key before and after are read by different consumers, out of order";
            let option = format!("--allow repartition={}", self.name);
            let allowed = self.scope.allowed.repartition.iter().any(|topic| topic == self.name);
            self.plan.hold(change.warn(Some(warning.to_owned())), allowed, &option, step);
        } else {
            self.plan.make(change, step);
        }
    }

    fn replication(&mut self) {
        let Some(wanted) = self.topic.replication.filter(|wanted| *wanted != self.found.replication) else { return };
        if wanted as usize > self.live.brokers {
            let change = self.change(Action::Cannot, "replication", self.found.replication, wanted);
            return self.plan.cannot(change.reason(too_few_brokers(wanted, self.live.brokers)));
        }
        let change = self.change(Action::Alter, "replication", self.found.replication, wanted);
        let warning = "brokers copy what the topic holds, which goes on after apply is done".to_owned();
        let change = change.warn(Some(warning).filter(|_| wanted > self.found.replication));
        self.plan.make(change, ClusterStep::Replicate(self.name.to_owned(), wanted));
    }

    fn settings(&mut self, known: &BTreeSet<&str>) {
        let ignored = |setting: &str| self.scope.ignored.iter().any(|pattern| glob(pattern, setting));
        for (setting, value) in self.topic.settings.iter().filter(|(setting, _)| !ignored(setting)) {
            let own = self.found.overrides.get(setting);
            if own.is_some_and(|found| same(found, value)) {
                continue;
            }
            if !known.contains(setting.as_str()) {
                unknown_setting(self.plan, self.name, setting, value, known);
                continue;
            }
            let inherited = own.is_none();
            let old = own.or_else(|| self.found.inherited.get(setting)).cloned();
            let warning = self.lost(setting, old.as_deref(), Some(value));
            let mut change =
                BrokerChange::new(Action::Alter, ResourceKind::Topic, self.name).setting(setting, old, Some(value.clone())).warn(warning);
            if inherited {
                change = change.reason("the topic itself does not have it: the old value is the broker's");
            }
            self.plan.make(change, ClusterStep::Set(self.name.to_owned(), setting.clone(), Some(value.clone())));
        }
        let extra = self.found.overrides.iter().filter(|(setting, _)| !self.topic.settings.contains_key(*setting));
        for (setting, value) in extra.filter(|(setting, _)| !ignored(setting)) {
            let change = BrokerChange::new(Action::Reset, ResourceKind::Topic, self.name).setting(setting, Some(value.clone()), None);
            let change = change.reason("no contract asks for it; `ignore_settings` leaves it to another tool");
            let step = ClusterStep::Set(self.name.to_owned(), setting.clone(), None);
            self.plan.hold(change, self.scope.allowed.reset, "--allow reset", step);
        }
    }

    /// Says how many events go where a topic keeps them for a shorter time.
    fn lost(&self, setting: &str, old: Option<&str>, new: Option<&str>) -> Option<String> {
        let age = shortened(setting, old, new)?;
        let Events { all, older } = self.live.events.get(self.name)?;
        let before = old.and_then(|old| old.parse().ok()).map_or_else(String::new, |old| format!(" of the last {}", in_words(old)));
        Some(format!("deletes {}{before} that are older than {}, of {all} in all", counted_events(*older), in_words(age)))
    }
}

/// Says a right in words: `read topic orders` or `read group billing.*`.
fn right(acl: &Acl) -> String {
    let kind = match acl.resource {
        AclResource::Topic => "topic",
        AclResource::Group => "group",
        AclResource::TransactionalId => "transactional id",
    };
    let more = if acl.pattern == AclPattern::Prefixed { "*" } else { "" };
    let operation = format!("{:?}", acl.operation).to_lowercase();
    format!("{operation} {kind} {}{more}", acl.name)
}

fn rights(plan: &mut ChangePlan<ClusterStep>, desired: &Cluster, live: &LiveCluster, scope: &ClusterScope) {
    plan.leave_services(scope.unlisted);
    let (granted, others) = match &live.rights {
        Rights::Unasked => return,
        Rights::Off => {
            if !desired.acls.is_empty() {
                plan.cannot(BrokerChange::new(Action::Cannot, ResourceKind::Right, "all").reason(
                    "the cluster has no authorizer, so everybody may do everything: set `authorizer.class.name` of its brokers, or list no \
                     principals for this environment",
                ));
            }
            return;
        }
        Rights::On { granted, others } => (granted, others),
    };
    let change = |action: Action, acl: &Acl| BrokerChange::new(action, ResourceKind::Right, &acl.principal);
    for acl in desired.acls.difference(granted) {
        let mut change = change(Action::Grant, acl);
        change.new = Some(right(acl));
        plan.make(change, ClusterStep::Grant(acl.clone()));
    }
    for acl in granted.difference(&desired.acls) {
        if scope.principals.contains(&acl.principal) {
            let mut change = change(Action::Revoke, acl).reason("no contract asks for it");
            change.old = Some(right(acl));
            plan.hold(change, scope.allowed.revoke, "--allow revoke", ClusterStep::Revoke(acl.clone()));
        } else {
            plan.leave(ResourceKind::Right, 1);
        }
    }
    plan.leave(ResourceKind::Right, others.values().sum());
    let hosts: usize = others.iter().filter(|(principal, _)| scope.principals.contains(*principal)).map(|(_, count)| count).sum();
    if hosts > 0 {
        plan.notes.push(format!(
            "{} of managed users: of certain hosts, on other resources, or that forbid something; eventc leaves them alone",
            ResourceKind::Right.counted(hosts)
        ));
    }
}

/// The quotas of a user as the broker names them.
fn values(quota: &Quota) -> [(&'static str, Option<u64>); 3] {
    [
        ("producer_byte_rate", quota.producer_byte_rate),
        ("consumer_byte_rate", quota.consumer_byte_rate),
        ("request_percentage", quota.request_percentage.map(u64::from)),
    ]
}

fn quotas(plan: &mut ChangePlan<ClusterStep>, desired: &Cluster, live: &LiveCluster, scope: &ClusterScope) {
    let none = BTreeMap::new();
    for principal in &scope.principals {
        let user = user(principal);
        let found = live.quotas.get(user).unwrap_or(&none);
        for (key, wanted) in values(&desired.quotas.get(principal).copied().unwrap_or_default()) {
            #[expect(clippy::cast_precision_loss, reason = "the broker keeps quotas in this type")]
            let is_same = found.get(key).copied() == wanted.map(|wanted| wanted as f64);
            if is_same {
                continue;
            }
            let action = if wanted.is_some() { Action::Alter } else { Action::Reset };
            let old = found.get(key).map(ToString::to_string);
            let change =
                BrokerChange::new(action, ResourceKind::Quota, principal).setting(key, old, wanted.map(|wanted| wanted.to_string()));
            let step = ClusterStep::Quota(user.to_owned(), key, wanted);
            if wanted.is_some() {
                plan.make(change, step);
            } else {
                plan.hold(change.reason("no service asks for it"), scope.allowed.reset, "--allow reset", step);
            }
        }
    }
    let managed: BTreeSet<&str> = scope.principals.iter().map(|principal| self::user(principal)).collect();
    plan.leave(ResourceKind::Quota, live.quotas.keys().filter(|user| !managed.contains(user.as_str())).count());
}

/// Returns the name of a principal's user.
fn user(principal: &str) -> &str {
    principal.strip_prefix("User:").unwrap_or(principal)
}
