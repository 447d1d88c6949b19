//! The repository's own contracts on empty brokers of its environment `local`: one run makes them, and then nothing differs; an event lands
//! where the documents say; and what somebody changes by hand is told in its words, kind by kind, and put right by whoever lets it.

use eventc_tests::{
    services::{Kafka, Rabbitmq},
    tools::workspace,
};
use krafka::admin::{AclFilter, AclOperation, AclResourceType, ClientQuotaAlteration, ClientQuotaEntity, ConfigOp, NewTopic};
use serde_json::{Value, json};

use crate::{
    amqp,
    clients::{Admin, Management, right, wait},
    project::TestProject,
};

#[test]
fn the_brokers_of_the_documents_run_from_one_command() {
    let (Some(kafka), Some(rabbitmq)) = (Kafka::start("local-kafka"), Rabbitmq::start("local-rabbitmq")) else { return };
    let (admin, management) = (Admin::of(&kafka), Management::of(&rabbitmq));
    let project = TestProject::at(&workspace()).with_kafka(&kafka).with_rabbitmq(&rabbitmq);
    project.bus("apply --env local --yes").ends(0).tells(&["environment local: kafka (", "), rabbit ("]);
    project.bus("drift --env local").ends(0).says(&["kafka: nothing differs", "rabbit: nothing differs"]);
    let again = project.bus("apply --env local --yes --format json").ends(0);
    let reports: Value = serde_json::from_str(&again.out).expect("JSON");
    for report in reports.as_array().expect("a report for each broker") {
        assert_eq!(report["changes"], json!([]), "{report}");
    }
    are_as_documented(&admin, &management, &rabbitmq);

    let project = with_rights(&management).with_kafka(&kafka).with_rabbitmq(&rabbitmq);
    project.bus("apply --env local --yes").ends(0).tells(&["grant right User:archon-search", "grant right agent-handler"]);
    project.bus("drift --env local").ends(0).says(&["kafka: nothing differs", "rabbit: nothing differs"]);
    change_kafka(&admin);
    change_rabbitmq(&management);
    is_told(&project);
    is_put_right(&project, &admin, &management);
}

/// What the documents say of the bus.
fn are_as_documented(admin: &Admin, management: &Management, rabbitmq: &Rabbitmq) {
    for (topic, partitions) in [("omninode.codegen.request.validate.v1", 6), ("omninode.bridge.request.stamp.v1", 3)] {
        assert_eq!(admin.topic(topic), (partitions, 1), "{topic}");
        assert_eq!(admin.setting(topic, "retention.ms"), "604800000", "{topic}");
        assert_eq!(admin.setting(&format!("{topic}.dlq"), "retention.ms"), "604800000", "{topic}");
    }

    // An event of daa lands in the queue of its domain, and in the stream that keeps it for 30 days, where it is read as often as somebody
    // wants.
    for text in ["an agent", "another agent"] {
        assert_eq!(management.publish("%2F", "events", "agent.created", text), Ok(true));
        let message = management.take("%2F", "agent.events").expect("the queue").expect("a message");
        assert_eq!(message["payload"], text);
    }
    let stream = management.get("queues/%2F/events.stream");
    assert_eq!(stream["arguments"]["x-queue-type"], "stream");
    for _ in 0..2 {
        assert_eq!(amqp::read(&rabbitmq.url, None, "events.stream", Some("first"), 2), ["an agent", "another agent"]);
    }

    // One of cauldron in that of each consumer.
    assert_eq!(management.publish("%2F", "cauldron.operations.topic", "operations.user.activity", "a click"), Ok(true));
}

/// Returns the same contracts where the rights of three services are managed, whose users are there.
fn with_rights(management: &Management) -> TestProject {
    let services = ["archon-search", "agent-handler", "daa-service"];
    for user in services {
        management.change("PUT", &format!("users/{user}"), &json!({"password": "secret", "tags": ""}));
    }
    let principals = services.map(|service| format!("{service} = \"User:{service}\"\n")).concat();
    let project = TestProject::of_repository("local");
    project.edit("[environments.local.registry]", &format!("[environments.local.principals]\n{principals}\n[environments.local.registry]"));
    project
}

const INDEXED: &str = "omninode.document.event.indexed.v1";
const SNAPSHOT: &str = "omninode.audit.quality_snapshot.v1";
const PATTERNS: &str = "omninode.intelligence.event.pattern_learned.v1";

/// Changes a Kafka by hand, once in each way.
fn change_kafka(admin: &Admin) {
    let client = &admin.client;
    wait(client.delete_topics(["omninode.document.event.indexed.v1.dlq"], Default::default())).expect("an answer");
    let stranger = NewTopic::new("stranger", 1, 1).expect("a topic");
    wait(client.create_topics(vec![stranger], Default::default())).expect("an answer");
    admin.alter(INDEXED, ConfigOp::set("retention.ms", "86400000"));
    admin.alter(INDEXED, ConfigOp::set("segment.ms", "3600000"));
    wait(client.create_partitions([(SNAPSHOT, 2)], Default::default())).expect("an answer");
    let user = "User:archon-search";
    admin.give(vec![right(AclResourceType::Topic, SNAPSHOT, user, AclOperation::Write)]);
    let read = AclFilter::for_principal(user).resource_name(PATTERNS).operation(AclOperation::Read);
    wait(client.delete_acls(vec![read], Default::default())).expect("an answer");
    let entity = ClientQuotaEntity::from_iter([("user", Some("archon-search"))]);
    let quota = ClientQuotaAlteration::new(entity, vec![("producer_byte_rate".into(), Some(1e6))]);
    wait(client.alter_client_quotas(vec![quota], Default::default())).expect("an answer");
}

/// Changes a RabbitMQ by hand, once in each way.
fn change_rabbitmq(management: &Management) {
    let change = |method: &str, path: &str, body: Value| management.change(method, path, &body);
    change("DELETE", "bindings/%2F/e/events/q/pattern.events/pattern.%2A", Value::Null);
    change("POST", "bindings/%2F/e/events/q/pattern.events", json!({"routing_key": "agent.created", "arguments": {}}));
    change("DELETE", "queues/%2F/lore.knowledge-curator.task-completed", Value::Null);
    change("DELETE", "queues/%2F/knowledge.events", Value::Null);
    change("PUT", "queues/%2F/knowledge.events", json!({"durable": true, "arguments": {"x-max-priority": 3}}));
    change("PUT", "queues/%2F/stranger", json!({"durable": true, "arguments": {}}));
    let mut policy = management.get("policies/%2F/agent.events");
    policy["definition"]["message-ttl"] = json!(5000);
    policy["definition"]["max-length"] = json!(10);
    change("PUT", "policies/%2F/agent.events", policy);
    change("PUT", "permissions/%2F/agent-handler", json!({"configure": "^$", "write": "^$", "read": "^agent\\.events$"}));
    change("DELETE", "users/daa-service", Value::Null);
}

/// Holds what `drift` tells to one line for each difference.
fn is_told(project: &TestProject) {
    let drift = project.bus("drift --env local --format json").ends(3);
    let reports: Value = serde_json::from_str(&drift.out).expect("JSON");
    let text = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
    let line = |change: &Value| ["action", "kind", "name", "setting", "old", "new", "needs"].map(|key| text(change, key)).join(" | ");
    let lines = |report: &Value| report["changes"].as_array().expect("changes").iter().map(line).collect::<Vec<_>>();
    assert_eq!(lines(&reports[0]), KAFKA_DRIFTS);
    assert_eq!(lines(&reports[1]), RABBITMQ_DRIFTS);
    assert_eq!(reports[0]["summary"]["unmanaged"]["topic"], 1, "the stranger's");
    assert_eq!(reports[1]["summary"]["unmanaged"]["queue"], 1, "the stranger's");
    project.bus("drift --env local").ends(3).says(&[
        "partitions cannot be taken away: state `partitions = 2` for it, or begin a new topic with the next major",
        "only a new queue can have it; the one that is there is empty and unused",
        "there is no such user, and eventc makes none: add it with `rabbitmqctl add_user`, and run apply again",
        "1 topic that no contract names: left alone",
    ]);
}

/// What `drift` tells of [`change_kafka`]: action, kind, name, setting, old, new, and the option without which nothing is done.
const KAFKA_DRIFTS: [&str; 7] = [
    "cannot | topic | omninode.audit.quality_snapshot.v1 | partitions | 2 | 1 | -",
    "alter | topic | omninode.document.event.indexed.v1 | retention.ms | 86400000 | 604800000 | -",
    "reset | topic | omninode.document.event.indexed.v1 | segment.ms | 3600000 | - | --allow reset",
    "create | topic | omninode.document.event.indexed.v1.dlq | - | - | \
     partitions=3 replication=1 max.message.bytes=1114124 retention.ms=604800000 | -",
    "grant | right | User:archon-search | - | - | read topic omninode.intelligence.event.pattern_learned.v1 | -",
    "revoke | right | User:archon-search | - | write topic omninode.audit.quality_snapshot.v1 | - | --allow revoke",
    "reset | quota | User:archon-search | producer_byte_rate | 1000000 | - | --allow reset",
];

/// What `drift` tells of [`change_rabbitmq`].
const RABBITMQ_DRIFTS: [&str; 10] = [
    "cannot | queue | knowledge.events | x-max-priority | 3 | 9 | --allow recreate=knowledge.events",
    "create | queue | lore.knowledge-curator.task-completed | - | - | - | -",
    "create | binding | cauldron.agent.topic -> lore.knowledge-curator.task-completed | routing_key | - | agent.task.completed | -",
    "create | binding | events -> knowledge.events | routing_key | - | knowledge.* | -",
    "create | binding | events -> pattern.events | routing_key | - | pattern.* | -",
    "unbind | binding | events -> pattern.events | routing_key | agent.created | - | --allow unbind",
    "alter | policy | agent.events | message-ttl | 5000 | 86400000 | -",
    "reset | policy | agent.events | max-length | 10 | - | --allow reset",
    "grant | right | agent-handler | write | ^$ | ^agent\\.events\\.retry$ | -",
    "cannot | right | daa-service | - | - | - | -",
];

/// Lets go what is held back, settles what a person has to settle, and finds nothing that differs.
fn is_put_right(project: &TestProject, admin: &Admin, management: &Management) {
    project.bus("apply --env local --yes").ends(1).says(&["held back", "for a person to settle"]);
    management.change("PUT", "users/daa-service", &json!({"password": "secret", "tags": ""}));
    project.edit(
        "[environments.local.namespaces.cauldron]",
        &format!(
            "[environments.local.namespaces.omninode.topics.\"{SNAPSHOT}\"]\npartitions = 2\n\n[environments.local.namespaces.cauldron]"
        ),
    );
    project.bus("apply --env local --yes --allow reset --allow revoke --allow unbind --allow recreate=knowledge.events").ends(0);
    let silent = project.bus("drift --env local").ends(0).says(&["kafka: nothing differs", "rabbit: nothing differs"]);
    silent.says(&["1 topic that no contract names: left alone", "1 queue"]);
    assert_eq!(admin.topic("stranger"), (1, 1), "it is nobody's");
    management.get("queues/%2F/stranger");
}
