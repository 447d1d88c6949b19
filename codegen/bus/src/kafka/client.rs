//! A Kafka cluster over the network.

#![allow(clippy::default_trait_access, reason = "the call says whose options they are")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    future::Future,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use eventc_infra::kafka::Acl;
use krafka::{
    __private::{kafka_metadata, kafka_pool, protocol::ApiKey},
    Kafka,
    admin::{
        AdminClient, AlterPartitionReassignmentsOptions, ClientQuotaAlteration, ClientQuotaEntity, ClientQuotaFilter, ConfigOp,
        ConfigResource, DescribeConfigsOptions, NewTopic as KrafkaTopic, OffsetSpec, QuotaMatch, TopicDescription, TopicPartition,
    },
    auth::AuthConfig,
    error::{ErrorCode, KrafkaError, ProtocolErrorKind},
};
use tokio::runtime::Runtime;

use super::{
    admin::{Admin, NewTopic, Outcomes, Settings},
    live::{Events, LiveTopic, Question, Rights},
    placement, rights,
};
use crate::error::BusError;

/// Topics, settings or rights in one request: a controller takes 10,000 records at a time, and a topic has one for each partition.
const BATCH: usize = 500;

/// Partitions of new topics in one request, for the same reason.
const PARTITION_BATCH: u32 = 5_000;

/// Where a value of a topic's setting comes from, in the protocol's words: the topic itself.
const OF_TOPIC: i8 = 1;

/// The brokers that are to have the copies of partitions.
type Moves = HashMap<TopicPartition, Option<Vec<i32>>>;

/// A connection to a cluster.
#[derive(Debug)]
pub struct KafkaClient {
    /// The name of the broker in the environment.
    broker: String,
    servers: String,
    kafka: Kafka,
    admin: AdminClient,
    runtime: Runtime,
}

impl KafkaClient {
    /// Connects to a cluster.
    ///
    /// # Errors
    /// Where nobody answers, or the cluster does not take the user.
    pub fn connect(broker: &str, servers: &[String], security: AuthConfig, timeout: Duration) -> Result<Self, BusError> {
        let servers = servers.join(",");
        let setting = |cause: &dyn std::fmt::Display| BusError::Setting(format!("{broker}: {cause}"));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|cause| setting(&cause))?;
        let connection = Kafka::builder(&servers)
            .client_id("eventc")
            .security(security)
            .connect_timeout(timeout.min(Duration::from_secs(10)))
            .request_timeout(timeout)
            .connect();
        let told = |error| told(broker, &servers, "connecting", error);
        let kafka = runtime
            .block_on(async { tokio::time::timeout(timeout, connection).await })
            .map_err(|_| told(KrafkaError::timeout("connecting")))?
            .map_err(told)?;
        let admin = kafka.admin().default_api_timeout(timeout);
        Ok(Self { broker: broker.to_owned(), servers, kafka, admin, runtime })
    }

    /// Waits for an answer.
    fn wait<T>(&self, what: &str, call: impl Future<Output = krafka::Result<T>>) -> Result<T, BusError> {
        self.runtime.block_on(call).map_err(|error| told(&self.broker, &self.servers, what, error))
    }

    /// Sends items in batches that a controller takes, and says what became of each.
    fn send<Item: Clone>(
        &self,
        what: &str,
        batches: Vec<Vec<Item>>,
        call: impl AsyncFn(Vec<Item>) -> krafka::Result<Vec<(Item, krafka::Result<()>)>>,
    ) -> Outcomes<Item> {
        let mut outcomes = Vec::new();
        let told = |error| told(&self.broker, &self.servers, what, error);
        for batch in batches {
            match self.runtime.block_on(call(batch.clone())) {
                Ok(answers) => outcomes.extend(answers.into_iter().map(|(item, answer)| (item, answer.map_err(told)))),
                Err(error) => outcomes.extend(batch.into_iter().map(|item| (item, Err(told(error.clone()))))),
            }
        }
        outcomes
    }

    /// Sends a request that the client has no call for to any broker, which hands it on to the controller.
    async fn ask(&self, api: ApiKey, request: Vec<u8>) -> krafka::Result<Vec<u8>> {
        let mut failed = KrafkaError::timeout("a broker to ask");
        for broker in kafka_metadata(&self.kafka).brokers() {
            match kafka_pool(&self.kafka).get_connection_by_id(broker.id(), broker.address()).await {
                Ok(connection) => {
                    let sent = connection.send_request(api, rights::VERSION, |bytes| {
                        bytes.extend_from_slice(&request);
                        Ok(())
                    });
                    return Ok(sent.await?.to_vec());
                }
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    fn described(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, TopicDescription>, BusError> {
        let answers = self.wait("reading topics", self.admin.describe_topics(names, Default::default()))?;
        self.known("reading topics", answers)
    }

    /// Returns what a broker knows of topics, without those that it does not know.
    fn known<T>(
        &self,
        what: &str,
        answers: impl IntoIterator<Item = (String, krafka::Result<T>)>,
    ) -> Result<BTreeMap<String, T>, BusError> {
        let mut known = BTreeMap::new();
        for (name, answer) in answers {
            match answer {
                Ok(value) => drop(known.insert(name, value)),
                Err(error) if is_unknown(&error) => {}
                Err(error) => return Err(told(&self.broker, &self.servers, &format!("{what}, {name}"), error)),
            }
        }
        Ok(known)
    }

    fn offsets(&self, wanted: &[(TopicPartition, OffsetSpec)]) -> Result<HashMap<TopicPartition, Option<i64>>, BusError> {
        let answers = self.wait("counting events", self.admin.list_offsets(wanted.iter().cloned(), Default::default()))?;
        let mut offsets = HashMap::new();
        for (partition, answer) in answers {
            let offset = match answer {
                Ok(found) => Some(found.offset),
                // Nothing is as young as was asked.
                Err(KrafkaError::Broker { code: ErrorCode::OffsetNotAvailable, .. }) => None,
                Err(error) => return Err(told(&self.broker, &self.servers, "counting events", error)),
            };
            offsets.insert(partition, offset);
        }
        Ok(offsets)
    }
}

impl Admin for KafkaClient {
    fn brokers(&self) -> Result<usize, BusError> {
        let cluster = self.wait("reading the cluster", self.admin.describe_cluster(Default::default()))?;
        Ok(cluster.brokers.iter().filter(|broker| !broker.is_fenced).count())
    }

    fn topic_names(&self) -> Result<BTreeSet<String>, BusError> {
        Ok(self.wait("listing topics", self.admin.list_topics(Default::default()))?.into_iter().collect())
    }

    fn topics(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, LiveTopic>, BusError> {
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let described = self.described(names)?;
        let resources = described.keys().map(ConfigResource::topic);
        let answers = self.wait("reading settings", self.admin.describe_configs(resources, DescribeConfigsOptions::default()))?;
        let answers = answers.into_iter().map(|(resource, answer)| (resource.name, answer));
        let mut settings = self.known("reading settings", answers)?;
        let mut topics = BTreeMap::new();
        for (name, topic) in described {
            let Some(entries) = settings.remove(&name) else { continue };
            let copies = topic.partitions.iter().map(|partition| partition.replicas.len()).min().unwrap_or(0);
            let mut live = LiveTopic {
                partitions: u32::try_from(topic.partitions.len()).unwrap_or(u32::MAX),
                replication: u32::try_from(copies).unwrap_or(u32::MAX),
                ..LiveTopic::default()
            };
            for entry in entries {
                let values = if entry.config_source == OF_TOPIC { &mut live.overrides } else { &mut live.inherited };
                values.insert(entry.name, entry.value.unwrap_or_default());
            }
            topics.insert(name, live);
        }
        Ok(topics)
    }

    fn rights(&self) -> Result<Rights, BusError> {
        let answer = self.wait("reading rights", self.ask(ApiKey::DescribeAcls, rights::describe()))?;
        let told = |error| told(&self.broker, &self.servers, "reading rights", error);
        let (code, rights) = rights::described(&answer).ok_or_else(|| told(torn()))?;
        match verdict(code) {
            Err(KrafkaError::Broker { code: ErrorCode::SecurityDisabled, .. }) => Ok(Rights::Off),
            Err(error) => Err(told(error)),
            Ok(()) => Ok(rights),
        }
    }

    fn quotas(&self) -> Result<BTreeMap<String, BTreeMap<String, f64>>, BusError> {
        let users = ClientQuotaFilter::all().component("user", QuotaMatch::Any).strict(true);
        let answer = self.wait("reading quotas", self.admin.describe_client_quotas(users, Default::default()))?;
        let named = answer.into_iter().filter_map(|(entity, values)| {
            let user = entity.0.into_values().next().flatten()?;
            Some((user, values.into_iter().collect()))
        });
        Ok(named.collect())
    }

    fn events(&self, questions: &[Question]) -> Result<BTreeMap<String, Events>, BusError> {
        let names = questions.iter().map(|question| question.topic.clone()).collect();
        let described = self.described(&names)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let partitions = |topic: &str| {
            let count = described.get(topic).map_or(0, |topic| topic.partitions.len());
            (0..count).map(|index| TopicPartition::new(topic, i32::try_from(index).unwrap_or(i32::MAX))).collect::<Vec<_>>()
        };
        let of = |spec: &dyn Fn(&Question) -> Option<OffsetSpec>| {
            let asked = questions.iter().filter_map(|question| Some((question, spec(question)?)));
            asked.flat_map(|(question, spec)| partitions(&question.topic).into_iter().map(move |at| (at, spec))).collect::<Vec<_>>()
        };
        let earliest = self.offsets(&of(&|_| Some(OffsetSpec::Earliest)))?;
        let latest = self.offsets(&of(&|_| Some(OffsetSpec::Latest)))?;
        let since = |age: u64| OffsetSpec::Timestamp(i64::try_from(now.saturating_sub(u128::from(age))).unwrap_or(0));
        let young = self.offsets(&of(&|question| question.older_than.map(since)))?;
        let mut events = BTreeMap::new();
        for question in questions {
            let counts: &mut Events = events.entry(question.topic.clone()).or_default();
            for partition in partitions(&question.topic) {
                let at = |offsets: &HashMap<TopicPartition, Option<i64>>| offsets.get(&partition).copied().flatten();
                let (Some(first), Some(end)) = (at(&earliest), at(&latest)) else { continue };
                counts.all += u64::try_from(end - first).unwrap_or(0);
                if question.older_than.is_some() {
                    counts.older += u64::try_from(at(&young).unwrap_or(end) - first).unwrap_or(0);
                }
            }
        }
        Ok(events)
    }

    fn create(&self, topics: Vec<NewTopic>) -> Outcomes<String> {
        let mut refused = Vec::new();
        let mut batches = Batches::default();
        for topic in topics {
            let partitions = topic.partitions.unwrap_or(1);
            match new_topic(&topic) {
                Ok(new) => batches.add(new, partitions),
                Err(error) => refused.push((topic.name.clone(), Err(told(&self.broker, &self.servers, "creating topics", error)))),
            }
        }
        let outcomes = self.send("creating topics", batches.done(), async |batch: Vec<KrafkaTopic>| {
            let answers = self.admin.create_topics(batch.clone(), Default::default()).await?;
            Ok(batch.into_iter().map(|topic| (topic.clone(), already(answers.get(&topic.name)))).collect())
        });
        let outcomes = outcomes.into_iter().map(|(topic, outcome)| (topic.name, outcome));
        refused.into_iter().chain(outcomes).collect()
    }

    fn repartition(&self, totals: Vec<(String, u32)>) -> Outcomes<String> {
        let outcomes = self.send("adding partitions", batched(totals), async |batch: Vec<(String, u32)>| {
            let wanted = batch.iter().map(|(name, total)| (name, i32::try_from(*total).unwrap_or(i32::MAX)));
            let answers = self.admin.create_partitions(wanted, Default::default()).await?;
            Ok(batch.into_iter().map(|item| (item.clone(), answer(answers.get(&item.0)))).collect())
        });
        outcomes.into_iter().map(|((name, _), outcome)| (name, outcome)).collect()
    }

    fn replicate(&self, copies: Vec<(String, u32)>) -> Outcomes<String> {
        let failed = |error: BusError| copies.iter().map(|(name, _)| (name.clone(), Err(error.clone()))).collect();
        let names = copies.iter().map(|(name, _)| name.clone()).collect();
        let (cluster, described) = match self
            .wait("reading the cluster", self.admin.describe_cluster(Default::default()))
            .and_then(|cluster| Ok((cluster, self.described(&names)?)))
        {
            Ok(found) => found,
            Err(error) => return failed(error),
        };
        let mut brokers = placement::Load::of(cluster.brokers.iter().filter(|broker| !broker.is_fenced).map(|broker| broker.id));
        let moves: Vec<(String, Moves)> = copies
            .iter()
            .filter_map(|(name, wanted)| {
                let partitions = described.get(name)?.partitions.iter();
                let placed = partitions.map(|partition| {
                    (TopicPartition::new(name.clone(), partition.partition), Some(brokers.place(&partition.replicas, *wanted as usize)))
                });
                Some((name.clone(), placed.collect()))
            })
            .collect();
        let options = || AlterPartitionReassignmentsOptions::default().allow_replication_factor_change(true);
        let outcomes = self.send("moving partitions", batched(moves), async |batch| {
            let wanted = batch.iter().flat_map(|(_, partitions)| partitions.clone());
            let answers = self.admin.alter_partition_reassignments(wanted, options()).await?;
            let of = |partitions: &Moves| partitions.keys().try_for_each(|at| answer(answers.get(at)));
            Ok(batch.into_iter().map(|item| (item.clone(), of(&item.1))).collect())
        });
        outcomes.into_iter().map(|((name, _), outcome)| (name, outcome)).collect()
    }

    fn alter(&self, topics: Vec<(String, Settings<String>)>) -> Outcomes<String> {
        let outcomes = self.send("changing settings", batched(topics), async |batch: Vec<(String, Settings<String>)>| {
            let wanted = batch.iter().map(|(name, settings)| {
                let changes = settings.iter().map(|(key, value)| match value {
                    Some(value) => ConfigOp::set(key, value),
                    None => ConfigOp::delete(key),
                });
                (ConfigResource::topic(name), changes.collect())
            });
            let answers = self.admin.incremental_alter_configs(wanted, Default::default()).await?;
            Ok(batch.into_iter().map(|item| (item.clone(), answer(answers.get(&ConfigResource::topic(&item.0))))).collect())
        });
        outcomes.into_iter().map(|((name, _), outcome)| (name, outcome)).collect()
    }

    fn grant(&self, rights: Vec<Acl>) -> Outcomes<Acl> {
        self.send("granting rights", batched(rights), async |batch: Vec<Acl>| {
            let answer = self.ask(ApiKey::CreateAcls, rights::these(&batch)).await?;
            in_order(batch, rights::created(&answer))
        })
    }

    fn revoke(&self, rights: Vec<Acl>) -> Outcomes<Acl> {
        self.send("revoking rights", batched(rights), async |batch: Vec<Acl>| {
            let answer = self.ask(ApiKey::DeleteAcls, rights::these(&batch)).await?;
            in_order(batch, rights::deleted(&answer))
        })
    }

    fn set_quotas(&self, quotas: Vec<(String, Settings<f64>)>) -> Outcomes<String> {
        let entity = |user: &str| ClientQuotaEntity::from_iter([("user", Some(user))]);
        let outcomes = self.send("setting quotas", batched(quotas), async |batch: Vec<(String, Settings<f64>)>| {
            let wanted = batch.iter().map(|(user, values)| {
                ClientQuotaAlteration::new(entity(user), values.iter().map(|(key, value)| (key.clone(), *value)).collect())
            });
            let answers = self.admin.alter_client_quotas(wanted.collect(), Default::default()).await?;
            Ok(batch.into_iter().map(|item| (item.clone(), answer(answers.get(&entity(&item.0))))).collect())
        });
        outcomes.into_iter().map(|((user, _), outcome)| (user, outcome)).collect()
    }

    fn delete(&self, topics: Vec<String>) -> Outcomes<String> {
        self.send("deleting topics", batched(topics), async |batch: Vec<String>| {
            let answers = self.admin.delete_topics(batch.clone(), Default::default()).await?;
            let gone = |answer: krafka::Result<()>| answer.or_else(|error| if is_unknown(&error) { Ok(()) } else { Err(error) });
            Ok(batch.into_iter().map(|name| (name.clone(), gone(answer(answers.get(&name))))).collect())
        })
    }
}

/// New topics in requests that a controller takes.
#[derive(Default)]
struct Batches {
    done: Vec<Vec<KrafkaTopic>>,
    open: Vec<KrafkaTopic>,
    partitions: u32,
}

impl Batches {
    fn add(&mut self, topic: KrafkaTopic, partitions: u32) {
        if self.open.len() == BATCH || self.partitions.saturating_add(partitions) > PARTITION_BATCH {
            self.done.push(std::mem::take(&mut self.open));
            self.partitions = 0;
        }
        self.open.push(topic);
        self.partitions = self.partitions.saturating_add(partitions);
    }

    fn done(mut self) -> Vec<Vec<KrafkaTopic>> {
        self.done.push(self.open);
        self.done.retain(|batch| !batch.is_empty());
        self.done
    }
}

fn new_topic(topic: &NewTopic) -> krafka::Result<KrafkaTopic> {
    let partitions = topic.partitions.map_or(-1, |count| i32::try_from(count).unwrap_or(i32::MAX));
    let replication = topic.replication.map_or(-1, |copies| i16::try_from(copies).unwrap_or(i16::MAX));
    let mut new = KrafkaTopic::new(&topic.name, partitions, replication)?;
    new.configs = topic.settings.clone().into_iter().collect();
    Ok(new)
}

fn batched<Item>(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut batches: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match batches.last_mut().filter(|batch| batch.len() < BATCH) {
            Some(batch) => batch.push(item),
            None => batches.push(vec![item]),
        }
    }
    batches
}

/// Returns what a broker says by a code.
fn verdict((code, message): rights::Verdict) -> krafka::Result<()> {
    let code = ErrorCode::from_i16(code);
    if code.is_ok() { Ok(()) } else { Err(KrafkaError::broker(code, message)) }
}

fn torn() -> KrafkaError {
    KrafkaError::protocol_kind(ProtocolErrorKind::Malformed, "the answer on rights is torn")
}

/// Returns rights with what the broker says of each, in the order in which they went.
fn in_order(rights: Vec<Acl>, verdicts: Option<Vec<rights::Verdict>>) -> krafka::Result<Vec<(Acl, krafka::Result<()>)>> {
    let verdicts = verdicts.filter(|verdicts| verdicts.len() == rights.len()).ok_or_else(torn)?;
    Ok(rights.into_iter().zip(verdicts.into_iter().map(verdict)).collect())
}

/// Returns the answer for one item; a broker that left it out has not said that it is done.
fn answer(answer: Option<&krafka::Result<()>>) -> krafka::Result<()> {
    answer.cloned().unwrap_or_else(|| Err(KrafkaError::timeout("an answer for this item")))
}

/// Returns the answer for a topic that was to be made: one that is there is as good.
fn already(found: Option<&krafka::Result<()>>) -> krafka::Result<()> {
    match answer(found) {
        Err(KrafkaError::Broker { code: ErrorCode::TopicAlreadyExists, .. }) => Ok(()),
        other => other,
    }
}

fn is_unknown(error: &KrafkaError) -> bool {
    let code = matches!(error, KrafkaError::Broker { code: ErrorCode::UnknownTopicOrPartition, .. });
    code || matches!(error, KrafkaError::UnknownTopic { .. })
}

/// Tells an error of the client in words that say what to do.
fn told(broker: &str, servers: &str, what: &str, error: KrafkaError) -> BusError {
    let (broker, address, what) = (broker.to_owned(), servers.to_owned(), what.to_owned());
    match error {
        // The client tells of brokers that are there and silent as of those that are away.
        KrafkaError::Network(cause) if cause.to_string().contains("timed out") => BusError::Slow { broker, address, during: what },
        KrafkaError::Network(cause) => BusError::Away { broker, address, cause: format!("{what}: {cause}") },
        KrafkaError::Timeout { operation } => BusError::Slow { broker, address, during: format!("{what} ({operation})") },
        KrafkaError::Auth { message, .. } => BusError::Refused { broker, address, cause: message },
        KrafkaError::Config { message } => BusError::Setting(format!("{broker}: {message}")),
        KrafkaError::Protocol { kind: ProtocolErrorKind::UnknownApiVersion, message } => BusError::Old { broker, address, cause: message },
        KrafkaError::Broker { code, message } if is_denial(code) => BusError::Denied { broker, what, cause: message },
        KrafkaError::Broker { code, message } => BusError::Answer { broker, what, cause: format!("{message} ({code:?})") },
        other => BusError::Answer { broker, what, cause: other.to_string() },
    }
}

fn is_denial(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::TopicAuthorizationFailed | ErrorCode::GroupAuthorizationFailed | ErrorCode::ClusterAuthorizationFailed)
}
