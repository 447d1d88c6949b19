//! Trees as the model reads them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reading;
mod recognition;
mod types;
