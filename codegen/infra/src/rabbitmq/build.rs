//! From events and their consumers to exchanges, queues, bindings and policies.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{
    catalog::Contract,
    config::{BrokerVersion, Environment, EnvironmentBroker},
    diagnostic::Diagnostic,
    duration::{Duration, Retention},
    settings::{ExchangeType, TopicSettings},
};

use super::{
    Argument, Binding, Exchange, Policy, Queue, VirtualHost, judge,
    queue::{DeadLetterRoute, QueueDemands},
    rights,
};
use crate::{
    origin::{Origin, ResourceRole},
    placed::PlacedEvent,
    stated::Stated,
};

/// The priority of policies: above those that stand on a broker for all queues, which mostly have none.
const POLICY_PRIORITY: i64 = 10;

/// A virtual host in the making.
pub(crate) struct HostBuilder<'a> {
    pub(super) stated: Stated<'a>,
    pub(super) version: BrokerVersion,
    pub(super) host: VirtualHost,
    /// The exchange of each event, by the index of its contract.
    pub(super) events: BTreeMap<usize, (PlacedEvent<'a>, String)>,
    /// The queues of consumers, by name.
    pub(super) drafts: BTreeMap<String, QueueDraft<'a>>,
    streams: BTreeMap<String, (Option<Retention>, Origin)>,
    pub(super) findings: Vec<Diagnostic>,
}

/// A queue in the making.
pub(super) struct QueueDraft<'a> {
    /// The event that was first to ask for it, and its settings.
    pub(super) first: &'a Contract,
    pub(super) settings: TopicSettings,
    pub(super) demands: QueueDemands,
    pub(super) route: Option<DeadLetterRoute>,
    /// The waits before an event is tried again.
    pub(super) waits: Vec<Duration>,
    pub(super) origin: Origin,
    /// The services that read it.
    pub(super) services: BTreeSet<&'a str>,
}

impl<'a> HostBuilder<'a> {
    /// Creates an empty virtual host.
    pub(crate) fn new(stated: Stated<'a>, broker: &EnvironmentBroker) -> Self {
        let host = VirtualHost {
            name: broker.virtual_host().to_owned(),
            exchanges: BTreeMap::new(),
            queues: BTreeMap::new(),
            bindings: BTreeSet::new(),
            policies: BTreeMap::new(),
            permissions: BTreeMap::new(),
            topic_permissions: BTreeMap::new(),
        };
        Self {
            stated,
            version: broker.version(),
            host,
            events: BTreeMap::new(),
            drafts: BTreeMap::new(),
            streams: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Adds the exchange of an event, the queues of its consumers, and its place in the stream.
    pub(crate) fn add(&mut self, event: PlacedEvent<'a>) {
        judge::settings(self, &event);
        let kind = event.settings.exchange_type.unwrap_or(ExchangeType::Topic);
        let Some(exchange) = self.stated.catalog.exchange_of_type(event.contract, kind) else {
            return judge::no_exchange(self, &event);
        };
        self.add_exchange(&exchange, kind, &event);
        self.add_queues(&exchange, kind, &event);
        self.add_to_stream(&exchange, kind, &event);
        self.events.insert(event.index, (event, exchange));
    }

    fn add_exchange(&mut self, name: &str, kind: ExchangeType, event: &PlacedEvent<'a>) {
        let origin = Origin::of(ResourceRole::Events, &event.namespace.name, event.contract);
        match self.host.exchanges.get_mut(name) {
            None => drop(self.host.exchanges.insert(name.to_owned(), Exchange { kind, origin })),
            Some(known) => {
                let was = known.kind;
                known.origin.join(origin);
                if was != kind {
                    judge::disputed_exchange(self, event, name, was);
                }
            }
        }
    }

    fn add_queues(&mut self, exchange: &str, kind: ExchangeType, event: &PlacedEvent<'a>) {
        for consumer in self.stated.catalog.consumers(event.contract) {
            let Some(name) = consumer.queue.as_deref() else {
                judge::no_queue(self, event, consumer);
                continue;
            };
            let key = binding_key(event);
            judge::binding(self, event, kind, &key);
            self.bind(exchange, kind, event, name, &key);
            let route = dead_letter_route(event, name, &key);
            let origin = Origin::of(ResourceRole::Events, &event.namespace.name, event.contract);
            match self.drafts.get_mut(name) {
                None => {
                    let draft = QueueDraft {
                        first: event.contract,
                        demands: QueueDemands::of(&event.settings, route.as_ref(), self.version),
                        settings: event.settings.clone(),
                        route,
                        waits: waits(&event.settings),
                        origin,
                        services: BTreeSet::from([&*consumer.service]),
                    };
                    self.drafts.insert(name.to_owned(), draft);
                }
                Some(draft) => {
                    draft.origin.join(origin);
                    draft.services.insert(&consumer.service);
                    judge::disputed_queue(self, event, name, route.as_ref());
                }
            }
        }
    }

    /// Adds a binding of an exchange to a queue for an event.
    fn bind(&mut self, exchange: &str, kind: ExchangeType, event: &PlacedEvent<'_>, queue: &str, key: &str) {
        let (routing_key, arguments) = match kind {
            ExchangeType::Topic | ExchangeType::Direct => (key.to_owned(), BTreeMap::new()),
            ExchangeType::Fanout => (String::new(), BTreeMap::new()),
            ExchangeType::Headers => {
                let headers = [("x-match", "all"), ("topic", &event.contract.topic)];
                (String::new(), headers.map(|(name, value)| (name.to_owned(), Argument::from(value))).into())
            }
        };
        self.host.bindings.insert(Binding { exchange: exchange.to_owned(), queue: queue.to_owned(), routing_key, arguments });
    }

    fn add_to_stream(&mut self, exchange: &str, kind: ExchangeType, event: &PlacedEvent<'_>) {
        let Some(template) = &event.namespace.stream else { return };
        let name = template.replace("{exchange}", exchange).replace("{domain}", event.contract.domain());
        self.bind(exchange, kind, event, &name, &event.contract.topic);
        let (kept, origin) = (event.settings.retention, Origin::of(ResourceRole::Archive, &event.namespace.name, event.contract));
        match self.streams.get_mut(&name) {
            None => drop(self.streams.insert(name, (kept, origin))),
            Some((longest, by)) => {
                // An event that is kept for ever, or says nothing, keeps the others.
                *longest = longest.zip(kept).map(|(a, b)| a.longer(b));
                by.join(origin);
            }
        }
    }

    /// Returns the virtual host, with the permissions of the services that the environment lists, and what is wrong with it.
    pub(crate) fn finish(mut self, environment: &Environment) -> (VirtualHost, Vec<Diagnostic>) {
        judge::names(&mut self);
        let drafts = std::mem::take(&mut self.drafts);
        for (name, draft) in &drafts {
            self.add_queue(name, draft.demands.arguments.clone(), draft.demands.policy.clone(), draft.demands.prefetch, &draft.origin);
            self.add_dead_letters(draft);
            self.add_ladder(name, draft);
        }
        for (name, (kept, origin)) in std::mem::take(&mut self.streams) {
            let arguments = BTreeMap::from([("x-queue-type".to_owned(), Argument::from("stream"))]);
            let policy = match kept {
                Some(Retention::For(kept)) => BTreeMap::from([("max-age".to_owned(), Argument::Text(max_age(kept)))]),
                Some(Retention::Forever) | None => BTreeMap::new(),
            };
            self.add_queue(&name, arguments, policy, None, &origin);
        }
        self.drafts = drafts;
        rights::add(&mut self, environment);
        (self.host, self.findings)
    }

    /// Adds a queue and its policy.
    fn add_queue(
        &mut self,
        name: &str,
        arguments: BTreeMap<String, Argument>,
        definition: BTreeMap<String, Argument>,
        prefetch: Option<u16>,
        origin: &Origin,
    ) {
        self.host.queues.entry(name.to_owned()).or_insert_with(|| Queue { arguments, prefetch, origin: origin.clone() });
        if !definition.is_empty() {
            let policy = Policy { pattern: exactly([name]), priority: POLICY_PRIORITY, definition };
            self.host.policies.entry(name.to_owned()).or_insert(policy);
        }
    }

    /// Adds the queue for what the consumers of a queue could not process, and the exchange before it.
    fn add_dead_letters(&mut self, draft: &QueueDraft<'_>) {
        let Some(route) = &draft.route else { return };
        let origin = Origin { role: ResourceRole::DeadLetters, keyed: false, ..draft.origin.clone() };
        if let Some(known) = self.host.queues.get_mut(&route.queue) {
            known.origin.join(origin.clone());
        } else {
            let (arguments, policy) = draft.demands.of_dead_letters(route.retention);
            self.add_queue(&route.queue, arguments, policy, None, &origin);
        }
        if route.exchange.is_empty() {
            return;
        }
        match self.host.exchanges.get_mut(&route.exchange) {
            Some(known) => known.origin.join(origin),
            None => drop(self.host.exchanges.insert(route.exchange.clone(), Exchange { kind: ExchangeType::Topic, origin })),
        }
        let (exchange, queue, routing_key) = (route.exchange.clone(), route.queue.clone(), route.routing_key.clone());
        self.host.bindings.insert(Binding { exchange, queue, routing_key, arguments: BTreeMap::new() });
    }

    /// Adds the queues in which an event waits before it is tried again, and the exchange that leads into them: so a service that may try
    /// again may send into these alone.
    fn add_ladder(&mut self, name: &str, draft: &QueueDraft<'_>) {
        let origin = Origin { role: ResourceRole::Retry, keyed: false, ..draft.origin.clone() };
        for wait in &draft.waits {
            let exchange = retry_exchange(name);
            let rung = format!("{exchange}.{wait}");
            let (arguments, policy) = draft.demands.of_rung(*wait, name);
            self.add_queue(&rung, arguments, policy, None, &origin);
            self.host.exchanges.entry(exchange.clone()).or_insert_with(|| Exchange { kind: ExchangeType::Direct, origin: origin.clone() });
            self.host.bindings.insert(Binding { exchange, queue: rung, routing_key: wait.to_string(), arguments: BTreeMap::new() });
        }
    }
}

/// Returns the exchange that leads to the queues in which what is tried again waits for a queue.
pub(super) fn retry_exchange(queue: &str) -> String {
    format!("{queue}.retry")
}

/// Returns the key that the queues of an event's consumers are bound by.
fn binding_key(event: &PlacedEvent<'_>) -> String {
    let topic = &event.contract.topic;
    event
        .namespace
        .binding
        .as_ref()
        .map_or_else(|| topic.clone(), |template| template.replace("{topic}", topic).replace("{domain}", event.contract.domain()))
}

/// Returns the way of what is dead in a queue.
fn dead_letter_route(event: &PlacedEvent<'_>, queue: &str, binding: &str) -> Option<DeadLetterRoute> {
    let policy = event.settings.dead_letter.as_ref()?;
    let topic = policy.topic_of(&event.contract.topic);
    let retention = policy.retention.or(event.settings.retention);
    let filled =
        |template: &str| template.replace("{queue}", queue).replace("{topic}", &event.contract.topic).replace("{binding}", binding);
    Some(match &policy.queue {
        None => DeadLetterRoute { exchange: String::new(), routing_key: topic.clone(), queue: topic, retention },
        Some(behind) => DeadLetterRoute {
            exchange: topic,
            routing_key: filled(policy.routing_key.as_deref().unwrap_or("{queue}")),
            queue: filled(behind),
            retention,
        },
    })
}

/// Returns the waits before an event is tried again, each once.
pub(super) fn waits(settings: &TopicSettings) -> Vec<Duration> {
    let Some(policy) = &settings.dead_letter else { return Vec::new() };
    let tries = usize::try_from(policy.retries).unwrap_or(usize::MAX);
    let mut waits: Vec<Duration> = policy.backoff.iter().take(tries).copied().filter(|wait| wait.millis() > 0).collect();
    waits.sort_by_key(|wait| wait.millis());
    waits.dedup_by_key(|wait| wait.millis());
    waits
}

/// Returns a time as streams spell it: a number with one of the units that they know.
fn max_age(kept: Duration) -> String {
    format!("{}s", kept.millis().div_ceil(1000))
}

/// Returns the regular expression that exactly some names fit.
pub(super) fn exactly<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let escaped = |name: &str| -> String {
        name.chars().flat_map(|c| [Some('\\').filter(|_| "\\.+*?()|[]{}^$".contains(c)), Some(c)]).flatten().collect()
    };
    let names: Vec<String> = names.into_iter().map(escaped).collect();
    match &names[..] {
        [] => "^$".to_owned(),
        [name] => format!("^{name}$"),
        names => format!("^({})$", names.join("|")),
    }
}
