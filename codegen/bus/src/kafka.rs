//! Kafka: what a cluster has, what differs from contracts, and what is done about it.

pub mod admin;
mod apply;
mod client;
pub mod live;
mod placement;
mod plan;
mod rights;
mod settings;

pub use self::{
    apply::apply,
    client::KafkaClient,
    live::LiveCluster,
    plan::{ClusterScope, ClusterStep, plan, read_plan},
};
