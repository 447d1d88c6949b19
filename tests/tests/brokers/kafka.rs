//! `eventc bus` on a running Kafka: everything exists as it is declared, a second run changes nothing, what somebody changed by hand is
//! reported in its words, and a run that was killed is completed by the next one.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use eventc_tests::{services, tools};
use krafka::admin::{AclFilter, AclOperation, AclResourceType, ClientQuotaAlteration, ClientQuotaEntity, ConfigOp};
use serde_json::{Value, json};

use crate::{
    clients::{Admin, right, wait},
    project::TestProject,
};

/// A namespace on Kafka with dead letters, a consumer, and rights that are managed.
fn config(name: &str) -> String {
    format!(
        r#"[[namespace]]
name = "shop"
consumer_group = "{{service}}-{{function}}"

[namespace.topic]
partitions = 3
replication = 1
retention = "7d"
dead_letter = {{ topic = "{{topic}}.dlq", retries = 1, backoff = ["1s"], retention = "2d" }}

[services.billing]
consumes = [{{ topics = "{name}.order.*", function = "invoices" }}]

[services.shop]

[environments.test.brokers.kafka]
kind = "kafka"
servers = ["${{EVENTC_KAFKA}}"]

[environments.test.principals]
billing = "User:{name}-billing"
"#
    )
}

fn event(extra: &Value) -> Value {
    let mut event =
        json!({"type": "object", "properties": {"id": {"type": "string"}}, "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    for (key, value) in extra.as_object().expect("an object") {
        event["x-event"][key] = value.clone();
    }
    event
}

fn project(name: &str, kafka: &services::Kafka) -> TestProject {
    let created = event(&json!({"key": "/id", "topic": {"partitions": 2}}));
    let schemas = [
        (format!("{name}/order/created.v1.json"), created),
        (format!("{name}/order/paid.v1.json"), event(&json!({"topic": {"settings": {"segment.ms": 3_600_000}}}))),
    ];
    let schemas: Vec<(&str, Value)> = schemas.iter().map(|(path, schema)| (path.as_str(), schema.clone())).collect();
    TestProject::new(name, &config(name), &schemas).with_kafka(kafka)
}

#[test]
fn everything_exists_as_declared_and_a_second_run_changes_nothing() {
    let Some(kafka) = services::kafka() else { return };
    let project = project("declared", kafka);
    project.bus("plan --env test").ends(3).says(&["create   topic declared.order.created", "partitions=2"]);
    let refused = project.bus("apply --env test").ends(2);
    refused.tells(&["environment test: kafka (127.0.0.1:", "say --yes"]);
    project.bus("apply --env test --yes").ends(0).tells(&["Z test/kafka create topic declared.order.created"]);
    let admin = Admin::of(kafka);
    assert_eq!(admin.topic("declared.order.created"), (2, 1));
    assert_eq!(admin.topic("declared.order.paid"), (3, 1));
    assert_eq!(admin.setting("declared.order.created", "retention.ms"), "604800000");
    assert_eq!(admin.setting("declared.order.created.dlq", "retention.ms"), "172800000");
    assert_eq!(admin.setting("declared.order.paid", "segment.ms"), "3600000");
    project.bus("drift --env test").ends(0).says(&["kafka: nothing differs"]);
    let second = project.bus("apply --env test --yes").ends(0).says(&["kafka: nothing differs"]);
    assert!(!second.err.contains("create"), "{second:?}");
}

#[test]
fn what_somebody_changed_is_reported_and_put_right() {
    let Some(kafka) = services::kafka() else { return };
    let project = project("drifted", kafka);
    project.bus("apply --env test --yes").ends(0);
    let admin = Admin::of(kafka);
    let (created, paid) = ("drifted.order.created", "drifted.order.paid");
    admin.send(paid, 5);
    wait(admin.client.delete_topics(["drifted.order.paid.dlq"], Default::default())).expect("an answer");
    admin.alter(created, ConfigOp::set("retention.ms", "1209600000"));
    admin.alter(paid, ConfigOp::set("max.message.bytes", "2000000"));
    wait(admin.client.create_partitions([(paid, 5)], Default::default())).expect("an answer");
    let user = "User:drifted-billing";
    admin.give(vec![right(AclResourceType::Topic, created, user, AclOperation::Write)]);
    let read = AclFilter::for_principal(user).resource_name(created).operation(AclOperation::Read);
    wait(admin.client.delete_acls(vec![read], Default::default())).expect("an answer");
    let entity = ClientQuotaEntity::from_iter([("user", Some("drifted-billing"))]);
    let quota = ClientQuotaAlteration::new(entity, vec![("producer_byte_rate".into(), Some(1e6))]);
    wait(admin.client.alter_client_quotas(vec![quota], Default::default())).expect("an answer");

    let drift = project.bus("drift --env test --format json").ends(3);
    let reports: Value = serde_json::from_str(&drift.out).expect("JSON");
    let changes = reports[0]["changes"].as_array().expect("changes");
    let line = |change: &Value| {
        let text = |key: &str| change[key].as_str().unwrap_or("-").to_owned();
        ["action", "name", "setting", "old", "new"].map(text).join(" ")
    };
    let lines: Vec<String> = changes.iter().map(line).collect();
    for expected in [
        "create drifted.order.paid.dlq - - partitions=3 replication=1 max.message.bytes=1114124 retention.ms=172800000",
        "alter drifted.order.created retention.ms 1209600000 604800000",
        "reset drifted.order.paid max.message.bytes 2000000 -",
        "cannot drifted.order.paid partitions 5 3",
        "grant User:drifted-billing - - read topic drifted.order.created",
        "revoke User:drifted-billing - write topic drifted.order.created -",
        "reset User:drifted-billing producer_byte_rate 1000000 -",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:#?}");
    }
    assert_eq!(lines.len(), 7, "{lines:#?}");

    // What is held back stays, and what only a person can settle is a failure.
    project.bus("apply --env test --yes").ends(1).says(&["3 made", "3 held back", "1 for a person to settle"]);
    project.edit("partitions = 3", "partitions = 5");
    project.bus("apply --env test --yes --allow reset --allow revoke").ends(0);
    project.bus("drift --env test").ends(0);
}

#[test]
fn warnings_say_what_goes() {
    let Some(kafka) = services::kafka() else { return };
    let project = project("warned", kafka);
    project.bus("apply --env test --yes").ends(0);
    Admin::of(kafka).send("warned.order.paid", 4);
    project.edit("retention = \"7d\"", "retention = \"1ms\"");
    let plan = project.bus("plan --env test").ends(3);
    plan.says(&[
        "retention.ms: 604800000 -> 1",
        "warning: deletes 4 events of the last 7 days that are older than 1 millisecond, of 4 in all",
    ]);
    project.edit("retention = \"1ms\"", "retention = \"7d\"");
    // The keys of this one would move.
    let path = "schemas/events/warned/order/created.v1.json";
    project.write(path, &event(&json!({"key": "/id", "topic": {"partitions": 4}})).to_string());
    let held = project.bus("apply --env test --yes").ends(0);
    held.says(&["keys move to other partitions", "held back: --allow repartition=warned.order.created"]);
    project.bus("apply --env test --yes --allow repartition=warned.order.created").ends(0);
    assert_eq!(Admin::of(kafka).topic("warned.order.created").0, 4);
}

#[test]
fn what_is_past_its_sunset_goes_when_asked() {
    let Some(kafka) = services::kafka() else { return };
    let project = project("sunset", kafka);
    let out = json!({"deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}});
    project.write("schemas/events/sunset/order/paid.v1.json", &event(&out).to_string());
    project.bus("apply --env test --yes --today 2026-06-30").ends(0);
    Admin::of(kafka).send("sunset.order.paid", 3);
    project.bus("plan --env test --today 2026-06-30 --prune").ends(0);
    project.bus("drift --env test --today 2026-07-01").ends(0);
    let plan = project.bus("plan --env test --today 2026-07-01 --prune").ends(3);
    plan.says(&["delete   topic sunset.order.paid", "gone after 2026-06-30", "it still holds 3 events"]);
    project.bus("apply --env test --today 2026-07-01 --prune --yes").ends(0);
    project.bus("plan --env test --today 2026-07-01 --prune").ends(0);
}

#[test]
fn what_is_past_its_sunset_goes_when_its_file_is_gone() {
    let Some(kafka) = services::kafka() else { return };
    let (path, out) = ("retired/order/paid.v1.json", event(&json!({"deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}})));
    let schemas = [("retired/order/created.v1.json", event(&json!({}))), (path, out)];
    // With a reader, its rights would be one more difference.
    let config = config("retired").replace("retired.order.*", "retired.order.created");
    let project = TestProject::new("retired", &config, &schemas).with_kafka(kafka);
    tools::run(&mut project.eventc("release --today 2026-01-02"));
    project.bus("apply --env test --yes --today 2026-01-02").ends(0);
    let admin = Admin::of(kafka);
    admin.send("retired.order.paid", 3);
    admin.send("retired.order.paid.dlq", 1);
    std::fs::remove_file(project.folder.join("schemas/events").join(path)).expect("the file can be removed");

    // No contract names it, and nobody lets it go.
    project.bus("drift --env test --today 2026-07-01").ends(0).says(&["that no contract names: left alone"]);
    project.bus("plan --env test --today 2026-06-30 --prune").ends(0);
    project.bus("plan --env test --today 2026-07-01 --prune").ends(3).says(&[
        "delete   topic retired.order.paid\n           contract retired.order.paid of shop, gone after 2026-06-30\n           warning: it still holds 3 events",
        "delete   topic retired.order.paid.dlq",
        "warning: it still holds 1 event\n",
    ]);
    project.bus("apply --env test --today 2026-07-01 --prune --yes").ends(0);
    project.bus("plan --env test --today 2026-07-01 --prune").ends(0);
}

#[test]
fn a_run_that_was_killed_is_completed_by_the_next() {
    let Some(kafka) = services::kafka() else { return };
    let schemas: Vec<(String, Value)> = (0..60).map(|index| (format!("killed/order/e{index}.v1.json"), event(&json!({})))).collect();
    let schemas: Vec<(&str, Value)> = schemas.iter().map(|(path, schema)| (path.as_str(), schema.clone())).collect();
    let project = TestProject::new("killed", &config("killed"), &schemas).with_kafka(kafka);
    let mut run = project.command("apply --env test --yes").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("eventc starts");
    let mut told = BufReader::new(run.stderr.take().expect("a pipe")).lines();
    let first = told.find(|line| line.as_ref().is_ok_and(|line| line.contains("create topic")));
    assert!(first.is_some(), "no change was made");
    run.kill().expect("the run can be killed");
    run.wait().expect("the run ends");
    project.bus("apply --env test --yes").ends(0);
    project.bus("drift --env test").ends(0);
    assert_eq!(Admin::of(kafka).topic("killed.order.e59.dlq").0, 3);
}

#[test]
fn settings_of_running_topics_are_written_into_eventc_toml() {
    let Some(kafka) = services::kafka() else { return };
    let project = project("imported", kafka);
    project.bus("apply --env test --yes").ends(0);
    let admin = Admin::of(kafka);
    for topic in ["imported.order.created", "imported.order.paid"] {
        admin.alter(topic, ConfigOp::set("retention.ms", "259200000"));
    }
    admin.alter("imported.order.paid", ConfigOp::set("min.compaction.lag.ms", "1000"));
    project.edit("[services.shop]", "# The shop itself.\n[services.shop]");
    project.bus("drift --env test").ends(3);
    project.bus("import --env test --yes").ends(0).tells(&["kafka: 2 topics differ"]);
    let text = std::fs::read_to_string(project.folder.join("eventc.toml")).expect("a configuration");
    for words in ["# The shop itself.\n[services.shop]", "retention = \"3d\"", "\"min.compaction.lag.ms\" = 1000"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    project.bus("drift --env test").ends(0);
}
