//! EV143: a contract leaves too soon, or on a day that is none.

use eventc_model::{diagnostic::{Level, Rule}, date::Date};

use crate::lint::{Context, Report};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV143",
    name: "short-sunset",
    level: Level::Warning,
    summary: "a contract leaves sooner than promised, or on a day that is none",
    docs: "\
### What it finds
`deprecated` in `x-event` whose `sunset` is fewer than `deprecation.window_days` (default 180) after `since`, or with a date that is not
`YYYY-MM-DD`.

### Why it is bad
The window is what readers were promised for moving on.

### Example
```json
{ \"deprecated\": { \"since\": \"2026-06-01\", \"sunset\": \"2026-07-01\", \"use\": \"sales.order.created.v2\" } }
```

### What to do
Set a later sunset, or correct the date.",
};

/// Finds such dates.
pub fn check(cx: &Context<'_>, report: &mut Report) {
    let window = i64::from(cx.catalog.config.deprecation.window_days);
    for contract in &cx.catalog.contracts {
        let Some(deprecated) = &contract.metadata.deprecated else { continue };
        let mut date = |text: &str, key: &str| {
            let date = Date::parse(text);
            if date.is_none() {
                let message = format!("{text:?} is no day");
                report.at(cx, contract.file, &format!("/x-event/deprecated/{key}"), message, "write YYYY-MM-DD");
            }
            date
        };
        let since = date(&deprecated.since, "since");
        let sunset = deprecated.sunset.as_deref().and_then(|sunset| date(sunset, "sunset"));
        let Some(days) = since.zip(sunset).map(|(since, sunset)| sunset.days_since(since)).filter(|days| *days < window) else { continue };
        let message = format!("the sunset comes {days} days after the deprecation, {window} are promised");
        report.at(cx, contract.file, "/x-event/deprecated/sunset", message, "set a later sunset");
    }
}
