//! Kafka and RabbitMQ as services and people use them, without eventc.

use std::{future::Future, sync::LazyLock};

use eventc_tests::services::{Kafka, Rabbitmq};
use krafka::{
    Record,
    admin::{AclBinding, AclOperation, AclPatternType, AclPermissionType, AclResourceType, AdminClient, ConfigOp, ConfigResource},
    auth::AuthConfig,
    producer::Acks,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime"));

/// Waits for an answer.
pub(crate) fn wait<T>(call: impl Future<Output = T>) -> T {
    RUNTIME.block_on(call)
}

/// Connects to a cluster.
pub(crate) fn connect(servers: &str, security: AuthConfig) -> krafka::Result<krafka::Kafka> {
    wait(krafka::Kafka::builder(servers).client_id("tests").security(security).connect())
}

/// The administration of a cluster, by somebody who may do everything.
pub(crate) struct Admin {
    kafka: krafka::Kafka,
    pub(crate) client: AdminClient,
}

impl Admin {
    pub(crate) fn of(kafka: &Kafka) -> Self {
        let kafka = connect(&kafka.servers, AuthConfig::plaintext()).expect("a broker that answers");
        Self { client: kafka.admin(), kafka }
    }

    /// Returns the number of partitions of a topic, and the least number of their copies.
    pub(crate) fn topic(&self, name: &str) -> (usize, usize) {
        let mut described = wait(self.client.describe_topics([name], Default::default())).expect("an answer");
        let topic = described.remove(name).expect("an answer for the topic").unwrap_or_else(|error| panic!("{name}: {error}"));
        (topic.partitions.len(), topic.partitions.iter().map(|partition| partition.replicas.len()).min().unwrap_or(0))
    }

    /// Returns a setting of a topic, whoever made it.
    pub(crate) fn setting(&self, name: &str, key: &str) -> String {
        let resource = ConfigResource::topic(name);
        let mut described = wait(self.client.describe_configs([resource.clone()], Default::default())).expect("an answer");
        let entries = described.remove(&resource).expect("an answer for the topic").unwrap_or_else(|error| panic!("{name}: {error}"));
        entries.into_iter().find(|entry| entry.name == key).and_then(|entry| entry.value).expect("the setting")
    }

    /// Changes a setting of a topic.
    pub(crate) fn alter(&self, name: &str, change: ConfigOp) {
        let changes = [(ConfigResource::topic(name), vec![change])];
        let answers = wait(self.client.incremental_alter_configs(changes, Default::default())).expect("an answer");
        for answer in answers.into_values() {
            answer.expect("the setting is taken");
        }
    }

    /// Gives rights.
    pub(crate) fn give(&self, rights: Vec<AclBinding>) {
        let given = wait(self.client.create_acls(rights, Default::default())).expect("an answer");
        for (_, answer) in given {
            answer.expect("the right is given");
        }
    }

    /// Sends events to a topic.
    pub(crate) fn send(&self, topic: &str, count: usize) {
        send(&self.kafka, topic, count).expect("the events are taken");
    }
}

/// Returns a right to a resource by its whole name. The client's number for beginnings of names is the protocol's for whole ones.
pub(crate) fn right(kind: AclResourceType, name: &str, user: &str, operation: AclOperation) -> AclBinding {
    AclBinding::new(kind, name, user, "*", operation, AclPermissionType::Allow).with_pattern_type(AclPatternType::Prefixed)
}

/// Sends events to a topic, as whoever is connected.
pub(crate) fn send(kafka: &krafka::Kafka, topic: &str, count: usize) -> krafka::Result<()> {
    wait(async {
        let producer = kafka.producer().acks(Acks::All).build().await?;
        for index in 0..count {
            let _sent = producer.send(Record::new(topic, format!("event {index}"))).await?;
        }
        Ok(())
    })
}

/// The management API of a RabbitMQ, by somebody who may do everything, or by a user.
pub(crate) struct Management {
    base: String,
}

impl Management {
    pub(crate) fn of(rabbitmq: &Rabbitmq) -> Self {
        Self { base: rabbitmq.management.clone() }
    }

    /// The same as another user.
    pub(crate) fn user(rabbitmq: &Rabbitmq, name: &str, password: &str) -> Self {
        let (scheme, rest) = rabbitmq.management.split_once("://").expect("a URL");
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        Self { base: format!("{scheme}://{name}:{password}@{host}") }
    }

    /// Asks; the status and the answer.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let request = ureq::http::Request::builder().method(method).uri(format!("{}/api/{path}", self.base));
        let request = request.header("content-type", "application/json");
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut answer = agent.run(request.body(body).expect("a request")).expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().expect("a text");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Returns what is at a path.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, None);
        assert_eq!(status, 200, "{path}: {value}");
        value
    }

    /// Puts, posts or deletes something.
    pub(crate) fn change(&self, method: &str, path: &str, body: &Value) {
        let (status, value) = self.ask(method, path, Some(body));
        assert!((200..300).contains(&status), "{method} {path}: {status} {value}");
    }

    /// Publishes a message; whether it reached a queue, or the refusal.
    pub(crate) fn publish(&self, host: &str, exchange: &str, key: &str, text: &str) -> Result<bool, String> {
        let body = json!({"properties": {"delivery_mode": 2}, "routing_key": key, "payload": text, "payload_encoding": "string"});
        let (status, value) = self.ask("POST", &format!("exchanges/{host}/{exchange}/publish"), Some(&body));
        if status == 200 { Ok(value["routed"] == true) } else { Err(value.to_string()) }
    }

    /// Takes the next message of a queue.
    pub(crate) fn take(&self, host: &str, queue: &str) -> Result<Option<Value>, String> {
        let body = json!({"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"});
        let (status, value) = self.ask("POST", &format!("queues/{host}/{queue}/get"), Some(&body));
        if status == 200 { Ok(value.get(0).cloned()) } else { Err(value.to_string()) }
    }
}
