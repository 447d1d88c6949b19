//! EV153: a duration that is none.

use eventc_model::{
    diagnostic::{Level, Rule},
    metadata::TopicSettings,
    syntax::escape_pointer,
    topic::duration_ms,
};

use crate::lint::{Context, Report};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV153",
    name: "bad-duration",
    level: Level::Error,
    summary: "a topic setting is no duration",
    docs: "\
### What it finds
A `retention`, `ttl` or `backoff`, in `x-event` or in a namespace's settings, that is not a number with one of the units `ms`, `s`, `m`, `h`, `d`
or `w`. A retention may be `forever`.

### Why it is bad
The broker's setting cannot be made from it.

### Example
`\"retention\": \"7 days\"`

### What to do
Write `7d`.",
};

/// Finds such settings.
pub fn check(cx: &Context<'_>, report: &mut Report) {
    for contract in &cx.catalog.contracts {
        for (pointer, text) in wrong(&contract.metadata.topic) {
            report.at(cx, contract.file, &format!("/x-event/topic{pointer}"), format!("{text:?} is no duration"), "write for example 7d");
        }
    }
    for (index, namespace) in cx.catalog.config.namespace.iter().enumerate() {
        let domains = namespace.domain.iter().map(|(name, settings)| (format!("domain/{}", escape_pointer(name)), settings));
        for (below, settings) in std::iter::once(("topic".to_owned(), &namespace.topic)).chain(domains) {
            for (pointer, text) in wrong(settings) {
                let pointer = format!("/namespace/{index}/{below}{pointer}");
                report.config(cx, &pointer, format!("{text:?} is no duration"), "write for example 7d");
            }
        }
    }
}

/// The settings that are no durations, with their pointers.
fn wrong(settings: &TopicSettings) -> Vec<(String, &str)> {
    let mut all: Vec<(String, &str, bool)> = Vec::new();
    all.extend(settings.retention.as_deref().map(|text| ("/retention".to_owned(), text, true)));
    all.extend(settings.ttl.as_deref().map(|text| ("/ttl".to_owned(), text, false)));
    if let Some(dead_letter) = &settings.dead_letter {
        all.extend(dead_letter.retention.as_deref().map(|text| ("/dead_letter/retention".to_owned(), text, true)));
        let waits = dead_letter.backoff.iter().enumerate();
        all.extend(waits.map(|(index, text)| (format!("/dead_letter/backoff/{index}"), text.as_str(), false)));
    }
    let is_wrong = |(_, text, forever): &(String, &str, bool)| duration_ms(text).is_none() && !(*forever && *text == "forever");
    all.into_iter().filter(is_wrong).map(|(pointer, text, _)| (pointer, text)).collect()
}
