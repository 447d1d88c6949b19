//! What small trees ask of brokers, in a notation that fits a line a thing, and what is wrong with it, at its place.

use std::collections::BTreeMap;

use eventc_infra::{
    BrokerState, desired, findings,
    kafka::{AclOperation, AclPattern, Cluster},
    rabbitmq::{Argument, VirtualHost},
};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};

fn catalog(config: &str, files: &[(&str, &str)]) -> Catalog {
    let (config, problems) = Config::parse("eventc.toml", config);
    assert!(problems.is_empty(), "{problems:#?}");
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), config);
    assert!(catalog.diagnostics.is_empty(), "{:#?}", catalog.diagnostics);
    catalog
}

fn cluster(catalog: &Catalog, environment: &str) -> Cluster {
    match desired(catalog, environment).expect("an environment").brokers.remove("b") {
        Some(BrokerState::Kafka(cluster)) => cluster,
        other => panic!("no cluster: {other:?}"),
    }
}

fn host(catalog: &Catalog, environment: &str) -> VirtualHost {
    match desired(catalog, environment).expect("an environment").brokers.remove("b") {
        Some(BrokerState::RabbitMq(host)) => host,
        other => panic!("no virtual host: {other:?}"),
    }
}

fn topics(cluster: &Cluster) -> Vec<String> {
    let line = |(name, topic): (&String, &eventc_infra::kafka::Topic)| {
        let count = |count: Option<u32>| count.map_or("-".to_owned(), |count| count.to_string());
        let settings: Vec<String> = topic.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{name} {}x{} {}", count(topic.partitions), count(topic.replication), settings.join(" ")).trim_end().to_owned()
    };
    cluster.topics.iter().map(line).collect()
}

fn values(values: &BTreeMap<String, Argument>) -> String {
    let value = |value: &Argument| match value {
        Argument::Flag(flag) => flag.to_string(),
        Argument::Number(number) => number.to_string(),
        Argument::Text(text) => format!("{text:?}"),
    };
    values.iter().map(|(name, of)| format!("{name}={}", value(of))).collect::<Vec<_>>().join(" ")
}

fn queues(host: &VirtualHost) -> Vec<String> {
    let line =
        |(name, queue): (&String, &eventc_infra::rabbitmq::Queue)| format!("{name} {}", values(&queue.arguments)).trim_end().to_owned();
    host.queues.iter().map(line).collect()
}

fn policies(host: &VirtualHost) -> Vec<String> {
    host.policies.values().map(|policy| format!("{} {}", policy.pattern, values(&policy.definition))).collect()
}

fn bindings(host: &VirtualHost) -> Vec<String> {
    let line = |of: &eventc_infra::rabbitmq::Binding| {
        format!("{} -{}-> {} {}", of.exchange, of.routing_key, of.queue, values(&of.arguments)).trim_end().to_owned()
    };
    host.bindings.iter().map(line).collect()
}

/// What is wrong with a tree: the rule, the place, and how the message begins.
fn wrong(config: &str, files: &[(&str, &str)]) -> Vec<String> {
    let found = findings(&catalog(config, files));
    found.iter().map(|found| format!("{} {}: {}", found.rule.name, found.place, found.message)).collect()
}

const KAFKA: &str = r#"
[[namespace]]
name = "shop"
consumer_group = "{service}-{function}"
[namespace.topic]
partitions = 3
replication = 3
retention = "7d"
min_insync_replicas = 2
dead_letter = { topic = "{topic}.dlq", retries = 3, backoff = ["1s", "2s"], retention = "14d" }
[namespace.domain.stock]
partitions = 6
max_message_bytes = 2000000
compression = "zstd"
cleanup_policy = "compact,delete"
[services.billing]
consumes = [{ topics = "order.*", function = "invoicing" }]
quota = { consumer_byte_rate = 1048576 }
[services.cart]
[environments.one.brokers.b]
kind = "kafka"
servers = ["localhost:9092"]
[environments.one.namespaces.shop]
topic = { replication = 1, min_insync_replicas = 1 }
domain.stock = { partitions = 12 }
topics."order.made" = { retention = "1d", settings = { "segment.ms" = 3600000, "preallocate" = true } }
[environments.one.principals]
billing = "User:b"
cart = "c"
[environments.two.brokers.b]
kind = "kafka"
servers = ["localhost:9092"]
"#;

const SHOP: &[(&str, &str)] = &[
    ("order/made.json", r#"{"x-event": {"key": "/id", "producers": ["cart"]}}"#),
    (
        "stock/moved.json",
        r#"{"x-event": {"key": "/id", "producers": ["billing"], "deprecated": {"since": "2026-01-01", "sunset": "2026-08-01"}}}"#,
    ),
];

#[test]
fn topics_have_what_contract_namespace_and_environment_state() {
    let catalog = catalog(KAFKA, SHOP);
    let one = cluster(&catalog, "one");
    assert_eq!(
        topics(&one),
        [
            "order.made 3x1 min.insync.replicas=1 preallocate=true retention.ms=86400000 segment.ms=3600000",
            "order.made.dlq 3x1 max.message.bytes=1114124 min.insync.replicas=1 retention.ms=1209600000",
            "stock.moved 12x1 cleanup.policy=compact,delete compression.type=zstd max.message.bytes=2000000 min.insync.replicas=1 \
             retention.ms=604800000",
            "stock.moved.dlq 12x1 cleanup.policy=delete compression.type=zstd max.message.bytes=2065536 min.insync.replicas=1 \
             retention.ms=1209600000",
        ]
    );
    let two = cluster(&catalog, "two");
    assert_eq!(topics(&two)[0], "order.made 3x3 min.insync.replicas=2 retention.ms=604800000");
    let made = &one.topics["order.made"];
    let path = made.dead_letters.as_ref().expect("a way for dead letters");
    assert_eq!((path.topic.as_str(), path.retries, &path.backoff_ms[..]), ("order.made.dlq", 3, &[1000, 2000][..]));
    assert!(made.origin.keyed && made.origin.sunset.is_none() && !one.topics["order.made.dlq"].origin.keyed);
    assert_eq!(one.topics["stock.moved.dlq"].origin.sunset.map(|day| day.to_string()).as_deref(), Some("2026-08-01"));
    assert_eq!(findings(&catalog).len(), 0, "{:#?}", findings(&catalog));
}

#[test]
fn services_may_do_what_they_state_and_nothing_else() {
    let one = cluster(&catalog(KAFKA, SHOP), "one");
    let line = |acl: &eventc_infra::kafka::Acl| {
        let star = if acl.pattern == AclPattern::Prefixed { "*" } else { "" };
        format!("{} {:?} {:?} {}{star}", acl.principal, acl.operation, acl.resource, acl.name)
    };
    let (describe, other): (Vec<_>, Vec<_>) = one.acls.iter().partition(|acl| acl.operation == AclOperation::Describe);
    assert_eq!(
        other.iter().map(|acl| line(acl)).collect::<Vec<_>>(),
        [
            "User:b Read Topic order.made",
            "User:b Write Topic order.made.dlq",
            "User:b Write Topic stock.moved",
            "User:b Read Group billing-invoicing",
            "User:b Read Group billing-invoicing.*",
            "User:b Write TransactionalId billing",
            "User:b Write TransactionalId billing.*",
            "User:c Write Topic order.made",
            "User:c Write TransactionalId cart",
            "User:c Write TransactionalId cart.*",
        ]
    );
    assert_eq!(describe.len(), other.len());
    assert_eq!(one.quotas.keys().collect::<Vec<_>>(), ["User:b"]);
    assert_eq!(one.quotas["User:b"].consumer_byte_rate, Some(1_048_576));
    // An environment without principals manages nobody's rights.
    let two = cluster(&catalog(KAFKA, SHOP), "two");
    assert!(two.acls.is_empty() && two.quotas.is_empty());
}

/// A virtual host like that of the documents of daa.
const RABBITMQ: &str = r#"
[[namespace]]
name = "zoo"
broker = "rabbitmq"
queue = "{domain}.events"
binding = "{domain}.*"
exchange = "events"
stream = "{exchange}.stream"
[namespace.topic]
retention = "30d"
ttl = "24h"
priority = 9
prefetch = 10
dead_letter = { topic = "dlx", queue = "{queue}.dlq", routing_key = "dlx.{binding}", retries = 3, backoff = ["1s", "2s", "4s"], retention = "7d" }
[services.keeper]
consumes = [{ topics = "lion.*", function = "feeding" }]
[services.vet]
[environments.old.brokers.b]
kind = "rabbitmq"
url = "amqp://localhost"
[environments.old.namespaces.zoo.topic]
ha = 3
[environments.old.principals]
keeper = "User:keeper"
vet = "vet"
[environments.one.brokers.b]
kind = "rabbitmq"
url = "amqp://localhost"
virtual_host = "zoo"
[environments.new.brokers.b]
kind = "rabbitmq"
url = "amqp://localhost"
version = "4.3"
[environments.new.namespaces.zoo]
topic = { ha = 3 }
"#;

const ZOO: &[(&str, &str)] =
    &[("lion/fed.json", r#"{"x-event": {"producers": ["keeper", "vet"]}}"#), ("lion/born.json", r#"{"x-event": {"producers": ["vet"]}}"#)];

#[test]
fn queues_have_dead_letters_retries_and_a_stream() {
    let catalog = catalog(RABBITMQ, ZOO);
    let host = host(&catalog, "one");
    assert_eq!(host.name, "zoo");
    let exchanges: Vec<_> = host.exchanges.iter().map(|(name, exchange)| format!("{name} {}", exchange.kind.as_str())).collect();
    assert_eq!(exchanges, ["dlx topic", "events topic", "lion.events.retry direct"]);
    let rung = |millis: u32| format!("x-dead-letter-exchange=\"\" x-dead-letter-routing-key=\"lion.events\" x-message-ttl={millis}");
    assert_eq!(
        queues(&host),
        [
            "events.stream x-queue-type=\"stream\"".to_owned(),
            "lion.events x-max-priority=9".to_owned(),
            "lion.events.dlq".to_owned(),
            format!("lion.events.retry.1s {}", rung(1000)),
            format!("lion.events.retry.2s {}", rung(2000)),
            format!("lion.events.retry.4s {}", rung(4000)),
        ]
    );
    assert_eq!(
        bindings(&host),
        [
            "dlx -dlx.lion.*-> lion.events.dlq",
            "events -lion.born-> events.stream",
            "events -lion.fed-> events.stream",
            "events -lion.*-> lion.events",
            "lion.events.retry -1s-> lion.events.retry.1s",
            "lion.events.retry -2s-> lion.events.retry.2s",
            "lion.events.retry -4s-> lion.events.retry.4s",
        ]
    );
    assert_eq!(
        policies(&host),
        [
            "^events\\.stream$ max-age=\"2592000s\"",
            "^lion\\.events$ dead-letter-exchange=\"dlx\" dead-letter-routing-key=\"dlx.lion.*\" message-ttl=86400000",
            "^lion\\.events\\.dlq$ message-ttl=604800000",
        ]
    );
    assert_eq!(host.queues["lion.events"].prefetch, Some(10));
    assert!(host.permissions.is_empty() && host.topic_permissions.is_empty());
    assert_eq!(findings(&catalog).len(), 0, "{:#?}", findings(&catalog));
}

#[test]
fn copies_are_mirrors_or_a_quorum() {
    let catalog = catalog(RABBITMQ, ZOO);
    let mirrored = host(&catalog, "old");
    assert_eq!(queues(&mirrored), queues(&host(&catalog, "one")));
    let mirrors = "ha-mode=\"exactly\" ha-params=3 ha-sync-mode=\"automatic\"";
    let names = ["events.stream", "lion.events", "lion.events.dlq", "lion.events.retry.1s", "lion.events.retry.2s", "lion.events.retry.4s"];
    assert_eq!(mirrored.policies.keys().collect::<Vec<_>>(), names);
    assert_eq!(policies(&mirrored)[2], format!("^lion\\.events\\.dlq$ {mirrors} message-ttl=604800000"));
    assert_eq!(policies(&mirrored)[3], format!("^lion\\.events\\.retry\\.1s$ {mirrors}"));
    let quorum = host(&catalog, "new");
    assert_eq!(queues(&quorum)[1], "lion.events x-max-priority=9 x-queue-type=\"quorum\" x-quorum-initial-group-size=3");
    assert_eq!(
        queues(&quorum)[3],
        "lion.events.retry.1s x-dead-letter-exchange=\"\" x-dead-letter-routing-key=\"lion.events\" \
         x-dead-letter-strategy=\"at-least-once\" x-message-ttl=1000 x-overflow=\"reject-publish\" x-queue-type=\"quorum\" \
         x-quorum-initial-group-size=3"
    );
    assert_eq!(
        policies(&quorum)[1],
        "^lion\\.events$ dead-letter-exchange=\"dlx\" dead-letter-routing-key=\"dlx.lion.*\" dead-letter-strategy=\"at-least-once\" \
         message-ttl=86400000 overflow=\"reject-publish\""
    );
}

#[test]
fn users_may_send_what_they_produce_and_read_their_queues() {
    let host = host(&catalog(RABBITMQ, ZOO), "old");
    let permissions: Vec<_> =
        host.permissions.iter().map(|(user, of)| format!("{user}: {} | {} | {}", of.configure, of.write, of.read)).collect();
    assert_eq!(permissions, ["keeper: ^$ | ^(events|lion\\.events\\.retry)$ | ^lion\\.events$", "vet: ^$ | ^events$ | ^$"]);
    let topics = host.topic_permissions.iter();
    let topics: Vec<_> = topics.map(|((user, exchange), of)| format!("{user} {exchange}: {} | {}", of.write, of.read)).collect();
    assert_eq!(topics, ["keeper events: ^lion\\.fed$ | ^$", "vet events: ^(lion\\.born|lion\\.fed)$ | ^$"]);
}

#[test]
fn exchanges_of_other_types_bind_by_what_they_route_by() {
    let config = |kind: &str| {
        format!(
            "[[namespace]]\nname = \"n\"\nbroker = \"rabbitmq\"\nexchange = \"{{domain}}.{{type}}\"\nqueue = \"{{service}}.{{topic}}\"\n\
             [namespace.topic]\nexchange_type = \"{kind}\"\ndead_letter = {{ topic = \"{{topic}}.dlq\" }}\n\
             [services.s]\nconsumes = [{{ topics = \"*\" }}]\n\
             [environments.e.brokers.b]\nkind = \"rabbitmq\"\nurl = \"amqp://localhost\"\n"
        )
    };
    let of = |kind: &str| host(&catalog(&config(kind), &[("a/b.json", "{}")]), "e");
    assert_eq!(bindings(&of("topic")), ["a.topic -a.b-> s.a.b"]);
    assert_eq!(bindings(&of("direct")), ["a.direct -a.b-> s.a.b"]);
    assert_eq!(bindings(&of("fanout")), ["a.fanout --> s.a.b"]);
    assert_eq!(bindings(&of("headers")), ["a.headers --> s.a.b topic=\"a.b\" x-match=\"all\""]);
    // Without an exchange of its own, the queue for dead letters has their name.
    assert_eq!(policies(&of("topic")), ["^s\\.a\\.b$ dead-letter-exchange=\"\" dead-letter-routing-key=\"a.b.dlq\""]);
    assert_eq!(queues(&of("topic")), ["a.b.dlq", "s.a.b"]);
}

#[test]
fn what_a_kafka_broker_would_refuse_is_told_at_its_place() {
    let config = "[[namespace]]\nname = \"n\"\n[namespace.topic]\nreplication = 1\nmin_insync_replicas = 2\nsettings = { \"segment.millis\" = 1 }\n\
                  [environments.e.brokers.b]\nkind = \"kafka\"\nservers = [\"localhost\"]\n\
                  [environments.e.namespaces.n.topics.\"a.c\"]\nretention = \"1d\"\n";
    let long = format!("{}.json", "x".repeat(240));
    let long_dlq = r#"{"x-event": {"topic": {"settings": {"segment.ms": 1},
"dead_letter": {"topic": "{topic}.dead_letters"}}}}"#;
    let files = [
        ("a/b.json", "{\"x-event\": {\"topic\": {\"retention\": \"7d\",\n\"cleanup_policy\": \"compact\"}}}"),
        ("a/b_c.json", "{\"x-event\": {\"topic\": {\n\"dead_letter\": {\"topic\": \"a.b\"}}}}"),
        ("a/b/c.json", "{}"),
        ("a/ü.json", "{}"),
        (long.as_str(), long_dlq),
    ];
    let found = wrong(config, &files);
    let long = long.trim_end_matches(".json");
    let expected = [
        "colliding-names a/b_c.json:1:1: the names \"a.b_c\" and \"a.b.c\" are the same where `.` and `_` are".to_owned(),
        "unkeyed-compaction a/b.json:2:1: the topic is compacted by keys, and the event has none".to_owned(),
        "unused-retention a/b.json:2:1: the retention of 7d does nothing to a topic that is compacted".to_owned(),
        "name-taken a/b_c.json:2:17: dead letters would go to \"a.b\", which carries events".to_owned(),
        "unusable-name a/ü.json:1:1: Kafka takes no topic \"a.ü\": 'ü' is no letter of ASCII, digit, `.`, `_` or `-`".to_owned(),
        "conflicting-settings eventc.toml:5:1: 2 copies are waited for, and a partition has 1".to_owned(),
        "unknown-setting eventc.toml:6:14: no topic has a setting `segment.millis`".to_owned(),
        "unknown-override eventc.toml:10:37: the namespace \"n\" has no topic \"a.c\"".to_owned(),
        format!("unusable-name {long}.json:2:17: Kafka takes names of 249 characters at most, and \"{long}.dead_letters\" has 253"),
    ];
    let mut expected = expected.to_vec();
    expected.sort();
    let mut found_sorted = found.clone();
    found_sorted.sort();
    assert_eq!(found_sorted, expected);
}

#[test]
fn settings_that_exclude_each_other_are_told() {
    let config = |topic: &str, version: &str| {
        format!(
            "[[namespace]]\nname = \"n\"\nbroker = \"rabbitmq\"\nexchange = \"e\"\nqueue = \"{{domain}}\"\n[namespace.topic]\n{topic}\n\
             [services.s]\nconsumes = [{{ topics = \"*\" }}]\n\
             [environments.e.brokers.b]\nkind = \"rabbitmq\"\nurl = \"amqp://localhost\"\nversion = \"{version}\"\n"
        )
    };
    let of = |topic: &str, version: &str| wrong(&config(topic, version), &[("a/b.json", "{}")]);
    assert_eq!(
        of("priority = 9\nqueue_type = \"quorum\"", "3.10"),
        ["conflicting-settings eventc.toml:7:1: a quorum of RabbitMQ 3.10 has no priorities (before 4.3)"]
    );
    assert!(of("priority = 9\nqueue_type = \"quorum\"", "4.3").is_empty() && of("priority = 9\nha = 2", "3.10").is_empty());
    assert_eq!(of("priority = 9\nha = 2", "4.1").len(), 1);
    assert_eq!(
        of("priority = 9\norder = \"key\"\nsingle_active_consumer = false", "3.10"),
        [
            "conflicting-settings eventc.toml:7:1: what goes first by its `priority` is out of the order that `order = \"key\"` keeps",
            "conflicting-settings eventc.toml:9:1: several consumers at once keep no order of keys",
        ]
    );
    assert_eq!(
        of("overflow = \"reject-publish-dlx\"\nqueue_type = \"quorum\"", "3.10"),
        ["conflicting-settings eventc.toml:7:1: a quorum knows no `reject-publish-dlx`"]
    );
    let disputed = [
        ("a/b.json", r#"{"x-event": {"topic": {"ttl": "1h", "exchange_type": "topic"}}}"#),
        ("a/c.json", r#"{"x-event": {"topic": {"ttl": "2h", "exchange_type": "fanout", "dead_letter": {"topic": "d"}}}}"#),
    ];
    assert_eq!(
        wrong(&config("", "3.10"), &disputed),
        [
            "disputed-settings a/c.json:1:24: the queue \"a\" has another `ttl` for a.b",
            "disputed-settings a/c.json:1:37: the exchange \"e\" is of the type `topic` for other events",
            "disputed-settings a/c.json:1:64: the queue \"a\" has another `dead_letter` for a.b",
        ]
    );
}

#[test]
fn a_namespace_on_rabbitmq_names_exchange_and_queue() {
    let config = "[[namespace]]\nname = \"n\"\nbroker = \"rabbitmq\"\n[services.s]\nconsumes = [{ topics = \"*\" }]\n";
    let environment = "[environments.e.brokers.b]\nkind = \"rabbitmq\"\nurl = \"amqp://localhost\"\n";
    let files = [("a/b.json", "{}"), ("a/c.json", "{}")];
    assert_eq!(
        wrong(&format!("{config}{environment}"), &files),
        ["no-route eventc.toml:1:1: the namespace \"n\" is on RabbitMQ and names no exchange"]
    );
    let config = config.replace("broker", "exchange = \"amq.e\"\nbinding = \"#\"\ntopic = { exchange_type = \"direct\" }\nbroker");
    let found = wrong(&format!("{config}{environment}"), &files);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|found| found.starts_with("no-route eventc.toml:1:1: the namespace \"n\" is on RabbitMQ and names no queue")));
    // Whoever has no environment has not said yet where things are.
    assert!(wrong("[[namespace]]\nname = \"n\"\nbroker = \"rabbitmq\"\n", &files).is_empty());
}

#[test]
fn namespaces_on_one_cluster_have_topics_of_their_own() {
    let namespaces = "[[namespace]]\nname = \"a\"\nroot = \"a\"\n[[namespace]]\nname = \"b\"\nroot = \"b\"\n";
    let files = [("a/order/made.json", "{}"), ("b/order/made.json", "{}")];
    let one = "[environments.e.brokers.k]\nkind = \"kafka\"\nservers = [\"one\"]\n";
    assert_eq!(
        wrong(&format!("{namespaces}{one}"), &files),
        ["name-taken b/order/made.json:1:1: the topic \"order.made\" is on one cluster with that of a/order/made.json"]
    );
    let two = "[environments.e.brokers.l]\nkind = \"kafka\"\nservers = [\"two\"]\n\
               [environments.e.namespaces]\na.broker = \"k\"\nb.broker = \"l\"\n";
    assert!(wrong(&format!("{namespaces}{one}{two}"), &files).is_empty());
    assert!(wrong(namespaces, &files).is_empty());
}
