use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Placed {
    id: String,
    #[serde(deserialize_with = "eventc::serde_support::integer")]
    count: i64,
    until: Option<String>,
    #[serde(default)]
    small: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default)]
    labels: std::collections::HashMap<String, u64>,
    #[serde(default)]
    level: Level,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Box<Address>>,
    #[serde(default)]
    lines: Lines,
    #[serde(default)]
    pair: (String, bool),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "eventc::serde_support::double_option")]
    memo: Option<Option<String>>,
    #[serde(default)]
    whatever: serde_json::Value,
    #[serde(skip)]
    cached: bool,
    mine: u32,
    #[serde(flatten)]
    extra: eventc::Extra,
}

type Lines = std::collections::VecDeque<Line>;

#[derive(Debug, Default, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/lines/items")]
struct Line {
    article: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/level")]
#[serde(rename_all = "snake_case")]
enum Level {
    #[default]
    Low,
    High,
    VeryHigh,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/address")]
struct Address {
    street: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(file = "shop/_shared.json", at = "/$defs/code")]
struct Code(String);

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.closed")]
#[serde(deny_unknown_fields)]
struct Closed {
    id: String,
    #[event(shape = "f64")]
    amount: Amount,
    #[event(unchecked)]
    #[serde(default)]
    reason: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct Amount(f64);

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid")]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Paid {
    Card(Card),
    Cash { given: f64 },
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.paid", at = "/oneOf/0", tag = "kind")]
struct Card {
    number: String,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved")]
struct Moved {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<To>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<By>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
#[serde(untagged)]
enum To {
    Number(i64),
    Text(String),
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/by")]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
enum By {
    Truck(String),
    Ship(i64),
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/why")]
#[serde(rename_all = "snake_case")]
enum Why {
    Lost(String),
    Late(i64),
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "shop.user.named")]
#[serde(rename_all = "camelCase")]
struct Named {
    first_name: String,
    last_name: String,
    #[serde(flatten)]
    stamp: Stamp,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(file = "shop/_shared.json", at = "/$defs/stamp")]
struct Stamp {
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(file = "shop/_shared.json", at = "/$defs/node")]
struct Node {
    name: String,
    children: Vec<Node>,
}

#[derive(Debug, Serialize, Deserialize, Event)]
#[event(topic = "tolerant.order.rated", at = "/properties/stars")]
#[serde(rename_all = "snake_case")]
enum Stars {
    One,
    Two,
    #[serde(untagged)]
    Other(String),
}

fn main() {
    let placed = Placed::decode(br#"{"id":"1","count":2.0,"until":null,"mine":1,"new":true}"#).expect("an event");
    assert_eq!(placed.count, 2);
    assert!(placed.check().is_ok(), "{:?}", placed.check());
    let paid = Paid::decode(br#"{"kind":"card","number":"4111"}"#).expect("an event");
    assert!(paid.check().is_ok() && matches!(paid, Paid::Card(_)));
    assert!(Closed { id: String::new(), amount: Amount(1.0), reason: 1 }.check().is_err(), "unchecked is not valid");
    assert_eq!(Placed::TOPIC.name, "shop.order.placed");
    assert!(<Node as eventc::Validate>::validate_json(br#"{"name":"a","children":[{"name":"b"}]}"#).is_err());
}
