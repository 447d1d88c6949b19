//! Topics as Python values.

use eventc_model::{
    catalog::{Catalog, Contract},
    config::Broker,
    metadata::Stability,
    topic::duration_ms,
};

use super::text;

/// The expression that makes the `Topic` of a contract; `local` gives the name under which a class of the runtime is known.
pub(super) fn topic(catalog: &Catalog, contract: &Contract, local: &mut dyn FnMut(&str) -> String) -> String {
    let (metadata, settings, namespace) = (&contract.metadata, &contract.settings, catalog.namespace(contract));
    let mut call = Call::new(local("Topic"));
    call.text("name", Some(&contract.topic));
    call.text("version", Some(&contract.version()));
    call.text("namespace", Some(&namespace.name).filter(|name| !name.is_empty()));
    call.text("owner", metadata.owner.as_ref());
    if metadata.stability == Stability::Unstable {
        call.set("stability", text::literal("unstable"));
    }
    call.text("key", metadata.key.as_ref());
    call.text("reply", metadata.reply.as_ref());
    if namespace.broker == Broker::Rabbitmq {
        call.set("broker", text::literal("rabbitmq"));
    }
    call.text("exchange", catalog.exchange(contract).as_ref());
    call.number("partitions", settings.partitions);
    call.number("replication", settings.replication);
    call.number("retention_ms", settings.retention.as_deref().and_then(retention));
    call.number("ttl_ms", settings.ttl.as_deref().and_then(duration_ms));
    call.number("priority", settings.priority);
    if let (Some(dead), Some(topic)) = (&settings.dead_letter, contract.dead_letter_topic()) {
        let mut inner = Call::new(local("DeadLetter"));
        inner.text("topic", Some(&topic));
        inner.number("retries", Some(dead.retries).filter(|retries| *retries > 0));
        inner.tuple("backoff_ms", dead.backoff.iter().filter_map(|wait| duration_ms(wait)).map(|wait| wait.to_string()));
        inner.number("retention_ms", dead.retention.as_deref().and_then(retention));
        call.set("dead_letter", inner.on_one_line());
    }
    if let Some(deprecated) = &metadata.deprecated {
        let mut inner = Call::new(local("Deprecation"));
        inner.text("since", Some(&deprecated.since));
        inner.text("sunset", deprecated.sunset.as_ref());
        inner.text("use", deprecated.successor.as_ref());
        call.set("deprecated", inner.on_one_line());
    }
    call.tuple("producers", metadata.producers.iter().map(|name| text::literal(name)));
    let consumers: Vec<String> = catalog
        .consumers(contract)
        .into_iter()
        .map(|consumer| {
            let mut inner = Call::new(local("Consumer"));
            inner.text("service", Some(consumer.service));
            inner.text("function", consumer.function);
            inner.text("group", consumer.group.as_ref());
            inner.text("queue", consumer.queue.as_ref());
            inner.on_one_line()
        })
        .collect();
    call.tuple("consumers", consumers.into_iter());
    call.tuple("tags", metadata.tags.iter().map(|tag| text::literal(tag)));
    call.on_lines()
}

fn retention(text: &str) -> Option<i128> {
    if text == "forever" { Some(-1) } else { duration_ms(text).map(i128::from) }
}

/// A call with keyword arguments.
struct Call {
    function: String,
    arguments: Vec<String>,
}

impl Call {
    fn new(function: String) -> Self {
        Self { function, arguments: Vec::new() }
    }

    fn set(&mut self, name: &str, value: impl std::fmt::Display) {
        self.arguments.push(format!("{name}={value}"));
    }

    fn text(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.set(name, text::literal(value.as_ref()));
        }
    }

    fn number(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn tuple(&mut self, name: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if let [only] = &items[..] {
            self.set(name, format!("({only},)"));
        } else if !items.is_empty() {
            self.set(name, format!("({})", items.join(", ")));
        }
    }

    fn on_one_line(&self) -> String {
        format!("{}({})", self.function, self.arguments.join(", "))
    }

    fn on_lines(&self) -> String {
        format!("{}(\n    {},\n)", self.function, self.arguments.join(",\n    "))
    }
}
