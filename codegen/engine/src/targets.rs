//! The list of outputs.

use eventc_emit::Target;

/// Every output, in the order in which they run.
pub static TARGETS: &[&dyn Target] = &[
    &eventc_rust::Rust,
    &eventc_typescript::TypeScript,
    &eventc_python::Python,
    &eventc_catalog::CatalogPages,
    &eventc_asyncapi::AsyncApi,
    &eventc_infra::kafka::Kafka,
    &eventc_infra::rabbitmq::RabbitMq,
    &eventc_infra::strimzi::Strimzi,
    &eventc_ir::Model,
];
