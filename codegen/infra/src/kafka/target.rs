//! The output `kafka`: a file for each Kafka cluster of each environment, and the JSON Schema of these files.

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{config::Config, diagnostic::Diagnostic};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::{Deserialize, Serialize};

use super::Cluster;
use crate::{BrokerState, desired, options};

/// The version of the files' shape: it grows when a reader of the former shape would break.
const FORMAT: u32 = 1;

/// The target for the state of Kafka clusters.
pub struct Kafka;

/// `[targets.kafka]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct KafkaOptions {
    /// The environments to describe. Default: all.
    environments: Vec<String>,
}

/// A file: what contracts ask of a Kafka cluster.
#[derive(Debug, Serialize, JsonSchema)]
struct ClusterFile<'a> {
    /// Version of this shape.
    format: u32,
    /// The environment.
    environment: &'a str,
    /// The name of the cluster in the environment.
    broker: &'a str,
    #[serde(flatten)]
    cluster: &'a Cluster,
}

impl Target for Kafka {
    fn name(&self) -> &'static str {
        "kafka"
    }

    fn summary(&self) -> &'static str {
        "topics, dead letters, rights and quotas of each Kafka cluster, as JSON"
    }

    /// Without environments there is nothing to describe.
    fn by_default(&self) -> bool {
        false
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<KafkaOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(ClusterFiles { options: config.target(self.name())? }))
    }
}

/// The files that the options ask for.
struct ClusterFiles {
    options: KafkaOptions,
}

impl Output for ClusterFiles {
    fn problems(&self, input: &Input<'_>) -> Vec<Diagnostic> {
        options::unknown_environments(input, "kafka", &self.options.environments)
    }

    fn emit(&self, input: &Input<'_>) -> Emitted {
        let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<ClusterFile<'_>>();
        let mut files = vec![options::json("schema/cluster.json".into(), &schema)];
        for (environment, _) in options::environments(&input.catalog.config, &self.options.environments) {
            let state = desired(input.catalog, environment).unwrap_or_default();
            for (broker, state) in &state.brokers {
                let BrokerState::Kafka(cluster) = state else { continue };
                let file = ClusterFile { format: FORMAT, environment, broker, cluster };
                files.push(options::json(format!("{environment}/{broker}.json"), &file));
            }
        }
        Emitted { files, ..Emitted::default() }
    }
}
