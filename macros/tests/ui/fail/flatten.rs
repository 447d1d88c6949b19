use eventc::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.user.named")]
#[serde(rename_all = "camelCase")]
struct Named {
    first_name: String,
    #[serde(flatten)]
    stamp: Stamp,
}

#[derive(Serialize, Deserialize, Event)]
#[event(file = "shop/_shared.json", at = "/$defs/stamp")]
struct Stamp {
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[derive(Serialize, Deserialize, Event)]
#[event(topic = "shop.user.named")]
#[serde(rename_all = "camelCase")]
struct MapIsNoPromise {
    first_name: String,
    last_name: String,
    #[serde(flatten)]
    extra: eventc::Extra,
}

fn main() {}
