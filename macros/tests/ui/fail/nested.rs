use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Order {
    id: String,
    count: i64,
    until: Option<String>,
    #[serde(default)]
    lines: Vec<Address>,
    #[serde(default)]
    tags: Names,
    #[serde(default)]
    address: Unknown,
}

#[derive(Default, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/address")]
struct Address {
    street: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
}

type Names = Vec<i64>;

#[derive(Default, Serialize, Deserialize)]
struct Unknown {
    street: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
#[serde(untagged)]
enum To {
    Text(String),
}

fn main() {}
