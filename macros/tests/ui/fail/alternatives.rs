use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/why")]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ToldByNothing {
    Lost { lost: String },
    Late { late: i64 },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
#[serde(tag = "kind", content = "number", rename_all = "snake_case")]
enum Beside {
    Card(String),
    Cash(f64),
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.route.chosen", at = "/properties/how")]
#[serde(tag = "kind", content = "load", rename_all = "snake_case")]
enum Held {
    Road(String),
    Sea { name: String },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
enum External {
    Text(String),
    Number(i64),
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
#[serde(untagged)]
enum NoObject {
    Text(String),
    Number(i64),
    Place { street: String },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
struct Whole {
    number: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.route.called")]
struct OfText {
    name: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
enum OfAnObject {
    Closed,
}

fn main() {}
