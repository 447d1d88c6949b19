mod missing {
    eventc::include_events!("schemas/nowhere", untracked);
}

mod broken {
    eventc::include_events!("schemas/events", untracked);
}

mod no_topic {
    eventc::include_events!("schemas/events", topics = ["shop.order.plaecd"], untracked);
}

mod no_namespace {
    eventc::include_events!("schemas/events", namespace = "shpo", untracked);
}

mod misspelled {
    eventc::include_events!("schemas/events", topic = "shop.*");
}

mod no_text {
    eventc::include_events!(schemas);
}

mod unnoticed {
    eventc::include_events!("schemas/plain");
}

mod fine {
    eventc::include_events!("schemas/plain", topics = "plain", untracked);
}

fn main() {
    let _ = fine::topics::ALL.len() + unnoticed::topics::ALL.len();
}
