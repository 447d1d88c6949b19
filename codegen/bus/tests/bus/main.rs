//! What differs and what is done about it, on brokers that are values.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod kafka;
mod rabbitmq;
mod reports;

use proptest::test_runner::{Config, RngSeed};

/// The same cases each time; `EVENTC_SEED` chooses others.
fn fixed() -> Config {
    let seed = std::env::var("EVENTC_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}
