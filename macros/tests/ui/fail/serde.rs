use eventc::Event;

#[derive(Event)]
#[event(topic = "shop.order.closed")]
#[serde(deny_unknown_fields)]
struct Neither {
    id: String,
    amount: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(serde::Serialize, Event)]
#[event(topic = "shop.order.closed")]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    amount: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn main() {}
