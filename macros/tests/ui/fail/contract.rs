use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.plaecd")]
struct Unknown {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "nothing of the kind")]
struct Nothing {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.twice")]
struct Twice {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.broken")]
struct Broken {}

#[derive(Serialize, Deserialize, Event)]
#[event(file = "shop/_shard.json", at = "/$defs/stamp")]
struct File {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/adress")]
struct Nowhere {}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "properties.address")]
struct NoPointer {}

#[derive(Serialize, Deserialize, Event)]
#[event(file = "shop/_shared.json")]
struct NoDefinition {}

fn used() {
    // What is wrong above gives no errors here.
    let _ = Unknown {}.encode();
    let _ = Twice::TOPIC;
}

fn main() {
    used();
}
