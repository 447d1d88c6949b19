//! JSON Schemas of what people write: eventc.toml and `x-event`, for editors.

use eventc_model::{config::Config, metadata::Metadata};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The JSON Schema of eventc.toml.
pub fn config() -> Value {
    schema::<Config>("eventc.toml", "The configuration of eventc, the event contract compiler.")
}

/// The JSON Schema of the annotation `x-event`.
pub fn x_event() -> Value {
    schema::<Metadata>("x-event", "What an event contract says of itself besides its shape: the annotation `x-event` of its root schema.")
}

fn schema<T: JsonSchema>(title: &str, description: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema.insert("description".into(), description.into());
    schema.to_value()
}
