//! The tier of running brokers: `cargo brokers`. Apache Kafka and RabbitMQ run for it (`tests/src/services.rs`), or it says that they do not.

#![allow(clippy::default_trait_access, reason = "the call says whose options they are")]

mod amqp;
mod clients;
mod compose;
mod failures;
mod imported;
mod kafka;
mod local;
mod project;
mod rabbitmq;
mod relay;
mod replication;
mod rights;
mod security;
mod vanishing;
