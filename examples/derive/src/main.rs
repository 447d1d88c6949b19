//! A service that writes its event types by hand and has the compiler hold them to their contracts.

use eventc::{EnvelopeBuilder, Event, Message};
use serde::{Deserialize, Serialize};

/// A customer placed an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.created.v1")]
struct OrderCreated {
    order_id: String,
    lines: Vec<Line>,
    total: Money,
    channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// An article and how many of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.created.v1", at = "/properties/lines")]
struct Line {
    article: String,
    count: u16,
}

/// Where the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(topic = "shop.order.created.v1", at = "/properties/channel")]
#[serde(rename_all = "lowercase")]
enum Channel {
    Web,
    Phone,
    Shop,
}

/// An amount in a currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(file = "shop/_types.v1.json", at = "/$defs/money")]
struct Money {
    amount: String,
    currency: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let order = OrderCreated {
        order_id: "A-17".into(),
        lines: vec![Line { article: "tea".into(), count: 2 }],
        total: Money { amount: "9.00".into(), currency: "EUR".into() },
        channel: Channel::Web,
        note: None,
    };
    let event = EnvelopeBuilder::new().id("e-1").source("orders").correlation("flow-1").build(order)?;
    let message = Message::of::<OrderCreated>(&event)?;
    println!("{} {}", message.topic, String::from_utf8_lossy(&message.body));

    let bad = br#"{"order_id":"","lines":[],"total":{"amount":"9","currency":"EUR"},"channel":"web"}"#;
    if let Err(error) = <OrderCreated as eventc::Validate>::validate_json(bad) {
        println!("{error}");
    }
    Ok(())
}
