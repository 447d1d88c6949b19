use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
struct NoContract {}

#[derive(Serialize, Deserialize, Event)]
#[event(at = "/properties/id")]
struct NoTopic {}

#[derive(Serialize, Deserialize, Event)]
#[event(topc = "shop.order.placed")]
struct Misspelled {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = 7)]
struct NoText {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", topic = "shop.order.paid")]
struct Twice {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", file = "shop/order/placed.json")]
struct Both {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", unchecked)]
struct OfAField {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", part = "x")]
struct NotAlone {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct OnFields {
    #[event(topic = "x")]
    id: String,
    #[event(uncheckd)]
    count: i64,
    #[event(shape = "not a type")]
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
enum OnVariants {
    #[event(unchecked)]
    Low,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", envelope = "not a type")]
struct Enveloped {
    id: String,
    count: i64,
    until: Option<String>,
}

fn main() {}
