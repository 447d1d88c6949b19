//! The brokers of an environment: what each should have, and the way to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use eventc_infra::{
    BrokerState, Origin,
    kafka::{Cluster, Topic, retired},
    rabbitmq::VirtualHost,
};
use eventc_model::{
    catalog::Catalog,
    config::{Broker, Environment, EnvironmentBroker},
    date::Date,
    history::History,
};

use crate::{
    access::Access,
    error::BusError,
    kafka,
    outcome::Outcome,
    plan::{Allowed, BrokerChange, ChangePlan},
    rabbitmq::{self, Management as _},
};

/// How many times as long as an answer a broker may take to show more of what its controller made: a busy one makes the files of some
/// hundred topics at a time.
const SETTLING: u32 = 4;

/// What a person says about a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The kind of brokers that it is about; all, where absent.
    pub only: Option<Broker>,
    /// What may be taken away.
    pub allowed: Allowed,
    /// Whether what belongs to contracts past their sunset is deleted.
    pub prune: bool,
    /// The day that decides about sunsets.
    pub today: Date,
    /// The time that a broker has for an answer.
    pub timeout: Duration,
}

/// A broker of an environment that is about to be asked.
#[derive(Debug)]
pub struct BrokerAccess<'a> {
    /// Its name in the environment.
    pub name: String,
    settings: &'a EnvironmentBroker,
    access: Access,
    desired: BrokerState,
    /// The topics of contracts whose files are gone.
    retired: BTreeMap<String, Topic>,
    principals: BTreeSet<String>,
    unlisted: usize,
}

/// Returns the brokers of an environment. `history` names what belongs to contracts whose files are gone.
///
/// # Errors
/// Where the configuration has no such environment, or none of the kind that is asked for.
pub fn brokers<'a>(
    catalog: &'a Catalog,
    history: &History,
    base: &Path,
    environment: &str,
    only: Option<Broker>,
) -> Result<Vec<BrokerAccess<'a>>, BusError> {
    let known = &catalog.config.environments;
    let (Some(settings), Some(state)) = (known.get(environment), eventc_infra::desired(catalog, environment)) else {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        let help =
            if names.is_empty() { "add [environments.NAME] to eventc.toml".to_owned() } else { format!("one of {}", names.join(", ")) };
        return Err(BusError::Setting(format!("there is no environment {environment:?}\nhelp: {help}")));
    };
    let chosen = state.brokers.into_iter().filter_map(|(name, desired)| {
        let broker = settings.brokers.get(&name).filter(|broker| only.is_none_or(|kind| kind == broker.kind))?;
        Some(BrokerAccess {
            settings: broker,
            access: Access { base: base.to_path_buf(), broker: name.clone() },
            principals: principals(settings, broker.kind),
            retired: retired(catalog, history, settings, &name),
            unlisted: unlisted(catalog, settings, &name),
            name,
            desired,
        })
    });
    let chosen: Vec<_> = chosen.collect();
    if chosen.is_empty() {
        let kind = only.map_or("broker", Broker::as_str);
        return Err(BusError::Setting(format!(
            "the environment {environment:?} has no {kind}\nhelp: add one under [environments.{environment}.brokers]"
        )));
    }
    Ok(chosen)
}

/// The users of managed services, as brokers of a kind name them.
fn principals(environment: &Environment, kind: Broker) -> BTreeSet<String> {
    let name = |principal: &eventc_model::config::Principal| match kind {
        Broker::Kafka => principal.on_kafka(),
        Broker::Rabbitmq => principal.user().to_owned(),
    };
    environment.principals.values().map(name).collect()
}

/// The number of services that send or read events on a broker and that the environment does not list.
fn unlisted(catalog: &Catalog, environment: &Environment, broker: &str) -> usize {
    let is_here = |index: &usize| {
        let namespace = catalog.namespace(&catalog.contracts[*index]);
        environment.broker_of(namespace).is_some_and(|(name, _)| name == broker)
    };
    let services = catalog.traffic.services().iter().filter(|(_, traffic)| traffic.sends.iter().chain(&traffic.reads).any(is_here));
    services.filter(|(name, _)| !environment.principals.contains_key(*name)).count()
}

impl BrokerAccess<'_> {
    /// Returns where it is, for people.
    ///
    /// # Errors
    /// Where a variable has no value.
    pub fn address(&self) -> Result<String, BusError> {
        match self.settings.kind {
            Broker::Kafka => Ok(self.servers()?.join(",")),
            Broker::Rabbitmq => {
                let url = self.management()?;
                let shown = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest.rsplit_once('@').map_or(rest, |(_, host)| host));
                Ok(format!("{shown}, virtual host {}", self.settings.virtual_host()))
            }
        }
    }

    fn servers(&self) -> Result<Vec<String>, BusError> {
        let servers: Vec<String> = self.settings.servers.iter().map(|server| self.access.text(server)).collect::<Result<_, _>>()?;
        if servers.is_empty() {
            return Err(BusError::Setting(format!("{}: it has no `servers`\nhelp: add the addresses that clients ask first", self.name)));
        }
        Ok(servers)
    }

    fn management(&self) -> Result<String, BusError> {
        let Some(url) = &self.settings.management else {
            let message = "it has no `management`\nhelp: add the URL of its management API, such as \"http://rabbit.example:15672\"";
            return Err(BusError::Setting(format!("{}: {message}", self.name)));
        };
        self.access.text(url)
    }

    /// Connects to it.
    ///
    /// # Errors
    /// Where a setting is missing, nobody answers, or the broker does not take the user.
    pub fn connect(self, options: &RunOptions) -> Result<LiveBroker, BusError> {
        let (allowed, timeout) = (options.allowed.clone(), options.timeout);
        let is_past = |origin: &Origin| options.prune && origin.sunset.is_some_and(|day| day < options.today);
        let link = match &self.desired {
            BrokerState::Kafka(desired) => {
                let security = self.access.kafka(&self.settings.security)?;
                let client = kafka::KafkaClient::connect(&self.name, &self.servers()?, security, timeout)?;
                let mut desired = desired.clone();
                for (name, topic) in self.retired.iter().filter(|(_, topic)| is_past(&topic.origin)) {
                    desired.topics.entry(name.clone()).or_insert_with(|| topic.clone());
                }
                let scope = kafka::ClusterScope {
                    allowed,
                    principals: self.principals.clone(),
                    unlisted: self.unlisted,
                    ignored: self.settings.ignore_settings.clone(),
                    pruned: desired.topics.iter().filter(|(_, topic)| is_past(&topic.origin)).map(|(name, _)| name.clone()).collect(),
                };
                Link::Kafka(client, desired, scope)
            }
            BrokerState::RabbitMq(desired) => {
                let security = &self.settings.security;
                let user = security.username.as_ref().zip(security.password.as_ref());
                let user =
                    user.map(|(name, password)| Ok::<_, BusError>((self.access.text(name)?, self.access.text(password)?))).transpose()?;
                let tls = self.access.http_tls(security)?;
                let client =
                    rabbitmq::RabbitMqClient::new(&self.name, &self.management()?, user, self.settings.virtual_host(), tls, timeout)?;
                let exchanges = desired.exchanges.iter().map(|(name, exchange)| (name, &exchange.origin));
                let queues = desired.queues.iter().map(|(name, queue)| (name, &queue.origin));
                let pruned = exchanges.chain(queues).filter(|(_, origin)| is_past(origin)).map(|(name, _)| name.clone()).collect();
                let scope = rabbitmq::HostScope { allowed, users: self.principals.clone(), unlisted: self.unlisted, pruned };
                Link::Rabbitmq(client, desired.clone(), scope)
            }
        };
        Ok(LiveBroker { name: self.name, link, timeout })
    }
}

/// A broker that answers.
#[derive(Debug)]
pub struct LiveBroker {
    /// Its name in the environment.
    pub name: String,
    link: Link,
    timeout: Duration,
}

#[derive(Debug)]
enum Link {
    Kafka(kafka::KafkaClient, Cluster, kafka::ClusterScope),
    Rabbitmq(rabbitmq::RabbitMqClient, VirtualHost, rabbitmq::HostScope),
}

/// What differs on a broker.
#[derive(Debug, Clone, PartialEq)]
pub enum BrokerPlan {
    /// On a Kafka cluster.
    Kafka(ChangePlan<kafka::ClusterStep>),
    /// In a virtual host of a RabbitMQ.
    Rabbitmq(ChangePlan<rabbitmq::HostStep>),
}

impl LiveBroker {
    /// Returns what differs now.
    ///
    /// # Errors
    /// Where the broker is away, slow, or refuses.
    pub fn plan(&self) -> Result<BrokerPlan, BusError> {
        Ok(match &self.link {
            Link::Kafka(client, desired, scope) => BrokerPlan::Kafka(kafka::read_plan(client, desired, scope)?),
            Link::Rabbitmq(client, desired, scope) => {
                let live = client.read(!scope.users.is_empty())?;
                BrokerPlan::Rabbitmq(rabbitmq::plan(desired, &live, scope))
            }
        })
    }

    /// Does what can be done of a plan; each change that is made is told to `done` at once.
    ///
    /// # Panics
    /// Where the plan is that of another kind of broker.
    pub fn apply(&self, plan: &BrokerPlan, done: &mut dyn FnMut(&BrokerChange)) -> Outcome {
        match (&self.link, plan) {
            (Link::Kafka(client, desired, scope), BrokerPlan::Kafka(plan)) => {
                kafka::apply(plan, client, &|| kafka::read_plan(client, desired, scope), self.timeout * SETTLING, done)
            }
            (Link::Rabbitmq(client, ..), BrokerPlan::Rabbitmq(plan)) => rabbitmq::apply(plan, client, done),
            _ => panic!("the plan of another kind of broker"),
        }
    }

    /// Returns the topics of a Kafka cluster that contracts name, as they are; `None` on a RabbitMQ.
    ///
    /// # Errors
    /// Where the broker is away, slow, or refuses.
    pub fn topics(&self) -> Result<Option<kafka::LiveCluster>, BusError> {
        match &self.link {
            Link::Kafka(client, desired, _) => Ok(Some(kafka::LiveCluster::read(client, desired, &BTreeSet::new())?)),
            Link::Rabbitmq(..) => Ok(None),
        }
    }
}
