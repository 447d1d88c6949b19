//! What tests and benchmarks of several crates share.

pub mod mutate;
pub mod synthetic;
pub mod tools;
