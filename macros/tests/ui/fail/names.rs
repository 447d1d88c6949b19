use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Near {
    identity: String,
    cuont: i64,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.user.named")]
#[serde(rename_all = "kebab-case")]
struct Kebab {
    at: String,
    first_name: String,
    last_name: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct TwoNames {
    #[serde(rename(serialize = "id", deserialize = "ID"))]
    id: String,
    count: i64,
    until: Option<String>,
}

fn main() {}
