//! `eventc bus apply` on a broker that goes away, falls silent or refuses in the middle: what was done is told, what was not is an error, and
//! the next run does the rest and nothing twice.

use std::net::TcpListener;

use eventc_tests::services::{self, kafka::password};
use krafka::admin::{AclOperation, AclResourceType};
use serde_json::json;

use crate::{
    clients::{Admin, right},
    project::{Said, TestProject},
    relay::{Fault, Protocol, Relay, is_of_kind},
};

/// Two topics with their dead letters, and the rights of a service.
fn on_kafka(name: &str, server: &str, security: &str) -> TestProject {
    let config = format!(
        "[[namespace]]\nname = \"shop\"\nconsumer_group = \"{{service}}\"\n\n[namespace.topic]\npartitions = 1\nreplication = 1\n\
         dead_letter = {{ topic = \"{{topic}}.dlq\", retries = 1, backoff = [\"1s\"] }}\n\n\
         [services.shop]\n\n[services.billing]\nconsumes = [{{ topics = \"{name}.order.*\" }}]\n\n\
         [environments.test.brokers.kafka]\nkind = \"kafka\"\nservers = [\"{server}\"]\n{security}\n\
         [environments.test.principals]\nbilling = \"User:{name}-billing\"\n"
    );
    let event = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    let paths = ["created", "paid"].map(|event| format!("{name}/order/{event}.v1.json"));
    TestProject::new(name, &config, &paths.each_ref().map(|path| (path.as_str(), event.clone())))
}

/// Returns how many changes were told to have been made.
fn told(said: &Said, what: &str) -> usize {
    said.err.lines().filter(|line| line.contains(&format!("Z test/{what}"))).count()
}

/// The kind of requests that give rights: the topics are there by then.
const CREATE_ACLS: i16 = 30;

#[test]
fn a_kafka_that_goes_away_between_topics_and_rights() {
    let Some(relayed) = services::kafka().and_then(|kafka| kafka.relayed.as_ref()) else { return };
    let relay = Relay::start(relayed.clients.try_clone().expect("a listener"), relayed.port, Protocol::Kafka);
    let server = format!("127.0.0.1:{}", relay.port);
    for (name, fault, cause) in [
        ("vanished", Fault::Cut, "kafka: no broker answers at 127.0.0.1:"),
        ("fell-silent", Fault::Still, "gave no answer in time: granting rights"),
    ] {
        let project = on_kafka(name, &server, "");
        relay.fails(fault, |request| is_of_kind(request, CREATE_ACLS));
        let broken = project.bus("apply --env test --yes --timeout 3").ends(1).tells(&[cause, "run again"]).says(&["kafka: 4 made"]);
        assert!(relay.recovers(), "{broken:?}");
        assert_eq!((told(&broken, "kafka create topic"), told(&broken, "kafka grant")), (4, 0), "{broken:?}");

        let rest = project.bus("apply --env test --yes").ends(0);
        assert_eq!(told(&rest, "kafka create topic"), 0, "{rest:?}");
        assert!(told(&rest, "kafka grant") > 0, "{rest:?}");
        project.bus("drift --env test").ends(0).says(&["kafka: nothing differs"]);
    }
}

#[test]
fn a_rabbitmq_that_goes_away_between_queues_and_bindings() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let (_, management) = rabbitmq.management.rsplit_once(':').expect("a port");
    let port = management.trim_end_matches('/').parse().expect("a port");
    let relay = Relay::start(TcpListener::bind("127.0.0.1:0").expect("a port"), port, Protocol::Http);
    for (name, fault, cause) in [
        ("vanished", Fault::Cut, "rabbit: no broker answers at http://127.0.0.1:"),
        ("fell-silent", Fault::Still, "gave no answer in time: binding a queue"),
    ] {
        let config = format!(
            "[[namespace]]\nname = \"shop\"\nbroker = \"rabbitmq\"\nexchange = \"events\"\nqueue = \"{{service}}.{{event}}\"\n\n\
             [services.shop]\n\n[services.billing]\nconsumes = [{{ topics = \"order.*\" }}]\n\n\
             [environments.test.brokers.rabbit]\nkind = \"rabbitmq\"\nurl = \"${{EVENTC_RABBITMQ}}\"\n\
             management = \"http://guest:guest@127.0.0.1:{}\"\nvirtual_host = \"{name}\"\n",
            relay.port
        );
        let event = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
        let schemas = [("order/created.v1.json", event.clone()), ("order/paid.v1.json", event)];
        let project = TestProject::new(&format!("{name}-host"), &config, &schemas).with_rabbitmq(rabbitmq);
        relay.fails(fault, |request| request.starts_with(b"POST /api/bindings/"));
        let broken =
            project.bus("apply --env test --yes --timeout 3").ends(1).tells(&[cause, "run again"]).says(&["1 failed, 1 not tried"]);
        assert!(relay.recovers(), "{broken:?}");
        assert_eq!((told(&broken, "rabbit create queue"), told(&broken, "rabbit create binding")), (2, 0), "{broken:?}");

        let rest = project.bus("apply --env test --yes").ends(0);
        assert_eq!((told(&rest, "rabbit create queue"), told(&rest, "rabbit create binding")), (0, 2), "{rest:?}");
        project.bus("drift --env test").ends(0).says(&["rabbit: nothing differs"]);
    }
}

#[test]
fn a_right_that_is_missing_for_a_part() {
    let Some(kafka) = services::kafka().filter(|kafka| kafka.sasl.is_some()) else { return };
    let admin = Admin::of(kafka);
    let topics = [AclOperation::Describe, AclOperation::DescribeConfigs, AclOperation::Create];
    let topics = topics.map(|operation| right(AclResourceType::Topic, "*", "User:halfway", operation));
    let on_cluster = |operation| right(AclResourceType::Cluster, "kafka-cluster", "User:halfway", operation);
    admin.give(topics.into_iter().chain([AclOperation::Describe, AclOperation::DescribeConfigs].map(on_cluster)).collect());
    let security = "security = { sasl = { mechanism = \"plain\", username = \"halfway\", password = \"${SECRET}\" } }\n";
    let server = kafka.sasl.as_deref().expect("a server");
    let project = on_kafka("halfway", server, security).with("SECRET", &password("halfway"));
    let refused = project.bus("apply --env test --yes").ends(1);
    let refused = refused.tells(&["the user has no right to granting rights", "docs/brokers.md"]).says(&["kafka: 4 made"]);
    assert_eq!((told(&refused, "kafka create topic"), told(&refused, "kafka grant")), (4, 0), "{refused:?}");

    admin.give(vec![on_cluster(AclOperation::Alter)]);
    let rest = project.bus("apply --env test --yes").ends(0);
    assert_eq!(told(&rest, "kafka create topic"), 0, "{rest:?}");
    project.bus("drift --env test").ends(0);
}
