//! The files of the output `rabbitmq` and `eventc bus` are one model: what a RabbitMQ imports of the repository's own files is all that `drift`
//! asks for, and what `apply` makes is what it exports.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use eventc_tests::{
    services::{self, Rabbitmq},
    tools::{self, workspace},
};
use serde_json::{Value, json};

use crate::{clients::Management, project::TestProject};

/// Returns a file of the output.
fn generated(path: &str) -> Value {
    let text = fs::read_to_string(workspace().join("generated/rabbitmq").join(path)).expect("a generated file");
    serde_json::from_str(&text).expect("JSON")
}

/// Returns the repository's contracts with the brokers of production here.
fn production(name: &str, rabbitmq: &Rabbitmq) -> TestProject {
    let project = TestProject::of_repository(name).with_rabbitmq(rabbitmq).with("RABBITMQ_USER", "guest").with("RABBITMQ_PASS", "guest");
    project.edit("\"amqps://rabbitmq.daa.example:5671\"", "\"${EVENTC_RABBITMQ}\"");
    project.edit("\"https://rabbitmq.daa.example:15671\"", "\"${EVENTC_RABBITMQ_MANAGEMENT}\"");
    project
}

#[test]
fn what_is_imported_is_what_is_asked_for() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let management = Management::of(rabbitmq);
    let project = production("from-files", rabbitmq);
    for (environment, broker, host) in [("local", "rabbit", "%2F"), ("production", "rabbitmq", "daa")] {
        management.change("PUT", &format!("vhosts/{host}"), &json!({}));
        // An import that ran before changes nothing, too.
        for _ in 0..2 {
            management.change("POST", &format!("definitions/{host}"), &generated(&format!("{environment}/{broker}/definitions.json")));
            let permissions = generated(&format!("{environment}/{broker}/permissions.json"));
            for (kind, of) in [("permissions", &permissions["permissions"]), ("topic-permissions", &permissions["topic_permissions"])] {
                for permission in of.as_array().expect("a list") {
                    let user = permission["user"].as_str().expect("a user");
                    management.change("PUT", &format!("users/{user}"), &json!({"password": "secret", "tags": ""}));
                    management.change("PUT", &format!("{kind}/{host}/{user}"), permission);
                }
            }
            let drift = project.bus(&format!("drift --env {environment} --only rabbitmq")).ends(0);
            drift.says(&[&format!("{broker}: nothing differs")]);
        }
    }
}

#[test]
fn what_is_made_is_what_is_exported() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let project = production("exported", rabbitmq);
    project.edit("virtual_host = \"daa\"", "virtual_host = \"exported\"");
    // The users are those of the other test.
    project.edit("[environments.production.principals]", "[environments.local.principals]");
    project.bus("apply --env production --only rabbitmq --yes").ends(0);
    let (file, exported) = (generated("production/rabbitmq/definitions.json"), Management::of(rabbitmq).get("definitions/exported"));
    for kind in ["exchanges", "queues", "bindings", "policies"] {
        // A policy is exported with the virtual host that it is in.
        let member = |item: &Value| tools::members(item.clone()).into_iter().filter(|(key, _)| key != "vhost").collect::<BTreeMap<_, _>>();
        let set =
            |of: &Value| of[kind].as_array().expect("a list").iter().map(|item| json!(member(item)).to_string()).collect::<BTreeSet<_>>();
        assert_eq!(set(&exported), set(&file), "{kind}");
    }
}
