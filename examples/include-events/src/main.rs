//! A service whose event types a macro compiles from its schema tree, in place.

use eventc::{EnvelopeBuilder, Message, Validate};

use crate::events::shop::{
    order::created::v1::{Channel, OrderCreated, OrderLine},
    types::v1::Money,
};

mod events {
    eventc::include_events!("schemas/events");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let order = OrderCreated {
        order_id: "A-17".into(),
        lines: vec![OrderLine { article: "tea".into(), count: 2, extra: eventc::Extra::new() }],
        total: Money::new("9.00", "EUR"),
        channel: Channel::Web,
        note: None,
        extra: eventc::Extra::new(),
    };
    let event = EnvelopeBuilder::new().id("e-1").source("orders").correlation("flow-1").build(order)?;
    let message = Message::of::<OrderCreated>(&event)?;
    println!("{} {}", message.topic, String::from_utf8_lossy(&message.body));

    let bad = br#"{"order_id":"","lines":[],"total":{"amount":"9","currency":"EUR"},"channel":"web"}"#;
    if let Err(error) = OrderCreated::validate_json(bad) {
        println!("{error}");
    }
    Ok(())
}
