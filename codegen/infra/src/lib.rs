//! What contracts ask of the brokers of an environment.
//!
//! [`desired`] derives the state of each broker from contracts, services, namespaces and `[environments]`: a [`kafka::Cluster`] or a
//! [`rabbitmq::VirtualHost`]. Files are written from it, and live commands compare it with the running broker; nobody else decides what
//! belongs on one.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod desired;
pub mod kafka;
mod options;
mod origin;
mod overrides;
mod placed;
pub mod rabbitmq;
pub mod rules;
mod stated;
pub mod strimzi;
mod yaml;

pub use self::{
    desired::{BrokerState, EnvironmentState, desired, findings},
    origin::{Origin, ResourceRole},
};
