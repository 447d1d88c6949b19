use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
struct Misspelled {
    id: String,
    amuont: f64,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
struct More {
    id: String,
    amount: f64,
    colour: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
struct Anything {
    id: String,
    amount: f64,
    #[serde(flatten)]
    extra: eventc::Extra,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
#[serde(deny_unknown_fields)]
struct Deaf {
    id: String,
    amount: f64,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved")]
#[serde(deny_unknown_fields)]
struct Refusing {}

fn main() {}
