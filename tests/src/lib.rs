//! Helpers that tests and benchmarks of several crates share.

#![allow(clippy::missing_panics_doc, reason = "a helper of tests fails by panicking")]

pub mod asyncapi;
pub mod fixture;
pub mod foreign;
pub mod fuzz_targets;
pub mod hostile;
pub mod hostile_trees;
pub mod multi_file;
pub mod mutate;
pub mod mutate_text;
pub mod outline;
pub mod random;
pub mod random_schemas;
pub mod runners;
pub mod schema_gen;
pub mod sensitive;
pub mod services;
pub mod suite;
pub mod synthetic;
pub mod tools;
