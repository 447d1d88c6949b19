//! Plans for RabbitMQ are enough and no more: applied to a virtual host that is a value, nothing is left to do, wherever a run was killed
//! before, and nothing goes that nobody lets go.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use eventc_bus::{
    BusError,
    plan::{Action, Allowed, BrokerChange, ResourceKind},
    rabbitmq::{
        self, HostScope, LiveHost, Management,
        live::{LiveExchange, LivePolicy, LiveQueue, LiveRights},
    },
};
use eventc_infra::{
    Origin, ResourceRole,
    rabbitmq::{Argument, Binding, Exchange, Permission, Policy, Queue, TopicPermission, VirtualHost},
};
use eventc_model::settings::ExchangeType;
use proptest::prelude::*;

const EXCHANGES: [&str; 2] = ["events", "dlx"];
const QUEUES: [&str; 3] = ["q1", "q2", "other"];

/// A virtual host that is a value, and is gone after a number of calls.
struct Model {
    live: RefCell<LiveHost>,
    left: Cell<usize>,
}

impl Model {
    fn change(&self, change: impl FnOnce(&mut LiveHost) -> Result<(), BusError>) -> Result<(), BusError> {
        if self.left.get() == 0 {
            return Err(BusError::Away { broker: "rabbit".into(), address: "nowhere".into(), cause: "gone".into() });
        }
        self.left.set(self.left.get() - 1);
        change(&mut self.live.borrow_mut())
    }
}

fn refused(cause: &str) -> BusError {
    BusError::Answer { broker: "rabbit".into(), what: "a call".into(), cause: cause.into() }
}

impl Management for Model {
    fn read(&self, with_rights: bool) -> Result<LiveHost, BusError> {
        let live = self.live.borrow().clone();
        Ok(LiveHost { rights: live.rights.filter(|_| with_rights), ..live })
    }

    fn create_host(&self) -> Result<(), BusError> {
        self.change(|live| {
            live.exists = true;
            Ok(())
        })
    }

    fn put_exchange(&self, name: &str, kind: &str) -> Result<(), BusError> {
        self.change(|live| {
            assert!(live.exists, "the host comes first");
            live.exchanges.insert(name.into(), LiveExchange { kind: kind.into(), durable: true, auto_delete: false });
            Ok(())
        })
    }

    fn put_queue(&self, name: &str, arguments: &BTreeMap<String, Argument>) -> Result<(), BusError> {
        self.change(|live| {
            let made = LiveQueue { durable: true, arguments: arguments.clone(), ..LiveQueue::default() };
            let found = live.queues.entry(name.into()).or_insert(made);
            if found.arguments == *arguments { Ok(()) } else { Err(refused("other arguments")) }
        })
    }

    fn delete_queue(&self, name: &str, empty: bool) -> Result<(), BusError> {
        self.change(|live| {
            let Some(queue) = live.queues.get(name) else { return Ok(()) };
            if queue.consumers > 0 || (empty && queue.messages > 0) {
                return Err(refused("in use"));
            }
            live.queues.remove(name);
            live.bindings.retain(|binding| binding.queue != name);
            Ok(())
        })
    }

    fn delete_exchange(&self, name: &str) -> Result<(), BusError> {
        self.change(|live| {
            live.exchanges.remove(name);
            Ok(())
        })
    }

    fn bind(&self, binding: &Binding) -> Result<(), BusError> {
        self.change(|live| {
            let is_there = live.exchanges.contains_key(&binding.exchange) && live.queues.contains_key(&binding.queue);
            assert!(is_there, "what is bound comes first");
            live.bindings.insert(binding.clone());
            Ok(())
        })
    }

    fn unbind(&self, binding: &Binding) -> Result<(), BusError> {
        self.change(|live| {
            live.bindings.remove(binding);
            Ok(())
        })
    }

    fn put_policy(&self, name: &str, policy: &LivePolicy) -> Result<(), BusError> {
        self.change(|live| {
            live.policies.insert(name.into(), policy.clone());
            Ok(())
        })
    }

    fn put_permission(&self, user: &str, permission: Option<&Permission>) -> Result<(), BusError> {
        self.change(|live| {
            let permissions = &mut live.rights.as_mut().expect("rights are managed").permissions;
            match permission {
                Some(permission) => drop(permissions.insert(user.into(), permission.clone())),
                None => drop(permissions.remove(user)),
            }
            Ok(())
        })
    }

    fn put_topic_permission(&self, user: &str, exchange: &str, permission: &TopicPermission) -> Result<(), BusError> {
        self.change(|live| {
            let rights = live.rights.as_mut().expect("rights are managed");
            rights.topic_permissions.insert((user.into(), exchange.into()), permission.clone());
            Ok(())
        })
    }
}

fn origin() -> Origin {
    let contracts = BTreeSet::from(["order.created".to_owned()]);
    Origin { role: ResourceRole::Events, namespace: "shop".into(), contracts, keyed: false, sunset: None }
}

fn numbers(keys: &'static [&'static str]) -> impl Strategy<Value = BTreeMap<String, Argument>> {
    let key = prop::sample::select(keys).prop_map(str::to_owned);
    prop::collection::btree_map(key, (1..3_i64).prop_map(Argument::Number), 0..2)
}

fn bindings(queues: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<Binding>> {
    let binding = (prop::sample::select(&EXCHANGES[..]), prop::sample::select(queues), "[ab]");
    let binding = binding.prop_map(|(exchange, queue, routing_key)| Binding {
        exchange: exchange.into(),
        queue: queue.into(),
        routing_key,
        arguments: BTreeMap::new(),
    });
    prop::collection::btree_set(binding, 0..5)
}

fn permissions() -> impl Strategy<Value = Permission> {
    ("(|a|b)", "(|a|b)", "(|a|b)").prop_map(|(configure, write, read)| Permission { configure, write, read })
}

fn topic_permissions() -> impl Strategy<Value = BTreeMap<(String, String), TopicPermission>> {
    let permission = ("(a|b)", "(a|b)").prop_map(|(write, read)| TopicPermission { write, read });
    prop::option::of(permission)
        .prop_map(|permission| permission.map(|permission| (("managed".to_owned(), "events".to_owned()), permission)).into_iter().collect())
}

fn policies() -> impl Strategy<Value = BTreeMap<String, (i64, BTreeMap<String, Argument>)>> {
    let name = prop::sample::select(&["q1", "q2"][..]).prop_map(str::to_owned);
    prop::collection::btree_map(name, (0..2_i64, numbers(&["message-ttl", "max-length"])), 0..3)
}

fn hosts() -> impl Strategy<Value = VirtualHost> {
    let queues = prop::collection::btree_map(
        prop::sample::select(&["q1", "q2"][..]).prop_map(str::to_owned),
        numbers(&["x-max-priority"]).prop_map(|arguments| Queue { arguments, prefetch: None, origin: origin() }),
        0..3,
    );
    (queues, bindings(&["q1", "q2"]), policies(), prop::option::of(permissions()), topic_permissions()).prop_map(
        |(queues, bindings, policies, permission, topic_permissions)| VirtualHost {
            name: "/".into(),
            exchanges: EXCHANGES.map(|name| (name.to_owned(), Exchange { kind: ExchangeType::Topic, origin: origin() })).into(),
            bindings: bindings.into_iter().filter(|binding| queues.contains_key(&binding.queue)).collect(),
            queues,
            policies: policies
                .into_iter()
                .map(|(name, (priority, definition))| (name.clone(), Policy { pattern: format!("^{name}$"), priority, definition }))
                .collect(),
            topic_permissions: if permission.is_some() { topic_permissions } else { BTreeMap::new() },
            permissions: permission.map(|permission| ("managed".to_owned(), permission)).into_iter().collect(),
        },
    )
}

fn lives() -> impl Strategy<Value = LiveHost> {
    let queue = (numbers(&["x-max-priority"]), 0..2_u64, 0..2_u64);
    let queue = queue.prop_map(|(arguments, messages, consumers)| LiveQueue {
        durable: true,
        arguments,
        messages,
        consumers,
        ..LiveQueue::default()
    });
    let queues = prop::collection::btree_map(prop::sample::select(&QUEUES[..]).prop_map(str::to_owned), queue, 0..4);
    (any::<bool>(), queues, bindings(&QUEUES), policies(), prop::option::of(permissions()), topic_permissions()).prop_map(
        |(exists, queues, bindings, policies, permission, topic_permissions)| {
            let rights = LiveRights { users: BTreeSet::from(["managed".to_owned()]), ..LiveRights::default() };
            if !exists {
                return LiveHost { rights: Some(rights), ..LiveHost::default() };
            }
            let exchange = LiveExchange { kind: "topic".into(), durable: true, auto_delete: false };
            let policy = |name: &str, (priority, definition)| LivePolicy {
                pattern: format!("^{name}$"),
                apply_to: "queues".into(),
                priority,
                definition,
            };
            LiveHost {
                exists,
                exchanges: EXCHANGES.map(|name| (name.to_owned(), exchange.clone())).into(),
                bindings: bindings.into_iter().filter(|binding| queues.contains_key(&binding.queue)).collect(),
                queues,
                other_bindings: 0,
                policies: policies.into_iter().map(|(name, found)| (name.clone(), policy(&name, found))).collect(),
                rights: Some(LiveRights {
                    permissions: permission.map(|permission| ("managed".to_owned(), permission)).into_iter().collect(),
                    topic_permissions,
                    ..rights
                }),
            }
        },
    )
}

fn scope(lets_go: bool) -> HostScope {
    let recreate = QUEUES.iter().filter(|_| lets_go).map(|queue| (*queue).to_owned()).collect();
    let allowed = Allowed { reset: lets_go, revoke: lets_go, unbind: lets_go, recreate, ..Allowed::default() };
    HostScope { allowed, users: BTreeSet::from(["managed".to_owned()]), ..HostScope::default() }
}

/// Runs a plan with room for some calls.
fn run(model: &Model, desired: &VirtualHost, scope: &HostScope, calls: usize) {
    model.left.set(calls);
    let plan = rabbitmq::plan(desired, &model.read(true).expect("the model answers"), scope);
    let mut told = 0;
    let outcome = rabbitmq::apply(&plan, model, &mut |_| told += 1);
    assert_eq!(outcome.made, told);
    assert!(calls < usize::MAX || (outcome.failed.is_empty() && told == plan.steps().count()), "{outcome:?}");
}

fn model(live: LiveHost) -> Model {
    Model { live: RefCell::new(live), left: Cell::new(0) }
}

proptest! {
    #![proptest_config(crate::fixed())]

    #[test]
    fn nothing_is_left_to_do(desired in hosts(), live in lives()) {
        let (model, scope) = (model(live), scope(true));
        run(&model, &desired, &scope, usize::MAX);
        let left = rabbitmq::plan(&desired, &model.live.into_inner(), &scope);
        // A queue that somebody uses is not made again.
        let is_in_use = |change: &BrokerChange| change.action == Action::Cannot && change.kind == ResourceKind::Queue;
        prop_assert!(left.changes().all(is_in_use), "{:?}", left.planned);
    }

    #[test]
    fn a_killed_run_ends_as_one_that_was_not(desired in hosts(), live in lives(), calls in 0..12_usize) {
        // Without what is made again: a run that is killed between the two has lost a stranger's bindings.
        let mut scope = scope(true);
        scope.allowed.recreate.clear();
        let (killed, whole) = (model(live.clone()), model(live));
        run(&killed, &desired, &scope, calls);
        run(&killed, &desired, &scope, usize::MAX);
        run(&whole, &desired, &scope, usize::MAX);
        prop_assert_eq!(killed.live.into_inner(), whole.live.into_inner());
    }

    #[test]
    fn nothing_goes_that_nobody_lets_go(desired in hosts(), live in lives()) {
        let model = model(live.clone());
        run(&model, &desired, &scope(false), usize::MAX);
        let after = model.live.into_inner();
        prop_assert!(live.bindings.is_subset(&after.bindings));
        prop_assert!(live.queues.iter().all(|(name, queue)| after.queues.get(name) == Some(queue)));
        for (name, policy) in &live.policies {
            prop_assert!(policy.definition.keys().all(|key| after.policies[name].definition.contains_key(key)));
        }
        if let (Some(before), Some(after)) = (&live.rights, &after.rights) {
            for (user, permission) in &before.permissions {
                let kept = |old: &str, new: &str| old.is_empty() || old == new;
                let now = &after.permissions[user];
                prop_assert!(kept(&permission.write, &now.write) && kept(&permission.read, &now.read));
            }
        }
    }
}

#[test]
fn each_difference_is_said_in_its_words() {
    let queue = |arguments: &[(&str, i64)]| arguments.iter().map(|(key, value)| ((*key).to_owned(), Argument::Number(*value))).collect();
    let mut desired = VirtualHost {
        name: "/".into(),
        exchanges: BTreeMap::from([("events".into(), Exchange { kind: ExchangeType::Topic, origin: origin() })]),
        queues: BTreeMap::from([("q1".into(), Queue { arguments: queue(&[("x-max-priority", 9)]), prefetch: None, origin: origin() })]),
        bindings: BTreeSet::new(),
        policies: BTreeMap::from([(
            "q1".into(),
            Policy { pattern: "^q1$".into(), priority: 1, definition: queue(&[("message-ttl", 1000)]) },
        )]),
        permissions: BTreeMap::new(),
        topic_permissions: BTreeMap::new(),
    };
    let empty = LiveHost { exists: true, ..LiveHost::default() };
    let lines = |desired: &VirtualHost, live: &LiveHost, scope: &HostScope| -> String {
        let plan = rabbitmq::plan(desired, live, scope);
        plan.changes().map(|change| serde_json::to_string(change).expect("JSON") + "\n").collect()
    };
    let created = lines(&desired, &empty, &HostScope::default());
    for line in [
        r#""action":"create","kind":"exchange","name":"events","new":"topic""#,
        r#""action":"create","kind":"queue","name":"q1","new":"x-max-priority=9""#,
        r#""action":"create","kind":"policy","name":"q1","new":"message-ttl=1000""#,
    ] {
        assert!(created.contains(line), "{created}");
    }
    let found = LiveQueue { durable: true, policy: Some("hand-made".into()), messages: 2, ..LiveQueue::default() };
    let mut live = LiveHost {
        exchanges: BTreeMap::from([("events".into(), LiveExchange { kind: "fanout".into(), durable: true, auto_delete: false })]),
        queues: BTreeMap::from([("q1".into(), found)]),
        policies: BTreeMap::from([
            ("hand-made".into(), LivePolicy { pattern: "q".into(), apply_to: "queues".into(), priority: 5, ..LivePolicy::default() }),
            (
                "q1".into(),
                LivePolicy { pattern: "^q1$".into(), apply_to: "all".into(), priority: 1, definition: queue(&[("message-ttl", 5000)]) },
            ),
        ]),
        ..empty
    };
    let told = lines(&desired, &live, &HostScope::default());
    for words in [
        r#""action":"cannot","kind":"exchange","name":"events","setting":"type","old":"fanout","new":"topic""#,
        "it holds 2 messages",
        r#""setting":"apply-to","old":"all","new":"queues""#,
        "messages that are sent from now on leave the queue sooner",
        r#""action":"cannot","kind":"policy","name":"hand-made""#,
        "give it a priority below 1",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    live.queues.get_mut("q1").expect("a queue").messages = 0;
    assert!(lines(&desired, &live, &HostScope::default()).contains(r#""needs":"--allow recreate=q1""#));
    desired.permissions.insert("absent".into(), Permission { configure: String::new(), write: "^events$".into(), read: String::new() });
    live.rights = Some(LiveRights::default());
    let scope = HostScope { users: BTreeSet::from(["absent".to_owned()]), ..HostScope::default() };
    assert!(lines(&desired, &live, &scope).contains("eventc makes none: add it with `rabbitmqctl add_user`"));
}
