use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct RequiredMissing {
    count: i64,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct RequiredOptional {
    id: Option<String>,
    count: i64,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct RequiredLeftOut {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    id: String,
    #[serde(skip_serializing)]
    count: i64,
    #[serde(skip)]
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct NullRefused {
    id: String,
    count: i64,
    until: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct OptionalRequired {
    id: String,
    count: i64,
    until: Option<String>,
    note: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct NullWritten {
    id: String,
    count: i64,
    until: Option<String>,
    note: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct NullRead {
    id: String,
    count: i64,
    until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Option<String>>,
    #[serde(default)]
    memo: String,
}

fn main() {}
