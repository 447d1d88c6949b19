//! `eventc bus` on a running RabbitMQ: an event lands in the queue of each consumer, what waits too long or is refused goes where it is
//! declared, what somebody changed by hand is reported in its words, and a user may do what its service does and nothing else.

use eventc_tests::services::{self, Rabbitmq};
use serde_json::{Value, json};

use crate::{clients::Management, project::TestProject};

/// A namespace on a virtual host of its own.
fn config(name: &str, more: &str) -> String {
    format!(
        r#"[[namespace]]
name = "shop"
broker = "rabbitmq"
exchange = "events"
queue = "{{service}}.{{event}}"

[namespace.topic]
ttl = "1h"
priority = 9
dead_letter = {{ topic = "dlx", queue = "{{queue}}.dlq", retries = 2, backoff = ["1s", "2s"], retention = "7d" }}

[services.shop]

[services.billing]
consumes = [{{ topics = "order.created" }}]

[services.mail]
consumes = [{{ topics = "order.*" }}]

[environments.test.brokers.rabbit]
kind = "rabbitmq"
url = "${{EVENTC_RABBITMQ}}"
management = "${{EVENTC_RABBITMQ_MANAGEMENT}}"
virtual_host = "{name}"
version = "3.10"
{more}"#
    )
}

fn project(name: &str, more: &str, rabbitmq: &Rabbitmq) -> TestProject {
    let event = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    let schemas = [("order/created.v1.json", event.clone()), ("order/paid.v1.json", event)];
    TestProject::new(name, &config(name, more), &schemas).with_rabbitmq(rabbitmq)
}

/// Asks until there is an answer: the broker does what waits for a time when that is over.
fn until<T>(what: &str, ask: impl Fn() -> Option<T>) -> T {
    let mut tries = std::iter::repeat_with(ask).take(2_000);
    tries.find_map(|answer| answer).unwrap_or_else(|| panic!("never: {what}"))
}

#[test]
fn an_event_lands_in_the_queue_of_each_consumer() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let project = project("delivered", "", rabbitmq);
    project.bus("apply --env test --yes").ends(0).tells(&["create virtual-host delivered", "create queue billing.created"]);
    project.bus("drift --env test").ends(0).says(&["rabbit: nothing differs"]);
    project.bus("apply --env test --yes").ends(0).says(&["rabbit: nothing differs"]);
    let management = Management::of(rabbitmq);
    assert_eq!(management.publish("delivered", "events", "order.created", "an order"), Ok(true));
    for queue in ["billing.created", "mail.created"] {
        let message = management.take("delivered", queue).expect("the queue").expect("a message");
        assert_eq!(message["payload"], "an order", "{queue}");
    }
    assert_eq!(management.take("delivered", "mail.paid"), Ok(None));
    assert_eq!(management.publish("delivered", "events", "order.unknown", "nobody's"), Ok(false));
}

#[test]
fn what_is_refused_goes_to_the_dead_letters() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    project("refused-messages", "", rabbitmq).bus("apply --env test --yes").ends(0);
    let management = Management::of(rabbitmq);
    let host = "refused-messages";
    assert_eq!(management.publish(host, "events", "order.paid", "a payment"), Ok(true));
    let body = json!({"count": 1, "ackmode": "reject_requeue_false", "encoding": "auto"});
    let (status, _) = management.ask("POST", &format!("queues/{host}/mail.paid/get"), Some(&body));
    assert_eq!(status, 200);
    let dead = until("a dead letter", || management.take(host, "mail.paid.dlq").expect("the queue"));
    assert_eq!(dead["payload"], "a payment");
    assert_eq!(dead["properties"]["headers"]["x-first-death-queue"], "mail.paid");
}

#[test]
fn a_changed_time_takes_effect_on_a_queue_that_is_there() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let project = project("expired", "", rabbitmq);
    project.bus("apply --env test --yes").ends(0);
    let management = Management::of(rabbitmq);
    project.edit("ttl = \"1h\"", "ttl = \"1ms\"");
    let plan = project.bus("plan --env test").ends(3);
    plan.says(&["message-ttl: 3600000 -> 1", "warning: messages that are sent from now on leave the queue sooner"]);
    project.bus("apply --env test --yes").ends(0);
    assert_eq!(management.publish("expired", "events", "order.paid", "late"), Ok(true));
    let dead = until("an expired message", || management.take("expired", "mail.paid.dlq").expect("the queue"));
    assert_eq!(dead["payload"], "late");
}

#[test]
fn what_waits_to_be_tried_again_comes_back() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    project("ladder", "", rabbitmq).bus("apply --env test --yes").ends(0);
    let management = Management::of(rabbitmq);
    let queues = management.get("queues/ladder?columns=name,arguments");
    let names: Vec<&str> = queues.as_array().expect("queues").iter().filter_map(|queue| queue["name"].as_str()).collect();
    let rungs: Vec<&&str> = names.iter().filter(|name| name.starts_with("mail.paid.retry.")).collect();
    assert_eq!(rungs.len(), 2, "{names:?}");
    // The default exchange leads to each queue by its name.
    let body = json!({"properties": {}, "routing_key": rungs[0], "payload": "again", "payload_encoding": "string"});
    management.change("POST", "exchanges/ladder/amq.default/publish", &body);
    let back = until("the event is back", || management.take("ladder", "mail.paid").expect("the queue"));
    assert_eq!(back["payload"], "again");
    assert_eq!(management.take("ladder", "mail.created"), Ok(None), "it comes back to its own queue alone");
}

#[test]
fn what_somebody_changed_is_reported_and_put_right() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let project = project("changed", "", rabbitmq);
    project.bus("apply --env test --yes").ends(0);
    let management = Management::of(rabbitmq);
    let (host, policies) = ("changed", management.get("policies/changed"));
    let policy = policies.as_array().expect("policies").iter().find(|policy| policy["definition"]["message-ttl"] == 3_600_000);
    let policy = policy.expect("a policy for the time").clone();
    let name = policy["name"].as_str().expect("a name");
    let mut changed = policy.clone();
    changed["definition"]["message-ttl"] = json!(5000);
    changed["definition"]["max-length"] = json!(10);
    management.change("PUT", &format!("policies/{host}/{name}"), &changed);
    management.change(
        "POST",
        &format!("bindings/{host}/e/events/q/billing.created"),
        &json!({"routing_key": "order.paid", "arguments": {}}),
    );
    management.change("DELETE", &format!("queues/{host}/mail.paid"), &Value::Null);
    management.change("PUT", &format!("queues/{host}/mail.paid"), &json!({"durable": true, "arguments": {"x-max-priority": 3}}));
    management.change("PUT", &format!("queues/{host}/stranger"), &json!({"durable": true, "arguments": {}}));

    let drift = project.bus("drift --env test").ends(3);
    drift.says(&[
        "message-ttl: 5000 -> 3600000",
        "reset    policy",
        "max-length: 10",
        "unbind   binding events -> billing.created  routing_key: order.paid",
        "cannot   queue mail.paid  x-max-priority: 3 -> 9",
        "only a new queue can have it; the one that is there is empty and unused",
        "held back: --allow recreate=mail.paid",
        "create   binding events -> mail.paid  routing_key: order.paid",
        "1 queue that no contract names: left alone",
    ]);
    project.bus("apply --env test --yes").ends(1).says(&["2 held back", "1 for a person to settle"]);
    project.bus("apply --env test --yes --allow reset --allow unbind --allow recreate=mail.paid").ends(0);
    project.bus("drift --env test").ends(0);
    assert_eq!(management.publish(host, "events", "order.paid", "bound again"), Ok(true));
    assert_eq!(management.take(host, "mail.paid").expect("the queue").expect("a message")["payload"], "bound again");
    assert_eq!(management.take(host, "billing.created"), Ok(None));
}

#[test]
fn a_user_does_what_its_service_does_and_nothing_else() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let principals = "\n[environments.test.principals]\nshop = \"entitled-shop\"\nbilling = \"entitled-billing\"\n";
    let project = project("entitled", principals, rabbitmq);
    let management = Management::of(rabbitmq);
    for user in ["entitled-shop", "entitled-billing"] {
        management.ask("DELETE", &format!("users/{user}"), None);
    }
    let absent = project.bus("apply --env test --yes").ends(1);
    absent.says(&["there is no such user, and eventc makes none"]);
    for user in ["entitled-shop", "entitled-billing"] {
        management.change("PUT", &format!("users/{user}"), &json!({"password": "secret", "tags": "management"}));
    }
    project.bus("apply --env test --yes").ends(0).tells(&["grant right entitled-shop"]);
    project.bus("drift --env test").ends(0);

    let (shop, billing) = (Management::user(rabbitmq, "entitled-shop", "secret"), Management::user(rabbitmq, "entitled-billing", "secret"));
    assert_eq!(shop.publish("entitled", "events", "order.created", "an order"), Ok(true));
    shop.publish("entitled", "events", "invoice.sent", "not its own").expect_err("a routing key of somebody else");
    shop.take("entitled", "billing.created").expect_err("a producer reads nothing");
    billing.publish("entitled", "events", "order.created", "not its own").expect_err("a consumer sends nothing");
    billing.take("entitled", "mail.created").expect_err("the queue of somebody else");
    assert_eq!(billing.take("entitled", "billing.created").expect("its own queue").expect("a message")["payload"], "an order");
}

#[test]
fn the_rights_that_the_page_names_are_enough_for_eventc() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let management = Management::of(rabbitmq);
    management.change("PUT", "vhosts/deployed", &json!({}));
    management.change("PUT", "users/deployer", &json!({"password": "secret", "tags": "policymaker"}));
    let everything = json!({"configure": ".*", "write": ".*", "read": ".*"});
    management.change("PUT", "permissions/deployed/deployer", &everything);
    let security = "security = { username = \"deployer\", password = \"${SECRET}\" }\n";
    let project = project("deployed", security, rabbitmq).with("SECRET", "secret");
    project.bus("apply --env test --yes").ends(0);
    project.bus("drift --env test").ends(0);
    let wrong = project.with("SECRET", "no-secret");
    wrong.bus("drift --env test").ends(1).tells(&["does not let this user in"]);
}

#[test]
fn a_user_without_rights_is_told_what_is_missing() {
    let Some(rabbitmq) = services::rabbitmq() else { return };
    let management = Management::of(rabbitmq);
    management.change("PUT", "vhosts/forbidden", &json!({}));
    management.change("PUT", "users/onlooker", &json!({"password": "secret", "tags": "management"}));
    management.change("PUT", "permissions/forbidden/onlooker", &json!({"configure": "", "write": "", "read": ""}));
    let security = "security = { username = \"onlooker\", password = \"${SECRET}\" }\n";
    let project = project("forbidden", security, rabbitmq).with("SECRET", "secret");
    project.bus("apply --env test --yes").ends(1).tells(&["the user has no right to", "docs/brokers.md"]);
}
