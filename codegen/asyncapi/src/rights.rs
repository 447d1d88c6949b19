//! What a service may do on the brokers of each environment that manages its rights. `eventc-infra` decides what that is.

use std::collections::BTreeMap;

use eventc_infra::{
    BrokerState, desired,
    kafka::{Acl, AclOperation, AclPattern, AclResource, Cluster},
    rabbitmq::VirtualHost,
};
use eventc_model::{catalog::Catalog, config::Principal};
use serde_json::{Map, Value, json};

/// The rights of each service, by environment and broker.
pub(super) type Rights = BTreeMap<String, Map<String, Value>>;

/// Returns the rights of all services.
pub(super) fn all(catalog: &Catalog) -> Rights {
    let mut rights = Rights::new();
    for (name, environment) in &catalog.config.environments {
        // Most environments list nobody.
        let state = if environment.principals.is_empty() { None } else { desired(catalog, name) };
        let Some(state) = state else { continue };
        for (broker, state) in &state.brokers {
            let acls = if let BrokerState::Kafka(cluster) = state { cluster.acls_by_principal() } else { BTreeMap::new() };
            for (service, principal) in &environment.principals {
                let of = match state {
                    BrokerState::Kafka(cluster) => on_kafka(cluster, &acls, principal),
                    BrokerState::RabbitMq(host) => on_rabbitmq(host, principal),
                };
                if let Some(of) = of {
                    let service = rights.entry(service.clone()).or_default();
                    let environment = service.entry(name.as_str()).or_insert_with(|| json!({}));
                    environment[broker] = of;
                }
            }
        }
    }
    rights
}

/// Returns the rights of a user on a cluster, the operations on one thing taken together.
fn on_kafka(cluster: &Cluster, acls: &BTreeMap<&str, Vec<&Acl>>, principal: &Principal) -> Option<Value> {
    let principal = principal.on_kafka();
    let mut operations: BTreeMap<(AclResource, &str, AclPattern), Vec<AclOperation>> = BTreeMap::new();
    for acl in *acls.get(principal.as_str()).as_ref()? {
        operations.entry((acl.resource, &acl.name, acl.pattern)).or_default().push(acl.operation);
    }
    let rule = |((resource, name, pattern), operations): ((AclResource, &str, AclPattern), Vec<AclOperation>)| json!({ "resource": resource, "name": name, "pattern": pattern, "operations": operations });
    let rules: Vec<Value> = operations.into_iter().map(rule).collect();
    let mut of = json!({ "principal": principal, "acls": rules });
    if let Some(quota) = cluster.quotas.get(&principal) {
        of["quota"] = json!(quota);
    }
    Some(of)
}

/// Returns the permissions of a user in a virtual host.
fn on_rabbitmq(host: &VirtualHost, principal: &Principal) -> Option<Value> {
    let user = principal.user();
    let permission = host.permissions.get(user)?;
    let topics = host.topic_permissions.iter().filter(|((of, _), _)| of == user).map(|((_, exchange), of)| (exchange.clone(), json!(of)));
    let mut of = json!({ "user": user, "virtualHost": host.name, "permission": permission });
    let topics: Map<String, Value> = topics.collect();
    if !topics.is_empty() {
        of["topicPermissions"] = Value::Object(topics);
    }
    Some(of)
}
