//! A service may do on Kafka what its contracts say, and nothing beside it: each right is tried, and its neighbour.

use std::time::Duration;

use eventc_tests::services::{self, kafka::password};
use krafka::{
    admin::{AclOperation, AclResourceType},
    auth::AuthConfig,
    consumer::AutoOffsetReset,
    error::KrafkaError,
};
use serde_json::{Value, json};

use crate::{
    clients::{Admin, connect, right, send, wait},
    project::TestProject,
};

const CONFIG: &str = r#"[[namespace]]
name = "shop"
consumer_group = "{service}-{function}"

[namespace.topic]
partitions = 1
replication = 1
dead_letter = { topic = "{topic}.dlq", retries = 1, backoff = ["1s"] }

[services.rights-shop]

[services.rights-billing]
consumes = [{ topics = "rights.order.created", function = "invoices" }]

[environments.test.brokers.kafka]
kind = "kafka"
servers = ["${EVENTC_KAFKA}"]

[environments.test.principals]
rights-shop = "User:rights-shop"
rights-billing = "User:rights-billing"
"#;

fn event(producer: &str) -> Value {
    json!({"type": "object", "x-event": {"version": "1.0.0", "producers": [producer]}})
}

/// Reads one event as a user in a group; whether the broker lets it.
fn read(kafka: &krafka::Kafka, group: &str, topic: &str) -> krafka::Result<bool> {
    wait(async {
        let consumer = kafka.consumer(group).auto_offset_reset(AutoOffsetReset::Earliest).enable_auto_commit(false).build().await?;
        consumer.subscribe([topic]).await?;
        for _ in 0..100 {
            if !consumer.poll(Duration::from_millis(200)).await?.is_empty() {
                consumer.commit().await?;
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// What the broker says that a user may do with a topic.
fn operations(kafka: &krafka::Kafka, topic: &str) -> Vec<AclOperation> {
    let mut described = wait(kafka.admin().describe_topics([topic], Default::default())).expect("an answer");
    let described = described.remove(topic).expect("an answer for the topic").expect("a topic that the user sees");
    let set = described.authorized_operations.expect("a broker that tells");
    (0..=12_i8).filter(|bit| set >> bit & 1 == 1).map(AclOperation::from_i8).collect()
}

/// Asks for the place that a group has reached.
fn group(kafka: &krafka::Kafka, group: &str) -> krafka::Result<()> {
    wait(kafka.admin().list_consumer_group_offsets(group, Default::default())).map(|_| ())
}

#[track_caller]
fn is_refused<T: std::fmt::Debug>(answer: krafka::Result<T>) {
    let error = answer.expect_err("the neighbour of a right is none");
    let text = error.to_string();
    assert!(matches!(error, KrafkaError::Broker { .. }) || text.contains("uthoriz"), "{text}");
    assert!(text.contains("uthoriz"), "{text}");
}

#[test]
fn a_service_does_what_its_contracts_say_and_nothing_else() {
    let Some(kafka) = services::kafka().filter(|kafka| kafka.sasl.is_some()) else { return };
    let schemas = [("rights/order/created.v1.json", event("rights-shop")), ("rights/invoice/sent.v1.json", event("rights-billing"))];
    let project = TestProject::new("rights", CONFIG, &schemas).with_kafka(kafka);
    project.bus("apply --env test --yes").ends(0).tells(&["grant right User:rights-billing"]);
    project.bus("drift --env test").ends(0);

    let server = kafka.sasl.as_deref().expect("a server");
    let user = |name: &str| connect(server, AuthConfig::sasl_plain(name, password(name))).expect("the user is let in");
    let (shop, billing) = (user("rights-shop"), user("rights-billing"));

    send(&shop, "rights.order.created", 1).expect("a producer sends what it publishes");
    is_refused(send(&shop, "rights.invoice.sent", 1));
    is_refused(send(&shop, "rights.order.created.dlq", 1));
    assert_eq!(operations(&shop, "rights.order.created"), [AclOperation::Write, AclOperation::Describe]);
    is_refused(group(&shop, "rights-shop-any"));

    assert!(read(&billing, "rights-billing-invoices", "rights.order.created").expect("a consumer reads what it consumes"));
    assert_eq!(operations(&billing, "rights.order.created"), [AclOperation::Read, AclOperation::Describe]);
    assert_eq!(operations(&billing, "rights.invoice.sent"), [AclOperation::Write, AclOperation::Describe]);
    group(&billing, "rights-billing-invoices").expect("its own group");
    is_refused(group(&billing, "somebody-else"));
    send(&billing, "rights.order.created.dlq", 1).expect("a consumer sets aside what it cannot process");
    is_refused(send(&billing, "rights.order.created", 1));
    send(&billing, "rights.invoice.sent", 1).expect("a producer sends what it publishes");
}

/// What docs/brokers.md says that eventc itself needs: the operations on topics, and on the cluster.
const NEEDED: ([AclOperation; 6], [AclOperation; 4]) = (
    [
        AclOperation::Describe,
        AclOperation::DescribeConfigs,
        AclOperation::Create,
        AclOperation::Alter,
        AclOperation::AlterConfigs,
        AclOperation::Delete,
    ],
    [AclOperation::Describe, AclOperation::Alter, AclOperation::DescribeConfigs, AclOperation::AlterConfigs],
);

#[test]
fn the_rights_that_the_page_names_are_enough_for_eventc() {
    let Some(kafka) = services::kafka().filter(|kafka| kafka.sasl.is_some()) else { return };
    let topics = NEEDED.0.map(|operation| right(AclResourceType::Topic, "*", "User:deployer", operation));
    let cluster = NEEDED.1.map(|operation| right(AclResourceType::Cluster, "kafka-cluster", "User:deployer", operation));
    Admin::of(kafka).give(topics.into_iter().chain(cluster).collect());

    let security = "security = { sasl = { mechanism = \"plain\", username = \"deployer\", password = \"${SECRET}\" } }\n\n[environments.test.principals]";
    let config = CONFIG.replace("rights.order.created", "deployed.order.created").replace("\n[environments.test.principals]", security);
    let config = format!("{config}\n").replace("\"User:rights-", "\"User:deployed-");
    let out = json!({"type": "object", "x-event": {"version": "1.0.0", "deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}}});
    let schemas = [("deployed/order/created.v1.json", event("rights-shop")), ("deployed/order/gone.v1.json", out)];
    let project = TestProject::new("deployed", &config, &schemas).with("EVENTC_KAFKA", kafka.sasl.as_deref().expect("a server"));
    let project = project.with("SECRET", &password("deployer"));
    project.bus("apply --env test --yes --today 2026-06-01").ends(0);
    project.bus("drift --env test --today 2026-06-01").ends(0);
    project.edit("partitions = 1", "partitions = 2\nretention = \"1d\"");
    project.bus("apply --env test --yes --prune --today 2026-07-01").ends(0);
    project.bus("drift --env test --prune --today 2026-07-01").ends(0);
}
