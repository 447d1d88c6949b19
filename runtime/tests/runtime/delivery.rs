//! The policy of deliveries, held to the vectors that all engines share.

use std::{collections::HashSet, fmt::Debug};

use eventc::{
    DeadLetterRecord,
    delivery::{Action, DEAD_LETTER, Deliveries, Delivery, Order, Outcome, Policy, Transport, dead_letter_headers},
};
use serde_json::{Map, Value, json};

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("a list of vectors")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn number<T: TryFrom<u64, Error: Debug>>(value: &Value) -> T {
    T::try_from(value.as_u64().expect("a number")).expect("a number of that size")
}

fn policy(transport: Transport, vector: &Value) -> Policy {
    let mut policy = Policy::new(transport, "group");
    for (name, value) in vector["policy"].as_object().into_iter().flatten() {
        let list = || value.as_array().expect("a list").iter();
        match &**name {
            "retries" => policy.retries = number(value),
            "backoff_ms" => policy.backoff_ms = list().map(number).collect(),
            "dead_letters" => policy.has_dead_letters = value == true,
            "order" => policy.order = if value == "key" { Order::Key } else { Order::None },
            "concurrency" => policy.concurrency = number(value),
            "bound" => policy.bound = number(value),
            "timeout_ms" => policy.timeout_ms = Some(number(value)),
            "handles" => policy.handles = Some(list().map(|name| text(name).to_owned()).collect()),
            other => panic!("a policy has no {other}"),
        }
    }
    policy
}

fn delivery(stated: &Value) -> Delivery {
    let mut delivery = Delivery::new(text(&stated["id"]));
    for (name, value) in stated.as_object().expect("an object") {
        match &**name {
            "id" => {}
            "partition" => delivery.partition = number(value),
            "offset" => delivery.offset = number(value),
            "key" => delivery.key = Some(text(value).to_owned()),
            "type" => delivery.type_name = Some(text(value).to_owned()),
            "attempt" => delivery.attempt = number(value),
            "redrive" => delivery.redrive = Some(text(value).to_owned()),
            "decodable" => delivery.is_decodable = value == true,
            other => panic!("a delivery has no {other}"),
        }
    }
    delivery
}

fn outcome(name: &str) -> Outcome {
    match name {
        "done" => Outcome::Done,
        "duplicate" => Outcome::Duplicate,
        "failed" => Outcome::Failed,
        "rejected" => Outcome::Rejected,
        other => panic!("there is no outcome {other}"),
    }
}

fn step(deliveries: &mut Deliveries, step: &Value) -> Vec<Action> {
    let now = number(&step["at"]);
    let what = step.as_object().expect("an object").keys().find(|name| !["at", "then", "outcome"].contains(&&***name));
    let Some(what) = what else { return deliveries.advance(now) };
    let stated = &step[what];
    match &**what {
        "receive" => deliveries.receive(now, delivery(stated)),
        "ended" => deliveries.ended(now, text(stated), outcome(text(&step["outcome"]))),
        "sent" => deliveries.sent(now, text(stated)),
        "unsent" => deliveries.unsent(now, text(stated)),
        "revoke" => deliveries.revoke(now, stated.as_array().expect("partitions").iter().map(number).collect::<Vec<_>>()),
        "lose" => deliveries.lose(now),
        "stop" => deliveries.stop(now, number(stated)),
        other => panic!("there is no step {other}"),
    }
}

fn written(action: &Action) -> Value {
    match action {
        Action::Handle { id, attempt } => json!({"handle": id, "attempt": attempt}),
        Action::Cancel { id } => json!({"cancel": id}),
        Action::Wait { id, until } => json!({"wait": id, "until": until}),
        Action::SendAgain { id, attempt, wait_ms } => json!({"send_again": id, "attempt": attempt, "wait_ms": wait_ms}),
        Action::SetAside { id, retries } => json!({"set_aside": id, "retries": retries}),
        Action::Commit { partition, offset } => json!({"commit": offset, "partition": partition}),
        Action::Acknowledge { id } => json!({"acknowledge": id}),
        Action::Requeue { id } => json!({"requeue": id}),
        Action::Pause { partition } => json!({"pause": partition}),
        Action::Resume { partition } => json!({"resume": partition}),
        Action::Drop { id } => json!({"drop": id}),
        Action::Close => json!({"close": true}),
    }
}

fn hold(transport: Transport, vectors: &[Value]) {
    for vector in vectors {
        let name = &vector["name"];
        let mut deliveries = Deliveries::new(policy(transport, vector));
        for (place, one) in vector["steps"].as_array().expect("steps").iter().enumerate() {
            let did: Vec<Value> = step(&mut deliveries, one).iter().map(written).collect();
            assert_eq!(Value::from(did), one["then"], "{name}, step {place}");
        }
        let released = deliveries.released();
        assert_eq!(released.len(), released.iter().collect::<HashSet<_>>().len(), "{name}: each event ends once");
        let came = vector["steps"].as_array().expect("steps").iter().filter(|one| !one["receive"].is_null()).count();
        assert_eq!(released.len() + deliveries.in_flight(), came, "{name}: an event ended, or is held");
        let counts: Map<String, Value> = deliveries.counts().iter().map(|(count, times)| (count.name().to_owned(), json!(times))).collect();
        assert_eq!(Value::from(counts), vector["counts"], "{name}");
        let mut problems: Vec<&str> = deliveries.problems().iter().map(|problem| problem.name()).collect();
        problems.sort_unstable();
        let expected: Vec<&str> = vector["problems"].as_array().into_iter().flatten().map(text).collect();
        assert_eq!(problems, expected, "{name}");
    }
}

#[test]
fn deliveries_of_kafka_obey_the_policy() {
    hold(Transport::Kafka, &vectors(include_str!("../../vectors/kafka.json")));
}

#[test]
fn deliveries_of_rabbitmq_obey_the_policy() {
    hold(Transport::Rabbitmq, &vectors(include_str!("../../vectors/rabbitmq.json")));
}

/// Returns a text that a vector states; long ones are stated by what they repeat.
fn long(value: &Value) -> Option<String> {
    let Some(repeated) = value.as_object() else { return value.as_str().map(str::to_owned) };
    let then = repeated.get("then").map_or("", text);
    Some(text(&repeated["repeat"]).repeat(number(&repeated["times"])) + then)
}

fn record(vector: &Value) -> DeadLetterRecord {
    let owned = |value: &Value| value.as_str().map(str::to_owned);
    let (place, failure) = (&vector["place"], &vector["failure"]);
    DeadLetterRecord {
        original_topic: owned(&place["topic"]).expect("a topic"),
        original_partition: place["partition"].as_u64().map(|partition| partition.try_into().expect("a partition")),
        original_offset: place["offset"].as_u64(),
        original_exchange: owned(&place["exchange"]),
        original_routing_key: owned(&place["routing_key"]),
        original_queue: owned(&place["queue"]),
        error_type: long(&failure["type"]).expect("a type"),
        error_message: long(&failure["message"]).expect("a message"),
        error_stack_trace: long(&failure["stack_trace"]),
        retry_count: number(&vector["retries"]),
        failed_at: owned(&vector["failed_at"]),
        consumer_group: owned(&vector["group"]),
        consumer_instance: owned(&vector["instance"]),
        original_event: None,
        original_bytes: None,
    }
}

#[test]
fn dead_letters_say_what_happened_and_keep_the_headers() {
    for vector in vectors(include_str!("../../vectors/dead_letters.json")) {
        let name = &vector["name"];
        let secrets: Vec<&str> = vector["secrets"].as_array().into_iter().flatten().map(text).collect();
        let json = record(&vector).into_header(&secrets);
        assert!(json.len() <= 48 * 1024, "{name}");
        let expected: Map<String, Value> = vector["record"]
            .as_object()
            .expect("a record")
            .iter()
            .map(|(name, value)| (name.clone(), long(value).map_or_else(|| value.clone(), Value::from)))
            .collect();
        let found: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(found, Value::from(expected), "{name}");
        let headers = |stated: &Value| -> Vec<(String, Vec<u8>)> {
            let header = |header: &Value| (text(&header[0]).to_owned(), text(&header[1]).as_bytes().to_vec());
            stated.as_array().into_iter().flatten().map(header).collect()
        };
        let mut kept = headers(&vector["kept"]);
        kept.push((DEAD_LETTER.to_owned(), json.as_bytes().to_vec()));
        assert_eq!(dead_letter_headers(&headers(&vector["headers"]), &json), kept, "{name}");
    }
}
