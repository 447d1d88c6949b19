//! What the settings of an event ask of a queue, and the queues beside it: for its dead letters, and for what is tried again.

use std::collections::BTreeMap;

use eventc_model::{
    config::BrokerVersion,
    duration::{Duration, Retention},
    settings::{Order, Overflow, QueueType, TopicSettings},
};

use super::Argument;

/// The version from which on queues are not mirrored, but quorums.
const WITHOUT_MIRRORS: BrokerVersion = BrokerVersion { major: 4, minor: 0 };

/// The version from which on quorums have priorities.
pub(super) const QUORUM_PRIORITIES: BrokerVersion = BrokerVersion { major: 4, minor: 3 };

/// What settings ask of a queue on a version of the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueueDemands {
    /// What only recreation changes.
    pub(super) arguments: BTreeMap<String, Argument>,
    /// What a policy says.
    pub(super) policy: BTreeMap<String, Argument>,
    pub(super) prefetch: Option<u16>,
    /// The copies that queues beside it have as well.
    copies: Copies,
}

/// How a queue and those beside it are copied to other nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copies {
    None,
    Mirrors(u32),
    Quorum(Option<u32>),
}

impl Copies {
    fn of(settings: &TopicSettings, version: BrokerVersion) -> Self {
        match (settings.queue_type, settings.ha) {
            (Some(QueueType::Quorum), size) => Self::Quorum(size),
            (_, Some(copies)) if version < WITHOUT_MIRRORS => Self::Mirrors(copies),
            (None, Some(size)) => Self::Quorum(Some(size)),
            _ => Self::None,
        }
    }

    fn arguments(self) -> Vec<(&'static str, Argument)> {
        let Self::Quorum(size) = self else { return Vec::new() };
        let size = size.map(|size| ("x-quorum-initial-group-size", Argument::from(size)));
        std::iter::once(("x-queue-type", Argument::from("quorum"))).chain(size).collect()
    }

    fn policy(self) -> Vec<(&'static str, Argument)> {
        let Self::Mirrors(copies) = self else { return Vec::new() };
        vec![("ha-mode", "exactly".into()), ("ha-params", copies.into()), ("ha-sync-mode", "automatic".into())]
    }
}

/// Returns whether settings ask for a quorum on a version of the broker.
pub(super) fn is_quorum(settings: &TopicSettings, version: BrokerVersion) -> bool {
    matches!(Copies::of(settings, version), Copies::Quorum(_))
}

/// A place that dead letters are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeadLetterRoute {
    /// The exchange; empty for the default one, which leads to the queue of that name.
    pub(super) exchange: String,
    pub(super) routing_key: String,
    pub(super) queue: String,
    /// The time for which they are kept.
    pub(super) retention: Option<Retention>,
}

impl QueueDemands {
    /// Returns what settings ask of a queue whose dead letters take a route.
    pub(super) fn of(settings: &TopicSettings, route: Option<&DeadLetterRoute>, version: BrokerVersion) -> Self {
        let copies = Copies::of(settings, version);
        let one_at_a_time = settings.order == Some(Order::Key) || settings.single_active_consumer == Some(true);
        let own = [
            ("x-max-priority", settings.priority.map(|priority| u32::from(priority).into())),
            ("x-single-active-consumer", one_at_a_time.then_some(Argument::Flag(true))),
        ];
        let arguments = copies.arguments().into_iter().chain(present(own));
        let overflow = settings.overflow.map(|overflow| overflow.as_str().into());
        let stated = [
            ("message-ttl", settings.ttl.map(millis)),
            ("max-length", settings.max_length.map(Argument::from)),
            ("max-length-bytes", settings.max_length_bytes.map(|bytes| Argument::Number(i64::try_from(bytes).unwrap_or(i64::MAX)))),
            ("overflow", overflow.or_else(|| loses_nothing(copies, settings).then(|| Overflow::RejectPublish.as_str().into()))),
            ("dead-letter-strategy", loses_nothing(copies, settings).then(|| "at-least-once".into()).filter(|_| route.is_some())),
            ("dead-letter-exchange", route.map(|route| route.exchange.as_str().into())),
            ("dead-letter-routing-key", route.map(|route| route.routing_key.as_str().into())),
        ];
        let policy = copies.policy().into_iter().chain(present(stated));
        Self { arguments: owned(arguments), policy: owned(policy), prefetch: settings.prefetch, copies }
    }

    /// Returns the arguments and the policy of the queue for dead letters that are kept for a time.
    pub(super) fn of_dead_letters(&self, retention: Option<Retention>) -> (BTreeMap<String, Argument>, BTreeMap<String, Argument>) {
        let kept = match retention {
            Some(Retention::For(kept)) => Some(millis(kept)),
            Some(Retention::Forever) | None => None,
        };
        (owned(self.copies.arguments()), owned(self.copies.policy().into_iter().chain(present([("message-ttl", kept)]))))
    }

    /// Returns the arguments and the policy of the queue in which an event waits before it goes back into a queue. Its name says for how
    /// long and for which queue: nothing of it ever changes, so it has all of it from the start.
    pub(super) fn of_rung(&self, wait: Duration, queue: &str) -> (BTreeMap<String, Argument>, BTreeMap<String, Argument>) {
        let own = [
            ("x-message-ttl", Some(millis(wait))),
            ("x-dead-letter-exchange", Some("".into())),
            ("x-dead-letter-routing-key", Some(queue.into())),
        ];
        let safe = [("x-dead-letter-strategy", "at-least-once".into()), ("x-overflow", Overflow::RejectPublish.as_str().into())];
        let safe = safe.into_iter().filter(|_| matches!(self.copies, Copies::Quorum(_)));
        let arguments = self.copies.arguments().into_iter().chain(present(own)).chain(safe);
        (owned(arguments), owned(self.copies.policy()))
    }
}

/// Returns whether a queue hands dead letters on until somebody has them. Only a quorum does, and only one that drops nothing.
fn loses_nothing(copies: Copies, settings: &TopicSettings) -> bool {
    let drops = settings.overflow.is_some_and(|overflow| overflow != Overflow::RejectPublish);
    matches!(copies, Copies::Quorum(_)) && !drops && settings.dead_letter.is_some()
}

fn millis(span: Duration) -> Argument {
    Argument::Number(i64::try_from(span.millis()).unwrap_or(i64::MAX))
}

fn present<const N: usize>(pairs: [(&'static str, Option<Argument>); N]) -> impl Iterator<Item = (&'static str, Argument)> {
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

fn owned(pairs: impl IntoIterator<Item = (&'static str, Argument)>) -> BTreeMap<String, Argument> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
