//! JSON Schemas of what people write, eventc.toml and `x-event`, for editors.

use eventc_model::{
    config::Config,
    metadata::Metadata,
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Map, Value};

mod reference;

use crate::targets::TARGETS;

/// Every key of eventc.toml, with a value.
const CONFIG_EXAMPLE: &str = include_str!("published/example.toml");

/// Every key of `x-event`, with a value.
const X_EVENT_EXAMPLE: &str = include_str!("published/example.json");

/// Returns the JSON Schema of eventc.toml.
pub fn config() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let options = TARGETS.iter().map(|target| (target.name().to_owned(), target.options(&mut generator).to_value()));
    let options: Map<String, Value> = options.collect();
    let mut schema = generator.into_root_schema_for::<Config>();
    if let Some(targets) = schema.pointer_mut("/properties/targets").and_then(Value::as_object_mut) {
        targets.insert("properties".into(), Value::Object(options));
    }
    titled(schema, "eventc.toml", "The configuration of eventc, the event contract compiler.")
}

/// Returns the JSON Schema of the annotation `x-event`.
pub fn x_event() -> Value {
    schema::<Metadata>("x-event", "What an event contract says of itself besides its shape: the annotation `x-event` of its root schema.")
}

/// Returns the reference of eventc.toml, `x-event`, `x-sensitive`, envelopes and exit statuses as Markdown.
pub fn reference() -> String {
    let headed = |place: &str, listed: bool| match (place, listed) {
        ("", _) => "eventc.toml".to_owned(),
        (place, true) => format!("`[[{place}]]`"),
        (place, false) => format!("`[{place}]`"),
    };
    let config = reference::sections(&config(), &example(CONFIG_EXAMPLE), headed);
    let headed = |place: &str, listed: bool| match (place, listed) {
        ("", _) => "`x-event`".to_owned(),
        (place, true) => format!("each of `{place}` in `x-event`"),
        (place, false) => format!("`{place}` in `x-event`"),
    };
    let x_event = reference::sections(&x_event(), &serde_json::from_str(X_EVENT_EXAMPLE).unwrap_or_default(), headed);
    format!("{REFERENCE_HEAD}{config}{x_event}{REFERENCE_TAIL}")
}

/// Reads TOML as values of JSON; what is no TOML is nothing.
fn example(text: &str) -> Value {
    let file = SourceFile::of_text("", SourceFormat::Toml, text);
    Document::parse(file, &Limits::default()).0.map(|document| document.value).unwrap_or_default()
}

const REFERENCE_HEAD: &str = "\
# Reference

<!-- Made from the JSON Schemas of eventc.toml and `x-event`; a test keeps it fresh: EVENTC_UPDATE=1 cargo test -p eventc-codegen reference -->

Every key of `eventc.toml` and of `x-event`, with an example. Editors complete both from [schemas](schemas), which `eventc list --schema config`
and `eventc list --schema x-event` print.
";

const REFERENCE_TAIL: &str = "
## `x-sensitive`

Beside a property's schema, the class of what it holds: `\"pii\"`, `\"secret\"` or `\"confidential\"`. Generated types print `[redacted pii]` in its
place, the catalog marks it, and the gate reports a class that was lowered (EV361).

```json
{ \"type\": \"string\", \"x-sensitive\": \"pii\" }
```

## Envelopes

An envelope is a schema file whose name begins with `_`, which `[namespace.envelope]` names, with JSON Pointers to where its roles are. The
place of the payload takes the event's own schema; whatever else the envelope demands is validated with it.

```json
{
  \"type\": \"object\",
  \"properties\": { \"id\": { \"type\": \"string\" }, \"type\": { \"type\": \"string\" }, \"data\": true },
  \"required\": [\"id\", \"type\", \"data\"]
}
```

## Exit statuses

| status | means |
|---|---|
| 0 | nothing is wrong; a live command has done its work, or found nothing that differs |
| 1 | findings at error level (a broken schema is a finding), a verdict that is not `compatible`, an event that is invalid; of a live command: something failed |
| 2 | bad usage or configuration, input that cannot be read, output that cannot be written |
| 3 | of a live command: something differs |
";

fn schema<T: JsonSchema>(title: &str, description: &str) -> Value {
    titled(SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>(), title, description)
}

fn titled(mut schema: Schema, title: &str, description: &str) -> Value {
    schema.insert("title".into(), title.into());
    schema.insert("description".into(), description.into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn the_reference_page_is_fresh() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference.md");
        let wanted = reference();
        if std::env::var_os("EVENTC_UPDATE").is_some() {
            std::fs::write(&path, &wanted).expect("the page can be written");
        }
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page == wanted, "run the test with EVENTC_UPDATE=1");
    }

    #[test]
    fn every_key_has_an_example() {
        assert_eq!(reference::unstated(&config(), &example(CONFIG_EXAMPLE)), Vec::<String>::new());
        let x_event_example: Value = serde_json::from_str(X_EVENT_EXAMPLE).expect("JSON");
        assert_eq!(reference::unstated(&x_event(), &x_event_example), Vec::<String>::new());
    }

    #[test]
    fn the_examples_are_read_as_what_they_show() {
        let event = format!("{{\"type\": \"object\", \"x-event\": {X_EVENT_EXAMPLE}}}");
        let project = Project::from_texts(&[("eventc.toml", CONFIG_EXAMPLE), ("schemas/events/shop/order/created/1.2.0.json", &event)]);
        let problems = project.expect("a configuration").problems();
        let of_shape: Vec<_> = problems.iter().filter(|found| ["bad-config", "bad-metadata"].contains(&found.rule.name)).collect();
        assert!(of_shape.is_empty(), "{of_shape:#?}");
    }
}
