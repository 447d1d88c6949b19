//! `eventc bus` on three Kafka nodes: copies of partitions, as many as contracts ask for, also of a topic that is there.

use eventc_tests::services::Kafka;
use serde_json::json;

use crate::{clients::Admin, project::TestProject};

const CONFIG: &str = r#"[[namespace]]
name = "shop"
topic = { partitions = 4, replication = 1, min_insync_replicas = 1 }

[services.shop]

[environments.test.brokers.kafka]
kind = "kafka"
servers = ["${EVENTC_KAFKA}"]
"#;

#[test]
fn copies_are_as_many_as_contracts_ask_for() {
    let Some(kafka) = Kafka::start_three() else { return };
    let schema = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    let project = TestProject::new("replication", CONFIG, &[("order/created.v1.json", schema)]).with_kafka(&kafka);
    project.bus("apply --env test --yes").ends(0);
    let admin = Admin::of(&kafka);
    assert_eq!(admin.topic("order.created"), (4, 1));
    admin.send("order.created", 20);

    project.edit("replication = 1", "replication = 3");
    project
        .bus("plan --env test")
        .ends(3)
        .says(&["alter    topic order.created  replication: 1 -> 3", "brokers copy what the topic holds"]);
    project.bus("apply --env test --yes").ends(0);
    project.bus("drift --env test").ends(0);
    assert_eq!(admin.topic("order.created"), (4, 3));

    project.edit("replication = 3", "replication = 4");
    project.bus("plan --env test").ends(3).says(&["cannot", "the cluster has 3 brokers"]);
    project.bus("apply --env test --yes").ends(1);
}
