use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
enum Spelled {
    Low,
    High,
    VeryHigh,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
#[serde(rename_all = "snake_case")]
enum Few {
    Low,
    High,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
#[serde(rename_all = "snake_case")]
enum Many {
    Low,
    High,
    VeryHigh,
    Extreme,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
#[serde(rename_all = "snake_case")]
enum Holding {
    Low(i64),
    High,
    VeryHigh,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
#[serde(tag = "level", rename_all = "snake_case")]
enum Tagged {
    Low,
    High,
    VeryHigh,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/note")]
enum Closed {
    Short,
    Long,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "tolerant.order.rated", at = "/properties/stars")]
#[serde(rename_all = "snake_case")]
enum Intolerant {
    One,
    Two,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/price")]
enum Misplaced {
    One,
}

fn main() {}
