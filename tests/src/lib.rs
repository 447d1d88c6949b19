//! Helpers that tests and benchmarks of several crates share.

#![allow(clippy::missing_panics_doc, reason = "a helper of tests fails by panicking")]

pub mod asyncapi;
pub mod entries;
pub mod hostile;
pub mod imagine;
pub mod judges;
pub mod mutate;
pub mod outline;
pub mod plant;
pub mod random;
pub mod scramble;
pub mod sensitive;
pub mod sheaf;
pub mod suite;
pub mod synthetic;
pub mod tools;
