use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Bounds {
    id: String,
    count: i32,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.route.chosen")]
struct Words {
    days: String,
    rate: String,
    gauge: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved")]
struct OneOfSeveral {
    #[serde(default)]
    to: bool,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/colour_of_the_sky")]
struct Nowhere {}

fn main() {}
