//! Plans for Kafka are enough and no more: applied to a cluster that is a value, nothing is left to do, wherever a run was killed before, and
//! nothing goes that nobody lets go.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use eventc_bus::{
    BusError,
    kafka::{
        self, ClusterScope, ClusterStep, LiveCluster,
        admin::{Admin, NewTopic, Outcomes, Settings},
        live::{Events, LiveTopic, Question, Rights},
    },
    plan::{Action, Allowed, BrokerChange, ChangePlan, ResourceKind},
};
use eventc_infra::{
    Origin, ResourceRole,
    kafka::{Acl, AclOperation, AclPattern, AclResource, Cluster, Quota, Topic},
};
use proptest::prelude::*;

const TOPICS: [&str; 4] = ["a", "b", "c", "d"];
const SETTINGS: [&str; 3] = ["retention.ms", "segment.ms", "cleanup.policy"];
const USERS: [&str; 2] = ["User:managed", "User:stranger"];

/// A cluster that is a value, and is gone after a number of changes.
struct Model {
    live: RefCell<LiveCluster>,
    left: Cell<usize>,
}

impl Model {
    fn each<Item: Clone>(&self, items: Vec<Item>, change: impl Fn(&mut LiveCluster, Item)) -> Outcomes<Item> {
        let answer = |item: Item| {
            if self.left.get() == 0 {
                let away = BusError::Away { broker: "kafka".into(), address: "nowhere".into(), cause: "gone".into() };
                return (item, Err(away));
            }
            self.left.set(self.left.get() - 1);
            change(&mut self.live.borrow_mut(), item.clone());
            (item, Ok(()))
        };
        items.into_iter().map(answer).collect()
    }
}

fn named<Rest>(outcomes: Outcomes<(String, Rest)>) -> Outcomes<String> {
    outcomes.into_iter().map(|((name, _), outcome)| (name, outcome)).collect()
}

impl Admin for Model {
    fn brokers(&self) -> Result<usize, BusError> {
        Ok(self.live.borrow().brokers)
    }

    fn topic_names(&self) -> Result<BTreeSet<String>, BusError> {
        Ok(self.live.borrow().topics.keys().cloned().collect())
    }

    fn topics(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, LiveTopic>, BusError> {
        let live = self.live.borrow();
        Ok(live.topics.iter().filter(|(name, _)| names.contains(*name)).map(|(name, topic)| (name.clone(), topic.clone())).collect())
    }

    fn rights(&self) -> Result<Rights, BusError> {
        Ok(self.live.borrow().rights.clone())
    }

    fn quotas(&self) -> Result<BTreeMap<String, BTreeMap<String, f64>>, BusError> {
        Ok(self.live.borrow().quotas.clone())
    }

    fn events(&self, questions: &[Question]) -> Result<BTreeMap<String, Events>, BusError> {
        Ok(questions.iter().map(|question| (question.topic.clone(), Events { all: 7, older: 3 })).collect())
    }

    fn create(&self, topics: Vec<NewTopic>) -> Outcomes<String> {
        let outcomes = self.each(topics, |live, topic| {
            let inherited = SETTINGS.iter().map(|key| ((*key).to_owned(), "0".to_owned())).collect();
            let made = LiveTopic {
                partitions: topic.partitions.unwrap_or(1),
                replication: topic.replication.unwrap_or(1),
                overrides: topic.settings,
                inherited,
            };
            live.topics.insert(topic.name, made);
        });
        outcomes.into_iter().map(|(topic, outcome)| (topic.name, outcome)).collect()
    }

    fn repartition(&self, totals: Vec<(String, u32)>) -> Outcomes<String> {
        named(self.each(totals, |live, (name, total)| {
            let topic = live.topics.get_mut(&name).expect("a topic");
            assert!(topic.partitions < total, "partitions only grow");
            topic.partitions = total;
        }))
    }

    fn replicate(&self, copies: Vec<(String, u32)>) -> Outcomes<String> {
        named(self.each(copies, |live, (name, copies)| live.topics.get_mut(&name).expect("a topic").replication = copies))
    }

    fn alter(&self, topics: Vec<(String, Settings<String>)>) -> Outcomes<String> {
        named(self.each(topics, |live, (name, settings)| {
            let overrides = &mut live.topics.get_mut(&name).expect("a topic").overrides;
            for (key, value) in settings {
                match value {
                    Some(value) => drop(overrides.insert(key, value)),
                    None => drop(overrides.remove(&key)),
                }
            }
        }))
    }

    fn grant(&self, rights: Vec<Acl>) -> Outcomes<Acl> {
        self.each(rights, |live, acl| assert!(granted(live).insert(acl), "a right that is there is not given again"))
    }

    fn revoke(&self, rights: Vec<Acl>) -> Outcomes<Acl> {
        self.each(rights, |live, acl| assert!(granted(live).remove(&acl), "a right that is not there is not taken"))
    }

    fn set_quotas(&self, quotas: Vec<(String, Settings<f64>)>) -> Outcomes<String> {
        named(self.each(quotas, |live, (user, values)| {
            let quota = live.quotas.entry(user).or_default();
            for (key, value) in values {
                match value {
                    Some(value) => drop(quota.insert(key, value)),
                    None => drop(quota.remove(&key)),
                }
            }
        }))
    }

    fn delete(&self, topics: Vec<String>) -> Outcomes<String> {
        self.each(topics, |live, name| drop(live.topics.remove(&name)))
    }
}

fn granted(live: &mut LiveCluster) -> &mut BTreeSet<Acl> {
    match &mut live.rights {
        Rights::On { granted, .. } => granted,
        rights => panic!("{rights:?}"),
    }
}

fn origin(keyed: bool) -> Origin {
    let contracts = BTreeSet::from(["order.created".to_owned()]);
    Origin { role: ResourceRole::Events, namespace: "shop".into(), contracts, keyed, sunset: None }
}

fn settings() -> impl Strategy<Value = BTreeMap<String, String>> {
    let setting = prop::sample::select(SETTINGS.to_vec()).prop_map(str::to_owned);
    prop::collection::btree_map(setting, (1..4_u32).prop_map(|value| value.to_string()), 0..3)
}

fn topic_names() -> impl Strategy<Value = String> {
    prop::sample::select(TOPICS.to_vec()).prop_map(str::to_owned)
}

fn acls() -> impl Strategy<Value = BTreeSet<Acl>> {
    let resource = prop::sample::select(vec![AclResource::Topic, AclResource::Group, AclResource::TransactionalId]);
    let operation = prop::sample::select(vec![AclOperation::Read, AclOperation::Write, AclOperation::Describe]);
    let pattern = prop::sample::select(vec![AclPattern::Literal, AclPattern::Prefixed]);
    let acl = (prop::sample::select(USERS.to_vec()), resource, topic_names(), pattern, operation);
    let acl =
        acl.prop_map(|(user, resource, name, pattern, operation)| Acl { principal: user.to_owned(), resource, name, pattern, operation });
    prop::collection::btree_set(acl, 0..6)
}

fn clusters() -> impl Strategy<Value = Cluster> {
    let topic = (prop::option::of(1..4_u32), prop::option::of(1..5_u32), settings(), any::<bool>()).prop_map(
        |(partitions, replication, settings, keyed)| Topic { partitions, replication, settings, dead_letters: None, origin: origin(keyed) },
    );
    let quota = (prop::option::of(1..3_u64), prop::option::of(1..3_u64));
    let quota = quota.prop_map(|(send, read)| Quota { producer_byte_rate: send, consumer_byte_rate: read, request_percentage: None });
    (prop::collection::btree_map(topic_names(), topic, 0..4), acls(), prop::option::of(quota)).prop_map(|(topics, acls, quota)| {
        let acls = acls.into_iter().filter(|acl| acl.principal == USERS[0]).collect();
        Cluster { topics, acls, quotas: quota.map(|quota| (USERS[0].to_owned(), quota)).into_iter().collect() }
    })
}

fn lives() -> impl Strategy<Value = LiveCluster> {
    let topic = (1..4_u32, 1..4_u32, settings()).prop_map(|(partitions, replication, overrides)| {
        let inherited = SETTINGS.iter().filter(|key| !overrides.contains_key(**key)).map(|key| ((*key).to_owned(), "0".to_owned()));
        LiveTopic { partitions, replication, inherited: inherited.collect(), overrides }
    });
    let quota = prop::collection::btree_map(Just("producer_byte_rate".to_owned()), (1..3_u32).prop_map(f64::from), 0..2);
    let user = prop::sample::select(vec!["managed".to_owned(), "stranger".to_owned()]);
    let quotas = prop::collection::btree_map(user, quota, 0..3);
    (prop::collection::btree_map(topic_names(), topic, 0..4), acls(), quotas).prop_map(|(topics, granted, quotas)| LiveCluster {
        brokers: 3,
        topics,
        rights: Rights::On { granted, others: BTreeMap::new() },
        quotas,
        ..LiveCluster::default()
    })
}

fn scope(lets_go: bool) -> ClusterScope {
    let allowed = Allowed {
        reset: lets_go,
        revoke: lets_go,
        repartition: TOPICS.iter().filter(|_| lets_go).map(|topic| (*topic).to_owned()).collect(),
        ..Allowed::default()
    };
    ClusterScope { allowed, principals: BTreeSet::from([USERS[0].to_owned()]), ..ClusterScope::default() }
}

fn read(model: &Model, desired: &Cluster, scope: &ClusterScope) -> ChangePlan<ClusterStep> {
    kafka::read_plan(model, desired, scope).expect("the model answers")
}

/// Runs a plan with room for some changes; how many were told to have been made.
fn run(model: &Model, desired: &Cluster, scope: &ClusterScope, changes: usize) -> usize {
    model.left.set(changes);
    let mut told = 0;
    let plan = read(model, desired, scope);
    let outcome = kafka::apply(&plan, model, &|| kafka::read_plan(model, desired, scope), Duration::ZERO, &mut |_| told += 1);
    assert_eq!(outcome.made, told);
    let failed = !outcome.failed.is_empty();
    assert!(if failed { changes < usize::MAX } else { outcome.untried == 0 && told == plan.steps().count() }, "{outcome:?}");
    told
}

fn is_for_a_person(change: &BrokerChange) -> bool {
    change.action == Action::Cannot
}

proptest! {
    #![proptest_config(crate::fixed())]

    #[test]
    fn nothing_is_left_to_do(desired in clusters(), live in lives()) {
        let (model, scope) = (Model { live: RefCell::new(live), left: Cell::new(0) }, scope(true));
        run(&model, &desired, &scope, usize::MAX);
        let left = read(&model, &desired, &scope);
        prop_assert!(left.changes().all(is_for_a_person), "{:?}", left.planned);
        prop_assert_eq!(left.steps().count(), 0);
    }

    #[test]
    fn a_killed_run_ends_as_one_that_was_not(desired in clusters(), live in lives(), changes in 0..12_usize, lets_go: bool) {
        let scope = scope(lets_go);
        let killed = Model { live: RefCell::new(live.clone()), left: Cell::new(0) };
        run(&killed, &desired, &scope, changes);
        run(&killed, &desired, &scope, usize::MAX);
        let whole = Model { live: RefCell::new(live), left: Cell::new(0) };
        run(&whole, &desired, &scope, usize::MAX);
        prop_assert_eq!(killed.live.into_inner(), whole.live.into_inner());
    }

    #[test]
    fn nothing_goes_that_nobody_lets_go(desired in clusters(), live in lives()) {
        let model = Model { live: RefCell::new(live.clone()), left: Cell::new(0) };
        run(&model, &desired, &scope(false), usize::MAX);
        let mut after = model.live.into_inner();
        for (name, before) in &live.topics {
            let topic = &after.topics[name];
            prop_assert!(before.overrides.keys().all(|key| topic.overrides.contains_key(key)));
            prop_assert!(topic.partitions == before.partitions || !desired.topics[name].origin.keyed);
            if !desired.topics.contains_key(name) {
                prop_assert_eq!(topic, before, "no contract names it");
            }
        }
        let mut before = live.clone();
        prop_assert!(granted(&mut before).is_subset(granted(&mut after)));
        prop_assert_eq!(live.quotas.get("stranger"), after.quotas.get("stranger"));
    }

    #[test]
    fn rights_of_strangers_are_theirs(desired in clusters(), live in lives()) {
        let model = Model { live: RefCell::new(live.clone()), left: Cell::new(0) };
        run(&model, &desired, &scope(true), usize::MAX);
        let of_strangers = |live: &mut LiveCluster| granted(live).iter().filter(|acl| acl.principal == USERS[1]).cloned().collect::<Vec<_>>();
        prop_assert_eq!(of_strangers(&mut live.clone()), of_strangers(&mut model.live.into_inner()));
    }
}

/// A cluster with one topic, and the lines of the plan for what contracts ask of it.
fn lines(topic: &Topic, found: Option<LiveTopic>, events: Option<Events>) -> Vec<String> {
    let desired = Cluster { topics: BTreeMap::from([("orders".to_owned(), topic.clone())]), ..Cluster::default() };
    let of_topic = |value: Option<_>| value.map(|value| ("orders".to_owned(), value)).into_iter();
    let live = LiveCluster {
        brokers: 1,
        topics: of_topic(found).collect(),
        events: events.map(|events| ("orders".to_owned(), events)).into_iter().collect(),
        ..LiveCluster::default()
    };
    let plan = kafka::plan(&desired, &live, &ClusterScope::default());
    plan.changes().map(|change| serde_json::to_string(change).expect("JSON")).collect()
}

fn wanted() -> Topic {
    let settings = BTreeMap::from([("retention.ms".to_owned(), "86400000".to_owned())]);
    Topic { partitions: Some(6), replication: Some(1), settings, dead_letters: None, origin: origin(true) }
}

fn found() -> LiveTopic {
    let overrides = BTreeMap::from([("retention.ms".to_owned(), "86400000".to_owned())]);
    let inherited = BTreeMap::from([("segment.ms".to_owned(), "604800000".to_owned())]);
    LiveTopic { partitions: 6, replication: 1, overrides, inherited }
}

#[test]
fn each_difference_is_said_in_its_words() {
    assert_eq!(lines(&wanted(), Some(found()), None), Vec::<String>::new());
    let created = lines(&wanted(), None, None).concat();
    assert!(
        created.contains(r#""action":"create","kind":"topic","name":"orders","new":"partitions=6 replication=1 retention.ms=86400000""#),
        "{created}"
    );
    let three = Topic { replication: Some(3), ..wanted() };
    assert!(lines(&three, None, None).concat().contains("the cluster has 1 broker"));
    let more = lines(&wanted(), Some(LiveTopic { partitions: 3, ..found() }), None).concat();
    assert!(more.contains(r#""old":"3","new":"6""#) && more.contains("keys move") && more.contains("--allow repartition=orders"), "{more}");
    let fewer = lines(&wanted(), Some(LiveTopic { partitions: 9, ..found() }), None).concat();
    assert!(fewer.contains(r#""action":"cannot""#) && fewer.contains("partitions = 9"), "{fewer}");
    let longer = LiveTopic { overrides: BTreeMap::from([("retention.ms".to_owned(), "604800000".to_owned())]), ..found() };
    let shortened = lines(&wanted(), Some(longer), Some(Events { all: 10, older: 4 })).concat();
    assert!(shortened.contains("deletes 4 events of the last 7 days that are older than 1 day, of 10 in all"), "{shortened}");
    let mut extra = found();
    extra.overrides.insert("segment.ms".into(), "1".into());
    let reset = lines(&wanted(), Some(extra), None).concat();
    assert!(reset.contains(r#""action":"reset""#) && reset.contains(r#""needs":"--allow reset""#), "{reset}");
    let mut misspelled = wanted();
    misspelled.settings.insert("segment.mss".into(), "1".into());
    assert!(lines(&misspelled, Some(found()), None).concat().contains("did you mean segment.ms?"));
}

#[test]
fn settings_of_another_tool_are_left_alone() {
    let mut live =
        LiveCluster { brokers: 1, topics: BTreeMap::from([("orders".to_owned(), found())]), other_topics: 2, ..LiveCluster::default() };
    live.topics.get_mut("orders").expect("a topic").overrides.insert("segment.ms".into(), "1".into());
    let desired = Cluster { topics: BTreeMap::from([("orders".to_owned(), wanted())]), ..Cluster::default() };
    let plan = kafka::plan(&desired, &live, &ClusterScope { ignored: vec!["segment.*".into()], ..ClusterScope::default() });
    assert!(plan.is_empty(), "{:?}", plan.planned);
    assert_eq!(plan.unmanaged, BTreeMap::from([(ResourceKind::Topic, 2)]));
}
