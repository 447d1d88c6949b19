use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Generic<T> {
    id: T,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Tuple(String, i64);

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
struct Unit;

#[derive(Event)]
#[event(topic = "shop.order.placed")]
union Union {
    id: u8,
    count: i8,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.order.moved", at = "/properties/to")]
enum Several {
    Two(String, i64),
}

#[derive(Clone, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.placed")]
#[serde(from = "String", into = "String")]
struct Proxy {
    id: String,
}

impl From<String> for Proxy {
    fn from(id: String) -> Self {
        Self { id }
    }
}

impl From<Proxy> for String {
    fn from(proxy: Proxy) -> Self {
        proxy.id
    }
}

fn main() {}
