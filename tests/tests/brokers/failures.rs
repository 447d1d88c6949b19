//! What `eventc bus` says where a broker is away, never answers, or refuses every right, and where the configuration lacks something.

use std::net::TcpListener;

use eventc_tests::services::{self, kafka::password};
use serde_json::json;

use crate::project::TestProject;

/// A namespace on one Kafka cluster with `security`.
fn project(name: &str, servers: &str, security: &str) -> TestProject {
    let config = format!(
        "[[namespace]]\nname = \"shop\"\ntopic = {{ partitions = 1, replication = 1 }}\n\n[services.shop]\n\n\
         [environments.test.brokers.kafka]\nkind = \"kafka\"\nservers = [\"{servers}\"]\n{security}\n\
         [environments.test.brokers.rabbit]\nkind = \"rabbitmq\"\nmanagement = \"${{EVENTC_RABBITMQ_MANAGEMENT:-http://127.0.0.1:1}}\"\n\
         url = \"amqp://127.0.0.1:1\"\n\n[environments.test.namespaces.shop]\nbroker = \"kafka\"\n"
    );
    let schema = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    TestProject::new(name, &config, &[(&format!("{name}/order/created.v1.json"), schema)])
}

#[test]
fn nobody_at_the_address() {
    let away = project("away", "127.0.0.1:1", "");
    for command in ["plan --env test --only kafka", "drift --env test --only kafka", "apply --env test --yes --only kafka"] {
        away.bus(command).ends(1).tells(&["environment test: kafka (127.0.0.1:1)", "kafka: no broker answers at 127.0.0.1:1", "help:"]);
    }
    away.bus("plan --env test --only rabbitmq").ends(1).tells(&["rabbit: no broker answers at http://127.0.0.1:1"]);
}

#[test]
fn somebody_who_never_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let slow = project("slow", &address, "");
    slow.bus("plan --env test --only kafka --timeout 1").ends(1).tells(&["gave no answer in time", "--timeout"]);
    let slow = slow.with("EVENTC_RABBITMQ_MANAGEMENT", &format!("http://{address}"));
    slow.bus("plan --env test --only rabbitmq --timeout 1").ends(1).tells(&["gave no answer in time", "--timeout"]);
}

#[test]
fn what_the_configuration_lacks_is_usage() {
    let lacking = project("lacking", "${EVENTC_TEST_UNSET}", "");
    lacking.bus("plan --env test").ends(2).tells(&["the variable EVENTC_TEST_UNSET is not set", "help:"]);
    lacking.bus("plan --env tset").ends(2).tells(&["there is no environment \"tset\"", "one of test"]);
    lacking.bus("plan --env test --allow everything").ends(2);
    lacking.bus("plan").ends(2);
    // What cannot be read would be missing on the brokers.
    lacking.write("schemas/events/lacking/order/torn.v1.json", "{\"type\": ");
    lacking.bus("plan --env test").ends(2).tells(&["no broker was asked, since not all contracts can be read"]);
}

#[test]
fn a_user_without_rights_is_told_which_one_is_missing() {
    let Some(server) = services::kafka().and_then(|kafka| kafka.sasl.as_deref()) else { return };
    let security = "security = { sasl = { mechanism = \"plain\", username = \"powerless\", password = \"${SECRET}\" } }\n";
    let powerless = project("powerless", server, security).with("SECRET", &password("powerless"));
    // It sees no topics, and so would make them.
    powerless.bus("apply --env test --only kafka --yes").ends(1).tells(&["the user has no right to creating topics", "docs/brokers.md"]);
}
