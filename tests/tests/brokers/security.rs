//! How `eventc bus` is let in: by each mechanism of SASL, and over TLS with an authority of one's own, on Kafka and on RabbitMQ.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use eventc_tests::services::{
    self,
    kafka::{SCRAM_USER, TOKEN_USER, password},
};
use serde_json::json;

use crate::{amqp, clients::Management, project::TestProject};

/// A namespace on one Kafka cluster with `security`.
fn on_kafka(name: &str, server: &str, security: &str) -> TestProject {
    let config = format!(
        "[[namespace]]\nname = \"shop\"\ntopic = {{ partitions = 1, replication = 1 }}\n\n[services.shop]\n\n\
         [environments.test.brokers.kafka]\nkind = \"kafka\"\nservers = [\"{server}\"]\nsecurity = {{ {security} }}\n"
    );
    let schema = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    TestProject::new(name, &config, &[(&format!("{name}/order/created.v1.json"), schema)])
}

#[test]
fn users_of_each_mechanism() {
    let Some(server) = services::kafka().and_then(|kafka| kafka.sasl.as_deref()) else { return };
    for (mechanism, user) in [("plain", "admin"), ("scram-sha-256", SCRAM_USER), ("scram-sha-512", SCRAM_USER)] {
        let sasl = format!("sasl = {{ mechanism = \"{mechanism}\", username = \"{user}\", password = \"${{SECRET}}\" }}");
        let project = on_kafka(&format!("by-{mechanism}"), server, &sasl).with("SECRET", &password(user));
        project.bus("apply --env test --yes").ends(0).tells(&["create topic"]);
        project.bus("drift --env test").ends(0);
        let wrong = project.with("SECRET", "no-secret");
        wrong.bus("plan --env test").ends(1).tells(&["kafka: 127.0.0.1:", "does not let this user in", "`security`"]);
    }
}

/// Returns a token that nobody signed, which ends some time from now or has ended before.
fn token(ends_in: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(Duration::ZERO, |since| since).as_secs();
    let part = |value: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"sub": TOKEN_USER, "iat": now - 7200, "exp": i64::try_from(now).expect("a time") + ends_in});
    format!("{}.{}.", part(json!({"alg": "none"})), part(claims))
}

#[test]
fn whoever_has_a_token() {
    let Some(server) = services::kafka().and_then(|kafka| kafka.sasl.as_deref()) else { return };
    let project = on_kafka("by-token", server, "sasl = { mechanism = \"oauthbearer\", token = \"${TOKEN}\" }").with("TOKEN", &token(3600));
    project.bus("apply --env test --yes").ends(0).tells(&["create topic"]);
    project.bus("drift --env test").ends(0);
    let over = project.with("TOKEN", &token(-3600));
    over.bus("plan --env test").ends(1).tells(&["kafka: 127.0.0.1:", "does not let this user in", "`security`"]);
}

#[test]
fn a_kafka_over_tls_that_asks_for_certificates() {
    let Some(tls) = services::kafka().and_then(|kafka| kafka.tls.as_ref()) else { return };
    let own = "tls = { roots = \"${TLS}/ca.pem\", certificate = \"${TLS}/client.pem\", key = \"${TLS}/client.key\" }";
    let folder = tls.folder.to_str().expect("a path");
    let known = on_kafka("known", &tls.server, own).with("TLS", folder);
    known.bus("apply --env test --yes").ends(0);
    known.bus("drift --env test").ends(0);
    let strange = on_kafka("strange", &tls.server, "tls = {}");
    strange.bus("plan --env test").ends(1).tells(&["kafka: "]);
    let missing = on_kafka("missing", &tls.server, own).with("TLS", "/nowhere");
    let said = missing.bus("plan --env test");
    assert!(matches!(said.code, Some(1 | 2)) && said.err.contains("/nowhere"), "{said:?}");
}

#[test]
fn a_rabbitmq_over_tls() {
    let Some((rabbitmq, tls)) = services::rabbitmq().and_then(|rabbitmq| Some((rabbitmq, rabbitmq.tls.as_ref()?))) else { return };
    let config = "[[namespace]]\nname = \"shop\"\nbroker = \"rabbitmq\"\nexchange = \"events\"\nqueue = \"{service}.{event}\"\n\n\
         [services.shop]\n\n[services.billing]\nconsumes = [{ topics = \"order.*\" }]\n\n\
         [environments.test.brokers.rabbit]\nkind = \"rabbitmq\"\nurl = \"${EVENTC_RABBITMQ}\"\n\
         management = \"${EVENTC_RABBITMQ_MANAGEMENT}\"\nvirtual_host = \"encrypted\"\n\
         security = { tls = { roots = \"${TLS}/ca.pem\" } }\n";
    let event = json!({"type": "object", "x-event": {"version": "1.0.0", "producers": ["shop"]}});
    let project = TestProject::new("encrypted", config, &[("order/created.v1.json", event)]);
    let project = project.with("EVENTC_RABBITMQ", &tls.url).with("EVENTC_RABBITMQ_MANAGEMENT", &tls.management);
    let project = project.with("TLS", tls.folder.to_str().expect("a path"));
    project.bus("apply --env test --yes").ends(0).tells(&["create queue billing.created"]);
    project.bus("drift --env test").ends(0);
    assert_eq!(Management::of(rabbitmq).publish("encrypted", "events", "order.created", "an order"), Ok(true));
    let host = format!("{}/encrypted", tls.url);
    assert_eq!(amqp::read(&host, Some(&tls.folder.join("ca.pem")), "billing.created", None, 1), ["an order"]);

    project.edit("roots = \"${TLS}/ca.pem\"", "");
    project.bus("plan --env test").ends(1).tells(&["rabbit: ", "certificate", "https://127.0.0.1:"]);
}
