use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
#[serde(tag = "type", rename_all = "snake_case")]
enum OtherTag {
    Card { number: String },
    Cash { given: f64 },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
#[serde(tag = "kind", rename_all = "snake_case")]
enum WrongVariants {
    Crad { number: String },
    Cash { given: String },
    Voucher { code: String },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Missing {
    Card {},
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
enum External {
    Card { number: String },
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/by")]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
enum By {
    Truck(bool),
    Ship,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/why")]
#[serde(rename_all = "snake_case")]
enum Why {
    Lost(i64),
    Stolen(String),
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
#[serde(untagged)]
enum To {
    Text(String),
    Flag(bool),
}

fn main() {}
