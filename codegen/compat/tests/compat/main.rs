//! Verdicts on pairs of schemas.

mod avro;
mod json_schema;
mod random;
mod random_pairs;
