use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
#[serde(default)]
struct Wrong {
    id: i64,
    count: String,
    small: i8,
    price: i64,
    paid: String,
    tags: Vec<bool>,
    labels: std::collections::BTreeMap<String, f64>,
    until: Option<u8>,
    level: bool,
    address: String,
    pair: Vec<String>,
    nothing: bool,
    note: Vec<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Narrow {
    id: char,
    count: u32,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Hidden {
    #[serde(with = "codec")]
    id: Vec<u8>,
    #[event(shape = "bool")]
    count: std::time::Duration,
    until: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/note")]
struct NotAnObject {
    text: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed", at = "/properties/price")]
struct Price(String);

mod codec {
    pub fn serialize<S: serde::Serializer>(_: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(_: D) -> Result<Vec<u8>, D::Error> {
        Ok(Vec::new())
    }
}

impl Default for Wrong {
    fn default() -> Self {
        unreachable!()
    }
}

fn main() {}
