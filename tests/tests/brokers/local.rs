//! The repository's own contracts on the brokers of its environment `local`: one run makes them, and then nothing differs.

use eventc_tests::{services, tools::workspace};
use serde_json::Value;

use crate::{
    clients::{Admin, Management},
    project::TestProject,
};

#[test]
fn the_brokers_of_the_documents_run_from_one_command() {
    let (Some(kafka), Some(rabbitmq)) = (services::kafka(), services::rabbitmq()) else { return };
    let project = TestProject::at(&workspace()).with_kafka(kafka).with_rabbitmq(rabbitmq);
    project.bus("apply --env local --yes").ends(0).tells(&["environment local: kafka (", "), rabbit ("]);
    project.bus("drift --env local").ends(0).says(&["kafka: nothing differs", "rabbit: nothing differs"]);
    let again = project.bus("apply --env local --yes --format json").ends(0);
    let reports: Value = serde_json::from_str(&again.out).expect("JSON");
    for report in reports.as_array().expect("a report for each broker") {
        assert_eq!(report["changes"], serde_json::json!([]), "{report}");
    }

    // What the documents say of the bus.
    let admin = Admin::of(kafka);
    for (topic, partitions) in [("omninode.codegen.request.validate.v1", 6), ("omninode.bridge.request.stamp.v1", 3)] {
        assert_eq!(admin.topic(topic), (partitions, 1), "{topic}");
        assert_eq!(admin.setting(topic, "retention.ms"), "604800000", "{topic}");
        assert_eq!(admin.setting(&format!("{topic}.dlq"), "retention.ms"), "604800000", "{topic}");
    }

    // An event of daa lands in the queue of its domain, and in the stream that keeps it for 30 days.
    let management = Management::of(rabbitmq);
    management.change("DELETE", "queues/%2F/agent.events/contents", &Value::Null);
    assert_eq!(management.publish("%2F", "events", "agent.created", "an agent"), Ok(true));
    let message = management.take("%2F", "agent.events").expect("the queue").expect("a message");
    assert_eq!(message["payload"], "an agent");
    let queues = management.get("queues/%2F?columns=name,arguments");
    let stream = queues.as_array().expect("queues").iter().find(|queue| queue["arguments"]["x-queue-type"] == "stream");
    assert!(stream.is_some(), "{queues}");

    // One of cauldron in that of each consumer.
    assert_eq!(management.publish("%2F", "cauldron.operations.topic", "operations.user.activity", "a click"), Ok(true));
}
