//! JSON Schemas of what people write, eventc.toml and `x-event`, for editors.

use eventc_model::{config::Config, metadata::Metadata};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Map, Value};

use crate::targets::TARGETS;

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

fn schema<T: JsonSchema>(title: &str, description: &str) -> Value {
    titled(SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>(), title, description)
}

fn titled(mut schema: Schema, title: &str, description: &str) -> Value {
    schema.insert("title".into(), title.into());
    schema.insert("description".into(), description.into());
    schema.to_value()
}
