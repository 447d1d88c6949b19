//! Pages of environments, and what other pages say of them: what contracts ask of brokers, and nothing that is a secret.

use std::collections::BTreeMap;

use eventc_catalog::CatalogPages;
use eventc_emit::{Input, Target};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
    types::Types,
};

const CONFIG: &str = r#"
[[namespace]]
name = "shop"
root = "shop"
consumer_group = "{service}-{function}"

[namespace.topic]
partitions = 3
retention = "7d"
dead_letter = { topic = "{topic}.dlq", retries = 1, retention = "14d" }

[[namespace]]
name = "people"
root = "people"
broker = "rabbitmq"
exchange = "people"
queue = "{service}.events"

[services.till]
[services.books]
consumes = [{ topics = "*", function = "ledger" }]

[environments.production.brokers.kafka]
kind = "kafka"
servers = ["${KAFKA:-kafka.shop.example:9092}", "${KAFKA_HOST}:9093"]

[environments.production.brokers.kafka.security]
tls = {}
sasl = { mechanism = "scram-sha-512", username = "${KAFKA_USER}", password = "${KAFKA_PASSWORD}" }

[environments.production.brokers.rabbit]
kind = "rabbitmq"
url = "amqps://hidden-user:${RABBIT_PASSWORD:-hidden-password}@rabbit.shop.example/vhost"
management = "https://hidden-user:${RABBIT_PASSWORD}@rabbit.shop.example:15671"

[environments.production.namespaces.shop]
topic = { replication = 3 }

[environments.production.principals]
books = "User:books-user"

[environments.empty]
description = "Nothing runs here."

[repository]
view = "https://code.example/shop/blob/main"
edit = "https://code.example/edit?file={path}"

[targets.catalog]
site = true
"#;

fn pages() -> BTreeMap<String, String> {
    // Passwords with a default are told as a finding; the pages are made all the same.
    let (config, _) = Config::parse("eventc.toml", CONFIG);
    let schema = |producer: &str| {
        format!(r#"{{"type": "object", "x-event": {{"producers": ["{producer}"]}}, "properties": {{"id": {{"type": "string"}}}}}}"#)
    };
    let files = [("shop/order/made (new).v1.json", schema("till")), ("people/person/hired.v1.json", schema("books"))];
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let catalog = Catalog::build(tree, config);
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let emitted = CatalogPages.configure(&catalog.config).expect("options").emit(&Input::new(&catalog, &types, &modules, &history));
    emitted.files.into_iter().map(|file| (file.path, file.text.replace("<wbr>", ""))).collect()
}

#[test]
fn pages_tell_what_is_on_brokers() {
    let pages = pages();
    let topic = "order.made (new)";
    for (page, told) in [
        (
            "environments/production.md",
            &[
                "3 copies of each",
                "retention.ms 604800000 (7d)",
                "replication 3",
                "TLS, SASL SCRAM-SHA-512",
                "kafka.shop.example:9092",
                "rabbit.shop.example",
                "books-user",
            ][..],
        ),
        ("environments/production.md", &["retention.ms 1209600000 (14d)", "topic of dead letters", "queue of events"]),
        ("environments/empty.md", &["It has no brokers.", "lists no principals"]),
        ("services/books.md", &["## Rights", "books-user", "books-ledger", ".dlq"]),
        ("namespaces/shop.md", &["In production", "kafka (Kafka)"]),
        ("README.md", &["## Environments", "kafka (Kafka), rabbit (RabbitMQ)"]),
        ("llms.txt", &["## Environments"]),
        ("events/people/person/hired.v1.md", &["## On brokers", "exchange of events", "books.events"]),
        ("site/environments/production.html", &["topic of dead letters", "stated for this environment: <code>replication 3</code>"]),
        ("site/environments/index.html", &["kafka (Kafka), rabbit (RabbitMQ)"]),
        ("site/services/books.html", &["id=\"rights\"", "books-user"]),
        ("site/namespaces/index.html", &["production: rabbit"]),
    ] {
        let text = pages.get(page).unwrap_or_else(|| panic!("{page} among {:?}", pages.keys()));
        for words in told {
            assert!(text.contains(words), "{words} in {page}:\n{text}");
        }
    }
    let event = pages.iter().find(|(path, text)| path.starts_with("events/shop") && text.contains("## On brokers"));
    assert!(event.is_some_and(|(_, text)| text.contains(topic) && text.contains(".dlq")), "{event:?}");
}

#[test]
fn no_page_has_a_secret() {
    for (path, text) in pages() {
        for secret in ["hidden-user", "hidden-password", "RABBIT_PASSWORD", "KAFKA_PASSWORD", "KAFKA_USER"] {
            assert!(!text.contains(secret), "{secret} in {path}:\n{text}");
        }
    }
}

#[test]
fn schemas_lead_to_the_code_host() {
    let pages = pages();
    let address = |page: &str| {
        let path = pages.keys().find(|path| path.starts_with(page)).unwrap_or_else(|| panic!("{page}"));
        &pages[path]
    };
    let (view, edit) = (
        "https://code.example/shop/blob/main/schemas/events/shop/order/made%20%28new%29.v1.json",
        "https://code.example/edit?file=schemas/events/shop/order/made%20%28new%29.v1.json",
    );
    let markdown = address("events/shop/order/");
    assert!(markdown.contains(&format!("]({view}), [edit]({edit})")), "{markdown}");
    let html = address("site/events/shop/order/");
    assert!(html.contains(&format!("href=\"{view}\"")) && html.contains(&format!("href=\"{edit}\"")), "{html}");
}
