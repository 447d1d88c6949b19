//! Verdicts on pairs of schemas.

mod avro;
mod json_schema;
