//! The output `strimzi`: Kafka's state as resources of Kubernetes, for the operators of Strimzi (strimzi.io/docs, "Custom resource API
//! reference").

use std::collections::BTreeMap;

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{
    GeneratedFile,
    config::Config,
    diagnostic::{Diagnostic, Level, Rule},
    syntax::escape_pointer,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    BrokerState, desired,
    kafka::{Acl, AclOperation, AclPattern, AclResource, Cluster, Quota, Topic},
    options, yaml,
};

/// See [`Rule::docs`].
pub static UNSPEAKABLE_USER: Rule = Rule {
    code: "EV721",
    name: "strimzi-user",
    level: Level::Warning,
    summary: "the operator of Strimzi cannot manage a user",
    docs: "\
### What it finds
A principal of an environment that the target `strimzi` describes, whose name is none of Kubernetes: letters in lower case, digits, `-` and
`.`, with a letter or digit at both ends; or a quota above 2,147,483,647 bytes in a second.

### Why it is bad
A `KafkaUser` has the name of the user. The files leave out what it cannot say: rights and quotas of the user are missing there.

### Example
```toml
[environments.production.principals]
billing = \"User:Billing_Service\"
```

### What to do
Rename the user, or manage its rights by `eventc bus`.",
};

/// Every rule of the target.
static RULES: &[&Rule] = &[&UNSPEAKABLE_USER];

/// The target for Strimzi.
pub struct Strimzi;

/// `[targets.strimzi]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StrimziOptions {
    /// The environments to describe. Default: all.
    environments: Vec<String>,
    /// The brokers that Strimzi runs, with the names of their `Kafka` resources. Default: all Kafka clusters, under their own names.
    clusters: BTreeMap<String, String>,
    /// The namespace of Kubernetes. Without it, the one that the files are applied in.
    namespace: Option<String>,
    /// The version of Strimzi's API. Default `v1`, which Strimzi has from 0.49 on.
    api_version: ApiVersion,
}

/// A version of Strimzi's API.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ApiVersion {
    #[default]
    V1,
    V1beta2,
}

impl Target for Strimzi {
    fn name(&self) -> &'static str {
        "strimzi"
    }

    fn summary(&self) -> &'static str {
        "topics, rights and quotas of each Kafka cluster as KafkaTopic and KafkaUser of Strimzi"
    }

    /// Without environments there is nothing to describe.
    fn by_default(&self) -> bool {
        false
    }

    fn rules(&self) -> &'static [&'static Rule] {
        RULES
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<StrimziOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(Resources { options: config.target(self.name())? }))
    }
}

/// The resources that the options ask for.
struct Resources {
    options: StrimziOptions,
}

impl Output for Resources {
    fn problems(&self, input: &Input<'_>) -> Vec<Diagnostic> {
        options::unknown_environments(input, "strimzi", &self.options.environments)
    }

    fn emit(&self, input: &Input<'_>) -> Emitted {
        let mut emitted = Emitted::default();
        for (environment, _) in options::environments(&input.catalog.config, &self.options.environments) {
            let state = desired(input.catalog, environment).unwrap_or_default();
            for (broker, state) in &state.brokers {
                let BrokerState::Kafka(cluster) = state else { continue };
                let Some(name) = self.cluster_name(broker) else { continue };
                let topics: Vec<Value> = cluster.topics.iter().map(|(topic, state)| self.topic(name, topic, state)).collect();
                let (users, strange) = self.users(name, cluster);
                emitted.notes.extend(strange.iter().map(|user| note(&input.catalog.config, environment, user)));
                for (kind, resources) in [("topics", topics), ("users", users)] {
                    if !resources.is_empty() {
                        let path = format!("{environment}/{broker}/{kind}.yaml");
                        emitted.files.push(GeneratedFile { path, text: yaml::documents(&resources) });
                    }
                }
            }
        }
        emitted
    }
}

impl Resources {
    /// Returns the name of the `Kafka` resource of a broker; `None` where Strimzi does not run it.
    fn cluster_name<'n>(&'n self, broker: &'n str) -> Option<&'n str> {
        if self.options.clusters.is_empty() { Some(broker) } else { self.options.clusters.get(broker).map(String::as_str) }
    }

    fn resource(&self, kind: &str, name: &str, cluster: &str, spec: &Map<String, Value>) -> Value {
        let version = match self.options.api_version {
            ApiVersion::V1 => "kafka.strimzi.io/v1",
            ApiVersion::V1beta2 => "kafka.strimzi.io/v1beta2",
        };
        let mut metadata = Map::from_iter([("name".to_owned(), Value::from(name))]);
        metadata.extend(self.options.namespace.iter().map(|namespace| ("namespace".to_owned(), Value::from(namespace.as_str()))));
        metadata.insert("labels".into(), json!({ "strimzi.io/cluster": cluster }));
        json!({ "apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec })
    }

    fn topic(&self, cluster: &str, name: &str, topic: &Topic) -> Value {
        let mut spec = Map::from_iter([("topicName".to_owned(), Value::from(name))]);
        let counts = [("partitions", topic.partitions), ("replicas", topic.replication)];
        spec.extend(counts.into_iter().filter_map(|(key, count)| Some((key.to_owned(), count?.into()))));
        if !topic.settings.is_empty() {
            let config = topic.settings.iter().map(|(name, value)| (name.clone(), typed(value)));
            spec.insert("config".into(), Value::Object(config.collect()));
        }
        self.resource("KafkaTopic", &resource_name(name), cluster, &spec)
    }

    /// Returns the users whose names Kubernetes takes, and the principals of all others.
    fn users<'c>(&self, cluster: &str, state: &'c Cluster) -> (Vec<Value>, Vec<&'c str>) {
        let mut rights: BTreeMap<&str, Vec<&Acl>> = state.quotas.keys().map(|principal| (principal.as_str(), Vec::new())).collect();
        for acl in &state.acls {
            rights.entry(&acl.principal).or_default().push(acl);
        }
        let (mut users, mut strange) = (Vec::new(), Vec::new());
        for (principal, acls) in rights {
            let name = principal.trim_start_matches("User:");
            let quota = state.quotas.get(principal).map(quota);
            if !is_resource_name(name) || quota == Some(None) {
                strange.push(principal);
            }
            if is_resource_name(name) {
                let mut spec = Map::from_iter([("authorization".to_owned(), json!({ "type": "simple", "acls": rules(&acls) }))]);
                spec.extend(quota.flatten().map(|quota| ("quotas".to_owned(), quota)));
                users.push(self.resource("KafkaUser", name, cluster, &spec));
            }
        }
        (users, strange)
    }
}

fn note(config: &Config, environment: &str, principal: &str) -> Diagnostic {
    let services = config.environments.get(environment).map(|environment| &environment.principals);
    let service = services.and_then(|services| services.iter().find(|(_, of)| of.on_kafka() == principal)).map_or("", |(name, _)| name);
    let pointer = format!("/environments/{}/principals/{}", escape_pointer(environment), escape_pointer(service));
    let message = format!("a KafkaUser cannot say what {principal:?} may do");
    let help = "rename the user, or lower its quota; the files of the target `strimzi` leave it out";
    Diagnostic::new(&UNSPEAKABLE_USER, config.place(&pointer), message).pointer(pointer).help(help)
}

/// Returns the operations on each resource as one rule.
fn rules(acls: &[&Acl]) -> Vec<Value> {
    let mut operations: BTreeMap<(AclResource, &str, AclPattern), Vec<&str>> = BTreeMap::new();
    for acl in acls {
        let operation = match acl.operation {
            AclOperation::Read => "Read",
            AclOperation::Write => "Write",
            AclOperation::Describe => "Describe",
        };
        operations.entry((acl.resource, &acl.name, acl.pattern)).or_default().push(operation);
    }
    let rule = |((resource, name, pattern), operations): ((AclResource, &str, AclPattern), Vec<&str>)| {
        let kind = match resource {
            AclResource::Topic => "topic",
            AclResource::Group => "group",
            AclResource::TransactionalId => "transactionalId",
        };
        let pattern = match pattern {
            AclPattern::Literal => "literal",
            AclPattern::Prefixed => "prefix",
        };
        json!({ "resource": { "type": kind, "name": name, "patternType": pattern }, "operations": operations, "host": "*" })
    };
    operations.into_iter().map(rule).collect()
}

/// Returns a quota; `None` where it has a number that the resource has no room for.
fn quota(quota: &Quota) -> Option<Value> {
    let mut members = Map::new();
    let numbers = [
        ("producerByteRate", quota.producer_byte_rate),
        ("consumerByteRate", quota.consumer_byte_rate),
        ("requestPercentage", quota.request_percentage.map(u64::from)),
    ];
    for (key, number) in numbers.into_iter().filter_map(|(key, number)| Some((key, number?))) {
        members.insert(key.to_owned(), i32::try_from(number).ok()?.into());
    }
    Some(Value::Object(members))
}

/// Returns a setting as people write it in such files: numbers and flags without quotation marks.
fn typed(value: &str) -> Value {
    match value.parse::<i64>() {
        Ok(number) if number.to_string() == value => number.into(),
        _ => value.parse::<bool>().map_or_else(|_| value.into(), Value::from),
    }
}

/// The longest name of a resource.
const MAX_NAME: usize = 253;

/// Returns whether Kubernetes takes a name (RFC 1123, "DNS subdomain").
fn is_resource_name(name: &str) -> bool {
    let is_label = |label: &str| {
        label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    name.len() <= MAX_NAME && name.split('.').all(is_label)
}

/// Returns the name of a topic's resource: the topic's own where Kubernetes takes it; otherwise what it takes of it, and a hash, so that two
/// topics never share one.
fn resource_name(topic: &str) -> String {
    if is_resource_name(topic) {
        return topic.to_owned();
    }
    let hash = topic.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let kept = topic.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' });
    let kept: String = kept.take(MAX_NAME - 20).collect();
    let labels: Vec<&str> = kept.split('.').map(|label| label.trim_matches('-')).filter(|label| !label.is_empty()).collect();
    if labels.is_empty() { format!("topic---{hash:016x}") } else { format!("{}---{hash:016x}", labels.join(".")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_names_that_kubernetes_takes() {
        for topic in ["order.made.v1", "a", "0-1.b"] {
            assert_eq!(resource_name(topic), topic);
        }
        let long = "x".repeat(249);
        let mut names = Vec::new();
        for topic in [
            "order.line_added",
            "order.line-Added",
            "order.Line-added",
            "_",
            "-.-",
            ".a.",
            "..",
            &format!("{long}_"),
            &long.replace('x', "_"),
        ] {
            let name = resource_name(topic);
            assert!(is_resource_name(&name), "{topic}: {name}");
            names.push(name);
        }
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }

    #[test]
    fn settings_are_numbers_and_flags_where_they_are() {
        assert_eq!(
            [typed("-1"), typed("true"), typed("007"), typed("0.5"), typed("zstd")],
            [json!(-1), json!(true), json!("007"), json!("0.5"), json!("zstd")]
        );
    }
}
