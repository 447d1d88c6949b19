//! RabbitMQ: what a virtual host has, what differs from contracts, and what is done about it.

mod api;
mod apply;
mod client;
pub mod live;
mod plan;
mod rights;

pub use self::{
    apply::apply,
    client::{Management, RabbitMqClient},
    live::LiveHost,
    plan::{HostScope, HostStep, plan},
};
