//! What contracts ask of brokers, compared with running ones and applied to them.
//!
//! `eventc_infra` says what belongs on a broker. [`kafka`] and [`rabbitmq`] read what is there, plan what differs, as a pure function of
//! both, and do it. This crate is the only one of eventc that opens network connections.

mod access;
mod broker;
mod error;
pub mod import;
pub mod kafka;
mod outcome;
pub mod plan;
pub mod rabbitmq;
pub mod report;

pub use self::{
    access::Access,
    broker::{BrokerAccess, BrokerPlan, LiveBroker, RunOptions, brokers},
    error::BusError,
    outcome::Outcome,
};
